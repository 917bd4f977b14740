package server

import (
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"partnershipportal/internal/day"
	"partnershipportal/internal/decision"
	"partnershipportal/internal/fault"
	"partnershipportal/web/form"
	"partnershipportal/web/ui"
)

// mayMove refuses a move that does not follow from the record's stage.
func mayMove(to decision.Stage) func(decision.Full) error {
	return func(d decision.Full) error {
		if !d.Stage.CanMove(to) {
			return fault.New(fault.Conflict, "The record is at “"+d.Stage.Words()+"”. From there it can't move to “"+to.Words()+"”.")
		}
		return nil
	}
}

// neededFirst are the parts that the next stage needs and the form of the move does not ask for.
func neededFirst(to decision.Stage, asked ...decision.Part) func(*askedRecord) []decision.Need {
	return func(a *askedRecord) []decision.Need {
		for _, next := range a.d.Next {
			if next.Stage == to {
				return slices.DeleteFunc(missingNeeds(next.Needs), func(n decision.Need) bool { return slices.Contains(asked, n.Part) })
			}
		}
		return nil
	}
}

func (a *askedRecord) move(to decision.Stage, c decision.Changes, reason string) error {
	if a.f.Errors().Any() {
		return nil
	}
	return a.s.Decisions.Move(a.r.Context(), actorOf(a.r), decision.MoveCommand{ID: a.d.ID, Revision: a.revision, To: to, Changes: c, WithdrawnReason: reason})
}

// checkRows begin a check page: which record, from which stage to which.
func (a *askedRecord) checkRows(to decision.Stage) []ui.Row {
	return []ui.Row{{Key: "Record", Value: deskName(a.d)}, {Key: "Now", Value: a.d.Stage.Words()}, {Key: "Next", Value: to.Words()}}
}

// dateRow shows a day that was typed.
func dateRow(key string, on day.Approx) ui.Row {
	return ui.Row{Key: key, Value: or(on.Words(), "Not stated")}
}

var toProposedAct = recordAct{
	heading: "Move to a proposed record", press: "Move to “Proposed”", done: "The record is proposed now", doneText: "The public sees it once you publish this stage.",
	intro:  "A proposed record says what is put forward. It is never shown as a decision.",
	fields: []string{"later"}, may: mayMove(decision.Proposed), blocked: neededFirst(decision.Proposed, decision.Addable()...),
	fill: func(d decision.Full, v url.Values) { fillLater(d.Text, v) },
	ask:  func(a *askedRecord) []templ.Component { return []templ.Component{laterField(a.f)} },
	check: func(a *askedRecord) []ui.Row {
		rows := a.checkRows(decision.Proposed)
		for _, p := range readLater(a.f) {
			rows = append(rows, ui.Row{Key: sentence(p.Words()), Value: "To be added after committee"})
		}
		return rows
	},
	do: func(a *askedRecord) error {
		t := a.d.Text
		t.Later = readLater(a.f)
		return a.move(decision.Proposed, decision.Changes{Text: &t}, "")
	},
}

func readMade(a *askedRecord) decision.Dates {
	dates := a.d.Dates
	dates.MadeOn = a.f.DateWithPrecision("made-on", "The day of the decision", "Enter the day on which the decision was made")
	dates.PublishedOn = readOptional(a.f, "published-on", "The day of publication")
	return dates
}

var toMadeAct = recordAct{
	heading: "Record that the decision was made", press: "Move to “Made”", done: "The decision is recorded as made", doneText: "The public sees it once you publish this stage.",
	warning: "A record does not go back to an earlier stage.", fields: []string{"made-on", "published-on"},
	may: mayMove(decision.Made), blocked: neededFirst(decision.Made, decision.PartMadeOn, decision.PartPublishedOn),
	ask: func(a *askedRecord) []templ.Component {
		return []templ.Component{
			ui.PrecisionDate{Field: a.f.DateField("made-on", "When was the decision made?", "As exactly as the record states it")},
			ui.PrecisionDate{Field: a.f.DateField("published-on", "When did the body publish the record?", "Call-in runs from this day. Leave it empty if it is not published yet")}}
	},
	check: func(a *askedRecord) []ui.Row {
		dates := readMade(a)
		rows := append(a.checkRows(decision.Made), dateRow("Decision made", dates.MadeOn), dateRow("Record published by the body", dates.PublishedOn))
		if a.d.Preamble != "" {
			rows = append(rows, ui.Row{Key: "Words before the decision", Content: typed(a.d.Preamble, "")})
		}
		for _, l := range a.d.Limbs {
			rows = append(rows, ui.Row{Key: "Limb " + l.Letter + ")", Content: typed(l.Text, "")})
		}
		return append(rows, ui.Row{Key: "Alternatives considered", Content: typed(a.d.Alternatives, "Nothing")}, ui.Row{Key: "Interests declared", Content: typed(a.d.Interests, "Nothing")})
	},
	do: func(a *askedRecord) error {
		dates := readMade(a)
		return a.move(decision.Made, decision.Changes{Dates: &dates}, "")
	},
}

