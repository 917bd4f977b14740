// Package migrations keeps the schema of the database and brings a database to it, or back.
//
// Each migration is a pair of files, YYYYMMDDHHMM_name.up.sql and .down.sql, and one transaction whose last statement
// clears the dirty mark. A raised version of River's own tables needs a migration of ours beside it, even an empty
// one, so that the schema guard of older databases notices.
package migrations

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/golang-migrate/migrate/v4"
	"github.com/golang-migrate/migrate/v4/source/iofs"
	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/pg"
)

//go:embed *.sql
var embedded embed.FS

// FS holds the migration files.
func FS() fs.FS { return embedded }

// Latest is the version of the newest migration in the program.
func Latest() uint { return newest(embedded) }

// Up brings the database to the newest schema, River's tables included, and creates the database roles first. Any
// number of portals may call it at once: one works, the others wait and find nothing to do. A migration that was
// killed half-way is taken back and done again.
func Up(ctx context.Context, url string) error { return up(ctx, url, embedded) }

// Down takes back so many migrations, or all of them if steps is 0. With the last one River's tables go too.
func Down(ctx context.Context, url string, steps int) error { return down(ctx, url, steps, embedded) }

// Version says at which migration the database is: 0 before the first. A dirty one was stopped half-way.
func Version(ctx context.Context, url string) (version uint, dirty bool, err error) {
	conn, err := connect(ctx, url)
	if err != nil {
		return 0, false, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var exists bool
	if err := conn.QueryRow(ctx, `SELECT to_regclass('public.schema_migrations') IS NOT NULL`).Scan(&exists); err != nil {
		return 0, false, fmt.Errorf("look for the schema's version: %w", err)
	}
	if !exists {
		return 0, false, nil
	}
	d := driver{ctx: ctx, conn: conn}
	v, dirty, err := d.Version()
	return uint(max(v, 0)), dirty, err
}

func newest(files fs.FS) uint {
	src, err := iofs.New(files, ".")
	if err != nil {
		return 0
	}
	var last uint
	for v, err := src.First(); err == nil; v, err = src.Next(v) {
		last = v
	}
	return last
}

func up(ctx context.Context, url string, files fs.FS) error {
	return locked(ctx, url, func(conn *pgx.Conn) error {
		if err := pg.EnsureRoles(ctx, conn); err != nil {
			return err
		}
		m, err := prepare(ctx, conn, files)
		if err != nil {
			return err
		}
		have, _, _ := m.Version()
		ahead := have > newest(files) // a newer program was here: nothing to do
		if err := m.Up(); err != nil && !errors.Is(err, migrate.ErrNoChange) && !ahead {
			return fmt.Errorf("migrate up: %w", err)
		}
		return riverUp(ctx, conn)
	})
}

func down(ctx context.Context, url string, steps int, files fs.FS) error {
	if steps < 0 {
		return fmt.Errorf("migrate down: %d steps", steps)
	}
	return locked(ctx, url, func(conn *pgx.Conn) error {
		m, err := prepare(ctx, conn, files)
		if err != nil {
			return err
		}
		if have, _, err := m.Version(); err == nil && have > newest(files) {
			return fmt.Errorf("migrate down: the database is at %d, which only a newer program knows", have)
		}
		if steps == 0 {
			err = m.Down()
		} else {
			err = m.Steps(-steps)
		}
		var short migrate.ErrShortLimit
		if err != nil && !errors.Is(err, migrate.ErrNoChange) && !errors.As(err, &short) && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("migrate down: %w", err)
		}
		if v, _, err := (&driver{ctx: ctx, conn: conn}).Version(); err != nil || v > 0 {
			return err
		}
		return riverDown(ctx, conn)
	})
}

// prepare makes the migrator for a locked connection and heals what an earlier one left.
func prepare(ctx context.Context, conn *pgx.Conn, files fs.FS) (*migrate.Migrate, error) {
	src, err := iofs.New(files, ".")
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	d := &driver{ctx: ctx, conn: conn}
	if err := d.ensureTable(); err != nil {
		return nil, err
	}
	if err := d.heal(); err != nil {
		return nil, err
	}
	return migrate.NewWithInstance("migrations", src, "postgres", d)
}

const (
	// migrationLock is an arbitrary number that all portals agree on.
	migrationLock = 8_318_221_906
	// lockTimeout bounds how long a migration may wait for a table in use, with everybody else queueing behind it.
	lockTimeout = 10 * time.Second
)

// locked runs f on one connection that holds the migration lock. All work is done on that same connection, so that
// the lock lasts as long as the last statement, even when the portal is killed in the middle of it.
func locked(ctx context.Context, url string, f func(*pgx.Conn) error) error {
	conn, err := connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, int64(migrationLock)); err != nil {
		return fmt.Errorf("wait for the migration lock: %w", err)
	}
	if _, err := conn.Exec(ctx, fmt.Sprintf(`SET lock_timeout = %d`, lockTimeout.Milliseconds())); err != nil {
		return fmt.Errorf("bound the waits of migrations: %w", err)
	}
	return f(conn)
}

func connect(ctx context.Context, url string) (*pgx.Conn, error) {
	conf, err := pgx.ParseConfig(url)
	if err != nil {
		// The text of a parse error repeats the address, and with it the password.
		return nil, errors.New("the database address can't be read")
	}
	conf.RuntimeParams["application_name"] = "portal migrate"
	conf.RuntimeParams["TimeZone"] = "UTC"
	conf.RuntimeParams["search_path"] = "public"
	conf.RuntimeParams["client_min_messages"] = "warning"
	conn, err := pgx.ConnectConfig(ctx, conf)
	if err != nil {
		return nil, fmt.Errorf("connect to migrate: %w", err)
	}
	return conn, nil
}
