package server_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/notify"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/server"
	"partnershipportal/web/route"
)

func messageExpectations() []expectation {
	return []expectation{
		desk("GET "+route.DeskMessages, http.StatusOK).with("scrutineer", scrutineer, http.StatusForbidden),
		desk("GET "+route.DeskMessage, http.StatusOK).at(func(f fixtures) string { return route.DeskMessageTo(f.letter) }).
			with("private office", office, http.StatusForbidden),
	}
}

// writeLetter stores a letter as the portal writes them.
func writeLetter(t testing.TB, db pg.DB, kind notify.Kind, name, subject string) id.Letter {
	t.Helper()
	var letter id.Letter
	err := db.QueryRow(context.Background(), `
		INSERT INTO letter (kind, occasion, email, name, subject, body_text, body_html)
		VALUES (@kind, @occasion, @email, @name, @subject, 'Dear reader, <b>plain</b> words.', '<p>Dear reader</p><script>alert(1)</script>') RETURNING id`,
		pgx.StrictNamedArgs{"kind": kind, "occasion": membershiptest.Unique(), "name": name, "email": name + "@example.org", "subject": subject}).Scan(&letter)
	if err != nil {
		t.Fatalf("write a letter for the test: %v", err)
	}
	return letter
}

func TestDeskMessages(t *testing.T) {
	t.Parallel()
	t.Run("nothing written yet is said", func(t *testing.T) {
		t.Parallel()
		newSite(t).asRole(authz.BusinessSupport).get(route.DeskMessages).want(200).shows("No letter has been written yet.")
	})
	t.Run("letters are listed newest first, by kind and by recipient", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		writeLetter(t, s.db, notify.RoundOpened, "ada", "Please sign off")
		writeLetter(t, s.db, notify.Receipt, "bert", "Receipt: you signed")
		b := s.asRole(authz.BusinessSupport)
		b.get(route.DeskMessages).want(200).shows("Receipt: you signed bert", "Please sign off ada ada@example.org Sign-off opened", "Waiting")
		b.get(route.DeskMessages + "?kind=round-opened").want(200).shows("Please sign off").hides("you signed")
		b.get(route.DeskMessages + "?recipient=BERT").want(200).shows("you signed").hides("Please sign off")
		b.get(route.DeskMessages + "?recipient=nobody").want(200).shows("No letter matches.")
		b.get(route.DeskMessages + "?before=x").want(404)
	})
	t.Run("older letters are a page further", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		for i := range 60 {
			writeLetter(t, s.db, notify.RoundOpened, "ada", fmt.Sprintf("Letter number %d.", i))
		}
		b := s.asRole(authz.BusinessSupport)
		b.get(route.DeskMessages+"?recipient=ada").want(200).shows("Letter number 59.", "Letter number 10.", "Next").hides("Letter number 9.")
		var oldest id.Letter
		if err := s.db.QueryRow(t.Context(), `SELECT id FROM letter WHERE subject = 'Letter number 10.'`).Scan(&oldest); err != nil {
			t.Fatal(err)
		}
		older := route.DeskMessages + "?" + url.Values{"before": {fmt.Sprint(oldest)}}.Encode()
		b.get(older).want(200).shows("Letter number 9.", "Letter number 0.").hides("Letter number 10.", "Next")
	})
	t.Run("a letter is shown as sent, its HTML as source", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		letter := writeLetter(t, s.db, notify.RoundOpened, "ada", "Please sign off")
		s.asRole(authz.BusinessSupport).get(route.DeskMessageTo(letter)).want(200).
			shows("Please sign off", "ada@example.org", "Dear reader, <b>plain</b> words.", "<script>alert(1)</script>").hides("<script>alert(1)")
	})
	t.Run("a letter that failed says why, and one that waits what happened last", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		failed := writeLetter(t, s.db, notify.RoundOpened, "ada", "Failed")
		waits := writeLetter(t, s.db, notify.RoundOpened, "bert", "Waits")
		exec(t, s.db, `UPDATE letter SET failed_at = clock_timestamp(), last_error = 'No such person here' WHERE id = $1`, failed)
		exec(t, s.db, `UPDATE letter SET last_error = 'Mailbox busy.' WHERE id = $1`, waits)
		b := s.asRole(authz.BusinessSupport)
		b.get(route.DeskMessageTo(failed)).want(200).shows("Failed", "Given up", "No such person here")
		b.get(route.DeskMessageTo(waits)).want(200).shows("Waiting", "Mailbox busy. It is tried again.")
	})
	t.Run("without a mail server letters are kept here", func(t *testing.T) {
		t.Parallel()
		s := newSite(t, func(d *server.Deps) { d.LettersLeave = false })
		s = siteOver(t, s.db, s.db, func(d *server.Deps) { d.LettersLeave, d.Letters = false, notify.NewArchive(s.db, false) })
		letter := writeLetter(t, s.db, notify.RoundOpened, "ada", "Please sign off")
		b := s.asRole(authz.BusinessSupport)
		b.get(route.DeskMessages).want(200).shows("No mail server is set", "Kept here")
		b.get(route.DeskMessageTo(letter)).want(200).shows("Kept here", "No mail server was set.")
	})
	t.Run("there is no page of a letter that is not there", func(t *testing.T) {
		t.Parallel()
		newSite(t).asRole(authz.BusinessSupport).get(route.DeskMessageTo(id.Letter(1 << 40))).want(404)
	})
}
