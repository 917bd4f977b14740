package sheet

import (
	"encoding/xml"
	"fmt"
	"path"
	"strconv"
	"strings"
)

const maxTexts = 2_000_000

// firstSheet is the sheet that is read.
type firstSheet struct {
	part     string
	from1904 bool
	notice   string
}

type listedSheet struct {
	name, relation string
	hidden         bool
}

// firstSheet finds the first sheet that is not hidden.
func (b *book) firstSheet() (firstSheet, error) {
	var first firstSheet
	var sheets []listedSheet
	err := b.part("xl/workbook.xml", func(_ *xml.Decoder, token xml.Token) error {
		e, ok := token.(xml.StartElement)
		switch {
		case !ok:
		case e.Name.Local == "workbookPr":
			first.from1904 = isTrue(attribute(e, "date1904"))
		case e.Name.Local == "sheet":
			l := listedSheet{name: attribute(e, "name"), hidden: strings.Contains(strings.ToLower(attribute(e, "state")), "hidden")}
			for _, a := range e.Attr {
				if a.Name.Local == "id" && a.Name.Space != "" { // r:id, as opposed to sheetId
					l.relation = a.Value
				}
			}
			sheets = append(sheets, l)
		}
		return nil
	})
	if err != nil {
		return first, err
	}
	targets, err := b.worksheets()
	if err != nil {
		return first, err
	}
	chosen := ""
	for _, l := range sheets {
		if target, ok := targets[l.relation]; ok && !l.hidden {
			first.part, chosen = target, l.name
			break
		}
	}
	if first.part == "" {
		return first, refuse("The workbook has no sheet that is not hidden")
	}
	if len(sheets) > 1 {
		first.notice = fmt.Sprintf("The workbook has %d sheets. Only “%s” was read.", len(sheets), chosen)
	}
	return first, nil
}

// worksheets gives the parts of the sheets by their relation; charts and the like are none.
func (b *book) worksheets() (map[string]string, error) {
	targets := map[string]string{}
	err := b.part("xl/_rels/workbook.xml.rels", func(_ *xml.Decoder, token xml.Token) error {
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "Relationship" && strings.HasSuffix(attribute(e, "Type"), "/worksheet") {
			target := attribute(e, "Target")
			if !strings.HasPrefix(target, "/") {
				target = path.Join("xl", target)
			}
			targets[attribute(e, "Id")] = partName(target)
		}
		return nil
	})
	return targets, err
}

// sharedTexts are the texts that cells point to by number.
func (b *book) sharedTexts() ([]string, error) {
	if b.parts["xl/sharedstrings.xml"] == nil {
		return nil, nil // a workbook of numbers, or with its texts in the cells
	}
	var texts []string
	var t textReader
	err := b.part("xl/sharedstrings.xml", func(_ *xml.Decoder, token xml.Token) error {
		t.take(token)
		if e, ok := token.(xml.EndElement); ok && e.Name.Local == "si" {
			if len(texts) >= maxTexts {
				return errZipBomb
			}
			texts = append(texts, t.text())
		}
		return nil
	})
	return texts, err
}

// textReader gathers the text of a shared or inline string: that of its runs, without phonetic readings.
type textReader struct {
	b        strings.Builder
	inText   bool
	phonetic bool
}

func (t *textReader) take(token xml.Token) {
	switch e := token.(type) {
	case xml.StartElement:
		switch e.Name.Local {
		case "rPh":
			t.phonetic = true
		case "t":
			t.inText = !t.phonetic
		}
	case xml.EndElement:
		switch e.Name.Local {
		case "rPh":
			t.phonetic = false
		case "t":
			t.inText = false
		}
	case xml.CharData:
		if t.inText {
			t.b.Write(e)
		}
	}
}

// text gives what was gathered and starts anew.
func (t *textReader) text() string {
	s := unescape(t.b.String())
	t.b.Reset()
	return s
}

// unescape reads _x000D_ and the like, by which workbooks write characters that XML does not hold.
func unescape(s string) string {
	const length = len("_x000D_")
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if i+length <= len(s) && s[i:i+2] == "_x" && s[i+length-1] == '_' {
			if code, err := strconv.ParseUint(s[i+2:i+6], 16, 16); err == nil && code != 0 && (code < 0xD800 || code > 0xDFFF) {
				b.WriteRune(rune(code))
				i += length
				continue
			}
		}
		b.WriteByte(s[i])
		i++
	}
	return b.String()
}

// look is how a cell's number is shown.
type look int

const (
	asNumber look = iota
	asDay
)

// looks gives the look of each style that cells point to by number.
func (b *book) looks() ([]look, error) {
	if b.parts["xl/styles.xml"] == nil {
		return nil, nil
	}
	formats := map[string]string{}
	var looks []look
	inCells := false
	err := b.part("xl/styles.xml", func(_ *xml.Decoder, token xml.Token) error {
		switch e := token.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "numFmt":
				formats[attribute(e, "numFmtId")] = attribute(e, "formatCode")
			case "cellXfs":
				inCells = true
			case "xf":
				if inCells {
					looks = append(looks, lookOf(attribute(e, "numFmtId"), formats))
				}
			}
		case xml.EndElement:
			if e.Name.Local == "cellXfs" {
				inCells = false
			}
		}
		return nil
	})
	return looks, err
}

func lookOf(number string, formats map[string]string) look {
	n, err := strconv.Atoi(number)
	if err != nil {
		return asNumber
	}
	if n >= 14 && n <= 17 || n == 22 || n >= 27 && n <= 36 || n >= 50 && n <= 58 || showsDay(formats[number]) {
		return asDay
	}
	return asNumber
}

// showsDay tells whether a number format shows a day: it has a y or a d outside quotes, brackets and escapes.
func showsDay(format string) bool {
	quoted, bracketed := false, false
	for i := 0; i < len(format); i++ {
		switch c := format[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\\' || c == '_' || c == '*':
			i++
		case c == '[':
			bracketed = true
		case c == ']':
			bracketed = false
		case bracketed:
		case strings.IndexByte("yYdD", c) >= 0:
			return true
		}
	}
	return false
}
