package server

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"partnershipportal/internal/authz"
)

// record is what becomes of one request. It is filled along the way and logged once, at the end.
type record struct {
	id      string
	session bool // the route has a session: its pages know who is signed in
	actor   authz.Actor
	kind    string // kind of fault, if the request was refused
	cause   error  // for the log only
}

type recordKey struct{}

// recordOf finds the record of the request; outside of one it gives a loose record that nobody reads.
func recordOf(ctx context.Context) *record {
	if rec, ok := ctx.Value(recordKey{}).(*record); ok {
		return rec
	}
	return &record{}
}

// actorOf is whoever sent the request; nobody on public routes.
func actorOf(r *http.Request) authz.Actor {
	rec := recordOf(r.Context())
	a := rec.actor
	a.RequestID = rec.id
	return a
}

func newRequestID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	return hex.EncodeToString(b[:])
}

// observe gives the request its id and writes its one line in the log.
func (s *Server) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := &record{id: newRequestID()}
		r = r.WithContext(context.WithValue(r.Context(), recordKey{}, rec))
		ww := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		ww.Header().Set("X-Request-Id", rec.id)
		started := time.Now()
		defer func() { s.logRequest(r, rec, ww, time.Since(started)) }()
		next.ServeHTTP(ww, r)
	})
}

func (s *Server) logRequest(r *http.Request, rec *record, ww middleware.WrapResponseWriter, took time.Duration) {
	status := ww.Status()
	if status == 0 {
		status = http.StatusOK
	}
	route := chi.RouteContext(r.Context()).RoutePattern()
	if s.Observe != nil {
		s.Observe(r.Method, route, status, took)
	}
	level := slog.LevelInfo
	attrs := []slog.Attr{
		slog.String("id", rec.id),
		slog.String("method", r.Method),
		slog.String("route", route),
		slog.Int("status", status),
		slog.Int64("ms", took.Milliseconds()),
		slog.Int("bytes", ww.BytesWritten()),
		slog.String("client", middleware.GetClientIP(r.Context())),
	}
	if rec.actor.SignedIn() {
		attrs = append(attrs, slog.Int64("account", int64(rec.actor.Account)))
	}
	if rec.kind != "" {
		attrs = append(attrs, slog.String("fault", rec.kind))
	}
	if rec.cause != nil {
		attrs = append(attrs, slog.String("cause", rec.cause.Error()))
		if status >= http.StatusInternalServerError {
			level = slog.LevelError
		}
	}
	s.Log.LogAttrs(r.Context(), level, "request", attrs...)
}

var errPanicked = errors.New("panic")

// recoverPanics turns a panic into the page of an internal error; its stack goes to the log line of the request.
func (s *Server) recoverPanics(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(v)
			}
			s.fail(w, r, fmt.Errorf("%w: %v\n%s", errPanicked, v, debug.Stack()))
		}()
		next.ServeHTTP(w, r)
	})
}
