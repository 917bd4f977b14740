package funding

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/money"
)

// Body names an organisation.
type Body struct {
	ID   id.Organisation
	Slug string
	Name string
}

// Line is a contribution as it was agreed: under the body that agreed to it and that body's name of the day.
type Line struct {
	ID              id.Contribution
	Year            day.FinancialYear
	Organisation    id.Organisation
	Slug            string
	Name            string `db:"-"`
	Form            Form
	Pence           money.Pence
	Valuation       string
	IsEstimated     bool
	Purpose         string
	Note            string
	AgreedOn        day.Date
	AgreedPrecision day.Precision
	Source          string
	IsDemonstration bool
	RecordedAt      time.Time
	Terms
	WasSigned   bool          // a line of a year that every safeguarding partner signed here
	IsConfirmed bool          // staff of the payer confirmed it
	Decision    *DecisionLink `db:"-"` // the published record that authorised it, if there is one
}

// DecisionLink is the address of a published record of decision.
type DecisionLink struct {
	Body   string
	Ref    string
	Number string
}

// Agreed is when the contribution was agreed, as far as that is known.
func (l Line) Agreed() day.Approx {
	return day.Approx{Date: l.AgreedOn, Precision: l.AgreedPrecision}
}

// Correction is a line that was taken out, with the reason.
type Correction struct {
	Line
	Reason     string
	TakenOutAt time.Time
}

// Entry is a line as it stands in a file: with the body of today, and with its correction if there is one.
type Entry struct {
	Line
	Payer      Body
	TakenOutAt time.Time // zero for what counts
	Reason     string
}

// Counts tells whether the line is part of its year's total.
func (e Entry) Counts() bool { return e.TakenOutAt.IsZero() }

// Payer is a body of the day asked for, with what it and the bodies that it took over from give.
type Payer struct {
	Body
	Cash      money.Pence
	CashShare money.Share // of all cash of the year
	InKind    money.Pence
	Estimated bool // some of what is given in kind is
	Lines     []Line
}

// PaidAs lists the names under which the payer's lines were agreed where they differ from its own, each once.
func (p Payer) PaidAs() []string {
	var names []string
	for _, l := range p.Lines {
		if l.Name != p.Name && !slices.Contains(names, l.Name) {
			names = append(names, l.Name)
		}
	}
	return names
}

// Year is what is recorded of one financial year's contributions.
type Year struct {
	Year            day.FinancialYear
	Cash            money.Pence
	InKind          money.Pence
	Estimated       bool // some of what is given in kind is
	IsDemonstration bool // some lines were invented for the demonstration
	Payers          []Payer
	Corrections     []Correction
	Unrecorded      []Body // safeguarding partners of the year of whom nothing is recorded
}

// Empty tells whether nothing is recorded, so that the year's contributions are not known.
func (y Year) Empty() bool { return len(y.Payers) == 0 }

// Payer finds a body among the payers.
func (y Year) Payer(body id.Organisation) (Payer, bool) {
	i := slices.IndexFunc(y.Payers, func(p Payer) bool { return p.ID == body })
	if i < 0 {
		return Payer{}, false
	}
	return y.Payers[i], true
}

// succession says that one body took over from another.
type succession struct {
	PredecessorID id.Organisation
	SuccessorID   id.Organisation
}

// heirs says under which body each of the bodies is shown: the one that took over from it, directly or through others.
// A body whose place several took is not divided by invention: it stays itself, and so does what it had taken over.
type heirs map[id.Organisation][]id.Organisation

func heirsOf(successions []succession) heirs {
	h := heirs{}
	for _, s := range successions {
		if !slices.Contains(h[s.PredecessorID], s.SuccessorID) {
			h[s.PredecessorID] = append(h[s.PredecessorID], s.SuccessorID)
		}
	}
	return h
}

// of follows the successions of a body. Were they to run in a circle, the body stays itself.
func (h heirs) of(body id.Organisation) id.Organisation {
	at := body
	for range len(h) {
		next := h[at]
		if len(next) != 1 {
			return at
		}
		at = next[0]
	}
	if len(h[at]) == 1 {
		return body
	}
	return at
}

