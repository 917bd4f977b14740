package decision

import (
	"slices"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
)

// OwnBodies lists the bodies for whose records the actor acts: as lead officer, as delegate, or in a lead officer's office.
func OwnBodies(by authz.Actor) []id.Organisation {
	own := by.Organisations(authz.Office)
	for _, s := range by.Seats {
		if s.Organisation != 0 && !slices.Contains(own, s.Organisation) {
			own = append(own, s.Organisation)
		}
	}
	return own
}

// readsAll tells whether the actor reads the records of every body.
func readsAll(by authz.Actor) bool {
	return by.IsSystem() || by.Has(authz.BusinessSupport) || by.Has(authz.Scrutineer)
}

// CanReadAny tells whether the actor has any business with unpublished records.
func CanReadAny(by authz.Actor) bool { return by.Can(authz.ReadDecisions) }

// CanRead tells whether the actor reads the records of a body, published or not. A lead officer reads the partnership's
// own records too: theirs is one of the bodies that the partnership is.
func CanRead(by authz.Actor, body id.Organisation) bool {
	if !by.Can(authz.ReadDecisions) {
		return false
	}
	if body == 0 {
		return readsAll(by) || by.Has(authz.LeadOfficer)
	}
	return readsAll(by) || slices.Contains(OwnBodies(by), body)
}

// CanEdit tells whether the actor writes the records of a body: business support every one, a lead officer or office
// those of their own body.
func CanEdit(by authz.Actor, body id.Organisation) bool {
	if !by.Can(authz.EditDecision) {
		return false
	}
	return by.IsSystem() || by.Has(authz.BusinessSupport) || body != 0 && slices.Contains(OwnBodies(by), body)
}

// CanPublish tells whether the actor publishes records.
func CanPublish(by authz.Actor) bool { return by.Can(authz.PublishDecision) }

// CanReadExempt tells whether the actor reads the exempt passages of a body's records.
func CanReadExempt(by authz.Actor, body id.Organisation) bool {
	return by.Can(authz.ReadExempt) && CanRead(by, body)
}

// CanEditRules tells whether the actor keeps bank holidays, needs of stages, periods and forms of numbers.
func CanEditRules(by authz.Actor) bool { return by.Can(authz.EditDecisionRules) }

var (
	errNoDecision    = fault.New(fault.NotFound, "There is no such record of decision.")
	errNoBody        = fault.New(fault.NotFound, "There is no such organisation.")
	errMayNotRead    = fault.New(fault.Forbidden, "Only business support, the scrutineer and the body's own officers read records that are not published.")
	errMayNotEdit    = fault.New(fault.Forbidden, "Only business support and the body's own officers write its records.")
	errMayNotPublish = fault.New(fault.Forbidden, "Only business support publishes records of decision.")
	errMayNotExempt  = fault.New(fault.Forbidden, "You have no right to read exempt text.")
	errMayNotRules   = fault.New(fault.Forbidden, "Only business support and administrators keep the rules of the register.")
	errChanged       = fault.New(fault.Conflict, "Somebody changed this record since you opened it. Read it again before you go on.")
)
