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
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/money"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
	"partnershipportal/internal/signoff"
	"partnershipportal/internal/signoff/signofftest"
)

// proposal is a year of three partners and an agency whose staff can answer.
type proposal struct {
	*signofftest.Made
	t       testing.TB
	years   *funding.Years
	agency  membershiptest.AgencyMade
	staff   authz.Actor
	pledged id.FundingLine
}

func newProposal(t testing.TB, db pg.DB) *proposal {
	t.Helper()
	p := &proposal{Made: signofftest.DraftYear(t, db), t: t, agency: membershiptest.Agency(t, db)}
	p.years = funding.NewYears(db, p.Service, time.Now)
	p.staff = authz.Actor{Account: membershiptest.Person(t, db), Held: []authz.Held{{Role: authz.AgencyStaff, Organisation: p.agency.Body.ID}}}
	if _, err := db.Exec(context.Background(), `INSERT INTO role_grant (account_id, role, organisation_id) VALUES ($1, $2, $3)`,
		p.staff.Account, authz.AgencyStaff, p.agency.Body.ID); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *proposal) plan() funding.Plan {
	p.t.Helper()
	plan, err := p.years.Plan(context.Background(), p.Support, p.Year)
	if err != nil {
		p.t.Fatal(err)
	}
	return plan
}

// pledge proposes half of a total of the agency.
func (p *proposal) pledge(total money.Pence) {
	p.t.Helper()
	cmd := funding.LineCommand{Year: p.Year, Organisation: p.agency.Body.Slug, Form: funding.InKind, Total: total, Valuation: "Day rates", Estimated: true,
		Purpose: "practice reviews", Conditions: "If the grant is renewed",
		Parts: []funding.Part{{Label: "Children's", Weight: 1, IsOurs: true}, {Label: "Adults'", Weight: 1}}}
	if p.pledged != 0 {
		l := lineOf(p.t, p.plan(), p.pledged)
		cmd.ID, cmd.Revision = l.ID, l.Revision
	}
	made, err := p.years.SaveLine(context.Background(), p.Support, cmd)
	if err != nil {
		p.t.Fatal(err)
	}
	p.pledged = made
}

func (p *proposal) terms() {
	p.t.Helper()
	err := p.years.SaveTerms(context.Background(), p.Support, funding.TermsCommand{Year: p.Year, Revision: p.plan().Revision, Opening: 250000,
		Method: "By need", ReviewDueOn: p.Year.Ends()})
	if err != nil {
		p.t.Fatal(err)
	}
}

// put opens a round on what the check shows.
func (p *proposal) put() {
	p.t.Helper()
	check, err := p.years.Check(context.Background(), p.Support, p.Year)
	if err != nil || len(check.Problems) > 0 {
		p.t.Fatalf("check: %v %v", err, check.Problems)
	}
	if p.Round, err = p.years.Open(context.Background(), p.Support, funding.OpenCommand{Year: p.Year, Digest: check.Digest}); err != nil {
		p.t.Fatal(err)
	}
	p.Content = check.Content
}

func (p *proposal) status(want funding.Status, next funding.Step) {
	p.t.Helper()
	h := p.plan().Head
	if h.Status() != want || h.Next(p.Year.Starts()) != next {
		p.t.Fatalf("the year is %s and next comes %s, want %s and %s", h.Status(), h.Next(p.Year.Starts()), want, next)
	}
}

