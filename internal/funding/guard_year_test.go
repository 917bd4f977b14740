package funding_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
)

// signing brings about that a round is open on 2025, and complete that it is over.
var (
	signing = []string{`INSERT INTO round (paper_kind, paper_id, number, origin, content, seats_on, opened_at)
		VALUES ('funding year', 2025, 1, 'portal', '{}', '2025-01-01', now())`}
	complete = []string{`INSERT INTO round (paper_kind, paper_id, number, origin, content, seats_on, opened_at, outcome, ended_at)
		VALUES ('funding year', 2025, 1, 'portal', '{}', '2025-01-01', now(), 'complete', now())`}
	closed = []string{`INSERT INTO funding_year (financial_year, origin, agreed_at, agreed_source, agreed_on, agreed_precision)
			VALUES (2019, 'recorded', now(), 'Minutes', '2019-03-01', 'day')`,
		`INSERT INTO funding_closing (financial_year, opening_pence, income_pence, expenditure_pence, closing_pence) VALUES (2019, 0, 0, 0, 0)`}
	isAgreed = `UPDATE funding_year SET agreed_at = now(), agreed_on = '2025-03-01', agreed_precision = 'day',
		agreed_round_id = (SELECT id FROM round WHERE paper_kind = 'funding year') WHERE financial_year = 2025`
)

// planned is years at every state, by the names that the attempts use.
func planned(t testing.TB, db pg.DB) pgx.NamedArgs {
	t.Helper()
	g := recorded(t, db)
	staff := membershiptest.Person(t, db)
	g["staff"], g["stranger"] = staff, membershiptest.Person(t, db)
	_, err := db.Exec(context.Background(), `INSERT INTO role_grant (account_id, role, organisation_id, granted_by) VALUES ($1, $2, $3, $4)`,
		staff, authz.AgencyStaff, g["planned"], g["stranger"])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(context.Background(), `INSERT INTO budget_line (financial_year, category, pence) VALUES (2024, 'staffing', 5)`); err != nil {
		t.Fatal(err)
	}
	return g
}

