package membership

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
)

var (
	errNoSuchPerson    = fault.Field("account", "Choose somebody who has an account")
	errNoSuchPartner   = fault.Field("partner", "Choose a safeguarding partner from the list")
	errNoPartnerOfSlug = fault.New(fault.NotFound, "No safeguarding partner of today has this address.")
	errOnlyByCommand   = fault.New(fault.Forbidden, "Only a command of the installation asks for an appointment in this way.")
)

// AppointmentFilter narrows a list of appointments; zero values mean any.
type AppointmentFilter struct {
	Partner      id.Partner
	Organisation string // slug
	State        State
}

// PartnerChoice is a safeguarding partner that an appointment can be for.
type PartnerChoice struct {
	ID       id.Partner
	Slug     string
	Name     string // of today
	StartsOn day.Date
	EndsOn   day.Date
}

// Appointments lists the appointments that the actor may see: all of them, or their own.
func (s *Service) Appointments(ctx context.Context, by authz.Actor, f AppointmentFilter) ([]Appointment, error) {
	return selectAppointments(ctx, s.db, by, f, day.Of(s.now()))
}

// Appointment reads one appointment. Fault: NotFound if there is none, or the actor may not see it.
func (s *Service) Appointment(ctx context.Context, by authz.Actor, which id.Appointment) (Appointment, error) {
	return selectAppointment(ctx, s.db, by, which, day.Of(s.now()))
}

// AwaitingConfirmation lists the proposals that the actor can confirm or refuse today.
func (s *Service) AwaitingConfirmation(ctx context.Context, by authz.Actor) ([]Appointment, error) {
	return s.waiting(ctx, by, Appointment.CanDecide)
}

// AwaitingProposer lists what commands of the installation asked for and the actor can propose today.
func (s *Service) AwaitingProposer(ctx context.Context, by authz.Actor) ([]Appointment, error) {
	return s.waiting(ctx, by, Appointment.CanAdopt)
}

func (s *Service) waiting(ctx context.Context, by authz.Actor, can func(Appointment, authz.Actor, day.Date) error) ([]Appointment, error) {
	today := day.Of(s.now())
	all, err := selectAppointments(ctx, s.db, by, AppointmentFilter{State: Proposed}, today)
	if err != nil {
		return nil, err
	}
	var mine []Appointment
	for _, a := range all {
		if can(a, by, today) == nil {
			mine = append(mine, a)
		}
	}
	return mine, nil
}

// PartnerChoices lists every safeguarding partner, those of today and later first. Fault: Forbidden.
func (s *Service) PartnerChoices(ctx context.Context, by authz.Actor) ([]PartnerChoice, error) {
	if !seesAppointments(by) {
		return nil, errMayNotPropose
	}
	return selectPartnerChoices(ctx, s.db, day.Of(s.now()))
}

// Appointable lists the people whom the actor can propose. Fault: Forbidden.
func (s *Service) Appointable(ctx context.Context, by authz.Actor) ([]Person, error) {
	if !by.Can(authz.ProposeSeat) {
		return nil, errMayNotPropose
	}
	return selectAppointable(ctx, s.db, by.Account)
}

// CheckProposal says what Propose would refuse, and stores nothing. Faults: Forbidden, Invalid.
func (s *Service) CheckProposal(ctx context.Context, by authz.Actor, cmd ProposeCommand) error {
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error { return checkProposal(ctx, tx, by, cmd) })
}

// Propose proposes an appointment, which a second person confirms. Faults: Forbidden, Invalid.
func (s *Service) Propose(ctx context.Context, by authz.Actor, cmd ProposeCommand) (made id.Appointment, err error) {
	at := s.now()
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		if err := checkProposal(ctx, tx, by, cmd); err != nil {
			return err
		}
		if made, err = insertAppointment(ctx, tx, by.Account, cmd); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, audit.Event{
			At: at, By: by, Action: actionProposed, SubjectKind: subjectAppointment, SubjectID: int64(made), Partner: cmd.Partner,
			After: string(Proposed),
		}); err != nil {
			return err
		}
		return s.letters.AppointmentProposed(ctx, tx, made)
	})
	return made, err
}

