package server

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// organisationAct is one thing that can be done to an organisation, with a page that asks what it needs.
type organisationAct struct {
	heading string
	intro   string
	warning string
	press   string
	done    string
	fields  []string
	ask     func(*asked) ([]templ.Component, error) // draws the fields
	do      func(*asked) error                      // reads them and does it; what is wrong with them is left in the form
	check   func(*asked) ([]ui.Row, error)          // set for a weighty act: what the check page shows
	home    func(slug string) string                // the page to go back to; the organisation's unless set
}

// back is the page to which the act leads back.
func (act organisationAct) back(slug string) string {
	if act.home != nil {
		return act.home(slug)
	}
	return route.DeskOrganisationTo(slug)
}

// asked is one request of an act.
type asked struct {
	s *Server
	r *http.Request
	o membership.Organisation
	f *form.Form
}

func (s *Server) getDeskOrganisationAct(act organisationAct) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		o, err := s.organisationOf(r)
		if err != nil {
			return err
		}
		return s.showOrganisationAct(w, act, &asked{s, r, o, form.New(nil)}, "")
	}
}

func (s *Server) postDeskOrganisationAct(act organisationAct) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		o, err := s.organisationOf(r)
		if err != nil {
			return err
		}
		fields := act.fields
		if act.check != nil {
			fields = append(slices.Clone(fields), "step")
		}
		f, err := formOf(r, fields...)
		if err != nil {
			return err
		}
		a := &asked{s, r, o, f}
		if act.check != nil && f.Raw("step") != stepDo {
			rows, err := act.check(a)
			if err != nil {
				return err
			}
			if f.Errors().Any() || f.Raw("step") == stepChange {
				return s.showOrganisationAct(w, act, a, "")
			}
			return s.showOrganisationCheck(w, act, a, rows)
		}
		err = act.do(a)
		if notice, ok := conflict(err); ok {
			return s.showOrganisationAct(w, act, a, notice)
		}
		if onForm(f, err) || f.Errors().Any() {
			return s.showOrganisationAct(w, act, a, "")
		}
		if err != nil {
			return err
		}
		s.tell(r, act.done, "")
		return redirect(w, r, act.back(o.Slug))
	}
}

func (s *Server) showOrganisationAct(w http.ResponseWriter, act organisationAct, a *asked, notice string) error {
	fields, err := act.ask(a)
	if err != nil {
		return err
	}
	here := act.back(a.o.Slug)
	p := page.DeskForm{
		Caption: a.o.Name, Heading: act.heading, Warning: act.warning, Notice: notice, Errors: a.f.Errors(), Fields: fields,
		Action: a.r.URL.Path, Button: ui.Button{Text: act.press}, Cancel: here,
	}
	if act.intro != "" {
		p.Intro = []string{act.intro}
	}
	if act.check != nil {
		p.Button.Text = "Continue"
	}
	v := view{title: act.heading + ": " + a.o.Name, current: route.DeskOrganisations, content: p.Content(), hasErrors: p.Errors.Any(),
		back: &ui.Link{Text: a.o.Name, Path: here}}
	if notice != "" {
		return s.show(w, a.r, statuses[fault.Conflict], v)
	}
	return s.showForm(w, a.r, v)
}

func (s *Server) showOrganisationCheck(w http.ResponseWriter, act organisationAct, a *asked, rows []ui.Row) error {
	p := page.DeskCheck{Caption: a.o.Name, Heading: "Check before you go on", Rows: rows, Warning: act.warning, Action: a.r.URL.Path,
		Button: act.press, Carried: carryForm(a.r), Cancel: act.back(a.o.Slug)}
	return s.show(w, a.r, http.StatusOK, view{title: p.Heading + ": " + a.o.Name, current: route.DeskOrganisations, content: p.Content()})
}

var renameAct = organisationAct{
	heading: "Give it a new name", press: "Save the new name", done: "New name saved", fields: []string{"name", "starts"},
	intro: "The present name stays for the days before. A sign-off keeps the name of its day.",
	ask: func(a *asked) ([]templ.Component, error) {
		return []templ.Component{
			ui.Input{Field: a.f.Field("name", "New name", "")},
			ui.DateInput{Field: a.f.DateField("starts", "First day of the new name", "For example 1 7 2022")},
		}, nil
	},
	do: func(a *asked) error {
		cmd := membership.RenameCommand{
			Slug: a.o.Slug, Name: a.f.Required("name", "New name", "Enter the new name"),
			From: a.f.Date("starts", "First day", "Enter the first day of the new name"),
		}
		if a.f.Errors().Any() {
			return nil
		}
		return a.s.Members.Rename(a.r.Context(), actorOf(a.r), cmd)
	},
}

var closeAct = organisationAct{
	heading: "Say when it ended", press: "Save the last day", done: "Last day saved", fields: []string{"ends"},
	intro:   "Its page and its history stay public. End its time as safeguarding partner or relevant agency first.",
	warning: "A last day can be brought forward later, but never put back.",
	ask:     func(a *asked) ([]templ.Component, error) { return askLastDay(a, "Last day of its existence"), nil },
	do: func(a *asked) error {
		last := a.f.Date("ends", "Last day", "Enter the last day")
		if a.f.Errors().Any() {
			return nil
		}
		return a.s.Members.EndOrganisation(a.r.Context(), actorOf(a.r), a.o.Slug, last)
	},
}

// askLastDay draws the one field of an act that ends something.
func askLastDay(a *asked, label string) []templ.Component {
	return []templ.Component{ui.DateInput{Field: a.f.DateField("ends", label, "For example 30 6 2022")}}
}

// partnerTerm finds the time as partner that the address names.
func (a *asked) partnerTerm() (membership.PartnerTerm, error) {
	which, err := pathID[id.Partner](a.r, "id")
	if err != nil {
		return membership.PartnerTerm{}, err
	}
	i := slices.IndexFunc(a.o.Partner, func(t membership.PartnerTerm) bool { return t.ID == which })
	if i < 0 {
		return membership.PartnerTerm{}, errNoPage
	}
	return a.o.Partner[i], nil
}

// agencyTerm finds the time as relevant agency that the address names.
func (a *asked) agencyTerm() (membership.AgencyTerm, error) {
	which, err := pathID[id.Agency](a.r, "id")
	if err != nil {
		return membership.AgencyTerm{}, err
	}
	i := slices.IndexFunc(a.o.Agency, func(t membership.AgencyTerm) bool { return t.ID == which })
	if i < 0 {
		return membership.AgencyTerm{}, errNoPage
	}
	return a.o.Agency[i], nil
}
