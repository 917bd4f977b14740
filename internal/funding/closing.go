package funding

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/money"
	"partnershipportal/internal/pg"
)

// Balance is how a year's money adds up: opening + income − expenditure = closing.
type Balance struct {
	LedgerYear
	Income      money.Pence // receipts less refunds
	Expenditure money.Pence // payments less money back
	Note        string      // of the closing
	ClosedBy    string
	OpenBefore  day.FinancialYear // the earliest year before it that is not closed; zero if none
	Unmatched   int               // lines of the bank's statement of its days that are neither matched nor set aside
	Unbanked    int               // receipts, refunds and spending lines that no line of the statement stands for
}

// Closing is what should be left: the reserve carried forward.
func (b Balance) Closing() money.Pence { return b.Opening + b.Income - b.Expenditure }

// CanClose tells why the actor can't close the year today; nil if they can. Faults: Forbidden, Conflict.
func (b Balance) CanClose(by authz.Actor, today day.Date) error {
	switch {
	case !CanRecord(by):
		return fault.New(fault.Forbidden, "Only business support closes a year.")
	case b.Closed():
		return fault.New(fault.Conflict, "This year is closed already.")
	case !b.IsAgreed:
		return fault.New(fault.Conflict, "This year is not agreed yet. Only an agreed year is closed.")
	case !today.After(b.Year.Ends()):
		return fault.New(fault.Conflict, "This year ends on "+b.Year.Ends().Long()+". It is closed after that day.")
	case b.OpenBefore != 0:
		return fault.New(fault.Conflict, "Close "+b.OpenBefore.String()+" first: what it leaves is brought forward.")
	}
	return nil
}

// CloseCommand closes a year with the balance that the bank shows for it.
type CloseCommand struct {
	Year day.FinancialYear
	Bank money.Pence
	Note string
}

const (
	actionYearClosed   = "funding-year.closed"
	subjectFundingYear = "funding-year"
	stateYearClosed    = "closed"
	stateYearAgreed    = "agreed"
)

// brokenClosing says what a closing that the database refuses means to the user.
var brokenClosing = map[string]*fault.Error{
	"funding_closing_pkey":                errYearClosed,
	"funding_closing_in_order":            fault.New(fault.Conflict, "An earlier year is not closed yet. Close it first."),
	"funding_closing_before_next":         fault.New(fault.Conflict, "The year after it was closed with another sum brought forward."),
	"funding_closing_after_the_year":      fault.New(fault.Conflict, "This year has not ended yet."),
	"funding_closing_of_agreed_year":      fault.New(fault.Conflict, "This year is not agreed yet. Only an agreed year is closed."),
	"funding_closing_opening_brought":     errSumsMoved,
	"funding_closing_income_summed":       errSumsMoved,
	"funding_closing_expenditure_summed":  errSumsMoved,
	"funding_closing_balances":            errSumsMoved,
	"funding_closing_note_length":         fault.Field("note", "The note must be 2,000 characters or fewer"),
	"funding_closing_financial_year_fkey": errNoLedgerYear,
}

var errSumsMoved = fault.New(fault.Conflict, "The sums of this year have changed. Look at them again.")

// Balance adds up a year. Faults: Forbidden, NotFound.
func (s *Service) Balance(ctx context.Context, by authz.Actor, year day.FinancialYear) (Balance, error) {
	if !CanReadLedger(by) {
		return Balance{}, errMayNotReadLedger
	}
	return selectBalance(ctx, s.db, year)
}

