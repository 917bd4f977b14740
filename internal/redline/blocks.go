package redline

import (
	"hash/maphash"
	"math"
	"math/bits"
	"slices"
	"strings"
	"unicode"

	"znkr.io/diff"
)

// alike is from which likeness on two blocks are taken for one that changed.
const alike = 0.3

// maxPairs bounds how many pairs of blocks are weighed together.
const maxPairs = 10_000

// seed makes the hashes of words; they never leave the process.
var seed = maphash.MakeSeed()

// bag holds the words of a text, and each with the one before it, hashed and sorted: how alike two texts are can be
// counted quickly. Words alone would make any two texts of one subject alike, pairs alone no two short ones.
type bag []uint64

func bagOf(texts ...string) bag {
	var b bag
	for _, t := range texts {
		before := uint64(0)
		b = slices.Grow(b, len(t)/3+1)
		for from := 0; from < len(t); {
			from = len(t) - len(strings.TrimLeftFunc(t[from:], notInWord))
			end := run(t, from, inWord)
			if end == from {
				break
			}
			h := maphash.String(seed, t[from:end])
			b = append(b, h)
			if before != 0 {
				b = append(b, h^bits.RotateLeft64(before, 17))
			}
			before, from = h, end
		}
	}
	slices.Sort(b)
	return b
}

func notInWord(r rune) bool { return !inWord(r) }

// likeness is how much of two texts is in both: from 0 to 1, each word as often as it stands there.
func (b bag) likeness(c bag) float64 {
	if len(b)+len(c) == 0 {
		return 1
	}
	return 2 * float64(b.common(c)) / float64(len(b)+len(c))
}

func (b bag) common(c bag) int {
	n := 0
	for i, j := 0, 0; i < len(b) && j < len(c); {
		switch {
		case b[i] < c[j]:
			i++
		case b[i] > c[j]:
			j++
		default:
			n, i, j = n+1, i+1, j+1
		}
	}
	return n
}

// couldBe is the most that the likeness can be, from the lengths alone.
func (b bag) couldBe(c bag) float64 {
	return 2 * float64(min(len(b), len(c))) / float64(max(1, len(b)+len(c)))
}

// measured is a block with what is needed to compare it often.
type measured struct {
	block Block
	key   string
	words bag
}

func measure(blocks []Block) []measured {
	list := make([]measured, len(blocks))
	for i, b := range blocks {
		list[i] = measured{block: b, key: b.key()}
	}
	return list
}

func (m *measured) bag() bag {
	if m.words == nil {
		m.words = bagOf(plain(m.block.Cells)...)
		if m.words == nil {
			m.words = bag{}
		}
	}
	return m.words
}

func plain(cells [][]Span) []string {
	var texts []string
	for _, c := range cells {
		var b strings.Builder
		for _, s := range c {
			b.WriteString(s.Text)
		}
		texts = append(texts, b.String())
	}
	return texts
}

// key is the same for blocks that read the same. The marker is not in it: an item that only moved up in its list by one
// reads as it did.
func (b Block) key() string {
	var k strings.Builder
	k.WriteByte(byte(b.Kind))
	k.WriteByte(byte(min(b.Depth, 255)))
	k.WriteByte(byte(min(b.Quoted, 255)))
	for _, cell := range b.Cells {
		k.WriteString("\x00\x01")
		for _, s := range cell {
			k.WriteString("\x00\x02")
			k.WriteByte(byte(s.Style))
			k.WriteString(s.Link)
			k.WriteString("\x00\x03")
			k.WriteString(s.Text)
		}
	}
	return k.String()
}

// pairs tells whether one block can have become the other.
func pairs(a, b Block) bool {
	if a.Kind == Header {
		a.Kind = Row
	}
	if b.Kind == Header {
		b.Kind = Row
	}
	text := func(k Kind) bool { return k == Paragraph || k == Item }
	return (a.Kind == b.Kind || text(a.Kind) && text(b.Kind)) && len(a.Cells) == len(b.Cells)
}

// compareBlocks aligns the blocks of two sections: those that read the same first, then in each gap those that are most
// alike, in their order.
func compareBlocks(old, now []Block) []BlockChange {
	x, y := measure(old), measure(now)
	keys := func(list []measured) []string {
		k := make([]string, len(list))
		for i := range list {
			k[i] = list[i].key
		}
		return k
	}
	var changes []BlockChange
	i, j := 0, 0 // where the gap began
	p, q := 0, 0
	for _, e := range diff.Edits(keys(x), keys(y)) {
		switch e.Op {
		case diff.Delete:
			p++
		case diff.Insert:
			q++
		case diff.Match:
			changes = fill(changes, x[i:p], y[j:q])
			changes = append(changes, alikeBlocks(x[p].block, y[q].block))
			p, q = p+1, q+1
			i, j = p, q
		}
	}
	return fill(changes, x[i:], y[j:])
}

// fill adds what became of the blocks of a gap, in which none reads the same at the same place.
func fill(before []BlockChange, x, y []measured) []BlockChange {
	changes := before
	i, j := 0, 0
	upTo := func(p, q int) {
		for i < p || j < q {
			// What goes on with a list or a table stands before what ends it.
			if j < q && (i == p || len(changes) > 0 && goesOn(changes[len(changes)-1], y[j].block) && !goesOn(changes[len(changes)-1], x[i].block)) {
				changes = append(changes, BlockChange{Op: Added, New: y[j].block, Cells: all(Added, y[j].block)})
				j++
				continue
			}
			changes = append(changes, BlockChange{Op: Removed, Old: x[i].block, Cells: all(Removed, x[i].block)})
			i++
		}
	}
	for _, c := range couples(x, y) {
		upTo(c[0], c[1])
		if x[i].key == y[j].key {
			changes = append(changes, alikeBlocks(x[i].block, y[j].block))
		} else {
			changes = append(changes, altered(x[i].block, y[j].block))
		}
		i, j = i+1, j+1
	}
	upTo(len(x), len(y))
	return changes
}

