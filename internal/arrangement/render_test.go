package arrangement_test

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/demo/text"
)

func TestRenderSectionNumbersItsBlocks(t *testing.T) {
	t.Parallel()
	got := arrangement.RenderSection(3, strings.Join([]string{
		"One.", "## Who\n\nTwo.", "#### Deeper", "- a\n- b", "> said", "---", "| A | |\n|---|---|\n| 1 | 2 |",
		"<div>not shown</div>", "[ref]: /x", "Last.[^1]", "[^1]: The note.",
	}, "\n\n"))
	type brief struct{ Number, Anchor, Tag string }
	var have []brief
	for _, b := range got {
		if b.Heading != strings.HasPrefix(b.HTML, "<h") || b.Heading && b.HTML == "<hr>" {
			if b.HTML != "<hr>" {
				t.Errorf("heading is %t for %s", b.Heading, b.HTML)
			}
		}
		tag, _, _ := strings.Cut(strings.TrimPrefix(b.HTML, "<"), ">")
		tag, _, _ = strings.Cut(tag, " ")
		have = append(have, brief{b.Number, b.Anchor, tag})
	}
	want := []brief{
		{"3.1", "p3-1", "p"}, {"", "", "h3"}, {"3.2", "p3-2", "p"}, {"", "", "h4"}, {"3.3", "p3-3", "ul"}, {"3.4", "p3-4", "blockquote"},
		{"", "", "hr"}, {"3.5", "p3-5", "section"}, {"3.6", "p3-6", "p"}, {"", "", "div"},
	}
	if d := cmp.Diff(want, have); d != "" {
		t.Errorf("blocks (-want +got):\n%s", d)
	}
}

