package membershiptest

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/pg"
)

// RecordedOn makes all that was recorded within the last hour look as if it had been recorded at noon of an earlier
// day. The database stamps by its own clock, so what was known when can be tested in no other way.
func RecordedOn(t testing.TB, db pg.DB, on day.Date) {
	t.Helper()
	ctx := context.Background()
	rows, _ := db.Query(ctx, `
		SELECT c.relname::text AS table, a.attname::text AS column FROM pg_trigger t JOIN pg_class k ON k.oid = t.tgrelid
		JOIN pg_class c ON c.relname IN (k.relname, k.relname || '_past') AND c.relnamespace = k.relnamespace
		JOIN pg_attribute a ON a.attrelid = c.oid AND a.atttypid = 'timestamptz'::regtype AND NOT a.attisdropped
		WHERE t.tgfoid = 'remember'::regproc`)
	type stamp struct{ Table, Column string }
	stamps, err := pgx.CollectRows(rows, pgx.RowToStructByName[stamp])
	if err != nil || len(stamps) == 0 {
		t.Fatalf("find what the database stamps: %d columns, %v", len(stamps), err)
	}
	err = pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		var role string
		if err := tx.QueryRow(ctx, `SELECT current_setting('role')`).Scan(&role); err != nil {
			return err
		}
		for _, sql := range []string{`SET LOCAL ROLE NONE`, `SET LOCAL session_replication_role = replica`} {
			if _, err := tx.Exec(ctx, sql); err != nil {
				return err
			}
		}
		for _, s := range stamps {
			column := pgx.Identifier{s.Column}.Sanitize()
			if _, err := tx.Exec(ctx, `UPDATE `+pgx.Identifier{s.Table}.Sanitize()+` SET `+column+` = $1
				WHERE `+column+` BETWEEN clock_timestamp() - interval '1 hour' AND clock_timestamp() + interval '1 hour'`,
				on.Starts().Add(12*3600e9)); err != nil {
				return err
			}
		}
		for _, sql := range []string{`SET LOCAL session_replication_role = origin`, `SET LOCAL ROLE ` + pgx.Identifier{role}.Sanitize()} {
			if _, err := tx.Exec(ctx, sql); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatalf("make it look recorded on %s: %v", on, err)
	}
}
