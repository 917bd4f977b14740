package funding

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/signoff"
)

// Years has the use cases of financial years: proposing, agreeing, releasing and reviewing them. Each exported method is
// one transaction.
type Years struct {
	db     pg.DB
	rounds *signoff.Service
	now    func() time.Time
}

// NewYears makes the service on the application's role.
func NewYears(db pg.DB, rounds *signoff.Service, now func() time.Time) *Years {
	return &Years{db: db, rounds: rounds, now: now}
}

// CanReadYears tells whether the actor sees years before the public does.
func CanReadYears(by authz.Actor) bool { return by.Can(authz.ReadFundingYears) }

// CanPlan tells whether the actor proposes and changes years.
func CanPlan(by authz.Actor) bool { return by.Can(authz.RecordFunding) }

const (
	yearSubject   = "funding-year"
	lineSubject   = "funding-line"
	actionBegun   = "funding-year.begun"
	actionTerms   = "funding-year.changed"
	actionBudget  = "funding-year.budgeted"
	actionRelease = "funding-year.released"
	actionReview  = "funding-year.reviewed"
	actionAdded   = "funding-line.added"
	actionChanged = "funding-line.changed"
	actionRemoved = "funding-line.removed"
	actionAnswer  = "funding-line.answered"
)

var (
	errMayNotReadYears = fault.New(fault.Forbidden, "Only the safeguarding partners, business support and the independent scrutineer see a year before it is released.")
	errMayNotPlan      = fault.New(fault.Forbidden, "Only business support changes a financial year.")
	errNoPlan          = fault.New(fault.NotFound, "This financial year has not been begun.")
	errFrozenRound     = fault.New(fault.Conflict, "The safeguarding partners are signing this year. Recall the round first if it has to change.")
	errFrozenAgreed    = fault.New(fault.Conflict, "This year is agreed. It changes by adjustments alone, each with a reason.")
	errFrozenClosed    = fault.New(fault.Conflict, "This year is closed.")
	errNoLines         = fault.New(fault.Conflict, "The contributions of this year were agreed elsewhere. Record them instead.")
	errStaleYear       = fault.New(fault.Conflict, "Somebody else has changed this year since you opened the page. Look at it as it is now, then send the form again.")
)

// yearBroken says what a broken constraint means to the user. Fields are those of the forms.
var yearBroken = map[string]*fault.Error{
	"funding_year_pkey":                   fault.Field("year", "This financial year has been begun already"),
	"funding_year_skipped_for_reason":     fault.Field("skip-reason", "A year is left out between this one and the others. Enter why"),
	"funding_year_without_recorded":       fault.Field("origin", "Contributions agreed elsewhere are recorded for this year. Choose that it was agreed elsewhere, or take them out first"),
	"funding_year_begun_alone":            fault.New(fault.Conflict, "Somebody else has begun a year, or recorded a contribution of this one, at the same moment. Look at the years and try again."),
	"funding_year_recorded_in_past":       fault.Field("agreed", "The agreement cannot lie in the future"),
	"funding_year_skip_reason_length":     fault.Field("skip-reason", "The reason must be 2,000 characters or fewer"),
	"funding_year_method_length":          fault.Field("method", "The text must be 4,000 characters or fewer"),
	"funding_year_opening_range":          fault.Field("opening", "The reserve is too large"),
	"funding_year_agreed_source_length":   fault.Field("source", "Enter where the agreement can be read, in 2,000 characters or fewer"),
	"funding_year_frozen":                 errFrozenRound,
	"funding_year_released_once":          fault.New(fault.Conflict, "This year has already been released."),
	"funding_line_frozen":                 errFrozenRound,
	"funding_line_part_frozen":            errFrozenRound,
	"budget_line_frozen":                  errFrozenRound,
	"funding_line_organisation_existed":   fault.Field("organisation", "This organisation did not exist in that financial year. Choose its predecessor or successor"),
	"funding_line_valuation_length":       fault.Field("valuation", "The valuation must be 500 characters or fewer"),
	"funding_line_conditions_length":      fault.Field("conditions", "The conditions must be 2,000 characters or fewer"),
	"funding_line_note_length":            fault.Field("note", "The note must be 2,000 characters or fewer"),
	"funding_line_decision_fkey":          fault.Field("decision", "Choose a record of decision from the list"),
	"budget_line_category_fkey":           fault.Field("category", "Choose a category from the list"),
	"funding_review_held":                 fault.Field("held-on", "The review must have been held already"),
	"funding_review_next_is_later":        fault.Field("next-due-on", "The next review must be after this one"),
	"funding_review_outcome_length":       fault.Field("outcome", "Enter what came of the review, in 4,000 characters or fewer"),
	"funding_review_of_an_agreed_year":    fault.New(fault.Conflict, "Only a year that is agreed is reviewed."),
	"pledge_confirmation_of_present_line": fault.New(fault.Conflict, "The pledge has changed since you opened the page. Read it as it is now."),
	"pledge_confirmation_by_payer":        errNotYours,
	"pledge_confirmation_words_length":    fault.Field("words", "The words must be 2,000 characters or fewer"),
}

func translateYear(err error) error { return pg.Translate(err, yearBroken) }

// editing is one change to a year: it locks the year, checks that it may change and writes the event.
type editing struct {
	year    day.FinancialYear
	action  string
	subject string
	// of gives the identifier that the event names; of a year the year itself.
	change func(ctx context.Context, tx pgx.Tx, h Head) (subjectID int64, before, after string, err error)
}

func (s *Years) edit(ctx context.Context, by authz.Actor, e editing) error {
	if !CanPlan(by) {
		return errMayNotPlan
	}
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		h, err := lockYear(ctx, tx, e.year)
		if err != nil {
			return err
		}
		which, before, after, err := e.change(ctx, tx, h)
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: e.action, SubjectKind: e.subject, SubjectID: which, Before: before, After: after})
	})
}

// standing says why the year stands still; nil if it does not.
func (h Head) standing() error {
	switch {
	case h.Status() == Closed:
		return errFrozenClosed
	case h.OpenRound != 0:
		return errFrozenRound
	case h.Frozen():
		return errFrozenAgreed
	}
	return nil
}

// List gives every year that was begun, the latest first, with what comes next. Fault: Forbidden.
func (s *Years) List(ctx context.Context, by authz.Actor) ([]Head, error) {
	if !CanReadYears(by) {
		return nil, errMayNotReadYears
	}
	return selectHeads(ctx, s.db, 0)
}

// Plan gives all of a year. Faults: Forbidden, NotFound.
func (s *Years) Plan(ctx context.Context, by authz.Actor, year day.FinancialYear) (Plan, error) {
	if !CanReadYears(by) {
		return Plan{}, errMayNotReadYears
	}
	return selectPlan(ctx, s.db, year)
}
