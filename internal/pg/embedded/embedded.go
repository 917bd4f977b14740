// Package embedded runs a PostgreSQL server of the portal's own in a folder: for trying the portal out, for a small
// installation, and for the tests. It listens on a socket only this machine's user can reach, ends with the portal,
// and clears up after one that was killed.
package embedded

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Superuser is the database role that owns everything in the server.
const Superuser = "portal"

// Options says where and how to run the server.
type Options struct {
	// Dir is the folder that the server has to itself: its data, its log and the lock that keeps a second portal out.
	Dir string
	// ForTests trades safety of the data for speed. Never for data that matters.
	ForTests bool
	// MaxConnections is 100 if not set.
	MaxConnections int
	// Log hears of the start, the stop and of what was cleared up. Nothing is logged without it.
	Log *slog.Logger

	places *places // where tests look for programs
}

// Server is a running server.
type Server struct {
	dir, data, sockets string
	user               serverUser
	lock               *os.File
	log                *slog.Logger
	process            *process
}

const (
	readyTimeout = 30 * time.Second
	stopTimeout  = 20 * time.Second
	lockTimeout  = 5 * time.Second
	pollEvery    = 5 * time.Millisecond
)

// Start starts the server in its folder, creates its data the first time, and returns when it answers. What an
// earlier portal left there is stopped first; a portal that still runs there is an error.
func Start(ctx context.Context, o Options) (srv *Server, err error) {
	began := time.Now()
	s := &Server{log: o.Log}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if err := s.folder(o.Dir); err != nil {
		return nil, err
	}
	if s.lock, err = lockFolder(ctx, s.dir); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			s.release()
		}
	}()
	if s.user, err = chooseUser(s.data); err != nil {
		return nil, err
	}
	if err := stopLeftover(ctx, s.data, s.log); err != nil {
		return nil, err
	}
	in, err := s.install(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := s.socketFolder(); err != nil {
		return nil, err
	}
	if err := s.launch(ctx, in, o); err != nil {
		return nil, err
	}
	s.log.Info("database started", "version", in.major, "folder", s.dir, "took", time.Since(began).Round(time.Millisecond).String())
	return s, nil
}

// folder makes the server's folder and remembers its one true name.
func (s *Server) folder(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make the database's folder: %w", err)
	}
	abs, err := filepath.Abs(dir)
	if err == nil {
		abs, err = filepath.EvalSymlinks(abs)
	}
	if err != nil {
		return fmt.Errorf("find the database's folder: %w", err)
	}
	s.dir, s.data = abs, filepath.Join(abs, "data")
	return nil
}

// install finds the programs for the data and creates the data if there is none.
func (s *Server) install(ctx context.Context, o Options) (installation, error) {
	where := o.places
	if where == nil {
		usual := usualPlaces()
		where = &usual
	}
	want, err := dataVersion(s.data)
	if err != nil {
		return installation{}, err
	}
	in, err := find(*where, want)
	if err != nil {
		return installation{}, err
	}
	s.user.passThrough = s.user.drop && !(s.user.canReach(s.data) && s.user.canReach(filepath.Join(in.bin, "postgres")))
	if want == 0 {
		if err := s.initialise(ctx, in, o); err != nil {
			return installation{}, err
		}
	}
	return in, s.user.own(s.data)
}

// dataVersion reads the major version of the data; 0 if there is none yet.
func dataVersion(data string) (int, error) {
	text, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read the version of the data: %w", err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("the data in %s does not say which PostgreSQL made it", data)
	}
	return major, nil
}

// socketFolder makes the folder of the server's socket: short, since a socket's address holds 107 bytes at most, and
// closed to others, since whoever reaches the socket is let in.
func (s *Server) socketFolder() error {
	sum := sha256.Sum256([]byte(s.data))
	dir := filepath.Join("/tmp", fmt.Sprintf("portal-%d-%s", os.Geteuid(), hex.EncodeToString(sum[:5])))
	if owner, err := ownerOf(dir); err == nil && (owner.uid == s.user.uid || owner.uid == uint32(os.Geteuid())) {
		if err := os.RemoveAll(dir); err != nil { // sockets of a server that is gone
			return fmt.Errorf("clear the socket's folder: %w", err)
		}
	}
	err := os.Mkdir(dir, 0o700)
	if errors.Is(err, fs.ErrExist) { // somebody else's
		dir, err = os.MkdirTemp("/tmp", "portal-")
	}
	if err == nil {
		s.sockets = dir
		err = s.user.own(dir)
	}
	if err != nil {
		return fmt.Errorf("make the socket's folder: %w", err)
	}
	return nil
}

// URL is the address of a database in the server.
func (s *Server) URL(dbname string) string { return socketURL(s.sockets, dbname) }

func socketURL(sockets, dbname string) string {
	q := url.Values{"host": {sockets}, "sslmode": {"disable"}}
	return (&url.URL{Scheme: "postgres", User: url.User(Superuser), Path: "/" + dbname, RawQuery: q.Encode()}).String()
}

// EnsureDatabase creates a database if it is not there yet.
func (s *Server) EnsureDatabase(ctx context.Context, dbname string) error {
	conn, err := pgx.Connect(ctx, s.URL("postgres"))
	if err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	_, err = conn.Exec(ctx, `CREATE DATABASE `+pgx.Identifier{dbname}.Sanitize())
	if pgErr, ok := errors.AsType[*pgconn.PgError](err); ok && pgErr.Code == "42P04" { // it is there
		return nil
	}
	if err != nil {
		return fmt.Errorf("create the database %s: %w", dbname, err)
	}
	return nil
}

// Done is closed when the server has ended, asked or not.
func (s *Server) Done() <-chan struct{} { return s.process.ended }

// Stop ends the server: clients are cut off, what was committed is safe. It may be called more than once.
func (s *Server) Stop() error {
	err := s.process.stop(stopTimeout)
	s.release()
	s.log.Info("database stopped", "folder", s.dir)
	return err
}

// release gives up the folder to the next portal.
func (s *Server) release() {
	if s.sockets != "" {
		os.RemoveAll(s.sockets)
	}
	if s.lock != nil {
		s.lock.Close()
		s.lock = nil
	}
}