func yearAttempts() []pgtest.Attempt {
	row := pgtest.Row{"financial_year": `2026`, "origin": `'portal'`}
	add := func(name, want string, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a year is begun " + name, SQL: row.With(changes...).Into("funding_year"), Want: want}
	}
	elsewhere := func(name, want string, changes ...string) pgtest.Attempt {
		changes = append([]string{"financial_year", `2019`, "origin", `'recorded'`, "agreed_source", `'Minutes'`, "agreed_on", `'2019-03-01'`, "agreed_precision", `'day'`}, changes...)
		return add("that was agreed elsewhere "+name, want, changes...)
	}
	change := func(name, want, what string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a year is made " + name, As: pgtest.AsOwner, SQL: `UPDATE funding_year SET ` + what + ` WHERE financial_year = 2025`, Want: want}
	}
	frozen := func(name, want, what string, forged ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: name, Forged: forged, SQL: `UPDATE funding_year SET ` + what + ` WHERE financial_year = 2025`, Want: want}
	}
	settled := change("one with another agreement", "funding_year_settled", `agreed_on = '2024-01-01'`)
	settled.Forged = agreed
	return []pgtest.Attempt{
		add("properly", ""),
		add("in the Middle Ages", "funding_year_financial_year_range", "financial_year", `1300`, "skip_reason", `'Lost'`),
		add("by nobody in particular", "funding_year_origin_known", "origin", `'hearsay'`),
		add("with all the money in the world", "funding_year_opening_range", "opening_pence", `1000000000001`),
		add("with too long a method", "funding_year_method_length", "method", `repeat('x', 4001)`),
		add("by an account that is not there", "funding_year_begun_by_fkey", "begun_by", `@nobody`),
		add("twice", "funding_year_pkey", "financial_year", `2025`),
		add("after a gap", "funding_year_skipped_for_reason", "financial_year", `2028`),
		add("before a gap", "funding_year_skipped_for_reason", "financial_year", `2017`),
		add("after a gap for a reason", "", "financial_year", `2028`, "skip_reason", `'Nobody paid'`),
		add("after a gap for too long a reason", "funding_year_skip_reason_length", "financial_year", `2028`, "skip_reason", `repeat('x', 2001)`),
		add("where contributions are recorded", "funding_year_without_recorded", "financial_year", `2019`),
		add("as agreed", "funding_year_agreed_as_its_origin", "agreed_on", `'2026-01-01'`, "agreed_precision", `'day'`),
		elsewhere("properly", ""),
		elsewhere("without a source", "funding_year_agreed_as_its_origin", "agreed_source", `' '`),
		elsewhere("with too long a source", "funding_year_agreed_source_length", "agreed_source", `repeat('x', 2001)`),
		elsewhere("in a while", "funding_year_recorded_in_past", "agreed_on", `'2100-01-01'`),
		elsewhere("at some time", "funding_year_agreed_precision_known", "agreed_precision", `'decade'`),
		elsewhere("on a day of no precision", "funding_year_agreed_with_precision", "agreed_precision", `NULL`),
		change("another one", "funding_year_settled", `financial_year = 2030`),
		change("one that was agreed elsewhere", "funding_year_settled", `origin = 'recorded', agreed_source = 'x', agreed_on = '2025-01-01', agreed_precision = 'day', agreed_at = now()`),
		settled,
		change("agreed by nobody", "funding_year_agreed_by_round", `agreed_at = now(), agreed_round_id = -1, agreed_on = '2025-01-01', agreed_precision = 'day'`),
		change("public by an account that is not there", "funding_year_released_by_fkey", `released_at = now(), released_by = @nobody`),
		{Name: "a year is agreed by its complete round", As: pgtest.AsOwner, Forged: complete, SQL: isAgreed},
		{Name: "a year is agreed by a round that is open", As: pgtest.AsOwner, Forged: signing, SQL: isAgreed, Want: "funding_year_agreed_by_round"},
		{Name: "two years are agreed by one round", Unguarded: true, Want: "funding_year_agreed_round_key",
			SQL: `UPDATE funding_year SET agreed_at = now(), agreed_round_id = -1, agreed_on = '2025-01-01', agreed_precision = 'day'`},
		frozen("the method of a proposed year is changed", "", `method = 'By need'`),
		frozen("the method of a year is changed while it is signed", "funding_year_frozen", `method = 'By need'`, signing...),
		frozen("the reserve of a year is changed while it is signed", "funding_year_frozen", `opening_pence = 5`, signing...),
		frozen("the review of an agreed year is put off", "funding_year_frozen", `review_due_on = '2030-01-01'`, complete...),
		{Name: "the method of a closed year is changed", Forged: closed, SQL: `UPDATE funding_year SET method = 'By need' WHERE financial_year = 2019`, Want: "funding_year_frozen"},
		frozen("a year is released", "", `released_at = now()`),
		{Name: "a year is released again", After: []string{`UPDATE funding_year SET released_at = now() WHERE financial_year = 2025`},
			SQL: `UPDATE funding_year SET released_at = NULL WHERE financial_year = 2025`, Want: "funding_year_released_once"},
		{Name: "a change of a year is counted", SQL: `UPDATE funding_year SET method = 'x' WHERE financial_year = 2025`,
			Shows: `SELECT revision::text FROM funding_year WHERE financial_year = 2025`, Want: "2"},
		{Name: "a year is made agreed by the application", SQL: `UPDATE funding_year SET agreed_at = now()`, Want: denied},
		{Name: "a year is deleted by the owner", As: pgtest.AsOwner, SQL: `DELETE FROM funding_year WHERE financial_year = 2025`, Want: "funding_year_kept"},
		{Name: "all years are truncated by the owner", As: pgtest.AsOwner, SQL: `TRUNCATE funding_year CASCADE`, Want: "funding_year_kept"},
	}
}

