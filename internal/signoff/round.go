// Package signoff decides when one text has been agreed by every safeguarding partner: rounds, seats, statements and
// acts. What a round puts to the partners is any paper of the partnership; the text itself is only bytes here.
//
// The law leaves the form of agreement to the partners (Children Act 2004, section 16E); that all of them agree to one
// and the same text follows from their shared and equal duty.
package signoff

import (
	"encoding/hex"
	"slices"
	"time"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
)

// Origin says where the sign-offs of a round were made.
type Origin string

// The origins of a round.
const (
	Portal   Origin = "portal"   // made here
	Recorded Origin = "recorded" // made elsewhere and written down here
)

// Outcome is the state of a round.
type Outcome string

// The outcomes. A round moves once, from open.
const (
	Open     Outcome = "open"
	Complete Outcome = "complete"
	Declined Outcome = "declined"
	Recalled Outcome = "recalled"
)

// Kind is what an act does.
type Kind string

// The kinds of act. Both are final.
const (
	Sign    Kind = "sign"
	Decline Kind = "decline"
)

// Method is how the person was proved when they acted.
type Method string

// The methods of proof.
const (
	Passkey         Method = "passkey"
	PasswordAndTOTP Method = "password+totp"
	Password        Method = "password"
	MethodRecorded  Method = "recorded"
)

// Round is one paper put to the safeguarding partners.
type Round struct {
	ID         id.Round
	Paper      Paper
	Number     int
	Origin     Origin
	Content    []byte
	Digest     []byte
	SeatsOn    day.Date
	DueOn      day.Date
	OpenedBy   id.Account
	OpenedName string // name of who opened it
	OpenedAt   time.Time
	Outcome    Outcome
	EndedAt    time.Time
	EndReason  string
	SetAside   string // reason, if the complete round was set aside
	Seats      []Seat
	Remarks    []Remark
	Scrutiny   []Scrutiny
}

// Seat is a safeguarding partner's place in a round.
type Seat struct {
	ID               id.Seat
	Partner          id.Partner
	Organisation     id.Organisation
	OrganisationSlug string
	OrganisationName string // on the day of the act, else on the day of the seats
	StatutoryKind    string
	PartnerUntil     day.Date // last day as partner, if it has one
	Holders          []Holder // who could act for it today
	Act              *Act
}

// Holder is an appointment under which somebody can act for a seat today.
type Holder struct {
	Partner   id.Partner
	Account   id.Account
	Name      string
	Office    string
	Capacity  authz.Capacity
	ActingFor string
	Papers    []string
	Until     day.Date // last day of the authority, if it has one
}

// Act is what a seat did. It is final.
type Act struct {
	ID               id.Act
	Seat             id.Seat
	Account          id.Account
	Kind             Kind
	Method           Method
	Statement        string
	StatementDigest  []byte
	Office           string
	Capacity         authz.Capacity
	ActingFor        string
	Instrument       string   // what gave the authority, in the words of the day
	InstrumentOn     day.Date // its date, if it has one
	OrganisationName string
	OfficerName      string
	Reason           string
	At               time.Time
	SignedOn         day.Approx
	Source           string
	EvidenceFile     int64
	EvidenceName     string
}

// Remark is a question or a requested change put on an open round, with its answer if there is one.
type Remark struct {
	ID               int64
	Partner          id.Partner
	OrganisationName string
	Name             string // who put it
	Kind             string // question | requested change
	Body             string
	At               time.Time
	Answer           string
	AnsweredBy       string
	AnsweredAt       time.Time
}

// DigestHex is the SHA-256 of the frozen text in hexadecimal.
func (r Round) DigestHex() string { return hex.EncodeToString(r.Digest) }

// Signed counts the seats that have signed.
func (r Round) Signed() int {
	n := 0
	for _, s := range r.Seats {
		if s.Act != nil && s.Act.Kind == Sign {
			n++
		}
	}
	return n
}

// OutcomeNow computes what the acts make of an open portal round.
func (r Round) OutcomeNow() Outcome {
	for _, s := range r.Seats {
		if s.Act != nil && s.Act.Kind == Decline {
			return Declined
		}
	}
	if len(r.Seats) > 0 && r.Signed() == len(r.Seats) {
		return Complete
	}
	return Open
}

// State names the round for a timeline: its outcome, or set aside.
func (r Round) State() string {
	if r.SetAside != "" {
		return "set aside"
	}
	return string(r.Outcome)
}

