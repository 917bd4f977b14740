package funding_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

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

var today = day.Must("2026-11-22")

func succeed(t testing.TB, db pg.DB, from, to id.Organisation, on string) {
	t.Helper()
	_, err := db.Exec(context.Background(), `INSERT INTO organisation_succession (predecessor_id, successor_id, takes_over_on) VALUES (@from, @to, @on)`,
		pgx.StrictNamedArgs{"from": from, "to": to, "on": day.Must(on)})
	if err != nil {
		t.Fatal(err)
	}
}

func pays(t testing.TB, db pg.DB, b membershiptest.Body, year day.FinancialYear, pence money.Pence) id.Contribution {
	t.Helper()
	return fundingtest.Contribution(t, db, func(c *funding.RecordCommand) { c.Organisation, c.Year, c.Pence = b.Slug, year, pence })
}

// shown says of each payer what is shown: its name, its cash, and the names under which it was paid.
func shown(y funding.Year) []string {
	var all []string
	for _, p := range y.Payers {
		line := p.Name + " " + p.Cash.Words() + " " + p.CashShare.String()
		for _, name := range p.PaidAs() {
			line += ", paid as " + name
		}
		all = append(all, line)
	}
	return all
}

func TestContributionsAddUpUnderTheSuccessor(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.Tx(t)
	body := func(name string) membershiptest.Body {
		return membershiptest.Organisation(t, db, func(b *membershiptest.Body) { b.Name = name })
	}
	ccgs, trust, icb, council := body("CCGs"), body("Health trust"), body("Care board"), body("Council")
	succeed(t, db, ccgs.ID, icb.ID, "2022-07-01")
	succeed(t, db, trust.ID, icb.ID, "2023-04-01")
	pays(t, db, ccgs, 2022, 10000)
	pays(t, db, trust, 2022, 20000)
	pays(t, db, icb, 2022, 30000)
	pays(t, db, council, 2022, 120000)
	public := funding.NewPublic(pgtest.Public(t, db))
	for name, c := range map[string]struct {
		on   string
		want []string
	}{
		"before anything":        {"2022-06-30", []string{"Council £1,200 66.7%", "Care board £300 16.7%", "Health trust £200 11.1%", "CCGs £100 5.5%"}},
		"after one took over":    {"2022-07-01", []string{"Council £1,200 66.7%", "Care board £400 22.2%, paid as CCGs", "Health trust £200 11.1%"}},
		"after both were merged": {"2023-03-31", []string{"Council £1,200 66.7%", "Care board £400 22.2%, paid as CCGs", "Health trust £200 11.1%"}},
	} {
		t.Run(name, func(t *testing.T) {
			y, err := public.AgreedOn(ctx, day.Must(c.on), time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, shown(y)); diff != "" {
				t.Errorf("shown on %s (-want +got):\n%s", c.on, diff)
			}
		})
	}
	t.Run("today", func(t *testing.T) {
		y, err := public.Year(ctx, 2022, today)
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"Council £1,200 66.7%", "Care board £600 33.3%, paid as Health trust, paid as CCGs"}
		if diff := cmp.Diff(want, shown(y)); diff != "" {
			t.Errorf("shown today (-want +got):\n%s", diff)
		}
		if y.Cash != 180000 || y.InKind != 0 {
			t.Errorf("the year has %s and %s", y.Cash, y.InKind)
		}
	})
}

