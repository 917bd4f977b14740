package demo_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/account"
	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/demo"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/group"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/pg/pgtest"
	"partnershipportal/internal/signoff"
)

type (
	forAccounts  = account.NoLetters
	forMembers   = membership.NoLetters
	forRounds    = signoff.NoLetters
	forDocuments = arrangement.NoLetters
)

type noLetters struct {
	forAccounts
	forMembers
	forRounds
	forDocuments
}

// checkGroups wants an action to wait for the district council, overdue, and two for Kent Police.
func checkGroups(t *testing.T, db *pgtest.DB, accounts *account.Service) {
	t.Helper()
	ctx, today := context.Background(), day.Of(time.Now())
	groups := group.New(db.App, time.Now)
	for email, want := range map[string]struct{ open, overdue int }{"staff@district-council.example": {1, 1}, "lead@kent-police.example": {2, 0}, "support@kscmp.example": {0, 0}} {
		in, err := accounts.SignIn(ctx, account.SignInCommand{Email: email, Password: demo.Password})
		if err != nil {
			t.Fatal(err)
		}
		by, err := accounts.Actor(ctx, in.Account, in.Epoch)
		if err != nil {
			t.Fatal(err)
		}
		list, err := groups.OwnActions(ctx, by)
		if err != nil {
			t.Fatal(err)
		}
		overdue := 0
		for _, a := range list {
			if a.Overdue(today) {
				overdue++
			}
		}
		if len(list) != want.open || overdue != want.overdue {
			t.Errorf("%s has %d open actions, %d of them overdue; want %+v", email, len(list), overdue, want)
		}
	}
	public, err := group.NewPublic(db.Public).Groups(ctx, today)
	if err != nil || len(public) != 3 || !public[2].Ended(today) || !public[0].IsDemonstration {
		t.Errorf("the public sees the groups %+v (%v)", public, err)
	}
}

func TestTheDemonstrationTellsTheStoryOfKent(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := pgtest.Database(t)
	links, err := account.NewLinks(bytes.Repeat([]byte("k"), 32))
	if err != nil {
		t.Fatal(err)
	}
	err = pgx.BeginFunc(ctx, db.App, func(tx pgx.Tx) error { return demo.Load(ctx, tx, links, noLetters{}, time.Now) })
	if err != nil {
		t.Fatal(err)
	}
	accounts := account.New(db.App, account.NoLetters{}, links, time.Now)
	for _, p := range demo.People() {
		if _, err := accounts.SignIn(ctx, account.SignInCommand{Email: p.Email, Password: demo.Password}); err != nil {
			t.Errorf("%s can't sign in: %v", p.Email, err)
		}
	}
	checkGroups(t, db, accounts)
	year, err := funding.NewPublic(db.Public).Year(ctx, 2019, day.Of(time.Now()))
	if err != nil {
		t.Fatal(err)
	}
	if year.Cash.Words() != "£231,550" || year.InKind.Words() != "£28,100" || len(year.Payers) != 5 || !year.IsDemonstration {
		t.Errorf("of 2019/20 there are %s in cash and %s in kind by %d bodies", year.Cash.Words(), year.InKind.Words(), len(year.Payers))
	}
	for _, p := range year.Payers {
		if as := p.PaidAs(); p.Slug == "nhs-kent-and-medway" && (len(as) != 1 || as[0] != "Kent CCGs") {
			t.Errorf("%s paid as %v", p.Name, as)
		}
		for _, l := range p.Lines {
			if !l.IsDemonstration {
				t.Errorf("%s of %s is not marked as demonstration data", l.Pence, l.Name)
			}
		}
	}
	rounds := signoff.New(db.App, accounts, signoff.NoLetters{}, time.Now)
	checkYears(t, funding.NewYears(db.App, rounds, time.Now))
	papers := arrangement.New(db.App, rounds, arrangement.NoLetters{}, time.Now)
	reader := authz.Actor{Account: 1, Held: []authz.Held{{Role: authz.Scrutineer}}}
	first, err := papers.Draft(ctx, reader, arrangement.Ref{Slug: demo.Document, Number: 1})
	if err != nil {
		t.Fatal(err)
	}
	if first.State(day.Of(time.Now())) != arrangement.StateInForce || first.EffectiveFrom.String() != "2019-09-17" || first.Published.Words() != "June 2019" {
		t.Errorf("the first version is %s, takes effect on %s, was published in %s", first.State(day.Of(time.Now())), first.EffectiveFrom, first.Published.Words())
	}
	queue, err := rounds.Queue(ctx, reader)
	if err != nil || len(queue) != 2 {
		t.Fatalf("%d rounds, want two (%v)", len(queue), err)
	}
	if q := queue[0]; q.Outcome != signoff.Open || q.Seats != 3 || q.Signed != 1 || q.Paper.Number != 2 {
		t.Errorf("the next edition stands at %+v, want one of three signed", q)
	}
	recorded, err := rounds.Round(ctx, reader, queue[1].ID)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, seat := range recorded.Seats {
		names = append(names, seat.Act.OrganisationName+" "+seat.Act.SignedOn.Words())
	}
	want := []string{"Kent County Council June 2019", "Kent Police June 2019", "Kent CCGs June 2019"}
	for i := range want {
		if i >= len(names) || names[i] != want[i] {
			t.Fatalf("signed by %v, want %v", names, want)
		}
	}
}

// checkYears wants one year that is agreed and released and one that only waits to be put to the partners, both marked.
func checkYears(t *testing.T, years *funding.Years) {
	t.Helper()
	list, err := years.List(context.Background(), authz.System("test"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, h := range list {
		got = append(got, fmt.Sprintf("%s %s released %t invented %t needs %v", h.Year, h.Status(), h.Released(), h.IsDemonstration, h.Needs()))
	}
	want := []string{"2026/27 proposed released false invented true needs []", "2020/21 agreed released true invented true needs []"}
	if !slices.Equal(got, want) {
		t.Errorf("the financial years are %q, want %q", got, want)
	}
}
