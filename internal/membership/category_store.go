package membership

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/pg"
)

const categoryColumns = `paragraph, group_name, category, confidence, starts_on, ends_on, source`

func selectCategories(ctx context.Context, db pg.DB) ([]Category, error) {
	rows, _ := db.Query(ctx, `SELECT `+categoryColumns+` FROM agency_category ORDER BY paragraph`)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[Category])
	if err != nil {
		return nil, fmt.Errorf("read the categories of the Schedule: %w", err)
	}
	return list, nil
}

func selectCategoryLines(ctx context.Context, db pg.DB, today day.Date) ([]CategoryLine, error) {
	rows, _ := db.Query(ctx, `
		SELECT `+categoryColumns+`, coalesce(n.agencies, 0) AS agencies FROM agency_category
		LEFT JOIN (SELECT mc.paragraph, count(*) AS agencies FROM agency_membership_category mc JOIN agency_membership m ON m.id = mc.membership_id
		           WHERE mc.retracted_at IS NULL AND m.retracted_at IS NULL AND m.during @> $1::date GROUP BY mc.paragraph) n USING (paragraph)
		ORDER BY paragraph`, today)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[CategoryLine])
	if err != nil {
		return nil, fmt.Errorf("read the categories with their agencies: %w", err)
	}
	return list, nil
}

func selectCategory(ctx context.Context, db pg.DB, paragraph int) (CategoryRecord, error) {
	rows, _ := db.Query(ctx, `SELECT `+categoryColumns+`, known_from FROM agency_category WHERE paragraph = $1`, paragraph)
	c, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[CategoryRecord])
	if errors.Is(err, pgx.ErrNoRows) {
		return CategoryRecord{}, errNoCategory
	}
	if err != nil {
		return CategoryRecord{}, fmt.Errorf("read category %d: %w", paragraph, err)
	}
	rows, _ = db.Query(ctx, `
		SELECT `+categoryColumns+`, known_from, known_until FROM agency_category_past WHERE paragraph = $1 ORDER BY known_until DESC`, paragraph)
	if c.Earlier, err = pgx.CollectRows(rows, pgx.RowToStructByName[CategoryWording]); err != nil {
		return CategoryRecord{}, fmt.Errorf("read the earlier wordings of category %d: %w", paragraph, err)
	}
	return c, nil
}

func (c Category) args() pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{"paragraph": c.Paragraph, "group": c.GroupName, "category": c.Category, "confidence": c.Confidence,
		"starts": c.StartsOn, "ends": c.EndsOn, "source": c.Source}
}

func insertCategory(ctx context.Context, tx pgx.Tx, c Category) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO agency_category (paragraph, group_name, category, confidence, starts_on, ends_on, source)
		VALUES (@paragraph, @group, @category, @confidence, @starts, @ends, @source)`, c.args())
	if err != nil {
		return fmt.Errorf("insert category %d: %w", c.Paragraph, translate(err))
	}
	return nil
}

func updateCategory(ctx context.Context, tx pgx.Tx, c Category) error {
	done, err := tx.Exec(ctx, `
		UPDATE agency_category SET group_name = @group, category = @category, confidence = @confidence, starts_on = @starts, ends_on = @ends, source = @source
		WHERE paragraph = @paragraph`, c.args())
	if err != nil {
		return fmt.Errorf("change category %d: %w", c.Paragraph, translate(err))
	}
	if done.RowsAffected() == 0 {
		return errNoCategory
	}
	return nil
}
