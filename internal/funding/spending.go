package funding

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/money"
)

// SpendKind is which way the money of a spending line went.
type SpendKind string

// The kinds of spending lines.
const (
	Payment   SpendKind = "payment"
	MoneyBack SpendKind = "money back" // a supplier's refund, or interest: it lessens what was spent
)

// SpendKinds lists them.
func SpendKinds() []SpendKind { return []SpendKind{Payment, MoneyBack} }

// SpendLine is something that was paid for.
type SpendLine struct {
	ID              id.Expenditure
	Year            day.FinancialYear
	Category        string // code
	CategoryName    string
	Kind            SpendKind
	Pence           money.Pence
	DatedOn         day.Date
	Supplier        string
	IsWithheld      bool // a private person, whose name the public is not told
	Description     string
	Reference       string
	IsDemonstration bool
	RecordedAt      time.Time
	RecordedBy      string
	YearClosed      bool
	ReversedAt      *time.Time
	ReversedReason  string
	BankLine        id.BankLine // the line of the statement that it is matched with
}

// Counts tells whether the line was not reversed.
func (l SpendLine) Counts() bool { return l.ReversedAt == nil }

// CanChange tells whether the actor may reverse the line.
func (l SpendLine) CanChange(by authz.Actor) bool {
	return CanRecord(by) && l.Counts() && !l.YearClosed
}

// Signed is the line as the bank sees it: payments below zero, money back above.
func (l SpendLine) Signed() money.Pence {
	if l.Kind == MoneyBack {
		return l.Pence
	}
	return -l.Pence
}

// CategorySpending is budget and spending of one category in a year.
type CategorySpending struct {
	Code      string
	Name      string
	HasBudget bool
	Budget    money.Pence
	Spent     money.Pence // less money back
}

// Left is what of the budget was not spent; below zero more was.
func (c CategorySpending) Left() money.Pence { return c.Budget - c.Spent }

// Spending is what was spent in a year, beside its budget.
type Spending struct {
	LedgerYear
	Categories []CategorySpending // every one, in the order of the list
	Total      CategorySpending   // of all categories, without a name
	Lines      []SpendLine        // the latest first, reversed ones too
}

// SpendCommand records something that was paid for.
type SpendCommand struct {
	Year          day.FinancialYear
	Category      string // code
	Kind          SpendKind
	Pence         money.Pence
	DatedOn       day.Date
	Supplier      string
	Withheld      bool
	Description   string
	Reference     string
	Demonstration bool
}

// ReverseSpendCommand takes a spending line out by another one.
type ReverseSpendCommand struct {
	ID     id.Expenditure
	Reason string
}

const (
	actionSpendRecorded = "expenditure.recorded"
	actionSpendReversed = "expenditure.reversed"
	subjectExpenditure  = "expenditure"
)

var (
	errNoSpend       = fault.New(fault.NotFound, "There is no such line of spending.")
	errSpendReversed = fault.New(fault.Conflict, "This line has already been reversed.")
	errSpendMatched  = fault.New(fault.Conflict, "This line is matched with the bank’s statement. Undo the match first.")
	errSpendCategory = fault.Field("category", "Choose what it was spent on")
	errSameSpend     = fault.Field("reference", "This very line is recorded already. If there are two, say in the reference how they differ")
)

func (c SpendCommand) check(today day.Date) error {
	switch {
	case c.Year == 0:
		return errChooseYear
	case !slices.Contains(SpendKinds(), c.Kind):
		return fault.Field("kind", "Choose whether money went out or came back")
	case c.Category == "":
		return errSpendCategory
	case c.Pence <= 0 || c.Pence > money.Most:
		return fault.Field("amount", "The amount must be more than £0 and "+money.Most.Words()+" at most")
	case c.DatedOn.IsZero():
		return fault.Field("dated", "Enter the date of the payment")
	case c.DatedOn.After(today):
		return fault.Field("dated", "The date cannot lie in the future")
	case c.Supplier == "":
		return fault.Field("supplier", "Enter who was paid")
	case c.Description == "":
		return fault.Field("description", "Enter what was paid for")
	}
	return nil
}

