package server

import (
	"encoding/hex"
	"errors"
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

// maxReason is the most characters of reasons, questions and answers.
const maxReason = 4000

func (s *Server) postSignOffSign(w http.ResponseWriter, r *http.Request) error {
	round, err := roundOf(r)
	if err != nil {
		return err
	}
	f := form.New(r.PostForm)
	if err := f.Only("digest", "partner"); err != nil {
		return errBadForm.Because(err)
	}
	return s.issue(w, r, f, signoff.IssueCommand{Round: round, Partner: partnerChosen(f), Kind: signoff.Sign, Digest: f.Raw("digest")})
}

func partnerChosen(f *form.Form) id.Partner {
	partner, err := id.Parse[id.Partner](f.Raw("partner"))
	if err != nil {
		return 0 // the service asks for a choice where one is needed
	}
	return partner
}

// issue asks for the statement and leads on to its confirmation.
func (s *Server) issue(w http.ResponseWriter, r *http.Request, f *form.Form, cmd signoff.IssueCommand) error {
	st, err := s.Rounds.Issue(r.Context(), actorOf(r), cmd)
	switch {
	case err == nil:
		return redirect(w, r, route.SignOffConfirmOf(cmd.Round, st.ID))
	case isFieldFault(err, "partner"):
		f.Fail("partner", fault.Message(err))
		return s.showRoundAgain(w, r, cmd.Round, statuses[fault.Invalid], f, "")
	case errors.Is(err, fault.Conflict):
		return s.afterConflict(w, r, cmd.Round, err)
	}
	return err
}

// afterConflict says what changed meanwhile on the page of the round. Somebody who had acted before gets their receipt.
func (s *Server) afterConflict(w http.ResponseWriter, r *http.Request, round id.Round, refused error) error {
	read, err := s.Rounds.Round(r.Context(), actorOf(r), round)
	if err != nil {
		return err
	}
	recordOf(r.Context()).kind = string(fault.Conflict)
	return s.showRound(w, r, statuses[fault.Conflict], read, form.New(nil), fault.Message(refused))
}

func (s *Server) showRoundAgain(w http.ResponseWriter, r *http.Request, round id.Round, status int, f *form.Form, notice string) error {
	read, err := s.Rounds.Round(r.Context(), actorOf(r), round)
	if err != nil {
		return err
	}
	return s.showRound(w, r, status, read, f, notice)
}

func (s *Server) getSignOffDecline(w http.ResponseWriter, r *http.Request) error {
	round, err := roundOf(r)
	if err != nil {
		return err
	}
	return s.showDecline(w, r, round, form.New(nil))
}

func (s *Server) showDecline(w http.ResponseWriter, r *http.Request, round id.Round, f *form.Form) error {
	by := actorOf(r)
	read, err := s.Rounds.Round(r.Context(), by, round)
	if err != nil {
		return err
	}
	p := page.SignOffDecline{Errors: f.Errors(), ID: int64(round), Title: read.Paper.Title, Noun: wordsOf(read.Paper).noun, Digest: read.DigestHex(),
		Reason: f.Field("reason", "Why do you decline?", "The partners, their offices, business support and the scrutineer see this. The public does not.")}
	seat, held, err := read.CanAct(by, 0, day.Of(s.Now()))
	switch {
	case err == nil:
		p.Identity = identity(by, held, seat)
	case isFieldFault(err, "partner"):
		choice := f.Field("partner", "For which safeguarding partner do you act?", "")
		p.Choice, p.Options = &choice, partnerOptions(read, by)
	case errors.Is(err, fault.Conflict):
		return s.afterConflict(w, r, round, err)
	default:
		return err
	}
	return s.showForm(w, r, view{title: "Decline to sign", current: route.SignOff, hasErrors: f.Errors().Any(), content: p.Content(),
		back: &ui.Link{Text: "Back to the round", Path: route.SignOffRoundTo(round)}})
}

func (s *Server) postSignOffDecline(w http.ResponseWriter, r *http.Request) error {
	round, err := roundOf(r)
	if err != nil {
		return err
	}
	f := form.New(r.PostForm)
	if err := f.Only("partner", "reason", "digest"); err != nil {
		return errBadForm.Because(err)
	}
	reason := f.RequiredText("reason", "Your reasons", maxReason, "Enter why you decline")
	if f.Errors().Any() {
		return s.showDecline(w, r, round, f)
	}
	cmd := signoff.IssueCommand{Round: round, Partner: partnerChosen(f), Kind: signoff.Decline, Reason: reason, Digest: f.Raw("digest")}
	st, err := s.Rounds.Issue(r.Context(), actorOf(r), cmd)
	if isFieldFault(err, "partner") {
		f.Fail("partner", fault.Message(err))
		return s.showDecline(w, r, round, f)
	}
	if errors.Is(err, fault.Conflict) {
		return s.afterConflict(w, r, round, err)
	}
	if err != nil {
		return err
	}
	return redirect(w, r, route.SignOffConfirmOf(round, st.ID))
}

func (s *Server) getSignOffConfirm(w http.ResponseWriter, r *http.Request) error {
	round, err := roundOf(r)
	if err != nil {
		return err
	}
	return s.showConfirm(w, r, round, r.URL.Query().Get("statement"), form.New(nil))
}

// showConfirm draws the words of a statement. One that was acted on leads to the receipt, an old one back to the round.
func (s *Server) showConfirm(w http.ResponseWriter, r *http.Request, round id.Round, statement string, f *form.Form) error {
	by := actorOf(r)
	st, err := s.Rounds.Statement(r.Context(), by, round, statement)
	if err != nil {
		return err
	}
	read, err := s.Rounds.Round(r.Context(), by, round)
	if err != nil {
		return err
	}
	if _, acted := read.ActBy(by.Account); acted {
		return redirect(w, r, route.SignOffReceiptTo(round))
	}
	if s.Now().After(st.ExpiresAt) {
		return s.showRound(w, r, statuses[fault.Conflict], read, form.New(nil), "More than ten minutes have passed since you continued. Nothing was signed. Continue again when you are ready.")
	}
	p := confirmPage(read, st, f)
	p.Facts = append(p.Facts, coversRow(read)...)
	p.Identity = &ui.IdentityBar{Name: by.Name, Office: st.Office, Organisation: st.Organisation, ActingFor: st.ActingFor}
	title := "Confirm your signature"
	if p.Decline {
		title = "Confirm that you decline"
	}
	return s.showForm(w, r, view{title: title, current: route.SignOff, hasErrors: f.Errors().Any(), content: p.Content(), noIndex: true,
		back: &ui.Link{Text: "Back to the round", Path: route.SignOffRoundTo(round)}})
}

func confirmPage(read signoff.Round, st signoff.Statement, f *form.Form) page.SignOffConfirm {
	p := page.SignOffConfirm{Errors: f.Errors(), ID: int64(read.ID), Statement: st.ID, Title: read.Paper.Title, Decline: st.Kind == signoff.Decline,
		Reason: st.Reason, Noun: wordsOf(read.Paper).noun, Digest: hex.EncodeToString(st.Digest), Until: day.In(st.ExpiresAt).Format("3:04pm"),
		Password: f.SecretField("password", "Your password", "Enter it again, so that we know it is you."),
		Facts: []ui.Row{
			{Key: "Safeguarding partner", Value: st.Organisation},
			{Key: "Your office", Value: officeOf(st)},
		}}
	p.Facts = append(paperFacts(read.Paper), p.Facts...)
	paper := quotedPaper(read.Paper)
	words := fmt.Sprintf("As %s, I sign %s for %s. I have read the whole %s.", officeOf(st), paper, st.Organisation, wordsOf(read.Paper).noun)
	p.Button = "Sign for " + st.Organisation
	if p.Decline {
		words = fmt.Sprintf("As %s, I decline to sign %s for %s, for the reasons given.", officeOf(st), paper, st.Organisation)
		p.Button = "Decline for " + st.Organisation
	}
	p.Declaration = f.Field("declaration", words, "")
	return p
}

func officeOf(st signoff.Statement) string {
	if st.Capacity == authz.Delegate {
		return actingWords(st.Office, st.Organisation, st.Instrument, st.InstrumentOn, st.ActingFor)
	}
	return st.Office
}

func (s *Server) postSignOffConfirm(w http.ResponseWriter, r *http.Request) error {
	round, err := roundOf(r)
	if err != nil {
		return err
	}
	by := actorOf(r)
	f := form.New(r.PostForm)
	if err := f.Only("statement", "declaration", "password"); err != nil {
		return errBadForm.Because(err)
	}
	statement := f.Raw("statement")
	f.Agreed("declaration", "Tick the box to confirm the declaration")
	password := f.Secret("password", "Enter your password")
	if f.Errors().Any() {
		return s.showConfirm(w, r, round, statement, f)
	}
	done, err := s.Rounds.Act(r.Context(), by, signoff.ActCommand{Round: round, Statement: statement, Password: password})
	switch {
	case errors.Is(err, fault.Unauthenticated):
		f.Fail("password", fault.Message(err))
		return s.showConfirm(w, r, round, statement, f)
	case errors.Is(err, fault.Conflict):
		return s.afterConflict(w, r, round, err)
	case err != nil:
		return err
	}
	if done.Already {
		s.tell(r, "You had done this already", fmt.Sprintf("You %s on %s. This is the receipt again: nothing was done twice.", did(done.Seat.Act.Kind), day.Clock(done.Seat.Act.At)))
	}
	return redirect(w, r, route.SignOffReceiptTo(round))
}

func (s *Server) getSignOffReceipt(w http.ResponseWriter, r *http.Request) error {
	round, err := roundOf(r)
	if err != nil {
		return err
	}
	by := actorOf(r)
	read, err := s.Rounds.Round(r.Context(), by, round)
	if err != nil {
		return err
	}
	seat, acted := read.ActBy(by.Account)
	if !acted {
		return fault.New(fault.NotFound, "You have not acted in this round, so there is no receipt.")
	}
	return s.show(w, r, http.StatusOK, view{title: "Receipt", current: route.SignOff, content: receiptPage(read, seat).Content()})
}

func receiptPage(read signoff.Round, seat signoff.Seat) page.SignOffReceipt {
	act := seat.Act
	p := page.SignOffReceipt{ID: int64(read.ID), Noun: wordsOf(read.Paper).noun, Digest: read.DigestHex(), Statement: hex.EncodeToString(act.StatementDigest),
		Panel: ui.Panel{Title: "Signed for " + act.OrganisationName, Text: day.Clock(act.At)},
		Facts: []ui.Row{
			{Key: "Round", Value: strconv.Itoa(read.Number) + " on this " + wordsOf(read.Paper).what},
			{Key: "Officer", Value: officeLine(act)},
			{Key: "Safeguarding partner", Value: act.OrganisationName},
			{Key: "Proof of person", Value: methodWords[act.Method]},
			{Key: "Receipt number", Value: fmt.Sprintf("%d-%d", read.ID, act.ID)},
		}}
	p.Facts = append(paperFacts(read.Paper), p.Facts...)
	left := len(read.Seats) - read.Signed()
	switch {
	case act.Kind == signoff.Decline:
		p.Panel.Title = "Declined for " + act.OrganisationName
		p.Facts = append(p.Facts, ui.Row{Key: "Your reasons", Value: act.Reason})
		p.Next = "The round has ended. Business support has been told, and " + wordsOf(read.Paper).again + "."
	case read.Outcome == signoff.Complete:
		p.Next = completeWords(read.Paper)
	case read.Outcome == signoff.Open:
		p.Next = fmt.Sprintf("%s still to act. You get a letter when the round ends.", plural(left, "partner has", "partners have"))
	default:
		p.Next = "The round was " + string(read.Outcome) + " after you signed. Your signature stays as evidence."
	}
	return p
}

func (s *Server) getSignOffStatement(w http.ResponseWriter, r *http.Request) error {
	round, err := roundOf(r)
	if err != nil {
		return err
	}
	by := actorOf(r)
	read, err := s.Rounds.Round(r.Context(), by, round)
	if err != nil {
		return err
	}
	seat, acted := read.ActBy(by.Account)
	if !acted {
		return errNoPage
	}
	st, err := s.Rounds.Statement(r.Context(), by, round, seat.Act.Statement)
	if err != nil {
		return err
	}
	return sendJSON(w, fmt.Sprintf("statement-%d.json", round), st.Body)
}

func (s *Server) getSignOffContent(w http.ResponseWriter, r *http.Request) error {
	round, err := roundOf(r)
	if err != nil {
		return err
	}
	read, err := s.Rounds.Round(r.Context(), actorOf(r), round)
	if err != nil {
		return err
	}
	return sendJSON(w, fmt.Sprintf("%s-round-%d.json", paperFile(read.Paper), read.Number), read.Content)
}

// sendJSON sends stored bytes exactly as they are.
func sendJSON(w http.ResponseWriter, name string, body []byte) error {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Disposition", fmt.Sprintf("inline; filename=%q", name))
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // the client may be gone
	return nil
}
