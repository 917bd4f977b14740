package pgtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/pg/embedded"
	"partnershipportal/migrations"
)

const (
	templateDatabase = "portal_template"
	txDatabase       = "portal_tx"
	startLimit       = time.Minute
	pollEvery        = 20 * time.Millisecond
)

// endpoint is how to reach the shared server.
type endpoint struct{ pattern string }

const namePlaceholder = "database-name"

func (e endpoint) url(dbname string) string {
	return strings.Replace(e.pattern, namePlaceholder, dbname, 1)
}

// join finds or starts the shared server, and holds a share of it until this process ends.
func join() (endpoint, error) {
	dir, err := folder()
	if err != nil {
		return endpoint{}, err
	}
	gate, err := lockFile(filepath.Join(dir, "gate"), syscall.LOCK_EX)
	if err != nil {
		return endpoint{}, err
	}
	defer gate.Close()
	// Never closed: the kernel gives the share up with the process. os.File would be closed by its finaliser.
	share, err := syscall.Open(filepath.Join(dir, "share"), syscall.O_RDWR|syscall.O_CREAT|syscall.O_CLOEXEC, 0o600)
	if err == nil {
		err = syscall.Flock(share, syscall.LOCK_SH)
	}
	if err != nil {
		return endpoint{}, fmt.Errorf("share the test server: %w", err)
	}
	if e, err := running(dir); err == nil {
		return e, nil
	}
	if e, there := awaitKeeper(dir); there {
		return e, nil
	}
	return startKeeper(dir)
}

// awaitKeeper waits for the server of a keeper that is there already: one that is slow to answer on a busy machine, or
// whose first test was ended while it started. Without a keeper it returns at once.
func awaitKeeper(dir string) (endpoint, bool) {
	limit := time.After(startLimit)
	for !free(filepath.Join(dir, "postgres", "lock")) {
		if e, err := running(dir); err == nil {
			return e, true
		}
		select {
		case <-limit:
			return endpoint{}, false
		case <-time.After(pollEvery):
		}
	}
	return endpoint{}, false
}

// folder is where the server of this user and these migrations lives.
func folder() (string, error) {
	h := sha256.New()
	err := fs.WalkDir(migrations.FS(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(migrations.FS(), path)
		fmt.Fprintf(h, "%s %d\n%s", path, len(text), text)
		return err
	})
	if err != nil {
		return "", err
	}
	fmt.Fprint(h, layout)
	dir := filepath.Join(embedded.Scratch(), folderPrefix()+hex.EncodeToString(h.Sum(nil)[:6]))
	if err := os.Mkdir(dir, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return "", err
	}
	if st, ok := info.Sys().(*syscall.Stat_t); !ok || !info.IsDir() || st.Uid != uint32(os.Geteuid()) {
		return "", fmt.Errorf("the folder %s belongs to somebody else", dir)
	}
	return dir, nil
}

func folderPrefix() string { return fmt.Sprintf("portal-tests-%d-", os.Geteuid()) }

// layout goes up when the folder or the databases in it are made differently.
const layout = "1"

// lockFile opens and locks a file that may be removed by a keeper on its way out while we wait for it.
func lockFile(path string, how int) (*os.File, error) {
	for {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return nil, err
		}
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if err := syscall.Flock(int(f.Fd()), how); err != nil {
			f.Close()
			return nil, err
		}
		ours, err := f.Stat()
		if there, statErr := os.Stat(path); err == nil && statErr == nil && os.SameFile(ours, there) {
			return f, nil
		}
		f.Close()
	}
}

// running returns the server if it is there and answers.
func running(dir string) (endpoint, error) {
	pattern, err := os.ReadFile(filepath.Join(dir, "url"))
	if err != nil {
		return endpoint{}, err
	}
	e := endpoint{string(pattern)}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, e.url(txDatabase))
	if err != nil {
		return endpoint{}, err
	}
	return e, conn.Close(ctx)
}

// startKeeper starts the keeper and waits until its server answers. The caller holds the gate.
func startKeeper(dir string) (endpoint, error) {
	if err := os.Remove(filepath.Join(dir, "url")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return endpoint{}, err
	}
	self, err := os.Executable()
	if err != nil {
		return endpoint{}, err
	}
	logPath := filepath.Join(dir, "keeper.log")
	out, err := os.Create(logPath)
	if err != nil {
		return endpoint{}, err
	}
	defer out.Close()
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), keeperEnv+"="+dir)
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // a terminal's interrupt is not for it
	if err := cmd.Start(); err != nil {
		return endpoint{}, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	limit := time.After(startLimit)
	for {
		if e, err := running(dir); err == nil {
			return e, nil
		}
		select {
		case <-ended:
			text, _ := os.ReadFile(logPath) // without it the message is only shorter
			return endpoint{}, fmt.Errorf("%s", strings.TrimSpace(string(text)))
		case <-limit:
			return endpoint{}, fmt.Errorf("the test server did not start in %s, see %s", startLimit, logPath)
		case <-time.After(pollEvery):
		}
	}
}
