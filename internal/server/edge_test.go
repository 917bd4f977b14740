package server_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"partnershipportal/internal/account/accounttest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/pg/pgtest"
	"partnershipportal/internal/server"
	"partnershipportal/web/assets"
	"partnershipportal/web/route"
)

var securityHeaders = map[string]string{
	"Content-Security-Policy":    "frame-ancestors 'none'",
	"X-Content-Type-Options":     "nosniff",
	"Referrer-Policy":            "",
	"Permissions-Policy":         "camera=()",
	"Cross-Origin-Opener-Policy": "same-origin",
	"X-Request-Id":               "",
}

func wantSecurityHeaders(t *testing.T, a answer) {
	t.Helper()
	for name, part := range securityHeaders {
		if got := a.header.Get(name); got == "" || !strings.Contains(got, part) {
			t.Errorf("%s: header %s is %q", a.request, name, got)
		}
	}
	if strings.Contains(a.header.Get("Content-Security-Policy"), "unsafe") {
		t.Errorf("%s: the policy lets unsafe things in", a.request)
	}
}

// Every answer of every route carries the security headers, and only pages behind a session know the cookie.
func TestHeadersOfEveryRoute(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	f := makeFixtures(t, tx)
	rows := map[string]expectation{}
	for _, e := range expectations() {
		rows[e.route] = e
	}
	err := chi.Walk(siteOver(t, tx, pgtest.Public(t, tx)).srv.Routes(), func(method, pattern string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		e := rows[method+" "+pattern]
		for _, w := range e.answers {
			a := ask(t, tx, e, w.who(f), f)
			wantSecurityHeaders(t, a)
			session := a.header.Get("Vary") == "Cookie"
			if session && a.header.Get("Cache-Control") != "private, no-store" {
				t.Errorf("%s: Cache-Control %q", a.request, a.header.Get("Cache-Control"))
			}
			if !session && (a.header.Get("Set-Cookie") != "" || strings.Contains(a.header.Get("Vary"), "Cookie")) {
				t.Errorf("%s: a public answer knows of cookies", a.request)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visitor()
	long := strings.Repeat("x", 70<<10)
	for name, c := range map[string]struct {
		method, path string
		fields       url.Values
		status       int
	}{
		"an unknown page":            {"GET", "/nothing-here", nil, http.StatusNotFound},
		"another method":             {"DELETE", route.Home, nil, http.StatusMethodNotAllowed},
		"NUL in the path":            {"GET", "/x%00y", nil, http.StatusBadRequest},
		"NUL in the query":           {"GET", route.SignIn + "?q=%00", nil, http.StatusBadRequest},
		"broken UTF-8 in the query":  {"GET", route.SignIn + "?q=%ff", nil, http.StatusBadRequest},
		"broken UTF-8 in the path":   {"GET", "/%c3%28", nil, http.StatusBadRequest},
		"a query that is none":       {"GET", route.SignIn + "?q=%zz", nil, http.StatusBadRequest},
		"NUL in a form":              {"POST", route.SignIn, url.Values{"email": {"a\x00b"}}, http.StatusBadRequest},
		"broken UTF-8 in a form":     {"POST", route.SignIn, url.Values{"email": {"a\xff"}}, http.StatusBadRequest},
		"a form with an extra field": {"POST", route.ForgottenPassword, url.Values{"email": {"a@example.org"}, "role": {"administrator"}}, http.StatusBadRequest},
		"a form that is too large":   {"POST", route.ForgottenPassword, url.Values{"email": {long}}, http.StatusRequestEntityTooLarge},
	} {
		a := v.send(c.method, c.path, c.fields)
		if a.status != c.status {
			t.Errorf("%s answers %d, want %d", name, a.status, c.status)
		}
		wantSecurityHeaders(t, a)
		a.shows("Worried about a child?")
	}
	if got := v.send("DELETE", route.SignIn, nil).header.Values("Allow"); strings.Join(got, ",") != "GET,POST" {
		t.Errorf("Allow is %v", got)
	}
	if got := v.send("HEAD", route.SignIn, nil).want(http.StatusOK).header.Get("Content-Length"); got == "" {
		t.Error("HEAD tells no length")
	}
}

// An unsafe request is done only if it comes from our own pages.
func TestCrossOrigin(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	who := accounttest.Account(t, s.db)
	for _, c := range []struct {
		name    string
		headers http.Header
		cookie  bool
		refused bool
	}{
		{"from our own page", http.Header{"Sec-Fetch-Site": {"same-origin"}}, true, false},
		{"from our own page, old browser", http.Header{"Origin": {"http://localhost:8080"}}, true, false},
		{"typed in", http.Header{"Sec-Fetch-Site": {"none"}}, true, false},
		{"from another site", http.Header{"Sec-Fetch-Site": {"cross-site"}}, true, true},
		{"from a sister site", http.Header{"Sec-Fetch-Site": {"same-site"}}, true, true},
		{"from another site, old browser", http.Header{"Origin": {"https://evil.example"}}, true, true},
		{"from nowhere, with the cookie", nil, true, true},
		{"from nowhere, without the cookie", nil, false, false},
		{"from an opaque origin", http.Header{"Origin": {"null"}}, true, true},
	} {
		b := s.visitor()
		if c.cookie {
			b = s.as(who.ID)
		}
		b.headers = c.headers
		got := b.post(route.SignOut, nil).status
		if (got == http.StatusForbidden) != c.refused {
			t.Errorf("%s: %d", c.name, got)
		}
	}
}

func TestFailures(t *testing.T) {
	t.Parallel()
	errDown, errBroken := errors.New("connection refused"), errors.New("secret detail")
	t.Run("a database that can't answer is 503 and asks to come back", func(t *testing.T) {
		t.Parallel()
		s := newSite(t, func(d *server.Deps) {
			d.Sessions = failingStore{err: errDown}
			d.Unavailable = func(err error) bool { return errors.Is(err, errDown) }
		})
		a := s.withCookie("x").get(route.Home).want(http.StatusServiceUnavailable).shows("not available just now").hides(errDown.Error())
		if a.header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
	})
	t.Run("what nobody foresaw is 500, with a reference and no detail, logged once", func(t *testing.T) {
		t.Parallel()
		s := newSite(t, func(d *server.Deps) { d.Sessions = failingStore{err: errBroken} })
		a := s.withCookie("x").get(route.Home).want(http.StatusInternalServerError)
		a.shows(a.header.Get("X-Request-Id")).hides(errBroken.Error())
		if got := strings.Count(s.log.String(), errBroken.Error()); got != 1 || strings.Count(s.log.String(), "\n") != 1 {
			t.Errorf("the log has it %d times: %s", got, s.log)
		}
	})
	t.Run("a panic is 500", func(t *testing.T) {
		t.Parallel()
		s := newSite(t, func(d *server.Deps) { d.Ready = func(context.Context) error { panic("boom") } })
		s.visitor().get(route.Readyz).want(http.StatusInternalServerError).hides("boom")
		if !strings.Contains(s.log.String(), "boom") {
			t.Error("the log lacks the panic")
		}
	})
	t.Run("not ready is 503", func(t *testing.T) {
		t.Parallel()
		s := newSite(t, func(d *server.Deps) { d.Ready = func(context.Context) error { return errDown } })
		s.visitor().get(route.Readyz).want(http.StatusServiceUnavailable).hides(errDown.Error())
		s.visitor().get(route.Healthz).want(http.StatusOK)
	})
	t.Run("a server without its parts is not made", func(t *testing.T) {
		t.Parallel()
		if _, err := server.New(server.Deps{}); err == nil || !strings.Contains(err.Error(), "Accounts") {
			t.Errorf("New = %v", err)
		}
	})
}

func TestTransportSecurity(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(d *server.Deps) { d.BaseURL = &url.URL{Scheme: "https", Host: "portal.example.org"} })
	if s.visitor().get(route.SignIn).header.Get("Strict-Transport-Security") == "" {
		t.Error("over TLS there is no Strict-Transport-Security")
	}
}

// Whoever asks is the socket's peer, unless a proxy that is trusted says otherwise.
func TestClientAddress(t *testing.T) {
	t.Parallel()
	from := func(s *site, peer, forwarded string) {
		r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, route.Healthz, nil)
		r.RemoteAddr = peer + ":1234"
		for _, h := range []string{"X-Forwarded-For", "X-Real-IP", "True-Client-IP"} {
			r.Header.Set(h, forwarded)
		}
		s.srv.ServeHTTP(httptest.NewRecorder(), r)
	}
	plain := newSite(t)
	from(plain, "198.51.100.1", "203.0.113.9")
	if !strings.Contains(plain.log.String(), `"client":"198.51.100.1"`) {
		t.Errorf("without proxies: %s", plain.log)
	}
	proxied := newSite(t, func(d *server.Deps) { d.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")} })
	from(proxied, "10.1.2.3", "192.0.2.66, 203.0.113.9")
	from(proxied, "198.51.100.1", "203.0.113.9")
	if log := proxied.log.String(); !strings.Contains(log, `"client":"203.0.113.9"`) || !strings.Contains(log, `"client":"198.51.100.1"`) || strings.Contains(log, "192.0.2.66") {
		t.Errorf("behind a proxy: %s", log)
	}
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ask := func(peer string) int {
		r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, route.Healthz, nil)
		r.RemoteAddr = peer + ":1234"
		w := httptest.NewRecorder()
		s.srv.ServeHTTP(w, r)
		return w.Code
	}
	limited := false
	for range 2*3000 + 1 { // a minute may turn over in between
		limited = limited || ask("198.51.100.2") == http.StatusTooManyRequests
	}
	if !limited {
		t.Error("one address is never limited")
	}
	if got := ask("198.51.100.3"); got != http.StatusOK {
		t.Errorf("another address gets %d", got)
	}
}

func TestAssets(t *testing.T) {
	t.Parallel()
	v := newSite(t).visitor()
	v.headers.Set("Accept-Encoding", "gzip, br")
	a := v.get(assets.URL("app.css")).want(http.StatusOK)
	if a.header.Get("Content-Encoding") != "br" || !strings.Contains(a.header.Get("Cache-Control"), "immutable") || a.header.Get("Vary") != "Accept-Encoding" {
		t.Errorf("headers %v", a.header)
	}
	v.headers.Set("If-None-Match", a.header.Get("ETag"))
	v.get(assets.URL("app.css")).want(http.StatusNotModified)
	v.get("/assets/nothing.css").want(http.StatusNotFound)
}

// Nothing that is secret reaches the log.
func TestLogHoldsNoSecrets(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	who := accounttest.Account(t, s.db, accounttest.In(authz.Administrator))
	b := s.visitor()
	b.signIn(who.Email, accounttest.Password).leadsTo(route.Home)
	b.get("/invitations/canary-token").want(http.StatusNotFound)
	b.get("/home?token=canary-token").want(http.StatusOK)
	for _, secret := range []string{accounttest.Password, who.Email, "canary-token", b.cookies["__Host-portal"]} {
		if strings.Contains(s.log.String(), secret) {
			t.Errorf("the log holds %q: %s", secret, s.log)
		}
	}
}