var toConfirmedAct = recordAct{
	heading: "Record that the decision was confirmed", press: "Move to “Confirmed”", done: "The decision is confirmed", may: mayMove(decision.Confirmed),
	blocked: neededFirst(decision.Confirmed), ask: func(*askedRecord) []templ.Component { return nil },
	check: func(a *askedRecord) []ui.Row {
		return append(a.checkRows(decision.Confirmed), callInRows(a.d.Content)...)
	},
	do: func(a *askedRecord) error { return a.move(decision.Confirmed, decision.Changes{}, "") },
}

func readCarriedOut(a *askedRecord) decision.Dates {
	dates := a.d.Dates
	dates.ImplementedOn = a.f.DateWithPrecision("implemented-on", "The day", "Enter the day on which the decision was carried out")
	return dates
}

var toImplementedAct = recordAct{
	heading: "Record that the decision was carried out", press: "Move to “Implemented”", done: "The decision is recorded as carried out", fields: []string{"implemented-on"},
	may: mayMove(decision.Implemented), blocked: neededFirst(decision.Implemented, decision.PartImplementedOn),
	ask: func(a *askedRecord) []templ.Component {
		return []templ.Component{ui.PrecisionDate{Field: a.f.DateField("implemented-on", "When was it carried out?", "")}}
	},
	check: func(a *askedRecord) []ui.Row {
		return append(a.checkRows(decision.Implemented), dateRow("Carried out", readCarriedOut(a).ImplementedOn))
	},
	do: func(a *askedRecord) error {
		dates := readCarriedOut(a)
		return a.move(decision.Implemented, decision.Changes{Dates: &dates}, "")
	},
}

func readWithdrawn(a *askedRecord) (decision.Dates, string) {
	dates := a.d.Dates
	dates.WithdrawnOn = readOptional(a.f, "withdrawn-on", "The day of the withdrawal")
	return dates, a.f.RequiredText("withdrawn-reason", "The reason", maxWhy, "Say why the record is withdrawn")
}

var withdrawRecordAct = recordAct{
	heading: "Withdraw the record", press: "Withdraw it", done: "The record is withdrawn", doneText: "The public sees so once you publish this stage.",
	warning: "A withdrawn record stays so. Your reason is public.", fields: []string{"withdrawn-reason", "withdrawn-on"}, may: mayMove(decision.Withdrawn),
	ask: func(a *askedRecord) []templ.Component {
		return []templ.Component{ui.Textarea{Field: a.f.Field("withdrawn-reason", "Why is it withdrawn?", ""), Max: maxWhy},
			ui.PrecisionDate{Field: a.f.DateField("withdrawn-on", "When was it withdrawn? (optional)", "")}}
	},
	check: func(a *askedRecord) []ui.Row {
		dates, reason := readWithdrawn(a)
		return append(a.checkRows(decision.Withdrawn), ui.Row{Key: "Why", Content: typed(reason, "")}, dateRow("Day", dates.WithdrawnOn))
	},
	do: func(a *askedRecord) error {
		dates, reason := readWithdrawn(a)
		t := a.d.Text
		t.Later = nil
		return a.move(decision.Withdrawn, decision.Changes{Dates: &dates, Text: &t}, reason)
	},
}

func readCallIn(f *form.Form) decision.CallIn {
	return decision.CallIn{CalledOn: f.DateWithPrecision("called-on", "The day of the call-in", "Enter the day of the call-in"),
		CalledBy: f.RequiredText("called-by", "Who called it in", maxPost, "Say who called the decision in"),
		Grounds:  f.RequiredText("call-in-grounds", "The grounds", 20_000, "Give the grounds of the call-in"),
		Meeting:  f.Text("meeting", "The meeting", maxPost), MeetingOn: readOptional(f, "meeting-on", "The day of the meeting")}
}

