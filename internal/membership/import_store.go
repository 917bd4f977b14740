package membership

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/sheet"
)

// selectSnapshot reads the organisations at the given addresses; all of them where none are given.
func selectSnapshot(ctx context.Context, db pg.DB, slugs []string, codes []string, today day.Date) (snapshot, error) {
	now := snapshot{bodies: map[string]*bodyNow{}, holders: map[string]string{}}
	args := pgx.StrictNamedArgs{"today": today}
	where := "o.retracted_at IS NULL"
	if slugs != nil {
		where += " AND o.slug = ANY (@slugs)"
		args["slugs"] = slugs
	}
	type bodyRow struct {
		ID               int64
		Slug, Name, Kind string
		StartsOn, EndsOn day.Date
		Note             string
	}
	rows, _ := db.Query(ctx, `
		SELECT o.id, o.slug, coalesce(organisation_name_on(o.id, @today::date), '') AS name, o.kind, o.starts_on, o.ends_on, o.note
		FROM organisation o WHERE `+where, args)
	bodies, err := pgx.CollectRows(rows, pgx.RowToStructByName[bodyRow])
	if err != nil {
		return now, fmt.Errorf("read the organisations of a file: %w", err)
	}
	byID := map[int64]*bodyNow{}
	ids := make([]int64, 0, len(bodies))
	for _, b := range bodies {
		body := &bodyNow{ID: b.ID, Codes: map[string]string{},
			bodyState: bodyState{Slug: b.Slug, Name: b.Name, Kind: b.Kind, From: b.StartsOn, To: b.EndsOn, Note: b.Note}}
		byID[b.ID], now.bodies[b.Slug] = body, body
		ids = append(ids, b.ID)
	}
	if err := addTerms(ctx, db, ids, byID); err != nil {
		return now, err
	}
	return now, addCodes(ctx, db, ids, codes, byID, now.holders, today)
}

// addTerms reads the times as partner and as agency of bodies.
func addTerms(ctx context.Context, db pg.DB, ids []int64, byID map[int64]*bodyNow) error {
	type partnerRow struct {
		OrganisationID   int64
		StartsOn, EndsOn day.Date
	}
	rows, _ := db.Query(ctx, `
		SELECT organisation_id, starts_on, ends_on FROM safeguarding_partner WHERE organisation_id = ANY ($1) AND retracted_at IS NULL`, ids)
	partners, err := pgx.CollectRows(rows, pgx.RowToStructByName[partnerRow])
	if err != nil {
		return fmt.Errorf("read the partners of a file: %w", err)
	}
	for _, p := range partners {
		b := byID[p.OrganisationID]
		b.Partner = append(b.Partner, period{p.StartsOn, p.EndsOn})
	}
	type termRow struct {
		ID, OrganisationID int64
		Basis              Basis
		Reason             string
		StartsOn, EndsOn   day.Date
		Categories         []int
	}
	rows, _ = db.Query(ctx, `
		SELECT m.id, m.organisation_id, m.basis, m.reason, m.starts_on, m.ends_on,
		       ARRAY(SELECT c.paragraph FROM agency_membership_category c WHERE c.membership_id = m.id AND c.retracted_at IS NULL ORDER BY c.paragraph) AS categories
		FROM agency_membership m WHERE m.organisation_id = ANY ($1) AND m.retracted_at IS NULL ORDER BY m.starts_on`, ids)
	terms, err := pgx.CollectRows(rows, pgx.RowToStructByName[termRow])
	if err != nil {
		return fmt.Errorf("read the agencies of a file: %w", err)
	}
	for _, t := range terms {
		b := byID[t.OrganisationID]
		b.Terms = append(b.Terms, termNow{t.ID, termState{Slug: b.Slug, Basis: t.Basis, Categories: t.Categories, Reason: t.Reason, From: t.StartsOn, To: t.EndsOn}})
	}
	return nil
}

// addCodes reads the codes of bodies, those of today first, and who holds codes that the file names.
func addCodes(ctx context.Context, db pg.DB, ids []int64, codes []string, byID map[int64]*bodyNow, holders map[string]string, today day.Date) error {
	type codeRow struct {
		OrganisationID      int64
		Slug, Scheme, Value string
	}
	rows, _ := db.Query(ctx, `
		SELECT i.organisation_id, o.slug, i.scheme, i.value FROM organisation_identifier i JOIN organisation o ON o.id = i.organisation_id
		WHERE i.retracted_at IS NULL AND (i.organisation_id = ANY (@ids) OR i.scheme || ' ' || i.value = ANY (@codes))
		ORDER BY i.during @> @today::date DESC, i.starts_on DESC NULLS LAST, i.id`, pgx.StrictNamedArgs{"ids": ids, "codes": codes, "today": today})
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[codeRow])
	if err != nil {
		return fmt.Errorf("read the identifiers of a file: %w", err)
	}
	for _, c := range found {
		if holders[c.Scheme+" "+c.Value] == "" {
			holders[c.Scheme+" "+c.Value] = c.Slug
		}
		if b := byID[c.OrganisationID]; b != nil && b.Codes[c.Scheme] == "" {
			b.Codes[c.Scheme] = c.Value
		}
	}
	return nil
}

