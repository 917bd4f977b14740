package pgtest

import (
	"slices"
	"testing"
	"time"
)

// rounds is how often a comparison that misses its limit is measured: what else the machine does must not decide.
const rounds = 3

// Growth measures the same call over few records and over many, by turns, and gives the ratio of the medians and that of
// the larger one to its limit. It fails where the larger takes longer than the limit, or more than the given times as
// long as the smaller, in each of three rounds. Only make bench runs it: a test never asserts a time.
func Growth(b *testing.B, limit time.Duration, times float64, few, many func() error) {
	b.Helper()
	turn := func() (took [2]time.Duration) {
		for i, call := range []func() error{few, many} {
			began := time.Now()
			if err := call(); err != nil {
				b.Fatal(err)
			}
			took[i] = time.Since(began)
		}
		return took
	}
	for range 10 { // until plans are kept
		turn()
	}
	n := 0
	for b.Loop() {
		turn()
		n++
	}
	var little, much time.Duration
	for range rounds {
		little, much = medians(n, turn)
		if much <= limit && float64(much) <= times*float64(little) {
			break
		}
	}
	ratio := float64(much) / float64(little)
	b.ReportMetric(float64(little.Microseconds())/1000, "ms-few")
	b.ReportMetric(float64(much.Microseconds())/1000, "ms-many")
	b.ReportMetric(float64(much)/float64(limit), "of-limit")
	b.ReportMetric(ratio, "many/few")
	if much > limit {
		b.Errorf("%s in the middle of %d, the limit is %s", much, n, limit)
	}
	if ratio > times {
		b.Errorf("%s over many records, %s over few: %.2f times as long, the limit is %.2f times", much, little, ratio, times)
	}
}

// medians are those of both calls over some turns.
func medians(n int, turn func() [2]time.Duration) (little, much time.Duration) {
	var took [2][]time.Duration
	for range n {
		for i, d := range turn() {
			took[i] = append(took[i], d)
		}
	}
	slices.Sort(took[0])
	slices.Sort(took[1])
	return took[0][n/2], took[1][n/2]
}
