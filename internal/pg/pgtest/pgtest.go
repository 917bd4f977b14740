// Package pgtest gives tests a real PostgreSQL: a transaction that is rolled back, or a database of their own.
//
// The packages of a `go test` run share one server. The first one starts it; it ends by itself soon after the last
// one has left, and nothing of it stays behind.
package pgtest

import (
	"context"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"partnershipportal/internal/pg"
)

// shared is the server that this test binary uses, and a pool for its transactions.
type shared struct {
	endpoint
	admin *pgxpool.Pool // owner, on the database postgres
	tx    *pgxpool.Pool // role app, on the database of the rolled-back transactions
}

// patience is how long a test waits for a connection while others keep the machine busy.
const patience = 15 * time.Second

var theShared = sync.OnceValues(func() (*shared, error) {
	at, err := join()
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	s := &shared{endpoint: at}
	if s.admin, err = pg.Open(ctx, pg.Config{URL: s.url("postgres"), MaxConns: 4, StatementTimeout: time.Minute, AcquireTimeout: patience}); err != nil {
		return nil, err
	}
	s.tx, err = pg.Open(ctx, pg.Config{URL: s.url(txDatabase), Role: pg.RoleApp, MaxConns: 32, AcquireTimeout: patience, AppName: "pgtest"})
	return s, err
})

func server(t testing.TB) *shared {
	t.Helper()
	s, err := theShared()
	if err != nil {
		t.Fatalf("PostgreSQL for the tests: %v", err)
	}
	return s
}

// Tx gives a transaction on a migrated, empty database, in the role of the application, rolled back when the test
// ends. Deferred constraints are not checked in it unless asked (SET CONSTRAINTS ALL IMMEDIATE), and now() stands
// still. SET LOCAL ROLE NONE makes it the owner's.
func Tx(t testing.TB) pg.DB {
	t.Helper()
	s := server(t)
	tx, err := s.tx.Begin(context.Background())
	if err != nil {
		t.Fatalf("begin the test's transaction: %v", err)
	}
	t.Cleanup(func() {
		if err := tx.Rollback(context.Background()); err != nil {
			t.Errorf("roll back the test's transaction: %v", err)
		}
	})
	return tx
}

// DB is a database that one test has to itself, with a pool for each role.
type DB struct {
	URL    string
	App    *pgxpool.Pool
	Public *pgxpool.Pool
	River  *pgxpool.Pool
	Owner  *pgxpool.Pool
}

// Option changes what Database gives.
type Option func(*options)

type options struct {
	maxConns int32
	acquire  time.Duration
	template string
}

// PoolSize sets how many connections each pool has: two show up a service that asks for a second one while it holds
// the first.
func PoolSize(n int32) Option { return func(o *options) { o.maxConns = n } }

// AcquireTimeout sets how long a caller waits for a free connection. It is longer than in a portal if not set, for
// busy machines.
func AcquireTimeout(d time.Duration) Option { return func(o *options) { o.acquire = d } }

// Empty gives a database without any schema, for tests of the migrations.
func Empty() Option { return func(o *options) { o.template = "template0" } }

var databases atomic.Int64

// Database gives a migrated database of the test's own, dropped when the test ends.
func Database(t testing.TB, opts ...Option) *DB {
	t.Helper()
	s := server(t)
	o := options{maxConns: 10, acquire: patience, template: templateDatabase}
	for _, opt := range opts {
		opt(&o)
	}
	ctx := context.Background()
	name := fmt.Sprintf("test_%d_%d", os.Getpid(), databases.Add(1))
	ident := pgx.Identifier{name}.Sanitize()
	if _, err := s.admin.Exec(ctx, `CREATE DATABASE `+ident+` TEMPLATE `+o.template); err != nil {
		t.Fatalf("create the test's database: %v", err)
	}
	t.Cleanup(func() {
		if _, err := s.admin.Exec(ctx, `DROP DATABASE `+ident+` WITH (FORCE)`); err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
	})
	open := func(role string) *pgxpool.Pool {
		pool, err := pg.Open(ctx, pg.Config{URL: s.url(name), Role: role, MaxConns: o.maxConns, AcquireTimeout: o.acquire, AppName: "test"})
		if err != nil {
			t.Fatalf("open the test's database as %q: %v", role, err)
		}
		t.Cleanup(func() { closeSoon(t, pool) })
		return pool
	}
	return &DB{
		URL: s.url(name), App: open(pg.RoleApp), Public: open(pg.RolePublic), River: open(pg.RoleRiver), Owner: open(""),
	}
}

// closeSoon closes a pool, but does not wait for ever for a connection that the test forgot to give back.
func closeSoon(t testing.TB, pool *pgxpool.Pool) {
	closed := make(chan struct{})
	go func() { pool.Close(); close(closed) }()
	select {
	case <-closed:
	case <-time.After(5 * time.Second):
		t.Errorf("the test kept a database connection")
	}
}
