package funding_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnershipportal/internal/day"
	"partnershipportal/internal/funding"
)

func goldenContent() funding.Content {
	return funding.Content{
		FinancialYear: "2019/20", OpeningPence: -123450, ReviewDueOn: day.Must("2020-01-31"), Method: "By population & need.\nSee <minutes>.",
		Lines: []funding.ContentLine{
			{Line: 7, Organisation: "Kent County Council", Slug: "kent-county-council", Form: funding.Cash, PayerTotalPence: 1000001, Pence: 500001,
				Parts:   []funding.ContentPart{{Label: "Children's", Weight: 1, IsOurs: true}, {Label: "Adults'", Weight: 1}},
				Purpose: "general", Conditions: "If the budget passes", Decision: "19/00035"},
			{Line: 8, Organisation: "Kent Police", Slug: "kent-police", Form: funding.InKind, PayerTotalPence: 5000, Pence: 5000, Valuation: "Day rates",
				Estimated: true, Purpose: "training", Note: "Two trainers"},
		},
		Budget: []funding.ContentBudget{{Category: "Staffing", Pence: 400000}},
	}
}

// The bytes of a released layout never change: whoever verifies in ten years relies on it.
func TestAFrozenYearKeepsItsBytes(t *testing.T) {
	t.Parallel()
	got, err := goldenContent().Freeze()
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/funding-year-1.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("frozen bytes differ (-want +got):\n%s", diff)
	}
	const digest = "909eaccd6403c7488648b01c8bcdf8ee4052972dfddaedc0b5a15d4fed05ad53"
	if sum := sha256.Sum256(got); hex.EncodeToString(sum[:]) != digest {
		t.Errorf("digest = %x, want %s", sum, digest)
	}
}

func TestAFrozenYearReadsBack(t *testing.T) {
	t.Parallel()
	frozen, err := goldenContent().Freeze()
	if err != nil {
		t.Fatal(err)
	}
	got, err := funding.ReadContent(frozen)
	if err != nil {
		t.Fatal(err)
	}
	want := goldenContent()
	want.Schema, want.Lines[1].Parts = funding.ContentSchema, []funding.ContentPart{}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(day.Date{})); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
	for _, broken := range []string{"", "{", `{"schema":"funding-year/2","financialYear":"2019/20"}`, `{"schema":"funding-year/1","financialYear":"2019"}`} {
		if _, err := funding.ReadContent([]byte(broken)); err == nil {
			t.Errorf("%q was read as a frozen year", broken)
		}
	}
}
