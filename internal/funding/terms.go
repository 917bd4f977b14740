package funding

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/money"
)

// TermsCommand says with what reserve a year begins, how the shares were worked out and when they are next reviewed.
type TermsCommand struct {
	Year        day.FinancialYear
	Revision    int // of the year that the page showed
	Opening     money.Pence
	Method      string
	ReviewDueOn day.Date // none if zero
}

// SaveTerms changes the terms of a year. Faults: Forbidden, NotFound, Conflict, Invalid of the fields opening, method and
// review-due-on.
func (s *Years) SaveTerms(ctx context.Context, by authz.Actor, cmd TermsCommand) error {
	switch {
	case cmd.Opening < -money.Most || cmd.Opening > money.Most:
		return fault.Field("opening", "The reserve is too large")
	case !cmd.ReviewDueOn.IsZero() && cmd.ReviewDueOn.Before(cmd.Year.Starts().AddYears(-1)):
		return fault.Field("review-due-on", "The review must be due after "+cmd.Year.Starts().AddYears(-1).Long())
	}
	return s.edit(ctx, by, editing{year: cmd.Year, action: actionTerms, subject: yearSubject,
		change: func(ctx context.Context, tx pgx.Tx, h Head) (int64, string, string, error) {
			if err := h.may(cmd.Revision); err != nil {
				return 0, "", "", err
			}
			_, err := tx.Exec(ctx, `
				UPDATE funding_year SET opening_pence = @opening, method = @method, review_due_on = @due WHERE financial_year = @year`,
				pgx.StrictNamedArgs{"year": cmd.Year, "opening": cmd.Opening, "method": strings.TrimSpace(cmd.Method), "due": cmd.ReviewDueOn})
			if err != nil {
				err = fmt.Errorf("change the terms of %s: %w", cmd.Year, translateYear(err))
			}
			return int64(cmd.Year), "reserve " + h.Opening.Words(), "reserve " + cmd.Opening.Words(), err
		}})
}

// may says why a change made on a page that showed a revision is refused; nil if it is not.
func (h Head) may(revision int) error {
	if err := h.standing(); err != nil {
		return err
	}
	if h.Revision != revision {
		return errStaleYear
	}
	return nil
}

// BudgetCommand says what is to be spent on each category. A category that it does not name is left as it is.
type BudgetCommand struct {
	Year     day.FinancialYear
	Revision int // of the year that the page showed
	Lines    []BudgetLine
}

// SaveBudget changes the budget of a year. Faults: Forbidden, NotFound, Conflict, Invalid of the fields
// budget-CATEGORY, by the code of the category.
func (s *Years) SaveBudget(ctx context.Context, by authz.Actor, cmd BudgetCommand) error {
	var after money.Pence
	for _, l := range cmd.Lines {
		if l.Pence < 0 || l.Pence > money.Most {
			return fault.Field("budget-"+l.Category, "The amount must be between £0 and "+money.Most.Words())
		}
		after += l.Pence
	}
	return s.edit(ctx, by, editing{year: cmd.Year, action: actionBudget, subject: yearSubject,
		change: func(ctx context.Context, tx pgx.Tx, h Head) (int64, string, string, error) {
			if err := h.may(cmd.Revision); err != nil {
				return 0, "", "", err
			}
			for _, l := range cmd.Lines {
				_, err := tx.Exec(ctx, `
					INSERT INTO budget_line (financial_year, category, pence) VALUES (@year, @category, @pence)
					ON CONFLICT ON CONSTRAINT budget_line_pkey DO UPDATE SET pence = EXCLUDED.pence WHERE budget_line.pence <> EXCLUDED.pence`,
					pgx.StrictNamedArgs{"year": cmd.Year, "category": l.Category, "pence": l.Pence})
				if err != nil {
					return 0, "", "", fmt.Errorf("write the budget of %s: %w", cmd.Year, translateYear(err))
				}
			}
			// The year counts the change, so that a page opened before it is noticed.
			if _, err := tx.Exec(ctx, `UPDATE funding_year SET method = method WHERE financial_year = $1`, cmd.Year); err != nil {
				return 0, "", "", fmt.Errorf("count the change of %s: %w", cmd.Year, err)
			}
			return int64(cmd.Year), h.Budget.Words(), after.Words(), nil
		}})
}

// Release shows a year to the public, once. Until then only partners, business support and the scrutineer see it. Faults:
// Forbidden, NotFound, Conflict (it is released, or there is nothing in it to show).
func (s *Years) Release(ctx context.Context, by authz.Actor, year day.FinancialYear) error {
	return s.edit(ctx, by, editing{year: year, action: actionRelease, subject: yearSubject,
		change: func(ctx context.Context, tx pgx.Tx, h Head) (int64, string, string, error) {
			switch {
			case h.Released():
				return 0, "", "", yearBroken["funding_year_released_once"]
			case h.Lines == 0:
				return 0, "", "", fault.New(fault.Conflict, "There is no contribution in this year yet, so there is nothing to release.")
			}
			_, err := tx.Exec(ctx, `UPDATE funding_year SET released_at = now(), released_by = nullif(@by::bigint, 0) WHERE financial_year = @year`,
				pgx.StrictNamedArgs{"year": year, "by": by.Account})
			if err != nil {
				err = fmt.Errorf("release %s: %w", year, translateYear(err))
			}
			return int64(year), "for partners", "public", err
		}})
}

// ReviewCommand records a review that was held.
type ReviewCommand struct {
	Year      day.FinancialYear
	HeldOn    day.Date
	Outcome   string
	NextDueOn day.Date
}

// RecordReview records what came of a review of an agreed year and when the next is due. Faults: Forbidden, NotFound,
// Conflict (the year is not agreed), Invalid of the fields held-on, outcome and next-due-on.
func (s *Years) RecordReview(ctx context.Context, by authz.Actor, cmd ReviewCommand) error {
	switch {
	case cmd.HeldOn.IsZero():
		return fault.Field("held-on", "Enter when the review was held")
	case cmd.HeldOn.After(day.Of(s.now())):
		return yearBroken["funding_review_held"]
	case strings.TrimSpace(cmd.Outcome) == "":
		return fault.Field("outcome", "Enter what came of the review")
	case cmd.NextDueOn.IsZero():
		return fault.Field("next-due-on", "Enter when the next review is due")
	case !cmd.NextDueOn.After(cmd.HeldOn):
		return yearBroken["funding_review_next_is_later"]
	}
	return s.edit(ctx, by, editing{year: cmd.Year, action: actionReview, subject: yearSubject,
		change: func(ctx context.Context, tx pgx.Tx, h Head) (int64, string, string, error) {
			if h.Status() == Proposed {
				return 0, "", "", yearBroken["funding_review_of_an_agreed_year"]
			}
			_, err := tx.Exec(ctx, `
				INSERT INTO funding_review (financial_year, held_on, outcome, next_due_on, recorded_by) VALUES (@year, @held, @outcome, @next, nullif(@by::bigint, 0))`,
				pgx.StrictNamedArgs{"year": cmd.Year, "held": cmd.HeldOn, "outcome": strings.TrimSpace(cmd.Outcome), "next": cmd.NextDueOn, "by": by.Account})
			if err != nil {
				err = fmt.Errorf("record a review of %s: %w", cmd.Year, translateYear(err))
			}
			return int64(cmd.Year), "", "next review " + cmd.NextDueOn.Long(), err
		}})
}