func lineAttempts() []pgtest.Attempt {
	row := pgtest.Row{"financial_year": `2024`, "organisation_id": `@body`, "form": `'cash'`, "payer_total_pence": `500`, "pence": `500`, "purpose": `'general'`}
	add := func(name, want string, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a line is proposed " + name, SQL: row.With(changes...).Into("funding_line"), Want: want}
	}
	owner := func(name, want, sql string) pgtest.Attempt {
		return pgtest.Attempt{Name: name, As: pgtest.AsOwner, SQL: sql, Want: want}
	}
	part := pgtest.Row{"line_id": `@proposed`, "revision": `2`, "position": `1`, "label": `'Ours'`, "weight": `1`, "is_ours": `true`}
	half := `UPDATE funding_line SET pence = 250 WHERE id = @proposed`
	split := func(name, want string, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a line has a part " + name, After: []string{half}, SQL: part.With(changes...).Into("funding_line_part"), Want: want}
	}
	rest := part.With("position", `2`, "label", `'Theirs'`, "is_ours", `false`).Into("funding_line_part")
	halves := split("of two", "")
	halves.After = append(halves.After, rest)
	frozen := func(name, want, sql string) pgtest.Attempt {
		return pgtest.Attempt{Name: name, Forged: signing, SQL: sql, Want: want}
	}
	again := halves
	again.Name, again.SQL, again.Want = "a line has two parts of one name", part.With("position", `3`, "label", `'Theirs'`).Into("funding_line_part"), "funding_line_part_label_key"
	inOnePlace := halves
	inOnePlace.Name, inOnePlace.SQL, inOnePlace.Want = "a line has two parts in one place", part.With("position", `2`).Into("funding_line_part"), "funding_line_part_pkey"
	return []pgtest.Attempt{
		add("properly", ""),
		add("of nothing", "funding_line_payer_total_range", "payer_total_pence", `0`, "pence", `0`),
		add("of less than nothing", "funding_line_pence_range", "pence", `-1`),
		add("of more than there is", "funding_line_within_payer_total", "pence", `501`),
		add("of less than there is", "funding_line_adds_up", "pence", `499`),
		add("in gold", "funding_line_form_known", "form", `'gold'`),
		add("in kind without a valuation", "funding_line_in_kind_valued", "form", `'in kind'`),
		add("in cash that is estimated", "funding_line_cash_not_estimated", "is_estimated", `true`),
		add("with too long a valuation", "funding_line_valuation_length", "form", `'in kind'`, "valuation", `repeat('x', 501)`),
		add("for parties", "funding_line_purpose_known", "purpose", `'parties'`),
		add("on too many conditions", "funding_line_conditions_length", "conditions", `repeat('x', 2001)`),
		add("with too long a note", "funding_line_note_length", "note", `repeat('x', 2001)`),
		add("authorised by no decision", "funding_line_decision_fkey", "decision_id", `@nobody`),
		add("by an account that is not there", "funding_line_changed_by_fkey", "changed_by", `@nobody`),
		add("of nobody", "funding_line_organisation_fkey", "organisation_id", `@nobody`),
		add("of a body that had ended", "funding_line_organisation_existed", "organisation_id", `@ended`),
		add("of a body that was retracted", "funding_line_organisation_existed", "organisation_id", `@retracted`),
		add("of no year", "funding_line_frozen", "financial_year", `2018`),
		owner("a line is proposed under a number that was used", "funding_line_pkey", row.With("id", `@proposed`).Into("funding_line")),
		frozen("a line is proposed while the year is signed", "funding_line_frozen", row.With("financial_year", `2025`).Into("funding_line")),
		frozen("a line is changed while the year is signed", "funding_line_frozen", `UPDATE funding_line SET note = 'x' WHERE id = @signed`),
		frozen("a line is removed while the year is signed", "funding_line_frozen", `UPDATE funding_line SET removed_at = now() WHERE id = @signed`),
		frozen("a line has a part while the year is signed", "funding_line_part_frozen", part.With("line_id", `@signed`, "revision", `1`).Into("funding_line_part")),
		frozen("the budget is changed while the year is signed", "budget_line_frozen", `INSERT INTO budget_line (financial_year, category, pence) VALUES (2025, 'training', 5)`),
		{Name: "the budget of a closed year is changed", Forged: closed, SQL: `INSERT INTO budget_line (financial_year, category, pence) VALUES (2019, 'training', 5)`, Want: "budget_line_frozen"},
		{Name: "a line of an agreed year is changed", Forged: agreed, SQL: `UPDATE funding_line SET note = 'x' WHERE id = @signed`, Want: "funding_line_frozen"},
		{Name: "a line of an agreed year has a part", Forged: agreed, SQL: part.With("line_id", `@signed`, "revision", `1`).Into("funding_line_part"), Want: "funding_line_part_frozen"},
		{Name: "a line is put into a year that was agreed elsewhere", Forged: []string{`INSERT INTO funding_year (financial_year, origin, agreed_at, agreed_source, agreed_on, agreed_precision)
			VALUES (2019, 'recorded', now(), 'Minutes', '2019-03-01', 'day')`}, SQL: row.With("financial_year", `2019`).Into("funding_line"), Want: "funding_line_frozen"},
		{Name: "a removed line comes back", After: []string{`UPDATE funding_line SET removed_at = now() WHERE id = @proposed`},
			SQL: `UPDATE funding_line SET removed_at = NULL WHERE id = @proposed`, Want: "funding_line_removed_final"},
		owner("a line moves to another year", "funding_line_removed_final", `UPDATE funding_line SET financial_year = 2024 WHERE id = @signed`),
		{Name: "a line is removed", SQL: `UPDATE funding_line SET removed_at = now(), pence = 1 WHERE id = @proposed`},
		{Name: "a change of a line is counted", SQL: `UPDATE funding_line SET note = 'x' WHERE id = @proposed`,
			Shows: `SELECT revision::text FROM funding_line WHERE id = @proposed`, Want: "2"},
		{Name: "a line is changed to a part without parts", SQL: half, Want: "funding_line_adds_up"},
		owner("a line is deleted by the owner", "funding_line_kept", `DELETE FROM funding_line WHERE id = @proposed`),
		owner("all lines are truncated by the owner", "funding_line_kept", `TRUNCATE funding_line CASCADE`),
		halves, again, inOnePlace,
		split("alone", "funding_line_adds_up"),
		split("in no place", "funding_line_part_position_range", "position", `0`),
		split("of no name", "funding_line_part_label_length", "label", `' '`),
		split("of no weight", "funding_line_part_weight_range", "weight", `0`),
		split("of the revision before", "funding_line_part_of_present_revision", "revision", `1`),
		{Name: "a line that is all ours gets a part", SQL: part.With("revision", `1`).Into("funding_line_part"), Want: "funding_line_adds_up"},
		{Name: "a part is changed by the owner", As: pgtest.AsOwner, After: []string{half, part.Into("funding_line_part"), rest},
			SQL: `UPDATE funding_line_part SET weight = 2`, Want: "funding_line_part_insert_only"},
		owner("all parts are truncated by the owner", "funding_line_part_insert_only", `TRUNCATE funding_line_part`),
	}
}

