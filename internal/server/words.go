package server

import (
	"strings"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/membership"
	"partnershipportal/web/ui"
)

// term says from when to when something is true.
func term(from, to day.Date) string {
	switch {
	case from.IsZero() && to.IsZero():
		return "always"
	case from.IsZero():
		return "until " + to.Long()
	case to.IsZero():
		return "from " + from.Long()
	}
	return from.Long() + " to " + to.Long()
}

// sentence begins a word of our records with a capital letter: "local authority" becomes "Local authority".
func sentence(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func capacityWords(c authz.Capacity) string {
	if c == authz.Delegate {
		return "Delegate"
	}
	return "Lead officer"
}

// actingWords says who acted for a body in another's place, and under what: "D, Deputy Chief Constable, acting for Kent
// Police under the scheme of delegation of 1 July 2019, in place of the Chief Constable".
func actingWords(who, body, under string, dated day.Date, lead string) string {
	words := who + ", acting for " + body
	if under != "" {
		words += " under " + instrumentWords(under, dated)
	}
	if lead != "" {
		words += ", in place of the " + lead
	}
	return words
}

// instrumentWords names what gives an authority, with its date.
func instrumentWords(instrument string, dated day.Date) string {
	if instrument == "" || dated.IsZero() {
		return instrument
	}
	return strings.TrimSuffix(instrument, ".") + " of " + dated.Long()
}

func basisWords(b membership.Basis) string {
	switch b {
	case membership.Chosen:
		return "Chosen by the safeguarding partners"
	case membership.Designated:
		return "Designated by law"
	}
	return "Invited to take part"
}

// or gives the text, or what to say where there is none.
func or(text, none string) string {
	if text == "" {
		return none
	}
	return text
}

// onDay shows an exactly known day.
func onDay(d day.Date) ui.Time { return ui.TimeOf(day.On(d)) }

// options turns words of our records into the options of a field.
func options(words []string) []ui.Option {
	list := make([]ui.Option, len(words))
	for i, w := range words {
		list[i] = ui.Option{Value: w, Text: sentence(w)}
	}
	return list
}

// withAny puts "any" before the options of a filter.
func withAny(list []ui.Option) []ui.Option {
	return append([]ui.Option{{Text: "Any"}}, list...)
}
