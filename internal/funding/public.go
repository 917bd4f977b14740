package funding

import (
	"context"
	"maps"
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

// Totals lists the financial years from the first of which something is recorded or was released to the present one, the
// latest first. There are none if there never was anything.
func (p *Public) Totals(ctx context.Context, today day.Date) ([]Total, error) {
	recorded, err := selectTotals(ctx, p.db)
	if err != nil {
		return nil, err
	}
	released, err := selectReleased(ctx, p.db)
	if err != nil {
		return nil, err
	}
	return withGaps(recorded, released, today), nil
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
	return p.year(ctx, lineFilter{year: year}, today)
}

// AgreedOn gives the contributions of the financial year that includes a day, as far as they were agreed by that day,
// under the bodies of that day. With an instant all of it is as the portal knew it before: lines, corrections, names and
// successions; the zero instant means now.
func (p *Public) AgreedOn(ctx context.Context, on day.Date, knownBefore time.Time) (Year, error) {
	return p.year(ctx, lineFilter{year: day.FinancialYearOf(on), agreedBy: on, knownBefore: knownBefore}, on)
}

// Entries lists the contributions of one financial year, or with none of all, as they were agreed, with the body of
// today that stands for each: those of the latest year first, and after them what was taken out.
func (p *Public) Entries(ctx context.Context, year day.FinancialYear, today day.Date) ([]Entry, error) {
	r, err := p.read(ctx, lineFilter{year: year}, today, nil)
	if err != nil {
		return nil, err
	}
	all := make([]Entry, 0, len(r.lines)+len(r.corrections))
	for _, l := range r.lines {
		all = append(all, Entry{Line: l, Payer: r.payer(l.Organisation)})
	}
	for _, c := range r.corrections {
		all = append(all, Entry{Line: c.Line, Payer: r.payer(c.Organisation), Reason: c.Reason, TakenOutAt: c.TakenOutAt})
	}
	return all, nil
}

func (p *Public) year(ctx context.Context, f lineFilter, on day.Date) (Year, error) {
	partners, err := selectPartners(ctx, p.db, f)
	if err != nil {
		return Year{}, err
	}
	r, err := p.read(ctx, f, on, partners)
	if err != nil {
		return Year{}, err
	}
	y := arrange(f.year, r)
	y.Corrections = r.corrections
	y.Unrecorded = unrecorded(y, partners, r)
	return y, nil
}

// read reads lines with all that is needed to show them as on a day, and the names of more bodies.
func (p *Public) read(ctx context.Context, f lineFilter, on day.Date, more []id.Organisation) (reading, error) {
	r := reading{on: on}
	var err error
	if r.lines, err = selectLines(ctx, p.db, f); err != nil {
		return reading{}, err
	}
	if r.corrections, err = selectCorrections(ctx, p.db, f); err != nil {
		return reading{}, err
	}
	return p.readLines(ctx, f, on, r, more)
}

// readLines adds to lines what is needed to show them as on a day.
func (p *Public) readLines(ctx context.Context, f lineFilter, on day.Date, r reading, more []id.Organisation) (reading, error) {
	successions, err := selectSuccessions(ctx, p.db, f, on)
	if err != nil {
		return reading{}, err
	}
	r.heirs = heirsOf(successions)
	bodies := map[id.Organisation]bool{}
	add := func(body id.Organisation) { bodies[body], bodies[r.heirs.of(body)] = true, true }
	for _, l := range r.lines {
		add(l.Organisation)
	}
	for _, c := range r.corrections {
		add(c.Organisation)
	}
	for _, body := range more {
		add(body)
	}
	if r.names, err = selectNames(ctx, p.db, f, slices.Sorted(maps.Keys(bodies))); err != nil {
		return reading{}, err
	}
	for i, l := range r.lines {
		r.lines[i].Name = r.names.on(l.Organisation, l.AgreedOn).Name
	}
	for i, c := range r.corrections {
		r.corrections[i].Name = r.names.on(c.Organisation, c.AgreedOn).Name
	}
	return r, nil
}
