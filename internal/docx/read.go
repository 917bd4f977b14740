package docx

import (
	"io"
	"mime"
	"path"
	"slices"
	"strings"
)

// Reader is an opened document.
type Reader struct {
	archive *archive
	main    string
}

// Open looks at a file before anything of its text is read. Fault: Invalid, for what is no Word document.
func Open(data []byte) (*Reader, error) {
	a, err := openArchive(data)
	if err != nil {
		return nil, err
	}
	main, err := a.mainPart()
	return &Reader{archive: a, main: main}, err
}

// Read reads the text. Fault: Invalid.
func (r *Reader) Read() (Result, error) {
	b, err := r.body()
	if err != nil {
		return Result{}, err
	}
	if err := r.archive.walk(r.main, b.root); err != nil {
		return Result{}, err
	}
	if err := b.marginals(); err != nil {
		return Result{}, err
	}
	return b.result()
}

// Read reads a file as a whole. Fault: Invalid.
func Read(data []byte) (Result, error) {
	r, err := Open(data)
	if err != nil {
		return Result{}, err
	}
	return r.Read()
}

// Picture reads the bytes of a picture, up to a limit. Fault: Invalid.
func (r *Reader) Picture(p Picture, limit int64) (data []byte, mediaType string, err error) {
	if p.part == "" {
		return nil, "", errDamaged
	}
	part, err := r.archive.open(p.part)
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = part.Close() }() // nothing was written
	data, err = io.ReadAll(io.LimitReader(part, limit+1))
	if err != nil {
		return nil, "", asFault(err)
	}
	if int64(len(data)) > limit {
		return nil, "", ErrTooLarge
	}
	return data, mime.TypeByExtension(path.Ext(p.part)), nil
}

// piece is a paragraph or a table of the body, in order, before lists and sections are made of them.
type piece struct {
	heading  int // level; 0 for none
	title    bool
	list     string // of which it is an item
	ordered  bool
	start    int
	level    int  // in the list, from 0
	goesOn   bool // a further paragraph of the item before
	quote    bool
	code     bool
	rule     bool
	skipped  bool // a table of contents, say
	joinNext bool // its end was deleted
	spans    []Span
	table    *Block
}

func (p piece) empty() bool { return p.table == nil && !p.rule && blank(p.spans) }

// body is a text while it is read.
type body struct {
	reader  *Reader
	part    string
	rels    map[string]relation
	styles  map[string]style
	numbers *numbering
	notes   map[string][]Block
	pieces  []piece
	joined  []Span // of a paragraph whose end was deleted
	fields  []field
	tally   *tally
	margins []relation
	nested  int // tables that are open
}

