package sheet

import (
	"slices"
	"strings"
)

// headerWithin is how far down a file the row that names the columns may stand: exports put the account above it.
const headerWithin = 30

// ReadKnown reads a file that another system wrote: the row that names the columns may stand below others, columns that
// are not known are left out, and a text is a text even where it starts like a formula. Otherwise it is as Read. Fault:
// Invalid, on the field "file".
func ReadKnown(data []byte, columns []Column) (Sheet, []Problem, error) {
	g, err := readGrid(data, foreignCell)
	if err != nil {
		return Sheet{}, nil, err
	}
	lines := slices.DeleteFunc(slices.Clone(g.lines), line.blank)
	if len(lines)-1 > MaxRows {
		return Sheet{}, nil, errTooManyRows
	}
	for i, l := range lines[:min(len(lines), headerWithin)] {
		heads, left := knownHeads(l, columns)
		if heads == nil {
			continue
		}
		a := arranger{heads: heads, foreign: true, seen: map[string]int{}}
		s := Sheet{Notices: g.notices}
		if len(left) > 0 {
			s.Notices = append(s.Notices, "These columns are left out: "+list(left)+".")
		}
		return a.all(s, lines[i+1:])
	}
	return Sheet{}, nil, refuse("No row of the file names the columns that are needed: %s", list(names(slices.DeleteFunc(slices.Clone(columns), func(c Column) bool { return !c.Required }))))
}

// foreignCell takes the text of a cell as it stands, but for a number that was shortened.
func foreignCell(field string) cell {
	text := tidy(field)
	if shortened.MatchString(text) {
		return cell{problem: shortenedProblem}
	}
	return cell{text: unguard(text)}
}

// knownHeads gives the column of each place in a row that names them, and the names that are left out; nil if the row
// names no columns. Where two names mean one column, the likelier counts.
func knownHeads(l line, columns []Column) (heads []*Column, left []string) {
	heads = make([]*Column, len(l.cells))
	found := 0
	for i := range columns {
		for _, name := range append([]string{columns[i].Name}, columns[i].Also...) {
			at := slices.IndexFunc(l.cells, func(c cell) bool { return sameName(c.text, name) })
			if at >= 0 && heads[at] == nil {
				heads[at] = &columns[i]
				found++
				break
			}
		}
		if columns[i].Required && !slices.Contains(heads, &columns[i]) {
			return nil, nil
		}
	}
	if found < 2 {
		return nil, nil
	}
	for i, c := range l.cells {
		if heads[i] == nil && strings.TrimSpace(c.text) != "" {
			left = append(left, c.text)
		}
	}
	return heads, left
}
