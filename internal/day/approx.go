package day

// Precision says how exactly a day is known.
type Precision string

// The precisions of a recorded day.
const (
	Exact     Precision = "day"
	Month     Precision = "month"
	Year      Precision = "year"
	NotBefore Precision = "not before"
)

// Precisions lists them, the most exact first.
func Precisions() []Precision { return []Precision{Exact, Month, Year, NotBefore} }

// Known tells whether p is one of the precisions.
func (p Precision) Known() bool {
	switch p {
	case Exact, Month, Year, NotBefore:
		return true
	}
	return false
}

// Approx is a day with the precision with which it is known. A month or a year is kept as its first day.
type Approx struct {
	Date      Date
	Precision Precision
}

// On is an exactly known day.
func On(d Date) Approx { return Approx{Date: d, Precision: Exact} }

// Roughly makes an Approx, moving the day to the first of its month or year where only that is known.
func Roughly(d Date, p Precision) Approx {
	switch p {
	case Month:
		d.day = 1
	case Year:
		d.month, d.day = 1, 1
	}
	return Approx{Date: d, Precision: p}
}

// IsZero tells whether there is no day.
func (a Approx) IsZero() bool { return a.Date.IsZero() }

// Words is the day as people write it: "17 September 2019", "June 2019", "2019", "not before 20 July 2022".
func (a Approx) Words() string {
	if a.IsZero() {
		return ""
	}
	long := a.Date.Long()
	switch a.Precision {
	case Month:
		return a.Date.month.String() + long[len(long)-5:]
	case Year:
		return long[len(long)-4:]
	case NotBefore:
		return "not before " + long
	}
	return long
}
