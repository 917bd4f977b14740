package membership

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/sheet"
)

func insertImport(ctx context.Context, db pg.DB, by authz.Actor, i Import, file sheet.Sheet, plan []byte) (made id.Import, err error) {
	content, err := json.Marshal(file)
	if err != nil {
		return 0, fmt.Errorf("write the rows of an import: %w", err)
	}
	err = db.QueryRow(ctx, `
		INSERT INTO import_run (register, file_name, file_digest, content, plan_digest, added, changed, unchanged, previewed_at, previewed_by)
		VALUES (@register, @name, @digest, @content::text::jsonb, @plan, @added, @changed, @unchanged, @at, NULLIF(@by::bigint, 0)) RETURNING id`,
		pgx.StrictNamedArgs{"register": string(i.Register), "name": i.FileName, "digest": i.FileDigest, "content": string(content), "plan": plan,
			"added": i.Added, "changed": i.Changed, "unchanged": i.Unchanged, "at": i.PreviewedAt, "by": int64(by.Account)}).Scan(&made)
	if err != nil {
		return 0, fmt.Errorf("insert an import: %w", err)
	}
	return made, nil
}

func updateImportApplied(ctx context.Context, tx pgx.Tx, by authz.Actor, which id.Import, at time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE import_run SET applied_at = @at, applied_by = NULLIF(@by::bigint, 0) WHERE id = @id`,
		pgx.StrictNamedArgs{"id": which, "at": at, "by": int64(by.Account)})
	if err != nil {
		return fmt.Errorf("apply import %d: %w", which, err)
	}
	return nil
}

// changeDone is one thing that an import did, as it is kept.
type changeDone struct {
	RowNumber int
	Subject   string
	SubjectID int64
	Before    *string // JSON
	After     string
}

const (
	changedOrganisation = "organisation"
	changedAgency       = "agency"
	changedCode         = "identifier"
)

// carryOut writes what is planned, set by set: a file of thousands of rows takes as many statements as one of ten.
func carryOut(ctx context.Context, tx pgx.Tx, run id.Import, w workedOut) error {
	ids := map[string]int64{} // organisations by slug
	for slug, b := range w.now.bodies {
		ids[slug] = b.ID
	}
	var done []changeDone
	for _, step := range []func(context.Context, pgx.Tx, importPlan, map[string]int64) ([]changeDone, error){
		addBodies, changeBodies, addCodesOf, changeAgencyTerms, addAgencyTerms,
	} {
		changes, err := step(ctx, tx, w.plan, ids)
		if err != nil {
			return err
		}
		done = append(done, changes...)
	}
	return insertImportChanges(ctx, tx, run, done)
}

// doneOf notes what was done to the things with the given ids.
func doneOf[T any](subject string, list []planned[T], ids []int64) ([]changeDone, error) {
	done := make([]changeDone, len(list))
	for i, p := range list {
		after, err := json.Marshal(p.After)
		if err != nil {
			return nil, fmt.Errorf("write a change of an import: %w", err)
		}
		done[i] = changeDone{RowNumber: p.Row, Subject: subject, SubjectID: ids[i], After: string(after)}
		if p.Before != nil {
			before, err := json.Marshal(*p.Before)
			if err != nil {
				return nil, fmt.Errorf("write a change of an import: %w", err)
			}
			text := string(before)
			done[i].Before = &text
		}
	}
	return done, nil
}

// split gives what is added, or what is changed.
func split[T any](list []planned[T], added bool) []planned[T] {
	return slices.DeleteFunc(slices.Clone(list), func(p planned[T]) bool { return (p.Before == nil) != added })
}

// column is one value of each planned thing, for a set of rows.
func column[T, V any](list []planned[T], value func(planned[T]) V) []V {
	values := make([]V, len(list))
	for i, p := range list {
		values[i] = value(p)
	}
	return values
}

// idBySlug is a row that was just written.
type idBySlug struct {
	Slug string
	ID   int64
}

func addBodies(ctx context.Context, tx pgx.Tx, plan importPlan, ids map[string]int64) ([]changeDone, error) {
	list := split(plan.Bodies, true)
	if len(list) == 0 {
		return nil, nil
	}
	rows, _ := tx.Query(ctx, `
		WITH made AS (
			INSERT INTO organisation (slug, kind, starts_on, ends_on, note)
			SELECT u.slug, u.kind, NULLIF(u.starts, '')::date, NULLIF(u.ends, '')::date, u.note
			FROM unnest(@slugs::text[], @kinds::text[], @starts::text[], @ends::text[], @notes::text[]) u (slug, kind, starts, ends, note)
			ORDER BY u.slug -- two files at once write in one order
			RETURNING id, slug)
		SELECT slug, id FROM made`,
		pgx.StrictNamedArgs{
			"slugs":  column(list, func(p planned[bodyState]) string { return p.After.Slug }),
			"kinds":  column(list, func(p planned[bodyState]) string { return p.After.Kind }),
			"starts": column(list, func(p planned[bodyState]) string { return p.After.From.String() }),
			"ends":   column(list, func(p planned[bodyState]) string { return p.After.To.String() }),
			"notes":  column(list, func(p planned[bodyState]) string { return p.After.Note }),
		})
	made, err := pgx.CollectRows(rows, pgx.RowToStructByName[idBySlug])
	if err != nil {
		return nil, fmt.Errorf("add the organisations of a file: %w", err)
	}
	for _, m := range made {
		ids[m.Slug] = m.ID
	}
	got := column(list, func(p planned[bodyState]) int64 { return ids[p.After.Slug] })
	_, err = tx.Exec(ctx, `
		INSERT INTO organisation_name (organisation_id, name, starts_on)
		SELECT u.id, u.name, NULLIF(u.starts, '')::date FROM unnest(@ids::bigint[], @names::text[], @starts::text[]) u (id, name, starts)`,
		pgx.StrictNamedArgs{"ids": got,
			"names":  column(list, func(p planned[bodyState]) string { return p.After.Name }),
			"starts": column(list, func(p planned[bodyState]) string { return p.After.From.String() })})
	if err != nil {
		return nil, fmt.Errorf("name the organisations of a file: %w", err)
	}
	return doneOf(changedOrganisation, list, got)
}

func changeBodies(ctx context.Context, tx pgx.Tx, plan importPlan, _ map[string]int64) ([]changeDone, error) {
	list := split(plan.Bodies, false)
	got := column(list, func(p planned[bodyState]) int64 { return p.ID })
	if err := updateBodies(ctx, tx, got, column(list, func(p planned[bodyState]) bodyState { return p.After })); err != nil {
		return nil, err
	}
	return doneOf(changedOrganisation, list, got)
}

func updateBodies(ctx context.Context, tx pgx.Tx, ids []int64, states []bodyState) error {
	if len(ids) == 0 {
		return nil
	}
	var kinds, starts, ends, notes []string
	for _, b := range states {
		kinds, starts, ends, notes = append(kinds, b.Kind), append(starts, b.From.String()), append(ends, b.To.String()), append(notes, b.Note)
	}
	_, err := tx.Exec(ctx, `
		UPDATE organisation o SET kind = u.kind, starts_on = NULLIF(u.starts, '')::date, ends_on = NULLIF(u.ends, '')::date, note = u.note
		FROM unnest(@ids::bigint[], @kinds::text[], @starts::text[], @ends::text[], @notes::text[]) u (id, kind, starts, ends, note)
		WHERE o.id = u.id AND o.retracted_at IS NULL`,
		pgx.StrictNamedArgs{"ids": ids, "kinds": kinds, "starts": starts, "ends": ends, "notes": notes})
	if err != nil {
		return fmt.Errorf("change the organisations of a file: %w", err)
	}
	return nil
}

func addCodesOf(ctx context.Context, tx pgx.Tx, plan importPlan, ids map[string]int64) ([]changeDone, error) {
	if len(plan.Codes) == 0 {
		return nil, nil
	}
	type madeCode struct {
		Scheme, Value string
		ID            int64
	}
	rows, _ := tx.Query(ctx, `
		INSERT INTO organisation_identifier (organisation_id, scheme, value)
		SELECT * FROM unnest(@bodies::bigint[], @schemes::text[], @codes::text[]) u (body, scheme, code) ORDER BY u.scheme, u.code RETURNING scheme, value, id`,
		pgx.StrictNamedArgs{
			"bodies":  column(plan.Codes, func(p planned[codeState]) int64 { return ids[p.After.Slug] }),
			"schemes": column(plan.Codes, func(p planned[codeState]) string { return p.After.Scheme }),
			"codes":   column(plan.Codes, func(p planned[codeState]) string { return p.After.Value }),
		})
	made, err := pgx.CollectRows(rows, pgx.RowToStructByName[madeCode])
	if err != nil {
		return nil, fmt.Errorf("add the identifiers of a file: %w", err)
	}
	byCode := map[string]int64{}
	for _, m := range made {
		byCode[m.Scheme+" "+m.Value] = m.ID
	}
	return doneOf(changedCode, plan.Codes, column(plan.Codes, func(p planned[codeState]) int64 { return byCode[p.After.Scheme+" "+p.After.Value] }))
}
