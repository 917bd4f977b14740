package route

import "net/url"

// Public paths of the membership.
const (
	Organisation = "/organisations/{slug}"
)

// Paths of appointments.
const (
	DeskAppointments        = "/desk/appointments"
	DeskAppointmentPropose  = "/desk/appointments/propose"
	DeskAppointment         = "/desk/appointments/{id}"
	DeskAppointmentAdopt    = "/desk/appointments/{id}/adopt"
	DeskAppointmentConfirm  = "/desk/appointments/{id}/confirm"
	DeskAppointmentRefuse   = "/desk/appointments/{id}/refuse"
	DeskAppointmentEnd      = "/desk/appointments/{id}/end"
	DeskAppointmentWithdraw = "/desk/appointments/{id}/withdraw"
	DeskInstrument          = "/desk/appointments/{id}/instrument"
	DeskInstrumentAttach    = "/desk/appointments/{id}/attach-instrument"
)

// Paths of delegation: a lead officer's own, and business support's for people who have no account yet.
const (
	Delegation                 = "/delegation"
	DelegationName             = "/delegation/name"
	DelegationAsk              = "/delegation/ask"
	DelegationTakeBack         = "/delegation/requests/{id}/take-back"
	DeskDelegateRequest        = "/desk/appointments/requests/{id}"
	DeskDelegateRequestPut     = "/desk/appointments/requests/{id}/put-forward"
	DeskDelegateRequestDecline = "/desk/appointments/requests/{id}/decline"
)

// Paths of the organisations that business support keeps.
const (
	DeskOrganisations          = "/desk/organisations"
	DeskOrganisationAdd        = "/desk/organisations/add"
	DeskOrganisation           = "/desk/organisations/{slug}"
	DeskOrganisationRename     = "/desk/organisations/{slug}/rename"
	DeskOrganisationEnd        = "/desk/organisations/{slug}/end"
	DeskOrganisationEdit       = "/desk/organisations/{slug}/edit"
	DeskOrganisationIdentifier = "/desk/organisations/{slug}/identifier"
	DeskOrganisationAddress    = "/desk/organisations/{slug}/address"
	DeskOrganisationRetract    = "/desk/organisations/{slug}/retract"
	DeskFactRetract            = "/desk/organisations/{slug}/retract/{fact}/{id}"
	DeskPartnerArea            = "/desk/organisations/{slug}/partner/{id}/area"
	DeskAreaEnd                = "/desk/organisations/{slug}/area/{id}/end"
	DeskOrganisationPartner    = "/desk/organisations/{slug}/partner"
	DeskPartnerEnd             = "/desk/organisations/{slug}/partner/{id}/end"
	DeskPartnerNames           = "/desk/organisations/{slug}/partner/{id}/names"
	DeskOrganisationAgency     = "/desk/organisations/{slug}/agency"
	DeskAgencyEnd              = "/desk/organisations/{slug}/agency/{id}/end"
)

// On adds the day of a dated view to a path; without a day it is today's.
func On(path, isoDay string) string {
	if isoDay == "" {
		return path
	}
	return path + "?" + url.Values{"on": {isoDay}}.Encode()
}

// OrganisationTo is the public page of one organisation.
func OrganisationTo(slug string) string { return "/organisations/" + url.PathEscape(slug) }

// DeskAppointmentTo is the page of one appointment.
func DeskAppointmentTo[T ~int64](id T) string { return DeskAppointments + "/" + number(id) }

// DeskAppointmentAct is where an act on an appointment is confirmed: adopt, confirm, refuse, end or withdraw.
func DeskAppointmentAct[T ~int64](id T, act string) string { return DeskAppointmentTo(id) + "/" + act }

// DelegationTakeBackTo is where a lead officer takes a request back.
func DelegationTakeBackTo[T ~int64](id T) string {
	return Delegation + "/requests/" + number(id) + "/take-back"
}

// DelegationFor is a page of delegation for one of several offices that the lead officer holds.
func DelegationFor[T ~int64](path string, office T) string {
	return path + "?" + url.Values{"office": {number(office)}}.Encode()
}

// DeskDelegateRequestTo is the page of one request for a delegate.
func DeskDelegateRequestTo[T ~int64](id T) string {
	return DeskAppointments + "/requests/" + number(id)
}

// DeskDelegateRequestAct is where a request is answered: put-forward, decline.
func DeskDelegateRequestAct[T ~int64](id T, act string) string {
	return DeskDelegateRequestTo(id) + "/" + act
}

// DeskAppointmentsOf lists the appointments in a state.
func DeskAppointmentsOf(state string) string {
	return DeskAppointments + "?" + url.Values{"state": {state}}.Encode()
}

// DeskOrganisationTo is the desk's page of one organisation.
func DeskOrganisationTo(slug string) string { return DeskOrganisations + "/" + url.PathEscape(slug) }

// DeskOrganisationAct is where something is done to an organisation: rename, end, partner, agency and others.
func DeskOrganisationAct(slug, act string) string { return DeskOrganisationTo(slug) + "/" + act }

// DeskPartnerAct is where something is done to an organisation's time as partner: end, names.
func DeskPartnerAct[T ~int64](slug string, id T, act string) string {
	return DeskOrganisationTo(slug) + "/partner/" + number(id) + "/" + act
}

// DeskFactRetractTo is where one dated fact of an organisation is retracted.
func DeskFactRetractTo(slug, fact string, row int64) string {
	return DeskOrganisationTo(slug) + "/retract/" + url.PathEscape(fact) + "/" + number(row)
}

// DeskAreaEndTo is where a safeguarding partner's share of an area is ended.
func DeskAreaEndTo(slug string, row int64) string {
	return DeskOrganisationTo(slug) + "/area/" + number(row) + "/end"
}

// DeskAgencyEndTo is where an organisation's time as relevant agency is ended.
func DeskAgencyEndTo[T ~int64](slug string, id T) string {
	return DeskOrganisationTo(slug) + "/agency/" + number(id) + "/end"
}
