package server_test

import (
	"net/http"
	"testing"
	"time"

	"partnershipportal/internal/account/accounttest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/web/route"
)

func TestASeatAtRiskIsShownToWhomItConcerns(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	m := putOut(t, s)
	support, scrutineer := s.as(m.Support.Account), s.asRole(authz.Scrutineer)
	office := s.as(accounttest.Account(t, s.db, accounttest.In(authz.Office, m.Partners[1].Body.ID)).ID)
	other := s.as(accounttest.Account(t, s.db, accounttest.In(authz.Office, m.Partners[0].Body.ID)).ID)
	body, round := m.Partners[1].Body.Name, route.SignOffRoundTo(m.Round)
	support.get(round).hides("At risk")

	exec(t, s.db, `UPDATE appointment SET ends_on = $2 WHERE id = $1`, m.Officers[1].Seats[0].Appointment, day.Of(time.Now()).Add(20))
	support.get(round).want(http.StatusOK).shows("At risk", "Nobody can act for "+body, "Propose an appointment")
	support.get(route.DeskVersionTo(m.Ref.Slug, m.Ref.Number)).shows("At risk", "Nobody can act for "+body)
	s.as(m.Officers[0].Account).get(round).shows("At risk", "Nobody can act for "+body, "Business support can mend this").hides(route.DeskAppointmentPropose)
	office.get(route.Home).shows("At risk", "Nobody can act for "+body, "after "+day.Of(time.Now()).Add(20).Long())
	s.as(m.Officers[1].Account).get(route.Home).shows("At risk", "Nobody can act for "+body)
	other.get(route.Home).hides("At risk")

	exec(t, s.db, `UPDATE appointment SET withdrawn_by = proposed_by WHERE id = $1`, m.Officers[1].Seats[0].Appointment)
	support.get(round).shows("Nobody can act for "+body, "Propose an appointment")
	support.get(route.Home).shows("See what needs attention")
	support.get(route.Desk).shows("What needs attention")
	support.get(route.DeskAttention).want(http.StatusOK).shows("Seats at risk in open rounds (1)", "Nobody can act for "+body, "Partners without a lead officer")
	scrutineer.get(route.DeskAttention).want(http.StatusOK).shows("You read this. Business support mends it.", "Nobody can act for "+body).hides(route.DeskAppointmentPropose)
	scrutineer.get(route.DeskAttentionTo("partners-without-lead", 1)).want(http.StatusOK).shows("This is page 1 of 1", body)
	scrutineer.get(route.DeskAttentionTo("no-such-check", 1)).want(http.StatusNotFound)
	scrutineer.get(route.DeskAttentionTo("partners-without-lead", 1) + "?page=0").want(http.StatusNotFound)
}

func TestNothingNeedsAttentionInAnEmptyInstallation(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	support := s.asRole(authz.BusinessSupport)
	support.get(route.DeskAttention).want(http.StatusOK).shows("Nothing needs attention.")
	support.get(route.Home).hides("See what needs attention")
}
