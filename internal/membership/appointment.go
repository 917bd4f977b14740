package membership

import (
	"slices"
	"time"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
)

// State is where an appointment stands on a day.
type State string

// The states of an appointment.
const (
	Proposed  State = "proposed"
	Confirmed State = "confirmed"
	Ended     State = "ended"
	Refused   State = "refused"
	Withdrawn State = "withdrawn"
)

// States lists the states in the order in which people look for them.
func States() []State { return []State{Proposed, Confirmed, Ended, Refused, Withdrawn} }

// Step is who did something to an appointment, and when; empty if nobody did.
type Step struct {
	By   id.Account
	Name string
	At   time.Time
}

// Done tells whether anybody did it.
func (s Step) Done() bool { return s.By != 0 }

// Appointment is a person's dated authority to act for one safeguarding partner.
type Appointment struct {
	ID               id.Appointment
	Account          id.Account
	Person           string
	Email            string
	Partner          id.Partner
	OrganisationSlug string
	OrganisationName string // of today
	Office           string
	Capacity         authz.Capacity
	ActingFor        string // for a delegate: the office
	Instrument       string
	InstrumentOn     day.Date // of the instrument, if it has a date
	InstrumentFile   id.File  // the instrument itself, if it is attached
	Papers           []string // kinds of document; none means all
	StartsOn         day.Date
	EndsOn           day.Date // none: until further notice
	Proposed         Step     // by nobody while only a command of the installation asked for it
	Confirmed        Step
	Refused          Step
	Withdrawn        Step
	Under            id.Appointment // the lead officer's, under which a delegate was named; none where the body gives the authority
	LeadUntil        day.Date       // last day of that one, if it has one
	LeadWithdrawn    bool
}

// leadOver tells whether the lead officer who named the delegate holds the office no longer on a day.
func (a Appointment) leadOver(on day.Date) bool {
	return a.Under != 0 && (a.LeadWithdrawn || (!a.LeadUntil.IsZero() && a.LeadUntil.Before(on)))
}

// Until is the last day on which the appointment can count: a delegate's ends with that of the lead officer who named them.
func (a Appointment) Until() day.Date {
	if a.Under != 0 && !a.LeadUntil.IsZero() && (a.EndsOn.IsZero() || a.LeadUntil.Before(a.EndsOn)) {
		return a.LeadUntil
	}
	return a.EndsOn
}

// State is where the appointment stands on a day.
func (a Appointment) State(on day.Date) State {
	switch {
	case a.Refused.Done():
		return Refused
	case a.Withdrawn.Done():
		return Withdrawn
	case !a.Confirmed.Done():
		return Proposed
	case !a.EndsOn.IsZero() && a.EndsOn.Before(on), a.leadOver(on):
		return Ended
	}
	return Confirmed
}

// The refusals of appointments.
var (
	errNoAppointment   = fault.New(fault.NotFound, "There is no such appointment.")
	errMayNotPropose   = fault.New(fault.Forbidden, "Only business support proposes an appointment.")
	errMayNotConfirm   = fault.New(fault.Forbidden, "Only an administrator confirms or refuses an appointment.")
	errMayNotEnd       = fault.New(fault.Forbidden, "Only business support or an administrator ends an appointment, and a lead officer that of a delegate.")
	errMayNotAttach    = fault.New(fault.Forbidden, "Only business support attaches the instrument, and a lead officer that of a delegate. Nobody does for their own appointment.")
	errAttached        = fault.New(fault.Conflict, "The instrument is attached already, and is never replaced.")
	errOwnProposal     = fault.New(fault.Forbidden, "You cannot propose your own appointment. Somebody else has to.")
	errOwnConfirmation = fault.New(fault.Forbidden, "You cannot confirm or refuse your own appointment. Another administrator has to.")
	errSamePerson      = fault.New(fault.Forbidden, "You proposed this appointment, so somebody else has to confirm or refuse it.")
	errNoProposer      = fault.New(fault.Conflict, "Nobody has proposed this appointment yet. Business support has to propose it first.")
	errAlreadyProposed = fault.New(fault.Conflict, "Somebody has already proposed this appointment.")
	errFinal           = fault.New(fault.Conflict, "This appointment was decided in the meantime. Nothing was changed.")
	errNotConfirmed    = fault.New(fault.Conflict, "Only a confirmed appointment can be given a last day.")
	errLonger          = fault.Field("ends", "The last day can only be brought forward. For a longer term, propose a new appointment")
)

// CanAdopt says whether the actor may now propose what a command asked for; nil if so.
func (a Appointment) CanAdopt(by authz.Actor, on day.Date) error {
	switch {
	case !by.Can(authz.ProposeSeat) || !by.SignedIn():
		return errMayNotPropose
	case a.State(on) != Proposed:
		return errFinal
	case a.Proposed.Done():
		return errAlreadyProposed
	case by.Account == a.Account:
		return errOwnProposal
	}
	return nil
}

