package funding

import (
	"context"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
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

// Record adds a contribution that was agreed elsewhere. Faults: Forbidden, Invalid (the organisation did not exist in
// that year, or the very same contribution is recorded already).
func (s *Service) Record(ctx context.Context, by authz.Actor, cmd RecordCommand) (made id.Contribution, err error) {
	if !CanRecord(by) {
		return 0, errMayNotRecord
	}
	at := s.now()
	if err := cmd.check(day.Of(at)); err != nil {
		return 0, err
	}
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
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
	return made, err
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
