// Package authz says who an actor is and what the roles of the portal may do.
package authz

import (
	"slices"

	"partnershipportal/internal/id"
)

// Role is what a person is to the partnership or to one of its bodies.
type Role string

// The roles. LeadOfficer is never granted: it follows from a confirmed appointment that is valid today.
const (
	AgencyStaff     Role = "agency-staff"
	LeadOfficer     Role = "lead-officer"
	Office          Role = "office"
	BusinessSupport Role = "business-support"
	Scrutineer      Role = "scrutineer"
	Administrator   Role = "administrator"
)

// Roles lists every role in the order of the policy table.
func Roles() []Role {
	return []Role{AgencyStaff, LeadOfficer, Office, BusinessSupport, Scrutineer, Administrator}
}

// Capacity is how somebody holds a seat: as the lead officer or as a delegate for them.
type Capacity string

// The capacities of an appointment.
const (
	Lead     Capacity = "lead"
	Delegate Capacity = "delegate"
)

// Held is a role held by an actor, for one organisation or, with none, for the partnership.
type Held struct {
	Role         Role
	Organisation id.Organisation
}

// Seat is an appointment of the actor that is confirmed and valid today.
type Seat struct {
	Appointment  id.Appointment
	Partner      id.Partner
	Organisation id.Organisation
	Capacity     Capacity
	Office       string
	Papers       []string // kinds of paper that it covers; none means all
}

// Actor is whoever asks for something: a signed-in person, the portal itself, or nobody.
type Actor struct {
	Account   id.Account
	Name      string
	Held      []Held
	Seats     []Seat
	RequestID string
	system    bool
}

// System is the portal itself: its commands and scheduled jobs. It may do everything but sign.
func System(requestID string) Actor {
	return Actor{Name: "The portal", RequestID: requestID, system: true}
}

// SignedIn tells whether the actor is a person with an account.
func (a Actor) SignedIn() bool { return a.Account != 0 }

// IsSystem tells whether the actor is the portal itself.
func (a Actor) IsSystem() bool { return a.system }

// Has tells whether the actor holds a role for anybody.
func (a Actor) Has(role Role) bool {
	if role == LeadOfficer {
		return len(a.Seats) > 0
	}
	return slices.ContainsFunc(a.Held, func(h Held) bool { return h.Role == role })
}

// Can tells whether one of the actor's roles has the permission. Rules about the single object come on top.
func (a Actor) Can(p Permission) bool {
	if a.system {
		return p != SignRound
	}
	return slices.ContainsFunc(Roles(), func(r Role) bool { return a.Has(r) && policy[r][p] })
}

// SeatFor returns the actor's seat for a partner; lead before delegate.
func (a Actor) SeatFor(partner id.Partner) (Seat, bool) {
	best, found := Seat{}, false
	for _, s := range a.Seats {
		if s.Partner == partner && (!found || s.Capacity == Lead) {
			best, found = s, true
		}
	}
	return best, found
}

// LeadFor returns the actor's seat as lead officer of a partner.
func (a Actor) LeadFor(partner id.Partner) (Seat, bool) {
	s, ok := a.SeatFor(partner)
	return s, ok && s.Capacity == Lead
}

// Partners lists the partners for whom the actor holds a seat.
func (a Actor) Partners() []id.Partner {
	var ps []id.Partner
	for _, s := range a.Seats {
		if !slices.Contains(ps, s.Partner) {
			ps = append(ps, s.Partner)
		}
	}
	return ps
}

// Organisations lists the bodies for which the actor holds a role.
func (a Actor) Organisations(role Role) []id.Organisation {
	var os []id.Organisation
	for _, h := range a.Held {
		if h.Role == role && h.Organisation != 0 && !slices.Contains(os, h.Organisation) {
			os = append(os, h.Organisation)
		}
	}
	return os
}
