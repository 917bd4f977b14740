// Package audit keeps the events: what was done, by whom, to what. An event is written in the transaction of what it
// records, and never changed.
package audit

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/id"
)

// Event is one thing done. It names things and states; free text and personal detail stay out of it.
type Event struct {
	At          time.Time
	By          authz.Actor
	Action      string // past tense: round.opened
	SubjectKind string // round
	SubjectID   int64
	Version     id.Version // whose timeline shows it, if any
	Partner     id.Partner // for whom it was done, if for one
	Before      string     // state before, if any
	After       string     // state after, if any
}

// Record writes the event in the transaction of what it records.
func Record(ctx context.Context, tx pgx.Tx, e Event) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO event (at, account_id, action, subject_kind, subject_id, version_id, partner_id, state_before, state_after, request_id)
		VALUES (@at, NULLIF(@account::bigint, 0), @action, @subject_kind, @subject_id, NULLIF(@version::bigint, 0), NULLIF(@partner::bigint, 0),
		        @before, @after, @request)`,
		pgx.StrictNamedArgs{"at": e.At, "account": int64(e.By.Account), "action": e.Action, "subject_kind": e.SubjectKind, "subject_id": e.SubjectID,
			"version": int64(e.Version), "partner": int64(e.Partner), "before": e.Before, "after": e.After, "request": e.By.RequestID})
	if err != nil {
		return fmt.Errorf("record event %s of %s %d: %w", e.Action, e.SubjectKind, e.SubjectID, err)
	}
	return nil
}
