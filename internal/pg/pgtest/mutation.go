package pgtest

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/pg"
)

// Mutation takes one guard away from the database.
type Mutation struct {
	Name  string
	Table string // the one that it guards
	SQL   string
}

// listGuards names the constraints, unique indexes and triggers of tables, and how to be rid of each. What stamps
// recorded_at and what tells of changes are no guards of sign-off: tests of their own cover them for all tables.
const listGuards = `
	SELECT conname AS name, conrelid::regclass::text AS table, format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', conrelid::regclass, conname) AS sql
	FROM pg_constraint WHERE conrelid::regclass::text = ANY (@tables) AND contype IN ('c', 'f', 'p', 'u', 'x')
	UNION ALL
	SELECT c.relname, i.indrelid::regclass::text, format('DROP INDEX %s', c.oid::regclass)
	FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
	WHERE i.indrelid::regclass::text = ANY (@tables) AND i.indisunique AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = c.oid)
	UNION ALL
	SELECT 'trigger ' || tgname, tgrelid::regclass::text, format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass)
	FROM pg_trigger WHERE tgrelid::regclass::text = ANY (@tables) AND NOT tgisinternal
	  AND tgfoid NOT IN ('stamp_recorded_at'::regproc, 'remember'::regproc, 'tell_published_changed'::regproc)
	ORDER BY 1`

// listFunctions gives the functions of the tables' triggers, but for those that only ever refuse.
const listFunctions = `
	SELECT p.proname AS name, min(tgrelid::regclass::text) AS table, pg_get_functiondef(p.oid) AS sql
	FROM pg_trigger JOIN pg_proc p ON p.oid = tgfoid
	WHERE tgrelid::regclass::text = ANY (@tables) AND NOT tgisinternal
	  AND tgfoid NOT IN ('stamp_recorded_at'::regproc, 'remember'::regproc, 'tell_published_changed'::regproc, 'forbid_change'::regproc)
	GROUP BY p.oid ORDER BY 1`

var raising = regexp.MustCompile(`(?s)RAISE EXCEPTION .*?CONSTRAINT = '(\w+)';`)

// Guards are all mutations that take away one constraint, unique index or trigger of the tables, or one refusal inside
// the functions of their triggers.
func Guards(t testing.TB, db pg.DB, tables ...string) []Mutation {
	t.Helper()
	list := func(sql string) []Mutation {
		rows, _ := db.Query(context.Background(), sql, pgx.StrictNamedArgs{"tables": tables})
		found, err := pgx.CollectRows(rows, pgx.RowToStructByName[Mutation])
		if err != nil {
			t.Fatalf("list the guards: %v", err)
		}
		return found
	}
	guards := list(listGuards)
	for _, function := range list(listFunctions) {
		for i, at := range raising.FindAllStringSubmatchIndex(function.SQL, -1) {
			guards = append(guards, Mutation{
				Name: fmt.Sprintf("%s %d: %s", function.Name, i+1, function.SQL[at[2]:at[3]]), Table: function.Table,
				SQL: function.SQL[:at[0]] + "NULL;" + function.SQL[at[1]:],
			})
		}
	}
	return guards
}

// Clause is a mutation that replaces a piece of the text of a function that guards a table.
func Clause(t testing.TB, db pg.DB, table, function, old, with string) Mutation {
	t.Helper()
	var text string
	err := db.QueryRow(context.Background(), `SELECT pg_get_functiondef(@function::regproc)`, pgx.StrictNamedArgs{"function": function}).Scan(&text)
	if err != nil {
		t.Fatalf("read the function %s: %v", function, err)
	}
	if strings.Count(text, old) != 1 {
		t.Fatalf("the function %s has %d times %q, want it once", function, strings.Count(text, old), old)
	}
	return Mutation{Name: fmt.Sprintf("%s without %q", function, old), Table: table, SQL: strings.Replace(text, old, with, 1)}
}

// Killed takes each guard away in turn and wants an attempt whose outcome changes with it. Guards that are spared have
// a reason, and it is an error if an attempt does tell them. It follows Refused on the same database, the test's own.
func Killed(t *testing.T, db *DB, given pgx.NamedArgs, attempts []Attempt, mutations []Mutation, spared map[string]string) {
	t.Helper()
	if t.Failed() {
		t.Fatal("what the attempts tell without a guard is worth nothing while they fail with all of them")
	}
	killed := 0
	unused := maps.Clone(spared)
	for _, m := range mutations {
		reason, spare := spared[m.Name]
		delete(unused, m.Name)
		by, told := m.killer(t, db.Owner, given, attempts)
		switch {
		case told:
			killed++
			if spare {
				t.Errorf("%s is spared (%s), but %q tells it", m.Name, reason, by)
			}
		case !spare:
			t.Errorf("without %s every attempt ends as before", m.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(unused)) {
		t.Errorf("%s is spared, but there is no such guard", name)
	}
	t.Logf("%d of %d guards killed by %d attempts, %d spared", killed, len(mutations), len(attempts), len(spared))
}

// killer finds an attempt that tells that the guard is gone: first among those that it should refuse, then among those
// on its table.
func (m Mutation) killer(t *testing.T, db pg.DB, given pgx.NamedArgs, attempts []Attempt) (string, bool) {
	t.Helper()
	ctx := context.Background()
	tx, err := db.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, m.SQL); err != nil {
		t.Fatalf("take away %s: %v", m.Name, err)
	}
	far := func(a Attempt) int {
		switch {
		case a.Want != "" && strings.Contains(m.Name, a.Want):
			return 0
		case strings.Contains(a.SQL, " "+m.Table+" ") || strings.Contains(a.SQL, "."+m.Table+" "):
			return 1
		}
		return 2
	}
	inTurn := slices.SortedStableFunc(slices.Values(attempts), func(a, b Attempt) int { return far(a) - far(b) })
	for _, a := range inTurn {
		if a.outcome(t, tx, given) != a.Want {
			return a.Name, true
		}
	}
	return "", false
}
