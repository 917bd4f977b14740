package decision

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/pg"
)

// Facets are the values that a list can be filtered by.
type Facets struct {
	Bodies []Body
	Makers []string // posts that decide, under one of their spellings
	Years  []int    // the latest first
}

// Facets lists what the published register can be filtered by.
func (p *Public) Facets(ctx context.Context, today day.Date) (Facets, error) {
	return selectFacets(ctx, p.db, publicSource, today)
}

// Facets lists what the desk's register can be filtered by. Fault: Forbidden.
func (s *Service) Facets(ctx context.Context, by authz.Actor) (Facets, error) {
	if !CanReadAny(by) {
		return Facets{}, errMayNotRead
	}
	return selectFacets(ctx, s.db, deskSource(by), day.Of(s.now()))
}

// mostMakers is how many decision makers a list offers.
const mostMakers = 300

// selectFacets skips along indexes from value to value, since reading every line would cost more with every year.
func selectFacets(ctx context.Context, db pg.DB, from source, today day.Date) (f Facets, err error) {
	rows, _ := db.Query(ctx, `
		WITH RECURSIVE b AS (
			SELECT min(organisation_id) AS v FROM `+from.lines+` l
			UNION ALL SELECT (SELECT min(organisation_id) FROM `+from.lines+` l WHERE organisation_id > b.v) FROM b WHERE b.v IS NOT NULL)
		SELECT v FROM b WHERE v IS NOT NULL AND (@all OR v = ANY (@bodies::bigint[]))`, pgx.StrictNamedArgs{"all": from.all, "bodies": from.bodies})
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return f, fmt.Errorf("read the bodies of the register: %w", err)
	}
	known, err := selectBodiesByID(ctx, db, ids, today)
	if err != nil {
		return f, err
	}
	for _, b := range known {
		f.Bodies = append(f.Bodies, b)
	}
	sortBodies(f.Bodies)
	// A desk that sees some bodies alone is not told who decides in others.
	lines, args := from.lines+` l`, pgx.StrictNamedArgs{"most": mostMakers}
	if !from.all {
		lines, args["bodies"] = `(SELECT maker_key, maker_title, sort_on FROM `+from.lines+` x WHERE organisation_id = ANY (@bodies::bigint[])) l`, from.bodies
	}
	rows, _ = db.Query(ctx, `
		WITH RECURSIVE k AS (
			(SELECT maker_key AS v, maker_title AS t FROM `+lines+` WHERE maker_key > '' ORDER BY maker_key LIMIT 1)
			UNION ALL SELECT n.* FROM k, LATERAL (SELECT maker_key, maker_title FROM `+lines+` WHERE maker_key > k.v ORDER BY maker_key LIMIT 1) n)
		SELECT t FROM k LIMIT @most`, args)
	if f.Makers, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
		return f, fmt.Errorf("read the decision makers of the register: %w", err)
	}
	delete(args, "most")
	var first, last day.Date
	err = db.QueryRow(ctx, `SELECT (SELECT min(sort_on) FROM `+lines+`), (SELECT max(sort_on) FROM `+lines+`)`, args).Scan(&first, &last)
	if err != nil {
		return f, fmt.Errorf("read the years of the register: %w", err)
	}
	for y := last.Year(); y >= first.Year() && !first.IsZero(); y-- {
		f.Years = append(f.Years, y)
	}
	return f, nil
}
