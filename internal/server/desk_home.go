package server

import (
	"fmt"
	"net/http"
	"strings"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/signoff"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

func (s *Server) getDesk(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), actorOf(r)
	drafts, err := s.Arrangements.Desk(ctx, by)
	if err != nil {
		return err
	}
	queue, err := s.Rounds.Queue(ctx, by)
	if err != nil {
		return err
	}
	sweep, err := s.Arrangements.LastSweep(ctx, by)
	if err != nil {
		return err
	}
	p := page.Desk{CanDraft: by.Can(authz.DraftDocument), More: deskParts(by)}
	if len(drafts) == 0 {
		if p.FirstSteps, err = s.firstSteps(r, by); err != nil {
			return err
		}
	} else {
		p.Groups = waiting(drafts, queue, by, s.today(), sweepWords(sweep))
		p.Documents = deskDocuments(drafts, s.today(), p.CanDraft)
		p.SweepRun = sweepWords(sweep)
	}
	tasks, err := s.correctionTasks(r, by)
	if err != nil {
		return err
	}
	for _, t := range tasks {
		p.Groups = append(p.Groups, page.DeskGroup{ID: "corrections", Heading: "Proposed by agencies", Items: []ui.Task{{Text: t.Text, Path: t.Path}}})
	}
	n, err := s.Attention.Count(ctx, by)
	if err != nil {
		return err
	}
	p.Attention = attentionTask(n)
	return s.show(w, r, http.StatusOK, view{title: "Desk", current: route.Desk, content: p.Content()})
}

// attentionTask leads to what needs attention, with how much it is.
func attentionTask(n int) *ui.Task {
	if n == 0 {
		return nil
	}
	return &ui.Task{Text: "What needs attention", Hint: plural(n, "matter", "matters") + " of the membership", Path: route.DeskAttention}
}

// deskParts are the other parts of the desk that the reader may use.
func deskParts(by authz.Actor) []ui.Link {
	var links []ui.Link
	for _, part := range sectionsFor(by) {
		if strings.HasPrefix(part.path, route.Desk+"/") {
			links = append(links, ui.Link{Text: part.name, Path: part.path})
		}
	}
	return links
}

// firstSteps is what to do in an empty installation, with a link to what the reader may do.
func (s *Server) firstSteps(r *http.Request, by authz.Actor) ([]page.DeskStep, error) {
	areas, err := s.Arrangements.Areas(r.Context())
	if err != nil {
		return nil, err
	}
	steps := []page.DeskStep{
		{Text: "Enter the partnership’s name, areas, contact and numbers", Hint: "An administrator does this in the settings.", Done: len(areas) > 0},
		{Text: "Enter organisations, and make them safeguarding partners", Hint: "At least a local authority, a police force and a health body, each with its areas."},
		{Text: "Propose the appointments of the lead officers", Hint: "An administrator confirms each one."},
		{Text: "Create the arrangements", Hint: "Write them here, or paste what you have."},
	}
	links := []struct {
		path string
		can  authz.Permission
	}{{route.AdminSettings, authz.EditSettings}, {route.DeskOrganisations, authz.EditMembership}, {route.DeskAppointments, authz.ProposeSeat},
		{route.DeskCreate, authz.DraftDocument}}
	for i, l := range links {
		if by.Can(l.can) {
			steps[i].Path = l.path
		}
	}
	return steps, nil
}

func sweepWords(last arrangement.Sweep) string {
	if last.At.IsZero() {
		return "The portal has not looked yet for versions whose set day has come."
	}
	words := "The portal last looked for versions whose set day has come on " + day.Clock(last.At) + "."
	if last.Failed > 0 {
		words += fmt.Sprintf(" %s could not be published: see the log.", plural(last.Failed, "version", "versions"))
	}
	return words
}

