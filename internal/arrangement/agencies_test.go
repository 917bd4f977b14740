package arrangement_test

import (
	"errors"
	"slices"
	"testing"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg/pgtest"
)

func TestAVersionNamesItsAgencies(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	made := arrangementtest.Draft(t, db)
	s, _ := arrangementtest.Services(db, made.Sent)
	body := func(name string) membershiptest.Body {
		return membershiptest.Organisation(t, db, func(b *membershiptest.Body) { b.Name = name })
	}
	school := membershiptest.Agency(t, db, func(a *membershiptest.AgencyMade) { a.Body, a.Reason = body("Ash School"), "Every school" })
	trust := membershiptest.Agency(t, db, func(a *membershiptest.AgencyMade) {
		a.Body, a.Basis, a.Categories = body("Bell Trust"), "invitee", nil
	})
	membershiptest.Agency(t, db, func(a *membershiptest.AgencyMade) { a.Body, a.EndsOn = body("Closed School"), day.Must("2020-01-01") })

	n, err := s.NameAgencies(t.Context(), made.Support, made.Ref, []id.Organisation{school.Body.ID, school.Body.ID})
	if err != nil || n != 1 {
		t.Fatalf("named %d (%v), want 1", n, err)
	}
	if _, err := s.NameAgencies(t.Context(), made.Support, made.Ref, nil); !errors.Is(err, fault.Invalid) {
		t.Errorf("nothing chosen: %v", err)
	}
	if _, err := s.NameAgencies(t.Context(), arrangementtest.WithRole(t, db, authz.Scrutineer), made.Ref, []id.Organisation{trust.Body.ID}); err == nil {
		t.Error("a lead officer names agencies")
	}
	check, err := s.Check(t.Context(), made.Support, made.Ref, day.Date{})
	if err != nil || check.Named != 1 || check.Missing != 1 || len(check.Unnamed) != 1 || check.Unnamed[0].Name != "Bell Trust" {
		t.Fatalf("the check has %+v (%v)", check, err)
	}
	if n, err := s.NameAllAgencies(t.Context(), made.Support, made.Ref); err != nil || n != 1 {
		t.Fatalf("all: named %d (%v), want 1", n, err)
	}
	if n, err := s.NameAllAgencies(t.Context(), made.Support, made.Ref); err != nil || n != 0 {
		t.Fatalf("all again: named %d (%v), want 0", n, err)
	}
	named, err := s.NamedAgencies(t.Context(), made.Support, made.Ref, arrangement.AgencyQuery{Text: "bell"})
	if err != nil || named.Named != 2 || named.Matching != 1 || named.Agencies[0].Name != "Bell Trust" {
		t.Fatalf("got %+v (%v)", named, err)
	}
	if err := s.SaveAgencyReason(t.Context(), made.Support, made.Ref, named.Agencies[0].ID, "It asked to join"); err != nil {
		t.Fatal(err)
	}

	check, err = s.Check(t.Context(), made.Support, made.Ref, day.Date{})
	if err != nil {
		t.Fatal(err)
	}
	content, err := arrangement.ReadContent(check.Content)
	if err != nil {
		t.Fatal(err)
	}
	want := []arrangement.Named{{Slug: school.Body.Slug, Name: "Ash School", Basis: "chosen", Reason: "Every school", Sections: []int{}},
		{Slug: trust.Body.Slug, Name: "Bell Trust", Basis: "invitee", Reason: "It asked to join", Sections: []int{}}}
	if !slices.EqualFunc(content.Agencies, want, func(a, b arrangement.Named) bool {
		return a.Slug == b.Slug && a.Name == b.Name && a.Basis == b.Basis && a.Reason == b.Reason && a.Sections != nil && len(a.Sections) == 0
	}) {
		t.Errorf("frozen are %+v, want %+v", content.Agencies, want)
	}

	if _, err := s.Open(t.Context(), made.Support, arrangement.OpenCommand{Ref: made.Ref, Digest: check.Digest}); err != nil {
		t.Fatal(err)
	}
	if err := s.RemoveAgency(t.Context(), made.Support, made.Ref, named.Agencies[0].ID); !errors.Is(err, fault.Conflict) {
		t.Errorf("taken out while the round is open: %v", err)
	}
	if _, err := s.NameAllAgencies(t.Context(), made.Support, made.Ref); !errors.Is(err, fault.Conflict) {
		t.Errorf("named while the round is open: %v", err)
	}
}

func TestTheNextVersionStartsFromTheAgenciesOfTheOneBefore(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	made := arrangementtest.OutForSignOff(t, db)
	s, rounds := arrangementtest.Services(db, made.Sent)
	if err := rounds.Recall(t.Context(), made.Support, made.Round, "Agencies were missing."); err != nil {
		t.Fatal(err)
	}
	membershiptest.Agency(t, db)
	membershiptest.Agency(t, db)
	if _, err := s.NameAllAgencies(t.Context(), made.Support, made.Ref); err != nil {
		t.Fatal(err)
	}
	check, err := s.Check(t.Context(), made.Support, made.Ref, day.Date{})
	if err != nil {
		t.Fatal(err)
	}
	if made.Round, err = s.Open(t.Context(), made.Support, arrangement.OpenCommand{Ref: made.Ref, Digest: check.Digest}); err != nil {
		t.Fatal(err)
	}
	made.Digest = check.Digest
	for _, o := range made.Officers {
		arrangementtest.Sign(t, db, made, o)
	}
	if err := s.Publish(t.Context(), made.Support, arrangement.PublishCommand{Ref: made.Ref, Round: made.Round}); err != nil {
		t.Fatal(err)
	}
	next, err := s.NextVersion(t.Context(), made.Support, made.Ref.Slug, false)
	if err != nil {
		t.Fatal(err)
	}
	named, err := s.NamedAgencies(t.Context(), made.Support, next, arrangement.AgencyQuery{})
	if err != nil || named.Named != 2 {
		t.Fatalf("the next version names %+v (%v)", named, err)
	}
	if err := s.RemoveAgency(t.Context(), made.Support, next, named.Agencies[0].ID); err != nil {
		t.Fatal(err)
	}
	d, v, err := arrangement.NewLibrary(pgtest.Public(t, db)).Version(t.Context(), made.Ref)
	if err != nil || v.Agencies != 2 {
		t.Errorf("the published one names %d of %s (%v), want 2", v.Agencies, d.Title, err)
	}
}