// CanDecide says whether the actor may now confirm or refuse the proposal; nil if so.
func (a Appointment) CanDecide(by authz.Actor, on day.Date) error {
	switch {
	case !by.Can(authz.ConfirmSeat) || !by.SignedIn():
		return errMayNotConfirm
	case by.Account == a.Account:
		return errOwnConfirmation
	case by.Account == a.Proposed.By:
		return errSamePerson
	case a.State(on) != Proposed:
		return errFinal
	case !a.Proposed.Done():
		return errNoProposer
	}
	return nil
}

// mayEnd tells whether the actor ends such appointments: any of them, or as lead officer those of the partner's delegates.
func (a Appointment) mayEnd(by authz.Actor) bool {
	_, leads := by.LeadFor(a.Partner)
	return by.SignedIn() && (by.Can(authz.EndSeat) || (by.Can(authz.NameDelegate) && leads && a.Capacity == authz.Delegate))
}

// CanEnd says whether the actor may give the appointment a last day; nil if so.
func (a Appointment) CanEnd(by authz.Actor, on day.Date) error {
	switch {
	case !a.mayEnd(by):
		return errMayNotEnd
	case a.State(on) != Confirmed:
		return errNotConfirmed
	}
	return nil
}

// CanWithdraw says whether the actor may withdraw the appointment or the proposal at once; nil if so.
func (a Appointment) CanWithdraw(by authz.Actor, on day.Date) error {
	switch {
	case !a.mayEnd(by):
		return errMayNotEnd
	case a.State(on) != Proposed && a.State(on) != Confirmed:
		return errFinal
	}
	return nil
}

// CanAttach says whether the actor may attach the instrument now; nil if so. It is attached once and never replaced.
func (a Appointment) CanAttach(by authz.Actor, on day.Date) error {
	_, leads := by.LeadFor(a.Partner)
	switch {
	case !by.SignedIn() || (!by.Can(authz.ProposeSeat) && (!by.Can(authz.NameDelegate) || !leads || a.Capacity != authz.Delegate)):
		return errMayNotAttach
	case by.Account == a.Account:
		return errMayNotAttach
	case a.InstrumentFile != 0:
		return errAttached
	case a.State(on) != Proposed && a.State(on) != Confirmed:
		return errFinal
	}
	return nil
}

// checkLastDay says whether the appointment may end on a day.
func (a Appointment) checkLastDay(last day.Date) error {
	switch {
	case last.IsZero():
		return fault.Field("ends", "Enter the last day")
	case last.Before(a.StartsOn):
		return fault.Field("ends", "The last day must not be before the first day, "+a.StartsOn.Long())
	case !a.EndsOn.IsZero() && last.After(a.EndsOn):
		return errLonger
	}
	return nil
}

// Papers lists what an appointment can be limited to: kinds of document, and the annual budget.
func Papers() []string {
	return []string{"arrangements", "annual budget", "yearly report", "threshold document", "child death review arrangements",
		"local child safeguarding practice reviews", "framework"}
}

// ProposeCommand asks for an appointment.
type ProposeCommand struct {
	Account    id.Account
	Partner    id.Partner
	Office     string // title as published
	Capacity   authz.Capacity
	ActingFor  string   // for a delegate only: the office
	Papers     []string // those of Papers that it covers; none means all
	Instrument string
	Dated      day.Date // of the instrument, if it has a date
	StartsOn   day.Date
	EndsOn     day.Date // none: until further notice

	under id.Appointment // the lead officer's own, where they name a delegate
}

// check says what breaks a rule without asking the database.
func (c ProposeCommand) check(by authz.Actor) error {
	switch {
	case c.Account == 0:
		return fault.Field("account", "Choose the person to be appointed")
	case c.Account == by.Account:
		return fault.Field("account", "You cannot propose your own appointment")
	case c.Partner == 0:
		return fault.Field("partner", "Choose the safeguarding partner")
	case c.Office == "":
		return fault.Field("office", "Enter the office title as published")
	case c.Capacity != authz.Lead && c.Capacity != authz.Delegate:
		return fault.Field("capacity", "Choose whether the person is lead officer or delegate")
	case c.Capacity == authz.Delegate && c.ActingFor == "":
		return fault.Field("acting-for", "Enter the office for which the delegate acts")
	case c.Capacity == authz.Lead && c.ActingFor != "":
		return fault.Field("acting-for", "A lead officer acts for nobody else. Leave this empty, or choose delegate")
	case slices.ContainsFunc(c.Papers, func(p string) bool { return !slices.Contains(Papers(), p) }):
		return fault.Field("papers", "Choose papers from the list")
	case !c.Dated.IsZero() && c.Instrument == "":
		return fault.Field("instrument", "Enter what it is that bears this date")
	case c.StartsOn.IsZero():
		return fault.Field("starts", "Enter the first day")
	case !c.EndsOn.IsZero() && c.EndsOn.Before(c.StartsOn):
		return fault.Field("ends", "The last day must not be before the first day")
	}
	return nil
}

// neverSign are the roles whose holders take no seat: they prepare, scrutinise or administer what others sign.
var neverSign = map[authz.Role]string{
	authz.BusinessSupport: "business support",
	authz.Scrutineer:      "independent scrutineer",
	authz.Administrator:   "administrator",
}
