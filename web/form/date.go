package form

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"partnershipportal/internal/day"
)

var dateParts = []string{"-day", "-month", "-year", "-precision"}

func isDatePart(sent, prefix string) bool {
	part, ok := strings.CutPrefix(sent, prefix)
	return ok && slices.Contains(dateParts, part)
}

// Date reads an exact day from the three fields prefix-day, prefix-month and prefix-year.
// label begins the messages ("Due date must be a real date"); missing is the message when nothing is typed.
// An empty missing makes the date optional.
func (f *Form) Date(prefix, label, missing string) day.Date {
	return f.date(prefix, label, missing, day.Exact)
}

// DateWithPrecision reads a date and how much of it is known from prefix-precision and the three fields.
func (f *Form) DateWithPrecision(prefix, label, missing string) day.Approx {
	p := day.Precision(f.values.Get(prefix + "-precision"))
	if !p.Known() {
		f.errs.AddAt(prefix, prefix+"-precision", "Choose how much of the date is known")
		return day.Approx{}
	}
	d := f.date(prefix, label, missing, p)
	if d.IsZero() {
		return day.Approx{}
	}
	return day.Roughly(d, p)
}

// date reads the parts that the precision asks for; parts that it leaves out count as the first.
func (f *Form) date(prefix, label, missing string, p day.Precision) day.Date {
	r := dateReader{form: f, prefix: prefix, label: label}
	if r.empty() {
		if missing != "" {
			f.errs.AddAt(prefix, prefix+"-"+r.firstPart(p), missing)
		}
		return day.Date{}
	}
	dayOfMonth, month := 1, 1
	if p == day.Exact || p == day.NotBefore {
		dayOfMonth = r.number("day", 1, 31)
	}
	if p != day.Year {
		month = r.month()
	}
	year := r.number("year", 1900, 2200)
	if r.failed {
		return day.Date{}
	}
	d, ok := day.New(year, time.Month(month), dayOfMonth)
	if !ok {
		f.errs.AddAt(prefix, prefix+"-day", label+" must be a real date")
	}
	return d
}

type dateReader struct {
	form          *Form
	prefix, label string
	failed        bool
}

func (r *dateReader) part(name string) string {
	v := r.form.values.Get(r.prefix + "-" + name)
	if !utf8.ValidString(v) {
		return "?"
	}
	return strings.TrimSpace(v)
}

func (r *dateReader) empty() bool {
	return r.part("day") == "" && r.part("month") == "" && r.part("year") == ""
}

func (r *dateReader) firstPart(p day.Precision) string {
	switch p {
	case day.Month:
		return "month"
	case day.Year:
		return "year"
	default:
		return "day"
	}
}

func (r *dateReader) fail(part, message string) int {
	if !r.failed {
		r.form.errs.AddAt(r.prefix, r.prefix+"-"+part, message)
	}
	r.failed = true
	return 0
}

func (r *dateReader) number(part string, lowest, highest int) int {
	v := r.part(part)
	if v == "" {
		return r.fail(part, r.label+" must include a "+part)
	}
	n, err := strconv.Atoi(v)
	switch {
	case err != nil:
		return r.fail(part, "The "+part+" must be a number")
	case n < lowest || n > highest:
		if part == "year" {
			return r.fail(part, fmt.Sprintf("The year must be between %d and %d", lowest, highest))
		}
		return r.fail(part, r.label+" must be a real date")
	}
	return n
}

// month also takes a name or how it begins, as many people write it.
func (r *dateReader) month() int {
	v := strings.ToLower(r.part("month"))
	if len(v) >= 3 {
		for m := time.January; m <= time.December; m++ {
			if strings.HasPrefix(strings.ToLower(m.String()), v) {
				return int(m)
			}
		}
	}
	return r.number("month", 1, 12)
}

// PutDate sets the parts of an exact day in values, for filling a form with what is stored.
func PutDate(values url.Values, prefix string, d day.Date) {
	if d.IsZero() {
		return
	}
	values.Set(prefix+"-day", strconv.Itoa(d.Day()))
	values.Set(prefix+"-month", strconv.Itoa(int(d.Month())))
	values.Set(prefix+"-year", strconv.Itoa(d.Year()))
}

// PutDateWithPrecision is PutDate with the precision, leaving out the parts that are not known.
func PutDateWithPrecision(values url.Values, prefix string, a day.Approx) {
	if a.IsZero() {
		return
	}
	PutDate(values, prefix, a.Date)
	values.Set(prefix+"-precision", string(a.Precision))
	switch a.Precision {
	case day.Year:
		values.Del(prefix + "-month")
		values.Del(prefix + "-day")
	case day.Month:
		values.Del(prefix + "-day")
	}
}
