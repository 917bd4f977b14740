package pg_test

import (
	"context"
	"testing"
	"time"

	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
)

type heard chan string

func (h heard) Connected()    { h <- "connected" }
func (h heard) Changed()      { h <- "changed" }
func (h heard) Disconnected() { h <- "disconnected" }

func (h heard) want(t *testing.T, words ...string) {
	t.Helper()
	for _, want := range words {
		select {
		case got := <-h:
			if got != want {
				t.Fatalf("heard %q, want %q", got, want)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("heard nothing, want %q", want)
		}
	}
}

func TestListen(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t)
	h := make(heard, 100)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		pg.Listen(ctx, pg.ListenConfig{URL: db.URL, Role: pg.RolePublic, Channel: "published_changed", Beat: 20 * time.Millisecond}, h, func(error) {})
	}()
	tell := func() {
		t.Helper()
		if _, err := db.App.Exec(ctx, `SELECT pg_notify('published_changed', '')`); err != nil {
			t.Fatal(err)
		}
	}
	h.want(t, "connected")
	tell()
	h.want(t, "changed")
	for range 5 { // through several beats
		select {
		case got := <-h:
			t.Fatalf("heard %q in silence", got)
		case <-time.After(30 * time.Millisecond):
		}
	}
	tell()
	h.want(t, "changed")

	if _, err := db.Owner.Exec(ctx, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'portal listen' AND datname = current_database()`); err != nil {
		t.Fatal(err)
	}
	h.want(t, "disconnected", "connected")
	tell()
	h.want(t, "changed")
	cancel()
	h.want(t, "disconnected")
	<-done
}
