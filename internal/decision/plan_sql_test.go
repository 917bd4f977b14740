package decision_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/decision"
	"partnershipportal/internal/demo"
	"partnershipportal/internal/pg/pgtest"
)

// genericPlan is how the database goes about a statement whatever the values in it are, as it does once it has kept a plan.
func genericPlan(t *testing.T, db *pgtest.DB, sql string, args pgx.StrictNamedArgs) string {
	t.Helper()
	conn, err := db.Public.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	sql, values, err := args.RewriteQuery(t.Context(), conn.Conn(), sql, nil)
	if err != nil {
		t.Fatal(err)
	}
	literals := make([]string, len(values))
	for i, v := range values {
		literals[i] = literal(t, v)
	}
	execute := "EXPLAIN EXECUTE asked"
	if len(literals) > 0 {
		execute += "(" + strings.Join(literals, ", ") + ")"
	}
	for _, s := range []string{"SET plan_cache_mode = force_generic_plan", "PREPARE asked AS " + sql} {
		if _, err := conn.Exec(t.Context(), s); err != nil {
			t.Fatalf("%v\n%s", err, s)
		}
	}
	rows, _ := conn.Query(t.Context(), execute, pgx.QueryExecModeSimpleProtocol)
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatalf("explain: %v\n%s", err, sql)
	}
	if _, err := conn.Exec(t.Context(), "DEALLOCATE asked"); err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

func literal(t *testing.T, value any) string {
	t.Helper()
	quote := func(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
	switch v := value.(type) {
	case string:
		return quote(v)
	case day.Date:
		return quote(v.String())
	case int, int64:
		return fmt.Sprint(v)
	case []bool:
		return quote("{" + strings.ReplaceAll(strings.Trim(fmt.Sprint(v), "[]"), " ", ",") + "}")
	case []string:
		list := make([]string, len(v))
		for i, s := range v {
			list[i] = quote(s)
		}
		return "ARRAY[" + strings.Join(list, ",") + "]"
	}
	t.Fatalf("no literal for %T", value)
	return ""
}

func TestPagesOfTheRegisterUseTheirIndexes(t *testing.T) {
	t.Parallel()
	db := seeded(t, 2000)
	after := func(f decision.Filter) decision.Filter {
		page, err := decision.NewPublic(db.Public).List(t.Context(), f, seededOn)
		if err != nil || page.Next == "" {
			t.Fatalf("%+v has no second page (%v)", f, err)
		}
		f.After = page.Next
		return f
	}
	for _, c := range []struct {
		name  string
		f     decision.Filter
		index string
	}{
		{"the first page", decision.Filter{}, "decision_line_day_idx"},
		{"the oldest first", decision.Filter{Sort: decision.Oldest}, "decision_line_day_idx"},
		{"by number", decision.Filter{Sort: decision.ByNumber}, "decision_line_number_idx"},
		{"by number from the end", decision.Filter{Sort: decision.ByNumberUp}, "decision_line_number_idx"},
		{"by subject", decision.Filter{Sort: decision.BySubject}, "decision_line_subject_idx"},
		{"a body", decision.Filter{Body: "seed-county-council"}, "decision_line_body_idx"},
		{"a stage", decision.Filter{Stage: decision.Withdrawn}, "decision_line_stage_idx"},
		{"key decisions", decision.Filter{Key: decision.KeyYes}, "decision_line_key_idx"},
		{"a decision maker", decision.Filter{Maker: "Cabinet Member for Finance"}, "decision_line_maker_idx"},
		{"a restriction", decision.Filter{Restriction: decision.PartExempt}, "decision_line_restriction_idx"},
		{"a year", decision.Filter{Year: 2012}, "decision_line_day_idx"},
		{"words, the best match first", decision.Filter{Text: demo.WordOfEvery}, "decision_search_words_idx"},
		{"words, the newest first", decision.Filter{Text: demo.WordOfEvery, Sort: decision.Newest}, "decision_search_words_idx"},
		{"words, the oldest first", decision.Filter{Text: demo.WordOfEvery, Sort: decision.Oldest}, "decision_search_words_idx"},
	} {
		for name, f := range map[string]decision.Filter{c.name: c.f, "a later page of " + c.name: after(c.f)} {
			t.Run(name, func(t *testing.T) {
				sql, args, err := decision.PublicSQL(t.Context(), db.Public, f, seededOn)
				if err != nil {
					t.Fatal(err)
				}
				how := genericPlan(t, db.DB, sql, args)
				if !strings.Contains(how, c.index) || strings.Contains(how, "Seq Scan") || f.Text == "" && strings.Contains(how, "Sort Key") {
					t.Errorf("not along %s alone:\n%s", c.index, how)
				}
			})
		}
	}
	t.Run("the forward plan", func(t *testing.T) {
		how := genericPlan(t, db.DB, decision.ForwardPlanSQL, nil)
		if !strings.Contains(how, "decision_line_coming_idx") {
			t.Errorf("not along its index:\n%s", how)
		}
	})
}
