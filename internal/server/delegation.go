package server

import (
	"net/http"
	"slices"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// delegationPages are those of a lead officer who names delegates, and of business support who has new people invited.
func (s *Server) delegationPages(in innerRoutes) {
	names := can(authz.NameDelegate)
	in.get(route.Delegation, names, s.getDelegation)
	in.get(route.DelegationName, names, s.getDelegationName)
	in.post(route.DelegationName, names, smallForm, s.postDelegationName)
	in.get(route.DelegationAsk, names, s.getDelegationAsk)
	in.post(route.DelegationAsk, names, smallForm, s.postDelegationAsk)
	in.post(route.DelegationTakeBack, names, smallForm, s.postDelegationTakeBack)
	in.get(route.DeskDelegateRequest, seesAppointments, s.getDeskDelegateRequest)
	in.post(route.DeskDelegateRequestPut, can(authz.ProposeSeat), smallForm, s.postDeskDelegateRequestPut)
	in.get(route.DeskDelegateRequestDecline, can(authz.ProposeSeat), s.getDeskDelegateRequestDecline)
	in.post(route.DeskDelegateRequestDecline, can(authz.ProposeSeat), smallForm, s.postDeskDelegateRequestDecline)
}

func (s *Server) getDelegation(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), actorOf(r)
	delegates, err := s.Members.Delegates(ctx, by)
	if err != nil {
		return err
	}
	offices, err := s.Members.LeadOffices(ctx, by)
	if err != nil {
		return err
	}
	requests, err := s.Members.DelegateRequests(ctx, by)
	if err != nil {
		return err
	}
	p := page.Delegation{Requests: requestTable(requests, by)}
	for _, o := range offices {
		p.Offices = append(p.Offices, s.delegatingOffice(o.Partner, delegatingHead(o, len(offices)), delegates))
	}
	for _, partner := range by.Partners() { // of which the reader is a delegate
		if !slices.ContainsFunc(offices, func(o membership.Appointment) bool { return o.Partner == partner }) {
			p.Offices = append(p.Offices, s.delegatingOffice(partner, page.DelegatingOffice{Lead: "You are a delegate of this partner. Its lead officer names delegates."}, delegates))
		}
	}
	for _, q := range requests {
		if q.Waits() && q.LeadAccount == by.Account {
			p.Waiting = append(p.Waiting, page.DelegateAsked{ID: int64(q.ID), Text: q.Name + ", " + q.Office + ", " + term(q.StartsOn, q.EndsOn)})
		}
	}
	return s.show(w, r, http.StatusOK, view{title: "Delegation", current: route.Delegation, content: p.Content()})
}

func delegatingHead(o membership.Appointment, offices int) page.DelegatingOffice {
	return page.DelegatingOffice{ID: int64(o.ID), Name: o.OrganisationName, Multiple: offices > 1,
		Lead: "You are its lead officer, as " + o.Office + ", " + term(o.StartsOn, o.EndsOn) + "."}
}

// delegatingOffice sorts the delegates of one partner by when they act.
func (s *Server) delegatingOffice(partner id.Partner, o page.DelegatingOffice, delegates []membership.Appointment) page.DelegatingOffice {
	columns := []ui.Column{{Text: "Person"}, {Text: "Office"}, {Text: "Papers"}, {Text: "Term"}, {Text: "State"}}
	table := func(caption, empty string) ui.Table {
		return ui.Table{Caption: caption, RowHeaders: true, Columns: columns, Empty: empty}
	}
	o.Now = table("Delegates now", "Nobody acts in the lead officer’s place today.")
	o.Proposed, o.Coming, o.Past = table("Proposed, waiting for an administrator", ""), table("Coming", ""), table("Past", "")
	today := s.today()
	for _, d := range delegates {
		if d.Partner != partner {
			continue
		}
		o.Name = d.OrganisationName
		into := &o.Past
		switch d.State(today) {
		case membership.Proposed:
			into = &o.Proposed
		case membership.Confirmed:
			into = &o.Now
			if d.StartsOn.After(today) {
				into = &o.Coming
			}
		default: // ended, refused, withdrawn
		}
		into.Rows = append(into.Rows, []ui.Cell{{Text: d.Person, Path: route.DeskAppointmentTo(d.ID)}, {Text: d.Office},
			{Text: papersWords(d.Papers)}, {Text: sentence(term(d.StartsOn, d.Until()))}, {Content: ui.Tag{State: s.appointmentState(d)}}})
	}
	return o
}

// requestTable lists what became of the reader's own requests.
func requestTable(requests []membership.DelegateRequest, by authz.Actor) ui.Table {
	t := ui.Table{Caption: "Earlier requests", RowHeaders: true, Columns: []ui.Column{{Text: "Person"}, {Text: "Term"}, {Text: "Outcome"}}}
	for _, q := range requests {
		if q.Waits() || q.LeadAccount != by.Account {
			continue
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: q.Name}, {Text: sentence(term(q.StartsOn, q.EndsOn))}, {Text: requestOutcome(q)}})
	}
	return t
}

func requestOutcome(q membership.DelegateRequest) string {
	switch q.Answer {
	case membership.Named:
		return "Invited, and the proposal was made."
	case membership.Declined:
		return "Declined by business support: " + q.Reason
	case membership.TakenBack:
		return "Taken back by the lead officer."
	}
	return ""
}

// delegatingFrom picks the office for which the lead officer names somebody: the one asked for, or the only one.
func (s *Server) delegatingFrom(r *http.Request) (membership.Appointment, error) {
	offices, err := s.Members.LeadOffices(r.Context(), actorOf(r))
	if err != nil {
		return membership.Appointment{}, err
	}
	asked := r.URL.Query().Get("office")
	for _, o := range offices {
		if idValue(o.ID) == asked || (asked == "" && len(offices) == 1) {
			return o, nil
		}
	}
	if len(offices) == 0 {
		return membership.Appointment{}, errNoOffice
	}
	return membership.Appointment{}, errNoPage
}

// lastOf is the last day to offer: that of the lead officer's own term, if it has one.
func lastOf(lead membership.Appointment) string {
	if lead.EndsOn.IsZero() {
		return "The delegate still acts on this day"
	}
	return "The delegate still acts on this day. Your own term ends on " + lead.EndsOn.Long()
}

// papersOf are the papers for which the lead officer can name a delegate.
func papersOf(lead membership.Appointment) []string {
	if len(lead.Papers) > 0 {
		return lead.Papers
	}
	return membership.Papers()
}

func requestRows(q membership.DelegateRequest) []ui.Row {
	return []ui.Row{
		{Key: "Asked for by", Value: q.LeadName + ", " + q.LeadOffice},
		{Key: "Asked on", Value: day.Clock(q.AskedAt)},
		{Key: "Safeguarding partner", Value: q.OrganisationName},
		{Key: "Person", Value: q.Name},
		{Key: "Email", Value: q.Email},
		{Key: "Office, as published", Value: q.Office},
		{Key: "Acts for", Value: q.LeadOffice},
		{Key: "Papers covered", Value: papersWords(q.Papers)},
		{Key: "What gives the authority", Value: or(instrumentWords(q.Instrument, q.InstrumentOn), "Not stated")},
		{Key: "Term", Value: sentence(term(q.StartsOn, q.EndsOn))},
	}
}
