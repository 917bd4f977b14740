package funding

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/money"
	"partnershipportal/internal/pg"
)

// broken says what a broken constraint means to the user. Fields are those of the forms.
var broken = map[string]*fault.Error{
	"contribution_year_open":                errYearClosed,
	"contribution_organisation_existed":     fault.Field("organisation", "This organisation did not exist in that financial year. Choose its predecessor or successor"),
	"contribution_reversed_once":            errTakenOut,
	"contribution_reverses_a_contribution":  errNoLine,
	"contribution_purpose_length":           fault.Field("purpose", "Enter what the contribution is for, in 200 characters or fewer"),
	"contribution_source_length":            fault.Field("source", "Enter where the agreement can be read, in 2,000 characters or fewer"),
	"contribution_valuation_length":         fault.Field("valuation", "The valuation must be 500 characters or fewer"),
	"contribution_note_length":              fault.Field("note", "The note must be 2,000 characters or fewer"),
	"contribution_conditions_length":        fault.Field("conditions", "The conditions must be 2,000 characters or fewer"),
	"contribution_decision_number_length":   fault.Field("decision", "The number of the decision must be 40 characters or fewer"),
	"contribution_recorded_alone":           errNotAgreed,
	"contribution_of_an_agreed_year":        errNotAgreed,
	"contribution_adjusts_an_agreed_year":   errNothingToAdjust,
	"contribution_adjustment_reason_length": fault.Field("adjustment-reason", "The reason must be 2,000 characters or fewer"),
	"contribution_reason_length":            fault.Field("reason", "The reason must be 2,000 characters or fewer"),
}

const selectLine = `
	SELECT c.id, c.financial_year AS year, o.slug, organisation_name_on(o.id, c.agreed_on) AS name, c.form, c.pence, c.valuation, c.is_estimated,
	       c.purpose, c.note, c.agreed_on, c.agreed_precision, c.source, c.is_demonstration, c.recorded_at,
	       r.recorded_at AS taken_out_at, coalesce(r.reason, '') AS reason, coalesce(c.payer_total_pence, c.pence) AS total, c.parts, c.conditions,
	       c.decision_number, c.adjustment_reason, c.funding_line_id IS NOT NULL AS was_signed
	FROM contribution c JOIN organisation o ON o.id = c.organisation_id LEFT JOIN contribution r ON r.reverses_id = c.id
	WHERE c.reverses_id IS NULL`

func selectContributions(ctx context.Context, db pg.DB, f Filter) ([]Contribution, error) {
	args, where := pgx.StrictNamedArgs{}, ""
	if f.Year != 0 {
		args["year"], where = f.Year, " AND c.financial_year = @year"
	}
	rows, _ := db.Query(ctx, selectLine+where+` ORDER BY c.financial_year DESC, lower(organisation_name_on(o.id, c.agreed_on)), c.id`, args)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[Contribution])
	if err != nil {
		return nil, fmt.Errorf("read the contributions: %w", err)
	}
	return list, nil
}

func selectContribution(ctx context.Context, db pg.DB, which id.Contribution) (Contribution, error) {
	rows, _ := db.Query(ctx, selectLine+` AND c.id = @id`, pgx.StrictNamedArgs{"id": which})
	c, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Contribution])
	if errors.Is(err, pgx.ErrNoRows) {
		return Contribution{}, errNoLine
	}
	if err != nil {
		return Contribution{}, fmt.Errorf("read contribution %d: %w", which, err)
	}
	return c, nil
}

func selectRecordedYears(ctx context.Context, db pg.DB) ([]day.FinancialYear, error) {
	rows, _ := db.Query(ctx, `SELECT DISTINCT financial_year FROM contribution ORDER BY financial_year DESC`)
	years, err := pgx.CollectRows(rows, pgx.RowTo[day.FinancialYear])
	if err != nil {
		return nil, fmt.Errorf("read the years with contributions: %w", err)
	}
	return years, nil
}