func (r *Reader) body() (*body, error) {
	rels, err := r.archive.relations(r.main)
	if err != nil {
		return nil, err
	}
	b := &body{reader: r, part: r.main, rels: rels, tally: newTally(), notes: map[string][]Block{}}
	if b.styles, err = r.archive.styles(b.related("styles")); err != nil {
		return nil, err
	}
	if b.numbers, err = r.archive.numbering(b.related("numbering")); err != nil {
		return nil, err
	}
	for _, kind := range []string{"footnotes", "endnotes"} {
		if err := b.readNotes(kind); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// related names the part of a kind that the text refers to.
func (b *body) related(kind string) string {
	for _, r := range b.rels {
		if r.kind == kind && !r.external {
			return r.target
		}
	}
	return ""
}

// readNotes reads the footnotes or endnotes, each by the number by which the text refers to it.
func (b *body) readNotes(kind string) error {
	name := b.related(kind)
	if !b.reader.archive.has(name) {
		return nil
	}
	rels, err := b.reader.archive.relations(name)
	if err != nil {
		return err
	}
	return b.reader.archive.walk(name, func(w *walker, _ element) error {
		return w.each(func(e element) error {
			if t := e.attr("w:type"); e.name != "w:footnote" && e.name != "w:endnote" || t != "" && t != "normal" {
				return nil
			}
			blocks, err := b.aside(rels).blocks(w)
			b.notes[kind+e.attr("w:id")] = blocks
			return err
		})
	})
}

// aside is a body for text beside the text itself: it counts into the same tally.
func (b *body) aside(rels map[string]relation) *body {
	return &body{reader: b.reader, rels: rels, styles: b.styles, numbers: b.numbers, notes: map[string][]Block{}, tally: b.tally}
}

// blocks reads the element that was just started as text by itself.
func (b *body) blocks(w *walker) ([]Block, error) {
	if err := b.content(w); err != nil {
		return nil, err
	}
	return assemble(b.pieces), nil
}

func (b *body) root(w *walker, _ element) error {
	return w.each(func(e element) error {
		if e.name == "w:body" {
			return b.content(w)
		}
		return nil
	})
}

// content reads paragraphs and tables one after the other.
func (b *body) content(w *walker) error {
	return w.each(func(e element) error { return b.one(w, e) })
}

func (b *body) one(w *walker, e element) error {
	switch e.name {
	case "w:p":
		return b.paragraph(w)
	case "w:tbl":
		return b.table(w)
	case "w:ins", "w:moveTo":
		b.tally.inserted++
		return b.content(w)
	case "w:del", "w:moveFrom":
		b.tally.deleted++
	case "w:sdt":
		return b.control(w, b.content)
	case "w:customXml", "w:smartTag":
		return b.content(w)
	case "mc:AlternateContent":
		return firstChoice(w, b.content)
	case "w:altChunk":
		b.tally.add("Another file within the document", "Its text is not in this file as Word text.")
	case "m:oMathPara", "m:oMath":
		return b.equation(w)
	case "w:sectPr":
		return b.sectionEnds(w)
	}
	return nil
}

// control reads a content control: its content, unless it is a table of contents.
func (b *body) control(w *walker, content func(*walker) error) error {
	contents := false
	return w.each(func(e element) error {
		switch e.name {
		case "w:sdtPr":
			return w.every(func(in element) error {
				if in.name == "w:docPartGallery" && strings.EqualFold(in.val(), "Table of Contents") {
					contents = true
				}
				return nil
			})
		case "w:sdtContent":
			if contents {
				b.tally.contents = true
				return nil
			}
			return content(w)
		}
		return nil
	})
}

// firstChoice reads the first of several forms of the same thing.
func firstChoice(w *walker, content func(*walker) error) error {
	done := false
	return w.each(func(e element) error {
		if done || e.name != "mc:Choice" && e.name != "mc:Fallback" {
			return nil
		}
		done = true
		return content(w)
	})
}

func (b *body) sectionEnds(w *walker) error {
	return w.each(func(e element) error {
		if e.name == "w:headerReference" || e.name == "w:footerReference" {
			r := b.rels[e.attr("r:id")]
			if !r.external && len(b.margins) < maxMargins && !slices.Contains(b.margins, r) {
				b.margins = append(b.margins, r)
			}
		}
		return nil
	})
}

// marginals tells of headers and footers, which the portal has none of.
func (b *body) marginals() error {
	for _, m := range b.margins {
		if !b.reader.archive.has(m.target) {
			continue
		}
		words, err := b.words(m.target)
		if err != nil {
			return err
		}
		what := "Header of the pages"
		if m.kind == "footer" {
			what = "Footer of the pages"
		}
		if words != "" {
			b.tally.add(what, words)
		}
	}
	return nil
}

// words is the plain text of a part.
func (b *body) words(part string) (string, error) {
	aside := b.aside(map[string]relation{})
	aside.tally = newTally() // what stands there is not told of by itself
	err := b.reader.archive.walk(part, func(w *walker, _ element) error { return aside.content(w) })
	return plain(assemble(aside.pieces)), err
}

func (b *body) grow(text string) error {
	if b.tally.size += len(text); b.tally.size > maxText {
		return errTooLong
	}
	return nil
}
