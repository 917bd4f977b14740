package notify_test

import (
	"strings"
	"testing"
	"time"

	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/notify"
	"partnershipportal/internal/pg/pgtest"
	"partnershipportal/internal/signoff"
	"partnershipportal/internal/signoff/signofftest"
)

func TestLettersOfAFinancialYear(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	m := signofftest.DraftYear(t, db)
	m.Service = signoff.New(db, signofftest.Passwords{}, writer(t), time.Now)
	support := arrangementtest.WithRole(t, db, authz.BusinessSupport)
	membershiptest.Appointment(t, db, m.Officers[0].Partner.ID, func(a *membershiptest.AppointmentMade) {
		a.Capacity, a.Papers = authz.Delegate, []string{"arrangements"} // asked for documents alone
	})
	m.OpenRound(t)
	opened := letters(t, db, notify.RoundOpened)
	officers := []authz.Actor{m.Officers[0].Actor, m.Officers[1].Actor, m.Officers[2].Actor}
	wantRecipients(t, opened, append(one(support), officers...)...)
	l := to(t, opened, officers[0])
	if !strings.Contains(l.Text, "“"+m.Title+"”") || strings.Contains(l.Text, "version") || l.Version != 0 || l.Round != m.Round {
		t.Errorf("the letter of round %d, version %d:\n%s", l.Round, l.Version, l.Text)
	}
	for _, o := range m.Officers {
		m.MustAct(t, o.Actor, signoff.Sign)
	}
	complete := letters(t, db, notify.RoundComplete)
	wantRecipients(t, complete, append(one(support), officers...)...)
	if l := to(t, complete, support); !strings.Contains(l.Text, "https://portal.example.org/desk/funding/"+m.Slug) || !strings.Contains(l.Text, "The year is agreed") {
		t.Errorf("business support is told:\n%s", l.Text)
	}
}
