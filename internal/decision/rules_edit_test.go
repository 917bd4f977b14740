package decision_test

import (
	"context"
	"testing"
	"time"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/decision"
	"partnershipportal/internal/decision/decisiontest"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg/pgtest"
)

// easter is Easter Sunday of a year, by the anonymous Gregorian algorithm.
func easter(year int) day.Date {
	a, b, c := year%19, year/100, year%100
	h := (19*a + b - b/4 - (b-(b+8)/25+1)/3 + 15) % 30
	l := (32 + 2*(b%4) + 2*(c/4) - h - c%4) % 7
	m := (a + 11*h + 22*l) / 451
	first, _ := day.New(year, 3, 1)
	return first.Add((h + l - 7*m + 114) - 3*31)
}

// Every year has the days that the Act and proclamations gave it, reckoned here another way than they were entered.
func TestBankHolidaysOfEnglandAndWales(t *testing.T) {
	t.Parallel()
	book, err := decision.New(pgtest.Tx(t), decisiontest.Clock).Rules(context.Background(), authz.System("test"))
	if err != nil {
		t.Fatal(err)
	}
	got := map[day.Date]string{}
	for _, h := range book.Holidays {
		got[h.On] = h.Name
	}
	want := map[day.Date]bool{}
	for year := 2015; year <= 2028; year++ {
		on := func(month, d int) day.Date { x, _ := day.New(year, time.Month(month), d); return x }
		monday := func(d day.Date) day.Date {
			for d.Weekday() != 1 {
				d = d.Add(1)
			}
			return d
		}
		substitute := func(d day.Date) day.Date {
			for d.Weekday() == 0 || d.Weekday() == 6 || want[d] {
				d = d.Add(1)
			}
			return d
		}
		want[substitute(on(1, 1))] = true
		want[easter(year).Add(-2)], want[easter(year).Add(1)] = true, true
		want[monday(on(5, 1))], want[monday(on(5, 25))], want[monday(on(8, 25))] = true, true, true
		// Boxing Day keeps its own day where it can, and Christmas Day moves past it.
		switch on(12, 25).Weekday() {
		case 0:
			want[on(12, 26)], want[on(12, 27)] = true, true
		default:
			want[substitute(on(12, 25))] = true
			want[substitute(on(12, 26))] = true
		}
	}
	for _, gone := range []string{"2020-05-04", "2022-05-30"} {
		delete(want, day.Must(gone))
	}
	for _, once := range []string{"2020-05-08", "2022-06-02", "2022-06-03", "2022-09-19", "2023-05-08"} {
		want[day.Must(once)] = true
	}
	for d := range want {
		if got[d] == "" {
			t.Errorf("%s is no bank holiday", d)
		}
	}
	for d, name := range got {
		if !want[d] {
			t.Errorf("%s is a bank holiday: %s", d, name)
		}
	}
}

func TestRulesAreDatedAndOfABody(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	ctx := context.Background()
	s, by := decision.New(db, decisiontest.Clock), decisiontest.Support(t, db)
	body := membershiptest.Partner(t, db).Body
	add := func(c decision.RuleCommand) {
		t.Helper()
		c.Source = "The body's constitution"
		if err := s.AddRule(ctx, by, c); err != nil {
			t.Fatal(err)
		}
	}
	which := decisiontest.Proposed(t, db, body.Slug, func(d *decision.Draft) { d.NumberPrinted, d.Alternatives = "D-2019-17", "" })
	other := decisiontest.Proposed(t, db, decision.PartnershipSlug)
	if got := codes(decisiontest.Read(t, db, which).Findings); len(got) != 1 || got[0] != "number-form" {
		t.Errorf("found %v", got)
	}
	add(decision.RuleCommand{Kind: decision.RuleMask, Body: body.Slug, Mask: "D-YYYY-NN"})
	add(decision.RuleCommand{Kind: decision.RulePeriod, Body: body.Slug, Period: decision.CallInWorkingDays, Length: 3})
	add(decision.RuleCommand{Kind: decision.RulePeriod, Body: body.Slug, Period: decision.CallInWorkingDays, Length: 10, From: day.Must("2020-01-01")})
	add(decision.RuleCommand{Kind: decision.RuleRequirement, Body: body.Slug, Stage: decision.Made, Part: decision.PartAlternatives})
	decisiontest.Move(t, db, which, decision.Made, decisiontest.Made) // goes without alternatives: the body's rule
	f := decisiontest.Read(t, db, which)
	if len(f.Findings) != 0 || f.Computed.Effective.String() != "2019-05-24" {
		t.Errorf("found %v, effective %s", f.Findings, f.Computed.Effective)
	}
	decisiontest.Move(t, db, other, decision.Made, decisiontest.Made)
	if got := decisiontest.Read(t, db, other).Computed.Effective.String(); got != "2019-05-29" {
		t.Errorf("another body's rule moved the day to %s", got)
	}
	wants(t, s.AddRule(ctx, by, decision.RuleCommand{Kind: decision.RulePeriod, Body: body.Slug, Period: decision.CallInWorkingDays, Length: 7, Source: "x", From: day.Must("2019-01-01")}), fault.Conflict, "")
	wants(t, s.AddRule(ctx, by, decision.RuleCommand{Kind: decision.RuleMask, Mask: "yy", Source: "x"}), fault.Invalid, "mask")
	wants(t, s.AddRule(ctx, by, decision.RuleCommand{Kind: decision.RuleMask, Mask: "NN"}), fault.Invalid, "source")
	wants(t, s.AddRule(ctx, decisiontest.OfficeOf(t, db, body.ID), decision.RuleCommand{}), fault.Forbidden, "")
}

func TestBankHolidaysAreKept(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	ctx := context.Background()
	s, by := decision.New(db, decisiontest.Clock), decisiontest.Support(t, db)
	which := decisiontest.Proposed(t, db, decision.PartnershipSlug)
	decisiontest.Move(t, db, which, decision.Made, decisiontest.Made)
	extra := decision.HolidayCommand{On: day.Must("2019-05-22"), Name: "One-off day", Source: "Proclamation"}
	if err := s.AddHoliday(ctx, by, extra); err != nil {
		t.Fatal(err)
	}
	if got := decisiontest.Read(t, db, which).Computed.Effective.String(); got != "2019-05-30" {
		t.Errorf("with a day more it takes effect on %s", got)
	}
	wants(t, s.AddHoliday(ctx, by, extra), fault.Invalid, "on")
	book, err := s.Rules(ctx, by)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range book.Holidays {
		if h.On == extra.On {
			if err := s.RetractRule(ctx, by, decision.RuleHoliday, h.ID, "There was none"); err != nil {
				t.Fatal(err)
			}
			wants(t, s.RetractRule(ctx, by, decision.RuleHoliday, h.ID, "Twice"), fault.Conflict, "")
		}
	}
	if got := decisiontest.Read(t, db, which).Computed.Effective.String(); got != "2019-05-29" {
		t.Errorf("without it again it takes effect on %s", got)
	}
	wants(t, s.RetractRule(ctx, by, decision.RuleMask, 999999, "x"), fault.NotFound, "")
}
