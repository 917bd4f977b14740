package membership

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

func addAgencyTerms(ctx context.Context, tx pgx.Tx, plan importPlan, ids map[string]int64) ([]changeDone, error) {
	list := split(plan.Terms, true)
	if len(list) == 0 {
		return nil, nil
	}
	type madeTerm struct {
		OrganisationID int64
		StartsOn       day.Date
		ID             int64
	}
	rows, _ := tx.Query(ctx, `
		INSERT INTO agency_membership (organisation_id, basis, reason, starts_on, ends_on)
		SELECT u.body, u.basis, u.reason, u.starts::date, NULLIF(u.ends, '')::date
		FROM unnest(@bodies::bigint[], @bases::text[], @reasons::text[], @starts::text[], @ends::text[]) u (body, basis, reason, starts, ends)
		RETURNING organisation_id, starts_on, id`,
		pgx.StrictNamedArgs{
			"bodies":  column(list, func(p planned[termState]) int64 { return ids[p.After.Slug] }),
			"bases":   column(list, func(p planned[termState]) string { return string(p.After.Basis) }),
			"reasons": column(list, func(p planned[termState]) string { return p.After.Reason }),
			"starts":  column(list, func(p planned[termState]) string { return p.After.From.String() }),
			"ends":    column(list, func(p planned[termState]) string { return p.After.To.String() }),
		})
	made, err := pgx.CollectRows(rows, pgx.RowToStructByName[madeTerm])
	if err != nil {
		return nil, fmt.Errorf("add the agencies of a file: %w", err)
	}
	type start struct {
		body int64
		from day.Date
	}
	byStart := map[start]int64{}
	for _, m := range made {
		byStart[start{m.OrganisationID, m.StartsOn}] = m.ID
	}
	got := column(list, func(p planned[termState]) int64 { return byStart[start{ids[p.After.Slug], p.After.From}] })
	var of []int64
	var paragraphs []int
	for i, p := range list {
		for _, paragraph := range p.After.Categories {
			of, paragraphs = append(of, got[i]), append(paragraphs, paragraph)
		}
	}
	if err := addCategories(ctx, tx, of, paragraphs); err != nil {
		return nil, err
	}
	return doneOf(changedAgency, list, got)
}

func addCategories(ctx context.Context, tx pgx.Tx, of []int64, paragraphs []int) error {
	if len(of) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `INSERT INTO agency_membership_category (membership_id, paragraph) SELECT * FROM unnest(@of::bigint[], @paragraphs::integer[])`,
		pgx.StrictNamedArgs{"of": of, "paragraphs": paragraphs})
	if err != nil {
		return fmt.Errorf("add the categories of a file: %w", err)
	}
	return nil
}

// takeCategories takes categories from agencies. That they had them stays known.
func takeCategories(ctx context.Context, tx pgx.Tx, of []int64, paragraphs []int, reason string) error {
	if len(of) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `
		UPDATE agency_membership_category c SET retracted_reason = @reason FROM unnest(@of::bigint[], @paragraphs::integer[]) u (id, paragraph)
		WHERE c.membership_id = u.id AND c.paragraph = u.paragraph AND c.retracted_at IS NULL`,
		pgx.StrictNamedArgs{"of": of, "paragraphs": paragraphs, "reason": reason})
	if err != nil {
		return fmt.Errorf("retract categories: %w", err)
	}
	return nil
}

func changeAgencyTerms(ctx context.Context, tx pgx.Tx, plan importPlan, _ map[string]int64) ([]changeDone, error) {
	list := split(plan.Terms, false)
	got := column(list, func(p planned[termState]) int64 { return p.ID })
	err := updateTerms(ctx, tx, got, column(list, func(p planned[termState]) termState { return *p.Before }),
		column(list, func(p planned[termState]) termState { return p.After }), "Corrected by an import")
	if err != nil {
		return nil, err
	}
	return doneOf(changedAgency, list, got)
}

// updateTerms brings times as agency from one state to another; the reason is that of categories that are taken away.
func updateTerms(ctx context.Context, tx pgx.Tx, ids []int64, before, after []termState, reason string) error {
	if len(ids) == 0 {
		return nil
	}
	var bases, reasons, ends []string
	var lostOf, wonOf []int64
	var lost, won []int
	for i, t := range after {
		bases, reasons, ends = append(bases, string(t.Basis)), append(reasons, t.Reason), append(ends, t.To.String())
		for _, p := range before[i].Categories {
			if !slices.Contains(t.Categories, p) {
				lostOf, lost = append(lostOf, ids[i]), append(lost, p)
			}
		}
		for _, p := range t.Categories {
			if !slices.Contains(before[i].Categories, p) {
				wonOf, won = append(wonOf, ids[i]), append(won, p)
			}
		}
	}
	_, err := tx.Exec(ctx, `
		UPDATE agency_membership m SET basis = u.basis, reason = u.reason, ends_on = NULLIF(u.ends, '')::date
		FROM unnest(@ids::bigint[], @bases::text[], @reasons::text[], @ends::text[]) u (id, basis, reason, ends)
		WHERE m.id = u.id AND m.retracted_at IS NULL`, pgx.StrictNamedArgs{"ids": ids, "bases": bases, "reasons": reasons, "ends": ends})
	if err != nil {
		return fmt.Errorf("change the agencies of a file: %w", err)
	}
	if err := takeCategories(ctx, tx, lostOf, lost, reason); err != nil {
		return err
	}
	return addCategories(ctx, tx, wonOf, won)
}

func insertImportChanges(ctx context.Context, tx pgx.Tx, run id.Import, done []changeDone) error {
	var numbers []int
	var subjects, afters []string
	var ids []int64
	var befores []*string
	for _, d := range done {
		numbers, subjects, ids = append(numbers, d.RowNumber), append(subjects, d.Subject), append(ids, d.SubjectID)
		befores, afters = append(befores, d.Before), append(afters, d.After)
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO import_change (run_id, row_number, subject, subject_id, before, after)
		SELECT @run, u.number, u.subject, u.id, u.before::jsonb, u.after::jsonb
		FROM unnest(@numbers::integer[], @subjects::text[], @ids::bigint[], @befores::text[], @afters::text[]) u (number, subject, id, before, after)`,
		pgx.StrictNamedArgs{"run": run, "numbers": numbers, "subjects": subjects, "ids": ids, "befores": befores, "afters": afters})
	if err != nil {
		return fmt.Errorf("keep what import %d did: %w", run, err)
	}
	return nil
}

func selectImportChanges(ctx context.Context, db pg.DB, run id.Import) ([]changeDone, error) {
	rows, _ := db.Query(ctx, `
		SELECT row_number, subject, subject_id, before::text AS before, after::text AS after FROM import_change WHERE run_id = $1 ORDER BY row_number, id`, run)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[changeDone])
	if err != nil {
		return nil, fmt.Errorf("read what import %d did: %w", run, err)
	}
	return list, nil
}
