package membership

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
)

// reversal takes back what a succession changed, in this order: what it made counts for nothing, then what it ended
// goes on until the day on which it would have ended without it. A row whose last day somebody has changed since, or
// that was retracted, stays as it is.
var reversal = []string{
	`UPDATE organisation_succession SET retracted_reason = @reason WHERE succession_id = @which AND retracted_at IS NULL`,
	retractMade("safeguarding_partner", "partner_id"),
	retractMade("partner_area", "share_id"),
	retractMade("agency_membership_category", "agency_id"),
	retractMade("agency_membership", "agency_id"),
	retractMade("organisation_name", "name_id"),
	// A body that was renamed again since keeps that later name: the one before goes on until then.
	`UPDATE organisation_name n SET ends_on = coalesce((SELECT min(m.starts_on) - 1 FROM organisation_name m
	     WHERE m.organisation_id = n.organisation_id AND m.retracted_at IS NULL AND m.starts_on > n.ends_on), c.was_ends_on)
	 FROM succession_change c WHERE c.succession_id = @which AND c.name_id = n.id AND NOT c.made AND n.retracted_at IS NULL AND n.ends_on = c.set_ends_on
	   AND @reason <> ''`,
	reopenEnded("safeguarding_partner", "partner_id"),
	reopenEnded("agency_membership", "agency_id"),
	reopenEnded("organisation", "organisation_id"),
	reopenEnded("post", "post_id"),
	reopenEnded("post_holder", "holder_id"),
	retractMade("organisation", "organisation_id"),
}

func retractMade(table, column string) string {
	key := "id"
	if table == "agency_membership_category" {
		key = "membership_id"
	}
	return `UPDATE ` + table + ` t SET retracted_reason = @reason FROM succession_change c
	 WHERE c.succession_id = @which AND c.` + column + ` = t.` + key + ` AND c.made AND t.retracted_at IS NULL`
}

func reopenEnded(table, column string) string {
	return `UPDATE ` + table + ` t SET ends_on = c.was_ends_on FROM succession_change c
	 WHERE c.succession_id = @which AND c.` + column + ` = t.id AND NOT c.made AND t.retracted_at IS NULL AND t.ends_on = c.set_ends_on AND @reason <> ''`
}

func runReversal(ctx context.Context, tx pgx.Tx, which id.Succession, reason, sql string) error {
	if _, err := tx.Exec(ctx, sql, pgx.StrictNamedArgs{"which": which, "reason": reason}); err != nil {
		return fmt.Errorf("take back what succession %d changed: %w", which, translate(err))
	}
	return nil
}

func updateReversed(ctx context.Context, tx pgx.Tx, by authz.Actor, which id.Succession, reason string) error {
	_, err := tx.Exec(ctx, `UPDATE succession SET reversed_reason = @reason, reversed_by = nullif(@by::bigint, 0) WHERE id = @which`,
		pgx.StrictNamedArgs{"reason": reason, "by": int64(by.Account), "which": which})
	if err != nil {
		return fmt.Errorf("reverse succession %d: %w", which, translate(err))
	}
	return nil
}

// selectLaterSuccession gives the day of a standing succession that was recorded later and ended what this one ended or
// made; none if there is none.
func selectLaterSuccession(ctx context.Context, tx pgx.Tx, which id.Succession) (day.Date, error) {
	var on day.Date
	err := tx.QueryRow(ctx, `
		SELECT s.takes_effect_on FROM succession_change l JOIN succession s ON s.id = l.succession_id AND s.reversed_at IS NULL
		JOIN succession_change c ON c.succession_id = @which AND (l.organisation_id = c.organisation_id OR l.name_id = c.name_id OR l.partner_id = c.partner_id
		     OR l.agency_id = c.agency_id OR l.post_id = c.post_id OR l.holder_id = c.holder_id)
		WHERE l.id > c.id AND l.succession_id <> @which ORDER BY s.id DESC LIMIT 1`, pgx.StrictNamedArgs{"which": which}).Scan(&on)
	if errors.Is(err, pgx.ErrNoRows) {
		return day.Date{}, nil
	}
	if err != nil {
		return day.Date{}, fmt.Errorf("look for a later succession than %d: %w", which, err)
	}
	return on, nil
}

// selectOnlyName tells whether a name that counts is the only one of its organisation.
func selectOnlyName(ctx context.Context, tx pgx.Tx, name int64) (bool, error) {
	var only bool
	err := tx.QueryRow(ctx, `
		SELECT n.retracted_at IS NULL AND NOT EXISTS (SELECT FROM organisation_name o WHERE o.organisation_id = n.organisation_id AND o.id <> n.id AND o.retracted_at IS NULL)
		FROM organisation_name n WHERE n.id = @name`, pgx.StrictNamedArgs{"name": name}).Scan(&only)
	if err != nil {
		return false, fmt.Errorf("look for other names: %w", err)
	}
	return only, nil
}

// selectHangingOnPartner says in words what was done for a partner; empty if nothing was.
func selectHangingOnPartner(ctx context.Context, tx pgx.Tx, partner int64) (string, error) {
	var words string
	err := tx.QueryRow(ctx, `
		SELECT CASE WHEN EXISTS (SELECT FROM act WHERE partner_id = @partner) THEN 'signed or declined as safeguarding partner'
		            WHEN EXISTS (SELECT FROM seat WHERE partner_id = @partner) THEN 'a seat in a round'
		            WHEN EXISTS (SELECT FROM appointment WHERE partner_id = @partner) THEN 'an appointment of an officer' ELSE '' END`,
		pgx.StrictNamedArgs{"partner": partner}).Scan(&words)
	if err != nil {
		return "", fmt.Errorf("look for what hangs on partner %d: %w", partner, err)
	}
	return words, nil
}

// selectHangingOnShare says in words what was done for a partner's share of an area; empty if nothing was.
func selectHangingOnShare(ctx context.Context, tx pgx.Tx, share int64) (string, error) {
	var words string
	err := tx.QueryRow(ctx, `
		SELECT CASE WHEN EXISTS (SELECT FROM partner_area pa JOIN seat s ON s.partner_id = pa.partner_id JOIN round r ON r.id = s.round_id
		        JOIN paper_area xa ON xa.kind = r.paper_kind AND xa.id = r.paper_id AND xa.area_id = pa.area_id
		        WHERE pa.id = @share AND pa.during @> r.seats_on AND xa.during @> r.seats_on)
		    THEN 'a seat in a round for the further area' ELSE '' END`,
		pgx.StrictNamedArgs{"share": share}).Scan(&words)
	if err != nil {
		return "", fmt.Errorf("look for what hangs on a shared area: %w", err)
	}
	return words, nil
}
