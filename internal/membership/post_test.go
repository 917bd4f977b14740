package membership_test

import (
	"testing"

	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg/pgtest"
)

func (b *bench) post(t *testing.T, alter ...func(*membership.PostCommand)) id.Post {
	t.Helper()
	cmd := membership.PostCommand{Organisation: b.partner.Body.Slug, Title: "Staff officer", Email: "so@example.org", IsContact: true, StartsOn: day.Must("2020-01-01")}
	for _, f := range alter {
		f(&cmd)
	}
	made, err := b.s.AddPost(t.Context(), b.support, cmd)
	if err != nil {
		t.Fatalf("add a post: %v", err)
	}
	return made
}

func TestAPostChangesHandsAndKeepsItsHistory(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	which := b.post(t)
	hold := func(c membership.HolderCommand) error {
		c.Post = which
		return b.s.HoldPost(t.Context(), b.support, c)
	}
	if err := hold(membership.HolderCommand{Name: "Olive", StartsOn: day.Must("2021-01-01")}); err != nil {
		t.Fatal(err)
	}
	if err := hold(membership.HolderCommand{Name: "Nora", StartsOn: day.Must("2024-04-01"), Follows: true}); err != nil {
		t.Fatal(err)
	}
	p, holders, err := b.s.Post(t.Context(), b.support, which)
	if err != nil || len(holders) != 2 || holders[0].Name != "Nora" || holders[1].EndsOn != day.Must("2024-03-31") || len(p.HeldBy) != 1 || p.HeldBy[0] != "Nora" {
		t.Fatalf("got %+v %+v, %v", p, holders, err)
	}
	if p.ReviewedOn != day.Of(now()) {
		t.Errorf("a new post was reviewed on %s", p.ReviewedOn)
	}
	if err := b.s.EndPost(t.Context(), b.support, which, day.Must("2025-12-31")); err != nil {
		t.Fatal(err)
	}
	p, holders, _ = b.s.Post(t.Context(), b.support, which)
	if p.EndsOn != day.Must("2025-12-31") || holders[0].EndsOn != day.Must("2025-12-31") || len(p.HeldBy) != 0 {
		t.Errorf("after its end: %+v %+v", p, holders)
	}
	for state, want := range map[membership.PostState]int{"": 0, membership.PostEnded: 1, membership.PostContact: 0, membership.PostEmpty: 0, membership.PostStale: 0} {
		list, err := b.s.Posts(t.Context(), b.support, membership.PostFilter{Organisation: b.partner.Body.Slug, State: state})
		if err != nil || len(list) != want {
			t.Errorf("%q lists %d posts, want %d: %v", state, len(list), want, err)
		}
	}
}

func TestWhatIsRefusedOfPosts(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	which := b.post(t, func(c *membership.PostCommand) { c.IsContact, c.Email = false, "" })
	held := func(c membership.HolderCommand) error { c.Post = which; return b.s.HoldPost(t.Context(), b.support, c) }
	_, err := b.s.AddPost(t.Context(), b.support, membership.PostCommand{})
	wantField(t, err, "title")
	_, err = b.s.AddPost(t.Context(), b.support, membership.PostCommand{Title: "Manager", IsContact: true})
	wantField(t, err, "email")
	_, err = b.s.AddPost(t.Context(), b.support, membership.PostCommand{Title: "Manager", Email: "no address"})
	wantField(t, err, "email")
	_, err = b.s.AddPost(t.Context(), b.support, membership.PostCommand{Title: "Manager", Phone: "call me"})
	wantField(t, err, "phone")
	_, err = b.s.AddPost(t.Context(), b.support, membership.PostCommand{Title: "Manager", Organisation: "no-such-body"})
	wantKind(t, err, fault.NotFound)
	_, err = b.s.AddPost(t.Context(), b.admin, membership.PostCommand{Title: "Manager"})
	wantKind(t, err, fault.Forbidden)
	wantField(t, held(membership.HolderCommand{}), "name")
	wantField(t, held(membership.HolderCommand{Name: "Olive", Follows: true}), "starts")
	wantField(t, held(membership.HolderCommand{Name: "Olive", StartsOn: day.Must("2019-12-31")}), "starts")
	wantField(t, held(membership.HolderCommand{Name: "Olive", StartsOn: day.Must("2021-01-01"), EndsOn: day.Must("2020-12-31")}), "ends")
	wantField(t, held(membership.HolderCommand{Name: "Olive", Account: "nobody@example.org"}), "account")
	wantField(t, b.s.EndPost(t.Context(), b.support, which, day.Must("2019-12-31")), "ends")
	wantField(t, b.s.EndPost(t.Context(), b.support, which, day.Date{}), "ends")
	wantField(t, b.s.RetractPost(t.Context(), b.support, which, " "), "reason")
	wantKind(t, b.s.ReviewPost(t.Context(), b.admin, which), fault.Forbidden)
	wantKind(t, b.s.ReviewPost(t.Context(), b.support, -1), fault.NotFound)
	wantKind(t, b.s.EndHolder(t.Context(), b.support, which, -1, day.Must("2026-01-01")), fault.NotFound)
}

