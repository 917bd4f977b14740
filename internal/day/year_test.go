package day_test

import (
	"testing"

	"partnershipportal/internal/day"
)

func TestFinancialYearOf(t *testing.T) {
	t.Parallel()
	for iso, want := range map[string]string{
		"2019-03-31": "2018/19", "2019-04-01": "2019/20", "2020-03-31": "2019/20", "2020-04-01": "2020/21",
		"2024-02-29": "2023/24", "1999-12-31": "1999/00", "2000-01-01": "1999/00",
	} {
		y := day.FinancialYearOf(day.Must(iso))
		if y.String() != want {
			t.Errorf("%s lies in %s, want %s", iso, y, want)
		}
		if !y.Includes(day.Must(iso)) || y.Includes(y.Starts().Add(-1)) || y.Includes(y.Ends().Add(1)) || !y.Includes(y.Starts()) || !y.Includes(y.Ends()) {
			t.Errorf("%s does not run from %s to %s", y, y.Starts(), y.Ends())
		}
		for _, written := range []string{y.String(), y.Path()} {
			if again, err := day.ParseFinancialYear(written); err != nil || again != y {
				t.Errorf("%q is read as %v (%v), want %s", written, again, err, y)
			}
		}
	}
}

func TestParseFinancialYearRefuses(t *testing.T) {
	t.Parallel()
	for _, written := range []string{"", "2019", "2019/21", "2019/2020", "19/20", "2019–20", "2019/19", "1899/00", "2200/01", " 2019/20", "2019/20\n", "２019/20"} {
		if y, err := day.ParseFinancialYear(written); err == nil {
			t.Errorf("%q is read as %s, want a refusal", written, y)
		}
	}
	if got := day.FinancialYear(0).String() + day.FinancialYear(0).Path(); got != "" {
		t.Errorf("no year is written %q", got)
	}
}
