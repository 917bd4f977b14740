package account

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// GrantableRoles are the roles that an administrator gives. A lead officer has none: a seat comes from an appointment.
func GrantableRoles() []authz.Role {
	return []authz.Role{authz.Office, authz.BusinessSupport, authz.AgencyStaff, authz.Scrutineer, authz.Administrator}
}

// BoundToOrganisation tells whether a role is held for one organisation.
func BoundToOrganisation(role authz.Role) bool {
	return role == authz.Office || role == authz.AgencyStaff
}

// GrantRole gives somebody a role. Faults: Forbidden (also to oneself), NotFound, Invalid, Conflict if it is held already.
func (s *Service) GrantRole(ctx context.Context, by authz.Actor, account id.Account, held authz.Held) error {
	if !by.Can(authz.AdministerAccount) {
		return errNotAdministrator
	}
	at := s.now()
	err := pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		if _, err := lockCredentials(ctx, tx, account); err != nil {
			return err
		}
		return grantRole(ctx, tx, by, at, account, held)
	})
	return pg.Translate(err, faults)
}

func grantRole(ctx context.Context, tx pgx.Tx, by authz.Actor, at time.Time, account id.Account, held authz.Held) error {
	if BoundToOrganisation(held.Role) != (held.Organisation != 0) {
		return faults["role_grant_bound"]
	}
	var grant int64
	err := tx.QueryRow(ctx, `
		INSERT INTO role_grant (account_id, role, organisation_id, granted_by)
		VALUES (@account, @role, nullif(@organisation::bigint, 0), nullif(@by::bigint, 0)) RETURNING id`,
		pgx.StrictNamedArgs{"account": account, "role": string(held.Role), "organisation": int64(held.Organisation), "by": int64(by.Account)}).Scan(&grant)
	if err != nil {
		return fmt.Errorf("grant a role: %w", err)
	}
	return audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: actionRoleGranted, SubjectKind: subjectRole, SubjectID: grant, After: string(held.Role)})
}

// EndRole ends a role, and with it the sessions of its holder: they sign in again with what is left.
// Faults: Forbidden, NotFound, Conflict if it has ended already or it is the last administrator's.
func (s *Service) EndRole(ctx context.Context, by authz.Actor, account id.Account, grant int64) error {
	if !by.Can(authz.AdministerAccount) {
		return errNotAdministrator
	}
	at := s.now()
	err := pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		if err := lockAdministrators(ctx, tx); err != nil {
			return err
		}
		var role authz.Role
		var ended bool
		err := tx.QueryRow(ctx, `SELECT role, ended_at IS NOT NULL FROM role_grant WHERE id = @id AND account_id = @account FOR UPDATE`,
			pgx.StrictNamedArgs{"id": grant, "account": account}).Scan(&role, &ended)
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			return fault.New(fault.NotFound, "There is no such role.").Because(err)
		case err != nil:
			return fmt.Errorf("lock a role: %w", err)
		case ended:
			return faults["role_grant_ends_once"]
		}
		_, err = tx.Exec(ctx, `UPDATE role_grant SET ended_by = nullif(@by::bigint, 0), ended_at = clock_timestamp() WHERE id = @id`,
			pgx.StrictNamedArgs{"id": grant, "by": int64(by.Account)})
		if err != nil {
			return fmt.Errorf("end a role: %w", err)
		}
		if role == authz.Administrator {
			if err := keepAnAdministrator(ctx, tx); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: actionRoleEnded, SubjectKind: subjectRole, SubjectID: grant, Before: string(role)})
	})
	return pg.Translate(err, faults)
}

// Suspend keeps somebody from signing in and ends their sessions. Faults: Forbidden (also oneself), NotFound, Conflict.
func (s *Service) Suspend(ctx context.Context, by authz.Actor, account id.Account) error {
	if by.Account == account {
		return fault.New(fault.Forbidden, "You can't suspend yourself. Ask another administrator.")
	}
	return s.setSuspended(ctx, by, account, true)
}

// Restore ends a suspension. Faults: Forbidden, NotFound, Conflict.
func (s *Service) Restore(ctx context.Context, by authz.Actor, account id.Account) error {
	return s.setSuspended(ctx, by, account, false)
}

func (s *Service) setSuspended(ctx context.Context, by authz.Actor, account id.Account, suspend bool) error {
	if !by.Can(authz.AdministerAccount) {
		return errNotAdministrator
	}
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		if err := lockAdministrators(ctx, tx); err != nil {
			return err
		}
		c, err := lockCredentials(ctx, tx, account)
		if err != nil {
			return err
		}
		e := audit.Event{At: at, By: by, Action: actionRestored, SubjectKind: subjectAccount, SubjectID: int64(account), Before: string(Suspended), After: string(Active)}
		query := `UPDATE account SET suspended_at = NULL WHERE id = $1`
		if suspend {
			query = `UPDATE account SET suspended_at = clock_timestamp() WHERE id = $1`
			e.Action, e.Before, e.After = actionSuspended, string(Active), string(Suspended)
		}
		switch {
		case suspend && c.Suspended:
			return fault.New(fault.Conflict, "The account is suspended already.")
		case !suspend && !c.Suspended:
			return fault.New(fault.Conflict, "The account is not suspended.")
		}
		if _, err := tx.Exec(ctx, query, account); err != nil {
			return fmt.Errorf("suspend or restore an account: %w", err)
		}
		if suspend {
			if err := replaceLinks(ctx, tx, account, ""); err != nil {
				return err
			}
			if err := keepAnAdministrator(ctx, tx); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, e)
	})
}

// administratorLock is an arbitrary number: only one transaction at a time may take away an administrator.
const administratorLock = 8_318_221_920

// lockAdministrators keeps two administrators from ending each other at the same moment.
func lockAdministrators(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, int64(administratorLock)); err != nil {
		return fmt.Errorf("lock the administrators: %w", err)
	}
	return nil
}

// keepAnAdministrator refuses a change after which nobody could administer the portal.
func keepAnAdministrator(ctx context.Context, tx pgx.Tx) error {
	var left bool
	err := tx.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM role_grant g JOIN account a ON a.id = g.account_id
		               WHERE g.role = 'administrator' AND g.ended_at IS NULL AND a.suspended_at IS NULL AND a.password_hash IS NOT NULL)`).Scan(&left)
	if err != nil {
		return fmt.Errorf("look for another administrator: %w", err)
	}
	if !left {
		return fault.New(fault.Conflict, "This is the last administrator. Make another one first.")
	}
	return nil
}
