package funding

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

func selectCategorySpending(ctx context.Context, db pg.DB, year day.FinancialYear) ([]CategorySpending, error) {
	rows, _ := db.Query(ctx, `
		SELECT c.code, c.name, b.pence IS NOT NULL AS has_budget, coalesce(b.pence, 0) AS budget,
		       coalesce((SELECT sum(CASE x.kind WHEN 'payment' THEN x.pence ELSE -x.pence END) FROM expenditure x
		                 WHERE x.financial_year = @year AND x.category = c.code AND x.reverses_id IS NULL
		                   AND NOT EXISTS (SELECT FROM expenditure r WHERE r.reverses_id = x.id)), 0)::bigint AS spent
		FROM funding_category c LEFT JOIN budget_line b ON b.category = c.code AND b.financial_year = @year ORDER BY c.position`,
		pgx.StrictNamedArgs{"year": year})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[CategorySpending])
	if err != nil {
		return nil, fmt.Errorf("add up the spending of %s: %w", year, err)
	}
	return list, nil
}

const selectSpend = `
	SELECT x.id, x.financial_year AS year, x.category, g.name AS category_name, x.kind, x.pence, x.dated_on, x.supplier, x.is_withheld, x.description, x.reference,
	       x.is_demonstration, x.recorded_at, coalesce(a.name, '') AS recorded_by,
	       EXISTS (SELECT FROM funding_closing c WHERE c.financial_year = x.financial_year) AS year_closed,
	       r.recorded_at AS reversed_at, coalesce(r.reason, '') AS reversed_reason, coalesce(m.bank_line_id, 0) AS bank_line
	FROM expenditure x JOIN funding_category g ON g.code = x.category LEFT JOIN account a ON a.id = x.recorded_by
	LEFT JOIN expenditure r ON r.reverses_id = x.id
	LEFT JOIN bank_match_part p ON p.expenditure_id = x.id AND p.undone_at IS NULL LEFT JOIN bank_match m ON m.id = p.bank_match_id
	WHERE x.reverses_id IS NULL`

func selectSpendLines(ctx context.Context, db pg.DB, year day.FinancialYear) ([]SpendLine, error) {
	rows, _ := db.Query(ctx, selectSpend+` AND x.financial_year = @year ORDER BY x.dated_on DESC, x.id DESC`, pgx.StrictNamedArgs{"year": year})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[SpendLine])
	if err != nil {
		return nil, fmt.Errorf("read the spending of %s: %w", year, err)
	}
	return list, nil
}

func selectSpendLine(ctx context.Context, db pg.DB, which id.Expenditure) (SpendLine, error) {
	rows, _ := db.Query(ctx, selectSpend+` AND x.id = @id`, pgx.StrictNamedArgs{"id": which})
	l, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[SpendLine])
	if errors.Is(err, pgx.ErrNoRows) {
		return SpendLine{}, errNoSpend
	}
	if err != nil {
		return SpendLine{}, fmt.Errorf("read line %d of spending: %w", which, err)
	}
	return l, nil
}

// selectSameSpend tells whether a line that counts says the very same.
func selectSameSpend(ctx context.Context, tx pgx.Tx, c SpendCommand) (bool, error) {
	var yes bool
	err := tx.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM expenditure x
			WHERE x.financial_year = @year AND x.category = @category AND x.kind = @kind AND x.pence = @pence AND x.dated_on = @dated AND x.supplier = @supplier
			  AND x.description = @description AND x.reference = @reference AND x.reverses_id IS NULL
			  AND NOT EXISTS (SELECT FROM expenditure r WHERE r.reverses_id = x.id))`,
		pgx.StrictNamedArgs{"year": c.Year, "category": c.Category, "kind": c.Kind, "pence": c.Pence, "dated": c.DatedOn, "supplier": c.Supplier,
			"description": c.Description, "reference": c.Reference}).Scan(&yes)
	if err != nil {
		return false, fmt.Errorf("look for the same line of spending: %w", err)
	}
	return yes, nil
}

func insertSpend(ctx context.Context, tx pgx.Tx, by authz.Actor, c SpendCommand) (id.Expenditure, error) {
	var made id.Expenditure
	err := tx.QueryRow(ctx, `
		INSERT INTO expenditure (financial_year, category, kind, pence, dated_on, supplier, is_withheld, description, reference, is_demonstration, recorded_by)
		VALUES (@year, @category, @kind, @pence, @dated, @supplier, @withheld, @description, @reference, @demonstration, nullif(@by::bigint, 0)) RETURNING id`,
		pgx.StrictNamedArgs{"year": c.Year, "category": c.Category, "kind": c.Kind, "pence": c.Pence, "dated": c.DatedOn, "supplier": c.Supplier,
			"withheld": c.Withheld, "description": c.Description, "reference": c.Reference, "demonstration": c.Demonstration, "by": by.Account}).Scan(&made)
	if err != nil {
		return 0, fmt.Errorf("insert a line of spending: %w", pg.Translate(err, brokenLedger))
	}
	return made, nil
}

func insertSpendReversal(ctx context.Context, tx pgx.Tx, by authz.Actor, c ReverseSpendCommand) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO expenditure (financial_year, category, kind, pence, dated_on, supplier, is_withheld, description, reference, is_demonstration, recorded_by, reverses_id, reason)
		SELECT financial_year, category, kind, pence, dated_on, supplier, is_withheld, description, reference, is_demonstration, nullif(@by::bigint, 0), id, @reason
		FROM expenditure WHERE id = @id`, pgx.StrictNamedArgs{"id": c.ID, "reason": c.Reason, "by": by.Account})
	if err != nil {
		return fmt.Errorf("reverse line %d of spending: %w", c.ID, pg.Translate(err, brokenLedger))
	}
	return nil
}
