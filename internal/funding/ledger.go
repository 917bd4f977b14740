package funding

import (
	"slices"
	"time"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/money"
)

// LedgerKind is what a line of the ledger is.
type LedgerKind string

// The kinds of lines.
const (
	Invoice    LedgerKind = "invoice"
	CreditNote LedgerKind = "credit note" // takes back of what was invoiced
	Receipt    LedgerKind = "receipt"
	Refund     LedgerKind = "refund" // money that is paid back to who gave it
)

// LedgerKinds lists them.
func LedgerKinds() []LedgerKind { return []LedgerKind{Invoice, CreditNote, Receipt, Refund} }

// IsMoney tells whether the line moves money, so that the bank's statement has it.
func (k LedgerKind) IsMoney() bool { return k == Receipt || k == Refund }

// LedgerYear is a funding year as the ledger knows it.
type LedgerYear struct {
	Year            day.FinancialYear
	Opening         money.Pence // brought forward
	IsAgreed        bool
	IsReleased      bool
	ClosedAt        *time.Time
	IsDemonstration bool
}

// Closed tells whether nothing of the year changes any more.
func (y LedgerYear) Closed() bool { return y.ClosedAt != nil }

// CanReadLedger tells whether the actor sees the ledger, the spending and the closing of every year.
func CanReadLedger(by authz.Actor) bool { return by.Can(authz.ReadFundingYears) }

// CanWrite tells whether the actor adds lines to the year.
func (y LedgerYear) CanWrite(by authz.Actor) bool { return CanRecord(by) && !y.Closed() }

// LedgerEntry is an invoice, credit note, receipt or refund.
type LedgerEntry struct {
	ID              id.LedgerEntry
	Year            day.FinancialYear
	Organisation    id.Organisation
	Slug            string
	Name            string // of the organisation on the day of the line
	Kind            LedgerKind
	Pence           money.Pence
	DatedOn         day.Date
	DueOn           day.Date // of an invoice
	Reference       string
	ReceivedAs      string // name on the bank's statement
	Note            string
	IsDemonstration bool
	RecordedAt      time.Time
	RecordedBy      string
	YearClosed      bool
	ReversedAt      *time.Time
	ReversedReason  string
	MovedFrom       id.LedgerEntry // the reversed line whose money this is
	MovedReason     string
	MovedTo         id.LedgerEntry // the line to which the money of this reversed one went
	BankLine        id.BankLine    // the line of the statement that it is matched with
}

// Counts tells whether the line was not reversed.
func (e LedgerEntry) Counts() bool { return e.ReversedAt == nil }

// CanChange tells whether the actor may reverse the line or assign it anew.
func (e LedgerEntry) CanChange(by authz.Actor) bool {
	return CanRecord(by) && e.Counts() && !e.YearClosed
}

// Signed is the line as the bank sees it: receipts above zero, refunds below, nothing else.
func (e LedgerEntry) Signed() money.Pence {
	switch e.Kind {
	case Receipt:
		return e.Pence
	case Refund:
		return -e.Pence
	case Invoice, CreditNote:
	}
	return 0
}

// Ledger is a year's ledger under the bodies of today.
type Ledger struct {
	LedgerYear
	Entries   []LedgerEntry // the latest first, reversed ones too
	Standings []Standing
	Total     Standing // of all bodies, without a name
}

// RecordEntryCommand adds a line to the ledger.
type RecordEntryCommand struct {
	Year          day.FinancialYear
	Organisation  string // slug
	Kind          LedgerKind
	Pence         money.Pence
	DatedOn       day.Date
	DueOn         day.Date // of an invoice
	Reference     string
	ReceivedAs    string
	Note          string
	Demonstration bool
}

// ReverseEntryCommand takes a line out of the ledger by another one.
type ReverseEntryCommand struct {
	ID     id.LedgerEntry
	Reason string
}

// MoveEntryCommand assigns the money of a line to another year or organisation.
type MoveEntryCommand struct {
	ID           id.LedgerEntry
	Year         day.FinancialYear
	Organisation string // slug
	Reason       string
}

const (
	actionEntryRecorded = "ledger-entry.recorded"
	actionEntryReversed = "ledger-entry.reversed"
	actionEntryMoved    = "ledger-entry.moved"
	subjectLedgerEntry  = "ledger-entry"
	stateReversed       = "reversed"
)

var (
	errMayNotReadLedger = fault.New(fault.Forbidden, "Only the safeguarding partners, business support and the independent scrutineer see the ledger.")
	errMayNotKeepLedger = fault.New(fault.Forbidden, "Only business support keeps the ledger.")
	errNoLedgerYear     = fault.New(fault.NotFound, "There is no such funding year.")
	errChooseYear       = fault.Field("year", "Choose a funding year that is not closed")
	errYearClosed       = fault.New(fault.Conflict, "This year is closed. Nothing of it changes any more.")
	errNoEntry          = fault.New(fault.NotFound, "There is no such line of the ledger.")
	errEntryReversed    = fault.New(fault.Conflict, "This line has already been reversed.")
	errEntryMatched     = fault.New(fault.Conflict, "This line is matched with the bank’s statement. Undo the match first.")
	errEntryStays       = fault.Field("organisation", "The money is assigned so already. Choose another year or organisation")
	errSameEntry        = fault.Field("reference", "This very line is recorded already. If there are two, say in the reference how they differ")
	errEntryBody        = fault.Field("organisation", "Choose the organisation")
)

func (c RecordEntryCommand) check(today day.Date) error {
	switch {
	case c.Year == 0:
		return errChooseYear
	case !slices.Contains(LedgerKinds(), c.Kind):
		return fault.Field("kind", "Choose what the line is")
	case c.Organisation == "":
		return errEntryBody
	case c.Pence <= 0 || c.Pence > money.Most:
		return fault.Field("amount", "The amount must be more than £0 and "+money.Most.Words()+" at most")
	case c.DatedOn.IsZero():
		return fault.Field("dated", "Enter the date of the line")
	case c.DatedOn.After(today):
		return fault.Field("dated", "The date cannot lie in the future")
	case c.Kind == Invoice && c.DueOn.IsZero():
		return fault.Field("due", "Enter the last day for paying the invoice")
	case c.Kind != Invoice && !c.DueOn.IsZero():
		return fault.Field("due", "Only an invoice has a last day for paying. Delete it")
	case !c.DueOn.IsZero() && c.DueOn.Before(c.DatedOn):
		return fault.Field("due", "The last day for paying cannot lie before the invoice")
	case c.ReceivedAs != "" && !c.Kind.IsMoney():
		return fault.Field("received-as", "Only money has a name on the statement. Delete it")
	}
	return nil
}

func (c MoveEntryCommand) check() error {
	switch {
	case c.Year == 0:
		return errChooseYear
	case c.Organisation == "":
		return errEntryBody
	case c.Reason == "":
		return fault.Field("reason", "Enter why the money belongs there")
	}
	return nil
}
