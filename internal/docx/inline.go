package docx

import (
	"strconv"
	"strings"
)

// look is how the words of a run look.
type look struct{ bold, italic, code, hidden, number bool }

// field is a field of Word that is open: a link, a number of a page, a table of contents.
type field struct {
	instruction string
	shown       bool // its result follows, after what it is made of
	link        string
	contents    bool
}

// paragraph reads a paragraph: what it is, then its words.
func (b *body) paragraph(w *walker) error {
	p := piece{spans: b.joined}
	b.joined = nil
	err := w.each(func(e element) error {
		if e.name == "w:pPr" {
			return b.properties(w, &p)
		}
		return b.inline(w, e, &p.spans, "")
	})
	if err != nil {
		return err
	}
	if p.joinNext {
		b.joined = p.spans
		return nil
	}
	if p.code {
		p.spans = []Span{{Text: verbatim(p.spans)}}
	} else {
		p.spans = Tidy(p.spans)
	}
	b.pieces = append(b.pieces, p)
	return nil
}

func (b *body) properties(w *walker, p *piece) error {
	list, level, outline, styled := "", "", -1, style{}
	err := w.each(func(e element) error {
		switch e.name {
		case "w:pStyle":
			styled = b.styles[e.val()]
		case "w:outlineLvl":
			outline = outlineLevel(e.val())
		case "w:numPr":
			return w.each(func(in element) error {
				switch in.name {
				case "w:numId":
					list = in.val()
				case "w:ilvl":
					level = in.val()
				}
				return nil
			})
		case "w:rPr":
			return w.each(func(in element) error {
				p.joinNext = p.joinNext || in.name == "w:del" || in.name == "w:moveFrom"
				return nil
			})
		case "w:sectPr":
			return b.sectionEnds(w)
		}
		return nil
	})
	if list == "" {
		list = styled.list
	}
	if level == "" {
		level = styled.level
	}
	if outline < 0 {
		outline = styled.outline
	}
	b.classify(p, styled.name, outline, list, min(atoi(level), 8))
	return err
}

func (b *body) classify(p *piece, name string, outline int, list string, level int) {
	switch {
	case name == "title":
		p.title = true
	case name == "subtitle":
		p.skipped = true
		b.tally.subtitle = true
	case name == factStyle || name == numberStyle:
		p.skipped = true
	case strings.HasPrefix(name, "toc ") || name == "table of figures":
		p.skipped = true
		b.tally.contents = true
	case outline > 0:
		p.heading = outline
	case name == "quote" || name == "intense quote" || name == "block text":
		p.quote = true
	case name == "html preformatted" || name == "plain text" || name == "macro text":
		p.code = true
	case name == "horizontal rule":
		p.rule = true
	case strings.HasPrefix(name, "list continue"):
		p.goesOn = true
		p.level = max(atoi(strings.TrimSpace(strings.TrimPrefix(name, "list continue")))-1, 0)
	default:
		b.listItem(p, list, level)
	}
}

func (b *body) listItem(p *piece, list string, level int) {
	if list == "" || list == "0" {
		return
	}
	format, number := b.numbers.item(list, level)
	if format == "" {
		return
	}
	p.list, p.level, p.ordered, p.start = list, level, format != "bullet", number
	if p.ordered && !strings.HasPrefix(format, "decimal") {
		b.tally.lettered++
	}
}

// inline reads one piece of a paragraph. Link is where the words around it lead.
func (b *body) inline(w *walker, e element, spans *[]Span, link string) error {
	within := func(to string) error {
		return w.each(func(in element) error { return b.inline(w, in, spans, to) })
	}
	switch e.name {
	case "w:r":
		return b.run(w, spans, link)
	case "w:hyperlink":
		return within(b.linkOf(e, link))
	case "w:fldSimple":
		f := fieldOf(e.attr("w:instr"))
		if f.contents {
			b.tally.contents = true
			return nil
		}
		if f.link == "" {
			f.link = link
		}
		return within(f.link)
	case "w:ins", "w:moveTo":
		b.tally.inserted++
		return within(link)
	case "w:del", "w:moveFrom":
		b.tally.deleted++
	case "w:smartTag", "w:customXml", "w:dir", "w:bdo":
		return within(link)
	case "w:sdt":
		return b.control(w, func(*walker) error { return within(link) })
	case "mc:AlternateContent":
		return firstChoice(w, func(*walker) error { return within(link) })
	case "m:oMath", "m:oMathPara":
		return b.equation(w)
	}
	return nil
}

func (b *body) linkOf(e element, around string) string {
	r, known := b.rels[e.attr("r:id")]
	switch {
	case !known && e.attr("w:anchor") != "":
		b.tally.anchors++
		return around
	case known && r.external && LinkTo(r.target) != "":
		return LinkTo(r.target)
	}
	b.tally.links++
	return around
}

// fieldOf understands what a field is made of, as far as it matters here.
func fieldOf(instruction string) field {
	f := field{instruction: instruction}
	words := strings.Fields(instruction)
	if len(words) == 0 {
		return f
	}
	switch strings.ToUpper(words[0]) {
	case "TOC", "TOA", "INDEX":
		f.contents = true
	case "HYPERLINK":
		if _, rest, ok := strings.Cut(instruction, `"`); ok && !strings.Contains(strings.SplitN(instruction, `"`, 2)[0], `\l`) {
			target, _, _ := strings.Cut(rest, `"`)
			f.link = LinkTo(target)
		}
	}
	return f
}

