package signoff

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
)

// OpenCommand puts frozen bytes to the safeguarding partners.
type OpenCommand struct {
	Paper   PaperRef
	Content []byte
	Origin  Origin
	SeatsOn day.Date // recorded rounds: the day whose partners have the seats; else the database takes today
	DueOn   day.Date // advisory; none if zero
}

// OpenRound opens a round in the transaction of the capability whose paper it is. The database fixes the seats.
// Faults: Conflict (not a draft or no proposed year, a live round, text changed, a kind of partner missing), Invalid.
func (s *Service) OpenRound(ctx context.Context, tx pgx.Tx, by authz.Actor, at time.Time, cmd OpenCommand) (id.Round, error) {
	round, err := insertRound(ctx, tx, by, at, cmd)
	if err != nil {
		return 0, err
	}
	if cmd.Origin == Recorded {
		return round, nil
	}
	before, during, _ := cmd.Paper.states()
	err = audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: "round.opened", SubjectKind: "round", SubjectID: int64(round),
		Version: cmd.Paper.Version(), Before: before, After: during})
	if err != nil {
		return 0, err
	}
	if err := s.letters.RoundOpened(ctx, tx, round); err != nil {
		return 0, fmt.Errorf("write letters of round %d: %w", round, err)
	}
	return round, nil
}

func insertRound(ctx context.Context, tx pgx.Tx, by authz.Actor, at time.Time, cmd OpenCommand) (id.Round, error) {
	var round id.Round
	err := tx.QueryRow(ctx, `
		INSERT INTO round (paper_kind, paper_id, number, origin, content, seats_on, due_on, opened_by, opened_at)
		VALUES (@kind, @paper, (SELECT coalesce(max(number), 0) + 1 FROM round WHERE paper_kind = @kind AND paper_id = @paper),
		        @origin, @content, coalesce(@seats_on::date, london_day(@at::timestamptz)), @due_on, NULLIF(@by::bigint, 0), @at)
		RETURNING id`,
		pgx.StrictNamedArgs{"kind": string(cmd.Paper.Kind), "paper": cmd.Paper.ID, "origin": string(cmd.Origin), "content": cmd.Content, "seats_on": cmd.SeatsOn,
			"due_on": cmd.DueOn, "by": int64(by.Account), "at": at}).Scan(&round)
	if err != nil {
		return 0, fmt.Errorf("insert round of %s %d: %w", cmd.Paper.Kind, cmd.Paper.ID, translate(err))
	}
	return round, nil
}

// Lock takes the lock of a round for a capability that is about to decide on its paper: the round first, then the paper.
// Faults: NotFound.
func Lock(ctx context.Context, tx pgx.Tx, round id.Round) error { return lockRound(ctx, tx, round) }
