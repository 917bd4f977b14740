package pgtest

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"partnershipportal/internal/pg"
)

// AsOwner lets an attempt be made by the owner of the tables, whom the role's missing rights do not stop.
const AsOwner = "NONE"

// Attempt is something that the database must refuse or put right, done by raw SQL as a fault in our own code would do it.
type Attempt struct {
	Name      string   // a sentence: what is tried
	As        string   // database role: the application's unless set
	Unguarded bool     // by the owner, past all triggers and foreign keys: for guards that stand behind another
	Forged    []string // brought about first in that way
	After     []string // brought about first by the owner, in the proper way
	SQL       string
	Want      string // the constraint that refuses it, or else the SQLSTATE; with Shows what that yields; empty if it is let pass
	Shows     string // query that tells, as one text, what became of what was let pass
}

// Row is a row to be: SQL expressions by column.
type Row map[string]string

// With is the row with columns changed: name, expression, name, expression … An empty expression leaves the column out.
func (r Row) With(changes ...string) Row {
	changed := maps.Clone(r)
	for i := 0; i < len(changes); i += 2 {
		changed[changes[i]] = changes[i+1]
		if changes[i+1] == "" {
			delete(changed, changes[i])
		}
	}
	return changed
}

// Into is the statement that inserts the row.
func (r Row) Into(table string) string {
	columns := slices.Sorted(maps.Keys(r))
	values := make([]string, 0, len(columns))
	for _, c := range columns {
		values = append(values, r[c])
	}
	// With OVERRIDING the owner may name even the identifiers that the database gives.
	return `INSERT INTO ` + table + ` (` + strings.Join(columns, ", ") + `) OVERRIDING SYSTEM VALUE VALUES (` + strings.Join(values, ", ") + `)`
}

// Refused makes each attempt and wants it refused as it says. Nothing stays of it. The database is the owner's handle of
// one that the test has to itself, since some attempts lock whole tables.
func Refused(t *testing.T, db pg.DB, given pgx.NamedArgs, attempts []Attempt) {
	t.Helper()
	for _, a := range attempts {
		t.Run(a.Name, func(t *testing.T) {
			if got := a.outcome(t, db, given); got != a.Want {
				t.Errorf("the outcome is %q, want %q", got, a.Want)
			}
		})
	}
}

// outcome makes the attempt in a savepoint that is always rolled back, and checks what is otherwise checked at commit.
func (a Attempt) outcome(t testing.TB, db pg.DB, given pgx.NamedArgs) string {
	t.Helper()
	ctx := context.Background()
	tx, err := db.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(ctx)
	const guardsOff, guardsOn = `SET LOCAL session_replication_role = replica`, `SET LOCAL session_replication_role = origin`
	var before []string
	if len(a.Forged) > 0 {
		before = slices.Concat([]string{guardsOff}, a.Forged, []string{guardsOn})
	}
	before = append(before, a.After...)
	if a.Unguarded {
		before = append(before, guardsOff)
	} else if a.As != AsOwner {
		before = append(before, `SET LOCAL ROLE `+cmp.Or(a.As, pg.RoleApp))
	}
	for _, sql := range before {
		if _, err := tx.Exec(ctx, sql, given); err != nil {
			return "not brought about: " + refusal(t, sql, err)
		}
	}
	for _, sql := range []string{a.SQL, `SET CONSTRAINTS ALL IMMEDIATE`} {
		if _, err := tx.Exec(ctx, sql, given); err != nil {
			return refusal(t, a.Name, err)
		}
	}
	if a.Shows == "" {
		return ""
	}
	if _, err := tx.Exec(ctx, `SET LOCAL ROLE NONE`); err != nil {
		t.Fatalf("%s: %v", a.Name, err)
	}
	var shown string
	if err := tx.QueryRow(ctx, a.Shows, given).Scan(&shown); err != nil {
		return "nothing to show: " + err.Error()
	}
	return shown
}

func refusal(t testing.TB, name string, err error) string {
	t.Helper()
	e, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		t.Fatalf("%s: %v", name, err)
	}
	if e.ConstraintName != "" {
		return e.ConstraintName
	}
	return e.Code
}
