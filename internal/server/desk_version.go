package server

import (
	"fmt"
	"net/http"
	"strings"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/signoff"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

func (s *Server) getDeskVersion(w http.ResponseWriter, r *http.Request) error {
	d, err := s.deskDraft(r)
	if err != nil {
		return err
	}
	by := actorOf(r)
	rounds, err := s.Rounds.RoundsOf(r.Context(), by, signoff.OfVersion(d.ID))
	if err != nil {
		return err
	}
	state := d.State(s.today())
	p := page.DeskVersion{Ref: deskRef(d), State: stateTags[state], Demonstration: d.Demonstration, Recorded: d.LiveOrigin == signoff.Recorded,
		Notice: stateNotice(d, state), CanEdit: d.CanEdit(by) == nil, Rounds: roundRows(rounds)}
	p.Details = detailRows(d, p.CanEdit)
	p.Sections, p.Words = sectionRows(d)
	coverage, err := s.Arrangements.Coverage(r.Context(), by, d.Ref)
	if err != nil {
		return err
	}
	p.Details = append(p.Details, deskCoverageRows(coverage)...)
	if p.CanEdit {
		p.Problems = append(d.Problems(), coverage.Musts()...)
	}
	if d.LiveRound != 0 {
		risks, err := s.Attention.RisksOfRound(r.Context(), d.LiveRound)
		if err != nil {
			return err
		}
		p.AtRisk = s.atRisk(r, risks)
	}
	p.Steps, p.More = nextSteps(d, state, by)
	v := deskView(p.Ref, "Sections and details")
	v.breadcrumbs = []ui.Link{{Text: "Desk", Path: route.Desk}, {Text: fmt.Sprintf("%s, version %d", d.Title, d.Ref.Number)}}
	v.title, v.content = fmt.Sprintf("%s, version %d", d.Title, d.Ref.Number), p.Content()
	return s.show(w, r, http.StatusOK, v)
}

// stateNotice says what the state of a version means for whoever works on it.
func stateNotice(d arrangement.Draft, state arrangement.State) string {
	switch state {
	case arrangement.StateAwaitingSignOff:
		return "This text is put to the safeguarding partners. It is frozen: to change it, recall the round first."
	case arrangement.StateAwaitingConfirmation:
		return "Sign-offs made elsewhere were entered for this text. A second person must confirm them. Until then the text is frozen."
	case arrangement.StateSignedOff:
		if !d.ScheduledOn.IsZero() {
			return "Every safeguarding partner has signed this text. It is published by itself on " + d.ScheduledOn.Long() + "."
		}
		return "Every safeguarding partner has signed this text. It can be published now."
	case arrangement.StateUpcoming:
		return "This version is published. It comes into force on " + d.EffectiveFrom.Long() + "."
	case arrangement.StateInForce:
		return "This version is published and in force since " + d.EffectiveFrom.Long() + ". It never changes: to change the text, start the next version."
	case arrangement.StateSuperseded:
		return "This version is published. A later one has superseded it."
	case arrangement.StateWithdrawn:
		return "This version was withdrawn."
	case arrangement.StateDiscarded:
		return "This draft was discarded. It stays on record and cannot be changed."
	case arrangement.StateDraft:
	}
	return ""
}

func detailRows(d arrangement.Draft, canEdit bool) []ui.Row {
	change := func(about string) []ui.Action {
		if !canEdit {
			return nil
		}
		return []ui.Action{{Text: "Change", Path: route.DeskDetailsTo(d.Ref.Slug, d.Ref.Number), About: about}}
	}
	var areas []ui.Action
	if canEdit {
		areas = []ui.Action{{Text: "Change", Path: route.DeskAreasTo(d.Ref.Slug, d.Ref.Number), About: "the areas"}}
	}
	rows := []ui.Row{
		{Key: "Title", Value: d.Title, Actions: change("the title")},
		{Key: "Edition of the guidance", Value: d.Guidance.Title, Actions: change("the edition of the guidance")},
		{Key: "In effect from", Value: or(d.EffectiveFrom.Long(), "not set yet"), Actions: change("the effective day")},
		{Key: "Label as published", Value: or(d.Label, "none"), Actions: change("the label")},
		{Key: "Areas", Value: strings.Join(d.Areas, ", "), Actions: areas},
		{Key: "Relevant agencies named", Value: countOrNone(d.Agencies), Actions: []ui.Action{
			{Text: "See", Path: route.DeskVersionAgenciesTo(d.Ref.Slug, d.Ref.Number), About: "the relevant agencies named"}}},
		{Key: "Public address", Value: route.ArrangementTo(d.Ref.Slug)},
	}
	if !d.Published.IsZero() {
		rows = append(rows, ui.Row{Key: "Published", Content: ui.TimeOf(d.Published)})
	}
	return rows
}

func sectionRows(d arrangement.Draft) (rows []page.DeskSectionRow, words string) {
	total := 0
	for i, sec := range d.Sections {
		n := arrangement.Words(sec.Markdown)
		total += n
		rows = append(rows, page.DeskSectionRow{ID: int64(sec.ID), Number: sec.Number, Heading: sec.Heading, Words: plural(n, "word", "words"),
			Empty: strings.TrimSpace(sec.Markdown) == "", First: i == 0, Last: i == len(d.Sections)-1})
	}
	return rows, plural(len(d.Sections), "section", "sections") + ", " + plural(total, "word", "words")
}

func roundRows(rounds []signoff.Summary) [][]ui.Cell {
	var rows [][]ui.Cell
	for _, r := range rounds {
		name := fmt.Sprintf("Round %d", r.Number)
		if r.Origin == signoff.Recorded {
			name += ", recorded"
		}
		rows = append(rows, []ui.Cell{{Text: name, Path: route.SignOffRoundTo(r.ID)}, {Content: ui.Tag{State: roundTag(r)}},
			{Text: fmt.Sprintf("%d of %d", r.Signed, r.Seats)}, {Content: ui.TimeAt(r.OpenedAt)}})
	}
	return rows
}

func roundTag(r signoff.Summary) ui.State {
	if r.SetAside {
		return ui.SetAside
	}
	if r.Origin == signoff.Recorded && r.Outcome == signoff.Open {
		return ui.AwaitingCheck
	}
	return ui.State(r.Outcome)
}

// nextSteps offers what can be done with a version: buttons for the main way, links for the rest.
func nextSteps(d arrangement.Draft, state arrangement.State, by authz.Actor) (steps, more []ui.Link) {
	slug, n := d.Ref.Slug, d.Ref.Number
	support := by.Can(authz.DraftDocument)
	switch state {
	case arrangement.StateDraft:
		if support {
			steps = []ui.Link{{Text: "Check and open a round", Path: route.DeskOpenRoundTo(slug, n)}}
			more = []ui.Link{{Text: "Enter sign-offs that were made elsewhere", Path: route.DeskRecordedTo(slug, n)},
				{Text: "Discard this draft", Path: route.DeskDiscardTo(slug, n)}}
		}
	case arrangement.StateAwaitingSignOff:
		steps = []ui.Link{{Text: "See the round", Path: route.SignOffRoundTo(d.LiveRound)}}
		if support {
			more = []ui.Link{{Text: "Recall the round", Path: route.DeskRecallTo(d.LiveRound)}}
		}
	case arrangement.StateAwaitingConfirmation:
		steps = []ui.Link{{Text: "See the sign-offs entered", Path: route.DeskConfirmRecordedTo(d.LiveRound)}}
		if support {
			more = []ui.Link{{Text: "Recall them", Path: route.DeskRecallTo(d.LiveRound)}}
		}
	case arrangement.StateSignedOff:
		if support {
			steps = []ui.Link{{Text: "Publish", Path: route.DeskPublishTo(slug, n)}}
			more = []ui.Link{{Text: "Set the round aside", Path: route.DeskSetAsideTo(d.LiveRound)}}
		}
		more = append(more, ui.Link{Text: "See the round", Path: route.SignOffRoundTo(d.LiveRound)})
	case arrangement.StateUpcoming, arrangement.StateInForce, arrangement.StateSuperseded, arrangement.StateWithdrawn:
		steps = []ui.Link{{Text: "See the public page", Path: route.ArrangementVersionTo(slug, n)}}
		if d.CanWithdraw(by) {
			more = []ui.Link{{Text: "Withdraw this version", Path: route.DeskWithdrawTo(slug, n)}}
		}
	case arrangement.StateDiscarded:
	}
	return steps, more
}

func (s *Server) getDeskTimeline(w http.ResponseWriter, r *http.Request) error {
	d, err := s.deskDraft(r)
	if err != nil {
		return err
	}
	entries, err := s.Arrangements.Timeline(r.Context(), actorOf(r), d.Ref)
	if err != nil {
		return err
	}
	p := page.DeskTimeline{Ref: deskRef(d)}
	for _, e := range entries {
		p.Entries = append(p.Entries, timelineEntry(e))
	}
	v := deskView(p.Ref, "Timeline")
	v.content = p.Content()
	return s.show(w, r, http.StatusOK, v)
}

// actionWords say in words what the events of a version's timeline are.
var actionWords = map[string]string{
	"version.created":     "Draft started",
	"version.edited":      "Details changed",
	"version.discarded":   "Draft discarded",
	"version.published":   "Published",
	"version.scheduled":   "Day of publication set",
	"version.unscheduled": "Set day of publication given up",
	"version.withdrawn":   "Withdrawn",
	"word.uploaded":       "Word document uploaded",
	"word.imported":       "Word document taken over into the text",
	"section.added":       "Section added",
	"section.saved":       "Section changed",
	"section.removed":     "Section deleted",
	"section.moved":       "Section moved",
	"coverage.saved":      "Coverage of a requirement said",
	"round.opened":        "Put to the safeguarding partners",
	"round.signed":        "Signed",
	"round.declined":      "Declined to sign",
	"round.completed":     "Signed off by every safeguarding partner",
	"round.ended":         "Round ended: a partner declined",
	"round.recalled":      "Round recalled",
	"round.set-aside":     "Signed round set aside",
	"recorded.entered":    "Sign-offs made elsewhere entered",
	"recorded.confirmed":  "Sign-offs made elsewhere confirmed",
	"remark.put":          "Question or requested change put",
	"scrutiny.filed":      "Statement of the independent scrutineer filed",
	"remark.answered":     "Question or requested change answered",
}

func timelineEntry(e arrangement.TimelineEntry) ui.TimelineEntry {
	entry := ui.TimelineEntry{What: or(actionWords[e.Action], e.Action), Who: or(e.Name, "The portal"), When: ui.TimeAt(e.At)}
	if e.Organisation != "" {
		entry.Who += ", for " + e.Organisation
	}
	if e.ActingFor != "" { // a delegate's act
		entry.Who = actingWords(e.Name+", "+e.Office, e.Organisation, e.Instrument, e.InstrumentOn, e.ActingFor)
	}
	if e.Before != "" && e.After != "" {
		entry.Detail = fmt.Sprintf("From %s to %s", e.Before, e.After)
	}
	return entry
}

func (s *Server) getDeskText(w http.ResponseWriter, r *http.Request) error {
	d, err := s.deskDraft(r)
	if err != nil {
		return err
	}
	p := page.DeskText{Ref: deskRef(d), SubNav: true, Word: route.DeskWordTo(d.Ref.Slug, d.Ref.Number), Rows: textFacts(d.Title, d.Guidance.Title, d.EffectiveFrom, d.Areas),
		Note: "This is the text as it stands in the draft.", Back: ui.Link{Text: "Back to the version", Path: versionPath(d.Ref)}}
	if d.CanEdit(actorOf(r)) == nil {
		p.Note = "This is the text as it would be frozen if a round opened now."
		p.Back = ui.Link{Text: "Check it and open a round", Path: route.DeskOpenRoundTo(d.Ref.Slug, d.Ref.Number)}
	}
	if d.LiveRound != 0 {
		p.Note = "This is the text as it is frozen in the round."
	}
	var sections []arrangement.Text
	for _, sec := range d.Sections {
		sections = append(sections, arrangement.Text{Heading: sec.Heading, Markdown: sec.Markdown})
	}
	p.Document, p.Contents = documentOf(sections), contentsOf(sections)
	v := deskView(p.Ref, "Whole text")
	v.content = p.Content()
	return s.show(w, r, http.StatusOK, v)
}

func (s *Server) getDeskRoundText(w http.ResponseWriter, r *http.Request) error {
	round, err := s.deskRound(r)
	if err != nil {
		return err
	}
	if round.Paper.Kind != signoff.VersionPaper {
		return redirect(w, r, route.SignOffRoundTo(round.ID)+"#text") // where it stands whole
	}
	content, err := arrangement.ReadContent(round.Content)
	if err != nil {
		return err
	}
	p := page.DeskText{Ref: paperRef(round.Paper), Note: "This is the text as it is frozen in the round.", Digest: round.DigestHex(), Word: route.SignOffWordTo(round.ID),
		Rows: textFacts(content.Title, content.GuidanceEdition, content.EffectiveFrom, content.Areas),
		Back: ui.Link{Text: "Back to the round", Path: route.SignOffRoundTo(round.ID)}}
	if round.Origin == signoff.Recorded && round.Outcome == signoff.Open {
		p.Back = ui.Link{Text: "Back to the sign-offs entered", Path: route.DeskConfirmRecordedTo(round.ID)}
	}
	p.Document, p.Contents = documentOf(content.Sections), contentsOf(content.Sections)
	return s.show(w, r, http.StatusOK, roundView(round, "Whole text", p.Content()))
}

func textFacts(title, guidance string, effective day.Date, areas []string) []ui.Row {
	return []ui.Row{{Key: "Title", Value: title}, {Key: "Edition of the guidance", Value: guidance},
		{Key: "In effect from", Value: or(effective.Long(), "not set yet")}, {Key: "Areas", Value: strings.Join(areas, ", ")}}
}
