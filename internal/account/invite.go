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

// InviteCommand says whom to invite. Role may be empty: a lead officer holds no role but an appointment.
type InviteCommand struct {
	Email        string
	Name         string
	Role         authz.Role
	Organisation id.Organisation // for roles that are bound to one
}

// Invited is a new account and the link of its invitation.
type Invited struct {
	Account id.Account
	LinkID  int64
}

// Invite makes an account with a role, and asks for the letter with its invitation. Who proposes appointments can invite
// people without a role: such an account may do nothing until two people appoint its holder.
// Faults: Forbidden, Conflict if the address has an account, Invalid.
func (s *Service) Invite(ctx context.Context, by authz.Actor, cmd InviteCommand) (in Invited, err error) {
	if !by.Can(authz.AdministerAccount) && (cmd.Role != "" || !by.Can(authz.ProposeSeat)) {
		return Invited{}, errNotAdministrator
	}
	at := s.now()
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		if in.Account, err = insertAccount(ctx, tx, cmd); err != nil {
			return err
		}
		err := audit.Record(ctx, tx, audit.Event{
			At: at, By: by, Action: actionInvited, SubjectKind: subjectAccount, SubjectID: int64(in.Account), After: string(Open)})
		if err != nil {
			return err
		}
		if cmd.Role != "" {
			if err := grantRole(ctx, tx, by, at, in.Account, authz.Held{Role: cmd.Role, Organisation: cmd.Organisation}); err != nil {
				return err
			}
		}
		if in.LinkID, err = s.links.issue(ctx, tx, Invitation, in.Account, by); err != nil {
			return err
		}
		return s.letters.Invited(ctx, tx, in.LinkID)
	})
	return in, pg.Translate(err, faults)
}

// InviteAgain issues a new invitation to somebody who has not accepted the first; the earlier link no longer works.
// Faults: Forbidden, NotFound, Conflict if it was accepted or the account is suspended.
func (s *Service) InviteAgain(ctx context.Context, by authz.Actor, account id.Account) (linkID int64, err error) {
	if !by.Can(authz.AdministerAccount) {
		return 0, errNotAdministrator
	}
	at := s.now()
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		c, err := lockCredentials(ctx, tx, account)
		if err != nil {
			return err
		}
		switch {
		case c.PasswordHash != "":
			return fault.New(fault.Conflict, "This person has accepted the invitation already.")
		case c.Suspended:
			return fault.New(fault.Conflict, "The account is suspended. End the suspension first.")
		}
		if linkID, err = s.links.issue(ctx, tx, Invitation, account, by); err != nil {
			return err
		}
		err = audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: actionInvitedAgain, SubjectKind: subjectAccount, SubjectID: int64(account)})
		if err != nil {
			return err
		}
		return s.letters.Invited(ctx, tx, linkID)
	})
	return linkID, err
}

// AcceptCommand is what an invited person sends: the token of the link, and the password that they choose.
type AcceptCommand struct {
	Token     string
	Password  string
	RequestID string
}

// Accept sets the first password of an invited person and uses the link up. Faults: NotFound for a link that can't be
// used, Invalid for a password that breaks a rule.
func (s *Service) Accept(ctx context.Context, cmd AcceptCommand) (SignedIn, error) {
	return s.setByLink(ctx, cmd, Invitation, actionAccepted)
}

// setByLink sets a password by a one-time link.
func (s *Service) setByLink(ctx context.Context, cmd AcceptCommand, p Purpose, action string) (in SignedIn, err error) {
	link, err := s.OpenLink(ctx, p, cmd.Token)
	if err != nil {
		return SignedIn{}, err
	}
	if err := checkPassword(cmd.Password, link.Email); err != nil {
		return SignedIn{}, err
	}
	hash, err := s.hashing.hash(ctx, cmd.Password) // before the transaction: it takes its time
	if err != nil {
		return SignedIn{}, fmt.Errorf("hash a password: %w", err)
	}
	at := s.now()
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		account, err := useLink(ctx, tx, p, cmd.Token)
		if err != nil {
			return err
		}
		c, err := lockCredentials(ctx, tx, account)
		if err != nil {
			return err
		}
		if c.Suspended {
			return ErrLinkOver
		}
		if err := updatePassword(ctx, tx, account, hash); err != nil {
			return err
		}
		if err := replaceLinks(ctx, tx, account, ""); err != nil {
			return err
		}
		if err := forgiveTries(ctx, tx, c.Email); err != nil {
			return err
		}
		if in, err = selectSignedIn(ctx, tx, account); err != nil {
			return err
		}
		err = audit.Record(ctx, tx, audit.Event{
			At: at, By: self(account, c.Name, cmd.RequestID), Action: action, SubjectKind: subjectAccount, SubjectID: int64(account)})
		if err != nil || p != Reset {
			return err
		}
		return s.letters.PasswordChanged(ctx, tx, account)
	})
	return in, err
}

var errNotAdministrator = fault.New(fault.Forbidden, "Only an administrator keeps the accounts.")

// faults are what the constraints of this package's tables mean to the user.
var faults = map[string]*fault.Error{
	"account_email_key":            fault.New(fault.Conflict, "There is an account with this email address already."),
	"account_email_form":           fault.Field("email", "Enter an email address in the correct format, like name@example.org"),
	"account_name_length":          fault.Field("name", "Enter a name of 200 characters or fewer"),
	"role_grant_held_key":          fault.New(fault.Conflict, "The person holds this role already."),
	"role_grant_not_to_self":       fault.New(fault.Forbidden, "You can't give a role to yourself. Ask another administrator."),
	"role_grant_bound":             fault.Field("organisation", "Choose the organisation for this role, or none for a role of the whole partnership"),
	"role_grant_role_known":        fault.Field("role", "Choose a role"),
	"role_grant_organisation_fkey": fault.Field("organisation", "Choose an organisation"),
	"role_grant_ends_once":         fault.New(fault.Conflict, "The role has ended already."),
}

func insertAccount(ctx context.Context, tx pgx.Tx, cmd InviteCommand) (id.Account, error) {
	var account id.Account
	err := tx.QueryRow(ctx, `INSERT INTO account (email, name) VALUES (@email, @name) RETURNING id`,
		pgx.StrictNamedArgs{"email": strings.ToLower(strings.TrimSpace(cmd.Email)), "name": strings.TrimSpace(cmd.Name)}).Scan(&account)
	if err != nil {
		return 0, fmt.Errorf("add an account: %w", err)
	}
	return account, nil
}

func updatePassword(ctx context.Context, tx pgx.Tx, account id.Account, hash string) error {
	if _, err := tx.Exec(ctx, `UPDATE account SET password_hash = $2 WHERE id = $1`, account, hash); err != nil {
		return fmt.Errorf("set a password: %w", err)
	}
	return nil
}

// selectSignedIn reads what a session of the account keeps from now on.
func selectSignedIn(ctx context.Context, tx pgx.Tx, account id.Account) (SignedIn, error) {
	rows, _ := tx.Query(ctx, `SELECT id AS account, epoch FROM account WHERE id = $1`, account)
	in, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[SignedIn])
	if errors.Is(err, pgx.ErrNoRows) {
		return SignedIn{}, fault.New(fault.NotFound, "There is no such account.").Because(err)
	}
	if err != nil {
		return SignedIn{}, fmt.Errorf("read an account's epoch: %w", err)
	}
	return in, nil
}
