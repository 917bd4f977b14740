package docx

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// The styles of what is written around the text. Read passes over it.
const (
	factStyle   = "portal fact"
	numberStyle = "portal paragraph number"
)

// Write writes a document. The same document always gives the same bytes.
func Write(out io.Writer, d Document) error {
	w := &writer{main: &links{places: map[string]int{}}, inNotes: &links{places: map[string]int{}}}
	text := w.document(d)
	z := zip.NewWriter(out)
	for _, part := range []struct{ name, content string }{
		{"[Content_Types].xml", contentTypes},
		{"_rels/.rels", packageRelations},
		{"docProps/core.xml", fmt.Sprintf(coreProperties, escaped(d.Title))},
		{"word/document.xml", text},
		{"word/styles.xml", styles},
		{"word/settings.xml", settings},
		{"word/numbering.xml", w.numbering()},
		{"word/footnotes.xml", w.footnotes()},
		{"word/header1.xml", fmt.Sprintf(header, escaped(d.Header))},
		{"word/footer1.xml", fmt.Sprintf(footer, escaped(d.Title))},
		{"word/_rels/document.xml.rels", w.main.part(documentRelations)},
		{"word/_rels/footnotes.xml.rels", w.inNotes.part("")},
	} {
		f, err := z.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate})
		if err != nil {
			return fmt.Errorf("write %s: %w", part.name, err)
		}
		if _, err := io.WriteString(f, part.content); err != nil {
			return fmt.Errorf("write %s: %w", part.name, err)
		}
	}
	return z.Close()
}

// links are the addresses to which a part refers.
type links struct {
	targets []string
	places  map[string]int
}

func (l *links) id(target string) string {
	i, known := l.places[target]
	if !known {
		i = len(l.targets)
		l.targets, l.places[target] = append(l.targets, target), i
	}
	return "link" + strconv.Itoa(i+1)
}

func (l *links) part(others string) string {
	var b strings.Builder
	b.WriteString(xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + others)
	for i, t := range l.targets {
		fmt.Fprintf(&b, `<Relationship Id="link%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" Target="%s" TargetMode="External"/>`,
			i+1, escaped(t))
	}
	return b.String() + `</Relationships>`
}

type writer struct {
	b       strings.Builder
	main    *links
	inNotes *links
	notes   [][]Block
	lists   []writtenList
	noting  bool
}

// writtenList is a list with a number of its own, so that it begins where it should.
type writtenList struct {
	ordered      bool
	level, start int
}

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(readable(s))) // into memory
	return b.String()
}

func (w *writer) put(format string, args ...any) { fmt.Fprintf(&w.b, format, args...) }

func (w *writer) document(d Document) string {
	w.put(`%s<w:document %s><w:body>`, xmlHead, namespaces)
	w.put(`<w:p><w:pPr><w:pStyle w:val="Title"/></w:pPr><w:r><w:t xml:space="preserve">%s</w:t></w:r></w:p>`, escaped(d.Title))
	for _, f := range d.Facts {
		w.put(`<w:p><w:pPr><w:pStyle w:val="PortalFact"/></w:pPr><w:r><w:t xml:space="preserve">%s</w:t></w:r></w:p>`, escaped(f))
	}
	for i, s := range d.Sections {
		w.put(`<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr>%s<w:r><w:t xml:space="preserve">%s</w:t></w:r></w:p>`, numberRun(strconv.Itoa(i+1)), escaped(s.Heading))
		w.blocks(s.Blocks, "")
	}
	w.put(`%s</w:body></w:document>`, pageLayout)
	return w.b.String()
}

func numberRun(number string) string {
	return `<w:r><w:rPr><w:rStyle w:val="PortalNumber"/></w:rPr><w:t>` + escaped(number) + `</w:t><w:tab/></w:r>`
}

// blocks writes blocks. Those of which two in a row would become one have an empty paragraph between them.
func (w *writer) blocks(blocks []Block, properties string) {
	for i, b := range blocks {
		if i > 0 && b.Kind == blocks[i-1].Kind && (b.Kind == Quote || b.Kind == Code) {
			w.put(`<w:p/>`)
		}
		w.block(b, properties)
	}
}

func (w *writer) block(b Block, properties string) {
	if b.Number != "" && b.Kind != Paragraph {
		w.put(`<w:p><w:pPr><w:pStyle w:val="PortalNumberLine"/></w:pPr><w:r><w:t>%s</w:t></w:r></w:p>`, escaped(b.Number))
	}
	switch b.Kind {
	case Paragraph:
		number := ""
		if b.Number != "" {
			number, properties = numberRun(b.Number), `<w:pStyle w:val="PortalNumbered"/>`
		}
		w.paragraph(properties, number, b.Spans)
	case Heading:
		w.paragraph(fmt.Sprintf(`<w:pStyle w:val="Heading%d"/>`, min(b.Level+1, 6)), "", b.Spans)
	case List:
		w.list(b, 0)
	case Table:
		w.table(b)
	case Quote:
		w.blocks(b.Blocks, `<w:pStyle w:val="Quote"/>`)
	case Code:
		for line := range strings.SplitSeq(b.Code, "\n") {
			w.paragraph(`<w:pStyle w:val="HTMLPreformatted"/>`, "", []Span{{Text: line}})
		}
	case Rule:
		w.put(`<w:p><w:pPr><w:pStyle w:val="HorizontalRule"/></w:pPr></w:p>`)
	}
}

func (w *writer) paragraph(properties, before string, spans []Span) {
	w.put(`<w:p><w:pPr>%s</w:pPr>%s`, properties, before)
	for _, s := range spans {
		w.span(s)
	}
	w.put(`</w:p>`)
}

