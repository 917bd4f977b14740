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
	if !o.EndsOn.IsZero() {
		p.Rows = append(p.Rows, ui.Row{Key: "Existed until", Value: o.EndsOn.Long()})
	}
	return view{title: o.Name + ", organisation", canonical: route.OrganisationTo(o.Slug), content: p.Content()}, nil
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
		add(n.StartsOn, ui.TimelineEntry{What: "Named " + n.Name})
	}
	for _, x := range o.Predecessors {
		add(x.On, ui.TimelineEntry{What: "Took over from " + x.Name, Detail: x.Note, Link: &ui.Link{Text: x.Name, Path: route.OrganisationTo(x.Slug)}})
	}
	for _, t := range o.Partner {
		add(t.StartsOn, ui.TimelineEntry{What: "Became a safeguarding partner (" + t.StatutoryKind + ")", Detail: strings.Join(t.Areas, ", ")})
		if !t.EndsOn.IsZero() {
			add(t.EndsOn, ui.TimelineEntry{What: "Last day as safeguarding partner"})
		}
	}
	for _, t := range o.Agency {
		entry := ui.TimelineEntry{What: "Became a relevant agency: " + lowerFirst(basisWords(t.Basis)), Detail: t.Reason}
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
		add(x.On, ui.TimelineEntry{What: "Succeeded by " + x.Name, Detail: x.Note, Link: &ui.Link{Text: x.Name, Path: route.OrganisationTo(x.Slug)}})
	}
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

func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }
