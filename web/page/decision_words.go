package page

import "strconv"

func (p Decision) publicationWords() string {
	if p.Publication < 2 {
		return ""
	}
	return " (publication " + strconv.Itoa(p.Publication) + ")"
}
