package server

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"partnershipportal/internal/fault"
	"partnershipportal/internal/membership"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

var successionFields = []string{"kind", "on", "predecessors", "successors", "begins-name", "begins-slug", "begins-kind", "new-name", "follows",
	"outlasting", "outlasting-until", "note", "step"}

const (
	followEnd     = "end"
	followPartner = "partner"
	followAgency  = "agency"
	followPosts   = "posts"
)

func (s *Server) getDeskSuccessionRecord(w http.ResponseWriter, r *http.Request) error {
	first := url.Values{"predecessors": {r.URL.Query().Get("predecessors")}, "follows": {followEnd, followPartner, followAgency, followPosts}}
	return s.showSuccessionForm(w, r, form.New(first), "")
}

func (s *Server) postDeskSuccessionRecord(w http.ResponseWriter, r *http.Request) error {
	f, err := formOf(r, successionFields...)
	if err != nil {
		return err
	}
	if f.Raw("step") == stepChange {
		return s.showSuccessionForm(w, r, f, "")
	}
	cmd, err := s.readSuccession(r, f)
	if err != nil {
		return err
	}
	if f.Errors().Any() {
		return s.showSuccessionForm(w, r, f, "")
	}
	if f.Raw("step") != stepDo {
		plan, err := s.Members.PlanSuccession(r.Context(), actorOf(r), cmd)
		if err != nil {
			return s.refuseSuccession(w, r, f, err)
		}
		return s.showSuccessionCheck(w, r, plan)
	}
	made, err := s.Members.RecordSuccession(r.Context(), actorOf(r), cmd)
	if err != nil {
		return s.refuseSuccession(w, r, f, err)
	}
	s.tell(r, "Succession recorded", "The people whom it concerns get a letter.")
	return redirect(w, r, route.DeskSuccessionTo(made))
}

// refuseSuccession shows the form again with what stands against it.
func (s *Server) refuseSuccession(w http.ResponseWriter, r *http.Request, f *form.Form, err error) error {
	if onForm(f, err) {
		return s.showSuccessionForm(w, r, f, "")
	}
	if notice, ok := conflict(err); ok {
		return s.showSuccessionForm(w, r, f, notice)
	}
	return err
}

func (s *Server) readSuccession(r *http.Request, f *form.Form) (membership.SucceedCommand, error) {
	kinds := make([]string, 0, 5)
	for _, k := range membership.SuccessionKinds() {
		kinds = append(kinds, string(k))
	}
	cmd := membership.SucceedCommand{
		Kind: membership.SuccessionKind(f.Choice("kind", "Choose what happened", kinds...)),
		On:   f.Date("on", "The day", "Enter the day from which it is so"),
	}
	var err error
	if cmd.Predecessors, err = s.readBodies(r, f, "predecessors"); err != nil {
		return cmd, err
	}
	if cmd.Successors, err = s.readBodies(r, f, "successors"); err != nil {
		return cmd, err
	}
	if name, slug := f.Line("begins-name", "Name"), f.Line("begins-slug", "Address"); name != "" || slug != "" || f.Has("begins-kind") {
		cmd.Begins = &membership.AddCommand{Name: name, Slug: slug, Kind: f.Raw("begins-kind")}
	}
	cmd.NewName = f.Line("new-name", "New name")
	follows := f.Choices("follows", "Choose from what is listed", followEnd, followPartner, followAgency, followPosts)
	cmd.Follows = membership.Follows{End: slices.Contains(follows, followEnd), Partner: slices.Contains(follows, followPartner),
		Agency: slices.Contains(follows, followAgency), Posts: slices.Contains(follows, followPosts)}
	cmd.Outlasting = f.Text("outlasting", "Functions", 2000)
	cmd.OutlastingUntil = f.Date("outlasting-until", "Last day", "")
	cmd.Note = f.Text("note", "Note", 2000)
	return cmd, nil
}

