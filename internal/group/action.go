package group

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
)

// RaiseCommand asks a body to do something.
type RaiseCommand struct {
	Slug    string
	Meeting id.Meeting // at which it was raised, if at one
	What    string
	Owner   string // name or address of the body
	DueOn   day.Date
}

// Raise adds an action to the log and gives its number. Faults: Forbidden, NotFound, Invalid.
func (s *Service) Raise(ctx context.Context, by authz.Actor, c RaiseCommand) (number int, err error) {
	if c.DueOn.IsZero() {
		return 0, fault.Field("due", "Enter the day by which it should be done")
	}
	err = s.edit(ctx, by, c.Slug, func(tx pgx.Tx, g locked, at time.Time) error {
		if c.Meeting != 0 {
			if _, err := lockMeeting(ctx, tx, g.ID, c.Meeting); err != nil {
				return err
			}
		}
		owner, err := findBody(ctx, tx, "owner", c.Owner, day.Of(at))
		if err != nil {
			return err
		}
		var made id.Action
		if made, number, err = insertAction(ctx, tx, g.ID, owner, c); err != nil {
			return err
		}
		return step(ctx, tx, by, at, made, taken{kind: Raised, after: Open})
	})
	return number, err
}

// ChangeActionCommand corrects an open action. Empty fields stay as they are.
type ChangeActionCommand struct {
	Slug   string
	Number int
	What   string
	Owner  string // name or address
	DueOn  day.Date
	Note   string // why
}

// ChangeAction corrects an open action. What it said before stays in its history. Faults: Forbidden, NotFound, Invalid,
// Conflict (it is closed).
func (s *Service) ChangeAction(ctx context.Context, by authz.Actor, c ChangeActionCommand) error {
	return s.edit(ctx, by, c.Slug, func(tx pgx.Tx, g locked, at time.Time) error {
		a, err := lockAction(ctx, tx, g.ID, c.Number)
		if err != nil {
			return err
		}
		if a.State != Open {
			return errClosed
		}
		var owner id.Organisation
		if c.Owner != "" {
			if owner, err = findBody(ctx, tx, "owner", c.Owner, day.Of(at)); err != nil {
				return err
			}
		}
		said, err := updateAction(ctx, tx, a.ID, owner, c, day.Of(at))
		if err != nil {
			return err
		}
		if said == "" {
			return nil // nothing changed
		}
		return step(ctx, tx, by, at, a.ID, taken{kind: Changed, note: strings.TrimSpace(c.Note + "\n" + said), before: Open, after: Open})
	})
}

// ReportCommand is what an owner's people say of their action.
type ReportCommand struct {
	Slug   string
	Number int
	Done   bool // it is done; otherwise only progress is told
	Note   string
}

// Report tells of progress, or that the action is done. Faults: NotFound, Forbidden (it is another body's), Invalid (no
// words), Conflict (it is closed).
func (s *Service) Report(ctx context.Context, by authz.Actor, c ReportCommand) error {
	if strings.TrimSpace(c.Note) == "" {
		return fault.Field("note", "Say what was done")
	}
	v, at := s.seenBy(by), s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		shown, err := selectAction(ctx, tx, v, c.Slug, c.Number)
		if err != nil {
			return err
		}
		g, err := lockGroup(ctx, tx, c.Slug)
		if err != nil {
			return err
		}
		a, err := lockAction(ctx, tx, g.ID, shown.Number)
		if err != nil {
			return err
		}
		if !v.mayReport(by, a.Owner) {
			return fault.New(fault.Forbidden, "Only the organisation that owns the action, or business support, can report on it.")
		}
		if a.State != Open {
			return errClosed
		}
		done := taken{kind: Progress, note: c.Note, before: Open, after: Open}
		if !CanEdit(by) {
			done.body = a.Owner
		}
		if c.Done {
			done.kind, done.after = WasDone, Done
			if err := updateActionState(ctx, tx, a.ID, Done, c.Note); err != nil {
				return err
			}
		}
		return step(ctx, tx, by, at, a.ID, done)
	})
}

// Drop closes an action that is no longer asked for. Faults: Forbidden, NotFound, Invalid (no reason), Conflict (it is
// closed).
func (s *Service) Drop(ctx context.Context, by authz.Actor, slug string, number int, note string) error {
	return s.moveAction(ctx, by, slug, number, note, Open, taken{kind: WasDropped, after: Dropped})
}

// Reopen opens a closed action again. Faults: Forbidden, NotFound, Invalid (no reason), Conflict (it is open).
func (s *Service) Reopen(ctx context.Context, by authz.Actor, slug string, number int, note string) error {
	return s.moveAction(ctx, by, slug, number, note, "", taken{kind: Reopened, after: Open})
}

func (s *Service) moveAction(ctx context.Context, by authz.Actor, slug string, number int, note string, from ActionState, done taken) error {
	if strings.TrimSpace(note) == "" {
		return fault.Field("note", "Say why")
	}
	return s.edit(ctx, by, slug, func(tx pgx.Tx, g locked, at time.Time) error {
		a, err := lockAction(ctx, tx, g.ID, number)
		switch {
		case err != nil:
			return err
		case from == Open && a.State != Open:
			return errClosed
		case from != Open && a.State == Open:
			return fault.New(fault.Conflict, "The action is open.")
		}
		closing := note
		if done.after == Open {
			closing = ""
		}
		if err := updateActionState(ctx, tx, a.ID, done.after, closing); err != nil {
			return err
		}
		done.note, done.before = note, a.State
		return step(ctx, tx, by, at, a.ID, done)
	})
}

// taken is a step as it is written down.
type taken struct {
	kind          StepKind
	note          string
	body          id.Organisation // for which it was reported, if not by business support
	before, after ActionState
}

// step writes what happened into the action's history and into the audit.
func step(ctx context.Context, tx pgx.Tx, by authz.Actor, at time.Time, of id.Action, t taken) error {
	if err := insertStep(ctx, tx, by, of, t); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: "action." + string(t.kind), SubjectKind: subjectAction, SubjectID: int64(of),
		Before: string(t.before), After: string(t.after)})
}
