package funding

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// bodyNamed is an organisation that a file names.
type bodyNamed struct {
	ID       id.Organisation
	Slug     string
	Name     string // the latest
	Named    string // by which the file knows it, in lower case; empty where it knows the address
	StartsOn day.Date
	EndsOn   day.Date
}

func (b bodyNamed) existedIn(y day.FinancialYear) bool {
	return !b.StartsOn.After(y.Ends()) && (b.EndsOn.IsZero() || !b.EndsOn.Before(y.Starts()))
}

// namedBodies are the organisations at addresses or with names, one row for each name that is asked for.
const namedBodies = `
	FROM organisation o LEFT JOIN LATERAL (
		SELECT DISTINCT lower(regexp_replace(btrim(n.name), '\s+', ' ', 'g')) AS name FROM organisation_name n
		WHERE n.organisation_id = o.id AND n.retracted_at IS NULL) n ON n.name = ANY(@names)
	WHERE o.retracted_at IS NULL AND (o.slug = ANY(@slugs) OR n.name IS NOT NULL)`

func selectBodies(ctx context.Context, db pg.DB, slugs, names []string) ([]bodyNamed, error) {
	rows, _ := db.Query(ctx, `
		SELECT o.id, o.slug, coalesce(organisation_name_on(o.id, 'infinity'), o.slug) AS name, coalesce(n.name, '') AS named, o.starts_on, o.ends_on`+namedBodies+`
		ORDER BY o.id`, pgx.StrictNamedArgs{"slugs": slugs, "names": names})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[bodyNamed])
	if err != nil {
		return nil, fmt.Errorf("read the organisations of a file: %w", err)
	}
	return list, nil
}

func lockBodies(ctx context.Context, tx pgx.Tx, slugs, names []string) error {
	_, err := tx.Exec(ctx, `
		SELECT FROM organisation WHERE id IN (SELECT o.id `+namedBodies+`) ORDER BY id FOR NO KEY UPDATE`,
		pgx.StrictNamedArgs{"slugs": slugs, "names": names})
	if err != nil {
		return fmt.Errorf("lock the organisations of a file: %w", err)
	}
	return nil
}

// selectKnown gives the keys of the lines of bodies that count.
func selectKnown(ctx context.Context, db pg.DB, bodies []id.Organisation) (map[string]bool, error) {
	rows, _ := db.Query(ctx, `
		SELECT 0 AS row, c.organisation_id AS body, o.slug, c.financial_year AS year, c.form, c.pence, c.valuation, c.is_estimated AS estimated, c.purpose, c.note,
		       c.agreed_on, c.agreed_precision AS precision, c.source
		FROM contribution c JOIN organisation o ON o.id = c.organisation_id
		WHERE c.organisation_id = ANY(@bodies) AND c.reverses_id IS NULL AND NOT EXISTS (SELECT FROM contribution r WHERE r.reverses_id = c.id)`,
		pgx.StrictNamedArgs{"bodies": bodies})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[imported])
	if err != nil {
		return nil, fmt.Errorf("read the contributions of the bodies of a file: %w", err)
	}
	known := map[string]bool{}
	for _, i := range list {
		known[i.key()] = true
	}
	return known, nil
}

// selectPlanned gives the years that are proposed and agreed in the portal, into which nothing is imported.
func selectPlanned(ctx context.Context, db pg.DB) (map[day.FinancialYear]bool, error) {
	rows, _ := db.Query(ctx, `SELECT financial_year FROM funding_year WHERE origin = 'portal'`)
	years, err := pgx.CollectRows(rows, pgx.RowTo[day.FinancialYear])
	if err != nil {
		return nil, fmt.Errorf("read the years of the portal: %w", err)
	}
	planned := map[day.FinancialYear]bool{}
	for _, y := range years {
		planned[y] = true
	}
	return planned, nil
}
