package sheet

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	isoDay     = regexp.MustCompile(`^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ]00:00(?::00)?(?:\.0+)?Z?)?$`)
	britishDay = regexp.MustCompile(`^([0-9]{1,2}) ?[/.-] ?([0-9]{1,2}) ?[/.-] ?([0-9]{4})(?: 00:00(?::00)?)?$`)
	wordyDay   = regexp.MustCompile(`^([0-9]{1,2})(?:st|nd|rd|th)?[ -]([A-Za-z]{3,9})\.?[ -]([0-9]{4})$`)
	shortYear  = regexp.MustCompile(`^[0-9]{1,2}[/. -]([0-9]{1,2}|[A-Za-z]{3,9})[/. -][0-9]{2}$`)
)

const (
	unreadDay = "Write the day like 2022-07-01 or 01/07/2022"
	noSuchDay = "There is no such day. The day comes first, then the month: 01/07/2022 is 1 July 2022"
)

// readDay reads a day as people write it, the day of the month first, or as a workbook counts it.
func readDay(c cell) (iso, problem string) {
	if c.serial {
		n, err := strconv.ParseFloat(c.text, 64)
		if err != nil {
			return "", unreadDay
		}
		return daySerial(n, false)
	}
	text := strings.Join(strings.Fields(c.text), " ")
	if m := isoDay.FindStringSubmatch(text); m != nil {
		return civilDay(m[1], m[2], m[3])
	}
	if m := britishDay.FindStringSubmatch(text); m != nil {
		return civilDay(m[3], m[2], m[1])
	}
	if m := wordyDay.FindStringSubmatch(text); m != nil {
		month := monthOf(m[2])
		if month == 0 {
			return "", unreadDay
		}
		return civilDay(m[3], strconv.Itoa(month), m[1])
	}
	if shortYear.MatchString(text) {
		return "", "Write the year with four figures, like 01/07/2022"
	}
	return "", unreadDay
}

func monthOf(name string) int {
	name = strings.ToLower(name)
	for m := time.January; m <= time.December; m++ {
		if strings.HasPrefix(strings.ToLower(m.String()), name) || name == "sept" && m == time.September {
			return int(m)
		}
	}
	return 0
}

func civilDay(year, month, dayOfMonth string) (iso, problem string) {
	y, _ := strconv.Atoi(year) // figures by their pattern
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(dayOfMonth)
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if t.Year() != y || int(t.Month()) != m || t.Day() != d {
		return "", noSuchDay
	}
	return within(t)
}

func within(t time.Time) (iso, problem string) {
	if t.Year() < 1900 || t.Year() > 2200 {
		return "", "The year must be between 1900 and 2200"
	}
	return t.Format(time.DateOnly), ""
}

// daySerial reads the number by which a workbook counts days. Its calendar has a 29 February 1900 that never was, so
// nothing before March 1900 is trusted.
func daySerial(n float64, from1904 bool) (iso, problem string) {
	epoch := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if from1904 {
		n += 1462
	}
	if !(n >= 61 && n < 110_000) {
		return "", unreadDay
	}
	return within(epoch.AddDate(0, 0, int(n)))
}
