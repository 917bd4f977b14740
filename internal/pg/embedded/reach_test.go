package embedded_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/pg/embedded"
)

func TestReach(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "postgres")
	ctx := context.Background()
	if _, ok := embedded.Reach(ctx, dir, "postgres"); ok {
		t.Error("a folder without a server is reached")
	}
	srv, err := embedded.Start(ctx, embedded.Options{Dir: dir, ForTests: true})
	if err != nil {
		t.Fatal(err)
	}
	address, ok := embedded.Reach(ctx, dir, "postgres")
	if !ok {
		t.Fatal("a running server is not reached")
	}
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(ctx); err != nil {
		t.Error(err)
	}
	if err := srv.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, ok := embedded.Reach(ctx, dir, "postgres"); ok {
		t.Error("a stopped server is reached")
	}
}
