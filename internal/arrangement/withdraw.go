package arrangement

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
)

// WithdrawCommand takes a published version back.
type WithdrawCommand struct {
	Ref    Ref
	Reason string // for everybody to read
	Law    string // the legal reason for which the text is closed as well; empty leaves it to be read, marked as withdrawn
}

// Withdraw takes a published version back, for good. Its page stays with the reason, and so do its sign-offs; the text stays
// to be read unless a legal reason closes it. The version that was in force before it is in force again.
// Faults: NotFound, Forbidden, Conflict (not published, or withdrawn before), Invalid (reasons).
func (s *Service) Withdraw(ctx context.Context, by authz.Actor, cmd WithdrawCommand) error {
	if !by.Can(authz.PublishVersion) {
		return fault.New(fault.Forbidden, "Only business support withdraws a version.")
	}
	reason, law := strings.TrimSpace(Clean(cmd.Reason)), strings.TrimSpace(Clean(cmd.Law))
	if reason == "" {
		return fault.Field("reason", "Enter why the version is withdrawn")
	}
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		d, err := lockDraft(ctx, tx, by, cmd.Ref)
		if err != nil {
			return err
		}
		if err := d.canWithdraw(); err != nil {
			return err
		}
		if err := updateWithdrawn(ctx, tx, by, d, reason, law); err != nil {
			return err
		}
		err = audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: "version.withdrawn", SubjectKind: "version", SubjectID: int64(d.ID),
			Version: d.ID, Before: string(d.State(day.Of(at))), After: string(StateWithdrawn)})
		if err != nil {
			return err
		}
		if err := s.letters.Withdrawn(ctx, tx, d.ID); err != nil {
			return fmt.Errorf("write letters of the withdrawal of %s: %w", d.Ref, err)
		}
		return nil
	})
}

// CanWithdraw tells whether the actor may take the version back now.
func (d Draft) CanWithdraw(by authz.Actor) bool {
	return by.Can(authz.PublishVersion) && d.canWithdraw() == nil
}

func (d Draft) canWithdraw() error {
	switch {
	case d.PublishedAt.IsZero():
		return fault.New(fault.Conflict, "Only a published version can be withdrawn.")
	case !d.WithdrawnAt.IsZero():
		return fault.New(fault.Conflict, "This version was withdrawn before.")
	}
	return nil
}

func updateWithdrawn(ctx context.Context, tx pgx.Tx, by authz.Actor, d Draft, reason, law string) error {
	_, err := tx.Exec(ctx, `
		UPDATE version SET withdrawn_by = @by, withdrawn_reason = @reason, withdrawn_law = NULLIF(@law, '') WHERE id = @version`,
		pgx.StrictNamedArgs{"version": int64(d.ID), "by": int64(by.Account), "reason": reason, "law": law})
	if err != nil {
		return fmt.Errorf("withdraw %s: %w", d.Ref, translate(err))
	}
	return nil
}
