package moderngov

import (
	"slices"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// table reads a table as what it is used for: rows of a label and a value, a list under a header, or mere layout.
func (w *walker) table(n *html.Node, s style) {
	rows := rowsOf(n)
	header := headerOf(rows)
	if header != nil {
		rows = rows[1:]
	}
	pairs := slices.ContainsFunc(rows, func(row *html.Node) bool {
		cells := cellsOf(row)
		return len(cells) == 2 && isLabel(cells[0])
	})
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Caption {
			w.walk(c, s)
		}
	}
	for _, row := range rows {
		cells := cellsOf(row)
		switch {
		case header != nil:
			w.listed(header, cells, s)
		case len(cells) == 2 && pairs && textOf(cells[0]) != "" && len(textOf(cells[0])) <= maxLabel:
			w.lines = append(w.lines, line{label: tidyLabel(textOf(cells[0])), marked: true, opens: true})
			w.walk(cells[1], s)
			w.lines = append(w.lines, line{end: true})
		default:
			for _, c := range cells {
				w.walk(c, s)
			}
		}
	}
}

// listed makes one line of a row, whose cells are labelled by the names of their columns.
func (w *walker) listed(header []string, cells []*html.Node, s style) {
	var l line
	for i, c := range cells {
		label := ""
		if i < len(header) {
			label = header[i]
		}
		inner := &walker{base: w.base}
		inner.walk(c, s)
		inner.flush()
		cell := line{label: label, marked: true, text: textOf(c)}
		for _, in := range inner.lines {
			cell.links = append(cell.links, in.links...)
		}
		l.cells = append(l.cells, cell)
	}
	if len(l.cells) > 0 {
		w.lines = append(w.lines, l)
	}
}

// rowsOf lists the rows of a table, but not those of a table inside it.
func rowsOf(table *html.Node) []*html.Node {
	var rows []*html.Node
	for part := table.FirstChild; part != nil; part = part.NextSibling {
		switch part.DataAtom {
		case atom.Tr:
			rows = append(rows, part)
		case atom.Thead, atom.Tbody, atom.Tfoot:
			for row := part.FirstChild; row != nil; row = row.NextSibling {
				if row.DataAtom == atom.Tr {
					rows = append(rows, row)
				}
			}
		}
	}
	return rows
}

func cellsOf(row *html.Node) []*html.Node {
	var cells []*html.Node
	for c := row.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Td || c.DataAtom == atom.Th {
			cells = append(cells, c)
		}
	}
	return cells
}

// headerOf gives the names of the columns, if the first row holds nothing but names and others follow.
func headerOf(rows []*html.Node) []string {
	if len(rows) < 2 {
		return nil
	}
	var names []string
	for _, c := range cellsOf(rows[0]) {
		if c.DataAtom != atom.Th {
			return nil
		}
		names = append(names, tidyLabel(textOf(c)))
	}
	if len(names) < 2 {
		return nil
	}
	return names
}

// isLabel tells whether a cell holds the label of the cell beside it.
func isLabel(cell *html.Node) bool {
	text := textOf(cell)
	if text == "" || len(text) > maxLabel {
		return false
	}
	return cell.DataAtom == atom.Th || text[len(text)-1] == ':' || lookup(text) != unknown
}
