package server_test

import (
	"net/http"
	"testing"

	"partnershipportal/internal/server"
	"partnershipportal/web/route"
)

func TestTheStyleGuideBelongsToTheDemonstration(t *testing.T) {
	t.Parallel()
	newSite(t).visitor().get(route.Styleguide).want(http.StatusNotFound)
	demo := newSite(t, func(d *server.Deps) { d.Demonstration = true })
	demo.visitor().get(route.Styleguide).want(http.StatusOK).shows("Style guide", "Demonstration data")
}
