package server_test

import (
	"net/http"
	"net/url"
	"testing"

	"partnershipportal/internal/day"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/funding/fundingtest"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
	"partnershipportal/web/route"
)

// ledgerYear is the financial year of the rows about its money.
const ledgerYear = "2015-16"

// ledgerFixtures are the lines that the rows of the table speak of.
type ledgerFixtures struct {
	invoice, receipt id.LedgerEntry
	spent            id.Expenditure
	open, matched    id.BankLine
	file             id.BankFile
}

func makeLedger(t testing.TB, db pg.DB) ledgerFixtures {
	t.Helper()
	fundingtest.LedgerYear(t, db, 2015, 100)
	in := func(c *funding.RecordEntryCommand) { c.Year, c.DatedOn = 2015, day.Must("2015-06-01") }
	f := ledgerFixtures{receipt: fundingtest.Entry(t, db, in), spent: fundingtest.Spent(t, db, func(c *funding.SpendCommand) { c.Year = 2015 })}
	f.invoice = fundingtest.Entry(t, db, in, func(c *funding.RecordEntryCommand) {
		c.Kind, c.DueOn, c.Reference = funding.Invoice, day.Must("2015-07-01"), "INV 1042"
	})
	matched := fundingtest.Entry(t, db, in, func(c *funding.RecordEntryCommand) { c.ReceivedAs = "SOME BODY" })
	lines := fundingtest.BankLines(t, db, "2015-06-01,SOME BODY,INV 1042,500.00\n2015-06-02,SOME BODY AGAIN,,1000.00\n")
	f.open, f.matched = lines[0], lines[1]
	fundingtest.Matched(t, db, f.matched, matched)
	f.file = fundingtest.BankFile(t, db, "2015-06-09,PREVIEW ONLY,,7.00\n")
	return f
}

// moneyPage is a page about money: business support, partners and the scrutineer read it.
func moneyPage(route string) expectation {
	return closed(route).with("business support", support, http.StatusOK).with("scrutineer", scrutineer, http.StatusOK).with("lead officer", lead, http.StatusOK).
		with("private office", office, http.StatusOK).with("agency staff", staff, http.StatusForbidden).with("administrator", admin, http.StatusForbidden)
}

// moneyAct is something that business support alone does.
func moneyAct(route string, status int) expectation {
	return desk(route, status).with("scrutineer", scrutineer, http.StatusForbidden).with("private office", office, http.StatusForbidden)
}

