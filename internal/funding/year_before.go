package funding

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/money"
)

// ComparedPayer is what one body is to give, beside what was agreed with it for the year before. A body that took over
// from others stands for them.
type ComparedPayer struct {
	Slug         string
	Name         string
	Cash         money.Pence
	InKind       money.Pence
	CashShare    money.Share // of all cash of the year
	CashBefore   money.Pence
	InKindBefore money.Pence
	Known        bool // something was agreed with it for the year before
}

// Compared is a frozen year beside what was agreed for the year before.
type Compared struct {
	Before day.FinancialYear
	Known  bool            // something was agreed for the year before
	Payers []ComparedPayer // of the frozen year, the largest first
	Gone   []ComparedPayer // gave something the year before, and are not in this one
	Total  ComparedPayer
}

// Compare sets a frozen year beside the contributions that were agreed for the year before, released or not.
// Fault: Forbidden (reads no rounds).
func (s *Service) Compare(ctx context.Context, by authz.Actor, c Content) (Compared, error) {
	if !by.Can(authz.ReadRound) {
		return Compared{}, errMayNotRead
	}
	year, err := c.Year()
	if err != nil {
		return Compared{}, err
	}
	given, err := s.selectGiven(ctx, year-1)
	if err != nil {
		return Compared{}, err
	}
	bodies, err := s.selectBodies(ctx, c)
	if err != nil {
		return Compared{}, err
	}
	today := day.Of(s.now())
	successions, err := selectSuccessions(ctx, s.db, lineFilter{}, today)
	if err != nil {
		return Compared{}, err
	}
	return besideBefore(year, c, given, bodies, heirsOf(successions)), nil
}

// given is what a body agreed to give in one form for a year.
type given struct {
	Organisation id.Organisation
	Slug         string
	Name         string
	Form         Form
	Pence        money.Pence
}

func (s *Service) selectGiven(ctx context.Context, year day.FinancialYear) ([]given, error) {
	rows, _ := s.db.Query(ctx, `
		SELECT o.id AS organisation, o.slug, organisation_name_on(o.id, @today) AS name, c.form, sum(c.pence)::bigint AS pence
		FROM contribution c JOIN organisation o ON o.id = c.organisation_id
		WHERE c.financial_year = @year AND c.reverses_id IS NULL AND NOT EXISTS (SELECT FROM contribution r WHERE r.reverses_id = c.id)
		GROUP BY o.id, c.form ORDER BY o.id, c.form`, pgx.StrictNamedArgs{"year": year, "today": day.Of(s.now())})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[given])
	if err != nil {
		return nil, fmt.Errorf("read what was agreed for %s: %w", year, err)
	}
	return list, nil
}

// selectBodies finds the organisations that a frozen year names.
func (s *Service) selectBodies(ctx context.Context, c Content) (map[string]id.Organisation, error) {
	slugs := make([]string, len(c.Lines))
	for i, l := range c.Lines {
		slugs[i] = l.Slug
	}
	rows, _ := s.db.Query(ctx, `SELECT id, slug, '' AS name FROM organisation WHERE slug = ANY (@slugs)`, pgx.StrictNamedArgs{"slugs": slugs})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[Body])
	if err != nil {
		return nil, fmt.Errorf("read the organisations of a frozen year: %w", err)
	}
	found := make(map[string]id.Organisation, len(list))
	for _, b := range list {
		found[b.Slug] = b.ID
	}
	return found, nil
}

func besideBefore(year day.FinancialYear, c Content, before []given, bodies map[string]id.Organisation, h heirs) Compared {
	x := Compared{Before: year - 1, Known: len(before) > 0}
	at := map[id.Organisation]int{}
	for n, l := range c.Lines {
		body, known := bodies[l.Slug]
		if !known {
			body = id.Organisation(-1 - n) // it stands for itself
		}
		heir := h.of(body)
		i, seen := at[heir]
		if !seen {
			i = len(x.Payers)
			at[heir] = i
			x.Payers = append(x.Payers, ComparedPayer{Slug: l.Slug, Name: l.Organisation})
		}
		add(&x.Payers[i].Cash, &x.Payers[i].InKind, l.Form, l.Pence)
		add(&x.Total.Cash, &x.Total.InKind, l.Form, l.Pence)
	}
	gone := map[id.Organisation]int{}
	for _, g := range before {
		heir := h.of(g.Organisation)
		list, i, in := &x.Payers, 0, false
		if i, in = at[heir]; !in {
			list = &x.Gone
			if i, in = gone[heir]; !in {
				i = len(x.Gone)
				gone[heir] = i
				x.Gone = append(x.Gone, ComparedPayer{Slug: g.Slug, Name: g.Name})
			}
		}
		p := &(*list)[i]
		p.Known = true
		add(&p.CashBefore, &p.InKindBefore, g.Form, g.Pence)
		add(&x.Total.CashBefore, &x.Total.InKindBefore, g.Form, g.Pence)
	}
	cash := make([]money.Pence, len(x.Payers))
	slices.SortStableFunc(x.Payers, func(a, b ComparedPayer) int {
		return cmp.Or(cmp.Compare(b.Cash, a.Cash), cmp.Compare(b.InKind, a.InKind), cmp.Compare(a.Name, b.Name))
	})
	for i, p := range x.Payers {
		cash[i] = p.Cash
	}
	for i, share := range money.Shares(cash) {
		x.Payers[i].CashShare = share
	}
	x.Total.Known = x.Known
	return x
}

// add puts a sum to the cash or to what is given in kind.
func add(cash, inKind *money.Pence, form Form, sum money.Pence) {
	if form == InKind {
		*inKind += sum
		return
	}
	*cash += sum
}
