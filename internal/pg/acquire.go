package pg

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// acquireLimit bounds the wait for a free connection. The pool has no setting for it, but it waits under the
// context that its tracer returns; the statement itself then runs under the caller's own context.
type acquireLimit struct{ timeout time.Duration }

type acquireCancel struct{}

var (
	_ pgxpool.AcquireTracer = acquireLimit{}
	_ pgx.QueryTracer       = acquireLimit{}
)

func (l acquireLimit) TraceAcquireStart(ctx context.Context, _ *pgxpool.Pool, _ pgxpool.TraceAcquireStartData) context.Context {
	ctx, cancel := context.WithTimeout(ctx, l.timeout)
	return context.WithValue(ctx, acquireCancel{}, cancel)
}

func (acquireLimit) TraceAcquireEnd(ctx context.Context, _ *pgxpool.Pool, _ pgxpool.TraceAcquireEndData) {
	if cancel, ok := ctx.Value(acquireCancel{}).(context.CancelFunc); ok {
		cancel()
	}
}

// TraceQueryStart and TraceQueryEnd do nothing: a tracer of acquires has to be one of queries too.
func (acquireLimit) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return ctx
}

// TraceQueryEnd does nothing.
func (acquireLimit) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}
