package server

import (
	"fmt"
	"strings"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/signoff"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

var publicStates = map[arrangement.State]ui.State{
	arrangement.StateUpcoming:   ui.Upcoming,
	arrangement.StateInForce:    ui.InForce,
	arrangement.StateSuperseded: ui.Superseded,
	arrangement.StateWithdrawn:  ui.Withdrawn,
}

// kindWords names the kinds of document as people read them.
var kindWords = map[string]string{
	"arrangements":                              "Arrangements",
	"yearly report":                             "Yearly report",
	"threshold document":                        "Threshold document",
	"child death review arrangements":           "Child death review arrangements",
	"local child safeguarding practice reviews": "Local child safeguarding practice reviews",
	"framework":                                 "Framework",
}

// versionName is how people call a version: "June 2019 (version 1)", or "Version 2" where it has no label.
func versionName(v arrangement.PublishedVersion) string {
	if v.Label == "" {
		return fmt.Sprintf("Version %d", v.Ref.Number)
	}
	return fmt.Sprintf("%s (version %d)", v.Label, v.Ref.Number)
}

// standing says in a sentence when the version is, was or will be in force.
func standing(d arrangement.PublishedDocument, v arrangement.PublishedVersion, today day.Date) string {
	after, replaced := d.After(v)
	switch d.State(v, today) {
	case arrangement.StateWithdrawn:
		return "Withdrawn on " + day.Of(v.WithdrawnAt).Long() + "."
	case arrangement.StateUpcoming:
		return "Takes effect on " + v.EffectiveFrom.Long() + "."
	case arrangement.StateSuperseded:
		if replaced {
			return "In force from " + v.EffectiveFrom.Long() + " to " + after.EffectiveFrom.Add(-1).Long() + "."
		}
	}
	return "In force since " + v.EffectiveFrom.Long() + "."
}

// versionLink leads to a version by its name.
func versionLink(text string, v arrangement.PublishedVersion) *ui.Link {
	return &ui.Link{Text: text, Path: route.ArrangementVersionTo(v.Ref.Slug, v.Ref.Number)}
}

// noneInForce says what held before the first version.
func noneInForce(d arrangement.PublishedDocument, on, today day.Date) (text string, before *ui.Link) {
	verb := "is"
	switch {
	case on.Before(today):
		verb = "was"
	case on.After(today):
		verb = "will be"
	}
	text = "No version of this document " + verb + " in force on " + on.Long() + "."
	if d.Predecessor == "" {
		return text, nil
	}
	text += " Before the first version, the text of " + d.Predecessor + " applied."
	return text, &ui.Link{Text: "About " + d.Predecessor, Path: route.OrganisationTo(d.PredecessorSlug)}
}

// upcomingNotices announce what takes effect after a day.
func upcomingNotices(d arrangement.PublishedDocument, today day.Date) []page.Notice {
	var list []page.Notice
	for _, v := range d.Upcoming(today) {
		list = append(list, page.Notice{State: ui.Upcoming, Text: "A new version takes effect on " + v.EffectiveFrom.Long() + ".",
			Link: versionLink("Read the upcoming version", v)})
	}
	return list
}

// marks are the notices about the kind of evidence and of data behind a version.
func marks(v arrangement.PublishedVersion) []page.Notice {
	var list []page.Notice
	if v.Demonstration {
		list = append(list, page.Notice{State: ui.DemoData, Text: "This text was written to show how the portal works. It is not the wording of any real partnership."})
	}
	if v.Recorded() {
		list = append(list, page.Notice{State: ui.Recorded, Text: "The sign-offs of this version were made elsewhere. One person entered them here, and another confirmed them.",
			Link: &ui.Link{Text: "Where they can be read", Path: route.ArrangementSignOffsTo(v.Ref.Slug, v.Ref.Number)}})
	}
	return list
}

// standingNotices are what the reader of a version must know before they rely on it.
func standingNotices(d arrangement.PublishedDocument, v arrangement.PublishedVersion, today day.Date) []page.Notice {
	current, ok := d.InForce(today)
	var instead *ui.Link
	if ok {
		instead = &ui.Link{Text: "Read the version in force", Path: route.ArrangementTo(d.Slug)}
	}
	switch d.State(v, today) {
	case arrangement.StateSuperseded:
		return []page.Notice{{Grave: true, Text: "This version is no longer in force. It has been replaced.", Link: instead}}
	case arrangement.StateWithdrawn:
		list := []page.Notice{{Grave: true, Text: "This version was withdrawn on " + day.Of(v.WithdrawnAt).Long() + ". Reason: " + v.WithdrawnReason, Link: instead}}
		if v.Closed() {
			list = append(list, page.Notice{Text: "The text is closed for a legal reason: " + v.WithdrawnLaw})
		}
		return list
	case arrangement.StateUpcoming:
		text := "This version is not in force yet. It takes effect on " + v.EffectiveFrom.Long() + "."
		if ok {
			text += " Until then the version of " + current.EffectiveFrom.Long() + " stays in force."
		}
		return []page.Notice{{Grave: true, Text: text, Link: instead}}
	}
	return upcomingNotices(d, today)
}

// signedByCount says how many signed: all that had to, or there would be nothing to read.
func signedByCount(v arrangement.PublishedVersion) string {
	text := fmt.Sprintf("%d of %d safeguarding partners", v.SignOffs, v.SignOffs)
	if v.Recorded() {
		text += " (recorded)"
	}
	return text
}

// publishedWords gives the label as published beside the date, unless both say the same.
func publishedWords(v arrangement.PublishedVersion) string {
	words := v.Published.Words()
	if v.Label == "" || strings.EqualFold(v.Label, words) {
		return words
	}
	return words + ", as “" + v.Label + "”"
}

var publicMethodWords = map[signoff.Method]string{
	signoff.Passkey:         "Signed here, with the officer’s passkey",
	signoff.PasswordAndTOTP: "Signed here, with password and one-time code",
	signoff.Password:        "Signed here, with password",
	signoff.MethodRecorded:  "Signed elsewhere; entered here by one person and confirmed by another",
}

// officeWords names the office, and for a delegate for whom and under what they acted.
func officeWords(s signoff.SignOff) string {
	if s.Capacity == authz.Delegate {
		who := s.Office
		if s.OfficerName != "" {
			who = s.OfficerName + ", " + s.Office
		}
		return actingWords(who, s.Organisation, s.Instrument, s.InstrumentOn, s.ActingFor)
	}
	return s.Office
}

// signedWhen is the moment of signing here, or the day as precisely as it is known.
func signedWhen(s signoff.SignOff) ui.Time {
	if s.Method == signoff.MethodRecorded {
		return ui.TimeOf(s.Signed)
	}
	return ui.TimeAt(s.At)
}

var eventWords = map[string]string{
	"round.opened":       "Put to the safeguarding partners for sign-off",
	"round.signed":       "Signed",
	"round.completed":    "Signed off by every safeguarding partner",
	"recorded.entered":   "Sign-offs made elsewhere were entered",
	"recorded.confirmed": "Sign-offs made elsewhere were confirmed by a second person",
	"version.published":  "Published",
	"version.withdrawn":  "Withdrawn",
}
