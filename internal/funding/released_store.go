package funding

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

func selectReleased(ctx context.Context, db pg.DB) ([]Released, error) {
	rows, _ := db.Query(ctx, `
		SELECT y.financial_year AS year, y.origin, m.opening_pence, y.skip_reason, y.method, y.review_due_on, y.agreed_on, y.agreed_precision, y.agreed_source,
		       y.round_number, y.released_at, y.is_demonstration OR m.is_demonstration AS is_demonstration,
		       l.lines AS proposed_lines, l.cash AS proposed_cash, l.in_kind AS proposed_in_kind,
		       m.income_pence AS income, m.expenditure_pence AS expenditure, m.closing_pence AS closing, coalesce(m.closing_note, '') AS closing_note, m.closed_on
		FROM published.funding_year y JOIN published.ledger_summary m USING (financial_year)
		CROSS JOIN LATERAL (SELECT count(*)::integer AS lines, coalesce(sum(x.pence) FILTER (WHERE x.form = 'cash'), 0)::bigint AS cash,
		                           coalesce(sum(x.pence) FILTER (WHERE x.form = 'in kind'), 0)::bigint AS in_kind
		                    FROM published.funding_line x WHERE x.financial_year = y.financial_year) l`)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[Released])
	if err != nil {
		return nil, fmt.Errorf("read the released years: %w", err)
	}
	return list, nil
}

// selectReleasedLines gives what is proposed for a year and still to be agreed.
func selectReleasedLines(ctx context.Context, db pg.DB, year day.FinancialYear) ([]Line, error) {
	rows, _ := db.Query(ctx, `
		SELECT l.id, l.financial_year AS year, l.organisation_id AS organisation, o.slug, l.form, l.pence, l.valuation, l.is_estimated, l.purpose, l.note,
		       y.released_at::date AS agreed_on, 'day' AS agreed_precision, '' AS source, l.is_demonstration, y.released_at AS recorded_at,
		       l.payer_total_pence AS total, l.parts, l.conditions, l.decision_number, '' AS adjustment_reason, false AS was_signed, l.is_confirmed
		FROM published.funding_line l JOIN published.organisation o ON o.id = l.organisation_id JOIN published.funding_year y USING (financial_year)
		WHERE l.financial_year = @year ORDER BY l.form, l.pence DESC, l.id`, pgx.StrictNamedArgs{"year": year})
	lines, err := pgx.CollectRows(rows, pgx.RowToStructByName[Line])
	if err != nil {
		return nil, fmt.Errorf("read what is proposed for %s: %w", year, err)
	}
	return lines, nil
}

// selectReleasedSpending leaves out the categories without budget and spending.
func selectReleasedSpending(ctx context.Context, db pg.DB, year day.FinancialYear) ([]CategorySpending, error) {
	rows, _ := db.Query(ctx, `
		SELECT code, name, coalesce(budget_pence, 0) > 0 AS has_budget, coalesce(budget_pence, 0) AS budget, spent_pence AS spent
		FROM published.category_spending WHERE financial_year = @year AND (budget_pence > 0 OR spent_pence <> 0) ORDER BY position`, pgx.StrictNamedArgs{"year": year})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[CategorySpending])
	if err != nil {
		return nil, fmt.Errorf("read the spending of %s: %w", year, err)
	}
	return list, nil
}

func selectPayments(ctx context.Context, db pg.DB, year day.FinancialYear) ([]OpenPayment, error) {
	rows, _ := db.Query(ctx, `
		SELECT id, dated_on, category, supplier, is_withheld, description, reference, pence, is_demonstration
		FROM published.spend_line WHERE financial_year = @year ORDER BY dated_on, id`, pgx.StrictNamedArgs{"year": year})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[OpenPayment])
	if err != nil {
		return nil, fmt.Errorf("read the payments of %s: %w", year, err)
	}
	return list, nil
}

func selectReleasedReviews(ctx context.Context, db pg.DB, year day.FinancialYear) ([]Review, error) {
	rows, _ := db.Query(ctx, `
		SELECT held_on, outcome, next_due_on, recorded_at FROM published.funding_review WHERE financial_year = @year ORDER BY held_on DESC, id DESC`,
		pgx.StrictNamedArgs{"year": year})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[Review])
	if err != nil {
		return nil, fmt.Errorf("read the reviews of %s: %w", year, err)
	}
	return list, nil
}

// decisionReader gives the published records that authorised the lines of a year.
type decisionReader func(context.Context, pg.DB, day.FinancialYear) (map[id.Contribution]DecisionLink, error)

func selectContributionDecisions(ctx context.Context, db pg.DB, year day.FinancialYear) (map[id.Contribution]DecisionLink, error) {
	return selectDecisions(ctx, db, year, `SELECT d.contribution_id AS line, d.body, d.ref, d.number FROM published.contribution_decision d
		JOIN published.contribution c ON c.id = d.contribution_id WHERE c.financial_year = @year`)
}

func selectLineDecisions(ctx context.Context, db pg.DB, year day.FinancialYear) (map[id.Contribution]DecisionLink, error) {
	return selectDecisions(ctx, db, year, `SELECT d.line_id AS line, d.body, d.ref, d.number FROM published.funding_line_decision d
		JOIN published.funding_line l ON l.id = d.line_id WHERE l.financial_year = @year`)
}

func selectDecisions(ctx context.Context, db pg.DB, year day.FinancialYear, query string) (map[id.Contribution]DecisionLink, error) {
	rows, _ := db.Query(ctx, query, pgx.StrictNamedArgs{"year": year})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[decided])
	if err != nil {
		return nil, fmt.Errorf("read the decisions that authorised contributions for %s: %w", year, err)
	}
	links := map[id.Contribution]DecisionLink{}
	for _, d := range list {
		links[d.Line] = d.DecisionLink
	}
	return links, nil
}
