package pg

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Watcher is told what a listening connection hears.
type Watcher interface {
	Connected()    // from now on every change is heard
	Changed()      // something has changed
	Disconnected() // changes may be missed until it connects again
}

// ListenConfig says where to listen.
type ListenConfig struct {
	URL     string
	Role    string
	Channel string
	Beat    time.Duration // silence after which the connection is tried; 3 seconds if zero
}

const (
	defaultBeat     = 3 * time.Second
	beatLimit       = 2 * time.Second
	firstListenWait = 100 * time.Millisecond
	longListenWait  = 5 * time.Second
)

// Listen tells the watcher of every notification on the channel until the context ends, and connects again whenever
// the connection is lost. A connection that has gone silently dead is noticed by the beat. report gets what went wrong.
func Listen(ctx context.Context, c ListenConfig, w Watcher, report func(error)) {
	if c.Beat == 0 {
		c.Beat = defaultBeat
	}
	wait := firstListenWait
	for ctx.Err() == nil {
		connected, err := listenOnce(ctx, c, w)
		if ctx.Err() != nil {
			return
		}
		report(err)
		if connected {
			wait = firstListenWait
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
		wait = min(2*wait, longListenWait)
	}
}

func listenOnce(ctx context.Context, c ListenConfig, w Watcher) (connected bool, err error) {
	conf, err := pgx.ParseConfig(c.URL)
	if err != nil {
		return false, errors.New("the database address can't be read")
	}
	conf.RuntimeParams["application_name"] = "portal listen"
	if c.Role != "" {
		conf.RuntimeParams["role"] = c.Role
	}
	dialling, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	conn, err := pgx.ConnectConfig(dialling, conf)
	if err != nil {
		return false, fmt.Errorf("connect to listen: %w", err)
	}
	defer func() {
		w.Disconnected()
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), beatLimit)
		defer cancel()
		_ = conn.Close(closing) // it may be dead already
	}()
	if _, err := conn.Exec(dialling, "LISTEN "+pgx.Identifier{c.Channel}.Sanitize()); err != nil {
		return false, fmt.Errorf("listen: %w", err)
	}
	w.Connected()
	return true, hear(ctx, conn, c.Beat, w)
}

func hear(ctx context.Context, conn *pgx.Conn, beat time.Duration, w Watcher) error {
	for {
		waiting, cancel := context.WithTimeout(ctx, beat)
		_, err := conn.WaitForNotification(waiting)
		cancel()
		switch {
		case err == nil:
			w.Changed()
		case ctx.Err() != nil:
			return ctx.Err()
		case pgconn.Timeout(err):
			trying, cancel := context.WithTimeout(ctx, beatLimit)
			err := conn.Ping(trying)
			cancel()
			if err != nil {
				return fmt.Errorf("the listening connection is dead: %w", err)
			}
		default:
			return fmt.Errorf("listen: %w", err)
		}
	}
}
