package server_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"partnershipportal/internal/account/accounttest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/web/route"
)

func TestALeadOfficerNamesADelegateInTheBrowser(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	m := putOut(t, s)
	partner, leadAccount := m.Partners[1], m.Officers[1].Account
	deputy := accounttest.Account(t, s.db, accounttest.In(authz.Office, partner.Body.ID))
	lead, admin := s.as(leadAccount), s.asRole(authz.Administrator)
	today := day.Of(time.Now())

	lead.get(route.Home).shows("Delegation")
	lead.get(route.Delegation).want(http.StatusOK).shows(partner.Body.Name, "Nobody acts in the lead officer’s place today", "Name a delegate")
	form := route.DelegationFor(route.DelegationName, m.Officers[1].Seats[0].Appointment)
	lead.get(form).want(http.StatusOK).shows(deputy.Name, "Papers covered")
	fields := merge(url.Values{"account": {number(deputy.ID)}, "office": {"Deputy Chief Constable"}, "papers": {"arrangements"}, "instrument": {"Scheme of delegation, part 3"}},
		dateFields("dated", "2019-07-01"), dateFields("starts", today.String()), dateFields("ends", today.Add(30).String()))
	lead.post(form, merge(fields, url.Values{"account": {number(leadAccount)}})).want(http.StatusUnprocessableEntity).shows("Choose the person")
	lead.post(form, fields).want(http.StatusOK).shows("Check before you name the delegate",
		deputy.Name+", Deputy Chief Constable, acting for "+partner.Body.Name+" under Scheme of delegation, part 3 of 1 July 2019, in place of the Chief Officer")
	made := lead.post(form, merge(fields, url.Values{"step": {"do"}})).want(http.StatusSeeOther).header.Get("Location")
	lead.get(made).want(http.StatusOK).shows("Delegate named", "Proposed", "Named by", "Withdraw now")
	lead.get(route.Delegation).shows("Proposed, waiting for an administrator", deputy.Name)
	s.as(deputy.ID).get(route.SignOffRoundTo(m.Round)).shows("You cannot sign")

	admin.post(made+"/confirm", nil).leadsTo(made)
	b := s.as(deputy.ID)
	b.get(route.Delegation).want(http.StatusOK).shows("You are a delegate of this partner", deputy.Name).hides(route.DelegationName)
	b.get(route.DelegationName).want(http.StatusForbidden)
	acting := "Deputy Chief Constable, acting for " + partner.Body.Name + " under Scheme of delegation, part 3 of 1 July 2019"
	confirm := b.post(route.SignOffSignTo(m.Round), url.Values{"digest": {m.Digest}}).want(http.StatusSeeOther).header.Get("Location")
	b.get(confirm).shows(acting)
	statement, err := url.Parse(confirm)
	if err != nil {
		t.Fatal(err)
	}
	b.post(route.SignOffConfirmTo(m.Round), url.Values{"statement": {statement.Query().Get("statement")}, "declaration": {"yes"}, "password": {accounttest.Password}}).
		leadsTo(route.SignOffReceiptTo(m.Round))
	b.get(route.SignOffReceiptTo(m.Round)).shows(deputy.Name + ", " + acting)
	lead.get(route.SignOffRoundTo(m.Round)).shows(deputy.Name + ", " + acting)

	lead.post(made+"/withdraw", nil).leadsTo(made)
	b.get(route.SignOffReceiptTo(m.Round)).shows(acting) // what was done says so for ever
	b.get(route.Delegation).want(http.StatusForbidden)
}

func TestALeadOfficerAsksForSomebodyNewInTheBrowser(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	partner := membershiptest.Partner(t, s.db)
	appointed := membershiptest.Appointment(t, s.db, partner.ID)
	lead, support := s.as(appointed.Account), s.asRole(authz.BusinessSupport)
	form := route.DelegationFor(route.DelegationAsk, appointed.ID)
	lead.get(form).want(http.StatusOK).shows("Ask for somebody who has no account")
	year := strconv.Itoa(time.Now().Year() + 1)
	email := membershiptest.Unique() + "@example.org"
	fields := merge(url.Values{"name": {"Dana Deputy"}, "email": {email}, "office": {"Deputy"}}, dateFields("starts", year+"-01-01"), dateFields("ends", year+"-02-01"))
	lead.post(form, merge(fields, url.Values{"email": {"dana"}})).want(http.StatusUnprocessableEntity).shows("Enter an email address")
	lead.post(form, fields).want(http.StatusOK).shows("Check before you name the delegate", "Dana Deputy")
	lead.post(form, merge(fields, url.Values{"step": {"do"}})).leadsTo(route.Delegation)
	lead.get(route.Delegation).shows("People whom you asked for", "Dana Deputy, Deputy", "Take this request back")

	home := support.get(route.Home).shows("Answer a request for a delegate: Dana Deputy, " + partner.Body.Name)
	path := linkIn(t, home, "/desk/appointments/requests/")
	support.get(path).want(http.StatusOK).shows("A delegate is asked for: Dana Deputy", email, "Invite the person and make the proposal")
	support.post(path+"/decline", url.Values{"reason": {""}}).want(http.StatusUnprocessableEntity).shows("Enter why the request is declined")
	made := support.post(path+"/put-forward", nil).want(http.StatusSeeOther).header.Get("Location")
	support.get(made).shows("Proposal made", "Dana Deputy", "Proposed")
	support.post(path+"/put-forward", nil).want(http.StatusConflict).shows("This request has been answered already")
	support.get(path).shows("Invited, and the proposal was made.", "The appointment proposed on it")
	s.asRole(authz.Administrator).post(made+"/confirm", nil).leadsTo(made)
	lead.get(route.Delegation).shows("Coming", "Dana Deputy", "Earlier requests")
}

// linkIn is the first address on a page that begins so.
func linkIn(t *testing.T, a answer, prefix string) string {
	t.Helper()
	_, after, found := strings.Cut(a.body, `href="`+prefix)
	end := strings.Index(after, `"`)
	if !found || end < 0 {
		t.Fatalf("%s has no link to %s…", a.request, prefix)
	}
	return prefix + after[:end]
}
