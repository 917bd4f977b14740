package server

import (
	"strings"

	"partnershipportal/internal/decision"
)

// searchNote says how words were taken where records were found for others, and where an order was asked that a search
// does not have.
func searchNote(f decision.Filter, found decision.Search) string {
	var notes []string
	if len(found.Close) > 0 {
		notes = append(notes, "No record has "+eachQuoted(found.Close)+". These records have words that are spelt like it.")
	}
	if f.Text != "" && (f.Sort == decision.ByNumber || f.Sort == decision.ByNumberUp || f.Sort == decision.BySubject) {
		notes = append(notes, "A search has no order by number or subject. The best match comes first.")
	}
	return strings.Join(notes, " ")
}

// nothingFound helps somebody on whose words or filters no record matches.
func nothingFound(found decision.Search) string {
	switch {
	case found.NoWords:
		return "Words such as “the” and “of” find nothing by themselves. Add a word that says more, or a number."
	case len(found.Nowhere) > 0:
		return "No record has " + eachQuoted(found.Nowhere) + ", nor a word like it. Check how it is spelt, or leave it out."
	case found.Apart:
		return "Each of these words is in some record, but no record has them all. Leave one out."
	}
	return "No record matches. Change what you look for."
}

// eachQuoted names words in a sentence: “a” or “b”.
func eachQuoted(words []string) string {
	return "“" + strings.Join(words, "” or “") + "”"
}
