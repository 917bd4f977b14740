package server

import (
	"context"
	"net/http"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/membership"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
)

func (s *Server) getHome(w http.ResponseWriter, r *http.Request) error {
	by := actorOf(r)
	p := page.Home{Name: by.Name, Roles: roleLine(by)}
	for _, sec := range sectionsFor(by) {
		p.Sections = append(p.Sections, page.HomeSection{Name: sec.name, Path: sec.path, What: sec.what})
	}
	waiting, err := s.Accounts.Waiting(r.Context(), by)
	if err != nil {
		return err
	}
	for _, o := range waiting {
		p.Waiting = append(p.Waiting, page.WaitingSeat{Office: o.Office, Partner: o.Partner})
	}
	if p.Tasks, err = s.roundTasks(r.Context(), by); err != nil {
		return err
	}
	appointments, err := s.appointmentTasks(r.Context(), by)
	if err != nil {
		return err
	}
	p.Tasks = append(p.Tasks, appointments...)
	actions, err := s.groupTasks(r.Context(), by)
	if err != nil {
		return err
	}
	p.Tasks = append(p.Tasks, actions...)
	corrections, err := s.correctionTasks(r, by)
	if err != nil {
		return err
	}
	p.Tasks = append(p.Tasks, corrections...)
	records, err := s.decisionTasks(r.Context(), by)
	if err != nil {
		return err
	}
	p.Tasks = append(p.Tasks, records...)
	shared, err := s.fundingTasks(r, by)
	if err != nil {
		return err
	}
	p.Tasks = append(p.Tasks, shared...)
	attention, atRisk, err := s.attentionTasks(r, by)
	if err != nil {
		return err
	}
	p.Tasks, p.AtRisk = append(p.Tasks, attention...), atRisk
	return s.show(w, r, http.StatusOK, view{title: "Home", current: route.Home, content: p.Content()})
}

// appointmentTasks are the appointments that wait for the actor: to be confirmed, or to be proposed.
func (s *Server) appointmentTasks(ctx context.Context, by authz.Actor) ([]page.HomeTask, error) {
	var tasks []page.HomeTask
	add := func(list []membership.Appointment, what string) {
		for _, a := range list {
			tasks = append(tasks, page.HomeTask{Text: what + ": " + a.Person + " as " + a.Office + ", " + a.OrganisationName, Path: route.DeskAppointmentTo(a.ID)})
		}
	}
	if by.Can(authz.ConfirmSeat) {
		list, err := s.Members.AwaitingConfirmation(ctx, by)
		if err != nil {
			return nil, err
		}
		add(list, "Confirm or refuse an appointment")
	}
	if by.Can(authz.ProposeSeat) {
		list, err := s.Members.AwaitingProposer(ctx, by)
		if err != nil {
			return nil, err
		}
		add(list, "Propose an appointment that a command asked for")
		requests, err := s.Members.DelegateRequests(ctx, by)
		if err != nil {
			return nil, err
		}
		for _, q := range requests {
			if q.Waits() {
				tasks = append(tasks, page.HomeTask{Text: "Answer a request for a delegate: " + q.Name + ", " + q.OrganisationName, Path: route.DeskDelegateRequestTo(q.ID)})
			}
		}
	}
	return tasks, nil
}
