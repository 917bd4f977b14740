package route

import "strconv"

// Paths of the sign-off, for every kind of paper.
const (
	SignOff      = "/sign-off"
	SignOffRound = "/sign-off/{round}"
)

// SignOffRoundTo is the page of one round.
func SignOffRoundTo[T ~int64](round T) string {
	return SignOff + "/" + strconv.FormatInt(int64(round), 10)
}
