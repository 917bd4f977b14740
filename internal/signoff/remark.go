package signoff

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
)

// RemarkCommand puts a question or a requested change on an open round, which goes on.
type RemarkCommand struct {
	Round id.Round
	Kind  string // question | requested change
	Body  string
}

// PutRemark puts a question or a requested change on an open round, for the actor's partner.
// Faults: NotFound, Forbidden (no seat or office there), Conflict (round over), Invalid.
func (s *Service) PutRemark(ctx context.Context, by authz.Actor, cmd RemarkCommand) error {
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		r, err := selectRound(ctx, tx, by, cmd.Round)
		if err != nil {
			return err
		}
		seat, ok := r.RemarkSeat(by)
		if !ok {
			return fault.New(fault.Forbidden, "Only lead officers, delegates and their offices can put questions on a round.")
		}
		if r.Outcome != Open {
			return fault.New(fault.Conflict, "This round is no longer open.")
		}
		if cmd.Kind != "question" && cmd.Kind != "requested change" {
			return fault.Field("kind", "Choose whether this is a question or a requested change")
		}
		body := strings.TrimSpace(cmd.Body)
		if body == "" {
			return fault.Field("body", "Enter your question or the change that you ask for")
		}
		remark, err := insertRemark(ctx, tx, by, r.ID, seat.Partner, cmd.Kind, body)
		if err != nil {
			return err
		}
		err = audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: "remark.put", SubjectKind: "round", SubjectID: int64(r.ID),
			Version: r.Paper.Version(), Partner: seat.Partner})
		if err != nil {
			return err
		}
		if err := s.letters.RemarkPut(ctx, tx, remark); err != nil {
			return fmt.Errorf("write letters of remark %d: %w", remark, err)
		}
		return nil
	})
}

// RemarkSeat is the seat for which the actor may put questions: their own, or that of the lead officer whose office
// they are.
func (r Round) RemarkSeat(by authz.Actor) (Seat, bool) {
	if !by.Can(authz.AskOnRound) {
		return Seat{}, false
	}
	if seats := r.SeatsOf(by); len(seats) > 0 {
		return seats[0], true
	}
	for _, organisation := range by.Organisations(authz.Office) {
		for _, s := range r.Seats {
			if s.Organisation == organisation {
				return s, true
			}
		}
	}
	return Seat{}, false
}

// AnswerRemark answers a question or a requested change, once.
// Faults: NotFound, Forbidden, Conflict (answered before), Invalid.
func (s *Service) AnswerRemark(ctx context.Context, by authz.Actor, round id.Round, remark int64, body string) error {
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		r, err := selectRound(ctx, tx, by, round)
		if err != nil {
			return err
		}
		if !by.Can(authz.AnswerOnRound) {
			return fault.New(fault.Forbidden, "Only business support answers questions on a round.")
		}
		var partner id.Partner
		for _, m := range r.Remarks {
			if m.ID == remark {
				partner = m.Partner
			}
		}
		if partner == 0 {
			return fault.New(fault.NotFound, "There is no such question.")
		}
		if strings.TrimSpace(body) == "" {
			return fault.Field(fmt.Sprintf("answer-%d", remark), "Enter an answer")
		}
		if err := insertAnswer(ctx, tx, by, remark, strings.TrimSpace(body)); err != nil {
			return err
		}
		err = audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: "remark.answered", SubjectKind: "round", SubjectID: int64(r.ID),
			Version: r.Paper.Version(), Partner: partner})
		if err != nil {
			return err
		}
		if err := s.letters.RemarkAnswered(ctx, tx, remark); err != nil {
			return fmt.Errorf("write letters of the answer to remark %d: %w", remark, err)
		}
		return nil
	})
}
