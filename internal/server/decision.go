package server

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/decision"
	"partnershipportal/internal/file"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

var (
	twoFigures  = regexp.MustCompile(`^[0-9]{2}$`)
	fiveFigures = regexp.MustCompile(`^[0-9]{5}$`)
)

// publicDecision reads the record of the address; led says that the address is another one, to which the reader was led.
func (s *Server) publicDecision(w http.ResponseWriter, r *http.Request, address func(body, ref string) string) (rec decision.PublicRecord, led bool, err error) {
	body, ref := chi.URLParam(r, "body"), chi.URLParam(r, "ref")
	if twoFigures.MatchString(body) && fiveFigures.MatchString(ref) {
		line, err := s.Register.Short(r.Context(), body+"/"+ref, s.today())
		if err != nil {
			return decision.PublicRecord{}, false, err
		}
		return decision.PublicRecord{}, true, redirect(w, r, address(line.Body.Slug, line.Ref))
	}
	if rec, err = s.Register.Record(r.Context(), body, ref, s.today()); err != nil {
		return decision.PublicRecord{}, false, err
	}
	if rec.Ref != ref {
		return rec, true, redirect(w, r, address(rec.Body.Slug, rec.Ref))
	}
	return rec, false, nil
}

func (s *Server) getDecision(w http.ResponseWriter, r *http.Request) error {
	rec, led, err := s.publicDecision(w, r, route.DecisionTo)
	if err != nil || led {
		return err
	}
	v := view{title: or(rec.Content.Number, rec.Ref) + ": " + rec.Content.Subject + " (" + strings.ToLower(rec.Content.Heading) + ")", current: route.Decisions,
		canonical: route.DecisionTo(rec.Body.Slug, rec.Ref), content: s.decisionPage(rec).Content(),
		breadcrumbs: []ui.Link{{Text: "Decisions", Path: route.Decisions}, {Text: or(rec.Content.Number, rec.Ref)}}}
	return s.showPublic(w, r, http.StatusOK, v)
}

func (s *Server) getDecisionJSON(w http.ResponseWriter, r *http.Request) error {
	rec, led, err := s.publicDecision(w, r, route.DecisionJSONTo)
	if err != nil || led {
		return err
	}
	return publicJSON(w, r, s.decisionDocument(rec))
}

func (s *Server) getDecisionFile(w http.ResponseWriter, r *http.Request) error {
	which, err := pathID[int64](r, "file")
	if err != nil {
		return err
	}
	found, err := s.Register.OpenFile(r.Context(), chi.URLParam(r, "body"), chi.URLParam(r, "ref"), which, s.today())
	if err != nil {
		return err
	}
	return sendFile(w, r, found)
}

// decisionDocument is a record as programs read it.
type decisionDocument struct {
	Address         string           `json:"address"`
	Body            string           `json:"body"`
	BodyAddress     string           `json:"body-slug"`
	Publication     int              `json:"publication"`
	PublishedAt     string           `json:"published-at"`
	IsDemonstration bool             `json:"demonstration,omitempty"`
	Record          decision.Content `json:"record"`
}

func (s *Server) decisionDocument(rec decision.PublicRecord) decisionDocument {
	return decisionDocument{Address: s.whole(route.DecisionTo(rec.Body.Slug, rec.Ref)), Body: rec.Body.Name, BodyAddress: rec.Body.Slug, Publication: rec.Publication,
		PublishedAt: rec.PublishedAt.UTC().Format("2006-01-02T15:04:05Z"), IsDemonstration: rec.IsDemonstration, Record: rec.Content}
}

// publicJSON answers with a value for programs.
func publicJSON(w http.ResponseWriter, r *http.Request, value any) error {
	body, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	return publicText(w, r, "application/json", string(body)+"\n")
}

