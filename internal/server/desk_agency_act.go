package server

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// categoryBoxes are the categories that can be ticked: those in force today, and those that the agency has.
func (a *asked) categoryBoxes(has []int, hint string) (templ.Component, error) {
	categories, err := a.s.Members.Categories(a.r.Context(), actorOf(a.r))
	if err != nil {
		return nil, err
	}
	var list []ui.Option
	for _, c := range categories {
		if !c.InForce(a.s.today()) && !slices.Contains(has, c.Paragraph) {
			continue
		}
		o := ui.Option{Value: strconv.Itoa(c.Paragraph), Text: strconv.Itoa(c.Paragraph) + ". " + c.Category}
		if c.Confidence != membership.ConfirmedWording {
			o.Hint = "This wording is not confirmed, so it is not shown to the public."
		}
		if !c.EndsOn.IsZero() {
			o.Hint = "In force until " + c.EndsOn.Long() + "."
		}
		list = append(list, o)
	}
	field := a.f.Field("categories", "Categories of the Schedule", hint)
	if !a.posted() {
		for _, n := range has {
			field.Values = append(field.Values, strconv.Itoa(n))
		}
	}
	return ui.Checkboxes{Field: field, Options: list, Small: true}, nil
}

// posted tells whether the form was sent, rather than only asked for.
func (a *asked) posted() bool { return a.r.Method == http.MethodPost }

// readCategories reads which categories are ticked.
func (a *asked) readCategories() ([]int, error) {
	categories, err := a.s.Members.Categories(a.r.Context(), actorOf(a.r))
	if err != nil {
		return nil, err
	}
	allowed := make([]string, len(categories))
	for i, c := range categories {
		allowed[i] = strconv.Itoa(c.Paragraph)
	}
	var ticked []int
	for _, c := range a.f.Choices("categories", "Choose categories of the Schedule", allowed...) {
		ticked = append(ticked, categories[slices.Index(allowed, c)].Paragraph)
	}
	return ticked, nil
}

// kept gives a field the value that is on record, unless the form was sent.
func (a *asked) kept(field form.Field, value string) form.Field {
	if !a.posted() {
		field.Value = value
	}
	return field
}

var agencyChangeAct = organisationAct{
	heading: "Change its categories and reason", press: "Save", done: "Saved. What it said before is kept", fields: []string{"categories", "reason", "why"},
	intro: "Use this to put right what is said of it. If the partners choose or invite it on another basis, change the basis instead.",
	ask: func(a *asked) ([]templ.Component, error) {
		t, err := a.agencyTerm()
		if err != nil {
			return nil, err
		}
		boxes, err := a.categoryBoxes(t.Paragraphs, "Tick all that apply; none for a body that is only invited")
		if err != nil {
			return nil, err
		}
		return []templ.Component{boxes,
			ui.Textarea{Field: a.kept(a.f.Field("reason", "Why it was chosen (optional)", "Shown to the public"), t.Reason), Rows: 3, Max: 2000},
			ui.Input{Field: a.f.Field("why", "Why categories are taken back", "Needed only if you untick one. For example: entered in error")},
		}, nil
	},
	do: func(a *asked) error {
		t, err := a.agencyTerm()
		if err != nil {
			return err
		}
		cmd := membership.AgencyChange{Slug: a.o.Slug, Agency: t.ID}
		if cmd.Categories, err = a.readCategories(); err != nil {
			return err
		}
		cmd.Reason = a.f.Text("reason", "Reason", 2000)
		cmd.Why = a.f.Line("why", "Why")
		if a.f.Errors().Any() {
			return nil
		}
		return a.s.Members.ChangeAgency(a.r.Context(), actorOf(a.r), cmd)
	},
}

var agencyBasisAct = organisationAct{
	heading: "Change why it is included", press: "Change the basis", done: "Basis changed", fields: []string{"basis", "categories", "reason", "starts"},
	intro:   "Its time on the present basis ends on the day before, and another begins. Both stay on record.",
	warning: "The day cannot be changed later.",
	ask: func(a *asked) ([]templ.Component, error) {
		t, err := a.agencyTerm()
		if err != nil {
			return nil, err
		}
		boxes, err := a.categoryBoxes(t.Paragraphs, "Tick all that apply; none for a body that is only invited")
		if err != nil {
			return nil, err
		}
		return []templ.Component{
			ui.Radios{Field: a.kept(a.f.Field("basis", "Why it is included", ""), string(t.Basis)), Options: basisOptions}, boxes,
			ui.Textarea{Field: a.kept(a.f.Field("reason", "Why it was chosen (optional)", "Shown to the public"), t.Reason), Rows: 3, Max: 2000},
			ui.DateInput{Field: a.f.DateField("starts", "First day on the new basis", "For example 1 4 2026")},
		}, nil
	},
	do: func(a *asked) error {
		t, err := a.agencyTerm()
		if err != nil {
			return err
		}
		cmd := membership.BasisChange{Agency: t.ID, AgencyCommand: membership.AgencyCommand{Slug: a.o.Slug}}
		cmd.Basis = membership.Basis(a.f.Choice("basis", "Choose why the organisation is included",
			string(membership.Chosen), string(membership.Designated), string(membership.Invitee)))
		if cmd.Categories, err = a.readCategories(); err != nil {
			return err
		}
		cmd.Reason = a.f.Text("reason", "Reason", 2000)
		cmd.From = a.f.Date("starts", "First day", "Enter the first day on the new basis")
		if a.f.Errors().Any() {
			return nil
		}
		_, err = a.s.Members.ChangeBasis(a.r.Context(), actorOf(a.r), cmd)
		return err
	},
}

