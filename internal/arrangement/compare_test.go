package arrangement_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/day"
	"partnershipportal/internal/demo/text"
	"partnershipportal/internal/pg/pgtest"
	"partnershipportal/internal/redline"
	"partnershipportal/internal/redline/redlinetest"
)

// shown writes what became of a section: a line for each block.
func shown(s redline.SectionChange) []string {
	var lines []string
	for _, b := range s.Blocks {
		var line strings.Builder
		at := b.New
		if b.Op == redline.Removed {
			at = b.Old
		}
		line.WriteString([...]string{"= ", "+ ", "- ", "~ "}[b.Op])
		if at.Marker != "" {
			line.WriteString(strings.Repeat(" ", at.Depth) + at.Marker + " ")
		}
		for i, cell := range b.Cells {
			if i > 0 {
				line.WriteString(" | ")
			}
			for _, p := range cell {
				line.WriteString(map[redline.Op]string{redline.Same: p.New.Text, redline.Added: "{+" + p.New.Text + "+}", redline.Removed: "[-" + p.Old.Text + "-]",
					redline.Changed: "<" + p.New.Text + ">"}[p.Op])
			}
		}
		if b.Op == redline.Same {
			for i, cell := range at.Cells {
				if i > 0 {
					line.WriteString(" | ")
				}
				for _, span := range cell {
					line.WriteString(span.Text)
				}
			}
		}
		lines = append(lines, line.String())
	}
	return lines
}

