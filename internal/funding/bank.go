package funding

import (
	"time"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/money"
	"partnershipportal/internal/sheet"
)

// BankFile is a bank's export that was uploaded.
type BankFile struct {
	ID          id.BankFile
	Name        string
	UploadedAt  time.Time
	UploadedBy  string
	ImportedAt  *time.Time
	ImportedBy  string
	DiscardedAt *time.Time
	Lines       int // imported
}

// Waits tells whether the file is only looked at so far.
func (f BankFile) Waits() bool { return f.ImportedAt == nil && f.DiscardedAt == nil }

// BankUpload is a file as it was sent.
type BankUpload struct {
	FileName string
	Data     []byte
}

// BankRow is one line of an export before it is imported.
type BankRow struct {
	Line        int // row of the file
	DatedOn     day.Date
	Pence       money.Pence // above zero what came in, below what went out
	Description string
	Reference   string
	HasBalance  bool
	Balance     money.Pence
	Known       bool // imported already, with this file or an earlier one
	fingerprint [32]byte
}

// BankPreview is what importing a file would do.
type BankPreview struct {
	BankFile
	Rows     []BankRow
	New      int // rows that are not known yet
	Notices  []string
	Problems []sheet.Problem // if there are any, the file was not kept
}

// LineState is what became of a line of the statement.
type LineState string

// The states of a line.
const (
	LineUnmatched LineState = "unmatched"
	LineMatched   LineState = "matched"
	LineSetAside  LineState = "set aside" // nothing of the fund
)

// LineStates lists them.
func LineStates() []LineState { return []LineState{LineUnmatched, LineMatched, LineSetAside} }

// BankLine is one line of the bank's statement.
type BankLine struct {
	ID          id.BankLine
	File        id.BankFile
	DatedOn     day.Date
	Pence       money.Pence
	Description string
	Reference   string
	State       LineState
}

// Said is all that the statement says of the line.
func (l BankLine) Said() string {
	if l.Reference == "" || l.Reference == l.Description {
		return l.Description
	}
	if l.Description == "" {
		return l.Reference
	}
	return l.Description + ", " + l.Reference
}

// BankFilter narrows the list of lines; zero values mean any.
type BankFilter struct {
	State LineState
	File  id.BankFile
	After id.BankLine // the last line of the page before
	Limit int
}

// MatchPart is a line of the ledger or of spending that a line of the statement is.
type MatchPart struct {
	Entry     id.LedgerEntry
	Spend     id.Expenditure
	Year      day.FinancialYear
	Who       string // organisation or supplier
	What      string // kind
	Pence     money.Pence
	DatedOn   day.Date
	Reference string
}

// LineMatch is what a line of the statement was found to be.
type LineMatch struct {
	ID           id.BankMatch
	SetAside     string // the reason, if it is nothing of the fund
	MadeAt       time.Time
	MadeBy       string
	UndoneAt     *time.Time
	UndoneBy     string
	UndoneReason string
	Parts        []MatchPart `db:"-"`
	YearClosed   bool        // some part is of a closed year, so that it stays
}

// CanUndo tells whether the actor may undo the match.
func (m LineMatch) CanUndo(by authz.Actor) bool {
	return CanRecord(by) && m.UndoneAt == nil && !m.YearClosed
}

// matchParts names the lines of a match.
type matchParts struct {
	entries  []id.LedgerEntry
	spending []id.Expenditure
}

// with are the parts of the match with one line in another's place.
func (m LineMatch) with(old, fresh id.LedgerEntry) matchParts {
	var p matchParts
	for _, x := range m.Parts {
		switch {
		case x.Entry == old && old != 0:
			p.entries = append(p.entries, fresh)
		case x.Entry != 0:
			p.entries = append(p.entries, x.Entry)
		default:
			p.spending = append(p.spending, x.Spend)
		}
	}
	return p
}

// LineDetail is a line of the statement with all that is known of it.
type LineDetail struct {
	BankLine
	FileName    string
	Match       *LineMatch  // that holds
	Undone      []LineMatch // earlier ones, the latest first
	Suggestions []Suggestion
	Candidates  []MatchPart // every line of money that could be part of a match
}

// MatchCommand says of which lines a line of the statement is made up.
type MatchCommand struct {
	Line     id.BankLine
	Entries  []id.LedgerEntry
	Spending []id.Expenditure
}

const (
	actionBankImported  = "bank-file.imported"
	actionBankDiscarded = "bank-file.discarded"
	actionLineMatched   = "bank-line.matched"
	actionLineSetAside  = "bank-line.set-aside"
	actionLineUndone    = "bank-line.match-undone"
	subjectBankFile     = "bank-file"
	subjectBankLine     = "bank-line"
	stateWaiting        = "waiting"
	stateImported       = "imported"
	stateDiscarded      = "discarded"
)

var (
	errNoBankFile   = fault.New(fault.NotFound, "There is no such bank file.")
	errNoBankLine   = fault.New(fault.NotFound, "There is no such line of the statement.")
	errFileGone     = fault.New(fault.Conflict, "This file has been imported or discarded already.")
	errAllKnown     = fault.Field("file", "Every line of this file is imported already")
	errLinesKnown   = fault.New(fault.Conflict, "Some lines of this file were imported by somebody else just now. Upload it again.")
	errLineTaken    = fault.New(fault.Conflict, "Somebody else has just dealt with this line of the statement. Look at it again.")
	errPartTaken    = fault.New(fault.Conflict, "A line that you chose has just been matched with another line of the statement. Look at the choice again.")
	errNotMatched   = fault.New(fault.Conflict, "This line is not matched any more.")
	errMatchClosed  = fault.New(fault.Conflict, "This match is of a closed year. Nothing of that year changes any more.")
	errNothingThere = fault.Field("part", "Choose at least one line")
	errPartGone     = fault.Field("part", "A line that you chose does not count any more. Choose again")
)
