package membership

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
)

// Answer is what became of a lead officer's request for a delegate.
type Answer string

// The answers to a request. A request that waits has none.
const (
	Named     Answer = "named"
	Declined  Answer = "declined"
	TakenBack Answer = "taken back"
)

// DelegateRequest is a lead officer's request for a delegate who has no account yet.
type DelegateRequest struct {
	ID               id.DelegateRequest
	Lead             id.Appointment // the lead officer's own
	LeadAccount      id.Account
	LeadName         string
	LeadOffice       string
	Partner          id.Partner
	OrganisationName string // of today
	Name             string
	Email            string
	Office           string
	Papers           []string
	Instrument       string
	InstrumentOn     day.Date
	StartsOn         day.Date
	EndsOn           day.Date
	AskedAt          time.Time
	Answer           Answer
	Reason           string
	Made             id.Appointment // proposed on it
	HasAccount       id.Account     // whose address is the one given, if there is one by now
}

// Waits tells whether nobody has answered yet.
func (r DelegateRequest) Waits() bool { return r.Answer == "" }

// The refusals of requests.
var (
	errNoRequest       = fault.New(fault.NotFound, "There is no such request.")
	errMayNotAnswer    = fault.New(fault.Forbidden, "Only business support answers a request for a delegate.")
	errRequestAnswered = fault.New(fault.Conflict, "This request has been answered already. Nothing was changed.")
	errNotInvited      = fault.New(fault.Conflict, "Nobody with this email address has an account yet. Invite the person first.")
	errNoReason        = fault.Field("reason", "Enter why the request is declined")
)

// DelegateRequestCommand asks for a delegate who has no account yet.
type DelegateRequestCommand struct {
	DelegateCommand // without the account
	Name            string
	Email           string
}

// AskForDelegate asks business support to have somebody invited whom the lead officer wants as delegate. Faults:
// NotFound, Forbidden, Invalid.
func (s *Service) AskForDelegate(ctx context.Context, by authz.Actor, cmd DelegateRequestCommand) (made id.DelegateRequest, err error) {
	at := s.now()
	cmd.Email = strings.ToLower(strings.TrimSpace(cmd.Email))
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		lead, err := ownLead(ctx, tx, by, cmd.Lead, day.Of(at))
		if err != nil {
			return err
		}
		if err := cmd.check(lead); err != nil {
			return err
		}
		if made, err = insertRequest(ctx, tx, lead, cmd); err != nil {
			return err
		}
		if err := recordRequest(ctx, tx, by, at, actionDelegateAsked, made, lead.Partner); err != nil {
			return err
		}
		return s.letters.DelegateAskedFor(ctx, tx, made)
	})
	return made, err
}

func (c DelegateRequestCommand) check(lead Appointment) error {
	switch {
	case c.Name == "":
		return fault.Field("name", "Enter the person’s name")
	case !strings.Contains(c.Email, "@"):
		return fault.Field("email", "Enter an email address, like name@example.org")
	}
	proposal := c.proposal(lead)
	proposal.Account = lead.Account // only so that the rules on everything else are asked; nobody is proposed yet
	if err := proposal.check(authz.Actor{}); err != nil {
		return err
	}
	return lead.CheckDelegate(c.DelegateCommand)
}

// DelegateRequests lists the requests that the actor may see, those that wait first: their own as lead officer, or all.
func (s *Service) DelegateRequests(ctx context.Context, by authz.Actor) ([]DelegateRequest, error) {
	return selectRequests(ctx, s.db, by, 0, day.Of(s.now()))
}

// DelegateRequest reads one request. Fault: NotFound if there is none, or the actor may not see it.
func (s *Service) DelegateRequest(ctx context.Context, by authz.Actor, which id.DelegateRequest) (DelegateRequest, error) {
	return selectRequest(ctx, s.db, by, which, day.Of(s.now()))
}