func (s *Server) decisionPage(rec decision.PublicRecord) page.Decision {
	c := rec.Content
	wasMade := c.Made || (c.Stage == decision.Withdrawn && !c.MadeOn.Day.IsZero())
	p := page.Decision{Body: rec.Body.Name, BodyPath: route.DecisionsOf(rec.Body.Slug), Heading: c.Heading, Subject: c.Subject, Stage: stageTag(c.Stage, wasMade),
		Demo: rec.IsDemonstration, Facts: decisionFacts(c), Paper: decisionPaper(rec), Preamble: c.Preamble, Proposed: !c.Made && !wasMade, Texts: decisionTexts(c), Dates: decisionDates(c),
		Urgency: urgencyRows(c), CallIns: callInRows(c), Without: c.Without, JSON: route.DecisionJSONTo(rec.Body.Slug, rec.Ref),
		Published: ui.TimeAt(rec.PublishedAt), Publication: rec.Publication}
	switch {
	case c.Stage == decision.Withdrawn:
		p.Warning = "This record was withdrawn" + dayWords(" on ", c.WithdrawnOn) + ": " + or(c.WithdrawnReason, "no reason is recorded")
	case p.Proposed:
		p.Warning = "No decision has been made. This record says what is proposed."
	case c.Stage == decision.CalledIn:
		p.Warning = "This decision was called in. It does not take effect while the call-in is open."
	}
	for _, l := range c.Limbs {
		p.Limbs = append(p.Limbs, page.DecisionLimb{Letter: l.Letter, Text: paragraphs(l.Text)})
	}
	if len(p.Limbs) == 0 {
		p.NoDecision = partNote(c, decision.PartLimbs, "Nothing is recorded.")
	}
	for _, d := range c.Deferrals {
		p.Deferrals = append(p.Deferrals, ui.Row{Key: d.On.Approx().Words(), Value: d.Reason + dayWords(". Now due ", d.NewDue)})
	}
	for _, a := range rec.Authorises {
		p.Versions = append(p.Versions, ui.Link{Text: a.DocumentTitle + ", version " + strconv.Itoa(a.VersionNumber), Path: route.ArrangementSignOffsTo(a.DocumentSlug, a.VersionNumber)})
	}
	for _, f := range rec.Files {
		p.Files = append(p.Files, page.DecisionFile{Text: or(f.Title, f.Name), Path: route.DecisionFileTo(rec.Body.Slug, rec.Ref, f.ID),
			Detail: file.Words(f.MediaType) + ", " + sizeWords(f.Size)})
	}
	for _, x := range rec.Corrections {
		if x.IsCorrection {
			p.Corrections = append(p.Corrections, correctionOf(x))
		}
	}
	return p
}

// decisionPaper is the head and foot of the record in print, as councils' own forms have them.
func decisionPaper(rec decision.PublicRecord) page.DecisionPaper {
	c := rec.Content
	p := page.DecisionPaper{Heading: rec.Body.Name + " – " + c.Heading, TakenBy: "Decision to be taken by:", Number: or(c.Number, "None"), Public: restrictionWords(c),
		Key: keyWords(c), Signed: c.SignedBy, Dated: c.MadeOn.Approx().Words()}
	if c.NumberPrinted != "" && c.NumberPrinted != c.Number {
		p.Number += " (printed as " + c.NumberPrinted + ")"
	}
	if c.Made {
		p.TakenBy = "Decision taken by:"
	}
	for _, line := range []string{c.MakerName, or(c.Maker, "Not recorded")} {
		if line != "" {
			p.Maker = append(p.Maker, line)
		}
	}
	return p
}

func correctionOf(x decision.Correction) page.DecisionCorrection {
	c := page.DecisionCorrection{When: ui.TimeAt(x.PublishedAt), Reason: x.Reason, Field: sentence(decision.FieldWords(x.Field)),
		Before: or(decision.ValueWords(x.Field, x.Before), "Nothing"), After: or(decision.ValueWords(x.Field, x.After), "Nothing")}
	if x.Withheld {
		c.Before = "Withheld: it should not have been published"
	}
	return c
}

