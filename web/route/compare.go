package route

import (
	"net/url"
	"strconv"
	"strings"
)

// The pages of what changed between two texts.
const (
	ArrangementCompareAny = Arrangement + "/compare"
	ArrangementCompare    = ArrangementVersion + "/compare/{other}"
	DeskCompare           = DeskVersion + "/compare"
	SignOffText           = SignOffRound + "/text"
)

// ArrangementCompareAnyTo is where two published versions of a document are chosen to be compared.
func ArrangementCompareAnyTo(slug string) string { return ArrangementTo(slug) + "/compare" }

// ArrangementCompareTo is what changed from one published version to another.
func ArrangementCompareTo(slug string, from, to int) string {
	return ArrangementVersionTo(slug, from) + "/compare/" + strconv.Itoa(to)
}

// DeskCompareTo is what changed from a published version to one that is worked on: from the one in force where with is 0.
func DeskCompareTo(slug string, number, with int) string {
	path := DeskVersionTo(slug, number) + "/compare"
	if with != 0 {
		path += "?with=" + strconv.Itoa(with)
	}
	return path
}

// SignOffTextTo is the whole text that a round puts to the partners.
func SignOffTextTo[T ~int64](round T) string { return SignOffRoundTo(round) + "/text" }

// SignOffSinceTo is what changed in a round's text since an earlier round; since the version in force where that is 0.
func SignOffSinceTo[T ~int64](round T, earlier int64) string {
	return SignOffRoundTo(round) + "?since=" + number(earlier)
}

// OnlyChangedOf is a page of what changed without the sections that did not, or if all, with them.
func OnlyChangedOf(path string, all bool) string {
	base, rest, _ := strings.Cut(path, "?")
	query, err := url.ParseQuery(rest)
	if err != nil {
		query = url.Values{}
	}
	query.Del("sections")
	if !all {
		query.Set("sections", "changed")
	}
	if len(query) == 0 {
		return base
	}
	return base + "?" + query.Encode()
}