// goesOn tells whether a block goes on with the list or the table that the one before it stands in.
func goesOn(before BlockChange, b Block) bool {
	last := before.New
	if before.Op == Removed {
		last = before.Old
	}
	rows := func(k Kind) bool { return k == Row || k == Header }
	return b.Kind == Row && rows(last.Kind) || b.Depth > 0 && last.Depth > 0 && b.Kind != Heading && last.Kind != Heading && !rows(b.Kind)
}

// alikeBlocks are two blocks of the same words. Where a list begins, another mark or number is a change; within it the
// numbers only follow.
func alikeBlocks(old, now Block) BlockChange {
	if old.First && now.First && old.Marker != now.Marker {
		return altered(old, now)
	}
	return BlockChange{Op: Same, Old: old, New: now}
}

func altered(old, now Block) BlockChange {
	c := BlockChange{Op: Changed, Old: old, New: now, Cells: make([][]Piece, len(now.Cells))}
	for k := range now.Cells {
		c.Cells[k] = compareSpans(old.Cells[k], now.Cells[k])
	}
	return c
}

// all makes every cell of a block one piece.
func all(op Op, b Block) [][]Piece {
	cells := make([][]Piece, len(b.Cells))
	for i, cell := range b.Cells {
		for _, s := range cell {
			p := Piece{Op: op}
			if op == Added {
				p.New = s
			} else {
				p.Old = s
			}
			cells[i] = append(cells[i], p)
		}
	}
	return cells
}

// couples finds which blocks of a gap became which: in order, so that the likeness of all couples together is greatest.
func couples(x, y []measured) [][2]int {
	n, m := len(x), len(y)
	if n == 0 || m == 0 {
		return nil
	}
	if n == 1 && m == 1 && pairs(x[0].block, y[0].block) && x[0].bag().likeness(y[0].bag()) >= alike {
		return [][2]int{{0, 0}}
	}
	// A long gap is cut into pieces, each of which is weighed by itself.
	cuts := max(1, int(math.Ceil(math.Sqrt(float64(n)*float64(m)/maxPairs))))
	var found [][2]int
	for c := range cuts {
		i, j := n*c/cuts, m*c/cuts
		for _, couple := range weighed(x[i:n*(c+1)/cuts], y[j:m*(c+1)/cuts]) {
			found = append(found, [2]int{i + couple[0], j + couple[1]})
		}
	}
	return found
}

// weighed finds the couples by the best way through the table of likenesses.
func weighed(x, y []measured) [][2]int {
	n, m := len(x), len(y)
	best := make([][]float64, n+1) // of the first i blocks and the first j
	best[0] = make([]float64, m+1)
	coupled := make([]bool, n*m)
	for i := range x {
		row := make([]float64, m+1)
		for j := range y {
			row[j+1] = max(row[j], best[i][j+1])
			if score := likely(&x[i], &y[j]); score >= alike && best[i][j]+score > row[j+1] {
				row[j+1] = best[i][j] + score
				coupled[i*m+j] = true
			}
		}
		best[i+1] = row
	}
	var found [][2]int
	for i, j := n, m; i > 0 && j > 0; {
		switch {
		case coupled[(i-1)*m+j-1]:
			found = append(found, [2]int{i - 1, j - 1})
			i, j = i-1, j-1
		case best[i-1][j] >= best[i][j-1]:
			i--
		default:
			j--
		}
	}
	slices.Reverse(found)
	return found
}

// likely is how alike two blocks are, or 0 if that can't be enough.
func likely(a, b *measured) float64 {
	if !pairs(a.block, b.block) || a.bag().couldBe(b.bag()) < alike {
		return 0
	}
	return a.bag().likeness(b.bag())
}

const movedWords = 6 // from which on a block that stands elsewhere word for word is taken for one that moved

// findMoved marks blocks that were taken out at one place and stand word for word at another.
func findMoved(sections []SectionChange) {
	type place struct {
		block   *BlockChange
		section int
	}
	gone, come := map[string][]place{}, map[string][]place{}
	for i := range sections {
		s := &sections[i]
		for k := range s.Blocks {
			switch b := &s.Blocks[k]; {
			case b.Op == Removed && wordy(b.Old):
				gone[b.Old.key()] = append(gone[b.Old.key()], place{b, s.Old})
			case b.Op == Added && wordy(b.New):
				come[b.New.key()] = append(come[b.New.key()], place{b, s.New})
			}
		}
	}
	for key, from := range gone {
		to := come[key]
		if len(from) == 1 && len(to) == 1 {
			from[0].block.Moved, to[0].block.Moved = to[0].section, from[0].section
		}
	}
}

func wordy(b Block) bool {
	n := 0
	for _, c := range b.Cells {
		n += wordsOf(c)
	}
	return n >= movedWords && b.Kind != Heading && b.Kind != Rule && strings.ContainsFunc(plain(b.Cells)[0], unicode.IsLetter)
}
