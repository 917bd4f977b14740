// Package fundingtest records contributions for tests: each the least valid thing, which a function may alter before it
// is stored.
package fundingtest

import (
	"context"
	"testing"
	"time"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
)

// Contribution records £1,000 in cash for 2019/20 of an organisation of its own.
func Contribution(t testing.TB, db pg.DB, alter ...func(*funding.RecordCommand)) id.Contribution {
	t.Helper()
	cmd := funding.RecordCommand{Year: 2019, Form: funding.Cash, Pence: 100000, Purpose: "General", Agreed: day.On(day.Must("2019-03-01")), Source: "Minutes of the board"}
	for _, f := range alter {
		f(&cmd)
	}
	if cmd.Organisation == "" {
		cmd.Organisation = membershiptest.Organisation(t, db).Slug
	}
	made, err := funding.New(db, time.Now).Record(context.Background(), authz.System("test"), cmd)
	if err != nil {
		t.Fatalf("record a contribution for the test: %v", err)
	}
	return made
}

// TakenOut takes a contribution out again.
func TakenOut(t testing.TB, db pg.DB, which id.Contribution, reason string) {
	t.Helper()
	if err := funding.New(db, time.Now).Reverse(context.Background(), authz.System("test"), funding.ReverseCommand{ID: which, Reason: reason}); err != nil {
		t.Fatalf("take out contribution %d for the test: %v", which, err)
	}
}

// Comparable enters £50,000 in cash for 2019/20 of the police of Medway.
func Comparable(t testing.TB, db pg.DB, alter ...func(*funding.ComparableCommand)) id.Comparable {
	t.Helper()
	cmd := funding.ComparableCommand{Area: "Medway", Year: 2019, Measure: funding.MeasureCash, Kind: "police", Amount: 5000000, Source: "Annual report of Medway"}
	for _, f := range alter {
		f(&cmd)
	}
	made, err := funding.New(db, time.Now).RecordComparable(context.Background(), authz.System("test"), cmd)
	if err != nil {
		t.Fatalf("enter a figure for the test: %v", err)
	}
	return made
}

// Year begins a financial year in the portal, empty and with a reason for whatever it leaves out.
func Year(t testing.TB, db pg.DB, year day.FinancialYear, alter ...func(*funding.BeginCommand)) {
	t.Helper()
	cmd := funding.BeginCommand{Year: year, Origin: funding.InPortal, SkipReason: "Not kept here"}
	for _, f := range alter {
		f(&cmd)
	}
	if _, err := funding.NewYears(db, nil, time.Now).Begin(context.Background(), authz.System("test"), cmd); err != nil {
		t.Fatalf("begin %s for the test: %v", year, err)
	}
}

// Line proposes £1,000 in cash of an organisation of its own.
func Line(t testing.TB, db pg.DB, year day.FinancialYear, alter ...func(*funding.LineCommand)) id.FundingLine {
	t.Helper()
	cmd := funding.LineCommand{Year: year, Form: funding.Cash, Total: 100000, Purpose: "general"}
	for _, f := range alter {
		f(&cmd)
	}
	if cmd.Organisation == "" {
		cmd.Organisation = membershiptest.Organisation(t, db).Slug
	}
	made, err := funding.NewYears(db, nil, time.Now).SaveLine(context.Background(), authz.System("test"), cmd)
	if err != nil {
		t.Fatalf("propose a line for the test: %v", err)
	}
	return made
}
