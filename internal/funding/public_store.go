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

const lineColumns = `
	c.id, c.financial_year AS year, c.organisation_id AS organisation, o.slug, c.form, c.pence, c.valuation, c.is_estimated, c.purpose, c.note,
	c.agreed_on, c.agreed_precision, c.source, c.is_demonstration, c.recorded_at,
	c.payer_total_pence AS total, c.parts, c.conditions, c.decision_number, c.adjustment_reason, c.was_signed, c.is_confirmed`

const lineTables = `published.contribution c JOIN published.organisation o ON o.id = c.organisation_id`

// view is a published view of dated facts: as it stands now, or as it was known before an instant.
func (f lineFilter) view(name string) string {
	if f.knownBefore.IsZero() {
		return "published." + name
	}
	return "(SELECT * FROM published.known_" + name + " WHERE known_from < @known AND known_until >= @known)"
}

// args adds the instant to the arguments of a statement that reads a view.
func (f lineFilter) args(args pgx.StrictNamedArgs) pgx.StrictNamedArgs {
	if !f.knownBefore.IsZero() {
		args["known"] = f.knownBefore
	}
	return args
}

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
	args := f.args(pgx.StrictNamedArgs{})
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
	args := f.args(pgx.StrictNamedArgs{})
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
		SELECT c.financial_year AS year, count(*) FILTER (WHERE r.id IS NULL)::integer AS lines, count(r.id)::integer AS taken_out,
		       coalesce(sum(c.pence) FILTER (WHERE r.id IS NULL AND c.form = 'cash'), 0)::bigint AS cash,
		       coalesce(sum(c.pence) FILTER (WHERE r.id IS NULL AND c.form = 'in kind'), 0)::bigint AS in_kind,
		       coalesce(bool_or(c.is_estimated) FILTER (WHERE r.id IS NULL), false) AS is_estimated,
		       coalesce(bool_or(c.is_demonstration) FILTER (WHERE r.id IS NULL), false) AS is_demonstration
		FROM published.contribution c LEFT JOIN published.contribution r ON r.reverses_id = c.id
		WHERE c.reverses_id IS NULL GROUP BY c.financial_year`)
	totals, err := pgx.CollectRows(rows, pgx.RowToStructByName[Total])
	if err != nil {
		return nil, fmt.Errorf("add up the published contributions: %w", err)
	}
	return totals, nil
}

// selectSuccessions gives those that had taken place on a day.
func selectSuccessions(ctx context.Context, db pg.DB, f lineFilter, on day.Date) ([]succession, error) {
	rows, _ := db.Query(ctx, `
		SELECT s.predecessor_id, s.successor_id FROM `+f.view("organisation_succession")+` s WHERE s.takes_over_on <= @on
		ORDER BY s.predecessor_id, s.successor_id`, f.args(pgx.StrictNamedArgs{"on": on}))
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[succession])
	if err != nil {
		return nil, fmt.Errorf("read the published successions: %w", err)
	}
	return list, nil
}

// selectPartners gives the safeguarding partners of some day of the filter's year.
func selectPartners(ctx context.Context, db pg.DB, f lineFilter) ([]id.Organisation, error) {
	rows, _ := db.Query(ctx, `
		SELECT DISTINCT p.organisation_id FROM `+f.view("safeguarding_partner")+` p WHERE p.during && daterange(@first::date, @last::date, '[]')
		ORDER BY 1`, f.args(pgx.StrictNamedArgs{"first": f.year.Starts(), "last": f.year.Ends()}))
	list, err := pgx.CollectRows(rows, pgx.RowTo[id.Organisation])
	if err != nil {
		return nil, fmt.Errorf("read the partners of %s: %w", f.year, err)
	}
	return list, nil
}

// datedName is a name of a body from a day on.
type datedName struct {
	OrganisationID id.Organisation
	Slug           string
	Name           string
	StartsOn       day.Date
}

// selectNames reads every name of the bodies at once: one subquery for each line would cost more than all else.
func selectNames(ctx context.Context, db pg.DB, f lineFilter, bodies []id.Organisation) (names, error) {
	rows, _ := db.Query(ctx, `
		SELECT m.organisation_id, o.slug, m.name, m.starts_on
		FROM `+f.view("organisation_name")+` m JOIN published.organisation o ON o.id = m.organisation_id
		WHERE m.organisation_id = ANY(@bodies) ORDER BY m.organisation_id, m.starts_on NULLS FIRST`, f.args(pgx.StrictNamedArgs{"bodies": bodies}))
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[datedName])
	if err != nil {
		return nil, fmt.Errorf("read the names of the payers: %w", err)
	}
	of := names{}
	for _, n := range list {
		of[n.OrganisationID] = append(of[n.OrganisationID], n)
	}
	return of, nil
}
