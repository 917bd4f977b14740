package funding_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/funding/fundingtest"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
)

const denied = "42501" // insufficient privilege

// recorded is lines at every state, by the names that the attempts use.
func recorded(t testing.TB, db pg.DB) pgx.NamedArgs {
	t.Helper()
	body := membershiptest.Organisation(t, db)
	ended := membershiptest.Organisation(t, db, func(b *membershiptest.Body) { b.EndsOn = day.Must("2019-03-31") })
	begun := membershiptest.Organisation(t, db, func(b *membershiptest.Body) { b.StartsOn = day.Must("2020-04-01") })
	retracted := membershiptest.Organisation(t, db)
	if _, err := db.Exec(context.Background(), `UPDATE organisation SET retracted_reason = 'Typed twice' WHERE id = $1`, retracted.ID); err != nil {
		t.Fatal(err)
	}
	g := pgx.NamedArgs{"retracted": retracted.ID, "body": body.ID, "ended": ended.ID, "begun": begun.ID, "nobody": int64(-1)}
	line := func(name, slug string) {
		g[name] = fundingtest.Contribution(t, db, func(c *funding.RecordCommand) { c.Organisation, c.Purpose = slug, name })
	}
	line("line", body.Slug)
	line("out", body.Slug)
	payer, free := membershiptest.Organisation(t, db), membershiptest.Organisation(t, db)
	line("payers", payer.Slug)
	line("frees", free.Slug)
	g["payer"], g["free"] = payer.ID, free.ID
	for _, name := range []string{"out", "frees"} {
		if err := funding.New(db, time.Now).Reverse(context.Background(), authz.System("test"), funding.ReverseCommand{ID: g[name].(id.Contribution), Reason: "A slip"}); err != nil {
			t.Fatal(err)
		}
	}
	var reversal int64
	if err := db.QueryRow(context.Background(), `SELECT id FROM contribution WHERE reverses_id = $1`, g["out"]).Scan(&reversal); err != nil {
		t.Fatal(err)
	}
	g["reversal"] = reversal
	forgedYears(t, db, g)
	return g
}

// forgedYears makes one that is proposed and one that was agreed, each with a line, so that no round is needed.
func forgedYears(t testing.TB, db pg.DB, g pgx.NamedArgs) {
	t.Helper()
	planned := membershiptest.Organisation(t, db)
	g["planned"] = planned.ID
	for _, sql := range []string{
		`INSERT INTO funding_year (financial_year, origin, skip_reason) VALUES (2024, 'portal', 'Not kept here')`,
		`INSERT INTO funding_year (financial_year, origin) VALUES (2025, 'portal')`,
	} {
		if _, err := db.Exec(context.Background(), sql); err != nil {
			t.Fatal(err)
		}
	}
	line := func(name string, year day.FinancialYear, body id.Organisation) {
		var made int64
		err := db.QueryRow(context.Background(), `INSERT INTO funding_line (financial_year, organisation_id, form, payer_total_pence, pence, purpose)
			VALUES ($1, $2, 'cash', 500, 500, 'general') RETURNING id`, year, body).Scan(&made)
		if err != nil {
			t.Fatal(err)
		}
		g[name] = made
	}
	line("proposed", 2024, planned.ID)
	line("signed", 2025, g["body"].(id.Organisation))
	line("signed_once", 2025, g["body"].(id.Organisation))
}

// agreed brings about that the year 2025 was agreed here, without its round.
var agreed = []string{
	`UPDATE funding_year SET agreed_at = now(), agreed_round_id = -1, agreed_on = '2025-03-01', agreed_precision = 'day' WHERE financial_year = 2025`,
	`INSERT INTO contribution (financial_year, organisation_id, form, pence, purpose, agreed_on, agreed_precision, source, funding_line_id)
	 VALUES (2025, @body, 'cash', 500, 'General', '2025-03-01', 'day', 'Round 1', @signed_once)`,
}

