// Package moderngov reads pages of a council's ModernGov site that somebody saved and uploads: the details of a
// decision, the history of an issue, and the list of decisions.
//
// Councils name and lay out these pages each in their own way, and the names can be wrong. So only what is plainly
// understood becomes a field. Everything else is kept as a remark under the label that the page gives it, and nothing
// is made up. The package is pure: no clock, no file, no database, and no address in a page is ever fetched.
package moderngov

import "partnershipportal/internal/day"

// The limits of a page that is read.
const (
	MaxFile       = 5 << 20 // bytes of the file as uploaded
	MaxCandidates = 500     // decisions on one page
	maxLabel      = 120     // characters
	maxText       = 100_000 // characters of one field
	maxRemarks    = 500     // of one decision
)

// Kind is the kind of a page, by the name that its address has.
type Kind string

// The kinds of page.
const (
	Details Kind = "ieDecisionDetails"    // one decision
	Issue   Kind = "mgIssueHistoryHome"   // one matter and what became of it
	List    Kind = "mgDelegatedDecisions" // many decisions, little of each
)

// Words name the kind in the middle of a sentence.
func (k Kind) Words() string {
	switch k {
	case Details:
		return "the page of one decision"
	case Issue:
		return "the page of an issue"
	case List:
		return "a list of decisions"
	}
	return ""
}

// Page is what a saved page holds.
type Page struct {
	Kind       Kind
	Address    string // where it was saved from, if it says so
	Candidates []Candidate
	Around     []Remark // text around a list that belongs to none of its decisions
	Notices    []string // what the reader should know, for example that the encoding had to be guessed
}

// Answer is an answer to a question that a page asks of a decision. Unsaid is none.
type Answer string

// The answers.
const (
	Unsaid Answer = ""
	Yes    Answer = "yes"
	No     Answer = "no"
)

// Candidate is one decision as a page tells of it. What the page does not say is left empty.
type Candidate struct {
	Number   string // as printed: 19/00035
	Ref      string // the number by which the site itself counts its decisions
	Title    string
	Maker    string // as printed: a post, a name or a meeting
	Status   string // the source's own words, kept
	Address  string // of the page about this decision
	Preamble string // the words before the limbs
	Limbs    []Limb

	Reasons      string
	Financial    string
	Consultation string
	Alternatives string
	Interests    string
	Dispensation string
	Background   string
	KeyReason    string

	Key         Answer
	CallIn      Answer // whether it is subject to call-in
	Restriction string // "open", "part exempt", "fully exempt", or nothing

	NoticeOn    day.Approx
	DueOn       day.Approx
	MadeOn      day.Approx
	PublishedOn day.Approx
	EffectiveOn day.Approx

	Attachments []Link
	Remarks     []Remark // everything else that the page says of it, in the page's order
}

// Limb is one part of a decision. A text that has no lettered parts is one limb without a letter.
type Limb struct {
	Letter string // a, b, c …
	Text   string
}

// Link is a document that a page names.
type Link struct {
	Text    string
	Address string // absolute where the page says where it comes from, else as printed; never a script
}

// Remark is something that a page says and that was not understood as a field.
type Remark struct {
	Label string // as the page prints it
	Text  string
}

// Labels of remarks for text that the page itself puts no label to.
const (
	Unlabelled   = "Text without a label"
	ListedUnder  = "Listed under"
	DateOfEntry  = "Date before the title"
	WordsOfEntry = "Words after the title"
)

func (c *Candidate) remark(label, text string) {
	if label == "" {
		label = Unlabelled
	}
	if text == "" || len(c.Remarks) > maxRemarks {
		return
	}
	if len(c.Remarks) == maxRemarks {
		label, text = Unlabelled, "There is more on the page, which was left out."
	}
	c.Remarks = append(c.Remarks, Remark{Label: label, Text: text})
}
