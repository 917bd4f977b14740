package redline_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"partnershipportal/internal/redline"
	"partnershipportal/internal/redline/redlinetest"
)

var vocabulary = strings.Fields(`the partners agree to meet four times a year and each of them pays its share by 1 April £1,200.50 Kent County Council
	Medway ICB children must should safeguarding 2019/20 on behalf police. health, review “learning” for every agency (see below)`)

func drawSpans(t *rapid.T) []redline.Span {
	n := rapid.IntRange(0, 3).Draw(t, "spans")
	var spans []redline.Span
	for range n {
		words := rapid.SliceOfN(rapid.SampledFrom(vocabulary), 1, 12).Draw(t, "words")
		spans = append(spans, redline.Span{Text: strings.Join(words, " "), Style: redline.Style(rapid.IntRange(0, 3).Draw(t, "style")),
			Link: rapid.SampledFrom([]string{"", "", "/a", "https://example.org"}).Draw(t, "link")})
	}
	return redline.Join(spans)
}

func drawBlock(t *rapid.T) redline.Block {
	b := redline.Block{Kind: redline.Kind(rapid.IntRange(0, 7).Draw(t, "kind")), Depth: rapid.IntRange(0, 2).Draw(t, "depth"),
		Marker: rapid.SampledFrom([]string{"", "•", "1."}).Draw(t, "marker"), First: rapid.Bool().Draw(t, "first")}
	for range rapid.IntRange(0, 3).Draw(t, "cells") {
		b.Cells = append(b.Cells, drawSpans(t))
	}
	return b
}

func drawSection(t *rapid.T) redline.Section {
	s := redline.Section{Heading: strings.Join(rapid.SliceOfN(rapid.SampledFrom(vocabulary), 0, 3).Draw(t, "heading"), " ")}
	s.Blocks = rapid.SliceOfN(rapid.Custom(drawBlock), 0, 8).Draw(t, "blocks")
	s.Source = fmt.Sprint(s.Blocks)
	return s
}

// alter makes another text of one, as people do: it takes out, puts in, moves and rewrites.
func alter(t *rapid.T, sections []redline.Section) []redline.Section {
	now := slices.Clone(sections)
	for range rapid.IntRange(0, 6).Draw(t, "edits") {
		at := rapid.IntRange(0, len(now)).Draw(t, "at")
		what := rapid.IntRange(0, 5).Draw(t, "what")
		if what == 0 || len(now) == 0 {
			now = slices.Insert(now, at, drawSection(t))
			continue
		}
		at = min(at, len(now)-1)
		switch what {
		case 1:
			now = slices.Delete(now, at, at+1)
		case 2: // moved
			s := now[at]
			now = slices.Insert(slices.Delete(now, at, at+1), rapid.IntRange(0, len(now)-1).Draw(t, "to"), s)
		case 3:
			now[at].Heading = drawSection(t).Heading
		default:
			blocks := slices.Clone(now[at].Blocks)
			k := rapid.IntRange(0, len(blocks)).Draw(t, "block")
			if k < len(blocks) && what == 4 {
				blocks[k].Cells = slices.Clone(blocks[k].Cells)
				for c := range blocks[k].Cells {
					blocks[k].Cells[c] = drawSpans(t)
				}
			} else {
				blocks = slices.Insert(blocks, k, drawBlock(t))
			}
			now[at].Blocks = blocks
			now[at].Source = fmt.Sprint(blocks)
		}
	}
	return now
}

func TestBothTextsAreWholeInTheirRedline(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		old := rapid.SliceOfN(rapid.Custom(drawSection), 0, 6).Draw(rt, "old")
		now := alter(rt, old)
		r := redline.Between(redline.Text{Sections: old}, redline.Text{Sections: now})
		redlinetest.Whole(t, r, old, now)
		back := redline.Between(redline.Text{Sections: now}, redline.Text{Sections: old})
		redlinetest.Whole(t, back, now, old)
		if t.Failed() {
			rt.FailNow()
		}
		counted(rt, r)
		same := redline.Between(redline.Text{Sections: now}, redline.Text{Sections: now})
		if !same.Identical() || same.Typing() {
			rt.Fatalf("a text differs from itself: %+v", same)
		}
	})
}

// counted checks that the changes have the numbers 1 to n, each once and in the order of reading.
func counted(t *rapid.T, r redline.Redline) {
	next, touched := 1, 0
	see := func(number int) {
		if number == 0 {
			return
		}
		if number != next {
			t.Fatalf("change %d stands where %d was due", number, next)
		}
		next++
	}
	for _, s := range r.Sections {
		before := next
		see(s.Change)
		for _, b := range s.Blocks {
			see(b.Change)
		}
		if next > before {
			touched++
		}
		if next-before != s.Count {
			t.Fatalf("section %d holds %d changes, not %d", s.New, next-before, s.Count)
		}
	}
	if next-1 != r.Changes || touched != r.Touched {
		t.Fatalf("%d changes in %d sections, counted %d in %d", r.Changes, r.Touched, next-1, touched)
	}
}
