package server

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/file"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/sheet"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// seesAppointments says who reaches the list of appointments.
var seesAppointments = can(authz.ProposeSeat, authz.ConfirmSeat, authz.EndSeat, authz.ReadAudit)

// appointmentPages are those of proposing, confirming and ending appointments. One appointment is also shown to whom
// it is about, so the service decides who sees it.
func (s *Server) appointmentPages(in innerRoutes) {
	in.get(route.DeskAppointments, seesAppointments, s.getDeskAppointments)
	in.table(route.DeskAppointments, seesAppointments, s.deskAppointmentsTable)
	in.get(route.DeskAppointmentPropose, can(authz.ProposeSeat), s.getDeskAppointmentPropose)
	in.post(route.DeskAppointmentPropose, can(authz.ProposeSeat), smallForm, s.postDeskAppointmentPropose)
	in.get(route.DeskAppointment, everyone, s.getDeskAppointment)
	in.get(route.DeskInstrument, everyone, s.getDeskInstrument)
	in.get(route.DeskInstrumentAttach, everyone, s.getDeskInstrumentAttach)
	in.post(route.DeskInstrumentAttach, everyone, documentForm, s.postDeskInstrumentAttach)
	for path, act := range map[string]appointmentAct{
		route.DeskAppointmentAdopt: adoptAct, route.DeskAppointmentConfirm: confirmAct, route.DeskAppointmentRefuse: refuseAct,
		route.DeskAppointmentEnd: endAct, route.DeskAppointmentWithdraw: withdrawAct,
	} {
		in.get(path, everyone, s.getDeskAppointmentAct(act))
		in.post(path, everyone, smallForm, s.postDeskAppointmentAct(act))
	}
}

// appointmentFilter reads what the list is narrowed to.
func appointmentFilter(query url.Values) membership.AppointmentFilter {
	filter := membership.AppointmentFilter{Organisation: query.Get("partner")}
	if state := membership.State(query.Get("state")); slices.Contains(membership.States(), state) {
		filter.State = state
	}
	return filter
}

func (s *Server) deskAppointmentsTable(r *http.Request) (string, sheet.Table, error) {
	list, err := s.Members.Appointments(r.Context(), actorOf(r), appointmentFilter(r.URL.Query()))
	if err != nil {
		return "", sheet.Table{}, err
	}
	t := sheet.Table{Title: "Appointments", Header: []string{"Person", "Office", "Safeguarding partner", "Capacity", "First day", "Last day", "State", "Page"}}
	for _, a := range list {
		t.Rows = append(t.Rows, []string{a.Person, a.Office, a.OrganisationName, capacityWords(a.Capacity), a.StartsOn.String(), a.EndsOn.String(),
			string(a.State(s.today())), s.whole(route.DeskAppointmentTo(a.ID))})
	}
	return tableName("appointments", s.today()), t, nil
}

func (s *Server) getDeskAppointments(w http.ResponseWriter, r *http.Request) error {
	by, query := actorOf(r), r.URL.Query()
	list, err := s.Members.Appointments(r.Context(), by, appointmentFilter(query))
	if err != nil {
		return err
	}
	partners, err := s.Members.PartnerChoices(r.Context(), by)
	if err != nil {
		return err
	}
	f := form.New(query)
	p := page.DeskAppointments{
		MayPropose: by.Can(authz.ProposeSeat),
		State:      ui.Select{Field: f.Field("state", "State", ""), Options: withAny(stateOptions())},
		Partner:    ui.Select{Field: f.Field("partner", "Safeguarding partner", ""), Options: withAny(partnerSlugs(partners))},
		Table:      s.appointmentTable(list),
		Files:      page.Downloads{Path: route.DeskAppointments, Query: queryOf(r)},
	}
	return s.show(w, r, http.StatusOK, view{title: "Appointments", current: route.DeskAppointments, content: p.Content()})
}

func stateOptions() []ui.Option {
	var list []ui.Option
	for _, st := range membership.States() {
		list = append(list, ui.Option{Value: string(st), Text: sentence(string(st))})
	}
	return list
}

func partnerSlugs(partners []membership.PartnerChoice) []ui.Option {
	var list []ui.Option
	for _, p := range partners {
		if !slices.ContainsFunc(list, func(o ui.Option) bool { return o.Value == p.Slug }) {
			list = append(list, ui.Option{Value: p.Slug, Text: p.Name})
		}
	}
	return list
}

func (s *Server) appointmentTable(list []membership.Appointment) ui.Table {
	t := ui.Table{
		Caption: "Appointments", HideCaption: true, RowHeaders: true, Empty: "No appointment is recorded here yet.",
		Columns: []ui.Column{{Text: "Person"}, {Text: "Office"}, {Text: "Safeguarding partner"}, {Text: "Capacity"}, {Text: "Term"}, {Text: "State"}},
	}
	for _, a := range list {
		t.Rows = append(t.Rows, []ui.Cell{
			{Text: a.Person, Path: route.DeskAppointmentTo(a.ID)}, {Text: a.Office}, {Text: a.OrganisationName},
			{Text: capacityWords(a.Capacity)}, {Text: sentence(term(a.StartsOn, a.EndsOn))}, {Content: ui.Tag{State: s.appointmentState(a)}},
		})
	}
	return t
}