func planAttempts() []pgtest.Attempt {
	var list []pgtest.Attempt
	try := func(table string, row pgtest.Row) func(name, want string, changes ...string) {
		return func(name, want string, changes ...string) {
			list = append(list, pgtest.Attempt{Name: table + " " + name, SQL: row.With(changes...).Into(table), Want: want})
		}
	}
	owner := func(name, want, sql string) {
		list = append(list, pgtest.Attempt{Name: name, As: pgtest.AsOwner, SQL: sql, Want: want})
	}
	budget := try("budget_line", pgtest.Row{"financial_year": `2024`, "category": `'training'`, "pence": `5`})
	budget("is added", "")
	budget("of less than nothing", "budget_line_pence_range", "pence", `-1`)
	budget("of no category", "budget_line_category_fkey", "category", `'parties'`)
	budget("of no year", "budget_line_financial_year_fkey", "financial_year", `2018`)
	budget("is added twice", "budget_line_pkey", "category", `'staffing'`)
	owner("a budget line is deleted by the owner", "budget_line_kept", `DELETE FROM budget_line`)
	owner("the budget is truncated by the owner", "budget_line_kept", `TRUNCATE budget_line`)

	category := try("funding_category", pgtest.Row{"code": `'parties'`, "name": `'Parties'`, "position": `99`})
	category("is added", "")
	category("with a strange code", "funding_category_code_form", "code", `'Par ties'`)
	category("without a name", "funding_category_name_length", "name", `' '`)
	category("in no place", "funding_category_position_positive", "position", `0`)
	category("in a place that is taken", "funding_category_position_key", "position", `1`)
	category("of a name that is taken", "funding_category_name_key", "name", `'Staffing'`)
	category("of a code that is taken", "funding_category_pkey", "code", `'staffing'`)
	owner("a category is renamed by the owner", "funding_category_insert_only", `UPDATE funding_category SET name = name || 'x'`)
	owner("all categories are truncated by the owner", "funding_category_insert_only", `TRUNCATE funding_category CASCADE`)

	answer := try("pledge_confirmation", pgtest.Row{"line_id": `@proposed`, "revision": `1`, "account_id": `@staff`, "answer": `'confirmed'`})
	answer("is given", "")
	answer("in another way", "pledge_confirmation_answer_known", "answer", `'perhaps'`)
	answer("as a query without words", "pledge_confirmation_query_in_words", "answer", `'query'`)
	answer("at too great a length", "pledge_confirmation_words_length", "words", `repeat('x', 2001)`)
	answer("on an earlier line", "pledge_confirmation_of_present_line", "revision", `2`)
	answer("by a stranger", "pledge_confirmation_by_payer", "account_id", `@stranger`)
	answer("on the line of another body", "pledge_confirmation_by_payer", "line_id", `@signed`)
	given := pgtest.Row{"line_id": `@proposed`, "revision": `1`, "account_id": `@staff`, "answer": `'confirmed'`}.With("id", `1`).Into("pledge_confirmation")
	list = append(list,
		pgtest.Attempt{Name: "a removed pledge is confirmed", After: []string{`UPDATE funding_line SET removed_at = now() WHERE id = @proposed`},
			SQL: pgtest.Row{"line_id": `@proposed`, "revision": `2`, "account_id": `@staff`, "answer": `'confirmed'`}.Into("pledge_confirmation"), Want: "pledge_confirmation_of_present_line"},
		pgtest.Attempt{Name: "a pledge is confirmed under a number that was used", As: pgtest.AsOwner, After: []string{given}, SQL: given, Want: "pledge_confirmation_pkey"},
		pgtest.Attempt{Name: "an answer is changed by the owner", As: pgtest.AsOwner, After: []string{given}, SQL: `UPDATE pledge_confirmation SET words = 'x'`, Want: "pledge_confirmation_insert_only"},
	)
	owner("all answers are truncated by the owner", "pledge_confirmation_insert_only", `TRUNCATE pledge_confirmation`)

	review := pgtest.Row{"financial_year": `2025`, "held_on": `'2025-06-01'`, "outcome": `'As it is'`, "next_due_on": `'2026-06-01'`}
	held := func(name, want string, changes ...string) {
		list = append(list, pgtest.Attempt{Name: "a review is recorded " + name, Forged: agreed, SQL: review.With(changes...).Into("funding_review"), Want: want})
	}
	held("properly", "")
	held("without an outcome", "funding_review_outcome_length", "outcome", `' '`)
	held("before it was held", "funding_review_held", "held_on", `'2100-01-01'`, "next_due_on", `'2101-01-01'`)
	held("with the next one before it", "funding_review_next_is_later", "next_due_on", `'2025-06-01'`)
	held("by an account that is not there", "funding_review_recorded_by_fkey", "recorded_by", `@nobody`)
	held("of no year", "funding_review_financial_year_fkey", "financial_year", `2018`)
	held("of a year that is proposed", "funding_review_of_an_agreed_year", "financial_year", `2024`)
	was := review.With("id", `1`).Into("funding_review")
	list = append(list,
		pgtest.Attempt{Name: "a review is recorded under a number that was used", As: pgtest.AsOwner, Forged: agreed, After: []string{was}, SQL: was, Want: "funding_review_pkey"},
		pgtest.Attempt{Name: "a review is changed by the owner", As: pgtest.AsOwner, Forged: agreed, After: []string{was}, SQL: `UPDATE funding_review SET outcome = 'x'`, Want: "funding_review_insert_only"},
	)
	owner("all reviews are truncated by the owner", "funding_review_insert_only", `TRUNCATE funding_review`)
	return list
}

