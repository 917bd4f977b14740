package funding_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/funding/fundingtest"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/money"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
)

var system = authz.System("test")

// at22 is a clock that stands in November 2026.
func at22() time.Time { return time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC) }

func years(db pg.DB) *funding.Years { return funding.NewYears(db, nil, at22) }

func planOf(t testing.TB, db pg.DB, year day.FinancialYear) funding.Plan {
	t.Helper()
	p, err := years(db).Plan(context.Background(), system, year)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestBeginningAYear(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.Tx(t)
	y := years(db)
	begin := func(cmd funding.BeginCommand) error {
		_, err := y.Begin(ctx, system, cmd)
		return err
	}
	fundingtest.Contribution(t, db, func(c *funding.RecordCommand) { c.Year = 2019 })

	wantField(t, begin(funding.BeginCommand{Year: 2021, Origin: funding.InPortal}), "skip-reason")
	wantField(t, begin(funding.BeginCommand{Year: 2017, Origin: funding.InPortal}), "skip-reason")
	wantField(t, begin(funding.BeginCommand{Year: 2019, Origin: funding.InPortal}), "origin")
	wantField(t, begin(funding.BeginCommand{Year: 2019, Origin: funding.Elsewhere}), "source")
	wantField(t, begin(funding.BeginCommand{Year: 2040, Origin: funding.InPortal}), "year")
	wantField(t, begin(funding.BeginCommand{Year: 2020}), "origin")
	if err := begin(funding.BeginCommand{Year: 2019, Origin: funding.Elsewhere, Source: "Minutes", Agreed: day.Roughly(day.Must("2019-03-01"), day.Month)}); err != nil {
		t.Fatal(err)
	}
	if err := begin(funding.BeginCommand{Year: 2021, Origin: funding.InPortal, SkipReason: "Paid by the council"}); err != nil {
		t.Fatal(err)
	}
	wantField(t, begin(funding.BeginCommand{Year: 2021, Origin: funding.InPortal}), "year")
	if err := begin(funding.BeginCommand{Year: 2020, Origin: funding.InPortal}); err != nil {
		t.Errorf("a year between two others leaves nothing out: %v", err)
	}
	list, err := y.List(ctx, system)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, h := range list {
		got = append(got, h.Year.String()+" "+string(h.Status())+": "+h.NextWords(day.Must("2026-11-22")))
	}
	want := []string{
		"2021/22 proposed: 4 things are still needed before the partners can be asked.",
		"2020/21 proposed: 4 things are still needed before the partners can be asked.",
		"2019/20 agreed: Release it to the public.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the years (-want +got):\n%s", diff)
	}
	if agency := (authz.Actor{Account: 1, Held: []authz.Held{{Role: authz.AgencyStaff, Organisation: 1}}}); !errors.Is(func() error { _, err := y.List(ctx, agency); return err }(), fault.Forbidden) {
		t.Error("agency staff see years that are not released")
	}
	if office := (authz.Actor{Account: 1, Held: []authz.Held{{Role: authz.Office, Organisation: 1}}}); !errors.Is(func() error { _, err := y.Begin(ctx, office, funding.BeginCommand{}); return err }(), fault.Forbidden) {
		t.Error("an office begins a year")
	}
}

func TestANewYearFromTheLastOne(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.Tx(t)
	ccg := membershiptest.Organisation(t, db, func(b *membershiptest.Body) { b.EndsOn = day.Must("2022-06-30") })
	icb := membershiptest.Organisation(t, db, func(b *membershiptest.Body) { b.StartsOn = day.Must("2022-07-01") })
	gone := membershiptest.Organisation(t, db, func(b *membershiptest.Body) { b.EndsOn, b.Name = day.Must("2023-03-31"), "The old board" })
	succeed(t, db, ccg.ID, icb.ID, "2022-07-01")
	halves := []funding.Part{{Label: "Children's", Weight: 1, IsOurs: true}, {Label: "Adults'", Weight: 1}}
	fundingtest.Contribution(t, db, func(c *funding.RecordCommand) {
		c.Year, c.Organisation, c.Pence, c.Total, c.Parts, c.Purpose = 2022, ccg.Slug, 0, 2001, halves, "Training"
	})
	fundingtest.Contribution(t, db, func(c *funding.RecordCommand) { c.Year, c.Organisation = 2022, gone.Slug })
	out := fundingtest.Contribution(t, db, func(c *funding.RecordCommand) { c.Year = 2022 })
	fundingtest.TakenOut(t, db, out, "A slip")

	done, err := years(db).Begin(ctx, system, funding.BeginCommand{Year: 2023, Origin: funding.InPortal, FromLast: true})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(funding.Begun{Lines: 1, LeftOut: []string{"The old board"}}, done); diff != "" {
		t.Errorf("what was taken over (-want +got):\n%s", diff)
	}
	p := planOf(t, db, 2023)
	if len(p.Proposal) != 1 {
		t.Fatalf("got %d lines, want 1", len(p.Proposal))
	}
	l := p.Proposal[0]
	if l.Slug != icb.Slug || l.Total != 2001 || l.Pence != 1001 || l.Purpose != "training" || cmp.Diff(halves, l.Parts) != "" {
		t.Errorf("the line is %+v", l)
	}
	if _, err := years(db).Begin(ctx, system, funding.BeginCommand{Year: 2024, Origin: funding.InPortal, FromLast: true}); err != nil {
		t.Fatal(err)
	}
	if got := planOf(t, db, 2024).Proposal; len(got) != 1 || got[0].Pence != 1001 {
		t.Errorf("from a proposed year came %+v", got)
	}
}

