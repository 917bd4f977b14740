// Package funding keeps what organisations give to the partnership. A financial year is proposed line by line and agreed
// by a round, which makes each line a contribution; contributions that were agreed elsewhere are recorded with their
// source. A correction is a line that takes one out, with a reason.
package funding

import (
	"slices"
	"time"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/money"
	"partnershipportal/internal/pg"
)

// Form is how a contribution is given.
type Form string

// The forms of a contribution.
const (
	Cash   Form = "cash"
	InKind Form = "in kind" // rooms, trainers, seconded staff: with a value and how it was found
)

// Forms lists them.
func Forms() []Form { return []Form{Cash, InKind} }

// Service has the use cases of recorded contributions.
type Service struct {
	db  pg.DB
	now func() time.Time
}

// New makes the service.
func New(db pg.DB, now func() time.Time) *Service { return &Service{db: db, now: now} }

// Contribution is one line: what a body agreed to give for a financial year.
type Contribution struct {
	ID              id.Contribution
	Year            day.FinancialYear
	Slug            string // of the organisation that agreed to it
	Name            string // of that organisation on the day of the agreement
	Form            Form
	Pence           money.Pence
	Valuation       string // how what is given in kind was valued
	IsEstimated     bool   // the value in kind is estimated
	Purpose         string
	Note            string
	AgreedOn        day.Date
	AgreedPrecision day.Precision
	Source          string // where the agreement can be read
	IsDemonstration bool
	RecordedAt      time.Time
	TakenOutAt      *time.Time // set if a correction has taken the line out
	Reason          string     // of that correction
	Terms
	WasSigned bool // a line of a year that every safeguarding partner signed here
}

// Terms are what more is known of a contribution than who gives how much.
type Terms struct {
	Total            money.Pence // what the payer gives in all; the sum itself if it is all ours
	Parts            []Part      // how the total is divided; none if it is all ours
	Conditions       string      // on what the payer makes it depend
	DecisionNumber   string      // of the decision that authorised it
	AdjustmentReason string      // why the line was added to a year that was already agreed here
}

// Agreed is when the contribution was agreed, as far as that is known.
func (c Contribution) Agreed() day.Approx {
	return day.Approx{Date: c.AgreedOn, Precision: c.AgreedPrecision}
}

// Counts tells whether the line is part of its year's total.
func (c Contribution) Counts() bool { return c.TakenOutAt == nil }

// CanRead tells whether the actor sees the desk's list of contributions.
func CanRead(by authz.Actor) bool { return by.Can(authz.ReadFunding) }

// CanRecord tells whether the actor records and corrects contributions.
func CanRecord(by authz.Actor) bool { return by.Can(authz.RecordFunding) }

// CanCorrect tells whether the actor can take the line out.
func (c Contribution) CanCorrect(by authz.Actor) bool { return CanRecord(by) && c.Counts() }

// RecordCommand records a contribution that was agreed elsewhere.
type RecordCommand struct {
	Year          day.FinancialYear
	Organisation  string // slug
	Form          Form
	Pence         money.Pence // with parts it may be left 0: it follows from them
	Valuation     string
	Estimated     bool
	Purpose       string
	Note          string
	Agreed        day.Approx
	Source        string
	Demonstration bool // invented for the demonstration
	Terms              // without parts the total may be left 0; the reason is needed in a year that was agreed here
}

// tidy works out our part of a total that is divided.
func (c RecordCommand) tidy() (RecordCommand, error) {
	var err error
	if c.Parts, err = tidyParts(c.Parts); err != nil {
		return c, err
	}
	if len(c.Parts) == 0 {
		if c.Total != 0 && c.Total != c.Pence {
			return c, fault.Field("parts", "Enter how the total is divided, or leave it empty")
		}
		c.Total = c.Pence
		return c, nil
	}
	if c.Total <= 0 || c.Total > money.Most {
		return c, fault.Field("total", "The total must be more than £0, and "+money.Most.Words()+" or less")
	}
	ours := OurPart(c.Total, c.Parts)
	if c.Pence != 0 && c.Pence != ours {
		return c, fault.Field("amount", "By these parts "+ours.Words()+" of the total is given to this partnership, not "+c.Pence.Words())
	}
	c.Pence = ours
	return c, nil
}

// ReverseCommand takes a contribution out again.
type ReverseCommand struct {
	ID     id.Contribution
	Reason string
}

const (
	actionRecorded = "contribution.recorded"
	actionReversed = "contribution.reversed"
	subject        = "contribution"
	stateCounted   = "counted"
	stateTakenOut  = "taken out"
)

// First is the earliest financial year that can be recorded.
const First day.FinancialYear = 1990

// ahead is for how many years after the present one contributions can be recorded: medium-term plans reach no further.
const ahead = 5

var (
	errMayNotRead   = fault.New(fault.Forbidden, "Only business support and the independent scrutineer see this list. The published one is open to everybody.")
	errMayNotRecord = fault.New(fault.Forbidden, "Only business support records contributions.")
	errNoLine       = fault.New(fault.NotFound, "There is no such contribution.")
	errNoBody       = fault.Field("organisation", "Choose the organisation that agreed to the contribution")
	errTakenOut     = fault.New(fault.Conflict, "This contribution has already been taken out.")
	errSame         = fault.Field("amount", "This contribution is already recorded. If there are two, say in the purpose how they differ")
)

func (c RecordCommand) check(today day.Date) error {
	now := day.FinancialYearOf(today)
	switch {
	case c.Year < First || c.Year > now+ahead:
		return fault.Field("year", "The financial year must be between "+First.String()+" and "+(now+ahead).String())
	case c.Organisation == "":
		return errNoBody
	case !slices.Contains(Forms(), c.Form):
		return fault.Field("form", "Choose whether it is cash or in kind")
	case c.Pence < 0 || c.Pence > money.Most:
		return fault.Field("amount", "The amount must be between £0 and "+money.Most.Words())
	case c.Form == InKind && c.Valuation == "":
		return fault.Field("valuation", "Enter how the contribution in kind was valued")
	case c.Form == Cash && c.Valuation != "":
		return fault.Field("valuation", "Cash needs no valuation. Delete it, or choose in kind")
	case c.Form == Cash && c.Estimated:
		return fault.Field("estimated", "Cash is not estimated. Untick the box, or choose in kind")
	case c.Purpose == "":
		return fault.Field("purpose", "Enter what the contribution is for")
	case c.Agreed.IsZero():
		return fault.Field("agreed", "Enter when the contribution was agreed")
	case c.Agreed.Date.After(today):
		return fault.Field("agreed", "The agreement cannot lie in the future: only what was agreed is recorded")
	case c.Source == "":
		return fault.Field("source", "Enter where the agreement can be read")
	}
	return nil
}

func (c ReverseCommand) check() error {
	if c.Reason == "" {
		return fault.Field("reason", "Enter why the contribution is taken out")
	}
	return nil
}
