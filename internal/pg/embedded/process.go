package embedded

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a started server.
type process struct {
	pid   int
	ended chan struct{}
}

// initialise creates the data beside its place and moves it there when it is whole, so that a portal killed in the
// middle leaves nothing that looks like data.
func (s *Server) initialise(ctx context.Context, in installation, o Options) error {
	fresh := s.data + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return fmt.Errorf("clear half-made data: %w", err)
	}
	locales := [][]string{{"--locale=C.UTF-8"}, {"--locale=C"}}
	if runtime.GOOS == "darwin" {
		locales[0] = []string{"--lc-collate=C", "--lc-ctype=UTF-8"}
	}
	var err error
	for _, locale := range locales {
		if err = s.initdb(ctx, in, fresh, locale, o.ForTests); err == nil {
			break
		}
	}
	if err != nil {
		return err
	}
	if err := os.Rename(fresh, s.data); err != nil {
		return fmt.Errorf("put the new data in place: %w", err)
	}
	return nil
}

func (s *Server) initdb(ctx context.Context, in installation, fresh string, locale []string, forTests bool) error {
	if err := os.RemoveAll(fresh); err != nil {
		return fmt.Errorf("clear half-made data: %w", err)
	}
	if err := os.Mkdir(fresh, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	if err := s.user.own(fresh); err != nil {
		return fmt.Errorf("hand over the data folder: %w", err)
	}
	args := append([]string{
		"-D", fresh, "-U", Superuser, "--auth=trust", "--encoding=UTF8", "--data-checksums",
		"--lc-messages=C", "--no-instructions",
	}, locale...)
	if forTests {
		args = append(args, "--no-sync")
	}
	var out strings.Builder
	p, err := s.spawn(filepath.Join(in.bin, "initdb"), args, &out)
	if err != nil {
		return err
	}
	select {
	case err = <-p.exit:
	case <-ctx.Done():
		syscall.Kill(-p.pid, syscall.SIGTERM)
		<-p.exit
		return ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("create the database's data: %w: %s", err, lastLines(out.String()))
	}
	return nil
}

// spawned is a child and the news of its end.
type spawned struct {
	pid  int
	exit chan error
}

// spawn starts a program as the server's user. The kernel ties the parent's death signal to the thread that started
// the child, so that thread is kept until the child has ended.
func (s *Server) spawn(program string, args []string, out io.Writer) (*spawned, error) {
	cmd := exec.Command(program, args...)
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=" + filepath.Dir(program) + ":/usr/bin:/bin", "LC_ALL=C", "TZ=UTC"}
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = attributes(s.user)
	started := make(chan error)
	exit := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with this goroutine
		err := letThrough(s.user)
		if err == nil {
			err = cmd.Start()
		}
		started <- err
		if err == nil {
			exit <- cmd.Wait()
		}
	}()
	if err := <-started; err != nil {
		if s.user.passThrough && errors.Is(err, syscall.EPERM) {
			return nil, fmt.Errorf("%s can't enter all folders on the way to %s, and root may not let it through here: use another folder", userName(s.user.uid), s.dir)
		}
		return nil, fmt.Errorf("start %s: %w", filepath.Base(program), err)
	}
	return &spawned{pid: cmd.Process.Pid, exit: exit}, nil
}

// launch starts the server and waits until it answers. Backends of a killed server may live a moment longer than it
// did, and keep the next one out: that is waited for.
func (s *Server) launch(ctx context.Context, in installation, o Options) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	for {
		text, err := s.launchOnce(ctx, in, o)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil || !strings.Contains(text, "shared memory block") {
			return err
		}
		time.Sleep(20 * pollEvery)
	}
}

func (s *Server) launchOnce(ctx context.Context, in installation, o Options) (text string, err error) {
	logFile := filepath.Join(s.dir, "server.log")
	out, err := os.OpenFile(logFile, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return "", fmt.Errorf("open the database server's log: %w", err)
	}
	defer out.Close() // the server has its own handle
	from := trim(out)
	p, err := s.spawn(filepath.Join(in.bin, "postgres"), s.arguments(o), out)
	if err != nil {
		return "", err
	}
	s.process = &process{pid: p.pid, ended: make(chan struct{})}
	go func(ended chan struct{}) {
		<-p.exit
		close(ended)
	}(s.process.ended)
	for {
		if s.ready(p.pid) {
			return "", nil
		}
		select {
		case <-s.process.ended:
			text := since(logFile, from)
			return text, fmt.Errorf("the database server did not start: %s", lastLines(text))
		case <-ctx.Done():
			return "", errors.Join(fmt.Errorf("the database server is not ready: %w", ctx.Err()), s.process.stop(stopTimeout))
		case <-time.After(pollEvery):
		}
	}
}

func (s *Server) arguments(o Options) []string {
	settings := []string{
		"listen_addresses=", "unix_socket_directories=" + s.sockets, "unix_socket_permissions=0700",
		"max_connections=" + strconv.Itoa(max(o.MaxConnections, 100)),
		"synchronous_commit=on", "timezone=UTC", "log_timezone=UTC", "lc_messages=C", "jit=off",
		"cluster_name=portal", "logging_collector=off",
	}
	if o.ForTests {
		settings = append(settings, "fsync=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0",
			"max_wal_size=256MB", "autovacuum=off")
	}
	args := []string{"-D", s.data}
	for _, setting := range settings {
		args = append(args, "-c", setting)
	}
	return args
}

// ready tells whether the server says in its note that it answers.
func (s *Server) ready(pid int) bool {
	text, err := os.ReadFile(filepath.Join(s.data, "postmaster.pid"))
	if err != nil {
		return false
	}
	lines := strings.Split(string(text), "\n")
	return len(lines) >= 8 && strings.TrimSpace(lines[0]) == strconv.Itoa(pid) && strings.TrimSpace(lines[7]) == "ready"
}

// stop asks the server to end fast, then more firmly.
func (p *process) stop(wait time.Duration) error {
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT} {
		select {
		case <-p.ended:
			return nil
		default:
		}
		if err := syscall.Kill(p.pid, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("stop the database server: %w", err)
		}
		select {
		case <-p.ended:
			return nil
		case <-time.After(wait):
		}
	}
	return fmt.Errorf("the database server (process %d) does not stop", p.pid)
}

const longestLog = 8 << 20

// trim empties a log that has grown long, and returns where the next lines will stand.
func trim(f *os.File) int64 {
	info, err := f.Stat()
	if err != nil {
		return 0
	}
	if info.Size() > longestLog && f.Truncate(0) == nil {
		return 0
	}
	return info.Size()
}

// since returns what was logged after a place in the file.
func since(path string, from int64) string {
	text, err := os.ReadFile(path)
	if err != nil || int64(len(text)) < from {
		return ""
	}
	return string(text[from:])
}

// lastLines is the end of a program's output, on one line.
func lastLines(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if len(lines) > 6 {
		lines = lines[len(lines)-6:]
	}
	return strings.Join(lines, "; ")
}
