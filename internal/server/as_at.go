package server

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/overview"
	"partnershipportal/internal/sheet"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// agenciesShown is how many agencies one page of a day lists.
const agenciesShown = 100

// asAtPages show how things stood on a day.
func (s *Server) asAtPages(pub publicRoutes) {
	pub.get(route.AsAtAny, s.getAsAtAny)
	pub.pageOrQuery(route.AsAt, func(r *http.Request, today day.Date) (view, error) { return s.asAtView(r, today, "", "") }, s.getAsAtKnown)
	pub.table(route.AsAtPartners, s.asAtPartnersTable)
	pub.table(route.AsAtAgencies, s.asAtAgenciesTable)
}

func asAtFields(f *form.Form) (on, known form.DateField) {
	return f.DateField("on", "Which day?", "For example, 17 9 2019"),
		f.DateField("known", "As known on an earlier day (optional)", "Leave this out to include what was entered since")
}

// getAsAtAny asks for a day, and leads on to it.
func (s *Server) getAsAtAny(w http.ResponseWriter, r *http.Request) error {
	f := form.New(r.URL.Query())
	p := page.AsAt{}
	if f.Has("on-day") || f.Has("on-month") || f.Has("on-year") {
		on, known := f.Date("on", "Day", "Enter a day"), f.Date("known", "Day as known", "")
		if !f.Errors().Any() {
			return redirect(w, r, route.AsAtTo(on.String(), known.String()))
		}
		p.Errors = f.Errors()
	}
	p.Day, p.KnownDay = asAtFields(f)
	status := http.StatusOK
	if p.Errors.Any() {
		status = statuses[fault.Invalid]
	}
	return s.showPublic(w, r, status, view{title: "How things stood on a day", content: p.Content(), hasErrors: p.Errors.Any(), canonical: route.AsAtAny})
}

// getAsAtKnown answers a page of a day that is asked for with more than the day.
func (s *Server) getAsAtKnown(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	v, err := s.asAtView(r, s.today(), q.Get("known"), q.Get("after"))
	if err != nil {
		return err
	}
	v.noIndex = true
	return s.showPublic(w, r, http.StatusOK, v)
}

// momentOf reads the day of the address, and the day up to which something counts as known.
func momentOf(r *http.Request, known string) (overview.Moment, error) {
	on, err := day.Parse(chi.URLParam(r, "date"))
	if err != nil {
		return overview.Moment{}, errNoPage.Because(err)
	}
	m := overview.Moment{On: on}
	if known != "" {
		if m.Known, err = day.Parse(known); err != nil {
			return overview.Moment{}, errNoPage.Because(err)
		}
	}
	return m, nil
}

func (s *Server) asAtView(r *http.Request, today day.Date, known, after string) (view, error) {
	m, err := momentOf(r, known)
	if err != nil {
		return view{}, err
	}
	chosen := url.Values{}
	form.PutDate(chosen, "on", m.On)
	form.PutDate(chosen, "known", m.Known)
	p := page.AsAt{Words: m.On.Long(), Known: m.Known.Long(), Banner: asAtBanner(m, today)}
	p.Day, p.KnownDay = asAtFields(form.New(chosen))
	cited := m.Known
	p.CiteWords = "This address always shows the same: it names the day, and the day up to which something was known."
	if cited.IsZero() || !cited.Before(today) {
		cited, p.CiteWords = today, "From tomorrow on this address always shows the same: it names the day, and the day up to which something was known."
	}
	p.Cite = s.whole(route.AsAtTo(m.On.String(), cited.String()))
	if m.On != today || !m.Known.IsZero() {
		p.Today = route.AsAtTo(today.String(), "")
	}
	first, err := s.Overview.FirstKnown(r.Context())
	if err != nil {
		return view{}, err
	}
	if first.IsZero() || (!m.Known.IsZero() && m.Known.Before(first)) {
		p.Nothing = "Nothing had been entered in this portal by then."
	} else if err := s.fillAsAt(r, m, after, &p); err != nil {
		return view{}, err
	}
	title := "How things stood on " + p.Words
	if p.Known != "" {
		title += ", as known on " + p.Known
	}
	return view{title: title, content: p.Content(), canonical: route.AsAtTo(m.On.String(), "")}, nil
}

