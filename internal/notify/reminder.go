package notify

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
	"partnershipportal/web/letter"
)

// Reminder is an unpaid invoice of which its body is to be written to.
type Reminder struct {
	Occasion  string // names the letter, so that it is written once
	Series    string // begins the occasions of all reminders to the body
	Body      id.Organisation
	Name      string
	Year      string
	Reference string
	Open      string // what is still to be paid, in words
	DueOn     day.Date
	Overdue   bool
}

// remindersAYear is how many letters a body gets about unpaid invoices within a year, at most.
const remindersAYear = 6

// treasurers are the posts of a body that deal with its money; where there are none, its contact posts.
const treasurers = `
	SELECT 0::bigint AS account, p.email, coalesce((SELECT string_agg(h.name, ', ' ORDER BY h.id) FROM post_holder h WHERE h.post_id = p.id AND h.retracted_at IS NULL AND h.during @> @today::date), p.title) AS name,
	       8 AS concern, '' AS body
	FROM (SELECT x.*, x.title ~* '(treasurer|finance|accounts payable)' AS pays FROM post x
	      WHERE x.organisation_id = @body AND x.email <> '' AND x.retracted_at IS NULL AND x.during @> @today::date) p
	WHERE p.pays OR (p.is_contact AND NOT EXISTS (SELECT FROM post o WHERE o.organisation_id = @body AND o.email <> '' AND o.retracted_at IS NULL
	      AND o.during @> @today::date AND o.title ~* '(treasurer|finance|accounts payable)'))
	ORDER BY p.id`

// Remind writes to the treasurers' posts about unpaid invoices, each letter once and never more than six within a year
// to one body. One that fails keeps no other back.
func (w *Writer) Remind(ctx context.Context, db pg.DB, today day.Date, reminders []Reminder) error {
	var problems []error
	for _, x := range reminders {
		if err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error { return w.remind(ctx, tx, today, x) }); err != nil {
			problems = append(problems, err)
		}
	}
	return errors.Join(problems...)
}

func (w *Writer) remind(ctx context.Context, tx pgx.Tx, today day.Date, x Reminder) error {
	var written, lately int
	err := tx.QueryRow(ctx, `
		SELECT count(DISTINCT l.occasion) FILTER (WHERE l.occasion = @occasion), count(DISTINCT l.occasion) FILTER (WHERE l.created_at > @since)
		FROM letter l WHERE l.kind = @kind AND l.occasion LIKE @series || ' %'`,
		pgx.StrictNamedArgs{"occasion": x.Occasion, "series": x.Series, "kind": InvoiceUnpaid, "since": today.Add(-365).Starts()}).Scan(&written, &lately)
	if err != nil {
		return fmt.Errorf("look which reminders were written to body %d: %w", x.Body, err)
	}
	if written > 0 || lately >= remindersAYear {
		return nil
	}
	people, err := w.people(ctx, tx, treasurers, pgx.StrictNamedArgs{"body": x.Body, "today": today})
	if err != nil {
		return err
	}
	rows, _ := tx.Query(ctx, `SELECT `+officeColumns+` FROM (SELECT 1) one LEFT JOIN partnership pa ON true`)
	o, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[officeRow])
	if err != nil {
		return fmt.Errorf("read the partnership for a reminder: %w", err)
	}
	b := batch{occasion: x.Occasion}
	for _, p := range people {
		b.add(p, InvoiceUnpaid, letter.InvoiceUnpaid(o.office(), letter.Dues{Body: x.Name, Year: x.Year, Reference: x.Reference, Open: x.Open, Due: x.DueOn.Long(), Overdue: x.Overdue}))
	}
	return w.write(ctx, tx, b)
}
