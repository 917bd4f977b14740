package money_test

import (
	"encoding/csv"
	"math"
	"os"
	"testing"

	"pgregory.net/rapid"

	"partnershipportal/internal/money"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]money.Pence{
		"0": 0, "0.5": 50, "0.05": 5, "5": 500, " 5 ": 500, "1234": 123400, "1,234.50": 123450, "£1,234.50": 123450, "£307,724": 30772400,
		"1,234,567.89": 123456789, "10000000000": money.Most, "10,000,000,000.00": money.Most, "£0": 0, "999": 99900, "12,345": 1234500,
	} {
		if got, err := money.Parse(written); err != nil || got != want {
			t.Errorf("%q is read as %d (%v), want %d", written, got, err, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	const (
		none       = "Enter the amount in pounds, like 1,234.50"
		figures    = "The amount must be in figures, like 1,234.50"
		negative   = "The amount must not be negative"
		space      = "The amount must have no space in it"
		unseen     = "The amount has a character that cannot be seen. Delete it and type it again"
		decimals   = "The amount must have two figures after the point at most: pence are the smallest part"
		afterPoint = "The amount must have one or two figures after its only point"
		comma      = "The amount has a comma in the wrong place. Put commas before each three figures, like 1,234,567, or none"
		zeros      = "The amount must not begin with a zero"
		large      = "The amount is too large"
	)
	for written, want := range map[string]string{
		"": none, "   ": none, "£": none,
		"1.234": decimals, "1,234.505": decimals, "0.001": decimals,
		"12,34": comma, "1234,50": comma, "1,2345": comma, ",123": comma, "1,,234": comma, "1234,567": comma, "1.234,50": comma, "1,": comma, "1,234.5,0": comma,
		"-5": negative, "−5": negative, "£-5": negative, "£−5": negative, "(5)": negative, "-": negative,
		"1\u00a0234": unseen, "\u00a01234": unseen, "1\u202f234": unseen, "1\u200b234": unseen, "\ufeff5": unseen, "\u202e5": unseen, "5\t": unseen, "5\n": unseen, "5\u00ad": unseen,
		"1 234": space, "£ 5": space,
		"five": figures, "5k": figures, "£5m": figures, "5p": figures, "1e3": figures, "5£": figures, "££5": figures, "$5": figures, "€5": figures,
		"٥": figures, "５": figures, "1'234": figures, "+5": figures, "=5": figures, "0x10": figures, "5-": figures, "\xff": figures,
		"5.": afterPoint, "1.2.3": afterPoint, ".50": "The amount must have a figure before the point, like 0.50",
		"007": zeros, "00": zeros, "0,123": zeros, "00.50": zeros,
		"10000000000.01": large, "99999999999999999999": large, "1,000,000,000,000,000": large,
	} {
		got, err := money.Parse(written)
		if err == nil {
			t.Errorf("%q is read as %d, want a refusal", written, got)
		} else if err.Error() != want {
			t.Errorf("%q is refused with %q, want %q", written, err, want)
		}
	}
}

func TestWriting(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		sum                            money.Pence
		full, words, decimal, asChange string
	}{
		{0, "£0.00", "£0", "0.00", "no change"},
		{5, "£0.05", "£0.05", "0.05", "+£0.05"},
		{99900, "£999.00", "£999", "999.00", "+£999"},
		{123450, "£1,234.50", "£1,234.50", "1234.50", "+£1,234.50"},
		{-123450, "−£1,234.50", "−£1,234.50", "-1234.50", "−£1,234.50"},
		{30772400, "£307,724.00", "£307,724", "307724.00", "+£307,724"},
		{math.MinInt64, "−£92,233,720,368,547,758.08", "−£92,233,720,368,547,758.08", "-92233720368547758.08", "−£92,233,720,368,547,758.08"},
	} {
		if c.sum.String() != c.full || c.sum.Words() != c.words || c.sum.Decimal() != c.decimal || c.sum.Change() != c.asChange {
			t.Errorf("%d is written %q, %q, %q, %q", c.sum, c.sum, c.sum.Words(), c.sum.Decimal(), c.sum.Change())
		}
	}
	if got := money.Column(100, 250)(100); got != "£1.00" {
		t.Errorf("beside pence a whole sum is written %q", got)
	}
	if got := money.Column(100, 200)(100); got != "£1" {
		t.Errorf("in a column without pence a sum is written %q", got)
	}
}

// The police contributions of Greater Manchester in 2022/23, as published: each is half for children's, half for adults' boards.
func TestGreaterManchester(t *testing.T) {
	t.Parallel()
	file, err := os.Open("testdata/police_contributions_gm_2022_23.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var total money.Pence
	var sums []money.Pence
	for _, row := range rows[1:] {
		sum, err := money.Parse(row[1])
		if err != nil {
			t.Fatal(err)
		}
		half, err := money.Parse(row[2])
		if err != nil {
			t.Fatal(err)
		}
		if parts := sum.Split(1, 1); parts[0] != half || parts[1] != half {
			t.Errorf("%s: %s splits into %v, want two of %s", row[0], sum, parts, half)
		}
		sums = append(sums, sum)
		total += sum
	}
	if len(sums) != 10 || total.Words() != "£307,724" {
		t.Errorf("%d sums add up to %s, want ten of £307,724", len(sums), total.Words())
	}
	shares := money.Shares(sums)
	if got := shares[2].String(); got != "20.7%" {
		t.Errorf("Manchester pays %s, want 20.7%%", got)
	}
}

func TestShares(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		sums []money.Pence
		want []money.Share
	}{
		{nil, []money.Share{}},
		{[]money.Pence{0, 0}, []money.Share{0, 0}},
		{[]money.Pence{7}, []money.Share{1000}},
		{[]money.Pence{1, 1, 1}, []money.Share{334, 333, 333}},
		{[]money.Pence{1, 0, 999}, []money.Share{1, 0, 999}},
		{[]money.Pence{1, 1, 1, 1, 1, 1}, []money.Share{167, 167, 167, 167, 166, 166}},
		{[]money.Pence{math.MaxInt64, math.MaxInt64}, []money.Share{500, 500}},
	} {
		got := money.Shares(c.sums)
		for i := range c.want {
			if got[i] != c.want[i] {
				t.Errorf("the shares of %v are %v, want %v", c.sums, got, c.want)
				break
			}
		}
	}
}

func TestWhatIsWrittenIsReadAgain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := money.Pence(rapid.Int64Range(0, int64(money.Most)).Draw(t, "sum"))
		for _, written := range []string{p.String(), p.Words(), p.Decimal()} {
			if again, err := money.Parse(written); err != nil || again != p {
				t.Fatalf("%q is read as %d (%v), want %d", written, again, err, p)
			}
		}
	})
}

