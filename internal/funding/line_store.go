package funding

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
)

func selectPayer(ctx context.Context, tx pgx.Tx, slug string) (id.Organisation, error) {
	var body id.Organisation
	err := tx.QueryRow(ctx, `SELECT id FROM organisation WHERE slug = $1 AND retracted_at IS NULL`, slug).Scan(&body)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, fault.Field("organisation", "There is no such organisation. Choose one from the list")
	}
	if err != nil {
		return 0, fmt.Errorf("find organisation %q: %w", slug, err)
	}
	return body, nil
}

func (c LineCommand) args(by authz.Actor, body id.Organisation) pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{"year": c.Year, "body": body, "form": c.Form, "total": c.Total, "pence": OurPart(c.Total, c.Parts),
		"valuation": c.Valuation, "estimated": c.Estimated, "purpose": c.Purpose, "conditions": c.Conditions, "note": c.Note,
		"decision": c.Decision, "by": by.Account}
}

func insertLine(ctx context.Context, tx pgx.Tx, by authz.Actor, body id.Organisation, c LineCommand) (id.FundingLine, error) {
	var made id.FundingLine
	err := tx.QueryRow(ctx, `
		INSERT INTO funding_line (financial_year, organisation_id, form, payer_total_pence, pence, valuation, is_estimated, purpose, conditions, note,
		                          decision_id, changed_by)
		VALUES (@year, @body, @form, @total, @pence, @valuation, @estimated, @purpose, @conditions, @note, nullif(@decision::bigint, 0), nullif(@by::bigint, 0))
		RETURNING id`, c.args(by, body)).Scan(&made)
	if err != nil {
		return 0, fmt.Errorf("insert a line of %s: %w", c.Year, translateYear(err))
	}
	return made, insertParts(ctx, tx, made, 1, c.Parts)
}

func updateLine(ctx context.Context, tx pgx.Tx, by authz.Actor, body id.Organisation, c LineCommand) error {
	args := c.args(by, body)
	delete(args, "year")
	args["id"] = c.ID
	var revision int
	err := tx.QueryRow(ctx, `
		UPDATE funding_line SET organisation_id = @body, form = @form, payer_total_pence = @total, pence = @pence, valuation = @valuation,
		       is_estimated = @estimated, purpose = @purpose, conditions = @conditions, note = @note, decision_id = nullif(@decision::bigint, 0),
		       changed_by = nullif(@by::bigint, 0)
		WHERE id = @id RETURNING revision`, args).Scan(&revision)
	if err != nil {
		return fmt.Errorf("change line %d: %w", c.ID, translateYear(err))
	}
	return insertParts(ctx, tx, c.ID, revision, c.Parts)
}

// insertParts writes the parts of a line for its new revision.
func insertParts(ctx context.Context, tx pgx.Tx, line id.FundingLine, revision int, parts []Part) error {
	if len(parts) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO funding_line_part (line_id, revision, position, label, weight, is_ours)
		SELECT @line, @revision, x.position, x.part ->> 'label', (x.part ->> 'weight')::bigint, (x.part ->> 'isOurs')::boolean
		FROM jsonb_array_elements(@parts) WITH ORDINALITY x (part, position)`,
		pgx.StrictNamedArgs{"line": line, "revision": revision, "parts": parts})
	if err != nil {
		return fmt.Errorf("write the parts of line %d: %w", line, translateYear(err))
	}
	return nil
}
