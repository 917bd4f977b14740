package notify

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/web/letter"
	"partnershipportal/web/route"
)

// successionPeople are the people of a succession's bodies (officers, private offices, agency staff), and the officers
// of the safeguarding partners that share an area with a partner that it ended or made.
const successionPeople = `
	WITH bodies AS (SELECT organisation_id FROM succession_body WHERE succession_id = @succession),
	     concerned AS (SELECT p.id FROM safeguarding_partner p WHERE p.retracted_at IS NULL AND EXISTS (
	         SELECT FROM succession_change c JOIN partner_area mine ON mine.partner_id = c.partner_id JOIN partner_area shared ON shared.area_id = mine.area_id
	         WHERE c.succession_id = @succession AND shared.partner_id = p.id AND shared.retracted_at IS NULL))
	SELECT a.id AS account, a.email, a.name, p.concern, '' AS body FROM (
		SELECT ap.account_id, 1 AS concern FROM appointment ap JOIN safeguarding_partner sp ON sp.id = ap.partner_id
		WHERE sp.organisation_id IN (SELECT organisation_id FROM bodies) AND ap.confirmed_at IS NOT NULL AND ap.withdrawn_at IS NULL
		  AND ap.during @> least(@on::date - 1, @today::date)
		UNION
		SELECT g.account_id, 1 FROM role_grant g WHERE g.organisation_id IN (SELECT organisation_id FROM bodies) AND g.ended_at IS NULL
		UNION
		SELECT ap.account_id, 2 FROM appointment ap WHERE ap.partner_id IN (SELECT id FROM concerned)
		  AND ap.confirmed_at IS NOT NULL AND ap.withdrawn_at IS NULL AND ap.during @> @today::date
	) p JOIN account a ON a.id = p.account_id
	WHERE a.suspended_at IS NULL
	ORDER BY p.concern, a.id`

type successionRow struct {
	Kind           string
	On             day.Date
	Today          day.Date
	Before         []string
	After          []string
	Slug           string // of the first successor, or else of the predecessor
	Outlasting     string
	ReversedReason string
	officeRow
}

// SuccessionRecorded tells the people of the bodies and the safeguarding partners concerned.
func (w *Writer) SuccessionRecorded(ctx context.Context, tx pgx.Tx, succession id.Succession) error {
	return w.succession(ctx, tx, succession, "recorded")
}

// SuccessionReversed tells the same people that it was recorded in error.
func (w *Writer) SuccessionReversed(ctx context.Context, tx pgx.Tx, succession id.Succession) error {
	return w.succession(ctx, tx, succession, "reversed")
}

func (w *Writer) succession(ctx context.Context, tx pgx.Tx, succession id.Succession, what string) error {
	rows, _ := tx.Query(ctx, `
		SELECT s.kind, s.takes_effect_on AS on, london_day(clock_timestamp()) AS today, s.outlasting, coalesce(s.reversed_reason, '') AS reversed_reason,
		       ARRAY(SELECT organisation_name_on(b.organisation_id, s.takes_effect_on - 1) FROM succession_body b
		             WHERE b.succession_id = s.id AND b.part = 'predecessor' ORDER BY 1) AS before,
		       ARRAY(SELECT coalesce(organisation_name_on(b.organisation_id, s.takes_effect_on), o.slug) FROM succession_body b JOIN organisation o ON o.id = b.organisation_id
		             WHERE b.succession_id = s.id AND b.part = 'successor'
		             UNION ALL SELECT n.name FROM succession_change c JOIN organisation_name n ON n.id = c.name_id WHERE c.succession_id = s.id AND c.made ORDER BY 1) AS after,
		       (SELECT o.slug FROM succession_body b JOIN organisation o ON o.id = b.organisation_id WHERE b.succession_id = s.id AND o.retracted_at IS NULL
		        ORDER BY b.part DESC, o.id LIMIT 1) AS slug, `+officeColumns+`
		FROM succession s LEFT JOIN partnership pa ON true WHERE s.id = @succession`, pgx.StrictNamedArgs{"succession": succession})
	r, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[successionRow])
	if err != nil {
		return fmt.Errorf("read succession %d for its letters: %w", succession, err)
	}
	people, err := w.people(ctx, tx, successionPeople, pgx.StrictNamedArgs{"succession": succession, "on": r.On, "today": r.Today})
	if err != nil {
		return err
	}
	b := batch{occasion: fmt.Sprintf("succession %d %s", succession, what)}
	said := letter.Succession{What: membership.SuccessionWords(membership.SuccessionKind(r.Kind), r.Before, r.After), From: r.On.Long(), Outlasting: r.Outlasting, Reason: r.ReversedReason}
	for _, p := range people {
		url := w.at(route.OrganisationTo(r.Slug))
		if what == "reversed" {
			b.add(p, SuccessionReversed, letter.SuccessionReversed(r.office(), said, url))
		} else {
			b.add(p, SuccessionRecorded, letter.SuccessionRecorded(r.office(), said, url, p.Concern == appointee))
		}
	}
	return w.write(ctx, tx, b)
}
