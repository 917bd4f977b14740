package funding_test

import (
	"context"
	"testing"
	"time"

	"partnershipportal/internal/day"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/pg/pgtest"
)

// manyContributions makes 5,000 bodies with three names each, 500 of them taken over by others, and in each of 20 years
// the contributions of 300.
const manyContributions = `
	INSERT INTO organisation (slug, kind) SELECT 'many-' || n, 'other' FROM generate_series(1, 5000) n;
	INSERT INTO organisation_name (organisation_id, name, starts_on, ends_on)
	SELECT id, 'Body ' || id || ' ' || k, CASE WHEN k > 0 THEN date '2010-01-01' + 1500 * k END, CASE WHEN k < 2 THEN date '2010-01-01' + 1500 * (k + 1) - 1 END
	FROM organisation, generate_series(0, 2) k WHERE slug LIKE 'many-%';
	INSERT INTO organisation_succession (predecessor_id, successor_id, takes_over_on)
	SELECT a.id, b.id, '2020-04-01' FROM generate_series(1, 500) n JOIN organisation a ON a.slug = 'many-' || n JOIN organisation b ON b.slug = 'many-' || n + 2500;
	INSERT INTO contribution (financial_year, organisation_id, form, pence, purpose, agreed_on, agreed_precision, source)
	SELECT 2007 + y, o.id, 'cash', 100000 + n, 'General', date '2007-03-01' + 365 * y, 'day', 'Minutes'
	FROM generate_series(0, 19) y, generate_series(1, 300) n JOIN organisation o ON o.slug = 'many-' || n;
	ANALYZE organisation; ANALYZE organisation_name; ANALYZE organisation_succession; ANALYZE contribution;`

func BenchmarkAgreedOn(b *testing.B) {
	ctx, db := context.Background(), pgtest.Database(b)
	if _, err := db.Owner.Exec(ctx, manyContributions); err != nil {
		b.Fatal(err)
	}
	public := funding.NewPublic(db.Public)
	for name, known := range map[string]time.Time{"as known now": {}, "as known then": time.Now()} {
		b.Run(name, func(b *testing.B) {
			pgtest.Within(b, 50*time.Millisecond, func() error {
				y, err := public.AgreedOn(ctx, day.Must("2021-09-17"), known)
				if len(y.Payers) != 300 {
					b.Fatalf("%d payers (%v)", len(y.Payers), err)
				}
				return err
			})
		})
	}
	b.Run("all of a year", func(b *testing.B) {
		pgtest.Within(b, 250*time.Millisecond, func() error {
			x, err := public.Picture(ctx, 2021, today)
			if len(x.Payers) != 300 {
				b.Fatalf("%d payers (%v)", len(x.Payers), err)
			}
			return err
		})
	})
	b.Run("the list of years", func(b *testing.B) {
		for b.Loop() {
			if all, err := public.Totals(ctx, today); err != nil || len(all) != 20 {
				b.Fatalf("%d years (%v)", len(all), err)
			}
		}
	})
}
