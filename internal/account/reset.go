package account

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
)

// resetTries keep a mailbox from being flooded with letters.
var resetTries = tryPolicy{free: 3, firstWait: 5 * time.Minute, longest: time.Hour, forget: 24 * time.Hour}

// AskResetCommand is what somebody typed who has forgotten a password, and where from.
type AskResetCommand struct {
	Email     string
	Network   string
	RequestID string
}

// AskReset asks for the letter with a link to a new password, if the address has an account that can sign in. It says
// the same whether it has or not. Fault: Unauthenticated if the network asks too often.
func (s *Service) AskReset(ctx context.Context, cmd AskResetCommand) error {
	email := strings.ToLower(strings.TrimSpace(cmd.Email))
	at := s.now()
	if err := takeTry(ctx, s.db, networkSubject(cmd.Network), networkTries, at); err != nil {
		return err
	}
	err := takeTry(ctx, s.db, "reset-"+emailSubject(email), resetTries, at)
	if errors.Is(err, fault.Unauthenticated) {
		return nil // a letter has been sent already; saying so would tell that the account exists
	}
	if err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		c, err := selectCredentials(ctx, tx, email)
		if errors.Is(err, fault.NotFound) || (err == nil && (c.Suspended || c.PasswordHash == "")) {
			return nil
		}
		if err != nil {
			return err
		}
		by := self(c.ID, c.Name, cmd.RequestID)
		linkID, err := s.links.issue(ctx, tx, Reset, c.ID, authz.Actor{})
		if err != nil {
			return err
		}
		err = audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: actionResetAsked, SubjectKind: subjectAccount, SubjectID: int64(c.ID)})
		if err != nil {
			return err
		}
		return s.letters.ResetAsked(ctx, tx, linkID)
	})
}

// Reset sets a new password by a link; every session of the account ends. Faults: NotFound for a link that can't be
// used, Invalid for a password that breaks a rule.
func (s *Service) Reset(ctx context.Context, cmd AcceptCommand) (SignedIn, error) {
	return s.setByLink(ctx, cmd, Reset, actionPasswordReset)
}

// ChangePassword sets a new password of somebody who knows the present one. Every other session of theirs ends: the
// caller goes on under what is returned. Faults: Invalid, Unauthenticated after too many wrong ones.
func (s *Service) ChangePassword(ctx context.Context, by authz.Actor, current, next string) (in SignedIn, err error) {
	c, err := selectCredentialsOf(ctx, s.db, by.Account)
	if err != nil {
		return SignedIn{}, err
	}
	if err := checkPassword(next, c.Email); err != nil {
		return SignedIn{}, err
	}
	if err := s.VerifyPassword(ctx, by, current); err != nil {
		return SignedIn{}, err
	}
	hash, err := s.hashing.hash(ctx, next)
	if err != nil {
		return SignedIn{}, fmt.Errorf("hash a password: %w", err)
	}
	at := s.now()
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		locked, err := lockCredentials(ctx, tx, by.Account)
		if err != nil {
			return err
		}
		if locked.Epoch != c.Epoch || locked.Suspended {
			return errSessionOver // changed or suspended meanwhile
		}
		if err := updatePassword(ctx, tx, by.Account, hash); err != nil {
			return err
		}
		if err := replaceLinks(ctx, tx, by.Account, ""); err != nil {
			return err
		}
		if in, err = selectSignedIn(ctx, tx, by.Account); err != nil {
			return err
		}
		err = audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: actionPasswordChanged, SubjectKind: subjectAccount, SubjectID: int64(by.Account)})
		if err != nil {
			return err
		}
		return s.letters.PasswordChanged(ctx, tx, by.Account)
	})
	return in, err
}
