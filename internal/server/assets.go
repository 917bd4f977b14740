package server

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"partnershipportal/web/assets"
)

// getAsset sends a file whose address names its content, packed as the browser takes it.
func (s *Server) getAsset(w http.ResponseWriter, r *http.Request) error {
	f, ok := assets.Lookup(chi.URLParam(r, "*"))
	if !ok {
		return errNoPage
	}
	h := w.Header()
	h.Set("Content-Type", f.ContentType)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("ETag", f.ETag)
	h.Set("Vary", "Accept-Encoding")
	if r.Header.Get("If-None-Match") == f.ETag {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	body := f.Body
	switch accepted := r.Header.Get("Accept-Encoding"); {
	case f.Brotli != nil && strings.Contains(accepted, "br"):
		h.Set("Content-Encoding", "br")
		body = f.Brotli
	case f.Gzip != nil && strings.Contains(accepted, "gzip"):
		h.Set("Content-Encoding", "gzip")
		body = f.Gzip
	}
	_, _ = w.Write(body) // the client may be gone
	return nil
}
