package route

import "strconv"

// Paths of the letters that the portal has written.
const (
	DeskMessages = "/desk/messages"
	DeskMessage  = "/desk/messages/{id}"
)

// DeskMessageTo is the page of one letter.
func DeskMessageTo[T ~int64](id T) string {
	return DeskMessages + "/" + strconv.FormatInt(int64(id), 10)
}
