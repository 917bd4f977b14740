package server

import (
	"net/http"

	"github.com/a-h/templ"

	"partnershipportal/internal/account"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

var errNoOffice = fault.New(fault.Forbidden, "Only a lead officer names a delegate. You are a delegate yourself.")

var (
	delegateFields     = []string{"account", "office", "papers", "instrument", "dated", "starts", "ends", "step"}
	newDelegateFields  = []string{"name", "email", "office", "papers", "instrument", "dated", "starts", "ends", "step"}
	delegationBackLink = ui.Link{Text: "Delegation", Path: route.Delegation}
)

// naming is a lead officer on the way to naming a delegate.
type naming struct {
	lead   membership.Appointment
	people []membership.Person // with an account; none on the way to asking for somebody new
	isNew  bool
}

func (n naming) path() string {
	if n.isNew {
		return route.DelegationFor(route.DelegationAsk, n.lead.ID)
	}
	return route.DelegationFor(route.DelegationName, n.lead.ID)
}

func (s *Server) namingOf(r *http.Request, isNew bool) (n naming, err error) {
	n.isNew = isNew
	if n.lead, err = s.delegatingFrom(r); err != nil || isNew {
		return n, err
	}
	n.people, err = s.Members.DelegateChoices(r.Context(), actorOf(r), n.lead.ID)
	return n, err
}

func (s *Server) getDelegationName(w http.ResponseWriter, r *http.Request) error {
	n, err := s.namingOf(r, false)
	if err != nil {
		return err
	}
	return s.showNaming(w, r, n, form.New(nil))
}

func (s *Server) getDelegationAsk(w http.ResponseWriter, r *http.Request) error {
	n, err := s.namingOf(r, true)
	if err != nil {
		return err
	}
	return s.showNaming(w, r, n, form.New(nil))
}

// postDelegationName checks what was typed, shows it once more, and proposes the delegate on the second press.
func (s *Server) postDelegationName(w http.ResponseWriter, r *http.Request) error {
	n, err := s.namingOf(r, false)
	if err != nil {
		return err
	}
	f, err := formOf(r, delegateFields...)
	if err != nil {
		return err
	}
	cmd := n.read(f)
	cmd.Account = chosenID[id.Account](f, "account", "Choose the person", len(n.people), func(i int) int64 { return int64(n.people[i].Account) })
	if f.Errors().Any() || f.Raw("step") == stepChange {
		return s.showNaming(w, r, n, f)
	}
	if err := s.Members.CheckDelegate(r.Context(), actorOf(r), cmd); err != nil {
		if onForm(f, err) {
			return s.showNaming(w, r, n, f)
		}
		return err
	}
	if f.Raw("step") != stepDo {
		return s.showNamingCheck(w, r, n, cmd, n.personOf(cmd.Account))
	}
	made, err := s.Members.NameDelegate(r.Context(), actorOf(r), cmd)
	if onForm(f, err) {
		return s.showNaming(w, r, n, f)
	}
	if err != nil {
		return err
	}
	s.tell(r, "Delegate named", "An administrator now confirms it. Until then the person cannot sign.")
	return redirect(w, r, route.DeskAppointmentTo(made))
}

// postDelegationAsk asks business support to invite somebody, after a look at what was typed.
func (s *Server) postDelegationAsk(w http.ResponseWriter, r *http.Request) error {
	n, err := s.namingOf(r, true)
	if err != nil {
		return err
	}
	f, err := formOf(r, newDelegateFields...)
	if err != nil {
		return err
	}
	cmd := membership.DelegateRequestCommand{Name: f.Required("name", "Name", "Enter the person’s name"),
		Email: f.Email("email", "Enter an email address, like name@example.org"), DelegateCommand: n.read(f)}
	if f.Errors().Any() || f.Raw("step") == stepChange {
		return s.showNaming(w, r, n, f)
	}
	if f.Raw("step") != stepDo {
		if err := n.lead.CheckDelegate(cmd.DelegateCommand); onForm(f, err) {
			return s.showNaming(w, r, n, f)
		}
		return s.showNamingCheck(w, r, n, cmd.DelegateCommand, membership.Person{Name: cmd.Name, Email: cmd.Email})
	}
	_, err = s.Members.AskForDelegate(r.Context(), actorOf(r), cmd)
	if onForm(f, err) {
		return s.showNaming(w, r, n, f)
	}
	if err != nil {
		return err
	}
	s.tell(r, "Asked for", "Business support has been told. It invites the person, and then your proposal is made.")
	return redirect(w, r, route.Delegation)
}

func (n naming) personOf(account id.Account) membership.Person {
	for _, p := range n.people {
		if p.Account == account {
			return p
		}
	}
	return membership.Person{}
}

func (n naming) read(f *form.Form) membership.DelegateCommand {
	return membership.DelegateCommand{
		Lead:       n.lead.ID,
		Office:     f.Required("office", "Office title", "Enter the office title as published"),
		Papers:     f.Choices("papers", "Choose papers from the list", papersOf(n.lead)...),
		Instrument: f.Text("instrument", "What gives the authority", 2000),
		Dated:      f.Date("dated", "Date of the instrument", ""),
		StartsOn:   f.Date("starts", "First day", "Enter the first day"),
		EndsOn:     f.Date("ends", "Last day", "Enter the last day"),
	}
}

func (s *Server) showNaming(w http.ResponseWriter, r *http.Request, n naming, f *form.Form) error {
	p := page.DeskForm{
		Caption: n.lead.OrganisationName, Heading: "Name a delegate", Errors: f.Errors(), Action: n.path(), Cancel: route.Delegation,
		Button: ui.Button{Text: "Continue"},
		Intro: []string{"The delegate signs in your place, as " + n.lead.Office + ". They act only on days of your own term, and only on papers that you sign yourself.",
			"An administrator confirms it before it counts."},
	}
	if n.isNew {
		p.Heading = "Ask for somebody who has no account"
		p.Intro = append(p.Intro, "Business support invites the person first.")
		p.Fields = append(p.Fields, ui.Input{Field: f.Field("name", "Name", "")}, ui.Input{Field: f.Field("email", "Email address", "The person’s own, at their body"), Type: "email"})
	} else {
		people := []ui.Option{{Text: "Choose a person"}}
		for _, x := range n.people {
			people = append(people, ui.Option{Value: idValue(x.Account), Text: x.Name + " (" + x.Email + ")"})
		}
		hint := "People of your body who have an account. Is somebody missing? Go back, and ask for somebody who has no account."
		if len(n.people) == 0 {
			hint = "Nobody of your body has an account besides you. Go back, and ask for somebody who has no account."
		}
		p.Fields = append(p.Fields, ui.Select{Field: f.Field("account", "Person", hint), Options: people})
	}
	p.Fields = append(p.Fields,
		ui.Input{Field: f.Field("office", "Their office title", "As published, for example Deputy Chief Constable")},
		ui.Checkboxes{Field: f.Field("papers", "Papers covered", "Tick none to cover all that you sign"), Options: options(papersOf(n.lead)), Small: true},
		ui.Textarea{Field: f.Field("instrument", "What gives the authority", "For example: Scheme of delegation, part 3. It stands in every act of the delegate"), Rows: 3, Max: 2000},
		ui.DateInput{Field: f.DateField("dated", "Date of that instrument (optional)", "For example 1 4 2026")},
		ui.DateInput{Field: f.DateField("starts", "First day", "For example 1 4 2026")},
		ui.DateInput{Field: f.DateField("ends", "Last day", lastOf(n.lead))},
	)
	return s.showForm(w, r, view{title: p.Heading + " for " + n.lead.OrganisationName, current: route.Delegation, content: p.Content(), hasErrors: p.Errors.Any(), back: &delegationBackLink})
}

func (s *Server) showNamingCheck(w http.ResponseWriter, r *http.Request, n naming, cmd membership.DelegateCommand, who membership.Person) error {
	papers := cmd.Papers
	if len(papers) == 0 {
		papers = n.lead.Papers
	}
	p := page.DeskCheck{Caption: n.lead.OrganisationName, Heading: "Check before you name the delegate", Carried: carryForm(r), Action: n.path(), Cancel: route.Delegation,
		Button: "Name this delegate", Warning: "Once an administrator confirms it, this person can sign for " + n.lead.OrganisationName + ".",
		Rows: []ui.Row{
			{Key: "Person", Value: who.Name + " (" + who.Email + ")"},
			{Key: "Office, as published", Value: cmd.Office},
			{Key: "Papers covered", Value: papersWords(papers)},
			{Key: "Term", Value: sentence(term(cmd.StartsOn, cmd.EndsOn))},
			{Key: "Their acts will say", Value: actingWords(who.Name+", "+cmd.Office, n.lead.OrganisationName, cmd.Instrument, cmd.Dated, n.lead.Office)},
		}}
	if n.isNew {
		p.Button = "Ask business support"
	}
	return s.show(w, r, http.StatusOK, view{title: p.Heading, current: route.Delegation, content: p.Content()})
}

func (s *Server) postDelegationTakeBack(w http.ResponseWriter, r *http.Request) error {
	which, err := pathID[id.DelegateRequest](r, "id")
	if err != nil {
		return err
	}
	if err := s.Members.TakeBackRequest(r.Context(), actorOf(r), which); err != nil {
		return s.refuse(w, r, err, delegationBackLink)
	}
	s.tell(r, "Request taken back", "")
	return redirect(w, r, route.Delegation)
}

func (s *Server) requestOf(r *http.Request) (membership.DelegateRequest, error) {
	which, err := pathID[id.DelegateRequest](r, "id")
	if err != nil {
		return membership.DelegateRequest{}, err
	}
	return s.Members.DelegateRequest(r.Context(), actorOf(r), which)
}

func (s *Server) getDeskDelegateRequest(w http.ResponseWriter, r *http.Request) error {
	q, err := s.requestOf(r)
	if err != nil {
		return err
	}
	return s.showRequest(w, r, http.StatusOK, q, "")
}

func (s *Server) showRequest(w http.ResponseWriter, r *http.Request, status int, q membership.DelegateRequest, notice string) error {
	p := page.DeskDelegateRequest{ID: int64(q.ID), Caption: q.OrganisationName, Heading: "A delegate is asked for: " + q.Name, Notice: notice,
		Rows: requestRows(q), Outcome: requestOutcome(q), MayAct: q.CanAnswer(actorOf(r)) == nil, Invites: q.HasAccount == 0}
	if q.Made != 0 {
		p.Made = &ui.Link{Text: "The appointment proposed on it", Path: route.DeskAppointmentTo(q.Made)}
	}
	return s.show(w, r, status, view{title: p.Heading, current: route.DeskAppointments, content: p.Content(),
		back: &ui.Link{Text: "Appointments", Path: route.DeskAppointments}})
}

// postDeskDelegateRequestPut invites the person, if nobody has that address yet, and makes the lead officer's proposal.
// Should the second step fail, pressing again goes on from there.
func (s *Server) postDeskDelegateRequestPut(w http.ResponseWriter, r *http.Request) error {
	q, err := s.requestOf(r)
	if err != nil {
		return err
	}
	by := actorOf(r)
	if q.HasAccount == 0 && q.CanAnswer(by) == nil {
		if _, err := s.Accounts.Invite(r.Context(), by, account.InviteCommand{Email: q.Email, Name: q.Name}); err != nil {
			return s.refuseRequest(w, r, q, err)
		}
	}
	made, err := s.Members.PutForward(r.Context(), by, q.ID)
	if err != nil {
		return s.refuseRequest(w, r, q, err)
	}
	s.tell(r, "Proposal made", "An administrator now confirms it. The lead officer has been told.")
	return redirect(w, r, route.DeskAppointmentTo(made))
}

func (s *Server) refuseRequest(w http.ResponseWriter, r *http.Request, q membership.DelegateRequest, err error) error {
	notice, ok := conflict(err)
	if !ok {
		return err
	}
	s.note(r, err)
	now, err := s.Members.DelegateRequest(r.Context(), actorOf(r), q.ID)
	if err != nil {
		return err
	}
	return s.showRequest(w, r, statuses[fault.Conflict], now, notice)
}

func (s *Server) getDeskDelegateRequestDecline(w http.ResponseWriter, r *http.Request) error {
	q, err := s.requestOf(r)
	if err != nil {
		return err
	}
	if err := q.CanAnswer(actorOf(r)); err != nil {
		return s.refuseRequest(w, r, q, err)
	}
	return s.showRequestDecline(w, r, q, form.New(nil))
}

func (s *Server) showRequestDecline(w http.ResponseWriter, r *http.Request, q membership.DelegateRequest, f *form.Form) error {
	here := route.DeskDelegateRequestTo(q.ID)
	p := page.DeskForm{Caption: q.OrganisationName, Heading: "Decline the request for " + q.Name, Errors: f.Errors(), Action: route.DeskDelegateRequestAct(q.ID, "decline"),
		Intro: []string{"The lead officer is told, with your reason."}, Cancel: here, Button: ui.Button{Text: "Decline the request"},
		Fields: []templ.Component{ui.Textarea{Field: f.Field("reason", "Reason", ""), Rows: 4, Max: 2000}}}
	return s.showForm(w, r, view{title: p.Heading, current: route.DeskAppointments, content: p.Content(), hasErrors: p.Errors.Any(),
		back: &ui.Link{Text: "Back to the request", Path: here}})
}

func (s *Server) postDeskDelegateRequestDecline(w http.ResponseWriter, r *http.Request) error {
	q, err := s.requestOf(r)
	if err != nil {
		return err
	}
	f, err := formOf(r, "reason")
	if err != nil {
		return err
	}
	reason := f.RequiredText("reason", "The reason", 2000, "Enter why the request is declined")
	if f.Errors().Any() && q.CanAnswer(actorOf(r)) == nil {
		return s.showRequestDecline(w, r, q, f)
	}
	if err := s.Members.DeclineRequest(r.Context(), actorOf(r), q.ID, reason); err != nil {
		return s.refuseRequest(w, r, q, err)
	}
	s.tell(r, "Request declined", "The lead officer has been told.")
	return redirect(w, r, route.DeskAppointments)
}
