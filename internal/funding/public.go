package funding

import (
	"context"
	"slices"
	"time"

	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// Public reads what anybody may know of the contributions: the published views, in the role of the public.
type Public struct{ db pg.DB }

// NewPublic makes the reader over the public's pool.
func NewPublic(db pg.DB) *Public { return &Public{db: db} }

var errNoYear = fault.New(fault.NotFound, "Nothing is recorded of that financial year.")

// Totals lists the financial years from the first of which something is recorded to the present one, the latest first.
// There are none if nothing was ever recorded.
func (p *Public) Totals(ctx context.Context, today day.Date) ([]Total, error) {
	recorded, err := selectTotals(ctx, p.db)
	if err != nil {
		return nil, err
	}
	return withGaps(recorded, today), nil
}

// Year gives the contributions of a financial year under the bodies of today. A year between recorded ones of which
// nothing is recorded is empty. Fault: NotFound (a year that Totals does not list).
func (p *Public) Year(ctx context.Context, year day.FinancialYear, today day.Date) (Year, error) {
	all, err := p.Totals(ctx, today)
	if err != nil {
		return Year{}, err
	}
	if !slices.ContainsFunc(all, func(t Total) bool { return t.Year == year }) {
		return Year{}, errNoYear
	}
	return p.read(ctx, lineFilter{year: year}, today)
}

// AgreedOn gives the contributions of the financial year that includes a day, as far as they were agreed by that day,
// under the bodies of that day. With an instant all of it is as the portal knew it before: lines, corrections, names and
// successions; the zero instant means now.
func (p *Public) AgreedOn(ctx context.Context, on day.Date, knownBefore time.Time) (Year, error) {
	return p.read(ctx, lineFilter{year: day.FinancialYearOf(on), agreedBy: on, knownBefore: knownBefore}, on)
}

// Entries lists the contributions of one financial year, or with none of all, as they were agreed, with the body of
// today that stands for each: those of the latest year first, and after them what was taken out.
func (p *Public) Entries(ctx context.Context, year day.FinancialYear, today day.Date) ([]Entry, error) {
	f := lineFilter{year: year}
	lines, err := selectLines(ctx, p.db, f)
	if err != nil {
		return nil, err
	}
	corrections, err := selectCorrections(ctx, p.db, f)
	if err != nil {
		return nil, err
	}
	successions, err := selectSuccessions(ctx, p.db, f, today)
	if err != nil {
		return nil, err
	}
	all := make([]Entry, 0, len(lines)+len(corrections))
	for _, l := range lines {
		all = append(all, Entry{Line: l})
	}
	for _, c := range corrections {
		all = append(all, Entry{Line: c.Line, Reason: c.Reason, TakenOutAt: c.TakenOutAt})
	}
	h := heirsOf(successions)
	shown := make([]id.Organisation, len(all))
	for i, e := range all {
		shown[i] = h.of(e.Organisation)
	}
	names, err := selectNames(ctx, p.db, f, shown, today)
	if err != nil {
		return nil, err
	}
	for i := range all {
		all[i].Payer = names[shown[i]]
	}
	return all, nil
}

func (p *Public) read(ctx context.Context, f lineFilter, on day.Date) (Year, error) {
	lines, err := selectLines(ctx, p.db, f)
	if err != nil {
		return Year{}, err
	}
	corrections, err := selectCorrections(ctx, p.db, f)
	if err != nil {
		return Year{}, err
	}
	successions, err := selectSuccessions(ctx, p.db, f, on)
	if err != nil {
		return Year{}, err
	}
	partners, err := selectPartners(ctx, p.db, f)
	if err != nil {
		return Year{}, err
	}
	h := heirsOf(successions)
	var shown []id.Organisation
	for _, l := range lines {
		shown = append(shown, h.of(l.Organisation))
	}
	for _, partner := range partners {
		shown = append(shown, h.of(partner))
	}
	names, err := selectNames(ctx, p.db, f, shown, on)
	if err != nil {
		return Year{}, err
	}
	y := arrange(f.year, lines, h, names)
	y.Corrections = corrections
	y.Unrecorded = unrecorded(y, partners, h, names)
	return y, nil
}
