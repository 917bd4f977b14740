package pgtest

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"partnershipportal/internal/pg"
)

// Public gives a handle that reads what Tx has written, in the role of the public pages. Each statement runs in a
// savepoint that is always rolled back.
func Public(t testing.TB, tx pg.DB) pg.DB {
	t.Helper()
	return publicDB{tx}
}

type publicDB struct{ db pg.DB }

// Begin opens a savepoint as the public role. Its Commit rolls it back: the public writes nothing.
func (p publicDB) Begin(ctx context.Context) (pgx.Tx, error) {
	tx, err := p.db.Begin(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := tx.Exec(ctx, `SET LOCAL ROLE `+pg.RolePublic); err != nil {
		tx.Rollback(ctx)
		return nil, err
	}
	return publicTx{tx}, nil
}

func (p publicDB) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	tx, err := p.Begin(ctx)
	if err != nil {
		return pgconn.CommandTag{}, err
	}
	defer tx.Rollback(ctx)
	return tx.Exec(ctx, sql, args...)
}

func (p publicDB) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	tx, err := p.Begin(ctx)
	if err != nil {
		return failedRows{err: err}, err
	}
	rows, err := tx.Query(ctx, sql, args...)
	if err != nil {
		rows.Close()
		tx.Rollback(ctx)
		return rows, err
	}
	return &publicRows{Rows: rows, done: func() { tx.Rollback(ctx) }}, nil
}

func (p publicDB) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	rows, err := p.Query(ctx, sql, args...)
	return publicRow{rows, err}
}

type publicTx struct{ pgx.Tx }

func (t publicTx) Commit(ctx context.Context) error { return t.Rollback(ctx) }

// publicRows rolls its savepoint back once it has been read or closed.
type publicRows struct {
	pgx.Rows
	done func()
}

func (r *publicRows) Next() bool {
	if r.Rows.Next() {
		return true
	}
	r.Close()
	return false
}

func (r *publicRows) Close() {
	r.Rows.Close()
	if r.done != nil {
		r.done()
		r.done = nil
	}
}

type publicRow struct {
	rows pgx.Rows
	err  error
}

func (r publicRow) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	defer r.rows.Close()
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return err
		}
		return pgx.ErrNoRows
	}
	if err := r.rows.Scan(dest...); err != nil {
		return err
	}
	r.rows.Close()
	return r.rows.Err()
}

// failedRows stands for rows of a query that could not begin, as callers may leave the error to the collector. What
// collectors don't call of a failed query is missing.
type failedRows struct {
	pgx.Rows
	err error
}

func (r failedRows) Close()            {}
func (r failedRows) Err() error        { return r.err }
func (r failedRows) Next() bool        { return false }
func (r failedRows) Scan(...any) error { return r.err }
