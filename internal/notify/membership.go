package notify

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/web/letter"
	"partnershipportal/web/route"
)

type appointmentRow struct {
	Person       string
	Organisation string
	Office       string
	ActingFor    string
	Instrument   string
	InstrumentOn day.Date
	StartsOn     day.Date
	EndsOn       day.Date
	WithdrawnOn  day.Date
	ProposedBy   id.Account
	officeRow
}

func readAppointment(ctx context.Context, tx pgx.Tx, appointment id.Appointment) (appointmentRow, error) {
	rows, _ := tx.Query(ctx, `
		SELECT p.name AS person, organisation_name_on(sp.organisation_id, ap.starts_on) AS organisation, ap.office, ap.acting_for,
		       ap.instrument, ap.instrument_on,
		       ap.starts_on, ap.ends_on, london_day(ap.withdrawn_at) AS withdrawn_on, coalesce(ap.proposed_by, 0) AS proposed_by, `+officeColumns+`
		FROM appointment ap JOIN account p ON p.id = ap.account_id JOIN safeguarding_partner sp ON sp.id = ap.partner_id
		LEFT JOIN partnership pa ON true
		WHERE ap.id = @appointment`, pgx.StrictNamedArgs{"appointment": appointment})
	a, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[appointmentRow])
	if err != nil {
		return appointmentRow{}, fmt.Errorf("read appointment %d for its letters: %w", appointment, err)
	}
	return a, nil
}

// lastDay is the day on which the appointment ends: at once if it was withdrawn.
func (a appointmentRow) lastDay() day.Date {
	if !a.WithdrawnOn.IsZero() && (a.EndsOn.IsZero() || a.WithdrawnOn.Before(a.EndsOn)) {
		return a.WithdrawnOn
	}
	return a.EndsOn
}

func (a appointmentRow) words() letter.Appointment {
	return letter.Appointment{Person: a.Person, Organisation: a.Organisation, Office: a.Office, ActingFor: a.ActingFor,
		Instrument: a.Instrument, InstrumentOn: a.InstrumentOn.Long(), From: a.StartsOn.Long(), To: a.lastDay().Long()}
}

// AppointmentProposed tells the appointee, asks the administrators to confirm or refuse, and copies business support.
func (w *Writer) AppointmentProposed(ctx context.Context, tx pgx.Tx, appointment id.Appointment) error {
	return w.appointment(ctx, tx, appointment, "proposed", func(a appointmentRow, p person) (Kind, letter.Letter) {
		switch p.Concern {
		case appointee:
			return AppointmentProposed, letter.AppointmentProposed(a.office(), a.words(), w.at(route.Home))
		default:
			copied := p.Concern == support || p.Concern == seat || p.Account == a.ProposedBy
			return AppointmentProposed, letter.AppointmentToConfirm(a.office(), a.words(), w.at(route.DeskAppointmentTo(appointment)), copied)
		}
	})
}

// AppointmentConfirmed tells the appointee and business support.
func (w *Writer) AppointmentConfirmed(ctx context.Context, tx pgx.Tx, appointment id.Appointment) error {
	return w.appointment(ctx, tx, appointment, "confirmed", func(a appointmentRow, p person) (Kind, letter.Letter) {
		switch p.Concern {
		case appointee:
			return AppointmentConfirmed, letter.AppointmentConfirmed(a.office(), a.words(), w.at(route.Home))
		case support, seat:
			return AppointmentConfirmed, letter.AppointmentConfirmedCopy(a.office(), a.words(), w.at(route.DeskAppointmentTo(appointment)))
		}
		return "", letter.Letter{}
	})
}

// AppointmentEnded tells the appointee and business support that it ends, or has ended.
func (w *Writer) AppointmentEnded(ctx context.Context, tx pgx.Tx, appointment id.Appointment) error {
	return w.appointment(ctx, tx, appointment, "ended", func(a appointmentRow, p person) (Kind, letter.Letter) {
		if p.Concern == administrator {
			return "", letter.Letter{}
		}
		url := w.at(route.Home)
		copied := p.Concern == support || p.Concern == seat
		if copied {
			url = w.at(route.DeskAppointmentTo(appointment))
		}
		return AppointmentEnded, letter.AppointmentEnded(a.office(), a.words(), url, copied)
	})
}