// Spending reads what was spent in a year. Faults: Forbidden, NotFound.
func (s *Service) Spending(ctx context.Context, by authz.Actor, year day.FinancialYear) (x Spending, err error) {
	if !CanReadLedger(by) {
		return x, errMayNotReadLedger
	}
	if x.LedgerYear, err = selectLedgerYear(ctx, s.db, year); err != nil {
		return x, err
	}
	if x.Categories, err = selectCategorySpending(ctx, s.db, year); err != nil {
		return x, err
	}
	for _, c := range x.Categories {
		x.Total.HasBudget = x.Total.HasBudget || c.HasBudget
		x.Total.Budget += c.Budget
		x.Total.Spent += c.Spent
	}
	x.Lines, err = selectSpendLines(ctx, s.db, year)
	return x, err
}

// SpendCategories lists what money is spent on. Fault: Forbidden.
func (s *Service) SpendCategories(ctx context.Context, by authz.Actor) ([]CategorySpending, error) {
	if !CanReadLedger(by) {
		return nil, errMayNotReadLedger
	}
	return selectCategorySpending(ctx, s.db, 0)
}

// SpendLine reads one line of spending. Faults: Forbidden, NotFound.
func (s *Service) SpendLine(ctx context.Context, by authz.Actor, which id.Expenditure) (SpendLine, error) {
	if !CanReadLedger(by) {
		return SpendLine{}, errMayNotReadLedger
	}
	return selectSpendLine(ctx, s.db, which)
}

// Spend records something that was paid for. Faults: Forbidden, Invalid (the very same line is recorded already),
// Conflict (the year is closed).
func (s *Service) Spend(ctx context.Context, by authz.Actor, cmd SpendCommand) (made id.Expenditure, err error) {
	if !CanRecord(by) {
		return 0, errMayNotKeepLedger
	}
	if err := cmd.check(day.Of(s.now())); err != nil {
		return 0, err
	}
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		made, err = s.spend(ctx, tx, by, cmd)
		return err
	})
	return made, err
}

func (s *Service) spend(ctx context.Context, tx pgx.Tx, by authz.Actor, cmd SpendCommand) (made id.Expenditure, err error) {
	if err := lockOpenYears(ctx, tx, cmd.Year); err != nil {
		return 0, err
	}
	same, err := selectSameSpend(ctx, tx, cmd)
	if err != nil {
		return 0, err
	}
	if same {
		return 0, errSameSpend
	}
	if made, err = insertSpend(ctx, tx, by, cmd); err != nil {
		return 0, err
	}
	return made, audit.Record(ctx, tx, audit.Event{At: s.now(), By: by, Action: actionSpendRecorded, SubjectKind: subjectExpenditure, SubjectID: int64(made), After: stateCounted})
}

// ReverseSpend takes a line of spending out by another one, whole and once. Both stay to be read, with the reason.
// Faults: Forbidden, NotFound, Invalid, Conflict (reversed already, matched with the bank, or the year is closed).
func (s *Service) ReverseSpend(ctx context.Context, by authz.Actor, cmd ReverseSpendCommand) error {
	if !CanRecord(by) {
		return errMayNotKeepLedger
	}
	if cmd.Reason == "" {
		return fault.Field("reason", "Enter why the line is reversed")
	}
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		l, err := selectSpendLine(ctx, tx, cmd.ID)
		if err != nil {
			return err
		}
		if err := lockOpenYears(ctx, tx, l.Year); err != nil {
			return err
		}
		if l, err = selectSpendLine(ctx, tx, cmd.ID); err != nil { // as it is now that nobody else changes it
			return err
		}
		switch {
		case !l.Counts():
			return errSpendReversed
		case l.BankLine != 0:
			return errSpendMatched
		}
		if err := insertSpendReversal(ctx, tx, by, cmd); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{At: s.now(), By: by, Action: actionSpendReversed, SubjectKind: subjectExpenditure, SubjectID: int64(cmd.ID),
			Before: stateCounted, After: stateReversed})
	})
}
