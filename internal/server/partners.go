package server

import (
	"net/http"
	"net/url"
	"strings"

	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/sheet"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// membershipPages are the public ones about who is in the partnership.
func (s *Server) membershipPages(pub publicRoutes) {
	pub.pageOrQuery(route.Partners, s.getPartners, s.getPartnersOn)
	pub.table(route.Partners, s.partnersTable)
	pub.pageOrQuery(route.Agencies, s.getAgencies, s.getAgenciesOn)
	pub.table(route.Agencies, s.agenciesTable)
	pub.page(route.Organisation, s.getOrganisation)
}

// readOn reads the day of a dated view. Without one, or with one that can't be read, it is today.
func (s *Server) readOn(r *http.Request) (on day.Date, f *form.Form) {
	f = form.New(url.Values{"on": {r.URL.Query().Get("on")}})
	typed := f.Line("on", "Day")
	if typed == "" {
		return s.today(), f
	}
	on, err := day.Parse(typed)
	if err != nil {
		f.Fail("on", "Enter a real day as year-month-day, like 2019-09-17")
		return s.today(), f
	}
	return on, f
}

// onDayOf is what a dated page shows of its day.
func (s *Server) onDayOf(on day.Date, f *form.Form, path string) page.OnDay {
	p := page.OnDay{Path: path, Files: page.Downloads{Path: path}, Day: f.Field("on", "Show the membership of another day", "For example 17 September 2019"), Errors: f.Errors()}
	if p.Day.Error != "" {
		p.Day.Value = "" // a date field of HTML can't hold what is no date
	}
	if on != s.today() {
		p.Words, p.Files.Query = on.Long(), url.Values{"on": {on.String()}}.Encode()
	}
	return p
}

func (s *Server) getPartners(r *http.Request, today day.Date) (view, error) {
	return s.partnersView(r, today, form.New(nil))
}

func (s *Server) getPartnersOn(w http.ResponseWriter, r *http.Request) error {
	on, f := s.readOn(r)
	v, err := s.partnersView(r, on, f)
	if err != nil {
		return err
	}
	return s.showPublic(w, r, statusOf(v), v)
}

// statusOf is the status of a page that may have something wrong with what was asked.
func statusOf(v view) int {
	if v.hasErrors {
		return statuses[fault.Invalid]
	}
	return http.StatusOK
}

func (s *Server) partnersView(r *http.Request, on day.Date, f *form.Form) (view, error) {
	all, err := s.Bodies.Partners(r.Context(), on)
	if err != nil {
		return view{}, err
	}
	p := page.Partners{On: s.onDayOf(on, f, route.Partners), Heading: "Today"}
	if p.On.Words != "" {
		p.Heading = "On " + p.On.Words
	}
	for _, x := range all.Current {
		p.Current = append(p.Current, publicPartner(x))
	}
	for _, x := range all.Former {
		p.Former = append(p.Former, publicPartner(x))
	}
	for _, x := range all.Upcoming {
		p.Upcoming = append(p.Upcoming, publicPartner(x))
	}
	return view{title: "Safeguarding partners", current: route.Partners, canonical: route.Partners, content: p.Content(),
		hasErrors: p.On.Errors.Any(), noIndex: p.On.Words != ""}, nil
}

func publicPartner(x membership.PublicPartner) page.Partner {
	rows := []ui.Row{
		{Key: "Kind", Value: sentence(x.StatutoryKind)},
		{Key: "Areas", Value: or(strings.Join(x.Areas, ", "), "None recorded")},
		{Key: "Safeguarding partner", Value: sentence(term(x.StartsOn, x.EndsOn))},
		{Key: "Office that signs", Value: or(x.Office, "None recorded")},
	}
	return page.Partner{Name: x.Name, Path: route.OrganisationTo(x.Slug), Demo: x.IsDemonstration, Rows: rows}
}

func (s *Server) partnersTable(r *http.Request) (string, sheet.Table, error) {
	on, f := s.readOn(r)
	if f.Errors().Any() {
		return "", sheet.Table{}, errNoPage
	}
	all, err := s.Bodies.Partners(r.Context(), on)
	if err != nil {
		return "", sheet.Table{}, err
	}
	t := sheet.Table{Title: "Safeguarding partners", Header: []string{"Name", "Address", "Kind", "Areas", "Office that signs", "First day", "Last day", "Standing", "As at"}}
	add := func(list []membership.PublicPartner, standing string) {
		for _, x := range list {
			t.Rows = append(t.Rows, []string{x.Name, s.whole(route.OrganisationTo(x.Slug)), x.StatutoryKind, strings.Join(x.Areas, "; "), x.Office,
				x.StartsOn.String(), x.EndsOn.String(), standing, on.String()})
		}
	}
	add(all.Current, "current")
	add(all.Upcoming, "upcoming")
	add(all.Former, "former")
	return tableName("safeguarding-partners", on), t, nil
}

// whole is the address of a page with the portal's host.
func (s *Server) whole(path string) string { return s.BaseURL.String() + path }
