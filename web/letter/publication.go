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

// Withdrawal is what letters say of a version that was withdrawn.
type Withdrawal struct {
	Title   string
	Version int
	On      string // day in words
	Reason  string
	Closed  bool   // nobody can read the text any more, for a legal reason
	InForce string // what is in force now: "version 1"; empty if nothing is
	URL     string // public page
}

// Withdrawn tells the partners, the staff of the relevant agencies and business support.
func Withdrawn(o Office, w Withdrawal) Letter {
	l := o.letter("Withdrawn: " + w.Title)
	l.Before = []string{"A published text was withdrawn. It no longer counts."}
	l.Facts = []Fact{{"Text", fmt.Sprintf("“%s”, version %d", w.Title, w.Version)}, {"Withdrawn", w.On}, {"Reason", w.Reason}}
	switch {
	case w.InForce != "":
		l.Facts = append(l.Facts, Fact{"In force now", w.InForce})
	default:
		l.Facts = append(l.Facts, Fact{"In force now", "no version"})
	}
	if w.Closed {
		l.Before = append(l.Before, "Its text is closed for a legal reason. Please keep no copies on show.")
	}
	l.Link = Link{"See its page", w.URL}
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
