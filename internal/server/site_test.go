package server_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"partnershipportal/internal/account"
	"partnershipportal/internal/account/accounttest"
	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/decision"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/group"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/notify"
	"partnershipportal/internal/overview"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
	"partnershipportal/internal/server"
	"partnershipportal/internal/signoff"
	"partnershipportal/web/route"
)

// site is a portal with all its routes over a transaction of the test's own.
type site struct {
	t        testing.TB
	db       pg.DB
	srv      *server.Server
	accounts *account.Service
	log      *bytes.Buffer
}

func newSite(t testing.TB, alter ...func(*server.Deps)) *site {
	t.Helper()
	tx := pgtest.Tx(t)
	return siteOver(t, tx, pgtest.Public(t, tx), alter...)
}

// siteOver is newSite over a given database. A new service of the portal is added here and in assemble of cmd/portal.
func siteOver(t testing.TB, db, public pg.DB, alter ...func(*server.Deps)) *site {
	t.Helper()
	links, err := account.NewLinks(bytes.Repeat([]byte("k"), 32))
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, db: db, accounts: account.New(db, account.NoLetters{}, links, time.Now), log: &bytes.Buffer{}}
	letters := &arrangementtest.Letters{}
	rounds := signoff.New(db, s.accounts, letters, time.Now)
	d := server.Deps{
		Rounds: rounds, Arrangements: arrangement.New(db, rounds, letters, time.Now),
		Library: arrangement.NewLibrary(public), Signed: signoff.NewPublic(public),
		Log: slog.New(slog.NewJSONHandler(s.log, nil)), Now: time.Now, BaseURL: &url.URL{Scheme: "http", Host: "localhost:8080"},
		Accounts: s.accounts, Sessions: account.NewSessionStore(db), Settings: membership.NewSettings(db, public, time.Now),
		Attention: overview.NewAttention(db, time.Now), Members: membership.New(db, membership.NoLetters{}, time.Now).Importing(membership.RegisterContributions, funding.New(db, time.Now)), Bodies: membership.NewPublic(public), Overview: overview.NewPublic(public),
		Register: decision.NewPublic(public), Decisions: decision.New(db, time.Now),
		Funding: funding.New(db, time.Now), Years: funding.NewYears(db, rounds, time.Now), Contributions: funding.NewPublic(public),
		Groups: group.New(db, time.Now), PublicGroups: group.NewPublic(public),
		Letters:     notify.NewArchive(db, true),
		Unavailable: pg.Unavailable, Ready: func(context.Context) error { return nil }, LettersLeave: true,
	}
	for _, f := range alter {
		f(&d)
	}
	if s.srv, err = server.New(d); err != nil {
		t.Fatal(err)
	}
	return s
}

// browser is one person's browser: it keeps the session cookie and sends what browsers send.
type browser struct {
	site    *site
	cookies map[string]string
	headers http.Header
}

// visitor is somebody who is not signed in.
func (s *site) visitor() *browser {
	return &browser{site: s, cookies: map[string]string{}, headers: http.Header{"Sec-Fetch-Site": {"same-origin"}}}
}

// as is the browser of an account that is signed in already.
func (s *site) as(account_ id.Account) *browser {
	s.t.Helper()
	in := account.SignedIn{Account: account_}
	if err := s.db.QueryRow(context.Background(), `SELECT epoch FROM account WHERE id = $1`, account_).Scan(&in.Epoch); err != nil {
		s.t.Fatalf("read the epoch of account %d: %v", account_, err)
	}
	cookie, err := s.srv.SessionFor(context.Background(), in)
	if err != nil {
		s.t.Fatalf("start a session: %v", err)
	}
	b := s.visitor()
	b.cookies[cookie.Name] = cookie.Value
	return b
}

// asRole is the browser of a new account in a role.
func (s *site) asRole(role authz.Role, organisation ...id.Organisation) *browser {
	s.t.Helper()
	return s.as(accounttest.Account(s.t, s.db, accounttest.In(role, organisation...)).ID)
}

func (b *browser) get(path string) answer {
	b.site.t.Helper()
	return b.send(http.MethodGet, path, nil)
}

func (b *browser) post(path string, fields url.Values) answer {
	b.site.t.Helper()
	return b.send(http.MethodPost, path, fields)
}

// withCookie is a browser that holds a session's cookie.
func (s *site) withCookie(token string) *browser {
	b := s.visitor()
	b.cookies["__Host-portal"] = token
	return b
}

func (b *browser) send(method, path string, fields url.Values) answer {
	b.site.t.Helper()
	return b.sendUnder(context.Background(), method, path, fields)
}

func (b *browser) sendUnder(ctx context.Context, method, path string, fields url.Values) answer {
	b.site.t.Helper()
	var body io.Reader
	if method == http.MethodPost {
		body = strings.NewReader(fields.Encode())
	}
	r := httptest.NewRequestWithContext(ctx, method, "http://localhost:8080"+path, body)
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, values := range b.headers {
		r.Header[name] = values
	}
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	b.site.srv.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		b.cookies[c.Name] = c.Value
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	return answer{t: b.site.t, request: method + " " + path, status: w.Code, header: w.Header(), body: w.Body.String()}
}

// signIn signs in through the page.
func (b *browser) signIn(email, password string) answer {
	b.site.t.Helper()
	return b.post(route.SignIn, url.Values{"email": {email}, "password": {password}})
}

// answer is what the portal sent.
type answer struct {
	t       testing.TB
	request string
	status  int
	header  http.Header
	body    string
}

// want fails the test unless the answer has the status, and keeps the page for looking at.
func (a answer) want(status int) answer {
	a.t.Helper()
	if a.status != status {
		a.keep()
		a.t.Fatalf("%s answered %d, want %d; text: %s", a.request, a.status, status, a.text())
	}
	return a
}

// leadsTo fails the test unless the answer sends the browser on to a path.
func (a answer) leadsTo(path string) answer {
	a.t.Helper()
	a.want(http.StatusSeeOther)
	if got := a.header.Get("Location"); got != path {
		a.t.Fatalf("%s leads to %s, want %s", a.request, got, path)
	}
	return a
}

// shows fails the test unless the page has all the words.
func (a answer) shows(words ...string) answer {
	a.t.Helper()
	for _, w := range words {
		if !strings.Contains(a.text(), w) {
			a.keep()
			a.t.Fatalf("%s does not show %q; text: %s", a.request, w, a.text())
		}
	}
	return a
}

// hides fails the test if the page has one of the words anywhere, in its source too.
func (a answer) hides(words ...string) answer {
	a.t.Helper()
	for _, w := range words {
		if strings.Contains(a.body, w) {
			a.keep()
			a.t.Fatalf("%s holds %q", a.request, w)
		}
	}
	return a
}

var (
	tags   = regexp.MustCompile(`<[^>]*>`)
	spaces = regexp.MustCompile(`\s+`)
)

// text is the page without its markup.
func (a answer) text() string {
	text := strings.NewReplacer("&#39;", "'", "&#34;", `"`, "&amp;", "&", "&lt;", "<", "&gt;", ">").Replace(tags.ReplaceAllString(a.body, " "))
	return strings.TrimSpace(spaces.ReplaceAllString(text, " "))
}

func (a answer) keep() {
	a.t.Helper()
	if t, ok := a.t.(interface{ ArtifactDir() string }); ok {
		path := filepath.Join(t.ArtifactDir(), "page.html")
		if err := os.WriteFile(path, []byte(a.body), 0o600); err != nil {
			a.t.Errorf("keep the page: %v", err)
		}
	}
}
