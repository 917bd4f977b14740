package server_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
	"partnershipportal/web/route"
)

// agencyFixtures are the agency of the fixtures' agency staff, a reader of it and a correction that waits.
type agencyFixtures struct {
	own        membershiptest.AgencyMade
	reader     id.Reader
	correction id.Correction
	named      int64 // being named in the draft of the desk's fixtures
}

func makeAgencies(t testing.TB, db pg.DB, own membershiptest.AgencyMade, staff id.Account) agencyFixtures {
	t.Helper()
	f := agencyFixtures{own: own}
	s := membership.New(db, membership.NoLetters{}, time.Now)
	var err error
	f.reader, err = s.NameReader(t.Context(), authz.System("fixtures"), membership.ReaderCommand{Slug: own.Body.Slug, Name: "Ada Ames",
		Email: "ada@example.org", Post: "Headteacher", Capacity: "leader", From: day.Must("2024-01-01")})
	if err != nil {
		t.Fatal(err)
	}
	by := authz.Actor{Account: staff, Held: []authz.Held{{Role: authz.AgencyStaff, Organisation: own.Body.ID}}}
	f.correction, err = s.ProposeCorrection(t.Context(), by, membership.CorrectionCommand{Organisation: own.Body.ID, Field: "other", Words: "We moved.", Suggested: "1 New Road"})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func agencyExpectations() []expectation {
	term := func(act string) func(fixtures) string {
		return func(f fixtures) string {
			return route.DeskAgencyAct(f.agencies.own.Body.Slug, f.agencies.own.ID, act)
		}
	}
	reader := func(act string) func(fixtures) string {
		return func(f fixtures) string { return route.DeskReaderAct(f.agencies.own.Body.Slug, f.agencies.reader, act) }
	}
	readers := func(below string) func(fixtures) string {
		return func(f fixtures) string { return route.DeskReadersTo(f.agencies.own.Body.Slug) + below }
	}
	category := func(fixtures) string { return route.DeskAgencyCategoryTo(4) }
	correction := func(f fixtures) string { return route.DeskCorrectionTo(f.agencies.correction) }
	mine := func(row string, status int) expectation {
		return closed(row).with("agency staff", staff, status).with("business support", support, http.StatusForbidden).with("lead officer", lead, http.StatusForbidden)
	}
	draft := func(below string) func(fixtures) string {
		return func(f fixtures) string {
			return route.DeskVersionAgenciesTo(f.desk.draft.Ref.Slug, f.desk.draft.Ref.Number) + below
		}
	}
	named := func(f fixtures) string {
		return route.DeskVersionAgencyTo(f.desk.draft.Ref.Slug, f.desk.draft.Ref.Number, f.agencies.named)
	}
	const wrong = http.StatusUnprocessableEntity
	return []expectation{
		desk("GET "+route.DeskAgencies, http.StatusOK), desk("GET "+route.CSV(route.DeskAgencies), http.StatusOK), desk("GET "+route.XLSX(route.DeskAgencies), http.StatusOK),
		desk("GET "+route.DeskAgencyCategories, http.StatusOK),
		desk("GET "+route.DeskAgencyCategoryAdd, http.StatusOK), desk("POST "+route.DeskAgencyCategoryAdd, wrong),
		desk("GET "+route.DeskAgencyCategory, http.StatusOK).at(category), desk("POST "+route.DeskAgencyCategory, wrong).at(category),
		desk("GET "+route.DeskAgencyChange, http.StatusOK).at(term("change")), desk("POST "+route.DeskAgencyChange, wrong).at(term("change")),
		desk("GET "+route.DeskAgencyBasis, http.StatusOK).at(term("basis")), desk("POST "+route.DeskAgencyBasis, wrong).at(term("basis")),
		desk("GET "+route.DeskReaders, http.StatusOK).at(readers("")),
		desk("GET "+route.DeskReaderAdd, http.StatusOK).at(readers("/add")), desk("POST "+route.DeskReaderAdd, wrong).at(readers("/add")),
		desk("GET "+route.DeskReaderChange, http.StatusOK).at(reader("change")), desk("POST "+route.DeskReaderChange, wrong).at(reader("change")),
		desk("GET "+route.DeskReaderEnd, http.StatusOK).at(reader("end")), desk("POST "+route.DeskReaderEnd, wrong).at(reader("end")),
		desk("GET "+route.DeskReaderRetract, http.StatusOK).at(reader("retract")), desk("POST "+route.DeskReaderRetract, wrong).at(reader("retract")),
		desk("GET "+route.DeskCorrections, http.StatusOK),
		desk("GET "+route.DeskCorrection, http.StatusOK).at(correction), desk("POST "+route.DeskCorrection, wrong).at(correction),
		desk("GET "+route.DeskVersionAgencies, http.StatusOK).at(draft("")).with("scrutineer", scrutineer, http.StatusOK),
		desk("POST "+route.DeskVersionAgencies, http.StatusBadRequest).at(draft("")).with("scrutineer", scrutineer, http.StatusForbidden),
		desk("GET "+route.DeskVersionAgencyAdd, http.StatusOK).at(draft("/name")), desk("POST "+route.DeskVersionAgencyAdd, wrong).at(draft("/name")),
		desk("GET "+route.DeskVersionAgency, http.StatusOK).at(named), desk("POST "+route.DeskVersionAgency, wrong).at(named),
		open("GET "+route.ArrangementAgencies, http.StatusOK).at(func(f fixtures) string { return route.ArrangementAgenciesTo(f.published.Slug, f.published.Number) }),
		mine("GET "+route.MyAgency, http.StatusOK), mine("GET "+route.MyAgencyCorrection, http.StatusOK),
		mine("POST "+route.MyAgencyCorrection, wrong).sending(func(f fixtures) url.Values { return url.Values{"agency": {f.agencies.own.Body.Slug}} }),
	}
}

// nameAgency names an agency in a draft.
func nameAgency(t testing.TB, db pg.DB, draft arrangementtest.Made, agency id.Organisation) int64 {
	t.Helper()
	s, _ := arrangementtest.Services(db, draft.Sent)
	if _, err := s.NameAgencies(t.Context(), draft.Support, draft.Ref, []id.Organisation{agency}); err != nil {
		t.Fatal(err)
	}
	n, err := s.NamedAgencies(t.Context(), draft.Support, draft.Ref, arrangement.AgencyQuery{})
	if err != nil {
		t.Fatal(err)
	}
	return n.Agencies[0].ID
}
