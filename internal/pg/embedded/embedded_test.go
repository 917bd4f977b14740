package embedded

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

const childEnv = "PORTAL_EMBEDDED_CHILD"

// TestMain lets the test binary be the portal that gets killed: it starts a server in the folder named by its
// environment, says so, and waits for its end.
func TestMain(m *testing.M) {
	dir := os.Getenv(childEnv)
	if dir == "" {
		os.Setenv("TMPDIR", Scratch())
		code := m.Run()
		if made, err := madeData(); err == nil {
			os.RemoveAll(filepath.Dir(made))
		}
		os.Exit(code)
	}
	srv, err := Start(context.Background(), Options{Dir: dir, ForTests: true})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(srv.URL("postgres"))
	<-srv.Done()
}

// home is a folder that only its owner may enter, like root's.
func home(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "home")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

// madeData is data of a server that was started once: copying it is faster than making more.
var madeData = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "portal-data-")
	if err != nil {
		return "", err
	}
	srv, err := Start(context.Background(), Options{Dir: dir, ForTests: true})
	if err != nil {
		return "", err
	}
	return srv.data, srv.Stop()
})

// withData puts data into a folder.
func withData(t *testing.T, dir string) string {
	t.Helper()
	made, err := madeData()
	if err == nil {
		err = os.CopyFS(filepath.Join(dir, "data"), os.DirFS(made))
	}
	if err == nil {
		err = os.Chmod(filepath.Join(dir, "data"), 0o700)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func start(t *testing.T, dir string) *Server {
	t.Helper()
	srv, err := Start(t.Context(), Options{Dir: dir, ForTests: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, srv) })
	return srv
}

func stop(t *testing.T, srv *Server) {
	t.Helper()
	if err := srv.Stop(); err != nil {
		t.Error(err)
	}
}

// ask runs statements in the database postgres and returns the one text that the last of them yields.
func ask(t *testing.T, url, sql string) (answer string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	if err := conn.QueryRow(t.Context(), sql).Scan(&answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

const keep = `SELECT lo_from_bytea(4711, 'kept')::text`

func kept(t *testing.T, srv *Server) {
	t.Helper()
	if got := ask(t, srv.URL("postgres"), `SELECT convert_from(lo_get(4711), 'UTF8')`); got != "kept" {
		t.Errorf("the data says %q; want kept", got)
	}
}

func TestStart(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(home(t), "new", "folder")
	srv := start(t, dir)
	for setting, want := range map[string]string{
		"server_encoding": "UTF8", "data_checksums": "on", "synchronous_commit": "on", "listen_addresses": "",
		"unix_socket_permissions": "0700", "TimeZone": "UTC", "fsync": "off",
	} {
		if got := ask(t, srv.URL("postgres"), `SELECT current_setting('`+setting+`')`); got != want {
			t.Errorf("%s is %q; want %q", setting, got, want)
		}
	}
	if got := ask(t, srv.URL("postgres"), `SELECT lower('ÉÖ') || length('ÉÖ')`); got != "éö2" {
		t.Errorf("letters: %q; want éö2", got)
	}
	for range 2 {
		if err := srv.EnsureDatabase(t.Context(), "portal"); err != nil {
			t.Fatal(err)
		}
	}
	if got := ask(t, srv.URL("portal"), `SELECT current_database()::text`); got != "portal" {
		t.Errorf("database %q; want portal", got)
	}
	ask(t, srv.URL("postgres"), keep)

	stop(t, srv)
	if _, err := os.Stat(srv.sockets); err == nil {
		t.Errorf("the socket's folder %s is left", srv.sockets)
	}
	stop(t, srv)

	began := time.Now()
	kept(t, start(t, dir))
	t.Logf("second start: %s", time.Since(began))
}

func TestTwoSideBySide(t *testing.T) {
	t.Parallel()
	one, two := start(t, withData(t, t.TempDir())), start(t, withData(t, t.TempDir()))
	ask(t, one.URL("postgres"), keep)
	ask(t, two.URL("postgres"), keep)
	stop(t, one)
	kept(t, two)
}

func TestSecondPortalInTheSameFolder(t *testing.T) {
	t.Parallel()
	dir := withData(t, t.TempDir())
	srv := start(t, dir)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := Start(ctx, Options{Dir: dir, ForTests: true})
	want := fmt.Sprintf("another portal (process %d) already uses the folder %s", os.Getpid(), srv.dir)
	if err == nil || err.Error() != want {
		t.Errorf("got %v; want %s", err, want)
	}
	ask(t, srv.URL("postgres"), keep)
}

func TestPortalKilled(t *testing.T) {
	t.Parallel()
	dir := withData(t, home(t))
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childEnv+"="+dir)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err == nil {
		err = child.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	url, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	ask(t, strings.TrimSpace(url), keep)
	old := notedProcess(t, dir)
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // killed is how it should end

	srv := start(t, dir)
	kept(t, srv)
	if now := notedProcess(t, dir); now == old {
		t.Errorf("the server is still process %d", old)
	}
	if servesFolder(old, srv.data) {
		t.Errorf("the old server, process %d, is still there", old)
	}
}

func notedProcess(t *testing.T, dir string) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

// Where the kernel does not end the server of a killed portal, the next start finds it at work.
func TestLeftoverServer(t *testing.T) {
	t.Parallel()
	dir := withData(t, t.TempDir())
	old := start(t, dir)
	ask(t, old.URL("postgres"), keep)
	old.lock.Close() // as if the portal had gone

	srv := start(t, dir)
	select {
	case <-old.Done():
	default:
		t.Error("the left-over server still runs")
	}
	kept(t, srv)
}

func TestStaleNote(t *testing.T) {
	t.Parallel()
	for name, pid := range map[string]int{"of a process that is gone": 1<<22 - 3, "of a process that is something else by now": os.Getpid()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := withData(t, t.TempDir())
			srv := start(t, dir)
			ask(t, srv.URL("postgres"), keep)
			note := filepath.Join(srv.data, "postmaster.pid")
			text, err := os.ReadFile(note)
			if err != nil {
				t.Fatal(err)
			}
			stop(t, srv)
			_, rest, _ := strings.Cut(string(text), "\n")
			if err := os.WriteFile(note, []byte(strconv.Itoa(pid)+"\n"+rest), 0o600); err != nil {
				t.Fatal(err)
			}
			kept(t, start(t, dir))
		})
	}
}

func TestHalfMadeData(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "data.new", "base"), 0o700); err != nil {
		t.Fatal(err)
	}
	ask(t, start(t, dir).URL("postgres"), keep)
}