func TestContributionsOfABodyThatWasSplitStayItsOwn(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.Tx(t)
	body := func(name string) membershiptest.Body {
		return membershiptest.Organisation(t, db, func(b *membershiptest.Body) { b.Name = name })
	}
	first, whole, north, south := body("First"), body("Whole"), body("North"), body("South")
	succeed(t, db, first.ID, whole.ID, "2015-04-01")
	succeed(t, db, whole.ID, north.ID, "2021-10-01")
	succeed(t, db, whole.ID, south.ID, "2021-10-01")
	pays(t, db, first, 2019, 100)
	pays(t, db, whole, 2019, 300)
	pays(t, db, north, 2021, 500)
	public := funding.NewPublic(pgtest.Public(t, db))
	y, err := public.Year(ctx, 2019, today)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"Whole £4 100.0%, paid as First"}, shown(y)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestARenamedBodyShowsBothNames(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.Tx(t)
	b := membershiptest.Organisation(t, db, func(b *membershiptest.Body) { b.Name, b.NameFrom = "New name", day.Must("2021-01-01") })
	membershiptest.Name(t, db, b.ID, "Old name", day.Date{}, day.Must("2020-12-31"))
	pays(t, db, b, 2019, 100)
	y, err := funding.NewPublic(pgtest.Public(t, db)).Year(ctx, 2019, today)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"New name £1 100.0%, paid as Old name"}, shown(y)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAsKnownOnAnEarlierDay(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.Tx(t)
	public := funding.NewPublic(pgtest.Public(t, db))
	instant := func() time.Time {
		var at time.Time
		if err := db.QueryRow(ctx, `SELECT clock_timestamp()`).Scan(&at); err != nil {
			t.Fatal(err)
		}
		return at
	}
	on := day.Must("2019-09-17")
	atFirst := instant()
	line := fundingtest.Contribution(t, db)
	afterwards := instant()
	fundingtest.TakenOut(t, db, line, "A slip")
	second := fundingtest.Contribution(t, db, func(c *funding.RecordCommand) { c.Agreed = day.On(day.Must("2019-09-18")) })
	for name, c := range map[string]struct {
		on    string
		known time.Time
		want  []id.Contribution
		out   int
	}{
		"before it was recorded":                   {"2019-09-17", atFirst, nil, 0},
		"before it was taken out":                  {"2019-09-17", afterwards, []id.Contribution{line}, 0},
		"as known now":                             {"2019-09-17", time.Time{}, nil, 1},
		"on the day of the agreement":              {"2019-09-18", time.Time{}, []id.Contribution{second}, 1},
		"the day of another year":                  {"2020-04-01", time.Time{}, nil, 0},
		"agreed by the day, but recorded after it": {"2020-03-31", atFirst, nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			y, err := public.AgreedOn(ctx, day.Must(c.on), c.known)
			if err != nil {
				t.Fatal(err)
			}
			var lines []id.Contribution
			for _, p := range y.Payers {
				lines = append(lines, idsOf(p.Lines)...)
			}
			if !slices.Equal(lines, c.want) || len(y.Corrections) != c.out {
				t.Errorf("shown %v and %d taken out, want %v and %d", lines, len(y.Corrections), c.want, c.out)
			}
		})
	}
	y, err := public.AgreedOn(ctx, on, time.Time{})
	if err != nil || !y.Empty() || y.Corrections[0].Reason != "A slip" || y.Corrections[0].Pence != 100000 {
		t.Errorf("what was taken out is shown as %+v (%v)", y.Corrections, err)
	}
}

func TestTotalsShowTheYearsOfWhichNothingIsKnown(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.Tx(t)
	public := funding.NewPublic(pgtest.Public(t, db))
	if all, err := public.Totals(ctx, today); err != nil || len(all) != 0 {
		t.Fatalf("nothing is recorded, but there are %d totals (%v)", len(all), err)
	}
	if _, err := public.Year(ctx, 2026, today); !errors.Is(err, fault.NotFound) {
		t.Errorf("a year of nothing: %v, want not found", err)
	}
	fundingtest.Contribution(t, db, func(c *funding.RecordCommand) { c.Year = 2024 })
	fundingtest.Contribution(t, db, func(c *funding.RecordCommand) {
		c.Year, c.Form, c.Valuation, c.Estimated, c.Demonstration = 2024, funding.InKind, "By eye", true, true
	})
	fundingtest.TakenOut(t, db, fundingtest.Contribution(t, db, func(c *funding.RecordCommand) { c.Year = 2024 }), "A slip")
	fundingtest.Contribution(t, db, func(c *funding.RecordCommand) { c.Year = 2027 })
	all, err := public.Totals(ctx, today)
	if err != nil {
		t.Fatal(err)
	}
	want := []funding.Total{{Year: 2027, Lines: 1, Cash: 100000}, {Year: 2026}, {Year: 2025},
		{Year: 2024, Lines: 2, TakenOut: 1, Cash: 100000, InKind: 100000, IsEstimated: true, IsDemonstration: true}}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	t.Run("a year of which all was taken out stays to be read", func(t *testing.T) {
		fundingtest.TakenOut(t, db, fundingtest.Contribution(t, db, func(c *funding.RecordCommand) { c.Year = 2023 }), "Never given")
		y, err := public.Year(ctx, 2023, today)
		if err != nil || !y.Empty() || len(y.Corrections) != 1 || y.Corrections[0].Reason != "Never given" {
			t.Errorf("it is %+v (%v)", y, err)
		}
	})
	if y, err := public.Year(ctx, 2025, today); err != nil || !y.Empty() {
		t.Errorf("a year between: %+v (%v), want it empty", y, err)
	}
	for _, year := range []day.FinancialYear{2022, 2028} {
		if _, err := public.Year(ctx, year, today); !errors.Is(err, fault.NotFound) {
			t.Errorf("%s: %v, want not found", year, err)
		}
	}
	entries, err := public.Entries(ctx, 0, today)
	if err != nil || len(entries) != 5 || entries[0].Year != 2027 || entries[0].Payer.Slug != entries[0].Slug || !entries[0].Counts() || entries[3].Counts() || entries[3].Reason != "A slip" {
		t.Errorf("entries %+v (%v)", entries, err)
	}
	if entries, err = public.Entries(ctx, 2024, today); err != nil || len(entries) != 3 {
		t.Errorf("%d entries of 2024/25 (%v), want 3", len(entries), err)
	}
}

