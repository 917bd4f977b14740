package pgtest

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// kept runs a keeper over a folder of the test's own and waits until its server answers.
func kept(t *testing.T, dir string) (endpoint, <-chan error) {
	t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- keep(t.Context(), dir, 200*time.Millisecond) }()
	again, late := time.NewTicker(pollEvery), time.After(startLimit)
	defer again.Stop()
	for {
		if e, err := running(dir); err == nil {
			return e, ended
		}
		select {
		case err := <-ended:
			t.Fatalf("the keeper ended: %v", err)
		case <-late:
			t.Fatal("the server does not start")
		case <-again.C:
		}
	}
}

func lock(t *testing.T, path string, how int) *os.File {
	t.Helper()
	f, err := lockFile(path, how)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestKeeperEndsWithTheLastUser(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), folderPrefix()+"mine")
	lock(t, filepath.Join(dir, "gate"), syscall.LOCK_SH).Close()
	one, two := lock(t, filepath.Join(dir, "share"), syscall.LOCK_SH), lock(t, filepath.Join(dir, "share"), syscall.LOCK_SH)
	forgotten := filepath.Join(filepath.Dir(dir), folderPrefix()+"forgotten")
	lock(t, filepath.Join(forgotten, "gate"), syscall.LOCK_SH).Close()
	_, ended := kept(t, dir)
	one.Close()
	select {
	case err := <-ended:
		t.Fatalf("the keeper ended before its last user: %v", err)
	case <-time.After(600 * time.Millisecond):
	}
	two.Close()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("the keeper ended with %v", err)
		}
	case <-time.After(startLimit):
		t.Fatal("the keeper does not end")
	}
	for _, folder := range []string{dir, forgotten} {
		if _, err := os.Stat(folder); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v; want it removed", folder, err)
		}
	}
}