// run reads words that look alike.
func (b *body) run(w *walker, spans *[]Span, link string) error {
	l := look{}
	return w.each(func(e element) error {
		if e.name == "w:rPr" {
			return b.runLook(w, &l)
		}
		return b.runPiece(w, e, spans, l, link)
	})
}

func (b *body) runLook(w *walker, l *look) error {
	return w.each(func(e element) error {
		switch e.name {
		case "w:b":
			l.bold = e.on()
		case "w:i":
			l.italic = e.on()
		case "w:vanish":
			l.hidden = e.on()
		case "w:strike", "w:dstrike":
			if e.on() {
				b.tally.struck++
			}
		case "w:vertAlign":
			if e.val() == "superscript" || e.val() == "subscript" {
				b.tally.raised++
			}
		case "w:highlight", "w:shd":
			if e.name == "w:highlight" && e.on() {
				b.tally.marked++
			}
		case "w:rStyle":
			s := b.styles[e.val()]
			l.bold, l.italic = s.bold != nil && *s.bold, s.italic != nil && *s.italic
			l.code = s.name == "html code" || s.name == "html typewriter"
			l.number = s.name == numberStyle
		}
		return nil
	})
}

func (b *body) runPiece(w *walker, e element, spans *[]Span, l look, link string) error {
	put := func(text string) error {
		text = readable(text)
		if text == "" || l.number || b.quiet() {
			return nil
		}
		if l.hidden {
			b.tally.hidden++
			return nil
		}
		if at := b.fieldLink(); at != "" {
			link = at
		}
		*spans = append(*spans, Span{Text: text, Bold: l.bold, Italic: l.italic, Code: l.code, Link: link})
		return b.grow(text)
	}
	switch e.name {
	case "w:t":
		text, err := w.text()
		if err != nil {
			return err
		}
		return put(text)
	case "w:tab", "w:ptab":
		return put(" ")
	case "w:noBreakHyphen":
		return put("\u2011")
	case "w:br", "w:cr":
		if t := e.attr("w:type"); (t == "" || t == "textWrapping") && !b.quiet() {
			*spans = append(*spans, Span{Break: true})
		}
	case "w:sym":
		b.tally.symbols++
	case "w:footnoteReference", "w:endnoteReference":
		b.note(e, spans)
	case "w:commentReference":
		b.tally.comments++
	case "w:fldChar", "w:instrText":
		return b.fieldPiece(w, e)
	case "w:drawing", "w:pict", "w:object":
		return b.drawing(w, e, spans)
	case "w:ruby":
		return w.each(func(in element) error {
			if in.name != "w:rubyBase" {
				return nil
			}
			return w.each(func(r element) error { return b.inline(w, r, spans, link) })
		})
	case "mc:AlternateContent":
		return firstChoice(w, func(w *walker) error {
			return w.each(func(in element) error { return b.runPiece(w, in, spans, l, link) })
		})
	}
	return nil
}

func (b *body) note(e element, spans *[]Span) {
	kind := "footnotes"
	if e.name == "w:endnoteReference" {
		kind = "endnotes"
		b.tally.endnotes++
	}
	if blocks := b.notes[kind+e.attr("w:id")]; len(blocks) > 0 && !b.quiet() {
		*spans = append(*spans, Span{Note: blocks})
	}
}

const (
	maxFields      = 50
	maxInstruction = 4_000 // bytes of what a field is made of
)

func (b *body) fieldPiece(w *walker, e element) error {
	last := len(b.fields) - 1
	if e.name == "w:instrText" {
		text, err := w.text()
		if last >= 0 && !b.fields[last].shown && len(b.fields[last].instruction) < maxInstruction {
			b.fields[last].instruction += text
		}
		return err
	}
	switch e.attr("w:fldCharType") {
	case "begin":
		if len(b.fields) > maxFields {
			return errTooDeep
		}
		b.fields = append(b.fields, field{})
	case "separate":
		if last >= 0 {
			b.fields[last] = fieldOf(b.fields[last].instruction)
			b.fields[last].shown = true
			b.tally.contents = b.tally.contents || b.fields[last].contents
		}
	case "end":
		if last >= 0 {
			b.fields = b.fields[:last]
		}
	}
	return nil
}

// quiet tells whether words are part of what a field is made of, or of a table of contents.
func (b *body) quiet() bool {
	for _, f := range b.fields {
		if !f.shown || f.contents {
			return true
		}
	}
	return false
}

func (b *body) fieldLink() string {
	for i := len(b.fields) - 1; i >= 0; i-- {
		if b.fields[i].link != "" {
			return b.fields[i].link
		}
	}
	return ""
}

// readable drops the characters that a text can't hold, and those by which places of pictures are marked.
func readable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case r < ' ' || r == 0x7f || r == markFrom || r == markTo || r == '\u00ad' || r == '\u200b' || r == '\ufeff':
			return -1
		}
		return r
	}, s)
}

func cleanLine(s string) string { return strings.Join(strings.Fields(readable(s)), " ") }

func shortened(s string) string {
	s = cleanLine(s)
	if runes := []rune(s); len(runes) > quoted {
		return string(runes[:quoted]) + "…"
	}
	return s
}

// Where a picture stands in the text is marked by its number between two characters that no text has.
const (
	markFrom = '\ufdd0'
	markTo   = '\ufdd1'
)

func pictureMark(number int) string {
	return string(markFrom) + strconv.Itoa(number) + string(markTo)
}
