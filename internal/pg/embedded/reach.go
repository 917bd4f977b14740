package embedded

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Reach gives the address of a database in the server that a portal runs in the folder at this moment, for a command
// that is given beside it. A server that is just starting is waited for. ok is false if none runs there.
func Reach(ctx context.Context, dir, dbname string) (address string, ok bool) {
	deadline := time.Now().Add(readyTimeout)
	for inUse(dir) && time.Now().Before(deadline) && ctx.Err() == nil {
		note, err := os.ReadFile(filepath.Join(dir, "data", "postmaster.pid"))
		if lines := strings.Split(string(note), "\n"); err == nil && len(lines) >= 8 && strings.TrimSpace(lines[7]) == "ready" {
			return socketURL(strings.TrimSpace(lines[4]), dbname), true
		}
		time.Sleep(pollEvery)
	}
	return "", false
}

// inUse tells whether a portal has the folder to itself.
func inUse(dir string) bool {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR, 0)
	if err != nil {
		return false
	}
	defer f.Close() // gives our share up again, if we got one
	return errors.Is(syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB), syscall.EWOULDBLOCK)
}
