package server

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// postAct is one thing that can be done to a post, or to somebody's time in it, with a page that asks what it needs.
type postAct struct {
	heading string
	intro   string
	warning string
	done    string
	holder  bool // about somebody's time in it
	fields  []string
	ask     func(*askedPost) []templ.Component
	do      func(*askedPost) error // reads the fields; what is wrong with them is left in the form
}

// askedPost is one request of an act.
type askedPost struct {
	s *Server
	r *http.Request
	p membership.Post
	h membership.PostHolder
	f *form.Form
}

func (s *Server) askedPost(r *http.Request, act postAct, f *form.Form) (*askedPost, []membership.PostHolder, error) {
	p, holders, err := s.postOf(r)
	if err != nil {
		return nil, nil, err
	}
	a := &askedPost{s: s, r: r, p: p, f: f}
	if act.holder {
		which, err := pathID[id.PostHolder](r, "holder")
		if err != nil {
			return nil, nil, err
		}
		i := slices.IndexFunc(holders, func(h membership.PostHolder) bool { return h.ID == which })
		if i < 0 {
			return nil, nil, errNoPage
		}
		a.h = holders[i]
	}
	return a, holders, nil
}

func (s *Server) getDeskPostAct(act postAct) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		a, _, err := s.askedPost(r, act, form.New(nil))
		if err != nil {
			return err
		}
		return s.showPostAct(w, act, a)
	}
}

func (s *Server) postDeskPostAct(act postAct) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := formOf(r, act.fields...)
		if err != nil {
			return err
		}
		a, holders, err := s.askedPost(r, act, f)
		if err != nil {
			return err
		}
		err = act.do(a)
		if onForm(f, err) || f.Errors().Any() {
			return s.showPostAct(w, act, a)
		}
		if notice, ok := conflict(err); ok {
			s.note(r, err)
			return s.showPost(w, r, http.StatusConflict, a.p, holders, notice)
		}
		if err != nil {
			return err
		}
		s.tell(r, act.done, "")
		if act.done == retractPostAct.done {
			return redirect(w, r, route.DeskPosts)
		}
		return redirect(w, r, route.DeskPostTo(a.p.ID))
	}
}

func (s *Server) showPostAct(w http.ResponseWriter, act postAct, a *askedPost) error {
	here := route.DeskPostTo(a.p.ID)
	p := page.DeskForm{Caption: a.p.Title + ", " + or(a.p.OrganisationName, "the partnership"), Heading: act.heading, Warning: act.warning, Errors: a.f.Errors(),
		Action: a.r.URL.Path, Cancel: here, Button: ui.Button{Text: act.heading}, Fields: act.ask(a)}
	if act.intro != "" {
		p.Intro = []string{act.intro}
	}
	if act.holder {
		p.Rows = []ui.Row{{Key: "Name", Value: a.h.Name}, {Key: "When", Value: sentence(term(a.h.StartsOn, a.h.EndsOn))}}
	}
	title := p.Heading + ": " + a.p.Title
	if act.holder {
		title = p.Heading + ": " + a.h.Name + ", " + a.p.Title
	}
	return s.showForm(w, a.r, view{title: title, current: route.DeskPosts, content: p.Content(), hasErrors: p.Errors.Any(),
		back: &ui.Link{Text: "Back to the post", Path: here}})
}

// askPost asks what a post is and how it is reached.
func askPost(f *form.Form) []templ.Component {
	return []templ.Component{
		ui.Input{Field: f.Field("title", "Title of the post", "For example: Partnership business manager")},
		ui.Input{Field: f.Field("email", "Email address (optional)", "Better that of the post than of the person"), Type: "email"},
		ui.Input{Field: f.Field("phone", "Telephone (optional)", "For example 01622 690690"), Type: "tel"},
		ui.Checkboxes{Field: f.Field("contact", "Contact post", ""), Small: true, Options: []ui.Option{{Value: "yes", Text: "The public is told to write to this post"}}},
		ui.Checkboxes{Field: f.Field("names", "Names", ""), Small: true, Options: []ui.Option{{Value: "yes", Text: "Public pages name the holder besides the post"}}},
	}
}

func readPostForm(f *form.Form) membership.PostCommand {
	return membership.PostCommand{Title: f.Required("title", "Title", "Enter the title of the post"), Email: f.Line("email", "Email address"),
		Phone: f.Line("phone", "Telephone"), IsContact: f.Checked("contact"), PublishesNames: f.Checked("names")}
}

func askReason(a *askedPost) []templ.Component {
	return []templ.Component{ui.Textarea{Field: a.f.Field("reason", "What was wrong", "Kept with the entry, and not shown to the public"), Rows: 3, Max: 2000}}
}

