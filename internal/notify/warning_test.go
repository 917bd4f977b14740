package notify_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/notify"
	"partnershipportal/internal/pg/pgtest"
)

func TestAnEndingAppointmentIsWarnedOfThreeTimes(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	w, support := writer(t), arrangementtest.Support(t, db)
	partner := membershiptest.Partner(t, db)
	today := day.Of(time.Now())
	officer := arrangementtest.Officer(t, db, partner, func(a *membershiptest.AppointmentMade) { a.EndsOn = today.Add(90) })
	office := arrangementtest.WithRole(t, db, authz.Office, partner.Body.ID)
	arrangementtest.WithRole(t, db, authz.Office, membershiptest.Partner(t, db).Body.ID)
	warning := notify.Warning{Partner: partner.ID, Appointment: officer.Seats[0].Appointment, On: today.Add(90)}
	on := func(left int) int {
		for range 2 { // a second look on the same day writes nothing more
			if err := w.Warn(t.Context(), db, today.Add(90-left), []notify.Warning{warning}); err != nil {
				t.Fatal(err)
			}
		}
		return len(letters(t, db, notify.AppointmentEnding))
	}
	for _, step := range []struct{ left, want int }{{61, 0}, {60, 3}, {59, 3}, {31, 3}, {30, 6}, {8, 6}, {7, 9}, {1, 9}, {0, 9}} {
		if got := on(step.left); got != step.want {
			t.Errorf("%d days before the end there are %d letters, want %d", step.left, got, step.want)
		}
	}
	got := letters(t, db, notify.AppointmentEnding)
	wantRecipients(t, got, officer, officer, officer, office, office, office, support, support, support)
	if l := to(t, got, office); !strings.Contains(l.Text, "can sign for "+partner.Body.Name+" only until "+today.Add(90).Long()) || !strings.Contains(l.Text, "Please tell the business support team who follows") {
		t.Errorf("the office reads:\n%s", l.Text)
	}
	if l := to(t, got, support); !strings.Contains(l.Text, "https://portal.example.org/desk/attention") {
		t.Errorf("business support reads:\n%s", l.Text)
	}
}

func TestASeatAtRiskIsWarnedOfOnce(t *testing.T) {
	t.Parallel()
	s := newStory(t).open(day.Date{})
	partner := s.made.Partners[1]
	office := arrangementtest.WithRole(t, s.db, authz.Office, partner.Body.ID)
	var seat id.Seat
	s.must(s.db.QueryRow(t.Context(), `SELECT id FROM seat WHERE round_id = $1 AND partner_id = $2`, s.round, partner.ID).Scan(&seat))
	today := day.Of(time.Now())
	for range 2 {
		s.must(s.writer.Warn(t.Context(), s.db, today, []notify.Warning{
			{Partner: partner.ID, Round: s.round, Seat: seat, Why: notify.SeatEmpty, Paper: "The arrangements, version 1"},
			{Partner: partner.ID, Round: s.round, Seat: seat, Why: notify.PartnerEnds, Paper: "The arrangements, version 1", On: today.Add(5)},
		}))
	}
	got := letters(t, s.db, notify.SeatAtRisk)
	before := len(got)
	if before == 0 || before%2 != 0 { // two matters, each once
		t.Fatalf("%d letters", before)
	}
	l := to(t, got, office)
	if !strings.Contains(l.Text, "Nobody can act for "+partner.Body.Name+" today") && !strings.Contains(l.Text, "stops being a safeguarding partner after "+today.Add(5).Long()) {
		t.Errorf("the office reads:\n%s", l.Text)
	}
}

func TestARequestForADelegateIsTold(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	w, support := writer(t), arrangementtest.Support(t, db)
	partner := membershiptest.Partner(t, db)
	lead := arrangementtest.Officer(t, db, partner)
	var request id.DelegateRequest
	err := db.QueryRow(t.Context(), `
		INSERT INTO delegate_request (lead_id, name, email, office, instrument, instrument_on, starts_on, ends_on)
		VALUES ($1, 'Dana Deputy', 'dana@example.org', 'Deputy', 'Scheme of delegation', '2019-07-01', '2026-01-01', '2026-12-31') RETURNING id`, lead.Seats[0].Appointment).Scan(&request)
	if err != nil {
		t.Fatal(err)
	}
	inTx(t, db, func(tx pgx.Tx) error { return w.DelegateAskedFor(t.Context(), tx, request) })
	asked := letters(t, db, notify.DelegateAskedFor)
	wantRecipients(t, asked, support)
	for _, want := range []string{"Dana Deputy, dana@example.org", "Scheme of delegation of 1 July 2019", partner.Body.Name} {
		if !strings.Contains(asked[0].Text, want) {
			t.Errorf("business support is not told %q:\n%s", want, asked[0].Text)
		}
	}
	if _, err := db.Exec(t.Context(), `UPDATE delegate_request SET answer = 'declined', answered_by = $2, reason = 'Of another body' WHERE id = $1`, request, support.Account); err != nil {
		t.Fatal(err)
	}
	inTx(t, db, func(tx pgx.Tx) error { return w.DelegateDeclined(t.Context(), tx, request) })
	declined := letters(t, db, notify.DelegateDeclined)
	wantRecipients(t, declined, lead)
	if !strings.Contains(declined[0].Text, "Of another body") {
		t.Errorf("the lead officer reads:\n%s", declined[0].Text)
	}
}
