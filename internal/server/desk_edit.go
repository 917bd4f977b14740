package server

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"unicode/utf8"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// maxMarkdown is how many characters a section may hold; the database says the same.
const maxMarkdown = 250_000

// highestRevision bounds what a form may claim to have seen.
const highestRevision = 1_000_000_000

func (s *Server) getDeskDetails(w http.ResponseWriter, r *http.Request) error {
	d, err := s.editable(r)
	if err != nil {
		return s.refuse(w, r, err, wayToVersion(d.Ref))
	}
	first := url.Values{"title": {d.Title}, "guidance": {strconv.FormatInt(d.Guidance.ID, 10)}, "label": {d.Label}}
	form.PutDate(first, "effective-from", d.EffectiveFrom)
	return s.showDeskDetails(w, r, form.New(first), page.DeskDetails{Ref: deskRef(d), Revision: d.Revision}, http.StatusOK)
}

func (s *Server) postDeskDetails(w http.ResponseWriter, r *http.Request) error {
	d, err := s.deskDraft(r)
	if err != nil {
		return err
	}
	editions, err := s.editions(r)
	if err != nil {
		return err
	}
	f, err := formOf(r, "title", "guidance", "effective-from", "label", "revision", "do")
	if err != nil {
		return err
	}
	cmd := arrangement.DetailsCommand{Ref: d.Ref, Title: f.Required("title", "Title", "Enter a title"),
		Guidance:      number[int64](f.Choice("guidance", "Choose an edition of the guidance", values(editions)...)),
		EffectiveFrom: f.Date("effective-from", "The effective day", ""), Label: f.Line("label", "Label"),
		Revision: f.Int("revision", "Revision", "The form did not arrive whole", 1, highestRevision)}
	p := page.DeskDetails{Ref: deskRef(d), Revision: cmd.Revision}
	if f.Errors().Any() {
		return s.showDeskDetails(w, r, f, p, statuses[fault.Invalid])
	}
	err = s.Arrangements.SaveDetails(r.Context(), actorOf(r), cmd)
	if clash, ok := errors.AsType[*arrangement.DetailsConflict](err); ok {
		s.note(r, err)
		p.Revision = clash.Theirs.Revision
		p.Conflict = detailsClash(clash, cmd, editions)
		return s.showDeskDetails(w, r, f, p, statuses[fault.Conflict])
	}
	if ruled(f, err) {
		return s.showDeskDetails(w, r, f, p, statuses[fault.Invalid])
	}
	if err != nil {
		return s.refuse(w, r, err, wayToVersion(d.Ref))
	}
	s.tell(r, "The details are saved", "")
	return redirect(w, r, versionPath(d.Ref))
}

func detailsClash(clash *arrangement.DetailsConflict, mine arrangement.DetailsCommand, editions []ui.Option) *ui.Conflict {
	edition := ""
	for _, o := range editions {
		if o.Value == strconv.FormatInt(mine.Guidance, 10) {
			edition = o.Text
		}
	}
	words := func(title, guidance string, from day.Date, label string) string {
		return fmt.Sprintf("Title: %s\nEdition of the guidance: %s\nIn effect from: %s\nLabel: %s", title, guidance, or(from.Long(), "not set"), or(label, "none"))
	}
	theirs := clash.Theirs
	return &ui.Conflict{What: "the details", SavedBy: or(clash.Saved.Name, "Somebody else"), SavedAt: day.Clock(clash.Saved.At),
		Saved: words(theirs.Title, theirs.Guidance.Title, theirs.EffectiveFrom, theirs.Label), Yours: words(mine.Title, edition, mine.EffectiveFrom, mine.Label)}
}

func (s *Server) showDeskDetails(w http.ResponseWriter, r *http.Request, f *form.Form, p page.DeskDetails, status int) error {
	editions, err := s.editions(r)
	if err != nil {
		return err
	}
	p.Action, p.Errors, p.Editions = route.DeskDetailsTo(p.Ref.Slug, p.Ref.Number), f.Errors(), editions
	p.Title = f.Field("title", "Title", "As it stands on the cover")
	p.Guidance = f.Field("guidance", "Edition of the statutory guidance", "")
	p.Effective = f.DateField("effective-from", "In effect from", "An exact day. It is part of the signed text and cannot be changed afterwards. For example, 17 9 2026")
	p.Label = f.Field("label", "Label as published", "How people call this version, for example “June 2019”. It is not part of the signed text.")
	v := deskView(p.Ref, "Details")
	v.content, v.hasErrors = p.Content(), p.Errors.Any() || p.Conflict != nil
	return s.show(w, r, status, v)
}

