package signoff

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// Round returns a round with its seats, acts and remarks, if the actor may see it: seats and offices of the partners in
// it, business support and the scrutineer.
// Faults: NotFound.
func (s *Service) Round(ctx context.Context, by authz.Actor, round id.Round) (Round, error) {
	return selectRound(ctx, s.db, by, round)
}

// Statement returns a statement that was issued to the actor in a round.
// Faults: NotFound.
func (s *Service) Statement(ctx context.Context, by authz.Actor, round id.Round, statement string) (Statement, error) {
	return selectStatement(ctx, s.db, by, round, statement)
}

// Summary is a round in a list.
type Summary struct {
	ID         id.Round
	Paper      Paper
	Number     int
	Origin     Origin
	Outcome    Outcome
	SetAside   bool
	OpenedAt   time.Time
	DueOn      day.Date
	Seats      int
	Signed     int
	OpenedBy   id.Account
	Remarks    int // questions and requested changes without an answer
	Mine       int // seats that the actor could act for and that have not acted
	ActedByMe  bool
	ActedForUs bool // a seat of the actor's partner has acted
}

// Queue lists the rounds that the actor may see, open ones first, then the newest.
func (s *Service) Queue(ctx context.Context, by authz.Actor) ([]Summary, error) {
	return selectQueue(ctx, s.db, by)
}

// RoundsOf lists the rounds of a paper that the actor may see, the newest first.
func (s *Service) RoundsOf(ctx context.Context, by authz.Actor, paper PaperRef) ([]Summary, error) {
	all, err := selectQueue(ctx, s.db, by)
	if err != nil {
		return nil, err
	}
	var of []Summary
	for _, r := range all {
		if r.Paper.PaperRef == paper {
			of = append(of, r)
		}
	}
	return of, nil
}

// EvidenceFile returns the file that shows a sign-off made elsewhere, to whoever may see its round.
// Faults: NotFound.
func (s *Service) EvidenceFile(ctx context.Context, by authz.Actor, round id.Round, file int64) (File, error) {
	r, err := selectRound(ctx, s.db, by, round)
	if err != nil {
		return File{}, err
	}
	for _, seat := range r.Seats {
		if seat.Act != nil && seat.Act.EvidenceFile == file && file != 0 {
			return selectEvidence(ctx, s.db, file)
		}
	}
	return File{}, fault.New(fault.NotFound, "There is no such file.")
}

// SeatsOn lists the partners who would have seats if a round on the paper opened on a day, and who could act for them.
func (s *Service) SeatsOn(ctx context.Context, paper PaperRef, on day.Date) ([]Seat, error) {
	seats, err := selectSeatsToBe(ctx, s.db, paper, on)
	if err != nil {
		return nil, err
	}
	return seats, addHolders(ctx, s.db, seats)
}

func lockAndSelect(ctx context.Context, tx pgx.Tx, by authz.Actor, round id.Round) (Round, error) {
	if err := lockRound(ctx, tx, round); err != nil {
		return Round{}, err
	}
	return selectRound(ctx, tx, by, round)
}

// addHolders fills in who could act for each seat today, by the clock of the database as for the act itself.
func addHolders(ctx context.Context, q pg.DB, seats []Seat) error {
	partners := make([]int64, len(seats))
	for i, s := range seats {
		partners[i] = int64(s.Partner)
	}
	rows, _ := q.Query(ctx, `
		SELECT a.partner_id AS partner, a.account_id AS account, c.name, a.office, a.capacity, a.acting_for, a.papers,
		       least(a.ends_on, l.ends_on) AS until
		FROM appointment a JOIN account c ON c.id = a.account_id LEFT JOIN appointment l ON l.id = a.delegated_under
		WHERE a.partner_id = ANY (@partners) AND appointment_counts(a, london_day(clock_timestamp()))
		  AND c.suspended_at IS NULL
		ORDER BY a.capacity DESC, a.id`, pgx.StrictNamedArgs{"partners": partners})
	holders, err := pgx.CollectRows(rows, pgx.RowToStructByName[Holder])
	if err != nil {
		return fmt.Errorf("read holders of seats: %w", err)
	}
	for i := range seats {
		for _, h := range holders {
			if h.Partner == seats[i].Partner {
				seats[i].Holders = append(seats[i].Holders, h)
			}
		}
	}
	return nil
}

func noRows(err error, sentence string) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return fault.New(fault.NotFound, sentence).Because(err)
	}
	return err
}
