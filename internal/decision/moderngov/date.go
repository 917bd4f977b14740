package moderngov

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"partnershipportal/internal/day"
)

const (
	weekdayForm = `(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?`
	monthForm   = `(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?`
	yearForm    = `((?:19|20)[0-9]{2})`
	endForm     = `(?:$|[^0-9a-z])`
)

// The ways in which these pages print days, in small letters.
var (
	printedISO     = regexp.MustCompile(`^` + yearForm + `-([0-9]{1,2})-([0-9]{1,2})` + endForm)
	printedFigures = regexp.MustCompile(`^` + weekdayForm + `([0-9]{1,2})\s?[/.-]\s?([0-9]{1,2})\s?[/.-]\s?` + yearForm + endForm)
	printedWords   = regexp.MustCompile(`^` + weekdayForm + `(?:the\s+)?([0-9]{1,2})(?:st|nd|rd|th)?\s?(?:of\s+|-)?` + monthForm + `,?[\s-]?` + yearForm + endForm)
	printedMonth   = regexp.MustCompile(`^` + monthForm + `,?\s+` + yearForm + endForm)
	printedYear    = regexp.MustCompile(`^` + yearForm + `$`)
	notBefore      = regexp.MustCompile(`^not\s+(?:before|earlier\s+than)\s+`)
	clockTime      = regexp.MustCompile(`^(?:at\s+)?[0-9]{1,2}(?:[.:][0-9]{2}){0,2}\s*(?:[ap]\.?m\.?|noon)?$`)
)

// ReadDate reads the day at the start of a text, the day of the month first, with the precision that is printed. Rest
// is what follows it, but for a time of day. A text that does not start with a day is not read.
func ReadDate(text string) (a day.Approx, rest string, ok bool) {
	text = strings.Join(strings.Fields(text), " ")
	lower := strings.ToLower(text)
	if len(lower) != len(text) {
		return day.Approx{}, "", false // letters that change their length: no British date has them
	}
	skipped := len(notBefore.FindString(lower))
	a, n := readDay(lower[skipped:])
	if n == 0 {
		return day.Approx{}, "", false
	}
	rest = strings.Trim(text[skipped+n:], " ,;.")
	if clockTime.MatchString(strings.ToLower(rest)) {
		rest = ""
	}
	if skipped > 0 {
		if a.Precision != day.Exact {
			return day.Approx{}, "", false // "not before 2019" is no day
		}
		a.Precision = day.NotBefore
	}
	return a, rest, true
}

// readDay reads a day at the start of a text and tells how much of the text it took.
func readDay(text string) (day.Approx, int) {
	if m := printedISO.FindStringSubmatch(text); m != nil {
		return civil(m[1], m[2], m[3], taken(m[0]))
	}
	if m := printedFigures.FindStringSubmatch(text); m != nil {
		return civil(m[3], m[2], m[1], taken(m[0]))
	}
	if m := printedWords.FindStringSubmatch(text); m != nil {
		return civil(m[3], strconv.Itoa(monthNumber(m[2])), m[1], taken(m[0]))
	}
	if m := printedMonth.FindStringSubmatch(text); m != nil {
		a, n := civil(m[2], strconv.Itoa(monthNumber(m[1])), "1", taken(m[0]))
		a.Precision = day.Month
		return a, n
	}
	if m := printedYear.FindStringSubmatch(text); m != nil {
		a, n := civil(m[1], "1", "1", len(m[0]))
		a.Precision = day.Year
		return a, n
	}
	return day.Approx{}, 0
}

// taken is the length of a match without the character after the day.
func taken(match string) int {
	return len(strings.TrimRightFunc(match, func(r rune) bool { return r < '0' || r > '9' }))
}

func civil(year, month, dayOfMonth string, n int) (day.Approx, int) {
	y, _ := strconv.Atoi(year) // figures by their pattern
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(dayOfMonth)
	date, ok := day.New(y, time.Month(m), d)
	if !ok {
		return day.Approx{}, 0
	}
	return day.On(date), n
}

func monthNumber(name string) int {
	for m := time.January; m <= time.December; m++ {
		if strings.HasPrefix(name, strings.ToLower(m.String()[:3])) {
			return int(m)
		}
	}
	return 0
}
