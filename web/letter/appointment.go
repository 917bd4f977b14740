package letter

// Appointment is what letters say of an appointment.
type Appointment struct {
	Person       string
	Organisation string
	Office       string
	ActingFor    string // for a delegate
	From, To     string // days in words; To may be empty
}

func (a Appointment) facts() []Fact {
	facts := []Fact{{"Person", a.Person}, {"Body", a.Organisation}, {"Office", a.Office}}
	if a.ActingFor != "" {
		facts = append(facts, Fact{"Acting for", a.ActingFor})
	}
	facts = append(facts, Fact{"From", a.From})
	if a.To != "" {
		facts = append(facts, Fact{"To", a.To + " (last day)"})
	}
	return facts
}

// AppointmentProposed tells the person who is to sign for a body.
func AppointmentProposed(o Office, a Appointment, homeURL string) Letter {
	l := o.letter("You are proposed to sign for " + a.Organisation)
	l.Before = []string{
		"It is proposed that you act for " + a.Organisation + " in sign-offs.",
		"Another person confirms this first. You need do nothing now.",
	}
	l.Facts = a.facts()
	l.Link = Link{"Go to the portal", homeURL}
	l.After = []string{"If a particular is wrong, tell the business support team before it is confirmed."}
	return l
}

// AppointmentToConfirm asks those who may confirm an appointment to look at it; copy is for those who only know of it.
func AppointmentToConfirm(o Office, a Appointment, url string, copied bool) Letter {
	l := o.letter("To confirm: " + a.Person + " for " + a.Organisation)
	l.Before = []string{"An appointment is proposed. It gives the right to sign for " + a.Organisation + "."}
	if copied {
		l.Subject = "Proposed: " + a.Person + " for " + a.Organisation
		l.Before = append(l.Before, "An administrator confirms or refuses it. You need do nothing.")
	} else {
		l.Before = append(l.Before, "Please check the particulars, then confirm or refuse it. You can't confirm what you proposed, or your own appointment.")
	}
	l.Facts = a.facts()
	l.Link = Link{"See the appointment", url}
	return l
}

// AppointmentConfirmed tells the appointee that they may sign.
func AppointmentConfirmed(o Office, a Appointment, homeURL string) Letter {
	l := o.letter("You may now sign for " + a.Organisation)
	l.Before = []string{"Your appointment for " + a.Organisation + " is confirmed. It is good for the days below."}
	l.Facts = a.facts()
	l.Link = Link{"See what waits for you", homeURL}
	return l
}

// AppointmentConfirmedCopy tells business support of a confirmed appointment.
func AppointmentConfirmedCopy(o Office, a Appointment, url string) Letter {
	l := o.letter("Confirmed: " + a.Person + " for " + a.Organisation)
	l.Before = []string{"The appointment is confirmed. There is nothing to do."}
	l.Facts = a.facts()
	l.Link = Link{"See the appointment", url}
	return l
}

// AppointmentEnded tells the appointee, or business support as a copy, that an appointment ends or has ended.
func AppointmentEnded(o Office, a Appointment, url string, copied bool) Letter {
	l := o.letter("Your appointment for " + a.Organisation + " ends")
	l.Before = []string{"Your right to sign for " + a.Organisation + " ends. The particulars are below."}
	l.After = []string{"What you have signed stays valid."}
	if copied {
		l.Subject = "Ends: " + a.Person + " for " + a.Organisation
		l.Before = []string{"An appointment ends. The body may need another person who can sign."}
		l.After = []string{"What the person has signed stays valid."}
	}
	l.Facts = a.facts()
	l.Link = Link{"Go to the portal", url}
	return l
}
