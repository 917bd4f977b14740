package server

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5"

	"partnershipportal/internal/decision"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// deskDecisionOf reads the record that the address names.
func (s *Server) deskDecisionOf(r *http.Request) (decision.Full, error) {
	which, err := s.Decisions.Find(r.Context(), actorOf(r), chi.URLParam(r, "body"), chi.URLParam(r, "ref"))
	if err != nil {
		return decision.Full{}, err
	}
	return s.Decisions.Read(r.Context(), actorOf(r), which)
}

func (s *Server) getDeskDecision(w http.ResponseWriter, r *http.Request) error {
	d, err := s.deskDecisionOf(r)
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, s.deskDecisionView(d))
}

func (s *Server) deskDecisionView(d decision.Full) view {
	p := page.DeskDecision{Caption: deskCaption(d), Heading: d.Heading(), Subject: d.Subject, Tags: deskDecisionTags(d), Parts: s.deskDecisionParts(d), Acts: deskDecisionActs(d)}
	if !d.IsMade() && !d.WasMade && d.Stage != decision.Withdrawn {
		p.NotMade = "No decision has been made. This record must not be read as one."
	}
	if len(d.Publications) > 0 {
		p.Public = route.DecisionTo(d.Body.Slug, d.Ref)
	}
	return view{title: deskName(d) + " (" + lowerFirst(d.Heading()) + ")", current: route.DeskDecisions, content: p.Content(),
		breadcrumbs: []ui.Link{{Text: "Decisions", Path: route.DeskDecisions}, {Text: deskName(d)}}}
}

// deskName names a record in the titles of its pages.
func deskName(d decision.Full) string { return joined(d.Number(), d.Subject) }

func deskCaption(d decision.Full) string {
	return or(d.Body.Name, "The partnership") + ", " + or(d.Number(), "no number yet")
}

func deskDecisionTags(d decision.Full) []ui.Tag {
	tags := []ui.Tag{stageTag(d.Stage, d.WasMade), standingTag(d.Standing())}
	if d.Origin == decision.Imported {
		tags = append(tags, ui.Tag{State: ui.Recorded, Text: "Imported"})
	}
	if d.Restriction == decision.PartExempt || d.Restriction == decision.FullyExempt {
		tags = append(tags, ui.Tag{State: ui.Declined, Text: sentence(string(d.Restriction))})
	}
	if d.IsDemonstration {
		tags = append(tags, ui.Tag{State: ui.DemoData})
	}
	return tags
}

// deskDecisionActs are the buttons of what can be done next, the likeliest first.
func deskDecisionActs(d decision.Full) []ui.Button {
	if !d.CanEdit {
		return nil
	}
	var list []ui.Button
	add := func(act, text string, kind ui.ButtonKind) {
		list = append(list, ui.Button{Text: text, Path: deskAct(d, act), Kind: kind})
	}
	if s := d.Standing(); d.CanPublish && (s.Published == "" || s.Changed) {
		text := "Publish"
		if s.Published == d.Stage {
			text = "Publish a correction"
		}
		add("publish", text, ui.Primary)
	}
	for _, next := range d.Next {
		switch next.Stage {
		case decision.CalledIn:
			if d.Stage != decision.Made || d.CallInApplies && !d.CallInWaived {
				add("call-in", "Record a call-in", ui.Secondary)
			}
		case decision.Confirmed:
			add("end-call-in", "Record the outcome of the call-in", ui.Secondary)
		case decision.Withdrawn:
		default:
			add("to-"+string(next.Stage), "Move to “"+next.Stage.Words()+"”", ui.Secondary)
		}
	}
	if d.Stage.Before() {
		add("defer", "Put it off", ui.Secondary)
	}
	return list
}

// deskAct is where something is done to a record.
func deskAct(d decision.Full, act string) string {
	return route.DeskDecisionActTo(d.Body.Slug, d.Ref, act)
}

// links are the links of a part, for somebody who may follow them.
func (d recordParts) links(pairs ...string) []ui.Link {
	if !d.CanEdit {
		return nil
	}
	var list []ui.Link
	for i := 0; i+1 < len(pairs); i += 2 {
		list = append(list, ui.Link{Text: pairs[i+1], Path: deskAct(d.Full, pairs[i])})
	}
	return list
}

// recordParts draws the parts of a record's page.
type recordParts struct{ decision.Full }

