package membership

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// takeBack undoes what an import did, the last first.
func takeBack(ctx context.Context, tx pgx.Tx, all doneAll, reason string) error {
	terms, codes, bodies := split(all.terms, true), all.codes, split(all.bodies, true)
	var of []int64
	var paragraphs []int
	for _, t := range terms {
		for _, p := range t.After.Categories {
			of, paragraphs = append(of, t.ID), append(paragraphs, p)
		}
	}
	if err := takeCategories(ctx, tx, of, paragraphs, reason); err != nil {
		return err
	}
	if err := retract(ctx, tx, `UPDATE agency_membership SET retracted_reason = @reason WHERE id = ANY (@ids)`, idsOf(terms), reason); err != nil {
		return err
	}
	changed := split(all.terms, false)
	err := updateTerms(ctx, tx, idsOf(changed), column(changed, func(p planned[termState]) termState { return p.After }),
		column(changed, func(p planned[termState]) termState { return *p.Before }), reason)
	if err != nil {
		return err
	}
	if err := retract(ctx, tx, `UPDATE organisation_identifier SET retracted_reason = @reason WHERE id = ANY (@ids)`, idsOf(codes), reason); err != nil {
		return err
	}
	other := split(all.bodies, false)
	if err := updateBodies(ctx, tx, idsOf(other), column(other, func(p planned[bodyState]) bodyState { return *p.Before })); err != nil {
		return err
	}
	return retract(ctx, tx, `UPDATE organisation SET retracted_reason = @reason WHERE id = ANY (@ids)`, idsOf(bodies), reason)
}

func idsOf[T any](list []planned[T]) []int64 {
	return column(list, func(p planned[T]) int64 { return p.ID })
}

func retract(ctx context.Context, tx pgx.Tx, sql string, ids []int64, reason string) error {
	if len(ids) == 0 {
		return nil
	}
	if _, err := tx.Exec(ctx, sql, pgx.StrictNamedArgs{"ids": ids, "reason": reason}); err != nil {
		return fmt.Errorf("retract what an import added: %w", err)
	}
	return nil
}

func updateImportUndone(ctx context.Context, tx pgx.Tx, by authz.Actor, which id.Import, at time.Time, reason string) error {
	_, err := tx.Exec(ctx, `UPDATE import_run SET undone_at = @at, undone_by = NULLIF(@by::bigint, 0), undone_reason = @reason WHERE id = @id`,
		pgx.StrictNamedArgs{"id": which, "at": at, "by": int64(by.Account), "reason": reason})
	if err != nil {
		return fmt.Errorf("undo import %d: %w", which, translate(err))
	}
	return nil
}

// reference is a table that refers to another by one column.
type reference struct {
	Table       string
	Column      string
	Retractable bool
}

// selectReferences asks the database itself which tables refer to one, so that no later table is forgotten.
func selectReferences(ctx context.Context, db pg.DB, table string) ([]reference, error) {
	rows, _ := db.Query(ctx, `
		SELECT c.conrelid::regclass::text AS table, quote_ident(a.attname) AS column,
		       EXISTS (SELECT FROM pg_attribute r WHERE r.attrelid = c.conrelid AND r.attname = 'retracted_at' AND NOT r.attisdropped) AS retractable
		FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
		WHERE c.contype = 'f' AND c.confrelid = @table::text::regclass AND cardinality(c.conkey) = 1 AND has_table_privilege(c.conrelid, 'SELECT')
		ORDER BY 1, 2`, pgx.StrictNamedArgs{"table": table})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[reference])
	if err != nil {
		return nil, fmt.Errorf("read what refers to %s: %w", table, err)
	}
	return list, nil
}

// hangingWords say what it means that a table refers to something; what is not here is said in general.
var hangingWords = map[string]string{
	"agency_membership":       "it is a relevant agency by another record",
	"organisation_address":    "its address is recorded",
	"organisation_identifier": "another code of it is recorded",
	"organisation_name":       "it was given another name",
	"organisation_succession": "it took over from another body, or another took over from it",
	"safeguarding_partner":    "it is a safeguarding partner",
	"post":                    "it has posts",
	"role_grant":              "somebody has or had a role there",
	"contribution":            "it gives contributions",
	"sub_group_member":        "it is a member of a group",
	"meeting_attendance":      "it attended a meeting",
	"action":                  "it has actions",
	"version_agency":          "a version of a document names it",
	"agency_reader":           "it has readers",
	"correction":              "a correction to its entry was proposed",
	"document":                "a document came before it",
	"decision":                "it has decisions",
}

// hanging says what refers to what the import added, other than what it added itself.
func (a doneAll) hanging(ctx context.Context, db pg.DB) ([]string, error) {
	bodies, terms := split(a.bodies, true), split(a.terms, true)
	slugs := map[int64]string{}
	for _, b := range bodies {
		slugs[b.ID] = b.After.Slug
	}
	own := map[string][]int64{"agency_membership": idsOf(terms), "organisation_identifier": idsOf(a.codes)}
	found, err := hangingOn(ctx, db, "organisation", slugs, own)
	if err != nil {
		return nil, err
	}
	slugs = map[int64]string{}
	for _, t := range terms {
		slugs[t.ID] = t.After.Slug
	}
	more, err := hangingOn(ctx, db, "agency_membership", slugs, nil)
	return append(found, more...), err
}

func hangingOn(ctx context.Context, db pg.DB, table string, slugs map[int64]string, own map[string][]int64) ([]string, error) {
	ids := make([]int64, 0, len(slugs))
	for which := range slugs {
		ids = append(ids, which)
	}
	slices.Sort(ids)
	references, err := selectReferences(ctx, db, table)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	var found []string
	for _, r := range references {
		if r.Table == "agency_membership_category" {
			continue // goes with the agency
		}
		sql, args := `SELECT t.`+r.Column+` FROM `+r.Table+` t WHERE t.`+r.Column+` = ANY (@ids)`, pgx.StrictNamedArgs{"ids": ids}
		if r.Retractable {
			sql += ` AND t.retracted_at IS NULL`
		}
		if mine, ok := own[r.Table]; ok {
			sql += ` AND t.id <> ALL (@own)`
			args["own"] = mine
		}
		sql += ` GROUP BY 1`
		if r.Table == "organisation_name" {
			sql += ` HAVING count(*) > 1` // the first one came with it
		}
		rows, _ := db.Query(ctx, sql+` ORDER BY 1`, args)
		hit, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return nil, fmt.Errorf("read what of %s refers to %s: %w", r.Table, table, err)
		}
		words := hangingWords[r.Table]
		if words == "" {
			words = "other records refer to it"
		}
		for _, which := range hit {
			found = append(found, "“"+slugs[which]+"”: "+words)
		}
	}
	return slices.Compact(found), nil
}
