package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"partnershipportal/internal/account/accounttest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/server"
	"partnershipportal/web/route"
)

func TestSignIn(t *testing.T) {
	t.Parallel()
	t.Run("leads home, and again leads straight home", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		who := accounttest.Account(t, s.db, accounttest.In(authz.Administrator))
		b := s.visitor()
		b.get(route.SignIn).want(http.StatusOK).shows("Sign in")
		b.signIn(strings.ToUpper(who.Email), accounttest.Password).leadsTo(route.Home)
		b.get(route.Home).want(http.StatusOK).shows("Hello, "+who.Name, "Administrator")
		b.get(route.SignIn).leadsTo(route.Home)
	})
	t.Run("leads on to the page that was asked for", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		who := accounttest.Account(t, s.db)
		b := s.visitor()
		b.get("/home?x=1").leadsTo("/sign-in?next=%2Fhome%3Fx%3D1")
		b.post(route.SignIn, url.Values{"email": {who.Email}, "password": {accounttest.Password}, "next": {"/home?x=1"}}).leadsTo("/home?x=1")
	})
	t.Run("says the same for a wrong password, an unknown address, an open invitation and a suspended account", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		known := accounttest.Account(t, s.db)
		invited := accounttest.Account(t, s.db, func(m *accounttest.Made) { m.Hash = "" })
		suspended := accounttest.Account(t, s.db)
		exec(t, s.db, `UPDATE account SET suspended_at = now() WHERE id = $1`, suspended.ID)
		var bodies []string
		for _, try := range [][2]string{
			{known.Email, "wrong password"}, {"x" + known.Email, accounttest.Password}, {invited.Email, accounttest.Password}, {suspended.Email, accounttest.Password},
		} {
			a := s.visitor().signIn(try[0], try[1]).want(http.StatusUnprocessableEntity).shows("Email address or password is not right")
			a.hides(accounttest.Password)
			bodies = append(bodies, strings.ReplaceAll(a.body, try[0], "ADDRESS"))
		}
		for _, b := range bodies[1:] {
			if b != bodies[0] {
				t.Errorf("the pages differ:\n%s\n%s", bodies[0], b)
			}
		}
	})
	t.Run("gives a new session, so that a planted one is never that of the account", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		who := accounttest.Account(t, s.db)
		b := s.visitor()
		b.cookies["__Host-portal"] = "planted"
		b.signIn(who.Email, accounttest.Password).leadsTo(route.Home)
		if b.cookies["__Host-portal"] == "planted" {
			t.Error("the planted token became the session")
		}
	})
	t.Run("sets a cookie that only this host gets, over TLS, and no script reads", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		who := accounttest.Account(t, s.db)
		got := s.visitor().signIn(who.Email, accounttest.Password).header.Get("Set-Cookie")
		for _, want := range []string{"__Host-portal=", "Path=/", "HttpOnly", "Secure", "SameSite=Lax"} {
			if !strings.Contains(got, want) {
				t.Errorf("cookie %q lacks %s", got, want)
			}
		}
		if strings.Contains(got, "Domain") {
			t.Errorf("cookie %q names a domain", got)
		}
	})
	t.Run("ends with signing out", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		b := s.as(accounttest.Account(t, s.db).ID)
		old := b.cookies["__Host-portal"]
		b.post(route.SignOut, nil).leadsTo(route.SignedOut)
		b.get(route.SignedOut).shows("You have signed out")
		b.cookies["__Host-portal"] = old
		b.get(route.Home).want(http.StatusSeeOther)
	})
}

func TestFormAfterSessionEnded(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	who := accounttest.Account(t, s.db, accounttest.In(authz.Administrator))
	b := s.visitor()
	refused := b.post(route.AccountSecurity, url.Values{"note": {"typed <long> text", "second"}, "current-password": {"secret words"}}).want(http.StatusUnauthorized)
	refused.shows("Sign in to go on").hides("secret words")
	fields := url.Values{"next": {route.AccountSecurity}, "carried.note": {"typed <long> text", "second"}}
	for _, piece := range []string{`name="carried.note" value="typed &lt;long&gt; text"`, `name="carried.note" value="second"`, `name="next" value="/account/security"`} {
		if !strings.Contains(refused.body, piece) {
			t.Fatalf("the sign-in page does not carry %s", piece)
		}
	}
	fields.Set("email", who.Email)
	fields.Set("password", "a wrong one")
	if again := b.post(route.SignIn, fields).want(http.StatusUnprocessableEntity); !strings.Contains(again.body, `name="carried.note" value="second"`) {
		t.Error("a wrong password loses the form")
	}
	fields.Set("password", accounttest.Password)
	again := b.post(route.SignIn, fields).want(http.StatusOK).shows("You are signed in again", "Send what I typed")
	for _, piece := range []string{`action="/account/security"`, `name="note" value="typed &lt;long&gt; text"`, `name="note" value="second"`} {
		if !strings.Contains(again.body, piece) {
			t.Errorf("the page to send it again lacks %s", piece)
		}
	}
}

func TestLocalPath(t *testing.T) {
	t.Parallel()
	for _, next := range []string{"/", "/home", "/desk/arrangements/3?tab=text#top", "/a%20b", "/search?q=https://example.org", "/x?next=%2F%2Fevil.example"} {
		if _, ok := server.LocalPath(next); !ok {
			t.Errorf("%q is refused", next)
		}
	}
	for _, next := range []string{
		"", "home", "//evil.example", "///evil.example", "////evil.example", `/\evil.example`, `\/evil.example`, `\\evil.example`, `/\/evil.example`,
		"https://evil.example", "http:evil.example", "https:/evil.example", "https:evil.example", "HTTPS://evil.example", "//evil.example/%2f..",
		"javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "vbscript:x", "mailto:a@evil.example", "ftp://evil.example",
		"/\t/evil.example", "/\n/evil.example", "/\r\n/evil.example", "\t//evil.example", " //evil.example", "/ /evil.example", "/%2f/evil.example",
		"/%5cevil.example", "/%5c%5cevil.example", "/%00", "/a/../../evil", "/%2e%2e//evil.example", "//user@evil.example", "//evil.example:443", "?next=x", "#x",
		"/\u2028/evil.example", "/\u00a0/evil.example", "//[::1]/", "//\u3002evil", ".evil.example", "@evil.example", "/" + strings.Repeat("a", 3000), "/%zz",
	} {
		if path, ok := server.LocalPath(next); ok {
			t.Errorf("%q is let through as %q", next, path)
		}
	}
}
