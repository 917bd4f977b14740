package account

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/pg"
)

// SessionLifetime is how long a session lasts at most, however busy it is.
const SessionLifetime = 12 * time.Hour

// SessionStore keeps sessions in PostgreSQL. It is given hashed tokens. Ending a session leaves a tombstone, and
// saving never brings one back: a request may be slow, and its session ended meanwhile by another.
type SessionStore struct{ db pg.DB }

// NewSessionStore makes the store.
func NewSessionStore(db pg.DB) SessionStore { return SessionStore{db: db} }

// FindCtx reads the data of a live session.
func (s SessionStore) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	err = s.db.QueryRow(ctx, `
		SELECT data FROM session WHERE token = $1 AND ended_at IS NULL AND expires_at > clock_timestamp()`, token).Scan(&data)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("read a session: %w", err)
	}
	return data, true, nil
}

// CommitCtx saves a session that is new or still alive. One that ended meanwhile stays ended, which is no error.
func (s SessionStore) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	_, err := s.db.Exec(ctx, `
		INSERT INTO session AS s (token, data, started_at, expires_at)
		SELECT @token, @data, t.at, least(@expiry, t.at + interval '12 hours') FROM (SELECT clock_timestamp() AS at) t
		ON CONFLICT (token) DO UPDATE SET data = EXCLUDED.data, expires_at = least(EXCLUDED.expires_at, s.started_at + interval '12 hours')
		WHERE s.ended_at IS NULL AND s.expires_at > clock_timestamp()`,
		pgx.StrictNamedArgs{"token": token, "data": data, "expiry": expiry})
	if err != nil {
		return fmt.Errorf("save a session: %w", err)
	}
	return nil
}

// DeleteCtx ends a session.
func (s SessionStore) DeleteCtx(ctx context.Context, token string) error {
	_, err := s.db.Exec(ctx, `UPDATE session SET ended_at = clock_timestamp(), data = '' WHERE token = $1 AND ended_at IS NULL`, token)
	if err != nil {
		return fmt.Errorf("end a session: %w", err)
	}
	return nil
}

// Find is FindCtx without a context.
func (s SessionStore) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx without a context.
func (s SessionStore) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx without a context.
func (s SessionStore) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// Sweep removes sessions and counters of tries that have no use any more. A job calls it now and then.
func (s *Service) Sweep(ctx context.Context) error {
	if _, err := s.db.Exec(ctx, `SELECT sweep_sessions(), sweep_password_attempts()`); err != nil {
		return fmt.Errorf("sweep sessions: %w", err)
	}
	return nil
}
