package funding_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/funding/fundingtest"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
)

// kept is a ledger at every state, by the names that the attempts use: 2016 is closed, 2017 and 2018 are open.
func kept(t testing.TB, db pg.DB) pgx.NamedArgs {
	t.Helper()
	ctx, s, by := context.Background(), funding.New(db, now), authz.System("test")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	body, other := membershiptest.Organisation(t, db), membershiptest.Organisation(t, db)
	ended := membershiptest.Organisation(t, db, func(b *membershiptest.Body) { b.EndsOn = day.Must("2017-05-31") })
	begun := membershiptest.Organisation(t, db, func(b *membershiptest.Body) { b.StartsOn = day.Must("2017-06-02") })
	retracted := membershiptest.Organisation(t, db)
	_, err := db.Exec(ctx, `UPDATE organisation SET retracted_reason = 'Typed twice' WHERE id = $1`, retracted.ID)
	must(err)
	for _, y := range []day.FinancialYear{2016, 2017, 2018} {
		fundingtest.LedgerYear(t, db, y, 50000)
	}
	_, err = db.Exec(ctx, `INSERT INTO funding_year (financial_year, origin, skip_reason) VALUES (2024, 'portal', 'x')`)
	must(err)
	fundingtest.LedgerYear(t, db, 2031, 0)
	line := func(year day.FinancialYear, alter ...func(*funding.RecordEntryCommand)) id.LedgerEntry {
		return fundingtest.Entry(t, db, append([]func(*funding.RecordEntryCommand){func(c *funding.RecordEntryCommand) {
			c.Year, c.Organisation, c.DatedOn = year, body.Slug, day.Must("2017-06-01")
		}}, alter...)...)
	}
	spend := func(year day.FinancialYear) id.Expenditure {
		return fundingtest.Spent(t, db, func(c *funding.SpendCommand) { c.Year = year })
	}
	g := pgx.NamedArgs{"body": body.ID, "other": other.ID, "ended": ended.ID, "begun": begun.ID, "retracted": retracted.ID, "nobody": int64(-1)}
	g["old"], g["oldspent"] = line(2016), spend(2016)
	g["oldmatched"] = line(2016)
	lines := fundingtest.BankLines(t, db, "2017-06-01,MATCHED BEFORE THE CLOSING,,1000.00\n2017-06-01,MATCHED,,1000.00\n2017-06-01,FREE,,1000.00\n2017-06-01,SET ASIDE,,7.00\n2017-06-01,OUT,,-600.00\n2017-06-01,UNDONE,,9.00\n")
	g["closedline"], g["matchedline"], g["line"], g["asideline"], g["outline"], g["undoneline"] = lines[0], lines[1], lines[2], lines[3], lines[4], lines[5]
	must(s.MatchLine(ctx, by, funding.MatchCommand{Line: lines[0], Entries: []id.LedgerEntry{g["oldmatched"].(id.LedgerEntry)}}))
	b, err := s.Balance(ctx, by, 2016)
	must(err)
	must(s.CloseYear(ctx, by, funding.CloseCommand{Year: 2016, Bank: b.Closing()}))
	g["entry"], g["free"], g["out"], g["spent"], g["spentout"], g["spentmatched"] = line(2017), line(2017), line(2017), spend(2017), spend(2017), spend(2017)
	g["matched"] = line(2017)
	g["invoice"] = line(2017, func(c *funding.RecordEntryCommand) { c.Kind, c.DueOn = funding.Invoice, day.Must("2017-07-01") })
	must(s.ReverseEntry(ctx, by, funding.ReverseEntryCommand{ID: g["out"].(id.LedgerEntry), Reason: "A slip"}))
	must(s.ReverseSpend(ctx, by, funding.ReverseSpendCommand{ID: g["spentout"].(id.Expenditure), Reason: "A slip"}))
	must(s.MatchLine(ctx, by, funding.MatchCommand{Line: lines[1], Entries: []id.LedgerEntry{g["matched"].(id.LedgerEntry)}}))
	must(s.MatchLine(ctx, by, funding.MatchCommand{Line: lines[4], Spending: []id.Expenditure{g["spentmatched"].(id.Expenditure)}}))
	must(s.SetAside(ctx, by, lines[3], "Not ours"))
	must(s.SetAside(ctx, by, lines[5], "Not ours"))
	must(s.UndoMatch(ctx, by, lines[5], "Ours"))
	payer := membershiptest.Organisation(t, db)
	g["payer"] = payer.ID
	line(2017, func(c *funding.RecordEntryCommand) { c.Organisation = payer.Slug })
	for name, sql := range map[string]string{
		"reversal": `SELECT id FROM ledger_entry WHERE reverses_id = @out`, "spentreversal": `SELECT id FROM expenditure WHERE reverses_id = @spentout`,
		"match": `SELECT id FROM bank_match WHERE bank_line_id = @matchedline`, "oldmatch": `SELECT id FROM bank_match WHERE bank_line_id = @closedline`,
		"aside": `SELECT id FROM bank_match WHERE bank_line_id = @asideline`, "undone": `SELECT id FROM bank_match WHERE bank_line_id = @undoneline`,
		"part": `SELECT id FROM bank_match_part WHERE ledger_entry_id = @matched`, "file": `SELECT id FROM bank_file LIMIT 1`,
		"income": `SELECT funding_income(2017)`, "outgo": `SELECT funding_spent(2017)`, "opening": `SELECT funding_opening(2017)`,
	} {
		var n int64
		must(db.QueryRow(ctx, sql, g).Scan(&n))
		g[name] = n
	}
	return g
}

