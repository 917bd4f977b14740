package main

import (
	"context"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"partnershipportal/internal/browsertest"
)

func TestMain(m *testing.M) { os.Exit(browsertest.Main(m)) }

var printedAddress = regexp.MustCompile(`The portal is at (http://\S+)`)

// runPortal runs a command of the portal on data in the folder, on a free port, and gives its address and a function
// that stops it as Ctrl-C would and waits for its end.
func runPortal(t *testing.T, command, data string) (address string, stop func()) {
	t.Helper()
	settings := map[string]string{"PORTAL_ADDR": "localhost:0", "PORTAL_DATA_DIR": data}
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
	var printed strings.Builder
	buffer := make([]byte, 4096)
	for {
		n, err := read.Read(buffer)
		printed.Write(buffer[:n])
		if found := printedAddress.FindStringSubmatch(printed.String()); found != nil {
			go func() { _, _ = io.Copy(io.Discard, read) }() // the rest is for people
			return found[1], stop
		}
		if err != nil {
			stopped = true
			t.Fatalf("portal %s printed no address: %v\n%s", command, err, printed.String())
		}
	}
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
