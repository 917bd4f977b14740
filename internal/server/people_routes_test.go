package server_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/id"
	"partnershipportal/internal/overview"
	"partnershipportal/internal/pg"
	"partnershipportal/web/route"
)

// postFixtures are a contact post of a partner, who holds it, and a post that nobody holds.
type postFixtures struct {
	post, empty id.Post
	holder      id.PostHolder
}

func makePosts(t testing.TB, db pg.DB, body id.Organisation) (p postFixtures) {
	t.Helper()
	for sql, into := range map[string]*id.Post{
		`INSERT INTO post (organisation_id, title, email, is_contact) VALUES (@body, 'Staff officer', 'staff.officer@example.org', true) RETURNING id`: &p.post,
		`INSERT INTO post (organisation_id, title) VALUES (@body, 'Deputy') RETURNING id`:                                                              &p.empty,
	} {
		if err := db.QueryRow(context.Background(), sql, pgx.StrictNamedArgs{"body": body}).Scan(into); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.QueryRow(context.Background(), `INSERT INTO post_holder (post_id, name, starts_on) VALUES ($1, 'Olive Officer', '2024-01-01') RETURNING id`, p.post).Scan(&p.holder); err != nil {
		t.Fatal(err)
	}
	return p
}

func peopleExpectations() []expectation {
	post := func(act string) func(fixtures) string {
		return func(f fixtures) string { return route.DeskPostAct(f.posts.empty, act) }
	}
	holder := func(act string) func(fixtures) string {
		return func(f fixtures) string { return route.DeskHolderAct(f.posts.post, f.posts.holder, act) }
	}
	attention := func(name string) expectation {
		return closed(name).with("business support", support, 200).with("scrutineer", scrutineer, 200).with("administrator", admin, 403).
			with("lead officer", lead, 403).with("private office", office, 403).with("agency staff", staff, 403)
	}
	reason := func(fixtures) url.Values { return url.Values{"reason": {"Typed twice"}} }
	ends := func(fixtures) url.Values { return dateFields("ends", "2030-12-31") }
	return []expectation{
		attention("GET " + route.DeskAttention),
		attention("GET " + route.DeskAttentionOf).at(func(fixtures) string { return route.DeskAttentionTo(string(overview.WithoutLead), 1) }),
		desk("GET "+route.DeskPosts, http.StatusOK).with("scrutineer", scrutineer, http.StatusForbidden),
		desk("GET "+route.DeskPostAdd, http.StatusOK),
		desk("POST "+route.DeskPostAdd, http.StatusUnprocessableEntity),
		desk("GET "+route.DeskPost, http.StatusOK).at(func(f fixtures) string { return route.DeskPostTo(f.posts.post) }),
		desk("POST "+route.DeskPostReviewed, http.StatusSeeOther).at(post("reviewed")),
		desk("GET "+route.DeskPostChange, http.StatusOK).at(post("change")),
		desk("POST "+route.DeskPostChange, http.StatusUnprocessableEntity).at(post("change")),
		desk("GET "+route.DeskPostHolder, http.StatusOK).at(post("holder")),
		desk("POST "+route.DeskPostHolder, http.StatusUnprocessableEntity).at(post("holder")),
		desk("GET "+route.DeskPostEnd, http.StatusOK).at(post("end")),
		desk("POST "+route.DeskPostEnd, http.StatusSeeOther).at(post("end")).sending(ends),
		desk("GET "+route.DeskPostError, http.StatusOK).at(post("retract")),
		desk("POST "+route.DeskPostError, http.StatusSeeOther).at(post("retract")).sending(reason),
		desk("GET "+route.DeskHolderEnd, http.StatusOK).at(holder("end")),
		desk("POST "+route.DeskHolderEnd, http.StatusSeeOther).at(holder("end")).sending(ends),
		desk("GET "+route.DeskHolderError, http.StatusOK).at(holder("retract")),
		desk("POST "+route.DeskHolderError, http.StatusSeeOther).at(holder("retract")).sending(reason),
	}
}
