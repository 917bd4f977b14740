package docx_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnershipportal/internal/docx"
	"partnershipportal/internal/docx/docxtest"
	"partnershipportal/internal/fault"
)

func markdowns(r docx.Result) []string {
	var out []string
	for _, s := range r.Sections {
		out = append(out, "# "+s.Heading+"\n"+docx.Markdown(s.Blocks, nil))
	}
	return out
}

func TestReadsWhatWordWrites(t *testing.T) {
	t.Parallel()
	r := read(t, docxtest.Arrangements())
	if r.Title != "Arrangements for safeguarding children" {
		t.Errorf("title %q", r.Title)
	}
	want := []string{
		"# Introduction\nThis plan is agreed by **three partners** *together*.",
		strings.Join([]string{"# Who we are", "The partners meet at [the county hall](https://example.org/hall?a=1&b=2), and write to [us](mailto:us@example.org).[^1] They **always agree**.", "",
			"They kept this word.[^2]", "", "1. the council", "2. the police", "   - the chief constable", "   - a deputy", "3. health", "", "A line between.", "", "4. goes on", "",
			"5. begins anew", "", "[^1]: See *Working Together*.", "", "[^2]: An endnote."}, "\n"),
		"# Money\n## Who pays\n\n| Body | 2019\u201320 | Share |\n| --- | --- | --- |\n| Council | £1,250 | Whole year; Paid in April. |\n| Police |  | none |\n\n> Said by somebody.\n\nBelow.",
	}
	// the last list has a number of its own, so it is written apart from the one before
	want[1] = strings.Replace(want[1], "5. begins anew", "1) begins anew", 1)
	if d := cmp.Diff(want, markdowns(r)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestTellsWhatItLeavesOut(t *testing.T) {
	t.Parallel()
	r := read(t, docxtest.Arrangements())
	var got []string
	for _, m := range r.Remarks {
		got = append(got, fmt.Sprintf("%s (%t): %s", m.What, m.Kept, m.Detail))
	}
	want := []string{
		"Text before the first heading (true): It becomes a section called “Introduction”.",
		"Text box (false): Call us on 01234 567890",
		"Equation (false): a+b",
		"Chart (false): Spending by year",
		"Header of the pages (false): Draft 3, not agreed",
		"Comments (false): 1 comment is left out.",
		"Hidden text (false): Words that Word hides are left out.",
		"Links (false): 1 link leads to a file or another place that the portal does not show. The words are kept.",
		"Table of contents (false): The portal makes its own.",
		"Tracked changes (true): The text is read as if every change were accepted: 1 insertion is kept, 1 deletion is left out.",
		"Struck-out words (true): They are kept as ordinary words. Delete them if they are not meant to stay.",
		"Endnotes (true): They become footnotes of their section.",
		"Merged cells (true): Their words stand in the first of the cells, and the others are empty.",
		"Cells with several paragraphs (true): In 1 cell the paragraphs are joined into one.",
	}
	slices.Sort(got)
	slices.Sort(want)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestListsThePictures(t *testing.T) {
	t.Parallel()
	data := docxtest.New(docxtest.Heading("Map"), docxtest.Paragraph(docxtest.Run("See ")+docxtest.Picture("map.png", "A map of the county")+docxtest.Run(".")),
		docxtest.Paragraph(docxtest.Picture("logo.png", ""))).With("word/media/map.png", "PNG bytes").Bytes()
	r := read(t, data)
	if len(r.Pictures) != 2 || r.Pictures[0].Alt != "A map of the county" || r.Pictures[0].Section != 1 || r.Pictures[1].Alt != "" {
		t.Fatalf("pictures %+v", r.Pictures)
	}
	markdown := docx.FillPictures(docx.Markdown(r.Sections[0].Blocks, nil), func(n int) string { return []string{"A map *of* Kent", ""}[n-1] })
	if want := "See \\[Picture: A map \\*of\\* Kent\\].\n\n"; strings.TrimRight(markdown, "\n") != strings.TrimRight(want, "\n") {
		t.Errorf("got %q", markdown)
	}
	opened, err := docx.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	got, mediaType, err := opened.Picture(r.Pictures[0], 100)
	if string(got) != "PNG bytes" || mediaType != "image/png" || err != nil {
		t.Errorf("%q of type %s (%v)", got, mediaType, err)
	}
	if _, _, err := opened.Picture(r.Pictures[0], 3); fault.Message(err) != fault.Message(docx.ErrTooLarge) {
		t.Errorf("a picture over the limit: %v", err)
	}
	if _, _, err := opened.Picture(r.Pictures[1], 100); err == nil {
		t.Error("a picture that is not there was read")
	}
}

func TestSections(t *testing.T) {
	t.Parallel()
	p := func(text string) string { return docxtest.Paragraph(docxtest.Run(text)) }
	for name, c := range map[string]struct {
		parts []string
		want  []string
		title string
	}{
		"headings of the first level begin sections":         {[]string{docxtest.Heading("A"), p("a"), docxtest.HeadingAt(2, "B"), p("b"), docxtest.Heading("C"), p("c")}, []string{"# A\na\n\n## B\n\nb", "# C\nc"}, ""},
		"a single heading at the start is the title":         {[]string{docxtest.Heading("T"), docxtest.HeadingAt(2, "A"), p("a"), docxtest.HeadingAt(3, "B"), p("b")}, []string{"# A\na\n\n## B\n\nb"}, "T"},
		"a single heading without others is a section":       {[]string{docxtest.Heading("A"), p("a")}, []string{"# A\na"}, ""},
		"without headings everything is one section":         {[]string{p("a"), p("b")}, []string{"# Introduction\na\n\nb"}, ""},
		"the title names a section without headings":         {[]string{docxtest.Styled("Title", "T"), p("a")}, []string{"# T\na"}, "T"},
		"a heading without text below stays":                 {[]string{docxtest.Heading("A"), docxtest.Heading("B"), p("b")}, []string{"# A\n", "# B\nb"}, ""},
		"an empty heading is none":                           {[]string{docxtest.Heading("A"), p("a"), docxtest.Heading(" "), p("b")}, []string{"# A\na\n\nb"}, ""},
		"a heading that is too long is cut and stands whole": {[]string{docxtest.Heading(strings.Repeat("x", 201)), p("a")}, []string{"# " + strings.Repeat("x", 199) + "…\n" + strings.Repeat("x", 201) + "\n\na"}, ""},
		"code keeps its lines and quotations their paragraphs": {[]string{docxtest.Heading("A"), docxtest.Styled("HTMLPreformatted", "a  b"), docxtest.Styled("HTMLPreformatted", "c"), docxtest.Styled("Quote", "d"), docxtest.Styled("Quote", "e")},
			[]string{"# A\n```\na  b\nc\n```\n\n> d\n>\n> e"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := read(t, docxtest.New(c.parts...).Bytes())
			if d := cmp.Diff(c.want, markdowns(r)); d != "" || r.Title != c.title {
				t.Errorf("title %q (-want +got):\n%s", r.Title, d)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	good := docxtest.New(docxtest.Heading("A"))
	deep := docxtest.Paragraph(strings.Repeat("<w:ins>", 300) + strings.Repeat("</w:ins>", 300))
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"nothing":              {nil, "damaged"},
		"a PDF":                {[]byte("%PDF-1.7"), "This is a PDF"},
		"an old document":      {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on"), "old version of Word, or one with a password"},
		"rich text":            {[]byte(`{\rtf1 a}`), "rich text"},
		"an empty archive":     {docxtest.Zip(nil), "damaged"},
		"half a file":          {docxtest.Arrangements()[:2000], "damaged"},
		"broken XML":           {good.With("word/document.xml", "<w:document><w:p>").Bytes(), "damaged"},
		"declared entities":    {good.With("word/document.xml", `<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>`).Bytes(), "damaged"},
		"declared in a part":   {good.With("word/styles.xml", `<!DOCTYPE d><d/>`).Bytes(), "damaged"},
		"macros":               {good.With("word/vbaProject.bin", "x").Bytes(), "holds macros"},
		"a workbook":           {docxtest.Zip(map[string]string{"xl/workbook.xml": "<a/>"}), "This is a workbook"},
		"a presentation":       {docxtest.Zip(map[string]string{"ppt/presentation.xml": "<a/>"}), "This is a presentation"},
		"OpenDocument":         {docxtest.Zip(map[string]string{"content.xml": "<a/>"}), "OpenDocument"},
		"a part twice":         {docxtest.Zip(map[string]string{"word/document.xml": "<a/>", "WORD/DOCUMENT.XML": "<a/>"}), "damaged"},
		"no text":              {docxtest.New(docxtest.Paragraph("")).Bytes(), "no text"},
		"elements too deep":    {docxtest.New(deep).Bytes(), "nests its parts deeper"},
		"more than it holds":   {docxtest.New(docxtest.Heading(strings.Repeat("a", 80<<20))).Bytes(), "unpacks to far more"},
		"a lie about its size": {lyingAboutSize(t), "damaged"},
		"more text than fits":  {tooLong(), "more text than a version can"},
		"a large file":         {make([]byte, docx.MaxFile+1), "25 MB or smaller"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := docx.Read(c.data)
			if !strings.Contains(fault.Message(err), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// tooLong is text that does not pack well, so that its own size is the limit that it meets.
func tooLong() []byte {
	var b strings.Builder
	for i := range 700_000 {
		fmt.Fprintf(&b, "%x ", i*2654435761)
	}
	return docxtest.New(docxtest.Heading("A"), docxtest.Paragraph(docxtest.Run(b.String()))).Bytes()
}

// lyingAboutSize is an archive whose text is longer than it says.
func lyingAboutSize(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	f, err := z.Create("word/document.xml")
	if err == nil {
		_, err = f.Write(bytes.Repeat([]byte(" "), 4096))
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	data := b.Bytes()
	at := bytes.LastIndex(data, []byte("PK\x01\x02"))
	copy(data[at+24:], []byte{1, 0, 0, 0})
	return data
}

// Names in an archive and in its relations pick parts of that archive. Nothing outside is ever opened.
func TestNamesStayInside(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", `\\server\share`, "http://127.0.0.1:1/x"} {
		data := docxtest.New(docxtest.Heading("A"), docxtest.Paragraph(docxtest.Run("a")+docxtest.Picture("x.png", "x"))).
			With("word/_rels/document.xml.rels", docxtest.Relations(docxtest.Relation("pic-x.png", "image", target, false), docxtest.Relation("s", "styles", target, true),
				docxtest.Relation("n", "numbering", target, false))).Bytes()
		opened, err := docx.Open(data)
		if err != nil {
			t.Fatal(err)
		}
		r, err := opened.Read()
		if err != nil || len(r.Pictures) != 1 {
			t.Fatalf("%s: %v, %d pictures", target, err, len(r.Pictures))
		}
		if _, _, err := opened.Picture(r.Pictures[0], 1000); err == nil {
			t.Errorf("%s was read", target)
		}
	}
}

func TestDangerousLinksLeaveTheirWords(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"javascript:alert(1)", "file:///c:/x", "data:text/html,x", "vbscript:x", " jAvascript:x", "https://", "x.docx", "http://a b"} {
		r := read(t, docxtest.New(docxtest.Heading("A"), docxtest.Paragraph(docxtest.Link("l", "words"))).
			With("word/_rels/document.xml.rels", docxtest.Relations(docxtest.Relation("l", "hyperlink", target, true), docxtest.Relation("s", "styles", "styles.xml", false))).Bytes())
		if got := markdowns(r)[0]; got != "# A\nwords" {
			t.Errorf("%s became %q", target, got)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(docxtest.Arrangements())
	f.Add(docxtest.New(docxtest.Heading("A"), docxtest.Paragraph(docxtest.Picture("a.png", "a"))).Bytes())
	f.Add(write(f, docx.Document{Title: "T", Sections: []docx.Section{{Heading: "A", Blocks: []docx.Block{{Spans: []docx.Span{{Text: "a"}}}}}}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := docx.Read(data)
		assertRead(t, r, err)
	})
}

// FuzzText goes past the packing, which hardly any change of bytes survives.
func FuzzText(f *testing.F) {
	whole := docxtest.Unzip(f, docxtest.Arrangements())
	names := slices.Sorted(maps.Keys(whole))
	for i, name := range names {
		f.Add(i, whole[name])
	}
	f.Fuzz(func(t *testing.T, which int, content string) {
		parts := docxtest.Parts(whole).With(names[max(which, 0)%len(names)], content)
		r, err := docx.Read(parts.Bytes())
		assertRead(t, r, err)
	})
}

// assertRead: a refusal is one that can be shown, and what was read can be written and read again.
func assertRead(t *testing.T, r docx.Result, err error) {
	t.Helper()
	if err != nil {
		if fault.Message(err) == "" {
			t.Fatalf("no words for %v", err)
		}
		return
	}
	if len(r.Sections) == 0 {
		t.Fatal("neither a refusal nor a section")
	}
	for _, s := range r.Sections {
		if strings.TrimSpace(s.Heading) == "" || len([]rune(s.Heading)) > 200 {
			t.Errorf("heading %q", s.Heading)
		}
		docx.FillPictures(docx.Markdown(s.Blocks, nil), func(int) string { return "x" })
	}
	if _, err := docx.Read(write(t, docx.Document{Title: "T", Sections: r.Sections})); err != nil && !strings.Contains(fault.Message(err), "holds more text") {
		t.Errorf("what was read cannot be read again: %v", err)
	}
}

// Time is measured against ordinary text of the same size in the same run, since the machine may be busy. Not parallel,
// because it measures.
func TestReadIsQuickWithHostileText(t *testing.T) {
	const size, most = 2 << 20, 25 // bytes of text with its elements; times as long as ordinary text
	read := func(piece, before, after string) time.Duration {
		data := docxtest.New(docxtest.Heading("A"), before+strings.Repeat(piece, size/len(piece))+after).Bytes()
		started := time.Now()
		r, err := docx.Read(data)
		if err == nil {
			for _, s := range r.Sections {
				docx.Same(s.Blocks, s.Blocks)
				docx.Markdown(s.Blocks, nil)
			}
		}
		return time.Since(started)
	}
	ordinary := docxtest.Paragraph(docxtest.Run("The partners meet four times a year, and ") + docxtest.Looking("<w:b/>", "whenever") + docxtest.Run(" one of them asks."))
	limit := most * min(read(ordinary, "", ""), read(ordinary, "", ""))
	for _, c := range [][3]string{
		{"<w:r><w:t>a</w:t></w:r>", "<w:p>", "</w:p>"}, {"<w:r><w:t> </w:t></w:r>", "<w:p>", "</w:p>"}, {"<w:r><w:t>a </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t> *</w:t></w:r>", "<w:p>", "</w:p>"},
		{"<w:r><w:br/></w:r>", "<w:p>", "</w:p>"}, {"<w:p/>", "", ""}, {docxtest.Styled("Title", "a"), "", ""}, {docxtest.Heading("a"), "", ""}, {docxtest.Item(1, 8, "a") + docxtest.Item(1, 0, "a"), "", ""},
		{"<w:tc/>", "<w:tbl><w:tr>", "</w:tr></w:tbl>"}, {"<w:tr><w:tc/></w:tr>", "<w:tbl>", "</w:tbl>"}, {`<w:r><w:instrText>a</w:instrText></w:r>`, `<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>`, "</w:p>"},
		{`<w:sectPr><w:headerReference r:id="a"/></w:sectPr>`, "", ""}, {"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>a</w:t></w:r></w:p>", "", ""},
	} {
		took := read(c[0], c[1], c[2])
		if took > limit { // once may be bad luck
			took = min(took, read(c[0], c[1], c[2]))
		}
		if took > limit {
			t.Errorf("%q took %v, want at most %v", c[0], took, limit)
		}
	}
}
