package server_test

import (
	"context"
	"sync/atomic"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/pg"
)

// countingDB counts the queries that go through it.
type countingDB struct {
	pg.DB
	count atomic.Int64
}

func (c *countingDB) queries() int64 { return c.count.Load() }

func (c *countingDB) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	c.count.Add(1)
	return c.DB.Query(ctx, sql, args...)
}

func (c *countingDB) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	c.count.Add(1)
	return c.DB.QueryRow(ctx, sql, args...)
}
