package server

import (
	"errors"
	"net/http"

	"github.com/a-h/templ"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/membership"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// appointmentAct is one thing that can be done with an appointment: its page asks once more, its form does it.
type appointmentAct struct {
	path    string // last part of the address
	button  string // on the appointment's page, and heading of its own
	kind    ui.ButtonKind
	press   string // the button that does it
	warning string
	dated   bool // asks for a last day
	can     func(membership.Appointment, authz.Actor, day.Date) error
	do      func(s *Server, r *http.Request, a membership.Appointment, last day.Date) error
	done    string
	told    string
}

var (
	adoptAct = appointmentAct{
		path: "adopt", button: "Propose", press: "Propose this appointment", can: membership.Appointment.CanAdopt,
		warning: "A command of the installation asked for this appointment. By proposing it you vouch for what it says.",
		do: func(s *Server, r *http.Request, a membership.Appointment, _ day.Date) error {
			return s.Members.Adopt(r.Context(), actorOf(r), a.ID)
		},
		done: "Appointment proposed", told: "An administrator who is neither you nor the appointee can now confirm it.",
	}
	confirmAct = appointmentAct{
		path: "confirm", button: "Confirm", press: "Confirm this appointment", can: membership.Appointment.CanDecide,
		warning: "From the first day on, this person can sign for the partner. You cannot take a confirmation back; you can only end the appointment.",
		do: func(s *Server, r *http.Request, a membership.Appointment, _ day.Date) error {
			return s.Members.Confirm(r.Context(), actorOf(r), a.ID)
		},
		done: "Appointment confirmed",
	}
	refuseAct = appointmentAct{
		path: "refuse", button: "Refuse", kind: ui.Secondary, press: "Refuse this proposal", can: membership.Appointment.CanDecide,
		warning: "A refused proposal stays refused. Business support can make a new one.",
		do: func(s *Server, r *http.Request, a membership.Appointment, _ day.Date) error {
			return s.Members.Refuse(r.Context(), actorOf(r), a.ID)
		},
		done: "Proposal refused",
	}
	endAct = appointmentAct{
		path: "end", button: "Set the last day", kind: ui.Secondary, press: "Set the last day", can: membership.Appointment.CanEnd, dated: true,
		warning: "After its last day the appointment gives no authority. A last day can be brought forward, but never put back.",
		do: func(s *Server, r *http.Request, a membership.Appointment, last day.Date) error {
			return s.Members.End(r.Context(), actorOf(r), a.ID, last)
		},
		done: "Last day set",
	}
	withdrawAct = appointmentAct{
		path: "withdraw", button: "Withdraw now", kind: ui.Warning, press: "Withdraw now", can: membership.Appointment.CanWithdraw,
		warning: "It is withdrawn this moment and for good. What was signed under it stands.",
		do: func(s *Server, r *http.Request, a membership.Appointment, _ day.Date) error {
			return s.Members.Withdraw(r.Context(), actorOf(r), a.ID)
		},
		done: "Withdrawn",
	}
	// appointmentActs are in the order of their buttons.
	appointmentActs = []appointmentAct{adoptAct, confirmAct, refuseAct, endAct, withdrawAct}
)

func (s *Server) getDeskAppointmentAct(act appointmentAct) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		a, err := s.appointmentOf(r)
		if err != nil {
			return err
		}
		if err := act.can(a, actorOf(r), s.today()); err != nil {
			return s.refuseAppointmentAct(w, r, a, err)
		}
		return s.showAppointmentAct(w, r, act, a, form.New(nil))
	}
}

func (s *Server) postDeskAppointmentAct(act appointmentAct) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		a, err := s.appointmentOf(r)
		if err != nil {
			return err
		}
		fields := []string{}
		if act.dated {
			fields = []string{"ends"}
		}
		f, err := formOf(r, fields...)
		if err != nil {
			return err
		}
		var last day.Date
		if act.dated && act.can(a, actorOf(r), s.today()) == nil {
			if last = f.Date("ends", "Last day", "Enter the last day"); f.Errors().Any() {
				return s.showAppointmentAct(w, r, act, a, f)
			}
		}
		err = act.do(s, r, a, last)
		if onForm(f, err) && act.dated {
			return s.showAppointmentAct(w, r, act, a, f)
		}
		if err != nil {
			return s.refuseAppointmentAct(w, r, a, err)
		}
		s.tell(r, act.done, act.told)
		return redirect(w, r, route.DeskAppointmentTo(a.ID))
	}
}

// refuseAppointmentAct shows what the appointment is now, where somebody was quicker.
func (s *Server) refuseAppointmentAct(w http.ResponseWriter, r *http.Request, a membership.Appointment, err error) error {
	notice, ok := conflict(err)
	if !ok {
		return err
	}
	now, err := s.Members.Appointment(r.Context(), actorOf(r), a.ID)
	if err != nil {
		return err
	}
	return s.showAppointment(w, r, statuses[fault.Conflict], now, notice)
}

func (s *Server) showAppointmentAct(w http.ResponseWriter, r *http.Request, act appointmentAct, a membership.Appointment, f *form.Form) error {
	here := route.DeskAppointmentTo(a.ID)
	p := page.DeskForm{
		Caption: "Appointment", Heading: act.press, Rows: appointmentRows(a), Warning: act.warning, Errors: f.Errors(),
		Action: route.DeskAppointmentAct(a.ID, act.path), Button: ui.Button{Text: act.press, Kind: act.kind}, Cancel: here,
	}
	if act.kind == ui.Secondary {
		p.Button.Kind = ui.Primary
	}
	if act.dated {
		p.Fields = []templ.Component{ui.DateInput{Field: f.DateField("ends", "Last day", "The appointment still counts on this day")}}
	}
	return s.showForm(w, r, view{title: act.press + ": " + a.Person + " for " + a.OrganisationName, current: route.DeskAppointments, content: p.Content(), hasErrors: p.Errors.Any(),
		back: &ui.Link{Text: "Back to the appointment", Path: here}})
}

func asFault(err error) (*fault.Error, bool) { return errors.AsType[*fault.Error](err) }
