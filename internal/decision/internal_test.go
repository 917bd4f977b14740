package decision

import (
	"context"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/pg"
)

// PublicSQL is the statement that reads a page of the published register, for tests of its plan.
func PublicSQL(ctx context.Context, db pg.DB, f Filter, today day.Date) (string, pgx.StrictNamedArgs, error) {
	var body *Body
	if f.Body != "" {
		found, err := selectPublishedBody(ctx, db, f.Body, today)
		if err != nil {
			return "", nil, err
		}
		body = &found
	}
	f.Limit = usualLimit
	if f.Text == "" {
		return f.sql(publicSource, body)
	}
	w, err := selectWanted(ctx, db, publicSource, f, body)
	if err != nil {
		return "", nil, err
	}
	var after *cursor
	if f.After != "" {
		c, err := readCursor(f.After, true)
		if err != nil {
			return "", nil, err
		}
		after = &c
	}
	sql, args := w.sql(w.looks(after), after)
	return sql, args, nil
}

// ForwardPlanSQL is the statement that reads the forward plan.
const ForwardPlanSQL = forwardPlanSQL
