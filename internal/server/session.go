package server

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"

	"partnershipportal/internal/account"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
)

const (
	cookieName  = "__Host-portal"
	sessionIdle = 60 * time.Minute
	keyAccount  = "account"
	keyEpoch    = "epoch"
	keyFlash    = "flash"
)

func newSessions(store scs.CtxStore) *scs.SessionManager {
	m := scs.New()
	m.Store = store
	m.HashTokenInStore = true
	m.Lifetime = account.SessionLifetime
	m.IdleTimeout = sessionIdle
	m.Cookie.Name = cookieName
	m.Cookie.Secure = true
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteLaxMode
	m.Cookie.Path = "/"
	m.Cookie.Persist = false
	return m
}

// withSession loads the session and whoever is signed in, and saves the session before the answer leaves. scs's own
// LoadAndSave would answer first and find out later that the session can't be saved, so the answer waits in memory.
func (s *Server) withSession(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "private, no-store")
		w.Header().Add("Vary", "Cookie")
		var token string
		if c, err := r.Cookie(cookieName); err == nil {
			token = c.Value
		}
		ctx, err := s.sessions.Load(r.Context(), token)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		r = r.WithContext(ctx)
		recordOf(ctx).session = true
		held := &heldAnswer{header: w.Header(), client: w, save: func() error { return s.saveSession(w, r) }}
		if err := s.loadActor(r); err != nil {
			s.fail(held, r, err)
		} else {
			next.ServeHTTP(held, r)
		}
		if !held.passed {
			if err := s.saveSession(w, r); err != nil {
				s.fail(w, r, err)
				return
			}
		}
		held.sendTo(w) // after a file nothing is held, unless it failed before its first byte
	})
}

// loadActor reads afresh who is signed in and what they may do. A session whose account was suspended, or whose
// epoch is past, is over.
func (s *Server) loadActor(r *http.Request) error {
	ctx := r.Context()
	holder := id.Account(s.sessions.GetInt64(ctx, keyAccount))
	if holder == 0 {
		return nil
	}
	actor, err := s.Accounts.Actor(ctx, holder, s.sessions.GetInt(ctx, keyEpoch))
	if errors.Is(err, fault.Unauthenticated) {
		return s.sessions.Destroy(ctx)
	}
	if err != nil {
		return err
	}
	recordOf(ctx).actor = actor
	return nil
}

func (s *Server) saveSession(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	switch s.sessions.Status(ctx) {
	case scs.Modified:
		token, expiry, err := s.sessions.Commit(ctx)
		if err != nil {
			return err
		}
		s.sessions.WriteSessionCookie(ctx, w, token, expiry)
	case scs.Destroyed:
		s.sessions.WriteSessionCookie(ctx, w, "", time.Time{})
	case scs.Unmodified:
		return nil
	}
	w.Header().Set("Cache-Control", "private, no-store") // scs adds a weaker one
	return nil
}

// startSession makes the session that of an account, under a new token.
func (s *Server) startSession(ctx context.Context, in account.SignedIn) error {
	if err := s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	s.sessions.Put(ctx, keyAccount, int64(in.Account))
	s.sessions.Put(ctx, keyEpoch, in.Epoch)
	return nil
}

// heldAnswer keeps an answer in memory until the session is saved.
type heldAnswer struct {
	header http.Header
	status int
	body   bytes.Buffer

	client http.ResponseWriter
	save   func() error
	passed bool
}

// pass saves the session at once and gives the way to the client: a file is too large to be held.
func (h *heldAnswer) pass() (http.ResponseWriter, error) {
	if err := h.save(); err != nil {
		return nil, err
	}
	h.passed = true
	return h.client, nil
}

func (h *heldAnswer) Header() http.Header { return h.header }

func (h *heldAnswer) WriteHeader(status int) {
	if h.status == 0 {
		h.status = status
	}
}

func (h *heldAnswer) Write(b []byte) (int, error) {
	h.WriteHeader(http.StatusOK)
	return h.body.Write(b)
}

func (h *heldAnswer) sendTo(w http.ResponseWriter) {
	if h.status != 0 {
		w.WriteHeader(h.status)
	}
	_, _ = h.body.WriteTo(w) // the client may be gone
}
