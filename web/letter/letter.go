// Package letter has the words of every letter that the portal writes: subject, plain text and HTML. A letter says what
// is asked, by when and how. Its links lead to pages; none does anything by being opened.
package letter

import (
	"bytes"
	"context"
	"fmt"
	"strings"
)

// Letter is one letter before it is drawn. Text and HTML say the same.
type Letter struct {
	Partnership string
	Name        string // of the recipient
	Subject     string
	Before      []string // paragraphs before the facts and the link
	Facts       []Fact
	Link        Link
	After       []string // paragraphs after the link
	Contact     string   // whom to ask
}

// Fact is a line of a letter's list of particulars.
type Fact struct{ Label, Value string }

// Link is where a letter leads.
type Link struct{ Words, URL string }

// Office is what every letter needs to know of the partnership.
type Office struct {
	Partnership string
	Contact     string // e-mail address or telephone number for questions, if there is one
}

func (o Office) letter(subject string) Letter {
	l := Letter{Partnership: o.Partnership, Subject: subject}
	if o.Contact != "" {
		l.Contact = "Questions? Ask the business support team: " + o.Contact
	}
	return l
}

// To returns the letter addressed to a person.
func (l Letter) To(name string) Letter {
	l.Name = name
	return l
}

const closing = "The portal sent this letter by itself. Replies to it are not read."

func (l Letter) greeting() string {
	if l.Name == "" {
		return "Hello,"
	}
	return "Dear " + l.Name + ","
}

// Text is the letter in plain text.
func (l Letter) Text() string {
	var b strings.Builder
	paragraph := func(s string) { b.WriteString(s + "\n\n") }
	paragraph(l.greeting())
	for _, p := range l.Before {
		paragraph(p)
	}
	for _, f := range l.Facts {
		fmt.Fprintf(&b, "%s: %s\n", f.Label, f.Value)
	}
	if len(l.Facts) > 0 {
		b.WriteString("\n")
	}
	if l.Link.URL != "" {
		paragraph(l.Link.Words + ":\n" + l.Link.URL)
	}
	for _, p := range l.After {
		paragraph(p)
	}
	if l.Contact != "" {
		paragraph(l.Contact)
	}
	paragraph(l.Partnership)
	b.WriteString(closing + "\n")
	return b.String()
}

// HTML is the letter for mail programs that show formatted text.
func (l Letter) HTML(ctx context.Context) (string, error) {
	var b bytes.Buffer
	if err := sheet(l).Render(ctx, &b); err != nil {
		return "", fmt.Errorf("draw the letter %q: %w", l.Subject, err)
	}
	return b.String(), nil
}
