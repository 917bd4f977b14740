package migrations

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/golang-migrate/migrate/v4/database"
	"github.com/jackc/pgx/v5"
)

// driver lets golang-migrate work on a pgx connection of ours. Its own driver knows no context and forgets where a
// stopped migration came from; with came_from a stopped one can be taken back, whichever way it went.
type driver struct {
	ctx  context.Context
	conn *pgx.Conn
}

var _ database.Driver = (*driver)(nil)

// Open is not used: the driver is handed over ready.
func (d *driver) Open(string) (database.Driver, error) { return d, nil }

// Close leaves the connection to its owner.
func (d *driver) Close() error { return nil }

// Lock does nothing: the connection holds the migration lock already.
func (d *driver) Lock() error { return nil }

// Unlock does nothing, like Lock.
func (d *driver) Unlock() error { return nil }

// Drop refuses: there is no command that empties a database.
func (d *driver) Drop() error { return errors.New("dropping a database is not offered") }

func (d *driver) ensureTable() error {
	var exists bool
	err := d.conn.QueryRow(d.ctx, `SELECT to_regclass('public.schema_migrations') IS NOT NULL`).Scan(&exists)
	if err == nil && !exists {
		_, err = d.conn.Exec(d.ctx, `
			CREATE TABLE schema_migrations (
				version   bigint  NOT NULL CONSTRAINT schema_migrations_pkey PRIMARY KEY,
				dirty     boolean NOT NULL,
				came_from bigint
			);
			COMMENT ON TABLE schema_migrations IS 'The migration at which this database is.';
			COMMENT ON COLUMN schema_migrations.dirty IS 'A migration to this version began and has not ended.';
			COMMENT ON COLUMN schema_migrations.came_from IS 'The version before, to which a stopped migration is taken back; -1 for none.'`)
	}
	if err != nil {
		return fmt.Errorf("make the table of the schema's version: %w", err)
	}
	return nil
}

// Run does one migration. If it fails, its transaction is undone and the mark taken back, so that nothing has to be
// repaired by hand.
func (d *driver) Run(migration io.Reader) error {
	statements, err := io.ReadAll(migration)
	if err != nil {
		return err
	}
	_, err = d.conn.Exec(d.ctx, string(statements))
	if err == nil || d.conn.IsClosed() {
		return err
	}
	_, rollbackErr := d.conn.Exec(d.ctx, `ROLLBACK`)
	return errors.Join(err, rollbackErr, d.heal())
}

// SetVersion marks a migration as begun (dirty) or ended, and keeps where a begun one came from.
func (d *driver) SetVersion(version int, dirty bool) error {
	return pgx.BeginFunc(d.ctx, d.conn, func(tx pgx.Tx) error {
		before := database.NilVersion
		err := tx.QueryRow(d.ctx, `DELETE FROM schema_migrations RETURNING version`).Scan(&before)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		if version < 0 && !dirty {
			return nil
		}
		_, err = tx.Exec(d.ctx, `
			INSERT INTO schema_migrations (version, dirty, came_from)
			VALUES ($1, $2, CASE WHEN $2 THEN $3::bigint END)`, version, dirty, before)
		return err
	})
}

// Version reads the version, or -1 before the first migration.
func (d *driver) Version() (int, bool, error) {
	var version int
	var dirty bool
	err := d.conn.QueryRow(d.ctx, `SELECT version, dirty FROM schema_migrations`).Scan(&version, &dirty)
	if errors.Is(err, pgx.ErrNoRows) {
		return database.NilVersion, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("read the schema's version: %w", err)
	}
	return version, dirty, nil
}

// heal takes back the mark of a migration that was stopped. We hold the lock, so nobody is at work; and a migration
// clears the mark in its own transaction, so a mark that still stands means that nothing of it was applied.
func (d *driver) heal() error {
	var from int
	err := d.conn.QueryRow(d.ctx, `SELECT came_from FROM schema_migrations WHERE dirty`).Scan(&from)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err == nil {
		err = d.SetVersion(from, false)
	}
	if err != nil {
		return fmt.Errorf("take back a stopped migration: %w", err)
	}
	return nil
}
