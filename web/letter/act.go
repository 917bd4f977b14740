package letter

import "fmt"

// Act is what letters say of a signature or a refusal.
type Act struct {
	Officer      string
	Office       string
	ActingFor    string // for a delegate: the office in whose place they act
	Body         string
	Instrument   string // for a delegate: what gives the authority
	InstrumentOn string // its date in words, if it has one
	At           string // in words
	Method       string
	Signed       int // seats that have signed so far
}

func (a Act) facts() []Fact {
	facts := []Fact{{"Body", a.Body}, {"Office", a.Office}}
	if a.ActingFor != "" {
		acting := a.Body
		if under := under(a.Instrument, a.InstrumentOn); under != "" {
			acting += " under " + under
		}
		facts = append(facts, Fact{"Acting for", acting + ", in place of the " + a.ActingFor})
	}
	return append(facts, Fact{"Officer", a.Officer}, Fact{"When", a.At}, Fact{"Proof of person", a.Method})
}

// SignedReceipt is the signer's receipt.
func SignedReceipt(o Office, r Round, a Act) Letter {
	l := o.letter("Receipt: you signed " + r.Title)
	l.Before = []string{
		"You signed this " + r.word() + " for " + a.Body + ". Please keep this letter as your receipt.",
		fmt.Sprintf("%d of %d have signed.", a.Signed, r.Seats),
	}
	l.Facts = append(a.facts(), r.receiptFacts()...)
	l.Link = Link{"See your receipt", r.ReceiptURL}
	l.After = []string{"If you did not sign, tell the business support team at once."}
	return l
}

// DeclinedReceipt is the receipt of an officer who declined.
func DeclinedReceipt(o Office, r Round, a Act) Letter {
	l := o.letter("Receipt: you declined " + r.Title)
	l.Before = []string{
		"You declined to sign this " + r.word() + " for " + a.Body + ". Please keep this letter as your receipt.",
		"The round has ended. Your reasons are kept in the portal.",
	}
	l.Facts = append(a.facts(), r.receiptFacts()...)
	l.Link = Link{"See your receipt", r.ReceiptURL}
	l.After = []string{"If you did not decline, tell the business support team at once."}
	return l
}

// Signed tells the others of a round that a body has signed.
func Signed(o Office, r Round, a Act) Letter {
	l := o.letter(fmt.Sprintf("%s has signed, %d of %d: %s", a.Body, a.Signed, r.Seats, r.Title))
	l.Before = []string{
		a.Body + " has signed the " + r.word() + ".",
		fmt.Sprintf("%d of %d have signed. You will be told when everyone has.", a.Signed, r.Seats),
	}
	l.Facts = append(a.facts(), r.receiptFacts()...)
	l.Link = Link{"See the round", r.URL}
	return l
}

func (r Round) receiptFacts() []Fact {
	return []Fact{r.named(), {"Round", fmt.Sprint(r.Number)}, r.digest()}
}

// RemarkPut tells of a question or a requested change; to those who answer it says so.
func RemarkPut(o Office, r Round, kind, body string, answers bool) Letter {
	what := "A " + kind
	l := o.letter(what + " from " + body + ": " + r.Title)
	l.Before = []string{body + " has put a " + kind + " on the open round. The round stays open."}
	if answers {
		l.Before = append(l.Before, "Please answer it on the page of the round.")
	} else {
		l.Before = append(l.Before, "The business support team will answer it, and you will be told.")
	}
	l.Facts = r.facts()
	l.Link = Link{"Read it", r.URL}
	return l
}

// RemarkAnswered tells that a question or a requested change has its answer.
func RemarkAnswered(o Office, r Round, kind, body string) Letter {
	l := o.letter("Answered: the " + kind + " from " + body + " on " + r.Title)
	l.Before = []string{
		"The business support team has answered the " + kind + " from " + body + ".",
		"The answer is on the page of the round.",
	}
	l.Facts = r.facts()
	l.Link = Link{"Read the answer", r.URL}
	return l
}

// ScrutinyFiled tells that the independent scrutineer has filed a statement on an open round.
func ScrutinyFiled(o Office, r Round) Letter {
	l := o.letter("The independent scrutineer's statement: " + r.Title)
	l.Before = []string{
		"The independent scrutineer has filed a statement on the text that is put to the safeguarding partners.",
		"Please read it before you sign. It is published with the text.",
	}
	l.Facts = r.facts()
	l.Link = Link{"Read it", r.URL}
	return l
}
