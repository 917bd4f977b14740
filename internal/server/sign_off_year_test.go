package server_test

import (
	"encoding/hex"
	"net/http"
	"net/url"
	"testing"

	"partnershipportal/internal/account/accounttest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/signoff/signofftest"
	"partnershipportal/web/route"
)

// yearOut puts a financial year to three partners whose officers can sign in.
func yearOut(t *testing.T, s *site) (m *signofftest.Made, digest string) {
	t.Helper()
	m = signofftest.OpenYear(t, s.db)
	for _, o := range m.Officers {
		givePassword(t, s.db, o.Actor.Account)
	}
	r, err := m.Service.Round(t.Context(), m.Support, m.Round)
	if err != nil {
		t.Fatal(err)
	}
	return m, r.DigestHex()
}

func TestALeadOfficerSignsAFinancialYear(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	m, digest := yearOut(t, s)
	police := m.Officers[1]
	b := s.as(police.Actor.Account)
	b.get(route.Home).want(http.StatusOK).shows("Sign or decline: " + m.Title)
	b.get(route.SignOff).want(http.StatusOK).shows(m.Title, "Round 1, opened on").hides("Takes effect on", "Version")
	b.get(route.SignOffRoundTo(m.Round)).want(http.StatusOK).shows(m.Title, "Read the paper", "The contributions and the budget", police.Partner.Body.Name,
		"£20,000", "All cash", "£60,000", "33.3%", "100.0%", "£2,500", "Staffing", "£40,000", "£22,500", "No contributions were agreed here for "+(m.Year-1).String(),
		"Decision record that authorises it: none recorded").hides("Takes effect on", "Guidance edition", "The whole text")
	b.get(route.SignOffContentTo(m.Round)).want(http.StatusOK).shows(`"schema": "funding-year/1"`)
	b.get(route.SignOffDeclineTo(m.Round)).want(http.StatusOK).shows("but the paper goes back to business support")
	sent := b.post(route.SignOffSignTo(m.Round), url.Values{"digest": {digest}}).want(http.StatusSeeOther)
	to, err := url.Parse(sent.header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	statement := to.Query().Get("statement")
	b.get(route.SignOffConfirmOf(m.Round, statement)).want(http.StatusOK).
		shows("I sign “"+m.Title+"” for "+police.Partner.Body.Name+". I have read the whole paper.", "Digest of the paper").hides("Takes effect on")
	b.post(route.SignOffConfirmTo(m.Round), confirmation(statement, accounttest.Password)).leadsTo(route.SignOffReceiptTo(m.Round))
	b.get(route.SignOffReceiptTo(m.Round)).want(http.StatusOK).shows("1 on this financial year", "2 partners have still to act").hides("Takes effect on")

	support := s.asRole(authz.BusinessSupport)
	t.Run("business support recalls the round", func(t *testing.T) {
		support.get(route.SignOffRoundTo(m.Round)).shows("Recall this round", "This year on the desk").hides("Publish this version")
		support.get(route.DeskRecallTo(m.Round)).want(http.StatusOK).shows("The lines and the budget can be changed again")
		support.post(route.DeskRecallTo(m.Round), url.Values{"reason": {"A slip in a sum."}}).leadsTo(route.DeskFundingYearTo(m.Slug))
		support.get(route.SignOffRoundTo(m.Round)).shows("The round was recalled", "A slip in a sum.")
	})
}

func TestAnAgreedFinancialYearStandsAndIsPublicOnceReleased(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	m, digest := yearOut(t, s)
	m.SignAll(t)
	support, visitor := s.asRole(authz.BusinessSupport), s.visitor()
	support.get(route.SignOffRoundTo(m.Round)).want(http.StatusOK).shows("Every partner has signed, so the year is agreed.").hides("Set this round aside", "Publish this version")
	support.get(route.DeskSetAsideTo(m.Round)).want(http.StatusConflict).shows("An agreed year stands")
	support.post(route.DeskSetAsideTo(m.Round), url.Values{"reason": {"After all."}}).want(http.StatusConflict)
	visitor.get(route.FundingSignOffsTo(m.Slug)).want(http.StatusNotFound)
	visitor.get(route.FundingContentTo(m.Slug)).want(http.StatusNotFound)
	visitor.get(route.VerifyTo(digest, false)).want(http.StatusOK).hides("agreed financial year")
	m.Release(t)
	visitor = s.visitor()
	names := []string{digest[:8], "Digest of the paper", "SHA-256 of the paper", "None recorded"}
	for _, o := range m.Officers {
		names = append(names, o.Partner.Body.Name)
	}
	visitor.get(route.FundingYearTo(m.Slug)).want(http.StatusOK).shows("Agreed by every safeguarding partner", "Who signed, and when")
	visitor.get(route.FundingSignOffsTo(m.Slug)).want(http.StatusOK).shows(names...)
	sent := visitor.get(route.FundingContentTo(m.Slug)).want(http.StatusOK)
	if sent.body != string(m.Content) {
		t.Errorf("the published bytes are %q, want those signed", sent.body)
	}
	visitor.get(route.VerifyTo(digest, false)).want(http.StatusOK).shows("These are the exact figures of an agreed financial year", m.Title)
	r, err := m.Service.Round(t.Context(), m.Support, m.Round)
	if err != nil {
		t.Fatal(err)
	}
	visitor.get(route.VerifyTo(hex.EncodeToString(r.Seats[0].Act.StatementDigest), false)).want(http.StatusOK).shows("This is the statement of a sign-off", r.Seats[0].OrganisationName)
	visitor.get(route.FundingSignOffsTo("2019-20")).want(http.StatusNotFound)
	visitor.get(route.FundingContentTo("2019")).want(http.StatusNotFound)
}