func asAtBanner(m overview.Moment, today day.Date) string {
	var words string
	switch {
	case m.On == today:
		words = "This is how things stand today."
	case m.On.After(today):
		words = "This day has not come. You see what is recorded of it so far."
	default:
		words = "This is the past. Names, partners and agencies are those of " + m.On.Long() + "."
	}
	if m.Known.IsZero() {
		return words + " Entries that were made later are included."
	}
	return words + " You see only what was known at the end of " + m.Known.Long() + "."
}

func (s *Server) fillAsAt(r *http.Request, m overview.Moment, after string, p *page.AsAt) error {
	ctx := r.Context()
	versions, err := s.Overview.InForce(ctx, m)
	if err != nil {
		return err
	}
	for _, v := range versions {
		p.Versions = append(p.Versions, versionThen(v))
	}
	p.NoVersion = "No version of the arrangements was in force."
	p.NoVersionWhy = &ui.Link{Text: "What was in force before the first version", Path: route.ArrangementsOnTo(m.On.String())}
	partners, err := s.Overview.Partners(ctx, m)
	if err != nil {
		return err
	}
	p.Partners = partnersThen(partners)
	agencies, err := s.Overview.Agencies(ctx, m, after, agenciesShown+1)
	if err != nil {
		return err
	}
	count, err := s.Overview.CountAgencies(ctx, m)
	if err != nil {
		return err
	}
	date, known := m.On.String(), m.Known.String()
	if len(agencies) > agenciesShown {
		agencies = agencies[:agenciesShown]
		p.MoreAgencies = route.Asking(route.AsAtTo(date, ""), route.AsAtQuery(known, agencies[agenciesShown-1].Key))
	}
	if after != "" {
		p.FirstAgencies = route.AsAtTo(date, known)
	}
	if count > len(agencies) {
		p.AgencyCount = fmt.Sprintf("%d of %d agencies are shown.", len(agencies), count)
	}
	p.Agencies = agenciesThen(agencies)
	p.PartnerFiles = page.Downloads{Path: route.AsAtPartnersTo(date), Query: route.AsAtQuery(known, "")}
	p.AgencyFiles = page.Downloads{Path: route.AsAtAgenciesTo(date), Query: route.AsAtQuery(known, "")}
	p.Contributions, err = s.contributionsThen(ctx, m)
	return err
}

// contributionsThen are those of the day's financial year, as far as they were agreed by then.
func (s *Server) contributionsThen(ctx context.Context, m overview.Moment) (page.AsAtContributions, error) {
	before := time.Time{}
	if !m.Known.IsZero() {
		before = m.Before()
	}
	year, err := s.Contributions.AgreedOn(ctx, m.On, before)
	if err != nil {
		return page.AsAtContributions{}, err
	}
	words := day.FinancialYearOf(m.On).String()
	c := page.AsAtContributions{Year: words, Table: ui.Table{Caption: "Contributions agreed for " + words, RowHeaders: true,
		Empty:   "No contributions for " + words + " are recorded as agreed by this day.",
		Columns: []ui.Column{{Text: "Organisation"}, {Text: "Agreed as"}, {Text: "Cash", Numeric: true}, {Text: "In kind", Numeric: true}}}}
	if year.Empty() {
		return c, nil
	}
	for _, x := range year.Payers {
		demo := slices.ContainsFunc(x.Lines, func(l funding.Line) bool { return l.IsDemonstration })
		c.Table.Rows = append(c.Table.Rows, []ui.Cell{{Text: demoName(x.Name, demo), Path: route.OrganisationTo(x.Slug)}, {Text: or(strings.Join(x.PaidAs(), ", "), x.Name)},
			{Text: x.Cash.Words()}, {Text: x.InKind.Words()}})
	}
	c.Total = "Together " + year.Cash.Words() + " in cash and " + year.InKind.Words() + " in kind."
	if year.Estimated {
		c.Total += " Some values in kind are estimated."
	}
	c.Path = route.FundingYearTo(day.FinancialYearOf(m.On).Path())
	return c, nil
}

func versionThen(v overview.VersionThen) page.OnAnswer {
	text := "Version " + strconv.Itoa(v.Number)
	if v.Label != "" {
		text = v.Label + " (version " + strconv.Itoa(v.Number) + ")"
	}
	text += ", in effect from " + v.EffectiveFrom.Long() + ", published " + (day.Approx{Date: v.PublishedOn, Precision: v.Precision}).Words() + "."
	return page.OnAnswer{Document: v.Document, Text: text,
		Link: &ui.Link{Text: "Read version " + strconv.Itoa(v.Number), Path: route.ArrangementVersionTo(v.Slug, v.Number)}}
}

