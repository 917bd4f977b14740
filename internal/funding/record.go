package funding

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// Filter narrows the list of contributions; zero values mean any.
type Filter struct {
	Year day.FinancialYear
}

// Contributions lists what is recorded, the latest year first, with what was taken out. Fault: Forbidden.
func (s *Service) Contributions(ctx context.Context, by authz.Actor, f Filter) ([]Contribution, error) {
	if !CanRead(by) {
		return nil, errMayNotRead
	}
	return selectContributions(ctx, s.db, f)
}

// Years lists the financial years for which something is recorded, the latest first. Fault: Forbidden.
func (s *Service) Years(ctx context.Context, by authz.Actor) ([]day.FinancialYear, error) {
	if !CanRead(by) {
		return nil, errMayNotRead
	}
	return selectRecordedYears(ctx, s.db)
}

// Contribution reads one line. Faults: Forbidden, NotFound.
func (s *Service) Contribution(ctx context.Context, by authz.Actor, which id.Contribution) (Contribution, error) {
	if !CanRead(by) {
		return Contribution{}, errMayNotRead
	}
	return selectContribution(ctx, s.db, which)
}

// Record adds a contribution that was agreed elsewhere, or for a reason adjusts a year that was agreed here. Faults:
// Forbidden, Invalid (the organisation did not exist in that year, or the very same contribution is recorded already),
// Conflict (the year is being proposed here).
func (s *Service) Record(ctx context.Context, by authz.Actor, cmd RecordCommand) (made id.Contribution, err error) {
	if !CanRecord(by) {
		return 0, errMayNotRecord
	}
	at := s.now()
	if cmd, err = cmd.tidy(); err != nil {
		return 0, err
	}
	if err := cmd.check(day.Of(at)); err != nil {
		return 0, err
	}
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		if err := checkYear(ctx, tx, cmd); err != nil {
			return err
		}
		// The lock makes the same form sent twice at once wait for itself, so that the second finds the first's line.
		body, err := lockOrganisation(ctx, tx, cmd.Organisation)
		if err != nil {
			return err
		}
		same, err := selectSame(ctx, tx, body, cmd)
		if err != nil {
			return err
		}
		if same {
			return errSame
		}
		if made, err = insertContribution(ctx, tx, body, cmd); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: actionRecorded, SubjectKind: subject, SubjectID: int64(made), After: stateCounted})
	})
	return made, pg.Translate(err, broken)
}

var (
	errNotAgreed       = fault.New(fault.Conflict, "This year is proposed and agreed in the portal. Put the contribution into its lines.")
	errNoAdjustment    = fault.Field("adjustment-reason", "This year is agreed. Enter why a contribution is added to it")
	errNothingToAdjust = fault.Field("adjustment-reason", "Only a year that was agreed in the portal is adjusted. Leave the reason empty")
)

// checkYear says whether a contribution can be recorded straight into its year: one that was agreed here takes only
// adjustments, each with its reason.
func checkYear(ctx context.Context, tx pgx.Tx, cmd RecordCommand) error {
	h, err := selectHead(ctx, tx, cmd.Year)
	switch {
	case errors.Is(err, errNoPlan), err == nil && h.Origin == Elsewhere:
		if cmd.AdjustmentReason != "" {
			return errNothingToAdjust
		}
		return nil
	case err != nil:
		return err
	case h.Status() == Proposed:
		return errNotAgreed
	case cmd.AdjustmentReason == "":
		return errNoAdjustment
	}
	return nil
}

// Reverse takes a contribution out of its year by a line of its own, whole and once. Both lines stay to be read, with
// the reason. Faults: Forbidden, NotFound, Invalid, Conflict (it has been taken out already).
func (s *Service) Reverse(ctx context.Context, by authz.Actor, cmd ReverseCommand) error {
	if !CanRecord(by) {
		return errMayNotRecord
	}
	if err := cmd.check(); err != nil {
		return err
	}
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		c, err := selectContribution(ctx, tx, cmd.ID)
		if err != nil {
			return err
		}
		if !c.Counts() {
			return errTakenOut
		}
		// Of two at once the unique constraint lets one through.
		if err := insertReversal(ctx, tx, cmd); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: actionReversed, SubjectKind: subject, SubjectID: int64(cmd.ID),
			Before: stateCounted, After: stateTakenOut})
	})
}
