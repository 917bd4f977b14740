package arrangementtest

import (
	"context"
	"slices"
	"sync"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/signoff"
)

var (
	_ signoff.Letters     = (*Letters)(nil)
	_ arrangement.Letters = (*Letters)(nil)
	_ signoff.Passwords   = AnyPassword{}
)

// Letters keeps in mind which letters were asked for, instead of writing them.
type Letters struct {
	mu    sync.Mutex
	asked []string
}

// Asked lists the letters asked for so far, by the name of what they tell.
func (l *Letters) Asked() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.asked)
}

func (l *Letters) ask(what string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked = append(l.asked, what)
	return nil
}

// RoundOpened keeps the letter in mind.
func (l *Letters) RoundOpened(context.Context, pgx.Tx, id.Round) error { return l.ask("round opened") }

// ActDone keeps the letter in mind.
func (l *Letters) ActDone(context.Context, pgx.Tx, id.Act) error { return l.ask("act done") }

// RoundEnded keeps the letter in mind.
func (l *Letters) RoundEnded(context.Context, pgx.Tx, id.Round) error { return l.ask("round ended") }

// RoundSetAside keeps the letter in mind.
func (l *Letters) RoundSetAside(context.Context, pgx.Tx, id.Round) error {
	return l.ask("round set aside")
}

// RecordedEntered keeps the letter in mind.
func (l *Letters) RecordedEntered(context.Context, pgx.Tx, id.Round) error {
	return l.ask("recorded entered")
}

// RemarkPut keeps the letter in mind.
func (l *Letters) RemarkPut(context.Context, pgx.Tx, int64) error { return l.ask("remark put") }

// RemarkAnswered keeps the letter in mind.
func (l *Letters) RemarkAnswered(context.Context, pgx.Tx, int64) error {
	return l.ask("remark answered")
}

// ScrutinyFiled keeps the letter in mind.
func (l *Letters) ScrutinyFiled(context.Context, pgx.Tx, int64) error {
	return l.ask("scrutiny filed")
}

// Published keeps the letter in mind.
func (l *Letters) Published(context.Context, pgx.Tx, id.Version) error { return l.ask("published") }

// Withdrawn keeps the letter in mind.
func (l *Letters) Withdrawn(context.Context, pgx.Tx, id.Version) error { return l.ask("withdrawn") }

// AnyPassword takes every password but the empty one for the right one.
type AnyPassword struct{}

// VerifyPassword refuses the empty password.
func (AnyPassword) VerifyPassword(_ context.Context, _ authz.Actor, password string) error {
	if password == "" {
		return fault.New(fault.Unauthenticated, "This is not your password.")
	}
	return nil
}
