package pg

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// TooOld says that the database's schema is older than the program, or that a migration was left half-way.
type TooOld struct {
	Have, Want uint
	Dirty      bool
}

func (e *TooOld) Error() string {
	switch {
	case e.Have == 0:
		return fmt.Sprintf("the database has no schema yet; run: portal migrate up (to %d)", e.Want)
	case e.Dirty:
		return fmt.Sprintf("a migration of the database stopped half-way at %d; run: portal migrate up (to %d)", e.Have, e.Want)
	default:
		return fmt.Sprintf("the database's schema is at %d, this program needs %d; run: portal migrate up", e.Have, e.Want)
	}
}

const undefinedTable = "42P01"

// SchemaGuard returns a *TooOld unless the database's schema is at least at the wanted version and whole. A newer
// schema is fine: old programs run on new schemas while replicas are replaced.
func SchemaGuard(ctx context.Context, db DB, want uint) error {
	var have int64
	var dirty bool
	err := db.QueryRow(ctx, `SELECT version, dirty FROM public.schema_migrations`).Scan(&have, &dirty)
	if pgErr, ok := errors.AsType[*pgconn.PgError](err); errors.Is(err, pgx.ErrNoRows) || (ok && pgErr.Code == undefinedTable) {
		return &TooOld{Want: want}
	}
	if err != nil {
		return fmt.Errorf("read the schema's version: %w", err)
	}
	if dirty || have < int64(want) {
		return &TooOld{Have: uint(max(have, 0)), Want: want, Dirty: dirty}
	}
	return nil
}