func ledgerAttempts() []pgtest.Attempt {
	row := pgtest.Row{"financial_year": `2017`, "organisation_id": `@body`, "kind": `'receipt'`, "pence": `100000`, "dated_on": `'2017-06-01'`}
	add := func(name, want string, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a line of the ledger is recorded " + name, SQL: row.With(changes...).Into("ledger_entry"), Want: want}
	}
	out := func(name, want string, changes ...string) pgtest.Attempt {
		changes = append([]string{"reverses_id", `@entry`, "reason", `'A slip'`}, changes...)
		return pgtest.Attempt{Name: "a line of the ledger is reversed " + name, SQL: row.With(changes...).Into("ledger_entry"), Want: want}
	}
	move := func(name, want string, changes ...string) pgtest.Attempt {
		changes = append([]string{"moved_from_id", `@out`, "reason", `'Of the next year'`, "financial_year", `2018`}, changes...)
		return pgtest.Attempt{Name: "money is assigned anew " + name, SQL: row.With(changes...).Into("ledger_entry"), Want: want}
	}
	body := func(name, want, which, what string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a body of the ledger is made to " + name, As: pgtest.AsOwner, SQL: `UPDATE organisation SET ` + what + ` WHERE id = @` + which, Want: want}
	}
	return []pgtest.Attempt{
		add("properly", ""),
		add("as an invoice", "", "kind", `'invoice'`, "due_on", `'2017-06-01'`),
		add("of nothing", "ledger_entry_pence_range", "pence", `0`),
		add("for a year that is not there", "ledger_entry_financial_year_fkey", "financial_year", `2011`),
		add("for a closed year", "ledger_entry_year_open", "financial_year", `2016`),
		add("of nobody", "ledger_entry_organisation_fkey", "organisation_id", `@nobody`),
		add("by nobody known", "ledger_entry_recorded_by_fkey", "recorded_by", `@nobody`),
		add("of no known kind", "ledger_entry_kind_known", "kind", `'gift'`),
		add("as an invoice without its last day", "ledger_entry_due_of_invoices", "kind", `'invoice'`),
		add("as a receipt that is due", "ledger_entry_due_of_invoices", "due_on", `'2017-06-01'`),
		add("as an invoice due before it", "ledger_entry_due_after_date", "kind", `'invoice'`, "due_on", `'2017-05-31'`),
		add("with too long a reference", "ledger_entry_reference_length", "reference", `repeat('x', 101)`),
		add("with too long a name", "ledger_entry_received_as_length", "received_as", `repeat('x', 501)`),
		add("with too long a note", "ledger_entry_note_length", "note", `repeat('x', 2001)`),
		add("with a reason for nothing", "ledger_entry_with_reason", "reason", `'x'`),
		add("of a body that had ended", "ledger_entry_organisation_existed", "organisation_id", `@ended`),
		add("of a body that had not begun", "ledger_entry_organisation_existed", "organisation_id", `@begun`),
		add("of a body that was retracted", "ledger_entry_organisation_existed", "organisation_id", `@retracted`),
		add("at a time of our own", denied, "recorded_at", `'2017-06-01'`),
		out("properly", ""),
		out("without a reason", "ledger_entry_with_reason", "reason", `' '`),
		out("with too long a reason", "ledger_entry_reason_length", "reason", `repeat('x', 2001)`),
		out("twice", "ledger_entry_reversed_once", "reverses_id", `@out`),
		out("though it is not there", "ledger_entry_reverses_fkey", "reverses_id", `@nobody`),
		out("in part", "ledger_entry_reversed_whole", "pence", `1`),
		out("from another year", "ledger_entry_reversed_whole", "financial_year", `2018`),
		out("from another body", "ledger_entry_reversed_whole", "organisation_id", `@other`),
		out("as another kind", "ledger_entry_reversed_whole", "kind", `'refund'`),
		out("on another day", "ledger_entry_reversed_whole", "dated_on", `'2017-06-02'`),
		out("that reversed another one", "ledger_entry_reverses_an_entry", "reverses_id", `@reversal`),
		out("of a closed year", "ledger_entry_year_open", "financial_year", `2016`, "reverses_id", `@old`),
		out("that is matched", "ledger_entry_reversed_unmatched", "reverses_id", `@matched`),
		out("and assigned anew at once", "ledger_entry_reversed_or_moved", "moved_from_id", `@out`),
		move("properly", ""),
		move("to another body", "", "financial_year", `2017`, "organisation_id", `@other`),
		move("to where it was", "ledger_entry_moved_whole", "financial_year", `2017`),
		move("in part", "ledger_entry_moved_whole", "pence", `1`),
		move("on another day", "ledger_entry_moved_whole", "dated_on", `'2017-06-02'`),
		move("before it is taken from where it was", "ledger_entry_moved_after_reversal", "moved_from_id", `@entry`),
		move("though it is not there", "ledger_entry_moved_from_fkey", "moved_from_id", `@nobody`),
		{Name: "money is assigned anew twice", After: []string{row.With("moved_from_id", `@out`, "reason", `'x'`, "financial_year", `2018`).Into("ledger_entry")},
			SQL: row.With("moved_from_id", `@out`, "reason", `'x'`, "organisation_id", `@other`).Into("ledger_entry"), Want: "ledger_entry_moved_once"},
		{Name: "a line is recorded under a number that was used", As: pgtest.AsOwner, SQL: row.With("id", `@entry`).Into("ledger_entry"), Want: "ledger_entry_pkey"},
		{Name: "a line of the ledger is changed", SQL: `UPDATE ledger_entry SET pence = 1`, Want: denied},
		{Name: "a line of the ledger is changed by the owner", As: pgtest.AsOwner, SQL: `UPDATE ledger_entry SET note = 'x'`, Want: "ledger_entry_insert_only"},
		{Name: "the ledger is emptied", As: pgtest.AsOwner, SQL: `TRUNCATE ledger_entry CASCADE`, Want: "ledger_entry_insert_only"},
		body("end before it pays", "organisation_exists_for_ledger", "payer", `ends_on = '2017-05-31'`),
		body("begin after it has paid", "organisation_exists_for_ledger", "payer", `starts_on = '2017-06-02'`),
		body("end on the day on which it pays", "", "payer", `ends_on = '2017-06-01'`),
		body("count for nothing", "organisation_retracted_without_ledger", "payer", `retracted_reason = 'Typed twice'`),
		{Name: "a contribution is recorded for a closed year", SQL: `INSERT INTO contribution (financial_year, organisation_id, form, pence, purpose, agreed_on, agreed_precision, source)
			VALUES (2016, @body, 'cash', 1, 'General', '2016-03-01', 'day', 'Minutes')`, Want: "contribution_year_open"},
	}
}

