package decision

import (
	"slices"
	"strings"
	"time"

	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
)

// Limb is one lettered part of a decision: a), b), c) …
type Limb struct {
	Letter string `json:"letter"`
	Text   string `json:"text"`
}

// Letter is the letter of the nth limb, counted from none: a to z, then aa, ab …
func Letter(n int) string {
	letters := ""
	for n++; n > 0; n = (n - 1) / 26 {
		letters = string(rune('a'+(n-1)%26)) + letters
	}
	return letters
}

// Identity says which record it is, whose, and whom to ask.
type Identity struct {
	NumberPrinted  string // as the record prints it
	NumberVerified string // as found elsewhere, for instance in the body's own register; it counts where it differs
	Subject        string
	MakerTitle     string  // the post that decides, as published: "Cabinet Member for Children"
	MakerPost      id.Post // that post in the membership, if it is kept there
	MakerName      string  // optional
	ContactTitle   string  // the post that answers questions
	ContactPost    id.Post
	IsOfficer      bool // decided by an officer and not by a member or a meeting
	SourceStatus   string
	SourceURL      string
}

// Number is the number that counts: the verified one, or else the one printed.
func (i Identity) Number() string {
	if i.NumberVerified != "" {
		return i.NumberVerified
	}
	return i.NumberPrinted
}

// KeyState says whether a decision is a key decision. Nothing yet said is none of them.
type KeyState string

// Whether it is a key decision.
const (
	KeyYes KeyState = "yes"
	KeyNo  KeyState = "no"
)

// Key says whether and why it is a key decision (SI 2012/2089, regulation 8: significant spending or saving, or
// significant effects on two or more wards or divisions).
type Key struct {
	Key    KeyState
	Reason string
}

// Text is what the record says. "None" is an answer to alternatives, "none declared" one to interests.
type Text struct {
	Preamble       string // "As Cabinet Member … I propose to:"
	Limbs          []Limb
	Reasons        string
	Financial      string
	Consultation   string
	Alternatives   string
	Interests      string
	Dispensation   string
	DispensationBy string // who granted it, by post
	Background     string // background papers in words; files are attached
	SignedBy       string // by post
	Later          []Part // to be added after committee
}

// Dates are the days that the record states, as exactly as it states them.
type Dates struct {
	NoticeOn      day.Approx
	DueOn         day.Approx
	MadeOn        day.Approx
	PublishedOn   day.Approx // by the body itself, not in this portal
	EffectiveOn   day.Approx
	ImplementedOn day.Approx
	WithdrawnOn   day.Approx
}

// Restriction is how far a record is open.
type Restriction string

// The restrictions (Local Government Act 1972, Schedule 12A has the categories of exempt information).
const (
	Open        Restriction = "open"
	PartExempt  Restriction = "part exempt"
	FullyExempt Restriction = "fully exempt"
)

// Restrictions lists them.
func Restrictions() []Restriction { return []Restriction{Open, PartExempt, FullyExempt} }

// Openness says how far the record is open and why not. Exempt text itself is never here: see Exempt.
type Openness struct {
	Restriction    Restriction
	Category       int    // paragraph of Schedule 12A, Part 1; none where open
	PublicInterest string // why keeping it back outweighs disclosing it
}

// Route is the way in which a key decision is taken without 28 clear days' notice.
type Route string

// The routes.
const (
	Ordinary         Route = ""
	GeneralException Route = "general exception" // SI 2012/2089, regulation 10: five clear days, notice to the scrutiny chair
	SpecialUrgency   Route = "special urgency"   // regulation 11: the scrutiny chair agrees
)

// Urgency says by which route, whom the decision maker told or asked, and why.
type Urgency struct {
	Route              Route
	Reason             string
	Told               string     // post that had notice: general exception
	Agreed             string     // post that agreed: special urgency
	On                 day.Approx // notice or agreement
	CallInApplies      bool
	CallInWaived       bool // a flag of its own: urgency of the decision does not waive call-in
	CallInWaivedReason string
	CallInWaivedBy     string // post
}

// Outcome is how a call-in ended.
type Outcome string

// The outcomes. None is known while the call-in is open.
const (
	NoFurtherAction Outcome = "no further action" // the decision stands
	ReferredBack    Outcome = "referred back"     // the decision maker decided again
	ReferredCouncil Outcome = "referred to council"
)

// Outcomes lists them.
func Outcomes() []Outcome { return []Outcome{NoFurtherAction, ReferredBack, ReferredCouncil} }

