package arrangement_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/arrangement/librarytest"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/pg/pgtest"
	"partnershipportal/internal/signoff"
)

func edition(effective string, more ...func(*librarytest.Edition)) func(*librarytest.Edition) {
	return func(e *librarytest.Edition) {
		e.Effective = day.Must(effective)
		for _, f := range more {
			f(e)
		}
	}
}

func recorded(e *librarytest.Edition) { e.Recorded = true }

func TestInForceOnADay(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	s := librarytest.New(t, db)
	first := s.Publish(t, edition("2019-09-17", recorded, func(e *librarytest.Edition) {
		e.Label, e.Published = "June 2019", day.Roughly(day.Must("2019-06-20"), day.Month)
	}))
	wrong := s.Publish(t, edition("2022-04-01"))
	second := s.Publish(t, edition("2024-01-01"))
	third := s.Publish(t, edition("2030-01-01"))
	s.Withdraw(t, wrong, "Published by mistake.")
	s.Draft(t, edition("2020-01-01"))

	d, err := arrangement.NewLibrary(pgtest.Public(t, db)).Document(t.Context(), s.Slug)
	if err != nil {
		t.Fatal(err)
	}
	if d.Predecessor != s.Predecessor.Name || d.PredecessorSlug != s.Predecessor.Slug || len(d.Versions) != 4 {
		t.Errorf("document is %+v, want 4 versions and the predecessor %s", d, s.Predecessor.Name)
	}
	for on, want := range map[string]int{"2019-09-16": 0, "2019-09-17": first.Number, "2022-04-01": first.Number, "2023-12-31": first.Number,
		"2024-01-01": second.Number, "2029-12-31": second.Number, "2030-01-01": third.Number, "2100-01-01": third.Number} {
		got, ok := d.InForce(day.Must(on))
		if ok != (want != 0) || got.Ref.Number != want {
			t.Errorf("on %s version %d is in force, want %d", on, got.Ref.Number, want)
		}
	}
	states := map[int]arrangement.State{}
	for _, v := range d.Versions {
		states[v.Ref.Number] = d.State(v, day.Must("2026-11-22"))
	}
	want := map[int]arrangement.State{first.Number: arrangement.StateSuperseded, wrong.Number: arrangement.StateWithdrawn,
		second.Number: arrangement.StateInForce, third.Number: arrangement.StateUpcoming}
	if diff := cmp.Diff(want, states); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
	v, _ := d.Version(second.Number)
	if before, ok := d.Before(v); !ok || before.Ref != first {
		t.Errorf("before version %d came %v, want %v", second.Number, before.Ref, first)
	}
	if after, ok := d.After(v); !ok || after.Ref != third {
		t.Errorf("after version %d comes %v, want %v", second.Number, after.Ref, third)
	}
	if up := d.Upcoming(day.Must("2019-01-01")); len(up) != 3 || up[0].Ref != first {
		t.Errorf("before all of them %d are upcoming, want 3 with the first one first", len(up))
	}
	v, _ = d.Version(first.Number)
	if v.Published.Words() != "June 2019" || v.Label != "June 2019" || !v.Recorded() || v.SignOffs != 3 {
		t.Errorf("the first version is %+v, want it recorded, published June 2019 and signed by 3", v)
	}
}

