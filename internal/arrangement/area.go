package arrangement

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
)

// AreasOf lists the areas for which a document is made today.
func (s *Service) AreasOf(ctx context.Context, document id.Document) ([]id.Area, error) {
	rows, _ := s.db.Query(ctx, `
		SELECT area_id FROM document_area WHERE document_id = @document AND retracted_at IS NULL AND during @> @today::date ORDER BY area_id`,
		pgx.StrictNamedArgs{"document": int64(document), "today": day.Of(s.now())})
	list, err := pgx.CollectRows(rows, pgx.RowTo[id.Area])
	if err != nil {
		return nil, fmt.Errorf("read the areas of document %d: %w", document, err)
	}
	return list, nil
}

// SaveAreas says for which areas the document of a draft is made from today on: the safeguarding partners of these
// areas get a seat when the next round opens. Earlier days keep their areas.
// The lock of the draft keeps others out, since a document has one.
// Faults: NotFound, Forbidden, Conflict (frozen), Invalid (no area, an area that the partnership does not cover).
func (s *Service) SaveAreas(ctx context.Context, by authz.Actor, ref Ref, areas []id.Area) error {
	return s.edit(ctx, by, ref, "version.areas-changed", func(tx pgx.Tx, d Draft, _ *audit.Event) error {
		if len(areas) == 0 {
			return fault.Field("areas", "Choose at least one area")
		}
		args := pgx.StrictNamedArgs{"document": int64(d.Document), "areas": areas, "today": day.Of(s.now())}
		for _, sql := range []string{
			`UPDATE document_area SET retracted_reason = 'Changed on the same day' WHERE document_id = @document AND retracted_at IS NULL
			 AND starts_on >= @today::date AND NOT area_id = ANY (@areas)`,
			`UPDATE document_area SET ends_on = @today::date - 1 WHERE document_id = @document AND retracted_at IS NULL
			 AND during @> @today::date AND NOT area_id = ANY (@areas)`,
			`INSERT INTO document_area (document_id, area_id, starts_on) SELECT @document::bigint, a, @today::date FROM unnest(@areas::bigint[]) a
			 WHERE NOT EXISTS (SELECT FROM document_area da WHERE da.document_id = @document AND da.area_id = a AND da.retracted_at IS NULL AND da.during @> @today::date)`,
		} {
			if _, err := tx.Exec(ctx, sql, args); err != nil {
				return fmt.Errorf("change the areas of document %d: %w", d.Document, translate(err))
			}
		}
		return nil
	})
}
