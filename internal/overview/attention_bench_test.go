package overview_test

import (
	"context"
	"testing"
	"time"

	"partnershipportal/internal/overview"
	"partnershipportal/internal/pg/pgtest"
)

// Five thousand agencies without a category or a reader: the page stays short and quick.
func BenchmarkAttentionOverFiveThousandAgencies(b *testing.B) {
	db := pgtest.Tx(b)
	ctx := context.Background()
	for _, sql := range []string{
		`INSERT INTO organisation (slug, kind) SELECT 'bench-' || n, 'other' FROM generate_series(1, 5000) n`,
		`INSERT INTO organisation_name (organisation_id, name) SELECT id, 'Body ' || slug FROM organisation WHERE slug LIKE 'bench-%'`,
		`INSERT INTO agency_membership (organisation_id, basis, starts_on) SELECT id, 'chosen', '2019-01-01' FROM organisation WHERE slug LIKE 'bench-%'`,
		`INSERT INTO post (organisation_id, title) SELECT id, 'Head' FROM organisation WHERE slug LIKE 'bench-%'`,
	} {
		if _, err := db.Exec(ctx, sql); err != nil {
			b.Fatal(err)
		}
	}
	a := overview.NewAttention(db, time.Now)
	b.Run("page", func(b *testing.B) {
		pgtest.Within(b, limit, func() error {
			sections, err := a.Everything(ctx, support)
			if len(sections) < 3 || len(sections[0].Matters) > 20 {
				b.Fatalf("%d sections, %v", len(sections), err)
			}
			return err
		})
	})
	b.Run("count", func(b *testing.B) {
		pgtest.Within(b, limit, func() error {
			n, err := a.Count(ctx, support)
			if n < 15000 {
				b.Fatalf("%d, %v", n, err)
			}
			return err
		})
	})
}
