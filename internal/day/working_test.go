package day_test

import (
	"testing"

	"partnershipportal/internal/day"
)

func set(days ...string) day.Holidays {
	list := make([]day.Holiday, 0, len(days))
	for _, d := range days {
		list = append(list, day.Holiday{On: day.Must(d), Name: "Holiday"})
	}
	return day.NewHolidays(list)
}

func TestWorkingDaysPassOverWeekendsAndHolidays(t *testing.T) {
	t.Parallel()
	h := set("2022-06-02", "2022-06-03", "2022-09-19", "2023-01-02")
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2022-05-30", 5, "2022-06-08"}, // over both days of the Jubilee and a weekend
		{"2022-09-15", 2, "2022-09-20"}, // over the weekend and the day of the State Funeral
		{"2022-06-04", 1, "2022-06-06"}, // from a Saturday
		{"2022-06-02", 0, "2022-06-02"}, // no waiting
		{"2022-12-30", 1, "2023-01-03"}, // over the turn of a year
	} {
		got := h.After(day.Must(c.from), c.n)
		if got.String() != c.want {
			t.Errorf("%d working days after %s = %s, want %s", c.n, c.from, got, c.want)
		}
		if n := h.Between(day.Must(c.from), got); n != c.n {
			t.Errorf("working days from %s to %s = %d, want %d", c.from, got, n, c.n)
		}
	}
	if n := h.Between(day.Must("2022-06-08"), day.Must("2022-06-01")); n != 0 {
		t.Errorf("working days to an earlier day = %d, want none", n)
	}
}

func TestHolidaysKnowTheirYears(t *testing.T) {
	t.Parallel()
	h := set("2022-06-03", "2023-05-08")
	for _, c := range []struct {
		from, to string
		want     bool
	}{{"2022-01-01", "2023-12-31", true}, {"2021-12-31", "2022-01-05", false}, {"2023-12-29", "2024-01-05", false}} {
		if got := h.Covers(day.Must(c.from), day.Must(c.to)); got != c.want {
			t.Errorf("covers %s to %s = %v, want %v", c.from, c.to, got, c.want)
		}
	}
	if (day.Holidays{}).Covers(day.Must("2022-01-01"), day.Must("2022-01-02")) {
		t.Error("no holidays cover a year")
	}
	if list := h.List(); len(list) != 2 || list[0].On.String() != "2022-06-03" || h.Name(list[1].On) != "Holiday" || h.Name(day.Must("2022-06-04")) != "" {
		t.Errorf("the list is %v", list)
	}
}

func TestClearDays(t *testing.T) {
	t.Parallel()
	notice := day.Must("2019-11-26")
	if got := day.AfterClearDays(notice, 28).String(); got != "2019-12-25" {
		t.Errorf("28 clear days after %s = %s, want 2019-12-25", notice, got)
	}
	if got := day.ClearDays(notice, day.Must("2019-12-25")); got != 28 {
		t.Errorf("clear days = %d, want 28", got)
	}
	if got := day.ClearDays(notice, notice); got != -1 {
		t.Errorf("clear days on the same day = %d, want none", got)
	}
}

func TestYearsLater(t *testing.T) {
	t.Parallel()
	for from, want := range map[string]string{"2019-06-17": "2025-06-17", "2020-02-29": "2026-03-01"} {
		if got := day.Must(from).AddYears(6).String(); got != want {
			t.Errorf("six years after %s = %s, want %s", from, got, want)
		}
	}
}
