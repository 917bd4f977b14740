package route

import (
	"net/url"
	"strconv"
)

// Paths of business support's desk: what is waiting, and the drafting and publishing of documents. Appointments,
// organisations and letters have files of their own.
const (
	Desk                 = "/desk"
	DeskCreate           = "/desk/arrangements/new"
	DeskNextVersion      = "/desk/arrangements/{slug}/next-version"
	DeskVersion          = "/desk/arrangements/{slug}/versions/{number}"
	DeskDetails          = DeskVersion + "/details"
	DeskAreas            = DeskVersion + "/areas"
	DeskText             = DeskVersion + "/text"
	DeskWord             = DeskVersion + "/text.docx"
	DeskWordImport       = DeskVersion + "/import-word"
	DeskWordImportRun    = DeskVersion + "/import-word/{id}"
	DeskCoverage         = DeskVersion + "/coverage"
	DeskRequirement      = DeskCoverage + "/{requirement}"
	DeskTimeline         = DeskVersion + "/timeline"
	DeskDiscard          = DeskVersion + "/discard"
	DeskWithdraw         = DeskVersion + "/withdraw"
	DeskSectionNew       = DeskVersion + "/sections/new"
	DeskSection          = DeskVersion + "/sections/{section}"
	DeskSectionMove      = DeskSection + "/move"
	DeskSectionDelete    = DeskSection + "/delete"
	DeskOpenRound        = DeskVersion + "/round"
	DeskRecorded         = DeskVersion + "/recorded"
	DeskPublish          = DeskVersion + "/publish"
	DeskUnschedule       = DeskVersion + "/unschedule"
	DeskRoundText        = "/desk/rounds/{round}/text"
	DeskRecall           = "/desk/rounds/{round}/recall"
	DeskSetAside         = "/desk/rounds/{round}/set-aside"
	DeskConfirmRecorded  = "/desk/rounds/{round}/confirm-recorded"
	SignOffEvidence      = "/sign-off/{round}/evidence/{file}"
	deskArrangements     = "/desk/arrangements/"
	deskRounds           = "/desk/rounds/"
	recordedDayParameter = "?seats-on="
)

// DeskNextVersionTo is where the next version of a document is started.
func DeskNextVersionTo(slug string) string {
	return deskArrangements + url.PathEscape(slug) + "/next-version"
}

// DeskVersionTo is the desk's page of one version.
func DeskVersionTo(slug string, version int) string {
	return deskArrangements + url.PathEscape(slug) + "/versions/" + strconv.Itoa(version)
}

// DeskDetailsTo is where title, days and label of a version are changed.
func DeskDetailsTo(slug string, version int) string { return DeskVersionTo(slug, version) + "/details" }

// DeskAreasTo is where the areas of a version's document are changed.
func DeskAreasTo(slug string, version int) string { return DeskVersionTo(slug, version) + "/areas" }

// DeskTextTo is the whole text of a version as drafted.
func DeskTextTo(slug string, version int) string { return DeskVersionTo(slug, version) + "/text" }

// DeskCoverageTo is how a version meets the requirements of the guidance.
func DeskCoverageTo(slug string, version int) string {
	return DeskVersionTo(slug, version) + "/coverage"
}

// DeskRequirementTo is where it is said how a version meets one requirement.
func DeskRequirementTo(slug string, version, requirement int) string {
	return DeskCoverageTo(slug, version) + "/" + strconv.Itoa(requirement)
}

// DeskTimelineTo is the whole timeline of a version.
func DeskTimelineTo(slug string, version int) string {
	return DeskVersionTo(slug, version) + "/timeline"
}

// DeskWithdrawTo is where a published version is taken back.
func DeskWithdrawTo(slug string, version int) string {
	return DeskVersionTo(slug, version) + "/withdraw"
}

// DeskDiscardTo is where a draft is given up.
func DeskDiscardTo(slug string, version int) string { return DeskVersionTo(slug, version) + "/discard" }

// DeskWordTo is the text of a version as a Word document.
func DeskWordTo(slug string, version int) string { return DeskVersionTo(slug, version) + "/text.docx" }

// DeskWordImportTo is where a Word document is uploaded into a draft.
func DeskWordImportTo(slug string, version int) string {
	return DeskVersionTo(slug, version) + "/import-word"
}

// DeskWordImportRunTo is what was read of an uploaded Word document.
func DeskWordImportRunTo[T ~int64](slug string, version int, id T) string {
	return DeskWordImportTo(slug, version) + "/" + number(id)
}

// DeskSectionNewTo is where a section is added.
func DeskSectionNewTo(slug string, version int) string {
	return DeskVersionTo(slug, version) + "/sections/new"
}

// DeskSectionTo is the editor of one section.
func DeskSectionTo[T ~int64](slug string, version int, section T) string {
	return DeskVersionTo(slug, version) + "/sections/" + number(section)
}

// DeskSectionMoveTo is where a section is moved up or down.
func DeskSectionMoveTo[T ~int64](slug string, version int, section T) string {
	return DeskSectionTo(slug, version, section) + "/move"
}

// DeskSectionDeleteTo is where a section is deleted.
func DeskSectionDeleteTo[T ~int64](slug string, version int, section T) string {
	return DeskSectionTo(slug, version, section) + "/delete"
}

// DeskOpenRoundTo is where a draft is checked and put to the partners.
func DeskOpenRoundTo(slug string, version int) string { return DeskVersionTo(slug, version) + "/round" }

// DeskRecordedTo is where sign-offs made elsewhere are entered.
func DeskRecordedTo(slug string, version int) string {
	return DeskVersionTo(slug, version) + "/recorded"
}

// DeskRecordedOn is DeskRecordedTo with the day whose partners signed, as YYYY-MM-DD.
func DeskRecordedOn(slug string, version int, day string) string {
	return DeskRecordedTo(slug, version) + recordedDayParameter + url.QueryEscape(day)
}

// DeskPublishTo is where a signed version is published.
func DeskPublishTo(slug string, version int) string { return DeskVersionTo(slug, version) + "/publish" }

// DeskUnscheduleTo is where a set day of publication is given up.
func DeskUnscheduleTo(slug string, version int) string {
	return DeskVersionTo(slug, version) + "/unschedule"
}

// DeskRoundTextTo is the whole text of a round.
func DeskRoundTextTo[T ~int64](round T) string { return deskRounds + number(round) + "/text" }

// DeskRecallTo is where an open round is recalled.
func DeskRecallTo[T ~int64](round T) string { return deskRounds + number(round) + "/recall" }

// DeskSetAsideTo is where a complete round is set aside.
func DeskSetAsideTo[T ~int64](round T) string { return deskRounds + number(round) + "/set-aside" }

// DeskConfirmRecordedTo is where the second person confirms sign-offs made elsewhere.
func DeskConfirmRecordedTo[T ~int64](round T) string {
	return deskRounds + number(round) + "/confirm-recorded"
}

// SignOffEvidenceTo is a file that shows a sign-off made elsewhere.
func SignOffEvidenceTo[T ~int64](round T, file int64) string {
	return SignOffRoundTo(round) + "/evidence/" + number(file)
}
