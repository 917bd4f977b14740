package membership

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// standingClauses say in SQL what an organisation is today.
var standingClauses = map[Standing]string{
	IsPartner: "p.id IS NOT NULL",
	IsAgency:  "m.id IS NOT NULL",
	IsNeither: "p.id IS NULL AND m.id IS NULL AND (o.ends_on IS NULL OR o.ends_on >= @today::date)",
	IsClosed:  "o.ends_on < @today::date",
}

func selectOrganisations(ctx context.Context, db pg.DB, f OrganisationFilter, today day.Date) ([]OrganisationLine, error) {
	args := pgx.StrictNamedArgs{"today": today}
	clauses := []string{"o.retracted_at IS NULL"}
	if f.Text != "" {
		args["text"] = f.Text
		clauses = append(clauses, `EXISTS (SELECT FROM organisation_name n WHERE n.organisation_id = o.id AND n.retracted_at IS NULL AND strpos(lower(n.name), lower(@text)) > 0)`)
	}
	if f.Kind != "" {
		args["kind"] = f.Kind
		clauses = append(clauses, "o.kind = @kind")
	}
	if clause, ok := standingClauses[f.Standing]; ok {
		clauses = append(clauses, clause)
	}
	rows, _ := db.Query(ctx, `
		SELECT o.slug, organisation_name_on(o.id, @today::date) AS name, o.kind, coalesce(p.statutory_kind, '') AS statutory_kind,
		       m.id IS NOT NULL AS agency, o.ends_on, o.is_demonstration
		FROM organisation o
		LEFT JOIN safeguarding_partner p ON p.organisation_id = o.id AND p.during @> @today::date AND p.retracted_at IS NULL
		LEFT JOIN agency_membership m ON m.organisation_id = o.id AND m.during @> @today::date AND m.retracted_at IS NULL
		WHERE `+strings.Join(clauses, " AND ")+`
		ORDER BY lower(organisation_name_on(o.id, @today::date)), o.slug`, args)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[OrganisationLine])
	if err != nil {
		return nil, fmt.Errorf("read the organisations: %w", err)
	}
	return list, nil
}

func selectOrganisation(ctx context.Context, db pg.DB, slug string, today day.Date) (Organisation, error) {
	rows, _ := db.Query(ctx, `
		SELECT id, slug, kind, organisation_name_on(id, @today::date) AS name, starts_on, ends_on, note, is_demonstration
		FROM organisation WHERE slug = @slug AND retracted_at IS NULL`, pgx.StrictNamedArgs{"slug": slug, "today": today})
	o, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Organisation])
	if errors.Is(err, pgx.ErrNoRows) {
		return Organisation{}, errNoOrganisation
	}
	if err != nil {
		return Organisation{}, fmt.Errorf("read organisation %q: %w", slug, err)
	}
	if o.Names, err = collect[DatedName](ctx, db, o.ID, `
		SELECT name, starts_on, ends_on FROM organisation_name WHERE organisation_id = $1 AND retracted_at IS NULL ORDER BY starts_on NULLS FIRST`); err != nil {
		return Organisation{}, err
	}
	if o.Partner, err = collect[PartnerTerm](ctx, db, o.ID, `
		SELECT p.id, p.statutory_kind, p.publishes_names, p.starts_on, p.ends_on,
		       ARRAY(SELECT a.name FROM partner_area pa JOIN area a ON a.id = pa.area_id
		             WHERE pa.partner_id = p.id AND pa.retracted_at IS NULL ORDER BY a.name) AS areas
		FROM safeguarding_partner p WHERE p.organisation_id = $1 AND p.retracted_at IS NULL ORDER BY p.starts_on`); err != nil {
		return Organisation{}, err
	}
	if o.Agency, err = collect[AgencyTerm](ctx, db, o.ID, `
		SELECT m.id, m.basis, m.reason, m.is_demonstration, m.starts_on, m.ends_on,
		       ARRAY(SELECT c.category FROM agency_membership_category mc JOIN agency_category c USING (paragraph)
		             WHERE mc.membership_id = m.id AND mc.retracted_at IS NULL ORDER BY c.paragraph) AS categories,
		       ARRAY(SELECT mc.paragraph FROM agency_membership_category mc WHERE mc.membership_id = m.id AND mc.retracted_at IS NULL ORDER BY 1) AS paragraphs
		FROM agency_membership m WHERE m.organisation_id = $1 AND m.retracted_at IS NULL ORDER BY m.starts_on`); err != nil {
		return Organisation{}, err
	}
	if o.Predecessors, err = collect[Succession](ctx, db, o.ID, `
		SELECT b.slug, organisation_name_on(b.id, s.takes_over_on - 1) AS name, s.takes_over_on AS on, s.note
		FROM organisation_succession s JOIN organisation b ON b.id = s.predecessor_id WHERE s.successor_id = $1 AND s.retracted_at IS NULL ORDER BY s.takes_over_on`); err != nil {
		return Organisation{}, err
	}
	o.Successors, err = collect[Succession](ctx, db, o.ID, `
		SELECT b.slug, organisation_name_on(b.id, s.takes_over_on) AS name, s.takes_over_on AS on, s.note
		FROM organisation_succession s JOIN organisation b ON b.id = s.successor_id WHERE s.predecessor_id = $1 AND s.retracted_at IS NULL ORDER BY s.takes_over_on`)
	return o, err
}

// collect reads what belongs to one organisation.
func collect[T any](ctx context.Context, db pg.DB, of id.Organisation, sql string) ([]T, error) {
	rows, _ := db.Query(ctx, sql, of)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[T])
	if err != nil {
		return nil, fmt.Errorf("read what belongs to organisation %d: %w", of, err)
	}
	return list, nil
}

// lockOrganisation locks the row before anything about the organisation is decided.
func lockOrganisation(ctx context.Context, tx pgx.Tx, slug string, today day.Date) (Organisation, error) {
	if _, err := tx.Exec(ctx, `SELECT FROM organisation WHERE slug = $1 AND retracted_at IS NULL FOR UPDATE`, slug); err != nil {
		return Organisation{}, fmt.Errorf("lock organisation %q: %w", slug, err)
	}
	return selectOrganisation(ctx, tx, slug, today)
}

func selectAreaChoices(ctx context.Context, db pg.DB, today day.Date) ([]AreaChoice, error) {
	rows, _ := db.Query(ctx, `SELECT id, name FROM area WHERE ends_on IS NULL OR ends_on >= $1::date ORDER BY name`, today)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[AreaChoice])
	if err != nil {
		return nil, fmt.Errorf("read the areas: %w", err)
	}
	return list, nil
}
