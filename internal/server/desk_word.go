package server

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"unicode/utf8"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/day"
	"partnershipportal/internal/docx"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

const (
	wordForm     = docx.MaxFile + 15<<20 // well above what a file may have, so that one somewhat too large is told so beside its field
	picturesForm = 1 << 20               // what up to 500 pictures show, in words
	maxPicture   = 500                   // characters
)

func (s *Server) getDeskWordImport(w http.ResponseWriter, r *http.Request) error {
	d, err := s.editable(r)
	if err != nil {
		return s.refuse(w, r, err, wayToVersion(d.Ref))
	}
	return s.showDeskWordImport(w, r, d, form.New(nil), http.StatusOK)
}

func (s *Server) postDeskWordImport(w http.ResponseWriter, r *http.Request) error {
	d, err := s.deskDraft(r)
	if err != nil {
		return err
	}
	f, err := formOf(r)
	if err != nil {
		return err
	}
	name, data, err := uploadedWord(r)
	if err == nil {
		var added id.WordImport
		if added, err = s.Arrangements.UploadWord(r.Context(), actorOf(r), d.Ref, name, data); err == nil {
			return redirect(w, r, route.DeskWordImportRunTo(d.Ref.Slug, d.Ref.Number, added))
		}
	}
	if ruled(f, err) {
		return s.showDeskWordImport(w, r, d, f, statuses[fault.Invalid])
	}
	return s.refuse(w, r, err, wayToVersion(d.Ref))
}

// uploadedWord reads the file of the form. Fault: Invalid, where there is none or it is too large.
func uploadedWord(r *http.Request) (name string, data []byte, err error) {
	sent, header, err := r.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return "", nil, fault.Field("file", "Choose a Word document (.docx)")
	}
	if err != nil {
		return "", nil, errBadForm.Because(err)
	}
	defer func() { _ = sent.Close() }() // only read
	if header.Size > docx.MaxFile {
		return "", nil, docx.ErrTooLarge
	}
	data, err = io.ReadAll(io.LimitReader(sent, docx.MaxFile+1))
	if err != nil {
		return "", nil, errBadForm.Because(err)
	}
	return fileName(header.Filename), data, nil
}

func (s *Server) showDeskWordImport(w http.ResponseWriter, r *http.Request, d arrangement.Draft, f *form.Form, status int) error {
	p := page.DeskWordImport{Ref: deskRef(d), Action: route.DeskWordImportTo(d.Ref.Slug, d.Ref.Number), Errors: f.Errors(),
		File: ui.FileUpload{Field: f.Field("file", "Word document", fmt.Sprintf("A .docx file of %d MB at most", docx.MaxFile>>20)), Accept: ".docx"}}
	v := deskView(p.Ref, "Import from Word")
	v.content, v.hasErrors = p.Content(), p.Errors.Any()
	return s.show(w, r, status, v)
}

// deskWord reads an upload and the draft that it belongs to.
func (s *Server) deskWord(r *http.Request) (arrangement.Draft, arrangement.WordImport, error) {
	d, err := s.deskDraft(r)
	if err != nil {
		return d, arrangement.WordImport{}, err
	}
	which, err := pathID[id.WordImport](r, "id")
	if err != nil {
		return d, arrangement.WordImport{}, err
	}
	read, err := s.Arrangements.WordImport(r.Context(), actorOf(r), d.Ref, which)
	return d, read, err
}

func (s *Server) getDeskWordImportRun(w http.ResponseWriter, r *http.Request) error {
	d, read, err := s.deskWord(r)
	if err != nil {
		return err
	}
	if err := d.CanEdit(actorOf(r)); err != nil {
		return s.refuse(w, r, err, wayToVersion(d.Ref))
	}
	first := url.Values{"how": {"append"}}
	for i, p := range read.Content.Pictures {
		first.Set(pictureField(i+1), string([]rune(p.Alt)[:min(utf8.RuneCountInString(p.Alt), maxPicture)]))
	}
	return s.showDeskWordRun(w, r, d, read, form.New(first), http.StatusOK)
}

func pictureField(number int) string { return "picture-" + strconv.Itoa(number) }

