package sheet

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"partnershipportal/internal/fault"
)

func readCSV(data []byte, cellOf func(string) cell) (grid, error) {
	text, refused := decodeText(data)
	if refused != nil {
		return grid{}, refused
	}
	if !strings.Contains(text, "\n") {
		text = strings.ReplaceAll(text, "\r", "\n") // old Macintosh programs
	}
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	r.ReuseRecord = true
	r.Comma = delimiter(text)
	n := rowNumbers{text: text}
	var g grid
	if r.Comma != ',' {
		g.notices = append(g.notices, "The cells of this file are separated by "+map[rune]string{';': "semicolons", '\t': "tabs"}[r.Comma]+", and were read so.")
	}
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return g, nil
		}
		if err != nil {
			return grid{}, badCSV(err)
		}
		if len(g.lines) > MaxRows {
			return grid{}, errTooManyRows
		}
		if len(record) > MaxColumns {
			return grid{}, refuse("Line %d has more than %d cells", startLine(r), MaxColumns)
		}
		l := line{number: n.of(startLine(r), r.InputOffset())}
		for _, field := range record {
			l.cells = append(l.cells, cellOf(field))
		}
		g.lines = append(g.lines, l)
	}
}

func startLine(r *csv.Reader) int {
	first, _ := r.FieldPos(0)
	return first
}

func badCSV(err error) *fault.Error {
	var at *csv.ParseError
	if !errors.As(err, &at) {
		return refuse("The file cannot be read as CSV. %s", saveAsUTF8)
	}
	return refuse("Line %d: a quotation mark is not closed, or stands in the middle of a cell. Double it inside quoted cells", at.Line).Because(err)
}

// csvCell judges the bare text of a cell and takes off what the export put on.
func csvCell(field string) cell {
	text := tidy(field)
	if problem := judge(text); problem != "" {
		return cell{problem: problem}
	}
	if text != "" && strings.ContainsRune("\t\r", rune(field[0])) {
		return cell{problem: formulaProblem}
	}
	return cell{text: unguard(text)}
}

// delimiter is what separates the names in the first line: programs set to other countries write semicolons or tabs.
func delimiter(text string) rune {
	for l := range strings.Lines(text) {
		if l = strings.TrimSpace(l); l == "" {
			continue
		}
		best, most := ',', strings.Count(l, ",")
		for _, d := range ";\t" {
			if n := strings.Count(l, string(d)); n > most {
				best, most = d, n
			}
		}
		return best
	}
	return ','
}

// rowNumbers tells which row of the spreadsheet a record is: quoted cells may span lines, blank lines count as rows.
type rowNumbers struct {
	text  string
	read  int64 // bytes of the text that earlier records took
	lines int   // line ends in them
	row   int
}

func (n *rowNumbers) of(startLine int, end int64) int {
	n.row += startLine - n.lines // one, and one for each blank line before
	n.lines += strings.Count(n.text[n.read:end], "\n")
	n.read = end
	return n.row
}