// seatWords names the office, and for a delegate the one for which they act.
func seatWords(x overview.SeatThen) string {
	if x.Capacity == string(authz.Delegate) {
		return x.Office + ", delegate of the " + x.ActingFor
	}
	return x.Office
}

func seatsWords(seats []overview.SeatThen) string {
	var words []string
	for _, x := range seats {
		words = append(words, seatWords(x))
	}
	return strings.Join(words, "; ")
}

func enteredWords(at time.Time) string { return day.Of(at).Long() }

func demoName(name string, isDemonstration bool) string {
	if isDemonstration {
		return name + " (demonstration data)"
	}
	return name
}

func partnersThen(list []overview.PartnerThen) ui.Table {
	t := ui.Table{Caption: "Safeguarding partners", RowHeaders: true, Empty: "No safeguarding partner is recorded for this day.",
		Columns: []ui.Column{{Text: "Name"}, {Text: "Kind"}, {Text: "Areas"}, {Text: "Offices that sign"}, {Text: "Safeguarding partner"}, {Text: "Entered"}}}
	for _, x := range list {
		t.Rows = append(t.Rows, []ui.Cell{{Text: demoName(x.Name, x.IsDemonstration), Path: route.OrganisationTo(x.Slug)}, {Text: sentence(x.StatutoryKind)},
			{Text: or(strings.Join(x.Areas, ", "), "None recorded")}, {Text: or(seatsWords(x.Seats), "None recorded")},
			{Text: sentence(term(x.StartsOn, x.EndsOn))}, {Text: enteredWords(x.RecordedAt)}})
	}
	return t
}

func agenciesThen(list []overview.AgencyThen) ui.Table {
	t := ui.Table{Caption: "Relevant agencies", RowHeaders: true, Empty: "No relevant agency is recorded for this day.",
		Columns: []ui.Column{{Text: "Name"}, {Text: "Why it is included"}, {Text: "Relevant agency"}, {Text: "Entered"}}}
	for _, x := range list {
		why := basisWords(membership.Basis(x.Basis))
		if x.Reason != "" {
			why += ": " + x.Reason
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: demoName(x.Name, x.IsDemonstration), Path: route.OrganisationTo(x.Slug)}, {Text: why},
			{Text: sentence(term(x.StartsOn, x.EndsOn))}, {Text: enteredWords(x.RecordedAt)}})
	}
	return t
}

func (s *Server) asAtPartnersTable(r *http.Request) (string, sheet.Table, error) {
	m, err := momentOf(r, r.URL.Query().Get("known"))
	if err != nil {
		return "", sheet.Table{}, err
	}
	list, err := s.Overview.Partners(r.Context(), m)
	t := sheet.Table{Title: "Safeguarding partners", Header: []string{"Name", "Address", "Kind", "Areas", "Offices that sign", "First day", "Last day", "Entered", "As at", "As known on"}}
	for _, x := range list {
		t.Rows = append(t.Rows, []string{x.Name, s.whole(route.OrganisationTo(x.Slug)), x.StatutoryKind, strings.Join(x.Areas, "; "), seatsWords(x.Seats),
			x.StartsOn.String(), x.EndsOn.String(), day.Of(x.RecordedAt).String(), m.On.String(), m.Known.String()})
	}
	return tableName("safeguarding-partners-as-at", m.On), t, err
}

func (s *Server) asAtAgenciesTable(r *http.Request) (string, sheet.Table, error) {
	m, err := momentOf(r, r.URL.Query().Get("known"))
	if err != nil {
		return "", sheet.Table{}, err
	}
	list, err := s.Overview.Agencies(r.Context(), m, "", 0)
	t := sheet.Table{Title: "Relevant agencies", Header: []string{"Name", "Address", "Basis", "Reason", "Groups of the Schedule", "First day", "Last day", "Entered", "As at", "As known on"}}
	for _, x := range list {
		t.Rows = append(t.Rows, []string{x.Name, s.whole(route.OrganisationTo(x.Slug)), basisWords(membership.Basis(x.Basis)), x.Reason, strings.Join(x.Groups, "; "),
			x.StartsOn.String(), x.EndsOn.String(), day.Of(x.RecordedAt).String(), m.On.String(), m.Known.String()})
	}
	return tableName("relevant-agencies-as-at", m.On), t, err
}
