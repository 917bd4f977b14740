package pg

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/puddle/v2"

	"partnershipportal/internal/fault"
)

// Translate turns a broken constraint into the fault that the table names for it, the original error as its cause.
// Any other error comes back unchanged.
func Translate(err error, table map[string]*fault.Error) error {
	pgErr, ok := errors.AsType[*pgconn.PgError](err)
	if !ok || pgErr.ConstraintName == "" {
		return err
	}
	if f, ok := table[pgErr.ConstraintName]; ok {
		return f.Because(err)
	}
	return err
}

// Unavailable tells whether the database could not answer at the moment, so that asking again later makes sense. It
// must never be mistaken for "no such thing".
func Unavailable(err error) bool {
	if err == nil || errors.Is(err, context.Canceled) {
		return false
	}
	if pgErr, ok := errors.AsType[*pgconn.PgError](err); ok {
		return unavailableState(pgErr.Code)
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	for _, sign := range []error{
		context.DeadlineExceeded, // waiting for a connection, or for the answer
		puddle.ErrClosedPool, puddle.ErrNotAvailable,
		syscall.ECONNREFUSED, syscall.ECONNRESET, syscall.EPIPE,
		io.ErrUnexpectedEOF, net.ErrClosed,
	} {
		if errors.Is(err, sign) {
			return true
		}
	}
	return pgconn.SafeToRetry(err) || strings.Contains(err.Error(), "conn closed")
}

func unavailableState(code string) bool {
	switch code {
	case "57P01", "57P02", "57P03", // shutting down, crashed, starting up
		"57P05", // the session idled too long
		"57014", // the statement timeout
		"55P03", // the lock timeout
		"25006": // a standby answered, as after a failover
		return true
	}
	// 08: connection exceptions; 53: out of connections, memory or disk.
	return strings.HasPrefix(code, "08") || strings.HasPrefix(code, "53")
}
