package membership

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
)

// CorrectionFields lists what of an agency's entry can be found wrong. Those that begin with "post-" are details of one
// of its contact posts; accepting them can change the post at once.
func CorrectionFields() []string {
	return []string{"name", "basis", "categories", "reason", "dates", "address", "identifiers", "post-title", "post-email", "post-phone", "readers", "other"}
}

// CorrectionOutcome is what became of a proposed correction.
type CorrectionOutcome string

// The outcomes; none while it waits.
const (
	CorrectionWaits    CorrectionOutcome = ""
	CorrectionAccepted CorrectionOutcome = "accepted"
	CorrectionDeclined CorrectionOutcome = "declined"
)

// Correction is what an agency's staff find wrong in its entry.
type Correction struct {
	ID           id.Correction
	Slug         string
	Organisation string // name of today
	Field        string
	Post         string // title of the contact post, if it is about one
	Now          string // what the post says today
	Words        string
	Suggested    string
	ProposedBy   id.Account
	Proposer     string
	ProposedAt   time.Time
	Outcome      CorrectionOutcome
	Answer       string
	Applied      bool
	Decider      string
	DecidedAt    time.Time // when it was proposed, while it waits
}

// OfPost tells whether it is about a detail of a contact post.
func (c Correction) OfPost() bool { return strings.HasPrefix(c.Field, "post-") }

// CorrectionCommand proposes a correction.
type CorrectionCommand struct {
	Organisation id.Organisation
	Field        string
	Post         int64 // for details of a contact post
	Words        string
	Suggested    string
}

func (c CorrectionCommand) check() error {
	ofPost := strings.HasPrefix(c.Field, "post-")
	switch {
	case !slices.Contains(CorrectionFields(), c.Field):
		return fault.Field("field", "Choose what is wrong")
	case ofPost && c.Post == 0:
		return fault.Field("post", "Choose the contact post")
	case !ofPost && c.Post != 0:
		return fault.Field("post", "Choose a contact post only where one of its details is wrong")
	case c.Words == "":
		return fault.Field("words", "Enter what is wrong")
	case ofPost && c.Suggested == "":
		return fault.Field("suggested", "Enter what it should say")
	}
	return nil
}

var (
	errNoCorrection  = fault.New(fault.NotFound, "There is no such proposal.")
	errNotYourAgency = fault.New(fault.Forbidden, "Only the staff of an agency propose corrections to its entry.")
	errAnswered      = fault.New(fault.Conflict, "This proposal is answered already.")
	errOwnCorrection = fault.New(fault.Forbidden, "Somebody else must answer what you proposed.")
)

// IsStaffOf tells whether the actor is agency staff of a body.
func IsStaffOf(by authz.Actor, of id.Organisation) bool {
	return slices.Contains(by.Organisations(authz.AgencyStaff), of)
}

// ProposeCorrection lets an agency's staff say what is wrong in its entry. Faults: Forbidden, Invalid.
func (s *Service) ProposeCorrection(ctx context.Context, by authz.Actor, cmd CorrectionCommand) (made id.Correction, err error) {
	if !IsStaffOf(by, cmd.Organisation) {
		return 0, errNotYourAgency
	}
	if err := cmd.check(); err != nil {
		return 0, err
	}
	at := s.now()
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		if made, err = insertCorrection(ctx, tx, by, cmd); err != nil {
			return err
		}
		if err := recordCorrection(ctx, tx, by, at, actionCorrectionAsked, made); err != nil {
			return err
		}
		return s.letters.CorrectionProposed(ctx, tx, made)
	})
	return made, err
}

// Corrections lists the proposals that wait, the oldest first, and the latest that were answered. Fault: Forbidden.
func (s *Service) Corrections(ctx context.Context, by authz.Actor) (waiting, answered []Correction, err error) {
	if !CanEdit(by) {
		return nil, nil, errMayNotEdit
	}
	if waiting, err = selectCorrections(ctx, s.db, s.now(), ` WHERE c.outcome IS NULL ORDER BY c.id`, nil); err != nil {
		return nil, nil, err
	}
	answered, err = selectCorrections(ctx, s.db, s.now(), ` WHERE c.outcome IS NOT NULL ORDER BY c.decided_at DESC, c.id DESC LIMIT 100`, nil)
	return waiting, answered, err
}

// CorrectionsWaiting counts the proposals without an answer. Fault: Forbidden.
func (s *Service) CorrectionsWaiting(ctx context.Context, by authz.Actor) (int, error) {
	if !CanEdit(by) {
		return 0, errMayNotEdit
	}
	return countWaitingCorrections(ctx, s.db)
}

// Correction reads one proposal. Faults: Forbidden, NotFound.
func (s *Service) Correction(ctx context.Context, by authz.Actor, which id.Correction) (Correction, error) {
	if !CanEdit(by) {
		return Correction{}, errMayNotEdit
	}
	return selectCorrection(ctx, s.db, s.now(), which)
}

// AcceptCorrection accepts a proposal. With apply, a detail of a contact post is changed at once. Faults: Forbidden,
// NotFound, Invalid (what it would say), Conflict (answered already).
func (s *Service) AcceptCorrection(ctx context.Context, by authz.Actor, which id.Correction, answer string, apply bool) error {
	return s.answer(ctx, by, which, actionCorrectionTaken, func(tx pgx.Tx, c Correction) error {
		if apply && c.OfPost() {
			if err := applyCorrection(ctx, tx, c); err != nil {
				return err
			}
		}
		return updateCorrection(ctx, tx, by, which, CorrectionAccepted, answer, apply && c.OfPost())
	})
}

// DeclineCorrection declines a proposal with a reason. Faults: Forbidden, NotFound, Invalid, Conflict (answered already).
func (s *Service) DeclineCorrection(ctx context.Context, by authz.Actor, which id.Correction, reason string) error {
	if reason == "" {
		return fault.Field("answer", "Enter why you decline it")
	}
	return s.answer(ctx, by, which, actionCorrectionLeft, func(tx pgx.Tx, _ Correction) error {
		return updateCorrection(ctx, tx, by, which, CorrectionDeclined, reason, false)
	})
}

func (s *Service) answer(ctx context.Context, by authz.Actor, which id.Correction, action string, do func(pgx.Tx, Correction) error) error {
	if !CanEdit(by) {
		return errMayNotEdit
	}
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		c, err := lockCorrection(ctx, tx, at, which)
		if err != nil {
			return err
		}
		switch {
		case c.Outcome != CorrectionWaits:
			return errAnswered
		case c.ProposedBy == by.Account:
			return errOwnCorrection
		}
		if err := do(tx, c); err != nil {
			return err
		}
		if err := recordCorrection(ctx, tx, by, at, action, which); err != nil {
			return err
		}
		return s.letters.CorrectionAnswered(ctx, tx, which)
	})
}

func recordCorrection(ctx context.Context, tx pgx.Tx, by authz.Actor, at time.Time, action string, which id.Correction) error {
	return audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: action, SubjectKind: subjectCorrection, SubjectID: int64(which)})
}