// ActBy returns the act of an account in this round, if there is one.
func (r Round) ActBy(account id.Account) (Seat, bool) {
	for _, s := range r.Seats {
		if s.Act != nil && s.Act.Account == account && account != 0 {
			return s, true
		}
	}
	return Seat{}, false
}

// covers tells whether an appointment is for what a paper is about.
func covers(papers []string, subject string) bool {
	return len(papers) == 0 || slices.Contains(papers, subject)
}

// Covers tells whether the holder's appointment is for papers about a subject: a kind of document, or AnnualBudget.
func (h Holder) Covers(subject string) bool { return covers(h.Papers, subject) }

// SeatsOf lists the seats for which the actor holds an appointment today that covers the paper.
func (r Round) SeatsOf(by authz.Actor) []Seat {
	var seats []Seat
	for _, s := range r.Seats {
		for _, held := range by.Seats {
			if held.Partner == s.Partner && covers(held.Papers, r.Paper.Subject) {
				seats = append(seats, s)
				break
			}
		}
	}
	return seats
}

// CanAct tells for which seat the actor could act now, and under which appointment. With no partner named it must be
// plain for which.
// Faults: Forbidden (no seat of theirs, or the partner's time is over), Conflict (round ended, somebody else acted for the body), Invalid (two seats).
func (r Round) CanAct(by authz.Actor, partner id.Partner, today day.Date) (Seat, authz.Seat, error) {
	if !by.Can(authz.SignRound) {
		return Seat{}, authz.Seat{}, fault.New(fault.Forbidden, "Only the lead officers of the safeguarding partners, or their delegates, can sign or decline.")
	}
	seats := r.SeatsOf(by)
	if partner != 0 {
		seats = slices.DeleteFunc(seats, func(s Seat) bool { return s.Partner != partner })
	}
	if len(seats) == 0 {
		return Seat{}, authz.Seat{}, fault.New(fault.Forbidden, "You hold no seat in this round: your appointment today does not cover it.")
	}
	if r.Outcome != Open {
		return Seat{}, authz.Seat{}, fault.New(fault.Conflict, "This round is no longer open: it is "+string(r.Outcome)+".")
	}
	if r.Origin != Portal {
		return Seat{}, authz.Seat{}, fault.New(fault.Conflict, "This round only records sign-offs that were made elsewhere.")
	}
	if other, acted := r.ActBy(by.Account); acted && !slices.ContainsFunc(seats, func(s Seat) bool { return s.ID == other.ID }) {
		return Seat{}, authz.Seat{}, fault.New(fault.Conflict, "You have already acted in this round for "+other.OrganisationName+". One person never acts for two partners in one round.")
	}
	if len(seats) > 1 {
		return Seat{}, authz.Seat{}, fault.Field("partner", "Choose for which safeguarding partner you act")
	}
	seat := seats[0]
	if seat.Act != nil {
		return Seat{}, authz.Seat{}, fault.New(fault.Conflict, seat.OrganisationName+" has already "+past(seat.Act.Kind)+": "+seat.Act.Office+" on "+day.Clock(seat.Act.At)+".")
	}
	if !seat.PartnerUntil.IsZero() && today.After(seat.PartnerUntil) {
		return Seat{}, authz.Seat{}, fault.New(fault.Forbidden, seat.OrganisationName+" stopped being a safeguarding partner on "+seat.PartnerUntil.Long()+". The round must be recalled and opened again with its successor.")
	}
	for _, held := range heldFor(by, seat.Partner) {
		if covers(held.Papers, r.Paper.Subject) {
			return seat, held, nil
		}
	}
	return Seat{}, authz.Seat{}, fault.New(fault.Forbidden, "Your appointment does not cover this kind of paper.")
}

// heldFor lists the actor's appointments for a partner, as lead officer first.
func heldFor(by authz.Actor, partner id.Partner) []authz.Seat {
	var held []authz.Seat
	for _, capacity := range []authz.Capacity{authz.Lead, authz.Delegate} {
		for _, s := range by.Seats {
			if s.Partner == partner && s.Capacity == capacity {
				held = append(held, s)
			}
		}
	}
	return held
}

func past(k Kind) string {
	if k == Decline {
		return "declined"
	}
	return "signed"
}

// CanConfirmRecorded tells whether the actor may be the second person for sign-offs made elsewhere.
func (r Round) CanConfirmRecorded(by authz.Actor) bool {
	if r.Origin != Recorded || r.Outcome != Open || by.Account == r.OpenedBy || !by.SignedIn() {
		return false
	}
	return by.Has(authz.BusinessSupport) || len(r.SeatsOf(by)) > 0
}
