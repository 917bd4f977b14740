package notify_test

import (
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/signoff"
)

// What the letters of one signature cost inside its transaction: a receipt and six to the others, with their jobs.
func BenchmarkActDone(b *testing.B) {
	s := newStory(b).open(day.Date{})
	s.rounds = signoff.New(s.db, arrangementtest.AnyPassword{}, signoff.NoLetters{}, time.Now)
	s.sign(s.officers[0])
	var act id.Act
	s.must(s.db.QueryRow(b.Context(), `SELECT id FROM act WHERE round_id = $1`, s.round).Scan(&act))
	undone := errors.New("undone")
	for b.Loop() {
		err := pgx.BeginFunc(b.Context(), s.db, func(tx pgx.Tx) error {
			if err := s.writer.ActDone(b.Context(), tx, act); err != nil {
				return err
			}
			return undone
		})
		if !errors.Is(err, undone) {
			b.Fatal(err)
		}
	}
}
