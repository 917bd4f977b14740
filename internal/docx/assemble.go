package docx

import (
	"strings"
	"unicode/utf8"
)

// assemble makes blocks of pieces: items become lists, lines of code and of quotations become one.
func assemble(pieces []piece) []Block {
	var out []Block
	for i := 0; i < len(pieces); {
		p := pieces[i]
		end := i + 1
		switch {
		case p.skipped || p.empty():
		case p.rule:
			out = append(out, Block{Kind: Rule})
		case p.table != nil:
			out = append(out, *p.table)
		case p.heading > 0:
			out = append(out, Block{Kind: Heading, Level: p.heading, Spans: plainSpans(p.spans)})
		case p.list != "":
			end = runOf(pieces, i, func(q piece) bool { return q.list != "" || q.goesOn })
			out = append(out, lists(filled(pieces[i:end]))...)
		case p.quote:
			end = runOf(pieces, i, func(q piece) bool { return q.quote && !q.empty() })
			q := Block{Kind: Quote}
			for _, x := range pieces[i:end] {
				q.Blocks = append(q.Blocks, Block{Spans: x.spans})
			}
			out = append(out, q)
		case p.code:
			end = runOf(pieces, i, func(q piece) bool { return q.code })
			out = append(out, Block{Kind: Code, Code: codeOf(pieces[i:end])})
		default:
			out = append(out, Block{Spans: p.spans})
		}
		i = end
	}
	return out
}

// runOf is where the pieces end that belong together. Empty paragraphs between the items of a list don't part them.
func runOf(pieces []piece, from int, belongs func(piece) bool) int {
	end := from + 1
	for i := end; i < len(pieces); i++ {
		switch {
		case belongs(pieces[i]):
			end = i + 1
		case !pieces[from].code && pieces[from].list != "" && pieces[i].empty() && pieces[i].heading == 0 && !pieces[i].skipped:
		default:
			return end
		}
	}
	return end
}

func filled(pieces []piece) []piece {
	var out []piece
	for _, p := range pieces {
		if !p.empty() {
			out = append(out, p)
		}
	}
	return out
}

