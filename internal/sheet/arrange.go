package sheet

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// arrange finds the header and puts the cells under their columns.
func arrange(g grid, columns []Column) (Sheet, []Problem, error) {
	lines := slices.DeleteFunc(slices.Clone(g.lines), line.blank)
	if len(lines) == 0 {
		return Sheet{}, nil, refuse("The file has no rows. Its first row names the columns")
	}
	if len(lines)-1 > MaxRows {
		return Sheet{}, nil, errTooManyRows
	}
	heads, err := readHeader(lines[0], columns)
	if err != nil {
		return Sheet{}, nil, err
	}
	a := arranger{heads: heads, seen: map[string]int{}}
	return a.all(Sheet{Notices: g.notices}, lines[1:])
}

// all puts the rows below the header under their columns.
func (a *arranger) all(s Sheet, lines []line) (Sheet, []Problem, error) {
	for _, h := range a.heads {
		if h != nil {
			s.Columns = append(s.Columns, h.Name)
		}
	}
	for _, l := range lines {
		if len(a.problems) >= maxProblems {
			a.problems = append(a.problems, Problem{Message: "There are more problems than can be listed. Mend these first."})
			break
		}
		s.Rows = append(s.Rows, a.row(l))
	}
	if len(s.Rows) == 0 {
		return Sheet{}, nil, refuse("The file has a header, but no rows below it")
	}
	return s, a.problems, nil
}

// readHeader gives the column of each place in a row; nil where the header is empty.
func readHeader(l line, columns []Column) ([]*Column, error) {
	var heads []*Column
	var unknown, twice []string
	for _, c := range l.cells {
		if c.problem != "" {
			return nil, refuse("Row %d has to name the columns. %s", l.number, c.problem)
		}
		i := slices.IndexFunc(columns, func(col Column) bool { return sameName(col.Name, c.text) })
		switch {
		case c.text == "":
			heads = append(heads, nil)
			continue
		case i < 0:
			unknown = append(unknown, c.text)
			heads = append(heads, nil)
			continue
		case slices.Contains(heads, &columns[i]):
			twice = append(twice, columns[i].Name)
		}
		heads = append(heads, &columns[i])
	}
	var missing []string
	for i := range columns {
		if columns[i].Required && !slices.Contains(heads, &columns[i]) {
			missing = append(missing, columns[i].Name)
		}
	}
	switch {
	case len(unknown) > 0:
		return nil, refuse("Row %d names columns that are not known: %s. The columns are: %s", l.number, list(unknown), list(names(columns)))
	case len(missing) > 0:
		return nil, refuse("Row %d lacks these columns: %s", l.number, list(missing))
	case len(twice) > 0:
		return nil, refuse("Row %d names these columns twice: %s", l.number, list(twice))
	}
	return heads, nil
}

func names(columns []Column) []string {
	all := make([]string, len(columns))
	for i, c := range columns {
		all[i] = c.Name
	}
	return all
}

// list writes out words, cutting what is too long to show.
func list(words []string) string {
	const most = 25
	cut := make([]string, 0, len(words))
	for i, w := range words {
		if i == most {
			cut = append(cut, "and "+strconv.Itoa(len(words)-most)+" more")
			break
		}
		if utf8.RuneCountInString(w) > 40 {
			w = string([]rune(w)[:40]) + "…"
		}
		cut = append(cut, "“"+w+"”")
	}
	return strings.Join(cut, ", ")
}

// sameName compares names of columns as people write them.
func sameName(a, b string) bool {
	plain := func(s string) string {
		return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r == ' ' || r == '_' || r == '-' || r == '\u00a0' }), " ")
	}
	return plain(a) == plain(b)
}

// arranger puts rows under columns and remembers their keys.
type arranger struct {
	heads    []*Column
	foreign  bool           // cells under no known column are left out
	seen     map[string]int // row number by key
	problems []Problem
}

func (a *arranger) fail(row int, column, message string) {
	a.problems = append(a.problems, Problem{Row: row, Column: column, Message: message})
}

func (a *arranger) row(l line) Row {
	r := Row{Number: l.number, Cells: map[string]string{}}
	for i, c := range l.cells {
		var col *Column
		if i < len(a.heads) {
			col = a.heads[i]
		}
		switch {
		case col == nil && !a.foreign && (c.text != "" || c.problem != ""):
			a.fail(l.number, "column "+columnLetters(i), "This cell stands under no named column")
		case col == nil:
		case c.problem != "":
			a.fail(l.number, col.Name, c.problem)
		default:
			r.Cells[col.Name] = a.text(l.number, col, c)
		}
	}
	a.key(r)
	return r
}

func (a *arranger) text(row int, col *Column, c cell) string {
	if utf8.RuneCountInString(c.text) > MaxCell {
		a.fail(row, col.Name, "This cell holds too much text")
		return ""
	}
	if strings.ContainsFunc(c.text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
		a.fail(row, col.Name, "This cell holds a character that no text has. Type the text again")
		return ""
	}
	if col.Kind != Day || c.text == "" {
		return c.text
	}
	iso, problem := readDay(c)
	if problem != "" {
		a.fail(row, col.Name, problem)
	}
	return iso
}

// key refuses a second row with the same key. Rows without any key are left to whoever reads them.
func (a *arranger) key(r Row) {
	var parts, said []string
	for _, h := range a.heads {
		if h == nil || !h.Key {
			continue
		}
		parts = append(parts, strings.ToLower(r.Get(h.Name)))
		if v := r.Get(h.Name); v != "" {
			said = append(said, h.Name+" “"+v+"”")
		}
	}
	if len(said) == 0 {
		return
	}
	key := strings.Join(parts, "\x00")
	if first, known := a.seen[key]; known {
		a.fail(r.Number, "", "It has the same "+strings.Join(said, " and ")+" as row "+strconv.Itoa(first))
		return
	}
	a.seen[key] = r.Number
}

// columnLetters names a column as spreadsheet programs do: A, B … Z, AA.
func columnLetters(i int) string {
	s := ""
	for i++; i > 0; i = (i - 1) / 26 {
		s = string(rune('A'+(i-1)%26)) + s
	}
	return s
}