// waiting sorts what is in work by what it waits for.
func waiting(drafts []arrangement.Draft, queue []signoff.Summary, by authz.Actor, today day.Date, sweep string) []page.DeskGroup {
	rounds := map[id.Round]signoff.Summary{}
	for _, r := range queue {
		rounds[r.ID] = r
	}
	groups := []page.DeskGroup{
		{ID: "drafts", Heading: "Drafts in work"},
		{ID: "rounds", Heading: "Waiting for the partners"},
		{ID: "recorded", Heading: "Recorded sign-offs waiting for a second person"},
		{ID: "signed", Heading: "Signed off, waiting to be published"},
		{ID: "scheduled", Heading: "To be published on a set day", Note: sweep},
	}
	for _, d := range drafts {
		item := ui.Task{Text: fmt.Sprintf("%s, version %d", d.Title, d.Ref.Number), Path: versionPath(d.Ref), State: stateTags[d.State(today)]}
		at := -1
		switch d.State(today) {
		case arrangement.StateDraft:
			at, item.Hint = 0, draftHint(d, queue)
		case arrangement.StateAwaitingSignOff:
			at, item.Hint, item.Path = 1, roundHint(rounds[d.LiveRound], today), route.SignOffRoundTo(d.LiveRound)
		case arrangement.StateAwaitingConfirmation:
			at, item.Hint, item.Path = 2, recordedHint(rounds[d.LiveRound], by), route.DeskConfirmRecordedTo(d.LiveRound)
		case arrangement.StateSignedOff:
			at, item.Hint, item.Path = 3, "In effect from "+d.EffectiveFrom.Long(), route.DeskPublishTo(d.Ref.Slug, d.Ref.Number)
			if !d.ScheduledOn.IsZero() {
				at, item.Hint = 4, "Is published on "+d.ScheduledOn.Long()+". "+item.Hint
			}
		default: // published or withdrawn: nothing waits
			continue
		}
		groups[at].Items = append(groups[at].Items, item)
	}
	var full []page.DeskGroup
	for _, g := range groups {
		if len(g.Items) > 0 {
			full = append(full, g)
		}
	}
	return full
}

func draftHint(d arrangement.Draft, queue []signoff.Summary) string {
	hint := "No effective day yet"
	if !d.EffectiveFrom.IsZero() {
		hint = "In effect from " + d.EffectiveFrom.Long()
	}
	for _, r := range queue { // the newest of the ended rounds stands first
		if r.Paper.Version() == d.ID {
			return hint + ". Last round: " + roundOutcome(r)
		}
	}
	return hint
}

func roundOutcome(r signoff.Summary) string {
	if r.SetAside {
		return "set aside"
	}
	return string(r.Outcome)
}

func roundHint(r signoff.Summary, today day.Date) string {
	parts := []string{fmt.Sprintf("%d of %d signed", r.Signed, r.Seats)}
	switch {
	case r.DueOn.IsZero():
		parts = append(parts, "no due date")
	case r.DueOn.Before(today):
		parts = append(parts, "was due on "+r.DueOn.Long())
	default:
		parts = append(parts, "due on "+r.DueOn.Long())
	}
	if r.Remarks > 0 {
		parts = append(parts, plural(r.Remarks, "question without an answer", "questions without an answer"))
	}
	return strings.Join(parts, ", ")
}

func recordedHint(r signoff.Summary, by authz.Actor) string {
	switch {
	case !by.Can(authz.ConfirmRecorded):
		return "Entered by one person, not yet confirmed by another"
	case r.OpenedBy == by.Account:
		return "You entered them, so somebody else must confirm them"
	}
	return "Compare them with their evidence, then confirm or reject them"
}

// deskDocuments groups the versions by their document.
func deskDocuments(drafts []arrangement.Draft, today day.Date, canDraft bool) []page.DeskDocument {
	at, titles := map[id.Document]int{}, map[string]int{}
	var docs []page.DeskDocument
	for _, d := range drafts {
		i, known := at[d.Document]
		if !known {
			i = len(docs)
			at[d.Document] = i
			title := d.DocumentTitle
			if titles[title]++; titles[title] > 1 { // each table is announced under a name of its own
				title += fmt.Sprintf(" (%d)", titles[title])
			}
			docs = append(docs, page.DeskDocument{Slug: d.Ref.Slug, Title: title, Kind: d.DocumentKind, CanNext: canDraft})
		}
		docs[i].Versions = append(docs[i].Versions, versionRow(d, today))
		if d.PublishedAt.IsZero() {
			docs[i].CanNext = false
		}
	}
	return docs
}

func versionRow(d arrangement.Draft, today day.Date) []ui.Cell {
	name := fmt.Sprintf("Version %d", d.Ref.Number)
	if d.Label != "" {
		name += ", " + d.Label
	}
	published := d.Published.Words()
	if !d.ScheduledOn.IsZero() && d.State(today) == arrangement.StateSignedOff {
		published = "to be published on " + d.ScheduledOn.Long()
	}
	return []ui.Cell{{Text: name, Path: versionPath(d.Ref)}, {Content: ui.Tag{State: stateTags[d.State(today)]}},
		{Text: or(d.EffectiveFrom.Long(), "not set")}, {Text: or(published, "not yet")}}
}
