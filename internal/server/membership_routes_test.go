package server_test

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"testing"

	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
	"partnershipportal/web/route"
)

// membershipFixtures are the appointments and bodies that the rows of the table speak of.
type membershipFixtures struct {
	proposed, asked, confirmed membershiptest.AppointmentMade
	body                       membershiptest.Body // neither partner nor agency
	partner                    membershiptest.PartnerMade
	agency                     membershiptest.AgencyMade
	succession                 id.Succession
	share                      int64 // the partner's area
}

func makeMembership(t testing.TB, db pg.DB, partner id.Partner) membershipFixtures {
	t.Helper()
	m := membershipFixtures{body: membershiptest.Organisation(t, db), partner: membershiptest.Partner(t, db), agency: membershiptest.Agency(t, db)}
	m.succession = membershiptest.Succession(t, db, membershiptest.Organisation(t, db).ID, m.body.ID, day.Must("2022-07-01"))
	m.proposed = membershiptest.Appointment(t, db, m.partner.ID, func(a *membershiptest.AppointmentMade) { a.Confirmed = false })
	m.asked = membershiptest.Appointment(t, db, partner, func(a *membershiptest.AppointmentMade) { a.ByCommand = true })
	m.confirmed = membershiptest.Appointment(t, db, membershiptest.Partner(t, db).ID)
	if err := db.QueryRow(t.Context(), `SELECT id FROM partner_area WHERE partner_id = $1`, m.partner.ID).Scan(&m.share); err != nil {
		t.Fatal(err)
	}
	return m
}

// dateFields are the three fields of a date.
func dateFields(prefix, iso string) url.Values {
	d := day.Must(iso)
	return url.Values{prefix + "-day": {strconv.Itoa(d.Day())}, prefix + "-month": {strconv.Itoa(int(d.Month()))}, prefix + "-year": {strconv.Itoa(d.Year())}}
}

func membershipExpectations() []expectation {
	slug := func(f fixtures) string { return f.members.body.Slug }
	organisation := func(act string) func(fixtures) string {
		return func(f fixtures) string { return route.DeskOrganisationAct(slug(f), act) }
	}
	partner := func(act string) func(fixtures) string {
		return func(f fixtures) string {
			return route.DeskPartnerAct(f.members.partner.Body.Slug, f.members.partner.ID, act)
		}
	}
	agencyEnd := func(f fixtures) string { return route.DeskAgencyEndTo(f.members.agency.Body.Slug, f.members.agency.ID) }
	asAt := func(path string) func(fixtures) string { return func(fixtures) string { return path } }
	share := func(f fixtures) string { return route.DeskAreaEndTo(f.members.partner.Body.Slug, f.members.share) }
	fact := func(f fixtures) string {
		return route.DeskFactRetractTo(f.members.partner.Body.Slug, "partner", int64(f.members.partner.ID))
	}
	rows := []expectation{
		open("GET "+route.Partners, http.StatusOK),
		open("GET "+route.CSV(route.Partners), http.StatusOK),
		open("GET "+route.XLSX(route.Partners), http.StatusOK),
		open("GET "+route.Agencies, http.StatusOK),
		open("GET "+route.CSV(route.Agencies), http.StatusOK),
		open("GET "+route.XLSX(route.Agencies), http.StatusOK),
		open("GET "+route.AsAtAny, http.StatusOK),
		open("GET "+route.AsAt, http.StatusOK).at(asAt(route.AsAtTo("2020-01-01", ""))),
		open("GET "+route.CSV(route.AsAtPartners), http.StatusOK).at(asAt(route.CSV(route.AsAtPartnersTo("2020-01-01")))),
		open("GET "+route.XLSX(route.AsAtPartners), http.StatusOK).at(asAt(route.XLSX(route.AsAtPartnersTo("2020-01-01")))),
		open("GET "+route.CSV(route.AsAtAgencies), http.StatusOK).at(asAt(route.CSV(route.AsAtAgenciesTo("2020-01-01")))),
		open("GET "+route.XLSX(route.AsAtAgencies), http.StatusOK).at(asAt(route.XLSX(route.AsAtAgenciesTo("2020-01-01")))),
		open("GET "+route.Organisation, http.StatusOK).at(func(f fixtures) string { return route.OrganisationTo(slug(f)) }),

		closed("GET "+route.DeskAppointments).with("business support", support, 200).with("administrator", admin, 200).
			with("scrutineer", scrutineer, 200).with("lead officer", lead, 403).with("private office", office, 403).with("agency staff", staff, 403),
		desk("GET "+route.DeskAppointmentPropose, http.StatusOK),
		desk("POST "+route.DeskAppointmentPropose, http.StatusUnprocessableEntity),
		closed("GET "+route.DeskAppointment).at(func(f fixtures) string { return route.DeskAppointmentTo(f.members.confirmed.ID) }).
			with("business support", support, 200).with("administrator", admin, 200).with("scrutineer", scrutineer, 200).
			with("the appointee", confirmedLead, 200).with("another lead officer", otherLead, 404).with("agency staff", staff, 404),

		desk("GET "+route.DeskOrganisations, http.StatusOK).with("scrutineer", scrutineer, http.StatusForbidden),
		desk("GET "+route.DeskOrganisationAdd, http.StatusOK),
		desk("POST "+route.DeskOrganisationAdd, http.StatusUnprocessableEntity),
		desk("GET "+route.DeskOrganisation, http.StatusOK).at(func(f fixtures) string { return route.DeskOrganisationTo(slug(f)) }),
		desk("GET "+route.DeskOrganisationRename, http.StatusOK).at(organisation("rename")),
		desk("POST "+route.DeskOrganisationRename, http.StatusUnprocessableEntity).at(organisation("rename")),
		desk("GET "+route.DeskOrganisationEnd, http.StatusOK).at(organisation("end")),
		desk("POST "+route.DeskOrganisationEnd, http.StatusUnprocessableEntity).at(organisation("end")),
		desk("GET "+route.DeskOrganisationEdit, http.StatusOK).at(organisation("edit")),
		desk("POST "+route.DeskOrganisationEdit, http.StatusUnprocessableEntity).at(organisation("edit")),
		desk("GET "+route.DeskOrganisationIdentifier, http.StatusOK).at(organisation("identifier")),
		desk("POST "+route.DeskOrganisationIdentifier, http.StatusUnprocessableEntity).at(organisation("identifier")),
		desk("GET "+route.DeskOrganisationAddress, http.StatusOK).at(organisation("address")),
		desk("POST "+route.DeskOrganisationAddress, http.StatusUnprocessableEntity).at(organisation("address")),
		desk("GET "+route.DeskOrganisationRetract, http.StatusOK).at(organisation("retract")),
		desk("POST "+route.DeskOrganisationRetract, http.StatusUnprocessableEntity).at(organisation("retract")),
		desk("GET "+route.DeskFactRetract, http.StatusOK).at(fact),
		desk("POST "+route.DeskFactRetract, http.StatusUnprocessableEntity).at(fact),
		desk("GET "+route.DeskPartnerArea, http.StatusOK).at(partner("area")),
		desk("POST "+route.DeskPartnerArea, http.StatusUnprocessableEntity).at(partner("area")),
		desk("GET "+route.DeskAreaEnd, http.StatusOK).at(share),
		desk("POST "+route.DeskAreaEnd, http.StatusUnprocessableEntity).at(share),
		desk("GET "+route.DeskOrganisationPartner, http.StatusOK).at(organisation("partner")),
		desk("POST "+route.DeskOrganisationPartner, http.StatusUnprocessableEntity).at(organisation("partner")),
		desk("GET "+route.DeskOrganisationAgency, http.StatusOK).at(organisation("agency")),
		desk("POST "+route.DeskOrganisationAgency, http.StatusUnprocessableEntity).at(organisation("agency")),
		desk("GET "+route.DeskPartnerEnd, http.StatusOK).at(partner("end")),
		desk("POST "+route.DeskPartnerEnd, http.StatusUnprocessableEntity).at(partner("end")),
		desk("GET "+route.DeskPartnerNames, http.StatusOK).at(partner("names")),
		desk("POST "+route.DeskPartnerNames, http.StatusUnprocessableEntity).at(partner("names")),
		desk("GET "+route.DeskAgencyEnd, http.StatusOK).at(agencyEnd),
		desk("POST "+route.DeskAgencyEnd, http.StatusUnprocessableEntity).at(agencyEnd),
	}
	return slices.Concat(rows, appointmentActExpectations(), successionExpectations())
}

