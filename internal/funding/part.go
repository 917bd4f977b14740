package funding

import (
	"fmt"
	"strings"

	"partnershipportal/internal/fault"
	"partnershipportal/internal/money"
)

// Part is a share of what a payer gives in all: to children's or adults' services, to this partnership or another. Its
// weight is its claim beside the other parts; percentages are never kept.
type Part struct {
	Label  string `json:"label"`
	Weight int64  `json:"weight"`
	IsOurs bool   `json:"isOurs"`
}

// MostParts is how many parts a total can have.
const MostParts = 50

// mostWeight bounds a weight, so that sums of them stay whole.
const mostWeight = int64(money.Most)

// PartSums are the sums of the parts, by the largest remainder: they add to the total.
func PartSums(total money.Pence, parts []Part) []money.Pence {
	weights := make([]int64, len(parts))
	for i, p := range parts {
		weights[i] = p.Weight
	}
	return total.Split(weights...)
}

// OurPart is what of a payer's total is given to this partnership; without parts it is all of it.
func OurPart(total money.Pence, parts []Part) money.Pence {
	if len(parts) == 0 {
		return total
	}
	var ours money.Pence
	for i, sum := range PartSums(total, parts) {
		if parts[i].IsOurs {
			ours += sum
		}
	}
	return ours
}

// tidyParts trims the labels and checks the parts. Its faults are of the fields parts, part-label-1 and part-weight-1.
func tidyParts(parts []Part) ([]Part, error) {
	if len(parts) == 0 {
		return nil, nil
	}
	switch {
	case len(parts) == 1:
		return nil, fault.Field("parts", "Enter at least two parts, or none if the whole sum is for this partnership")
	case len(parts) > MostParts:
		return nil, fault.Field("parts", fmt.Sprintf("A total can have %d parts at most", MostParts))
	}
	tidy, seen, ours := make([]Part, len(parts)), map[string]int{}, false
	for i, p := range parts {
		p.Label = plainText(p.Label)
		n := i + 1
		label, weight := fmt.Sprintf("part-label-%d", n), fmt.Sprintf("part-weight-%d", n)
		switch {
		case p.Label == "":
			return nil, fault.Field(label, fmt.Sprintf("Enter what part %d is for", n))
		case len([]rune(p.Label)) > 100:
			return nil, fault.Field(label, fmt.Sprintf("The words for part %d must be 100 characters or fewer", n))
		case strings.ContainsAny(p.Label, ";="):
			return nil, fault.Field(label, fmt.Sprintf("The words for part %d must have no semicolon and no equals sign", n))
		case seen[strings.ToLower(p.Label)] != 0:
			return nil, fault.Field(label, fmt.Sprintf("Part %d has the words of part %d. Change one of them", n, seen[strings.ToLower(p.Label)]))
		case p.Weight < 1 || p.Weight > mostWeight:
			return nil, fault.Field(weight, fmt.Sprintf("The share of part %d must be a whole number of 1 or more", n))
		}
		seen[strings.ToLower(p.Label)] = n
		ours = ours || p.IsOurs
		tidy[i] = p
	}
	if !ours {
		return nil, fault.Field("parts", "Say which part is for this partnership")
	}
	return tidy, nil
}
