package form

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Precision says how much of a date is known.
type Precision string

// The precisions that a date field offers.
const (
	Day       Precision = "day"
	Month     Precision = "month"
	Year      Precision = "year"
	NotBefore Precision = "not-before"
)

// Date is a date as typed and checked. Month and Day are zero where the precision leaves them out.
type Date struct {
	Year, Month, Day int
	Precision        Precision
}

// IsZero says whether no date was given.
func (d Date) IsZero() bool { return d == Date{} }

var dateParts = []string{"-day", "-month", "-year", "-precision"}

func isDatePart(sent, prefix string) bool {
	part, ok := strings.CutPrefix(sent, prefix)
	return ok && slices.Contains(dateParts, part)
}

// Date reads an exact day from the three fields prefix-day, prefix-month and prefix-year.
// label begins the messages ("Due date must be a real date"); missing is the message when nothing is typed.
// An empty missing makes the date optional.
func (f *Form) Date(prefix, label, missing string) Date {
	return f.date(prefix, label, missing, Day)
}

// DateWithPrecision reads a date and how much of it is known from prefix-precision and the three fields.
func (f *Form) DateWithPrecision(prefix, label, missing string) Date {
	p := Precision(f.values.Get(prefix + "-precision"))
	switch p {
	case Day, Month, Year, NotBefore:
	default:
		f.errs.AddAt(prefix, prefix+"-precision", "Choose how much of the date is known")
		return Date{}
	}
	return f.date(prefix, label, missing, p)
}

func (f *Form) date(prefix, label, missing string, p Precision) Date {
	r := dateReader{form: f, prefix: prefix, label: label}
	if r.empty() {
		if missing != "" {
			f.errs.AddAt(prefix, prefix+"-"+r.firstPart(p), missing)
		}
		return Date{}
	}
	d := Date{Precision: p}
	if p == Day || p == NotBefore {
		d.Day = r.number("day", 1, 31)
	}
	if p != Year {
		d.Month = r.month()
	}
	d.Year = r.number("year", 1000, 9999)
	if r.failed {
		return Date{}
	}
	if d.Day != 0 {
		t := time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC)
		if t.Day() != d.Day {
			f.errs.AddAt(prefix, prefix+"-day", label+" must be a real date")
			return Date{}
		}
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

func (r *dateReader) firstPart(p Precision) string {
	switch p {
	case Month:
		return "month"
	case Year:
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
			return r.fail(part, "The year must have four figures")
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

// PutDate sets the parts of a date in values, for filling a form with what is stored.
func PutDate(values url.Values, prefix string, d Date) {
	put := func(part string, n int) {
		if n != 0 {
			values.Set(prefix+"-"+part, strconv.Itoa(n))
		}
	}
	put("day", d.Day)
	put("month", d.Month)
	put("year", d.Year)
	if d.Precision != "" {
		values.Set(prefix+"-precision", string(d.Precision))
	}
}
