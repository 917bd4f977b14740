package signoff

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
)

// Recall takes an open round back, with a reason. Acts already done stay as evidence; the text becomes a draft again.
// For sign-offs made elsewhere it is how a wrong entry is rejected; whoever could confirm them may do that too.
// Faults: NotFound, Forbidden, Conflict (no longer open), Invalid (no reason).
func (s *Service) Recall(ctx context.Context, by authz.Actor, round id.Round, reason string) error {
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		r, err := lockAndSelect(ctx, tx, by, round)
		if err != nil {
			return err
		}
		if !by.Can(authz.OpenRound) && !r.CanConfirmRecorded(by) {
			return fault.New(fault.Forbidden, "Only business support can recall a round.")
		}
		if strings.TrimSpace(reason) == "" {
			return fault.Field("reason", "Enter why the round is recalled")
		}
		if r.Outcome != Open {
			return fault.New(fault.Conflict, "This round is no longer open: it is "+string(r.Outcome)+".")
		}
		return s.end(ctx, tx, by, r, Recalled, strings.TrimSpace(reason), at)
	})
}

// SetAside puts a complete round aside before publication, with a reason. A new round is then needed.
// Faults: NotFound, Forbidden, Conflict (not complete, or published), Invalid (no reason).
func (s *Service) SetAside(ctx context.Context, by authz.Actor, round id.Round, reason string) error {
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		r, err := lockAndSelect(ctx, tx, by, round)
		if err != nil {
			return err
		}
		if !by.Can(authz.OpenRound) {
			return fault.New(fault.Forbidden, "Only business support can set a round aside.")
		}
		if strings.TrimSpace(reason) == "" {
			return fault.Field("reason", "Enter why the round is set aside")
		}
		if err := insertSetAside(ctx, tx, by, round, strings.TrimSpace(reason)); err != nil {
			return err
		}
		err = audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: "round.set-aside", SubjectKind: "round", SubjectID: int64(round),
			Version: r.Paper.Version(), Before: "signed off", After: "draft"})
		if err != nil {
			return err
		}
		if err := s.letters.RoundSetAside(ctx, tx, round); err != nil {
			return fmt.Errorf("write letters of round %d set aside: %w", round, err)
		}
		return nil
	})
}
