package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"

	"partnershipportal/internal/fault"
)

// The limits of a workbook. It is a packed archive, so its own size says little.
const (
	maxParts    = 1_000
	maxUnpacked = 80 << 20 // bytes of all its parts
	maxRatio    = 300      // of a part over ratioFrom
	ratioFrom   = 4 << 20
)

// book is an opened workbook. Only the parts that hold the first sheet's text are ever unpacked.
type book struct {
	parts    map[string]*zip.File
	unpacked int64 // really, so far
}

// readXLSX reads the first sheet of a workbook. It is a reader of its own, since one made for editing workbooks keeps
// no row number of a formula, gives dates as they look, and unpacks everything.
func readXLSX(data []byte) (grid, error) {
	b, err := openBook(data)
	if err != nil {
		return grid{}, err
	}
	first, err := b.firstSheet()
	if err != nil {
		return grid{}, err
	}
	texts, err := b.sharedTexts()
	if err != nil {
		return grid{}, err
	}
	looks, err := b.looks()
	if err != nil {
		return grid{}, err
	}
	g, err := b.readSheet(first.part, sheetReader{texts: texts, looks: looks, from1904: first.from1904})
	if err != nil {
		return grid{}, err
	}
	if first.notice != "" {
		g.notices = append(g.notices, first.notice)
	}
	return g, nil
}

// openBook looks at what the archive says of itself before anything is unpacked.
func openBook(data []byte) (*book, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, errDamaged.Because(err)
	}
	if len(z.File) > maxParts {
		return nil, errZipBomb
	}
	b := &book{parts: map[string]*zip.File{}}
	var declared uint64
	for _, f := range z.File {
		size, packed := f.UncompressedSize64, f.CompressedSize64
		declared += size
		if size > maxUnpacked || declared > maxUnpacked || size > ratioFrom && size/max(packed, 1) > maxRatio {
			return nil, errZipBomb
		}
		if f.Flags&1 != 0 {
			return nil, refuse("%s", oldOrLock)
		}
		name := partName(f.Name)
		if _, twice := b.parts[name]; twice {
			return nil, errDamaged
		}
		b.parts[name] = f
	}
	for _, foreign := range []struct{ part, words string }{
		{"xl/vbaproject.bin", "The workbook holds macros. Save it as .xlsx, which holds none"},
		{"xl/workbook.bin", "This is a binary workbook (.xlsb). Save it as .xlsx"},
		{"content.xml", "This is an OpenDocument file (.ods). Save it as .xlsx or CSV"},
		{"word/document.xml", "This is a Word document. Choose a CSV or .xlsx file"},
		{"ppt/presentation.xml", "This is a presentation. Choose a CSV or .xlsx file"},
	} {
		if b.parts[foreign.part] != nil {
			return nil, refuse("%s", foreign.words)
		}
	}
	if b.parts["xl/workbook.xml"] == nil {
		return nil, refuse("This is an archive, but not a workbook. Choose a CSV or .xlsx file")
	}
	return b, nil
}

// partName compares as workbooks do: whatever the case, without a slash at the start.
func partName(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Clean(strings.ReplaceAll(name, `\`, "/")), "/"))
}

// part calls visit with each piece of a part, while it is unpacked. The real size counts, whatever the archive says.
func (b *book) part(name string, visit func(*xml.Decoder, xml.Token) error) error {
	f := b.parts[name]
	if f == nil {
		return errDamaged
	}
	opened, err := f.Open()
	if err != nil {
		return errDamaged.Because(err)
	}
	defer func() { _ = opened.Close() }() // nothing was written
	counted := &countedReader{from: opened, book: b}
	d := xml.NewDecoder(counted)
	for {
		token, err := d.RawToken()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case counted.over:
			return errZipBomb
		case err != nil:
			return errDamaged.Because(err)
		}
		if directive, ok := token.(xml.Directive); ok && bytes.HasPrefix(bytes.TrimSpace(directive), []byte("DOCTYPE")) {
			return errDamaged // a workbook declares nothing
		}
		if err := visit(d, token); err != nil {
			return asFault(err)
		}
	}
}

// asFault keeps refusals, and takes everything else for damage.
func asFault(err error) error {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f
	}
	return errDamaged.Because(err)
}

type countedReader struct {
	from io.Reader
	book *book
	over bool
}

func (c *countedReader) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	if c.book.unpacked += int64(n); c.book.unpacked > maxUnpacked {
		c.over = true
		return 0, errZipBomb
	}
	return n, err
}

// attribute is the value of an element's attribute, whatever prefix it has.
func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func isTrue(value string) bool { return value == "1" || value == "true" }