func (s *Server) deskDecisionParts(full decision.Full) []page.DeskPart {
	d := recordParts{full}
	parts := []page.DeskPart{d.needs(), d.findings(), d.unpublished(),
		{ID: "identity", Heading: "Number, subject and decision maker", Content: rowsOf(identityRows(full)), Links: d.links("identity", "Change number, subject or decision maker", "key", "Change whether it is a key decision", "openness", "Change how far it is open")},
		d.text(),
		{ID: "dates", Heading: "Dates: stated and reckoned", Content: []templ.Component{decisionDates(full.Content)}, Links: d.links("dates", "Change the stated dates", "override", "Accept a missing part or an order of dates, with a reason")},
		{ID: "urgency", Heading: "Urgency and call-in", Content: rowsOf(urgencyCallInRows(full)), Links: d.links("urgency", "Change urgency or call-in")},
		d.files(), d.authorises(), d.exempt(), d.publications(), d.corrections(), d.remarks(), d.others()}
	return slices.DeleteFunc(parts, func(p page.DeskPart) bool { return p.ID == "" })
}

func rowsOf(rows []ui.Row) []templ.Component {
	return []templ.Component{ui.SummaryList{Rows: rows}}
}

func identityRows(d decision.Full) []ui.Row {
	rows := []ui.Row{{Key: "Body", Value: or(d.Body.Name, "The partnership itself")}, {Key: "Number as printed", Value: or(d.NumberPrinted, "None yet")},
		{Key: "Verified number", Value: or(d.NumberVerified, "Not verified elsewhere")}, {Key: "Subject", Value: d.Subject}}
	maker := or(d.MakerTitle, "Not recorded yet")
	if d.MakerName != "" {
		maker += ", " + d.MakerName
	}
	if d.IsOfficer {
		maker += " (an officer)"
	}
	rows = append(rows, ui.Row{Key: "Decision maker", Value: maker}, ui.Row{Key: "Contact post", Value: or(d.ContactTitle, "Not recorded yet")},
		ui.Row{Key: "Key decision", Value: keyWords(d.Content)}, ui.Row{Key: "For publication", Value: restrictionWords(d.Content)})
	for _, more := range []ui.Row{{Key: "Public interest", Value: d.PublicInterest}, {Key: "Status in the source", Value: d.SourceStatus}, {Key: "Address of the source", Value: d.SourceURL},
		{Key: "Why it was withdrawn", Value: d.WithdrawnReason}} {
		if more.Value != "" {
			rows = append(rows, more)
		}
	}
	return rows
}

// text shows what the record says, part by part, with what is left to be added.
func (d recordParts) text() page.DeskPart {
	rows := []ui.Row{{Key: "Before the limbs", Content: typed(d.Preamble, "Nothing")}}
	for _, l := range d.Limbs {
		rows = append(rows, ui.Row{Key: "Limb " + l.Letter + ")", Content: typed(l.Text, "Nothing")})
	}
	if len(d.Limbs) == 0 {
		rows = append(rows, ui.Row{Key: "Decision", Value: d.instead(decision.PartLimbs)})
	}
	for _, t := range []struct {
		part decision.Part
		key  string
		text string
	}{{decision.PartReasons, "Reasons", d.Reasons}, {decision.PartFinancial, "Financial implications", d.Financial},
		{decision.PartConsultation, "Committee recommendations and other consultation", d.Consultation}, {decision.PartAlternatives, "Alternatives considered", d.Alternatives},
		{decision.PartInterests, "Interests declared", d.Interests}, {"", "Dispensation", dispensationWords(d.Text)}, {decision.PartBackground, "Background papers", d.Background},
		{decision.PartSignedBy, "Signed by", d.SignedBy}} {
		rows = append(rows, ui.Row{Key: t.key, Content: typed(t.text, d.instead(t.part))})
	}
	return page.DeskPart{ID: "text", Heading: "What the record says", Content: rowsOf(rows), Links: d.links("text", "Change the text")}
}

func dispensationWords(t decision.Text) string {
	if t.Dispensation != "" && t.DispensationBy != "" {
		return t.Dispensation + "\nGranted by: " + t.DispensationBy
	}
	return t.Dispensation
}

// instead says why a part is empty.
func (d recordParts) instead(p decision.Part) string {
	switch {
	case p != "" && d.LeftToAdd(p):
		return "To be added after committee"
	case p != "" && slices.Contains(d.ExemptParts, p):
		return "An exempt passage is kept apart"
	}
	return "Nothing yet"
}

// typed shows text as it was typed, or what to say where there is none.
func typed(text, none string) templ.Component { return page.Typed{Text: or(text, none)}.Content() }

