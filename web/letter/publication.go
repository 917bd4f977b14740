package letter

import "fmt"

// Publication is what letters say of a published version.
type Publication struct {
	Title     string
	Version   int
	Published string // day in words
	Effective string // day in words
	Recorded  bool   // its sign-offs were made elsewhere
	URL       string // public page
}

func (p Publication) letter(o Office) Letter {
	l := o.letter("Published: " + p.Title)
	l.Facts = []Fact{{"Text", fmt.Sprintf("“%s”, version %d", p.Title, p.Version)}, {"Published", p.Published}, {"In force from", p.Effective}}
	if p.Recorded {
		l.Facts = append(l.Facts, Fact{"Sign-offs", "made elsewhere and recorded here"})
	}
	l.Link = Link{"Read it", p.URL}
	return l
}

// PublishedPartner tells the partners.
func PublishedPartner(o Office, p Publication) Letter {
	l := p.letter(o)
	l.Before = []string{"The text that the safeguarding partners signed off is published. There is nothing to do."}
	return l
}

// PublishedAgency tells the staff of a relevant agency.
func PublishedAgency(o Office, p Publication, agencies []string) Letter {
	l := p.letter(o)
	l.Before = []string{
		"A new text of " + o.Partnership + " is published. It concerns " + all(agencies) + " as a relevant agency.",
		"Please read what it asks of your agency before it is in force.",
	}
	return l
}

// PublishedSupport tells business support, and reminds them whom they are to tell.
func PublishedSupport(o Office, p Publication) Letter {
	l := p.letter(o)
	l.Subject = "Published, now tell the Department for Education: " + p.Title
	l.Before = []string{
		"The text is published. The partners and the staff of the relevant agencies have been told.",
		"The Department for Education is to be told too. The portal does not do that: please send it the address below.",
	}
	return l
}
