package route

import (
	"net/url"
	"strconv"
)

// Paths of the relevant agencies: the desk's list and the Schedule, what is kept of one, and its own staff's page.
const (
	DeskAgencies          = "/desk/agencies"
	DeskAgencyCategories  = "/desk/agencies/categories"
	DeskAgencyCategoryAdd = "/desk/agencies/categories/add"
	DeskAgencyCategory    = "/desk/agencies/categories/{paragraph}"
	DeskAgencyChange      = "/desk/organisations/{slug}/agency/{id}/change"
	DeskAgencyBasis       = "/desk/organisations/{slug}/agency/{id}/basis"
	DeskReaders           = "/desk/organisations/{slug}/readers"
	DeskReaderAdd         = "/desk/organisations/{slug}/readers/add"
	DeskReaderChange      = "/desk/organisations/{slug}/readers/{id}/change"
	DeskReaderEnd         = "/desk/organisations/{slug}/readers/{id}/end"
	DeskReaderRetract     = "/desk/organisations/{slug}/readers/{id}/retract"
	DeskVersionAgencies   = DeskVersion + "/agencies"
	DeskVersionAgencyAdd  = DeskVersionAgencies + "/name"
	DeskVersionAgency     = DeskVersionAgencies + "/{id}"
	DeskCorrections       = "/desk/corrections"
	DeskCorrection        = "/desk/corrections/{id}"
	MyAgency              = "/my-agency"
	MyAgencyCorrection    = "/my-agency/correction"
	ArrangementAgencies   = ArrangementVersion + "/agencies"
)

// DeskAgenciesOf is the desk's list narrowed by one parameter.
func DeskAgenciesOf(name, value string) string {
	return DeskAgencies + "?" + url.Values{name: {value}}.Encode()
}

// DeskAgencyCategoryTo is where a category of the Schedule is changed.
func DeskAgencyCategoryTo(paragraph int) string {
	return DeskAgencyCategories + "/" + strconv.Itoa(paragraph)
}

// DeskAgencyAct is where an organisation's time as relevant agency is changed: change, basis, end.
func DeskAgencyAct[T ~int64](slug string, id T, act string) string {
	return DeskOrganisationTo(slug) + "/agency/" + number(id) + "/" + act
}

// DeskReadersTo is the page of an agency's readers and of the versions that name it.
func DeskReadersTo(slug string) string { return DeskOrganisationTo(slug) + "/readers" }

// DeskReaderAct is where something is done to a reader: change, end, retract.
func DeskReaderAct[T ~int64](slug string, id T, act string) string {
	return DeskReadersTo(slug) + "/" + number(id) + "/" + act
}

// DeskVersionAgenciesTo is where the agencies are named that a draft names.
func DeskVersionAgenciesTo(slug string, version int) string {
	return DeskVersionTo(slug, version) + "/agencies"
}

// DeskVersionAgencyAddTo is where agencies are chosen for a draft.
func DeskVersionAgencyAddTo(slug string, version int) string {
	return DeskVersionAgenciesTo(slug, version) + "/name"
}

// DeskVersionAgencyTo is where the reason for naming an agency is put better, or it is taken out.
func DeskVersionAgencyTo[T ~int64](slug string, version int, id T) string {
	return DeskVersionAgenciesTo(slug, version) + "/" + number(id)
}

// DeskCorrectionTo is where a proposed correction is answered.
func DeskCorrectionTo[T ~int64](id T) string { return DeskCorrections + "/" + number(id) }

// MyAgencyCorrectionFor is where the staff of an agency propose a correction.
func MyAgencyCorrectionFor(slug string) string {
	return MyAgencyCorrection + "?" + url.Values{"agency": {slug}}.Encode()
}

// ArrangementAgenciesTo is the page of the agencies that a published version names.
func ArrangementAgenciesTo(slug string, number int) string {
	return ArrangementVersionTo(slug, number) + "/agencies"
}
