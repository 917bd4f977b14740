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

// MoveCommand moves a record to its next stage, with what that stage needs. Revision is that of the record shown.
type MoveCommand struct {
	ID       id.Decision
	Revision int
	To       Stage
	Changes
	WithdrawnReason string // of a withdrawal
}

// Move moves a record one stage on, or withdraws it. A call-in has its own command. Faults: NotFound, Forbidden, Conflict
// (changed since, or no such stage from here), Invalid beside the field that the stage needs.
func (s *Service) Move(ctx context.Context, by authz.Actor, cmd MoveCommand) error {
	return s.change(ctx, by, cmd.ID, cmd.Revision, actionMoved, func(_ context.Context, _ pgx.Tx, r Record, _ time.Time) (Record, error) {
		if cmd.To == CalledIn {
			return r, fault.Field("to", "Record the call-in with its grounds.")
		}
		return moved(r, cmd)
	})
}

// moved is the record at its next stage.
func moved(r Record, cmd MoveCommand) (Record, error) {
	if !r.Stage.CanMove(cmd.To) {
		return r, fault.New(fault.Conflict, fmt.Sprintf("The record is at “%s”. From there it can't go to “%s”.", r.Stage, cmd.To))
	}
	r.Stage = cmd.To
	r.WasMade = r.WasMade || !cmd.To.Before() && cmd.To != Withdrawn
	r.Draft = cmd.apply(r.Draft)
	if cmd.To == Withdrawn {
		if !said(cmd.WithdrawnReason) {
			return r, fault.Field(string(PartWithdrawnReason), "Say why the record is withdrawn.")
		}
		r.WithdrawnReason = cmd.WithdrawnReason
	}
	return r, nil
}

// CallInCommand records that a decision was called in.
type CallInCommand struct {
	ID       id.Decision
	Revision int
	CallIn   CallIn // its outcome comes later
}

// CallIn records a call-in and moves the record to that stage; its effective day moves with it. Faults: NotFound,
// Forbidden, Conflict, Invalid.
func (s *Service) CallIn(ctx context.Context, by authz.Actor, cmd CallInCommand) error {
	return s.change(ctx, by, cmd.ID, cmd.Revision, actionCalledIn, func(ctx context.Context, tx pgx.Tx, r Record, _ time.Time) (Record, error) {
		c := cmd.CallIn
		switch {
		case c.CalledOn.IsZero():
			return r, fault.Field("called-on", "Enter the day of the call-in.")
		case !said(c.CalledBy):
			return r, fault.Field("called-by", "Say who called the decision in.")
		case !said(c.Grounds):
			return r, fault.Field(string(PartCallInGrounds), "Give the grounds of the call-in.")
		case r.Stage == Made && (!r.CallInApplies || r.CallInWaived):
			return r, fault.New(fault.Conflict, "Call-in does not apply to this decision, or was waived.")
		}
		c.Outcome, c.OutcomeOn = "", day.Approx{}
		r, err := moved(r, MoveCommand{To: CalledIn})
		if err != nil {
			return r, err
		}
		r.CallIns = append(r.CallIns, c)
		return r, insertCallIn(ctx, tx, cmd.ID, c, by.Account)
	}, s.letters.DecisionCalledIn)
}

// CallInEndCommand says how the open call-in of a record ended. The record moves to confirmed or withdrawn by Move.
type CallInEndCommand struct {
	ID        id.Decision
	Revision  int
	Meeting   string
	MeetingOn day.Approx
	Outcome   Outcome
	OutcomeOn day.Approx
	Note      string
	Confirm   bool // move on to confirmed at once
}

