package account_test

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/account"
	"partnershipportal/internal/account/accounttest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
)

// recorder keeps which letters were asked for.
type recorder struct {
	invited, reset []int64
	changed        []id.Account
}

func (r *recorder) Invited(_ context.Context, _ pgx.Tx, link int64) error {
	r.invited = append(r.invited, link)
	return nil
}

func (r *recorder) ResetAsked(_ context.Context, _ pgx.Tx, link int64) error {
	r.reset = append(r.reset, link)
	return nil
}

func (r *recorder) PasswordChanged(_ context.Context, _ pgx.Tx, account id.Account) error {
	r.changed = append(r.changed, account)
	return nil
}

// office is a service over a transaction, its letters, its clock, and an administrator.
type office struct {
	*account.Service
	t       testing.TB
	db      pg.DB
	letters *recorder
	at      time.Time
	admin   authz.Actor
}

func newOffice(t testing.TB) *office {
	t.Helper()
	return officeOver(t, pgtest.Tx(t))
}

func officeOver(t testing.TB, db pg.DB) *office {
	t.Helper()
	links, err := account.NewLinks(bytes.Repeat([]byte("k"), 32))
	if err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, db: db, letters: &recorder{}, at: time.Now()}
	o.Service = account.New(db, o.letters, links, func() time.Time { return o.at })
	who := accounttest.Account(t, db, accounttest.In(authz.Administrator))
	o.admin = authz.Actor{Account: who.ID, Name: who.Name, Held: who.Roles, RequestID: "test"}
	return o
}

// token makes the token of a link as its letter would.
func (o *office) token(link int64) string {
	o.t.Helper()
	_, token, err := o.LinkToken(context.Background(), link)
	if err != nil {
		o.t.Fatalf("make the token of link %d: %v", link, err)
	}
	return token
}

// actions lists what the audit holds of a subject, oldest first.
func (o *office) actions(kind string, subject int64) []string {
	o.t.Helper()
	rows, _ := o.db.Query(context.Background(), `SELECT action FROM event WHERE subject_kind = $1 AND subject_id = $2 ORDER BY id`, kind, subject)
	actions, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		o.t.Fatal(err)
	}
	return actions
}

func (o *office) exec(sql string, args ...any) {
	o.t.Helper()
	if _, err := o.db.Exec(context.Background(), sql, args...); err != nil {
		o.t.Fatalf("%s: %v", sql, err)
	}
}

func wantFault(t testing.TB, err error, kind fault.Kind) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Fatalf("error is %v, want %s", err, kind)
	}
}

const good = "three other words"
