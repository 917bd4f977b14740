package decision

import (
	"fmt"
	"strings"
)

// flag keeps findings: published history that disagrees is accepted.
func (l *ImportLine) flag(found []Finding) {
	for _, f := range found {
		l.Flags = append(l.Flags, f.Text)
	}
}

// more says what comes with a record besides its fields.
func (l *ImportLine) more(e importEntry, exempt []Part) {
	if n := len(e.Remarks); n > 0 {
		l.Details = append(l.Details, counted(n, "remark", "remarks")+" of what was not understood")
	}
	if n := len(e.CallIns); n > 0 {
		l.Details = append(l.Details, counted(n, "call-in", "call-ins"))
	}
	for _, p := range exempt {
		l.Details = append(l.Details, "Exempt passage: "+p.Words())
	}
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// difference says in words what changes. Long texts are not repeated.
func (f importField) difference(before, after string) string {
	name := strings.ToUpper(f.words[:1]) + f.words[1:]
	if f.long {
		return name + " changes"
	}
	quoted := func(text string) string {
		if text == "" {
			return "none"
		}
		return "“" + shortText(text) + "”"
	}
	return name + ": " + quoted(before) + " becomes " + quoted(after)
}
