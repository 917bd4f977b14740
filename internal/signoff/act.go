package signoff

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
)

// IssueCommand asks for the statement that an officer is about to declare.
type IssueCommand struct {
	Round   id.Round
	Partner id.Partner // for which they act; zero where it is plain
	Kind    Kind
	Reason  string // why, when declining
	Digest  string // SHA-256 in hexadecimal of the text that was read
}

// Issue writes the statement and keeps it for ten minutes. Somebody who has already acted gets no new one.
// Faults: NotFound, Forbidden (no seat), Conflict (round over, body or person has acted, another text), Invalid (reason, partner).
func (s *Service) Issue(ctx context.Context, by authz.Actor, cmd IssueCommand) (st Statement, err error) {
	at := s.now()
	if reason := strings.TrimSpace(cmd.Reason); cmd.Kind == Decline && reason == "" {
		return Statement{}, fault.Field("reason", "Enter why you decline")
	}
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		r, err := selectRound(ctx, tx, by, cmd.Round)
		if err != nil {
			return err
		}
		seat, held, err := r.CanAct(by, cmd.Partner, day.Of(at))
		if err != nil {
			return err
		}
		if cmd.Digest != r.DigestHex() {
			return fault.New(fault.Conflict, "This is not the text that you read. Read it again before you act.")
		}
		actingFor, err := selectActingFor(ctx, tx, held.Appointment)
		if err != nil {
			return err
		}
		st, err = Statement{Round: r.ID, Seat: seat.ID, Partner: seat.Partner, Account: by.Account, Appointment: held.Appointment,
			Kind: cmd.Kind, Reason: strings.TrimSpace(cmd.Reason), Digest: r.Digest, OfficerName: by.Name, Office: held.Office,
			Capacity: held.Capacity, ActingFor: actingFor, Organisation: seat.OrganisationName}.write(r, seat, at, draw())
		if err != nil {
			return err
		}
		return insertStatement(ctx, tx, st)
	})
	return st, err
}

// ActCommand acts on an issued statement.
type ActCommand struct {
	Round     id.Round
	Statement string
	Password  string
}

// Done says what a press did.
type Done struct {
	Round   Round
	Seat    Seat
	Already bool // nothing new: this person had done it before, and here is the receipt again
}

// Act makes an issued statement final, after the password was proved again. The last seat to sign completes the round;
// the first to decline ends it.
// Faults: NotFound, Unauthenticated (password), Forbidden (authority gone), Conflict (round over, statement too old, somebody
// else of the body was first, acted otherwise before).
func (s *Service) Act(ctx context.Context, by authz.Actor, cmd ActCommand) (Done, error) {
	st, err := selectStatement(ctx, s.db, by, cmd.Round, cmd.Statement)
	if err != nil {
		return Done{}, err
	}
	if done, err := s.already(ctx, by, st); err != nil || done.Already {
		return done, err
	}
	if err := s.passwords.VerifyPassword(ctx, by, cmd.Password); err != nil {
		return Done{}, err
	}
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error { return s.act(ctx, tx, by, st, s.now()) })
	if errors.Is(err, fault.Conflict) {
		// The other window of the same officer may have been first: then this press did no harm.
		if done, again := s.already(ctx, by, st); again == nil && done.Already {
			return done, nil
		}
	}
	if err != nil {
		return Done{}, err
	}
	r, err := selectRound(ctx, s.db, by, st.Round)
	if err != nil {
		return Done{}, err
	}
	seat, _ := r.ActBy(by.Account)
	return Done{Round: r, Seat: seat}, nil
}

// already answers a repeated press: the receipt again if the same was done, a refusal if something else was.
func (s *Service) already(ctx context.Context, by authz.Actor, st Statement) (Done, error) {
	r, err := selectRound(ctx, s.db, by, st.Round)
	if errors.Is(err, fault.NotFound) {
		// They were shown the statement, so that there is such a round is no secret; what they lost is the authority.
		return Done{}, fault.New(fault.Forbidden, "Your appointment gives no authority for this today.")
	}
	if err != nil {
		return Done{}, err
	}
	seat, acted := r.ActBy(by.Account)
	if !acted {
		return Done{}, nil
	}
	if seat.Act.Kind != st.Kind {
		return Done{}, fault.New(fault.Conflict, "You have already "+past(seat.Act.Kind)+" on "+day.Clock(seat.Act.At)+". An act is final.")
	}
	return Done{Round: r, Seat: seat, Already: true}, nil
}

func (s *Service) act(ctx context.Context, tx pgx.Tx, by authz.Actor, st Statement, at time.Time) error {
	r, err := lockAndSelect(ctx, tx, by, st.Round)
	if errors.Is(err, fault.NotFound) {
		return fault.New(fault.Forbidden, "Your appointment gives no authority for this today.").Because(err)
	}
	if err != nil {
		return err
	}
	if _, _, err := r.CanAct(by, st.Partner, day.Of(at)); err != nil {
		return err
	}
	act, err := insertAct(ctx, tx, st, Password)
	if err != nil {
		return err
	}
	event := audit.Event{At: at, By: by, Action: "round." + past(st.Kind), SubjectKind: "round", SubjectID: int64(st.Round),
		Version: r.Paper.Version(), Partner: st.Partner}
	if err := audit.Record(ctx, tx, event); err != nil {
		return err
	}
	if err := s.letters.ActDone(ctx, tx, act); err != nil {
		return fmt.Errorf("write letters of act %d: %w", act, err)
	}
	return s.endIfDone(ctx, tx, by, st.Round, at)
}

// endIfDone computes the outcome over the seats, under the lock of the round, and ends it if there is one.
func (s *Service) endIfDone(ctx context.Context, tx pgx.Tx, by authz.Actor, round id.Round, at time.Time) error {
	r, err := selectRound(ctx, tx, authz.System(by.RequestID), round)
	if err != nil {
		return err
	}
	switch outcome := r.OutcomeNow(); outcome {
	case Complete:
		return s.end(ctx, tx, by, r, outcome, "", at)
	case Declined:
		return s.end(ctx, tx, by, r, outcome, "", at)
	}
	return nil
}

// end moves an open, locked round to its outcome, once.
func (s *Service) end(ctx context.Context, tx pgx.Tx, by authz.Actor, r Round, outcome Outcome, reason string, at time.Time) error {
	if err := updateRoundOutcome(ctx, tx, r.ID, outcome, reason, at); err != nil {
		return err
	}
	before, during, after := r.Paper.states()
	if outcome != Complete {
		after = before
	}
	action := map[Outcome]string{Complete: "round.completed", Declined: "round.ended", Recalled: "round.recalled"}[outcome]
	err := audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: action, SubjectKind: "round", SubjectID: int64(r.ID),
		Version: r.Paper.Version(), Before: during, After: after})
	if err != nil {
		return err
	}
	if err := s.letters.RoundEnded(ctx, tx, r.ID); err != nil {
		return fmt.Errorf("write letters of the end of round %d: %w", r.ID, err)
	}
	return nil
}