func lockOrganisation(ctx context.Context, tx pgx.Tx, slug string) (id.Organisation, error) {
	var body id.Organisation
	err := tx.QueryRow(ctx, `SELECT id FROM organisation WHERE slug = $1 AND retracted_at IS NULL FOR NO KEY UPDATE`, slug).Scan(&body)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, errNoBody
	}
	if err != nil {
		return 0, fmt.Errorf("lock organisation %q: %w", slug, err)
	}
	return body, nil
}

// selectSame tells whether a line that counts says the very same.
func selectSame(ctx context.Context, tx pgx.Tx, body id.Organisation, c RecordCommand) (bool, error) {
	var yes bool
	err := tx.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM contribution c
			WHERE c.organisation_id = @body AND c.financial_year = @year AND c.form = @form AND c.pence = @pence AND c.purpose = @purpose
			  AND c.agreed_on = @agreed AND c.agreed_precision = @precision AND c.source = @source AND c.reverses_id IS NULL
			  AND NOT EXISTS (SELECT FROM contribution r WHERE r.reverses_id = c.id))`,
		pgx.StrictNamedArgs{"body": body, "year": c.Year, "form": c.Form, "pence": c.Pence, "purpose": c.Purpose,
			"agreed": c.Agreed.Date, "precision": c.Agreed.Precision, "source": c.Source}).Scan(&yes)
	if err != nil {
		return false, fmt.Errorf("look for the same contribution of organisation %d: %w", body, err)
	}
	return yes, nil
}

func insertContribution(ctx context.Context, tx pgx.Tx, body id.Organisation, c RecordCommand) (id.Contribution, error) {
	total, parts := money.Pence(0), []Part{}
	if len(c.Parts) > 0 {
		total, parts = c.Total, c.Parts
	}
	var made id.Contribution
	err := tx.QueryRow(ctx, `
		INSERT INTO contribution (financial_year, organisation_id, form, pence, valuation, is_estimated, purpose, note, agreed_on, agreed_precision,
		                          source, is_demonstration, payer_total_pence, parts, conditions, decision_id, decision_number, adjustment_reason)
		VALUES (@year, @body, @form, @pence, @valuation, @estimated, @purpose, @note, @agreed, @precision, @source, @demonstration,
		        nullif(@total::bigint, 0), @parts, @conditions,
		        (SELECT CASE WHEN count(*) = 1 THEN min(d.id) END FROM decision d WHERE @decision::text <> '' AND upper(d.number) = upper(@decision) AND d.retracted_at IS NULL),
		        @decision, @adjustment) RETURNING id`,
		pgx.StrictNamedArgs{"year": c.Year, "body": body, "form": c.Form, "pence": c.Pence, "valuation": c.Valuation, "estimated": c.Estimated,
			"purpose": c.Purpose, "note": c.Note, "agreed": c.Agreed.Date, "precision": c.Agreed.Precision, "source": c.Source,
			"demonstration": c.Demonstration, "total": total, "parts": parts, "conditions": c.Conditions, "decision": c.DecisionNumber,
			"adjustment": c.AdjustmentReason}).Scan(&made)
	if err != nil {
		return 0, fmt.Errorf("insert a contribution of organisation %d: %w", body, pg.Translate(err, broken))
	}
	return made, nil
}

func insertReversal(ctx context.Context, tx pgx.Tx, c ReverseCommand) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO contribution (financial_year, organisation_id, form, pence, valuation, is_estimated, purpose, note, agreed_on, agreed_precision,
		                          source, is_demonstration, reverses_id, reason)
		SELECT financial_year, organisation_id, form, pence, valuation, is_estimated, purpose, note, agreed_on, agreed_precision,
		       source, is_demonstration, id, @reason FROM contribution WHERE id = @id`,
		pgx.StrictNamedArgs{"id": c.ID, "reason": c.Reason})
	if err != nil {
		return fmt.Errorf("take out contribution %d: %w", c.ID, pg.Translate(err, broken))
	}
	return nil
}