func ledgerExpectations() []expectation {
	year := func(path func(string) string) func(fixtures) string {
		return func(fixtures) string { return path(ledgerYear) }
	}
	entry := func(below string) func(fixtures) string {
		return func(f fixtures) string { return route.DeskLedgerEntryTo(ledgerYear, f.ledger.receipt) + below }
	}
	spent := func(below string) func(fixtures) string {
		return func(f fixtures) string { return route.DeskSpendTo(ledgerYear, f.ledger.spent) + below }
	}
	line := func(below string) func(fixtures) string {
		return func(f fixtures) string { return route.DeskBankLineTo(f.ledger.open) + below }
	}
	file := func(below string) func(fixtures) string {
		return func(f fixtures) string { return route.DeskBankFileTo(f.ledger.file) + below }
	}
	var rows []expectation
	for _, of := range []func(string) string{route.CSV, route.XLSX} {
		rows = append(rows, moneyPage("GET "+of(route.DeskLedger)).at(func(fixtures) string { return of(route.DeskLedgerTo(ledgerYear)) }),
			moneyPage("GET "+of(route.DeskOutstanding)).at(func(fixtures) string { return of(route.DeskOutstandingTo(ledgerYear)) }),
			moneyPage("GET "+of(route.DeskSpending)).at(func(fixtures) string { return of(route.DeskSpendingTo(ledgerYear)) }),
			moneyPage("GET "+of(route.DeskBank)))
	}
	further := moneyPage("GET " + route.DeskBankLine).at(func(f fixtures) string { return route.DeskBankLineTo(f.ledger.matched) })
	further.further = true
	invoice := moneyPage("GET " + route.DeskLedgerEntry).at(func(f fixtures) string { return route.DeskLedgerEntryTo(ledgerYear, f.ledger.invoice) })
	invoice.further = true
	return append(rows, further, invoice,
		moneyPage("GET "+route.DeskLedgers), moneyPage("GET "+route.DeskBank),
		moneyPage("GET "+route.DeskLedger).at(year(route.DeskLedgerTo)),
		moneyAct("GET "+route.DeskLedgerRecord, http.StatusOK).at(year(route.DeskLedgerRecordTo)),
		moneyAct("POST "+route.DeskLedgerRecord, http.StatusUnprocessableEntity).at(year(route.DeskLedgerRecordTo)),
		moneyPage("GET "+route.DeskLedgerEntry).at(entry("")),
		moneyAct("GET "+route.DeskLedgerReverse, http.StatusOK).at(entry("/reverse")),
		moneyAct("POST "+route.DeskLedgerReverse, http.StatusUnprocessableEntity).at(entry("/reverse")),
		moneyAct("GET "+route.DeskLedgerAssign, http.StatusOK).at(entry("/assign")),
		moneyAct("POST "+route.DeskLedgerAssign, http.StatusUnprocessableEntity).at(entry("/assign")),
		moneyPage("GET "+route.DeskSpending).at(year(route.DeskSpendingTo)),
		moneyAct("GET "+route.DeskSpendingRecord, http.StatusOK).at(year(route.DeskSpendingRecordTo)),
		moneyAct("POST "+route.DeskSpendingRecord, http.StatusUnprocessableEntity).at(year(route.DeskSpendingRecordTo)),
		moneyPage("GET "+route.DeskSpend).at(spent("")),
		moneyAct("GET "+route.DeskSpendReverse, http.StatusOK).at(spent("/reverse")),
		moneyAct("POST "+route.DeskSpendReverse, http.StatusUnprocessableEntity).at(spent("/reverse")),
		moneyPage("GET "+route.DeskYearClose).at(year(route.DeskYearCloseTo)),
		moneyAct("POST "+route.DeskYearClose, http.StatusUnprocessableEntity).at(year(route.DeskYearCloseTo)),
		moneyAct("GET "+route.DeskBankUpload, http.StatusOK),
		moneyAct("POST "+route.DeskBankUpload, http.StatusUnprocessableEntity),
		moneyPage("GET "+route.DeskBankFile).at(file("")),
		moneyAct("POST "+route.DeskBankFile, http.StatusSeeOther).at(file("")),
		moneyAct("POST "+route.DeskBankDiscard, http.StatusSeeOther).at(file("/discard")),
		moneyPage("GET "+route.DeskBankLine).at(line("")),
		moneyAct("POST "+route.DeskBankMatch, http.StatusUnprocessableEntity).at(line("/match")),
		moneyAct("GET "+route.DeskBankReceive, http.StatusOK).at(line("/receive")),
		moneyAct("POST "+route.DeskBankReceive, http.StatusUnprocessableEntity).at(line("/receive")),
		moneyAct("GET "+route.DeskBankSpend, http.StatusOK).at(line("/spend")),
		moneyAct("POST "+route.DeskBankSpend, http.StatusUnprocessableEntity).at(line("/spend")),
		moneyAct("GET "+route.DeskBankSetAside, http.StatusOK).at(line("/set-aside")),
		moneyAct("POST "+route.DeskBankSetAside, http.StatusUnprocessableEntity).at(line("/set-aside")),
		moneyAct("GET "+route.DeskBankUndo, http.StatusOK).at(line("/undo")),
		moneyAct("POST "+route.DeskBankUndo, http.StatusUnprocessableEntity).at(line("/undo")).sending(func(fixtures) url.Values { return url.Values{"reason": {""}} }),
	)
}
