package membership

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

const correctionColumns = `
	SELECT c.id, o.slug, organisation_name_on(o.id, @today::date) AS organisation, c.field, coalesce(p.title, '') AS post,
	       coalesce(CASE c.field WHEN 'post-title' THEN p.title WHEN 'post-email' THEN p.email WHEN 'post-phone' THEN p.phone END, '') AS now,
	       c.words, c.suggested, c.proposed_by, a.name AS proposer, c.recorded_at AS proposed_at, coalesce(c.outcome, '') AS outcome, c.answer, c.applied,
	       coalesce(d.name, '') AS decider, coalesce(c.decided_at, c.recorded_at) AS decided_at
	FROM correction c JOIN organisation o ON o.id = c.organisation_id JOIN account a ON a.id = c.proposed_by
	LEFT JOIN account d ON d.id = c.decided_by LEFT JOIN post p ON p.id = c.post_id`

func selectCorrections(ctx context.Context, db pg.DB, at time.Time, where string, args pgx.StrictNamedArgs) ([]Correction, error) {
	all := pgx.StrictNamedArgs{"today": day.Of(at)}
	for name, value := range args {
		all[name] = value
	}
	rows, _ := db.Query(ctx, correctionColumns+where, all)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[Correction])
	if err != nil {
		return nil, fmt.Errorf("read corrections: %w", err)
	}
	return list, nil
}

func selectCorrection(ctx context.Context, db pg.DB, at time.Time, which id.Correction) (Correction, error) {
	list, err := selectCorrections(ctx, db, at, ` WHERE c.id = @id`, pgx.StrictNamedArgs{"id": which})
	if err != nil {
		return Correction{}, err
	}
	if len(list) == 0 {
		return Correction{}, errNoCorrection
	}
	return list[0], nil
}

func lockCorrection(ctx context.Context, tx pgx.Tx, at time.Time, which id.Correction) (Correction, error) {
	if _, err := tx.Exec(ctx, `SELECT FROM correction WHERE id = $1 FOR UPDATE`, which); err != nil {
		return Correction{}, fmt.Errorf("lock correction %d: %w", which, err)
	}
	return selectCorrection(ctx, tx, at, which)
}

func countWaitingCorrections(ctx context.Context, db pg.DB) (int, error) {
	var n int
	if err := db.QueryRow(ctx, `SELECT count(*) FROM correction WHERE outcome IS NULL`).Scan(&n); err != nil {
		return 0, fmt.Errorf("count the corrections that wait: %w", err)
	}
	return n, nil
}

func insertCorrection(ctx context.Context, tx pgx.Tx, by authz.Actor, c CorrectionCommand) (id.Correction, error) {
	var made id.Correction
	err := tx.QueryRow(ctx, `
		INSERT INTO correction (organisation_id, field, post_id, words, suggested, proposed_by)
		VALUES (@of, @field, NULLIF(@post::bigint, 0), @words, @suggested, @by) RETURNING id`,
		pgx.StrictNamedArgs{"of": c.Organisation, "field": c.Field, "post": c.Post, "words": c.Words, "suggested": c.Suggested, "by": by.Account}).Scan(&made)
	if err != nil {
		return 0, fmt.Errorf("insert a correction of organisation %d: %w", c.Organisation, translate(err))
	}
	return made, nil
}

func updateCorrection(ctx context.Context, tx pgx.Tx, by authz.Actor, which id.Correction, outcome CorrectionOutcome, answer string, applied bool) error {
	_, err := tx.Exec(ctx, `UPDATE correction SET outcome = @outcome, answer = @answer, applied = @applied, decided_by = @by WHERE id = @id`,
		pgx.StrictNamedArgs{"id": which, "outcome": string(outcome), "answer": answer, "applied": applied, "by": by.Account})
	if err != nil {
		return fmt.Errorf("answer correction %d: %w", which, translate(err))
	}
	return nil
}

// brokenPost says what is wrong with a suggested detail of a post. Its field on the page of an answer is the choice.
var brokenPost = map[string]*fault.Error{
	"post_email_form":   fault.Field("decision", "The suggestion is no e-mail address. Accept it without changing the post, or decline it"),
	"post_phone_form":   fault.Field("decision", "The suggestion is no telephone number. Accept it without changing the post, or decline it"),
	"post_title_length": fault.Field("decision", "The suggested title is too long. Accept it without changing the post, or decline it"),
}

// applyCorrection changes the detail of the contact post; what it said before is kept.
func applyCorrection(ctx context.Context, tx pgx.Tx, c Correction) error {
	columns := map[string]string{"post-title": "title", "post-email": "email", "post-phone": "phone"}
	done, err := tx.Exec(ctx, `
		UPDATE post p SET `+columns[c.Field]+` = @suggested FROM correction c WHERE c.id = @id AND p.id = c.post_id AND p.retracted_at IS NULL`,
		pgx.StrictNamedArgs{"id": c.ID, "suggested": c.Suggested})
	if err != nil {
		return fmt.Errorf("apply correction %d: %w", c.ID, pg.Translate(err, brokenPost))
	}
	if done.RowsAffected() == 0 {
		return fault.Field("decision", "The post was taken back meanwhile. Accept it without changing the post, or decline it")
	}
	return nil
}
