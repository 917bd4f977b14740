package membership

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
)

func insertOrganisation(ctx context.Context, tx pgx.Tx, c AddCommand) (id.Organisation, error) {
	var made id.Organisation
	err := tx.QueryRow(ctx, `
		INSERT INTO organisation (slug, kind, starts_on, note, is_demonstration) VALUES (@slug, @kind, @from, @note, @demo) RETURNING id`,
		pgx.StrictNamedArgs{"slug": c.Slug, "kind": c.Kind, "from": c.From, "note": c.Note, "demo": c.Demonstration}).Scan(&made)
	if err != nil {
		return 0, fmt.Errorf("insert organisation %q: %w", c.Slug, translate(err))
	}
	return made, nil
}

func insertName(ctx context.Context, tx pgx.Tx, of id.Organisation, name string, from day.Date) error {
	_, err := tx.Exec(ctx, `INSERT INTO organisation_name (organisation_id, name, starts_on) VALUES (@of, @name, @from)`,
		pgx.StrictNamedArgs{"of": of, "name": name, "from": from})
	if err != nil {
		return fmt.Errorf("insert a name of organisation %d: %w", of, translate(err))
	}
	return nil
}

func updateOpenName(ctx context.Context, tx pgx.Tx, of id.Organisation, last day.Date) error {
	_, err := tx.Exec(ctx, `UPDATE organisation_name SET ends_on = @last WHERE organisation_id = @of AND ends_on IS NULL AND retracted_at IS NULL`,
		pgx.StrictNamedArgs{"of": of, "last": last})
	if err != nil {
		return fmt.Errorf("end the name of organisation %d: %w", of, translate(err))
	}
	return nil
}

func updateOrganisationEnd(ctx context.Context, tx pgx.Tx, which id.Organisation, last day.Date) error {
	_, err := tx.Exec(ctx, `UPDATE organisation SET ends_on = @last WHERE id = @id`, pgx.StrictNamedArgs{"id": which, "last": last})
	if err != nil {
		return fmt.Errorf("end organisation %d: %w", which, translate(err))
	}
	return nil
}

func insertPartner(ctx context.Context, tx pgx.Tx, of id.Organisation, c PartnerCommand) (id.Partner, error) {
	var made id.Partner
	err := tx.QueryRow(ctx, `
		INSERT INTO safeguarding_partner (organisation_id, statutory_kind, publishes_names, starts_on, ends_on)
		VALUES (@of, @kind, @publishes, @from, @to) RETURNING id`,
		pgx.StrictNamedArgs{"of": of, "kind": c.Kind, "publishes": c.PublishesNames, "from": c.From, "to": c.To}).Scan(&made)
	if err != nil {
		return 0, fmt.Errorf("insert partner: %w", translate(err))
	}
	_, err = tx.Exec(ctx, `INSERT INTO partner_area (partner_id, area_id) SELECT DISTINCT @partner::bigint, unnest(@areas::bigint[])`,
		pgx.StrictNamedArgs{"partner": made, "areas": c.Areas})
	if err != nil {
		return 0, fmt.Errorf("insert the areas of partner %d: %w", made, translate(err))
	}
	return made, nil
}

func insertAgency(ctx context.Context, tx pgx.Tx, of id.Organisation, c AgencyCommand) (id.Agency, error) {
	var made id.Agency
	err := tx.QueryRow(ctx, `
		INSERT INTO agency_membership (organisation_id, basis, reason, is_demonstration, starts_on, ends_on)
		VALUES (@of, @basis, @reason, @demo, @from, @to) RETURNING id`,
		pgx.StrictNamedArgs{"of": of, "basis": string(c.Basis), "reason": c.Reason, "demo": c.Demonstration, "from": c.From, "to": c.To}).Scan(&made)
	if err != nil {
		return 0, fmt.Errorf("insert agency: %w", translate(err))
	}
	return made, insertCategories(ctx, tx, made, c.Categories)
}

var errNoTerm = fault.New(fault.NotFound, "The organisation has no such time in the partnership.")

// lockPartnerTerm locks a body's time as safeguarding partner.
func lockPartnerTerm(ctx context.Context, tx pgx.Tx, slug string, which id.Partner) (term, error) {
	return lockTerm(ctx, tx, `
		SELECT t.starts_on, t.ends_on FROM safeguarding_partner t JOIN organisation o ON o.id = t.organisation_id
		WHERE t.id = @id AND o.slug = @slug AND t.retracted_at IS NULL FOR UPDATE OF t`, slug, int64(which))
}

// lockAgencyTerm locks a body's time as relevant agency.
func lockAgencyTerm(ctx context.Context, tx pgx.Tx, slug string, which id.Agency) (term, error) {
	return lockTerm(ctx, tx, `
		SELECT t.starts_on, t.ends_on FROM agency_membership t JOIN organisation o ON o.id = t.organisation_id
		WHERE t.id = @id AND o.slug = @slug AND t.retracted_at IS NULL FOR UPDATE OF t`, slug, int64(which))
}

func lockTerm(ctx context.Context, tx pgx.Tx, sql, slug string, which int64) (term, error) {
	rows, _ := tx.Query(ctx, sql, pgx.StrictNamedArgs{"id": which, "slug": slug})
	t, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[term])
	if errors.Is(err, pgx.ErrNoRows) {
		return term{}, errNoTerm
	}
	if err != nil {
		return term{}, fmt.Errorf("lock the term %d of organisation %q: %w", which, slug, err)
	}
	return t, nil
}

func updatePartnerEnd(ctx context.Context, tx pgx.Tx, which id.Partner, last day.Date) error {
	_, err := tx.Exec(ctx, `UPDATE safeguarding_partner SET ends_on = @last WHERE id = @id`, pgx.StrictNamedArgs{"id": which, "last": last})
	if err != nil {
		return fmt.Errorf("end partner %d: %w", which, translate(err))
	}
	return nil
}

func updatePublishesNames(ctx context.Context, tx pgx.Tx, which id.Partner, publish bool) error {
	_, err := tx.Exec(ctx, `UPDATE safeguarding_partner SET publishes_names = @publish WHERE id = @id`,
		pgx.StrictNamedArgs{"id": which, "publish": publish})
	if err != nil {
		return fmt.Errorf("publish the names of partner %d: %w", which, err)
	}
	return nil
}

func updateAgencyEnd(ctx context.Context, tx pgx.Tx, which id.Agency, last day.Date) error {
	_, err := tx.Exec(ctx, `UPDATE agency_membership SET ends_on = @last WHERE id = @id`, pgx.StrictNamedArgs{"id": which, "last": last})
	if err != nil {
		return fmt.Errorf("end agency %d: %w", which, translate(err))
	}
	return nil
}
