package server_test

import (
	"strings"
	"testing"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/docx"
	"partnershipportal/internal/docx/docxtest"
	"partnershipportal/web/route"
)

// wordOf reads an answer as Word would, and tells what stands around the text too.
func wordOf(t *testing.T, a answer) (docx.Result, string) {
	t.Helper()
	a.want(200)
	if got := a.header.Get("Content-Type"); got != "application/vnd.openxmlformats-officedocument.wordprocessingml.document" {
		t.Errorf("type %q", got)
	}
	if got := a.header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment") || !strings.Contains(got, ".docx") {
		t.Errorf("disposition %q", got)
	}
	r, err := docx.Read([]byte(a.body))
	if err != nil {
		t.Fatal(err)
	}
	parts := docxtest.Unzip(t, []byte(a.body))
	return r, parts["word/header1.xml"] + parts["word/document.xml"]
}

func wantHeadings(t *testing.T, r docx.Result, want []arrangement.Text) {
	t.Helper()
	if len(r.Sections) != len(want) {
		t.Fatalf("%d sections, want %d", len(r.Sections), len(want))
	}
	for i, s := range r.Sections {
		if s.Heading != want[i].Heading || docx.Markdown(s.Blocks, nil) != want[i].Markdown {
			t.Errorf("section %d is %q with %q", i+1, s.Heading, docx.Markdown(s.Blocks, nil))
		}
	}
}

func TestWordDocuments(t *testing.T) {
	t.Parallel()
	text := []arrangement.Text{{Heading: "Scope <i>", Markdown: "One **bold** word.\n\n- a\n- b"}, {Heading: "Duties", Markdown: "| A | B |\n| --- | --- |\n| c | d |"}}
	written := func(m *arrangementtest.Made) { m.Sections = text }
	t.Run("a draft says on every page that nobody has agreed to it", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		m := arrangementtest.Draft(t, s.db, written)
		r, around := wordOf(t, s.as(m.Support.Account).get(route.DeskWordTo(m.Ref.Slug, 1)))
		wantHeadings(t, r, text)
		if r.Title != m.Title || !strings.Contains(around, "Draft of ") || !strings.Contains(around, "Not agreed by anybody.") {
			t.Errorf("title %q, around it %s", r.Title, around)
		}
		s.as(m.Support.Account).get(route.DeskTextTo(m.Ref.Slug, 1)).holds(`href="` + route.DeskWordTo(m.Ref.Slug, 1) + `"`)
	})
	t.Run("a text put to the partners carries its digest, on the desk and for those who sign", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		m := arrangementtest.OutForSignOff(t, s.db, written)
		desk := s.as(m.Support.Account).get(route.DeskWordTo(m.Ref.Slug, 1))
		signs := s.as(m.Officers[0].Account).get(route.SignOffWordTo(m.Round))
		r, around := wordOf(t, signs)
		wantHeadings(t, r, text)
		if !strings.Contains(around, "SHA-256 of the text: "+m.Digest) || desk.body != signs.body {
			t.Errorf("around it %s", around)
		}
	})
	t.Run("a published text is there for anybody, with numbered paragraphs", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		m := arrangementtest.Published(t, s.db, written)
		path := route.ArrangementWordTo(m.Ref.Slug, 1)
		a := s.visitor().get(path)
		r, around := wordOf(t, a)
		wantHeadings(t, r, text)
		for _, want := range []string{"signed by every safeguarding partner", "SHA-256 of the text: " + m.Digest, "<w:t>1.1</w:t>", "<w:t>2.1</w:t>"} {
			if !strings.Contains(around, want) {
				t.Errorf("%q is missing", want)
			}
		}
		if again := s.visitor().get(path); again.body != a.body || again.header.Get("ETag") != a.header.Get("ETag") {
			t.Error("the same text gave other bytes")
		}
		s.visitor().get(route.ArrangementVersionTo(m.Ref.Slug, 1)).holds(`href="` + path + `"`)
		s.visitor().get(route.ArrangementWordTo(m.Ref.Slug, 2)).want(404)
	})
}
