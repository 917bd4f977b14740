package migrations

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// RiverSchema is the database schema of River's tables.
const RiverSchema = "river"

// riverGrants let the workers do all that River does, and the application add jobs inside its own transactions. The
// one update that adding a job needs is River's way of returning the job that stands in a unique one's place.
const riverGrants = `
	GRANT USAGE ON SCHEMA river TO portal_river, portal_app;
	GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA river TO portal_river;
	GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA river TO portal_river;
	GRANT SELECT, INSERT, UPDATE (kind) ON river.river_job TO portal_app;
	GRANT USAGE, SELECT ON SEQUENCE river.river_job_id_seq TO portal_app;
	GRANT USAGE ON TYPE river.river_job_state TO portal_app, portal_river`

func riverUp(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, `
		CREATE SCHEMA IF NOT EXISTS river;
		COMMENT ON SCHEMA river IS 'Jobs: letters to send and things to do later. Kept by River.'`)
	if err == nil {
		err = riverMigrate(ctx, conn, rivermigrate.DirectionUp)
	}
	if err == nil {
		_, err = conn.Exec(ctx, riverGrants)
	}
	if err != nil {
		return fmt.Errorf("bring River's tables up to date: %w", err)
	}
	return nil
}

func riverDown(ctx context.Context, conn *pgx.Conn) error {
	var exists bool
	err := conn.QueryRow(ctx, `SELECT to_regclass('river.river_migration') IS NOT NULL`).Scan(&exists)
	if err == nil && exists {
		err = riverMigrate(ctx, conn, rivermigrate.DirectionDown)
	}
	if err == nil {
		_, err = conn.Exec(ctx, `DROP SCHEMA IF EXISTS river`)
	}
	if err != nil {
		return fmt.Errorf("take River's tables back: %w", err)
	}
	return nil
}

// riverMigrate does one step a transaction: a later step uses a value that an earlier one adds to an enumeration,
// which PostgreSQL allows only once that is committed.
func riverMigrate(ctx context.Context, conn *pgx.Conn, direction rivermigrate.Direction) error {
	m, err := rivermigrate.New(riverpgxv5.New(nil), &rivermigrate.Config{Schema: RiverSchema, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	for more := true; more && err == nil; {
		err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
			//lint:ignore SA1019 its danger is several steps in one transaction; Migrate would leave the locked connection
			done, err := m.MigrateTx(ctx, tx, direction, &rivermigrate.MigrateOpts{MaxSteps: 1})
			more = err == nil && len(done.Versions) > 0
			return err
		})
	}
	return err
}