func TestParseNeverGuesses(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		written := rapid.StringOfN(rapid.RuneFrom([]rune("0123456789,.£- \u00a0")), 0, 12, -1).Draw(t, "written")
		p, err := money.Parse(written)
		if err == nil && (p < 0 || p > money.Most) {
			t.Fatalf("%q is read as %d", written, p)
		}
	})
}

func TestNoPennyIsLost(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		weights := rapid.SliceOfN(rapid.Int64Range(0, 1_000_000_000), 1, 40).Draw(t, "weights")
		sum := money.Pence(rapid.Int64Range(0, math.MaxInt64).Draw(t, "sum"))
		var of int64
		sums := make([]money.Pence, len(weights))
		for i, w := range weights {
			of += w
			sums[i] = money.Pence(w)
		}
		var parts money.Pence
		for i, part := range sum.Split(weights...) {
			parts += part
			if part < 0 || weights[i] == 0 && part != 0 {
				t.Fatalf("weight %d of %v gets %d", weights[i], weights, part)
			}
		}
		var shares money.Share
		for i, share := range money.Shares(sums) {
			shares += share
			// The largest remainder moves no share by a whole tenth of a percent.
			if exact := 1000 * float64(weights[i]) / float64(max(of, 1)); of > 0 && math.Abs(exact-float64(share)) >= 1 {
				t.Fatalf("%d of %v has the share %s", weights[i], weights, share)
			}
		}
		if of > 0 && (parts != sum || shares != 1000) {
			t.Fatalf("the parts of %d add to %d, the shares to %d", sum, parts, shares)
		}
		if of == 0 && (parts != 0 || shares != 0) {
			t.Fatalf("nothing has parts of %d and shares of %d", parts, shares)
		}
	})
}
