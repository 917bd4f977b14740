package pg_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"partnershipportal/internal/fault"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
)

func TestOpen(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	db := pgtest.Database(t)

	t.Run("sets what a session needs", func(t *testing.T) {
		t.Parallel()
		pool, err := pg.Open(ctx, pg.Config{URL: db.URL, Role: pg.RolePublic, AppName: "portal public", StatementTimeout: 1500 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		defer pool.Close()
		for setting, want := range map[string]string{
			"role": pg.RolePublic, "statement_timeout": "1500ms", "TimeZone": "UTC", "application_name": "portal public",
			"idle_in_transaction_session_timeout": "30s",
		} {
			var got string
			if err := pool.QueryRow(ctx, `SELECT current_setting($1)`, setting).Scan(&got); err != nil || got != want {
				t.Errorf("%s is %q, %v; want %q", setting, got, err, want)
			}
		}
	})
	t.Run("ends a statement that takes too long, as unavailable", func(t *testing.T) {
		t.Parallel()
		pool, err := pg.Open(ctx, pg.Config{URL: db.URL, StatementTimeout: 50 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		defer pool.Close()
		if _, err := pool.Exec(ctx, `SELECT pg_sleep(30)`); !pg.Unavailable(err) {
			t.Errorf("got %v; want unavailable", err)
		}
	})
	t.Run("says no word of a password in an address that can't be read", func(t *testing.T) {
		t.Parallel()
		_, err := pg.Open(ctx, pg.Config{URL: "postgres://portal:secret@host:port/x"})
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("got %v; want an error without the password", err)
		}
	})
	t.Run("starts while the database is down, and is unavailable", func(t *testing.T) {
		t.Parallel()
		pool, err := pg.Open(ctx, pg.Config{URL: "postgres://portal@127.0.0.1:1/x?sslmode=disable"})
		if err != nil {
			t.Fatal(err)
		}
		defer pool.Close()
		if _, err := pool.Exec(ctx, `SELECT 1`); !pg.Unavailable(err) {
			t.Errorf("got %v; want unavailable", err)
		}
	})
	t.Run("a used up pool answers soon, as unavailable", func(t *testing.T) {
		t.Parallel()
		pool, err := pg.Open(ctx, pg.Config{URL: db.URL, MaxConns: 1, AcquireTimeout: 100 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		defer pool.Close()
		tx, err := pool.Begin(ctx)
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		_, err = pool.Begin(ctx)
		if took := time.Since(began); !pg.Unavailable(err) || took > 5*time.Second {
			t.Errorf("got %v after %s; want unavailable after about 100ms", err, took)
		}
		if err := tx.Rollback(ctx); err != nil {
			t.Errorf("the connection that was held is spoilt: %v", err)
		}
		if _, err := pool.Exec(ctx, `SELECT 1`); err != nil {
			t.Errorf("after the connection was given back: %v", err)
		}
	})
	t.Run("a connection that the server ends is unavailable, and the next one serves", func(t *testing.T) {
		t.Parallel()
		pool, err := pg.Open(ctx, pg.Config{URL: db.URL})
		if err != nil {
			t.Fatal(err)
		}
		defer pool.Close()
		if _, err := pool.Exec(ctx, `SELECT pg_terminate_backend(pg_backend_pid())`); !pg.Unavailable(err) {
			t.Errorf("got %v; want unavailable", err)
		}
		if _, err := pool.Exec(ctx, `SELECT 1`); err != nil {
			t.Error(err)
		}
	})
}

func TestUnavailable(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err  error
		want bool
	}{
		"nothing":                        {nil, false},
		"no rows":                        {pgx.ErrNoRows, false},
		"a broken constraint":            {&pgconn.PgError{Code: "23505"}, false},
		"a fault":                        {fault.New(fault.NotFound, "There is no such thing."), false},
		"permission denied":              {&pgconn.PgError{Code: "42501"}, false},
		"the reader went away":           {context.Canceled, false},
		"too many connections":           {&pgconn.PgError{Code: "53300"}, true},
		"the disk is full":               {&pgconn.PgError{Code: "53100"}, true},
		"shutting down":                  {&pgconn.PgError{Code: "57P01"}, true},
		"starting up":                    {&pgconn.PgError{Code: "57P03"}, true},
		"connection failure":             {&pgconn.PgError{Code: "08006"}, true},
		"a standby answered":             {&pgconn.PgError{Code: "25006"}, true},
		"a deadline, wrapped in a fault": {fault.New(fault.NotFound, "No.").Because(context.DeadlineExceeded), true},
		"a network time-out":             {&net.OpError{Op: "read", Err: errors.New("i/o timeout")}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := pg.Unavailable(c.err); got != c.want {
				t.Errorf("Unavailable(%v) = %t; want %t", c.err, got, c.want)
			}
		})
	}
}

func TestTranslate(t *testing.T) {
	t.Parallel()
	once := fault.New(fault.Conflict, "This database is in use already.")
	table := map[string]*fault.Error{"installation_pkey": once}
	db := pgtest.Tx(t)
	insert := func() error {
		_, err := db.Exec(t.Context(), `INSERT INTO installation (is_demonstration) VALUES (false)`)
		return err
	}
	if err := pg.Translate(insert(), table); err != nil {
		t.Fatalf("no error became %v", err)
	}
	broken := insert()
	err := pg.Translate(broken, table)
	if !errors.Is(err, fault.Conflict) || fault.Message(err) != once.Message || !errors.Is(err, broken) {
		t.Errorf("got %v; want the conflict, caused by %v", err, broken)
	}
	if err := pg.Translate(broken, nil); err != broken {
		t.Errorf("an unmapped constraint became %v", err)
	}
	if err := pg.Translate(pgx.ErrNoRows, table); err != pgx.ErrNoRows {
		t.Errorf("another error became %v", err)
	}
}

func TestEnsureRolesTogether(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	var all sync.WaitGroup
	for range 2 { // roles belong to the cluster, so portals of two databases meet too
		db := pgtest.Database(t, pgtest.Empty())
		for range 3 {
			all.Go(func() {
				conn, err := pgx.Connect(ctx, db.URL)
				if err == nil {
					err = errors.Join(pg.EnsureRoles(ctx, conn), conn.Close(ctx))
				}
				if err != nil {
					t.Error(err)
				}
			})
		}
	}
	all.Wait()
}

func TestSchemaGuard(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	for name, c := range map[string]struct {
		setup string
		want  *pg.TooOld
	}{
		"no table of versions":    {`SELECT 1`, &pg.TooOld{Want: 20}},
		"no version":              {`CREATE TABLE schema_migrations (version bigint, dirty boolean)`, &pg.TooOld{Want: 20}},
		"an older one":            {`CREATE TABLE schema_migrations AS SELECT 10::bigint AS version, false AS dirty`, &pg.TooOld{Have: 10, Want: 20}},
		"the same, left half-way": {`CREATE TABLE schema_migrations AS SELECT 20::bigint AS version, true AS dirty`, &pg.TooOld{Have: 20, Want: 20, Dirty: true}},
		"the same":                {`CREATE TABLE schema_migrations AS SELECT 20::bigint AS version, false AS dirty`, nil},
		"a newer one":             {`CREATE TABLE schema_migrations AS SELECT 30::bigint AS version, false AS dirty`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := pgtest.Database(t, pgtest.Empty()).Owner
			if _, err := db.Exec(ctx, c.setup); err != nil {
				t.Fatal(err)
			}
			err := pg.SchemaGuard(ctx, db, 20)
			if c.want == nil {
				if err != nil {
					t.Errorf("got %v; want none", err)
				}
				return
			}
			if got, ok := errors.AsType[*pg.TooOld](err); !ok || *got != *c.want {
				t.Errorf("got %v; want %v", err, c.want)
			}
		})
	}
}