func (s *Server) getDeskSectionNew(w http.ResponseWriter, r *http.Request) error {
	d, err := s.editable(r)
	if err != nil {
		return s.refuse(w, r, err, wayToVersion(d.Ref))
	}
	return s.showDeskSection(w, r, form.New(nil), newSection(d), http.StatusOK)
}

func newSection(d arrangement.Draft) page.DeskSection {
	return page.DeskSection{Ref: deskRef(d), New: true, Number: len(d.Sections) + 1, Rest: wordsBeside(d, 0), Action: route.DeskSectionNewTo(d.Ref.Slug, d.Ref.Number)}
}

func (s *Server) postDeskSectionNew(w http.ResponseWriter, r *http.Request) error {
	d, err := s.deskDraft(r)
	if err != nil {
		return err
	}
	f, p := form.New(r.PostForm), newSection(d)
	heading, markdown, preview, err := readSection(f)
	if err != nil {
		return err
	}
	if f.Errors().Any() {
		return s.showDeskSection(w, r, f, p, statuses[fault.Invalid])
	}
	if preview {
		return s.previewSection(w, r, f, p)
	}
	added, err := s.Arrangements.AddSection(r.Context(), actorOf(r), d.Ref, heading, markdown)
	if ruled(f, err) {
		return s.showDeskSection(w, r, f, p, statuses[fault.Invalid])
	}
	if err != nil {
		return s.keepText(w, r, f, p, err)
	}
	s.tell(r, "The section is added", "")
	return redirect(w, r, sectionPlace(d.Ref, added))
}

func sectionPlace(ref arrangement.Ref, section id.Section) string {
	return fmt.Sprintf("%s#section-%d", versionPath(ref), section)
}

// readSection reads the editor. The text is kept exactly as typed; the service cleans it.
func readSection(f *form.Form) (heading, markdown string, preview bool, err error) {
	if err := f.Only("heading", "markdown", "revision", "do"); err != nil {
		return "", "", false, badForm(err)
	}
	preview = f.Raw("do") == "preview"
	if !preview {
		heading = f.Required("heading", "Heading", "Enter a heading")
	}
	markdown = f.Raw("markdown")
	if n := utf8.RuneCountInString(arrangement.Clean(markdown)); n > maxMarkdown {
		f.Fail("markdown", fmt.Sprintf("The text has %s characters, and a section can hold %s. Split it into two sections", thousands(n), thousands(maxMarkdown)))
	}
	return heading, markdown, preview, nil
}

// wordsBeside counts the words of all sections but one.
func wordsBeside(d arrangement.Draft, but id.Section) int {
	n := 0
	for _, sec := range d.Sections {
		if sec.ID != but {
			n += arrangement.Words(sec.Markdown)
		}
	}
	return n
}

// sectionWords says how long a section is, and the whole text with it.
func sectionWords(rest int, markdown string) string {
	own := arrangement.Words(markdown)
	return fmt.Sprintf("%s in this section, %s in all", plural(own, "word", "words"), plural(rest+own, "word", "words"))
}

// deskSection finds the section that an address names in its version.
func (s *Server) deskSection(r *http.Request, d arrangement.Draft) (arrangement.DraftSection, error) {
	section, err := pathID[id.Section](r, "section")
	if err != nil {
		return arrangement.DraftSection{}, err
	}
	for _, sec := range d.Sections {
		if sec.ID == section {
			return sec, nil
		}
	}
	return arrangement.DraftSection{}, fault.New(fault.NotFound, "There is no such section. Somebody may have deleted it.")
}

func (s *Server) getDeskSection(w http.ResponseWriter, r *http.Request) error {
	d, err := s.editable(r)
	if err != nil {
		return s.refuse(w, r, err, wayToVersion(d.Ref))
	}
	sec, err := s.deskSection(r, d)
	if err != nil {
		return err
	}
	return s.showDeskSection(w, r, form.New(url.Values{"heading": {sec.Heading}, "markdown": {sec.Markdown}}), oldSection(d, sec), http.StatusOK)
}

