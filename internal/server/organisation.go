package server

import (
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/membership"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

func (s *Server) getOrganisation(r *http.Request, today day.Date) (view, error) {
	o, err := s.Bodies.Organisation(r.Context(), chi.URLParam(r, "slug"), today)
	if err != nil {
		return view{}, err
	}
	p := page.Organisation{
		Name: o.Name, Kind: sentence(o.Kind), Note: o.Note, Demo: o.IsDemonstration, Story: organisationStory(o),
		Rows: []ui.Row{{Key: "In the partnership today", Value: standingWords(o, today)}},
	}
	if p.Contacts, err = s.contactPosts(r.Context(), o.Slug, today); err != nil {
		return view{}, err
	}
	if !o.EndsOn.IsZero() {
		p.Rows = append(p.Rows, ui.Row{Key: "Existed until", Value: o.EndsOn.Long()})
	}
	p.Rows = append(p.Rows, organisationFacts(o, today)...)
	named, err := s.Bodies.NamedIn(r.Context(), o.ID)
	if err != nil {
		return view{}, err
	}
	if len(named) > 0 {
		p.Rows = append(p.Rows, ui.Row{Key: "Named as relevant agency in", Content: namedLinks(named).Content()})
	}
	return view{title: o.Name + ", organisation", canonical: route.OrganisationTo(o.Slug), content: p.Content()}, nil
}

// organisationFacts are what the body keeps after it was followed, its codes and its address of today.
func organisationFacts(o membership.PublicOrganisation, today day.Date) []ui.Row {
	var rows []ui.Row
	for _, x := range o.Successions {
		if x.Before && x.Outlasting != "" {
			rows = append(rows, ui.Row{Key: "Functions that it kept from " + x.On.Long(), Value: outlastingWords(x)})
		}
	}
	for _, f := range o.Facts {
		if (!f.StartsOn.IsZero() && f.StartsOn.After(today)) || (!f.EndsOn.IsZero() && f.EndsOn.Before(today)) {
			continue
		}
		switch f.Kind {
		case membership.IdentifierFact:
			scheme, _ := membership.SchemeOf(f.Scheme)
			rows = append(rows, ui.Row{Key: scheme.Name, Value: f.Words})
		case membership.AddressFact:
			rows = append(rows, ui.Row{Key: "Address", Value: f.Words})
		}
	}
	return rows
}

// outlastingWords say what a body still does after another followed it, and until when.
func outlastingWords(x membership.PublicSuccession) string {
	if x.OutlastingUntil.IsZero() {
		return x.Outlasting + " (no last day is recorded)"
	}
	return x.Outlasting + " (until " + x.OutlastingUntil.Long() + ")"
}

// entered says when something was entered, if that was after the day from which it holds.
func entered(late day.Date) string {
	if late.IsZero() {
		return ""
	}
	return "Entered on " + late.Long() + "."
}

// lines joins what is not empty.
func lines(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " ")
}

// namedLinks lead to the published versions that name the body.
func namedLinks(named []membership.NamedIn) page.Links {
	var links page.Links
	for _, n := range named {
		links = append(links, ui.Link{Text: namedName(n), Path: route.ArrangementVersionTo(n.Slug, n.Number)})
	}
	return links
}

// standingWords says what the body is to the partnership today.
func standingWords(o membership.PublicOrganisation, today day.Date) string {
	var words []string
	for _, t := range o.Partner {
		if within(today, t.StartsOn, t.EndsOn) {
			words = append(words, "safeguarding partner ("+t.StatutoryKind+")")
		}
	}
	for _, t := range o.Agency {
		if within(today, t.StartsOn, t.EndsOn) {
			words = append(words, "relevant agency")
		}
	}
	return sentence(or(strings.Join(words, ", "), "no part in it today"))
}

func within(on, from, to day.Date) bool { return !from.After(on) && (to.IsZero() || !to.Before(on)) }

// dated is one entry of an organisation's history, with its day for the order.
type dated struct {
	on    day.Date
	entry ui.TimelineEntry
}

