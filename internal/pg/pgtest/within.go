package pgtest

import (
	"slices"
	"testing"
	"time"
)

// Within measures a call, gives the ratio of its median to the limit, and fails beyond it. Only make bench runs it: a
// test never asserts a time.
func Within(b *testing.B, limit time.Duration, call func() error) {
	b.Helper()
	if err := call(); err != nil {
		b.Fatal(err)
	}
	var took []time.Duration
	for b.Loop() {
		began := time.Now()
		if err := call(); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	median := took[len(took)/2]
	b.ReportMetric(float64(median)/float64(limit), "of-limit")
	if median > limit {
		b.Errorf("%s in the middle of %d, the limit is %s", median, len(took), limit)
	}
}