// readBodies reads organisations by name, one a line.
func (s *Server) readBodies(r *http.Request, f *form.Form, field string) ([]string, error) {
	var words []string
	for line := range strings.Lines(f.Text(field, "The list", 4000)) {
		if line = strings.TrimSpace(line); line != "" && !slices.Contains(words, line) {
			words = append(words, line)
		}
	}
	found, err := s.Members.BodiesCalled(r.Context(), actorOf(r), words)
	if err != nil {
		return nil, err
	}
	var slugs []string
	for _, w := range words {
		var of []string
		for _, b := range found {
			if b.Words == w {
				of = append(of, b.Slug)
			}
		}
		switch {
		case len(of) == 0:
			f.Fail(field, "There is no organisation called “"+w+"”. Enter a name that it has or had, or the address of its page")
		case len(of) > 1:
			f.Fail(field, "Several organisations are called “"+w+"”. Enter the address of its page: "+strings.Join(of, " or "))
		case !slices.Contains(slugs, of[0]):
			slugs = append(slugs, of[0])
		}
	}
	return slugs, nil
}

func (s *Server) showSuccessionForm(w http.ResponseWriter, r *http.Request, f *form.Form, notice string) error {
	p := page.DeskForm{
		Heading: "Record what became of an organisation", Notice: notice, Errors: f.Errors(), Action: route.DeskSuccessionRecord,
		Cancel: route.DeskSuccessions, Button: ui.Button{Text: "Continue"}, Fields: successionForm(f),
		Intro: []string{"This joins the histories of the bodies. It never changes what one of them signed, under which name, or who was asked to sign."},
	}
	v := view{title: p.Heading, current: route.DeskOrganisations, content: p.Content(), hasErrors: p.Errors.Any(),
		back: &ui.Link{Text: "Successions", Path: route.DeskSuccessions}}
	if notice != "" {
		return s.show(w, r, statuses[fault.Conflict], v)
	}
	return s.showForm(w, r, v)
}

var successionKindOptions = []ui.Option{
	{Value: string(membership.Takeover), Text: "One body took the place of another", Hint: "For example, an integrated care board followed a clinical commissioning group."},
	{Value: string(membership.Merger), Text: "Bodies merged"},
	{Value: string(membership.Split), Text: "A body was split"},
	{Value: string(membership.Renaming), Text: "A body has a new name"},
	{Value: string(membership.Abolition), Text: "A body ended and nobody followed"},
}

var followOptions = []ui.Option{
	{Value: followEnd, Text: "It ends on the day before"},
	{Value: followPartner, Text: "Who follows takes its place as safeguarding partner", Hint: "Of the same kind, for the same areas."},
	{Value: followAgency, Text: "Who follows takes its place as relevant agency", Hint: "With the same basis and categories."},
	{Value: followPosts, Text: "Its posts end, and nobody holds them any longer"},
}

func successionForm(f *form.Form) []templ.Component {
	const names = "One a line: a name that it has or had, or the address of its page"
	return []templ.Component{
		ui.Radios{Field: f.Field("kind", "What happened?", ""), Options: successionKindOptions},
		ui.DateInput{Field: f.DateField("on", "From which day is it so?", "For example 1 7 2022")},
		ui.Textarea{Field: f.Field("predecessors", "To which organisations did it happen?", names), Rows: 2},
		ui.Textarea{Field: f.Field("successors", "Which organisations followed? (optional)", names+". Leave empty for a new name, or if nobody followed."), Rows: 2},
		page.Group{Legend: "An organisation that begins with it (optional)", Fields: []templ.Component{
			ui.Input{Field: f.Field("begins-name", "Its name", "Leave empty if the portal knows it already")},
			ui.Input{Field: f.Field("begins-slug", "Address of its page", "Lower-case letters, figures and hyphens, for example nhs-kent-and-medway"), NoSpellcheck: true},
			ui.Radios{Field: f.Field("begins-kind", "Its kind", ""), Options: options(membership.OrganisationKinds()), Small: true},
		}}.Content(),
		ui.Input{Field: f.Field("new-name", "The new name (optional)", "Only for a body that goes on under another name")},
		ui.Checkboxes{Field: f.Field("follows", "What follows", "For a new name none of this is done"), Options: followOptions},
		page.Group{Legend: "Functions that outlast it (optional)", Fields: []templ.Component{
			ui.Textarea{Field: f.Field("outlasting", "What the earlier body still does", "For example, signing off the serious case reviews that it commissioned"), Rows: 2, Max: 2000},
			ui.DateInput{Field: f.DateField("outlasting-until", "Until when (optional)", "Leave empty if it is open")},
		}}.Content(),
		ui.Textarea{Field: f.Field("note", "Note (optional)", "Shown to the public"), Rows: 3, Max: 2000},
	}
}

