package docx

func (b *body) table(w *walker) error {
	if b.nested > 0 {
		b.tally.nested++
	}
	b.nested++
	defer func() { b.nested-- }()
	t := &Block{Kind: Table}
	err := b.rows(w, t)
	wide := 0
	for _, row := range t.Rows {
		wide = max(wide, len(row))
	}
	for i := range t.Rows {
		for len(t.Rows[i]) < wide {
			t.Rows[i] = append(t.Rows[i], nil)
		}
	}
	if wide > 0 {
		b.pieces = append(b.pieces, piece{table: t})
	}
	return err
}

func (b *body) rows(w *walker, t *Block) error {
	return w.each(func(e element) error {
		switch e.name {
		case "w:tr":
			row, deleted, err := b.row(w)
			if !deleted && len(row) > 0 {
				t.Rows = append(t.Rows, row)
			}
			return err
		case "w:sdt":
			return b.control(w, func(w *walker) error { return b.rows(w, t) })
		case "w:customXml", "w:ins", "w:moveTo":
			return b.rows(w, t)
		}
		return nil
	})
}

func (b *body) row(w *walker) (row []Cell, deleted bool, err error) {
	var cells func(w *walker) error
	cells = func(w *walker) error {
		return w.each(func(e element) error {
			switch e.name {
			case "w:trPr":
				return w.each(func(in element) error {
					switch in.name {
					case "w:del":
						deleted = true
						b.tally.deleted++
					case "w:ins":
						b.tally.inserted++
					}
					return nil
				})
			case "w:tc":
				cell, span, err := b.cell(w)
				row = append(row, cell)
				for i := 1; i < span; i++ {
					row = append(row, nil)
				}
				return err
			case "w:sdt":
				return b.control(w, cells)
			case "w:customXml":
				return cells(w)
			}
			return nil
		})
	}
	err = cells(w)
	return row, deleted, err
}

const widest = 63 // columns of a table in Word

// cell reads a cell as one line, which is all that a table of the portal holds.
func (b *body) cell(w *walker) (Cell, int, error) {
	inner := b.aside(b.rels)
	inner.notes, inner.nested = b.notes, b.nested
	span, goesOn := 1, false
	err := w.each(func(e element) error {
		if e.name != "w:tcPr" {
			return inner.one(w, e)
		}
		return w.each(func(in element) error {
			switch in.name {
			case "w:gridSpan":
				span = min(max(atoi(in.val()), 1), widest)
			case "w:vMerge":
				goesOn = in.val() != "restart"
			}
			return nil
		})
	})
	if span > 1 || goesOn {
		b.tally.merged++
	}
	if goesOn {
		return nil, span, err
	}
	line, several := oneLine(inner.pieces)
	if several {
		b.tally.joinedCells++
	}
	return line, span, err
}
