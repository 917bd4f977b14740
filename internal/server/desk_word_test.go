package server_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/docx/docxtest"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
	"partnershipportal/web/route"
)

// wordWithPicture is a document with something of each kind that the preview tells of.
func wordWithPicture() []byte {
	return docxtest.New(docxtest.Heading("Map"), docxtest.Paragraph(docxtest.Run("See ")+docxtest.Picture("map.png", "A map of the county")),
		docxtest.Paragraph(docxtest.Looking("<w:strike/>", "Struck")+`<w:r><w:commentReference w:id="1"/></w:r>`), docxtest.Heading("Duties"), docxtest.Paragraph(docxtest.Run("They meet."))).Bytes()
}

func uploadWord(t testing.TB, db pg.DB, m arrangementtest.Made, data []byte) id.WordImport {
	t.Helper()
	service, _ := arrangementtest.Services(db, m.Sent)
	added, err := service.UploadWord(t.Context(), m.Support, m.Ref, "plan.docx", data)
	if err != nil {
		t.Fatal(err)
	}
	return added
}

func (b *browser) sendWord(path, name string, body []byte) answer {
	b.site.t.Helper()
	p := parcel{}
	if name != "" {
		p.files = map[string]sentFile{"file": {name, body}}
	}
	return b.sendParcel(path, p)
}

func headings(t testing.TB, s *site, m arrangementtest.Made) string {
	t.Helper()
	var list []string
	for _, sec := range draftOf(t, s, m).Sections {
		list = append(list, sec.Heading)
	}
	return strings.Join(list, ", ")
}

