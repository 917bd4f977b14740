package letter

import (
	"fmt"
	"strings"
)

// Round is what letters say of a round of sign-off.
type Round struct {
	Title     string // of the paper
	Version   int    // of a document; zero for a financial year
	Number    int
	Effective string // day in words; empty for a financial year
	Due       string // day in words, or empty
	Digest    string // in hexadecimal
	Seats     int
	URL       string
	// ReceiptURL is the page of the officer's own receipt, for receipts.
	ReceiptURL string
}

func (r Round) paper() string {
	if r.isYear() {
		return "“" + r.Title + "”"
	}
	return fmt.Sprintf("“%s”, version %d", r.Title, r.Version)
}

// isYear tells whether the contributions and the budget of a financial year are put to the partners, not a text.
func (r Round) isYear() bool { return r.Version == 0 }

// word is what people call what is signed.
func (r Round) word() string {
	if r.isYear() {
		return "paper"
	}
	return "text"
}

// named is the fact that names what is signed.
func (r Round) named() Fact { return Fact{Label: capital(r.word()), Value: r.paper()} }

func (r Round) digest() Fact { return Fact{"Digest of the " + r.word() + " (SHA-256)", r.Digest} }

// again says what becomes of it after a round without success.
func (r Round) again() string {
	if r.isYear() {
		return "the year can be changed again"
	}
	return "the text is a draft again"
}

