package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// lockFolder keeps the folder for this process. The kernel gives the lock up with the process, however it ends. A
// portal that is just stopping is waited for.
func lockFolder(ctx context.Context, dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the database's lock: %w", err)
	}
	deadline := time.Now().Add(lockTimeout)
	for {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			break
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) || time.Now().After(deadline) || ctx.Err() != nil {
			holder := make([]byte, 20)
			n, _ := f.ReadAt(holder, 0) // best effort: only for the message
			f.Close()
			if errors.Is(err, syscall.EWOULDBLOCK) {
				return nil, fmt.Errorf("another portal (process %s) already uses the folder %s", strings.TrimSpace(string(holder[:n])), dir)
			}
			return nil, fmt.Errorf("lock the database's folder: %w", err)
		}
		time.Sleep(pollEvery)
	}
	if err = f.Truncate(0); err == nil {
		_, err = f.WriteAt([]byte(strconv.Itoa(os.Getpid())), 0)
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("write the database's lock: %w", err)
	}
	return f, nil
}

// stopLeftover ends the server that an earlier portal left in the data folder, if any. We hold the folder's lock, so
// no portal is using it. A note of a process that is something else by now is removed: PostgreSQL would only see
// that the number is taken, and refuse to start.
func stopLeftover(ctx context.Context, data string, log *slog.Logger) error {
	note := filepath.Join(data, "postmaster.pid")
	text, err := os.ReadFile(note)
	if err != nil {
		return nil // nothing was left
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(first))
	if err != nil || pid <= 1 || !servesFolder(pid, data) {
		log.Info("removing the note of a database server that is gone", "folder", data)
		return os.Remove(note)
	}
	log.Info("stopping the database server that an earlier portal left", "process", pid, "folder", data)
	for _, attempt := range []struct {
		signal syscall.Signal
		wait   time.Duration
	}{{syscall.SIGINT, 10 * time.Second}, {syscall.SIGQUIT, 10 * time.Second}} {
		if err := syscall.Kill(pid, attempt.signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("stop the left-over database server (process %d): %w", pid, err)
		}
		deadline := time.Now().Add(attempt.wait)
		for time.Now().Before(deadline) && ctx.Err() == nil {
			if !servesFolder(pid, data) {
				return nil
			}
			time.Sleep(pollEvery)
		}
	}
	return fmt.Errorf("the left-over database server (process %d) in %s does not stop", pid, data)
}
