package signoff

import (
	"context"
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

// File is evidence for a sign-off made elsewhere: PDF, PNG or JPEG, 10 MB at most.
type File struct {
	Name      string
	MediaType string
	Body      []byte
}

// RecordedAct is one partner's sign-off made elsewhere.
type RecordedAct struct {
	Partner     id.Partner
	Office      string
	OfficerName string // empty where it is not known
	SignedOn    day.Approx
	Source      string
	Evidence    *File
}

// EnterRecorded writes sign-offs made elsewhere into a recorded round that was opened in the same transaction. They
// count once another person has confirmed them.
// Faults: Invalid (a partner, office or day missing, a day in the future, no source and no file).
func (s *Service) EnterRecorded(ctx context.Context, tx pgx.Tx, by authz.Actor, at time.Time, round id.Round, acts []RecordedAct) error {
	r, err := selectRound(ctx, tx, by, round)
	if err != nil {
		return err
	}
	for _, seat := range r.Seats {
		act, ok := recordedFor(acts, seat.Partner)
		if !ok {
			return fault.New(fault.Invalid, "Enter the sign-off of "+seat.OrganisationName+".")
		}
		if err := act.check(seat, day.Of(at)); err != nil {
			return err
		}
		if err := insertRecordedAct(ctx, tx, by, r, seat, act); err != nil {
			return err
		}
	}
	err = audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: "recorded.entered", SubjectKind: "round", SubjectID: int64(round),
		Version: r.Paper.Version(), Before: "draft", After: "awaiting confirmation"})
	if err != nil {
		return err
	}
	if err := s.letters.RecordedEntered(ctx, tx, round); err != nil {
		return fmt.Errorf("write letters of recorded round %d: %w", round, err)
	}
	return nil
}

// check refuses an entry that says too little, or a day that has not come. Its fields end in the partner's identifier.
func (a RecordedAct) check(seat Seat, today day.Date) error {
	field := func(name, message string) error {
		return fault.Field(fmt.Sprintf("%s-%d", name, seat.Partner), message)
	}
	switch {
	case strings.TrimSpace(a.Office) == "":
		return field("office", "Enter the office that signed for "+seat.OrganisationName)
	case a.SignedOn.IsZero():
		return field("signed-on", "Enter when "+seat.OrganisationName+" signed")
	case day.Roughly(a.SignedOn.Date, a.SignedOn.Precision).Date.After(today):
		return field("signed-on", "The sign-off of "+seat.OrganisationName+" can't lie in the future")
	case strings.TrimSpace(a.Source) == "" && a.Evidence == nil:
		return field("source", "Enter where the sign-off of "+seat.OrganisationName+" can be read, or choose a file")
	}
	return nil
}

func recordedFor(acts []RecordedAct, partner id.Partner) (RecordedAct, bool) {
	for _, a := range acts {
		if a.Partner == partner {
			return a, true
		}
	}
	return RecordedAct{}, false
}

// ConfirmRecorded is the second person's word that the sign-offs were made as entered. It completes the round.
// Faults: NotFound, Forbidden (entered by the same person, or not theirs to confirm), Conflict (nothing to confirm).
func (s *Service) ConfirmRecorded(ctx context.Context, by authz.Actor, round id.Round) error {
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		r, err := lockAndSelect(ctx, tx, by, round)
		if err != nil {
			return err
		}
		if !by.Can(authz.ConfirmRecorded) {
			return fault.New(fault.Forbidden, "Only business support, or a lead officer of one of the partners, can confirm.")
		}
		if r.OpenedBy == by.Account {
			return fault.New(fault.Forbidden, "You entered these sign-offs. Another person must confirm them.")
		}
		if r.Outcome != Open || r.Origin != Recorded {
			return fault.New(fault.Conflict, "There is nothing to confirm any more.")
		}
		if !r.CanConfirmRecorded(by) {
			return fault.New(fault.Forbidden, "Only business support, or somebody who holds a seat in this round today, can confirm.")
		}
		if err := insertConfirmation(ctx, tx, by, round); err != nil {
			return err
		}
		err = audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: "recorded.confirmed", SubjectKind: "round", SubjectID: int64(round),
			Version: r.Paper.Version(), Before: "awaiting confirmation", After: "signed off"})
		if err != nil {
			return err
		}
		return s.end(ctx, tx, by, r, Complete, "", at)
	})
}