func spendingAttempts() []pgtest.Attempt {
	row := pgtest.Row{"financial_year": `2017`, "category": `'training'`, "kind": `'payment'`, "pence": `60000`, "dated_on": `'2019-07-01'`, "supplier": `'A trainer'`,
		"description": `'A day of training'`}
	add := func(name, want string, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: "spending is recorded " + name, SQL: row.With(changes...).Into("expenditure"), Want: want}
	}
	out := func(name, want string, changes ...string) pgtest.Attempt {
		changes = append([]string{"reverses_id", `@spent`, "reason", `'A slip'`}, changes...)
		return pgtest.Attempt{Name: "spending is reversed " + name, SQL: row.With(changes...).Into("expenditure"), Want: want}
	}
	closing := pgtest.Row{"financial_year": `2017`, "opening_pence": `@opening::bigint`, "income_pence": `@income::bigint`, "expenditure_pence": `@outgo::bigint`,
		"closing_pence": `@opening::bigint + @income::bigint - @outgo::bigint`}
	zero := pgtest.Row{"financial_year": `2024`, "opening_pence": `0`, "income_pence": `0`, "expenditure_pence": `0`, "closing_pence": `0`}
	shut := func(name, want string, r pgtest.Row, forged ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a year is closed " + name, SQL: r.Into("funding_closing"), Want: want, Forged: forged}
	}
	const allBefore = `INSERT INTO funding_closing (financial_year, opening_pence, income_pence, expenditure_pence, closing_pence)
		SELECT y.financial_year, 0, 0, 0, 0 FROM funding_year y WHERE y.financial_year < 2031 AND y.financial_year > 2016`
	return []pgtest.Attempt{
		add("properly", ""),
		add("of nothing", "expenditure_pence_range", "pence", `0`),
		add("for a year that is not there", "expenditure_financial_year_fkey", "financial_year", `2011`),
		add("for a closed year", "expenditure_year_open", "financial_year", `2016`),
		add("on balloons", "expenditure_category_fkey", "category", `'balloons'`),
		add("of no known kind", "expenditure_kind_known", "kind", `'gift'`),
		add("to nobody", "expenditure_supplier_length", "supplier", `' '`),
		add("for nothing", "expenditure_description_length", "description", `' '`),
		add("with too long a reference", "expenditure_reference_length", "reference", `repeat('x', 101)`),
		add("by nobody known", "expenditure_recorded_by_fkey", "recorded_by", `@nobody`),
		add("with a reason for nothing", "expenditure_reversed_for_reason", "reason", `'x'`),
		out("properly", ""),
		out("without a reason", "expenditure_reversed_for_reason", "reason", `' '`),
		out("with too long a reason", "expenditure_reason_length", "reason", `repeat('x', 2001)`),
		out("twice", "expenditure_reversed_once", "reverses_id", `@spentout`),
		out("though it is not there", "expenditure_reverses_fkey", "reverses_id", `@nobody`),
		out("in part", "expenditure_reversed_whole", "pence", `1`),
		out("from another category", "expenditure_reversed_whole", "category", `'staffing'`),
		out("of another supplier", "expenditure_reversed_whole", "supplier", `'Somebody'`),
		out("that reversed another one", "expenditure_reverses_an_entry", "reverses_id", `@spentreversal`),
		out("of a closed year", "expenditure_year_open", "financial_year", `2016`, "reverses_id", `@oldspent`),
		out("that is matched", "expenditure_reversed_unmatched", "reverses_id", `@spentmatched`),
		{Name: "spending is recorded under a number that was used", As: pgtest.AsOwner, SQL: row.With("id", `@spent`).Into("expenditure"), Want: "expenditure_pkey"},
		{Name: "spending is changed by the owner", As: pgtest.AsOwner, SQL: `UPDATE expenditure SET pence = 1`, Want: "expenditure_insert_only"},
		{Name: "spending is changed", SQL: `UPDATE expenditure SET pence = 1`, Want: denied},
		{Name: "all spending is truncated", As: pgtest.AsOwner, SQL: `TRUNCATE expenditure CASCADE`, Want: "expenditure_insert_only"},
		shut("properly", "", closing),
		shut("with another balance", "funding_closing_balances", closing.With("closing_pence", `@opening::bigint + @income::bigint - @outgo::bigint + 1`)),
		shut("with another reserve brought forward", "funding_closing_opening_brought", closing.With("opening_pence", `@opening::bigint + 1`, "closing_pence", `@opening::bigint + @income::bigint - @outgo::bigint + 1`)),
		shut("with other income", "funding_closing_income_summed", closing.With("income_pence", `@income::bigint + 1`, "closing_pence", `@opening::bigint + @income::bigint - @outgo::bigint + 1`)),
		shut("with other spending", "funding_closing_expenditure_summed", closing.With("expenditure_pence", `@outgo::bigint - 1`, "closing_pence", `@opening::bigint + @income::bigint - @outgo::bigint + 1`)),
		shut("with too long a note", "funding_closing_note_length", closing.With("note", `repeat('x', 2001)`)),
		shut("by nobody known", "funding_closing_closed_by_fkey", closing.With("closed_by", `@nobody`)),
		shut("twice", "funding_closing_pkey", closing, `INSERT INTO funding_closing (financial_year, opening_pence, income_pence, expenditure_pence, closing_pence) VALUES (2017, 0, 0, 0, 0)`),
		shut("that is not there", "funding_closing_financial_year_fkey", zero.With("financial_year", `2011`)),
		shut("before an earlier one", "funding_closing_in_order", zero.With("financial_year", `2018`)),
		shut("before it is agreed", "funding_closing_of_agreed_year", zero, `INSERT INTO funding_closing (financial_year, opening_pence, income_pence, expenditure_pence, closing_pence) VALUES (2017, 0, 0, 0, 0), (2018, 0, 0, 0, 0)`),
		shut("before it has ended", "funding_closing_after_the_year", zero.With("financial_year", `2031`), allBefore),
		shut("with another sum than the next began with", "funding_closing_before_next", closing,
			`INSERT INTO funding_closing (financial_year, opening_pence, income_pence, expenditure_pence, closing_pence) VALUES (2018, 9, 0, 0, 9)`),
		{Name: "a year is closed with all the money in the world", Unguarded: true,
			SQL: zero.With("opening_pence", `1000000000001`, "closing_pence", `1000000000001`).Into("funding_closing"), Want: "funding_closing_range"},
		{Name: "a closing is changed", As: pgtest.AsOwner, SQL: `UPDATE funding_closing SET note = 'x'`, Want: "funding_closing_insert_only"},
		{Name: "a closing is taken back", As: pgtest.AsOwner, SQL: `DELETE FROM funding_closing`, Want: "funding_closing_insert_only"},
		{Name: "all closings are truncated", As: pgtest.AsOwner, SQL: `TRUNCATE funding_closing`, Want: "funding_closing_insert_only"},
		{Name: "a year after a closed one is given another reserve", SQL: `UPDATE funding_year SET opening_pence = 7 WHERE financial_year = 2017`,
			Want: "true", Shows: `SELECT (opening_pence = @opening)::text FROM funding_year WHERE financial_year = 2017`},
		{Name: "what a year leaves goes to the next", SQL: closing.Into("funding_closing"),
			Want: "true", Shows: `SELECT (opening_pence = @opening::bigint + @income::bigint - @outgo::bigint)::text FROM funding_year WHERE financial_year = 2018`},
	}
}

