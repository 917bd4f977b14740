package decision

import (
	"encoding/json"
	"fmt"
	"strings"

	"partnershipportal/internal/day"
)

// Stated is a day as it stands in published content.
type Stated struct {
	Day       day.Date      `json:"day"`
	Precision day.Precision `json:"precision"`
}

// Approx is the day with its precision.
func (s Stated) Approx() day.Approx { return day.Approx{Date: s.Day, Precision: s.Precision} }

func stated(a day.Approx) Stated { return Stated{a.Date, a.Precision} }

// ContentCallIn is a call-in as it stands in published content.
type ContentCallIn struct {
	CalledOn  Stated  `json:"called-on"`
	CalledBy  string  `json:"called-by"`
	Grounds   string  `json:"grounds"`
	Meeting   string  `json:"meeting,omitempty"`
	MeetingOn Stated  `json:"meeting-on,omitzero"`
	Outcome   Outcome `json:"outcome,omitempty"`
	OutcomeOn Stated  `json:"outcome-on,omitzero"`
	Note      string  `json:"note,omitempty"`
}

// ContentDeferral is a deferral as it stands in published content.
type ContentDeferral struct {
	On     Stated `json:"on"`
	NewDue Stated `json:"new-due,omitzero"`
	Reason string `json:"reason"`
}

// ContentComputed are the reckoned days as they stand in published content.
type ContentComputed struct {
	EarliestDecision    day.Date `json:"earliest-decision,omitzero"`
	EarliestDecisionWhy string   `json:"earliest-decision-why,omitempty"`
	Effective           day.Date `json:"effective,omitzero"`
	EffectiveWhy        string   `json:"effective-why,omitempty"`
	HolidaysUnknown     bool     `json:"holidays-unknown,omitempty"`
	InspectUntil        day.Date `json:"inspect-until,omitzero"`
	PapersUntil         day.Date `json:"papers-until,omitzero"`
}

// Content is the open content of a record as it is published: all that anybody may know of it. The names of its fields
// are those of the form; corrections name them. Nothing exempt is ever in it.
type Content struct {
	Schema             string            `json:"schema"` // decision-record/1
	Stage              Stage             `json:"stage"`
	Made               bool              `json:"made"` // whether there is a decision: a proposal never says true
	Heading            string            `json:"heading"`
	Number             string            `json:"number,omitempty"`
	NumberPrinted      string            `json:"number-printed,omitempty"`
	NumberVerified     string            `json:"number-verified,omitempty"`
	Subject            string            `json:"subject"`
	Maker              string            `json:"maker,omitempty"`
	MakerName          string            `json:"maker-name,omitempty"`
	IsOfficer          bool              `json:"officer,omitempty"`
	Contact            string            `json:"contact,omitempty"`
	SourceStatus       string            `json:"source-status,omitempty"`
	SourceURL          string            `json:"source-url,omitempty"`
	Key                KeyState          `json:"key,omitempty"`
	KeyReason          string            `json:"key-reason,omitempty"`
	Preamble           string            `json:"preamble,omitempty"`
	Limbs              []Limb            `json:"limbs,omitempty"`
	Reasons            string            `json:"reasons,omitempty"`
	Financial          string            `json:"financial,omitempty"`
	Consultation       string            `json:"consultation,omitempty"`
	Alternatives       string            `json:"alternatives,omitempty"`
	Interests          string            `json:"interests,omitempty"`
	Dispensation       string            `json:"dispensation,omitempty"`
	DispensationBy     string            `json:"dispensation-by,omitempty"`
	Background         string            `json:"background,omitempty"`
	SignedBy           string            `json:"signed-by,omitempty"`
	Later              []Part            `json:"to-be-added,omitempty"`
	NoticeOn           Stated            `json:"notice-on,omitzero"`
	DueOn              Stated            `json:"due-on,omitzero"`
	MadeOn             Stated            `json:"made-on,omitzero"`
	PublishedOn        Stated            `json:"published-on,omitzero"`
	EffectiveOn        Stated            `json:"effective-on,omitzero"`
	ImplementedOn      Stated            `json:"implemented-on,omitzero"`
	WithdrawnOn        Stated            `json:"withdrawn-on,omitzero"`
	WithdrawnReason    string            `json:"withdrawn-reason,omitempty"`
	Restriction        Restriction       `json:"restriction"`
	ExemptCategory     int               `json:"exempt-category,omitempty"`
	PublicInterest     string            `json:"public-interest,omitempty"`
	ExemptParts        []Part            `json:"exempt-parts,omitempty"` // which parts have an exempt passage, never its text
	Route              Route             `json:"route,omitempty"`
	UrgencyReason      string            `json:"urgency-reason,omitempty"`
	UrgencyTold        string            `json:"urgency-told,omitempty"`
	UrgencyAgreed      string            `json:"urgency-agreed,omitempty"`
	UrgencyOn          Stated            `json:"urgency-on,omitzero"`
	CallInApplies      bool              `json:"call-in-applies"`
	CallInWaived       bool              `json:"call-in-waived"`
	CallInWaivedReason string            `json:"call-in-waived-reason,omitempty"`
	CallInWaivedBy     string            `json:"call-in-waived-by,omitempty"`
	CallIns            []ContentCallIn   `json:"call-ins,omitempty"`
	Deferrals          []ContentDeferral `json:"deferrals,omitempty"`
	Without            []string          `json:"without,omitempty"` // what the stage goes without, and why
	Origin             Origin            `json:"origin"`
	Computed           ContentComputed   `json:"computed"`
}

const contentSchema = "decision-record/1"