// CloseYear closes a year: from then on nothing of it changes, and what it leaves is brought forward. Faults: Forbidden,
// NotFound, Invalid (the bank shows another balance; the message says the difference), Conflict (closed already, not
// agreed, not ended, or an earlier year is open).
func (s *Service) CloseYear(ctx context.Context, by authz.Actor, cmd CloseCommand) error {
	if !CanRecord(by) {
		return Balance{}.CanClose(by, day.Date{})
	}
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		if err := lockOpenYears(ctx, tx, cmd.Year); errors.Is(err, errChooseYear) {
			return errNoLedgerYear
		} else if err != nil {
			return err
		}
		b, err := selectBalance(ctx, tx, cmd.Year)
		if err != nil {
			return err
		}
		if err := b.CanClose(by, day.Of(at)); err != nil {
			return err
		}
		if cmd.Bank != b.Closing() {
			return fault.Field("bank", differenceWords(cmd.Bank, b.Closing()))
		}
		if err := insertClosing(ctx, tx, by, b, cmd.Note); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: actionYearClosed, SubjectKind: subjectFundingYear, SubjectID: int64(cmd.Year),
			Before: stateYearAgreed, After: stateYearClosed})
	})
}

func differenceWords(bank, books money.Pence) string {
	more := "more"
	difference := bank - books
	if difference < 0 {
		more, difference = "less", -difference
	}
	return fmt.Sprintf("The bank shows %s %s than the %s of the books. Find the difference first", difference.Words(), more, books.Words())
}

func selectBalance(ctx context.Context, db pg.DB, year day.FinancialYear) (b Balance, err error) {
	if b.LedgerYear, err = selectLedgerYear(ctx, db, year); err != nil {
		return b, err
	}
	err = db.QueryRow(ctx, `
		SELECT funding_income(@year), funding_spent(@year), coalesce(c.note, ''), coalesce(a.name, ''),
		       coalesce((SELECT min(y.financial_year) FROM funding_year y WHERE y.financial_year < @year
		                 AND NOT EXISTS (SELECT FROM funding_closing f WHERE f.financial_year = y.financial_year)), 0),
		       (SELECT count(*) FROM bank_line l WHERE l.dated_on BETWEEN @first AND @last
		        AND NOT EXISTS (SELECT FROM bank_match m WHERE m.bank_line_id = l.id AND m.undone_at IS NULL)),
		       (SELECT count(*) FROM ledger_entry e WHERE e.financial_year = @year AND e.kind IN ('receipt', 'refund') AND e.reverses_id IS NULL
		        AND NOT EXISTS (SELECT FROM ledger_entry r WHERE r.reverses_id = e.id)
		        AND NOT EXISTS (SELECT FROM bank_match_part p WHERE p.ledger_entry_id = e.id AND p.undone_at IS NULL))
		     + (SELECT count(*) FROM expenditure x WHERE x.financial_year = @year AND x.reverses_id IS NULL
		        AND NOT EXISTS (SELECT FROM expenditure r WHERE r.reverses_id = x.id)
		        AND NOT EXISTS (SELECT FROM bank_match_part p WHERE p.expenditure_id = x.id AND p.undone_at IS NULL))
		FROM (SELECT 1) one LEFT JOIN funding_closing c ON c.financial_year = @year LEFT JOIN account a ON a.id = c.closed_by`,
		pgx.StrictNamedArgs{"year": year, "first": year.Starts(), "last": year.Ends()}).
		Scan(&b.Income, &b.Expenditure, &b.Note, &b.ClosedBy, &b.OpenBefore, &b.Unmatched, &b.Unbanked)
	if err != nil {
		return b, fmt.Errorf("add up %s: %w", year, err)
	}
	return b, nil
}

func insertClosing(ctx context.Context, tx pgx.Tx, by authz.Actor, b Balance, note string) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO funding_closing (financial_year, opening_pence, income_pence, expenditure_pence, closing_pence, note, closed_by)
		VALUES (@year, @opening, @income, @expenditure, @closing, @note, nullif(@by::bigint, 0))`,
		pgx.StrictNamedArgs{"year": b.Year, "opening": b.Opening, "income": b.Income, "expenditure": b.Expenditure, "closing": b.Closing(), "note": note, "by": by.Account})
	if err != nil {
		return fmt.Errorf("close %s: %w", b.Year, pg.Translate(err, brokenClosing))
	}
	return nil
}
