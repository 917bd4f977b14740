package pgtest_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
)

func TestTx(t *testing.T) {
	t.Parallel()
	ctx := context.Background()

	t.Run("acts as the application", func(t *testing.T) {
		t.Parallel()
		var role string
		if err := pgtest.Tx(t).QueryRow(ctx, `SELECT current_user`).Scan(&role); err != nil || role != "portal_app" {
			t.Errorf("role %q, %v; want portal_app", role, err)
		}
	})
	t.Run("leaves nothing behind", func(t *testing.T) {
		for range 2 {
			t.Run("once", func(t *testing.T) {
				db := pgtest.Tx(t)
				if _, err := db.Exec(ctx, `INSERT INTO installation (is_demonstration) VALUES (true)`); err != nil {
					t.Error(err)
				}
			})
		}
	})
	t.Run("begins savepoints", func(t *testing.T) {
		t.Parallel()
		db := pgtest.Tx(t)
		err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, `SELECT 1/0`)
			return err
		})
		if err == nil {
			t.Error("want an error")
		}
		if _, err := db.Exec(ctx, `SELECT 1`); err != nil {
			t.Errorf("the outer transaction is broken: %v", err)
		}
	})
}

func TestDatabase(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := pgtest.Database(t, pgtest.PoolSize(2))
	for want, pool := range map[string]pg.DB{"portal_app": db.App, "portal_public": db.Public, "portal_river": db.River, "portal": db.Owner} {
		var role, zone string
		if err := pool.QueryRow(ctx, `SELECT current_user, current_setting('TimeZone')`).Scan(&role, &zone); err != nil || role != want || zone != "UTC" {
			t.Errorf("role %q, time zone %q, %v; want %s, UTC", role, zone, err, want)
		}
	}
}

func TestPublic(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	tx := pgtest.Tx(t)
	public := pgtest.Public(t, tx)
	for range 2 {
		rows, _ := public.Query(ctx, `SELECT current_user::text AS role FROM generate_series(1, 2)`)
		if roles, err := pgx.CollectRows(rows, pgx.RowTo[string]); err != nil || len(roles) != 2 || roles[0] != "portal_public" {
			t.Errorf("roles %v, %v; want portal_public twice", roles, err)
		}
		var n int
		err := public.QueryRow(ctx, `SELECT count(*) FROM public.installation`).Scan(&n)
		if pgErr, ok := errors.AsType[*pgconn.PgError](err); !ok || pgErr.Code != "42501" {
			t.Errorf("reading a table: %v; want permission denied", err)
		}
		rows, _ = public.Query(ctx, `SELECT nonsense`)
		if _, err := pgx.CollectRows(rows, pgx.RowTo[string]); err == nil {
			t.Error("want an error")
		}
		if err := pgx.BeginFunc(ctx, public, func(tx pgx.Tx) error {
			return tx.QueryRow(ctx, `SELECT 1`).Scan(&n)
		}); err != nil {
			t.Error(err)
		}
	}
	var role string
	if err := tx.QueryRow(ctx, `SELECT current_user`).Scan(&role); err != nil || role != "portal_app" {
		t.Errorf("afterwards the role is %q, %v; want portal_app", role, err)
	}
}

// one stands for a test that ends when the benchmark says so.
type one struct {
	testing.TB
	cleanups []func()
}

func (o *one) Cleanup(f func()) { o.cleanups = append(o.cleanups, f) }

func (o *one) end() {
	for _, f := range slices.Backward(o.cleanups) {
		f()
	}
}

// A test's transaction should cost under a millisecond.
func BenchmarkTx(b *testing.B) {
	for b.Loop() {
		t := &one{TB: b}
		pgtest.Tx(t)
		t.end()
	}
}

// A test's database should cost about 100 ms at most.
func BenchmarkDatabase(b *testing.B) {
	for b.Loop() {
		t := &one{TB: b}
		if err := pgtest.Database(t).App.Ping(b.Context()); err != nil {
			b.Fatal(err)
		}
		t.end()
	}
}
