package ui

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

var update = flag.Bool("update", false, "write the golden files anew")

func draw(t testing.TB, c templ.Component) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// pretty writes HTML one tag or text a line, indented, so that a change reads well in a review.
func pretty(t testing.TB, source []byte) string {
	t.Helper()
	void := map[string]bool{"input": true, "meta": true, "link": true, "wbr": true, "br": true, "hr": true}
	var b strings.Builder
	depth := 0
	line := func(s string) { b.WriteString(strings.Repeat("  ", depth) + s + "\n") }
	z := html.NewTokenizer(bytes.NewReader(source))
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			if !errors.Is(z.Err(), io.EOF) {
				t.Fatal(z.Err())
			}
			return b.String()
		case html.EndTagToken:
			depth--
			line(z.Token().String())
		case html.TextToken:
			if text := strings.TrimSpace(string(z.Raw())); text != "" {
				line(strings.ReplaceAll(text, "\n", "⏎"))
			}
		case html.StartTagToken:
			token := z.Token()
			line(token.String())
			if !void[token.Data] {
				depth++
			}
		default:
			line(z.Token().String())
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".html")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s looks different; if it is meant to, run go test ./web/ui -update (-want +got):\n%s", name, d)
	}
}

func TestComponents(t *testing.T) {
	t.Parallel()
	for _, e := range examples() {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			var b strings.Builder
			for _, s := range e.states {
				b.WriteString("<!-- " + s.name + " -->\n" + pretty(t, draw(t, s.shown)))
			}
			golden(t, strings.TrimPrefix(e.id(), "example-"), b.String())
		})
	}
}

func TestLayout(t *testing.T) {
	t.Parallel()
	for name, c := range chromes() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := pretty(t, hashes.ReplaceAll(draw(t, Layout(c, Heading{Text: c.Title})), []byte("-hash.")))
			golden(t, "layout-"+strings.ReplaceAll(name, " ", "-"), got)
		})
	}
}