func urgencyCallInRows(d decision.Full) []ui.Row {
	rows := urgencyRows(d.Content)
	if d.Route == decision.Ordinary {
		rows = append([]ui.Row{{Key: "Route", Value: "Ordinary: 28 clear days of notice for a key decision"}}, rows...)
	}
	if !d.CallInWaived {
		rows = append(rows, ui.Row{Key: "Call-in", Value: map[bool]string{true: "Applies", false: "Does not apply"}[d.CallInApplies]})
	}
	rows = append(rows, callInRows(d.Content)...)
	for _, x := range d.Deferrals {
		words := x.Reason
		if !x.NewDue.IsZero() {
			words += " New day: " + x.NewDue.Words() + "."
		}
		rows = append(rows, ui.Row{Key: "Put off " + x.On.Words(), Value: words})
	}
	return rows
}

// needs says in words what the stage still needs, and what each next stage would.
func (d recordParts) needs() page.DeskPart {
	p := page.DeskPart{ID: "needs", Heading: "What this stage still needs"}
	missing := missingNeeds(d.Needs)
	switch {
	case len(d.Needs) == 0:
		p.Content = append(p.Content, page.Paragraph{Text: "This stage asks for nothing."}.Content())
	case len(missing) == 0:
		p.Content = append(p.Content, page.Paragraph{Text: "Nothing: everything that the stage asks for is there."}.Content())
	default:
		p.Content = append(p.Content, page.Paragraph{Text: "The stage needs " + plural(len(missing), "more part", "more parts") + "."}.Content())
	}
	p.Content = append(p.Content, ui.TaskList{ID: "need", Items: d.tasks(d.Needs)})
	for _, next := range d.Next {
		if left := missingNeeds(next.Needs); next.Stage != decision.Withdrawn && len(left) > 0 {
			p.Content = append(p.Content, page.Paragraph{Text: "Before it can move to “" + next.Stage.Words() + "”:"}.Content(),
				ui.TaskList{ID: "need-" + stageID(next.Stage), Items: d.tasks(left)})
		}
	}
	return p
}

// missingNeeds are those that stand in the way.
func missingNeeds(needs []decision.Need) []decision.Need {
	return slices.DeleteFunc(slices.Clone(needs), func(n decision.Need) bool { return !n.Missing() })
}

func (d recordParts) tasks(needs []decision.Need) []ui.Task {
	tasks := make([]ui.Task, 0, len(needs))
	for _, n := range needs {
		t := ui.Task{Text: n.Words, Hint: n.Source, Status: "Done"}
		switch {
		case n.Missing():
			t.Status, t.State = "To do", ui.Waiting
		case n.Overridden != "":
			t.Status, t.State = "Goes without", ui.TakenOut
		case n.LeftToAdd:
			t.Status, t.State = "After committee", ui.Proposed
		}
		if d.CanEdit {
			t.Path = deskAct(d.Full, actOfPart(n.Part))
		}
		tasks = append(tasks, t)
	}
	return tasks
}

func (d recordParts) findings() page.DeskPart {
	p := page.DeskPart{ID: "findings", Heading: "What to look at"}
	if len(d.Findings) == 0 {
		p.Content = []templ.Component{page.Paragraph{Text: "The numbers, the dates and the law that the record cites agree."}.Content()}
		return p
	}
	for _, f := range d.Findings {
		p.Content = append(p.Content, ui.WarningText{Text: f.Text})
	}
	return p
}

func (d recordParts) unpublished() page.DeskPart {
	if len(d.Unpublished) == 0 {
		return page.DeskPart{}
	}
	return page.DeskPart{ID: "unpublished", Heading: "What a publication now would change", Content: []templ.Component{changesTable(d.Unpublished)}}
}

func changesTable(list []decision.Change) ui.Table {
	t := ui.Table{Caption: "Changes that are not published", HideCaption: true, RowHeaders: true, Columns: []ui.Column{{Text: "Field"}, {Text: "Published"}, {Text: "Now"}}}
	for _, c := range list {
		t.Rows = append(t.Rows, []ui.Cell{{Text: sentence(or(decision.FieldWords(c.Field), c.Field))},
			{Content: typed(decision.ValueWords(c.Field, c.Before), "Nothing")}, {Content: typed(decision.ValueWords(c.Field, c.After), "Nothing")}})
	}
	return t
}

func stageID(stage decision.Stage) string { return decision.Ref(string(stage)) }