func contributionAttempts() []pgtest.Attempt {
	row := pgtest.Row{"financial_year": `2019`, "organisation_id": `@body`, "form": `'cash'`, "pence": `100000`, "purpose": `'General'`,
		"agreed_on": `'2019-03-01'`, "agreed_precision": `'day'`, "source": `'Minutes'`}
	add := func(name, want string, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a contribution is recorded " + name, SQL: row.With(changes...).Into("contribution"), Want: want}
	}
	out := func(name, want string, changes ...string) pgtest.Attempt {
		changes = append([]string{"reverses_id", `@line`, "reason", `'A slip'`}, changes...)
		return pgtest.Attempt{Name: "a contribution is taken out " + name, SQL: row.With(changes...).Into("contribution"), Want: want}
	}
	owner := func(name, want, sql string) pgtest.Attempt {
		return pgtest.Attempt{Name: name, As: pgtest.AsOwner, SQL: sql, Want: want}
	}
	signed := func(name, want string, changes ...string) pgtest.Attempt {
		changes = append([]string{"financial_year", `2025`, "pence", `500`, "funding_line_id", `@signed`}, changes...)
		return pgtest.Attempt{Name: "a signed line becomes a contribution " + name, As: pgtest.AsOwner, Forged: agreed, SQL: row.With(changes...).Into("contribution"), Want: want}
	}
	halves := `'[{"label": "Ours", "weight": 1, "isOurs": true}, {"label": "Theirs", "weight": 1, "isOurs": false}]'`
	body := func(name, want, which, what string) pgtest.Attempt {
		return pgtest.Attempt{Name: "an organisation is made to " + name, As: pgtest.AsOwner, SQL: `UPDATE organisation SET ` + what + ` WHERE id = @` + which, Want: want}
	}
	return []pgtest.Attempt{
		add("properly", ""),
		add("of nothing", "", "pence", `0`),
		add("in kind", "", "form", `'in kind'`, "valuation", `'By eye'`, "is_estimated", `true`),
		add("of less than nothing", "contribution_pence_range", "pence", `-1`),
		add("of all the money in the world", "contribution_pence_range", "pence", `1000000000001`),
		add("for a year long ago", "contribution_financial_year_range", "financial_year", `1989`),
		add("in gold", "contribution_form_known", "form", `'gold'`, "valuation", `''`),
		add("in kind without a valuation", "contribution_in_kind_valued", "form", `'in kind'`, "valuation", `' '`),
		add("in cash with a valuation", "contribution_in_kind_valued", "valuation", `'By eye'`),
		add("in cash that is estimated", "contribution_cash_not_estimated", "is_estimated", `true`),
		add("with too long a valuation", "contribution_valuation_length", "form", `'in kind'`, "valuation", `repeat('x', 501)`),
		add("for no purpose", "contribution_purpose_length", "purpose", `' '`),
		add("with too long a note", "contribution_note_length", "note", `repeat('x', 2001)`),
		add("as agreed at some time", "contribution_agreed_precision_known", "agreed_precision", `'decade'`),
		add("without a source", "contribution_source_length", "source", `' '`),
		add("of nobody", "contribution_organisation_fkey", "organisation_id", `@nobody`),
		add("of a body that had ended", "contribution_organisation_existed", "organisation_id", `@ended`),
		add("of a body that had not begun", "contribution_organisation_existed", "organisation_id", `@begun`),
		add("of a body that was retracted", "contribution_organisation_existed", "organisation_id", `@retracted`),
		add("with a reason to take out nothing", "contribution_reversed_for_reason", "reason", `'A slip'`),
		add("as half of a total", "", "payer_total_pence", `199999`, "parts", halves),
		add("as less than its half of a total", "contribution_adds_up", "payer_total_pence", `199998`, "pence", `99998`, "parts", halves),
		add("as a part of nothing", "contribution_payer_total_range", "payer_total_pence", `0`, "pence", `0`, "parts", halves),
		add("of a total without parts", "contribution_split_whole", "payer_total_pence", `100000`),
		add("in parts of a nonsense", "contribution_adds_up", "payer_total_pence", `100000`, "parts", `'[1, 2]'`),
		add("in parts by half a weight", "contribution_adds_up", "payer_total_pence", `200000`, "parts", `replace(`+halves+`, '1,', '0.5,')::jsonb`),
		add("in one part", "contribution_adds_up", "payer_total_pence", `100000`, "parts", `'[{"label": "Ours", "weight": 1, "isOurs": true}]'`),
		add("in parts none of which is ours", "contribution_adds_up", "payer_total_pence", `200000`, "parts", `replace(`+halves+`, 'true', 'false')::jsonb`),
		add("on too many conditions", "contribution_conditions_length", "conditions", `repeat('x', 2001)`),
		add("authorised by no decision", "contribution_decision_fkey", "decision_id", `@nobody`),
		add("authorised by a story", "contribution_decision_number_length", "decision_number", `repeat('x', 41)`),
		add("for a year that is being proposed", "contribution_of_an_agreed_year", "financial_year", `2024`),
		add("for a year that is being proposed, with a reason", "contribution_of_an_agreed_year", "financial_year", `2024`, "adjustment_reason", `'More'`),
		add("as an adjustment of what was agreed elsewhere", "contribution_adjusts_an_agreed_year", "adjustment_reason", `'More'`),
		add("as if it had been signed", denied, "funding_line_id", `@signed`),
		{Name: "an agreed year is adjusted for a reason", Forged: agreed, SQL: row.With("financial_year", `2025`, "adjustment_reason", `'More'`).Into("contribution")},
		{Name: "an agreed year is adjusted for no reason", Forged: agreed, SQL: row.With("financial_year", `2025`).Into("contribution"), Want: "contribution_of_an_agreed_year"},
		{Name: "an agreed year is adjusted for too long a reason", Forged: agreed, SQL: row.With("financial_year", `2025`, "adjustment_reason", `repeat('x', 2001)`).Into("contribution"),
			Want: "contribution_adjustment_reason_length"},
		signed("properly", ""),
		signed("twice", "contribution_funding_line_key", "funding_line_id", `@signed_once`),
		signed("though it is not there", "contribution_of_its_line", "funding_line_id", `@nobody`),
		signed("of another sum", "contribution_of_its_line", "pence", `501`),
		{Name: "a line becomes a contribution before it is signed", As: pgtest.AsOwner, Want: "contribution_of_its_line",
			SQL: row.With("financial_year", `2024`, "pence", `500`, "funding_line_id", `@proposed`, "organisation_id", `@planned`).Into("contribution")},
		{Name: "a contribution is of a line that is not there", As: pgtest.AsOwner, Want: "contribution_funding_line_fkey",
			After: []string{`ALTER TABLE contribution DISABLE TRIGGER contribution_guarded`}, SQL: row.With("funding_line_id", `@nobody`).Into("contribution")},
		add("at a time of our own", denied, "recorded_at", `'2019-01-01'`),
		owner("a contribution is recorded under a number that was used", "contribution_pkey", row.With("id", `@line`).Into("contribution")),
		out("properly", ""),
		out("without a reason", "contribution_reversed_for_reason", "reason", `' '`),
		out("with too long a reason", "contribution_reason_length", "reason", `repeat('x', 2001)`),
		out("twice", "contribution_reversed_once", "reverses_id", `@out`),
		out("though it is not there", "contribution_reverses_fkey", "reverses_id", `@nobody`),
		out("in part", "contribution_reversed_whole", "pence", `1`),
		out("from another year", "contribution_reversed_whole", "financial_year", `2020`),
		out("from another body", "contribution_reversed_whole", "organisation_id", `@payer`),
		out("in another form", "contribution_reversed_whole", "form", `'in kind'`, "valuation", `'By eye'`),
		out("as demonstration data", "contribution_reversed_whole", "is_demonstration", `true`),
		out("that took another one out", "contribution_reverses_a_contribution", "reverses_id", `@reversal`),
		{Name: "a contribution is recorded for a closed year", Forged: []string{`INSERT INTO funding_closing (financial_year, opening_pence, income_pence, expenditure_pence, closing_pence)
			VALUES (2019, 0, 0, 0, 0)`}, SQL: row.Into("contribution"), Want: "contribution_year_open"},
		{Name: "a contribution is changed", SQL: `UPDATE contribution SET pence = 1`, Want: denied},
		{Name: "a contribution is deleted", SQL: `DELETE FROM contribution`, Want: denied},
		owner("a contribution is changed by the owner", "contribution_insert_only", `UPDATE contribution SET note = 'x' WHERE id = @line`),
		owner("a contribution is deleted by the owner", "contribution_insert_only", `DELETE FROM contribution WHERE id = @reversal`),
		owner("all contributions are truncated by the owner", "contribution_insert_only", `TRUNCATE contribution`),
		body("end before it pays", "organisation_exists_for_contributions", "payer", `ends_on = '2019-03-31'`),
		body("begin after it has paid", "organisation_exists_for_contributions", "payer", `starts_on = '2020-04-01'`),
		body("count for nothing though it pays", "organisation_retracted_without_contributions", "payer", `retracted_reason = 'Typed twice'`),
		body("count for nothing though it paid before a correction", "organisation_retracted_without_contributions", "free", `retracted_reason = 'Typed twice'`),
		body("end before it is to pay", "organisation_exists_for_contributions", "planned", `ends_on = '2024-03-31'`),
		body("count for nothing though it is to pay", "organisation_retracted_without_contributions", "planned", `retracted_reason = 'Typed twice'`),
		body("end in the year in which it is to pay", "", "planned", `ends_on = '2024-04-01'`),
		body("end in the year in which it pays", "", "payer", `ends_on = '2019-04-01'`),
		body("end before a year whose line was taken out", "", "free", `ends_on = '2019-03-31'`),
	}
}

