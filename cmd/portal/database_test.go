package main

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/account/accounttest"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
)

func TestClaims(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	nothing := func(context.Context, pgx.Tx) error { return nil }
	wantErr := func(t *testing.T, got, want error) {
		t.Helper()
		if !errors.Is(got, want) {
			t.Errorf("error is %v, want %v", got, want)
		}
	}
	t.Run("a database in real use holds no demonstration", func(t *testing.T) {
		t.Parallel()
		db := pgtest.Tx(t)
		for range 2 {
			if err := claimForUse(ctx, db); err != nil {
				t.Fatal(err)
			}
		}
		wantErr(t, claimForDemonstration(ctx, db, nothing), errHoldsOther)
	})
	t.Run("a demonstration is loaded once, and is no place for real use", func(t *testing.T) {
		t.Parallel()
		db := pgtest.Tx(t)
		loads := 0
		for range 2 {
			err := claimForDemonstration(ctx, db, func(context.Context, pgx.Tx) error { loads++; return nil })
			if err != nil {
				t.Fatal(err)
			}
		}
		if loads != 1 {
			t.Errorf("loaded %d times", loads)
		}
		wantErr(t, claimForUse(ctx, db), errHoldsDemonstration)
	})
	t.Run("a demonstration that fails to load leaves nothing", func(t *testing.T) {
		t.Parallel()
		db, broken := pgtest.Tx(t), errors.New("broken")
		wantErr(t, claimForDemonstration(ctx, db, func(context.Context, pgx.Tx) error { return broken }), broken)
		if err := claimForDemonstration(ctx, db, nothing); err != nil {
			t.Error(err)
		}
	})
	t.Run("a database with accounts is in use already", func(t *testing.T) {
		t.Parallel()
		db := pgtest.Tx(t)
		accounttest.Account(t, db)
		wantErr(t, claimForDemonstration(ctx, db, nothing), errHoldsOther)
	})
}

// The databases of tests are set to forget, so that they are fast: that is what the portal refuses.
func TestForgetfulDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	err := assertDurable(context.Background(), pgtest.Tx(t))
	if err == nil || !strings.Contains(err.Error(), "fsync") || !strings.Contains(err.Error(), "full_page_writes") {
		t.Errorf("error is %v", err)
	}
}

func TestExternalDatabaseWithoutSchemaIsRefused(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t, pgtest.Empty())
	external := &database{url: db.URL, readURL: db.URL}
	_, ok := errors.AsType[*pg.TooOld](external.ready(context.Background(), db.Owner))
	if !ok {
		t.Error("a database without a schema is taken")
	}
}
