package server

import (
	"fmt"
	"net/http"
	"strconv"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/signoff"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// signOffPages are those of the rounds, for everybody who may see one.
func (s *Server) signOffPages(in innerRoutes) {
	in.get(route.SignOff, can(authz.ReadRound), s.getSignOffQueue)
	in.get(route.SignOffRound, everyone, s.getSignOffRound)
	in.get(route.SignOffText, everyone, s.getSignOffRound)
	in.get(route.SignOffContent, everyone, s.getSignOffContent)
	in.get(route.SignOffWord, everyone, s.getSignOffWord)
	in.post(route.SignOffSign, everyone, smallForm, s.postSignOffSign)
	in.get(route.SignOffDecline, everyone, s.getSignOffDecline)
	in.post(route.SignOffDecline, everyone, smallForm, s.postSignOffDecline)
	in.get(route.SignOffConfirm, everyone, s.getSignOffConfirm)
	in.post(route.SignOffConfirm, everyone, smallForm, s.postSignOffConfirm)
	in.get(route.SignOffReceipt, everyone, s.getSignOffReceipt)
	in.get(route.SignOffStatement, everyone, s.getSignOffStatement)
	in.get(route.SignOffScrutiny, everyone, s.getSignOffScrutiny)
	in.post(route.SignOffScrutiny, everyone, smallForm, s.postSignOffScrutiny)
	in.post(route.SignOffRemarks, everyone, smallForm, s.postSignOffRemark)
	in.post(route.SignOffAnswer, everyone, smallForm, s.postSignOffAnswer)
	in.get(route.ArrangementSign, everyone, s.getArrangementSign)
}

func roundOf(r *http.Request) (id.Round, error) {
	round, err := id.Parse[id.Round](r.PathValue("round"))
	if err != nil {
		return 0, errNoPage.Because(err)
	}
	return round, nil
}

func (s *Server) getSignOffQueue(w http.ResponseWriter, r *http.Request) error {
	by := actorOf(r)
	rounds, err := s.Rounds.Queue(r.Context(), by)
	if err != nil {
		return err
	}
	p := page.SignOffQueue{Signs: by.Has(authz.LeadOfficer)}
	for _, q := range rounds {
		drawn := queuedRound(q)
		switch {
		case q.Mine > 0 && !q.ActedByMe:
			p.Waiting = append(p.Waiting, drawn)
		case q.Outcome == signoff.Open:
			p.Open = append(p.Open, drawn)
		default:
			p.Ended = append(p.Ended, drawn)
		}
	}
	return s.show(w, r, http.StatusOK, view{title: "Sign-off", current: route.SignOff, content: p.Content()})
}

func queuedRound(q signoff.Summary) page.QueuedRound {
	drawn := page.QueuedRound{Title: q.Paper.Title, Path: route.SignOffRoundTo(q.ID), State: roundState(q.Outcome, q.SetAside),
		Demo: q.Paper.Demonstration, Recorded: q.Origin == signoff.Recorded,
		Detail:   sentence(roundOn(q.Paper, q.Number)) + ", opened on " + day.Clock(q.OpenedAt) + "." + effectSentence(q.Paper),
		Progress: fmt.Sprintf("%d of %s signed.", q.Signed, plural(q.Seats, "partner has", "partners have"))}
	if q.Outcome == signoff.Open && !q.DueOn.IsZero() {
		drawn.Due = "An answer is hoped for by " + q.DueOn.Long() + "."
	}
	if q.Outcome == signoff.Open && q.Remarks > 0 {
		drawn.Questions = plural(q.Remarks, "question or requested change has", "questions or requested changes have") + " no answer yet."
	}
	return drawn
}

// plural writes a count with its word: "1 partner", "3 partners".
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return thousands(n) + " " + many
}

func roundState(outcome signoff.Outcome, setAside bool) ui.State {
	if setAside {
		return ui.SetAside
	}
	return map[signoff.Outcome]ui.State{signoff.Open: ui.Open, signoff.Complete: ui.Complete, signoff.Declined: ui.Declined, signoff.Recalled: ui.Recalled}[outcome]
}

func (s *Server) getSignOffRound(w http.ResponseWriter, r *http.Request) error {
	round, err := roundOf(r)
	if err != nil {
		return err
	}
	read, err := s.Rounds.Round(r.Context(), actorOf(r), round)
	if err != nil {
		return err
	}
	return s.showRound(w, r, http.StatusOK, read, form.New(nil), "")
}

// showRound draws the page of a round. A refusal shows it again with a notice that says what changed meanwhile.
func (s *Server) showRound(w http.ResponseWriter, r *http.Request, status int, read signoff.Round, f *form.Form, notice string) error {
	p, err := s.roundPage(r, read, f)
	if err != nil {
		return err
	}
	p.Notice = notice
	return s.show(w, r, status, view{title: fmt.Sprintf("Sign off: %s, round %d", read.Paper.Name, read.Number), current: route.SignOff, hasErrors: f.Errors().Any(), content: p.Content(),
		back: &ui.Link{Text: "All rounds", Path: route.SignOff}})
}

