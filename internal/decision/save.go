package decision

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
)

// Changes are the groups of a record that a page of the desk writes. A group that is nil stays as it is.
type Changes struct {
	Identity *Identity
	Key      *Key
	Text     *Text
	Dates    *Dates
	Openness *Openness
	Urgency  *Urgency
}

func (c Changes) apply(d Draft) Draft {
	if c.Identity != nil {
		d.Identity = *c.Identity
	}
	if c.Key != nil {
		d.Key = *c.Key
	}
	if c.Text != nil {
		d.Text = *c.Text
		letter(d.Limbs)
	}
	if c.Dates != nil {
		d.Dates = *c.Dates
	}
	if c.Openness != nil {
		d.Openness = *c.Openness
	}
	if c.Urgency != nil {
		d.Urgency = *c.Urgency
	}
	return d
}

// SaveCommand changes a record. Revision is that of the record that the page showed.
type SaveCommand struct {
	ID       id.Decision
	Revision int
	Changes
}

// Save changes a record as it is being worked on; nothing of it is public before it is published. Faults: NotFound,
// Forbidden, Conflict (changed since), Invalid beside a field: duplicate number, wrong order of days, something that its
// stage needs.
func (s *Service) Save(ctx context.Context, by authz.Actor, cmd SaveCommand) error {
	return s.change(ctx, by, cmd.ID, cmd.Revision, actionChanged, func(_ context.Context, _ pgx.Tx, r Record, _ time.Time) (Record, error) {
		r.Draft = cmd.apply(r.Draft)
		return r, nil
	})
}

// step changes a record inside its transaction. What it writes besides the row is written by it.
type step func(ctx context.Context, tx pgx.Tx, r Record, at time.Time) (Record, error)

// change locks a record, lets a step change it, checks it by the rules and writes it with its event and its letters.
func (s *Service) change(ctx context.Context, by authz.Actor, which id.Decision, revision int, action string, f step, letters ...telling) error {
	at := s.now()
	today := day.Of(at)
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		before, err := lockedFor(ctx, tx, by, which, revision, today)
		if err != nil {
			return err
		}
		r, err := f(ctx, tx, before, at)
		if err != nil {
			return err
		}
		if err := s.allowed(ctx, tx, r, before.Stage, today); err != nil {
			return err
		}
		if err := updateDecision(ctx, tx, r, by.Account); err != nil {
			return err
		}
		for _, tell := range letters {
			if err := tell(ctx, tx, which); err != nil {
				return fmt.Errorf("write letters of decision %d: %w", which, err)
			}
		}
		return noted(ctx, tx, by, at, action, which, before.Stage, r.Stage)
	})
}

// lockedFor locks a record and reads it for somebody who may write it. Faults: NotFound, Forbidden, Conflict.
func lockedFor(ctx context.Context, tx pgx.Tx, by authz.Actor, which id.Decision, revision int, today day.Date) (Record, error) {
	if err := lockDecision(ctx, tx, which); err != nil {
		return Record{}, err
	}
	r, w, err := selectRecord(ctx, tx, which, today)
	if err != nil {
		return Record{}, err
	}
	if !CanRead(by, r.Organisation) {
		return Record{}, errNoDecision
	}
	if !CanEdit(by, r.Organisation) {
		return Record{}, errMayNotEdit
	}
	if w.Revision != revision {
		return Record{}, errChanged
	}
	return r, nil
}

// allowed checks a changed record: what is wrong in itself, and what its stage still needs.
func (s *Service) allowed(ctx context.Context, tx pgx.Tx, r Record, was Stage, today day.Date) error {
	if !said(r.Subject) {
		return fault.Field(string(PartSubject), "Enter the subject.")
	}
	rules, err := selectRules(ctx, tx, r.Organisation, rulesDay(r, today))
	if err != nil {
		return err
	}
	if err := blocking(rules.Check(r)); err != nil {
		return err
	}
	if err := stillToCome(r, today); err != nil {
		return err
	}
	if r.Stage.Before() || r.Stage == was && r.Origin == Imported {
		return nil
	}
	if missing := rules.Missing(r, r.Stage); len(missing) > 0 {
		return fault.Field(string(missing[0].Part), missing[0].Words)
	}
	return nil
}
