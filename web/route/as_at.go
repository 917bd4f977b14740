package route

import "net/url"

// How things stood on a day.
const (
	AsAtAny      = "/as-at"
	AsAt         = AsAtAny + "/{date}"
	AsAtPartners = AsAt + "/partners"
	AsAtAgencies = AsAt + "/agencies"
)

// AsAtTo is the page of how things stood on a day, given as YYYY-MM-DD; with a second one, as they were known then.
func AsAtTo(date, known string) string {
	return Asking(AsAtAny+"/"+url.PathEscape(date), AsAtQuery(known, ""))
}

// AsAtPartnersTo is the list of the day's safeguarding partners, without the ending of a file.
func AsAtPartnersTo(date string) string { return AsAtAny + "/" + url.PathEscape(date) + "/partners" }

// AsAtAgenciesTo is the list of the day's relevant agencies, without the ending of a file.
func AsAtAgenciesTo(date string) string { return AsAtAny + "/" + url.PathEscape(date) + "/agencies" }

// AsAtQuery asks for what was known on a day, and for the agencies after a key.
func AsAtQuery(known, after string) string {
	q := url.Values{}
	if known != "" {
		q.Set("known", known)
	}
	if after != "" {
		q.Set("after", after)
	}
	return q.Encode()
}
