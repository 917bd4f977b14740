package arrangement

import (
	"bufio"
	"bytes"
	"fmt"
	stdhtml "html"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer/html"

	"partnershipportal/internal/redline"
)

// outline reads the Markdown of a section into blocks that can be compared. They hold what readers see, with the numbers
// that RenderSection gives.
func outline(number int, markdown string) []redline.Block {
	o := outliner{source: []byte(cleanText(markdown))}
	doc := theMarkdown().parse(o.source, "", sectionHeading)
	counted := 0
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		begun := len(o.blocks)
		o.block(n, place{})
		switch n.Kind() {
		case ast.KindHeading, ast.KindThematicBreak, ast.KindHTMLBlock, east.KindFootnoteList:
			continue
		}
		counted++
		if len(o.blocks) > begun {
			o.blocks[begun].Number = fmt.Sprintf("%d.%d", number, counted)
		}
	}
	return o.blocks
}

type outliner struct {
	source []byte
	blocks []redline.Block
}

// place is where a block stands.
type place struct{ depth, quoted int }

func (o *outliner) add(kind redline.Kind, at place, cells ...[]redline.Span) *redline.Block {
	o.blocks = append(o.blocks, redline.Block{Kind: kind, Depth: at.depth, Quoted: at.quoted, Cells: cells})
	return &o.blocks[len(o.blocks)-1]
}

func (o *outliner) block(n ast.Node, at place) {
	switch n := n.(type) {
	case *ast.Heading:
		if spans := o.spans(n); len(spans) > 0 {
			o.add(redline.Heading, place{n.Level, at.quoted}, spans)
		}
	case *ast.ThematicBreak:
		o.add(redline.Rule, at)
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		o.add(redline.Literal, at, o.literal(n))
	case *ast.Blockquote:
		o.children(n, place{at.depth, at.quoted + 1})
	case *ast.List:
		o.list(n, at)
	case *east.Table:
		for row := n.FirstChild(); row != nil; row = row.NextSibling() {
			o.row(row, at)
		}
	case *east.FootnoteList:
		for f := n.FirstChild(); f != nil; f = f.NextSibling() {
			if f, ok := f.(*east.Footnote); ok {
				o.marked(f, redline.Footnote, place{at.depth + 1, at.quoted}, strconv.Itoa(f.Index)+".", false)
			}
		}
	case *ast.HTMLBlock: // readers don't see it
	default:
		o.add(redline.Paragraph, at, o.spans(n))
	}
}

func (o *outliner) children(n ast.Node, at place) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		o.block(c, at)
	}
}

func (o *outliner) list(n *ast.List, at place) {
	number := n.Start
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		marker := "•"
		if n.IsOrdered() {
			marker = strconv.Itoa(number) + "."
			number++
		}
		o.marked(item, redline.Item, place{at.depth + 1, at.quoted}, marker, item.PreviousSibling() == nil)
	}
}

// marked adds what stands behind a marker. The first block has it.
func (o *outliner) marked(n ast.Node, kind redline.Kind, at place, marker string, first bool) {
	begun := len(o.blocks)
	if c := n.FirstChild(); c == nil || c.Kind() != ast.KindParagraph && c.Kind() != ast.KindTextBlock {
		o.add(kind, at, nil)
	}
	o.children(n, at)
	b := &o.blocks[begun]
	b.Kind, b.Marker, b.First = kind, marker, first
}

func (o *outliner) row(n ast.Node, at place) {
	var cells [][]redline.Span
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		cells = append(cells, o.spans(c))
	}
	kind := redline.Row
	if n.Kind() == east.KindTableHeader {
		kind = redline.Header
	}
	o.add(kind, at, cells...).First = kind == redline.Header
}

func (o *outliner) literal(n ast.Node) []redline.Span {
	var b bytes.Buffer
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		b.Write(line.Value(o.source))
	}
	return redline.Join([]redline.Span{{Text: strings.TrimRight(b.String(), "\n"), Style: redline.Code}})
}

// spans reads the text of a block, with white space as it is shown.
func (o *outliner) spans(n ast.Node) []redline.Span {
	var w spanWriter
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		o.inline(&w, c, redline.Span{})
	}
	return w.close()
}

func (o *outliner) inline(w *spanWriter, n ast.Node, as redline.Span) {
	switch n := n.(type) {
	case *ast.Text:
		w.write(as, o.words(n))
		if n.HardLineBreak() {
			w.breakLine(as)
		} else if n.SoftLineBreak() {
			w.write(as, " ")
		}
		return
	case *ast.String:
		w.write(as, string(n.Value))
		return
	case *ast.CodeSpan:
		as.Style |= redline.Code
	case *ast.Emphasis:
		as.Style |= redline.Emphasis
		if n.Level == 2 {
			as.Style = as.Style&^redline.Emphasis | redline.Strong
		}
	case *ast.Link:
		as.Link = safeLink(string(n.Destination))
	case *ast.AutoLink:
		as.Link = safeLink(string(n.URL(o.source)))
		if n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(as.Link, "mailto:") {
			as.Link = safeLink("mailto:" + string(n.URL(o.source)))
		}
		w.write(as, string(n.Label(o.source)))
		return
	case *east.FootnoteLink:
		as.Style |= redline.Raised
		w.write(as, strconv.Itoa(n.Index))
		return
	case *east.FootnoteBacklink, *ast.RawHTML:
		return
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		o.inline(w, c, as)
	}
}

// words gives a stretch of text with its entities and backslashes resolved as the renderer does it.
func (o *outliner) words(n *ast.Text) string {
	raw := n.Segment.Value(o.source)
	if n.IsRaw() || !bytes.ContainsAny(raw, `\&`) {
		return string(raw)
	}
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	html.DefaultWriter.Write(w, raw)
	_ = w.Flush() // into memory: can't fail
	return stdhtml.UnescapeString(b.String())
}

// safeLink drops an address to which the text itself would not lead either.
func safeLink(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Scheme != "" && !slices.Contains([]string{"https", "http", "mailto", "tel"}, strings.ToLower(u.Scheme)) {
		return ""
	}
	return u.String()
}

// spanWriter joins text, with each run of white space as one space and none at either end. Only a line that the writer
// of the text broke stays broken.
type spanWriter struct {
	spans  []redline.Span
	ending byte // the white space that the text ends with so far
}

func (w *spanWriter) write(as redline.Span, text string) {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r != ' ' && r != '\n' && r != '\t' && r != '\r':
			b.WriteRune(r)
			w.ending = 0
		case w.ending == 0 && (len(w.spans) > 0 || b.Len() > 0):
			b.WriteByte(' ')
			w.ending = ' '
		}
	}
	w.add(as, b.String())
}

func (w *spanWriter) breakLine(as redline.Span) {
	if w.ending == 0 && len(w.spans) > 0 {
		w.add(as, "\n")
		w.ending = '\n'
	}
}

func (w *spanWriter) add(as redline.Span, text string) {
	if text == "" {
		return
	}
	as.Text = text
	w.spans = append(w.spans, as)
}

func (w *spanWriter) close() []redline.Span {
	joined := redline.Join(w.spans)
	if last := len(joined) - 1; last >= 0 && w.ending != 0 {
		joined[last].Text = joined[last].Text[:len(joined[last].Text)-1]
		return redline.Join(joined)
	}
	return joined
}
