package letter

// Decision is what letters say of a record of decision: which it is, and its days. What it says is only read in the portal.
type Decision struct {
	Body      string
	Number    string
	Subject   string // empty where it is not for everybody's eyes
	Maker     string // by post
	Notice    string // the days in words; empty where they are not known
	Earliest  string
	Due       string
	Made      string
	Effective string
	Route     string // "general exception" or "special urgency"
	URL       string
}

// name is the record in a subject line.
func (d Decision) name() string {
	switch {
	case d.Subject == "" && d.Number == "":
		return "a record of " + d.Body
	case d.Subject == "":
		return d.Number + " of " + d.Body
	case d.Number == "":
		return d.Subject
	}
	return d.Number + ", " + d.Subject
}

func (d Decision) letter(o Office, subject string, before ...string) Letter {
	l := o.letter(subject + ": " + d.name())
	l.Before = before
	for _, f := range []Fact{{"Subject", d.Subject}, {"Number", d.Number}, {"Body", d.Body}, {"Decision maker", d.Maker}, {"Notice given", d.Notice},
		{"First day on which it may be made", d.Earliest}, {"Decision due", d.Due}, {"Made", d.Made}, {"Takes effect", d.Effective}} {
		if f.Value != "" {
			l.Facts = append(l.Facts, f)
		}
	}
	l.Link = Link{"Read the record", d.URL}
	return l
}

// settled leaves the days of the notice out: they are over.
func (d Decision) settled() Decision {
	d.Notice, d.Earliest, d.Due = "", "", ""
	return d
}

// DecisionNotice tells that a key decision is coming.
func DecisionNotice(o Office, d Decision, proposed bool) Letter {
	what := "Notice of a key decision is published. Nothing is decided yet."
	if proposed {
		what = "The proposed record of a key decision is published. Nothing is decided yet."
	}
	l := d.letter(o, "Key decision to come", what)
	if d.Route != "" {
		l.Before = append(l.Before, "It is to be taken under "+d.Route+", with less than the usual notice.")
	}
	return l
}

// DecisionUrgent gives notice to the post that a rule of urgency names: the chair of scrutiny is told, or has agreed.
func DecisionUrgent(o Office, d Decision, agreed bool) Letter {
	l := d.letter(o, "Notice under "+d.Route, "A key decision is to be taken under "+d.Route+".", "You have this letter because the record says that notice was given to your post.")
	if agreed {
		l.Before[1] = "You have this letter because the record says that your post has agreed."
	}
	l.After = []string{"If that is not right, tell the business support team at once."}
	return l
}

// DecisionUnreached tells business support that the portal could not write to a post.
func DecisionUnreached(o Office, d Decision, post string) Letter {
	l := d.letter(o, "Please tell “"+post+"” of a decision", "The record says that “"+post+"” was told of the urgency, or agreed to it.",
		"The portal knows no address of that post. Please send the notice yourself.")
	return l
}

// DecisionMade tells that a decision was made and is published.
func DecisionMade(o Office, d Decision, calledInUntil bool) Letter {
	l := d.settled().letter(o, "Decision made", "A decision is made, and its record is published.")
	switch {
	case calledInUntil && d.Effective != "":
		l.Before = append(l.Before, "It takes effect on "+d.Effective+" unless it is called in before.")
	case calledInUntil:
		l.Before = append(l.Before, "It can still be called in.")
	}
	return l
}

// DecisionCalledIn tells that a decision is called in.
func DecisionCalledIn(o Office, d Decision, meeting string) Letter {
	d.Effective = ""
	l := d.settled().letter(o, "Called in", "The decision is called in. It does not take effect while the call-in is open.")
	if meeting != "" {
		l.Facts = append(l.Facts, Fact{"Meeting about the call-in", meeting})
	}
	return l
}

// DecisionCallInEnded tells how a call-in ended.
func DecisionCallInEnded(o Office, d Decision, outcome, on string) Letter {
	d.Effective = ""
	l := d.settled().letter(o, "Call-in ended", "The call-in of the decision has ended. The record says when it takes effect.")
	l.Facts = append(l.Facts, Fact{"Outcome", outcome}, Fact{"Ended", on})
	return l
}

// DecisionWithdrawn tells that a record is withdrawn.
func DecisionWithdrawn(o Office, d Decision) Letter {
	d.Effective = ""
	return d.settled().letter(o, "Withdrawn", "The record of decision is withdrawn. The page gives the reason.")
}

// DecisionDeadline reminds of a day that is coming.
func DecisionDeadline(o Office, d Decision, what, on string) Letter {
	l := Decision{Body: d.Body, Number: d.Number, Subject: d.Subject, Maker: d.Maker, URL: d.URL}.letter(o, "Coming up", "A day of this record is coming.")
	l.Facts = append(l.Facts, Fact{what, on})
	l.Link.Words = "See the record and what it still needs"
	return l
}
