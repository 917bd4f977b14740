package server

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/signoff"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

func (s *Server) getDeskOpenRound(w http.ResponseWriter, r *http.Request) error {
	return s.showDeskOpenRound(w, r, form.New(nil), "", http.StatusOK)
}

func (s *Server) postDeskOpenRound(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	f, err := formOf(r, "digest", "due-on")
	if err != nil {
		return err
	}
	cmd := arrangement.OpenCommand{Ref: ref, Digest: f.Raw("digest"), DueOn: f.Date("due-on", "The due date", "")}
	if f.Errors().Any() {
		return s.showDeskOpenRound(w, r, f, "", statuses[fault.Invalid])
	}
	round, err := s.Arrangements.Open(r.Context(), actorOf(r), cmd)
	switch {
	case ruled(f, err):
		return s.showDeskOpenRound(w, r, f, "", statuses[fault.Invalid])
	case errors.Is(err, fault.Conflict):
		s.note(r, err)
		return s.showDeskOpenRound(w, r, f, fault.Message(err), statuses[fault.Conflict])
	case err != nil:
		return err
	}
	s.tell(r, "The text is put to the partners", "It is frozen now. Each lead officer gets a letter.")
	return redirect(w, r, route.SignOffRoundTo(round))
}

// showDeskOpenRound shows what a round would put to the partners now. Where none can open at all it says why.
func (s *Server) showDeskOpenRound(w http.ResponseWriter, r *http.Request, f *form.Form, changed string, status int) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	check, err := s.Arrangements.Check(r.Context(), actorOf(r), ref, day.Date{})
	if err != nil {
		return s.refuse(w, r, err, s.waysOn(r, ref)...)
	}
	p := page.DeskOpenRound{Ref: deskRef(check.Draft), Errors: f.Errors(), Changed: changed, Facts: checkFacts(check), Digest: check.Digest,
		Problems: append(check.Problems, check.Musts...), Warnings: check.Warnings, Seats: seatRows(check),
		DueOn: f.DateField("due-on", "Answers are hoped for by", "You may leave this empty. Nothing lapses by itself on that day. For example, 17 9 2026")}
	v := deskView(p.Ref, "Check before sign-off")
	v.content, v.hasErrors = p.Content(), p.Errors.Any()
	return s.show(w, r, status, v)
}

// waysOn leads from a refusal to the version and to its live round, if it has one.
func (s *Server) waysOn(r *http.Request, ref arrangement.Ref) []ui.Link {
	ways := []ui.Link{wayToVersion(ref)}
	if d, err := s.Arrangements.Draft(r.Context(), actorOf(r), ref); err == nil && d.LiveRound != 0 {
		ways = append([]ui.Link{{Text: "See the round", Path: route.SignOffRoundTo(d.LiveRound)}}, ways...)
	}
	return ways
}

func checkFacts(check arrangement.Check) []ui.Row {
	d := check.Draft
	rows := textFacts(d.Title, d.Guidance.Title, d.EffectiveFrom, d.Areas)
	_, words := sectionRows(d)
	rows = append(rows, ui.Row{Key: "Length", Value: words})
	return append(append(rows, checkAgencyRows(check)...), deskCoverageRows(check.Coverage)...)
}

func seatRows(check arrangement.Check) [][]ui.Cell {
	var rows [][]ui.Cell
	for _, seat := range check.Seats {
		var who []string
		for _, h := range seat.Holders {
			if h.Covers(check.Draft.DocumentKind) {
				who = append(who, holderLine(h))
			}
		}
		rows = append(rows, []ui.Cell{{Text: seat.OrganisationName}, {Text: or(strings.Join(who, "; "), "Nobody yet")}})
	}
	return rows
}

// deskRound reads the round that an address names.
func (s *Server) deskRound(r *http.Request) (signoff.Round, error) {
	round, err := roundOf(r)
	if err != nil {
		return signoff.Round{}, err
	}
	return s.Rounds.Round(r.Context(), actorOf(r), round)
}

// roundView is the view of a desk page about one round.
func roundView(round signoff.Round, title string, content templ.Component) view {
	v := view{title: title + ": " + round.Paper.Name, current: route.Desk}
	name := fmt.Sprintf("Round %d on %s", round.Number, round.Paper.Name)
	v.breadcrumbs = []ui.Link{{Text: "Sign-off", Path: route.SignOff}, {Text: name, Path: route.SignOffRoundTo(round.ID)}, {Text: title}}
	v.content = content
	return v
}

const longestReason = 4000

func (s *Server) getDeskRecall(w http.ResponseWriter, r *http.Request) error {
	return s.showRecall(w, r, form.New(nil))
}