// reader finds the reader that the address names.
func (a *asked) reader() (membership.Reader, error) {
	which, err := pathID[id.Reader](a.r, "id")
	if err != nil {
		return membership.Reader{}, err
	}
	list, err := a.s.Members.Readers(a.r.Context(), actorOf(a.r), a.o.Slug)
	if err != nil {
		return membership.Reader{}, err
	}
	i := slices.IndexFunc(list, func(x membership.Reader) bool { return x.ID == which })
	if i < 0 {
		return membership.Reader{}, errNoPage
	}
	return list[i], nil
}

func askReader(a *asked, x membership.Reader) []templ.Component {
	return []templ.Component{
		ui.Input{Field: a.kept(a.f.Field("name", "Name", ""), x.Name)},
		ui.Input{Field: a.kept(a.f.Field("email", "E-mail address", "If it is that of an account of the agency’s staff, the two are joined"), x.Email), Type: "email", NoSpellcheck: true},
		ui.Input{Field: a.kept(a.f.Field("post", "Post (optional)", "For example Headteacher"), x.Post)},
	}
}

var readerAddAct = organisationAct{
	heading: "Name a reader", press: "Name the reader", done: "Reader named", fields: []string{"name", "email", "post", "capacity", "starts", "ends"}, home: route.DeskReadersTo,
	ask: func(a *asked) ([]templ.Component, error) {
		return append(askReader(a, membership.Reader{}),
			ui.Radios{Field: a.f.Field("capacity", "Capacity", ""), Options: options(membership.ReaderCapacities())},
			ui.DateInput{Field: a.f.DateField("starts", "First day", "For example 1 9 2026")},
			ui.DateInput{Field: a.f.DateField("ends", "Last day (optional)", "Leave empty while it lasts")}), nil
	},
	do: func(a *asked) error {
		cmd := membership.ReaderCommand{
			Slug: a.o.Slug, Name: a.f.Required("name", "Name", "Enter the person’s name"),
			Email:    a.f.Email("email", "Enter an e-mail address, like name@example.org"),
			Post:     a.f.Line("post", "Post"),
			Capacity: a.f.Choice("capacity", "Choose in which capacity the person reads", membership.ReaderCapacities()...),
			From:     a.f.Date("starts", "First day", "Enter the first day"), To: a.f.Date("ends", "Last day", ""),
		}
		if a.f.Errors().Any() {
			return nil
		}
		_, err := a.s.Members.NameReader(a.r.Context(), actorOf(a.r), cmd)
		return err
	},
}

var readerChangeAct = organisationAct{
	heading: "Change a reader", press: "Save", done: "Saved. What it said before is kept", fields: []string{"name", "email", "post"}, home: route.DeskReadersTo,
	ask: func(a *asked) ([]templ.Component, error) {
		x, err := a.reader()
		return askReader(a, x), err
	},
	do: func(a *asked) error {
		x, err := a.reader()
		if err != nil {
			return err
		}
		cmd := membership.ReaderChange{Slug: a.o.Slug, Reader: x.ID, Name: a.f.Required("name", "Name", "Enter the person’s name"),
			Email: a.f.Email("email", "Enter an e-mail address, like name@example.org"), Post: a.f.Line("post", "Post")}
		if a.f.Errors().Any() {
			return nil
		}
		return a.s.Members.ChangeReader(a.r.Context(), actorOf(a.r), cmd)
	},
}

var readerEndAct = organisationAct{
	heading: "Set a reader’s last day", press: "Set the last day", done: "Last day set", fields: []string{"ends"}, home: route.DeskReadersTo,
	warning: "A last day can be brought forward later, but never put back.",
	ask: func(a *asked) ([]templ.Component, error) {
		x, err := a.reader()
		return askLastDay(a, "Last day of "+x.Name+" as a reader"), err
	},
	do: func(a *asked) error {
		x, err := a.reader()
		if err != nil {
			return err
		}
		last := a.f.Date("ends", "Last day", "Enter the last day")
		if a.f.Errors().Any() {
			return nil
		}
		return a.s.Members.EndReader(a.r.Context(), actorOf(a.r), a.o.Slug, x.ID, last)
	},
}

