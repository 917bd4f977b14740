package pgtest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/pg/embedded"
	"partnershipportal/migrations"
)

const (
	keeperEnv = "PORTAL_PGTEST_KEEPER" // the folder; set in the process that keeps the server
	// grace is how long the server outlives the last test, so that the next package need not start another.
	grace     = 8 * time.Second
	lookEvery = 100 * time.Millisecond
)

// The server has to outlive the test binary that starts it, so a second process keeps it: this same binary, told by
// its environment to be the keeper. There is no other moment at which every test binary could turn into one.
func init() {
	dir := os.Getenv(keeperEnv)
	if dir == "" {
		return
	}
	if err := keep(context.Background(), dir, grace); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// keep runs the server until nobody has had a share of it for a while, then removes all of it.
func keep(ctx context.Context, dir string, grace time.Duration) error {
	sweep(filepath.Dir(dir), dir)
	srv, err := start(ctx, filepath.Join(dir, "postgres"))
	if err != nil {
		return err
	}
	if err := fill(ctx, srv); err != nil {
		return errors.Join(err, srv.Stop(), os.RemoveAll(filepath.Join(dir, "postgres")))
	}
	if err := announce(dir, srv.URL(namePlaceholder)); err != nil {
		return errors.Join(err, srv.Stop())
	}
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for used := time.Now(); ; {
		select {
		case <-srv.Done():
			return errors.Join(errors.New("the test server ended by itself"), srv.Stop())
		case <-look.C:
		}
		if !free(filepath.Join(dir, "share")) {
			used = time.Now()
		}
		if time.Since(used) < grace {
			continue
		}
		if left, err := leave(dir, srv); left || err != nil {
			return err
		}
	}
}

// start starts the server afresh; what a killed keeper left is cleared first.
func start(ctx context.Context, dir string) (*embedded.Server, error) {
	o := embedded.Options{Dir: dir, ForTests: true, MaxConnections: 300}
	if _, err := os.Stat(filepath.Join(dir, "data", "postmaster.pid")); err == nil {
		old, err := embedded.Start(ctx, o)
		if err != nil {
			return nil, err
		}
		if err := old.Stop(); err != nil {
			return nil, err
		}
	}
	if err := os.RemoveAll(dir); err != nil {
		return nil, err
	}
	return embedded.Start(ctx, o)
}

// fill makes the migrated database that others are cloned from, and the one for rolled-back transactions.
func fill(ctx context.Context, srv *embedded.Server) error {
	if err := srv.EnsureDatabase(ctx, templateDatabase); err != nil {
		return err
	}
	if err := migrations.Up(ctx, srv.URL(templateDatabase)); err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, srv.URL("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	for _, statement := range []string{
		// A database with a connection can't be cloned.
		`ALTER DATABASE ` + templateDatabase + ` ALLOW_CONNECTIONS false`,
		`CREATE DATABASE ` + txDatabase + ` TEMPLATE ` + templateDatabase,
	} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return fmt.Errorf("make the databases of the tests: %w", err)
		}
	}
	return nil
}

// announce says that the server is ready, and where: whole or not at all.
func announce(dir, pattern string) error {
	fresh := filepath.Join(dir, "url.new")
	if err := os.WriteFile(fresh, []byte(pattern), 0o600); err != nil {
		return err
	}
	return os.Rename(fresh, filepath.Join(dir, "url"))
}

// leave stops the server and removes its folder, unless somebody is just joining.
func leave(dir string, srv *embedded.Server) (bool, error) {
	gate, ok := tryLock(filepath.Join(dir, "gate"))
	if !ok {
		return false, nil
	}
	defer gate.Close()
	if !free(filepath.Join(dir, "share")) {
		return false, nil
	}
	return true, errors.Join(srv.Stop(), os.RemoveAll(dir))
}

// tryLock locks a file, if nobody holds it.
func tryLock(path string) (*os.File, bool) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, false
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, false
	}
	return f, true
}

// free tells whether nobody holds a file's lock; a missing file is held by nobody.
func free(path string) bool {
	f, ok := tryLock(path)
	if ok {
		f.Close()
		return true
	}
	_, err := os.Stat(path)
	return errors.Is(err, fs.ErrNotExist)
}

// sweep removes folders of earlier migrations whose keepers were killed.
func sweep(parent, mine string) {
	all, _ := filepath.Glob(filepath.Join(parent, folderPrefix()+"*")) // the pattern is ours, and well formed
	for _, dir := range all {
		if dir == mine {
			continue
		}
		gate, ok := tryLock(filepath.Join(dir, "gate"))
		if !ok {
			continue
		}
		if free(filepath.Join(dir, "share")) && free(filepath.Join(dir, "postgres", "lock")) {
			os.RemoveAll(dir) // best effort; the next run tries again
		}
		gate.Close()
	}
}
