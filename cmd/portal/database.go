package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/embedded"
	"partnershipportal/migrations"
)

const (
	embeddedDatabase       = "portal"
	embeddedFolder         = "postgres"
	publicStatementTimeout = 5 * time.Second
	appConnections         = 12
	publicConnections      = 12
	riverConnections       = 4
	publishedChanged       = "published_changed" // the channel of the migration of that name
)

// database is the portal's PostgreSQL: an external one, or the embedded one that it runs itself.
type database struct {
	url     string
	readURL string
	server  *embedded.Server // nil if external
	beside  bool             // the embedded server of a portal that runs already
}

// reachDatabase starts the embedded server unless there is an external one.
func reachDatabase(ctx context.Context, c config, log *slog.Logger) (*database, error) {
	if c.DatabaseURL != "" {
		d := &database{url: string(c.DatabaseURL), readURL: string(c.ReadURL)}
		if d.readURL == "" {
			d.readURL = d.url
		}
		return d, nil
	}
	srv, err := embedded.Start(ctx, embedded.Options{Dir: filepath.Join(c.DataDir, embeddedFolder), Log: log})
	if err != nil {
		return nil, fmt.Errorf("start the embedded database: %w", err)
	}
	if err := srv.EnsureDatabase(ctx, embeddedDatabase); err != nil {
		return nil, errors.Join(fmt.Errorf("make the embedded database: %w", err), srv.Stop())
	}
	url := srv.URL(embeddedDatabase)
	return &database{url: url, readURL: url, server: srv}, nil
}

// stop ends the embedded server, if it runs.
func (d *database) stop() error {
	if d.server == nil {
		return nil
	}
	return d.server.Stop()
}

// ended is closed when the embedded server ends by itself. It never is for an external one.
func (d *database) ended() <-chan struct{} {
	if d.server == nil {
		return nil
	}
	return d.server.Done()
}

// pools are the connections of the portal, each bound to one database role.
type pools struct {
	app    *pgxpool.Pool
	public *pgxpool.Pool
	river  *pgxpool.Pool
}

func (d *database) open(ctx context.Context) (*pools, error) {
	app, err := pg.Open(ctx, pg.Config{URL: d.url, Role: pg.RoleApp, MaxConns: appConnections, AppName: "portal"})
	if err != nil {
		return nil, err
	}
	public, err := pg.Open(ctx, pg.Config{URL: d.readURL, Role: pg.RolePublic, MaxConns: publicConnections,
		StatementTimeout: publicStatementTimeout, AppName: "portal public"})
	if err != nil {
		app.Close()
		return nil, err
	}
	river, err := pg.Open(ctx, pg.Config{URL: d.url, Role: pg.RoleRiver, MaxConns: riverConnections, AppName: "portal jobs"})
	if err != nil {
		public.Close()
		app.Close()
		return nil, err
	}
	return &pools{app: app, public: public, river: river}, nil
}

func (p *pools) close() {
	p.river.Close()
	p.public.Close()
	p.app.Close()
}

// ready brings the embedded database's schema up to date; an external one is only checked.
func (d *database) ready(ctx context.Context, db pg.DB) error {
	if d.server != nil || d.beside {
		if err := migrations.Up(ctx, d.url); err != nil {
			return err
		}
	}
	if err := pg.SchemaGuard(ctx, db, migrations.Latest()); err != nil {
		return err
	}
	return assertDurable(ctx, db)
}

// keepPages lets the pages that read from the database be kept in memory while the database tells of changes. Those
// read from a replica are not: it may lag behind what was told. The function that it returns ends the listening.
func (d *database) keepPages(ctx context.Context, w pg.Watcher, log *slog.Logger) (stop func()) {
	if d.readURL != d.url {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		pg.Listen(ctx, pg.ListenConfig{URL: d.url, Role: pg.RolePublic, Channel: publishedChanged}, w,
			func(err error) { log.Warn("public pages are not kept in memory for now", "cause", err.Error()) })
	}()
	return func() {
		cancel()
		<-done
	}
}

// assertDurable refuses a database that may forget what it has acknowledged.
func assertDurable(ctx context.Context, db pg.DB) error {
	var fsync, fullPages, synchronous string
	err := db.QueryRow(ctx, `SELECT current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit')`).
		Scan(&fsync, &fullPages, &synchronous)
	if err != nil {
		return fmt.Errorf("read the database's settings: %w", err)
	}
	var problems []error
	for _, s := range []struct {
		name, value string
		fine        bool
	}{
		{"fsync", fsync, fsync == "on"},
		{"full_page_writes", fullPages, fullPages == "on"},
		{"synchronous_commit", synchronous, synchronous == "on" || synchronous == "remote_apply" || synchronous == "remote_write"},
	} {
		if !s.fine {
			problems = append(problems, fmt.Errorf("the database has %s = %s and could lose what it acknowledged; set it to on", s.name, s.value))
		}
	}
	return errors.Join(problems...)
}

var (
	errHoldsDemonstration = errors.New("the database holds the demonstration; use: portal demo, or another database or PORTAL_DATA_DIR")
	errHoldsOther         = errors.New("the database is in use for something else than the demonstration; use another database or PORTAL_DATA_DIR")
)

// claimForUse marks the database as one for real use, or refuses it.
func claimForUse(ctx context.Context, db pg.DB) error {
	if _, err := db.Exec(ctx, `INSERT INTO installation (is_demonstration) VALUES (false) ON CONFLICT DO NOTHING`); err != nil {
		return fmt.Errorf("mark the installation: %w", err)
	}
	demonstration, err := holdsDemonstration(ctx, db)
	if err == nil && demonstration {
		return errHoldsDemonstration
	}
	return err
}

// claimForDemonstration makes an empty database hold the demonstration, in one transaction, or refuses it.
func claimForDemonstration(ctx context.Context, db pg.DB, load func(context.Context, pgx.Tx) error) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		var claimed, inUse bool
		err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM installation), EXISTS (SELECT FROM account) OR EXISTS (SELECT FROM organisation)`).Scan(&claimed, &inUse)
		if err != nil {
			return fmt.Errorf("look at what the database holds: %w", err)
		}
		if claimed {
			demonstration, err := holdsDemonstration(ctx, tx)
			if err == nil && !demonstration {
				return errHoldsOther
			}
			return err
		}
		if inUse {
			return errHoldsOther
		}
		if _, err := tx.Exec(ctx, `INSERT INTO installation (is_demonstration) VALUES (true)`); err != nil {
			return fmt.Errorf("mark the installation: %w", err)
		}
		return load(ctx, tx)
	})
}

func holdsDemonstration(ctx context.Context, db pg.DB) (bool, error) {
	var demonstration bool
	if err := db.QueryRow(ctx, `SELECT is_demonstration FROM installation`).Scan(&demonstration); err != nil {
		return false, fmt.Errorf("read the installation: %w", err)
	}
	return demonstration, nil
}
