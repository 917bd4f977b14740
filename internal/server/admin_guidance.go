package server

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// guidancePages are those on which an administrator keeps the lists of the guidance.
func (s *Server) guidancePages(in innerRoutes) {
	who := can(authz.EditGuidance)
	in.get(route.AdminGuidance, who, s.getAdminGuidance)
	in.get(route.AdminGuidanceAdd, who, s.getAdminGuidanceAdd)
	in.post(route.AdminGuidanceAdd, who, smallForm, s.postAdminGuidanceAdd)
	in.get(route.AdminEdition, who, s.getAdminEdition)
	in.get(route.AdminRequirementAdd, who, s.getAdminRequirementAdd)
	in.post(route.AdminRequirementAdd, who, smallForm, s.postAdminRequirementAdd)
	in.get(route.AdminRequirement, who, s.getAdminRequirement)
	in.post(route.AdminRequirement, who, smallForm, s.postAdminRequirement)
	in.get(route.AdminRequirementRetract, who, s.getAdminRequirementRetract)
	in.post(route.AdminRequirementRetract, who, smallForm, s.postAdminRequirementRetract)
}

var requirementConfidences = []ui.Option{
	{Value: arrangement.RequirementConfirmed, Text: "Confirmed", Hint: "Compared with the published guidance. A confirmed must keeps a round from opening while it is uncovered."},
	{Value: arrangement.RequirementPartly, Text: "Confirmed in part"}, {Value: arrangement.RequirementUnconfirmed, Text: "Not confirmed"},
}

var requirementKinds = []ui.Option{{Value: arrangement.Must, Text: "Must"}, {Value: arrangement.Should, Text: "Should"}}

// adminGuidanceView is the view of a page about the guidance.
func adminGuidanceView(title string, content templ.Component, errs form.Errors) view {
	return view{title: title, current: route.AdminGuidance, content: content, hasErrors: errs.Any()}
}

func (s *Server) getAdminGuidance(w http.ResponseWriter, r *http.Request) error {
	editions, err := s.Arrangements.Editions(r.Context(), actorOf(r))
	if err != nil {
		return err
	}
	t := ui.Table{Caption: "Editions of the guidance", HideCaption: true, RowHeaders: true, Empty: "No edition is recorded yet.",
		Columns: []ui.Column{{Text: "Edition"}, {Text: "Published"}, {Text: "Requirements"}, {Text: "Versions that follow it"}}}
	for _, e := range editions {
		list := "No list is recorded"
		if e.Requirements > 0 {
			list = strconv.Itoa(e.Requirements) + ", " + strconv.Itoa(e.Confirmed) + " confirmed"
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: e.Title, Path: route.AdminEditionTo(e.ID)}, {Content: ui.TimeOf(e.Published)}, {Text: list}, {Text: countOrNone(e.Versions)}})
	}
	p := page.DeskDecision{Heading: "Guidance", Subject: "The editions of the statutory guidance, and what each asks of published arrangements. What was signed keeps the wording of its time.",
		Parts: []page.DeskPart{{ID: "editions", Heading: "Editions", Links: []ui.Link{{Text: "Add an edition", Path: route.AdminGuidanceAdd}}, Content: []templ.Component{t}}}}
	return s.show(w, r, http.StatusOK, adminGuidanceView(p.Heading, p.Content(), form.Errors{}))
}

func (s *Server) getAdminGuidanceAdd(w http.ResponseWriter, r *http.Request) error {
	return s.showEditionForm(w, r, form.New(nil))
}

func (s *Server) postAdminGuidanceAdd(w http.ResponseWriter, r *http.Request) error {
	f, err := formOf(r, "title", "published")
	if err != nil {
		return err
	}
	title, on := f.Required("title", "Title", "Enter the title of the edition"), f.Date("published", "The day of publication", "Enter the day on which it was published")
	if f.Errors().Any() {
		return s.showEditionForm(w, r, f)
	}
	added, err := s.Arrangements.AddEdition(r.Context(), actorOf(r), title, day.On(on))
	if onForm(f, err) {
		return s.showEditionForm(w, r, f)
	}
	if err != nil {
		return err
	}
	s.tell(r, "The edition is added", "Add what it asks for. Until then no list is recorded for it.")
	return redirect(w, r, route.AdminEditionTo(added))
}

