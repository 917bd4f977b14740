package server

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

var proposeFields = []string{"account", "partner", "office", "capacity", "acting-for", "papers", "instrument", "dated", "starts", "ends", "step"}

// proposeChoices are whom and for what an appointment can be proposed.
type proposeChoices struct {
	people   []membership.Person
	partners []membership.PartnerChoice
}

func (s *Server) proposeChoices(r *http.Request) (c proposeChoices, err error) {
	if c.people, err = s.Members.Appointable(r.Context(), actorOf(r)); err != nil {
		return c, err
	}
	c.partners, err = s.Members.PartnerChoices(r.Context(), actorOf(r))
	return c, err
}

func (s *Server) getDeskAppointmentPropose(w http.ResponseWriter, r *http.Request) error {
	c, err := s.proposeChoices(r)
	if err != nil {
		return err
	}
	return s.showPropose(w, r, form.New(nil), c)
}

// postDeskAppointmentPropose checks what was typed, shows it once more, and proposes on the second press.
func (s *Server) postDeskAppointmentPropose(w http.ResponseWriter, r *http.Request) error {
	f, err := formOf(r, proposeFields...)
	if err != nil {
		return err
	}
	c, err := s.proposeChoices(r)
	if err != nil {
		return err
	}
	if f.Raw("step") == stepChange {
		return s.showPropose(w, r, f, c)
	}
	cmd := readPropose(f, c)
	if f.Errors().Any() {
		return s.showPropose(w, r, f, c)
	}
	if err := s.Members.CheckProposal(r.Context(), actorOf(r), cmd); err != nil {
		if onForm(f, err) {
			return s.showPropose(w, r, f, c)
		}
		return err
	}
	if f.Raw("step") != stepDo {
		return s.showProposeCheck(w, r, cmd, c)
	}
	made, err := s.Members.Propose(r.Context(), actorOf(r), cmd)
	if onForm(f, err) {
		return s.showPropose(w, r, f, c)
	}
	if err != nil {
		return err
	}
	s.tell(r, "Appointment proposed", "An administrator who is neither you nor the appointee can now confirm it.")
	return redirect(w, r, route.DeskAppointmentTo(made))
}

func readPropose(f *form.Form, c proposeChoices) membership.ProposeCommand {
	cmd := membership.ProposeCommand{
		Account: chosenID[id.Account](f, "account", "Choose the person to be appointed",
			len(c.people), func(i int) int64 { return int64(c.people[i].Account) }),
		Partner: chosenID[id.Partner](f, "partner", "Choose the safeguarding partner",
			len(c.partners), func(i int) int64 { return int64(c.partners[i].ID) }),
		Office: f.Required("office", "Office title", "Enter the office title as published"),
		Capacity: authz.Capacity(f.Choice("capacity", "Choose whether the person is lead officer or delegate",
			string(authz.Lead), string(authz.Delegate))),
		ActingFor:  f.Line("acting-for", "Office acted for"),
		Papers:     f.Choices("papers", "Choose papers from the list", membership.Papers()...),
		Instrument: f.Text("instrument", "What gives the authority", 2000),
		Dated:      f.Date("dated", "Date of the instrument", ""),
		StartsOn:   f.Date("starts", "First day", "Enter the first day"),
		EndsOn:     f.Date("ends", "Last day", ""),
	}
	if cmd.Capacity == authz.Delegate && cmd.ActingFor == "" {
		f.Fail("acting-for", "Enter the office for which the delegate acts")
	}
	return cmd
}

// chosenID reads a choice among n identifiers.
func chosenID[T ~int64](f *form.Form, name, message string, n int, at func(int) int64) T {
	allowed := make([]string, n)
	for i := range allowed {
		allowed[i] = idValue(at(i))
	}
	got := f.Choice(name, message, allowed...)
	if i := slices.Index(allowed, got); i >= 0 && got != "" {
		return T(at(i))
	}
	return 0
}

