package arrangement

import (
	"slices"

	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
)

// How sure the wording of a requirement is.
const (
	RequirementConfirmed   = "confirmed"
	RequirementPartly      = "partly"
	RequirementUnconfirmed = "unconfirmed"
)

// RequirementConfidences lists how sure a wording can be.
func RequirementConfidences() []string {
	return []string{RequirementConfirmed, RequirementPartly, RequirementUnconfirmed}
}

// Kinds of requirement.
const (
	Must   = "must"
	Should = "should"
)

// Requirement is what an edition of the guidance asks that published arrangements say.
type Requirement struct {
	Number     int
	Kind       string
	Wording    string
	Confidence string
	Source     string
}

// Confirmed tells whether kind and wording were compared with the published guidance.
func (r Requirement) Confirmed() bool { return r.Confidence == RequirementConfirmed }

// Binding tells whether a round can't open without it: a must whose text is confirmed.
func (r Requirement) Binding() bool { return r.Kind == Must && r.Confirmed() }

// Answer is how a version meets a requirement: by sections, or not, for a reason. With neither, nothing is said yet.
type Answer struct {
	Requirement
	Sections []int // numbers of the sections that meet it
	Reason   string
	Revision int // of the answer in a draft; zero before the first
}

// Covered tells whether a section meets the requirement.
func (a Answer) Covered() bool { return len(a.Sections) > 0 }

// Open tells whether nothing is said yet.
func (a Answer) Open() bool { return !a.Covered() && a.Reason == "" }

// Answers are those of a version, in the order of the list.
type Answers []Answer

// Covered counts the requirements that sections meet.
func (a Answers) Covered() int {
	n := 0
	for _, x := range a {
		if x.Covered() {
			n++
		}
	}
	return n
}

// answersOf joins frozen coverage with the wording of its time. A number without wording keeps what was frozen.
func answersOf(frozen []Coverage, known []Requirement) Answers {
	answers := make(Answers, len(frozen))
	for i, f := range frozen {
		answers[i] = Answer{Requirement: Requirement{Number: f.Requirement, Kind: f.Kind, Confidence: RequirementUnconfirmed}, Sections: f.Sections, Reason: f.NotCovered}
		at := slices.IndexFunc(known, func(q Requirement) bool { return q.Number == f.Requirement })
		if at >= 0 {
			answers[i].Requirement = known[at]
			answers[i].Kind = f.Kind
		}
	}
	return answers
}

// DraftCoverage is the coverage of a version as business support works on it.
type DraftCoverage struct {
	Draft   Draft
	Asked   bool // documents of this kind are held against the list
	Answers Answers
}

// Listed tells whether a list is recorded for the edition.
func (c DraftCoverage) Listed() bool { return len(c.Answers) > 0 }

// Answer finds one by its number.
func (c DraftCoverage) Answer(number int) (Answer, error) {
	i := slices.IndexFunc(c.Answers, func(a Answer) bool { return a.Number == number })
	if i < 0 {
		return Answer{}, fault.New(fault.NotFound, "The list of this edition has no such requirement.")
	}
	return c.Answers[i], nil
}

// Uncovered lists the numbers of the requirements that a rule picks and no section meets.
func (c DraftCoverage) Uncovered(rule func(Answer) bool) []int {
	var numbers []int
	for _, a := range c.Answers {
		if !a.Covered() && rule(a) {
			numbers = append(numbers, a.Number)
		}
	}
	return numbers
}

// CoverageCommand says how a draft meets one requirement.
type CoverageCommand struct {
	Ref      Ref
	Number   int // of the requirement
	Revision int // of the answer that the editor saw
	Sections []id.Section
	Reason   string // why none; only without sections
}

// CoverageConflict is the refusal of an answer because somebody else saved first. Both answers are there.
type CoverageConflict struct {
	Theirs Answer
	Saved  Save
	Fault  *fault.Error
}

func (e *CoverageConflict) Error() string { return e.Fault.Error() }

// Unwrap makes the conflict a fault.
func (e *CoverageConflict) Unwrap() error { return e.Fault }

// Edition is an edition of the guidance as the administrator keeps it.
type Edition struct {
	ID           int64
	Title        string
	Published    day.Approx
	Requirements int
	Confirmed    int
	Versions     int // that follow it
}

// RequirementRecord is a requirement with what it said before.
type RequirementRecord struct {
	Edition Edition
	Requirement
	Earlier []EarlierRequirement
}
