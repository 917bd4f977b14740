package pg

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// The database roles besides the owner. They are groups without a login, taken by a pool as a run-time parameter.
// They guard against our own mistakes, not against somebody who holds the database's password.
const (
	RoleApp    = "portal_app"    // the signed-in side: no DELETE or TRUNCATE on domain tables, no DDL
	RolePublic = "portal_public" // public pages: the views of schema published, nothing else
	RoleRiver  = "portal_river"  // the job workers: everything in schema river
)

// rolesLock is an arbitrary number that all portals agree on.
const rolesLock = 8_318_221_907

const (
	duplicateObject = "42710"
	uniqueViolation = "23505"
)

// EnsureRoles creates the three roles where they are missing and lets the connected user take them. Roles belong to
// the whole cluster, and advisory locks to one database, so a portal of another database may still come first: that
// is no error.
func EnsureRoles(ctx context.Context, conn *pgx.Conn) (err error) {
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, int64(rolesLock)); err != nil {
		return fmt.Errorf("lock the database roles: %w", err)
	}
	defer func() {
		_, unlockErr := conn.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, int64(rolesLock))
		err = errors.Join(err, unlockErr)
	}()
	for _, role := range []string{RoleApp, RolePublic, RoleRiver} {
		if err := ensureRole(ctx, conn, role); err != nil {
			return fmt.Errorf("database role %s: %w", role, err)
		}
	}
	return nil
}

func ensureRole(ctx context.Context, conn *pgx.Conn, role string) error {
	var exists, member bool
	err := conn.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1),
		       EXISTS (SELECT FROM pg_auth_members m
		               JOIN pg_roles r ON r.oid = m.roleid
		               JOIN pg_roles u ON u.oid = m.member
		               WHERE r.rolname = $1 AND u.rolname = current_user)`, role).Scan(&exists, &member)
	if err != nil {
		return err
	}
	name := pgx.Identifier{role}.Sanitize()
	if !exists {
		if _, err := conn.Exec(ctx, `CREATE ROLE `+name+` NOLOGIN`); err != nil && !alreadyThere(err) {
			return err
		}
	}
	if !member {
		if _, err := conn.Exec(ctx, `GRANT `+name+` TO current_user`); err != nil && !alreadyThere(err) {
			return err
		}
	}
	return nil
}

func alreadyThere(err error) bool {
	pgErr, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (pgErr.Code == duplicateObject || pgErr.Code == uniqueViolation)
}
