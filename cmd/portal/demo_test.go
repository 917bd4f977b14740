package main

import (
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"partnershipportal/internal/browsertest"
)

// asPortal in the environment makes the test binary the portal itself, so that a test can kill it.
const asPortal = "PORTAL_TEST_AS_PORTAL"

func TestMain(m *testing.M) {
	if os.Getenv(asPortal) != "" {
		main()
		return
	}
	os.Exit(browsertest.Main(m))
}

var printedAddress = regexp.MustCompile(`The portal is at (http://\S+)`)

// startPortal runs a command of the portal in a process of its own, and gives its address and the process.
func startPortal(t *testing.T, command, data string) (string, *exec.Cmd) {
	t.Helper()
	portal := exec.Command(os.Args[0], command)
	portal.Env = append(os.Environ(), asPortal+"=yes", "PORTAL_ADDR=localhost:0", "PORTAL_DATA_DIR="+data)
	portal.Stderr = t.Output()
	stdout, err := portal.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := portal.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// Most tests have ended it themselves; then there is nothing to end and to wait for.
		_ = portal.Process.Signal(os.Interrupt)
		_ = portal.Wait()
	})
	return readAddress(t, command, stdout), portal
}

// readAddress reads what a portal prints until it says where it is.
func readAddress(t *testing.T, command string, stdout io.Reader) string {
	t.Helper()
	var printed strings.Builder
	buffer := make([]byte, 4096)
	for {
		n, err := stdout.Read(buffer)
		printed.Write(buffer[:n])
		if found := printedAddress.FindStringSubmatch(printed.String()); found != nil {
			go func() { _, _ = io.Copy(io.Discard, stdout) }() // the rest is for people
			return found[1]
		}
		if err != nil {
			t.Fatalf("portal %s printed no address: %v\n%s", command, err, printed.String())
		}
	}
}

// runPortal runs a command of the portal on data in the folder, on a free port, and gives its address and a function
// that stops it as Ctrl-C would and waits for its end.
func runPortal(t *testing.T, command, data string) (address string, stop func()) {
	t.Helper()
	return runPortalWith(t, command, map[string]string{"PORTAL_DATA_DIR": data})
}

// runPortalWith is runPortal with settings of the caller's.
func runPortalWith(t *testing.T, command string, settings map[string]string) (address string, stop func()) {
	t.Helper()
	settings["PORTAL_ADDR"] = "localhost:0"
	ctx, cancel := context.WithCancel(context.Background())
	read, write := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, []string{command}, func(name string) string { return settings[name] }, write)
		ended <- err
		// Whoever still waits for the address learns that none will come.
		write.CloseWithError(err)
	}()
	stopped := false
	stop = func() {
		t.Helper()
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("portal %s ended with %v", command, err)
		}
	}
	t.Cleanup(stop)
	return readAddress(t, command, read), stop
}

func TestDemonstrationKeepsItsData(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	for range 2 {
		address, stop := runPortal(t, "demo", data)
		expectStatus(t, address+"/readyz", http.StatusOK)
		stop()
	}
	settings := map[string]string{"PORTAL_ADDR": "localhost:0", "PORTAL_DATA_DIR": data}
	err := run(t.Context(), []string{"serve"}, func(name string) string { return settings[name] }, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "demonstration") {
		t.Errorf("serve ended with %v on the demonstration's data, want a refusal that names it", err)
	}
}

func TestTwoPortalsRunSideBySide(t *testing.T) {
	t.Parallel()
	one, _ := runPortal(t, "serve", t.TempDir())
	other, _ := runPortal(t, "demo", t.TempDir())
	expectStatus(t, one+"/readyz", http.StatusOK)
	expectStatus(t, other+"/readyz", http.StatusOK)
}

func TestAKilledPortalBlocksNoStart(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	for range 3 {
		address, portal := startPortal(t, "demo", data)
		expectStatus(t, address+"/readyz", http.StatusOK)
		if err := portal.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = portal.Wait() // it ends by the signal, which is an error to Wait
	}
	address, stop := runPortal(t, "demo", data)
	expectStatus(t, address+"/readyz", http.StatusOK)
	stop()
}

func expectStatus(t *testing.T, address string, want int) {
	t.Helper()
	response, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != want {
		t.Errorf("%s answers %s, want %d", address, response.Status, want)
	}
}