func TestSignOffsShowNamesOnlyWherePublished(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	s := librarytest.New(t, db)
	ref := s.Publish(t)
	l := arrangement.NewLibrary(pgtest.Public(t, db))
	_, v, err := l.Version(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	got, err := l.SignOffs(t.Context(), v.ID)
	if err != nil || len(got) != 3 {
		t.Fatalf("%d sign-offs (%v), want 3", len(got), err)
	}
	for i, o := range s.Officers {
		if got[i].Organisation != o.Partner.Body.Name || got[i].Office != "Chief Officer" || got[i].Method != signoff.Password {
			t.Errorf("sign-off %d is %+v, want that of %s", i, got[i], o.Partner.Body.Name)
		}
		if named := got[i].OfficerName != ""; named != o.Partner.PublishesNames {
			t.Errorf("sign-off %d names its officer: %t, want %t", i, named, o.Partner.PublishesNames)
		}
		if !bytes.Equal(got[i].Digest, v.Digest) || len(got[i].StatementDigest) != sha256.Size {
			t.Errorf("sign-off %d has the digest %x and the statement %x", i, got[i].Digest, got[i].StatementDigest)
		}
	}
	found, err := l.ByDigest(t.Context(), got[1].StatementDigest)
	if err != nil || found.Statement == nil || found.Statement.Partner != s.Officers[1].Partner.ID || found.Version.Ref != ref {
		t.Errorf("the statement's digest finds %+v (%v)", found, err)
	}
	found, err = l.ByDigest(t.Context(), v.Digest)
	if err != nil || found.Statement != nil || found.Version.Ref != ref {
		t.Errorf("the text's digest finds %+v (%v)", found, err)
	}
}

func TestContentIsTheExactBytes(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	s := librarytest.New(t, db)
	ref := s.Publish(t)
	content, digest, err := arrangement.NewLibrary(pgtest.Public(t, db)).Content(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(content, s.Content) || !bytes.Equal(digest, arrangement.Digest(s.Content)) {
		t.Errorf("content is not what was frozen:\n%s", content)
	}
}

func TestPublicTimelineNamesNoPerson(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	s := librarytest.New(t, db)
	s.Draft(t)
	s.OpenRound(t)
	s.MustAct(t, s.Officers[0].Actor, signoff.Decline)
	s.OpenRound(t)
	for _, o := range s.Officers {
		s.MustAct(t, o.Actor, signoff.Sign)
	}
	publish(t, s)
	l := arrangement.NewLibrary(pgtest.Public(t, db))
	events, err := l.PublicTimeline(t.Context(), s.Version)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range events {
		got = append(got, strings.TrimSpace(e.Action+" "+e.Organisation))
	}
	want := []string{"round.completed", "round.signed " + s.Officers[2].Partner.Body.Name, "round.signed " + s.Officers[1].Partner.Body.Name,
		"round.signed " + s.Officers[0].Partner.Body.Name, "round.opened"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the declined round must not show (-want +got):\n%s", diff)
	}
}

func publish(t *testing.T, s *librarytest.Shelf) {
	t.Helper()
	if _, err := s.DB.Exec(t.Context(), `UPDATE version SET publishing_round_id = $1, published_by = $2 WHERE id = $3`,
		s.Round, s.Support.Account, s.Version); err != nil {
		t.Fatal(err)
	}
}

func TestLibraryHoldsOnlyWhatIsPublished(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	s := librarytest.New(t, db)
	s.Draft(t)
	s.OpenRound(t)
	l := arrangement.NewLibrary(pgtest.Public(t, db))
	draft := arrangement.Ref{Slug: s.Slug, Number: 1}
	_, _, contentErr := l.Content(t.Context(), draft)
	_, documentErr := l.Document(t.Context(), s.Slug)
	_, _, versionErr := l.Version(t.Context(), draft)
	_, digestErr := l.ByDigest(t.Context(), arrangement.Digest(s.Content))
	for what, err := range map[string]error{"content": contentErr, "document": documentErr, "version": versionErr, "digest": digestErr} {
		if !errors.Is(err, fault.NotFound) {
			t.Errorf("%s of a draft: %v, want not found", what, err)
		}
	}
	other := librarytest.New(t, db, func(kind *string) { *kind = "threshold document" })
	other.Publish(t)
	if _, _, err := l.Version(t.Context(), arrangement.Ref{Slug: other.Slug, Number: 2}); !errors.Is(err, fault.NotFound) {
		t.Errorf("a number that there is not: %v, want not found", err)
	}
	for kind, want := range map[string]int{"": 1, "threshold document": 1, "arrangements": 0} {
		list, err := l.Documents(t.Context(), kind)
		if err != nil || len(list) != want {
			t.Errorf("%d documents of kind %q (%v), want %d", len(list), kind, err, want)
		}
	}
}
