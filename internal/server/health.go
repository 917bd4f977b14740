package server

import (
	"context"
	"io"
	"net/http"
	"time"
)

const readyTimeout = 2 * time.Second

// getHealthz says that the portal runs. It asks nothing else, so that a slow database restarts nobody.
func (s *Server) getHealthz(w http.ResponseWriter, _ *http.Request) error {
	return plain(w, http.StatusOK, "alive\n")
}

// getReadyz says whether the portal can answer: database reachable, schema new enough.
func (s *Server) getReadyz(w http.ResponseWriter, r *http.Request) error {
	ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
	defer cancel()
	if err := s.Ready(ctx); err != nil {
		rec := recordOf(r.Context())
		rec.kind, rec.cause = string(unavailable), err
		return plain(w, statuses[unavailable], "not ready\n")
	}
	return plain(w, http.StatusOK, "ready\n")
}

func plain(w http.ResponseWriter, status int, text string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, err := io.WriteString(w, text)
	return err
}