// Every attempt on years and what is proposed for them is refused, and every guard has an attempt that dies with it.
func TestNoGuardOfFundingYearsIsIdle(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t, pgtest.PoolSize(2))
	given := planned(t, db.App)
	attempts := append(append(yearAttempts(), lineAttempts()...), planAttempts()...)
	pgtest.Refused(t, db.Owner, given, attempts)
	mutations := pgtest.Guards(t, db.Owner, "funding_category", "funding_year", "funding_line", "funding_line_part", "budget_line", "pledge_confirmation", "funding_review")
	mutations = append(mutations,
		pgtest.Clause(t, db.Owner, "funding_year", "funding_year_guard", "OR NEW.financial_year < first - 1", ""),
		pgtest.Clause(t, db.Owner, "funding_year", "funding_year_guard", "NEW.financial_year > last + 1 OR", ""),
		pgtest.Clause(t, db.Owner, "funding_year", "funding_year_guard", "AND r.outcome = 'complete'", ""),
		pgtest.Clause(t, db.Owner, "funding_year", "funding_year_guard", "OR EXISTS (SELECT FROM funding_closing c WHERE c.financial_year = NEW.financial_year)", ""),
		pgtest.Clause(t, db.Owner, "budget_line", "budget_line_guard", "OR EXISTS (SELECT FROM funding_closing c WHERE c.financial_year = NEW.financial_year)", ""),
		pgtest.Clause(t, db.Owner, "funding_line", "funding_line_guard", "OR funding_year_has_live_round(NEW.financial_year)", ""),
		pgtest.Clause(t, db.Owner, "funding_line", "funding_line_guard", "OR body.retracted_at IS NOT NULL", ""),
		pgtest.Clause(t, db.Owner, "funding_line_part", "funding_line_part_guard", "OR funding_year_has_live_round(line.financial_year)", ""),
		pgtest.Clause(t, db.Owner, "pledge_confirmation", "pledge_confirmation_guard", "line.removed_at IS NOT NULL OR ", ""),
	)
	pgtest.Killed(t, db, given, attempts, mutations, map[string]string{
		"trigger funding_year_begun_alone":                     "told by the race of a year and a contribution",
		"funding_year_begun_alone 1: funding_year_begun_alone": "told by the race of a year and a contribution",
		"trigger funding_year_brought_forward":                 "told by the attempts on closings",
		"funding_year_agreed_round_fkey":                       "funding_year_guard finds no such round first",
		"funding_line_financial_year_fkey":                     "funding_line_guard finds no such year first",
		"funding_line_part_line_fkey":                          "funding_line_part_guard finds no such line first",
		"pledge_confirmation_line_fkey":                        "pledge_confirmation_guard finds no such payer first",
		"pledge_confirmation_account_fkey":                     "pledge_confirmation_guard finds no such staff first",
	})
}
