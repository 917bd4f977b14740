package funding

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/money"
)

// FairShare sets what each kind of body pays here beside the same in other areas.
type FairShare struct {
	Year            day.FinancialYear
	Kinds           []string // that pay anywhere, in the order of PayerKinds
	Here            AreaShares
	Others          []AreaShares // by name
	IsDemonstration bool
}

// Comparable tells whether there is anything to compare with.
func (f FairShare) Comparable() bool { return len(f.Others) > 0 }

// AreaShares is what the bodies of an area pay for a year.
type AreaShares struct {
	Area         string            // empty for the partnership's own
	Year         day.FinancialYear // of its figures: the one asked for, or the latest before it
	Cash         money.Pence
	InKind       money.Pence
	InKindKnown  bool        // a value in kind, be it zero, is recorded
	Kinds        []KindShare // one for each of the comparison's kinds
	Children     int64       // zero if not known
	ChildrenYear day.FinancialYear
	Sources      []string // each once
}

// KindShare is what the bodies of one kind pay.
type KindShare struct {
	Kind  string
	Known bool // a figure, be it zero, is recorded
	Cash  money.Pence
	Share money.Share // of the area's cash
}

// Whole tells whether the shares of the area say anything: of the figure of a single kind of body they do not.
func (a AreaShares) Whole() bool {
	known := 0
	for _, k := range a.Kinds {
		if k.Known {
			known++
		}
	}
	return a.Cash > 0 && (known > 1 || a.Area == "")
}

// PerChild is the area's cash for each of its children, to the nearest penny; false if the children are not known.
func (a AreaShares) PerChild() (money.Pence, bool) {
	if a.Children == 0 {
		return 0, false
	}
	return money.Pence((int64(a.Cash) + a.Children/2) / a.Children), true
}

// Comparables lists every figure of other areas and of children, those that were taken out included.
func (p *Public) Comparables(ctx context.Context) ([]Comparable, error) {
	return selectComparables(ctx, p.db)
}

// FairShare compares a financial year's contributions with those of other areas. Fault: NotFound (a year that Totals
// does not list).
func (p *Public) FairShare(ctx context.Context, year day.FinancialYear, today day.Date) (FairShare, error) {
	y, err := p.Year(ctx, year, today)
	if err != nil {
		return FairShare{}, err
	}
	figures, err := selectComparables(ctx, p.db)
	if err != nil {
		return FairShare{}, err
	}
	kinds, err := p.kindsOf(ctx, y)
	if err != nil {
		return FairShare{}, err
	}
	return compare(y, kinds, figures), nil
}

func (p *Public) kindsOf(ctx context.Context, y Year) (map[id.Organisation]string, error) {
	bodies := make([]id.Organisation, len(y.Payers))
	for i, payer := range y.Payers {
		bodies[i] = payer.ID
	}
	type kindRow struct {
		ID   id.Organisation
		Kind string
	}
	rows, _ := p.db.Query(ctx, `SELECT id, kind FROM published.organisation WHERE id = ANY(@bodies)`, pgx.StrictNamedArgs{"bodies": bodies})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[kindRow])
	if err != nil {
		return nil, fmt.Errorf("read the kinds of the payers of %s: %w", y.Year, err)
	}
	kinds := map[id.Organisation]string{}
	for _, r := range list {
		kinds[r.ID] = r.Kind
	}
	return kinds, nil
}

// compare is pure: it puts each area's figures of the year, or else of its latest year before, beside those of here.
func compare(y Year, kinds map[id.Organisation]string, figures []Comparable) FairShare {
	f := FairShare{Year: y.Year, IsDemonstration: y.IsDemonstration}
	here := newSums("", y.Year)
	here.area.InKindKnown = true
	for _, p := range y.Payers {
		here.add(payerKind(kinds[p.ID]), p.Cash)
		here.area.InKind += p.InKind
	}
	others := map[string]*sums{}
	for _, c := range figures {
		if !c.Counts() || c.Year > y.Year || c.Measure == MeasureChildren {
			continue
		}
		key := strings.ToLower(c.Area)
		of := others[key]
		if of == nil || of.area.Year < c.Year {
			of = newSums(c.Area, c.Year)
			others[key] = of
		}
		if c.Year < of.area.Year {
			continue
		}
		of.take(c)
		f.IsDemonstration = f.IsDemonstration || c.IsDemonstration
	}
	for _, c := range figures {
		of := others[strings.ToLower(c.Area)]
		if c.Area == "" {
			of = here
		}
		if of != nil && c.Counts() && c.Measure == MeasureChildren && c.Year <= of.area.Year && c.Year > of.area.ChildrenYear {
			of.area.Children, of.area.ChildrenYear = c.Amount, c.Year
			of.cite(c.Source)
			f.IsDemonstration = f.IsDemonstration || c.IsDemonstration
		}
	}
	all := []*sums{here}
	for _, of := range others {
		all = append(all, of)
	}
	slices.SortFunc(all[1:], func(a, b *sums) int { return cmp.Compare(strings.ToLower(a.area.Area), strings.ToLower(b.area.Area)) })
	for _, k := range PayerKinds() {
		if slices.ContainsFunc(all, func(s *sums) bool { _, known := s.cash[k]; return known }) {
			f.Kinds = append(f.Kinds, k)
		}
	}
	f.Here = here.shares(f.Kinds)
	for _, s := range all[1:] {
		f.Others = append(f.Others, s.shares(f.Kinds))
	}
	return f
}

// payerKind is the kind of body by which a payer is compared.
func payerKind(kind string) string {
	if slices.Contains(PayerKinds(), kind) {
		return kind
	}
	return "other"
}

// sums adds up an area's figures.
type sums struct {
	area AreaShares
	cash map[string]money.Pence // by kind
}

func newSums(area string, year day.FinancialYear) *sums {
	return &sums{area: AreaShares{Area: area, Year: year}, cash: map[string]money.Pence{}}
}

func (s *sums) add(kind string, cash money.Pence) {
	s.cash[kind] += cash
	s.area.Cash += cash
}

func (s *sums) take(c Comparable) {
	s.cite(c.Source)
	if c.Measure == MeasureInKind {
		s.area.InKind, s.area.InKindKnown = s.area.InKind+money.Pence(c.Amount), true
		return
	}
	s.add(c.Kind, money.Pence(c.Amount))
}

func (s *sums) cite(source string) {
	if !slices.Contains(s.area.Sources, source) {
		s.area.Sources = append(s.area.Sources, source)
	}
}

func (s *sums) shares(kinds []string) AreaShares {
	cash := make([]money.Pence, len(kinds))
	for i, k := range kinds {
		cash[i] = s.cash[k]
	}
	for i, share := range money.Shares(cash) {
		_, known := s.cash[kinds[i]]
		s.area.Kinds = append(s.area.Kinds, KindShare{Kind: kinds[i], Known: known, Cash: cash[i], Share: share})
	}
	return s.area
}
