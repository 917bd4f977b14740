package route

import "strconv"

// The pages that anybody may read, besides those around every page.
const (
	ArrangementSignOffs = ArrangementVersion + "/sign-offs"
	ArrangementCoverage = ArrangementVersion + "/coverage"
	ArrangementTimeline = ArrangementVersion + "/timeline"
	ArrangementContent  = ArrangementVersion + "/content.json"
	ArrangementWord     = ArrangementVersion + "/download.docx"
	ArrangementsOnAny   = Arrangements + "/on"
	ArrangementsOn      = ArrangementsOnAny + "/{date}"
	Documents           = "/documents"
	Verify              = "/verify"
	Sitemap             = "/sitemap.xml"
	Robots              = "/robots.txt"
)

// ArrangementCoverageTo is the page of how a version meets the guidance.
func ArrangementCoverageTo(slug string, number int) string {
	return ArrangementVersionTo(slug, number) + "/coverage"
}

// ArrangementSignOffsTo is the page of who signed a version.
func ArrangementSignOffsTo(slug string, number int) string {
	return ArrangementVersionTo(slug, number) + "/sign-offs"
}

// ArrangementTimelineTo is the page of how a version came about.
func ArrangementTimelineTo(slug string, number int) string {
	return ArrangementVersionTo(slug, number) + "/timeline"
}

// ArrangementContentTo is the file with the exact bytes of a version.
func ArrangementContentTo(slug string, number int) string {
	return ArrangementVersionTo(slug, number) + "/content.json"
}

// ArrangementWordTo is the text of a version as a Word document.
func ArrangementWordTo(slug string, number int) string {
	return ArrangementVersionTo(slug, number) + "/download.docx"
}

// ArrangementsOnTo is the page of what was in force on a day, given as YYYY-MM-DD.
func ArrangementsOnTo(date string) string { return ArrangementsOnAny + "/" + date }

// VerifyTo is the answer for a digest in hexadecimal; of a file that was sent, if so.
func VerifyTo(digest string, file bool) string {
	path := Verify + "?digest=" + digest
	if file {
		path += "&file=yes"
	}
	return path
}

// SectionAnchor is the place of a section on the page of its version.
func SectionAnchor(number int) string { return "s" + strconv.Itoa(number) }