func (w *writer) span(s Span) {
	switch {
	case s.Break:
		w.put(`<w:r><w:br/></w:r>`)
		return
	case s.Note != nil:
		if !w.noting {
			w.notes = append(w.notes, s.Note)
			w.put(`<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteReference w:id="%d"/></w:r>`, len(w.notes))
		}
		return
	case s.Picture != 0:
		return
	}
	properties := ""
	if s.Code {
		properties += `<w:rStyle w:val="HTMLCode"/>`
	}
	if s.Bold {
		properties += `<w:b/>`
	}
	if s.Italic {
		properties += `<w:i/>`
	}
	if s.Link != "" {
		properties += `<w:color w:val="1D4F91"/><w:u w:val="single"/>`
		l := w.main
		if w.noting {
			l = w.inNotes
		}
		w.put(`<w:hyperlink r:id="%s">`, l.id(s.Link))
	}
	w.put(`<w:r><w:rPr>%s</w:rPr><w:t xml:space="preserve">%s</w:t></w:r>`, properties, escaped(s.Text))
	if s.Link != "" {
		w.put(`</w:hyperlink>`)
	}
}

const deepest = 8 // level of a list, from 0

func (w *writer) list(b Block, level int) {
	level = min(level, deepest)
	w.lists = append(w.lists, writtenList{b.Ordered, level, b.Start})
	number := len(w.lists)
	for _, item := range b.Items {
		properties := fmt.Sprintf(`<w:pStyle w:val="ListParagraph"/><w:numPr><w:ilvl w:val="%d"/><w:numId w:val="%d"/></w:numPr>`, level, number)
		if len(item) == 0 || item[0].Kind != Paragraph {
			w.paragraph(properties, "", nil)
		}
		for i, inner := range item {
			switch {
			case inner.Kind == Paragraph && i == 0:
				w.paragraph(properties, "", inner.Spans)
			case inner.Kind == Paragraph:
				w.paragraph(fmt.Sprintf(`<w:pStyle w:val="ListContinue%d"/>`, level+1), "", inner.Spans)
			case inner.Kind == List:
				w.list(inner, level+1)
			default:
				w.block(inner, "")
			}
		}
	}
}

func (w *writer) table(b Block) {
	if len(b.Rows) == 0 || len(b.Rows[0]) == 0 {
		return
	}
	w.put(`<w:tbl><w:tblPr><w:tblStyle w:val="PortalTable"/><w:tblW w:w="5000" w:type="pct"/><w:tblLook w:val="0020" w:firstRow="1" w:noHBand="1" w:noVBand="1"/></w:tblPr><w:tblGrid>`)
	width := textWidth / len(b.Rows[0])
	for range b.Rows[0] {
		w.put(`<w:gridCol w:w="%d"/>`, width)
	}
	w.put(`</w:tblGrid>`)
	for i, row := range b.Rows {
		w.put(`<w:tr><w:trPr><w:cantSplit/>`)
		if i == 0 {
			w.put(`<w:tblHeader/>`)
		}
		w.put(`</w:trPr>`)
		for _, cell := range row {
			w.put(`<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr>`, width)
			w.paragraph(`<w:pStyle w:val="PortalCell"/>`, "", cell)
			w.put(`</w:tc>`)
		}
		w.put(`</w:tr>`)
	}
	w.put(`</w:tbl><w:p/>`)
}

func (w *writer) numbering() string {
	var b strings.Builder
	b.WriteString(xmlHead + `<w:numbering ` + namespaces + `>`)
	for abstract, format := range []string{"bullet", "decimal"} {
		fmt.Fprintf(&b, `<w:abstractNum w:abstractNumId="%d"><w:multiLevelType w:val="multilevel"/>`, abstract)
		for level := range deepest + 1 {
			text := fmt.Sprintf("%%%d.", level+1)
			if format == "bullet" {
				text = []string{"•", "–", "▪"}[level%3]
			}
			fmt.Fprintf(&b, `<w:lvl w:ilvl="%d"><w:start w:val="1"/><w:numFmt w:val="%s"/><w:lvlText w:val="%s"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="%d" w:hanging="360"/></w:pPr></w:lvl>`,
				level, format, text, numberIndent+360*(level+1))
		}
		b.WriteString(`</w:abstractNum>`)
	}
	for i, l := range w.lists {
		abstract, override := 0, ""
		if l.ordered {
			abstract = 1
			override = fmt.Sprintf(`<w:lvlOverride w:ilvl="%d"><w:startOverride w:val="%d"/></w:lvlOverride>`, l.level, l.start)
		}
		fmt.Fprintf(&b, `<w:num w:numId="%d"><w:abstractNumId w:val="%d"/>%s</w:num>`, i+1, abstract, override)
	}
	return b.String() + `</w:numbering>`
}

func (w *writer) footnotes() string {
	w.b.Reset()
	w.noting = true
	w.put(`%s<w:footnotes %s><w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>`, xmlHead, namespaces)
	w.put(`<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>`)
	for i, note := range w.notes {
		w.put(`<w:footnote w:id="%d">`, i+1)
		mark := `<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> </w:t></w:r>`
		for j, b := range note {
			if j > 0 {
				mark = ""
			}
			if b.Kind == Paragraph {
				w.paragraph(`<w:pStyle w:val="FootnoteText"/>`, mark, b.Spans)
				continue
			}
			w.block(b, "")
		}
		w.put(`</w:footnote>`)
	}
	w.put(`</w:footnotes>`)
	return w.b.String()
}
