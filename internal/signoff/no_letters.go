package signoff

import (
	"context"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/id"
)

// NoLetters tells nobody: for what happened before the portal was there.
type NoLetters struct{}

// RoundOpened does nothing.
func (NoLetters) RoundOpened(context.Context, pgx.Tx, id.Round) error { return nil }

// ActDone does nothing.
func (NoLetters) ActDone(context.Context, pgx.Tx, id.Act) error { return nil }

// RoundEnded does nothing.
func (NoLetters) RoundEnded(context.Context, pgx.Tx, id.Round) error { return nil }

// RoundSetAside does nothing.
func (NoLetters) RoundSetAside(context.Context, pgx.Tx, id.Round) error { return nil }

// RecordedEntered does nothing.
func (NoLetters) RecordedEntered(context.Context, pgx.Tx, id.Round) error { return nil }

// RemarkPut does nothing.
func (NoLetters) RemarkPut(context.Context, pgx.Tx, int64) error { return nil }

// RemarkAnswered does nothing.
func (NoLetters) RemarkAnswered(context.Context, pgx.Tx, int64) error { return nil }

// ScrutinyFiled does nothing.
func (NoLetters) ScrutinyFiled(context.Context, pgx.Tx, int64) error { return nil }