func readReason(a *askedPost) string {
	return a.f.RequiredText("reason", "The reason", 2000, "Enter what was wrong with it")
}

func askPostEnd(a *askedPost) []templ.Component {
	return []templ.Component{ui.DateInput{Field: a.f.DateField("ends", "Last day", "For example 31 3 2026")}}
}

func readPostEnd(a *askedPost) day.Date { return a.f.Date("ends", "Last day", "Enter the last day") }

// unlessWrong does it only if the form has no mistake.
func unlessWrong(a *askedPost, do func() error) error {
	if a.f.Errors().Any() {
		return nil
	}
	return do()
}

var changePostAct = postAct{
	heading: "Change the post", done: "Post changed", fields: []string{"title", "email", "phone", "contact", "names"},
	intro: "What it said before is kept.",
	ask: func(a *askedPost) []templ.Component {
		if !a.f.Has("title") && !a.f.Errors().Any() {
			a.f = form.New(map[string][]string{"title": {a.p.Title}, "email": {a.p.Email}, "phone": {a.p.Phone},
				"contact": ticked(a.p.IsContact), "names": ticked(a.p.PublishesNames)})
		}
		return askPost(a.f)
	},
	do: func(a *askedPost) error {
		cmd := readPostForm(a.f)
		return unlessWrong(a, func() error { return a.s.Members.ChangePost(a.r.Context(), actorOf(a.r), a.p.ID, cmd) })
	},
}

func ticked(yes bool) []string {
	if yes {
		return []string{"yes"}
	}
	return nil
}

var holdPostAct = postAct{
	heading: "Record a holder", done: "Holder recorded", fields: []string{"name", "account", "starts", "ends", "follows"},
	ask: func(a *askedPost) []templ.Component {
		return []templ.Component{
			ui.Input{Field: a.f.Field("name", "Name", "")},
			ui.Input{Field: a.f.Field("account", "Email address of their account (optional)", "Only if the person signs in to this portal"), Type: "email"},
			ui.DateInput{Field: a.f.DateField("starts", "First day in the post (optional)", "Leave empty if nobody knows")},
			ui.DateInput{Field: a.f.DateField("ends", "Last day (optional)", "Leave empty while it lasts")},
			ui.Checkboxes{Field: a.f.Field("follows", "Who holds it now", ""), Small: true, Options: []ui.Option{{Value: "yes", Text: "They hold it until the day before"}}},
		}
	},
	do: func(a *askedPost) error {
		cmd := membership.HolderCommand{Post: a.p.ID, Name: a.f.Required("name", "Name", "Enter the name of the holder"), Account: a.f.Line("account", "Email address"),
			StartsOn: a.f.Date("starts", "First day", ""), EndsOn: a.f.Date("ends", "Last day", ""), Follows: a.f.Checked("follows")}
		return unlessWrong(a, func() error { return a.s.Members.HoldPost(a.r.Context(), actorOf(a.r), cmd) })
	},
}

var endPostAct = postAct{
	heading: "Set the last day of the post", done: "Last day set", fields: []string{"ends"},
	warning: "Whoever holds the post holds it until that day at the latest.",
	ask:     askPostEnd,
	do: func(a *askedPost) error {
		last := readPostEnd(a)
		return unlessWrong(a, func() error { return a.s.Members.EndPost(a.r.Context(), actorOf(a.r), a.p.ID, last) })
	},
}

var retractPostAct = postAct{
	heading: "Take the post back", done: "Post taken back", fields: []string{"reason"},
	intro: "For a post that was entered in error. One that existed and ended is given its last day instead.",
	ask:   askReason,
	do: func(a *askedPost) error {
		reason := readReason(a)
		return unlessWrong(a, func() error { return a.s.Members.RetractPost(a.r.Context(), actorOf(a.r), a.p.ID, reason) })
	},
}

var endHolderAct = postAct{
	heading: "Set the last day", done: "Last day set", holder: true, fields: []string{"ends"}, ask: askPostEnd,
	do: func(a *askedPost) error {
		last := readPostEnd(a)
		return unlessWrong(a, func() error { return a.s.Members.EndHolder(a.r.Context(), actorOf(a.r), a.p.ID, a.h.ID, last) })
	},
}

var retractHolderAct = postAct{
	heading: "Take this entry back", done: "Entry taken back", holder: true, fields: []string{"reason"},
	intro: "For an entry that was made in error. Somebody who left the post is given a last day instead.",
	ask:   askReason,
	do: func(a *askedPost) error {
		reason := readReason(a)
		return unlessWrong(a, func() error { return a.s.Members.RetractHolder(a.r.Context(), actorOf(a.r), a.p.ID, a.h.ID, reason) })
	},
}
