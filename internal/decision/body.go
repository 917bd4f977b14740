package decision

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// publishedNameOf gives the name of organisation o on a day from what is published.
const publishedNameOf = `
	coalesce((SELECT m.name FROM published.organisation_name m WHERE m.organisation_id = o.id
	 ORDER BY (m.during @> @today::date) DESC, (coalesce(m.starts_on, '-infinity') <= @today::date) DESC,
	          CASE WHEN coalesce(m.starts_on, '-infinity') <= @today::date THEN m.starts_on END DESC NULLS LAST, m.starts_on ASC NULLS FIRST
	 LIMIT 1), o.slug)`

const everyBody = `
	SELECT o.id, o.slug, ` + publishedNameOf + ` AS name FROM published.organisation o
	UNION ALL SELECT 0, '` + PartnershipSlug + `', coalesce((SELECT p.name FROM published.partnership p), '')`

// selectPublishedBody finds a body by its slug among those that anybody may know. Fault: NotFound.
func selectPublishedBody(ctx context.Context, db pg.DB, slug string, today day.Date) (Body, error) {
	// An organisation of the partnership's own slug would hide behind it.
	rows, _ := db.Query(ctx, `SELECT id, slug, name FROM (`+everyBody+`) b WHERE slug = @slug ORDER BY id LIMIT 1`, pgx.StrictNamedArgs{"slug": slug, "today": today})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[Body])
	if err != nil {
		return Body{}, fmt.Errorf("read body %q: %w", slug, err)
	}
	if len(list) == 0 {
		return Body{}, errNoBody
	}
	return list[0], nil
}

func selectBodiesByID(ctx context.Context, db pg.DB, ids []int64, today day.Date) (map[id.Organisation]Body, error) {
	rows, _ := db.Query(ctx, `SELECT id, slug, name FROM (`+everyBody+`) b WHERE id = ANY (@ids::bigint[])`, pgx.StrictNamedArgs{"ids": ids, "today": today})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[Body])
	if err != nil {
		return nil, fmt.Errorf("read the bodies of records: %w", err)
	}
	bodies := make(map[id.Organisation]Body, len(list))
	for _, b := range list {
		bodies[b.ID] = b
	}
	return bodies, nil
}