// Every attempt is refused, and every guard has an attempt that dies with it: none can be lost unnoticed.
func TestNoGuardOfContributionsIsIdle(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t, pgtest.PoolSize(2))
	given := recorded(t, db.App)
	pgtest.Refused(t, db.Owner, given, contributionAttempts())
	mutations := pgtest.Guards(t, db.Owner, "contribution")
	mutations = append(mutations,
		pgtest.Mutation{Name: "trigger organisation_contributions", Table: "organisation", SQL: `DROP TRIGGER organisation_contributions ON organisation`},
		pgtest.Clause(t, db.Owner, "contribution", "contribution_guard", "body.starts_on > make_date(NEW.financial_year + 1, 3, 31) OR", ""),
		pgtest.Clause(t, db.Owner, "contribution", "contribution_guard", "OR body.ends_on < make_date(NEW.financial_year, 4, 1)", ""),
		pgtest.Clause(t, db.Owner, "contribution", "contribution_guard", "OR body.retracted_at IS NOT NULL", ""),
		pgtest.Clause(t, db.Owner, "organisation", "organisation_contribution_guard", "NEW.retracted_reason IS NOT NULL AND OLD.retracted_reason IS NULL AND", "false AND"),
		pgtest.Clause(t, db.Owner, "organisation", "organisation_contribution_guard", "NEW.starts_on > make_date(g.financial_year + 1, 3, 31) OR", ""),
		pgtest.Clause(t, db.Owner, "organisation", "organisation_contribution_guard", "OR NEW.ends_on < make_date(g.financial_year, 4, 1)", ""),
		pgtest.Clause(t, db.Owner, "organisation", "organisation_contribution_guard", "AND NOT EXISTS (SELECT FROM contribution r WHERE r.reverses_id = c.id)", ""),
		pgtest.Clause(t, db.Owner, "organisation", "organisation_contribution_guard", "OR EXISTS (SELECT FROM funding_line l WHERE l.organisation_id = NEW.id AND l.removed_at IS NULL)", ""),
		pgtest.Clause(t, db.Owner, "contribution", "contribution_guard", "year.agreed_at IS NULL OR ", ""),
		pgtest.Clause(t, db.Owner, "contribution", "contribution_guard", "AND year.agreed_round_id IS NOT NULL ", ""),
	)
	pgtest.Killed(t, db, given, contributionAttempts(), mutations, map[string]string{
		"trigger contribution_recorded_alone":                        "told by the race of a year and a contribution",
		"contribution_recorded_alone 1: contribution_recorded_alone": "told by the race of a year and a contribution",
	})
}

