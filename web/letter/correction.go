package letter

// Correction is what letters say of a correction to an agency's entry. What is wrong, and the answer, are only read in
// the portal.
type Correction struct {
	Organisation string
	About        string // what of the entry, in words
	Proposed     string // day in words
}

func (c Correction) facts() []Fact {
	return []Fact{{"Relevant agency", c.Organisation}, {"About", c.About}, {"Proposed on", c.Proposed}}
}

// CorrectionProposed asks business support to answer a proposal.
func CorrectionProposed(o Office, c Correction, url string) Letter {
	l := o.letter("To answer: a correction for " + c.Organisation)
	l.Before = []string{"The staff of " + c.Organisation + " propose a correction to its entry.", "Please accept it, or decline it with a reason."}
	l.Facts = c.facts()
	l.Link = Link{"See the proposal", url}
	return l
}

// CorrectionAnswered tells the person who proposed a correction that it is answered.
func CorrectionAnswered(o Office, c Correction, accepted bool, url string) Letter {
	l := o.letter("Your correction for " + c.Organisation + " is accepted")
	l.Before = []string{"Business support has accepted the correction that you proposed."}
	if !accepted {
		l.Subject = "Your correction for " + c.Organisation + " is declined"
		l.Before = []string{"Business support has declined the correction that you proposed. The page gives the reason."}
	}
	l.Facts = c.facts()
	l.Link = Link{"Read the answer", url}
	return l
}
