package ui

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"partnershipportal/internal/browsertest"
	"partnershipportal/web/assets"
	"partnershipportal/web/form"
)

func TestMain(m *testing.M) { os.Exit(browsertest.Main(m)) }

var hashes = regexp.MustCompile(`\.[0-9a-f]{10}\.`)

func chromes() map[string]Chrome {
	kent := Partnership{Name: "Kent Safeguarding Children Multi-Agency Partnership", ShortName: "KSCMP"}
	concern := Concern{Numbers: []Number{
		{Label: "Children’s services", Number: "0300 000 0000", Hours: "Monday to Friday, 8:30am to 5pm"},
		{Label: "Out of hours", Number: "0300 000 0001"},
	}}
	return map[string]Chrome{
		"public": {
			Title: "Arrangements", Partnership: kent, Public: true, Demo: true, Concern: concern, Current: "/arrangements",
			Canonical: "https://portal.example/arrangements", LastChanged: "17 September 2019",
			Breadcrumbs: []Link{{"Home", "/"}, {"Arrangements", ""}},
		},
		"signed in with an error": {
			Title: "Sign the arrangements", Partnership: kent, HasErrors: true, Concern: concern,
			Nav: []Link{{"Sign-off", "/sign-off"}}, Current: "/sign-off", Back: &Link{"Back to the text", "/sign-off/1"},
			SignedIn: &User{Name: "A. Officer", RoleLine: "Lead officer, Kent Police", IdleSeconds: 3600},
			Flash:    &Flash{Heading: "The text changed since you read it"},
		},
		"signing in": {Title: "Sign in", Partnership: kent, Concern: Concern{Text: "Call us first."}},
	}
}

// serve answers every path with the page, and the assets beside it.
func serve(t *testing.T, page []byte) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f, ok := assets.Lookup(strings.TrimPrefix(r.URL.Path, assets.Prefix)); ok {
			w.Header().Set("Content-Type", f.ContentType)
			_, _ = w.Write(f.Body)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		_, _ = w.Write(page)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func TestPagesAreSound(t *testing.T) {
	t.Parallel()
	pages := map[string][]byte{}
	for name, c := range chromes() {
		pages[name] = draw(t, Layout(c, Heading{Text: c.Title}))
	}
	pages["style guide"] = draw(t, Layout(Chrome{Title: "Style guide", Partnership: chromes()["public"].Partnership, Public: true, Demo: true}, Styleguide()))
	browsertest.ValidateHTML(t, pages)
	for name, page := range pages {
		for width, label := range map[int]string{1280: "wide", 320: "narrow"} {
			t.Run(name+", "+label, func(t *testing.T) {
				t.Parallel()
				p := browsertest.Start(t).Page(t, browsertest.Options{Width: width, JavaScript: true})
				p.Go(serve(t, page))
				p.CheckPage(name)
				if problems := p.Problems(); len(problems) > 0 {
					t.Errorf("the browser complains: %v", problems)
				}
			})
		}
	}
}

func TestTextIsEscaped(t *testing.T) {
	t.Parallel()
	const attack = `"><script>alert(1)</script>`
	f := form.Field{ID: attack, Name: attack, Label: attack, Hint: attack, Value: attack, Values: []string{attack}, Error: attack}
	for _, c := range []Option{{Value: attack, Text: attack, Hint: attack}} {
		got := draw(t, Radios{Field: f, Options: []Option{c}})
		got = append(got, draw(t, Input{Field: f, Prefix: attack})...)
		got = append(got, draw(t, Digest{Value: attack, Label: attack, ID: attack})...)
		if bytes.Contains(got, []byte("<script")) {
			t.Errorf("typed text became mark-up: %s", got)
		}
	}
}

func TestALinkNeverRunsScript(t *testing.T) {
	t.Parallel()
	got := draw(t, Layout(Chrome{Title: "T", Concern: Concern{Numbers: []Number{{Label: "L", Number: "javascript:0300"}}}}, Heading{Text: "T"}))
	if bytes.Contains(got, []byte("javascript:")) && !bytes.Contains(got, []byte(">javascript:0300<")) || bytes.Contains(got, []byte(`href="javascript:`)) {
		t.Error("a number set by the administrator became a script")
	}
}