// dayWords puts a day behind some words; nothing where there is no day.
func dayWords(words string, on decision.Stated) string {
	if on.Day.IsZero() {
		return ""
	}
	return words + on.Approx().Words()
}

// paragraphs splits a text at its empty lines.
func paragraphs(text string) []string {
	var list []string
	for _, p := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			list = append(list, p)
		}
	}
	return list
}

// schedule12A names the paragraphs of Part 1 of Schedule 12A to the Local Government Act 1972.
func schedule12A(paragraph int) string {
	return "Local Government Act 1972, Schedule 12A, Part 1, paragraph " + strconv.Itoa(paragraph)
}

func decisionFacts(c decision.Content) []ui.Row {
	number := or(c.Number, "None")
	if c.NumberPrinted != "" && c.NumberPrinted != c.Number {
		number += ". The record prints " + c.NumberPrinted
	}
	maker := or(c.Maker, "Not recorded")
	if c.MakerName != "" {
		maker = c.MakerName + ", " + maker
	}
	if c.IsOfficer {
		maker += " (an officer)"
	}
	rows := []ui.Row{{Key: "Decision number", Value: number}, {Key: "Decision maker", Value: maker}, {Key: "Key decision", Value: keyWords(c)}, {Key: "For publication", Value: restrictionWords(c)}}
	if c.PublicInterest != "" {
		rows = append(rows, ui.Row{Key: "Public interest", Value: c.PublicInterest})
	}
	if c.Contact != "" {
		rows = append(rows, ui.Row{Key: "Contact", Value: c.Contact})
	}
	if c.SourceStatus != "" {
		rows = append(rows, ui.Row{Key: "Status in its source", Value: c.SourceStatus})
	}
	if c.SourceURL != "" {
		rows = append(rows, ui.Row{Key: "Source", Value: c.SourceURL})
	}
	if c.Origin == decision.Imported {
		rows = append(rows, ui.Row{Key: "Where it comes from", Value: "Taken over from published records as they state it"})
	}
	return rows
}

func keyWords(c decision.Content) string {
	switch c.Key {
	case decision.KeyYes:
		return strings.TrimSuffix("Yes: "+or(c.KeyReason, "no reason is recorded"), ".")
	case decision.KeyNo:
		return "No"
	}
	return "Not recorded"
}

func restrictionWords(c decision.Content) string {
	if c.Restriction == decision.Open {
		return "Yes: the whole record is open"
	}
	words := "In part: some of the record is exempt"
	if c.Restriction == decision.FullyExempt {
		words = "No: the record is exempt"
	}
	if c.ExemptCategory != 0 {
		words += " (" + schedule12A(c.ExemptCategory) + ")"
	}
	return words
}

// partNote says why a part has no text, or what comes besides it.
func partNote(c decision.Content, p decision.Part, none string) string {
	switch {
	case slices.Contains(c.ExemptParts, p):
		return "There is an exempt passage here that is not published."
	case slices.Contains(c.Later, p):
		return "To be added after committee."
	}
	return none
}

func decisionTexts(c decision.Content) []page.DecisionText {
	var list []page.DecisionText
	add := func(heading, text string, p decision.Part, always bool) {
		t := page.DecisionText{Heading: heading, Text: paragraphs(text)}
		none := ""
		if len(t.Text) == 0 {
			none = "Nothing is recorded."
		}
		t.Note = partNote(c, p, none)
		if always || len(t.Text) > 0 || t.Note != none {
			list = append(list, t)
		}
	}
	add("Reasons for the decision", c.Reasons, decision.PartReasons, true)
	add("Financial implications", c.Financial, decision.PartFinancial, true)
	add("Cabinet committee recommendations and other consultation", c.Consultation, decision.PartConsultation, true)
	add("Any alternatives considered", c.Alternatives, decision.PartAlternatives, true)
	interests := c.Interests
	if c.Dispensation != "" {
		interests = strings.TrimSpace(interests + "\n\nDispensation: " + c.Dispensation)
		if c.DispensationBy != "" {
			interests += " Granted by " + c.DispensationBy + "."
		}
	}
	add("Any interest declared when the decision was taken, and any dispensation granted", interests, decision.PartInterests, true)
	add("Background papers", c.Background, decision.PartBackground, false)
	before := len(list)
	add("Signed by", c.SignedBy, decision.PartSignedBy, false)
	for i := range list[before:] {
		list[before+i].Screen = true // on paper it is a line at the foot
	}
	return list
}

