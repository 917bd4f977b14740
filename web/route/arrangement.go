package route

import (
	"net/url"
	"strconv"
)

// Public paths of the arrangements.
const (
	Arrangement        = "/arrangements/{slug}"
	ArrangementVersion = "/arrangements/{slug}/versions/{number}"
)

// ArrangementTo is the public page of the arrangements in force.
func ArrangementTo(slug string) string { return Arrangements + "/" + url.PathEscape(slug) }

// ArrangementVersionTo is the public page of one version.
func ArrangementVersionTo(slug string, number int) string {
	return ArrangementTo(slug) + "/versions/" + strconv.Itoa(number)
}
