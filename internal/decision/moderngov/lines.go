package moderngov

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// line is one line of a page, in its order, with what the layout tells of it.
type line struct {
	label  string // that the layout sets off, without its colon
	marked bool   // the label is set off as one for certain: in a cell, a term, or ModernGov's own style
	text   string
	level  int  // of a heading
	title  bool // a heading in ModernGov's style for the title
	opens  bool // all that follows is the label's value, until a line that is an end
	end    bool // no line: the value of the label before is over
	joined bool // stands in the same block as the line before
	links  []Link
	cells  []line // of a row of a table that has a header, each with the column's name as its label
}

// skipped are elements whose content is not the page's text.
var skipped = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Noscript: true, atom.Template: true, atom.Head: true, atom.Nav: true, atom.Iframe: true, atom.Object: true,
	atom.Embed: true, atom.Svg: true, atom.Math: true, atom.Select: true, atom.Option: true, atom.Button: true, atom.Input: true, atom.Textarea: true,
	atom.Canvas: true, atom.Audio: true, atom.Video: true, atom.Footer: true, atom.Title: true, atom.Noframes: true, atom.Datalist: true,
}

// blocks are elements that begin and end a line.
var blocks = map[atom.Atom]bool{
	atom.P: true, atom.Div: true, atom.Section: true, atom.Article: true, atom.Main: true, atom.Body: true, atom.Header: true, atom.Ul: true, atom.Ol: true,
	atom.Li: true, atom.Table: true, atom.Tbody: true, atom.Thead: true, atom.Tfoot: true, atom.Tr: true, atom.Td: true, atom.Th: true, atom.Caption: true,
	atom.Dl: true, atom.Dt: true, atom.Dd: true, atom.Blockquote: true, atom.Pre: true, atom.Fieldset: true, atom.Legend: true, atom.Address: true,
	atom.Hr: true, atom.Form: true, atom.Figure: true, atom.Figcaption: true, atom.Center: true, atom.Details: true, atom.Summary: true, atom.Aside: true,
}

type walker struct {
	base    *url.URL
	lines   []line
	runs    []run
	pending []Link // of the line that is not ended
	broken  bool   // the line before ended within the block
}

// run is a stretch of text within a line.
type run struct {
	text   string
	strong bool // bold
	mark   bool // ModernGov's style for labels
}

// style is what the elements around a text make of it.
type style struct {
	strong, mark bool
}

func linesOf(doc *html.Node, address string) []line {
	w := &walker{}
	if u, err := url.Parse(address); err == nil && address != "" {
		w.base = u
	}
	w.walk(content(doc), style{})
	w.flush()
	return w.lines
}

// content is the part of the page that holds its own text, as near as can be told.
func content(doc *html.Node) *html.Node {
	tests := []func(*html.Node) bool{
		func(n *html.Node) bool { return hasClass(n, "mgContent") || attribute(n, "id") == "mgContent" },
		func(n *html.Node) bool { return attribute(n, "id") == "modgov" || attribute(n, "id") == "modernGov" },
		func(n *html.Node) bool { return n.DataAtom == atom.Main || attribute(n, "role") == "main" },
		func(n *html.Node) bool { return n.DataAtom == atom.Body },
	}
	for _, test := range tests {
		for n := range doc.Descendants() {
			if n.Type == html.ElementNode && test(n) {
				return n
			}
		}
	}
	return doc
}

func (w *walker) walk(n *html.Node, s style) {
	if n.Type == html.TextNode {
		w.add(n.Data, s)
		return
	}
	if n.Type == html.ElementNode && (skipped[n.DataAtom] || hiddenFromReaders(n)) {
		return
	}
	switch {
	case n.DataAtom == atom.Br:
		w.flush()
		w.broken = true
		return
	case headingLevel(n) > 0:
		w.heading(n)
		return
	case n.DataAtom == atom.Table:
		w.flush()
		w.table(n, s)
		return
	case n.DataAtom == atom.Dt:
		w.flush()
		w.lines = append(w.lines, line{label: tidyLabel(textOf(n)), marked: true, opens: true})
		return
	case hasClass(n, "mgHide"):
		w.add(" ", s)
	}
	block := blocks[n.DataAtom]
	if block {
		w.flush()
	}
	if n.DataAtom == atom.A {
		w.link(n)
	}
	s = s.within(n)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.walk(c, s)
	}
	if block {
		w.flush()
	}
	if n.DataAtom == atom.Dl {
		w.lines = append(w.lines, line{end: true})
	}
}

