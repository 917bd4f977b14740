package route

import "net/url"

// deskYear is a financial year as it stands in addresses of the desk: 2019-20. A bare number there is a contribution.
const deskYear = DeskFunding + "/{year:[0-9]{4}-[0-9]{2}}"

// Paths of the ledger, the spending and the closing of a financial year.
const (
	DeskLedgers        = "/desk/funding/ledgers"
	DeskLedger         = deskYear + "/ledger"
	DeskLedgerRecord   = deskYear + "/ledger/record"
	DeskLedgerEntry    = deskYear + "/ledger/{id}"
	DeskLedgerReverse  = deskYear + "/ledger/{id}/reverse"
	DeskLedgerAssign   = deskYear + "/ledger/{id}/assign"
	DeskOutstanding    = deskYear + "/outstanding"
	DeskSpending       = deskYear + "/spending"
	DeskSpendingRecord = deskYear + "/spending/record"
	DeskSpend          = deskYear + "/spending/{id}"
	DeskSpendReverse   = deskYear + "/spending/{id}/reverse"
	DeskYearClose      = deskYear + "/close"
)

// Paths of the bank's statement.
const (
	DeskBank         = "/desk/funding/bank"
	DeskBankUpload   = "/desk/funding/bank/upload"
	DeskBankFile     = "/desk/funding/bank/files/{id}"
	DeskBankDiscard  = "/desk/funding/bank/files/{id}/discard"
	DeskBankLine     = "/desk/funding/bank/lines/{id}"
	DeskBankMatch    = "/desk/funding/bank/lines/{id}/match"
	DeskBankReceive  = "/desk/funding/bank/lines/{id}/receive"
	DeskBankSpend    = "/desk/funding/bank/lines/{id}/spend"
	DeskBankSetAside = "/desk/funding/bank/lines/{id}/set-aside"
	DeskBankUndo     = "/desk/funding/bank/lines/{id}/undo"
)

func deskYearTo(year string) string { return DeskFunding + "/" + url.PathEscape(year) }

// DeskLedgerTo is the ledger of a year, given as 2019-20.
func DeskLedgerTo(year string) string { return deskYearTo(year) + "/ledger" }

// DeskLedgerRecordTo is where a line is added to the ledger of a year.
func DeskLedgerRecordTo(year string) string { return DeskLedgerTo(year) + "/record" }

// DeskLedgerEntryTo is a line of the ledger.
func DeskLedgerEntryTo[T ~int64](year string, id T) string {
	return DeskLedgerTo(year) + "/" + number(id)
}

// DeskLedgerReverseTo is where a line of the ledger is reversed.
func DeskLedgerReverseTo[T ~int64](year string, id T) string {
	return DeskLedgerEntryTo(year, id) + "/reverse"
}

// DeskLedgerAssignTo is where the money of a line is assigned to another year or organisation.
func DeskLedgerAssignTo[T ~int64](year string, id T) string {
	return DeskLedgerEntryTo(year, id) + "/assign"
}

// DeskOutstandingTo has the files of what is outstanding in a year.
func DeskOutstandingTo(year string) string { return deskYearTo(year) + "/outstanding" }

// DeskSpendingTo is the spending of a year.
func DeskSpendingTo(year string) string { return deskYearTo(year) + "/spending" }

// DeskSpendingRecordTo is where spending of a year is recorded.
func DeskSpendingRecordTo(year string) string { return DeskSpendingTo(year) + "/record" }

// DeskSpendTo is a line of spending.
func DeskSpendTo[T ~int64](year string, id T) string { return DeskSpendingTo(year) + "/" + number(id) }

// DeskSpendReverseTo is where a line of spending is reversed.
func DeskSpendReverseTo[T ~int64](year string, id T) string {
	return DeskSpendTo(year, id) + "/reverse"
}

// DeskYearCloseTo is where a year is added up and closed.
func DeskYearCloseTo(year string) string { return deskYearTo(year) + "/close" }

// DeskBankIn lists the lines of the statement in a state.
func DeskBankIn(state string) string { return Asking(DeskBank, url.Values{"state": {state}}.Encode()) }

// DeskBankFileTo is a bank's export.
func DeskBankFileTo[T ~int64](id T) string { return DeskBank + "/files/" + number(id) }

// DeskBankDiscardTo is where an export that was only looked at is discarded.
func DeskBankDiscardTo[T ~int64](id T) string { return DeskBankFileTo(id) + "/discard" }

// DeskBankLineTo is a line of the statement.
func DeskBankLineTo[T ~int64](id T) string { return DeskBank + "/lines/" + number(id) }

// DeskBankLineAct is where something is done with a line of the statement: match, receive, spend, set-aside or undo.
func DeskBankLineAct[T ~int64](id T, act string) string { return DeskBankLineTo(id) + "/" + act }

// DeskBankReceiveAs is where a line of the statement is recorded as money of a body for a year.
func DeskBankReceiveAs[T ~int64](id T, year, organisation, reference string) string {
	return Asking(DeskBankLineAct(id, "receive"), url.Values{"year": {year}, "organisation": {organisation}, "reference": {reference}}.Encode())
}