// names are all names of bodies, those of each in the order of their first days.
type names map[id.Organisation][]datedName

// on gives a body under its name of a day: before the first known name the first one, after the last one the last.
func (n names) on(body id.Organisation, on day.Date) Body {
	b := Body{ID: body}
	for i, x := range n[body] {
		if i == 0 || !x.StartsOn.After(on) {
			b.Slug, b.Name = x.Slug, x.Name
		}
	}
	return b
}

// reading is what was read of contributions, to be shown as on a day.
type reading struct {
	on          day.Date
	lines       []Line
	corrections []Correction
	heirs       heirs
	names       names
}

// payer is the body of the day that stands for one that agreed to a contribution.
func (r reading) payer(body id.Organisation) Body { return r.names.on(r.heirs.of(body), r.on) }

// arrange puts the lines of a year under their payers, the largest first. Each line is shown once, and the totals are
// the same whatever the successions.
func arrange(year day.FinancialYear, r reading) Year {
	y := Year{Year: year}
	at := map[id.Organisation]int{}
	for _, l := range r.lines {
		heir := r.heirs.of(l.Organisation)
		i, known := at[heir]
		if !known {
			i = len(y.Payers)
			at[heir] = i
			y.Payers = append(y.Payers, Payer{Body: r.payer(l.Organisation)})
		}
		p := &y.Payers[i]
		p.Lines = append(p.Lines, l)
		switch l.Form {
		case Cash:
			p.Cash += l.Pence
			y.Cash += l.Pence
		case InKind:
			p.InKind += l.Pence
			y.InKind += l.Pence
		}
		p.Estimated = p.Estimated || l.IsEstimated
		y.Estimated = y.Estimated || l.IsEstimated
		y.IsDemonstration = y.IsDemonstration || l.IsDemonstration
	}
	slices.SortFunc(y.Payers, func(a, b Payer) int {
		return cmp.Or(cmp.Compare(b.Cash, a.Cash), cmp.Compare(b.InKind, a.InKind), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	cash := make([]money.Pence, len(y.Payers))
	for i, p := range y.Payers {
		cash[i] = p.Cash
	}
	for i, share := range money.Shares(cash) {
		y.Payers[i].CashShare = share
	}
	return y
}

// unrecorded are the heirs of the partners that are not among the payers.
func unrecorded(y Year, partners []id.Organisation, r reading) []Body {
	var missing []Body
	for _, p := range partners {
		heir := r.payer(p)
		if _, pays := y.Payer(heir.ID); !pays && !slices.Contains(missing, heir) {
			missing = append(missing, heir)
		}
	}
	slices.SortFunc(missing, func(a, b Body) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return missing
}

// Total is what is recorded of one financial year in sum.
type Total struct {
	Year            day.FinancialYear
	Lines           int // that count
	TakenOut        int // lines that do not count any more
	Cash            money.Pence
	InKind          money.Pence
	IsEstimated     bool
	IsDemonstration bool
	Released        *Released `db:"-"` // nil if the year was not begun here, or is not released
}

// Known tells whether anything is recorded of the year.
func (t Total) Known() bool { return t.Lines > 0 }

// withGaps lists every year from the first recorded or released one to the present one or the last such, the latest first:
// a year of which nothing is recorded is shown as such.
func withGaps(recorded []Total, released []Released, today day.Date) []Total {
	of := map[day.FinancialYear]Total{}
	for _, t := range recorded {
		of[t.Year] = t
	}
	for i, r := range released {
		t := of[r.Year]
		t.Released = &released[i]
		of[r.Year] = t
	}
	if len(of) == 0 {
		return nil
	}
	years := slices.Collect(maps.Keys(of))
	first, last := slices.Min(years), max(slices.Max(years), day.FinancialYearOf(today))
	var all []Total
	for y := last; y >= first; y-- {
		t := of[y]
		t.Year = y
		all = append(all, t)
	}
	return all
}