func TestRenderText(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want string }{
		"emphasis and entities":                {"*a* & **b** < c", "<p><em>a</em> &amp; <strong>b</strong> &lt; c</p>"},
		"raw HTML is left out, its words stay": {`a <b onclick="x()">b</b> <script>c</script>`, "<p>a b c</p>"},
		"images leave their words":             {"![a *map*](https://example.org/x.png)", "<p>a <em>map</em></p>"},
		"links inside the site":                {"[x](/partners) [y](#p1-1)", `<p><a href="/partners">x</a> <a href="#p1-1">y</a></p>`},
		"links elsewhere get no target":        {`[x](https://example.org "T")`, `<p><a href="https://example.org" title="T">x</a></p>`},
		"dangerous links leave their words":    {"[x](javascript:alert(1)) [y](data:text/html,z) [z](VBScript:a) [w](java&#10;script:a)", "<p>x y z w</p>"},
		"bare addresses become no links":       {"see https://example.org", "<p>see https://example.org</p>"},
		"headings start at the third level":    {"# a\n# b\n### c\n## d", "<h3>a</h3>\n<h3>b</h3>\n<h4>c</h4>\n<h4>d</h4>"},
		"no strikethrough":                     {"~~a~~", "<p>~~a~~</p>"},
		"lists keep their first number":        {"3. a\n4. b", "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>"},
		"control characters go":                {"a\x00\x07b\xff", "<p>ab\uFFFD</p>"},
		"tables scroll and have column headers": {"| A | B |\n|--:|---|\n| 1 | 2 |",
			`<section class="app-scroll" aria-label="Table" tabindex="0"><table>` +
				"\n<thead>\n<tr>\n<th scope=\"col\">A</th>\n<th scope=\"col\">B</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table></section>"},
		"footnotes lead there and back": {"a[^n]\n\n[^n]: b", `<p>a<sup id="t-fnref:1"><a href="#t-fn:1" title="Footnote 1" role="doc-noteref">1</a></sup></p>` +
			"\n<div role=\"doc-endnotes\">\n<hr>\n<ol>\n<li id=\"t-fn:1\">\n<p>b&#160;<a href=\"#t-fnref:1\" title=\"Back to the text, footnote 1\" role=\"doc-backlink\">Back to the text</a></p>\n</li>\n</ol>\n</div>"},
		"nothing": {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if d := cmp.Diff(c.want, strings.ReplaceAll(arrangement.RenderText(c.in), "\u00a0", "&#160;")); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func TestRenderPageStartsBelowItsTitle(t *testing.T) {
	t.Parallel()
	if got, want := arrangement.RenderPage("## a\n\n### b"), "<h2>a</h2>\n<h3>b</h3>"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestRenderedDemonstrationIsWhole(t *testing.T) {
	t.Parallel()
	for i, s := range append(text.Edition2019(), text.NextEdition()...) {
		words := 0
		for _, b := range arrangement.RenderSection(i+1, s.Markdown) {
			assertSafe(t, b.HTML)
			words += len(strings.Fields(b.HTML))
		}
		if least := len(strings.Fields(s.Markdown)) / 2; words < least {
			t.Errorf("section %q lost its text: %d words, want at least %d", s.Heading, words, least)
		}
	}
}

// Time is measured against ordinary text of the same size in the same run, since the machine may be busy. The plain
// reading of some of these takes thousands of times as long. Not parallel, because it measures.
func TestRenderIsQuickWithHostileText(t *testing.T) {
	const longest, most = 250_000, 60 // characters of a section; times as long as ordinary text
	render := func(piece string, size int) time.Duration {
		source := strings.Repeat(piece, size/len(piece))
		started := time.Now()
		arrangement.RenderSection(1, source)
		return time.Since(started)
	}
	ordinary := "The partners meet four times a year, and **whenever** one of them asks. See [section 4](#s4) of the arrangements.\n\n"
	quick := func(piece string, size int) {
		limit := most * min(render(ordinary, size), render(ordinary, size), render(ordinary, size))
		took := render(piece, size)
		if took > limit { // once may be bad luck
			took = min(took, render(piece, size), render(piece, size))
		}
		if took > limit {
			t.Errorf("%d bytes of %q took %v, want at most %v", size, piece, took, limit)
		}
	}
	for _, piece := range []string{"[", ">", "*"} {
		quick(piece, 1<<20)
	}
	for _, piece := range []string{"]", "![", "[](", "[a](", "[a](<b)", "[a](b \"", "[a][", "[^", "[^a]", "[^a]: ", "[a]: b\n", "* ", "*a ", "*a**b ", "a**b", "_a ",
		"x(y*z)_", "*_", "> ", "> a\n", "- ", "1. ", "> - ", "- a\n  - b\n", "`", "`a", "``a`", "<", "<a ", "<!--", "<?", "<a href=\"", "<a>\n", "|", "|a", "|a|b\n|-|-\n",
		"\\", "&", "&amp", "\t", "  -", "#", "# ", "~~~\n", "    a\n", "a\n", "\n", "=\n", "a\n=\n", "#\n"} {
		quick(piece, longest)
	}
}

var (
	allowedTags = []string{"p", "br", "hr", "em", "strong", "code", "pre", "ul", "ol", "li", "blockquote", "h3", "h4", "h5", "h6", "table", "thead", "tbody",
		"tr", "td", "th", "sup", "div", "section", "a"}
	allowedAttributes = map[string]*regexp.Regexp{
		"a href": regexp.MustCompile(`(?s).*`), "a title": regexp.MustCompile(`(?s).*`), "a role": regexp.MustCompile(`^doc-(noteref|backlink)$`),
		"ol start": regexp.MustCompile(`^[0-9]+$`), "th scope": regexp.MustCompile(`^col$`),
		"li id": regexp.MustCompile(`^(s[0-9]+|t)-fn:[0-9]+$`), "sup id": regexp.MustCompile(`^(s[0-9]+|t)-fnref[0-9]*:[0-9]+$`),
		"section class": regexp.MustCompile(`^app-scroll$`), "div role": regexp.MustCompile(`^doc-endnotes$`),
		"section aria-label": regexp.MustCompile(`^Table( in [0-9.]+)?(, number [0-9]+)?$`), "section tabindex": regexp.MustCompile(`^0$`),
	}
)

// assertSafe reads the HTML as a browser would and refuses everything that is not on a short list, and tags that do not
// match.
func assertSafe(t *testing.T, safe string) {
	t.Helper()
	z := html.NewTokenizer(strings.NewReader(safe))
	var open []string
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			if len(open) > 0 {
				t.Errorf("%q stay open: %q", open, safe)
			}
			return
		}
		tok := z.Token()
		switch kind {
		case html.CommentToken, html.DoctypeToken:
			t.Errorf("a comment came through: %q", safe)
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			if !slices.Contains(allowedTags, tok.Data) {
				t.Errorf("element %q came through: %q", tok.Data, safe)
			}
			for _, a := range tok.Attr {
				assertSafeAttribute(t, tok.Data, a)
			}
			open = matched(t, open, kind, tok.Data, safe)
		}
	}
}

// matched keeps the elements that are open after a tag.
func matched(t *testing.T, open []string, kind html.TokenType, tag, whole string) []string {
	t.Helper()
	switch {
	case tag == "br" || tag == "hr":
		if kind == html.EndTagToken {
			t.Errorf("</%s> ends nothing: %q", tag, whole)
		}
	case kind == html.StartTagToken:
		if tag == "p" && slices.Contains(open, "p") {
			t.Errorf("a paragraph inside a paragraph: %q", whole)
		}
		return append(open, tag)
	case kind == html.SelfClosingTagToken:
		t.Errorf("<%s/> closes itself, which HTML does not know: %q", tag, whole)
	case len(open) == 0 || open[len(open)-1] != tag:
		t.Errorf("</%s> ends none of %q: %q", tag, open, whole)
	default:
		return open[:len(open)-1]
	}
	return open
}

func assertSafeAttribute(t *testing.T, tag string, a html.Attribute) {
	t.Helper()
	ok := allowedAttributes[tag+" "+a.Key]
	if ok == nil || !ok.MatchString(a.Val) {
		t.Errorf("attribute %s=%q of %q came through", a.Key, a.Val, tag)
	}
	if a.Key != "href" {
		return
	}
	u, err := url.Parse(strings.TrimSpace(a.Val))
	if err != nil || !slices.Contains([]string{"", "http", "https", "mailto", "tel"}, strings.ToLower(u.Scheme)) {
		t.Errorf("address %q came through (%v)", a.Val, err)
	}
}

func FuzzRender(f *testing.F) {
	for _, seed := range []string{
		"<script>alert(1)</script>", `<img src=x onerror=alert(1)>`, `[x](javascript:alert(1))`, `[x]( java	script:alert(1))`, "[x](data:text/html;base64,PHNjcmlwdD4=)",
		`[x](vbscript:a)`, `<a href="x" style="color:red" id="p1-1" class="govuk-button">`, `[x](/a "onclick=x()" )`, `[x](/a "\"><script>")`, "![x](x.svg){#id .class}",
		"# h {#p1-1}", "<javascript:alert(1)>", "<svg/onload=alert(1)>", "|<b>|\n|-|\n|<table>|", "```html\n<table>\n```", "[^<script>]\n\n[^<script>]: x", "[x]: javascript:a\n[x]",
		"&lt;script&gt;", "<!-- --><table>", "<![CDATA[<script>]]>", "> - 1. # x", "*a**b", "a\x00b\xffc", "[x](//evil.example)", "<p title=\"</p><script>\">", "[x](<\njavascript:a>)",
	} {
		f.Add(3, seed)
	}
	f.Fuzz(func(t *testing.T, number int, source string) {
		if number < 1 || number > 1000 {
			number = 1
		}
		for _, b := range arrangement.RenderSection(number, source) {
			assertSafe(t, b.HTML)
		}
		once := arrangement.RenderText(source)
		assertSafe(t, once)
		if again := arrangement.RenderText(source); again != once {
			t.Errorf("the same text gave %q and %q", once, again)
		}
	})
}
