package server

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/go-chi/chi/v5"

	"partnershipportal/internal/fault"
)

// Refusals that only the edge knows. They are kinds of fault, so that one table holds every answer.
const (
	malformed        fault.Kind = "malformed"
	methodNotAllowed fault.Kind = "method not allowed"
	tooLarge         fault.Kind = "too large"
	tooMany          fault.Kind = "too many"
	unavailable      fault.Kind = "unavailable"
	internal         fault.Kind = "internal"
)

// statuses is the only place that knows which kind of fault has which status.
var statuses = map[fault.Kind]int{
	malformed:             http.StatusBadRequest,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Forbidden:       http.StatusForbidden,
	fault.NotFound:        http.StatusNotFound,
	methodNotAllowed:      http.StatusMethodNotAllowed,
	fault.Conflict:        http.StatusConflict,
	tooLarge:              http.StatusRequestEntityTooLarge,
	fault.Invalid:         http.StatusUnprocessableEntity,
	tooMany:               http.StatusTooManyRequests,
	internal:              http.StatusInternalServerError,
	unavailable:           http.StatusServiceUnavailable,
}

var (
	errBadText   = fault.New(malformed, "The address or the form holds characters that are not text.")
	errBadForm   = fault.New(malformed, "The form did not arrive whole. Go back and send it again.")
	errTooLarge  = fault.New(tooLarge, "What you sent is larger than this page takes, so nothing was saved. Go back: your browser still has what you typed.")
	errTooMany   = fault.New(tooMany, "Too many requests came from your network. Wait a minute, then try again.")
	errOtherSite = fault.New(fault.Forbidden, "The request seems to come from another website, so nothing was done.")
	errNoMethod  = fault.New(methodNotAllowed, "This page does not take that kind of request.")
	errNoPage    = fault.New(fault.NotFound, "")
)

const retryAfterSeconds = "10"

// classify says which fault an error is to the user. A database that can't answer is never "not found".
func (s *Server) classify(err error) *fault.Error {
	if s.Unavailable(err) {
		return fault.New(unavailable, "").Because(err)
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return errTooLarge.Because(err)
	}
	if f, ok := errors.AsType[*fault.Error](err); ok {
		if _, known := statuses[f.Kind]; known {
			return f
		}
	}
	return fault.New(internal, "").Because(err)
}

// fail answers a request that ended in an error. Nothing else turns errors into pages, and nothing else logs them.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	f := s.classify(err)
	rec := recordOf(r.Context())
	rec.kind, rec.cause = string(f.Kind), f.Cause
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return // the client is gone
	}
	if f.Kind == unavailable {
		w.Header().Set("Retry-After", retryAfterSeconds)
	}
	w.Header().Set("Cache-Control", "private, no-store")
	if err := s.showError(w, r, f); err != nil {
		rec.cause = errors.Join(rec.cause, err)
		http.Error(w, http.StatusText(statuses[f.Kind]), statuses[f.Kind])
	}
}

func slogError(err error) slog.Attr { return slog.String("error", err.Error()) }

// badForm says what is wrong with a body that can't be read.
func badForm(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return err
	}
	return errBadForm.Because(err)
}

func (s *Server) getNothing(http.ResponseWriter, *http.Request) error { return errNoPage }

// methodNotAllowed answers a known path with another method, and names those that it takes.
func (s *Server) methodNotAllowed(w http.ResponseWriter, r *http.Request) {
	for _, m := range []string{http.MethodGet, http.MethodPost} {
		if s.router.Match(chi.NewRouteContext(), m, r.URL.Path) {
			w.Header().Add("Allow", m)
		}
	}
	s.fail(w, r, errNoMethod)
}