func (s *Server) showEditionForm(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	p := page.DeskForm{Caption: "Guidance", Heading: "Add an edition", Errors: f.Errors(), Action: route.AdminGuidanceAdd, Button: ui.Button{Text: "Add the edition"}, Cancel: route.AdminGuidance,
		Fields: []templ.Component{ui.Input{Field: f.Field("title", "Title", "For example Working Together 2018"), Width: "20"},
			ui.DateInput{Field: f.DateField("published", "Day of publication", "For example 4 7 2018")}}}
	return s.showForm(w, r, adminGuidanceView(p.Heading, p.Content(), p.Errors))
}

func (s *Server) getAdminEdition(w http.ResponseWriter, r *http.Request) error {
	edition, err := pathID[int64](r, "edition")
	if err != nil {
		return err
	}
	e, list, err := s.Arrangements.Edition(r.Context(), actorOf(r), edition)
	if err != nil {
		return err
	}
	t := ui.Table{Caption: "Requirements of " + e.Title, HideCaption: true, RowHeaders: true, Empty: "No list is recorded for this edition. Add what it asks for.",
		Columns: []ui.Column{{Text: "Requirement"}, {Text: "Source"}, {Text: "Correct"}}}
	for _, q := range list {
		t.Rows = append(t.Rows, []ui.Cell{{Content: page.Requirement(q.Number, q.Wording, requirementNote(q))}, {Text: or(q.Source, "None on record")},
			{Text: "Correct requirement " + strconv.Itoa(q.Number), Path: route.AdminRequirementTo(e.ID, q.Number)}})
	}
	p := page.DeskDecision{Heading: e.Title, Subject: "Published: " + e.Published.Words() + ".",
		Parts: []page.DeskPart{{ID: "requirements", Heading: "What it asks for", Links: []ui.Link{{Text: "Add a requirement", Path: route.AdminRequirementAddTo(e.ID)}}, Content: []templ.Component{t}}}}
	return s.show(w, r, http.StatusOK, adminGuidanceView(p.Heading, p.Content(), form.Errors{}))
}

// requirementRecord reads the requirement that the address names; with number zero only its edition.
func (s *Server) requirementRecord(r *http.Request, isNew bool) (arrangement.RequirementRecord, error) {
	edition, err := pathID[int64](r, "edition")
	if err != nil {
		return arrangement.RequirementRecord{}, err
	}
	if isNew {
		e, _, err := s.Arrangements.Edition(r.Context(), actorOf(r), edition)
		return arrangement.RequirementRecord{Edition: e}, err
	}
	n, err := strconv.Atoi(chi.URLParam(r, "requirement"))
	if err != nil || strconv.Itoa(n) != chi.URLParam(r, "requirement") {
		return arrangement.RequirementRecord{}, errNoPage
	}
	return s.Arrangements.Requirement(r.Context(), actorOf(r), edition, n)
}

func (s *Server) getAdminRequirementAdd(w http.ResponseWriter, r *http.Request) error {
	q, err := s.requirementRecord(r, true)
	if err != nil {
		return err
	}
	return s.showRequirementForm(w, r, form.New(nil), q)
}

func (s *Server) postAdminRequirementAdd(w http.ResponseWriter, r *http.Request) error {
	return s.saveRequirement(w, r, true)
}

func (s *Server) getAdminRequirement(w http.ResponseWriter, r *http.Request) error {
	q, err := s.requirementRecord(r, false)
	if err != nil {
		return err
	}
	return s.showRequirementForm(w, r, form.New(url.Values{"kind": {q.Kind}, "wording": {q.Wording}, "confidence": {q.Confidence}, "source": {q.Source}}), q)
}

func (s *Server) postAdminRequirement(w http.ResponseWriter, r *http.Request) error {
	return s.saveRequirement(w, r, false)
}

func (s *Server) saveRequirement(w http.ResponseWriter, r *http.Request, isNew bool) error {
	record, err := s.requirementRecord(r, isNew)
	if err != nil {
		return err
	}
	fields := []string{"kind", "wording", "confidence", "source"}
	if isNew {
		fields = append(fields, "number")
	}
	f, err := formOf(r, fields...)
	if err != nil {
		return err
	}
	q := arrangement.Requirement{Number: record.Number, Kind: f.Choice("kind", "Choose must or should", values(requirementKinds)...),
		Wording: f.RequiredText("wording", "The text", 1000, "Enter what the guidance asks for"), Source: f.Text("source", "The source", 300),
		Confidence: f.Choice("confidence", "Choose how sure the text is", values(requirementConfidences)...)}
	save := s.Arrangements.SaveRequirement
	if isNew {
		q.Number = f.Int("number", "Number", "Enter its number in the list", 1, 999)
		save = s.Arrangements.AddRequirement
	}
	if f.Errors().Any() {
		return s.showRequirementForm(w, r, f, record)
	}
	err = save(r.Context(), actorOf(r), record.Edition.ID, q)
	if onForm(f, err) {
		return s.showRequirementForm(w, r, f, record)
	}
	if err != nil {
		return err
	}
	s.tell(r, "Requirement "+strconv.Itoa(q.Number)+" is saved", "What was signed keeps the wording of its time.")
	return redirect(w, r, route.AdminEditionTo(record.Edition.ID))
}