func TestALineIsOurPartsOfItsTotal(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.Tx(t)
	body := membershiptest.Organisation(t, db)
	fundingtest.Year(t, db, 2026)
	y := years(db)
	good := funding.LineCommand{Year: 2026, Organisation: body.Slug, Form: funding.Cash, Total: 1000, Purpose: "general"}
	with := func(change func(*funding.LineCommand)) funding.LineCommand {
		c := good
		change(&c)
		return c
	}
	third := func(ours ...bool) []funding.Part {
		return []funding.Part{{Label: "A", Weight: 1, IsOurs: ours[0]}, {Label: "B", Weight: 1, IsOurs: ours[1]}, {Label: "C", Weight: 1, IsOurs: ours[2]}}
	}
	for field, cmds := range map[string][]funding.LineCommand{
		"amount": {with(func(c *funding.LineCommand) { c.Total = 0 }), with(func(c *funding.LineCommand) { c.Total = -5 }), with(func(c *funding.LineCommand) { c.Total = money.Most + 1 })},
		"organisation": {with(func(c *funding.LineCommand) { c.Organisation = "" }), with(func(c *funding.LineCommand) { c.Organisation = "nobody" }),
			with(func(c *funding.LineCommand) {
				c.Organisation = membershiptest.Organisation(t, db, func(b *membershiptest.Body) { b.EndsOn = day.Must("2026-03-31") }).Slug
			})},
		"form":      {with(func(c *funding.LineCommand) { c.Form = "gold" })},
		"purpose":   {with(func(c *funding.LineCommand) { c.Purpose = "General" })},
		"valuation": {with(func(c *funding.LineCommand) { c.Form = funding.InKind }), with(func(c *funding.LineCommand) { c.Valuation = "By eye" })},
		"estimated": {with(func(c *funding.LineCommand) { c.Estimated = true })},
		"parts":     {with(func(c *funding.LineCommand) { c.Parts = third(false, false, false) }), with(func(c *funding.LineCommand) { c.Parts = third(true, false, false)[:1] })},
		"part-label-2": {with(func(c *funding.LineCommand) { c.Parts = third(true, false, false); c.Parts[1].Label = " a" }),
			with(func(c *funding.LineCommand) { c.Parts = third(true, false, false); c.Parts[1].Label = " " })},
		"part-weight-3": {with(func(c *funding.LineCommand) { c.Parts = third(true, false, false); c.Parts[2].Weight = 0 })},
		"decision":      {with(func(c *funding.LineCommand) { c.Decision = -1 })},
	} {
		for _, c := range cmds {
			_, err := y.SaveLine(ctx, system, c)
			wantField(t, err, field)
		}
	}
	for want, ours := range map[money.Pence][]bool{334: {true, false, false}, 333: {false, true, false}, 667: {true, false, true}} {
		made, err := y.SaveLine(ctx, system, with(func(c *funding.LineCommand) { c.Parts = third(ours...) }))
		if err != nil {
			t.Fatal(err)
		}
		p := planOf(t, db, 2026)
		if got := lineOf(t, p, made).Pence; got != want {
			t.Errorf("with %v ours it is %s, want %s", ours, got, want)
		}
	}
	if _, err := db.Exec(ctx, `SET CONSTRAINTS ALL IMMEDIATE`); err != nil {
		t.Errorf("the database adds up otherwise: %v", err)
	}
}

func lineOf(t testing.TB, p funding.Plan, which id.FundingLine) funding.PlanLine {
	t.Helper()
	for _, l := range p.Proposal {
		if l.ID == which {
			return l
		}
	}
	t.Fatalf("line %d is not in %s", which, p.Year)
	return funding.PlanLine{}
}

// command says again what a line says.
func command(p funding.Plan, l funding.PlanLine) funding.LineCommand {
	return funding.LineCommand{Year: p.Year, ID: l.ID, Revision: l.Revision, Organisation: l.Slug, Form: l.Form, Total: l.Total, Parts: l.Parts,
		Valuation: l.Valuation, Estimated: l.IsEstimated, Purpose: l.Purpose, Conditions: l.Conditions, Note: l.Note, Decision: l.Decision}
}

