package server

import (
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/signoff"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

func (s *Server) getDeskPublish(w http.ResponseWriter, r *http.Request) error {
	d, err := s.deskDraft(r)
	if err != nil {
		return err
	}
	if !d.PublishedAt.IsZero() {
		return s.showPublished(w, r, d)
	}
	first := url.Values{"label": {d.Label}, "when": {"now"}}
	if !d.ScheduledOn.IsZero() {
		first.Set("when", "later")
		form.PutDate(first, "scheduled-on", d.ScheduledOn)
	}
	return s.showDeskPublish(w, r, d, form.New(first), http.StatusOK)
}

func (s *Server) postDeskPublish(w http.ResponseWriter, r *http.Request) error {
	d, err := s.deskDraft(r)
	if err != nil {
		return err
	}
	f, err := formOf(r, "round", "label", "when", "scheduled-on", "published-on")
	if err != nil {
		return err
	}
	cmd := arrangement.PublishCommand{Ref: d.Ref, Round: number[id.Round](f.Raw("round")), Label: f.Line("label", "Label")}
	switch f.Choice("when", "Choose when to publish", "now", "later", "past") {
	case "later":
		cmd.Schedule = f.Date("scheduled-on", "The set day", "Enter the day on which to publish")
	case "past":
		cmd.On = f.DateWithPrecision("published-on", "The date of publication", "Enter when it was published")
	}
	if f.Errors().Any() {
		return s.showDeskPublish(w, r, d, f, statuses[fault.Invalid])
	}
	err = s.Arrangements.Publish(r.Context(), actorOf(r), cmd)
	if ruled(f, err) {
		return s.showDeskPublish(w, r, d, f, statuses[fault.Invalid])
	}
	if err != nil {
		return s.refuse(w, r, err, s.waysOn(r, d.Ref)...)
	}
	if !cmd.Schedule.IsZero() {
		s.tell(r, "The day is set", "This version is published by itself on "+cmd.Schedule.Long()+".")
	}
	return redirect(w, r, route.DeskPublishTo(d.Ref.Slug, d.Ref.Number))
}

func (s *Server) postDeskUnschedule(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	if err := s.Arrangements.Unschedule(r.Context(), actorOf(r), ref); err != nil {
		return s.refuse(w, r, err, wayToVersion(ref))
	}
	s.tell(r, "The set day is given up", "Nothing is published by itself now.")
	return redirect(w, r, route.DeskPublishTo(ref.Slug, ref.Number))
}

func (s *Server) showDeskPublish(w http.ResponseWriter, r *http.Request, d arrangement.Draft, f *form.Form, status int) error {
	if d.LiveRound == 0 || d.LiveOutcome != signoff.Complete {
		return s.refuse(w, r, fault.New(fault.Conflict, "Only a text that every safeguarding partner has signed can be published."), s.waysOn(r, d.Ref)...)
	}
	round, err := s.Rounds.Round(r.Context(), actorOf(r), d.LiveRound)
	if err != nil {
		return err
	}
	all, err := s.Arrangements.Desk(r.Context(), actorOf(r))
	if err != nil {
		return err
	}
	p := page.DeskPublish{Ref: deskRef(d), Errors: f.Errors(), Round: int64(d.LiveRound), Recorded: d.LiveOrigin == signoff.Recorded,
		Digest: hex.EncodeToString(round.Digest), Consequences: consequences(d, all, s.today()),
		Facts: append(textFacts(d.Title, d.Guidance.Title, d.EffectiveFrom, d.Areas),
			ui.Row{Key: "Signed by", Value: plural(round.Signed(), "safeguarding partner", "safeguarding partners")}),
		Label:       f.Field("label", "Label as published", "How people call this version, for example “June 2019”. You may leave it empty."),
		When:        f.Field("when", "When", ""),
		ScheduledOn: f.DateField("scheduled-on", "Set day", "Only where you chose a set day. For example, "+exampleDay(s.today().Add(7))),
		PublishedOn: f.DateField("published-on", "Published before", "Only where it was published before, as exactly as it is known")}
	for i, row := range p.Facts {
		if row.Key == "In effect from" {
			p.Facts[i].Value += ", as signed"
		}
	}
	if !d.ScheduledOn.IsZero() {
		p.Scheduled = d.ScheduledOn.Long()
	}
	v := deskView(p.Ref, "Publish")
	v.content, v.hasErrors = p.Content(), p.Errors.Any()
	return s.show(w, r, status, v)
}

// exampleDay writes a day as it is typed.
func exampleDay(d day.Date) string { return fmt.Sprintf("%d %d %d", d.Day(), d.Month(), d.Year()) }

// consequences says what publication does to the document, from day to day.
func consequences(d arrangement.Draft, all []arrangement.Draft, today day.Date) []string {
	words := []string{"Everybody can read this text at " + route.ArrangementVersionTo(d.Ref.Slug, d.Ref.Number) + ". It never changes again."}
	before, after := neighbours(d, all)
	switch from := d.EffectiveFrom.Long(); {
	case d.EffectiveFrom.After(today):
		words = append(words, "Until "+from+" it is shown as upcoming. It comes into force on that day.")
	case after != nil && !after.EffectiveFrom.After(today):
		return append(words, fmt.Sprintf("It is shown as superseded: it was in force from %s until version %d took effect on %s.", from, after.Ref.Number, after.EffectiveFrom.Long()))
	default:
		words = append(words, "It is in force as soon as it is published, since "+from+".")
	}
	if before != nil {
		words = append(words, fmt.Sprintf("It supersedes version %d, which stays public and is marked as superseded.", before.Ref.Number))
	} else {
		words = append(words, "No earlier version is published here, so it supersedes none.")
	}
	if after != nil {
		words = append(words, fmt.Sprintf("Version %d follows it on %s.", after.Ref.Number, after.EffectiveFrom.Long()))
	}
	return words
}

// neighbours finds the published versions of the same document that take effect next before and next after.
func neighbours(d arrangement.Draft, all []arrangement.Draft) (before, after *arrangement.Draft) {
	for i, other := range all {
		switch {
		case other.Document != d.Document || other.PublishedAt.IsZero() || !other.WithdrawnAt.IsZero() || other.ID == d.ID:
		case other.EffectiveFrom.Before(d.EffectiveFrom) && (before == nil || other.EffectiveFrom.After(before.EffectiveFrom)):
			before = &all[i]
		case other.EffectiveFrom.After(d.EffectiveFrom) && (after == nil || other.EffectiveFrom.Before(after.EffectiveFrom)):
			after = &all[i]
		}
	}
	return before, after
}

// showPublished tells what to do after a publication.
func (s *Server) showPublished(w http.ResponseWriter, r *http.Request, d arrangement.Draft) error {
	slug, n := d.Ref.Slug, d.Ref.Number
	p := page.DeskPublished{Ref: deskRef(d), Text: fmt.Sprintf("%s, version %d", d.Title, n), PublicPaths: []ui.Link{
		{Text: "This version", Path: route.ArrangementVersionTo(slug, n)}, {Text: "The version in force today", Path: route.ArrangementTo(slug)},
		{Text: "All arrangements", Path: route.Arrangements}}}
	v := deskView(p.Ref, "Published")
	v.content = p.Content()
	return s.show(w, r, http.StatusOK, v)
}
