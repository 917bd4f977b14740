package arrangement

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"partnershipportal/internal/demo/text"
	"partnershipportal/internal/docx"
)

func throughWord(t testing.TB, sections []Text) []docx.Section {
	t.Helper()
	d := docx.Document{Title: "Title"}
	for i, s := range sections {
		d.Sections = append(d.Sections, docx.Section{Heading: s.Heading, Blocks: wordBlocks(i+1, s.Markdown, "https://portal.example/")})
	}
	var b bytes.Buffer
	if err := docx.Write(&b, d); err != nil {
		t.Fatal(err)
	}
	r, err := docx.Read(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return r.Sections
}

// A text that goes out as a Word document and comes in again looks the same in the portal, paragraph numbers included.
func TestTextSurvivesWord(t *testing.T) {
	t.Parallel()
	sections := []Text{
		{"Who “we” are", "We are **bold**, *italic* and **_both_**.\n\nA [link](https://example.org/a_b?c=d&e=f).[^1] And `code`.\n\n[^1]: A *note*.\n\n    In two paragraphs."},
		{"Lists", "- one\n- two\n    - deeper\n    - still\n        1. first\n        2. second\n- three\n\n3. c\n4. d\n\n- a\n\n    more of a\n\n- b"},
		{"Tables", "| Body | Duty |\n| --- | --- |\n| Council | **Chairs** it \\| all |\n| | £1,250 |"},
		{"The rest", "## Heading\n\n### Deeper\n\n> Said.\n>\n> More.\n\n```\ncode  here\n\n  and\n```\n\n---\n\n2019\\. Not a list. \\# \\* \\_ &lt; a_b_c 5 * 3\\\nnext line"},
	}
	for _, edition := range [][]Text{sections, demoText(text.Edition2019()), demoText(text.NextEdition())} {
		got := throughWord(t, edition)
		if len(got) != len(edition) {
			t.Fatalf("%d sections, want %d", len(got), len(edition))
		}
		for i, s := range got {
			markdown, lost := fromWord(s)
			if lost {
				t.Errorf("%q lost its look", s.Heading)
			}
			if s.Heading != edition[i].Heading {
				t.Errorf("heading %q, want %q", s.Heading, edition[i].Heading)
			}
			want, have := drawn(RenderSection(i+1, edition[i].Markdown)), drawn(RenderSection(i+1, markdown))
			if want != have {
				t.Errorf("section %q:\n%s\nwant:\n%s\nMarkdown:\n%s", s.Heading, have, want, markdown)
			}
		}
	}
}

func demoText(sections []text.Section) []Text {
	var out []Text
	for _, s := range sections {
		out = append(out, Text{Heading: s.Heading, Markdown: s.Markdown})
	}
	return out
}

func drawn(blocks []Block) string {
	var b strings.Builder
	for _, x := range blocks {
		b.WriteString(x.Number + " " + x.HTML + "\n")
	}
	return strings.ReplaceAll(b.String(), `href="https://portal.example/`, `href="/`)
}

// fullest is Markdown with what is hard to write: the property below takes it apart and together again.
var fullest = []string{"*", "_", "**", "`", "``", "[", "]", "(", ")", "<", ">", "&", "&amp;", "#", "-", "+", "1.", "1)", "=", "|", "~~~", "\\", "!", "^", ":", ";",
	" ", "  ", "\n", "\n\n", "    ", "a", "b", "é", "“", "🙂", "https://example.org", "[a](https://example.org/b_(c))", "[^1]", "\n\n[^1]: a\n\n", "\n\n| a | b |\n| - | - |\n| c | d |\n\n",
	"\n- ", "\n1. ", "\n> ", "\n## ", "\n```\n", "\n---\n"}

// Whatever somebody typed, its words come through Word, and what comes out is stable.
func TestAnyTextSurvivesWord(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		assertSurvives(t, strings.Join(rapid.SliceOfN(rapid.SampledFrom(fullest), 0, 30).Draw(t, "pieces"), ""))
	})
}

func assertSurvives(t interface {
	Helper()
	Errorf(string, ...any)
}, source string) {
	t.Helper()
	blocks := wordBlocks(1, source, "")
	markdown, _ := fromWord(docx.Section{Blocks: blocks})
	want, got := wordsOf(blocks), wordsOf(wordBlocks(1, markdown, ""))
	if want != got {
		t.Errorf("words %q, want %q\nfrom %q\nwritten %q", got, want, source, markdown)
	}
}

// wordsOf are the letters, digits and signs of blocks, without spaces.
func wordsOf(blocks []docx.Block) string {
	var b strings.Builder
	var add func([]docx.Block)
	spans := func(list []docx.Span) {
		for _, s := range list {
			b.WriteString(s.Text)
			add(s.Note)
		}
	}
	add = func(list []docx.Block) {
		for _, x := range list {
			spans(x.Spans)
			b.WriteString(x.Code)
			for _, item := range x.Items {
				add(item)
			}
			for _, row := range x.Rows {
				for _, cell := range row {
					spans(cell)
				}
			}
			add(x.Blocks)
		}
	}
	add(blocks)
	return strings.Join(strings.Fields(b.String()), "")
}