func TestPartnersOfWhomNothingIsRecordedAreNamed(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.Tx(t)
	partner := func(name, from, to string) membershiptest.Body {
		return membershiptest.Partner(t, db, func(p *membershiptest.PartnerMade) {
			p.Body = membershiptest.Organisation(t, db, func(b *membershiptest.Body) { b.Name = name })
			if p.StartsOn = day.Must(from); to != "" {
				p.EndsOn = day.Must(to)
			}
		}).Body
	}
	partner("Police", "2018-06-29", "")
	ccgs := partner("CCGs", "2018-06-29", "2022-06-30")
	icb := partner("Care board", "2022-07-01", "")
	council := partner("Council", "2018-06-29", "")
	succeed(t, db, ccgs.ID, icb.ID, "2022-07-01")
	pays(t, db, council, 2019, 100)
	public := funding.NewPublic(pgtest.Public(t, db))
	names := func(y funding.Year, err error) []string {
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, b := range y.Unrecorded {
			all = append(all, b.Name)
		}
		return all
	}
	if diff := cmp.Diff([]string{"Care board", "Police"}, names(public.Year(ctx, 2019, today))); diff != "" {
		t.Errorf("today (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"CCGs", "Police"}, names(public.AgreedOn(ctx, day.Must("2019-09-17"), time.Time{}))); diff != "" {
		t.Errorf("as at the day (-want +got):\n%s", diff)
	}
}

func TestSuccessionsAndNamesAsKnownOnAnEarlierDay(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.Tx(t)
	public := funding.NewPublic(pgtest.Public(t, db))
	instant := func() (at time.Time) {
		if err := db.QueryRow(ctx, `SELECT clock_timestamp()`).Scan(&at); err != nil {
			t.Fatal(err)
		}
		return at
	}
	exec := func(sql string, args ...any) {
		if _, err := db.Exec(ctx, sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	before := membershiptest.Organisation(t, db, func(b *membershiptest.Body) { b.Name = "CCGs" })
	after := membershiptest.Organisation(t, db, func(b *membershiptest.Body) { b.Name = "Care board" })
	pays(t, db, before, 2022, 100)
	alone := instant()
	succeed(t, db, before.ID, after.ID, "2022-07-01")
	joined := instant()
	exec(`UPDATE organisation_succession SET retracted_reason = 'Typed in error' WHERE predecessor_id = $1`, before.ID)
	exec(`UPDATE organisation_name SET ends_on = '2022-06-30' WHERE organisation_id = $1`, before.ID)
	membershiptest.Name(t, db, before.ID, "CCGs of Kent", day.Must("2022-07-01"), day.Date{})
	for name, c := range map[string]struct {
		known time.Time
		want  string
	}{
		"before the succession was recorded":  {alone, "CCGs £1 100.0%"},
		"while it counted":                    {joined, "Care board £1 100.0%, paid as CCGs"},
		"after it was retracted, and renamed": {time.Time{}, "CCGs of Kent £1 100.0%, paid as CCGs"},
	} {
		t.Run(name, func(t *testing.T) {
			y, err := public.AgreedOn(ctx, day.Must("2022-07-01"), c.known)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{c.want}, shown(y)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
