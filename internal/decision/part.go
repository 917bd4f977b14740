package decision

import "slices"

// Part is one part of a record that a stage can ask for. Its text is also the id of its form field.
type Part string

// The parts.
const (
	PartNumber             Part = "number"
	PartSubject            Part = "subject"
	PartMaker              Part = "maker"
	PartContact            Part = "contact"
	PartKey                Part = "key"
	PartKeyReason          Part = "key-reason"
	PartLimbs              Part = "limbs"
	PartReasons            Part = "reasons"
	PartFinancial          Part = "financial"
	PartConsultation       Part = "consultation"
	PartAlternatives       Part = "alternatives"
	PartInterests          Part = "interests"
	PartBackground         Part = "background"
	PartSignedBy           Part = "signed-by"
	PartNoticeOn           Part = "notice-on"
	PartDueOn              Part = "due-on"
	PartMadeOn             Part = "made-on"
	PartPublishedOn        Part = "published-on"
	PartEffectiveOn        Part = "effective-on"
	PartImplementedOn      Part = "implemented-on"
	PartWithdrawnReason    Part = "withdrawn-reason"
	PartExemptCategory     Part = "exempt-category"
	PartPublicInterest     Part = "public-interest"
	PartUrgencyReason      Part = "urgency-reason"
	PartUrgencyTold        Part = "urgency-told"
	PartUrgencyAgreed      Part = "urgency-agreed"
	PartCallInWaivedReason Part = "call-in-waived-reason"
	PartCallInGrounds      Part = "call-in-grounds"
	PartCallInOutcome      Part = "call-in-outcome"
	PartDates              Part = "dates" // the order of the dates: only ever overridden
)

// partWords name the parts as the record does.
var partWords = []struct {
	part  Part
	words string
}{
	{PartNumber, "decision number"},
	{PartSubject, "subject"},
	{PartMaker, "decision maker"},
	{PartContact, "contact post"},
	{PartKey, "whether it is a key decision"},
	{PartKeyReason, "why it is a key decision"},
	{PartLimbs, "the decision itself"},
	{PartReasons, "reasons"},
	{PartFinancial, "financial implications"},
	{PartConsultation, "consultation and committee recommendations"},
	{PartAlternatives, "alternatives considered"},
	{PartInterests, "interests declared"},
	{PartBackground, "background papers"},
	{PartSignedBy, "who signed the record"},
	{PartNoticeOn, "day of the notice"},
	{PartDueOn, "day or period when the decision is due"},
	{PartMadeOn, "day on which the decision was made"},
	{PartPublishedOn, "day on which the body published the record"},
	{PartEffectiveOn, "day on which the decision takes effect"},
	{PartImplementedOn, "day on which the decision was carried out"},
	{PartWithdrawnReason, "why the record was withdrawn"},
	{PartExemptCategory, "category of exempt information"},
	{PartPublicInterest, "why exemption serves the public interest"},
	{PartUrgencyReason, "why the decision is urgent"},
	{PartUrgencyTold, "post that was told of the urgency"},
	{PartUrgencyAgreed, "post that agreed to the urgency"},
	{PartCallInWaivedReason, "why call-in was waived"},
	{PartCallInGrounds, "grounds of the call-in"},
	{PartCallInOutcome, "outcome of the call-in"},
	{PartDates, "the order of the dates"},
}

// Parts lists every part in the order of the record.
func Parts() []Part {
	list := make([]Part, 0, len(partWords))
	for _, p := range partWords {
		list = append(list, p.part)
	}
	return list
}

// Words name the part in the middle of a sentence.
func (p Part) Words() string {
	for _, w := range partWords {
		if w.part == p {
			return w.words
		}
	}
	return ""
}

// Known tells whether p is one of the parts.
func (p Part) Known() bool { return p.Words() != "" }

// addable are the parts that a proposed record may leave "to be added after committee".
var addable = []Part{PartLimbs, PartReasons, PartFinancial, PartConsultation, PartAlternatives, PartInterests}

// Addable tells whether the part may be left "to be added after committee" while the record is proposed.
func (p Part) Addable() bool { return slices.Contains(addable, p) }

// Addable lists the parts that may be left to be added while the record is proposed.
func Addable() []Part { return slices.Clone(addable) }

// exemptable are the parts whose text can have an exempt passage, kept apart from the open text.
var exemptable = []Part{PartSubject, PartLimbs, PartReasons, PartFinancial, PartConsultation, PartAlternatives, PartInterests, PartBackground}

// Exemptable lists the parts that can have an exempt passage.
func Exemptable() []Part { return slices.Clone(exemptable) }