// draft is what people call it while it can be changed.
func (r Round) draft() string {
	if r.isYear() {
		return "proposal"
	}
	return "draft"
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func (r Round) facts() []Fact {
	facts := []Fact{r.named(), {"Round", fmt.Sprint(r.Number)}}
	if r.Effective != "" {
		facts = append(facts, Fact{"In force from", r.Effective})
	}
	return facts
}

// asked are the facts of a round that waits for answers.
func (r Round) asked() []Fact {
	if r.Due == "" {
		return r.withDigest()
	}
	return append(r.withDigest(), Fact{"Please answer by", r.Due})
}

func (r Round) withDigest() []Fact {
	return append(r.facts(), r.digest())
}

// answerBy says by when, and that the day is advice.
func (r Round) answerBy() string {
	if r.Due == "" {
		return "There is no set day for your answer."
	}
	return "Please answer by " + r.Due + ". The round stays open after that day."
}

// all joins names as people say them.
func all(names []string) string {
	switch len(names) {
	case 0:
		return "your body"
	case 1:
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// RoundOpened asks an officer to sign for their bodies.
func RoundOpened(o Office, r Round, bodies []string) Letter {
	l := o.letter("Please sign off: " + r.Title)
	l.Before = []string{
		"You are asked to sign off a " + r.word() + " for " + all(bodies) + ". Every safeguarding partner is asked to sign the same " + r.word() + ".",
		r.answerBy(),
	}
	l.Facts = r.asked()
	l.Link = Link{"Read the " + r.word() + " and answer", r.URL}
	l.After = []string{
		"You sign in, read the " + r.word() + ", and then sign it or decline with reasons. You can also ask a question or request a change first.",
		"Opening the link signs nothing.",
	}
	return l
}

// RoundOpenedOffice tells the private office what its lead officer is asked.
func RoundOpenedOffice(o Office, r Round, bodies []string) Letter {
	l := o.letter("Your lead officer is asked to sign off: " + r.Title)
	l.Before = []string{
		"The lead officer of " + all(bodies) + " is asked to sign off a " + r.word() + ". You can read it too.",
		r.answerBy(),
	}
	l.Facts = r.asked()
	l.Link = Link{"Read the " + r.word(), r.URL}
	l.After = []string{"You can ask a question or request a change. Only the lead officer or a delegate signs."}
	return l
}

// RoundOpenedCopy tells business support or the scrutineer that a round is open.
func RoundOpenedCopy(o Office, r Round, scrutineer bool) Letter {
	l := o.letter("Sign-off is open: " + r.Title)
	l.Before = []string{fmt.Sprintf("A %s was put to %s. Their lead officers have been asked to sign it.", r.word(), partners(r.Seats))}
	if scrutineer {
		l.Before = append(l.Before, "This is for your information. You can read the "+r.word()+" and follow the round.")
	} else {
		l.Before = append(l.Before, "The "+r.word()+" can't be edited while the round is open. You can recall it with a reason.")
	}
	l.Facts = r.asked()
	l.Link = Link{"See the round", r.URL}
	return l
}

func partners(n int) string {
	if n == 1 {
		return "one safeguarding partner"
	}
	return fmt.Sprintf("%d safeguarding partners", n)
}

// Complete tells that every seat has signed; to those who publish it says so.
func Complete(o Office, r Round, publishes bool) Letter {
	l := o.letter("Signed by everyone: " + r.Title)
	l.Before = []string{fmt.Sprintf("All of the %s have signed the same %s. The round is complete.", partners(r.Seats), r.word())}
	l.Facts = r.withDigest()
	l.Link = Link{"See the round", r.URL}
	if r.isYear() {
		l.agreed(r, publishes)
		return l
	}
	if publishes {
		l.Subject = "Ready to publish: " + r.Title
		l.Before = append(l.Before, "Please publish it, today or on a set day. You can instead set the round aside with a reason.")
	} else {
		l.Before = append(l.Before, "There is nothing to do. The business support team publishes it, and you will be told.")
	}
	if publishes {
		l.Link.Words = "Go to the version"
	}
	return l
}

// agreed says what follows for a financial year: it is agreed by the last signature, and released when support thinks fit.
func (l *Letter) agreed(r Round, publishes bool) {
	l.Subject = "Agreed by everyone: " + r.Title
	if !publishes {
		l.Before = append(l.Before, "The year is agreed. There is nothing to do.")
		return
	}
	l.Before = append(l.Before, "The year is agreed, and its contributions are recorded. Please release it, so that the public can see it.")
	l.Link.Words = "Go to the year"
}

// Declined tells that a body has declined. The reasons stand in the portal alone.
func Declined(o Office, r Round, body string, drafts bool) Letter {
	l := o.letter(body + " has declined: " + r.Title)
	l.Before = []string{body + " has declined to sign. The round has ended, and " + r.again() + "."}
	if drafts {
		l.Before = append(l.Before, "Please read the reasons and change the "+r.draft()+". A new round is then needed.")
	} else {
		l.Before = append(l.Before, "There is nothing to sign any more. A changed "+r.word()+" will come in a new round.")
	}
	l.Facts = r.facts()
	l.Link = Link{"Read the reasons", r.URL}
	l.After = []string{"The reasons are not in this letter. They are for the partners, their offices, business support and the scrutineer."}
	return l
}

// Recalled tells that business support took the text back.
func Recalled(o Office, r Round) Letter {
	l := o.letter("Taken back: " + r.Title)
	l.Before = []string{
		"The business support team has recalled the " + r.word() + ". The round has ended.",
		"There is nothing to sign any more. A changed " + r.word() + " will come in a new round.",
	}
	l.Facts = r.facts()
	l.Link = Link{"Read why", r.URL}
	l.After = []string{"Signatures that were given stay on record as evidence."}
	return l
}

// SetAside tells that a complete round is not to be published.
func SetAside(o Office, r Round) Letter {
	l := o.letter("Set aside: " + r.Title)
	l.Before = []string{
		"The text was signed by everyone, but it will not be published. The round was set aside.",
		"A new round is needed. You will be asked again.",
	}
	l.Facts = r.facts()
	l.Link = Link{"Read why", r.URL}
	l.After = []string{"Signatures that were given stay on record as evidence."}
	return l
}

// RecordedEntered asks for the confirmation of sign-offs that were made elsewhere.
func RecordedEntered(o Office, r Round, by string) Letter {
	l := o.letter("To confirm: recorded sign-offs of " + r.Title)
	l.Before = []string{
		by + " has entered sign-offs that were made elsewhere.",
		"Please compare them with their sources, then confirm them. The person who entered them can't.",
	}
	l.Facts = r.withDigest()
	l.Link = Link{"See the recorded sign-offs", r.URL}
	return l
}

// RecordedConfirmed tells that recorded sign-offs have been checked.
func RecordedConfirmed(o Office, r Round, publishes bool) Letter {
	l := o.letter("Confirmed: recorded sign-offs of " + r.Title)
	l.Before = []string{"A second person has confirmed the sign-offs that were made elsewhere."}
	if publishes {
		l.Before = append(l.Before, "The version can now be published. It will be marked as recorded.")
	} else {
		l.Before = append(l.Before, "There is nothing to do. They are marked as recorded wherever they are shown.")
	}
	l.Facts = r.withDigest()
	l.Link = Link{"See the recorded sign-offs", r.URL}
	return l
}
