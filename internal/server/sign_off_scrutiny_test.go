package server_test

import (
	"strings"
	"testing"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/authz"
	"partnershipportal/web/route"
)

func TestScrutiny(t *testing.T) {
	t.Parallel()
	t.Run("is filed on an open round, read by all before they sign, and published with the text", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		m := arrangementtest.OutForSignOff(t, s.db)
		b, round, path := s.asRole(authz.Scrutineer), route.SignOffRoundTo(m.Round), route.SignOffScrutinyTo(m.Round)
		s.as(m.Officers[0].Account).get(round).want(200).shows("has not filed a statement on this text yet").hides("File a statement")
		b.get(round).want(200).holds(`href="` + path + `"`)
		b.get(path).want(200).shows("File a statement of scrutiny")
		b.post(path, fields("scrutiny", " \n ")).want(422).shows("Enter your statement")
		b.post(path, fields("scrutiny", strings.Repeat("x", 20_001))).want(422).shows("20,000 characters or fewer")
		b.post(path, fields("scrutiny", "Sound, but <b>thin</b> on schools 🙂")).leadsTo(round + "#scrutiny")
		b.post(path, fields("scrutiny", "The gap is closed.")).leadsTo(round + "#scrutiny")
		for _, officer := range m.Officers {
			s.as(officer.Account).get(round).want(200).shows("Sound, but <b>thin</b> on schools 🙂", "The gap is closed.")
			arrangementtest.Sign(t, s.db, m, officer)
		}
		b.get(path).want(409).shows("only while the round is open")
		b.post(path, fields("scrutiny", "Too late.")).want(409)
		service, _ := arrangementtest.Services(s.db, m.Sent)
		s.visitor().get(route.ArrangementSignOffsTo(m.Ref.Slug, 1)).want(404)
		if err := service.Publish(t.Context(), m.Support, arrangement.PublishCommand{Ref: m.Ref, Round: m.Round}); err != nil {
			t.Fatal(err)
		}
		s.visitor().get(route.ArrangementSignOffsTo(m.Ref.Slug, 1)).want(200).shows("Sound, but <b>thin</b> on schools 🙂", "The gap is closed.").hides("Too late")
	})
	t.Run("is shown as missing where none was filed, and not asked of sign-offs made elsewhere", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		signed, recorded := arrangementtest.Published(t, s.db), arrangementtest.PublishedRecorded(t, s.db)
		s.visitor().get(route.ArrangementSignOffsTo(signed.Ref.Slug, 1)).want(200).shows("filed no statement on this text")
		s.visitor().get(route.ArrangementSignOffsTo(recorded.Ref.Slug, 1)).want(200).hides("Independent scrutiny")
	})
}
