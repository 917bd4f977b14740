package signoff

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// Scrutiny is what the independent scrutineer says of a text that is put to the partners. It is published with the text.
type Scrutiny struct {
	ID   int64
	Body string
	At   time.Time
}

// CanFileScrutiny tells whether the actor may file a statement of scrutiny on the round now.
func (r Round) CanFileScrutiny(by authz.Actor) bool {
	return by.Can(authz.FileScrutiny) && r.Outcome == Open && r.Origin == Portal
}

// FileScrutiny files what the independent scrutineer says of the text of an open round. A later statement stands beside an
// earlier one. Faults: NotFound, Forbidden, Conflict (round over, or signed elsewhere), Invalid.
func (s *Service) FileScrutiny(ctx context.Context, by authz.Actor, round id.Round, body string) error {
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		r, err := selectRound(ctx, tx, by, round)
		if err != nil {
			return err
		}
		if !by.Can(authz.FileScrutiny) {
			return fault.New(fault.Forbidden, "Only the independent scrutineer files a statement of scrutiny.")
		}
		if !r.CanFileScrutiny(by) {
			return fault.New(fault.Conflict, "A statement can be filed only while the round is open.")
		}
		body = strings.TrimSpace(body)
		if body == "" {
			return fault.Field("scrutiny", "Enter your statement")
		}
		filed, err := insertScrutiny(ctx, tx, by, round, body)
		if err != nil {
			return err
		}
		err = audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: "scrutiny.filed", SubjectKind: "round", SubjectID: int64(round),
			Version: r.Paper.Version()})
		if err != nil {
			return err
		}
		if err := s.letters.ScrutinyFiled(ctx, tx, filed); err != nil {
			return fmt.Errorf("write letters of statement of scrutiny %d: %w", filed, err)
		}
		return nil
	})
}

func insertScrutiny(ctx context.Context, tx pgx.Tx, by authz.Actor, round id.Round, body string) (int64, error) {
	var filed int64
	err := tx.QueryRow(ctx, `INSERT INTO scrutiny (round_id, account_id, body) VALUES (@round, @by, @body) RETURNING id`,
		pgx.StrictNamedArgs{"round": int64(round), "by": int64(by.Account), "body": body}).Scan(&filed)
	if err != nil {
		return 0, fmt.Errorf("insert statement of scrutiny on round %d: %w", round, translate(err))
	}
	return filed, nil
}

func selectScrutiny(ctx context.Context, q pg.DB, round id.Round) ([]Scrutiny, error) {
	rows, _ := q.Query(ctx, `SELECT id, body, recorded_at AS at FROM scrutiny WHERE round_id = @round ORDER BY id`,
		pgx.StrictNamedArgs{"round": int64(round)})
	filed, err := pgx.CollectRows(rows, pgx.RowToStructByName[Scrutiny])
	if err != nil {
		return nil, fmt.Errorf("read the statements of scrutiny of round %d: %w", round, err)
	}
	return filed, nil
}
