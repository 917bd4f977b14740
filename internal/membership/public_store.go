package membership

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/pg"
)

// publishedName gives the name of organisation o on the day n.day, as organisation_name_on does, from what is
// published: before the first known name the first one, after the last one the last.
const publishedName = `
	(SELECT m.name FROM published.organisation_name m WHERE m.organisation_id = o.id
	 ORDER BY (m.during @> n.day) DESC, (coalesce(m.starts_on, '-infinity') <= n.day) DESC,
	          CASE WHEN coalesce(m.starts_on, '-infinity') <= n.day THEN m.starts_on END DESC NULLS LAST, m.starts_on ASC NULLS FIRST
	 LIMIT 1)`

func selectPublicPartners(ctx context.Context, db pg.DB, on day.Date) ([]PublicPartner, error) {
	rows, _ := db.Query(ctx, `
		SELECT p.id, o.slug, coalesce(`+publishedName+`, o.slug) AS name, p.statutory_kind,
		       ARRAY(SELECT a.name FROM published.partner_area pa JOIN published.area a ON a.id = pa.area_id
		             WHERE pa.partner_id = p.id AND pa.during @> n.day ORDER BY a.name) AS areas,
		       coalesce((SELECT l.office FROM published.lead_office l WHERE l.partner_id = p.id AND l.during @> n.day), '') AS office,
		       p.starts_on, p.ends_on, o.is_demonstration
		FROM published.safeguarding_partner p JOIN published.organisation o ON o.id = p.organisation_id
		CROSS JOIN LATERAL (SELECT greatest(least(@on::date, p.ends_on), p.starts_on) AS day) n
		ORDER BY array_position(ARRAY['local authority', 'police', 'health'], p.statutory_kind), name, p.starts_on`,
		pgx.StrictNamedArgs{"on": on})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[PublicPartner])
	if err != nil {
		return nil, fmt.Errorf("read the published partners: %w", err)
	}
	return list, nil
}