func (s *Server) showRecall(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	round, err := s.deskRound(r)
	if err != nil {
		return err
	}
	wayBack := ui.Link{Text: "See the round", Path: route.SignOffRoundTo(round.ID)}
	if round.Outcome != signoff.Open {
		return s.refuse(w, r, fault.New(fault.Conflict, "This round is no longer open: it is "+string(round.Outcome)+"."), wayBack)
	}
	reason := f.Field("reason", "Why do you recall it?", "Everybody in the round is told, with your reason.")
	p := page.DeskConfirm{Caption: roundCaption(round), Heading: "Recall this round?", Errors: f.Errors(),
		Text:    []string{wordsOf(round.Paper).recalled, recallSigned(round)},
		Warning: "Whoever has signed must sign again in the new round.", Action: route.DeskRecallTo(round.ID), Reason: &reason, ReasonLength: longestReason,
		Button: "Recall the round", Cancel: ui.Link{Text: "Let it go on", Path: wayBack.Path}}
	v := roundView(round, "Recall", p.Content())
	v.hasErrors = p.Errors.Any()
	return s.showForm(w, r, v)
}

func roundCaption(round signoff.Round) string {
	return fmt.Sprintf("%s, round %d", round.Paper.Name, round.Number)
}

func recallSigned(round signoff.Round) string {
	if round.Origin == signoff.Recorded {
		return "The sign-offs that were entered stay on record as recalled."
	}
	if n := round.Signed(); n > 0 {
		return fmt.Sprintf("%d of %s signed. Those acts stay on record as evidence.", n, plural(len(round.Seats), "partner has", "partners have"))
	}
	return "Nobody has signed yet."
}

func (s *Server) postDeskRecall(w http.ResponseWriter, r *http.Request) error {
	round, err := s.deskRound(r)
	if err != nil {
		return err
	}
	f, err := formOf(r, "reason")
	if err != nil {
		return err
	}
	reason := f.RequiredText("reason", "The reason", longestReason, "Enter why you recall the round")
	if f.Errors().Any() {
		return s.showRecall(w, r, f)
	}
	err = s.Rounds.Recall(r.Context(), actorOf(r), round.ID, reason)
	if ruled(f, err) {
		return s.showRecall(w, r, f)
	}
	if err != nil {
		return s.refuse(w, r, err, ui.Link{Text: "See the round", Path: route.SignOffRoundTo(round.ID)})
	}
	s.tell(r, "The round is recalled", sentence(wordsOf(round.Paper).again)+".")
	return redirect(w, r, paperDesk(round.Paper))
}

func (s *Server) getDeskSetAside(w http.ResponseWriter, r *http.Request) error {
	return s.showSetAside(w, r, form.New(nil))
}

func (s *Server) showSetAside(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	round, err := s.deskRound(r)
	if err != nil {
		return err
	}
	if round.Paper.Kind == signoff.YearPaper {
		return s.refuse(w, r, fault.New(fault.Conflict, "An agreed year stands. It changes by adjustments alone."),
			ui.Link{Text: "See the round", Path: route.SignOffRoundTo(round.ID)})
	}
	if round.Outcome != signoff.Complete || round.SetAside != "" || round.Paper.Settled {
		return s.refuse(w, r, fault.New(fault.Conflict, "Only a complete round that is not yet published can be set aside."),
			ui.Link{Text: "See the round", Path: route.SignOffRoundTo(round.ID)})
	}
	reason := f.Field("reason", "Why do you set it aside?", "Everybody in the round is told, with your reason.")
	p := page.DeskConfirm{Caption: roundCaption(round), Heading: "Set this round aside?", Errors: f.Errors(),
		Text: []string{"Every partner has signed this text. It will not be published.", "The text becomes a draft again. The acts stay on record as evidence.",
			"A day that was set for publication is given up."},
		Warning: "Every partner must sign again in a new round.", Action: route.DeskSetAsideTo(round.ID), Reason: &reason, ReasonLength: longestReason,
		Button: "Set the round aside", Cancel: ui.Link{Text: "Keep it", Path: route.SignOffRoundTo(round.ID)}}
	v := roundView(round, "Set aside", p.Content())
	v.hasErrors = p.Errors.Any()
	return s.showForm(w, r, v)
}

func (s *Server) postDeskSetAside(w http.ResponseWriter, r *http.Request) error {
	round, err := s.deskRound(r)
	if err != nil {
		return err
	}
	f, err := formOf(r, "reason")
	if err != nil {
		return err
	}
	reason := f.RequiredText("reason", "The reason", longestReason, "Enter why you set the round aside")
	if f.Errors().Any() {
		return s.showSetAside(w, r, f)
	}
	err = s.Rounds.SetAside(r.Context(), actorOf(r), round.ID, reason)
	if ruled(f, err) {
		return s.showSetAside(w, r, f)
	}
	if err != nil {
		return s.refuse(w, r, err, ui.Link{Text: "See the round", Path: route.SignOffRoundTo(round.ID)})
	}
	s.tell(r, "The round is set aside", "The text is a draft again.")
	return redirect(w, r, paperDesk(round.Paper))
}