// The last day of a body and its contribution may be recorded at the same moment: one of the two is refused.
func TestABodyThatEndsWhileItsContributionIsRecorded(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.Database(t)
	members := membership.New(db.App, membership.NoLetters{}, time.Now)
	for range 5 {
		body := membershiptest.Organisation(t, db.App)
		ended, recorded := make(chan error), make(chan error)
		go func() {
			ended <- members.EndOrganisation(ctx, authz.System("test"), body.Slug, day.Must("2019-03-31"))
		}()
		go func() {
			_, err := funding.New(db.App, time.Now).Record(ctx, authz.System("test"), funding.RecordCommand{Year: 2019, Organisation: body.Slug,
				Form: funding.Cash, Purpose: "General", Agreed: day.On(day.Must("2019-03-01")), Source: "Minutes"})
			recorded <- err
		}()
		endErr, recordErr := <-ended, <-recorded
		if (endErr == nil) == (recordErr == nil) {
			t.Fatalf("ended: %v; recorded: %v; want one of the two refused", endErr, recordErr)
		}
		for _, err := range []error{endErr, recordErr} {
			if err != nil && !errors.Is(err, fault.Invalid) {
				t.Errorf("refused with %v", err)
			}
		}
	}
}

// A year may be begun here at the moment at which a contribution is recorded as agreed elsewhere: one of the two is refused.
func TestAYearThatBeginsWhileItsContributionIsRecorded(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.Database(t)
	body := membershiptest.Organisation(t, db.App)
	for i := range 8 {
		year := day.FinancialYear(2010 + i)
		begun, recorded := make(chan error), make(chan error)
		go func() {
			_, err := funding.NewYears(db.App, nil, time.Now).Begin(ctx, authz.System("test"), funding.BeginCommand{Year: year, Origin: funding.InPortal})
			begun <- err
		}()
		go func() {
			_, err := funding.New(db.App, time.Now).Record(ctx, authz.System("test"), funding.RecordCommand{Year: year, Organisation: body.Slug,
				Form: funding.Cash, Purpose: "General", Agreed: day.On(day.Must("2019-03-01")), Source: "Minutes"})
			recorded <- err
		}()
		beginErr, recordErr := <-begun, <-recorded
		if (beginErr == nil) == (recordErr == nil) {
			t.Fatalf("%s begun: %v; recorded: %v; want one of the two refused", year, beginErr, recordErr)
		}
		for _, err := range []error{beginErr, recordErr} {
			if err != nil && !errors.Is(err, fault.Invalid) && !errors.Is(err, fault.Conflict) {
				t.Errorf("refused with %v", err)
			}
		}
	}
}