// organisationStory tells what is recorded of the body in the order of its days; what has no day comes first.
func organisationStory(o membership.PublicOrganisation) []ui.TimelineEntry {
	var list []dated
	add := func(on day.Date, entry ui.TimelineEntry) {
		entry.When = onDay(on)
		if on.IsZero() {
			entry.When = ui.Time{Words: "Day not recorded"}
		}
		list = append(list, dated{on, entry})
	}
	for _, n := range o.Names {
		add(n.StartsOn, ui.TimelineEntry{What: "Named " + n.Name, Detail: entered(o.EnteredLate(membership.NameFact, n.StartsOn))})
	}
	for _, x := range o.Predecessors {
		add(x.On, ui.TimelineEntry{What: "Took over from " + x.Name, Detail: lines(x.Note, keptWords(o, x.On, x.Name), entered(recordedLate(o, x.On))), Link: &ui.Link{Text: x.Name, Path: route.OrganisationTo(x.Slug)}})
	}
	for _, t := range o.Partner {
		add(t.StartsOn, ui.TimelineEntry{What: "Became a safeguarding partner (" + t.StatutoryKind + ")", Detail: lines(strings.Join(t.Areas, ", ")+".", entered(o.EnteredLate(membership.PartnerFact, t.StartsOn)))})
		if !t.EndsOn.IsZero() {
			add(t.EndsOn, ui.TimelineEntry{What: "Last day as safeguarding partner"})
		}
	}
	for _, t := range o.Agency {
		entry := ui.TimelineEntry{What: "Became a relevant agency: " + lowerFirst(basisWords(t.Basis)), Detail: lines(t.Reason, entered(o.EnteredLate(membership.AgencyFact, t.StartsOn)))}
		if t.IsDemonstration {
			entry.State = ui.DemoData
		}
		add(t.StartsOn, entry)
		if !t.EndsOn.IsZero() {
			add(t.EndsOn, ui.TimelineEntry{What: "Last day as relevant agency"})
		}
	}
	for _, t := range o.Offices {
		add(t.StartsOn, ui.TimelineEntry{What: "Office that signs: " + t.Office})
		if !t.EndsOn.IsZero() {
			add(t.EndsOn, ui.TimelineEntry{What: "Last day of the appointment to that office: " + t.Office})
		}
	}
	for _, x := range o.Successors {
		add(x.On, ui.TimelineEntry{What: "Succeeded by " + x.Name, Detail: lines(x.Note, entered(recordedLate(o, x.On))), Link: &ui.Link{Text: x.Name, Path: route.OrganisationTo(x.Slug)}})
	}
	addFurther(o, add)
	if !o.EndsOn.IsZero() {
		add(o.EndsOn, ui.TimelineEntry{What: "Ceased to exist"})
	}
	slices.SortStableFunc(list, func(a, b dated) int { return strings.Compare(a.on.String(), b.on.String()) })
	entries := make([]ui.TimelineEntry, len(list))
	for i, d := range list {
		entries[i] = d.entry
	}
	return entries
}

// addFurther adds areas that a partner began or ceased to share, later codes and addresses, and an abolition.
func addFurther(o membership.PublicOrganisation, add func(day.Date, ui.TimelineEntry)) {
	for _, f := range o.Facts {
		late := entered(o.EnteredLate(f.Kind, f.StartsOn))
		switch {
		case f.Kind == membership.ShareFact && !f.StartsOn.IsZero():
			add(f.StartsOn, ui.TimelineEntry{What: "Safeguarding partner for " + f.Words + " too", Detail: late})
		case f.Kind == membership.AddressFact && !f.StartsOn.IsZero():
			add(f.StartsOn, ui.TimelineEntry{What: "Address: " + f.Words, Detail: late})
		case f.Kind == membership.IdentifierFact && !f.StartsOn.IsZero():
			scheme, _ := membership.SchemeOf(f.Scheme)
			add(f.StartsOn, ui.TimelineEntry{What: scheme.Name + ": " + f.Words, Detail: late})
		}
		if f.Kind == membership.ShareFact && !f.EndsOn.IsZero() {
			add(f.EndsOn, ui.TimelineEntry{What: "Last day as safeguarding partner for " + f.Words})
		}
	}
	for _, x := range o.Successions {
		if x.Kind == membership.Abolition {
			add(x.On, ui.TimelineEntry{What: "Abolished; nobody followed", Detail: entered(recordedLate(o, x.On))})
		}
	}
}

// keptWords say what a predecessor that was followed on the day still does.
func keptWords(o membership.PublicOrganisation, on day.Date, name string) string {
	for _, x := range o.Successions {
		if !x.Before && x.On == on && x.Outlasting != "" {
			return name + " kept some functions: " + lowerFirst(outlastingWords(x)) + "."
		}
	}
	return ""
}

// recordedLate gives the day on which the succession of a day was recorded, if that was later.
func recordedLate(o membership.PublicOrganisation, on day.Date) day.Date {
	for _, x := range o.Successions {
		if x.On == on && x.RecordedOn.After(on) {
			return x.RecordedOn
		}
	}
	return day.Date{}
}

func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }
