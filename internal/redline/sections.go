package redline

import (
	"cmp"
	"slices"
	"strings"
)

// From which likeness of their words on two sections are taken for one: whatever else, with the same number, and with
// the same heading.
const (
	sectionAlike       = 0.5
	sectionAlikeNumber = 0.25
	sectionAlikeTitle  = 0.2
)

// weighedSection is a section with what is needed to find its like.
type weighedSection struct {
	Section
	title string // as compared
	mate  int    // its place in the other text, -1 if it has none
	words bag
}

func weighSections(sections []Section) []weighedSection {
	list := make([]weighedSection, len(sections))
	for i, s := range sections {
		list[i] = weighedSection{Section: s, title: strings.ToLower(strings.Join(strings.Fields(s.Heading), " ")), mate: -1}
	}
	return list
}

func (s *weighedSection) bag() bag {
	if s.words == nil {
		s.words = append(bag{}, bagOf(s.Source)...)
	}
	return s.words
}

func like(a, b *weighedSection) float64 { return a.bag().likeness(b.bag()) }

// compareSections finds which section became which, and compares each with its like.
func compareSections(old, now []Section) []SectionChange {
	x, y := weighSections(old), weighSections(now)
	byKey(x, y, func(s *weighedSection) string { return s.title + "\x00" + s.Source }, nil)
	for i := range min(len(x), len(y)) {
		if x[i].mate < 0 && y[i].mate < 0 && x[i].title == y[i].title {
			x[i].mate, y[i].mate = i, i
		}
	}
	byKey(x, y, func(s *weighedSection) string { return s.title }, func(a, b *weighedSection) bool { return like(a, b) >= sectionAlikeTitle })
	byLikeness(x, y)
	for i := range min(len(x), len(y)) {
		if x[i].mate < 0 && y[i].mate < 0 && like(&x[i], &y[i]) >= sectionAlikeNumber {
			x[i].mate, y[i].mate = i, i
		}
	}
	byKey(x, y, func(s *weighedSection) string { return s.title }, nil)
	return inOrder(x, y, steady(x))
}

// byKey pairs the sections of one key that are alone with it on both sides.
func byKey(x, y []weighedSection, key func(*weighedSection) string, also func(a, b *weighedSection) bool) {
	find := func(list []weighedSection) map[string][]int {
		found := map[string][]int{}
		for i := range list {
			if k := key(&list[i]); list[i].mate < 0 && k != "" {
				found[k] = append(found[k], i)
			}
		}
		return found
	}
	theirs := find(y)
	for k, i := range find(x) {
		j := theirs[k]
		if len(i) == 1 && len(j) == 1 && (also == nil || also(&x[i[0]], &y[j[0]])) {
			x[i[0]].mate, y[j[0]].mate = j[0], i[0]
		}
	}
}

// byLikeness pairs what is left by its words, the most alike first.
func byLikeness(x, y []weighedSection) {
	var left []int
	for j := range y {
		if y[j].mate < 0 {
			left = append(left, j)
		}
	}
	type pair struct {
		i, j int
		like float64
	}
	var found []pair
	for i := range x {
		if x[i].mate >= 0 {
			continue
		}
		for _, j := range nearest(left, i, len(x), len(y)) {
			if x[i].bag().couldBe(y[j].bag()) < sectionAlike {
				continue
			}
			if l := like(&x[i], &y[j]); l >= sectionAlike {
				found = append(found, pair{i, j, l})
			}
		}
	}
	slices.SortFunc(found, func(a, b pair) int {
		return cmp.Or(cmp.Compare(b.like, a.like), cmp.Compare(apart(a.i, a.j), apart(b.i, b.j)), cmp.Compare(a.i, b.i), cmp.Compare(a.j, b.j))
	})
	for _, p := range found {
		if x[p.i].mate < 0 && y[p.j].mate < 0 {
			x[p.i].mate, y[p.j].mate = p.j, p.i
		}
	}
}

func apart(i, j int) int { return max(i-j, j-i) }

