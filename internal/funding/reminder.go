package funding

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/money"
)

// Reminder is an unpaid invoice of which its body is to be written to.
type Reminder struct {
	Year    day.FinancialYear
	Body    Body // of today
	Invoice UnpaidInvoice
	Stage   int // 0: due soon; then how often the day has been missed: at once, after 30 and after 60 days
}

// remindedBefore is how many days before its last day an invoice is reminded of.
const remindedBefore = 14

// stage tells whether a letter about an invoice is due today, and which one.
func (u UnpaidInvoice) stage(today day.Date) (int, bool) {
	for stage, days := range []int{60, 30, 1} {
		if !u.DueOn.Add(days).After(today) {
			return 3 - stage, true
		}
	}
	return 0, !u.DueOn.After(today.Add(remindedBefore))
}

// ToRemindOf lists the unpaid invoices of open years that are due soon or overdue.
func (s *Service) ToRemindOf(ctx context.Context) ([]Reminder, error) {
	years, err := selectLedgerYears(ctx, s.db)
	if err != nil {
		return nil, err
	}
	var due []Reminder
	today := day.Of(s.now())
	for _, y := range years {
		if y.Closed() {
			continue
		}
		l, err := readLedger(ctx, s.db, y.Year, today)
		if err != nil {
			return nil, err
		}
		for _, x := range l.Standings {
			for _, u := range x.Unpaid {
				if stage, now := u.stage(today); now {
					due = append(due, Reminder{Year: y.Year, Body: x.Body, Invoice: u, Stage: stage})
				}
			}
		}
	}
	return due, nil
}

// Occasion names the letter of a reminder, so that it is written once. What is asked for when is part of it.
func (r Reminder) Occasion() string {
	return fmt.Sprintf("%s invoice %d stage %d", r.Series(), r.Invoice.Entry, r.Stage)
}

// Series begins the occasions of all reminders to a body, of whatever year.
func (r Reminder) Series() string { return fmt.Sprintf("dues of body %d", r.Body.ID) }

// SentReminder is a letter about an invoice that was written.
type SentReminder struct {
	Letter  int64
	To      string
	Email   string
	Subject string
	At      time.Time
	Pence   money.Pence // of the invoice
}

// Reminders lists the letters that were written about invoices of a year, the latest first. Fault: Forbidden.
func (s *Service) Reminders(ctx context.Context, by authz.Actor, year day.FinancialYear) ([]SentReminder, error) {
	if !CanReadLedger(by) {
		return nil, errMayNotReadLedger
	}
	rows, _ := s.db.Query(ctx, `
		SELECT l.id AS letter, l.name AS to, l.email, l.subject, l.created_at AS at, e.pence
		FROM letter l JOIN ledger_entry e ON l.kind = 'invoice-unpaid' AND l.occasion LIKE '%invoice ' || e.id || ' stage %'
		WHERE e.financial_year = @year AND e.kind = 'invoice' ORDER BY l.id DESC`, pgx.StrictNamedArgs{"year": year})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[SentReminder])
	if err != nil {
		return nil, fmt.Errorf("read the reminders of %s: %w", year, err)
	}
	return list, nil
}