func (s *Server) showSuccessionCheck(w http.ResponseWriter, r *http.Request, plan membership.SuccessionPlan) error {
	rows := successionRows(plan.Record)
	if len(plan.Rounds) > 0 {
		rows = append(rows, ui.Row{Key: "Open sign-offs", Content: roundsConcerned(plan.Rounds).Content()})
	}
	p := page.DeskCheck{Heading: "Check before you record it", Rows: rows, Action: route.DeskSuccessionRecord, Button: "Record it",
		Carried: carryForm(r), Cancel: route.DeskSuccessions,
		Warning: "The people of these bodies and the safeguarding partners beside them get a letter. A succession can be taken back while nothing hangs on it."}
	return s.show(w, r, http.StatusOK, view{title: p.Heading, current: route.DeskOrganisations, content: p.Content()})
}

// roundsConcerned says what to do with the open rounds in which a body that ends has a seat.
func roundsConcerned(rounds []membership.RoundConcerned) page.Advice {
	a := page.Advice{Text: "After its last day the body can’t sign. Recall each of these sign-offs, then open it again: the successor then has the seat."}
	for _, x := range rounds {
		words := x.Paper + ", seat of " + x.Organisation
		if x.HasActed {
			words += " (has signed)"
		}
		a.Links = append(a.Links, ui.Link{Text: words, Path: route.SignOffRoundTo(x.Round)})
	}
	return a
}

// successionRows tell a succession with what its recording changed.
func successionRows(r membership.SuccessionRecord) []ui.Row {
	rows := []ui.Row{
		{Key: "What happened", Value: r.Words()},
		{Key: "From", Value: r.On.Long()},
	}
	if r.Outlasting != "" {
		until := " (no last day is known)"
		if !r.OutlastingUntil.IsZero() {
			until = " (until " + r.OutlastingUntil.Long() + ")"
		}
		rows = append(rows, ui.Row{Key: "Functions that outlast it", Value: r.Outlasting + until})
	}
	if r.Note != "" {
		rows = append(rows, ui.Row{Key: "Note", Value: r.Note})
	}
	if len(r.Changes) == 0 {
		return append(rows, ui.Row{Key: "What follows", Value: "Nothing else changes."})
	}
	var changes page.Words
	for _, c := range r.Changes {
		changes = append(changes, changeWords(c, r))
	}
	return append(rows, ui.Row{Key: "What follows", Content: changes.Content()})
}

func changeWords(c membership.SuccessionChange, r membership.SuccessionRecord) string {
	if c.Made {
		switch c.Kind {
		case membership.ChangedBody:
			return c.Organisation + " begins on " + r.On.Long() + "."
		case membership.ChangedName:
			return "From " + r.On.Long() + " its name is " + c.Detail + "."
		case membership.ChangedPartner:
			return c.Organisation + " is a safeguarding partner (" + c.Detail + ") from " + r.On.Long() + "."
		case membership.ChangedShare:
			return c.Organisation + " is safeguarding partner of " + c.Detail + " too, from " + r.On.Long() + "."
		}
		return c.Organisation + " is a relevant agency from " + r.On.Long() + "."
	}
	last := c.SetEndsOn.Long()
	switch c.Kind {
	case membership.ChangedBody:
		return c.Organisation + " ends on " + last + "."
	case membership.ChangedName:
		return "The name " + c.Detail + " ends on " + last + "."
	case membership.ChangedPartner:
		return c.Organisation + " is a safeguarding partner until " + last + "."
	case membership.ChangedAgency:
		return c.Organisation + " is a relevant agency until " + last + "."
	case membership.ChangedPost:
		return c.Organisation + ": the post “" + c.Detail + "” ends on " + last + "."
	}
	return c.Organisation + ": " + c.Detail + " holds the post until " + last + "."
}
