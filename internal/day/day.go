// Package day has civil days of Europe/London, and days that are known only roughly. It is pure.
package day

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// london is the civil time zone of every day in the portal. The zone data is compiled into the program.
var london = func() *time.Location {
	l, err := time.LoadLocation("Europe/London")
	if err != nil {
		panic(err)
	}
	return l
}()

// Date is a civil day. The zero Date means none and is null in the database.
type Date struct {
	year  int
	month time.Month
	day   int
}

// New makes a Date; ok is false if there is no such day in the calendar (or the year is not within 1900 to 2200).
func New(year int, month time.Month, day int) (d Date, ok bool) {
	t := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	if t.Year() != year || t.Month() != month || t.Day() != day || year < 1900 || year > 2200 {
		return Date{}, false
	}
	return Date{year, month, day}, true
}

// Must is New for days written in code and tests.
func Must(iso string) Date {
	d, err := Parse(iso)
	if err != nil {
		panic(err)
	}
	return d
}

// Of is the civil day in London at an instant.
func Of(t time.Time) Date {
	y, m, d := t.In(london).Date()
	return Date{y, m, d}
}

// In shows an instant on London's clocks.
func In(t time.Time) time.Time { return t.In(london) }

// Parse reads a day as YYYY-MM-DD.
func Parse(iso string) (Date, error) {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return Date{}, fmt.Errorf("day %q is not YYYY-MM-DD", iso)
	}
	d, ok := New(t.Year(), t.Month(), t.Day())
	if !ok {
		return Date{}, fmt.Errorf("day %q is out of range", iso)
	}
	return d, nil
}

// Year, Month and Day take the date apart.
func (d Date) Year() int { return d.year }

// Month of the year.
func (d Date) Month() time.Month { return d.month }

// Day of the month.
func (d Date) Day() int { return d.day }

// IsZero tells whether there is no day.
func (d Date) IsZero() bool { return d == Date{} }

// String is the day as YYYY-MM-DD, or nothing for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.year, d.month, d.day)
}

// Long is the day as people write it: 17 September 2019.
func (d Date) Long() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d %s %d", d.day, d.month, d.year)
}

func (d Date) utc() time.Time { return time.Date(d.year, d.month, d.day, 0, 0, 0, 0, time.UTC) }

// Add is the day n days later.
func (d Date) Add(n int) Date {
	t := d.utc().AddDate(0, 0, n)
	return Date{t.Year(), t.Month(), t.Day()}
}

// Before tells whether d is earlier than e.
func (d Date) Before(e Date) bool { return d.utc().Before(e.utc()) }

// After tells whether d is later than e.
func (d Date) After(e Date) bool { return d.utc().After(e.utc()) }

// Starts is the instant at which the day begins in London.
func (d Date) Starts() time.Time { return time.Date(d.year, d.month, d.day, 0, 0, 0, 0, london) }

// Scan reads a date column; null is the zero Date.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Date{}
	case time.Time:
		*d = Date{v.Year(), v.Month(), v.Day()}
	case string:
		p, err := Parse(v)
		if err != nil {
			return err
		}
		*d = p
	default:
		return fmt.Errorf("a day cannot be read from %T", src)
	}
	return nil
}

// Value writes a date column; the zero Date is null.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.utc(), nil
}

// MarshalText writes the day as YYYY-MM-DD.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the day as YYYY-MM-DD; nothing is the zero Date.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	p, err := Parse(string(b))
	if err != nil {
		return err
	}
	*d = p
	return nil
}

// Clock shows an instant as people say it in London: 22 November 2026 at 3:48pm.
func Clock(t time.Time) string {
	return Of(t).Long() + " at " + t.In(london).Format("3:04pm")
}