var readerRetractAct = organisationAct{
	heading: "Take a reader back", press: "Take the reader back", done: "Reader taken back", fields: []string{"reason"}, home: route.DeskReadersTo,
	intro: "Use this only if the entry was wrong from the start. Otherwise set the last day.",
	ask: func(a *asked) ([]templ.Component, error) {
		x, err := a.reader()
		return []templ.Component{ui.Textarea{Field: a.f.Field("reason", "Why was "+x.Name+" entered in error?", "Kept on record"), Rows: 2, Max: 2000}}, err
	},
	do: func(a *asked) error {
		x, err := a.reader()
		if err != nil {
			return err
		}
		reason := a.f.RequiredText("reason", "Reason", 2000, "Enter why the entry is wrong")
		if a.f.Errors().Any() {
			return nil
		}
		return a.s.Members.RetractReader(a.r.Context(), actorOf(a.r), a.o.Slug, x.ID, reason)
	},
}

func (s *Server) getDeskReaders(w http.ResponseWriter, r *http.Request) error {
	o, err := s.organisationOf(r)
	if err != nil {
		return err
	}
	readers, err := s.Members.Readers(r.Context(), actorOf(r), o.Slug)
	if err != nil {
		return err
	}
	versions, err := s.Members.NamedIn(r.Context(), actorOf(r), o.ID)
	if err != nil {
		return err
	}
	corrections, err := s.Members.CorrectionsOf(r.Context(), actorOf(r), o.ID)
	if err != nil {
		return err
	}
	p := page.DeskReaders{Name: o.Name, Readers: readerTable(readers, o.Slug), Add: route.DeskReadersTo(o.Slug) + "/add", CanAdd: len(o.Agency) > 0,
		Versions: deskNamedTable(versions), Corrections: proposalTable("Corrections", corrections, "Its staff have proposed none.")}
	p.Corrections.HideCaption = true
	if !p.CanAdd {
		p.Readers.Empty = "Only a relevant agency has readers."
	}
	return s.show(w, r, http.StatusOK, view{title: "Readers and versions: " + o.Name, current: route.DeskOrganisations, content: p.Content(),
		breadcrumbs: []ui.Link{{Text: "Home", Path: route.Home}, {Text: "Organisations", Path: route.DeskOrganisations},
			{Text: o.Name, Path: route.DeskOrganisationTo(o.Slug)}, {Text: "Readers and versions"}}})
}

// readerTable lists readers; with a slug each can be changed.
func readerTable(list []membership.Reader, slug string) ui.Table {
	t := ui.Table{Caption: "Readers", HideCaption: slug != "", RowHeaders: true, Empty: "Nobody is named as a reader yet.",
		Columns: []ui.Column{{Text: "Name"}, {Text: "Post"}, {Text: "Capacity"}, {Text: "E-mail"}, {Text: "When"}, {Text: "Account"}}}
	if slug != "" {
		t.Columns = append(t.Columns, ui.Column{Text: "Change"})
	}
	for _, x := range list {
		account := "None yet"
		if x.HasAccount {
			account = "Yes"
		}
		row := []ui.Cell{{Text: x.Name}, {Text: or(x.Post, "Not given")}, {Text: sentence(x.Capacity)}, {Text: x.Email}, {Text: sentence(term(x.StartsOn, x.EndsOn))}, {Text: account}}
		if slug != "" {
			row = append(row, ui.Cell{Content: page.Links{
				{Text: "Change " + x.Name, Path: route.DeskReaderAct(slug, x.ID, "change")},
				{Text: "Set the last day", Path: route.DeskReaderAct(slug, x.ID, "end")},
				{Text: "Take back", Path: route.DeskReaderAct(slug, x.ID, "retract")},
			}.Content()})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func namedName(n membership.NamedIn) string {
	name := n.Title + ", version " + strconv.Itoa(n.Number)
	if n.Label != "" {
		name += ", " + n.Label
	}
	return name
}

func deskNamedTable(list []membership.NamedIn) ui.Table {
	t := ui.Table{Caption: "Versions that name it", HideCaption: true, RowHeaders: true, Empty: "No version names it.",
		Columns: []ui.Column{{Text: "Version"}, {Text: "In force from"}, {Text: "Published"}}}
	for _, n := range list {
		published := "Not yet"
		if n.Published {
			published = "Yes"
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: namedName(n), Path: route.DeskVersionTo(n.Slug, n.Number)}, {Text: or(n.EffectiveFrom.Long(), "Not set")}, {Text: published}})
	}
	return t
}

func publicNamedTable(list []membership.NamedIn) ui.Table {
	t := ui.Table{Caption: "Versions that name it", RowHeaders: true, Empty: "No published version names it.",
		Columns: []ui.Column{{Text: "Version"}, {Text: "In force from"}}}
	for _, n := range list {
		t.Rows = append(t.Rows, []ui.Cell{{Text: namedName(n), Path: route.ArrangementVersionTo(n.Slug, n.Number)}, {Text: n.EffectiveFrom.Long()}})
	}
	return t
}
