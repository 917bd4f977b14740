package server

import (
	"context"
	"net/http"

	"partnershipportal/internal/account"
	"partnershipportal/internal/redline"
	"partnershipportal/web/page"
)

// SessionFor starts a session without a password, for tests that are about something else.
func (s *Server) SessionFor(ctx context.Context, in account.SignedIn) (*http.Cookie, error) {
	ctx, err := s.sessions.Load(ctx, "")
	if err != nil {
		return nil, err
	}
	if err := s.startSession(ctx, in); err != nil {
		return nil, err
	}
	token, _, err := s.sessions.Commit(ctx)
	return &http.Cookie{Name: cookieName, Value: token}, err
}

// RedlineOf is redlineOf, for the fuzz test of what is drawn of it.
func RedlineOf(found redline.Redline, here string) page.Redline { return redlineOf(found, here, false) }

// LocalPath is localPath, for its table.
func LocalPath(next string) (string, bool) { return localPath(next) }
