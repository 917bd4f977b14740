package moderngov

import (
	"regexp"
	"strings"
)

var lettered = regexp.MustCompile(`^\(?([a-z]|[A-Z])[.)]\s+(\S.*)$`)

// split finds the lettered limbs of a decision: lines that begin with a), b), c) in their order. Words before the first
// are its preamble, lines without a letter belong to the limb above them. Other marks, 1. or (i), stay in the text,
// because the text may speak of them.
func split(lines []string) (preamble string, limbs []Limb) {
	var before, below []string
	settle := func() {
		if len(limbs) > 0 {
			limbs[len(limbs)-1].Text = strings.Join(below, "\n")
		}
	}
	for _, l := range lines {
		m := lettered.FindStringSubmatch(l)
		switch {
		case m != nil && strings.ToLower(m[1]) == string(rune('a'+len(limbs))):
			settle()
			limbs, below = append(limbs, Limb{Letter: strings.ToLower(m[1])}), []string{m[2]}
		case len(limbs) == 0:
			before = append(before, l)
		default:
			below = append(below, l)
		}
	}
	settle()
	whole := strings.Join(before, "\n")
	if len(limbs) > 0 {
		return whole, limbs
	}
	if whole == "" {
		return "", nil
	}
	return "", []Limb{{Text: whole}}
}

// Split finds the lettered limbs of a text, and the words before them.
func Split(text string) (preamble string, limbs []Limb) { return split(strings.Split(text, "\n")) }
