// Package pg opens the pools, each bound to one database role, and turns what PostgreSQL reports into what the
// portal says: faults for broken constraints, "unavailable" for a database that can't answer at the moment.
package pg

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// DB is what a service needs of the database. A pool satisfies it, and so does a transaction: then Begin is a
// savepoint.
type DB interface {
	Begin(ctx context.Context) (pgx.Tx, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

var (
	_ DB = (*pgxpool.Pool)(nil)
	_ DB = (pgx.Tx)(nil)
)

const (
	// A caller that gets no connection in this time is told that the database is unavailable.
	defaultAcquireTimeout   = 2 * time.Second
	defaultMaxConns         = 8
	defaultStatementTimeout = 15 * time.Second
	connectTimeout          = 5 * time.Second
	idleTransactionTimeout  = 30 * time.Second
)

// Config says how a pool connects. Zero values stand for sensible defaults; an empty Role is the owner of the
// schema, whom only migrations and tests need.
type Config struct {
	URL              string
	Role             string
	MaxConns         int32
	StatementTimeout time.Duration
	AcquireTimeout   time.Duration // how long a caller waits for a free connection
	AppName          string
}

// Open makes a pool whose every connection acts as the role, in UTC and with bounded waits. It does not connect
// yet: a database that is down at the start is a 503 later, not a portal that refuses to start.
func Open(ctx context.Context, c Config) (*pgxpool.Pool, error) {
	conf, err := pgxpool.ParseConfig(c.URL)
	if err != nil {
		// The text of a parse error repeats the address, and with it the password.
		return nil, fmt.Errorf("the database address can't be read")
	}
	params := conf.ConnConfig.RuntimeParams
	params["TimeZone"] = "UTC"
	params["statement_timeout"] = milliseconds(cmp.Or(c.StatementTimeout, defaultStatementTimeout))
	params["idle_in_transaction_session_timeout"] = milliseconds(idleTransactionTimeout)
	if c.Role != "" {
		params["role"] = c.Role
	}
	if c.AppName != "" {
		params["application_name"] = c.AppName
	}
	if conf.ConnConfig.ConnectTimeout == 0 {
		conf.ConnConfig.ConnectTimeout = connectTimeout
	}
	conf.MaxConns = cmp.Or(c.MaxConns, defaultMaxConns)
	conf.MaxConnIdleTime = 10 * time.Minute
	conf.MaxConnLifetime = time.Hour
	conf.MaxConnLifetimeJitter = 5 * time.Minute
	conf.ConnConfig.Tracer = acquireLimit{cmp.Or(c.AcquireTimeout, defaultAcquireTimeout)}
	return pgxpool.NewWithConfig(ctx, conf)
}

func milliseconds(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }
