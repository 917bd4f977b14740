package funding

import (
	"slices"
	"strings"
	"time"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/money"
)

// Measure is what a figure of an area counts.
type Measure string

// The measures: money is of a kind of body, children are of the whole area.
const (
	MeasureCash     Measure = "cash"
	MeasureInKind   Measure = "in kind"
	MeasureChildren Measure = "children"
)

// Measures lists them.
func Measures() []Measure { return []Measure{MeasureCash, MeasureInKind, MeasureChildren} }

// PayerKinds lists the kinds of body by which areas are compared.
func PayerKinds() []string {
	return []string{"local authority", "police", "health", "district council", "education", "criminal justice", "voluntary", "other"}
}

// Comparable is one published figure of another area, or the number of children of an area.
type Comparable struct {
	ID              id.Comparable
	Area            string // empty for the partnership's own, of which only children are entered
	Year            day.FinancialYear
	Measure         Measure
	Kind            string // of the bodies that pay; empty for children
	Amount          int64  // pence, or children
	Source          string
	Note            string
	IsDemonstration bool
	RecordedAt      time.Time
	TakenOutAt      *time.Time
	Reason          string
}

// Counts tells whether the figure is still shown as such.
func (c Comparable) Counts() bool { return c.TakenOutAt == nil }

// CanCorrect tells whether the actor can take the figure out.
func (c Comparable) CanCorrect(by authz.Actor) bool { return CanRecord(by) && c.Counts() }

// Words is the figure as people read it.
func (c Comparable) Words() string {
	if c.Measure == MeasureChildren {
		return countWords(c.Amount)
	}
	return money.Pence(c.Amount).Words()
}

// countWords writes a number with commas.
func countWords(n int64) string {
	return money.Pence(n * 100).Words()[len("£"):]
}

// ComparableCommand enters a figure.
type ComparableCommand struct {
	Area          string // empty with children only: this partnership's own area
	Year          day.FinancialYear
	Measure       Measure
	Kind          string
	Amount        int64
	Source        string
	Note          string
	Demonstration bool
}

// ReverseComparableCommand takes a figure out again.
type ReverseComparableCommand struct {
	ID     id.Comparable
	Reason string
}

const (
	actionComparableRecorded = "comparable.recorded"
	actionComparableReversed = "comparable.reversed"
	subjectComparable        = "comparable"
	mostChildren             = 10_000_000
)

var (
	errNoComparable      = fault.New(fault.NotFound, "There is no such figure.")
	errComparableOut     = fault.New(fault.Conflict, "This figure has already been taken out.")
	errComparableTwice   = fault.Field("amount", "There is a figure of this area, year, kind and form already. Take that one out first")
	errComparableKind    = fault.Field("kind", "Choose the kind of body that pays")
	errComparableNotKind = fault.Field("kind", "The number of children is of the whole area. Choose no kind of body")
)

func (c ComparableCommand) check(today day.Date) error {
	now := day.FinancialYearOf(today)
	switch {
	case c.Area == "" && c.Measure != MeasureChildren:
		return fault.Field("area", "Enter the name of the other area. What this partnership’s own bodies pay is recorded as contributions")
	case c.Year < First || c.Year > now+ahead:
		return fault.Field("year", "The financial year must be between "+First.String()+" and "+(now+ahead).String())
	case !slices.Contains(Measures(), c.Measure):
		return fault.Field("measure", "Choose what the figure counts")
	case c.Measure == MeasureChildren && c.Kind != "":
		return errComparableNotKind
	case c.Measure != MeasureChildren && !slices.Contains(PayerKinds(), c.Kind):
		return errComparableKind
	case c.Measure == MeasureChildren && (c.Amount < 1 || c.Amount > mostChildren):
		return fault.Field("amount", "The number of children must be between 1 and "+countWords(mostChildren))
	case c.Amount < 0 || c.Amount > int64(money.Most):
		return fault.Field("amount", "The amount must be between £0 and "+money.Most.Words())
	case c.Source == "":
		return fault.Field("source", "Enter where the figure can be read")
	}
	return nil
}

func (c ReverseComparableCommand) check() error {
	if c.Reason == "" {
		return fault.Field("reason", "Enter why the figure is taken out")
	}
	return nil
}

// ParseChildren reads a number of children as people write it: 12,345 or 12345.
func ParseChildren(text string) (int64, error) {
	whole, err := money.Parse(text)
	if err != nil || whole%100 != 0 || strings.Contains(text, "£") {
		return 0, fault.Field("amount", "Enter the number of children in figures, like 337,000")
	}
	return int64(whole / 100), nil
}
