package decision

import (
	"cmp"
	"fmt"
	"slices"

	"partnershipportal/internal/day"
)

// Requirement says that a stage asks for a part, and who says so. Requirements are data: of every body or of one, from
// a day on, and a partnership can correct them.
type Requirement struct {
	Stage      Stage
	Part       Part
	Source     string
	Confidence string // confirmed, part-confirmed or unconfirmed; what is unconfirmed is never shown to the public as law
}

// Period is the name of a length of time that the rules need.
type Period string

// The periods. Their usual lengths are data too, since constitutions of bodies differ.
const (
	NoticeClearDays    Period = "notice clear days"            // 28: SI 2012/2089, regulation 9
	ExceptionClearDays Period = "general exception clear days" // 5: regulation 10
	CallInWorkingDays  Period = "call-in working days"         // 5: the body's own procedure rules, Local Government Act 2000, section 9F
	RecordYears        Period = "record years"                 // 6: usual; unconfirmed for executive decisions
	PapersYears        Period = "papers years"                 // 4: usual; unconfirmed for executive decisions
)

// Periods lists them.
func Periods() []Period {
	return []Period{NoticeClearDays, ExceptionClearDays, CallInWorkingDays, RecordYears, PapersYears}
}

// Rules are what counts for the records of one body on one day. A zero length of a period means that it does not apply.
type Rules struct {
	Requirements []Requirement
	Lengths      map[Period]int
	Mask         Mask
	Holidays     day.Holidays
}

// Need is one thing that a stage asks for.
type Need struct {
	Stage      Stage
	Part       Part
	Words      string // "Add the reasons."
	Source     string
	Met        bool
	LeftToAdd  bool   // "to be added after committee"
	Overridden string // the reason for which the record goes without it
}

// Missing tells whether the need stands in the way of its stage.
func (n Need) Missing() bool { return !n.Met && n.Overridden == "" }

// applies tells whether a part is asked for at all of this record: why it is a key decision only of a key decision.
func (r Record) applies(p Part) bool {
	switch p {
	case PartKeyReason:
		return r.IsKey()
	case PartExemptCategory, PartPublicInterest:
		return r.Restriction == PartExempt || r.Restriction == FullyExempt
	case PartUrgencyReason:
		return r.Route != Ordinary
	case PartUrgencyTold:
		return r.Route == GeneralException
	case PartUrgencyAgreed:
		return r.Route == SpecialUrgency
	case PartCallInWaivedReason:
		return r.CallInWaived
	case PartCallInGrounds, PartCallInOutcome:
		return len(r.CallIns) > 0 || r.Stage == CalledIn || r.Stage == Confirmed
	}
	return true
}

// Needs lists what a stage asks of the record, met or not, in the order of the record. A part that is "to be added
// after committee" meets the stage proposed and no other.
func (rules Rules) Needs(r Record, stage Stage) []Need {
	var needs []Need
	for _, q := range rules.Requirements {
		if q.Stage != stage || !asked(r, stage, q.Part) {
			continue
		}
		later := r.LeftToAdd(q.Part)
		n := Need{Stage: stage, Part: q.Part, Source: q.Source, LeftToAdd: later, Met: r.has(q.Part) || later && stage == Proposed && q.Part.Addable()}
		if o, ok := r.Overridden(stage, q.Part); ok {
			n.Overridden = o.Reason
		}
		n.Words = needWords(n)
		needs = append(needs, n)
	}
	slices.SortStableFunc(needs, func(a, b Need) int { return cmp.Compare(place(a.Part), place(b.Part)) })
	return needs
}

// asked tells whether a stage's requirement holds for the record. The grounds and the outcome of a call-in are asked
// for by the stages of call-in even before there is one.
func asked(r Record, stage Stage, p Part) bool {
	if p == PartCallInGrounds || p == PartCallInOutcome {
		return stage == CalledIn || stage == Confirmed || r.applies(p)
	}
	return r.applies(p)
}

func place(p Part) int { return slices.Index(Parts(), p) }

func needWords(n Need) string {
	switch {
	case n.Overridden != "":
		return fmt.Sprintf("Goes without %s: %s", n.Part.Words(), n.Overridden)
	case n.Met && n.LeftToAdd:
		return fmt.Sprintf("To be added after committee: %s.", n.Part.Words())
	case n.Met:
		return fmt.Sprintf("Given: %s.", n.Part.Words())
	case n.LeftToAdd:
		return fmt.Sprintf("Add %s. It was left to be added after committee.", n.Part.Words())
	}
	return fmt.Sprintf("Add %s.", n.Part.Words())
}

// Missing lists what stands in the way of a stage.
func (rules Rules) Missing(r Record, stage Stage) []Need {
	return slices.DeleteFunc(rules.Needs(r, stage), func(n Need) bool { return !n.Missing() })
}
