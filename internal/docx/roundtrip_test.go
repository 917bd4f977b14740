package docx_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"partnershipportal/internal/docx"
)

func write(t testing.TB, d docx.Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := docx.Write(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

type fataler interface {
	Helper()
	Fatalf(string, ...any)
}

func read(t fataler, data []byte) docx.Result {
	t.Helper()
	r, err := docx.Read(data)
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	return r
}

// What is written is read as the same sections.
func TestWrittenIsReadAgain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := docx.Document{Title: someWords(t, "title"), Facts: []string{"Draft"}, Header: "Draft", Sections: rapid.SliceOfN(rapid.Custom(someSection), 1, 4).Draw(t, "sections")}
		var b bytes.Buffer
		if err := docx.Write(&b, d); err != nil {
			t.Fatal(err)
		}
		got := read(t, b.Bytes())
		if got.Title != d.Title {
			t.Fatalf("title %q, want %q", got.Title, d.Title)
		}
		if fmt.Sprint(d.Sections) != fmt.Sprint(got.Sections) { // much quicker than a comparison that can say what differs
			t.Fatalf("(-written +read):\n%s", cmp.Diff(d.Sections, got.Sections, cmpopts.EquateEmpty()))
		}
		var again bytes.Buffer
		_ = docx.Write(&again, d)
		if !bytes.Equal(b.Bytes(), again.Bytes()) {
			t.Fatal("the same document gave other bytes")
		}
	})
}

func someWords(t *rapid.T, what string) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"the", "partners", "£1,250", "“meet”", "a&b", "<x>", "*", "_y_", "1.", "#", "Éire", "🙂", "|", "\\", "]("}), 1, 5).Draw(t, what), " ")
}

func someSection(t *rapid.T) docx.Section {
	return docx.Section{Heading: someWords(t, "heading"), Blocks: someBlocks(t, 0)}
}

func someBlocks(t *rapid.T, depth int) []docx.Block {
	var out []docx.Block
	for range rapid.IntRange(0, 4).Draw(t, "blocks") {
		switch rapid.IntRange(0, 8).Draw(t, "kind") {
		case 0, 1, 2:
			out = append(out, docx.Block{Spans: someSpans(t, depth)})
		case 3:
			out = append(out, docx.Block{Kind: docx.Heading, Level: rapid.IntRange(1, 4).Draw(t, "level"), Spans: []docx.Span{{Text: someWords(t, "subheading")}}})
		case 4, 5:
			out = append(out, someList(t, 0))
		case 6:
			out = append(out, someTable(t))
		case 7:
			out = append(out, docx.Block{Kind: docx.Quote, Blocks: []docx.Block{{Spans: someSpans(t, depth)}, {Spans: someSpans(t, depth)}}})
		case 8:
			out = append(out, docx.Block{Kind: docx.Code, Code: "a  b\n\n  " + someWords(t, "code")}, docx.Block{Kind: docx.Rule})
		}
	}
	return out
}

func someList(t *rapid.T, level int) docx.Block {
	list := docx.Block{Kind: docx.List, Ordered: rapid.Bool().Draw(t, "ordered")}
	if list.Ordered {
		list.Start = rapid.IntRange(1, 7).Draw(t, "start")
	}
	for range rapid.IntRange(1, 3).Draw(t, "items") {
		item := []docx.Block{{Spans: someSpans(t, 1)}}
		if rapid.Bool().Draw(t, "second paragraph") {
			item = append(item, docx.Block{Spans: someSpans(t, 1)})
		}
		if level < 3 && rapid.Bool().Draw(t, "nested") {
			item = append(item, someList(t, level+1))
		}
		list.Items = append(list.Items, item)
	}
	return list
}

func someTable(t *rapid.T) docx.Block {
	b := docx.Block{Kind: docx.Table}
	wide := rapid.IntRange(1, 3).Draw(t, "columns")
	for range rapid.IntRange(1, 3).Draw(t, "rows") {
		var row []docx.Cell
		for range wide {
			var cell docx.Cell
			for _, s := range someSpans(t, 0) {
				if !s.Break {
					cell = append(cell, s)
				}
			}
			row = append(row, docx.Tidy(cell))
		}
		b.Rows = append(b.Rows, row)
	}
	return b
}

// someSpans never are blank. Footnotes hold none.
func someSpans(t *rapid.T, depth int) []docx.Span {
	spans := []docx.Span{{Text: someWords(t, "words")}}
	for range rapid.IntRange(0, 4).Draw(t, "spans") {
		s := docx.Span{Text: rapid.SampledFrom([]string{"", " "}).Draw(t, "space") + someWords(t, "more"), Bold: rapid.Bool().Draw(t, "bold"), Italic: rapid.Bool().Draw(t, "italic"),
			Code: rapid.IntRange(0, 5).Draw(t, "code") == 0}
		switch rapid.IntRange(0, 5).Draw(t, "what") {
		case 0:
			s.Link = rapid.SampledFrom([]string{"https://example.org/a?b=c&d=e", "mailto:a@example.org", "tel:+441234"}).Draw(t, "link")
		case 1:
			s = docx.Span{Break: true}
		case 2:
			if depth == 0 {
				s = docx.Span{Note: []docx.Block{{Spans: someSpans(t, 2)}, {Spans: someSpans(t, 2)}}}
			}
		}
		spans = append(spans, s)
	}
	return docx.Tidy(spans)
}
