package server_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/account/accounttest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/file/filetest"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
	"partnershipportal/web/route"
)

// delegationFixtures are a lead officer, a delegate and somebody asked for, all of one partner.
type delegationFixtures struct {
	lead, delegate membershiptest.AppointmentMade
	request        id.DelegateRequest
}

func makeDelegation(t testing.TB, db pg.DB) delegationFixtures {
	t.Helper()
	partner := membershiptest.Partner(t, db)
	d := delegationFixtures{lead: membershiptest.Appointment(t, db, partner.ID)}
	d.delegate = membershiptest.Appointment(t, db, partner.ID, func(a *membershiptest.AppointmentMade) {
		a.Capacity, a.Office, a.Under, a.ProposedBy = authz.Delegate, "Deputy Chief Officer", d.lead.ID, d.lead.Account
		a.Account = accounttest.Account(t, db, accounttest.In(authz.Office, partner.Body.ID)).ID
	})
	err := db.QueryRow(context.Background(), `
		INSERT INTO delegate_request (lead_id, name, email, office, starts_on, ends_on)
		VALUES (@lead, 'Dana Deputy', @email, 'Assistant Chief Officer', '2026-01-01', '2030-12-31') RETURNING id`,
		pgx.StrictNamedArgs{"lead": d.lead.ID, "email": membershiptest.Unique() + "@example.org"}).Scan(&d.request)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(context.Background(), `UPDATE appointment SET instrument_file = $2 WHERE id = $1`, d.delegate.ID, filetest.Add(t, db, "Scheme of delegation")); err != nil {
		t.Fatal(err)
	}
	return d
}

func delegatingLead(f fixtures) id.Account { return f.delegation.lead.Account }
func itsDelegate(f fixtures) id.Account    { return f.delegation.delegate.Account }

func delegationExpectations() []expectation {
	leads := func(name string, status int) expectation {
		return closed(name).with("the lead officer", delegatingLead, status).with("a delegate", itsDelegate, http.StatusForbidden).
			with("business support", support, http.StatusForbidden).with("private office", office, http.StatusForbidden).with("agency staff", staff, http.StatusForbidden)
	}
	request := func(act string) func(fixtures) string {
		return func(f fixtures) string { return route.DeskDelegateRequestAct(f.delegation.request, act) }
	}
	instrument := func(act string) func(fixtures) string {
		return func(f fixtures) string { return route.DeskAppointmentAct(f.delegation.delegate.ID, act) }
	}
	attach := func(f fixtures) string { return route.DeskAppointmentAct(f.members.confirmed.ID, "attach-instrument") }
	return []expectation{
		closed("GET "+route.Delegation).with("the lead officer", delegatingLead, 200).with("a delegate", itsDelegate, 200).with("another lead officer", otherLead, 200).
			with("business support", support, 403).with("private office", office, 403),
		leads("GET "+route.DelegationName, http.StatusOK),
		leads("POST "+route.DelegationName, http.StatusUnprocessableEntity),
		leads("GET "+route.DelegationAsk, http.StatusOK),
		leads("POST "+route.DelegationAsk, http.StatusUnprocessableEntity),
		closed("POST "+route.DelegationTakeBack).at(func(f fixtures) string { return route.DelegationTakeBackTo(f.delegation.request) }).
			with("the lead officer", delegatingLead, 303).with("another lead officer", otherLead, 404).with("business support", support, 403),
		closed("GET "+route.DeskDelegateRequest).at(func(f fixtures) string { return route.DeskDelegateRequestTo(f.delegation.request) }).
			with("business support", support, 200).with("administrator", admin, 200).with("scrutineer", scrutineer, 200).with("the lead officer", delegatingLead, 403),
		desk("POST "+route.DeskDelegateRequestPut, http.StatusSeeOther).at(request("put-forward")),
		desk("GET "+route.DeskDelegateRequestDecline, http.StatusOK).at(request("decline")),
		desk("POST "+route.DeskDelegateRequestDecline, http.StatusUnprocessableEntity).at(request("decline")),
		closed("GET "+route.DeskInstrument).at(instrument("instrument")).with("business support", support, 200).with("the lead officer", delegatingLead, 200).
			with("the delegate", itsDelegate, 200).with("another lead officer", otherLead, 404).with("agency staff", staff, 404),
		closed("GET "+route.DeskInstrumentAttach).at(attach).with("business support", support, 200).with("the appointee", confirmedLead, 403).
			with("administrator", admin, 403).with("agency staff", staff, 404),
		closed("POST "+route.DeskInstrumentAttach).at(attach).with("business support", support, 422).with("the appointee", confirmedLead, 403).
			with("administrator", admin, 403).with("agency staff", staff, 404).sending(func(fixtures) url.Values { return url.Values{"title": {"Letter"}} }),
	}
}
