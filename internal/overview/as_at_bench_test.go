package overview_test

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/demo"
	"partnershipportal/internal/overview"
	"partnershipportal/internal/pg/pgtest"
)

// limit is what a page may take on the server.
const limit = 50 * time.Millisecond

// A day among twenty years of changes to 5,000 agencies, as its page reads it.
func BenchmarkADayOfFiveThousandAgencies(b *testing.B) {
	db := pgtest.Database(b)
	today := day.Of(time.Now())
	err := pgx.BeginFunc(b.Context(), db.App, func(tx pgx.Tx) error {
		return demo.LoadBulk(b.Context(), tx, demo.Bulk{Agencies: 5000, Years: 20, Today: today})
	})
	if err == nil {
		_, err = db.Owner.Exec(b.Context(), `ANALYZE`)
	}
	if err != nil {
		b.Fatal(err)
	}
	p := overview.NewPublic(db.Public)
	read := func(m overview.Moment, after string) func() error {
		return func() error {
			if _, err := p.InForce(b.Context(), m); err != nil {
				return err
			}
			if _, err := p.Partners(b.Context(), m); err != nil {
				return err
			}
			if _, err := p.CountAgencies(b.Context(), m); err != nil {
				return err
			}
			list, err := p.Agencies(b.Context(), m, after, 101)
			if len(list) == 0 {
				b.Fatal("the day has no agencies")
			}
			return err
		}
	}
	for name, m := range map[string]overview.Moment{"today": {On: today}, "ten years ago": {On: today.Add(-3650)}, "ten years ago as known today": {On: today.Add(-3650), Known: today}} {
		b.Run(name, func(b *testing.B) { pgtest.Within(b, limit, read(m, "")) })
		b.Run(name+" after a key", func(b *testing.B) { pgtest.Within(b, limit, read(m, "mill")) })
	}
}
