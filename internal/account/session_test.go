package account_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"errors"
	"github.com/jackc/pgx/v5/pgconn"

	"partnershipportal/internal/account"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg/pgtest"
)

// hashed is as long as a token that scs has hashed.
func hashed() string { return strings.Repeat("x", 43-12) + membershiptest.Unique() }

func TestSessionStore(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := pgtest.Tx(t)
	s := account.NewSessionStore(db)
	soon := time.Now().Add(time.Hour)
	alive := func(token string) bool {
		t.Helper()
		_, found, err := s.FindCtx(ctx, token)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	commit := func(token string, expiry time.Time) {
		t.Helper()
		if err := s.CommitCtx(ctx, token, []byte("data"), expiry); err != nil {
			t.Fatal(err)
		}
	}
	token := hashed()
	if alive(token) {
		t.Error("an unknown session is found")
	}
	commit(token, soon)
	if !alive(token) {
		t.Error("a new session is not found")
	}
	if err := s.DeleteCtx(ctx, token); err != nil {
		t.Fatal(err)
	}
	commit(token, soon)
	if alive(token) {
		t.Error("saving brought an ended session back")
	}
	if err := s.DeleteCtx(ctx, token); err != nil {
		t.Errorf("ending it twice: %v", err)
	}
	expired := hashed()
	commit(expired, time.Now().Add(-time.Second))
	commit(expired, soon)
	if alive(expired) {
		t.Error("saving brought an expired session back")
	}
	long := hashed()
	commit(long, time.Now().Add(100*time.Hour))
	var life time.Duration
	if err := db.QueryRow(ctx, `SELECT expires_at - started_at FROM session WHERE token = $1`, long).Scan(&life); err != nil || life > account.SessionLifetime {
		t.Errorf("a session may last %s, %v", life, err)
	}
	if err := account.New(db, account.NoLetters{}, account.Links{}, time.Now).Sweep(ctx); err != nil {
		t.Error(err)
	}
	if !alive(long) {
		t.Error("sweeping took a live session")
	}
}

// The last guards of the database, past the store.
func TestSessionGuards(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ sql, constraint string }{
		"no token in clear":        {`INSERT INTO session (token, data, expires_at) VALUES ('short', '', now())`, "session_token_is_hash"},
		"no longer than 12 hours":  {`INSERT INTO session (token, data, expires_at) VALUES (repeat('y', 43), '', clock_timestamp() + interval '13 hours')`, "session_absolute_life"},
		"an ended one stays ended": {`UPDATE session SET ended_at = NULL`, "session_stays_ended"},
		"nothing is deleted":       {`DELETE FROM session`, ""},
		"a used link stays used":   {`UPDATE one_time_link SET used_at = NULL`, "one_time_link_once"},
		"links last a week":        {`INSERT INTO one_time_link (account_id, purpose, nonce, token_hash, expires_at) SELECT min(id), 'reset', decode(repeat('00', 32), 'hex'), decode(repeat('01', 32), 'hex'), clock_timestamp() + interval '9 days' FROM account`, "one_time_link_life"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := context.Background()
			db := pgtest.Tx(t)
			who := membershiptest.Person(t, db)
			for _, sql := range []string{
				`INSERT INTO session (token, data, expires_at) VALUES (repeat('x', 43), '', clock_timestamp())`,
				`UPDATE session SET ended_at = clock_timestamp()`,
			} {
				if _, err := db.Exec(ctx, sql); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := db.Exec(ctx, `
				INSERT INTO one_time_link (account_id, purpose, nonce, token_hash, expires_at, used_at)
				VALUES ($1, 'reset', decode(repeat('00', 32), 'hex'), decode(repeat('02', 32), 'hex'), clock_timestamp(), clock_timestamp())`, who); err != nil {
				t.Fatal(err)
			}
			_, err := db.Exec(ctx, c.sql)
			broken, ok := errors.AsType[*pgconn.PgError](err)
			if !ok || broken.ConstraintName != c.constraint {
				t.Errorf("%v, want %q", err, c.constraint)
			}
		})
	}
}
