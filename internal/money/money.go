// Package money has sums in whole pence: strict reading, writing, and division that loses no penny. It is pure.
package money

import (
	"math/bits"
	"slices"
	"strconv"
	"strings"
)

// Pence is a sum of money. It is never a fraction.
type Pence int64

// Most is the largest sum that is read: ten thousand million pounds.
const Most Pence = 1_000_000_000_000

// String writes the sum with its pence: £1,234.50.
func (p Pence) String() string { return p.sign() + "£" + p.pounds() + "." + p.pence() }

// Words writes the sum as people do in a sentence, without pence where there are none: £1,234.
func (p Pence) Words() string {
	if p.whole() {
		return p.sign() + "£" + p.pounds()
	}
	return p.String()
}

// Decimal writes the sum as a number for spreadsheets: 1234.50.
func (p Pence) Decimal() string {
	sign := ""
	if p < 0 {
		sign = "-"
	}
	return sign + strings.ReplaceAll(p.pounds(), ",", "") + "." + p.pence()
}

// Change writes the sum as a difference: +£50, −£1,200.50, or no change.
func (p Pence) Change() string {
	switch {
	case p == 0:
		return "no change"
	case p > 0:
		return "+" + p.Words()
	}
	return p.Words()
}

// Column gives the way in which every sum of a column is written: with pence if any of them has pence.
func Column(sums ...Pence) func(Pence) string {
	if slices.ContainsFunc(sums, func(p Pence) bool { return !p.whole() }) {
		return Pence.String
	}
	return Pence.Words
}

func (p Pence) whole() bool { return p%100 == 0 }

// size is the sum without its sign; the smallest Pence has no positive counterpart.
func (p Pence) size() uint64 {
	if p < 0 {
		return -uint64(p)
	}
	return uint64(p)
}

func (p Pence) sign() string {
	if p < 0 {
		return "−"
	}
	return ""
}

func (p Pence) pounds() string {
	digits := strconv.FormatUint(p.size()/100, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

func (p Pence) pence() string {
	rest := p.size() % 100
	return string([]byte{'0' + byte(rest/10), '0' + byte(rest%10)})
}

// Share is a part of a whole in tenths of a percent: 125 is 12.5%.
type Share int

// String writes the share with one decimal: 12.5%.
func (s Share) String() string { return strconv.Itoa(int(s)/10) + "." + strconv.Itoa(int(s)%10) + "%" }

// Shares says what share of their total each sum is. The shares add to 100.0% exactly, by the largest remainder; of
// nothing at all there are no shares, so each is 0.0%. No sum may be negative.
func Shares(sums []Pence) []Share {
	weights := make([]int64, len(sums))
	for i, p := range sums {
		weights[i] = int64(p)
	}
	shares := make([]Share, len(sums))
	for i, n := range apportion(1000, weights) {
		shares[i] = Share(n)
	}
	return shares
}

// Split divides the sum by weights, by the largest remainder: the parts add to the sum. Neither the sum nor a weight
// may be negative; if all weights are zero, so are the parts.
func (p Pence) Split(weights ...int64) []Pence {
	parts := make([]Pence, len(weights))
	for i, n := range apportion(p.size(), weights) {
		parts[i] = Pence(n)
	}
	return parts
}

// apportion gives each weight the whole part of its claim on the total, and the units left over to the largest
// remainders; of equal ones to the first.
func apportion(total uint64, weights []int64) []uint64 {
	parts, remainders, order := make([]uint64, len(weights)), make([]uint64, len(weights)), make([]int, len(weights))
	var sum uint64
	for i, w := range weights {
		order[i] = i
		sum += uint64(w)
	}
	if sum == 0 {
		return parts
	}
	left := total
	for i, w := range weights {
		// The product may need 128 bits; its high half is below the sum, since no weight is above it and the total fits in 64.
		high, low := bits.Mul64(total, uint64(w))
		parts[i], remainders[i] = bits.Div64(high, low, sum)
		left -= parts[i]
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case remainders[a] > remainders[b]:
			return -1
		case remainders[a] < remainders[b]:
			return 1
		}
		return 0
	})
	for _, i := range order[:left] {
		parts[i]++
	}
	return parts
}
