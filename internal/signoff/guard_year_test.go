package signoff_test

import (
	"context"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
	"partnershipportal/internal/signoff"
	"partnershipportal/internal/signoff/signofftest"
)

// fundingYears adds one that is being proposed, one with an open round in which officer 1 has a statement under an
// appointment for documents alone and one for the annual budget, and one that is agreed.
func fundingYears(t testing.TB, db pg.DB, g pgx.NamedArgs) {
	t.Helper()
	proposed := signofftest.DraftYear(t, db)
	g["year"], g["year_content"] = proposed.Year, proposed.Content
	open := signofftest.OpenYear(t, db)
	g["year_open"], g["open_year"], g["open_year_content"] = open.Round, open.Year, open.Content
	r, err := open.Service.Round(context.Background(), open.Support, open.Round)
	if err != nil {
		t.Fatal(err)
	}
	g["year_digest"] = r.Digest
	police := open.Officers[1]
	for _, s := range r.Seats {
		if s.Partner == police.Partner.ID {
			g["year_seat"], g["year_partner"] = s.ID, s.Partner
		}
	}
	for name, papers := range map[string][]string{"documents": {"arrangements"}, "budget": {signoff.AnnualBudget}} {
		a := membershiptest.Appointment(t, db, police.Partner.ID, func(a *membershiptest.AppointmentMade) {
			a.Capacity, a.Papers = authz.Delegate, papers
		})
		g[name], g[name+"_account"] = a.ID, a.Account
	}
	agreed := signofftest.DraftYear(t, db)
	agreed.OpenRound(t)
	for _, o := range slices.Concat(proposed.Officers, open.Officers, agreed.Officers) { // every partner that there is has a seat
		agreed.MustAct(t, o.Actor, signoff.Sign)
	}
	g["agreed"], g["agreed_year"], g["agreed_content"] = agreed.Round, agreed.Year, agreed.Content
}

// aYearRound is a round on the year that is being proposed, as the service opens it.
var aYearRound = aRound.With("paper_kind", `'funding year'`, "paper_id", `@year`, "content", `@year_content`)

func yearAttempts() []pgtest.Attempt {
	open := func(name, want string, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a round on a financial year is opened " + name, SQL: aYearRound.With(changes...).Into("round"), Want: want}
	}
	// with is the frozen content with something else in it
	with := func(change string) string {
		return `convert_to((convert_from(@year_content, 'UTF8')::jsonb ` + change + `)::text, 'UTF8')`
	}
	put := func(path, value string) string {
		return `convert_to(jsonb_set(convert_from(@year_content, 'UTF8')::jsonb, '` + path + `', '` + value + `')::text, 'UTF8')`
	}
	const kinds = `SELECT string_agg(DISTINCT p.statutory_kind, ', ' ORDER BY p.statutory_kind) FROM seat s JOIN round r ON r.id = s.round_id
		JOIN safeguarding_partner p ON p.id = s.partner_id WHERE r.paper_kind = 'funding year' AND r.paper_id = @year`
	const everyone = `SELECT CASE WHEN count(*) = (SELECT count(*) FROM safeguarding_partner p WHERE p.during @> london_day(now())) THEN 'everyone' ELSE 'some' END
		FROM seat s JOIN round r ON r.id = s.round_id WHERE r.paper_kind = 'funding year' AND r.paper_id = @year`
	attempts := []pgtest.Attempt{
		showing(open("properly", "health, local authority, police"), kinds),
		showing(open("for all partners of the day", "everyone"), everyone),
		forged(open("while a kind of partner is missing", "round_seats_each_kind"), `UPDATE safeguarding_partner SET ends_on = london_day(now()) - 1 WHERE statutory_kind = 'health'`),
		open("that does not exist", "round_of_a_proposed_year", "paper_id", `@nobody`),
		open("that is agreed", "round_of_a_proposed_year", "paper_id", `@agreed_year`, "number", `2`, "content", `@agreed_content`),
		open("beside an open one", "round_one_live", "paper_id", `@open_year`, "number", `2`, "content", `@open_year_content`),
		open("to record what was signed elsewhere", "round_recorded_of_versions", "origin", `'recorded'`),
		open("in another layout", "round_content_of_year", "content", put("{schema}", `"funding-year/2"`)),
		open("for another year", "round_content_of_year", "content", put("{financialYear}", `"2019/20"`)),
		open("with another reserve", "round_content_of_year", "content", put("{openingPence}", `250001`)),
		open("with another sum", "round_content_of_year", "content", put("{lines,0,pence}", `1`)),
		open("with another total of the payer", "round_content_of_year", "content", put("{lines,0,payerTotalPence}", `1000001`)),
		open("with another form", "round_content_of_year", "content", put("{lines,0,form}", `"in kind"`)),
		open("with another payer", "round_content_of_year", "content", put("{lines,0,slug}", `"someone-else"`)),
		open("with another method", "round_content_of_year", "content", put("{method}", `"By guess"`)),
		open("with another review", "round_content_of_year", "content", put("{reviewDueOn}", `"2001-01-01"`)),
		open("on another condition", "round_content_of_year", "content", put("{lines,0,conditions}", `"If it rains"`)),
		open("in other parts", "round_content_of_year", "content", put("{lines,0,parts}", `[{"label": "All", "weight": 1, "isOurs": true}]`)),
		open("without a line", "round_content_of_year", "content", with(`#- '{lines,0}'`)),
		open("without any lines", "round_content_of_year", "content", with(`- 'lines'`)),
		open("with a line twice", "round_content_of_year", "content", put("{lines,3}", `{}`)),
		open("with another budget", "round_content_of_year", "content", put("{budget,0,pence}", `4000001`)),
		open("without the budget", "round_content_of_year", "content", with(`- 'budget'`)),
		after(open("with a line that was taken out since", "round_content_of_year"), `UPDATE funding_line SET removed_at = now() WHERE financial_year = @year AND form = 'cash' AND pence = 1000000`),
		after(open("without a line that was taken out", "", "content", with(`#- '{lines,0}'`)), `UPDATE funding_line SET removed_at = now() WHERE financial_year = @year AND pence = 1000000`),
		{Name: "the round of an agreed year is set aside", Want: "round_set_aside_not_agreed", SQL: `INSERT INTO round_set_aside (round_id, reason, set_by) VALUES (@agreed, 'After all', @support)`},
	}
	return append(attempts, yearActAttempts()...)
}

// yearActAttempts act in the open round of a year under appointments that are limited to some papers.
func yearActAttempts() []pgtest.Attempt {
	act := func(name, want, appointment string) pgtest.Attempt {
		digest := []string{"round_id", `@year_open`, "seat_id", `@year_seat`, "partner_id", `@year_partner`, "digest", `@year_digest`,
			"account_id", `@` + appointment + `_account`, "appointment_id", `@` + appointment}
		statement := aStatement.With(append(digest, "body", `convert_to(json_build_object('digest', 'sha256:' || encode(@year_digest, 'hex'), 'act', 'sign')::text, 'UTF8')`)...)
		return pgtest.Attempt{Name: "a financial year is signed under an appointment for " + name, Want: want, After: []string{statement.Into("statement")},
			SQL: anAct.With(append(digest, "statement_id", `@unused`, "capacity", `'delegate'`, "acting_for", `'Chief Officer'`)...).Into("act")}
	}
	return []pgtest.Attempt{
		act("documents alone", "act_appointment_of_today", "documents"),
		act("the annual budget", "", "budget"),
	}
}