var callInAct = recordAct{
	heading: "Record a call-in", press: "Record the call-in", done: "The call-in is recorded", doneText: "The decision does not take effect before its outcome.",
	fields: []string{"called-on", "called-by", "call-in-grounds", "meeting", "meeting-on"}, may: func(d decision.Full) error {
		if err := mayMove(decision.CalledIn)(d); err != nil {
			return err
		}
		if !d.CallInApplies || d.CallInWaived {
			return fault.New(fault.Conflict, "Call-in does not apply to this decision, or was waived.")
		}
		return nil
	},
	ask: func(a *askedRecord) []templ.Component {
		return []templ.Component{
			ui.PrecisionDate{Field: a.f.DateField("called-on", "When was it called in?", "")},
			ui.Input{Field: a.f.Field("called-by", "Who called it in?", "By post or in number, for example “three members of the scrutiny committee”")},
			ui.Textarea{Field: a.f.Field("call-in-grounds", "On which grounds?", "They are public"), Max: 20_000},
			ui.Input{Field: a.f.Field("meeting", "Meeting that considers it (optional)", "")},
			ui.PrecisionDate{Field: a.f.DateField("meeting-on", "Day of the meeting (optional)", "")}}
	},
	check: func(a *askedRecord) []ui.Row {
		c := readCallIn(a.f)
		return append(a.checkRows(decision.CalledIn), dateRow("Called in", c.CalledOn), ui.Row{Key: "By", Value: c.CalledBy}, ui.Row{Key: "Grounds", Content: typed(c.Grounds, "")},
			ui.Row{Key: "Meeting", Value: or(c.Meeting, "Not known yet")}, dateRow("Day of the meeting", c.MeetingOn))
	},
	do: func(a *askedRecord) error {
		c := readCallIn(a.f)
		if a.f.Errors().Any() {
			return nil
		}
		return a.s.Decisions.CallIn(a.r.Context(), actorOf(a.r), decision.CallInCommand{ID: a.d.ID, Revision: a.revision, CallIn: c})
	},
}

func readEndCallIn(a *askedRecord) decision.CallInEndCommand {
	f := a.f
	var outcomes []string
	for _, o := range decision.Outcomes() {
		outcomes = append(outcomes, string(o))
	}
	return decision.CallInEndCommand{ID: a.d.ID, Revision: a.revision, Meeting: f.Text("meeting", "The meeting", maxPost), MeetingOn: readOptional(f, "meeting-on", "The day of the meeting"),
		Outcome:   decision.Outcome(f.Choice("call-in-outcome", "Choose how the call-in ended", outcomes...)),
		OutcomeOn: f.DateWithPrecision("outcome-on", "The day of the outcome", "Enter the day on which the call-in ended"), Note: f.Text("note", "The note", 20_000), Confirm: f.Checked("confirm")}
}

var endCallInAct = recordAct{
	heading: "Record the outcome of the call-in", press: "Record the outcome", done: "The outcome of the call-in is recorded",
	fields: []string{"meeting", "meeting-on", "call-in-outcome", "outcome-on", "note", "confirm"}, may: mayMove(decision.Confirmed),
	fill: func(d decision.Full, v url.Values) {
		last, _ := d.LastCallIn()
		v.Set("meeting", last.Meeting)
		v.Set("call-in-outcome", string(last.Outcome))
		v.Set("note", last.Note)
		form.PutDateWithPrecision(v, "meeting-on", last.MeetingOn)
		form.PutDateWithPrecision(v, "outcome-on", last.OutcomeOn)
		v.Set("confirm", "yes")
	},
	ask: func(a *askedRecord) []templ.Component {
		var outcomes []ui.Option
		for _, o := range decision.Outcomes() {
			outcomes = append(outcomes, ui.Option{Value: string(o), Text: sentence(string(o))})
		}
		return []templ.Component{
			ui.Input{Field: a.f.Field("meeting", "Meeting that considered it (optional)", "")},
			ui.PrecisionDate{Field: a.f.DateField("meeting-on", "Day of the meeting (optional)", "")},
			ui.Radios{Field: a.f.Field("call-in-outcome", "How did the call-in end?", ""), Options: outcomes},
			ui.PrecisionDate{Field: a.f.DateField("outcome-on", "When did it end?", "The decision takes effect no earlier")},
			ui.Textarea{Field: a.f.Field("note", "Note (optional)", "It is public"), Rows: 3},
			ui.Checkboxes{Field: a.f.Field("confirm", "Does the decision stand?", "Leave it unticked to withdraw the record afterwards."), Options: []ui.Option{{Value: "yes", Text: "Yes: move the record to “Confirmed”"}}}}
	},
	check: func(a *askedRecord) []ui.Row {
		c := readEndCallIn(a)
		next := "Stays called in"
		if c.Confirm {
			next = decision.Confirmed.Words()
		}
		return []ui.Row{{Key: "Record", Value: deskName(a.d)}, {Key: "Meeting", Value: or(c.Meeting, "None")}, {Key: "Outcome", Value: sentence(string(c.Outcome))},
			dateRow("Ended", c.OutcomeOn), {Key: "Note", Content: typed(c.Note, "None")}, {Key: "Next stage", Value: next}}
	},
	do: func(a *askedRecord) error {
		cmd := readEndCallIn(a)
		if a.f.Errors().Any() {
			return nil
		}
		return a.s.Decisions.EndCallIn(a.r.Context(), actorOf(a.r), cmd)
	},
}