func TestAYearIsDeclinedRevisedAndAgreed(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.Tx(t)
	p := newProposal(t, db)
	p.status(funding.Proposed, funding.StepComplete)
	if _, err := p.years.Open(ctx, p.Support, funding.OpenCommand{Year: p.Year}); !errors.Is(err, fault.Invalid) {
		t.Errorf("an unfinished year is put to the partners: %v", err)
	}
	p.terms()
	p.pledge(2001)
	p.status(funding.Proposed, funding.StepOpen)
	if _, err := p.years.Open(ctx, p.Support, funding.OpenCommand{Year: p.Year, Digest: "other"}); !errors.Is(err, fault.Conflict) {
		t.Errorf("another year than the one checked is put to the partners: %v", err)
	}
	if _, err := p.years.Open(ctx, p.Scrutiny, funding.OpenCommand{Year: p.Year}); !errors.Is(err, fault.Forbidden) {
		t.Errorf("the scrutineer opens a round: %v", err)
	}
	p.put()
	p.status(funding.Proposed, funding.StepWait)

	plan := p.plan()
	line := lineOf(t, plan, p.pledged)
	_, saving := p.years.SaveLine(ctx, p.Support, command(plan, line))
	for what, err := range map[string]error{
		"line": saving, "removal": p.years.RemoveLine(ctx, p.Support, p.Year, line.ID, line.Revision),
		"grid":   p.years.SaveGrid(ctx, p.Support, funding.GridCommand{Year: p.Year}),
		"budget": p.years.SaveBudget(ctx, p.Support, funding.BudgetCommand{Year: p.Year, Revision: plan.Revision}),
		"terms":  p.years.SaveTerms(ctx, p.Support, funding.TermsCommand{Year: p.Year, Revision: plan.Revision}),
		"record": record(db, func(c *funding.RecordCommand) { c.Year, c.Organisation = p.Year, p.agency.Body.Slug }),
	} {
		if !errors.Is(err, fault.Conflict) {
			t.Errorf("%s while the partners sign: got %v, want a conflict", what, err)
		}
	}

	if _, err := p.Act(ctx, p.Officers[1].Actor, signoff.Decline); err != nil {
		t.Fatal(err)
	}
	p.status(funding.Proposed, funding.StepOpen)
	if !p.plan().Declined {
		t.Error("the year does not say that it came back")
	}
	p.pledge(3001)
	p.put()
	p.SignAll(t)
	p.status(funding.Agreed, funding.StepRelease)
	if _, err := db.Exec(ctx, `SET CONSTRAINTS ALL IMMEDIATE`); err != nil {
		t.Fatal(err)
	}

	plan = p.plan()
	if len(plan.Contributions) != 4 || plan.RoundNumber != 2 {
		t.Fatalf("%d contributions after round %d, want 4 after 2", len(plan.Contributions), plan.RoundNumber)
	}
	for _, c := range plan.Contributions {
		if c.Slug != p.agency.Body.Slug {
			continue
		}
		want := funding.Terms{Total: 3001, Conditions: "If the grant is renewed", Parts: []funding.Part{{Label: "Children's", Weight: 1, IsOurs: true}, {Label: "Adults'", Weight: 1}}}
		if diff := cmp.Diff(want, c.Terms); diff != "" || c.Pence != 1501 || !c.WasSigned || !c.IsEstimated || c.Purpose != "Practice reviews" ||
			c.Source != "Agreed by every safeguarding partner, round 2" {
			t.Errorf("the contribution is %+v (-want +got):\n%s", c, diff)
		}
	}
	if _, err := p.years.SaveLine(ctx, p.Support, command(plan, lineOf(t, plan, p.pledged))); !errors.Is(err, fault.Conflict) {
		t.Errorf("a line of an agreed year is changed: %v", err)
	}
}

// record records £1,000, as altered.
func record(db pg.DB, alter func(*funding.RecordCommand)) error {
	cmd := funding.RecordCommand{Year: 2019, Form: funding.Cash, Pence: 100000, Purpose: "General", Agreed: day.On(day.Must("2019-03-01")), Source: "Minutes"}
	alter(&cmd)
	_, err := funding.New(db, time.Now).Record(context.Background(), authz.System("test"), cmd)
	return err
}

