package main

import (
	"net/http"
	"testing"

	"partnershipportal/internal/browsertest"
	"partnershipportal/internal/demo"
	"partnershipportal/web/route"
)

// The picture in the README, taken by `make shots`, is the first that a stranger sees of the portal.
func TestScreenshots(t *testing.T) {
	t.Parallel()
	address, _ := runPortal(t, "demo", t.TempDir())
	p := browsertest.Start(t).Page(t, browsertest.Options{JavaScript: true})
	p.Go(address + route.ArrangementTo(demo.Document))
	if p.Status() != http.StatusOK {
		t.Errorf("%s answers %d", p.Path(), p.Status())
	}
	p.ScreenshotOfWindow("screenshot")
	p.CheckPage("the arrangements in force")
}
