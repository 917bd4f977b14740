package membership

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// The refusals of delegation.
var (
	errMayNotName   = fault.New(fault.Forbidden, "Only a lead officer names a delegate, and only for their own safeguarding partner.")
	errNotTheirLead = fault.New(fault.Forbidden, "You are not the lead officer of this safeguarding partner today, so you cannot name its delegate.")
	errNotOneself   = fault.Field("account", "You cannot name yourself")
	errNotOfBody    = fault.Field("account", "Choose somebody from the list, or ask for a new person")
	errLastDay      = fault.Field("ends", "Enter the last day")
	errBeyondTerm   = fault.Field("ends", "A delegate acts only while you hold the office. Choose days of your own term")
	errBeyondPapers = fault.Field("papers", "You can name a delegate only for papers that you sign yourself")
	errLeadOver     = fault.New(fault.Conflict, "The lead officer who named this delegate holds the office no longer. Refuse the proposal.")
)

// DelegateCommand names a delegate of the lead officer who gives it.
type DelegateCommand struct {
	Lead       id.Appointment // the lead officer's own
	Account    id.Account
	Office     string   // of the delegate, as published
	Papers     []string // kinds of document; none means all that the lead officer signs
	Instrument string
	Dated      day.Date // of the instrument, if it has a date
	StartsOn   day.Date
	EndsOn     day.Date
}

// LeadOffices lists the actor's own appointments as lead officer that count today.
func (s *Service) LeadOffices(ctx context.Context, by authz.Actor) ([]Appointment, error) {
	var mine []Appointment
	for _, seat := range by.Seats {
		if seat.Capacity != authz.Lead {
			continue
		}
		a, err := selectAppointment(ctx, s.db, by, seat.Appointment, day.Of(s.now()))
		if err != nil {
			return nil, err
		}
		mine = append(mine, a)
	}
	return mine, nil
}

// Delegates lists the delegates of the partners for whom the actor holds a seat, whatever their state. Fault: Forbidden.
func (s *Service) Delegates(ctx context.Context, by authz.Actor) ([]Appointment, error) {
	if !by.Can(authz.NameDelegate) {
		return nil, errMayNotName
	}
	all, err := selectAppointments(ctx, s.db, by, AppointmentFilter{}, day.Of(s.now()))
	if err != nil {
		return nil, err
	}
	partners := by.Partners()
	return slices.DeleteFunc(all, func(a Appointment) bool {
		return a.Capacity != authz.Delegate || !slices.Contains(partners, a.Partner)
	}), nil
}

// DelegateChoices lists whom the lead officer can name: people with an account of their body. Those are its private
// office and whoever was appointed for it before. Faults: NotFound, Forbidden.
func (s *Service) DelegateChoices(ctx context.Context, by authz.Actor, lead id.Appointment) ([]Person, error) {
	a, err := ownLead(ctx, s.db, by, lead, day.Of(s.now()))
	if err != nil {
		return nil, err
	}
	return selectOfBody(ctx, s.db, a.Partner, by.Account)
}

// CheckDelegate says what NameDelegate would refuse, and stores nothing. Faults: NotFound, Forbidden, Invalid.
func (s *Service) CheckDelegate(ctx context.Context, by authz.Actor, cmd DelegateCommand) error {
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		_, err := checkDelegate(ctx, tx, by, cmd, day.Of(at))
		return err
	})
}

// NameDelegate proposes a delegate in the name of the lead officer; an administrator confirms as always. Faults:
// NotFound, Forbidden (no lead officer of that partner today), Invalid (oneself, beyond one's own term or papers).
func (s *Service) NameDelegate(ctx context.Context, by authz.Actor, cmd DelegateCommand) (made id.Appointment, err error) {
	at := s.now()
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		lead, err := checkDelegate(ctx, tx, by, cmd, day.Of(at))
		if err != nil {
			return err
		}
		if made, err = insertAppointment(ctx, tx, by.Account, cmd.proposal(lead)); err != nil {
			return err
		}
		if err := recordProposal(ctx, tx, by, at, made, lead.Partner); err != nil {
			return err
		}
		return s.letters.AppointmentProposed(ctx, tx, made)
	})
	return made, err
}

func recordProposal(ctx context.Context, tx pgx.Tx, by authz.Actor, at time.Time, made id.Appointment, partner id.Partner) error {
	return audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: actionProposed, SubjectKind: subjectAppointment, SubjectID: int64(made),
		Partner: partner, After: string(Proposed)})
}

// proposal is the appointment that names the delegate.
func (c DelegateCommand) proposal(lead Appointment) ProposeCommand {
	papers := c.Papers
	if len(papers) == 0 {
		papers = lead.Papers
	}
	return ProposeCommand{Account: c.Account, Partner: lead.Partner, Office: c.Office, Capacity: authz.Delegate, ActingFor: lead.Office,
		Papers: papers, Instrument: c.Instrument, Dated: c.Dated, StartsOn: c.StartsOn, EndsOn: c.EndsOn, under: lead.ID}
}

// ownLead reads the actor's own appointment as lead officer, if it counts today.
func ownLead(ctx context.Context, db pg.DB, by authz.Actor, lead id.Appointment, today day.Date) (Appointment, error) {
	if !by.Can(authz.NameDelegate) || !by.SignedIn() {
		return Appointment{}, errMayNotName
	}
	if !slices.ContainsFunc(by.Seats, func(s authz.Seat) bool { return s.Appointment == lead && s.Capacity == authz.Lead }) {
		return Appointment{}, errNotTheirLead
	}
	a, err := selectAppointment(ctx, db, by, lead, today)
	if err != nil {
		return Appointment{}, err
	}
	if a.State(today) != Confirmed {
		return Appointment{}, errNotTheirLead
	}
	return a, nil
}

func checkDelegate(ctx context.Context, tx pgx.Tx, by authz.Actor, cmd DelegateCommand, today day.Date) (Appointment, error) {
	lead, err := ownLead(ctx, tx, by, cmd.Lead, today)
	if err != nil {
		return Appointment{}, err
	}
	if cmd.Account == by.Account {
		return Appointment{}, errNotOneself
	}
	if err := cmd.proposal(lead).check(by); err != nil {
		return Appointment{}, err
	}
	if err := lead.CheckDelegate(cmd); err != nil {
		return Appointment{}, err
	}
	choices, err := selectOfBody(ctx, tx, lead.Partner, by.Account)
	if err != nil {
		return Appointment{}, err
	}
	if !slices.ContainsFunc(choices, func(p Person) bool { return p.Account == cmd.Account }) {
		return Appointment{}, errNotOfBody
	}
	return lead, checkAppointee(ctx, tx, cmd.Account)
}

// CheckDelegate says whether a delegate would get no more than the lead officer has; nil if so.
func (a Appointment) CheckDelegate(c DelegateCommand) error {
	switch {
	case c.EndsOn.IsZero():
		return errLastDay
	case c.StartsOn.Before(a.StartsOn):
		return fault.Field("starts", "You hold the office only from "+a.StartsOn.Long())
	case !a.EndsOn.IsZero() && c.EndsOn.After(a.EndsOn):
		return fault.Field("ends", "You hold the office only until "+a.EndsOn.Long())
	case len(a.Papers) > 0 && slices.ContainsFunc(c.Papers, func(p string) bool { return !slices.Contains(a.Papers, p) }):
		return errBeyondPapers
	}
	return nil
}
