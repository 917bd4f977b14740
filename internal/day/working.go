package day

import (
	"slices"
	"time"
)

// Holiday is a bank holiday under the name that people know it by.
type Holiday struct {
	On   Date
	Name string
}

// Holidays is a set of bank holidays, with the years for which it is complete. The set is data that a partnership can
// correct: the functions that reckon in working days are given it and know no day of their own.
type Holidays struct {
	names       map[Date]string
	first, last int
}

// NewHolidays makes the set. It counts as complete for every year from the first to the last that has a day in it.
func NewHolidays(list []Holiday) Holidays {
	h := Holidays{names: make(map[Date]string, len(list))}
	for _, x := range list {
		h.names[x.On] = x.Name
		if h.first == 0 || x.On.year < h.first {
			h.first = x.On.year
		}
		h.last = max(h.last, x.On.year)
	}
	return h
}

// Covers tells whether the holidays of every year from one day to another are recorded, so that working days between
// them can be relied on.
func (h Holidays) Covers(from, to Date) bool {
	return h.first != 0 && from.year >= h.first && to.year <= h.last
}

// Name is the name of the holiday on a day; empty if it is none.
func (h Holidays) Name(d Date) string { return h.names[d] }

// List gives the holidays in the order of their days.
func (h Holidays) List() []Holiday {
	list := make([]Holiday, 0, len(h.names))
	for on, name := range h.names {
		list = append(list, Holiday{on, name})
	}
	slices.SortFunc(list, func(a, b Holiday) int { return a.On.utc().Compare(b.On.utc()) })
	return list
}

// Weekday of the day.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// Working tells whether a day is a working day: neither Saturday nor Sunday nor a bank holiday.
func (h Holidays) Working(d Date) bool {
	_, off := h.names[d]
	return !off && d.Weekday() != time.Saturday && d.Weekday() != time.Sunday
}

// After is the nth working day after a day, which itself never counts. With none it is the day itself.
func (h Holidays) After(d Date, n int) Date {
	for n > 0 {
		d = d.Add(1)
		if h.Working(d) {
			n--
		}
	}
	return d
}

// Between counts the working days after one day up to and including another; none if the other is not later.
func (h Holidays) Between(from, to Date) int {
	n := 0
	for d := from.Add(1); !d.After(to); d = d.Add(1) {
		if h.Working(d) {
			n++
		}
	}
	return n
}

// AddYears is the same day of the year n years later. From 29 February it is 1 March where there is no such day, so
// that a period is never cut short.
func (d Date) AddYears(n int) Date {
	t := d.utc().AddDate(n, 0, 0)
	return Date{t.Year(), t.Month(), t.Day()}
}

// DaysUntil counts the days from d to e; it is negative if e is earlier.
func (d Date) DaysUntil(e Date) int { return int(e.utc().Sub(d.utc()).Hours() / 24) }

// AfterClearDays is the first day on which something may be done that n clear days' notice was given of: neither the
// day of the notice nor the day itself counts, so it is the day n + 1 days later.
func AfterClearDays(notice Date, n int) Date { return notice.Add(n + 1) }

// ClearDays counts the days between the day of a notice and the day of what it announced, neither of which counts.
func ClearDays(notice, done Date) int { return notice.DaysUntil(done) - 1 }
