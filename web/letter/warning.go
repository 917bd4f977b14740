package letter

// Risk is what letters say of a seat that is at risk.
type Risk struct {
	Body  string
	Paper string // in words
	Why   string // empty, ended, ends or succeeded
	On    string // day in words; empty where it is so today
	URL   string
}

// AppointmentEnding warns that an appointment ends and nobody is confirmed to follow.
func AppointmentEnding(o Office, a Appointment, url string, support bool) Letter {
	l := o.letter("Ends soon: who signs for " + a.Organisation)
	l.Before = []string{a.Person + " can sign for " + a.Organisation + " only until " + a.To + ".", "Nobody is confirmed to follow yet."}
	l.Facts = a.facts()
	l.Link = Link{"See what is at risk", url}
	l.After = []string{"Please tell the business support team who follows. Two people then propose and confirm the appointment."}
	if support {
		l.Link.Words = "See what needs attention"
		l.After = []string{"Please propose the next appointment in time. An administrator confirms it."}
	}
	return l
}

// SeatAtRisk warns that a round cannot complete as things stand.
func SeatAtRisk(o Office, r Risk, support bool) Letter {
	l := o.letter("At risk: the sign-off of " + r.Paper)
	what, mend := "Nobody can act for "+r.Body+" today.", "An appointment has to be proposed and confirmed."
	const again = "The round has to be recalled, and opened again with the body that takes over."
	switch r.Why {
	case "ended":
		what, mend = r.Body+" stopped being a safeguarding partner on "+r.On+", so it cannot act.", again
	case "ends":
		what, mend = r.Body+" stops being a safeguarding partner after "+r.On+".", "Please act before that day. After it "+lower(again)
	case "succeeded":
		what, mend = "Another body takes over from "+r.Body+" on "+r.On+".", "Please act before that day. After it "+lower(again)
	}
	l.Before = []string{what, "The round is open, and completes only when every seat has signed."}
	l.Facts = []Fact{{"Body", r.Body}, {"Paper", r.Paper}}
	l.Link = Link{"See the round", r.URL}
	l.After = []string{mend}
	if !support {
		l.After = append(l.After, "The business support team can mend this.")
	}
	return l
}

// lower begins a sentence of ours with a small letter, to go on from another.
func lower(s string) string { return "t" + s[1:] }