func TestMarkdownIsComparedAsItReads(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, old, now string
		want           []string
	}{
		{"a list", "Agencies:\n\n- schools\n- general practices\n- the youth service\n", "Agencies:\n\n- schools and colleges\n- the youth service\n- sports clubs\n",
			[]string{"= Agencies:", "~  • schools{+ and colleges+}", "-  • [-general practices-]", "=  • the youth service", "+  • {+sports clubs+}"}},
		{"a numbered list only counts on", "1. first\n2. second\n", "1. first\n2. between\n3. second\n",
			[]string{"=  1. first", "+  2. {+between+}", "=  3. second"}},
		{"another kind of list", "- first\n- second\n", "1. first\n2. second\n", []string{"~  1. first", "=  2. second"}},
		{"a table", "| Body | Share |\n|--|--|\n| Kent County Council | £310,000 |\n| Kent Police | £48,000 |\n",
			"| Body | Share |\n|--|--|\n| Kent County Council | £325,500 |\n| Kent Police | £48,000 |\n",
			[]string{"= Body | Share", "~ Kent County Council | [-£310,000-]{+£325,500+}", "= Kent Police | £48,000"}},
		{"a column more", "| A | B |\n|--|--|\n| 1 | 2 |\n", "| A | B | C |\n|--|--|--|\n| 1 | 2 | 3 |\n",
			[]string{"- [-A-] | [-B-]", "- [-1-] | [-2-]", "+ {+A+} | {+B+} | {+C+}", "+ {+1+} | {+2+} | {+3+}"}},
		{"wrapped lines and marks of the same sense", "A *word* in\na line & more.", "A _word_ in a\nline &amp; more.", []string{"= A word in a line & more."}},
		{"a word made strong", "Agencies must act.", "Agencies **must** act.", []string{"~ Agencies <must> act."}},
		{"another address", "See [the list](https://example.org/a).", "See [the list](https://example.org/b).", []string{"~ See <the list>."}},
		{"a quotation and code", "> quoted\n\n    code  a\n", "> quoted\n\n    code  b\n", []string{"= quoted", "~ code  [-a-]{+b+}"}},
		{"footnotes", "Text[^1].\n\n[^1]: A note.\n", "Text[^1].\n\n[^1]: Another note.\n", []string{"= Text1.", "~  1. [-A-]{+Another+} note."}},
		{"raw HTML, which nobody sees", "a <b>b</b>", "a <i>b</i>", []string{"= a b"}},
		{"a paragraph becomes an item", "Schools keep a list.", "- Schools keep a list.", []string{"~  • Schools keep a list."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			content := func(markdown string) arrangement.Content {
				return arrangement.Content{Sections: []arrangement.Text{{Heading: "Work", Markdown: markdown}}}
			}
			r := arrangement.Compare(content(c.old), content(c.now))
			if d := cmp.Diff(c.want, shown(r.Sections[0])); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func TestFactsOfAContentAreCompared(t *testing.T) {
	t.Parallel()
	old := arrangement.Content{Title: "Arrangements", GuidanceEdition: "2018", EffectiveFrom: day.Must("2019-09-17"), Areas: []string{"Kent"},
		Sections: []arrangement.Text{{Heading: "Purpose"}, {Heading: "Funding"}},
		Agencies: []arrangement.Named{{Slug: "a", Name: "Ashford School", Basis: "listed", Sections: []int{2}}},
		Coverage: []arrangement.Coverage{{Requirement: 1, Kind: "must", Sections: []int{1}}}}
	now := old
	now.EffectiveFrom = day.Must("2022-07-01")
	now.Agencies = append(now.Agencies[:1:1], arrangement.Named{Slug: "b", Name: "Borden School", Basis: "chosen", Reason: "It asked."})
	now.Attachments = []arrangement.Attachment{{Name: "map.pdf", MediaType: "application/pdf", Size: 12, SHA256: "ab"}}
	now.Coverage = []arrangement.Coverage{{Requirement: 1, Kind: "must", NotCovered: "it is new."}}
	want := []redline.FactChange{
		{Name: "In effect from", Old: []string{"17 September 2019"}, New: []string{"1 July 2022"}, Change: 1},
		{Name: "Relevant agencies named", New: []string{"Borden School"}, Same: 1, Change: 2},
		{Name: "Why agencies are named", New: []string{"Borden School: chosen. It asked."}, Same: 1, Change: 3},
		{Name: "Attachments", New: []string{"map.pdf (application/pdf, 12 bytes, SHA-256 ab)"}, Change: 4},
		{Name: "Requirements of the guidance", Old: []string{"Requirement 1 (must): met in “Purpose”"}, New: []string{"Requirement 1 (must): not covered, because it is new."}, Change: 5},
	}
	if d := cmp.Diff(want, arrangement.Compare(old, now).Facts); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestDemonstrationEditionsCompare(t *testing.T) {
	t.Parallel()
	content := func(sections []text.Section) (c arrangement.Content) {
		for _, s := range sections {
			c.Sections = append(c.Sections, arrangement.Text{Heading: s.Heading, Markdown: s.Markdown})
		}
		return c
	}
	old, now := content(text.Edition2019()), content(text.NextEdition())
	r := arrangement.Compare(old, now)
	if r.Identical() || r.Touched == 0 {
		t.Errorf("%d changes in %d sections", r.Changes, r.Touched)
	}
	redlinetest.Whole(t, r, redlinetest.Old(arrangement.Compare(old, old)), redlinetest.New(arrangement.Compare(now, now)))
}

func FuzzCompare(f *testing.F) {
	for _, seed := range [][2]string{
		{"- a\n  1. b\n\n     c\n- d", "- a\n- b\n\n> d"}, {"| a | b |\n|-|-|\n| c | d |", "| a |\n|-|\n| c |"}, {"a[^1]\n\n[^1]: b", "a[^2][^1]\n\n[^1]: c\n[^2]: d"},
		{"<script>alert(1)</script>", "[x](javascript:alert(1))"}, {"**a", "**a** *b*\\\nc"}, {"a\x00\xff", "£1 Kent Police and"}, {"    a\n\n---\n", "```\na\n```"}, {"# a\n\na\n===\n", "## a"},
		{"1 May 2020, Monday 3 May", "£ £1 million"}, {"&amp;&#42;\\*", "&*"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, old, now string) {
		content := func(markdown string) arrangement.Content {
			return arrangement.Content{Sections: []arrangement.Text{{Heading: "A", Markdown: "Same."}, {Heading: "B", Markdown: markdown}}}
		}
		r := arrangement.Compare(content(old), content(now))
		a, b := arrangement.Compare(content(old), content(old)), arrangement.Compare(content(now), content(now))
		if !a.Identical() || a.Typing() || !b.Identical() || b.Typing() {
			t.Error("a text differs from itself")
		}
		redlinetest.Whole(t, r, redlinetest.Old(a), redlinetest.New(b))
		sameNumbers(t, old, redlinetest.Old(a)[1])
	})
}

// sameNumbers checks that paragraphs have the numbers that they have where the text is read.
func sameNumbers(t *testing.T, markdown string, s redline.Section) {
	t.Helper()
	var want, got []string
	for _, b := range arrangement.RenderSection(2, markdown) {
		if b.Number != "" {
			want = append(want, b.Number)
		}
	}
	for _, b := range s.Blocks {
		if b.Number != "" {
			got = append(got, b.Number)
		}
	}
	if len(got) > 0 && len(want) > 0 && got[len(got)-1] != want[len(want)-1] {
		t.Errorf("paragraphs of %q end with number %s, want %s", markdown, got[len(got)-1], want[len(want)-1])
	}
}

// longText makes a text of 20,000 words in 40 sections, with lists and tables, as one edition or the next.
func longText(edition int) arrangement.Content {
	c := arrangement.Content{Title: "Arrangements", EffectiveFrom: day.Must("2019-09-17")}
	words := strings.Fields(strings.ReplaceAll(fmt.Sprint(text.Edition2019()), "\n", " "))
	at := 0
	take := func(n int) string {
		var b strings.Builder
		for range n {
			w := strings.Trim(words[(at*7+at/11)%len(words)], "#|*[](){}")
			if edition == 2 && at%17 == 0 { // about one word in 17 is another
				w = fmt.Sprintf("changed%d", at%97)
			}
			b.WriteString(w + " ")
			at++
		}
		return strings.TrimSpace(b.String())
	}
	for s := range 40 {
		var b strings.Builder
		for range 8 {
			fmt.Fprintf(&b, "%s.\n\n", take(45))
		}
		for range 6 {
			fmt.Fprintf(&b, "- %s\n", take(15))
		}
		b.WriteString("\n| Body | Share |\n|--|--|\n")
		for range 5 {
			fmt.Fprintf(&b, "| %s | £%d |\n", take(9), 1000+at+edition)
		}
		c.Sections = append(c.Sections, arrangement.Text{Heading: fmt.Sprintf("Heading %d %s", s, take(2)), Markdown: b.String()})
	}
	if edition == 2 { // three sections moved, one new
		c.Sections = append(c.Sections[3:], c.Sections[:3]...)
		c.Sections = append(c.Sections[:10:10], append([]arrangement.Text{{Heading: "New", Markdown: take(200)}}, c.Sections[10:]...)...)
	}
	return c
}

func BenchmarkCompare(b *testing.B) {
	old, now := longText(1), longText(2)
	other := longText(1)
	for i := range other.Sections {
		other.Sections[i].Markdown = strings.ToUpper(other.Sections[i].Markdown) // not a word is left
		other.Sections[i].Heading = fmt.Sprint(i)
	}
	for name, to := range map[string]arrangement.Content{"20,000 words, one in 17 changed": now, "20,000 words, all changed": other, "20,000 words, none changed": old} {
		b.Run(name, func(b *testing.B) {
			pgtest.Within(b, 100*time.Millisecond, func() error {
				arrangement.Compare(old, to)
				return nil
			})
		})
	}
}