func (s *Server) appointmentState(a membership.Appointment) ui.State {
	return ui.State(a.State(s.today()))
}

func (s *Server) getDeskAppointment(w http.ResponseWriter, r *http.Request) error {
	a, err := s.appointmentOf(r)
	if err != nil {
		return err
	}
	return s.showAppointment(w, r, http.StatusOK, a, "")
}

// appointmentOf reads the appointment that the address names.
func (s *Server) appointmentOf(r *http.Request) (membership.Appointment, error) {
	which, err := pathID[id.Appointment](r, "id")
	if err != nil {
		return membership.Appointment{}, err
	}
	return s.Members.Appointment(r.Context(), actorOf(r), which)
}

func (s *Server) showAppointment(w http.ResponseWriter, r *http.Request, status int, a membership.Appointment, notice string) error {
	by := actorOf(r)
	p := page.DeskAppointment{
		Caption: a.OrganisationName, Heading: a.Person + ", " + a.Office, State: s.appointmentState(a), Notice: notice,
		Rows: appointmentRows(a), History: appointmentHistory(a),
	}
	for _, act := range appointmentActs {
		if act.can(a, by, s.today()) == nil {
			p.Buttons = append(p.Buttons, ui.Button{Text: act.button, Path: route.DeskAppointmentAct(a.ID, act.path), Kind: act.kind})
		}
	}
	if a.CanAttach(by, s.today()) == nil {
		p.Buttons = append(p.Buttons, ui.Button{Text: "Attach the instrument", Path: route.DeskAppointmentAct(a.ID, "attach-instrument"), Kind: ui.Secondary})
	}
	if a.InstrumentFile != 0 {
		f, err := s.Members.Instrument(r.Context(), by, a.ID)
		if err != nil {
			return err
		}
		p.Rows = append(p.Rows, ui.Row{Key: "Instrument attached", Content: linkTo(ui.Link{Text: f.Title + " (" + file.Words(f.MediaType) + ")", Path: route.DeskAppointmentAct(a.ID, "instrument")})})
	}
	if by.Can(authz.ConfirmSeat) && a.State(s.today()) == membership.Proposed {
		p.WhyNot = fault.Message(a.CanDecide(by, s.today()))
	}
	v := view{title: p.Heading, current: route.DeskAppointments, content: p.Content()}
	if _, leads := by.LeadFor(a.Partner); leads && !seesAppointments.allows(by) {
		v.current, v.back = route.Delegation, &ui.Link{Text: "Delegation", Path: route.Delegation}
	}
	if seesAppointments.allows(by) {
		v.breadcrumbs = []ui.Link{{Text: "Home", Path: route.Home}, {Text: "Appointments", Path: route.DeskAppointments}, {Text: a.Person}}
	}
	return s.show(w, r, status, v)
}

func appointmentRows(a membership.Appointment) []ui.Row {
	rows := []ui.Row{
		{Key: "Person", Value: a.Person + " (" + a.Email + ")"},
		{Key: "Safeguarding partner", Value: a.OrganisationName},
		{Key: "Office, as published", Value: a.Office},
		{Key: "Capacity", Value: capacityWords(a.Capacity)},
	}
	if a.Capacity == authz.Delegate {
		rows = append(rows, ui.Row{Key: "Acts for", Value: a.ActingFor})
	}
	if a.Under != 0 {
		rows = append(rows, ui.Row{Key: "Named by", Value: namedBy(a)})
	}
	return append(rows,
		ui.Row{Key: "Papers covered", Value: papersWords(a.Papers)},
		ui.Row{Key: "What gives the authority", Value: or(instrumentWords(a.Instrument, a.InstrumentOn), "Not stated")},
		ui.Row{Key: "Term", Value: sentence(term(a.StartsOn, a.EndsOn))},
	)
}

// namedBy says whence a delegate's authority comes, and how long it can last.
func namedBy(a membership.Appointment) string {
	words := "The lead officer, " + a.Proposed.Name + ". It ends with the lead officer’s own appointment"
	if a.LeadWithdrawn {
		return words + ", which was withdrawn"
	}
	if !a.LeadUntil.IsZero() {
		return words + ", on " + a.LeadUntil.Long()
	}
	return words
}

func papersWords(papers []string) string {
	if len(papers) == 0 {
		return "All kinds of document"
	}
	return sentence(strings.Join(papers, ", "))
}

func appointmentHistory(a membership.Appointment) []ui.TimelineEntry {
	var list []ui.TimelineEntry
	add := func(what string, by membership.Step) {
		if by.Done() {
			list = append(list, ui.TimelineEntry{What: what, Who: by.Name, When: ui.TimeAt(by.At)})
		}
	}
	if !a.Proposed.Done() {
		list = append(list, ui.TimelineEntry{
			What: "Asked for by a command of the installation", When: ui.Time{Words: "Nobody has proposed it yet"},
		})
	}
	add("Proposed", a.Proposed)
	add("Confirmed", a.Confirmed)
	add("Refused", a.Refused)
	add("Withdrawn", a.Withdrawn)
	return list
}

// idValue is an identifier as the value of an option.
func idValue[T ~int64](n T) string { return strconv.FormatInt(int64(n), 10) }