// EndCallIn records the outcome of the open call-in, or corrects it while the record is called in. Faults: NotFound,
// Forbidden, Conflict, Invalid.
func (s *Service) EndCallIn(ctx context.Context, by authz.Actor, cmd CallInEndCommand) error {
	return s.change(ctx, by, cmd.ID, cmd.Revision, actionCallInOver, func(ctx context.Context, tx pgx.Tx, r Record, _ time.Time) (Record, error) {
		last, ok := r.LastCallIn()
		switch {
		case r.Stage != CalledIn || !ok:
			return r, fault.New(fault.Conflict, "The decision is not called in.")
		case cmd.Outcome == "":
			return r, fault.Field(string(PartCallInOutcome), "Choose how the call-in ended.")
		case cmd.OutcomeOn.IsZero():
			return r, fault.Field("outcome-on", "Enter the day on which the call-in ended.")
		}
		last.Meeting, last.MeetingOn, last.Outcome, last.OutcomeOn, last.Note = cmd.Meeting, cmd.MeetingOn, cmd.Outcome, cmd.OutcomeOn, cmd.Note
		r.CallIns[len(r.CallIns)-1] = last
		if err := updateCallIn(ctx, tx, last, by.Account); err != nil || !cmd.Confirm {
			return r, err
		}
		return moved(r, MoveCommand{To: Confirmed})
	}, s.letters.DecisionCallInEnded)
}

// DeferCommand says that a decision is put off.
type DeferCommand struct {
	ID       id.Decision
	Revision int
	On       day.Approx
	NewDue   day.Approx // if it is known
	Reason   string
}

// Defer records that a decision is put off: the stage stays, and the day on which it is due is the new one. Faults:
// NotFound, Forbidden, Conflict (it is made already), Invalid.
func (s *Service) Defer(ctx context.Context, by authz.Actor, cmd DeferCommand) error {
	return s.change(ctx, by, cmd.ID, cmd.Revision, actionDeferred, func(ctx context.Context, tx pgx.Tx, r Record, _ time.Time) (Record, error) {
		switch {
		case !r.Stage.Before():
			return r, fault.New(fault.Conflict, "Only a decision that is not made yet can be put off.")
		case cmd.On.IsZero():
			return r, fault.Field("deferred-on", "Enter the day on which it was put off.")
		case !said(cmd.Reason):
			return r, fault.Field("deferral-reason", "Say why it is put off.")
		}
		if !cmd.NewDue.IsZero() {
			r.DueOn = cmd.NewDue
		}
		return r, insertDeferral(ctx, tx, cmd, by.Account)
	})
}

// OverrideCommand lets a stage go without a part that it asks for, or with days in a wrong order (PartDates).
type OverrideCommand struct {
	ID       id.Decision
	Revision int
	Stage    Stage
	Part     Part
	Reason   string
}

// Override records why a stage goes without a part. Only what a publication shows later says so to the public. Faults:
// NotFound, Forbidden, Conflict, Invalid.
func (s *Service) Override(ctx context.Context, by authz.Actor, cmd OverrideCommand) error {
	return s.change(ctx, by, cmd.ID, cmd.Revision, actionOverrode, func(ctx context.Context, tx pgx.Tx, r Record, at time.Time) (Record, error) {
		switch {
		case !said(cmd.Reason):
			return r, fault.Field("override-reason", "Say why the record goes without it.")
		case !cmd.Part.Known():
			return r, fault.Field("part", "Choose a part of the record.")
		case !cmd.Stage.Known() || cmd.Stage == Withdrawn:
			return r, fault.Field("stage", "Choose a stage.")
		}
		r.Overrides = append(r.Overrides, Override{Stage: cmd.Stage, Part: cmd.Part, Reason: cmd.Reason, At: at})
		return r, insertOverride(ctx, tx, cmd, by.Account)
	})
}

// Retract takes a record out that was entered in error, for a reason. Only what was never published can be. Faults:
// NotFound, Forbidden, Conflict, Invalid.
func (s *Service) Retract(ctx context.Context, by authz.Actor, which id.Decision, revision int, reason string) error {
	if !said(reason) {
		return fault.Field("reason", "Say why the record was entered in error.")
	}
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		r, err := lockedFor(ctx, tx, by, which, revision, day.Of(at))
		if err != nil {
			return err
		}
		if err := retractDecision(ctx, tx, which, reason); err != nil {
			return err
		}
		return noted(ctx, tx, by, at, actionRetracted, which, r.Stage, "")
	})
}
