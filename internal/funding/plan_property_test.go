package funding_test

import (
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/money"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
	"partnershipportal/internal/signoff"
	"partnershipportal/internal/signoff/signofftest"
)

// naivePart divides a total penny by penny: each goes to the part that is furthest behind its claim.
func naivePart(total money.Pence, parts []funding.Part) (ours money.Pence) {
	if len(parts) == 0 {
		return total
	}
	var weights int64
	for _, p := range parts {
		weights += p.Weight
	}
	left := int64(total)
	given, rest := make([]int64, len(parts)), make([]int64, len(parts))
	for i, p := range parts {
		given[i] = int64(total) * p.Weight / weights
		rest[i] = int64(total) * p.Weight % weights
		left -= given[i]
	}
	for ; left > 0; left-- {
		best := 0
		for i := range parts {
			if rest[i] > rest[best] {
				best = i
			}
		}
		given[best]++
		rest[best] = -1
	}
	for i, p := range parts {
		if p.IsOurs {
			ours += money.Pence(given[i])
		}
	}
	return ours
}

// planStory is a random year: what is proposed, changed, removed, agreed, adjusted, succeeded and released.
type planStory struct {
	t      *testing.T
	m      signofftest.Made
	years  *funding.Years
	s      *funding.Service
	bodies []membershiptest.Body
	lines  map[id.FundingLine]money.Pence // our part of each line
	counts map[id.Contribution]money.Pence
}

func (p *planStory) plan() funding.Plan {
	plan, err := p.years.Plan(context.Background(), p.m.Support, p.m.Year)
	if err != nil {
		p.t.Fatal(err)
	}
	return plan
}

func (p *planStory) drawn(rt *rapid.T) funding.LineCommand {
	cmd := funding.LineCommand{Year: p.m.Year, Form: funding.Cash, Purpose: "general", Total: money.Pence(rapid.Int64Range(1, 1_000_000_00).Draw(rt, "total"))}
	cmd.Organisation = rapid.SampledFrom(p.bodies).Draw(rt, "payer").Slug
	if n := rapid.IntRange(1, 5).Draw(rt, "parts"); n > 1 {
		for i := range n {
			cmd.Parts = append(cmd.Parts, funding.Part{Label: string(rune('A' + i)), Weight: rapid.Int64Range(1, 1000).Draw(rt, "weight"), IsOurs: i == 0 || rapid.Bool().Draw(rt, "ours")})
		}
	}
	return cmd
}

func (p *planStory) propose(rt *rapid.T) {
	cmd := p.drawn(rt)
	made, err := p.years.SaveLine(context.Background(), p.m.Support, cmd)
	if err != nil {
		p.t.Fatal(err)
	}
	p.lines[made] = naivePart(cmd.Total, cmd.Parts)
}

func (p *planStory) revise(rt *rapid.T, remove bool) {
	which := rapid.SampledFrom(slices.Sorted(maps.Keys(p.lines))).Draw(rt, "line")
	l := lineOf(p.t, p.plan(), which)
	if remove && len(p.lines) > 1 {
		if err := p.years.RemoveLine(context.Background(), p.m.Support, p.m.Year, which, l.Revision); err != nil {
			p.t.Fatal(err)
		}
		delete(p.lines, which)
		return
	}
	cmd := p.drawn(rt)
	cmd.ID, cmd.Revision = which, l.Revision
	if err := p.years.SaveGrid(context.Background(), p.m.Support, funding.GridCommand{Year: p.m.Year, Rows: []funding.GridRow{{LineCommand: cmd}}}); err != nil {
		p.t.Fatal(err)
	}
	p.lines[which] = naivePart(cmd.Total, cmd.Parts)
}

// agree puts the year to the partners, who sign it.
func (p *planStory) agree() {
	ctx := context.Background()
	err := p.years.SaveTerms(ctx, p.m.Support, funding.TermsCommand{Year: p.m.Year, Revision: p.plan().Revision, Method: "By need", ReviewDueOn: p.m.Year.Ends()})
	if err != nil {
		p.t.Fatal(err)
	}
	check, err := p.years.Check(ctx, p.m.Support, p.m.Year)
	if err != nil {
		p.t.Fatal(err)
	}
	if p.m.Round, err = p.years.Open(ctx, p.m.Support, funding.OpenCommand{Year: p.m.Year, Digest: check.Digest}); err != nil {
		p.t.Fatal(err)
	}
	p.m.Content = check.Content
	p.m.SignAll(p.t)
	for _, c := range p.plan().Contributions {
		p.counts[c.ID] = c.Pence
	}
}

func (p *planStory) adjust(rt *rapid.T) {
	cmd := p.drawn(rt)
	made, err := p.s.Record(context.Background(), p.m.Support, funding.RecordCommand{Year: p.m.Year, Organisation: cmd.Organisation, Form: cmd.Form, Purpose: "General",
		Agreed: day.On(day.Must("2020-01-01")), Source: membershiptest.Unique(), Pence: naivePart(cmd.Total, cmd.Parts),
		Terms: funding.Terms{Total: cmd.Total, Parts: cmd.Parts, AdjustmentReason: "It turned out otherwise"}})
	if err != nil {
		p.t.Fatal(err)
	}
	p.counts[made] = naivePart(cmd.Total, cmd.Parts)
}

