// Package accounttest makes accounts and roles for tests.
package accounttest

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
)

// Password is the password of every account that is made here.
const Password = "three unrelated words"

// passwordHash is that of Password, made once: hashing costs time.
const passwordHash = "$argon2id$v=19$m=19456,t=2,p=1$W1q3a98qtbG3nYbX+7EdDA$kyfWtjSV51347DFlufrMxUc9FsQqUKGiQABxpAWHh9Y"

// Made is an account that can sign in.
type Made struct {
	ID    id.Account
	Email string
	Name  string
	Hash  string // empty: the invitation is not accepted yet
	Roles []authz.Held
}

// Account stores an account with the password, in the roles that alter gives it.
func Account(t testing.TB, db pg.DB, alter ...func(*Made)) Made {
	t.Helper()
	u := membershiptest.Unique()
	m := Made{Email: u + "@example.org", Name: "Person " + u, Hash: passwordHash}
	for _, f := range alter {
		f(&m)
	}
	err := db.QueryRow(context.Background(), `
		INSERT INTO account (email, name, password_hash) VALUES (@email, @name, nullif(@hash, '')) RETURNING id`,
		pgx.StrictNamedArgs{"email": m.Email, "name": m.Name, "hash": m.Hash}).Scan(&m.ID)
	if err != nil {
		t.Fatalf("make an account for the test: %v", err)
	}
	for _, held := range m.Roles {
		Grant(t, db, m.ID, held.Role, held.Organisation)
	}
	return m
}

// In gives the account a role for the partnership, or for the organisation if one is named.
func In(role authz.Role, organisation ...id.Organisation) func(*Made) {
	held := authz.Held{Role: role}
	for _, o := range organisation {
		held.Organisation = o
	}
	return func(m *Made) { m.Roles = append(m.Roles, held) }
}

// Grant stores that an account holds a role.
func Grant(t testing.TB, db pg.DB, account id.Account, role authz.Role, organisation id.Organisation) {
	t.Helper()
	_, err := db.Exec(context.Background(), `
		INSERT INTO role_grant (account_id, role, organisation_id) VALUES (@account, @role, nullif(@organisation::bigint, 0))`,
		pgx.StrictNamedArgs{"account": account, "role": string(role), "organisation": organisation})
	if err != nil {
		t.Fatalf("grant a role for the test: %v", err)
	}
}