func TestAPostEnteredInErrorIsTakenBack(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	which := b.post(t)
	if err := b.s.HoldPost(t.Context(), b.support, membership.HolderCommand{Post: which, Name: "Olive"}); err != nil {
		t.Fatal(err)
	}
	wantKind(t, b.s.RetractPost(t.Context(), b.support, which, "Typed twice"), fault.Conflict)
	_, holders, err := b.s.Post(t.Context(), b.support, which)
	if err != nil {
		t.Fatal(err)
	}
	wantField(t, b.s.RetractHolder(t.Context(), b.support, which, holders[0].ID, ""), "reason")
	if err := b.s.RetractHolder(t.Context(), b.support, which, holders[0].ID, "Another post was meant"); err != nil {
		t.Fatal(err)
	}
	if err := b.s.RetractPost(t.Context(), b.support, which, "Typed twice"); err != nil {
		t.Fatal(err)
	}
	_, _, err = b.s.Post(t.Context(), b.support, which)
	wantKind(t, err, fault.NotFound)
	public := membership.NewPublic(pgtest.Public(t, b.db))
	if list, err := public.ContactPosts(t.Context(), b.partner.Body.Slug, day.Of(now())); err != nil || len(list) != 0 {
		t.Errorf("the public reads %v, %v", list, err)
	}
}

func TestThePublicReadsContactPostsWithoutNamesUnlessPublished(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	public := membership.NewPublic(pgtest.Public(t, b.db))
	which := b.post(t)
	b.post(t, func(c *membership.PostCommand) { c.IsContact, c.Title = false, "Private secretary" })
	if err := b.s.HoldPost(t.Context(), b.support, membership.HolderCommand{Post: which, Name: "Olive"}); err != nil {
		t.Fatal(err)
	}
	list, err := public.ContactPosts(t.Context(), b.partner.Body.Slug, day.Of(now()))
	if err != nil || len(list) != 1 || list[0].Title != "Staff officer" || len(list[0].Holders) != 0 {
		t.Errorf("without names: %+v, %v", list, err)
	}
	err = b.s.ChangePost(t.Context(), b.support, which, membership.PostCommand{Title: "Staff officer", Email: "so@example.org", IsContact: true, PublishesNames: true})
	if err != nil {
		t.Fatal(err)
	}
	list, err = public.ContactPosts(t.Context(), b.partner.Body.Slug, day.Of(now()))
	if err != nil || len(list) != 1 || len(list[0].Holders) != 1 || list[0].Holders[0] != "Olive" {
		t.Errorf("with names: %+v, %v", list, err)
	}
	if list, err := public.ContactPosts(t.Context(), membershiptest.Organisation(t, b.db).Slug, day.Of(now())); err != nil || len(list) != 0 {
		t.Errorf("another body's: %v, %v", list, err)
	}
}
