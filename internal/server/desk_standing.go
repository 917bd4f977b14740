package server

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"partnershipportal/internal/membership"
	"partnershipportal/web/ui"
)

var partnerAct = organisationAct{
	heading: "Make it a safeguarding partner", press: "Make it a safeguarding partner", done: "It is a safeguarding partner now",
	warning: "Every round that opens while it is a partner has a seat for it. Its kind, areas and first day cannot be changed later.",
	fields:  []string{"statutory-kind", "areas", "starts", "ends", "publishes-names"},
	ask: func(a *asked) ([]templ.Component, error) {
		areas, err := a.s.Members.Areas(a.r.Context(), actorOf(a.r))
		if err != nil {
			return nil, err
		}
		var list []ui.Option
		for _, x := range areas {
			list = append(list, ui.Option{Value: idValue(x.ID), Text: x.Name})
		}
		hint := ""
		if len(list) == 0 {
			hint = "The partnership has no area yet. An administrator adds it in the settings."
		}
		return []templ.Component{
			ui.Radios{Field: a.f.Field("statutory-kind", "Kind of safeguarding partner", ""), Options: options(membership.StatutoryKinds())},
			ui.Checkboxes{Field: a.f.Field("areas", "Areas", hint), Options: list},
			ui.DateInput{Field: a.f.DateField("starts", "First day as safeguarding partner", "For example 29 6 2018")},
			ui.DateInput{Field: a.f.DateField("ends", "Last day (optional)", "Leave empty while it lasts")},
			ui.Checkboxes{Field: a.f.Field("publishes-names", "Officers’ names", ""), Options: []ui.Option{
				{Value: "yes", Text: "Publish the names of its officers with their sign-offs", Hint: "Without this, only the office is shown."}}},
		}, nil
	},
	check: func(a *asked) ([]ui.Row, error) {
		cmd, names, err := readPartner(a)
		if err != nil {
			return nil, err
		}
		publishes := "No, only their office"
		if cmd.PublishesNames {
			publishes = "Yes"
		}
		return []ui.Row{
			{Key: "Organisation", Value: a.o.Name}, {Key: "Kind of safeguarding partner", Value: sentence(cmd.Kind)},
			{Key: "Areas", Value: strings.Join(names, ", ")}, {Key: "When", Value: sentence(term(cmd.From, cmd.To))},
			{Key: "Publishes its officers’ names", Value: publishes},
		}, nil
	},
	do: func(a *asked) error {
		cmd, _, err := readPartner(a)
		if err != nil || a.f.Errors().Any() {
			return err
		}
		_, err = a.s.Members.MakePartner(a.r.Context(), actorOf(a.r), cmd)
		return err
	},
}

// readPartner reads the form, and the names of the areas chosen.
func readPartner(a *asked) (cmd membership.PartnerCommand, names []string, err error) {
	areas, err := a.s.Members.Areas(a.r.Context(), actorOf(a.r))
	if err != nil {
		return cmd, nil, err
	}
	allowed := make([]string, len(areas))
	for i, x := range areas {
		allowed[i] = idValue(x.ID)
	}
	cmd = membership.PartnerCommand{
		Slug: a.o.Slug, Kind: a.f.Choice("statutory-kind", "Choose the kind of safeguarding partner", membership.StatutoryKinds()...),
	}
	for _, c := range a.f.Choices("areas", "Choose areas of the partnership", allowed...) {
		x := areas[slices.Index(allowed, c)]
		cmd.Areas, names = append(cmd.Areas, x.ID), append(names, x.Name)
	}
	if len(cmd.Areas) == 0 {
		a.f.Fail("areas", "Choose at least one area")
	}
	cmd.From = a.f.Date("starts", "First day", "Enter the first day as safeguarding partner")
	cmd.To = a.f.Date("ends", "Last day", "")
	cmd.PublishesNames = a.f.Checked("publishes-names")
	if !cmd.To.IsZero() && cmd.To.Before(cmd.From) {
		a.f.Fail("ends", "The last day must not be before the first day")
	}
	return cmd, names, nil
}

