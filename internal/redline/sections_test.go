package redline_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnershipportal/internal/redline"
	"partnershipportal/internal/redline/redlinetest"
)

func section(heading string, paragraphs ...string) redline.Section {
	s := redline.Section{Heading: heading, Source: strings.Join(paragraphs, "\n\n")}
	for _, p := range paragraphs {
		s.Blocks = append(s.Blocks, redline.Block{Cells: [][]redline.Span{{{Text: p}}}})
	}
	return s
}

const (
	opening = "These arrangements say how the three safeguarding partners work together with the relevant agencies of Kent. They replace those of the former board, and they stand until the partners agree on others."
	money   = "Each safeguarding partner pays its share of the budget by 1 May of each year. The budget for 2019/20 is £480,000."
	scrutin = "An independent scrutineer looks at the work of the partners each year and writes a report that is published."
	reviews = "Serious child safeguarding cases are reviewed by a panel that meets within fifteen working days of the notice."
	voice   = "Children and families are asked each year how well they were heard. What they said is written into the plan."
)

// outline writes what became of each section in a line.
func outline(r redline.Redline) []string {
	var lines []string
	for _, s := range r.Sections {
		line := fmt.Sprintf("%d→%d %s", s.Old, s.New, [...]string{"same", "added", "removed", "changed"}[s.Op])
		if s.Moved {
			line += " moved"
		}
		if s.Away {
			line += " away"
		}
		if s.Before != s.Now && s.Before != "" && s.Now != "" {
			line += " renamed"
		}
		if s.Typing {
			line += " typing"
		}
		lines = append(lines, fmt.Sprintf("%s %d", line, s.Count))
	}
	return lines
}

func TestSectionsAreSetAgainstTheirLike(t *testing.T) {
	t.Parallel()
	a, b, c, d := section("Purpose", opening), section("Funding", money), section("Scrutiny", scrutin), section("Reviews", reviews, voice)
	sections := func(s ...redline.Section) []redline.Section { return s }
	typed := a
	typed.Source = "  " + a.Source
	for _, x := range []struct {
		name     string
		old, now []redline.Section
		want     []string
		changes  int
	}{
		{"nothing changed", sections(a, b), sections(a, b), []string{"1→1 same 0", "2→2 same 0"}, 0},
		{"only the typing changed", sections(a, b), sections(typed, b), []string{"1→1 same typing 0", "2→2 same 0"}, 0},
		{"a section put in moves no other", sections(a, b, c), sections(a, d, b, c),
			[]string{"1→1 same 0", "0→2 added 1", "2→3 same 0", "3→4 same 0"}, 1},
		{"a section taken out", sections(a, b, c), sections(a, c), []string{"1→1 same 0", "2→0 removed 1", "3→2 same 0"}, 1},
		{"a section moved is not deleted and added", sections(a, b, c, d), sections(a, c, d, b),
			[]string{"1→1 same 0", "2→4 same away 0", "3→2 same 0", "4→3 same 0", "2→4 same moved 1"}, 1},
		{"a section moved and altered", sections(a, b, c), sections(section("Funding", strings.Replace(money, "£480,000", "£520,000", 1)), a, c),
			[]string{"2→1 changed moved 2", "1→2 same 0", "2→1 same away 0", "3→3 same 0"}, 2},
		{"a section renamed", sections(a, b, c), sections(a, section("Money", money), c),
			[]string{"1→1 same 0", "2→2 changed renamed 1", "3→3 same 0"}, 1},
		{"a section renamed and moved", sections(a, b, c, d), sections(section("Money", money), a, c, d),
			[]string{"2→1 changed moved renamed 1", "1→2 same 0", "2→1 same away renamed 0", "3→3 same 0", "4→4 same 0"}, 1},
		{"another text under the same heading", sections(b), sections(section("Funding", reviews)), []string{"1→1 changed 1"}, 1},
		{"a heading that another section took over", sections(a, b, c), sections(a, section("Budget", money), c, section("Funding", reviews)),
			[]string{"1→1 same 0", "2→2 changed renamed 1", "3→3 same 0", "0→4 added 1"}, 2},
		{"two sections swapped", sections(a, b), sections(b, a), []string{"2→1 same moved 1", "1→2 same 0", "2→1 same away 0"}, 1},
		{"from nothing", nil, sections(a), []string{"0→1 added 1"}, 1},
		{"to nothing", sections(a), nil, []string{"1→0 removed 1"}, 1},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			r := redline.Between(redline.Text{Sections: x.old}, redline.Text{Sections: x.now})
			redlinetest.Whole(t, r, x.old, x.now)
			if d := cmp.Diff(x.want, outline(r)); d != "" {
				t.Errorf("sections (-want +got):\n%s", d)
			}
			if r.Changes != x.changes {
				t.Errorf("%d changes, want %d", r.Changes, x.changes)
			}
		})
	}
}

func TestBlocksOfAGapAreSetAgainstTheirLike(t *testing.T) {
	t.Parallel()
	old := []redline.Section{section("Work", opening, money, scrutin, reviews)}
	now := []redline.Section{section("Work", opening, voice, strings.Replace(money, "£480,000", "£520,000", 1), scrutin)}
	r := redline.Between(redline.Text{Sections: old}, redline.Text{Sections: now})
	var got []redline.Op
	for _, b := range r.Sections[0].Blocks {
		got = append(got, b.Op)
	}
	want := []redline.Op{redline.Same, redline.Added, redline.Changed, redline.Same, redline.Removed}
	if d := cmp.Diff(want, got); d != "" || r.Changes != 3 || r.Touched != 1 {
		t.Errorf("%d changes in %d sections; blocks (-want +got):\n%s", r.Changes, r.Touched, d)
	}
}

func TestAParagraphThatMovedToAnotherSectionSaysWhere(t *testing.T) {
	t.Parallel()
	old := []redline.Section{section("Purpose", opening, voice), section("Funding", money)}
	now := []redline.Section{section("Purpose", opening), section("Funding", money, voice)}
	r := redline.Between(redline.Text{Sections: old}, redline.Text{Sections: now})
	gone, come := r.Sections[0].Blocks[1], r.Sections[1].Blocks[1]
	if gone.Op != redline.Removed || gone.Moved != 2 || come.Op != redline.Added || come.Moved != 1 {
		t.Errorf("it went to %d and came from %d, want 2 and 1", gone.Moved, come.Moved)
	}
}

func TestFactsAreCompared(t *testing.T) {
	t.Parallel()
	r := redline.Between(
		redline.Text{Facts: []redline.Fact{{"Title", []string{"A"}}, {"Agencies", []string{"x", "y", "z"}}, {"Old", []string{"o"}}, {"Kept", []string{"k"}}}},
		redline.Text{Facts: []redline.Fact{{"Title", []string{"B"}}, {"Agencies", []string{"w", "x", "z"}}, {"Kept", []string{"k"}}, {"New", []string{"n"}}}})
	want := []redline.FactChange{
		{Name: "Title", Old: []string{"A"}, New: []string{"B"}, Change: 1},
		{Name: "Agencies", Old: []string{"y"}, New: []string{"w"}, Same: 2, Change: 2},
		{Name: "New", New: []string{"n"}, Change: 3},
		{Name: "Old", Old: []string{"o"}, Change: 4},
	}
	if d := cmp.Diff(want, r.Facts); d != "" || r.Changes != 4 || r.Touched != 0 {
		t.Errorf("%d changes (-want +got):\n%s", r.Changes, d)
	}
}