func selectPublicOrganisation(ctx context.Context, db pg.DB, slug string, on day.Date) (PublicOrganisation, error) {
	rows, _ := db.Query(ctx, `
		SELECT o.id, o.slug, o.kind, coalesce(`+publishedName+`, o.slug) AS name, o.starts_on, o.ends_on, o.note, o.is_demonstration
		FROM published.organisation o CROSS JOIN LATERAL (SELECT @on::date AS day) n WHERE o.slug = @slug`,
		pgx.StrictNamedArgs{"slug": slug, "on": on})
	o, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Organisation])
	if errors.Is(err, pgx.ErrNoRows) {
		return PublicOrganisation{}, errNoPublicOrganisation
	}
	if err != nil {
		return PublicOrganisation{}, fmt.Errorf("read the published organisation %q: %w", slug, err)
	}
	if o.Names, err = collect[DatedName](ctx, db, o.ID, `
		SELECT name, starts_on, ends_on FROM published.organisation_name WHERE organisation_id = $1 ORDER BY starts_on NULLS FIRST`); err != nil {
		return PublicOrganisation{}, err
	}
	if o.Partner, err = collect[PartnerTerm](ctx, db, o.ID, `
		SELECT p.id, p.statutory_kind, false AS publishes_names, p.starts_on, p.ends_on,
		       ARRAY(SELECT a.name FROM published.partner_area pa JOIN published.area a ON a.id = pa.area_id
		             WHERE pa.partner_id = p.id ORDER BY a.name) AS areas
		FROM published.safeguarding_partner p WHERE p.organisation_id = $1 ORDER BY p.starts_on`); err != nil {
		return PublicOrganisation{}, err
	}
	if o.Agency, err = collect[AgencyTerm](ctx, db, o.ID, `
		SELECT g.id, g.basis, g.reason, g.is_demonstration, g.starts_on, g.ends_on,
		       ARRAY(SELECT x.group_name FROM published.agency_group x WHERE x.agency_id = g.id ORDER BY x.group_name) AS categories, '{}'::integer[] AS paragraphs
		FROM published.agency g WHERE g.organisation_id = $1 ORDER BY g.starts_on`); err != nil {
		return PublicOrganisation{}, err
	}
	if o.Predecessors, err = collect[Succession](ctx, db, o.ID, `
		SELECT o.slug, coalesce(`+publishedName+`, o.slug) AS name, s.takes_over_on AS on, s.note
		FROM published.organisation_succession s JOIN published.organisation o ON o.id = s.predecessor_id
		CROSS JOIN LATERAL (SELECT s.takes_over_on - 1 AS day) n WHERE s.successor_id = $1 ORDER BY s.takes_over_on, o.slug`); err != nil {
		return PublicOrganisation{}, err
	}
	if o.Successors, err = collect[Succession](ctx, db, o.ID, `
		SELECT o.slug, coalesce(`+publishedName+`, o.slug) AS name, s.takes_over_on AS on, s.note
		FROM published.organisation_succession s JOIN published.organisation o ON o.id = s.successor_id
		CROSS JOIN LATERAL (SELECT s.takes_over_on AS day) n WHERE s.predecessor_id = $1 ORDER BY s.takes_over_on, o.slug`); err != nil {
		return PublicOrganisation{}, err
	}
	made := PublicOrganisation{Organisation: o}
	if made.Offices, err = collect[DatedOffice](ctx, db, o.ID, `
		SELECT l.office, l.starts_on, l.ends_on FROM published.lead_office l
		JOIN published.safeguarding_partner p ON p.id = l.partner_id WHERE p.organisation_id = $1 ORDER BY l.starts_on`); err != nil {
		return PublicOrganisation{}, err
	}
	if made.Facts, err = collect[PublicFact](ctx, db, o.ID, publicFacts); err != nil {
		return PublicOrganisation{}, err
	}
	made.Successions, err = collect[PublicSuccession](ctx, db, o.ID, `
		SELECT s.kind, s.takes_effect_on AS on, s.outlasting, s.outlasting_until, b.part = 'predecessor' AS before, public_day.day AS recorded_on
		FROM published.succession s JOIN published.succession_body b ON b.succession_id = s.id
		CROSS JOIN LATERAL (SELECT (s.recorded_at AT TIME ZONE 'Europe/London')::date AS day) public_day
		WHERE b.organisation_id = $1 ORDER BY s.takes_effect_on, s.id`)
	return made, err
}

// publicFacts are what is known of a body now, with the day on which it was entered.
const publicFacts = `
	SELECT f.kind, f.scheme, f.words, f.starts_on, f.ends_on, (f.recorded_at AT TIME ZONE 'Europe/London')::date AS recorded_on FROM (
		SELECT 'name' AS kind, '' AS scheme, name AS words, starts_on, ends_on, recorded_at FROM published.known_organisation_name
		WHERE organisation_id = $1 AND known_until = 'infinity'
		UNION ALL SELECT 'identifier', scheme, value, starts_on, ends_on, recorded_at FROM published.known_organisation_identifier
		WHERE organisation_id = $1 AND known_until = 'infinity'
		UNION ALL SELECT 'address', '', concat_ws(', ', replace(address, E'\n', ', '), nullif(postcode, '')), starts_on, ends_on, recorded_at
		FROM published.known_organisation_address WHERE organisation_id = $1 AND known_until = 'infinity'
		UNION ALL SELECT 'partner', '', statutory_kind, starts_on, ends_on, recorded_at FROM published.known_safeguarding_partner
		WHERE organisation_id = $1 AND known_until = 'infinity'
		UNION ALL SELECT 'area', '', a.name, pa.starts_on, pa.ends_on, pa.recorded_at FROM published.known_partner_area pa
		JOIN published.safeguarding_partner p ON p.id = pa.partner_id JOIN published.area a ON a.id = pa.area_id
		WHERE p.organisation_id = $1 AND pa.known_until = 'infinity'
		UNION ALL SELECT 'agency', '', basis, starts_on, ends_on, recorded_at FROM published.known_agency
		WHERE organisation_id = $1 AND known_until = 'infinity') f
	ORDER BY f.kind, f.scheme, f.starts_on NULLS FIRST`
