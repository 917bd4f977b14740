package server_test

import (
	"net/http"
	"net/url"
	"strconv"
	"testing"

	"partnershipportal/internal/account/accounttest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/web/route"
)

// merge puts the fields of several parts of a form together.
func merge(parts ...url.Values) url.Values {
	all := url.Values{}
	for _, p := range parts {
		for name, values := range p {
			all[name] = values
		}
	}
	return all
}

func number[T ~int64](n T) string { return strconv.FormatInt(int64(n), 10) }

func proposal(person id.Account, partner id.Partner) url.Values {
	return merge(url.Values{
		"account": {number(person)}, "partner": {number(partner)}, "office": {"Chief Constable"}, "capacity": {"lead"},
		"acting-for": {""}, "instrument": {"Letter of 12 December 2025"},
	}, dateFields("starts", "2026-01-01"))
}

func TestAppointmentInTheBrowser(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	support, admin := s.asRole(authz.BusinessSupport), s.asRole(authz.Administrator)
	partner := membershiptest.Partner(t, s.db)
	person := accounttest.Account(t, s.db)

	support.get(route.Home).shows("Appointments", "Organisations")
	support.get(route.DeskAppointments).want(http.StatusOK).shows("No appointment is recorded here yet", "Propose an appointment")
	support.get(route.DeskAppointmentPropose).shows(person.Name, partner.Body.Name)
	fields := proposal(person.ID, partner.ID)
	support.post(route.DeskAppointmentPropose, fields).want(http.StatusOK).
		shows("Check before you propose", person.Name, "Chief Constable", "From 1 January 2026", "All kinds of document")
	support.post(route.DeskAppointmentPropose, merge(fields, url.Values{"step": {"change"}})).want(http.StatusOK).
		shows("Propose an appointment", "Letter of 12 December 2025")
	var before int
	count(t, s, &before)
	if before != 0 {
		t.Fatalf("%d appointments before anything was proposed", before)
	}
	made := support.post(route.DeskAppointmentPropose, merge(fields, url.Values{"step": {"do"}})).want(http.StatusSeeOther).header.Get("Location")
	support.get(made).want(http.StatusOK).shows("Appointment proposed", "Proposed").hides(made + "/confirm")

	admin.get(route.Home).shows("Waiting for you", "Confirm or refuse an appointment: "+person.Name)
	admin.get(made).want(http.StatusOK).shows("Confirm", "Refuse")
	admin.get(made + "/confirm").want(http.StatusOK).shows("You cannot take a confirmation back")
	s.visitor().get(route.Partners).shows("None recorded").hides("Chief Constable")
	admin.post(made+"/confirm", nil).leadsTo(made)
	admin.get(made).shows("Appointment confirmed", "Confirmed")
	admin.post(made+"/confirm", nil).leadsTo(made) // pressed twice
	admin.get(route.Home).hides("Waiting for you")
	s.visitor().get(route.Partners).shows("Office that signs Chief Constable").hides(person.Name)

	s.as(person.ID).get(made).want(http.StatusOK).hides(made+"/end", made+"/withdraw")
	other := s.asRole(authz.Administrator)
	other.post(made+"/refuse", nil).want(http.StatusConflict).shows("This appointment was decided in the meantime")
	other.get(made + "/confirm").want(http.StatusConflict)

	support.post(made+"/end", nil).want(http.StatusUnprocessableEntity).shows("There is a problem", "Enter the last day")
	support.post(made+"/end", dateFields("ends", "2025-12-31")).want(http.StatusUnprocessableEntity).shows("must not be before the first day")
	support.post(made+"/end", dateFields("ends", "2090-12-31")).leadsTo(made)
	support.get(made).shows("1 January 2026 to 31 December 2090")
	support.post(made+"/withdraw", nil).leadsTo(made)
	support.get(made).shows("Withdrawn").hides(made + "/end")
	support.get(route.DeskAppointments + "?state=confirmed&partner=" + partner.Body.Slug).hides(person.Name)
	support.get(route.DeskAppointmentsOf("withdrawn")).shows(person.Name)
}