func TestAnAgreedYearIsAdjustedForAReasonAndReleasedOnce(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.Tx(t)
	p := newProposal(t, db)
	p.terms()
	p.put()
	p.SignAll(t)
	public := funding.NewPublic(pgtest.Public(t, db))
	shown := func() money.Pence {
		t.Helper()
		y, err := public.Entries(ctx, p.Year, p.Year.Starts())
		if err != nil {
			t.Fatal(err)
		}
		var sum money.Pence
		for _, e := range y {
			if e.Counts() {
				sum += e.Pence
			}
		}
		return sum
	}
	adjust := func(reason string) error {
		return record(db, func(c *funding.RecordCommand) {
			c.Year, c.Organisation, c.AdjustmentReason = p.Year, p.agency.Body.Slug, reason
		})
	}
	wantField(t, adjust(""), "adjustment-reason")
	if err := adjust("The agency joined in May"); err != nil {
		t.Fatal(err)
	}
	wantField(t, record(db, func(c *funding.RecordCommand) { c.Organisation, c.AdjustmentReason = p.agency.Body.Slug, "More" }), "adjustment-reason")
	first := p.plan().Contributions[0]
	if err := funding.New(db, time.Now).Reverse(ctx, p.Support, funding.ReverseCommand{ID: first.ID, Reason: "It pulled out"}); err != nil {
		t.Fatal(err)
	}
	if got := shown(); got != 0 {
		t.Errorf("of a year that is not released the public sees %s", got)
	}
	if err := p.years.Release(ctx, p.Scrutiny, p.Year); !errors.Is(err, fault.Forbidden) {
		t.Errorf("the scrutineer releases: %v", err)
	}
	if err := p.years.Release(ctx, p.Support, p.Year); err != nil {
		t.Fatal(err)
	}
	if err := p.years.Release(ctx, p.Support, p.Year); !errors.Is(err, fault.Conflict) {
		t.Errorf("it is released again: %v", err)
	}
	if got, want := shown(), p.plan().Cash; got != want || got == 0 {
		t.Errorf("of the released year the public sees %s, want %s", got, want)
	}

	held := funding.ReviewCommand{Year: p.Year, HeldOn: day.Must("2020-01-15"), Outcome: "The shares stay", NextDueOn: day.Must("2030-01-15")}
	if err := p.years.RecordReview(ctx, p.Support, held); err != nil {
		t.Fatal(err)
	}
	if got := p.plan(); got.ReviewDueOn != held.NextDueOn || len(got.Reviews) != 1 || got.Reviews[0].Outcome != held.Outcome {
		t.Errorf("after the review the year is %+v", got.Head)
	}
	held.NextDueOn = held.HeldOn
	wantField(t, p.years.RecordReview(ctx, p.Support, held), "next-due-on")
}

func TestAgenciesConfirmOrQueryTheirOwnPledge(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.Tx(t)
	p := newProposal(t, db)
	p.pledge(2000)
	list, err := p.years.Pledges(ctx, p.staff)
	if err != nil || len(list) != 1 || list[0].ID != p.pledged || list[0].Pence != 1000 || list[0].Year != p.Year {
		t.Fatalf("the agency's pledges are %+v (%v)", list, err)
	}
	answer := func(by authz.Actor, a funding.Answer, words string) error {
		return p.years.AnswerPledge(ctx, by, funding.PledgeCommand{Line: p.pledged, Revision: list[0].Revision, Answer: a, Words: words})
	}
	wantField(t, answer(p.staff, "", ""), "answer")
	wantField(t, answer(p.staff, funding.Queried, " "), "words")
	other := authz.Actor{Account: p.staff.Account, Held: []authz.Held{{Role: authz.AgencyStaff, Organisation: p.Officers[0].Partner.Body.ID}}}
	if err := answer(other, funding.Confirmed, ""); !errors.Is(err, fault.NotFound) {
		t.Errorf("another agency answers: %v", err)
	}
	if err := answer(p.Support, funding.Confirmed, ""); !errors.Is(err, fault.Forbidden) {
		t.Errorf("business support answers: %v", err)
	}
	if err := answer(p.staff, funding.Queried, "Half of it is for adults"); err != nil {
		t.Fatal(err)
	}
	if h := p.plan().Head; h.Queried != 1 || h.Confirmed != 0 || h.Pledges != 1 {
		t.Errorf("after a query: %d queried, %d confirmed of %d", h.Queried, h.Confirmed, h.Pledges)
	}
	if err := answer(p.staff, funding.Confirmed, ""); err != nil {
		t.Fatal(err)
	}
	l := lineOf(t, p.plan(), p.pledged)
	if l.Answer != funding.Confirmed || l.AnsweredBy == "" || l.AnsweredAt == nil {
		t.Errorf("support sees %+v", l)
	}
	p.pledge(4000)
	if l := lineOf(t, p.plan(), p.pledged); l.Answer != "" {
		t.Errorf("after the change the pledge is still %s", l.Answer)
	}
	if err := answer(p.staff, funding.Confirmed, ""); !errors.Is(err, fault.Conflict) {
		t.Errorf("what was read before the change is confirmed: %v", err)
	}
}
