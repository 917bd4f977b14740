package browsertest

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestMain(m *testing.M) { os.Exit(Main(m)) }

// document is a page without fault around a body.
func document(body string) string {
	return `<!DOCTYPE html>
<html lang="en-GB">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>A page</title></head>
<body><header>Portal</header><main>` + body + `</main></body></html>`
}

// site serves pages by path, with the portal's strict policy on scripts.
func site(t *testing.T, pages map[string]string) string {
	t.Helper()
	mux := http.NewServeMux()
	for path, body := range pages {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; form-action 'self'")
			fmt.Fprint(w, document(body))
		})
	}
	mux.HandleFunc("GET /change.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(w, `document.querySelector('h1').textContent = 'Changed by a script'`)
	})
	mux.HandleFunc("POST /save", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "__Host-saved", Value: "yes", Path: "/", Secure: true, HttpOnly: true})
		if r.FormValue("name") == "" {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.WriteHeader(http.StatusUnprocessableEntity)
			fmt.Fprint(w, document("<h1>Enter a name</h1>"))
			return
		}
		http.Redirect(w, r, "/saved?"+r.Form.Encode(), http.StatusSeeOther)
	})
	mux.HandleFunc("GET /saved", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, err := r.Cookie("__Host-saved")
		fmt.Fprint(w, document(fmt.Sprintf("<h1>Saved</h1><p id=what>%s</p><p id=cookie>%t</p>", html.EscapeString(r.URL.RawQuery), err == nil)))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

const form = `<h1>Form</h1>
<form method="post" action="/save">
<p><label for="name">Your name</label> <input id="name" name="name"></p>
<p><label for="text">Text</label> <textarea id="text" name="text">old</textarea></p>
<p><label for="agree"><input type="checkbox" id="agree" name="agree" value="yes"> I agree</label></p>
<p><label for="kind">Kind</label> <select id="kind" name="kind"><option value="a">First</option><option value="b">Second one</option></select></p>
<button>Save and continue</button>
</form>
<p><a href="#end">To the end</a></p><p id="end">End</p>`

// quiet stands in for a test whose failures are the very thing under test.
type quiet struct {
	testing.TB
	errors []string
}

func (q *quiet) Errorf(format string, args ...any) {
	q.errors = append(q.errors, fmt.Sprintf(format, args...))
}
func (q *quiet) Log(...any) {}

func TestForm(t *testing.T) {
	t.Parallel()
	for _, javaScript := range []bool{true, false} {
		t.Run(fmt.Sprintf("a person fills and sends a form, scripts %t", javaScript), func(t *testing.T) {
			t.Parallel()
			p := Start(t).Page(t, Options{JavaScript: javaScript})
			p.Go(site(t, map[string]string{"/": form}))
			p.Fill("label:Your name", "Ada & Co")
			p.Fill("#text", "one\ntwo")
			p.Check("label:I agree")
			p.Choose("#kind", "Second one")
			p.Click("button:Save and continue")
			if got, want := p.Text("#what"), "agree=yes&kind=b&name=Ada+%26+Co&text=one%0D%0Atwo"; got != want {
				t.Errorf("sent %q, want %q", got, want)
			}
			if p.Status() != http.StatusOK || p.Title() != "A page" || !strings.HasPrefix(p.Path(), "/saved?") {
				t.Errorf("at %s %q with status %d", p.URL(), p.Title(), p.Status())
			}
			if got := p.Text("#cookie"); got != "true" {
				t.Error("the __Host- cookie did not come back over loopback")
			}
			if cookies := p.Cookies(); len(cookies) != 1 || cookies[0].Name != "__Host-saved" {
				t.Errorf("cookies: %v", cookies)
			}
		})
	}
	t.Run("the status and the source of a refused form are those of the answer to the POST", func(t *testing.T) {
		t.Parallel()
		p := Start(t).Page(t, Options{})
		p.Go(site(t, map[string]string{"/": form}))
		p.Click("button:Save and continue")
		if p.Status() != http.StatusUnprocessableEntity {
			t.Errorf("status %d, want 422", p.Status())
		}
		if !strings.Contains(string(p.Source()), "<h1>Enter a name</h1>") {
			t.Errorf("source: %s", p.Source())
		}
	})
	t.Run("a link to a place on the same page is a click too", func(t *testing.T) {
		t.Parallel()
		p := Start(t).Page(t, Options{})
		p.Go(site(t, map[string]string{"/": form}))
		p.Click("link:To the end")
		if got := p.Path(); got != "/#end" {
			t.Errorf("at %s, want /#end", got)
		}
	})
	t.Run("links are those to the same site, once each, without fragments", func(t *testing.T) {
		t.Parallel()
		p := Start(t).Page(t, Options{})
		address := site(t, map[string]string{"/": form + `<a href="/a?b=c#d">A</a> <a href="https://elsewhere.example/">B</a> <a href="mailto:a@b.example">C</a>`})
		p.Go(address)
		if got, want := p.Links(), []string{address + "/", address + "/a?b=c"}; !slices.Equal(got, want) {
			t.Errorf("links %q, want %q", got, want)
		}
	})
	t.Run("two pages share no cookies", func(t *testing.T) {
		t.Parallel()
		address := site(t, map[string]string{"/": form})
		first, second := Start(t).Page(t, Options{}), Start(t).Page(t, Options{})
		first.Go(address)
		first.Click("button:Save and continue")
		second.Go(address + "/saved")
		if got := second.Text("#cookie"); got != "false" {
			t.Error("the second person holds the first one's cookie")
		}
	})
}

func TestScripts(t *testing.T) {
	t.Parallel()
	pages := map[string]string{
		"/":       `<h1>As sent</h1><script src="/change.js"></script>`,
		"/inline": `<h1>As sent</h1><script>document.title = 'never'</script>`,
	}
	for javaScript, want := range map[bool]string{true: "Changed by a script", false: "As sent"} {
		t.Run(fmt.Sprintf("scripts of the page run or not as asked: %t", javaScript), func(t *testing.T) {
			t.Parallel()
			p := Start(t).Page(t, Options{JavaScript: javaScript})
			p.Go(site(t, pages))
			p.Axe()
			if got := p.Text("h1"); got != want {
				t.Errorf("heading %q, want %q", got, want)
			}
			if !strings.Contains(string(p.Source()), "As sent") {
				t.Error("the source is not what the server sent")
			}
		})
	}
	t.Run("a breach of the content security policy is a problem", func(t *testing.T) {
		t.Parallel()
		p := Start(t).Page(t, Options{JavaScript: true})
		p.Go(site(t, pages) + "/inline")
		if got := p.Problems(); len(got) != 1 || !strings.Contains(got[0], "Content Security Policy") {
			t.Errorf("problems: %q", got)
		}
	})
}

func TestAxe(t *testing.T) {
	t.Parallel()
	pages := map[string]string{
		"/good": form,
		"/bad":  `<h1>Bad</h1><p style="color:#bbb;background:#fff">Faint words</p><form><input name="q"></form>`,
		"/wide": `<h1>Wide</h1><p style="width:600px">Far too wide</p>`,
	}
	for _, javaScript := range []bool{true, false} {
		t.Run(fmt.Sprintf("planted violations are found and a good page has none, scripts %t", javaScript), func(t *testing.T) {
			t.Parallel()
			p := Start(t).Page(t, Options{JavaScript: javaScript, Width: 320})
			address := site(t, pages)
			p.Go(address + "/bad")
			var ids []string
			for _, v := range p.Axe() {
				ids = append(ids, v.ID)
			}
			if !slices.Contains(ids, "color-contrast") || !slices.Contains(ids, "label") {
				t.Errorf("violations found: %v, want color-contrast and label among them", ids)
			}
			p.Go(address + "/good")
			p.CheckPage("good")
		})
	}
	t.Run("a page wider than a phone is named", func(t *testing.T) {
		t.Parallel()
		p := Start(t).Page(t, Options{Width: 320})
		p.Go(site(t, pages) + "/wide")
		if got := p.tooWide(); !strings.Contains(got, "Far too wide") {
			t.Errorf("too wide: %q", got)
		}
	})
}

func TestKeyboard(t *testing.T) {
	t.Parallel()
	t.Run("a form is filled and sent by keyboard alone", func(t *testing.T) {
		t.Parallel()
		p := Start(t).Page(t, Options{})
		p.Go(site(t, map[string]string{"/": form}))
		if got := p.Focused(); got.Tag != "body" {
			t.Errorf("at first the focus is on %+v", got)
		}
		p.Keys("Tab", "Ada")
		if got := p.Focused(); got.ID != "name" || got.Text != "Your name" || !got.Visible {
			t.Errorf("focus on %+v, want the name, visibly", got)
		}
		p.TabTo("#agree")
		p.Keys("Space", "Shift+Tab")
		if got := p.Focused(); got.ID != "text" {
			t.Errorf("Shift+Tab led to %+v", got)
		}
		p.TabTo("button:Save and continue")
		p.KeysGo("Enter")
		if got, want := p.Text("#what"), "agree=yes&kind=a&name=Ada&text=old"; got != want {
			t.Errorf("sent %q, want %q", got, want)
		}
	})
	t.Run("a focus that can't be seen is not visible", func(t *testing.T) {
		t.Parallel()
		p := Start(t).Page(t, Options{})
		p.Go(site(t, map[string]string{"/": `<style>a{outline:none!important}</style><h1>Hidden</h1><a href="/">Here</a>`}))
		p.Keys("Tab")
		if got := p.Focused(); got.Tag != "a" || got.Visible {
			t.Errorf("focus %+v, want on the link and not visible", got)
		}
	})
}

func TestHTMLCheckers(t *testing.T) {
	t.Parallel()
	bad := document(`<h1>Bad</h1><p id=a>One<p id=a>Two<ul><p>Three</ul><blink>Four</blink>`)
	t.Run("the Nu checker finds planted errors and passes a good page", func(t *testing.T) {
		t.Parallel()
		q := &quiet{TB: t}
		CheckHTML(q, "bad", []byte(bad))
		if all := strings.Join(q.errors, "\n"); !strings.Contains(all, "Duplicate ID") || !strings.Contains(all, "blink") {
			t.Errorf("errors found: %s", all)
		}
		CheckHTML(t, "good", []byte(document(form)))
	})
	t.Run("html-validate finds planted errors and passes a good page", func(t *testing.T) {
		t.Parallel()
		findings, err := validateHTML(t.TempDir(), map[string][]byte{"bad page": []byte(bad)})
		if err != nil {
			t.Fatal(err)
		}
		if all := strings.Join(findings, "\n"); !strings.Contains(all, "bad page") || !strings.Contains(all, "no-dup-id") {
			t.Errorf("findings: %s", all)
		}
		ValidateHTML(t, map[string][]byte{"good": []byte(document(`<h1>Good</h1><p>Fine.</p>`))})
	})
}

func TestScreenshot(t *testing.T) {
	t.Parallel()
	p := Start(t).Page(t, Options{Width: 320})
	p.Go(site(t, map[string]string{"/": form}))
	path := p.Screenshot("the form/at 320")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Base(path) != "the-form-at-320.png" || !strings.HasPrefix(string(content), "\x89PNG") {
		t.Errorf("%s is no picture", path)
	}
}
