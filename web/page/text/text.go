// Package text holds the wording of the standing public pages: how arrangements are agreed,
// accessibility, privacy and cookies. It is Markdown with places for the partnership's own details.
package text

import (
	_ "embed" // the texts are files
	"strings"
)

// The texts as written. The first line of each is its title; use Fill before showing one.
var (
	//go:embed how-arrangements-are-agreed.md
	HowArrangementsAreAgreed string
	//go:embed accessibility.md
	Accessibility string
	//go:embed privacy.md
	Privacy string
	//go:embed cookies.md
	Cookies string
)

// statementDate is the day on which the statements were written. It serves until a partnership sets its own.
const statementDate = "22 November 2026"

// Details are what a partnership puts in the places left open.
type Details struct {
	Partnership  string
	ContactEmail string
	ContactPhone string
	Prepared     string // day of a statement, as shown; empty: the day on which the text was written
	Reviewed     string // day of its last review, as shown; empty: Prepared
}

// Page is a text ready to be shown.
type Page struct {
	Title    string
	Markdown string // the body, without the title
}

// Fill puts the details in their places. A line that has a place for an empty detail is left out.
func Fill(markdown string, d Details) Page {
	if d.Prepared == "" {
		d.Prepared = statementDate
	}
	if d.Reviewed == "" {
		d.Reviewed = d.Prepared
	}
	places := []struct{ mark, value string }{
		{"{{partnership}}", d.Partnership},
		{"{{contact-email}}", d.ContactEmail},
		{"{{contact-phone}}", d.ContactPhone},
		{"{{statement-prepared}}", d.Prepared},
		{"{{statement-reviewed}}", d.Reviewed},
	}
	var filled strings.Builder
lines:
	for line := range strings.Lines(markdown) {
		for _, p := range places {
			if p.value == "" && strings.Contains(line, p.mark) {
				continue lines
			}
		}
		// One pass over the line: a value that looks like a place is not filled again.
		var pairs []string
		for _, p := range places {
			pairs = append(pairs, p.mark, escape(p.value))
		}
		filled.WriteString(strings.NewReplacer(pairs...).Replace(line))
	}
	title, body, _ := strings.Cut(filled.String(), "\n")
	return Page{Title: strings.TrimPrefix(title, "# "), Markdown: strings.TrimSpace(body) + "\n"}
}

// escape keeps a value from being read as mark-up: it is what somebody typed into the settings.
func escape(value string) string {
	value = strings.Join(strings.Fields(value), " ")
	var b strings.Builder
	for _, r := range value {
		if strings.ContainsRune("\\`*_[]<>()#|!~&", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
