package route

import "net/url"

// Paths of what became of organisations: renamed, merged, split, taken over or abolished.
const (
	DeskSuccessions       = "/desk/successions"
	DeskSuccessionRecord  = "/desk/successions/record"
	DeskSuccession        = "/desk/successions/{id}"
	DeskSuccessionReverse = "/desk/successions/{id}/reverse"
)

// DeskSuccessionRecordOf is where a succession is recorded, with its predecessor filled in.
func DeskSuccessionRecordOf(slug string) string {
	return DeskSuccessionRecord + "?" + url.Values{"predecessors": {slug}}.Encode()
}

// DeskSuccessionTo is the page of one succession.
func DeskSuccessionTo[T ~int64](id T) string { return DeskSuccessions + "/" + number(id) }

// DeskSuccessionReverseTo is where a succession that was recorded in error is taken back.
func DeskSuccessionReverseTo[T ~int64](id T) string { return DeskSuccessionTo(id) + "/reverse" }
