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
	"partnershipportal/web/route"
)

// Warning is something that will keep a partner from signing, found by the daily look at the membership.
type Warning struct {
	Partner     id.Partner
	Appointment id.Appointment // that ends
	Round       id.Round       // whose seat is at risk, where no appointment is meant
	Seat        id.Seat
	Why         WarningReason // of a seat
	Paper       string        // in words
	On          day.Date      // when; none where it is so today
}

// WarningReason is why a seat is at risk.
type WarningReason string

// The reasons. A seat whose last holder's appointment ends is warned of by that appointment.
const (
	SeatEmpty     WarningReason = "empty"
	PartnerEnded  WarningReason = "ended"
	PartnerEnds   WarningReason = "ends"
	BodySucceeded WarningReason = "succeeded"
)

// warnedAt are the days before an end at which a letter is written.
var warnedAt = []int{7, 30, 60}

// occasion names what a warning is about, so that the daily look writes of it once: of an end 60, 30 and 7 days before.
func (x Warning) occasion(today day.Date) (string, bool) {
	if x.Appointment == 0 {
		return fmt.Sprintf("seat %d %s %s", x.Seat, x.Why, x.On), x.Seat != 0
	}
	for _, days := range warnedAt {
		if !x.On.After(today.Add(days)) {
			return fmt.Sprintf("appointment %d ends %s, %d days", x.Appointment, x.On, days), true
		}
	}
	return "", false
}

// warningPeople are the officers of a partner on a day, its private office, and business support.
const warningPeople = `
	SELECT a.id AS account, a.email, a.name, p.concern, '' AS body FROM (
		SELECT ap.account_id, 2 AS concern FROM appointment ap WHERE ap.partner_id = @partner AND appointment_counts(ap, @today::date)
		UNION
		SELECT g.account_id, 3 FROM safeguarding_partner sp JOIN role_grant g ON g.organisation_id = sp.organisation_id
		WHERE sp.id = @partner AND g.role = 'office' AND g.ended_at IS NULL
		UNION
		SELECT account_id, 4 FROM role_grant WHERE role = 'business-support' AND ended_at IS NULL
	) p JOIN account a ON a.id = p.account_id
	WHERE a.suspended_at IS NULL
	ORDER BY p.concern, a.id`

// Warn writes each warning once to the partner's officers and office and to business support, each in a transaction of
// its own. One that fails keeps no other back.
func (w *Writer) Warn(ctx context.Context, db pg.DB, today day.Date, warnings []Warning) error {
	var problems []error
	for _, x := range warnings {
		if err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error { return w.warn(ctx, tx, today, x) }); err != nil {
			problems = append(problems, err)
		}
	}
	return errors.Join(problems...)
}

func (w *Writer) warn(ctx context.Context, tx pgx.Tx, today day.Date, x Warning) error {
	occasion, due := x.occasion(today)
	if !due {
		return nil
	}
	var written bool
	if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM letter WHERE occasion = $1)`, occasion).Scan(&written); err != nil {
		return fmt.Errorf("look whether %s was told: %w", occasion, err)
	}
	if written {
		return nil
	}
	people, err := w.people(ctx, tx, warningPeople, pgx.StrictNamedArgs{"partner": x.Partner, "today": today})
	if err != nil {
		return err
	}
	b := batch{occasion: occasion, round: x.Round}
	if x.Appointment != 0 {
		a, err := readAppointment(ctx, tx, x.Appointment)
		if err != nil {
			return err
		}
		words := a.words()
		words.To = x.On.Long()
		for _, p := range people {
			url := w.at(route.Home)
			if p.Concern == support {
				url = w.at(route.DeskAttention)
			}
			b.add(p, AppointmentEnding, letter.AppointmentEnding(a.office(), words, url, p.Concern == support))
		}
		return w.write(ctx, tx, b)
	}
	body, o, err := readBody(ctx, tx, x.Partner, today)
	if err != nil {
		return err
	}
	for _, p := range people {
		b.add(p, SeatAtRisk, letter.SeatAtRisk(o.office(), letter.Risk{Body: body, Paper: x.Paper, Why: string(x.Why), On: x.On.Long(), URL: w.at(route.SignOffRoundTo(x.Round))}, p.Concern == support))
	}
	return w.write(ctx, tx, b)
}

func readBody(ctx context.Context, tx pgx.Tx, partner id.Partner, today day.Date) (string, officeRow, error) {
	rows, _ := tx.Query(ctx, `
		SELECT organisation_name_on(sp.organisation_id, @today::date) AS body, `+officeColumns+`
		FROM safeguarding_partner sp LEFT JOIN partnership pa ON true WHERE sp.id = @partner`, pgx.StrictNamedArgs{"partner": partner, "today": today})
	type bodyRow struct {
		Body string
		officeRow
	}
	b, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[bodyRow])
	if err != nil {
		return "", officeRow{}, fmt.Errorf("read the body of partner %d for its letters: %w", partner, err)
	}
	return b.Body, b.officeRow, nil
}
