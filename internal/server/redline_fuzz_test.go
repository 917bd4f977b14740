package server_test

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/server"
	"partnershipportal/web/page"
)

// drawnElements are those of a redline, besides its form.
var drawnElements = strings.Fields(`html head body a ins del mark small strong em code sup p pre ul li div section h1 h2 h3 span table thead tbody tr th td hr dl dt dd br button nav ol
	label select option form input`)

func drawRedline(t *testing.T, old, now arrangement.Content) string {
	t.Helper()
	p := page.ArrangementCompare{Title: "A", From: page.ComparedVersion{Name: "1", Path: "/"}, To: page.ComparedVersion{Name: "2", Path: "/"},
		Redline: server.RedlineOf(arrangement.Compare(old, now), "/x")}
	var b strings.Builder
	if err := p.Content().Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func FuzzRedlinePage(f *testing.F) {
	for _, seed := range [][2]string{
		{"<script>alert(1)</script>", "[x](javascript:alert(1)) <b onclick=x()>y</b>"}, {"- a\n  1. b\n\n     c\n- d", "| a | b |\n|-|-|\n| c | d |"},
		{"[x](/a \"onclick=x()\")", "[x](data:text/html,y)"}, {"**a** [b](#p1)", "a [**b**](//evil.example)"}, {"    </pre><script>", "```\n\n</pre>\n```"},
		{"a[^1]\n\n[^1]: b", "a\n\n---\n\n> - b"}, {"| a |\n|-|\n\n| b |\n|-|", "| a | <td> |\n|-|-|"},
	} {
		f.Add("A", seed[0], "B", seed[1])
	}
	f.Fuzz(func(t *testing.T, was, old, heading, now string) {
		content := func(heading, markdown string) arrangement.Content {
			return arrangement.Content{Title: heading, Sections: []arrangement.Text{{Heading: heading, Markdown: markdown}, {Heading: "Same", Markdown: "Same."}}}
		}
		body := drawRedline(t, content(was, old), content(heading, now))
		wantLinked(t, body)
		wantWhole(t, body)
	})
}

// wantWhole reads HTML as a browser would: every element is closed where it should be, and none can do anything.
func wantWhole(t *testing.T, body string) {
	t.Helper()
	var open []string
	for z := html.NewTokenizer(strings.NewReader(body)); ; {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			if len(open) > 0 {
				t.Errorf("%v are never closed", open)
			}
			return
		case html.StartTagToken:
			tag := z.Token()
			if !slices.Contains(drawnElements, tag.Data) {
				t.Errorf("there is a %s", tag.Data)
			}
			for _, a := range tag.Attr {
				address := strings.ToLower(strings.TrimSpace(a.Val))
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "src" || strings.HasPrefix(address, "javascript:") || strings.HasPrefix(address, "data:") {
					t.Errorf("a %s has %s=%q", tag.Data, a.Key, a.Val)
				}
			}
			if !slices.Contains([]string{"br", "hr", "input"}, tag.Data) {
				open = append(open, tag.Data)
			}
		case html.EndTagToken:
			tag := z.Token().Data
			if len(open) == 0 || open[len(open)-1] != tag {
				t.Fatalf("%s is closed while %v are open", tag, open)
			}
			open = open[:len(open)-1]
		}
	}
}
