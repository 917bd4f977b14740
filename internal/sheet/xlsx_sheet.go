package sheet

import (
	"encoding/xml"
	"math"
	"strconv"
	"strings"
)

// sheetReader reads the cells of one sheet while it is unpacked.
type sheetReader struct {
	texts    []string
	looks    []look
	from1904 bool

	g   grid
	row line
	in  bool // a row
	c   *openCell
	t   textReader // of an inline string
}

// openCell is a cell whose end has not come yet.
type openCell struct {
	column  int
	kind    string
	style   string
	value   strings.Builder
	inValue bool
	formula bool
}

func (b *book) readSheet(part string, r sheetReader) (grid, error) {
	err := b.part(part, func(_ *xml.Decoder, token xml.Token) error {
		switch e := token.(type) {
		case xml.StartElement:
			return r.start(e)
		case xml.EndElement:
			return r.end(e)
		case xml.CharData:
			if r.c != nil && r.c.inValue {
				r.c.value.Write(e)
			}
		}
		if r.c != nil {
			r.t.take(token)
		}
		return nil
	})
	return r.g, err
}

func (r *sheetReader) start(e xml.StartElement) error {
	switch e.Name.Local {
	case "row":
		return r.startRow(attribute(e, "r"))
	case "c":
		return r.startCell(e)
	case "mergeCell":
		return refuse("%s are merged cells. Unmerge them: every row needs its own value in every cell", attribute(e, "ref"))
	}
	if r.c == nil {
		return nil
	}
	switch e.Name.Local {
	case "f":
		r.c.formula = true
	case "v":
		r.c.inValue = true
	}
	r.t.take(e)
	return nil
}

func (r *sheetReader) startRow(number string) error {
	last := 0
	if n := len(r.g.lines); n > 0 {
		last = r.g.lines[n-1].number
	}
	r.row, r.in = line{number: last + 1}, true
	if number != "" {
		n, err := strconv.Atoi(number)
		if err != nil || n <= last || n > 1<<20 {
			return errDamaged
		}
		r.row.number = n
	}
	return nil
}

func (r *sheetReader) startCell(e xml.StartElement) error {
	if !r.in || r.c != nil {
		return errDamaged
	}
	c := &openCell{column: len(r.row.cells), kind: attribute(e, "t"), style: attribute(e, "s")}
	if ref := attribute(e, "r"); ref != "" {
		column, ok := columnIndex(ref)
		if !ok || column < c.column {
			return errDamaged
		}
		c.column = column
	}
	r.c = c
	return nil
}

func (r *sheetReader) end(e xml.EndElement) error {
	if r.c != nil {
		r.t.take(e)
	}
	switch {
	case e.Name.Local == "v" && r.c != nil:
		r.c.inValue = false
	case e.Name.Local == "c" && r.c != nil:
		return r.endCell()
	case e.Name.Local == "row" && r.in:
		r.in = false
		// Rows that are only formatted are many in real workbooks; nothing but their number counts.
		if len(r.g.lines) > MaxRows && !r.row.blank() {
			return errTooManyRows
		}
		if n := len(r.g.lines); n > 0 && r.g.lines[n-1].blank() {
			r.g.lines = r.g.lines[:n-1]
		}
		r.g.lines = append(r.g.lines, r.row)
	}
	return nil
}

func (r *sheetReader) endCell() error {
	c := r.c
	r.c = nil
	inline := r.t.text()
	read, err := r.read(c, inline)
	if err != nil || read == (cell{}) {
		return err
	}
	if c.column >= MaxColumns {
		return refuse("Row %d has a cell beyond column %s. Delete what stands there", r.row.number, columnLetters(MaxColumns-1))
	}
	for len(r.row.cells) < c.column {
		r.row.cells = append(r.row.cells, cell{})
	}
	r.row.cells = append(r.row.cells, read)
	return nil
}

// read is the text of a cell by its kind.
func (r *sheetReader) read(c *openCell, inline string) (cell, error) {
	value := c.value.String()
	if c.formula {
		return cell{problem: formulaProblem}, nil
	}
	switch c.kind {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(value))
		if err != nil || i < 0 || i >= len(r.texts) {
			return cell{}, errDamaged
		}
		return cell{text: unguard(tidy(r.texts[i]))}, nil
	case "inlineStr":
		return cell{text: unguard(tidy(inline))}, nil
	case "str":
		return cell{text: unguard(tidy(unescape(value)))}, nil
	case "b":
		if isTrue(strings.TrimSpace(value)) {
			return cell{text: "TRUE"}, nil
		}
		return cell{text: "FALSE"}, nil
	case "e":
		return cell{problem: "This cell shows an error (" + tidy(value) + ")"}, nil
	case "d":
		day, _, _ := strings.Cut(strings.TrimSpace(value), "T")
		return cell{text: day}, nil
	case "", "n":
		return r.number(strings.TrimSpace(value), c.style), nil
	}
	return cell{}, errDamaged
}

// number writes a number with all its digits, or as the day that it shows.
func (r *sheetReader) number(value, style string) cell {
	if value == "" {
		return cell{}
	}
	n, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		return cell{problem: "This cell holds a number that cannot be read"}
	}
	if i, err := strconv.Atoi(style); err == nil && i >= 0 && i < len(r.looks) && r.looks[i] == asDay {
		iso, problem := daySerial(n, r.from1904)
		return cell{text: iso, problem: problem}
	}
	if math.Abs(n) >= 1e15 {
		return cell{problem: "A number of so many digits is rounded by the spreadsheet program. Format the column as text and type all its digits"}
	}
	exact, err := strconv.ParseFloat(strconv.FormatFloat(n, 'g', 15, 64), 64) // as the program shows it: 0.1+0.2 is 0.3
	if err != nil {
		exact = n
	}
	return cell{text: strconv.FormatFloat(exact, 'f', -1, 64), serial: !r.from1904}
}

// columnIndex reads the column of a cell's address: 0 of A7, 27 of AB7.
func columnIndex(ref string) (int, bool) {
	n := 0
	for i := 0; i < len(ref); i++ {
		c := ref[i] &^ 0x20 // upper case
		if c < 'A' || c > 'Z' {
			return n - 1, n > 0
		}
		if n = n*26 + int(c-'A'+1); n > 1<<14 {
			return 0, false
		}
	}
	return n - 1, n > 0
}
