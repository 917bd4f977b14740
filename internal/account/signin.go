package account

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// SignInCommand is what somebody typed to sign in, and where from.
type SignInCommand struct {
	Email     string
	Password  string
	Network   string // the address or network that the limits count
	RequestID string
}

// SignedIn is what a session keeps of an account.
type SignedIn struct {
	Account id.Account
	Epoch   int
}

// ErrWrongPassword is the one answer to an unknown address, a wrong password, an invitation that was not accepted, and a suspended account.
var ErrWrongPassword = fault.New(fault.Unauthenticated, "Email address or password is not right. Check both and try again.")

// SignIn checks an address and a password. Known and unknown addresses cost the same time and get the same words.
// Faults: Unauthenticated.
func (s *Service) SignIn(ctx context.Context, cmd SignInCommand) (SignedIn, error) {
	email := strings.ToLower(strings.TrimSpace(cmd.Email))
	at := s.now()
	if err := takeTry(ctx, s.db, networkSubject(cmd.Network), networkTries, at); err != nil {
		return SignedIn{}, err
	}
	if err := takeTry(ctx, s.db, emailSubject(email), accountTries, at); err != nil {
		return SignedIn{}, err
	}
	c, err := selectCredentials(ctx, s.db, email)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return SignedIn{}, err
	}
	right, err := s.hashing.matches(ctx, cmd.Password, c.PasswordHash)
	if err != nil {
		return SignedIn{}, fmt.Errorf("check a password: %w", err)
	}
	if !right || c.Suspended {
		return SignedIn{}, ErrWrongPassword
	}
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		if err := forgiveTries(ctx, tx, email); err != nil {
			return err
		}
		if err := returnTry(ctx, tx, cmd.Network); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{
			At: at, By: self(c.ID, c.Name, cmd.RequestID), Action: actionSignedIn, SubjectKind: subjectAccount, SubjectID: int64(c.ID)})
	})
	if err != nil {
		return SignedIn{}, err
	}
	return SignedIn{Account: c.ID, Epoch: c.Epoch}, nil
}

// VerifyPassword checks the password of somebody who is signed in, as fresh proof of person. Tries count as at
// sign-in. Faults: Unauthenticated.
func (s *Service) VerifyPassword(ctx context.Context, by authz.Actor, password string) error {
	c, err := selectCredentialsOf(ctx, s.db, by.Account)
	if err != nil {
		return err
	}
	if err := takeTry(ctx, s.db, emailSubject(c.Email), accountTries, s.now()); err != nil {
		return err
	}
	right, err := s.hashing.matches(ctx, password, c.PasswordHash)
	if err != nil {
		return fmt.Errorf("check a password: %w", err)
	}
	if !right || c.Suspended {
		return fault.New(fault.Unauthenticated, "The password is not right.")
	}
	return forgiveTries(ctx, s.db, c.Email)
}

// credentials are what a password is checked against.
type credentials struct {
	ID           id.Account
	Email        string
	Name         string
	PasswordHash string
	Epoch        int
	Suspended    bool
}

const credentialColumns = `SELECT id, email, name, coalesce(password_hash, '') AS password_hash, epoch, suspended_at IS NOT NULL AS suspended FROM account`

func selectCredentials(ctx context.Context, db pg.DB, email string) (credentials, error) {
	rows, _ := db.Query(ctx, credentialColumns+` WHERE email = $1`, email)
	return oneCredentials(rows)
}

func selectCredentialsOf(ctx context.Context, db pg.DB, account id.Account) (credentials, error) {
	rows, _ := db.Query(ctx, credentialColumns+` WHERE id = $1`, account)
	return oneCredentials(rows)
}

// lockCredentials also keeps others from changing the account until the transaction ends.
func lockCredentials(ctx context.Context, tx pgx.Tx, account id.Account) (credentials, error) {
	rows, _ := tx.Query(ctx, credentialColumns+` WHERE id = $1 FOR UPDATE`, account)
	return oneCredentials(rows)
}

func oneCredentials(rows pgx.Rows) (credentials, error) {
	c, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[credentials])
	if errors.Is(err, pgx.ErrNoRows) {
		return credentials{}, fault.New(fault.NotFound, "There is no such account.").Because(err)
	}
	if err != nil {
		return credentials{}, fmt.Errorf("read an account: %w", err)
	}
	return c, nil
}