// CallIn is one call-in of a decision.
type CallIn struct {
	ID        int64
	CalledOn  day.Approx
	CalledBy  string // by post or in number: "three members of the scrutiny committee"
	Grounds   string
	Meeting   string
	MeetingOn day.Approx
	Outcome   Outcome
	OutcomeOn day.Approx
	Note      string
}

// Deferral says that a decision was put off.
type Deferral struct {
	ID     int64
	On     day.Approx
	NewDue day.Approx
	Reason string
}

// Override lets a record go without a part that its stage asks for.
type Override struct {
	Stage  Stage
	Part   Part
	Reason string
	By     string // name of the person, for the desk alone
	At     time.Time
}

// Origin says whether a record was entered here or taken over from elsewhere.
type Origin string

// The origins.
const (
	Entered  Origin = "entered"
	Imported Origin = "imported" // published history: taken as stated, and flagged where it disagrees
)

// Draft is everything that people enter of a record.
type Draft struct {
	Identity
	Key
	Text
	Dates
	Openness
	Urgency
	WithdrawnReason string
}

// Record is a decision record as the rules see it.
type Record struct {
	ID           id.Decision
	Organisation id.Organisation // none: the partnership itself
	Stage        Stage
	Origin       Origin
	WasMade      bool // also where it was withdrawn afterwards
	Draft
	CallIns   []CallIn // the oldest first
	Deferrals []Deferral
	Overrides []Override
	// ExemptParts have an exempt passage besides, or instead of, their open text. That there is one is no secret.
	ExemptParts []Part
}

// IsKey tells whether the record says that it is a key decision.
func (r Record) IsKey() bool { return r.Key.Key == KeyYes }

// LeftToAdd tells whether a part is "to be added after committee".
func (t Text) LeftToAdd(p Part) bool { return slices.Contains(t.Later, p) }

// Overridden finds the reason for which a stage's need of a part was set aside.
func (r Record) Overridden(s Stage, p Part) (Override, bool) {
	for _, o := range slices.Backward(r.Overrides) {
		if o.Stage == s && o.Part == p {
			return o, true
		}
	}
	return Override{}, false
}

// LastCallIn is the latest call-in, if there is one.
func (r Record) LastCallIn() (CallIn, bool) {
	if len(r.CallIns) == 0 {
		return CallIn{}, false
	}
	return r.CallIns[len(r.CallIns)-1], true
}

// has tells whether the record has a part. What is to be added it does not have.
func (r Record) has(p Part) bool {
	if r.LeftToAdd(p) {
		return false
	}
	if slices.Contains(r.ExemptParts, p) {
		return true
	}
	if p == PartLimbs {
		return slices.ContainsFunc(r.Limbs, func(l Limb) bool { return said(l.Text) })
	}
	if a, ok := r.date(p); ok {
		return !a.IsZero()
	}
	return said(r.words(p))
}

// date gives the stated day of the parts that are days.
func (r Record) date(p Part) (a day.Approx, ok bool) {
	switch p {
	case PartNoticeOn:
		return r.NoticeOn, true
	case PartDueOn:
		return r.DueOn, true
	case PartMadeOn:
		return r.MadeOn, true
	case PartPublishedOn:
		return r.PublishedOn, true
	case PartEffectiveOn:
		return r.EffectiveOn, true
	case PartImplementedOn:
		return r.ImplementedOn, true
	}
	return day.Approx{}, false
}

// words gives the text of the parts that are words.
func (r Record) words(p Part) string {
	last, _ := r.LastCallIn()
	return map[Part]string{
		PartNumber: r.Number(), PartSubject: r.Subject, PartMaker: r.MakerTitle, PartContact: r.ContactTitle, PartKey: string(r.Key.Key),
		PartKeyReason: r.Key.Reason, PartReasons: r.Reasons, PartFinancial: r.Financial, PartConsultation: r.Consultation,
		PartAlternatives: r.Alternatives, PartInterests: r.Interests, PartBackground: r.Background, PartSignedBy: r.SignedBy,
		PartWithdrawnReason: r.WithdrawnReason, PartExemptCategory: categoryWord(r.Category), PartPublicInterest: r.PublicInterest,
		PartUrgencyReason: r.Urgency.Reason, PartUrgencyTold: r.Told, PartUrgencyAgreed: r.Agreed, PartCallInWaivedReason: r.CallInWaivedReason,
		PartCallInGrounds: last.Grounds, PartCallInOutcome: string(last.Outcome),
	}[p]
}

func categoryWord(paragraph int) string {
	if paragraph == 0 {
		return ""
	}
	return "given"
}

func said(text string) bool { return strings.TrimSpace(text) != "" }
