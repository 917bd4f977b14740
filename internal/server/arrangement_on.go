package server

import (
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
)

func onDayField(f *form.Form) form.DateField {
	return f.DateField("on", "Which day?", "For example, 17 9 2019")
}

// getArrangementsOnAny asks for a day, and leads on to it.
func (s *Server) getArrangementsOnAny(w http.ResponseWriter, r *http.Request) error {
	f := form.New(r.URL.Query())
	p := page.ArrangementsOn{}
	if f.Has("on-day") || f.Has("on-month") || f.Has("on-year") {
		on := f.Date("on", "Day", "Enter a day")
		if !f.Errors().Any() {
			if _, ok := day.New(on.Year(), on.Month(), on.Day()); ok {
				return redirect(w, r, route.ArrangementsOnTo(on.String()))
			}
			f.Fail("on", "The year must be between 1900 and 2200")
		}
		p.Errors = f.Errors()
	}
	p.Day = onDayField(f)
	status := http.StatusOK
	if p.Errors.Any() {
		status = statuses[fault.Invalid]
	}
	return s.showPublic(w, r, status, view{title: "Which version was in force on a day?", content: p.Content(), current: route.Arrangements,
		hasErrors: p.Errors.Any(), canonical: route.ArrangementsOnAny})
}

// getArrangementsOn says what was, is or will be in force on a day.
func (s *Server) getArrangementsOn(r *http.Request, today day.Date) (view, error) {
	on, err := day.Parse(chi.URLParam(r, "date"))
	if err != nil {
		return view{}, errNoPage.Because(err)
	}
	documents, err := s.Library.Documents(r.Context(), arrangementsKind)
	if err != nil {
		return view{}, err
	}
	chosen := url.Values{}
	form.PutDate(chosen, "on", on)
	p := page.ArrangementsOn{Words: on.Long(), Day: onDayField(form.New(chosen))}
	for _, d := range documents {
		p.Answers = append(p.Answers, onAnswer(d, on, today))
	}
	if on.After(today) {
		p.Note = "This is what has been published up to now. A version published later may change it."
	}
	return view{title: "In force on " + p.Words, content: p.Content(), current: route.Arrangements, canonical: route.ArrangementsOnTo(on.String())}, nil
}

func onAnswer(d arrangement.PublishedDocument, on, today day.Date) page.OnAnswer {
	a := page.OnAnswer{Document: d.Title}
	v, ok := d.InForce(on)
	if !ok {
		a.Text, a.Link = noneInForce(d, on, today)
		return a
	}
	verb := " was in force."
	switch {
	case on == today:
		verb = " is in force."
	case on.After(today):
		verb = " will be in force."
	}
	a.Text, a.Link, a.State = versionName(v)+verb, versionLink("Read "+versionName(v), v), publicStates[d.State(v, today)]
	return a
}
