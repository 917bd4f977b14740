package funding

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// publishedName gives the name of organisation o on the day n.day, as organisation_name_on does, from what is
// published: before the first known name the first one, after the last one the last.
const publishedName = `
	coalesce((SELECT m.name FROM published.organisation_name m WHERE m.organisation_id = o.id
	 ORDER BY (m.during @> n.day) DESC, (coalesce(m.starts_on, '-infinity') <= n.day) DESC,
	          CASE WHEN coalesce(m.starts_on, '-infinity') <= n.day THEN m.starts_on END DESC NULLS LAST, m.starts_on ASC NULLS FIRST
	 LIMIT 1), o.slug)`

const lineColumns = `
	c.id, c.financial_year AS year, c.organisation_id AS organisation, o.slug, ` + publishedName + ` AS name, c.form, c.pence, c.valuation,
	c.is_estimated, c.purpose, c.note, c.agreed_on, c.agreed_precision, c.source, c.is_demonstration, c.recorded_at`

const lineTables = `
	published.contribution c JOIN published.organisation o ON o.id = c.organisation_id CROSS JOIN LATERAL (SELECT c.agreed_on AS day) n`

// lineFilter narrows the lines; zero values mean any.
type lineFilter struct {
	year        day.FinancialYear
	agreedBy    day.Date
	knownBefore time.Time
}

// where gives the clauses on the line c.
func (f lineFilter) where(args pgx.StrictNamedArgs) string {
	clauses := []string{"c.reverses_id IS NULL"}
	if f.year != 0 {
		args["year"] = f.year
		clauses = append(clauses, "c.financial_year = @year")
	}
	if !f.agreedBy.IsZero() {
		args["agreed_by"] = f.agreedBy
		clauses = append(clauses, "c.agreed_on <= @agreed_by")
	}
	if !f.knownBefore.IsZero() {
		args["known"] = f.knownBefore
		clauses = append(clauses, "c.recorded_at < @known")
	}
	return strings.Join(clauses, " AND ")
}

// known is the clause on the reversing line r.
func (f lineFilter) known() string {
	if f.knownBefore.IsZero() {
		return ""
	}
	return " AND r.recorded_at < @known"
}

func selectLines(ctx context.Context, db pg.DB, f lineFilter) ([]Line, error) {
	args := pgx.StrictNamedArgs{}
	rows, _ := db.Query(ctx, `SELECT `+lineColumns+` FROM `+lineTables+` WHERE `+f.where(args)+`
		AND NOT EXISTS (SELECT FROM published.contribution r WHERE r.reverses_id = c.id`+f.known()+`)
		ORDER BY c.financial_year DESC, c.form, c.pence DESC, c.id`, args)
	lines, err := pgx.CollectRows(rows, pgx.RowToStructByName[Line])
	if err != nil {
		return nil, fmt.Errorf("read the published contributions: %w", err)
	}
	return lines, nil
}

func selectCorrections(ctx context.Context, db pg.DB, f lineFilter) ([]Correction, error) {
	args := pgx.StrictNamedArgs{}
	rows, _ := db.Query(ctx, `SELECT `+lineColumns+`, r.reason, r.recorded_at AS taken_out_at FROM `+lineTables+`
		JOIN published.contribution r ON r.reverses_id = c.id WHERE `+f.where(args)+f.known()+`
		ORDER BY c.financial_year DESC, r.recorded_at DESC, r.id DESC`, args)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[Correction])
	if err != nil {
		return nil, fmt.Errorf("read the published corrections: %w", err)
	}
	return list, nil
}

func selectTotals(ctx context.Context, db pg.DB) ([]Total, error) {
	rows, _ := db.Query(ctx, `
		SELECT c.financial_year AS year, count(*)::integer AS lines, coalesce(sum(c.pence) FILTER (WHERE c.form = 'cash'), 0)::bigint AS cash,
		       coalesce(sum(c.pence) FILTER (WHERE c.form = 'in kind'), 0)::bigint AS in_kind,
		       bool_or(c.is_estimated) AS is_estimated, bool_or(c.is_demonstration) AS is_demonstration
		FROM published.contribution c
		WHERE c.reverses_id IS NULL AND NOT EXISTS (SELECT FROM published.contribution r WHERE r.reverses_id = c.id)
		GROUP BY c.financial_year`)
	totals, err := pgx.CollectRows(rows, pgx.RowToStructByName[Total])
	if err != nil {
		return nil, fmt.Errorf("add up the published contributions: %w", err)
	}
	return totals, nil
}

// selectSuccessions gives those that had taken place on a day.
func selectSuccessions(ctx context.Context, db pg.DB, on day.Date) ([]succession, error) {
	rows, _ := db.Query(ctx, `
		SELECT predecessor_id, successor_id FROM published.organisation_succession WHERE takes_over_on <= @on ORDER BY predecessor_id, successor_id`,
		pgx.StrictNamedArgs{"on": on})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[succession])
	if err != nil {
		return nil, fmt.Errorf("read the published successions: %w", err)
	}
	return list, nil
}

// selectPartners gives the safeguarding partners of some day of a year.
func selectPartners(ctx context.Context, db pg.DB, year day.FinancialYear) ([]id.Organisation, error) {
	rows, _ := db.Query(ctx, `
		SELECT DISTINCT organisation_id FROM published.safeguarding_partner WHERE during && daterange(@first::date, @last::date, '[]') ORDER BY 1`,
		pgx.StrictNamedArgs{"first": year.Starts(), "last": year.Ends()})
	list, err := pgx.CollectRows(rows, pgx.RowTo[id.Organisation])
	if err != nil {
		return nil, fmt.Errorf("read the partners of %s: %w", year, err)
	}
	return list, nil
}

func selectNames(ctx context.Context, db pg.DB, bodies []id.Organisation, on day.Date) (map[id.Organisation]Body, error) {
	rows, _ := db.Query(ctx, `
		SELECT o.id, o.slug, `+publishedName+` AS name FROM published.organisation o CROSS JOIN LATERAL (SELECT @on::date AS day) n
		WHERE o.id = ANY(@bodies)`, pgx.StrictNamedArgs{"bodies": bodies, "on": on})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[Body])
	if err != nil {
		return nil, fmt.Errorf("read the names of the payers: %w", err)
	}
	names := map[id.Organisation]Body{}
	for _, b := range list {
		names[b.ID] = b
	}
	return names, nil
}
