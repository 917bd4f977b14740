package notify_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/account"
	"partnershipportal/internal/account/accounttest"
	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/jobs"
	"partnershipportal/internal/mail"
	"partnershipportal/internal/mail/mailtest"
	"partnershipportal/internal/notify"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
)

// accountsOver is the account service, whose letters with links are written by a real Writer.
func accountsOver(t testing.TB, db pg.DB) *account.Service {
	t.Helper()
	links, err := account.NewLinks(bytes.Repeat([]byte("k"), 32))
	if err != nil {
		t.Fatal(err)
	}
	return account.New(db, writer(t), links, time.Now)
}

// stateOf reads a letter through the archive.
func stateOf(t testing.TB, db pg.DB, which id.Letter) notify.Letter {
	t.Helper()
	l, err := notify.NewArchive(db, true).Read(context.Background(), authz.System("test"), which)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestPost(t *testing.T) {
	t.Parallel()
	try := jobs.Try{Number: 1}
	t.Run("a letter is sent as it was written, once", func(t *testing.T) {
		t.Parallel()
		db := pgtest.Tx(t)
		which, who := letterTo(t, db)
		r := &mail.Recorder{}
		post := notify.NewPost(db, r, accountsOver(t, db), base)
		for range 2 {
			if err := post.Letter(t.Context(), which, try); err != nil {
				t.Fatal(err)
			}
		}
		sent := r.Sent()
		if len(sent) != 1 {
			t.Fatalf("sent %d times, want once", len(sent))
		}
		l := stateOf(t, db, which)
		if l.State != notify.Sent || l.EndedAt.IsZero() {
			t.Errorf("the letter is %s at %v", l.State, l.EndedAt)
		}
		if sent[0].Text != l.Text || sent[0].HTML != l.HTML || sent[0].Subject != l.Subject || sent[0].Name != who.Name {
			t.Errorf("sent %+v, want %+v", sent[0], l)
		}
		if !strings.HasPrefix(sent[0].Key, fmt.Sprintf("letter-%d.", which)) {
			t.Errorf("key = %q", sent[0].Key)
		}
	})
	t.Run("without a mail server it is kept, and stays so", func(t *testing.T) {
		t.Parallel()
		db := pgtest.Tx(t)
		which, _ := letterTo(t, db)
		if err := notify.NewPost(db, nil, accountsOver(t, db), base).Letter(t.Context(), which, try); err != nil {
			t.Fatal(err)
		}
		r := &mail.Recorder{}
		if err := notify.NewPost(db, r, accountsOver(t, db), base).Letter(t.Context(), which, try); err != nil {
			t.Fatal(err)
		}
		if got := stateOf(t, db, which).State; got != notify.Kept || len(r.Sent()) != 0 {
			t.Errorf("the letter is %s, sent %d times", got, len(r.Sent()))
		}
	})
	for _, test := range []struct {
		name      string
		permanent bool
		try       jobs.Try
		state     notify.State
	}{
		{"a busy mailbox leaves it waiting", false, jobs.Try{Number: 3}, notify.Waiting},
		{"an unknown recipient ends it", true, jobs.Try{Number: 1}, notify.Failed},
		{"the last try ends it", false, jobs.Try{Number: 16, Last: true}, notify.Failed},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			db := pgtest.Tx(t)
			which, _ := letterTo(t, db)
			refusal := mail.Refuse("the mail server said no", test.permanent)
			post := notify.NewPost(db, &mail.Recorder{Fail: func(mail.Letter) error { return refusal }}, accountsOver(t, db), base)
			if err := post.Letter(t.Context(), which, test.try); !errors.Is(err, refusal) {
				t.Errorf("error = %v, want the refusal", err)
			}
			if l := stateOf(t, db, which); l.State != test.state || l.LastError != "the mail server said no" {
				t.Errorf("the letter is %s because of %q", l.State, l.LastError)
			}
		})
	}
	t.Run("a letter sent at a later try keeps no reason", func(t *testing.T) {
		t.Parallel()
		db := pgtest.Tx(t)
		which, _ := letterTo(t, db)
		fail := true
		post := notify.NewPost(db, &mail.Recorder{Fail: func(mail.Letter) error {
			if fail {
				return mail.Refuse("not yet", false)
			}
			return nil
		}}, accountsOver(t, db), base)
		if err := post.Letter(t.Context(), which, try); err == nil {
			t.Error("the failed try is no error")
		}
		fail = false
		if err := post.Letter(t.Context(), which, jobs.Try{Number: 2}); err != nil {
			t.Fatal(err)
		}
		if l := stateOf(t, db, which); l.State != notify.Sent || l.LastError != "" {
			t.Errorf("the letter is %s because of %q", l.State, l.LastError)
		}
	})
	t.Run("an account suspended meanwhile gets nothing", func(t *testing.T) {
		t.Parallel()
		db := pgtest.Tx(t)
		which, who := letterTo(t, db)
		if _, err := db.Exec(t.Context(), `UPDATE account SET suspended_at = clock_timestamp() WHERE id = $1`, who.Account); err != nil {
			t.Fatal(err)
		}
		r := &mail.Recorder{}
		if err := notify.NewPost(db, r, accountsOver(t, db), base).Letter(t.Context(), which, try); err != nil {
			t.Fatal(err)
		}
		if l := stateOf(t, db, which); l.State != notify.Failed || len(r.Sent()) != 0 {
			t.Errorf("the letter is %s, sent %d times", l.State, len(r.Sent()))
		}
	})
	t.Run("a letter that is not there is no error", func(t *testing.T) {
		t.Parallel()
		db := pgtest.Tx(t)
		if err := notify.NewPost(db, &mail.Recorder{}, accountsOver(t, db), base).Letter(t.Context(), 1<<40, try); err != nil {
			t.Error(err)
		}
	})
}