var deferAct = recordAct{
	heading: "Put the decision off", press: "Put it off", done: "The decision is put off", intro: "The stage stays as it is. The reason is public once the record is published again.",
	fields: []string{"deferred-on", "new-due", "deferral-reason"},
	may: func(d decision.Full) error {
		if !d.Stage.Before() {
			return fault.New(fault.Conflict, "Only a decision that is not made yet can be put off.")
		}
		return nil
	},
	ask: func(a *askedRecord) []templ.Component {
		return []templ.Component{ui.PrecisionDate{Field: a.f.DateField("deferred-on", "When was it put off?", "")},
			ui.PrecisionDate{Field: a.f.DateField("new-due", "When is it due now? (optional)", "")},
			ui.Textarea{Field: a.f.Field("deferral-reason", "Why is it put off?", ""), Max: maxWhy}}
	},
	do: func(a *askedRecord) error {
		cmd := decision.DeferCommand{ID: a.d.ID, Revision: a.revision, On: a.f.DateWithPrecision("deferred-on", "The day", "Enter the day on which it was put off"),
			NewDue: readOptional(a.f, "new-due", "The new day"), Reason: a.f.RequiredText("deferral-reason", "The reason", maxWhy, "Say why it is put off")}
		if a.f.Errors().Any() {
			return nil
		}
		return a.s.Decisions.Defer(a.r.Context(), actorOf(a.r), cmd)
	},
}

// overridable are the stages whose needs can be set aside now: the record's own and those that follow.
func overridable(d decision.Full) []ui.Option {
	list := []ui.Option{{Value: string(d.Stage), Text: d.Stage.Words() + " (as it is now)"}}
	for _, next := range d.Next {
		if next.Stage != decision.Withdrawn {
			list = append(list, ui.Option{Value: string(next.Stage), Text: next.Stage.Words()})
		}
	}
	return list
}

func overridableParts() []ui.Option {
	var list []ui.Option
	for _, p := range decision.Parts() {
		list = append(list, ui.Option{Value: string(p), Text: sentence(p.Words())})
	}
	return list
}

var overrideAct = recordAct{
	heading: "Go without a part, with a reason", press: "Record the reason", done: "The reason is recorded",
	intro:  "A stage can go without a part that it asks for, or accept dates in an unusual order. Your reason is public with the record.",
	fields: []string{"stage", "part", "override-reason"},
	may: func(d decision.Full) error {
		if d.Stage == decision.Withdrawn {
			return fault.New(fault.Conflict, "A withdrawn record needs nothing more.")
		}
		return nil
	},
	ask: func(a *askedRecord) []templ.Component {
		return []templ.Component{ui.Radios{Field: a.f.Field("stage", "At which stage?", ""), Options: overridable(a.d)},
			ui.Select{Field: a.f.Field("part", "Which part?", ""), Options: overridableParts(), Empty: "Choose a part"},
			ui.Textarea{Field: a.f.Field("override-reason", "Why does the record go without it?", ""), Max: 2000}}
	},
	do: func(a *askedRecord) error {
		cmd := decision.OverrideCommand{ID: a.d.ID, Revision: a.revision, Stage: decision.Stage(a.f.Choice("stage", "Choose a stage", values(overridable(a.d))...)),
			Part:   decision.Part(a.f.Choice("part", "Choose a part of the record", values(overridableParts())...)),
			Reason: a.f.RequiredText("override-reason", "The reason", 2000, "Say why the record goes without it")}
		if a.f.Errors().Any() {
			return nil
		}
		return a.s.Decisions.Override(a.r.Context(), actorOf(a.r), cmd)
	},
}
