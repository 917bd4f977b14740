package ui

import (
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestALineOfAChartStaysInItsFrame(t *testing.T) {
	t.Parallel()
	number := func(s string) float64 {
		n, err := strconv.ParseFloat(strings.TrimSuffix(s, "%"), 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	rapid.Check(t, func(t *rapid.T) {
		sizes := rapid.SliceOfN(rapid.Int64Range(0, 1_000_000_000_000), 0, 4).Draw(t, "sizes")
		var l BarLine
		drawn := 0
		for _, s := range sizes {
			l.Parts = append(l.Parts, BarPart{Solid, s})
			if s > 0 {
				drawn++
			}
		}
		longest := max(l.size(), rapid.Int64Range(0, 1_000_000_000_000).Draw(t, "longest"))
		got := l.stretches(longest)
		if len(got) != drawn {
			t.Fatalf("%d of %d parts are drawn", len(got), drawn)
		}
		end := 0.0
		for _, s := range got {
			if number(s.x) < end-0.001 || number(s.width) < 0.4 {
				t.Fatalf("%v: a part lies over another one or cannot be seen", got)
			}
			end = number(s.x) + number(s.width)
		}
		if end > 102 { // parts too small to be seen are widened
			t.Fatalf("%v reaches beyond the frame", got)
		}
	})
}
