package ui

import (
	"strconv"
	"time"

	"partnershipportal/internal/day"
)

// thousands writes a count with commas.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func (c Digest) id() string {
	if c.ID != "" {
		return c.ID
	}
	return "digest"
}

func (c Digest) label() string {
	if c.Label != "" {
		return c.Label
	}
	return "Digest of the text (SHA-256)"
}

// groups cuts the digest into eights. The gaps between them are drawn, not written, so that a copy has none.
func (c Digest) groups() []string {
	var groups []string
	for rest := c.Value; rest != ""; {
		n := min(8, len(rest))
		groups, rest = append(groups, rest[:n]), rest[n:]
	}
	return groups
}

func (c SummaryList) hasActions() bool {
	for _, r := range c.Rows {
		if len(r.Actions) > 0 {
			return true
		}
	}
	return false
}

func (c Table) numeric(i int) bool { return i < len(c.Columns) && c.Columns[i].Numeric }

func (c ContentsList) heading() string {
	if c.Heading != "" {
		return c.Heading
	}
	return "Contents"
}

// TimeOf shows a day that may be known only to the month or year, or only as the earliest.
func TimeOf(a day.Approx) Time {
	t := Time{Words: a.Words()}
	switch iso := a.Date.String(); a.Precision {
	case day.Exact:
		t.Machine = iso
	case day.Month:
		t.Machine = iso[:7]
	case day.Year:
		t.Machine = iso[:4]
	}
	return t
}

// TimeAt shows an instant on London's clocks, as "17 September 2019 at 2:05pm".
func TimeAt(at time.Time) Time {
	return Time{Words: day.Clock(at), Machine: at.UTC().Format(time.RFC3339)}
}
