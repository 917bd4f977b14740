package server

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/signoff"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

func (s *Server) deskArrangements(in innerRoutes) {
	read, draft, open, publish := can(authz.ReadDrafts), can(authz.DraftDocument), can(authz.OpenRound), can(authz.PublishVersion)
	in.get(route.Desk, read, s.getDesk)
	in.get(route.DeskCreate, draft, s.getDeskCreate)
	in.post(route.DeskCreate, draft, smallForm, s.postDeskCreate)
	in.post(route.DeskNextVersion, draft, smallForm, s.postDeskNextVersion)
	in.get(route.DeskVersion, read, s.getDeskVersion)
	in.get(route.DeskText, read, s.getDeskText)
	in.get(route.DeskWord, read, s.getDeskWord)
	in.get(route.DeskCompare, read, s.getDeskCompare)
	in.get(route.DeskWordImport, draft, s.getDeskWordImport)
	in.post(route.DeskWordImport, draft, wordForm, s.postDeskWordImport)
	in.get(route.DeskWordImportRun, draft, s.getDeskWordImportRun)
	in.post(route.DeskWordImportRun, draft, picturesForm, s.postDeskWordImportRun)
	in.get(route.DeskTimeline, can(authz.ReadTimeline), s.getDeskTimeline)
	in.get(route.DeskDetails, draft, s.getDeskDetails)
	in.post(route.DeskDetails, draft, smallForm, s.postDeskDetails)
	in.get(route.DeskAreas, draft, s.getDeskAreas)
	in.post(route.DeskAreas, draft, smallForm, s.postDeskAreas)
	in.get(route.DeskDiscard, draft, s.getDeskDiscard)
	in.post(route.DeskDiscard, draft, smallForm, s.postDeskDiscard)
	in.get(route.DeskSectionNew, draft, s.getDeskSectionNew)
	in.post(route.DeskSectionNew, draft, sectionForm, s.postDeskSectionNew)
	in.get(route.DeskSection, draft, s.getDeskSection)
	in.post(route.DeskSection, draft, sectionForm, s.postDeskSection)
	in.post(route.DeskSectionMove, draft, smallForm, s.postDeskSectionMove)
	in.get(route.DeskSectionDelete, draft, s.getDeskSectionDelete)
	in.post(route.DeskSectionDelete, draft, smallForm, s.postDeskSectionDelete)
	in.get(route.DeskOpenRound, open, s.getDeskOpenRound)
	in.post(route.DeskOpenRound, open, smallForm, s.postDeskOpenRound)
	in.get(route.DeskRecorded, can(authz.EnterRecorded), s.getDeskRecorded)
	in.post(route.DeskRecorded, can(authz.EnterRecorded), evidenceForm, s.postDeskRecorded)
	in.get(route.DeskPublish, publish, s.getDeskPublish)
	in.post(route.DeskPublish, publish, smallForm, s.postDeskPublish)
	in.get(route.DeskWithdraw, publish, s.getDeskWithdraw)
	in.post(route.DeskWithdraw, publish, smallForm, s.postDeskWithdraw)
	in.post(route.DeskUnschedule, publish, smallForm, s.postDeskUnschedule)
	in.get(route.DeskRoundText, can(authz.ReadRound), s.getDeskRoundText)
	in.get(route.DeskRecall, open, s.getDeskRecall)
	in.post(route.DeskRecall, open, smallForm, s.postDeskRecall)
	in.get(route.DeskSetAside, open, s.getDeskSetAside)
	in.post(route.DeskSetAside, open, smallForm, s.postDeskSetAside)
	in.get(route.DeskConfirmRecorded, can(authz.ReadRound), s.getDeskConfirmRecorded)
	in.post(route.DeskConfirmRecorded, can(authz.ConfirmRecorded), smallForm, s.postDeskConfirmRecorded)
	in.get(route.SignOffEvidence, can(authz.ReadRound), s.getSignOffEvidence)
}

// deskDraft reads the version that an address names.
func (s *Server) deskDraft(r *http.Request) (arrangement.Draft, error) {
	ref, err := refOf(r)
	if err != nil {
		return arrangement.Draft{}, err
	}
	return s.Arrangements.Draft(r.Context(), actorOf(r), ref)
}

// editable is deskDraft for the pages that change the text.
func (s *Server) editable(r *http.Request) (arrangement.Draft, error) {
	d, err := s.deskDraft(r)
	if err != nil {
		return arrangement.Draft{}, err
	}
	return d, d.CanEdit(actorOf(r))
}

func deskRef(d arrangement.Draft) page.DeskRef {
	return page.DeskRef{Slug: d.Ref.Slug, Number: d.Ref.Number, Title: d.Title}
}

func paperRef(p signoff.Paper) page.DeskRef {
	return page.DeskRef{Slug: p.Slug, Number: p.Number, Title: p.Title}
}

func versionPath(ref arrangement.Ref) string { return route.DeskVersionTo(ref.Slug, ref.Number) }

// deskView is the view of a desk page about one version.
func deskView(ref page.DeskRef, title string) view {
	return view{title: fmt.Sprintf("%s: %s, version %d", title, ref.Title, ref.Number), current: route.Desk, breadcrumbs: []ui.Link{
		{Text: "Desk", Path: route.Desk}, {Text: fmt.Sprintf("%s, version %d", ref.Title, ref.Number), Path: route.DeskVersionTo(ref.Slug, ref.Number)},
		{Text: title}}}
}

// ruled puts a refusal by the rules into the form, so that it lands in the same error summary.
func ruled(f *form.Form, err error) bool {
	refusal, ok := errors.AsType[*fault.Error](err)
	if !ok || refusal.Kind != fault.Invalid {
		return false
	}
	f.Fail(refusal.Field, refusal.Message)
	return true
}

// refuse shows why something was not done and where to go on. Anything but a conflict stays an error.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, err error, ways ...ui.Link) error {
	if !errors.Is(err, fault.Conflict) {
		return err
	}
	s.note(r, err)
	heading := problems[fault.Conflict].Heading
	if isSafe(r.Method) { // nothing was pressed: an old link or a typed address leads here
		heading = "This can’t be done now"
	}
	v := view{title: heading, current: route.Desk, noIndex: true,
		content: page.Refusal{Heading: heading, Text: fault.Message(err), Links: ways}.Content()}
	return s.show(w, r, statuses[fault.Conflict], v)
}

// note keeps a refusal for the line in the log, where a page of its own answers it.
func (s *Server) note(r *http.Request, err error) {
	f := s.classify(err)
	rec := recordOf(r.Context())
	rec.kind, rec.cause = string(f.Kind), f.Cause
}

func wayToVersion(ref arrangement.Ref) ui.Link {
	return ui.Link{Text: fmt.Sprintf("See version %d on your desk", ref.Number), Path: versionPath(ref)}
}

// stateTags are the states of a version as the tags show them.
var stateTags = map[arrangement.State]ui.State{
	arrangement.StateDraft:                ui.Draft,
	arrangement.StateAwaitingSignOff:      ui.AwaitingSignOff,
	arrangement.StateAwaitingConfirmation: ui.AwaitingCheck,
	arrangement.StateSignedOff:            ui.SignedOff,
	arrangement.StateUpcoming:             ui.Upcoming,
	arrangement.StateInForce:              ui.InForce,
	arrangement.StateSuperseded:           ui.Superseded,
	arrangement.StateWithdrawn:            ui.Withdrawn,
	arrangement.StateDiscarded:            ui.Discarded,
}

func thousands(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