func (s *Server) showPropose(w http.ResponseWriter, r *http.Request, f *form.Form, c proposeChoices) error {
	people, partners := []ui.Option{{Text: "Choose a person"}}, []ui.Option{{Text: "Choose a safeguarding partner"}}
	for _, x := range c.people {
		people = append(people, ui.Option{Value: idValue(x.Account), Text: x.Name + " (" + x.Email + ")"})
	}
	for _, x := range c.partners {
		partners = append(partners, ui.Option{Value: idValue(x.ID), Text: x.Name + ", " + term(x.StartsOn, x.EndsOn)})
	}
	p := page.DeskForm{
		Heading: "Propose an appointment",
		Intro: []string{"The person needs an account first: an administrator invites them. Business support, scrutineers and administrators " +
			"never sign, so they are not listed."},
		Errors: f.Errors(), Action: route.DeskAppointmentPropose, Cancel: route.DeskAppointments, Button: ui.Button{Text: "Continue"},
		Fields: []templ.Component{
			ui.Select{Field: f.Field("account", "Person", ""), Options: people},
			ui.Select{Field: f.Field("partner", "Safeguarding partner", ""), Options: partners},
			ui.Input{Field: f.Field("office", "Office title", "As published, for example Chief Constable")},
			ui.Radios{Field: f.Field("capacity", "Capacity", ""), Options: []ui.Option{
				{Value: string(authz.Lead), Text: "Lead officer", Hint: "Signs for the partner. There is one at a time."},
				{Value: string(authz.Delegate), Text: "Delegate", Hint: "Signs in place of the lead officer."}}},
			ui.Input{Field: f.Field("acting-for", "Office acted for", "For a delegate only, for example Chief Constable")},
			ui.Checkboxes{Field: f.Field("papers", "Papers covered", "Tick none to cover all of them"), Options: options(membership.Papers()), Small: true},
			ui.Textarea{Field: f.Field("instrument", "What gives the authority", "For example the scheme of delegation, or a letter. It stands in every act under the appointment"), Rows: 3, Max: 2000},
			ui.DateInput{Field: f.DateField("dated", "Date of that instrument (optional)", "For example 1 4 2026")},
			ui.DateInput{Field: f.DateField("starts", "First day", "For example 1 4 2026")},
			ui.DateInput{Field: f.DateField("ends", "Last day (optional)", "Leave empty if it lasts until further notice")},
		},
	}
	return s.showForm(w, r, view{title: p.Heading, current: route.DeskAppointments, content: p.Content(), hasErrors: p.Errors.Any(),
		back: &ui.Link{Text: "Appointments", Path: route.DeskAppointments}})
}

func (s *Server) showProposeCheck(w http.ResponseWriter, r *http.Request, cmd membership.ProposeCommand, c proposeChoices) error {
	a := membership.Appointment{Office: cmd.Office, Capacity: cmd.Capacity, ActingFor: cmd.ActingFor, Instrument: cmd.Instrument, InstrumentOn: cmd.Dated,
		Papers: cmd.Papers, StartsOn: cmd.StartsOn, EndsOn: cmd.EndsOn}
	for _, x := range c.people {
		if x.Account == cmd.Account {
			a.Person, a.Email = x.Name, x.Email
		}
	}
	for _, x := range c.partners {
		if x.ID == cmd.Partner {
			a.OrganisationName = x.Name
		}
	}
	p := page.DeskCheck{
		Caption: "Propose an appointment", Heading: "Check before you propose", Rows: appointmentRows(a),
		Warning: "Once an administrator confirms it, this person can sign for " + a.OrganisationName + ".",
		Action:  route.DeskAppointmentPropose, Button: "Propose this appointment", Carried: carryForm(r), Cancel: route.DeskAppointments,
	}
	return s.show(w, r, http.StatusOK, view{title: p.Heading, current: route.DeskAppointments, content: p.Content()})
}

// The steps of a form with a check page.
const (
	stepChange = "change"
	stepDo     = "do"
)

// carryForm is what was typed, for a check page to carry on.
func carryForm(r *http.Request) []page.Carried {
	var list []page.Carried
	for name, values := range r.PostForm {
		for _, v := range values {
			if name != "step" {
				list = append(list, page.Carried{Name: name, Value: v})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b page.Carried) int {
		switch {
		case a.Name < b.Name:
			return -1
		case a.Name > b.Name:
			return 1
		}
		return 0
	})
	return list
}

// conflict tells whether an error is a conflict, and what to say about it.
func conflict(err error) (string, bool) {
	f, ok := asFault(err)
	if !ok || f.Kind != fault.Conflict {
		return "", false
	}
	return f.Message, true
}