func checkProposal(ctx context.Context, tx pgx.Tx, by authz.Actor, cmd ProposeCommand) error {
	if !by.Can(authz.ProposeSeat) || !by.SignedIn() {
		return errMayNotPropose
	}
	if err := cmd.check(by); err != nil {
		return err
	}
	if err := checkTerm(ctx, tx, cmd); err != nil {
		return err
	}
	return checkAppointee(ctx, tx, cmd.Account)
}

// ProposeByCommand asks for the appointment of a lead officer from today on. Nobody has proposed it yet: business
// support adopts it, and a second person confirms it. Faults: Forbidden, NotFound (no such partner today), Invalid.
func (s *Service) ProposeByCommand(ctx context.Context, by authz.Actor, account id.Account, organisation string) (made id.Appointment, err error) {
	if !by.IsSystem() {
		return 0, errOnlyByCommand
	}
	at := s.now()
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		partner, err := selectPartnerByBody(ctx, tx, organisation, day.Of(at))
		if err != nil {
			return err
		}
		if err := checkAppointee(ctx, tx, account); err != nil {
			return err
		}
		cmd := ProposeCommand{Account: account, Partner: partner, Office: "Lead officer", Capacity: authz.Lead, StartsOn: day.Of(at)}
		if made, err = insertAppointment(ctx, tx, 0, cmd); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{
			At: at, By: by, Action: actionAsked, SubjectKind: subjectAppointment, SubjectID: int64(made), Partner: partner,
			After: string(Proposed),
		})
	})
	return made, err
}

// Adopt proposes what a command of the installation asked for. Faults: NotFound, Forbidden, Conflict.
func (s *Service) Adopt(ctx context.Context, by authz.Actor, which id.Appointment) error {
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		a, err := lockAppointment(ctx, tx, by, which, day.Of(at))
		if err != nil {
			return err
		}
		if err := a.CanAdopt(by, day.Of(at)); err != nil {
			return err
		}
		if err := checkAppointee(ctx, tx, a.Account); err != nil {
			return asConflict(err)
		}
		if err := updateAppointment(ctx, tx, `UPDATE appointment SET proposed_by = @value WHERE id = @id`, which, by.Account); err != nil {
			return err
		}
		if err := recordMove(ctx, tx, by, a, at, actionProposed, Proposed); err != nil {
			return err
		}
		return s.letters.AppointmentProposed(ctx, tx, which)
	})
}

// checkTerm demands that some day of the appointment is one of the body's time as partner.
func checkTerm(ctx context.Context, tx pgx.Tx, cmd ProposeCommand) error {
	t, err := selectPartnerTerm(ctx, tx, cmd.Partner)
	switch {
	case err != nil:
		return err
	case !t.EndsOn.IsZero() && cmd.StartsOn.After(t.EndsOn):
		return fault.Field("starts", "The body was a safeguarding partner only until "+t.EndsOn.Long())
	case !cmd.EndsOn.IsZero() && cmd.EndsOn.Before(t.StartsOn):
		return fault.Field("ends", "The body is a safeguarding partner only from "+t.StartsOn.Long())
	}
	return nil
}

// checkAppointee demands an active account that holds no role which never signs.
func checkAppointee(ctx context.Context, tx pgx.Tx, account id.Account) error {
	who, err := selectAppointee(ctx, tx, account)
	switch {
	case err != nil:
		return err
	case who.Suspended:
		return fault.Field("account", "The account of this person is suspended")
	case who.Never != "":
		return fault.Field("account", fmt.Sprintf("This person is %s, and so never signs. Choose somebody else, or have that role ended first",
			neverSign[authz.Role(who.Never)]))
	}
	return nil
}