// appointment writes to whom compose has a letter for.
func (w *Writer) appointment(ctx context.Context, tx pgx.Tx, appointment id.Appointment, what string,
	compose func(appointmentRow, person) (Kind, letter.Letter)) error {
	a, err := readAppointment(ctx, tx, appointment)
	if err != nil {
		return err
	}
	people, err := w.people(ctx, tx, appointmentPeople, pgx.StrictNamedArgs{"appointment": appointment})
	if err != nil {
		return err
	}
	b := batch{occasion: fmt.Sprintf("appointment %d %s", appointment, what)}
	if what == "ended" {
		// An end may be set, and later another, earlier one.
		b.occasion += " " + a.lastDay().String()
	}
	for _, p := range people {
		if kind, l := compose(a, p); kind != "" {
			b.add(p, kind, l)
		}
	}
	return w.write(ctx, tx, b)
}

type requestRow struct {
	Person       string
	Email        string
	Organisation string
	Office       string
	ActingFor    string
	Instrument   string
	InstrumentOn day.Date
	StartsOn     day.Date
	EndsOn       day.Date
	Lead         string
	Reason       string
	officeRow
}

func (w *Writer) readRequest(ctx context.Context, tx pgx.Tx, request id.DelegateRequest) (requestRow, []person, error) {
	rows, _ := tx.Query(ctx, `
		SELECT r.name AS person, r.email, organisation_name_on(sp.organisation_id, london_day(r.recorded_at)) AS organisation, r.office,
		       l.office AS acting_for, r.instrument, r.instrument_on, r.starts_on, r.ends_on, c.name AS lead, r.reason, `+officeColumns+`
		FROM delegate_request r JOIN appointment l ON l.id = r.lead_id JOIN account c ON c.id = l.account_id
		JOIN safeguarding_partner sp ON sp.id = l.partner_id LEFT JOIN partnership pa ON true
		WHERE r.id = @request`, pgx.StrictNamedArgs{"request": request})
	r, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[requestRow])
	if err != nil {
		return requestRow{}, nil, fmt.Errorf("read request %d for its letters: %w", request, err)
	}
	people, err := w.people(ctx, tx, requestPeople, pgx.StrictNamedArgs{"request": request})
	return r, people, err
}

func (r requestRow) words() letter.Appointment {
	return letter.Appointment{Person: r.Person + ", " + r.Email, Organisation: r.Organisation, Office: r.Office, ActingFor: r.ActingFor,
		Instrument: r.Instrument, InstrumentOn: r.InstrumentOn.Long(), From: r.StartsOn.Long(), To: r.EndsOn.Long()}
}

// DelegateAskedFor asks business support to have somebody invited as a delegate.
func (w *Writer) DelegateAskedFor(ctx context.Context, tx pgx.Tx, request id.DelegateRequest) error {
	r, people, err := w.readRequest(ctx, tx, request)
	if err != nil {
		return err
	}
	b := batch{occasion: fmt.Sprintf("delegate request %d", request)}
	for _, p := range people {
		if p.Concern == support {
			b.add(p, DelegateAskedFor, letter.DelegateAskedFor(r.office(), r.words(), r.Lead, w.at(route.DeskDelegateRequestTo(request))))
		}
	}
	return w.write(ctx, tx, b)
}

// DelegateDeclined tells the lead officer that the person whom they asked for is not invited, and why.
func (w *Writer) DelegateDeclined(ctx context.Context, tx pgx.Tx, request id.DelegateRequest) error {
	r, people, err := w.readRequest(ctx, tx, request)
	if err != nil {
		return err
	}
	b := batch{occasion: fmt.Sprintf("delegate request %d declined", request)}
	for _, p := range people {
		if p.Concern == seat {
			b.add(p, DelegateDeclined, letter.DelegateDeclined(r.office(), r.words(), r.Reason, w.at(route.Delegation)))
		}
	}
	return w.write(ctx, tx, b)
}
