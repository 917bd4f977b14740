package funding_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
)

// comparables are figures at every state, by the names that the attempts use.
func comparables(t testing.TB, db pg.DB) pgx.NamedArgs {
	t.Helper()
	ctx, s := context.Background(), funding.New(db, time.Now)
	g := pgx.NamedArgs{"nothing": int64(-1)}
	for name, kind := range map[string]string{"figure": "police", "out": "health"} {
		made, err := s.RecordComparable(ctx, authz.System("test"), funding.ComparableCommand{Area: "Medway", Year: 2019, Measure: funding.MeasureCash, Kind: kind,
			Amount: 100000, Source: "Annual report"})
		if err != nil {
			t.Fatal(err)
		}
		g[name] = made
	}
	if err := s.ReverseComparable(ctx, authz.System("test"), funding.ReverseComparableCommand{ID: g["out"].(id.Comparable), Reason: "A slip"}); err != nil {
		t.Fatal(err)
	}
	var reversal int64
	if err := db.QueryRow(ctx, `SELECT id FROM comparable_figure WHERE reverses_id = $1`, g["out"]).Scan(&reversal); err != nil {
		t.Fatal(err)
	}
	g["reversal"] = reversal
	return g
}

func comparableAttempts() []pgtest.Attempt {
	row := pgtest.Row{"area": `'Medway'`, "financial_year": `2019`, "measure": `'cash'`, "kind": `'education'`, "amount": `5000`, "source": `'Annual report'`}
	add := func(name, want string, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a figure is entered " + name, SQL: row.With(changes...).Into("comparable_figure"), Want: want}
	}
	out := func(name, want string, changes ...string) pgtest.Attempt {
		changes = append([]string{"kind", `'police'`, "amount", `100000`, "reverses_id", `@figure`, "reason", `'A slip'`}, changes...)
		return pgtest.Attempt{Name: "a figure is taken out " + name, SQL: row.With(changes...).Into("comparable_figure"), Want: want}
	}
	owner := func(name, want, sql string) pgtest.Attempt {
		return pgtest.Attempt{Name: name, As: pgtest.AsOwner, SQL: sql, Want: want}
	}
	children := func(more ...string) []string { return append([]string{"measure", `'children'`, "kind", `''`}, more...) }
	return []pgtest.Attempt{
		add("properly", ""),
		add("of nothing", "", "amount", `0`),
		add("in kind", "", "measure", `'in kind'`),
		add("of children", "", children()...),
		add("of our own children", "", children("area", `''`)...),
		add("again after a correction", "", "kind", `'health'`),
		add("a second time", "comparable_figure_once", "kind", `'police'`),
		add("a second time in other letters", "comparable_figure_once", "kind", `'police'`, "area", `'MEDWAY'`),
		add("in another form", "", "kind", `'police'`, "measure", `'in kind'`),
		add("for another year", "", "kind", `'police'`, "financial_year", `2020`),
		add("of our own money", "comparable_figure_of_another_area", "area", `''`),
		add("with space around the area", "comparable_figure_area_length", "area", `' Medway'`),
		add("with too long an area", "comparable_figure_area_length", "area", `repeat('x', 101)`),
		add("for a year long ago", "comparable_figure_financial_year_range", "financial_year", `1989`),
		add("in gold", "comparable_figure_measure_known", "measure", `'gold'`),
		add("of a kind of its own", "comparable_figure_kind_known", "kind", `'church'`),
		add("of less than nothing", "comparable_figure_amount_range", "amount", `-1`),
		add("of all the money in the world", "comparable_figure_amount_range", "amount", `1000000000001`),
		add("of no children", "comparable_figure_amount_range", children("amount", `0`)...),
		add("of money of no kind", "comparable_figure_kind_of_money", "kind", `''`),
		add("of the children of the police", "comparable_figure_kind_of_money", "measure", `'children'`),
		add("without a source", "comparable_figure_source_length", "source", `' '`),
		add("with too long a note", "comparable_figure_note_length", "note", `repeat('x', 2001)`),
		add("with a reason to take out nothing", "comparable_figure_reversed_for_reason", "reason", `'A slip'`),
		add("at a time of our own", denied, "recorded_at", `'2019-01-01'`),
		owner("a figure is entered under a number that was used", "comparable_figure_pkey", row.With("id", `@figure`).Into("comparable_figure")),
		out("properly", ""),
		out("without a reason", "comparable_figure_reversed_for_reason", "reason", `' '`),
		out("with too long a reason", "comparable_figure_reason_length", "reason", `repeat('x', 2001)`),
		out("twice", "comparable_figure_reversed_once", "reverses_id", `@out`, "kind", `'health'`),
		out("though it is not there", "comparable_figure_reverses_fkey", "reverses_id", `@nothing`),
		out("in part", "comparable_figure_reversed_whole", "amount", `1`),
		out("from another year", "comparable_figure_reversed_whole", "financial_year", `2020`),
		out("from another area", "comparable_figure_reversed_whole", "area", `'Surrey'`),
		out("of another kind", "comparable_figure_reversed_whole", "kind", `'health'`),
		out("in another form", "comparable_figure_reversed_whole", "measure", `'in kind'`),
		out("as demonstration data", "comparable_figure_reversed_whole", "is_demonstration", `true`),
		out("that took another one out", "comparable_figure_reverses_a_figure", "reverses_id", `@reversal`, "kind", `'health'`),
		{Name: "a figure is changed", SQL: `UPDATE comparable_figure SET amount = 1`, Want: denied},
		{Name: "a figure is deleted", SQL: `DELETE FROM comparable_figure`, Want: denied},
		owner("a figure is changed by the owner", "comparable_figure_insert_only", `UPDATE comparable_figure SET note = 'x' WHERE id = @figure`),
		owner("a figure is deleted by the owner", "comparable_figure_insert_only", `DELETE FROM comparable_figure WHERE id = @reversal`),
		owner("all figures are truncated by the owner", "comparable_figure_insert_only", `TRUNCATE comparable_figure`),
	}
}

func TestNoGuardOfComparableFiguresIsIdle(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t, pgtest.PoolSize(2))
	given := comparables(t, db.App)
	pgtest.Refused(t, db.Owner, given, comparableAttempts())
	mutations := append(pgtest.Guards(t, db.Owner, "comparable_figure"),
		pgtest.Clause(t, db.Owner, "comparable_figure", "comparable_figure_guard", "lower(f.area) = lower(NEW.area)", "f.area = NEW.area"),
		pgtest.Clause(t, db.Owner, "comparable_figure", "comparable_figure_guard", "AND NOT EXISTS (SELECT FROM comparable_figure r WHERE r.reverses_id = f.id)", ""),
	)
	pgtest.Killed(t, db, given, comparableAttempts(), mutations, map[string]string{
		"trigger comparable_figure_alone":                    "told by the same figure sent twice at once",
		"comparable_figure_alone 1: comparable_figure_alone": "told by the same figure sent twice at once",
	})
}
