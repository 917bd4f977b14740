package main

import (
	"context"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/id"
)

// noLetters tells nobody.
type noLetters struct{}

func (noLetters) RoundOpened(context.Context, pgx.Tx, id.Round) error     { return nil }
func (noLetters) ActDone(context.Context, pgx.Tx, id.Act) error           { return nil }
func (noLetters) RoundEnded(context.Context, pgx.Tx, id.Round) error      { return nil }
func (noLetters) RoundSetAside(context.Context, pgx.Tx, id.Round) error   { return nil }
func (noLetters) RecordedEntered(context.Context, pgx.Tx, id.Round) error { return nil }
func (noLetters) RemarkPut(context.Context, pgx.Tx, int64) error          { return nil }
func (noLetters) RemarkAnswered(context.Context, pgx.Tx, int64) error     { return nil }
func (noLetters) Published(context.Context, pgx.Tx, id.Version) error     { return nil }
