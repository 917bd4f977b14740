package funding

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// lastAnswer joins the last word p of the payer's staff on the line l as it stands.
const lastAnswer = `
	LEFT JOIN LATERAL (SELECT x.answer, x.words, x.account_id, x.recorded_at FROM pledge_confirmation x WHERE x.line_id = l.id AND x.revision = l.revision
	                   ORDER BY x.id DESC LIMIT 1) p ON true`

// ofAgency tells whether the payer of the line l is a relevant agency: one whose staff are asked to confirm.
const ofAgency = `EXISTS (SELECT FROM agency_membership m WHERE m.organisation_id = l.organisation_id AND m.retracted_at IS NULL)`

const headColumns = `
	SELECT y.financial_year AS year, y.origin, funding_opening(y.financial_year) AS opening, y.skip_reason, y.method,
	       coalesce((SELECT r.next_due_on FROM funding_review r WHERE r.financial_year = y.financial_year ORDER BY r.held_on DESC, r.id DESC LIMIT 1),
	                y.review_due_on) AS review_due_on,
	       y.agreed_on, y.agreed_precision, y.agreed_source, coalesce(y.agreed_round_id, 0) AS agreed_round, y.released_at, (SELECT c.recorded_at FROM funding_closing c WHERE c.financial_year = y.financial_year) AS closed_at,
	       y.is_demonstration, y.revision,
	       CASE WHEN r.outcome = 'open' THEN r.id ELSE 0 END AS open_round, coalesce(r.number, 0) AS round_number,
	       (SELECT count(*) FROM act a WHERE a.round_id = r.id AND a.kind = 'sign')::integer AS signed,
	       (SELECT count(*) FROM seat s WHERE s.round_id = r.id)::integer AS seats,
	       coalesce(r.outcome IN ('declined', 'recalled'), false) AS declined,
	       t.lines, t.cash, t.in_kind, t.estimated, b.budget, t.pledges, t.confirmed, t.queried
	FROM funding_year y
	LEFT JOIN LATERAL (SELECT r.id, r.number, r.outcome FROM round r WHERE r.paper_kind = 'funding year' AND r.paper_id = y.financial_year ORDER BY r.number DESC LIMIT 1) r ON true
	CROSS JOIN LATERAL (SELECT coalesce(sum(x.pence), 0)::bigint AS budget FROM budget_line x WHERE x.financial_year = y.financial_year) b
	CROSS JOIN LATERAL (
		SELECT count(*)::integer AS lines, coalesce(sum(g.pence) FILTER (WHERE g.form = 'cash'), 0)::bigint AS cash,
		       coalesce(sum(g.pence) FILTER (WHERE g.form = 'in kind'), 0)::bigint AS in_kind, coalesce(bool_or(g.is_estimated), false) AS estimated,
		       count(*) FILTER (WHERE g.is_agency)::integer AS pledges, count(*) FILTER (WHERE g.is_agency AND g.answer = 'confirmed')::integer AS confirmed,
		       count(*) FILTER (WHERE g.is_agency AND g.answer = 'query')::integer AS queried
		FROM (
			SELECT l.pence, l.form, l.is_estimated, ` + ofAgency + ` AS is_agency, p.answer
			FROM funding_line l` + lastAnswer + ` WHERE l.financial_year = y.financial_year AND l.removed_at IS NULL AND y.agreed_at IS NULL
			UNION ALL SELECT c.pence, c.form, c.is_estimated, false, NULL
			FROM contribution c WHERE c.financial_year = y.financial_year AND y.agreed_at IS NOT NULL AND c.reverses_id IS NULL
			  AND NOT EXISTS (SELECT FROM contribution x WHERE x.reverses_id = c.id)) g) t`

// selectHeads reads one year, or with none all of them.
func selectHeads(ctx context.Context, db pg.DB, year day.FinancialYear) ([]Head, error) {
	rows, _ := db.Query(ctx, headColumns+` WHERE @year::integer IN (0, y.financial_year) ORDER BY y.financial_year DESC`, pgx.StrictNamedArgs{"year": year})
	heads, err := pgx.CollectRows(rows, pgx.RowToStructByName[Head])
	if err != nil {
		return nil, fmt.Errorf("read the financial years: %w", err)
	}
	return heads, nil
}