func (p *planStory) takeOut(rt *rapid.T) {
	if len(p.counts) == 0 {
		return
	}
	which := rapid.SampledFrom(slices.Sorted(maps.Keys(p.counts))).Draw(rt, "taken out")
	if err := p.s.Reverse(context.Background(), p.m.Support, funding.ReverseCommand{ID: which, Reason: "A slip"}); err != nil {
		p.t.Fatal(err)
	}
	delete(p.counts, which)
}

func total[K comparable](sums map[K]money.Pence) (sum money.Pence) {
	for _, p := range sums {
		sum += p
	}
	return sum
}

// Whatever is proposed, split, revised, agreed, adjusted and succeeded: each penny is counted once, by the database's
// rule as by ours, and the public sees it once the year is released.
func TestAYearConservesEveryPenny(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	made := signofftest.DraftYear(t, db)
	rapid.Check(t, func(rt *rapid.T) {
		tx, err := db.Begin(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := tx.Rollback(context.Background()); err != nil {
				t.Errorf("roll back: %v", err)
			}
		}()
		p := newStory(t, tx, *made)
		for range rapid.IntRange(1, 8).Draw(rt, "steps") {
			switch rapid.SampledFrom([]string{"propose", "propose", "revise", "remove"}).Draw(rt, "step") {
			case "propose":
				p.propose(rt)
			case "revise":
				p.revise(rt, false)
			case "remove":
				p.revise(rt, true)
			}
		}
		if got := p.plan().Head; got.Cash != total(p.lines) || got.Lines != len(p.lines) {
			rt.Fatalf("proposed are %d lines of %s, want %d of %s", got.Lines, got.Cash, len(p.lines), total(p.lines))
		}
		p.agree()
		if total(p.counts) != total(p.lines) || len(p.counts) != len(p.lines) {
			rt.Fatalf("agreed are %d contributions of %s, want %d of %s", len(p.counts), total(p.counts), len(p.lines), total(p.lines))
		}
		for range rapid.IntRange(0, 4).Draw(rt, "corrections") {
			if rapid.Bool().Draw(rt, "adjusts") {
				p.adjust(rt)
			} else {
				p.takeOut(rt)
			}
		}
		if rapid.Bool().Draw(rt, "succeeds") {
			succeed(t, tx, p.bodies[0].ID, p.bodies[1].ID, "2020-06-01")
		}
		p.release(rt, tx)
	})
}

func newStory(t *testing.T, tx pg.DB, m signofftest.Made) *planStory {
	m.DB, m.Service = tx, signoff.New(tx, signofftest.Passwords{}, &signofftest.Letters{}, time.Now)
	p := &planStory{t: t, m: m, years: funding.NewYears(tx, m.Service, time.Now), s: funding.New(tx, time.Now),
		lines: map[id.FundingLine]money.Pence{}, counts: map[id.Contribution]money.Pence{}}
	for range 3 {
		p.bodies = append(p.bodies, membershiptest.Organisation(t, tx))
	}
	for _, l := range p.plan().Proposal {
		p.lines[l.ID] = l.Pence
	}
	return p
}

// release compares what the public sees before and after the release.
func (p *planStory) release(rt *rapid.T, tx pg.DB) {
	ctx := context.Background()
	public := funding.NewPublic(pgtest.Public(p.t, tx))
	shown := func() (sum money.Pence, lines int) {
		list, err := public.Entries(ctx, p.m.Year, p.m.Year.Ends())
		if err != nil {
			p.t.Fatal(err)
		}
		for _, e := range list {
			if e.Counts() {
				sum, lines = sum+e.Pence, lines+1
			}
		}
		return sum, lines
	}
	if sum, lines := shown(); sum != 0 || lines != 0 {
		rt.Fatalf("before the release the public sees %d lines of %s", lines, sum)
	}
	if len(p.counts) == 0 {
		return
	}
	if err := p.years.Release(ctx, authz.System("test"), p.m.Year); err != nil {
		p.t.Fatal(err)
	}
	if sum, lines := shown(); sum != total(p.counts) || lines != len(p.counts) {
		rt.Fatalf("the public sees %d lines of %s, want %d of %s", lines, sum, len(p.counts), total(p.counts))
	}
	year, err := public.Year(ctx, p.m.Year, p.m.Year.Ends())
	if err != nil {
		p.t.Fatal(err)
	}
	var paid money.Pence
	for _, payer := range year.Payers {
		paid += payer.Cash
	}
	if paid != total(p.counts) || year.Cash != paid {
		rt.Fatalf("the payers add up to %s and the year to %s, want %s", paid, year.Cash, total(p.counts))
	}
	if _, err := tx.Exec(ctx, `SET CONSTRAINTS ALL IMMEDIATE`); err != nil {
		rt.Fatalf("the database divides otherwise: %v", err)
	}
	if _, err := tx.Exec(ctx, `SET CONSTRAINTS ALL DEFERRED`); err != nil {
		p.t.Fatal(err)
	}
}
