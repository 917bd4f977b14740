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

// partnerPlace is what the predecessors of a succession were as safeguarding partners on the day before.
type partnerPlace struct {
	Kind      string // empty: none was one
	Kinds     int
	Publishes bool
	Areas     []id.Area // that the partnership still covers on the day
}

var (
	errTwoKinds = fault.New(fault.Conflict, "The predecessors are safeguarding partners of different kinds. Record them one by one.")
	errOther    = fault.New(fault.Conflict, "A successor is already a safeguarding partner of another kind on that day.")
	errNoAreas  = fault.New(fault.Conflict, "None of the predecessors' areas is the partnership's on that day, so nobody can take their place in it.")
)

func selectPartnerPlace(ctx context.Context, tx pgx.Tx, which id.Succession, on day.Date) (partnerPlace, error) {
	rows, _ := tx.Query(ctx, `
		SELECT coalesce(min(p.statutory_kind), '') AS kind, count(DISTINCT p.statutory_kind) AS kinds, coalesce(bool_or(p.publishes_names), false) AS publishes,
		       ARRAY(SELECT DISTINCT pa.area_id FROM succession_change d JOIN partner_area pa ON pa.partner_id = d.partner_id
		             JOIN area a ON a.id = pa.area_id
		             WHERE d.succession_id = @which AND NOT d.made AND pa.retracted_at IS NULL AND pa.during @> @on::date - 1
		               AND coalesce(a.ends_on, 'infinity') >= @on::date ORDER BY 1) AS areas
		FROM succession_change c JOIN safeguarding_partner p ON p.id = c.partner_id WHERE c.succession_id = @which AND NOT c.made`,
		pgx.StrictNamedArgs{"which": which, "on": on})
	place, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[partnerPlace])
	if err != nil {
		return partnerPlace{}, fmt.Errorf("read the place that succession %d leaves: %w", which, err)
	}
	if place.Kinds > 1 {
		return partnerPlace{}, errTwoKinds
	}
	if place.Kind != "" && len(place.Areas) == 0 {
		return partnerPlace{}, errNoAreas
	}
	return place, nil
}

// takePartnerPlace makes a successor a safeguarding partner; one that is it already shares the further areas.
func takePartnerPlace(ctx context.Context, tx pgx.Tx, which id.Succession, body id.Organisation, place partnerPlace, on day.Date) error {
	var has id.Partner
	var kind string
	err := tx.QueryRow(ctx, `
		SELECT id, statutory_kind FROM safeguarding_partner WHERE organisation_id = @body AND retracted_at IS NULL AND during @> @on::date FOR UPDATE`,
		pgx.StrictNamedArgs{"body": body, "on": on}).Scan(&has, &kind)
	if errors.Is(err, pgx.ErrNoRows) {
		made, err := insertPartner(ctx, tx, body, PartnerCommand{Kind: place.Kind, From: on, Areas: place.Areas, PublishesNames: place.Publishes})
		if err != nil {
			return err
		}
		return insertChangeMade(ctx, tx, which, ChangedPartner, int64(made))
	}
	if err != nil {
		return fmt.Errorf("read the partner that organisation %d is: %w", body, err)
	}
	if kind != place.Kind {
		return errOther
	}
	_, err = tx.Exec(ctx, `
		WITH shared AS (INSERT INTO partner_area (partner_id, area_id, starts_on)
			SELECT @partner::bigint, a, @on::date FROM unnest(@areas::bigint[]) a
			WHERE NOT EXISTS (SELECT FROM partner_area pa WHERE pa.partner_id = @partner AND pa.area_id = a AND pa.retracted_at IS NULL AND pa.during @> @on::date)
			RETURNING id)
		INSERT INTO succession_change (succession_id, share_id, made) SELECT @which::bigint, id, true FROM shared`,
		pgx.StrictNamedArgs{"partner": has, "areas": place.Areas, "on": on, "which": which})
	if err != nil {
		return fmt.Errorf("share the areas with partner %d: %w", has, translate(err))
	}
	return nil
}

// takeAgencyPlace makes a successor a relevant agency with the basis and categories of those that it follows: where
// they differ the strongest basis and all categories. One that is it already stays as it is.
func takeAgencyPlace(ctx context.Context, tx pgx.Tx, which id.Succession, body id.Organisation, on day.Date) error {
	var made id.Agency
	err := tx.QueryRow(ctx, `
		WITH left_by AS (SELECT m.* FROM succession_change c JOIN agency_membership m ON m.id = c.agency_id WHERE c.succession_id = @which AND NOT c.made)
		INSERT INTO agency_membership (organisation_id, basis, reason, is_demonstration, starts_on)
		SELECT @body::bigint, l.basis, l.reason, l.is_demonstration, @on::date FROM left_by l
		WHERE NOT EXISTS (SELECT FROM agency_membership m WHERE m.organisation_id = @body AND m.retracted_at IS NULL AND m.during @> @on::date)
		ORDER BY array_position(ARRAY['designated', 'chosen', 'invitee'], l.basis), l.id LIMIT 1 RETURNING id`,
		pgx.StrictNamedArgs{"which": which, "body": body, "on": on}).Scan(&made)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("make organisation %d a relevant agency: %w", body, translate(err))
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO agency_membership_category (membership_id, paragraph)
		SELECT DISTINCT @made::bigint, mc.paragraph FROM succession_change c JOIN agency_membership_category mc ON mc.membership_id = c.agency_id
		WHERE c.succession_id = @which AND NOT c.made AND mc.retracted_at IS NULL`, pgx.StrictNamedArgs{"which": which, "made": made})
	if err != nil {
		return fmt.Errorf("insert the categories of agency %d: %w", made, translate(err))
	}
	return insertChangeMade(ctx, tx, which, ChangedAgency, int64(made))
}