// lockBodies keeps the organisations at the addresses, and their times as agency, as they are until the transaction ends.
func lockBodies(ctx context.Context, tx pgx.Tx, slugs []string) error {
	for _, sql := range []string{
		`SELECT FROM organisation WHERE slug = ANY ($1) AND retracted_at IS NULL ORDER BY id FOR UPDATE`,
		`SELECT FROM agency_membership WHERE organisation_id IN (SELECT id FROM organisation WHERE slug = ANY ($1) AND retracted_at IS NULL)
		 AND retracted_at IS NULL ORDER BY id FOR UPDATE`,
	} {
		if _, err := tx.Exec(ctx, sql, slugs); err != nil {
			return fmt.Errorf("lock the organisations of a file: %w", err)
		}
	}
	return nil
}

const selectImport = `
	SELECT r.id, r.register, r.file_name, r.file_digest, r.added, r.changed, r.unchanged, r.previewed_at, coalesce(p.name, '') AS previewed_by,
	       r.applied_at, coalesce(a.name, '') AS applied_by, r.undone_at, coalesce(u.name, '') AS undone_by, coalesce(r.undone_reason, '') AS undone_reason
	FROM import_run r LEFT JOIN account p ON p.id = r.previewed_by LEFT JOIN account a ON a.id = r.applied_by LEFT JOIN account u ON u.id = r.undone_by`

func scanImport(row pgx.CollectableRow) (Import, error) {
	var i Import
	err := row.Scan(&i.ID, &i.Register, &i.FileName, &i.FileDigest, &i.Added, &i.Changed, &i.Unchanged, &i.PreviewedAt, &i.PreviewedBy,
		(*zeronull.Timestamptz)(&i.AppliedAt), &i.AppliedBy, (*zeronull.Timestamptz)(&i.UndoneAt), &i.UndoneBy, &i.UndoneReason)
	return i, err
}

func selectImports(ctx context.Context, db pg.DB, before id.Import, most int) ([]Import, error) {
	sql, args := selectImport, pgx.StrictNamedArgs{"most": most}
	if before != 0 {
		sql += ` WHERE r.id < @before`
		args["before"] = before
	}
	rows, _ := db.Query(ctx, sql+` ORDER BY r.id DESC LIMIT @most`, args)
	list, err := pgx.CollectRows(rows, scanImport)
	if err != nil {
		return nil, fmt.Errorf("read the imports: %w", err)
	}
	return list, nil
}

func selectOneImport(ctx context.Context, db pg.DB, which id.Import) (Import, error) {
	rows, _ := db.Query(ctx, selectImport+` WHERE r.id = $1`, which)
	i, err := pgx.CollectExactlyOneRow(rows, scanImport)
	if errors.Is(err, pgx.ErrNoRows) {
		return Import{}, errNoImport
	}
	if err != nil {
		return Import{}, fmt.Errorf("read import %d: %w", which, err)
	}
	return i, nil
}

// lockImport locks the row before anything about the import is decided.
func lockImport(ctx context.Context, tx pgx.Tx, which id.Import) (Import, error) {
	if _, err := tx.Exec(ctx, `SELECT FROM import_run WHERE id = $1 FOR UPDATE`, which); err != nil {
		return Import{}, fmt.Errorf("lock import %d: %w", which, err)
	}
	return selectOneImport(ctx, tx, which)
}

// selectImportContent reads what the file said, and what the preview promised.
func selectImportContent(ctx context.Context, db pg.DB, which id.Import) (file sheet.Sheet, plan []byte, err error) {
	var text []byte
	if err := db.QueryRow(ctx, `SELECT content, plan_digest FROM import_run WHERE id = $1`, which).Scan(&text, &plan); err != nil {
		return file, nil, fmt.Errorf("read the rows of import %d: %w", which, err)
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return file, nil, fmt.Errorf("read the rows of import %d: %w", which, err)
	}
	return file, plan, nil
}
