package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"partnershipportal/internal/pg/pgtest"
)

func TestTheAdministrationAddressHasMetricsProfilesAndHealth(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t)
	m := newMetrics(&pools{app: db.App, public: db.Public, river: db.River})
	m.observe(http.MethodGet, "/arrangements", http.StatusOK, 3*time.Millisecond)
	h := m.handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("alive")) }))
	for path, want := range map[string]string{
		"/metrics":      `portal_request_duration_seconds_count{method="GET",route="/arrangements",status="200"} 1`,
		"/debug/pprof/": "goroutine", "/healthz": "alive",
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s answers %d without %q", path, w.Code, want)
		}
	}
}

func TestTheAdministrationAddressIsOffUnlessItIsSet(t *testing.T) {
	t.Parallel()
	stop, err := serveAdmin(t.Context(), "", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	stop()
	if _, err := serveAdmin(t.Context(), "nowhere:at:all", nil, nil); err == nil {
		t.Error("an address that can't be listened on was taken")
	}
}
