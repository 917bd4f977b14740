package day

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// FinancialYear is the year from 1 April to 31 March, kept as the calendar year in which it begins. The zero
// FinancialYear means none.
type FinancialYear int

// FinancialYearOf is the financial year that includes a day.
func FinancialYearOf(d Date) FinancialYear {
	if d.month < time.April {
		return FinancialYear(d.year - 1)
	}
	return FinancialYear(d.year)
}

var financialYear = regexp.MustCompile(`^([0-9]{4})[-/]([0-9]{2})$`)

// ParseFinancialYear reads 2019/20, or 2019-20 as in addresses. The two years have to follow each other.
func ParseFinancialYear(s string) (FinancialYear, error) {
	parts := financialYear.FindStringSubmatch(s)
	if parts == nil {
		return 0, fmt.Errorf("financial year %q is not like 2019/20", s)
	}
	start, err := strconv.Atoi(parts[1])
	if err != nil || start < 1900 || start > 2199 {
		return 0, fmt.Errorf("financial year %q is out of range", s)
	}
	y := FinancialYear(start)
	if y.end() != parts[2] {
		return 0, fmt.Errorf("financial year %q does not end in the year after its start", s)
	}
	return y, nil
}

func (y FinancialYear) end() string { return fmt.Sprintf("%02d", (int(y)+1)%100) }

// String is the year as people write it: 2019/20.
func (y FinancialYear) String() string { return y.with("/") }

// Path is the year as it stands in addresses: 2019-20.
func (y FinancialYear) Path() string { return y.with("-") }

func (y FinancialYear) with(between string) string {
	if y == 0 {
		return ""
	}
	return fmt.Sprintf("%04d%s%s", int(y), between, y.end())
}

// Starts is its first day, 1 April.
func (y FinancialYear) Starts() Date { return Date{int(y), time.April, 1} }

// Ends is its last day, 31 March.
func (y FinancialYear) Ends() Date { return Date{int(y) + 1, time.March, 31} }

// Includes tells whether a day lies in the year.
func (y FinancialYear) Includes(d Date) bool { return FinancialYearOf(d) == y }