// invited invites somebody, and says by which link.
func invited(t testing.TB, db pg.DB, accounts *account.Service) (email string, link int64) {
	t.Helper()
	admin := arrangementtest.WithRole(t, db, authz.Administrator)
	email = fmt.Sprintf("new-%d@example.org", admin.Account)
	in, err := accounts.Invite(context.Background(), admin, account.InviteCommand{Email: email, Name: "New Person", Role: authz.Scrutineer})
	if err != nil {
		t.Fatal(err)
	}
	return email, in.LinkID
}

func TestLinkLetters(t *testing.T) {
	t.Parallel()
	t.Run("an invitation carries its token, and nothing of it is kept", func(t *testing.T) {
		t.Parallel()
		db := pgtest.Tx(t)
		accounts := accountsOver(t, db)
		email, link := invited(t, db, accounts)
		r := &mail.Recorder{}
		if err := notify.NewPost(db, r, accounts, base).LinkLetter(t.Context(), link, jobs.Try{Number: 1}); err != nil {
			t.Fatal(err)
		}
		_, token, err := accounts.LinkToken(t.Context(), link)
		if err != nil {
			t.Fatal(err)
		}
		sent := r.Sent()
		if len(sent) != 1 || sent[0].Email != email || !strings.Contains(sent[0].Text, "https://portal.example.org/invitations/"+token) ||
			!strings.Contains(sent[0].HTML, token) {
			t.Errorf("sent %+v", sent)
		}
		if n := count(t, db, `SELECT count(*) FROM letter`); n != 0 {
			t.Errorf("%d letters are kept", n)
		}
		var jobArgs string
		if err := db.QueryRow(t.Context(), `SELECT string_agg(args::text, ' ') FROM river.river_job`).Scan(&jobArgs); err != nil || strings.Contains(jobArgs, token) {
			t.Errorf("the job holds %s, %v", jobArgs, err)
		}
	})
	t.Run("a forgotten password leads to its own page", func(t *testing.T) {
		t.Parallel()
		db := pgtest.Tx(t)
		r := &mail.Recorder{}
		links := fixedLink{link: account.Link{ID: 5, Name: "Ada", Email: "ada@example.org", Purpose: account.Reset, ExpiresAt: time.Now()}, token: "canary"}
		if err := notify.NewPost(db, r, links, base).LinkLetter(t.Context(), 5, jobs.Try{Number: 1}); err != nil {
			t.Fatal(err)
		}
		if sent := r.Sent(); len(sent) != 1 || !strings.Contains(sent[0].Text, "https://portal.example.org/reset-password/canary") {
			t.Errorf("sent %+v", sent)
		}
	})
	t.Run("a link that is over sends nothing", func(t *testing.T) {
		t.Parallel()
		r := &mail.Recorder{}
		post := notify.NewPost(pgtest.Tx(t), r, fixedLink{err: fault.New(fault.NotFound, "over")}, base)
		if err := post.LinkLetter(t.Context(), 5, jobs.Try{Number: 1}); err != nil || len(r.Sent()) != 0 {
			t.Errorf("error %v, sent %v", err, r.Sent())
		}
	})
	t.Run("without a mail server nothing is made", func(t *testing.T) {
		t.Parallel()
		post := notify.NewPost(pgtest.Tx(t), nil, fixedLink{err: errors.New("asked for the token")}, base)
		if err := post.LinkLetter(t.Context(), 5, jobs.Try{Number: 1}); err != nil {
			t.Error(err)
		}
	})
	t.Run("a refusal is passed on, and never holds the token", func(t *testing.T) {
		t.Parallel()
		refusal := mail.Refuse("no such person", true)
		links := fixedLink{link: account.Link{ID: 5, Email: "ada@example.org", Purpose: account.Reset}, token: "canary"}
		post := notify.NewPost(pgtest.Tx(t), &mail.Recorder{Fail: func(mail.Letter) error { return refusal }}, links, base)
		if err := post.LinkLetter(t.Context(), 5, jobs.Try{Number: 1}); !errors.Is(err, refusal) || strings.Contains(err.Error(), "canary") {
			t.Errorf("error = %v", err)
		}
	})
}

