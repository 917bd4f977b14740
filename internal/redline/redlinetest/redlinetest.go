// Package redlinetest reads the two texts out of a redline again, for tests that nothing is lost in it.
package redlinetest

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"partnershipportal/internal/redline"
)

// Whole refuses a redline from which either of the two texts can't be read word for word.
func Whole(t testing.TB, r redline.Redline, old, now []redline.Section) {
	t.Helper()
	source := cmpopts.IgnoreFields(redline.Section{}, "Source")
	if d := cmp.Diff(old, Old(r), cmpopts.EquateEmpty(), source); d != "" {
		t.Errorf("the old text is not in the redline (-want +got):\n%s", d)
	}
	if d := cmp.Diff(now, New(r), cmpopts.EquateEmpty(), source); d != "" {
		t.Errorf("the new text is not in the redline (-want +got):\n%s", d)
	}
}

// Old reads the sections of the old text.
func Old(r redline.Redline) []redline.Section {
	return read(r, redline.Added, func(s redline.SectionChange) (int, string) { return s.Old, s.Before },
		func(b redline.BlockChange) redline.Block { return b.Old }, func(p redline.Piece) redline.Span { return p.Old })
}

// New reads the sections of the new text.
func New(r redline.Redline) []redline.Section {
	return read(r, redline.Removed, func(s redline.SectionChange) (int, string) { return s.New, s.Now },
		func(b redline.BlockChange) redline.Block { return b.New }, func(p redline.Piece) redline.Span { return p.New })
}

func read(r redline.Redline, missing redline.Op, head func(redline.SectionChange) (int, string), of func(redline.BlockChange) redline.Block,
	span func(redline.Piece) redline.Span) []redline.Section {
	type numbered struct {
		number int
		redline.Section
	}
	var found []numbered
	for _, s := range r.Sections {
		if s.Away || s.Op == missing {
			continue
		}
		number, heading := head(s)
		if s.Title != nil {
			heading = ""
			for _, part := range spansOf(s.Title, missing, span) {
				heading += part.Text
			}
		}
		section := redline.Section{Heading: heading}
		for _, c := range s.Blocks {
			if c.Op != missing {
				section.Blocks = append(section.Blocks, block(c, of(c), missing, span))
			}
		}
		found = append(found, numbered{number, section})
	}
	slices.SortFunc(found, func(a, b numbered) int { return a.number - b.number })
	var sections []redline.Section
	for _, f := range found {
		sections = append(sections, f.Section)
	}
	return sections
}

// block takes the words of a block from its pieces, where it has some.
func block(c redline.BlockChange, b redline.Block, missing redline.Op, span func(redline.Piece) redline.Span) redline.Block {
	if c.Op == redline.Same {
		return b
	}
	cells := make([][]redline.Span, len(c.Cells))
	for i, pieces := range c.Cells {
		cells[i] = spansOf(pieces, missing, span)
	}
	b.Cells = cells
	return b
}

func spansOf(pieces []redline.Piece, missing redline.Op, span func(redline.Piece) redline.Span) []redline.Span {
	var spans []redline.Span
	for _, p := range pieces {
		if p.Op != missing {
			spans = append(spans, span(p))
		}
	}
	return redline.Join(spans)
}