func selectHead(ctx context.Context, db pg.DB, year day.FinancialYear) (Head, error) {
	heads, err := selectHeads(ctx, db, year)
	if err != nil {
		return Head{}, err
	}
	if year == 0 || len(heads) == 0 {
		return Head{}, errNoPlan
	}
	return heads[0], nil
}

// lockYear holds a year still, so that of two changes at once the second sees the first.
func lockYear(ctx context.Context, tx pgx.Tx, year day.FinancialYear) (Head, error) {
	err := tx.QueryRow(ctx, `SELECT FROM funding_year WHERE financial_year = $1 FOR NO KEY UPDATE`, year).Scan()
	if errors.Is(err, pgx.ErrNoRows) {
		return Head{}, errNoPlan
	}
	if err != nil {
		return Head{}, fmt.Errorf("lock the financial year %s: %w", year, err)
	}
	return selectHead(ctx, tx, year)
}

func selectPlan(ctx context.Context, db pg.DB, year day.FinancialYear) (p Plan, err error) {
	if p.Head, err = selectHead(ctx, db, year); err != nil {
		return Plan{}, err
	}
	if p.Proposal, err = selectPlanLines(ctx, db, year, 0); err != nil {
		return Plan{}, err
	}
	if p.Status() != Proposed {
		if p.Contributions, err = selectContributions(ctx, db, Filter{Year: year}); err != nil {
			return Plan{}, err
		}
	}
	if p.BudgetLines, err = selectBudget(ctx, db, year); err != nil {
		return Plan{}, err
	}
	p.Reviews, err = selectReviews(ctx, db, year)
	return p, err
}

const planLineColumns = `
	SELECT l.id, l.organisation_id AS organisation, o.slug,
	       organisation_name_on(o.id, make_date(l.financial_year, 4, 1)) AS name, l.form, l.payer_total_pence AS total, l.pence,
	       funding_line_parts(l.id, l.revision) AS parts, l.valuation, l.is_estimated, l.purpose, l.conditions, l.note,
	       coalesce(l.decision_id, 0) AS decision, coalesce(d.ref, '') AS decision_ref, coalesce(nullif(d.number, ''), d.ref, '') AS decision_name,
	       l.revision, ` + ofAgency + ` AS is_agency, coalesce(p.answer, '') AS answer, coalesce(a.name, '') AS answered_by, p.recorded_at AS answered_at,
	       coalesce(p.words, '') AS answer_words
	FROM funding_line l JOIN organisation o ON o.id = l.organisation_id LEFT JOIN decision d ON d.id = l.decision_id` + lastAnswer + `
	LEFT JOIN account a ON a.id = p.account_id`

// selectPlanLines reads the lines of a year, or one of them, in the order in which they were first proposed.
func selectPlanLines(ctx context.Context, db pg.DB, year day.FinancialYear, which id.FundingLine) ([]PlanLine, error) {
	rows, _ := db.Query(ctx, planLineColumns+` WHERE l.financial_year = @year AND l.removed_at IS NULL AND @line::bigint IN (0, l.id) ORDER BY l.id`,
		pgx.StrictNamedArgs{"year": year, "line": which})
	lines, err := pgx.CollectRows(rows, pgx.RowToStructByName[PlanLine])
	if err != nil {
		return nil, fmt.Errorf("read the lines of %s: %w", year, err)
	}
	return lines, nil
}

func selectBudget(ctx context.Context, db pg.DB, year day.FinancialYear) ([]BudgetLine, error) {
	rows, _ := db.Query(ctx, `
		SELECT c.code AS category, c.name, coalesce(b.pence, 0) AS pence
		FROM funding_category c LEFT JOIN budget_line b ON b.category = c.code AND b.financial_year = $1 ORDER BY c.position`, year)
	lines, err := pgx.CollectRows(rows, pgx.RowToStructByName[BudgetLine])
	if err != nil {
		return nil, fmt.Errorf("read the budget of %s: %w", year, err)
	}
	return lines, nil
}

func selectReviews(ctx context.Context, db pg.DB, year day.FinancialYear) ([]Review, error) {
	rows, _ := db.Query(ctx, `
		SELECT held_on, outcome, next_due_on, recorded_at FROM funding_review WHERE financial_year = $1 ORDER BY held_on DESC, id DESC`, year)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[Review])
	if err != nil {
		return nil, fmt.Errorf("read the reviews of %s: %w", year, err)
	}
	return list, nil
}