func (s *Server) roundPage(r *http.Request, read signoff.Round, f *form.Form) (page.SignOffRound, error) {
	by := actorOf(r)
	p := page.SignOffRound{Errors: f.Errors(), ID: int64(read.ID), Title: read.Paper.Title, State: roundState(read.Outcome, read.SetAside != ""),
		Caption: sentence(roundOn(read.Paper, read.Number)), Demo: read.Paper.Demonstration,
		Recorded: read.Origin == signoff.Recorded, Digest: read.DigestHex()}
	p.Ended, p.EndReason = roundEnd(read)
	signed, err := s.readPaper(r, read)
	if err != nil {
		return page.SignOffRound{}, err
	}
	p.Paper, p.Facts = signed.page, append(signed.facts, roundFacts(read)...)
	if p.Changes, err = s.roundChanges(r, read); err != nil {
		return page.SignOffRound{}, err
	}
	authority := signed.authority
	for _, seat := range read.Seats {
		drawn := roundSeat(read, seat, day.Of(s.Now()))
		drawn.Authority = authority[seat.OrganisationSlug]
		p.Seats = append(p.Seats, drawn)
	}
	risks, err := s.Attention.RisksOfRound(r.Context(), read.ID)
	if err != nil {
		return page.SignOffRound{}, err
	}
	p.AtRisk = s.atRisk(r, risks)
	s.roundAction(&p, read, by, f)
	p.Links = roundLinks(read, by)
	p.Scrutiny = roundScrutiny(read, by)
	_, p.CanAsk = read.RemarkSeat(by)
	p.CanAsk = p.CanAsk && read.Outcome == signoff.Open
	p.CanAnswer = by.Can(authz.AnswerOnRound)
	p.RemarkKind = f.Field("kind", "What is it?", "")
	p.RemarkBody = f.Field("body", "Your question, or the change that you ask for", "")
	for _, m := range read.Remarks {
		p.Remarks = append(p.Remarks, roundRemark(m, f))
	}
	return p, nil
}

// roundAction says what the reader can do about the round, by the same rule that the service uses.
func (s *Server) roundAction(p *page.SignOffRound, read signoff.Round, by authz.Actor, f *form.Form) {
	seat, held, err := read.CanAct(by, 0, day.Of(s.Now()))
	if acted, yes := read.ActBy(by.Account); yes {
		p.Receipt = true
		p.WhyNot = fmt.Sprintf("You %s for %s on %s. An act is final.", did(acted.Act.Kind), acted.OrganisationName, day.Clock(acted.Act.At))
		return
	}
	switch {
	case err == nil:
		p.CanAct = true
		p.Identity = identity(by, held, seat)
	case isFieldFault(err, "partner"):
		p.CanAct = true
		choice := f.Field("partner", "For which safeguarding partner do you act?", "You can act for one of them in this round.")
		p.Choice, p.Options = &choice, partnerOptions(read, by)
	case !by.Can(authz.SignRound):
		p.WhyNot = readersPart(by)
	default:
		p.WhyNot = fault.Message(err)
	}
}

func readersPart(by authz.Actor) string {
	switch {
	case by.Has(authz.BusinessSupport):
		return "Business support never signs. You can answer questions."
	case by.Has(authz.Scrutineer):
		return "The independent scrutineer reads everything and signs nothing. You can file a statement, which all partners read before they sign."
	case by.Has(authz.Office):
		return "You see what your lead officer sees, and you can put questions. You cannot sign."
	}
	return "You hold no seat in this round."
}

func partnerOptions(read signoff.Round, by authz.Actor) []ui.Option {
	var options []ui.Option
	for _, seat := range read.SeatsOf(by) {
		if seat.Act == nil {
			options = append(options, ui.Option{Value: strconv.FormatInt(int64(seat.Partner), 10), Text: seat.OrganisationName})
		}
	}
	return options
}

func identity(by authz.Actor, held authz.Seat, seat signoff.Seat) *ui.IdentityBar {
	bar := &ui.IdentityBar{Name: by.Name, Office: held.Office, Organisation: seat.OrganisationName}
	for _, h := range seat.Holders {
		if h.Account == by.Account && h.Capacity == held.Capacity {
			bar.ActingFor = h.ActingFor
		}
	}
	return bar
}

func did(kind signoff.Kind) string {
	if kind == signoff.Decline {
		return "declined"
	}
	return "signed"
}

func roundFacts(read signoff.Round) []ui.Row {
	rows := []ui.Row{
		{Key: "Signed so far", Value: fmt.Sprintf("%d of %s", read.Signed(), plural(len(read.Seats), "partner", "partners"))},
		{Key: "Opened", Value: day.Clock(read.OpenedAt) + openedBy(read)},
	}
	if !read.DueOn.IsZero() {
		rows = append(rows, ui.Row{Key: "Answer hoped for by", Value: read.DueOn.Long() + ". Nothing lapses by itself."})
	}
	if read.Origin == signoff.Recorded {
		rows = append(rows, ui.Row{Key: "Origin", Value: "Signed elsewhere and recorded here. Seats are those of " + read.SeatsOn.Long() + "."})
	}
	return rows
}

func openedBy(read signoff.Round) string {
	if read.OpenedName == "" {
		return ""
	}
	return " by " + read.OpenedName
}

func roundEnd(read signoff.Round) (sentence, reason string) {
	if read.SetAside != "" {
		return "Every partner signed, but the round was set aside before publication. The text is a draft again.", read.SetAside
	}
	switch read.Outcome {
	case signoff.Complete:
		return completeWords(read.Paper), ""
	case signoff.Declined:
		return "A partner declined on " + day.Clock(read.EndedAt) + ", so the round has ended. What others signed stays as evidence.", ""
	case signoff.Recalled:
		return "The round was recalled on " + day.Clock(read.EndedAt) + ". What was signed stays as evidence.", read.EndReason
	}
	return "", ""
}
