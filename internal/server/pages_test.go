package server_test

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"partnershipportal/internal/browsertest"
	"partnershipportal/web/assets"
)

func TestMain(m *testing.M) { os.Exit(browsertest.Main(m)) }

// shownPage is one page as somebody sees it.
type shownPage struct{ name, body string }

// passing are the parts of a page that differ from one request to the next.
var passing = regexp.MustCompile(`[0-9a-f]{12,16}`)

// titled is the title of a page, which repeats its heading.
var titled = regexp.MustCompile(`<title>[^<]*</title>`)

// onlyPages narrows the pages that a person at work has checked; everything is checked without it.
var onlyPages = flag.String("pages", "", "check only the pages of routes that match")

// everyPage is what the rows of the route table show, each page once.
func everyPage(t *testing.T) []shownPage {
	t.Helper()
	tx := ownTx(t)
	f := makeFixtures(t, tx)
	var pages []shownPage
	seen := map[[32]byte]bool{}
	wanted := regexp.MustCompile(*onlyPages)
	for _, e := range expectations() {
		if !wanted.MatchString(e.route) {
			continue
		}
		for _, w := range e.answers {
			a := ask(t, tx, e, w.who(f), f)
			if !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") || a.status == http.StatusSeeOther {
				continue
			}
			// Two people often read the same words under another header: the words once, and each header once.
			header, words, _ := strings.Cut(passing.ReplaceAllString(titled.ReplaceAllString(a.body, ""), ""), "<main")
			above, below := sha256.Sum256([]byte(header)), sha256.Sum256([]byte(words))
			// What a refusal looks like depends on the refused one's header alone; one of each kind is enough.
			if a.status == http.StatusForbidden || a.status == http.StatusUnauthorized {
				above = sha256.Sum256(fmt.Append(nil, a.status, w.name))
				below = above
			}
			if seen[above] && seen[below] {
				continue
			}
			seen[above], seen[below] = true, true
			pages = append(pages, shownPage{name: fmt.Sprintf("%s as %s (%d)", e.route, w.name, a.status), body: a.body})
		}
	}
	slices.SortFunc(pages, func(a, b shownPage) int { return strings.Compare(a.name, b.name) })
	return pages
}

// Every page of the route table is valid HTML, has no finding of axe, and fits a telephone's width.
func TestEveryPage(t *testing.T) {
	t.Parallel()
	var pages []shownPage
	t.Run("is drawn", func(t *testing.T) { pages = everyPage(t) }) // the transaction ends here: looking at pages takes its time
	sources := map[string][]byte{}
	for _, p := range pages {
		sources[p.name] = []byte(p.body)
	}
	browsertest.ValidateHTML(t, sources)
	shown := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if file, ok := assets.Lookup(strings.TrimPrefix(r.URL.Path, assets.Prefix)); ok {
			w.Header().Set("Content-Type", file.ContentType)
			_, _ = w.Write(file.Body) // the browser may be gone
			return
		}
		i, err := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/"))
		if err != nil || i >= len(pages) {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(pages[i].body)) // the browser may be gone
	}))
	t.Cleanup(shown.Close)
	browser := browsertest.Start(t)
	for _, width := range []int{1280, 320} {
		t.Run(fmt.Sprintf("at %d pixels", width), func(t *testing.T) {
			t.Parallel()
			tab := browser.Page(t, browsertest.Options{Width: width, JavaScript: true})
			for i, p := range pages {
				tab.Go(shown.URL + "/" + strconv.Itoa(i))
				for _, v := range tab.Axe() {
					t.Errorf("%s: %s", p.name, v)
				}
				tab.NoHorizontalScroll()
				if width == 1280 {
					browsertest.CheckHTML(t, p.name, []byte(p.body))
				}
			}
		})
	}
}