// PutForward makes the proposal that a lead officer asked for, in their name, once the person has an account. Faults:
// NotFound, Forbidden, Conflict (answered already, nobody invited, the lead officer's term is over).
func (s *Service) PutForward(ctx context.Context, by authz.Actor, which id.DelegateRequest) (made id.Appointment, err error) {
	at := s.now()
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		r, err := lockRequest(ctx, tx, by, which, day.Of(at))
		if err != nil {
			return err
		}
		if err := r.CanAnswer(by); err != nil {
			return err
		}
		if r.HasAccount == 0 {
			return errNotInvited
		}
		lead, err := selectAppointment(ctx, tx, by, r.Lead, day.Of(at))
		if err != nil {
			return err
		}
		if lead.State(day.Of(at)) != Confirmed {
			return errLeadOver
		}
		if err := checkAppointee(ctx, tx, r.HasAccount); err != nil {
			return asConflict(err)
		}
		cmd := DelegateCommand{Lead: r.Lead, Account: r.HasAccount, Office: r.Office, Papers: r.Papers, Instrument: r.Instrument,
			Dated: r.InstrumentOn, StartsOn: r.StartsOn, EndsOn: r.EndsOn}
		if made, err = insertAppointment(ctx, tx, lead.Account, cmd.proposal(lead)); err != nil {
			return asConflict(err)
		}
		if err := updateRequest(ctx, tx, by, which, Named, "", made); err != nil {
			return err
		}
		if err := recordRequest(ctx, tx, by, at, actionDelegateNamed, which, lead.Partner); err != nil {
			return err
		}
		if err := recordProposal(ctx, tx, by, at, made, lead.Partner); err != nil {
			return err
		}
		return s.letters.AppointmentProposed(ctx, tx, made)
	})
	return made, err
}

// DeclineRequest tells the lead officer that the person is not invited, and why. Faults: NotFound, Forbidden, Conflict,
// Invalid (no reason).
func (s *Service) DeclineRequest(ctx context.Context, by authz.Actor, which id.DelegateRequest, reason string) error {
	at, reason := s.now(), strings.TrimSpace(reason)
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		r, err := lockRequest(ctx, tx, by, which, day.Of(at))
		if err != nil {
			return err
		}
		if err := r.CanAnswer(by); err != nil {
			return err
		}
		if reason == "" {
			return errNoReason
		}
		if err := updateRequest(ctx, tx, by, which, Declined, reason, 0); err != nil {
			return err
		}
		if err := recordRequest(ctx, tx, by, at, actionDelegateDeclined, which, r.Partner); err != nil {
			return err
		}
		return s.letters.DelegateDeclined(ctx, tx, which)
	})
}

// TakeBackRequest ends the lead officer's own request. Pressing twice is harmless. Faults: NotFound, Forbidden, Conflict.
func (s *Service) TakeBackRequest(ctx context.Context, by authz.Actor, which id.DelegateRequest) error {
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		r, err := lockRequest(ctx, tx, by, which, day.Of(at))
		switch {
		case err != nil:
			return err
		case r.LeadAccount != by.Account:
			return errMayNotName
		case r.Answer == TakenBack:
			return nil
		case !r.Waits():
			return errRequestAnswered
		}
		if err := updateRequest(ctx, tx, by, which, TakenBack, "", 0); err != nil {
			return err
		}
		return recordRequest(ctx, tx, by, at, actionDelegateDropped, which, r.Partner)
	})
}

// CanAnswer says whether the actor may answer the request now; nil if so.
func (r DelegateRequest) CanAnswer(by authz.Actor) error {
	switch {
	case !by.Can(authz.ProposeSeat) || !by.SignedIn():
		return errMayNotAnswer
	case !r.Waits():
		return errRequestAnswered
	}
	return nil
}

func recordRequest(ctx context.Context, tx pgx.Tx, by authz.Actor, at time.Time, action string, which id.DelegateRequest, partner id.Partner) error {
	return audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: action, SubjectKind: subjectRequest, SubjectID: int64(which), Partner: partner})
}