func oldSection(d arrangement.Draft, sec arrangement.DraftSection) page.DeskSection {
	return page.DeskSection{Ref: deskRef(d), Number: sec.Number, Revision: sec.Revision, Rest: wordsBeside(d, sec.ID), Action: route.DeskSectionTo(d.Ref.Slug, d.Ref.Number, sec.ID)}
}

func (s *Server) postDeskSection(w http.ResponseWriter, r *http.Request) error {
	d, err := s.deskDraft(r)
	if err != nil {
		return err
	}
	f := form.New(r.PostForm)
	heading, markdown, preview, err := readSection(f)
	if err != nil {
		return err
	}
	section, err := pathID[id.Section](r, "section")
	if err != nil {
		return err
	}
	p := oldSection(d, arrangement.DraftSection{ID: section})
	if sec, err := s.deskSection(r, d); err == nil {
		p.Number = sec.Number
	} else { // deleted meanwhile: what was typed can still be added
		return s.keepText(w, r, f, newSection(d), fault.New(fault.Conflict, "Somebody has deleted this section. Your text is below: you can add it as a new section."))
	}
	p.Revision = f.Int("revision", "Revision", "The form did not arrive whole", 1, highestRevision)
	if f.Errors().Any() {
		return s.showDeskSection(w, r, f, p, statuses[fault.Invalid])
	}
	if preview {
		return s.previewSection(w, r, f, p)
	}
	err = s.Arrangements.SaveSection(r.Context(), actorOf(r), arrangement.SectionCommand{Ref: d.Ref, Section: section, Revision: p.Revision,
		Heading: heading, Markdown: markdown})
	if clash, ok := errors.AsType[*arrangement.EditConflict](err); ok {
		return s.showSectionClash(w, r, f, p, clash)
	}
	if ruled(f, err) {
		return s.showDeskSection(w, r, f, p, statuses[fault.Invalid])
	}
	if err != nil {
		return s.keepText(w, r, f, p, err)
	}
	s.tell(r, fmt.Sprintf("Section %d is saved", p.Number), "")
	return redirect(w, r, sectionPlace(d.Ref, section))
}

// showSectionClash shows both texts to the second of two editors, with the revision that lets a second press replace.
func (s *Server) showSectionClash(w http.ResponseWriter, r *http.Request, f *form.Form, p page.DeskSection, clash *arrangement.EditConflict) error {
	s.note(r, clash)
	p.Revision = clash.Theirs.Revision
	p.Conflict = &ui.Conflict{What: fmt.Sprintf("section %d", p.Number), SavedBy: or(clash.Saved.Name, "Somebody else"),
		SavedAt: day.Clock(clash.Saved.At), Saved: clash.Theirs.Markdown, SavedHead: clash.Theirs.Heading,
		Yours: f.Raw("markdown"), YoursHead: f.Raw("heading")}
	return s.showDeskSection(w, r, f, p, statuses[fault.Conflict])
}

// keepText answers a save that the state of the version refuses: the words of the refusal, with what was typed.
func (s *Server) keepText(w http.ResponseWriter, r *http.Request, f *form.Form, p page.DeskSection, err error) error {
	if !errors.Is(err, fault.Conflict) {
		return err
	}
	s.note(r, err)
	f.Fail("", fault.Message(err))
	return s.showDeskSection(w, r, f, p, statuses[fault.Conflict])
}

// previewSection shows what was typed as it would look. Nothing is saved.
func (s *Server) previewSection(w http.ResponseWriter, r *http.Request, f *form.Form, p page.DeskSection) error {
	drawn := documentSection(p.Number, arrangement.Text{Heading: or(f.Raw("heading"), "(no heading yet)"), Markdown: arrangement.Clean(f.Raw("markdown"))})
	p.Preview = &ui.Document{Sections: []ui.DocSection{drawn}}
	return s.showDeskSection(w, r, f, p, http.StatusOK)
}

