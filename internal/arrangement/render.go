package arrangement

import (
	"bufio"
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
)

// Levels of the highest headings: inside a section, whose own heading is one above, and on a page of its own.
const (
	sectionHeading = 3
	pageHeading    = 2
)

// Block is a piece of a section that readers can point at: a paragraph, a list, a table or a quotation. Headings and
// footnotes are pieces too, but have no number.
type Block struct {
	Number  string // 3.2, or empty
	Anchor  string // p3-2, or empty
	HTML    string // safe to show as it is
	Heading bool
}

// RenderSection turns the Markdown of a section into numbered blocks of safe HTML. The same text always gives the same
// blocks, so that an address of a paragraph lasts as long as the version.
func RenderSection(number int, markdown string) []Block {
	source := []byte(cleanText(markdown))
	doc := theMarkdown().parse(source, fmt.Sprintf("s%d-", number), sectionHeading)
	var nodes []ast.Node
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		nodes = append(nodes, n)
	}
	var blocks []Block
	counted := 0
	for i, safe := range theMarkdown().html(source, nodes...) {
		if safe == "" || safe == emptyHeading(nodes[i]) {
			continue
		}
		b, label := Block{Heading: nodes[i].Kind() == ast.KindHeading}, "Table"
		if !b.Heading && nodes[i].Kind() != ast.KindThematicBreak && nodes[i].Kind() != east.KindFootnoteList {
			counted++
			b.Number = fmt.Sprintf("%d.%d", number, counted)
			b.Anchor = fmt.Sprintf("p%d-%d", number, counted)
			label = "Table in " + b.Number
		}
		b.HTML = wideTables(safe, label)
		blocks = append(blocks, b)
	}
	return blocks
}

// emptyHeading is what a heading without words looks like; there is nothing to show of it.
func emptyHeading(n ast.Node) string {
	if h, ok := n.(*ast.Heading); ok {
		return fmt.Sprintf("<h%d></h%d>", h.Level, h.Level)
	}
	return ""
}

// RenderText turns Markdown into safe HTML without numbers, as for a preview of a section.
func RenderText(markdown string) string { return renderWhole(markdown, sectionHeading) }

// RenderPage turns Markdown into the safe HTML of a page of its own, below the page's title.
func RenderPage(markdown string) string { return renderWhole(markdown, pageHeading) }

func renderWhole(markdown string, top int) string {
	source := []byte(cleanText(markdown))
	return wideTables(theMarkdown().html(source, theMarkdown().parse(source, "t-", top))[0], "Table")
}

// cleanText drops what HTML and the database can't hold.
func cleanText(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' && r != '\r' || r == 0x7f {
			return -1
		}
		return r
	}, s)
}

type markdown struct {
	parser   parser.Parser
	renderer renderer.Renderer
	policy   *bluemonday.Policy
}

var theMarkdown = sync.OnceValue(func() *markdown {
	return &markdown{parser: markdownParser(), renderer: markdownRenderer(), policy: htmlPolicy()}
})

func (m *markdown) parse(source []byte, idPrefix string, top int) *ast.Document {
	pc := parser.NewContext()
	pc.Set(topHeadingKey, top)
	doc := m.parser.Parse(text.NewReader(source), parser.WithContext(pc)).(*ast.Document)
	doc.AddMeta(footnotePrefix, idPrefix)
	return doc
}

// cut stands between blocks while they are sanitised together. No text can hold it, since raw HTML is not read.
const cut = `<hr id="cut">`

// html draws the nodes, each by itself.
func (m *markdown) html(source []byte, nodes ...ast.Node) []string {
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	for i, n := range nodes {
		if i > 0 {
			_, _ = w.WriteString(cut) // into memory: neither this nor the next can fail
		}
		_ = m.renderer.Render(w, source, n)
	}
	_ = w.Flush()
	safe := strings.Split(m.policy.Sanitize(b.String()), cut)
	for i := range safe {
		safe[i] = strings.TrimSpace(safe[i])
	}
	return safe
}

var (
	footnoteID   = regexp.MustCompile(`^(s[0-9]+|t)-fn(ref[0-9]*)?:[0-9]+$`)
	footnoteRole = regexp.MustCompile(`^doc-(noteref|backlink|endnotes)$`)
	cutID        = regexp.MustCompile(`^cut$`)
	columnScope  = regexp.MustCompile(`^col$`)
)

// htmlPolicy is all the HTML that may ever come out of a text. Raw HTML is not even read; this is the second belt.
func htmlPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "em", "strong", "code", "pre", "ul", "ol", "li", "blockquote", "h2", "h3", "h4", "h5", "h6",
		"table", "thead", "tbody", "tr", "td", "th", "sup", "div")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowAttrs("scope").Matching(columnScope).OnElements("th")
	p.AllowAttrs("id").Matching(footnoteID).OnElements("li", "sup")
	p.AllowAttrs("id").Matching(cutID).OnElements("hr")
	p.AllowAttrs("role").Matching(footnoteRole).OnElements("a", "div")
	p.AllowAttrs("href", "title").OnElements("a")
	p.AllowURLSchemes("https", "http", "mailto", "tel")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	return p
}

// wideTables puts each table into a region that scrolls by itself and that a keyboard reaches. In sanitised HTML a tag
// without attributes is always this very text, and never part of anything else.
func wideTables(safe, label string) string {
	if !strings.Contains(safe, "<table>") {
		return safe
	}
	safe = strings.ReplaceAll(safe, `<th scope="col"></th>`, `<td></td>`)
	var b strings.Builder
	for i := 1; ; i++ {
		before, after, found := strings.Cut(safe, "<table>")
		b.WriteString(before)
		if !found {
			break
		}
		name := label
		if i > 1 {
			name = fmt.Sprintf("%s, number %d", label, i)
		}
		fmt.Fprintf(&b, `<section class="app-scroll" aria-label="%s" tabindex="0"><table>`, name)
		safe = after
	}
	return strings.ReplaceAll(b.String(), "</table>", "</table></section>")
}