func bankAttempts() []pgtest.Attempt {
	const print = `sha256('another')`
	file := pgtest.Row{"name": `'x.csv'`, "digest": `sha256('x')`, "content": `'x'`}
	line := pgtest.Row{"bank_file_id": `@file`, "line": `99`, "dated_on": `'2017-06-01'`, "pence": `1`, "description": `'X'`, "fingerprint": print}
	match := func(line, part string) string {
		return `WITH m AS (INSERT INTO bank_match (bank_line_id) VALUES (` + line + `) RETURNING id)
			INSERT INTO bank_match_part (bank_match_id, ledger_entry_id, expenditure_id) SELECT m.id, ` + part + ` FROM m`
	}
	try := func(name, want, sql string) pgtest.Attempt { return pgtest.Attempt{Name: name, SQL: sql, Want: want} }
	owner := func(name, want, sql string) pgtest.Attempt {
		return pgtest.Attempt{Name: name, As: pgtest.AsOwner, SQL: sql, Want: want}
	}
	upload := func(name, want string, changes ...string) pgtest.Attempt {
		return owner("a bank file is kept "+name, want, file.With(changes...).Into("bank_file"))
	}
	come := func(name, want string, changes ...string) pgtest.Attempt {
		return try("a line of the statement comes in "+name, want, line.With(changes...).Into("bank_line"))
	}
	waits := []string{file.With("id", `77`).Into("bank_file")}
	const part = `INSERT INTO bank_match_part (bank_match_id, ledger_entry_id) VALUES `
	return []pgtest.Attempt{
		upload("properly", ""),
		upload("without a name", "bank_file_name_length", "name", `' '`),
		upload("with another digest", "bank_file_digest_sha256", "digest", `'x'`),
		upload("without content", "bank_file_content_until_fate", "content", `NULL`),
		upload("with empty content", "bank_file_content_size", "content", `''`),
		upload("of nobody known", "bank_file_uploaded_by_fkey", "uploaded_by", `@nobody`),
		upload("as imported by somebody at no time", "bank_file_imported_by_at", "imported_by", `@nobody`),
		upload("as imported by nobody known", "bank_file_imported_by_fkey", "imported_by", `@nobody`, "imported_at", `now()`, "content", `NULL`),
		upload("as imported and discarded", "bank_file_one_fate", "imported_at", `now()`, "discarded_at", `now()`),
		upload("under a number that was used", "bank_file_pkey", "id", `@file`),
		{Name: "a bank file is imported", After: waits, SQL: `UPDATE bank_file SET content = NULL, imported_at = now() WHERE id = 77`},
		try("a bank file is imported twice", "bank_file_fate_once", `UPDATE bank_file SET imported_at = now() WHERE id = @file`),
		owner("a bank file is deleted", "bank_file_kept", `DELETE FROM bank_file`),
		owner("all bank files are truncated", "bank_file_kept", `TRUNCATE bank_file CASCADE`),
		come("properly", ""),
		come("of no file", "bank_line_bank_file_fkey", "bank_file_id", `@nobody`),
		come("from nowhere", "bank_line_line_positive", "line", `0`),
		come("with no money", "bank_line_pence_range", "pence", `0`),
		come("with too much text", "bank_line_description_length", "description", `repeat('x', 501)`),
		come("with too long a reference", "bank_line_reference_length", "reference", `repeat('x', 201)`),
		come("without a fingerprint", "bank_line_fingerprint_sha256", "fingerprint", `''`),
		{Name: "a line of the statement comes in twice", After: []string{line.Into("bank_line")}, SQL: line.With("line", `98`).Into("bank_line"), Want: "bank_line_fingerprint_key"},
		{Name: "a row of a file comes in twice", After: []string{line.Into("bank_line")}, SQL: line.With("fingerprint", `sha256('third')`).Into("bank_line"), Want: "bank_line_line_key"},
		owner("a line of the statement comes in under a number that was used", "bank_line_pkey", line.With("id", `@line`).Into("bank_line")),
		owner("a line of the statement is changed", "bank_line_insert_only", `UPDATE bank_line SET pence = 5`),
		owner("all lines of the statement are truncated", "bank_line_insert_only", `TRUNCATE bank_line CASCADE`),
		try("a line is matched properly", "", match(`@line`, `@free::bigint, NULL::bigint`)),
		try("a line is matched with another sum", "bank_match_adds_up", match(`@line`, `NULL::bigint, @spent::bigint`)),
		try("a line is matched with nothing", "bank_match_adds_up", `INSERT INTO bank_match (bank_line_id) VALUES (@line)`),
		try("a line is matched twice", "bank_match_one_live", match(`@matchedline`, `@free::bigint, NULL::bigint`)),
		try("a line is matched with what another one is", "bank_match_part_one_live_entry", match(`@line`, `@matched::bigint, NULL::bigint`)),
		try("a line is matched with spending that another one is", "bank_match_part_one_live_expenditure", match(`@line`, `NULL::bigint, @spentmatched::bigint`)),
		try("a line is matched with an invoice", "bank_match_part_of_money", match(`@line`, `@invoice::bigint, NULL::bigint`)),
		try("a line is matched with what was reversed", "bank_match_part_counts", match(`@line`, `@out::bigint, NULL::bigint`)),
		try("a line is matched with a reversal", "bank_match_part_counts", match(`@line`, `@reversal::bigint, NULL::bigint`)),
		try("a line is matched with spending that was reversed", "bank_match_part_counts", match(`@line`, `NULL::bigint, @spentout::bigint`)),
		try("a line is matched with a reversal of spending", "bank_match_part_counts", match(`@line`, `NULL::bigint, @spentreversal::bigint`)),
		try("a line is matched with a closed year", "bank_match_part_year_open", match(`@line`, `@old::bigint, NULL::bigint`)),
		try("a line is matched with what is not there", "bank_match_part_ledger_entry_fkey", match(`@line`, `@nobody::bigint, NULL::bigint`)),
		try("a line is matched with spending that is not there", "bank_match_part_expenditure_fkey", match(`@line`, `NULL::bigint, @nobody::bigint`)),
		try("a line is matched with two at once", "bank_match_part_of_one", match(`@line`, `@free::bigint, @spent::bigint`)),
		try("a line that is not there is matched", "bank_match_bank_line_fkey", `INSERT INTO bank_match (bank_line_id, set_aside_reason) VALUES (@nobody, 'x')`),
		try("a line is set aside", "", `INSERT INTO bank_match (bank_line_id, set_aside_reason) VALUES (@line, 'x')`),
		try("a line is set aside for nothing", "bank_match_set_aside_reason_length", `INSERT INTO bank_match (bank_line_id, set_aside_reason) VALUES (@line, ' ')`),
		try("a line is set aside by nobody known", "bank_match_made_by_fkey", `INSERT INTO bank_match (bank_line_id, set_aside_reason, made_by) VALUES (@line, 'x', @nobody)`),
		try("a part comes to a match later", "bank_match_part_adds_up", part+`(@match, @free)`),
		try("a part comes to what was set aside", "bank_match_part_of_live_match", part+`(@aside, @free)`),
		{Name: "a part comes to what was undone", After: []string{`UPDATE bank_match SET undone_at = now(), undone_reason = 'x' WHERE id = @match`},
			SQL: part + `(@match, @free)`, Want: "bank_match_part_of_live_match"},
		try("a part comes to no match", "bank_match_part_bank_match_fkey", part+`(@nobody, @free)`),
		owner("a part is given a number that was used", "bank_match_part_pkey", `INSERT INTO bank_match_part (id, bank_match_id, ledger_entry_id) OVERRIDING SYSTEM VALUE VALUES (@part, @match, @free)`),
		owner("a match is given a number that was used", "bank_match_pkey", `INSERT INTO bank_match (id, bank_line_id, set_aside_reason) OVERRIDING SYSTEM VALUE VALUES (@match, @line, 'x')`),
		{Name: "a match is undone", SQL: `UPDATE bank_match SET undone_at = now(), undone_reason = 'x' WHERE id = @match`,
			Shows: `SELECT (undone_at IS NOT NULL)::text FROM bank_match_part WHERE id = @part`, Want: "true"},
		try("a match is undone without a reason", "bank_match_undone_with_reason", `UPDATE bank_match SET undone_at = now() WHERE id = @match`),
		try("a match is undone for nothing", "bank_match_undone_reason_length", `UPDATE bank_match SET undone_at = now(), undone_reason = ' ' WHERE id = @match`),
		try("a match is undone by nobody known", "bank_match_undone_by_fkey", `UPDATE bank_match SET undone_at = now(), undone_reason = 'x', undone_by = @nobody WHERE id = @match`),
		try("a match is undone by somebody at no time", "bank_match_undone_by_at", `UPDATE bank_match SET undone_by = @nobody WHERE id = @match`),
		try("a match is undone twice", "bank_match_undone_once", `UPDATE bank_match SET undone_reason = 'y' WHERE id = @undone`),
		try("a match of a closed year is undone", "bank_match_year_open", `UPDATE bank_match SET undone_at = now(), undone_reason = 'x' WHERE id = @oldmatch`),
		try("a match is given another line", denied, `UPDATE bank_match SET bank_line_id = @line WHERE id = @match`),
		try("a part is freed by itself", denied, `UPDATE bank_match_part SET undone_at = now()`),
		owner("a match is deleted", "bank_match_kept", `DELETE FROM bank_match WHERE id = @undone`),
		owner("all matches are truncated", "bank_match_kept", `TRUNCATE bank_match CASCADE`),
		owner("a part is deleted", "bank_match_part_kept", `DELETE FROM bank_match_part`),
		owner("all parts are truncated", "bank_match_part_kept", `TRUNCATE bank_match_part`),
	}
}

