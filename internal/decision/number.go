package decision

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"partnershipportal/internal/day"
)

// Mask is the form of a body's decision numbers: Y stands for a figure of the year, N for any other figure, and
// everything else for itself. Kent's is YY/NNNNN. An empty mask takes any number.
type Mask string

// DefaultMask is used where a body has none of its own.
const DefaultMask Mask = "YY/NNNNN"

var maskForm = regexp.MustCompile(`^[YNA-Z0-9 ./()-]{1,40}$`)

// Valid tells whether the mask can be used: empty, or with at least one N and with two or four Y, or none, together.
func (m Mask) Valid() bool {
	if m == "" {
		return true
	}
	years := strings.Count(string(m), "Y")
	return maskForm.MatchString(string(m)) && strings.Contains(string(m), "N") && slices.Contains([]int{0, 2, 4}, years) &&
		strings.Contains(string(m), strings.Repeat("Y", years))
}

// Fits tells whether a number has the form of the mask.
func (m Mask) Fits(number string) bool {
	if m == "" {
		return true
	}
	if len(number) != len(m) {
		return false
	}
	for i := range len(m) {
		figure := number[i] >= '0' && number[i] <= '9'
		if c := m[i]; c == 'Y' || c == 'N' {
			if !figure {
				return false
			}
		} else if number[i] != c {
			return false
		}
	}
	return true
}

// Year is the year in a number that fits the mask; none if there is none in it. Two figures are of this century.
func (m Mask) Year(number string) int {
	at, n := strings.Index(string(m), "Y"), strings.Count(string(m), "Y")
	if at < 0 || !m.Fits(number) {
		return 0
	}
	year, err := strconv.Atoi(number[at : at+n])
	if err != nil {
		return 0
	}
	if n == 2 {
		year += 2000
	}
	return year
}

var notInRef = regexp.MustCompile(`[^a-z0-9]+`)

// Ref is how a number stands in an address: 19/00035 is 19-00035.
func Ref(number string) string {
	return strings.Trim(notInRef.ReplaceAllString(strings.ToLower(number), "-"), "-")
}

// cited finds the years of the Acts, instruments and guidance that a text names.
var cited = regexp.MustCompile(`(?:\b(?:Act|Order|Regulations|Rules|Measure|Working Together(?: to Safeguard Children)?|SI|S\.I\.)\s+(?:No\.?\s*)?)((?:19|20)[0-9]{2})\b`)

// latestLaw is the latest year of a law or guidance that the record cites, with the words that cite it.
func (r Record) latestLaw() (year int, words string) {
	texts := []string{r.Subject, r.Preamble, r.Reasons, r.Financial, r.Consultation, r.Alternatives}
	for _, l := range r.Limbs {
		texts = append(texts, l.Text)
	}
	for _, found := range cited.FindAllStringSubmatch(strings.Join(texts, "\n"), -1) {
		if y, err := strconv.Atoi(found[1]); err == nil && y > year {
			year, words = y, strings.Join(strings.Fields(found[0]), " ")
		}
	}
	return year, words
}

// ownYears are the first and the last year of the days that the record states of itself.
func (r Record) ownYears() (first, last int) {
	for _, a := range []day.Approx{r.NoticeOn, r.DueOn, r.MadeOn} {
		if a.IsZero() {
			continue
		}
		if y := a.Date.Year(); first == 0 || y < first {
			first = y
		}
		last = max(last, a.Date.Year())
	}
	return first, last
}

// checkNumbers looks at the form of both numbers, and whether their year agrees with the rest of the record. The
// number printed is judged as well as the verified one, so that a wrong print stays flagged.
func checkNumbers(r Record, mask Mask) []Finding {
	var found []Finding
	for _, n := range []struct{ field, words, number string }{
		{"number-printed", "The number as printed", r.NumberPrinted}, {"number-verified", "The verified number", r.NumberVerified}} {
		if n.number == "" {
			continue
		}
		if !mask.Fits(n.number) {
			found = append(found, Finding{Code: "number-form", Field: n.field, Text: fmt.Sprintf("%s, %s, is not in the form %s.", n.words, n.number, mask)})
			continue
		}
		if text := yearDisagrees(r, mask.Year(n.number)); text != "" {
			found = append(found, Finding{Code: "number-year", Field: n.field, Text: fmt.Sprintf("%s, %s, is of %d, but %s.", n.words, n.number, mask.Year(n.number), text)})
		}
	}
	if r.NumberPrinted != "" && r.NumberVerified != "" && r.NumberPrinted != r.NumberVerified {
		found = append(found, Finding{Code: "number-differs", Field: "number-verified",
			Text: fmt.Sprintf("The record prints %s. The verified number is %s.", r.NumberPrinted, r.NumberVerified)})
	}
	return found
}

// yearDisagrees says why a number's year can't be right: the record cites a later law, or its dates lie elsewhere. A
// number may be a year older than the first date, since some bodies number early.
func yearDisagrees(r Record, year int) string {
	if year == 0 {
		return ""
	}
	if law, words := r.latestLaw(); law > year {
		return "the record cites “" + words + "”"
	}
	first, last := r.ownYears()
	switch {
	case first == 0:
		return ""
	case year < first-1:
		return fmt.Sprintf("its first date is in %d", first)
	case year > last:
		return fmt.Sprintf("its last date is in %d", last)
	}
	return ""
}
