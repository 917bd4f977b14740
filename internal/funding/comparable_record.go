package funding

import (
	"context"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// Comparables lists the figures of other areas and the numbers of children, with those that were taken out. Fault:
// Forbidden.
func (s *Service) Comparables(ctx context.Context, by authz.Actor) ([]Comparable, error) {
	if !CanRead(by) {
		return nil, errMayNotRead
	}
	return selectComparables(ctx, s.db)
}

// Comparable reads one figure. Faults: Forbidden, NotFound.
func (s *Service) Comparable(ctx context.Context, by authz.Actor, which id.Comparable) (Comparable, error) {
	if !CanRead(by) {
		return Comparable{}, errMayNotRead
	}
	return selectComparable(ctx, s.db, which)
}

// RecordComparable enters a figure, which is public at once. Faults: Forbidden, Invalid (there is one already).
func (s *Service) RecordComparable(ctx context.Context, by authz.Actor, cmd ComparableCommand) (made id.Comparable, err error) {
	if !CanRecord(by) {
		return 0, errMayNotRecord
	}
	at := s.now()
	if err := cmd.check(day.Of(at)); err != nil {
		return 0, err
	}
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		if made, err = insertComparable(ctx, tx, cmd); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: actionComparableRecorded, SubjectKind: subjectComparable, SubjectID: int64(made), After: stateCounted})
	})
	return made, pg.Translate(err, brokenComparable) // of two at once one is refused as it commits
}

// ReverseComparable takes a figure out by a line of its own, whole and once. Faults: Forbidden, NotFound, Invalid,
// Conflict (it has been taken out already).
func (s *Service) ReverseComparable(ctx context.Context, by authz.Actor, cmd ReverseComparableCommand) error {
	if !CanRecord(by) {
		return errMayNotRecord
	}
	if err := cmd.check(); err != nil {
		return err
	}
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		c, err := selectComparable(ctx, tx, cmd.ID)
		if err != nil {
			return err
		}
		if !c.Counts() {
			return errComparableOut
		}
		if err := insertComparableReversal(ctx, tx, cmd); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: actionComparableReversed, SubjectKind: subjectComparable, SubjectID: int64(cmd.ID),
			Before: stateCounted, After: stateTakenOut})
	})
}
