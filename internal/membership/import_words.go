package membership

import (
	"strconv"
	"strings"
)

// differences says in words what changes from one state of a body to the next.
func (b bodyState) differences(after bodyState) []string {
	var d differences
	d.add("Kind", b.Kind, after.Kind)
	d.add("First day", b.From.Long(), after.From.Long())
	d.add("Last day", b.To.Long(), after.To.Long())
	d.add("Note", b.Note, after.Note)
	return d
}

// differences says in words what changes from one state of a term to the next.
func (t termState) differences(after termState) []string {
	var d differences
	d.add("Basis", string(t.Basis), string(after.Basis))
	d.add("Categories", paragraphList(t.Categories), paragraphList(after.Categories))
	d.add("Reason", t.Reason, after.Reason)
	d.add("Last day as relevant agency", t.To.Long(), after.To.Long())
	return d
}

type differences []string

func (d *differences) add(what, before, after string) {
	if before == after {
		return
	}
	none := func(text string) string {
		if text == "" {
			return "none"
		}
		return "“" + shortened(strings.Join(strings.Fields(text), " ")) + "”"
	}
	*d = append(*d, what+": "+none(before)+" becomes "+none(after))
}

// words is the term in a few words.
func (t termState) words() string {
	words := "from " + t.From.Long()
	if !t.To.IsZero() {
		words += " to " + t.To.Long()
	}
	words += ", " + string(t.Basis)
	if len(t.Categories) > 0 {
		words += ", categories " + paragraphList(t.Categories)
	}
	return words
}

// paragraphList writes paragraphs as the column of categories has them.
func paragraphList(paragraphs []int) string {
	words := make([]string, len(paragraphs))
	for i, p := range paragraphs {
		words[i] = strconv.Itoa(p)
	}
	return strings.Join(words, "; ")
}