func decisionDates(c decision.Content) ui.Table {
	t := ui.Table{Caption: "Dates", RowHeaders: true, Columns: []ui.Column{{Text: "What"}, {Text: "As stated"}, {Text: "By the rules"}}}
	add := func(what string, stated decision.Stated, computed day.Date, why string) {
		if stated.Day.IsZero() && computed.IsZero() && why == "" {
			return
		}
		words := computed.Long()
		if why != "" {
			words = strings.TrimPrefix(words+": "+why, ": ")
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: what}, {Text: or(stated.Approx().Words(), "Not stated")}, {Text: sentence(words)}})
	}
	add("Notice", c.NoticeOn, day.Date{}, "")
	due := "Due"
	if !c.MadeOn.Day.IsZero() {
		due = "Was due"
	}
	if c.Made {
		add(due, c.DueOn, day.Date{}, "")
	} else {
		add(due, c.DueOn, c.Computed.EarliestDecision, prefixed("the earliest day, ", c.Computed.EarliestDecisionWhy))
	}
	add("Decision made", c.MadeOn, day.Date{}, "")
	add("Record published by the body", c.PublishedOn, day.Date{}, "")
	add("Takes effect", c.EffectiveOn, c.Computed.Effective, c.Computed.EffectiveWhy)
	add("Carried out", c.ImplementedOn, day.Date{}, "")
	add("Withdrawn", c.WithdrawnOn, day.Date{}, "")
	add("Record open to inspection until", decision.Stated{}, c.Computed.InspectUntil, "")
	add("Background papers open to inspection until", decision.Stated{}, c.Computed.PapersUntil, "")
	return t
}

func prefixed(words, text string) string {
	if text == "" {
		return ""
	}
	return words + text
}

func urgencyRows(c decision.Content) []ui.Row {
	var rows []ui.Row
	add := func(key, value string) {
		if value != "" {
			rows = append(rows, ui.Row{Key: key, Value: value})
		}
	}
	if c.Route != decision.Ordinary {
		add("Route", sentence(string(c.Route)))
		add("Why it is urgent", c.UrgencyReason)
		add("Notice given to", c.UrgencyTold)
		add("Agreed by", c.UrgencyAgreed)
		add("On", c.UrgencyOn.Approx().Words())
	}
	if c.CallInWaived {
		add("Call-in", "Waived: "+or(c.CallInWaivedReason, "no reason is recorded"))
		add("Waived by", c.CallInWaivedBy)
	}
	return rows
}

func callInRows(c decision.Content) []ui.Row {
	var rows []ui.Row
	for _, x := range c.CallIns {
		words := "By " + or(x.CalledBy, "persons not recorded") + ". Grounds: " + strings.TrimSuffix(or(x.Grounds, "not recorded"), ".")
		if x.Meeting != "" {
			words += ". Considered by " + strings.TrimSuffix(x.Meeting, ".") + dayWords(" on ", x.MeetingOn)
		}
		if x.Outcome == "" {
			words += ". The call-in is open"
		} else {
			words += ". Outcome" + dayWords(" on ", x.OutcomeOn) + ": " + string(x.Outcome)
		}
		if x.Note != "" {
			words += ". " + x.Note
		}
		rows = append(rows, ui.Row{Key: "Called in " + x.CalledOn.Approx().Words(), Value: strings.TrimSuffix(words, ".") + "."})
	}
	return rows
}