// Content is what publishing the record would show, with the days that the rules reckon for it.
func (rules Rules) Content(r Record) Content {
	c := Content{Schema: contentSchema, Stage: r.Stage, Made: r.IsMade(), Heading: r.Heading(), Number: r.Number(), NumberPrinted: r.NumberPrinted,
		NumberVerified: r.NumberVerified, Subject: r.Subject, Maker: r.MakerTitle, MakerName: r.MakerName, IsOfficer: r.IsOfficer, Contact: r.ContactTitle,
		SourceStatus: r.SourceStatus, SourceURL: r.SourceURL, Key: r.Key.Key, KeyReason: r.Key.Reason, Preamble: r.Preamble, Limbs: r.Limbs,
		Reasons: r.Reasons, Financial: r.Financial, Consultation: r.Consultation, Alternatives: r.Alternatives, Interests: r.Interests,
		Dispensation: r.Dispensation, DispensationBy: r.DispensationBy, Background: r.Background, SignedBy: r.SignedBy, Later: r.Later,
		NoticeOn: stated(r.NoticeOn), DueOn: stated(r.DueOn), MadeOn: stated(r.MadeOn), PublishedOn: stated(r.PublishedOn),
		EffectiveOn: stated(r.EffectiveOn), ImplementedOn: stated(r.ImplementedOn), WithdrawnOn: stated(r.WithdrawnOn), WithdrawnReason: r.WithdrawnReason,
		Restriction: orOpen(r.Restriction), ExemptCategory: r.Category, PublicInterest: r.PublicInterest, ExemptParts: r.ExemptParts,
		Route: r.Route, UrgencyReason: r.Urgency.Reason, UrgencyTold: r.Told, UrgencyAgreed: r.Agreed, UrgencyOn: stated(r.Urgency.On),
		CallInApplies: r.CallInApplies, CallInWaived: r.CallInWaived, CallInWaivedReason: r.CallInWaivedReason, CallInWaivedBy: r.CallInWaivedBy,
		Origin: r.Origin, Computed: ContentComputed(rules.Compute(r))}
	for _, x := range r.CallIns {
		c.CallIns = append(c.CallIns, ContentCallIn{stated(x.CalledOn), x.CalledBy, x.Grounds, x.Meeting, stated(x.MeetingOn), x.Outcome, stated(x.OutcomeOn), x.Note})
	}
	for _, x := range r.Deferrals {
		c.Deferrals = append(c.Deferrals, ContentDeferral{stated(x.On), stated(x.NewDue), x.Reason})
	}
	for _, n := range rules.Needs(r, r.Stage) {
		if n.Overridden != "" && !n.Met {
			c.Without = append(c.Without, n.Words)
		}
	}
	return c
}

// fieldWords name the fields of content that are no parts of their own.
var fieldWords = map[string]string{
	"number-printed": "number as printed", "number-verified": "verified number", "maker-name": "name of the decision maker", "officer": "whether an officer decided",
	"source-status": "status in the source", "source-url": "address of the source", "preamble": "words before the decision", "dispensation": "dispensation granted",
	"dispensation-by": "who granted the dispensation", "to-be-added": "parts to be added", "withdrawn-on": "day of the withdrawal", "restriction": "restriction",
	"exempt-parts": "parts with exempt text", "route": "route of urgency", "urgency-on": "day of the notice or agreement of urgency", "call-in-applies": "whether call-in applies",
	"call-in-waived": "whether call-in was waived", "call-in-waived-by": "who waived call-in", "call-ins": "call-ins", "deferrals": "deferrals",
	"without": "what the record goes without", "origin": "where the record comes from",
}

// FieldWords name a field of content in the middle of a sentence, as corrections show it.
func FieldWords(field string) string {
	if w := Part(field).Words(); w != "" {
		return w
	}
	return fieldWords[field]
}

// ValueWords is a field's value before or after a correction as people read it. Nothing is empty.
func ValueWords(field string, value json.RawMessage) string {
	if len(value) == 0 || string(value) == "null" {
		return ""
	}
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text
	}
	var flag bool
	if json.Unmarshal(value, &flag) == nil {
		return map[bool]string{true: "yes", false: "no"}[flag]
	}
	var on Stated
	if json.Unmarshal(value, &on) == nil && !on.Day.IsZero() {
		return on.Approx().Words()
	}
	return listWords(field, value)
}

func listWords(field string, value json.RawMessage) string {
	var lines []string
	switch field {
	case "limbs":
		var limbs []Limb
		_ = json.Unmarshal(value, &limbs) // what can't be read shows as nothing
		for _, l := range limbs {
			lines = append(lines, l.Letter+") "+l.Text)
		}
	case "call-ins":
		var list []ContentCallIn
		_ = json.Unmarshal(value, &list) // as above
		for _, c := range list {
			lines = append(lines, strings.TrimSpace(fmt.Sprintf("Called in on %s by %s: %s. %s %s", c.CalledOn.Approx().Words(), c.CalledBy, c.Grounds, c.Outcome, c.OutcomeOn.Approx().Words())))
		}
	case "deferrals":
		var list []ContentDeferral
		_ = json.Unmarshal(value, &list) // as above
		for _, d := range list {
			lines = append(lines, fmt.Sprintf("Put off on %s: %s", d.On.Approx().Words(), d.Reason))
		}
	case "to-be-added", "exempt-parts":
		var list []Part
		_ = json.Unmarshal(value, &list) // as above
		for _, p := range list {
			lines = append(lines, p.Words())
		}
	case "without":
		_ = json.Unmarshal(value, &lines) // as above
	default:
		return string(value)
	}
	return strings.Join(lines, "\n")
}
