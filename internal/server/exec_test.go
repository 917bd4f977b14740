package server_test

import (
	"context"
	"testing"

	"partnershipportal/internal/pg"
)

func exec(t testing.TB, db pg.DB, sql string, args ...any) {
	t.Helper()
	if _, err := db.Exec(context.Background(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}
