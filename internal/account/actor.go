package account

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

var errSessionOver = fault.New(fault.Unauthenticated, "You have been signed out.")

// Actor reads who a session's account is and what they may do today: roles held, and seats by confirmed appointments
// that are valid on London's day. Fault: Unauthenticated if the account is suspended or the session is of an older epoch.
func (s *Service) Actor(ctx context.Context, account id.Account, epoch int) (authz.Actor, error) {
	var name string
	err := s.db.QueryRow(ctx, `SELECT name FROM account WHERE id = $1 AND epoch = $2 AND suspended_at IS NULL`, account, epoch).Scan(&name)
	if errors.Is(err, pgx.ErrNoRows) {
		return authz.Actor{}, errSessionOver
	}
	if err != nil {
		return authz.Actor{}, fmt.Errorf("read the actor: %w", err)
	}
	held, err := selectHeld(ctx, s.db, account)
	if err != nil {
		return authz.Actor{}, err
	}
	seats, err := selectSeats(ctx, s.db, account, day.Of(s.now()))
	if err != nil {
		return authz.Actor{}, err
	}
	return authz.Actor{Account: account, Name: name, Held: held, Seats: seats}, nil
}

func selectHeld(ctx context.Context, db pg.DB, account id.Account) ([]authz.Held, error) {
	rows, _ := db.Query(ctx, `
		SELECT role, coalesce(organisation_id, 0) AS organisation FROM role_grant
		WHERE account_id = $1 AND ended_at IS NULL ORDER BY id`, account)
	held, err := pgx.CollectRows(rows, pgx.RowToStructByName[authz.Held])
	if err != nil {
		return nil, fmt.Errorf("read the roles of an account: %w", err)
	}
	return held, nil
}

func selectSeats(ctx context.Context, db pg.DB, account id.Account, on day.Date) ([]authz.Seat, error) {
	rows, _ := db.Query(ctx, `
		SELECT a.id AS appointment, a.partner_id AS partner, p.organisation_id AS organisation, a.capacity, a.office, a.papers
		FROM appointment a JOIN safeguarding_partner p ON p.id = a.partner_id
		WHERE a.account_id = @account AND appointment_counts(a, @on::date) AND p.during @> @on::date
		ORDER BY a.id`, pgx.StrictNamedArgs{"account": account, "on": on})
	seats, err := pgx.CollectRows(rows, pgx.RowToStructByName[authz.Seat])
	if err != nil {
		return nil, fmt.Errorf("read the seats of an account: %w", err)
	}
	return seats, nil
}
