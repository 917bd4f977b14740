package membership

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
)

// ReverseSuccession takes back a succession that was recorded in error: what it made is retracted, what it ended goes
// on as before. What somebody has changed since stays as they left it. Faults: Forbidden, NotFound, Invalid (reason),
// Conflict (reversed already, or something now hangs on it).
func (s *Service) ReverseSuccession(ctx context.Context, by authz.Actor, which id.Succession, reason string) error {
	if !CanEdit(by) {
		return errMayNotEdit
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return errNoReversalReason
	}
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		if err := reverse(ctx, tx, by, at, which, reason); err != nil {
			return err
		}
		return s.letters.SuccessionReversed(ctx, tx, which)
	})
}

var errNoReversalReason = fault.Field("reason", "Enter why it is taken back")

func reverse(ctx context.Context, tx pgx.Tx, by authz.Actor, at time.Time, which id.Succession, reason string) error {
	if err := lockSuccession(ctx, tx, which); err != nil {
		return err
	}
	r, err := selectSuccession(ctx, tx, which)
	if err != nil {
		return err
	}
	if !r.Stands() {
		return errReversed
	}
	if err := lockBodiesOf(ctx, tx, which); err != nil {
		return err
	}
	if err := refuseReversal(ctx, tx, r); err != nil {
		return err
	}
	for _, sql := range reversal {
		if err := runReversal(ctx, tx, which, reason, sql); err != nil {
			return err
		}
	}
	if err := updateReversed(ctx, tx, by, which, reason); err != nil {
		return err
	}
	if err := checkNow(ctx, tx); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: actionReversed, SubjectKind: subjectSuccession, SubjectID: int64(which), Before: string(r.Kind)})
}

// refuseReversal says what hangs on a succession.
func refuseReversal(ctx context.Context, tx pgx.Tx, r SuccessionRecord) error {
	later, err := selectLaterSuccession(ctx, tx, r.ID)
	if err != nil {
		return err
	}
	if !later.IsZero() {
		return fault.New(fault.Conflict, "A succession of "+later.Long()+" changed the same records afterwards. Reverse that one first.")
	}
	for _, c := range r.Changes {
		if !c.Made {
			continue
		}
		hangs := ""
		switch c.Kind {
		case ChangedName:
			only, err := selectOnlyName(ctx, tx, c.Row)
			if err != nil {
				return err
			}
			if only {
				return fault.New(fault.Conflict, "The organisation would be left without a name, since its earlier ones were retracted. Give it the right name instead.")
			}
		case ChangedPartner:
			hangs, err = selectHangingOnPartner(ctx, tx, c.Row)
		case ChangedShare:
			hangs, err = selectHangingOnShare(ctx, tx, c.Row)
		}
		if err != nil {
			return err
		}
		if hangs != "" {
			return fault.New(fault.Conflict, c.Organisation+" has "+hangs+" already, so the succession can't be taken back. "+
				"End what is wrong on a day instead.")
		}
	}
	return nil
}
