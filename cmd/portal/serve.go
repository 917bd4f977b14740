package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"time"

	"partnershipportal/internal/account"
	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/decision"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/group"
	"partnershipportal/internal/jobs"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/notify"
	"partnershipportal/internal/overview"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/server"
	"partnershipportal/internal/signoff"
	"partnershipportal/migrations"
)

// stopLimit is how long requests in flight may take to finish when the portal stops.
const stopLimit = 30 * time.Second

// serve runs the portal for real use.
func serve(ctx context.Context, c config, stdout io.Writer) error {
	return start(ctx, c, stdout, mode{prepare: func(ctx context.Context, _ config, p *pools) error { return claimForUse(ctx, p.app) }})
}

// mode is what differs between real use and the demonstration.
type mode struct {
	demonstration bool
	prepare       func(context.Context, config, *pools) error
	announce      func(stdout io.Writer) error
}

func newLog() *slog.Logger { return slog.New(slog.NewJSONHandler(os.Stderr, nil)) }

// start runs the portal until the context ends: database first, then the pages; they stop the other way round.
func start(ctx context.Context, c config, stdout io.Writer, m mode) (err error) {
	log := newLog()
	// Listening first means that a taken port is known before a database is started.
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", c.Addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", c.Addr, err)
	}
	defer func() { _ = listener.Close() }() // closed by the server already, unless the start fails
	if c.BaseURL == nil {
		c.BaseURL = baseURLOf(listener.Addr(), c.Addr)
	}
	db, err := reachDatabase(ctx, c, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.stop()) }()
	conns, err := db.open(ctx)
	if err != nil {
		return err
	}
	defer conns.close()
	if err := db.ready(ctx, conns.app); err != nil {
		return err
	}
	if err := m.prepare(ctx, c, conns); err != nil {
		return err
	}
	portal, err := assemble(c, conns, log, m)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(stdout, "The portal is at %s\nSign in at %s/sign-in\n", c.BaseURL, c.BaseURL); err != nil {
		return err
	}
	if m.announce != nil {
		if err := m.announce(stdout); err != nil {
			return err
		}
	}
	stopAdmin, err := serveAdmin(ctx, c.AdminAddr, portal.metrics.handler(portal.handler), log)
	if err != nil {
		return err
	}
	defer stopAdmin()
	stopListening := db.keepPages(ctx, portal.handler, log)
	defer stopListening()
	if err := portal.workers.Start(ctx); err != nil {
		return err
	}
	return answer(ctx, listener, portal, db.ended())
}

// portal is everything that runs besides the database.
type portal struct {
	handler      *server.Server
	accounts     *account.Service
	arrangements *arrangement.Service
	letters      *notify.Writer
	decisions    *decision.Service
	attention    *overview.Attention
	workers      *jobs.Workers
	metrics      *metrics
	log          *slog.Logger
}

// assemble builds the services and the pages over them.
func assemble(c config, p *pools, log *slog.Logger, m mode) (*portal, error) {
	key, err := loadKey(c.KeyFile)
	if err != nil {
		return nil, err
	}
	links, err := account.NewLinks(key)
	if err != nil {
		return nil, err
	}
	letters, err := newWriter(c.BaseURL)
	if err != nil {
		return nil, err
	}
	accounts := account.New(p.app, letters, links, time.Now)
	rounds := signoff.New(p.app, accounts, letters, time.Now)
	arrangements := arrangement.New(p.app, rounds, letters, time.Now)
	decisions := decision.New(p.app, time.Now).Telling(letters)
	contributions := funding.New(p.app, time.Now)
	counted := newMetrics(p)
	handler, err := server.New(server.Deps{
		Observe: counted.observe,
		Log:     log, Now: time.Now, BaseURL: c.BaseURL,
		Accounts:       accounts,
		Rounds:         rounds,
		Arrangements:   arrangements,
		Library:        arrangement.NewLibrary(p.public),
		Signed:         signoff.NewPublic(p.public),
		Sessions:       account.NewSessionStore(p.app),
		Settings:       membership.NewSettings(p.app, p.public, time.Now),
		Members:        membership.New(p.app, letters, time.Now).Importing(membership.RegisterContributions, contributions),
		Bodies:         membership.NewPublic(p.public),
		Attention:      overview.NewAttention(p.app, time.Now),
		Overview:       overview.NewPublic(p.public),
		Register:       decision.NewPublic(p.public),
		Decisions:      decisions,
		Funding:        contributions,
		Years:          funding.NewYears(p.app, rounds, time.Now),
		Contributions:  funding.NewPublic(p.public),
		Groups:         group.New(p.app, time.Now),
		PublicGroups:   group.NewPublic(p.public),
		Letters:        notify.NewArchive(p.app, c.SMTPURL != ""),
		Unavailable:    pg.Unavailable,
		Ready:          func(ctx context.Context) error { return pg.SchemaGuard(ctx, p.app, migrations.Latest()) },
		TrustedProxies: c.Proxies,
		Demonstration:  m.demonstration,
		LettersLeave:   c.SMTPURL != "",
	})
	if err != nil {
		return nil, err
	}
	made := &portal{log: log, metrics: counted, handler: handler, accounts: accounts, arrangements: arrangements,
		letters: letters, attention: overview.NewAttention(p.app, time.Now), decisions: decisions}
	made.workers, err = newWorkers(c, p, made)
	return made, err
}

var errDatabaseEnded = errors.New("the embedded database has ended")

// answer serves requests until the context ends or the embedded database does. Then the workers stop, and after them
// the requests in flight finish.
func answer(ctx context.Context, l net.Listener, p *portal, databaseEnded <-chan struct{}) error {
	srv := server.HTTP(p.handler, p.log)
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
	p.log.Info("portal started", "address", l.Addr().String())
	var cause error
	select {
	case err := <-failed:
		cause = fmt.Errorf("serve: %w", err)
	case <-databaseEnded:
		cause = errDatabaseEnded
	case <-ctx.Done():
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopLimit)
	defer cancel()
	cause = errors.Join(cause, p.workers.Stop(stopping))
	if err := srv.Shutdown(stopping); err != nil {
		cause = errors.Join(cause, fmt.Errorf("stop: %w", err), srv.Close())
	}
	p.log.Info("portal stopped")
	return cause
}

// baseURLOf is the address of the portal where nobody has set one: the host that was asked for, the port that was got.
func baseURLOf(got net.Addr, asked string) *url.URL {
	host, port, _ := net.SplitHostPort(asked) // checked with the settings
	if tcp, ok := got.(*net.TCPAddr); ok {
		port = fmt.Sprint(tcp.Port)
	}
	if host == "" {
		host = "localhost"
	}
	return &url.URL{Scheme: "http", Host: net.JoinHostPort(host, port)}
}
