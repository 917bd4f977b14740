package notify_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"partnershipportal/internal/day"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/notify"
	"partnershipportal/internal/pg/pgtest"
)

// A body's treasurer is written to about an unpaid invoice: once each time, and never more than six times within a year.
func TestTreasurersAreRemindedOfInvoices(t *testing.T) {
	t.Parallel()
	db, w, today := pgtest.Tx(t), writer(t), day.Of(time.Now())
	body, other, nobody := membershiptest.Organisation(t, db), membershiptest.Organisation(t, db), membershiptest.Organisation(t, db)
	post := func(b membershiptest.Body, title, email string, contact bool) {
		t.Helper()
		if _, err := db.Exec(t.Context(), `INSERT INTO post (organisation_id, title, email, is_contact) VALUES ($1, $2, $3, $4)`, b.ID, title, email, contact); err != nil {
			t.Fatal(err)
		}
	}
	post(body, "Treasurer", "treasurer@example.org", false)
	post(body, "Safeguarding lead", "lead@example.org", true)
	post(other, "Safeguarding lead", "contact@example.org", true)
	post(other, "Head of nothing", "nothing@example.org", false)
	remind := func(b membershiptest.Body, n int, overdue bool) {
		t.Helper()
		series := fmt.Sprintf("dues of body %d", b.ID)
		x := notify.Reminder{Series: series, Occasion: fmt.Sprintf("%s invoice %d stage 1", series, n), Body: b.ID, Name: b.Name, Year: "2019/20", Reference: "INV 1042", Open: "£600.00",
			DueOn: day.Must("2019-06-30"), Overdue: overdue}
		for range 2 {
			if err := w.Remind(t.Context(), db, today, []notify.Reminder{x}); err != nil {
				t.Fatal(err)
			}
		}
	}
	remind(body, 1, true)
	remind(other, 1, false)
	remind(nobody, 1, true)
	got := letters(t, db, notify.InvoiceUnpaid)
	if len(got) != 2 {
		t.Fatalf("%d letters, want one to the treasurer and one to the contact post", len(got))
	}
	for email, wants := range map[string][]string{"treasurer@example.org": {"Overdue: contribution of " + body.Name, "was due on 30 June 2019", "Invoice: INV 1042", "Still to be paid: £600.00"},
		"contact@example.org": {"Due soon", "is due on 30 June 2019"}} {
		found := false
		for _, l := range got {
			if l.Email != email {
				continue
			}
			found = true
			for _, want := range wants {
				if !strings.Contains(l.Subject+"\n"+l.Text, want) {
					t.Errorf("%s reads\n%s\n%s\nwithout %q", email, l.Subject, l.Text, want)
				}
			}
		}
		if !found {
			t.Errorf("nobody wrote to %s", email)
		}
	}
	for n := range 9 {
		remind(body, n+2, true)
	}
	if got := len(letters(t, db, notify.InvoiceUnpaid)); got != 7 {
		t.Errorf("%d letters, want six to the one body and one to the other", got)
	}
}
