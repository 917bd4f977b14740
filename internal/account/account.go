// Package account keeps the people who can sign in: invitations, passwords, sessions and the roles they hold.
package account

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// Letters are the letters that this package asks for. They carry the number of a link, never its token: whoever
// sends the letter makes the token anew with Service.LinkToken.
type Letters interface {
	Invited(ctx context.Context, tx pgx.Tx, linkID int64) error
	ResetAsked(ctx context.Context, tx pgx.Tx, linkID int64) error
	PasswordChanged(ctx context.Context, tx pgx.Tx, account id.Account) error
}

// NoLetters sends nothing: for commands that print the address instead.
type NoLetters struct{}

// Invited does nothing.
func (NoLetters) Invited(context.Context, pgx.Tx, int64) error { return nil }

// ResetAsked does nothing.
func (NoLetters) ResetAsked(context.Context, pgx.Tx, int64) error { return nil }

// PasswordChanged does nothing.
func (NoLetters) PasswordChanged(context.Context, pgx.Tx, id.Account) error { return nil }

// Service has the use cases of accounts.
type Service struct {
	db      pg.DB
	letters Letters
	links   Links
	now     func() time.Time
	hashing *hasher
}

// New makes the service.
func New(db pg.DB, letters Letters, links Links, now func() time.Time) *Service {
	return &Service{db: db, letters: letters, links: links, now: now, hashing: newHasher()}
}

// The deeds that the audit keeps.
const (
	actionInvited         = "account.invited"
	actionInvitedAgain    = "account.invited-again"
	actionAccepted        = "invitation.accepted"
	actionSignedIn        = "account.signed-in"
	actionResetAsked      = "password.reset-asked"
	actionPasswordReset   = "password.reset"
	actionPasswordChanged = "password.changed"
	actionSuspended       = "account.suspended"
	actionRestored        = "account.restored"
	actionRoleGranted     = "role.granted"
	actionRoleEnded       = "role.ended"
)

const (
	subjectAccount = "account"
	subjectRole    = "role"
)

// self is the actor of what somebody does before they are signed in.
func self(account id.Account, name, requestID string) authz.Actor {
	return authz.Actor{Account: account, Name: name, RequestID: requestID}
}