func TestImportFromWord(t *testing.T) {
	t.Parallel()
	t.Run("a document is previewed, its pictures put in words, and added after what is there", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		m := arrangementtest.Draft(t, s.db)
		b := s.as(m.Support.Account)
		before := headings(t, s, m)
		b.get(route.DeskVersionTo(m.Ref.Slug, 1)).holds(`href="` + route.DeskWordImportTo(m.Ref.Slug, 1) + `"`)
		sent := b.sendWord(route.DeskWordImportTo(m.Ref.Slug, 1), `C:\plans\plan.docx`, docxtest.Arrangements()).want(303)
		preview := sent.header.Get("Location")
		p := b.get(preview).want(200).shows("plan.docx", "Nothing is in the draft yet", "What could not be carried over", "Text box Call us on 01234 567890", "Comments 1 comment is left out.",
			"What is there in another form", "as if every change were accepted: 1 insertion is kept, 1 deletion is left out", "What was read: 3 sections", "Who we are", "the chief constable", "How it will look")
		p.holds(`<th scope="col">Share</th>`, `href="https://example.org/hall?a=1&amp;b=2"`).hides("dropped", "secret")
		if got := headings(t, s, m); got != before {
			t.Fatalf("the preview changed the draft: %s", got)
		}
		take := fields("how", "append", "seen", p.carried().Get("seen"), "do", "save")
		b.post(preview, take).leadsTo(route.DeskVersionTo(m.Ref.Slug, 1) + "#sections")
		if got, want := headings(t, s, m), before+", Introduction, Who we are, Money"; got != want {
			t.Errorf("sections %s, want %s", got, want)
		}
		b.post(preview, take).leadsTo(route.DeskVersionTo(m.Ref.Slug, 1) + "#sections")
		if got := len(draftOf(t, s, m).Sections); got != len(m.SectionIDs)+3 {
			t.Errorf("%d sections after a second press", got)
		}
		b.get(preview).want(200).shows("This document was taken over on")
		b.get(route.DeskTimelineTo(m.Ref.Slug, 1)).shows("Word document taken over into the text", "Word document uploaded")
	})
	t.Run("pictures are put in words", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		m := arrangementtest.Draft(t, s.db)
		b := s.as(m.Support.Account)
		path := route.DeskWordImportRunTo(m.Ref.Slug, 1, uploadWord(t, s.db, m, wordWithPicture()))
		p := b.get(path).want(200).shows("What do the pictures show?", "Picture 1, in section 1: map.png").holds(`value="A map of the county"`)
		take := fields("how", "append", "seen", p.carried().Get("seen"), "do", "preview", "picture-1", "The districts *of* Kent")
		b.post(path, take).want(200).shows("See [Picture: The districts *of* Kent]")
		take.Set("do", "save")
		b.post(path, take).want(303)
		text := draftOf(t, s, m).Sections[len(m.SectionIDs)].Markdown
		if want := "See \\[Picture: The districts \\*of\\* Kent\\]\n\nStruck"; text != want {
			t.Errorf("text %q, want %q", text, want)
		}
		long := route.DeskWordImportRunTo(m.Ref.Slug, 1, uploadWord(t, s.db, m, wordWithPicture()))
		b.post(long, fields("how", "append", "picture-1", strings.Repeat("x", 501))).want(422).shows("Words for picture 1 must be 500 characters or fewer")
		b.post(long, fields("how", "append", "picture-2", "x")).want(400)
	})
	t.Run("replacing never takes away what somebody wrote meanwhile", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		m := arrangementtest.Draft(t, s.db)
		b := s.as(m.Support.Account)
		path := route.DeskWordImportRunTo(m.Ref.Slug, 1, uploadWord(t, s.db, m, wordWithPicture()))
		opened := b.get(path).want(200).shows("Instead of the " + strconv.Itoa(len(m.SectionIDs)) + " sections of the draft").carried()
		b.post(path, fields("seen", opened.Get("seen"), "picture-1", "Kept words")).want(422).shows("Choose where the sections go").holds(`value="Kept words"`)
		b.post(route.DeskSectionTo(m.Ref.Slug, 1, m.SectionIDs[0]), fields("heading", "Scope", "markdown", "Written meanwhile", "revision", "1", "do", "save")).want(303)
		replace := fields("how", "replace", "seen", opened.Get("seen"), "do", "save", "picture-1", "Kept words")
		clash := b.post(path, replace).want(409).shows("Somebody has changed the sections since you opened this page").holds(`value="Kept words"`)
		if got := draftOf(t, s, m).Sections[0].Markdown; got != "Written meanwhile" {
			t.Fatalf("the text is %q", got)
		}
		replace.Set("seen", clash.carried().Get("seen"))
		b.post(path, replace).want(303)
		if got := headings(t, s, m); got != "Map, Duties" {
			t.Errorf("sections %s", got)
		}
	})
	t.Run("an empty draft asks nothing", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		m := arrangementtest.Draft(t, s.db)
		b := s.as(m.Support.Account)
		for _, section := range m.SectionIDs {
			b.post(route.DeskSectionDeleteTo(m.Ref.Slug, 1, section), fields("revision", "1")).want(303)
		}
		path := route.DeskWordImportRunTo(m.Ref.Slug, 1, uploadWord(t, s.db, m, wordWithPicture()))
		page := b.get(path).want(200).hides("Where do these sections go?")
		b.post(path, page.carried()).want(303)
		if got := headings(t, s, m); got != "Map, Duties" {
			t.Errorf("sections %s", got)
		}
	})
	t.Run("what is no Word document is refused in words, and nothing is kept", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		m := arrangementtest.Draft(t, s.db)
		b, path := s.as(m.Support.Account), route.DeskWordImportTo(m.Ref.Slug, 1)
		b.sendWord(path, "", nil).want(422).shows("Error: Import from Word", "Choose a Word document")
		b.sendWord(path, "a.docx", []byte("hello")).want(422).shows("The file is damaged, or it is no Word document")
		b.sendWord(path, "a.doc", []byte("\xd0\xcf\x11\xe0 old")).want(422).shows("an old version of Word, or one with a password")
		b.sendWord(path, "a.docx", docxtest.New(docxtest.Heading("A")).With("word/vbaProject.bin", "x").Bytes()).want(422).shows("The document holds macros")
		b.sendWord(path, "a.docx", make([]byte, 26<<20)).want(422).shows("The file must be 25 MB or smaller")
		long := docxtest.New(docxtest.Heading("Long one"), docxtest.Paragraph(docxtest.Run(strings.Repeat("word ", 50_001)))).Bytes()
		b.sendWord(path, "a.docx", long).want(422).shows("Section 1, “Long one”, has 250004 characters")
		many := strings.Repeat(docxtest.Heading("A")+docxtest.Paragraph(docxtest.Run("a")), 201)
		b.sendWord(path, "a.docx", docxtest.New(many).Bytes()).want(422).shows("has 201 headings of the highest level")
		b.get(path + "/1000000").want(404)
	})
	t.Run("a frozen text takes nothing in", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		m := arrangementtest.OutForSignOff(t, s.db)
		b := s.as(m.Support.Account)
		b.get(route.DeskWordImportTo(m.Ref.Slug, 1)).want(409).shows("This text is put to the partners")
		b.sendWord(route.DeskWordImportTo(m.Ref.Slug, 1), "a.docx", wordWithPicture()).want(409).shows("This text is put to the partners")
		if regexp.MustCompile("Import from Word").MatchString(b.get(route.DeskVersionTo(m.Ref.Slug, 1)).body) {
			t.Error("an import is offered")
		}
	})
}