func confirmedLead(f fixtures) id.Account { return f.members.confirmed.Account }
func proposedLead(f fixtures) id.Account  { return f.members.proposed.Account }
func askedLead(f fixtures) id.Account     { return f.members.asked.Account }

func appointmentActExpectations() []expectation {
	asked := func(f fixtures) id.Appointment { return f.members.asked.ID }
	proposed := func(f fixtures) id.Appointment { return f.members.proposed.ID }
	confirmed := func(f fixtures) id.Appointment { return f.members.confirmed.ID }
	acts := []struct {
		pattern, act string
		on           func(fixtures) id.Appointment
		appointee    who
		support      int // what business support is answered; 0 means that it may
		admin        int
		fields       url.Values
	}{
		{route.DeskAppointmentAdopt, "adopt", asked, askedLead, 0, 403, nil},
		{route.DeskAppointmentConfirm, "confirm", proposed, proposedLead, 403, 0, nil},
		{route.DeskAppointmentRefuse, "refuse", proposed, proposedLead, 403, 0, nil},
		{route.DeskAppointmentEnd, "end", confirmed, confirmedLead, 0, 0, dateFields("ends", "2030-12-31")},
		{route.DeskAppointmentWithdraw, "withdraw", confirmed, confirmedLead, 0, 0, nil},
	}
	var rows []expectation
	for _, a := range acts {
		for method, may := range map[string]int{"GET ": http.StatusOK, "POST ": http.StatusSeeOther} {
			or := func(status int) int {
				if status == 0 {
					return may
				}
				return status
			}
			rows = append(rows, closed(method+a.pattern).
				at(func(f fixtures) string { return route.DeskAppointmentAct(a.on(f), a.act) }).
				sending(func(fixtures) url.Values { return a.fields }).
				with("business support", support, or(a.support)).with("administrator", admin, or(a.admin)).
				with("the appointee", a.appointee, 403).with("scrutineer", scrutineer, 403).
				with("another lead officer", otherLead, 404).with("private office", office, 404).with("agency staff", staff, 404))
		}
	}
	return rows
}