const nearSections = 60

// nearest picks the places that are looked at for the section at i: all of them, or in a text of very many sections those
// near the same place.
func nearest(left []int, i, n, m int) []int {
	if len(left) <= nearSections {
		return left
	}
	at, _ := slices.BinarySearch(left, i*m/n)
	from := max(0, min(at-nearSections/2, len(left)-nearSections))
	return left[from : from+nearSections]
}

// steady picks the sections that stayed in their order, as many words as can be. The others moved.
func steady(x []weighedSection) []bool {
	type way struct{ weight, end, before int } // end is the place in the new text
	var ways []way                             // by end, with growing weight
	all := make([]way, len(x))
	for i := range x {
		if x[i].mate < 0 {
			continue
		}
		w := way{weight: len(x[i].Source) + 1, end: x[i].mate, before: -1}
		at, _ := slices.BinarySearchFunc(ways, w.end, func(v way, end int) int { return cmp.Compare(v.end, end) })
		if at > 0 {
			w.weight += ways[at-1].weight
			w.before = ways[at-1].before
		}
		all[i] = way{w.weight, w.end, w.before}
		w.before = i
		beaten := at
		for beaten < len(ways) && ways[beaten].weight <= w.weight {
			beaten++
		}
		ways = slices.Replace(ways, at, beaten, w)
	}
	stays := make([]bool, len(x))
	if len(ways) > 0 {
		for i := ways[len(ways)-1].before; i >= 0; i = all[i].before {
			stays[i] = true
		}
	}
	return stays
}

// inOrder sets the sections in the order of the new text. What is gone, and the old places of what moved, stand where
// they stood.
func inOrder(x, y []weighedSection, stays []bool) []SectionChange {
	var changes []SectionChange
	i, j := 0, 0
	upTo := func(p, q int) {
		for ; i < p; i++ {
			if x[i].mate < 0 {
				changes = append(changes, oneSided(Removed, i+1, x[i].Section))
				continue
			}
			changes = append(changes, SectionChange{Op: Same, Old: i + 1, New: x[i].mate + 1, Away: true, Before: x[i].Heading, Now: y[x[i].mate].Heading})
		}
		for ; j < q; j++ {
			if y[j].mate < 0 {
				changes = append(changes, oneSided(Added, j+1, y[j].Section))
				continue
			}
			c := compareSection(x[y[j].mate].Section, y[j].Section)
			c.Old, c.New, c.Moved = y[j].mate+1, j+1, true
			changes = append(changes, c)
		}
	}
	for p := range x {
		if !stays[p] {
			continue
		}
		q := x[p].mate
		upTo(p, q)
		c := compareSection(x[p].Section, y[q].Section)
		c.Old, c.New = p+1, q+1
		changes = append(changes, c)
		i, j = p+1, q+1
	}
	upTo(len(x), len(y))
	return changes
}

// oneSided is a section that only one of the texts has.
func oneSided(op Op, number int, s Section) SectionChange {
	c := SectionChange{Op: op, Old: number, Before: s.Heading}
	if op == Added {
		c = SectionChange{Op: op, New: number, Now: s.Heading}
	}
	for _, b := range s.Blocks {
		change := BlockChange{Op: op, Cells: all(op, b)}
		if op == Added {
			change.New = b
		} else {
			change.Old = b
		}
		c.Blocks = append(c.Blocks, change)
	}
	return c
}

// compareSection compares a section with what it became.
func compareSection(old, now Section) SectionChange {
	c := SectionChange{Op: Same, Before: old.Heading, Now: now.Heading}
	if old.Heading != now.Heading {
		c.Op = Changed
		c.Title = compareSpans(Join([]Span{{Text: old.Heading}}), Join([]Span{{Text: now.Heading}}))
	}
	c.Blocks = compareBlocks(old.Blocks, now.Blocks)
	for _, b := range c.Blocks {
		if b.Op != Same {
			c.Op = Changed
		}
	}
	c.Typing = c.Op == Same && old.Source != now.Source
	return c
}
