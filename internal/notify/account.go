package notify

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/web/letter"
	"partnershipportal/web/route"
)

// Invited has the invitation sent whose one-time link is given. Only the link's identifier is kept.
func (w *Writer) Invited(ctx context.Context, tx pgx.Tx, link int64) error {
	return w.queue.LinkLetter(ctx, tx, link)
}

// ResetAsked has the letter sent that lets somebody choose a new password. Only the link's identifier is kept.
func (w *Writer) ResetAsked(ctx context.Context, tx pgx.Tx, link int64) error {
	return w.queue.LinkLetter(ctx, tx, link)
}

// PasswordChanged tells a person that their password is another one now.
func (w *Writer) PasswordChanged(ctx context.Context, tx pgx.Tx, account id.Account) error {
	type row struct {
		Account     id.Account
		Email, Name string
		Epoch       int
		At          time.Time
		officeRow
	}
	rows, _ := tx.Query(ctx, `
		SELECT a.id AS account, a.email, a.name, a.epoch, a.recorded_at AS at, `+officeColumns+`
		FROM account a LEFT JOIN partnership pa ON true WHERE a.id = @account AND a.suspended_at IS NULL`, pgx.StrictNamedArgs{"account": account})
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[row])
	if err != nil {
		return fmt.Errorf("read account %d for its letter: %w", account, err)
	}
	for _, a := range found {
		b := batch{occasion: fmt.Sprintf("account %d password %d", a.Account, a.Epoch)}
		b.add(person{Account: a.Account, Email: a.Email, Name: a.Name}, PasswordChanged,
			letter.PasswordChanged(a.office(), day.Clock(a.At), w.at(route.ForgottenPassword)))
		if err := w.write(ctx, tx, b); err != nil {
			return err
		}
	}
	return nil
}
