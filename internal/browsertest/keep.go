package browsertest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/chromedp/chromedp"
)

var unsafeInName = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// Screenshot keeps a picture of the whole page in the folder that PORTAL_SHOTS names, else among the test's artifacts,
// and returns its path.
func (p *Page) Screenshot(name string) string {
	p.t.Helper()
	return p.keep(shots(p.t), name+".png", do(p, "screenshot", chromedp.FullScreenshot(100)))
}

// ScreenshotOfWindow is Screenshot of what the window shows, without what lies below.
func (p *Page) ScreenshotOfWindow(name string) string {
	p.t.Helper()
	return p.keep(shots(p.t), name+".png", do(p, "screenshot", chromedp.CaptureScreenshot()))
}

func shots(t testing.TB) string {
	if dir := os.Getenv("PORTAL_SHOTS"); dir != "" {
		return dir
	}
	return t.ArtifactDir()
}

func (p *Page) keep(dir, name string, content []byte) string {
	p.t.Helper()
	path := filepath.Join(dir, unsafeInName.ReplaceAllString(name, "-"))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		p.t.Fatalf("keep %s: %v", name, err)
	}
	if err := os.WriteFile(path, content, 0o644); err != nil {
		p.t.Fatalf("keep %s: %v", name, err)
	}
	return path
}

// failf ends the test, with the page as it stands kept beside the message.
func (p *Page) failf(format string, args ...any) {
	p.t.Helper()
	p.t.Log(p.evidence())
	p.t.Fatalf(format, args...)
}

// evidence keeps HTML and picture of the page and says where; it must not fail itself, since a failure led here.
func (p *Page) evidence() string {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	dir := p.t.ArtifactDir()
	where, err := chromedp.Run(ctx, evaluate[string](`() => document.location.href + ' "' + document.title + '"'`))
	if err != nil {
		return fmt.Sprintf("the page could not be read: %v", err)
	}
	p.failures++
	name := fmt.Sprintf("failed-%d", p.failures)
	report := fmt.Sprintf("at %s, status %d", where, p.status)
	if html, err := chromedp.Run(ctx, evaluate[string](`() => document.documentElement.outerHTML`)); err == nil {
		report += "\n" + p.keep(dir, name+".html", []byte(html))
	}
	if picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100)); err == nil {
		report += "\n" + p.keep(dir, name+".png", picture)
	}
	return report
}
