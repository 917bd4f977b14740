package decision

import (
	"fmt"

	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
)

// Finding is something about a record that people should look at. What blocks has to be put right, or overridden with
// a reason; the rest is only shown.
type Finding struct {
	Code   string // number-year
	Field  string // id of the form field it belongs to
	Text   string // one sentence
	Blocks bool
}

// Check looks at everything in a record that can be wrong. Published history that was taken over from elsewhere is
// accepted as it stands: nothing about it blocks.
func (rules Rules) Check(r Record) []Finding {
	found := checkShape(r)
	found = append(found, checkNumbers(r, rules.Mask)...)
	found = append(found, rules.checkNotice(r)...)
	found = append(found, checkOrder(r)...)
	found = append(found, rules.checkEffective(r)...)
	if r.Restriction == Open && (r.Category != 0 || said(r.PublicInterest)) {
		found = append(found, Finding{Code: "open-with-category", Field: "restriction", Text: "The record is open, but has a category of exempt information."})
	}
	if r.Origin == Imported {
		for i := range found {
			found[i].Blocks = false
		}
	}
	return found
}

// blocking turns the first finding that blocks into a fault beside its field.
func blocking(found []Finding) error {
	for _, f := range found {
		if f.Blocks {
			return fault.Field(f.Field, f.Text)
		}
	}
	return nil
}

// checkShape refuses what can't be at the record's stage.
func checkShape(r Record) []Finding {
	var found []Finding
	block := func(code string, p Part, text string) {
		found = append(found, Finding{Code: code, Field: string(p), Text: text, Blocks: true})
	}
	if !r.WasMade && (r.Stage.Before() || r.Stage == Withdrawn) {
		for _, p := range []Part{PartMadeOn, PartPublishedOn, PartEffectiveOn, PartImplementedOn} {
			if r.has(p) {
				block("not-made", p, fmt.Sprintf("The decision has not been made: leave out the %s.", p.Words()))
			}
		}
	}
	if len(r.Later) > 0 && r.Stage != Proposed && (r.Stage != Withdrawn || r.WasMade) {
		block("left-to-add", r.Later[0], "Only a proposed record can leave a part to be added.")
	}
	for _, p := range r.Later {
		if !p.Addable() {
			block("not-addable", p, fmt.Sprintf("This can't be left to be added: %s.", p.Words()))
		}
	}
	if !r.IsKey() && r.Route != Ordinary {
		block("urgency-of-no-key", "route", "Only a key decision has a route of urgency.")
	}
	return found
}

// checkNotice warns of notice that was shorter than the rules ask: real records are sometimes a day or two short.
func (rules Rules) checkNotice(r Record) []Finding {
	if !r.IsKey() {
		return nil
	}
	c := rules.Compute(r)
	done, field, words := exactly(r.MadeOn), PartMadeOn, "The decision was made on %s. The earliest day was %s: %s."
	if done.IsZero() {
		done, field, words = r.DueOn.Date, PartDueOn, "The decision is due on %s. The earliest day is %s: %s."
		if r.DueOn.Precision == day.Month || r.DueOn.Precision == day.Year {
			return nil
		}
	}
	if done.IsZero() || c.EarliestDecision.IsZero() || !done.Before(c.EarliestDecision) {
		return nil
	}
	return []Finding{{Code: "short-notice", Field: string(field), Text: fmt.Sprintf(words, done.Long(), c.EarliestDecision.Long(), c.EarliestDecisionWhy)}}
}

// checkOrder finds days that lie in the wrong order, each said beside the later one's field.
func checkOrder(r Record) []Finding {
	_, excused := r.Overridden(r.Stage, PartDates)
	var found []Finding
	for _, o := range []struct{ first, second Part }{
		{PartNoticeOn, PartDueOn}, {PartNoticeOn, PartMadeOn}, {PartMadeOn, PartPublishedOn}, {PartMadeOn, PartEffectiveOn},
		{PartPublishedOn, PartEffectiveOn}, {PartMadeOn, PartImplementedOn}, {PartEffectiveOn, PartImplementedOn}} {
		first, _ := r.date(o.first)
		second, _ := r.date(o.second)
		if surelyBefore(second, first) {
			found = append(found, Finding{Code: "order", Field: string(o.second), Blocks: !excused,
				Text: fmt.Sprintf("The %s is earlier than the %s.", o.second.Words(), o.first.Words())})
		}
	}
	for _, c := range r.CallIns {
		for _, o := range []struct {
			first, second day.Approx
			field, text   string
		}{
			{r.MadeOn, c.CalledOn, "called-on", "The day of the call-in is earlier than the day on which the decision was made."},
			{c.CalledOn, c.MeetingOn, "meeting-on", "The meeting that considered the call-in is earlier than the call-in."},
			{c.CalledOn, c.OutcomeOn, "outcome-on", "The call-in ended before it began."}} {
			if surelyBefore(o.second, o.first) {
				found = append(found, Finding{Code: "order", Field: o.field, Blocks: !excused, Text: o.text})
			}
		}
	}
	return found
}

// stillToCome refuses a day in the future on which something is said to have been done: until then it is a proposal.
func stillToCome(r Record, today day.Date) error {
	if r.Origin == Imported {
		return nil
	}
	for _, p := range []Part{PartMadeOn, PartImplementedOn} {
		if on, _ := r.date(p); surelyBefore(day.On(today), on) {
			return fault.Field(string(p), fmt.Sprintf("The %s is still to come.", p.Words()))
		}
	}
	return nil
}

// surelyBefore tells whether a day lies before another however roughly both are known.
func surelyBefore(a, b day.Approx) bool {
	if a.IsZero() || b.IsZero() || a.Precision == day.NotBefore {
		return false
	}
	return latest(a).Before(b.Date)
}

// latest is the last day that a roughly known day can be.
func latest(a day.Approx) day.Date {
	switch a.Precision {
	case day.Month:
		next := a.Date.Add(31)
		return next.Add(-next.Day())
	case day.Year:
		return a.Date.AddYears(1).Add(-1)
	}
	return a.Date
}

// checkEffective compares the stated effective day with the computed one.
func (rules Rules) checkEffective(r Record) []Finding {
	c := rules.Compute(r)
	stated := exactly(r.EffectiveOn)
	if stated.IsZero() || c.Effective.IsZero() || stated == c.Effective || r.Stage == Withdrawn {
		return nil
	}
	return []Finding{{Code: "effective-differs", Field: string(PartEffectiveOn),
		Text: fmt.Sprintf("The record says that it takes effect on %s. By the rules it is %s: %s.", stated.Long(), c.Effective.Long(), c.EffectiveWhy)}}
}