type fixedLink struct {
	link  account.Link
	token string
	err   error
}

func (f fixedLink) LinkToken(context.Context, int64) (account.Link, string, error) {
	return f.link, f.token, f.err
}

func TestArchive(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	which, _ := letterTo(t, db)
	archive := notify.NewArchive(db, true)
	for _, role := range authz.Roles() {
		actor := authz.Actor{Account: 1, Held: []authz.Held{{Role: role}}}
		_, listErr := archive.List(t.Context(), actor, notify.Filter{})
		_, readErr := archive.Read(t.Context(), actor, which)
		if want := role != authz.BusinessSupport; errors.Is(listErr, fault.Forbidden) != want || errors.Is(readErr, fault.Forbidden) != want {
			t.Errorf("%s: list %v, read %v; refused wanted: %v", role, listErr, readErr, want)
		}
	}
	if _, err := archive.Read(t.Context(), authz.System("test"), 1<<40); !errors.Is(err, fault.NotFound) {
		t.Errorf("error = %v, want not found", err)
	}
	kept, err := notify.NewArchive(db, false).List(t.Context(), authz.System("test"), notify.Filter{})
	if err != nil || len(kept.Messages) != 1 || kept.Messages[0].State != notify.Kept {
		t.Errorf("without a mail server the list is %+v, %v", kept, err)
	}
}

// From the act to the mailbox, over a real mail server: the first answer to one recipient is "busy", to another "unknown".
func TestLettersReachTheMailServer(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t)
	busy := accounttest.Account(t, db.App, func(m *accounttest.Made) { m.Email = "busy-" + m.Email })
	gone := accounttest.Account(t, db.App, func(m *accounttest.Made) { m.Email = "gone-" + m.Email })
	fine := accounttest.Account(t, db.App)
	catcher := mailtest.Start(t, "")
	var mu sync.Mutex
	var tried []string
	catcher.Rcpt = func(to string) error {
		mu.Lock()
		defer mu.Unlock()
		again := slices.Contains(tried, to)
		tried = append(tried, to)
		switch {
		case strings.HasPrefix(to, "gone-"):
			return &smtp.SMTPError{Code: 550, Message: "No such person"}
		case strings.HasPrefix(to, "busy-") && !again:
			return &smtp.SMTPError{Code: 451, Message: "Busy"}
		}
		return nil
	}
	sender, err := mail.Open(catcher.URL(), "portal@example.org")
	if err != nil {
		t.Fatal(err)
	}
	post := notify.NewPost(db.App, sender, accountsOver(t, db.App), base)
	settled := make(chan struct{}, 100)
	nothing := func(context.Context) error { return nil }
	workers, err := jobs.NewWorkers(jobs.Config{Pool: db.River, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)), Look: 5 * time.Millisecond, Testing: true,
		Pause: func(int) time.Duration { return 0 },
		Work: jobs.Work{LinkLetter: post.LinkLetter, Sweep: nothing, Warn: nothing, Housekeeping: nothing, Letter: func(ctx context.Context, l id.Letter, try jobs.Try) error {
			defer func() { settled <- struct{}{} }()
			return post.Letter(ctx, l, try)
		}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := workers.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := workers.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	w := writer(t)
	inTx(t, db.App, func(tx pgx.Tx) error {
		for _, who := range []accounttest.Made{busy, gone, fine} {
			if err := w.PasswordChanged(t.Context(), tx, who.ID); err != nil {
				return err
			}
		}
		return nil
	})
	var reached []string
	for range 2 {
		reached = append(reached, catcher.Next(t).To)
	}
	slices.Sort(reached)
	if want := []string{busy.Email, fine.Email}; !slices.Equal(slices.Sorted(slices.Values(want)), reached) {
		t.Errorf("letters reached %v, want %v", reached, want)
	}
	for range 4 { // two tries for busy, one each for the others
		select {
		case <-settled:
		case <-time.After(time.Minute):
			t.Fatal("the tries did not end in time")
		}
	}
	page, err := notify.NewArchive(db.App, true).List(t.Context(), authz.System("test"), notify.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range page.Messages {
		want := notify.Sent
		if m.Email == gone.Email {
			want = notify.Failed
		}
		if m.State != want {
			t.Errorf("the letter to %s is %s because of %q, want %s", m.Email, m.State, m.LastError, want)
		}
	}
	if n := len(catcher.Taken()); n != 2 {
		t.Errorf("the mail server took %d letters, want 2", n)
	}
}
