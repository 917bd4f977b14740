package day_test

import (
	"testing"
	"time"

	"partnershipportal/internal/day"
)

func TestOfIsTheLondonDay(t *testing.T) {
	t.Parallel()
	for at, want := range map[string]string{
		"2026-07-01T22:59:59Z": "2026-07-01", "2026-07-01T23:00:00Z": "2026-07-02", // summer time
		"2026-12-31T23:59:59Z": "2026-12-31", "2024-02-29T12:00:00Z": "2024-02-29",
	} {
		instant, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := day.Of(instant).String(); got != want {
			t.Errorf("Of(%s) = %s, want %s", at, got, want)
		}
	}
}

func TestNewRefusesDaysThatAreNotInTheCalendar(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		y, d int
		m    time.Month
	}{{2023, 29, 2}, {2023, 31, 4}, {2023, 0, 1}, {2023, 1, 13}, {1899, 1, 1}, {2201, 1, 1}} {
		if got, ok := day.New(c.y, c.m, c.d); ok {
			t.Errorf("New(%d, %d, %d) = %v, want a refusal", c.y, c.m, c.d, got)
		}
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	d := day.Must("2019-06-17")
	for p, want := range map[day.Precision]string{
		day.Exact: "17 June 2019", day.Month: "June 2019", day.Year: "2019", day.NotBefore: "not before 17 June 2019",
	} {
		if got := day.Roughly(d, p).Words(); got != want {
			t.Errorf("words with precision %q = %q, want %q", p, got, want)
		}
	}
	if got := (day.Approx{}).Words(); got != "" {
		t.Errorf("words of no day = %q, want none", got)
	}
	if got := day.Roughly(d, day.Month).Date.String(); got != "2019-06-01" {
		t.Errorf("a month is kept as %s, want its first day", got)
	}
}

func TestTextAndDatabaseRoundTrip(t *testing.T) {
	t.Parallel()
	for _, iso := range []string{"", "2019-09-17", "2024-02-29"} {
		var d, e day.Date
		if err := d.UnmarshalText([]byte(iso)); err != nil {
			t.Fatal(err)
		}
		v, err := d.Value()
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Scan(v); err != nil || e != d {
			t.Errorf("%q comes back from the database as %v (%v)", iso, e, err)
		}
		if b, _ := d.MarshalText(); string(b) != iso {
			t.Errorf("%q is written as %q", iso, b)
		}
	}
	var d day.Date
	if err := d.Scan(3); err == nil {
		t.Error("a number was read as a day")
	}
	if err := d.UnmarshalText([]byte("17/09/2019")); err == nil {
		t.Error("17/09/2019 was read as YYYY-MM-DD")
	}
}

func TestClockAndOrder(t *testing.T) {
	t.Parallel()
	if got, want := day.Clock(time.Date(2026, 7, 1, 14, 5, 0, 0, time.UTC)), "1 July 2026 at 3:05pm"; got != want {
		t.Errorf("Clock = %q, want %q", got, want)
	}
	d := day.Must("2024-02-28")
	if got := d.Add(2).String(); got != "2024-03-01" {
		t.Errorf("two days after 28 February 2024 = %s", got)
	}
	if !d.Before(d.Add(1)) || !d.Add(1).After(d) || d.Before(d) {
		t.Error("days are not in order")
	}
}
