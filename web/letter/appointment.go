package letter

import "strings"

// Appointment is what letters say of an appointment.
type Appointment struct {
	Person       string
	Organisation string
	Office       string
	ActingFor    string // for a delegate
	Instrument   string // what gives the authority, if stated
	InstrumentOn string // its date in words, if it has one
	From, To     string // days in words; To may be empty
}

func (a Appointment) facts() []Fact {
	facts := []Fact{{"Person", a.Person}, {"Body", a.Organisation}, {"Office", a.Office}}
	if a.ActingFor != "" {
		facts = append(facts, Fact{"Acting for", a.ActingFor})
	}
	if a.Instrument != "" {
		facts = append(facts, Fact{"Under", under(a.Instrument, a.InstrumentOn)})
	}
	facts = append(facts, Fact{"From", a.From})
	if a.To != "" {
		facts = append(facts, Fact{"To", a.To + " (last day)"})
	}
	return facts
}

// under names what gives an authority, with its date.
func under(instrument, on string) string {
	if instrument == "" || on == "" {
		return instrument
	}
	return strings.TrimSuffix(instrument, ".") + " of " + on
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

// DelegateAskedFor asks business support to have a person invited whom a lead officer wants as delegate.
func DelegateAskedFor(o Office, a Appointment, lead, url string) Letter {
	l := o.letter("A delegate is asked for: " + a.Organisation)
	l.Before = []string{lead + " asks for a delegate who has no account yet.",
		"Please check the particulars and invite the person. An administrator then confirms the appointment as always."}
	l.Facts = a.facts()
	l.Link = Link{"Answer the request", url}
	return l
}

// DelegateDeclined tells the lead officer that a person is not invited.
func DelegateDeclined(o Office, a Appointment, reason, url string) Letter {
	l := o.letter("Your request for a delegate is declined")
	l.Before = []string{"Business support has not invited the person whom you asked for."}
	l.Facts = append(a.facts(), Fact{"Reason", reason})
	l.Link = Link{"See your delegates", url}
	return l
}