var partnerEndAct = organisationAct{
	heading: "Set its last day as safeguarding partner", press: "Set the last day", done: "Last day set", fields: []string{"ends"},
	intro: "If another body takes over, record it as successor and make it a safeguarding partner from the next day.",
	warning: "After its last day its officers can sign nothing. A round that is open must be recalled and opened again. " +
		"A last day can be brought forward later, but never put back.",
	ask: func(a *asked) ([]templ.Component, error) {
		_, err := a.partnerTerm()
		return askLastDay(a, "Last day as safeguarding partner"), err
	},
	check: func(a *asked) ([]ui.Row, error) {
		_, err := a.partnerTerm()
		last := a.f.Date("ends", "Last day", "Enter the last day")
		return []ui.Row{{Key: "Organisation", Value: a.o.Name}, {Key: "Last day as safeguarding partner", Value: last.Long()}}, err
	},
	do: func(a *asked) error {
		t, err := a.partnerTerm()
		if err != nil {
			return err
		}
		last := a.f.Date("ends", "Last day", "Enter the last day")
		if a.f.Errors().Any() {
			return nil
		}
		return a.s.Members.EndPartner(a.r.Context(), actorOf(a.r), a.o.Slug, t.ID, last)
	},
}

var partnerNamesAct = organisationAct{
	heading: "Officers’ names on published sign-offs", press: "Save", done: "Saved", fields: []string{"publishes-names"},
	intro: "The office is always published. The officer’s name is published only if the safeguarding partner wants it.",
	ask: func(a *asked) ([]templ.Component, error) {
		t, err := a.partnerTerm()
		if err != nil {
			return nil, err
		}
		field := a.f.Field("publishes-names", "Publish the names of its officers?", "This changes past sign-offs on the public pages too")
		if !a.f.Has("publishes-names") && !a.f.Errors().Any() {
			field.Value = yesNo(t.PublishesNames)
		}
		return []templ.Component{ui.Radios{Field: field, Inline: true, Options: []ui.Option{{Value: "yes", Text: "Yes"}, {Value: "no", Text: "No"}}}}, nil
	},
	do: func(a *asked) error {
		t, err := a.partnerTerm()
		if err != nil {
			return err
		}
		choice := a.f.Choice("publishes-names", "Choose yes or no", "yes", "no")
		if a.f.Errors().Any() {
			return nil
		}
		return a.s.Members.PublishNames(a.r.Context(), actorOf(a.r), a.o.Slug, t.ID, choice == "yes")
	},
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

var agencyAct = organisationAct{
	heading: "Make it a relevant agency", press: "Make it a relevant agency", done: "It is a relevant agency now",
	fields: []string{"basis", "categories", "reason", "starts", "ends"},
	intro:  "A relevant agency has to act in accordance with the arrangements and to supply information that is asked for.",
	ask: func(a *asked) ([]templ.Component, error) {
		boxes, err := a.categoryBoxes(nil, "Tick all that apply; none for a body that is only invited")
		if err != nil {
			return nil, err
		}
		return []templ.Component{
			ui.Radios{Field: a.f.Field("basis", "Why it is included", ""), Options: basisOptions}, boxes,
			ui.Textarea{Field: a.f.Field("reason", "Why it was chosen (optional)", "Shown to the public"), Rows: 3, Max: 2000},
			ui.DateInput{Field: a.f.DateField("starts", "First day as relevant agency", "For example 17 9 2019")},
			ui.DateInput{Field: a.f.DateField("ends", "Last day (optional)", "Leave empty while it lasts")},
		}, nil
	},
	do: func(a *asked) error {
		cmd, err := readAgency(a)
		if err != nil || a.f.Errors().Any() {
			return err
		}
		_, err = a.s.Members.NameAgency(a.r.Context(), actorOf(a.r), cmd)
		return err
	},
}

func readAgency(a *asked) (membership.AgencyCommand, error) {
	cmd := membership.AgencyCommand{Slug: a.o.Slug, Basis: membership.Basis(a.f.Choice("basis", "Choose why the organisation is included",
		string(membership.Chosen), string(membership.Designated), string(membership.Invitee)))}
	var err error
	if cmd.Categories, err = a.readCategories(); err != nil {
		return membership.AgencyCommand{}, err
	}
	cmd.Reason = a.f.Text("reason", "Reason", 2000)
	cmd.From = a.f.Date("starts", "First day", "Enter the first day as relevant agency")
	cmd.To = a.f.Date("ends", "Last day", "")
	return cmd, nil
}

var agencyEndAct = organisationAct{
	heading: "Set its last day as relevant agency", press: "Set the last day", done: "Last day set", fields: []string{"ends"},
	warning: "A last day can be brought forward later, but never put back.",
	ask: func(a *asked) ([]templ.Component, error) {
		_, err := a.agencyTerm()
		return askLastDay(a, "Last day as relevant agency"), err
	},
	do: func(a *asked) error {
		t, err := a.agencyTerm()
		if err != nil {
			return err
		}
		last := a.f.Date("ends", "Last day", "Enter the last day")
		if a.f.Errors().Any() {
			return nil
		}
		return a.s.Members.EndAgency(a.r.Context(), actorOf(a.r), a.o.Slug, t.ID, last)
	},
}