func TestTwoWindowsLoseNothing(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.Tx(t)
	fundingtest.Year(t, db, 2026)
	made := fundingtest.Line(t, db, 2026)
	y, p := years(db), planOf(t, db, 2026)
	cmd := command(p, lineOf(t, p, made))
	cmd.Total = 200000
	if _, err := y.SaveLine(ctx, system, cmd); err != nil {
		t.Fatal(err)
	}
	if _, err := y.SaveLine(ctx, system, cmd); !errors.Is(err, fault.Conflict) {
		t.Errorf("a stale change: got %v, want a conflict", err)
	}
	if err := y.RemoveLine(ctx, system, 2026, made, cmd.Revision); !errors.Is(err, fault.Conflict) {
		t.Errorf("a stale removal: got %v, want a conflict", err)
	}
	if err := y.RemoveLine(ctx, system, 2026, made, cmd.Revision+1); err != nil {
		t.Fatal(err)
	}
	cmd.Revision += 2
	if _, err := y.SaveLine(ctx, system, cmd); !errors.Is(err, fault.Conflict) {
		t.Errorf("a change of what was removed: got %v, want a conflict", err)
	}
	terms := funding.TermsCommand{Year: 2026, Revision: p.Revision, Opening: -500, Method: "By need", ReviewDueOn: day.Must("2027-01-31")}
	if err := y.SaveTerms(ctx, system, terms); err != nil {
		t.Fatal(err)
	}
	if err := y.SaveTerms(ctx, system, terms); !errors.Is(err, fault.Conflict) {
		t.Errorf("stale terms: got %v, want a conflict", err)
	}
	budget := funding.BudgetCommand{Year: 2026, Revision: p.Revision + 1, Lines: []funding.BudgetLine{{Category: "staffing", Pence: 5}, {Category: "training", Pence: 7}}}
	if err := y.SaveBudget(ctx, system, budget); err != nil {
		t.Fatal(err)
	}
	if err := y.SaveBudget(ctx, system, budget); !errors.Is(err, fault.Conflict) {
		t.Errorf("a stale budget: got %v, want a conflict", err)
	}
	budget.Revision, budget.Lines[0] = budget.Revision+1, funding.BudgetLine{Category: "parties", Pence: 1}
	wantField(t, y.SaveBudget(ctx, system, budget), "category")
	if got := planOf(t, db, 2026); got.Opening != -500 || got.Budget != 12 || got.Method != "By need" || got.ReviewDueOn != terms.ReviewDueOn {
		t.Errorf("the year is %+v", got.Head)
	}
}

func TestTheGridIsSavedWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.Tx(t)
	fundingtest.Year(t, db, 2026)
	first, second := fundingtest.Line(t, db, 2026), fundingtest.Line(t, db, 2026)
	body := membershiptest.Organisation(t, db)
	y, p := years(db), planOf(t, db, 2026)
	change := command(p, lineOf(t, p, first))
	change.Total = 300000
	rows := []funding.GridRow{
		{LineCommand: change},
		{LineCommand: funding.LineCommand{ID: second, Revision: 1}, Remove: true},
		{LineCommand: funding.LineCommand{Organisation: body.Slug, Form: funding.Cash, Total: 500, Purpose: "training"}},
		{LineCommand: funding.LineCommand{Organisation: "nobody", Form: funding.Cash, Total: 500, Purpose: "training"}},
		{LineCommand: funding.LineCommand{Organisation: body.Slug, Form: funding.Cash, Purpose: "training"}},
	}
	err := y.SaveGrid(ctx, system, funding.GridCommand{Year: 2026, Rows: rows})
	wrong, ok := errors.AsType[*funding.GridFault](err)
	if !ok || !errors.Is(err, fault.Invalid) {
		t.Fatalf("got %v, want faults of rows", err)
	}
	var got []string
	for _, r := range wrong.Rows {
		got = append(got, string(rune('0'+r.Row))+" "+r.Fault.Field)
	}
	if diff := cmp.Diff([]string{"3 organisation", "4 amount"}, got); diff != "" {
		t.Errorf("the faults (-want +got):\n%s", diff)
	}
	if after := planOf(t, db, 2026); after.Cash != 200000 || after.Lines != 2 {
		t.Errorf("of a refused grid was saved: %d lines, %s", after.Lines, after.Cash)
	}
	if err := y.SaveGrid(ctx, system, funding.GridCommand{Year: 2026, Rows: rows[:3]}); err != nil {
		t.Fatal(err)
	}
	after := planOf(t, db, 2026)
	if after.Cash != 300500 || after.Lines != 2 {
		t.Errorf("saved were %d lines, %s", after.Lines, after.Cash)
	}
	if err := y.SaveGrid(ctx, system, funding.GridCommand{Year: 2026, Rows: rows[:2]}); !errors.Is(err, fault.Conflict) {
		t.Errorf("a stale grid: got %v, want a conflict", err)
	}
	same := command(after, lineOf(t, after, first))
	if err := y.SaveGrid(ctx, system, funding.GridCommand{Year: 2026, Rows: []funding.GridRow{{LineCommand: same}}}); err != nil {
		t.Fatal(err)
	}
	if got := lineOf(t, planOf(t, db, 2026), first).Revision; got != same.Revision {
		t.Errorf("a row that changes nothing makes revision %d of %d", got, same.Revision)
	}
}