func (s style) within(n *html.Node) style {
	if n.DataAtom == atom.B || n.DataAtom == atom.Strong {
		s.strong = true
	}
	if hasClass(n, "mgLabel") {
		s.mark = true
	}
	return s
}

// heading makes one line of a heading, with the links in it.
func (w *walker) heading(n *html.Node) {
	w.flush()
	l := line{level: headingLevel(n), title: hasClass(n, "mgSubTitleTxt"), text: textOf(n)}
	for c := range n.Descendants() {
		if c.DataAtom == atom.A {
			w.link(c)
		}
	}
	l.links = w.takeLinks()
	if l.text != "" {
		w.lines = append(w.lines, l)
	}
}

// link keeps a link until its line ends. It is never followed.
func (w *walker) link(n *html.Node) {
	href := strings.TrimSpace(attribute(n, "href"))
	if href == "" {
		return
	}
	address := webAddress(href, w.base)
	if u, err := url.Parse(href); address == "" && err == nil && w.base == nil && u.Scheme == "" && !strings.HasPrefix(href, "#") && len(href) <= 2000 {
		address = href // as printed: the page does not say where it comes from
	}
	if text := textOf(n); address != "" && text != "" {
		w.pending = append(w.pending, Link{Text: text, Address: address})
	}
}

func (w *walker) takeLinks() []Link {
	links := w.pending
	w.pending = nil
	return links
}

func (w *walker) add(text string, s style) {
	if text != "" {
		w.runs = append(w.runs, run{text: text, strong: s.strong, mark: s.mark})
	}
}

// flush ends a line. A label in the middle of it begins a line of its own.
func (w *walker) flush() {
	links := w.takeLinks()
	start := 0
	for i := 1; i < len(w.runs); i++ {
		r := w.runs[i]
		if !r.mark && !r.strong || w.runs[i-1].mark == r.mark && w.runs[i-1].strong == r.strong {
			continue
		}
		if label := squeeze(r.text); r.mark && label != "" || strings.HasSuffix(label, ":") && lookup(label) != unknown {
			w.emit(w.runs[start:i], nil)
			start = i
		}
	}
	w.emit(w.runs[start:], links)
	w.runs, w.broken = w.runs[:0], false
}

// emit makes a line of its runs: a label that they begin with, and the rest.
func (w *walker) emit(runs []run, links []Link) {
	var label, rest strings.Builder
	mark, i := false, 0
	for ; i < len(runs) && (runs[i].strong || runs[i].mark || squeeze(runs[i].text) == "" && rest.Len() == 0); i++ {
		label.WriteString(runs[i].text)
		mark = mark || runs[i].mark
	}
	for ; i < len(runs); i++ {
		rest.WriteString(runs[i].text)
	}
	l := line{links: links, joined: w.broken}
	set, value := squeeze(label.String()), squeeze(rest.String())
	switch before, after, colon := strings.Cut(set, ":"); {
	case set == "":
		l.text = value
	case mark && !colon, !colon && value == "" && lookup(set) != unknown, !colon && strings.HasPrefix(value, ":"):
		l.label, l.marked, l.text = tidyLabel(set), mark, strings.TrimSpace(strings.TrimPrefix(value, ":"))
	case colon && len(before) <= maxLabel && (after == "" || lookup(before) != unknown || mark):
		l.label, l.marked, l.text = tidyLabel(before), mark, squeeze(after+" "+value)
	default:
		l.text = squeeze(set + spaceBetween(label.String(), rest.String()) + value)
	}
	if l.label != "" || l.text != "" {
		w.lines = append(w.lines, l)
	}
}

func spaceBetween(a, b string) string {
	if strings.TrimRight(a, " \u00a0\n\t\r") != a || strings.TrimLeft(b, " \u00a0\n\t\r") != b {
		return " "
	}
	return ""
}
