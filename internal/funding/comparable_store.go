package funding

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// brokenComparable says what a broken constraint means to the user. Fields are those of the form.
var brokenComparable = map[string]*fault.Error{
	"comparable_figure_once":              errComparableTwice,
	"comparable_figure_alone":             errComparableTwice,
	"comparable_figure_reversed_once":     errComparableOut,
	"comparable_figure_reverses_a_figure": errNoComparable,
	"comparable_figure_area_length":       fault.Field("area", "The name of the area must be 100 characters or fewer"),
	"comparable_figure_source_length":     fault.Field("source", "Enter where the figure can be read, in 2,000 characters or fewer"),
	"comparable_figure_note_length":       fault.Field("note", "The note must be 2,000 characters or fewer"),
	"comparable_figure_reason_length":     fault.Field("reason", "The reason must be 2,000 characters or fewer"),
}

const comparableColumns = `
	f.id, f.area, f.financial_year AS year, f.measure, f.kind, f.amount, f.source, f.note, f.is_demonstration, f.recorded_at,
	r.recorded_at AS taken_out_at, coalesce(r.reason, '') AS reason`

func selectComparable(ctx context.Context, db pg.DB, which id.Comparable) (Comparable, error) {
	rows, _ := db.Query(ctx, `SELECT `+comparableColumns+` FROM comparable_figure f LEFT JOIN comparable_figure r ON r.reverses_id = f.id
		WHERE f.reverses_id IS NULL AND f.id = @id`, pgx.StrictNamedArgs{"id": which})
	c, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Comparable])
	if errors.Is(err, pgx.ErrNoRows) {
		return Comparable{}, errNoComparable
	}
	if err != nil {
		return Comparable{}, fmt.Errorf("read comparable figure %d: %w", which, err)
	}
	return c, nil
}

// selectComparables lists every figure by area, the latest year first; the partnership's own area leads.
func selectComparables(ctx context.Context, db pg.DB) ([]Comparable, error) {
	rows, _ := db.Query(ctx, `SELECT `+comparableColumns+` FROM published.comparable_figure f LEFT JOIN published.comparable_figure r ON r.reverses_id = f.id
		WHERE f.reverses_id IS NULL ORDER BY lower(f.area), f.financial_year DESC, f.measure, f.kind, f.id`)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[Comparable])
	if err != nil {
		return nil, fmt.Errorf("read the comparable figures: %w", err)
	}
	return list, nil
}

func insertComparable(ctx context.Context, tx pgx.Tx, c ComparableCommand) (id.Comparable, error) {
	var made id.Comparable
	err := tx.QueryRow(ctx, `
		INSERT INTO comparable_figure (area, financial_year, measure, kind, amount, source, note, is_demonstration)
		VALUES (@area, @year, @measure, @kind, @amount, @source, @note, @demonstration) RETURNING id`,
		pgx.StrictNamedArgs{"area": c.Area, "year": c.Year, "measure": c.Measure, "kind": c.Kind, "amount": c.Amount, "source": c.Source, "note": c.Note,
			"demonstration": c.Demonstration}).Scan(&made)
	if err != nil {
		return 0, fmt.Errorf("insert a figure of %q: %w", c.Area, pg.Translate(err, brokenComparable))
	}
	return made, nil
}

func insertComparableReversal(ctx context.Context, tx pgx.Tx, c ReverseComparableCommand) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO comparable_figure (area, financial_year, measure, kind, amount, source, note, is_demonstration, reverses_id, reason)
		SELECT area, financial_year, measure, kind, amount, source, note, is_demonstration, id, @reason FROM comparable_figure WHERE id = @id`,
		pgx.StrictNamedArgs{"id": c.ID, "reason": c.Reason})
	if err != nil {
		return fmt.Errorf("take out comparable figure %d: %w", c.ID, pg.Translate(err, brokenComparable))
	}
	return nil
}
