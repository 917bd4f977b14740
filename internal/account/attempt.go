package account

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/fault"
	"partnershipportal/internal/pg"
)

// tryPolicy says after how many tries a wait comes, and how the wait grows.
type tryPolicy struct {
	free      int           // tries before the first wait
	firstWait time.Duration // doubles with each further try
	longest   time.Duration
	forget    time.Duration // tries this long ago count no more
}

// An account is guarded strictly: but never for good, or anybody could lock anybody out. A network is guarded
// generously: a whole council may share one address.
var (
	accountTries = tryPolicy{free: 5, firstWait: 30 * time.Second, longest: 15 * time.Minute, forget: 24 * time.Hour}
	networkTries = tryPolicy{free: 100, firstWait: time.Minute, longest: 15 * time.Minute, forget: time.Hour}
)

// emailSubject counts unknown addresses like known ones, and keeps neither as text.
func emailSubject(email string) string {
	sum := sha256.Sum256([]byte(email))
	return "account:" + base64.RawURLEncoding.EncodeToString(sum[:])
}

func networkSubject(network string) string { return "network:" + network }

// takeTry counts a try before the password is looked at, so that tries at the same time can't slip past together.
// Fault: Unauthenticated if the wait is not over.
func takeTry(ctx context.Context, db pg.DB, subject string, p tryPolicy, at time.Time) error {
	var tries int
	err := db.QueryRow(ctx, `
		INSERT INTO password_attempt AS a (subject, tries, last_at, blocked_until) VALUES (@subject, 1, @at, @at)
		ON CONFLICT (subject) DO UPDATE SET
			tries = CASE WHEN a.last_at < @forgotten THEN 1 ELSE a.tries + 1 END,
			last_at = @at,
			blocked_until = CASE WHEN a.last_at < @forgotten OR a.tries + 1 < @free THEN @at
				ELSE @at::timestamptz + least(@first_wait * (2 ^ least(a.tries + 1 - @free, 20)), @longest) * interval '1 second' END
		WHERE a.blocked_until <= @at
		RETURNING tries`,
		pgx.StrictNamedArgs{
			"subject": subject, "at": at, "forgotten": at.Add(-p.forget), "free": p.free,
			"first_wait": p.firstWait.Seconds(), "longest": p.longest.Seconds(),
		}).Scan(&tries)
	if errors.Is(err, pgx.ErrNoRows) {
		return waitFault(ctx, db, subject, at)
	}
	if err != nil {
		return fmt.Errorf("count a password try: %w", err)
	}
	return nil
}

func waitFault(ctx context.Context, db pg.DB, subject string, at time.Time) error {
	var until time.Time
	if err := db.QueryRow(ctx, `SELECT blocked_until FROM password_attempt WHERE subject = $1`, subject).Scan(&until); err != nil {
		return fmt.Errorf("read the wait after password tries: %w", err)
	}
	wait := "1 minute"
	if minutes := int((until.Sub(at) + time.Minute - 1) / time.Minute); minutes > 1 {
		wait = fmt.Sprintf("%d minutes", minutes)
	}
	return fault.New(fault.Unauthenticated, "Too many wrong passwords were tried. Wait "+wait+", then try again.")
}

// forgiveTries forgets the tries of an account after the right password.
func forgiveTries(ctx context.Context, db pg.DB, email string) error {
	_, err := db.Exec(ctx, `UPDATE password_attempt SET tries = 0, blocked_until = last_at WHERE subject = $1`, emailSubject(email))
	if err != nil {
		return fmt.Errorf("forget password tries: %w", err)
	}
	return nil
}

// returnTry takes one try of a network back: it was the right password.
func returnTry(ctx context.Context, db pg.DB, network string) error {
	_, err := db.Exec(ctx, `UPDATE password_attempt SET tries = greatest(tries - 1, 0) WHERE subject = $1`, networkSubject(network))
	if err != nil {
		return fmt.Errorf("take back a password try: %w", err)
	}
	return nil
}