func count(t *testing.T, s *site, n *int) {
	t.Helper()
	if err := s.db.QueryRow(t.Context(), `SELECT count(*) FROM appointment`).Scan(n); err != nil {
		t.Fatal(err)
	}
}

func TestProposalFormSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	support := s.asRole(authz.BusinessSupport)
	partner := membershiptest.Partner(t, s.db, func(p *membershiptest.PartnerMade) { p.EndsOn = day.Must("2022-06-30") })
	person := accounttest.Account(t, s.db)
	administrator := accounttest.Account(t, s.db, accounttest.In(authz.Administrator))
	tests := []struct {
		name   string
		fields url.Values
		words  string
	}{
		{"nothing typed", url.Values{}, "Choose the person to be appointed"},
		{"somebody who never signs", proposal(administrator.ID, partner.ID), "Choose the person to be appointed"},
		{"a delegate for nobody", merge(proposal(person.ID, partner.ID), url.Values{"capacity": {"delegate"}}), "Enter the office for which the delegate acts"},
		{"an end before the start", merge(proposal(person.ID, partner.ID), dateFields("ends", "2025-01-01")), "The last day must not be before the first day"},
		{"a start after the partner's time", proposal(person.ID, partner.ID), "only until 30 June 2022"},
		{"no real date", merge(proposal(person.ID, partner.ID), url.Values{"starts-day": {"31"}, "starts-month": {"2"}}), "First day must be a real date"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, step := range []string{"", "do"} {
				a := support.post(route.DeskAppointmentPropose, merge(tt.fields, url.Values{"step": {step}}))
				a.want(http.StatusUnprocessableEntity).shows("There is a problem", tt.words, "Error:")
			}
		})
	}
	support.post(route.DeskAppointmentPropose, merge(proposal(person.ID, partner.ID), url.Values{"confirmed-by": {"1"}})).want(http.StatusBadRequest)
}

func TestWhyAnAdministratorCannotConfirm(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	both := accounttest.Account(t, s.db, accounttest.In(authz.Administrator), accounttest.In(authz.BusinessSupport))
	partner := membershiptest.Partner(t, s.db)
	a := membershiptest.Appointment(t, s.db, partner.ID, func(a *membershiptest.AppointmentMade) { a.Confirmed, a.ProposedBy = false, both.ID })
	page := route.DeskAppointmentTo(a.ID)
	b := s.as(both.ID)
	b.get(page).want(http.StatusOK).shows("You proposed this appointment, so somebody else has to confirm or refuse it").hides(page + "/confirm")
	b.post(page+"/confirm", nil).want(http.StatusForbidden)
	accounttest.Grant(t, s.db, a.Account, authz.Administrator, 0)
	s.as(a.Account).get(page).shows("You cannot confirm or refuse your own appointment")
	s.as(a.Account).post(page+"/confirm", nil).want(http.StatusForbidden)
}

func TestRivalLeadOfficerIsAConflict(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	partner := membershiptest.Partner(t, s.db)
	membershiptest.Appointment(t, s.db, partner.ID)
	rival := membershiptest.Appointment(t, s.db, partner.ID, func(a *membershiptest.AppointmentMade) { a.Confirmed = false })
	page := route.DeskAppointmentTo(rival.ID)
	admin := s.asRole(authz.Administrator)
	admin.post(page+"/confirm", nil).want(http.StatusConflict).shows("Another confirmed lead officer of this partner holds the office", "Proposed")
}

func TestACommandsAppointmentIsAdoptedInTheBrowser(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	partner := membershiptest.Partner(t, s.db)
	asked := membershiptest.Appointment(t, s.db, partner.ID, func(a *membershiptest.AppointmentMade) { a.ByCommand = true })
	page := route.DeskAppointmentTo(asked.ID)
	support, admin := s.asRole(authz.BusinessSupport), s.asRole(authz.Administrator)
	support.get(route.Home).shows("Propose an appointment that a command asked for")
	admin.get(page).shows("Nobody has proposed this appointment yet")
	admin.post(page+"/confirm", nil).want(http.StatusConflict)
	support.get(page).shows("Asked for by a command of the installation")
	support.post(page+"/adopt", nil).leadsTo(page)
	admin.post(page+"/confirm", nil).leadsTo(page)
}
