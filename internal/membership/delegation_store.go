package membership

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// selectOfBody lists the people with an account of a partner's body: its private office, and who was ever appointed for it.
func selectOfBody(ctx context.Context, db pg.DB, partner id.Partner, but id.Account) ([]Person, error) {
	rows, _ := db.Query(ctx, `
		SELECT c.id AS account, c.name, c.email FROM account c JOIN safeguarding_partner p ON p.id = @partner
		WHERE c.suspended_at IS NULL AND c.id <> @me
		  AND (EXISTS (SELECT FROM role_grant g WHERE g.account_id = c.id AND g.ended_at IS NULL AND g.organisation_id = p.organisation_id)
		       OR EXISTS (SELECT FROM appointment a JOIN safeguarding_partner q ON q.id = a.partner_id
		                  WHERE a.account_id = c.id AND q.organisation_id = p.organisation_id AND a.refused_at IS NULL))
		  AND NOT EXISTS (SELECT FROM role_grant r WHERE r.account_id = c.id AND r.ended_at IS NULL AND r.role = ANY (@never))
		ORDER BY c.name, c.email`, pgx.StrictNamedArgs{"partner": partner, "me": but, "never": roleNames()})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[Person])
	if err != nil {
		return nil, fmt.Errorf("read whom the lead officer of partner %d can name: %w", partner, err)
	}
	return list, nil
}

func insertRequest(ctx context.Context, tx pgx.Tx, lead Appointment, c DelegateRequestCommand) (id.DelegateRequest, error) {
	p := c.proposal(lead)
	papers := p.Papers
	if papers == nil {
		papers = []string{} // the column takes no null
	}
	var made id.DelegateRequest
	err := tx.QueryRow(ctx, `
		INSERT INTO delegate_request (lead_id, name, email, office, papers, instrument, instrument_on, starts_on, ends_on)
		VALUES (@lead, @name, @email, @office, @papers, @instrument, @dated, @starts, @ends) RETURNING id`,
		pgx.StrictNamedArgs{"lead": lead.ID, "name": c.Name, "email": c.Email, "office": p.Office, "papers": papers,
			"instrument": p.Instrument, "dated": p.Dated, "starts": p.StartsOn, "ends": p.EndsOn}).Scan(&made)
	if err != nil {
		return 0, fmt.Errorf("insert a request for a delegate: %w", translate(err))
	}
	return made, nil
}

func updateRequest(ctx context.Context, tx pgx.Tx, by authz.Actor, which id.DelegateRequest, answer Answer, reason string, made id.Appointment) error {
	_, err := tx.Exec(ctx, `
		UPDATE delegate_request SET answer = @answer, answered_by = @by, reason = @reason, made_id = NULLIF(@made::bigint, 0) WHERE id = @id`,
		pgx.StrictNamedArgs{"id": which, "answer": string(answer), "by": by.Account, "reason": reason, "made": made})
	if err != nil {
		return fmt.Errorf("answer request %d: %w", which, translate(err))
	}
	return nil
}

// selectRequests reads one request, or all, that the actor may see.
func selectRequests(ctx context.Context, db pg.DB, by authz.Actor, which id.DelegateRequest, today day.Date) ([]DelegateRequest, error) {
	rows, _ := db.Query(ctx, `
		SELECT r.id, r.lead_id AS lead, l.account_id AS lead_account, c.name AS lead_name, l.office AS lead_office, l.partner_id AS partner,
		       organisation_name_on(p.organisation_id, @today::date) AS organisation_name, r.name, r.email, r.office, r.papers, r.instrument,
		       r.instrument_on, r.starts_on, r.ends_on, r.recorded_at AS asked_at, coalesce(r.answer, '') AS answer, r.reason,
		       coalesce(r.made_id, 0) AS made, coalesce(h.id, 0) AS has_account
		FROM delegate_request r JOIN appointment l ON l.id = r.lead_id JOIN account c ON c.id = l.account_id
		JOIN safeguarding_partner p ON p.id = l.partner_id LEFT JOIN account h ON h.email = r.email
		WHERE (@all OR l.account_id = @me) AND (@id::bigint = 0 OR r.id = @id)
		ORDER BY (r.answer IS NULL) DESC, r.id DESC`,
		pgx.StrictNamedArgs{"all": seesAppointments(by), "me": by.Account, "id": which, "today": today})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[DelegateRequest])
	if err != nil {
		return nil, fmt.Errorf("read the requests for delegates: %w", err)
	}
	return list, nil
}

func selectRequest(ctx context.Context, db pg.DB, by authz.Actor, which id.DelegateRequest, today day.Date) (DelegateRequest, error) {
	list, err := selectRequests(ctx, db, by, which, today)
	if err != nil {
		return DelegateRequest{}, err
	}
	if which == 0 || len(list) != 1 {
		return DelegateRequest{}, errNoRequest
	}
	return list[0], nil
}

func lockRequest(ctx context.Context, tx pgx.Tx, by authz.Actor, which id.DelegateRequest, today day.Date) (DelegateRequest, error) {
	var got int64
	err := tx.QueryRow(ctx, `SELECT id FROM delegate_request WHERE id = $1 FOR UPDATE`, which).Scan(&got)
	if errors.Is(err, pgx.ErrNoRows) {
		return DelegateRequest{}, errNoRequest
	}
	if err != nil {
		return DelegateRequest{}, fmt.Errorf("lock request %d: %w", which, err)
	}
	return selectRequest(ctx, tx, by, which, today)
}