func (s *Server) postDeskWordImportRun(w http.ResponseWriter, r *http.Request) error {
	d, read, err := s.deskWord(r)
	if err != nil {
		return err
	}
	names := []string{"how", "seen", "do"}
	for i := range read.Content.Pictures {
		names = append(names, pictureField(i+1))
	}
	f, err := formOf(r, names...)
	if read.AppliedAt != nil { // pressed twice: it is in the draft
		return redirect(w, r, versionPath(d.Ref)+"#sections")
	}
	if err != nil {
		return err
	}
	words := pictureWords(f, read.Content)
	how := f.Choice("how", "Choose where the sections go", "append", "replace")
	if f.Errors().Any() {
		return s.showDeskWordRun(w, r, d, read, f, statuses[fault.Invalid])
	}
	if f.Raw("do") == "preview" {
		return s.showDeskWordRun(w, r, d, read, f, http.StatusOK)
	}
	err = s.Arrangements.ApplyWord(r.Context(), actorOf(r), arrangement.ApplyWordCommand{Ref: d.Ref, Import: read.ID, Replace: how == "replace", Seen: f.Raw("seen"), Pictures: words})
	switch {
	case ruled(f, err):
		return s.showDeskWordRun(w, r, d, read, f, statuses[fault.Invalid])
	case errors.Is(err, fault.Conflict) && d.CanEdit(actorOf(r)) == nil:
		s.note(r, err)
		f.Fail("", fault.Message(err))
		return s.showDeskWordRun(w, r, d, read, f, statuses[fault.Conflict])
	case err != nil:
		return s.refuse(w, r, err, wayToVersion(d.Ref))
	}
	s.tell(r, "The Word document is in the draft", plural(len(read.Content.Sections), "section", "sections")+" of “"+read.FileName+"”")
	return redirect(w, r, versionPath(d.Ref)+"#sections")
}

// pictureWords reads what the pictures show, in the words of the form.
func pictureWords(f *form.Form, c arrangement.WordContent) func(int) string {
	words := make([]string, len(c.Pictures))
	for i := range words {
		words[i] = f.Text(pictureField(i+1), "Words for picture "+strconv.Itoa(i+1), maxPicture)
	}
	return func(number int) string {
		if number < 1 || number > len(words) {
			return ""
		}
		return words[number-1]
	}
}

func (s *Server) showDeskWordRun(w http.ResponseWriter, r *http.Request, d arrangement.Draft, read arrangement.WordImport, f *form.Form, status int) error {
	p := page.DeskWordRun{Ref: deskRef(d), FileName: read.FileName, Errors: f.Errors(), Action: route.DeskWordImportRunTo(d.Ref.Slug, d.Ref.Number, read.ID),
		Uploaded: "Uploaded on " + day.Clock(read.UploadedAt) + " by " + or(read.UploadedBy, "somebody") + ".", Another: route.DeskWordImportTo(d.Ref.Slug, d.Ref.Number), Seen: d.Mark()}
	v := deskView(p.Ref, "Import from Word")
	if read.AppliedAt != nil {
		p.Applied = "This document was taken over on " + day.Clock(*read.AppliedAt) + "."
		v.content = p.Content()
		return s.show(w, r, status, v)
	}
	for _, m := range read.Content.Remarks {
		row := []ui.Cell{{Text: m.What}, {Text: m.Detail}}
		if m.Kept {
			p.Changed.Rows = append(p.Changed.Rows, row)
		} else {
			p.Lost.Rows = append(p.Lost.Rows, row)
		}
	}
	for i, x := range read.Content.Pictures {
		label := fmt.Sprintf("Picture %d, in section %d", i+1, x.Section)
		if x.Name != "" {
			label += ": " + x.Name
		}
		p.Pictures = append(p.Pictures, f.Field(pictureField(i+1), label, ""))
	}
	sections := read.Content.Filled(func(number int) string { return f.Raw(pictureField(number)) })
	total := 0
	for i, sec := range sections {
		n := arrangement.Words(sec.Markdown)
		total += n
		p.Sections = append(p.Sections, []ui.Cell{{Text: strconv.Itoa(i + 1)}, {Text: sec.Heading}, {Text: thousands(n)}})
	}
	p.Count = plural(len(sections), "section", "sections") + ", " + plural(total, "word", "words")
	p.Document = documentOf(sections)
	p.How = wordHow(d, f)
	v.content, v.hasErrors = p.Content(), p.Errors.Any()
	return s.show(w, r, status, v)
}

// wordHow asks where the sections go, if the draft has any.
func wordHow(d arrangement.Draft, f *form.Form) *ui.Radios {
	if len(d.Sections) == 0 {
		return nil
	}
	there := "the section of the draft"
	if n := len(d.Sections); n > 1 {
		there = "the " + thousands(n) + " sections of the draft"
	}
	return &ui.Radios{Field: f.Field("how", "Where do these sections go?", ""), Options: []ui.Option{
		{Value: "append", Text: "After " + there, Hint: "Nothing that is there changes."},
		{Value: "replace", Text: "Instead of " + there, Hint: "What is there is deleted, and cannot be brought back. If somebody changes it meanwhile, nothing is done."}}}
}
