package server

import (
	"slices"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5"

	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// factWords says what a fact is, in its table and where it is retracted.
func factWords(f membership.Fact) string {
	switch f.Kind {
	case membership.IdentifierFact:
		scheme, _ := membership.SchemeOf(f.Scheme)
		return scheme.Name + ": " + f.Words
	case membership.PartnerFact:
		return "Safeguarding partner (" + f.Words + ")"
	case membership.ShareFact:
		return "Area of the safeguarding partner: " + f.Words
	case membership.AgencyFact:
		return "Relevant agency: " + lowerFirst(basisWords(membership.Basis(f.Words)))
	}
	return f.Words
}

func nameTable(o membership.Organisation) ui.Table {
	t := ui.Table{Caption: "Names", HideCaption: true, RowHeaders: true, Columns: []ui.Column{{Text: "Name"}, {Text: "When"}}}
	for _, n := range o.Names {
		t.Rows = append(t.Rows, []ui.Cell{{Text: n.Name}, {Text: sentence(term(n.StartsOn, n.EndsOn))}})
	}
	return t
}

func factTable(slug, caption string, facts []membership.Fact, kind membership.FactKind) ui.Table {
	t := ui.Table{Caption: caption, HideCaption: true, RowHeaders: true, Empty: "None is recorded.",
		Columns: []ui.Column{{Text: "What"}, {Text: "When"}, {Text: "Entered"}, {Text: "Change"}}}
	for _, f := range facts {
		if f.Kind == kind && f.Retracted == nil {
			t.Rows = append(t.Rows, []ui.Cell{{Text: factWords(f)}, {Text: sentence(term(f.StartsOn, f.EndsOn))}, {Content: ui.TimeAt(f.RecordedAt)},
				{Text: "Retract", Path: route.DeskFactRetractTo(slug, string(kind), f.Row)}})
		}
	}
	return t
}

func retractedTable(facts []membership.Fact) ui.Table {
	t := ui.Table{Caption: "Entered in error", HideCaption: true, RowHeaders: true, Empty: "Nothing was retracted.",
		Columns: []ui.Column{{Text: "What"}, {Text: "Was said to hold"}, {Text: "Retracted"}, {Text: "Why"}}}
	for _, f := range facts {
		if f.Retracted != nil {
			t.Rows = append(t.Rows, []ui.Cell{{Text: factWords(f)}, {Text: sentence(term(f.StartsOn, f.EndsOn))}, {Content: ui.TimeAt(*f.Retracted)}, {Text: f.Reason}})
		}
	}
	return t
}

// areasOf are the areas that a partner shares, with their days where they are not those of the partner itself.
func areasOf(slug string, partner id.Partner, facts []membership.Fact) page.Spans {
	var list page.Spans
	for _, f := range membership.SharesOf(facts, partner) {
		x := page.Span{Text: f.Words, Links: []ui.Link{
			{Text: "Last day for " + f.Words, Path: route.DeskAreaEndTo(slug, f.Row)},
			{Text: "Retract " + f.Words, Path: route.DeskFactRetractTo(slug, string(membership.ShareFact), f.Row)},
		}}
		if !f.StartsOn.IsZero() || !f.EndsOn.IsZero() {
			x.When = term(f.StartsOn, f.EndsOn)
		}
		list = append(list, x)
	}
	return list
}

var editAct = organisationAct{
	heading: "Change its kind or note", press: "Save", done: "Saved", fields: []string{"kind", "note"},
	ask: func(a *asked) ([]templ.Component, error) {
		kind, note := a.f.Field("kind", "Kind of organisation", ""), a.f.Field("note", "Note (optional)", "Shown on its public page")
		if !a.f.Has("note") {
			kind.Value, note.Value = a.o.Kind, a.o.Note
		}
		return []templ.Component{ui.Radios{Field: kind, Options: options(membership.OrganisationKinds()), Small: true}, ui.Textarea{Field: note, Rows: 3, Max: 2000}}, nil
	},
	do: func(a *asked) error {
		cmd := membership.EditCommand{Slug: a.o.Slug, Kind: a.f.Choice("kind", "Choose the kind of organisation", membership.OrganisationKinds()...),
			Note: a.f.Text("note", "Note", 2000)}
		if a.f.Errors().Any() {
			return nil
		}
		return a.s.Members.EditOrganisation(a.r.Context(), actorOf(a.r), cmd)
	},
}

var identifierAct = organisationAct{
	heading: "Add a code in a public register", press: "Save the code", done: "Code saved", fields: []string{"scheme", "value", "starts"},
	intro: "An earlier code of the same register stays for the days before.",
	ask: func(a *asked) ([]templ.Component, error) {
		var list []ui.Option
		for _, s := range membership.Schemes() {
			list = append(list, ui.Option{Value: s.Key, Text: s.Name, Hint: sentence(s.Shape)})
		}
		return []templ.Component{
			ui.Radios{Field: a.f.Field("scheme", "Register", ""), Options: list, Small: true},
			ui.Input{Field: a.f.Field("value", "Code", ""), NoSpellcheck: true, Width: "20"},
			ui.DateInput{Field: a.f.DateField("starts", "First day (optional)", "Leave empty if it always had it, or if nobody knows")},
		}, nil
	},
	do: func(a *asked) error {
		cmd := membership.IdentifierCommand{Slug: a.o.Slug, Scheme: a.f.Raw("scheme"), Value: a.f.Line("value", "Code"), From: a.f.Date("starts", "First day", "")}
		if a.f.Errors().Any() {
			return nil
		}
		return a.s.Members.AddIdentifier(a.r.Context(), actorOf(a.r), cmd)
	},
}

var addressAct = organisationAct{
	heading: "Add an address", press: "Save the address", done: "Address saved", fields: []string{"address", "postcode", "starts"},
	intro: "An earlier address stays for the days before. The address is public.",
	ask: func(a *asked) ([]templ.Component, error) {
		return []templ.Component{
			ui.Textarea{Field: a.f.Field("address", "Address", "Lines without the postcode"), Rows: 4, Max: 500},
			ui.Input{Field: a.f.Field("postcode", "Postcode (optional)", ""), Width: "10", NoSpellcheck: true},
			ui.DateInput{Field: a.f.DateField("starts", "First day (optional)", "Leave empty if it was always there, or if nobody knows")},
		}, nil
	},
	do: func(a *asked) error {
		cmd := membership.AddressCommand{Slug: a.o.Slug, Address: a.f.RequiredText("address", "Address", 500, "Enter the address"),
			Postcode: a.f.Line("postcode", "Postcode"), From: a.f.Date("starts", "First day", "")}
		if a.f.Errors().Any() {
			return nil
		}
		return a.s.Members.AddAddress(a.r.Context(), actorOf(a.r), cmd)
	},
}

var shareAct = organisationAct{
	heading: "Add an area", press: "Add the area", done: "Area added", fields: []string{"area", "starts"},
	intro: "Rounds that open from that day on have a seat for it in this area too. Rounds that are open already stay as they are.",
	ask: func(a *asked) ([]templ.Component, error) {
		if _, err := a.partnerTerm(); err != nil {
			return nil, err
		}
		areas, err := a.s.Members.Areas(a.r.Context(), actorOf(a.r))
		if err != nil {
			return nil, err
		}
		list := []ui.Option{{Text: "Choose an area"}}
		for _, x := range areas {
			list = append(list, ui.Option{Value: idValue(x.ID), Text: x.Name})
		}
		return []templ.Component{
			ui.Select{Field: a.f.Field("area", "Area", "An administrator adds areas in the settings"), Options: list},
			ui.DateInput{Field: a.f.DateField("starts", "First day", "For example 1 10 2021")},
		}, nil
	},
	do: func(a *asked) error {
		t, err := a.partnerTerm()
		if err != nil {
			return err
		}
		areas, err := a.s.Members.Areas(a.r.Context(), actorOf(a.r))
		if err != nil {
			return err
		}
		allowed := make([]string, len(areas))
		for i, x := range areas {
			allowed[i] = idValue(x.ID)
		}
		choice := a.f.Choice("area", "Choose an area", allowed...)
		from := a.f.Date("starts", "First day", "Enter the first day")
		if a.f.Errors().Any() {
			return nil
		}
		cmd := membership.ShareCommand{Slug: a.o.Slug, Partner: t.ID, Area: areas[slices.Index(allowed, choice)].ID, From: from}
		return a.s.Members.ShareArea(a.r.Context(), actorOf(a.r), cmd)
	},
}

var shareEndAct = organisationAct{
	heading: "Set its last day in an area", press: "Set the last day", done: "Last day set", fields: []string{"ends"},
	warning: "A last day can be brought forward later, but never put back.",
	ask: func(a *asked) ([]templ.Component, error) {
		_, err := a.fact(membership.ShareFact)
		return askLastDay(a, "Last day in the area"), err
	},
	do: func(a *asked) error {
		f, err := a.fact(membership.ShareFact)
		if err != nil {
			return err
		}
		last := a.f.Date("ends", "Last day", "Enter the last day")
		if a.f.Errors().Any() {
			return nil
		}
		return a.s.Members.EndShare(a.r.Context(), actorOf(a.r), a.o.Slug, f.Row, last)
	},
}

// fact finds the fact that the address names, of a kind.
func (a *asked) fact(kind membership.FactKind) (membership.Fact, error) {
	row, err := pathID[int64](a.r, "id")
	if err != nil {
		return membership.Fact{}, err
	}
	facts, err := a.s.Members.Facts(a.r.Context(), actorOf(a.r), a.o.Slug)
	if err != nil {
		return membership.Fact{}, err
	}
	for _, f := range facts {
		if f.Kind == kind && f.Row == row && f.Retracted == nil {
			return f, nil
		}
	}
	return membership.Fact{}, errNoPage
}

var retractAct = organisationAct{
	heading: "Retract what was entered in error", press: "Retract it", done: "Retracted", fields: []string{"right", "reason"},
	intro:   "Use this only for an error. What truly ended keeps its days: set its last day instead.",
	warning: "What is retracted counts for nothing from now on. It stays visible at the desk, with your reason. This can’t be undone.",
	ask: func(a *asked) ([]templ.Component, error) {
		f, err := a.fact(membership.FactKind(chi.URLParam(a.r, "fact")))
		if err != nil {
			return nil, err
		}
		fields := []templ.Component{ui.SummaryList{Rows: []ui.Row{{Key: "What", Value: factWords(f)}, {Key: "When", Value: sentence(term(f.StartsOn, f.EndsOn))}}}}
		if f.Kind == membership.NameFact {
			fields = append(fields, ui.Input{Field: a.f.Field("right", "The right name for these days (optional)", "If you leave it empty, the name before goes on")})
		}
		return append(fields, ui.Textarea{Field: a.f.Field("reason", "Why is it retracted?", "Kept with the record, for staff only"), Rows: 3, Max: 2000}), nil
	},
	do: func(a *asked) error {
		f, err := a.fact(membership.FactKind(chi.URLParam(a.r, "fact")))
		if err != nil {
			return err
		}
		cmd := membership.RetractCommand{Slug: a.o.Slug, Kind: f.Kind, Row: f.Row, Right: a.f.Line("right", "Name"),
			Reason: a.f.RequiredText("reason", "Reason", 2000, "Enter why it is retracted")}
		if a.f.Errors().Any() {
			return nil
		}
		return a.s.Members.Retract(a.r.Context(), actorOf(a.r), cmd)
	},
}

var retractBodyAct = organisationAct{
	heading: "Retract the whole organisation", press: "Retract it", done: "Organisation retracted", fields: []string{"reason"}, home: func(string) string { return route.DeskOrganisations },
	intro:   "Use this only for an organisation that was entered in error. One that ended keeps its page: say when it ended instead.",
	warning: "Its public page disappears. This can’t be undone. Nothing that counts may hang on it: no time in the partnership, succession, post or role.",
	ask: func(a *asked) ([]templ.Component, error) {
		return []templ.Component{ui.Textarea{Field: a.f.Field("reason", "Why is it retracted?", "Kept with the record, for staff only"), Rows: 3, Max: 2000}}, nil
	},
	do: func(a *asked) error {
		reason := a.f.RequiredText("reason", "Reason", 2000, "Enter why it is retracted")
		if a.f.Errors().Any() {
			return nil
		}
		return a.s.Members.RetractOrganisation(a.r.Context(), actorOf(a.r), a.o.Slug, reason)
	},
}