// showRequirementForm draws the form of a requirement; with number zero it is a new one.
func (s *Server) showRequirementForm(w http.ResponseWriter, r *http.Request, f *form.Form, q arrangement.RequirementRecord) error {
	p := page.DeskForm{Caption: q.Edition.Title, Heading: "Add a requirement", Errors: f.Errors(), Action: route.AdminRequirementAddTo(q.Edition.ID),
		Button: ui.Button{Text: "Add the requirement"}, Cancel: route.AdminEditionTo(q.Edition.ID)}
	if q.Number == 0 {
		p.Fields = []templ.Component{ui.Input{Field: f.Field("number", "Number", "Its place in the list"), InputMode: "numeric", Width: "3"}}
	} else {
		p.Heading, p.Action, p.Button.Text = "Requirement "+strconv.Itoa(q.Number), route.AdminRequirementTo(q.Edition.ID, q.Number), "Save the requirement"
		for _, e := range q.Earlier {
			p.Rows = append(p.Rows, ui.Row{Key: "Until " + day.Clock(e.KnownUntil), Value: sentence(e.Kind) + ": " + e.Wording})
		}
	}
	p.Fields = append(p.Fields, ui.Radios{Field: f.Field("kind", "Must or should", ""), Options: requirementKinds, Inline: true},
		ui.Textarea{Field: f.Field("wording", "What published arrangements say", "As the guidance asks for it"), Rows: 3, Max: 1000},
		ui.Radios{Field: f.Field("confidence", "How sure is the text?", ""), Options: requirementConfidences},
		ui.Input{Field: f.Field("source", "Source", "Where it was read. Needed for a confirmed text")})
	content := p.Content()
	if q.Number != 0 {
		content = templ.Join(content, page.Paragraph{Text: "Entered in error?"}.Content(), linkTo(ui.Link{Text: "Take the requirement out", Path: route.AdminRequirementRetractTo(q.Edition.ID, q.Number)}))
	}
	return s.showForm(w, r, adminGuidanceView(p.Heading+": "+q.Edition.Title, content, p.Errors))
}

func (s *Server) getAdminRequirementRetract(w http.ResponseWriter, r *http.Request) error {
	q, err := s.requirementRecord(r, false)
	if err != nil {
		return err
	}
	return s.showRequirementRetract(w, r, form.New(nil), q)
}

func (s *Server) postAdminRequirementRetract(w http.ResponseWriter, r *http.Request) error {
	q, err := s.requirementRecord(r, false)
	if err != nil {
		return err
	}
	f, err := formOf(r, "reason")
	if err != nil {
		return err
	}
	reason := f.RequiredText("reason", "The reason", 2000, "Say why it is taken out")
	if f.Errors().Any() {
		return s.showRequirementRetract(w, r, f, q)
	}
	err = s.Arrangements.RetractRequirement(r.Context(), actorOf(r), q.Edition.ID, q.Number, reason)
	if onForm(f, err) {
		return s.showRequirementRetract(w, r, f, q)
	}
	if err != nil {
		return err
	}
	s.tell(r, "Requirement "+strconv.Itoa(q.Number)+" is taken out", "Drafts are no longer asked for it. What was signed stays as it is.")
	return redirect(w, r, route.AdminEditionTo(q.Edition.ID))
}

func (s *Server) showRequirementRetract(w http.ResponseWriter, r *http.Request, f *form.Form, q arrangement.RequirementRecord) error {
	reason := f.Field("reason", "Why is it taken out?", "It stays on record with this reason")
	p := page.DeskConfirm{Caption: q.Edition.Title, Heading: "Take out requirement " + strconv.Itoa(q.Number) + "?", Errors: f.Errors(), Text: []string{q.Wording, "Only for what was entered in error."},
		Action: route.AdminRequirementRetractTo(q.Edition.ID, q.Number), Reason: &reason, ReasonLength: 2000, Button: "Take it out",
		Cancel: ui.Link{Text: "Keep it", Path: route.AdminRequirementTo(q.Edition.ID, q.Number)}}
	return s.showForm(w, r, adminGuidanceView(p.Heading, p.Content(), p.Errors))
}
