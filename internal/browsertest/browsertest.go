// Package browsertest drives a real Chromium through the portal's pages, checks them with axe-core and hands their HTML
// to the Nu and html-validate checkers. Only tests import it.
//
// A test package that uses it gives its processes an end:
//
//	func TestMain(m *testing.M) { os.Exit(browsertest.Main(m)) }
//
// One Chromium and one Nu checker serve a test binary; every Page is a browser profile of its own.
package browsertest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// patience bounds each step in the browser. It is long because several test binaries share two cores.
const patience = 30 * time.Second

// processes are the helpers that one test binary started, to be ended by Main.
type processes struct {
	mu      sync.Mutex
	running bool
	ends    []func()

	browser func() (*Browser, error)
	nu      func() (*nuServer, error)
}

var shared = newProcesses()

func newProcesses() *processes {
	p := &processes{}
	p.browser = sync.OnceValues(func() (*Browser, error) { return launch(p) })
	p.nu = sync.OnceValues(func() (*nuServer, error) { return startNu(p) })
	return p
}

func (p *processes) atEnd(end func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ends = append(p.ends, end)
}

func (p *processes) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, end := range p.ends {
		end()
	}
	p.ends, p.running = nil, false
}

// Main runs the tests of a binary and then ends the Chromium and the checker that they started.
func Main(m *testing.M) int {
	shared.mu.Lock()
	shared.running = true
	shared.mu.Unlock()
	defer shared.end()
	return m.Run()
}

// Browser is the one Chromium of a test binary.
type Browser struct {
	ctx context.Context
}

// Start gives the test binary's Chromium, launching it at the first call.
func Start(t testing.TB) *Browser {
	t.Helper()
	requireMain(t)
	b, err := shared.browser()
	if err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	return b
}

func requireMain(t testing.TB) {
	t.Helper()
	shared.mu.Lock()
	defer shared.mu.Unlock()
	if !shared.running {
		t.Fatal("this package needs: func TestMain(m *testing.M) { os.Exit(browsertest.Main(m)) }")
	}
}

// onLastingThread runs start on a thread that lives as long as the test binary. The kernel ties a child's death signal
// to the thread that started it, and other code in a test may end threads.
func onLastingThread(start func() error) error {
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		started <- start()
		select {}
	}()
	return <-started
}

func launch(p *processes) (*Browser, error) {
	chromium, err := findChromium()
	if err != nil {
		return nil, err
	}
	profile, err := os.MkdirTemp("", "portal-browser-")
	if err != nil {
		return nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium),
		chromedp.UserDataDir(profile),
		// Chromium refuses its sandbox to root and in most containers; it only ever loads the portal's own pages.
		chromedp.NoSandbox,
		chromedp.Flag("disable-gpu", true),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-domain-reliability", true),
		chromedp.Flag("no-pings", true),
		chromedp.Flag("lang", "en-GB"),
	)
	allocator, cancelAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator, chromedp.WithErrorf(func(string, ...any) {}))
	p.atEnd(func() {
		// Cancel waits until the browser has gone, so that its profile can be removed.
		if err := chromedp.Cancel(ctx); err != nil && !errors.Is(err, context.Canceled) {
			fmt.Fprintln(os.Stderr, "browsertest: close Chromium:", err)
		}
		cancelAllocator()
		if err := os.RemoveAll(profile); err != nil {
			fmt.Fprintln(os.Stderr, "browsertest: remove the browser's profile:", err)
		}
	})
	if err := onLastingThread(func() error { return chromedp.Do(ctx) }); err != nil {
		cancel()
		return nil, fmt.Errorf("%s: %w", chromium, err)
	}
	return &Browser{ctx: ctx}, nil
}

// findChromium looks where Debian, Fedora, Homebrew, Google and scripts/setup put it.
func findChromium() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"} {
		if path, err := findProgram(name); err == nil {
			return path, nil
		}
	}
	if runtime.GOOS == "darwin" {
		for _, path := range []string{
			"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
			"/Applications/Chromium.app/Contents/MacOS/Chromium",
		} {
			if _, err := os.Stat(path); err == nil {
				return path, nil
			}
		}
	}
	return "", errors.New("no Chromium or Chrome found: run scripts/setup test, which installs it or says how")
}

// findProgram looks on the PATH, then among what scripts/setup unpacks for those who may not install.
func findProgram(name string) (string, error) {
	path, err := exec.LookPath(name)
	if err == nil {
		return path, nil
	}
	dir, rootErr := root()
	if rootErr != nil {
		return "", errors.Join(err, rootErr)
	}
	unpacked := filepath.Join(dir, ".tools", "bin", name)
	if _, statErr := os.Stat(unpacked); statErr != nil {
		return "", err
	}
	return unpacked, nil
}

// root is the folder of go.mod, found upwards from the package under test.
var root = sync.OnceValues(func() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no go.mod above the test's folder")
		}
		dir = parent
	}
})

// module is the path of a file of an npm package, which `npm ci` puts into node_modules.
func module(elements ...string) (string, error) {
	dir, err := root()
	if err != nil {
		return "", err
	}
	path := filepath.Join(append([]string{dir, "node_modules"}, elements...)...)
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("%w: run npm ci first", err)
	}
	return path, nil
}