// Every attempt is refused, and every guard has an attempt that dies with it: none can be lost unnoticed.
func TestNoGuardOfTheLedgerIsIdle(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t, pgtest.PoolSize(2))
	given := kept(t, db.App)
	attempts := append(append(ledgerAttempts(), spendingAttempts()...), bankAttempts()...)
	pgtest.Refused(t, db.Owner, given, attempts)
	mutations := pgtest.Guards(t, db.Owner, "ledger_entry", "expenditure", "funding_closing", "bank_file", "bank_line", "bank_match", "bank_match_part")
	drop := func(trigger, table string) {
		mutations = append(mutations, pgtest.Mutation{Name: "trigger " + trigger, Table: table, SQL: `DROP TRIGGER ` + trigger + ` ON ` + table})
	}
	drop("organisation_ledger", "organisation")
	drop("contribution_of_open_year", "contribution")
	drop("funding_year_brought_forward", "funding_year")
	clause := func(table, function, old, with string) {
		mutations = append(mutations, pgtest.Clause(t, db.Owner, table, function, old, with))
	}
	clause("ledger_entry", "ledger_entry_guard", "body.starts_on > NEW.dated_on OR", "")
	clause("ledger_entry", "ledger_entry_guard", "OR body.ends_on < NEW.dated_on", "")
	clause("ledger_entry", "ledger_entry_guard", "OR body.retracted_at IS NOT NULL", "")
	clause("ledger_entry", "ledger_entry_guard", "OR (NEW.financial_year, NEW.organisation_id) = (line.financial_year, line.organisation_id)", "")
	clause("organisation", "organisation_ledger_guard", "NEW.starts_on > e.dated_on OR", "")
	clause("organisation", "organisation_ledger_guard", "OR NEW.ends_on < e.dated_on", "")
	clause("organisation", "organisation_ledger_guard", "NEW.retracted_reason IS NOT NULL AND OLD.retracted_reason IS NULL AND", "false AND")
	clause("bank_match_part", "bank_match_part_guard", "e.reverses_id IS NOT NULL OR x.reverses_id IS NOT NULL\n       OR", "")
	clause("bank_match_part", "bank_match_part_guard", "OR m.set_aside_reason IS NOT NULL", "")
	clause("bank_match_part", "bank_match_part_guard", "m.undone_at IS NOT NULL OR", "")
	clause("bank_match", "bank_match_guard", "UPDATE bank_match_part SET undone_at = NEW.undone_at WHERE bank_match_id = NEW.id;", "")
	pgtest.Killed(t, db, given, attempts, mutations, nil)
}
