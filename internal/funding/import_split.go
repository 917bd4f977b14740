package funding

import (
	"strconv"
	"strings"

	"partnershipportal/internal/money"
)

const (
	oursMark = "(ours)"

	errSplit money.Refusal = "Write the split like: Children's = 1 (ours); Adults' = 1"
)

// SplitText writes parts into one cell, as ParseSplit reads them.
func SplitText(parts []Part) string {
	var cells []string
	for _, p := range parts {
		cell := p.Label + " = " + strconv.FormatInt(p.Weight, 10)
		if p.IsOurs {
			cell += " " + oursMark
		}
		cells = append(cells, cell)
	}
	return strings.Join(cells, "; ")
}

// ParseSplit reads parts from one cell: "Children's = 1 (ours); Adults' = 1".
func ParseSplit(text string) ([]Part, error) {
	var parts []Part
	for cell := range strings.SplitSeq(text, ";") {
		label, weight, ok := strings.Cut(cell, "=")
		if !ok {
			return nil, errSplit
		}
		weight, isOurs := strings.CutSuffix(strings.TrimSpace(weight), oursMark)
		n, err := strconv.ParseInt(strings.TrimSpace(weight), 10, 64)
		if err != nil {
			return nil, errSplit
		}
		parts = append(parts, Part{Label: plainText(label), Weight: n, IsOurs: isOurs})
	}
	return parts, nil
}
