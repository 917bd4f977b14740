package funding

import (
	"context"
	"errors"
	"slices"
	"time"

	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/money"
)

// Released is what the public is told of a financial year that was released to it, beside the contributions.
type Released struct {
	Year            day.FinancialYear
	Origin          Origin
	OpeningPence    money.Pence // the reserve brought forward
	SkipReason      string      // why the year before is left out, if it is
	Method          string      // how the shares were worked out
	ReviewDueOn     day.Date    // the next review, or zero
	AgreedOn        day.Date    // zero while it is proposed
	AgreedPrecision *day.Precision
	AgreedSource    string // where an agreement made elsewhere can be read
	RoundNumber     *int   // of the round in which every safeguarding partner signed
	ReleasedAt      time.Time
	IsDemonstration bool
	ProposedLines   int // that are still to be agreed
	ProposedCash    money.Pence
	ProposedInKind  money.Pence
	Income          money.Pence  // received so far
	Expenditure     money.Pence  // spent so far
	Closing         *money.Pence // the reserve carried forward; nil until the year is closed
	ClosingNote     string
	ClosedOn        day.Date
}

// Status is how far the year is.
func (r Released) Status() Status {
	switch {
	case r.Closing != nil:
		return Closed
	case !r.AgreedOn.IsZero():
		return Agreed
	}
	return Proposed
}

// InHand is what there is of the fund now: the reserve, what came and what went.
func (r Released) InHand() money.Pence { return r.OpeningPence + r.Income - r.Expenditure }

// Agreed is when the year was agreed, as far as that is known; zero while it is proposed.
func (r Released) Agreed() day.Approx {
	if r.AgreedPrecision == nil {
		return day.Approx{}
	}
	return day.Approx{Date: r.AgreedOn, Precision: *r.AgreedPrecision}
}

// Picture is all that anybody may know of a financial year.
type Picture struct {
	Year
	Before   Year               // the contributions of the year before; empty if they are not known
	Released *Released          // nil if the year was not begun here, or is not released
	Proposal Year               // what is still to be agreed, arranged like what was
	Spending []CategorySpending // of each category that has a budget or spending, in their order
	Reviews  []Review           // the latest first
	Over500  bool               // there are payments of more than £500
	Previous bool               // there is a page of the year before
	Next     bool               // and of the one after
}

// Picture gives all of a financial year that is published. Fault: NotFound (a year that Totals does not list).
func (p *Public) Picture(ctx context.Context, year day.FinancialYear, today day.Date) (Picture, error) {
	all, err := p.Totals(ctx, today)
	if err != nil {
		return Picture{}, err
	}
	i := slices.IndexFunc(all, func(t Total) bool { return t.Year == year })
	if i < 0 {
		return Picture{}, errNoYear
	}
	x := Picture{Released: all[i].Released, Previous: i+1 < len(all), Next: i > 0}
	if x.Year, err = p.year(ctx, lineFilter{year: year}, today); err != nil {
		return Picture{}, err
	}
	if x.Before, err = p.Year(ctx, year-1, today); err != nil && !errors.Is(err, fault.NotFound) {
		return Picture{}, err
	}
	x.Before.Year = year - 1
	if err := p.link(ctx, &x.Year, selectContributionDecisions); err != nil {
		return Picture{}, err
	}
	if x.Released == nil {
		return x, nil
	}
	return x, p.released(ctx, &x, today)
}

// released adds what is shown of a released year alone.
func (p *Public) released(ctx context.Context, x *Picture, today day.Date) (err error) {
	year := x.Released.Year
	if x.Spending, err = selectReleasedSpending(ctx, p.db, year); err != nil {
		return err
	}
	payments, err := selectPayments(ctx, p.db, year)
	if err != nil {
		return err
	}
	x.Over500 = len(payments) > 0
	if x.Reviews, err = selectReleasedReviews(ctx, p.db, year); err != nil {
		return err
	}
	lines, err := selectReleasedLines(ctx, p.db, year)
	if err != nil {
		return err
	}
	r, err := p.readLines(ctx, lineFilter{year: year}, today, reading{on: today, lines: lines}, nil)
	if err != nil {
		return err
	}
	x.Proposal = arrange(year, r)
	return p.link(ctx, &x.Proposal, selectLineDecisions)
}

// link adds the published records that authorised the lines of a year.
func (p *Public) link(ctx context.Context, y *Year, read decisionReader) error {
	links, err := read(ctx, p.db, y.Year)
	if err != nil {
		return err
	}
	for _, payer := range y.Payers {
		for i, l := range payer.Lines {
			if link, ok := links[l.ID]; ok {
				payer.Lines[i].Decision = &link
			}
		}
	}
	return nil
}

// decided is a line of a year with the record that authorised it.
type decided struct {
	Line id.Contribution
	DecisionLink
}

// OpenPayment is a payment of more than £500, as the public sees it.
type OpenPayment struct {
	ID              id.Expenditure
	DatedOn         day.Date
	Category        string
	Supplier        string // empty if it is withheld: a private person
	IsWithheld      bool
	Description     string
	Reference       string
	Pence           money.Pence
	IsDemonstration bool
}

// Payments lists those of more than £500 in a released year, in the order of their days. Fault: NotFound (the year is not
// released).
func (p *Public) Payments(ctx context.Context, year day.FinancialYear) ([]OpenPayment, error) {
	released, err := selectReleased(ctx, p.db)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(released, func(r Released) bool { return r.Year == year }) {
		return nil, errNoYear
	}
	return selectPayments(ctx, p.db, year)
}