func codeOf(pieces []piece) string {
	lines := make([]string, len(pieces))
	for i, p := range pieces {
		if len(p.spans) > 0 {
			lines[i] = p.spans[0].Text
		}
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// lists makes lists of items, each with the deeper ones that follow it.
func lists(items []piece) []Block {
	var out []Block
	for i := 0; i < len(items); {
		if items[i].goesOn {
			out = append(out, Block{Spans: items[i].spans})
			i++
			continue
		}
		level, name := items[i].level, items[i].list
		list := Block{Kind: List, Ordered: items[i].ordered, Start: items[i].start}
		if !list.Ordered {
			list.Start = 0
		}
		for i < len(items) && items[i].level == level && items[i].list == name && !items[i].goesOn {
			var item []Block
			item, i = itemOf(items, i)
			list.Items = append(list.Items, item)
		}
		out = append(out, list)
	}
	return out
}

// itemOf is the item at a place with all that belongs to it, and where the next one is.
func itemOf(items []piece, at int) ([]Block, int) {
	level := items[at].level
	item := []Block{{Spans: items[at].spans}}
	i := at + 1
	for i < len(items) && (items[i].level > level || items[i].level == level && items[i].goesOn) {
		if items[i].level == level {
			item = append(item, Block{Spans: items[i].spans})
			i++
			continue
		}
		end := i
		for end < len(items) && items[end].level > level {
			end++
		}
		item = append(item, lists(items[i:end])...)
		i = end
	}
	return item, i
}

// plainSpans are the words of a heading, which is bold as a whole or not at all.
func plainSpans(spans []Span) []Span {
	var out []Span
	for _, s := range spans {
		switch {
		case s.Break:
			out = append(out, Span{Text: " "})
		case s.Picture != 0 || s.Note != nil:
			out = append(out, s)
		default:
			out = append(out, Span{Text: s.Text, Link: s.Link})
		}
	}
	return Tidy(out)
}

// words are those of spans, without pictures and footnotes.
func words(spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		if s.Break {
			b.WriteByte(' ')
		}
		b.WriteString(s.Text)
	}
	return strings.TrimSpace(b.String())
}

// result makes sections of what was read.
func (b *body) result() (Result, error) {
	if len(b.joined) > 0 {
		b.pieces = append(b.pieces, piece{spans: Tidy(b.joined)})
	}
	r := Result{}
	pieces := b.titled(&r)
	level := topLevel(pieces)
	if r.Title == "" {
		if title, rest, ok := loneHeading(pieces, level); ok {
			r.Title, pieces = title, rest
			level = topLevel(pieces)
		}
	}
	b.split(&r, pieces, level)
	if len(r.Sections) == 0 {
		return r, errNothing
	}
	r.Pictures = b.tally.pictures
	for i, s := range r.Sections {
		eachSpan(s.Blocks, func(x Span) {
			if x.Picture != 0 {
				r.Pictures[x.Picture-1].Section = i + 1
			}
		})
	}
	r.Remarks = append(r.Remarks, b.tally.all()...)
	return r, nil
}

// titled takes the title out of the pieces.
func (b *body) titled(r *Result) []piece {
	var rest []piece
	for _, p := range b.pieces {
		if !p.title {
			rest = append(rest, p)
		} else if w := words(p.spans); w != "" && len(r.Title) < 4*maxHeading {
			r.Title = strings.TrimSpace(r.Title + " " + w)
		}
	}
	return rest
}

// topLevel is the level of the highest headings, which begin sections; 0 if there are none.
func topLevel(pieces []piece) int {
	top := 0
	for _, p := range pieces {
		if p.heading > 0 && words(p.spans) != "" && (top == 0 || p.heading < top) {
			top = p.heading
		}
	}
	return top
}

// loneHeading finds that the only heading of its level stands before everything else: it is the title of the document.
func loneHeading(pieces []piece, level int) (title string, rest []piece, found bool) {
	pieces = filled(pieces)
	if level == 0 || len(pieces) == 0 || pieces[0].heading != level {
		return "", nil, false
	}
	lower := false
	for _, p := range pieces[1:] {
		if p.heading == level && words(p.spans) != "" {
			return "", nil, false
		}
		lower = lower || p.heading > level
	}
	return words(pieces[0].spans), pieces[1:], lower
}

const beforeHeadings = "Introduction"

func (b *body) split(r *Result, pieces []piece, level int) {
	var heading string
	var open []piece
	begun := false
	end := func() {
		blocks := assemble(open)
		open = nil
		if begun || len(blocks) > 0 {
			r.Sections = append(r.Sections, Section{Heading: heading, Blocks: relative(blocks, level)})
		}
	}
	heading = beforeHeadings
	if level == 0 {
		r.Remarks = append(r.Remarks, Remark{What: "Headings", Kept: true,
			Detail: "No paragraph has the style of a heading, so everything becomes one section. In Word, give the headings the style “Heading 1” and import again."})
		if r.Title != "" {
			heading = shortHeading(r.Title)
		}
	}
	for _, p := range pieces {
		if p.heading == 0 || p.heading != level || words(p.spans) == "" {
			open = append(open, p)
			continue
		}
		if end(); !begun && len(r.Sections) > 0 {
			r.Remarks = append(r.Remarks, Remark{What: "Text before the first heading", Kept: true, Detail: "It becomes a section called “" + beforeHeadings + "”."})
		}
		begun = true
		whole := words(p.spans)
		if heading = shortHeading(whole); heading != whole {
			open = append(open, piece{spans: []Span{{Text: whole}}})
			r.Remarks = append(r.Remarks, Remark{What: "Long heading", Kept: true, Detail: "“" + heading + "” is cut, and stands whole below the heading."})
		}
		if extra := notWords(p.spans); len(extra) > 0 {
			open = append(open, piece{spans: extra})
		}
	}
	end()
}

// notWords are the pictures and footnotes of a heading, which go below it.
func notWords(spans []Span) []Span {
	var out []Span
	for _, s := range spans {
		if s.Picture != 0 || s.Note != nil {
			out = append(out, s)
		}
	}
	return out
}

func shortHeading(s string) string {
	if utf8.RuneCountInString(s) <= maxHeading {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:maxHeading-1])) + "…"
}

// relative sets the headings of a section below its own.
func relative(blocks []Block, level int) []Block {
	for i := range blocks {
		if blocks[i].Kind == Heading {
			blocks[i].Level = max(blocks[i].Level-level, 1)
		}
	}
	return blocks
}

// eachSpan visits all spans of blocks, those of footnotes too.
func eachSpan(blocks []Block, visit func(Span)) {
	spans := func(list []Span) {
		for _, s := range list {
			visit(s)
			eachSpan(s.Note, visit)
		}
	}
	for _, x := range blocks {
		spans(x.Spans)
		for _, item := range x.Items {
			eachSpan(item, visit)
		}
		for _, row := range x.Rows {
			for _, cell := range row {
				spans(cell)
			}
		}
		eachSpan(x.Blocks, visit)
	}
}
