package letter

// Succession is what letters say of a succession.
type Succession struct {
	What       string // in one sentence: "NHS Kent and Medway follows Kent CCGs"
	From       string // the first day on which it is so
	Outlasting string // functions that the predecessor keeps
	Reason     string // why it was taken back
}

func (s Succession) facts() []Fact {
	facts := []Fact{{"What", s.What}, {"From", s.From}}
	if s.Outlasting != "" {
		facts = append(facts, Fact{"Functions that the earlier body keeps", s.Outlasting})
	}
	if s.Reason != "" {
		facts = append(facts, Fact{"Why it was taken back", s.Reason})
	}
	return facts
}

// SuccessionRecorded tells those whose body it concerns (own), and the safeguarding partners beside it.
func SuccessionRecorded(o Office, s Succession, url string, own bool) Letter {
	l := o.letter("Change of organisation: " + s.What)
	l.Before = []string{"The partnership has recorded a change of organisation. The particulars are below."}
	if own {
		l.After = []string{
			"What your body signed stays valid, under the name that it had on the day.",
			"A body that ends signs nothing after its last day. Another body’s officers need appointments of their own.",
		}
	} else {
		l.After = []string{"What was signed stays valid. If a sign-off is open, the business support team may have to open it anew."}
	}
	l.Facts = s.facts()
	l.Link = Link{"See the history of the organisation", url}
	return l
}

// SuccessionReversed tells the same people that it was recorded in error.
func SuccessionReversed(o Office, s Succession, url string) Letter {
	l := o.letter("Taken back: " + s.What)
	l.Before = []string{"A change of organisation was recorded in error, and is taken back. The records are as they were before."}
	l.Facts = s.facts()
	l.Link = Link{"See the history of the organisation", url}
	return l
}