func (s *Server) showDeskSection(w http.ResponseWriter, r *http.Request, f *form.Form, p page.DeskSection, status int) error {
	p.Errors, p.Max, p.Words = f.Errors(), maxMarkdown, sectionWords(p.Rest, f.Raw("markdown"))
	p.Heading = f.Field("heading", "Heading", "")
	p.Markdown = f.Field("markdown", "Text", "Write in Markdown, or paste plain text. Help with formatting stands below")
	v := deskView(p.Ref, p.Text())
	v.content, v.hasErrors = p.Content(), p.Errors.Any() || p.Conflict != nil
	return s.show(w, r, status, v)
}

func (s *Server) postDeskSectionMove(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	section, err := pathID[id.Section](r, "section")
	if err != nil {
		return err
	}
	f := form.New(r.PostForm)
	to := f.Choice("to", "Choose up or down", "up", "down")
	if f.Errors().Any() {
		return errBadForm
	}
	if err := s.Arrangements.MoveSection(r.Context(), actorOf(r), ref, section, to == "up"); err != nil {
		return s.refuse(w, r, err, wayToVersion(ref))
	}
	return redirect(w, r, sectionPlace(ref, section))
}

func (s *Server) getDeskSectionDelete(w http.ResponseWriter, r *http.Request) error {
	d, err := s.editable(r)
	if err != nil {
		return s.refuse(w, r, err, wayToVersion(d.Ref))
	}
	sec, err := s.deskSection(r, d)
	if err != nil {
		return err
	}
	p := page.DeskConfirm{Caption: deskRef(d).Title, Heading: fmt.Sprintf("Delete section %d, %s?", sec.Number, sec.Heading),
		Text: []string{"The sections after it move up and get new numbers."}, Warning: "A deleted section cannot be brought back.",
		Action: route.DeskSectionDeleteTo(d.Ref.Slug, d.Ref.Number, sec.ID), Revision: sec.Revision, Button: "Delete this section",
		Cancel: ui.Link{Text: "Keep it", Path: versionPath(d.Ref)}}
	v := deskView(deskRef(d), "Delete a section")
	v.content = p.Content()
	return s.show(w, r, http.StatusOK, v)
}

func (s *Server) postDeskSectionDelete(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	section, err := pathID[id.Section](r, "section")
	if err != nil {
		return err
	}
	f := form.New(r.PostForm)
	revision := f.Int("revision", "Revision", "The form did not arrive whole", 1, highestRevision)
	if f.Errors().Any() {
		return errBadForm
	}
	err = s.Arrangements.RemoveSection(r.Context(), actorOf(r), ref, section, revision)
	if errors.Is(err, fault.NotFound) && actorOf(r).Can(authz.DraftDocument) {
		return redirect(w, r, versionPath(ref)) // pressed twice: it is gone
	}
	if err != nil {
		return s.refuse(w, r, err, ui.Link{Text: "Look at the section as it is now", Path: route.DeskSectionTo(ref.Slug, ref.Number, section)}, wayToVersion(ref))
	}
	s.tell(r, "The section is deleted", "")
	return redirect(w, r, versionPath(ref))
}

func (s *Server) getDeskDiscard(w http.ResponseWriter, r *http.Request) error {
	d, err := s.editable(r)
	if err != nil {
		return s.refuse(w, r, err, wayToVersion(d.Ref))
	}
	p := page.DeskConfirm{Caption: d.Title, Heading: fmt.Sprintf("Discard version %d?", d.Ref.Number),
		Text:    []string{"The draft stays on record, but nobody can work on it any more. Its number is not used again.", "You can start another version afterwards."},
		Warning: "A discarded draft cannot be brought back.", Action: route.DeskDiscardTo(d.Ref.Slug, d.Ref.Number), Button: "Discard this draft",
		Cancel: ui.Link{Text: "Keep it", Path: versionPath(d.Ref)}}
	v := deskView(deskRef(d), "Discard")
	v.content = p.Content()
	return s.show(w, r, http.StatusOK, v)
}

func (s *Server) postDeskDiscard(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	if err := s.Arrangements.Discard(r.Context(), actorOf(r), ref); err != nil {
		return s.refuse(w, r, err, wayToVersion(ref))
	}
	s.tell(r, "The draft is discarded", "It stays on record in its timeline.")
	return redirect(w, r, route.Desk)
}
