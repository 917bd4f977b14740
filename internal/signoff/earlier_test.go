package signoff_test

import (
	"testing"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg/pgtest"
	"partnershipportal/internal/signoff"
	"partnershipportal/internal/signoff/signofftest"
)

func TestWhatAPartnerWasPutBefore(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	m := signofftest.Open(t, tx)
	first := m.Round
	council, police, health := m.Officers[0], m.Officers[1], m.Officers[2]
	earlier := func(by authz.Actor, partner id.Partner) []signoff.Earlier {
		t.Helper()
		list, err := m.Service.Earlier(t.Context(), by, m.Round, partner)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	if list := earlier(council.Actor, council.Partner.ID); len(list) != 0 {
		t.Errorf("before the first round stand %+v", list)
	}
	m.MustAct(t, council.Actor, signoff.Sign)
	m.MustAct(t, police.Actor, signoff.Decline)

	after := membershiptest.Organisation(t, tx, func(b *membershiptest.Body) { b.Kind = health.Partner.Body.Kind })
	membershiptest.Succession(t, tx, health.Partner.Body.ID, after.ID, day.Must("2022-07-01"))
	board := membershiptest.Partner(t, tx, func(p *membershiptest.PartnerMade) {
		p.Kind, p.Areas, p.Body = "health", health.Partner.Areas, after
	})
	boards := membershiptest.Appointment(t, tx, board.ID)
	successor := authz.Actor{Account: boards.Account, Seats: []authz.Seat{{Appointment: boards.ID, Partner: board.ID, Organisation: after.ID, Capacity: boards.Capacity}}}
	m.OpenRound(t)
	second := m.Round

	t.Run("what it signed, though the round ended without success", func(t *testing.T) {
		list := earlier(council.Actor, council.Partner.ID)
		if len(list) != 1 || list[0].Round != first || !list[0].Signed || list[0].Version != 1 || list[0].Outcome != signoff.Declined ||
			list[0].Organisation != council.Partner.Body.Name || list[0].SignedOn.IsZero() || len(list[0].Content) == 0 {
			t.Errorf("the council has %+v", list)
		}
	})
	t.Run("what was put to it and not signed", func(t *testing.T) {
		for _, o := range []signofftest.Officer{police, health} {
			if list := earlier(o.Actor, o.Partner.ID); len(list) != 1 || list[0].Round != first || list[0].Signed {
				t.Errorf("%s has %+v", o.Partner.Body.Name, list)
			}
		}
	})
	t.Run("what was put to the body that it took over from", func(t *testing.T) {
		if list := earlier(successor, board.ID); len(list) != 1 || list[0].Round != first || list[0].Organisation != health.Partner.Body.Name {
			t.Errorf("the successor has %+v", list)
		}
	})
	t.Run("nobody learns what was put to another partner", func(t *testing.T) {
		if list := earlier(police.Actor, council.Partner.ID); len(list) != 0 {
			t.Errorf("the police get %+v", list)
		}
		if list := earlier(m.Support, council.Partner.ID); len(list) != 1 {
			t.Errorf("business support gets %+v", list)
		}
	})
	m.MustAct(t, police.Actor, signoff.Decline)
	m.OpenRound(t)
	t.Run("both, where a later text was put to it", func(t *testing.T) {
		list := earlier(council.Actor, council.Partner.ID)
		if len(list) != 2 || list[0].Round != first || list[1].Round != second || list[1].Signed {
			t.Errorf("the council has %+v", list)
		}
	})
}
