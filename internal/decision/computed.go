package decision

import (
	"fmt"

	"partnershipportal/internal/day"
)

// Computed are the days that follow from the stated ones by the rules. They stand beside what the record states and
// never replace it. A zero day can't be reckoned: something that it needs is unknown, or known only roughly.
type Computed struct {
	EarliestDecision    day.Date // first day on which the decision may be made after its notice
	EarliestDecisionWhy string
	Effective           day.Date
	EffectiveWhy        string
	HolidaysUnknown     bool     // the bank holidays of a year that the effective day lies in are not recorded
	InspectUntil        day.Date // the record itself
	PapersUntil         day.Date // background papers
}

// Compute reckons the days of a record.
func (rules Rules) Compute(r Record) Computed {
	var c Computed
	rules.computeEarliest(r, &c)
	if !r.Stage.Before() {
		rules.computeEffective(r, &c)
		if made := exactly(r.MadeOn); !made.IsZero() {
			c.InspectUntil = years(made, rules.Lengths[RecordYears])
			c.PapersUntil = years(made, rules.Lengths[PapersYears])
		}
	}
	return c
}

// exactly is the day if it is known to the day.
func exactly(a day.Approx) day.Date {
	if a.Precision != day.Exact {
		return day.Date{}
	}
	return a.Date
}

func years(from day.Date, n int) day.Date {
	if n == 0 {
		return day.Date{}
	}
	return from.AddYears(n)
}

// computeEarliest finds the earliest day of the decision. Source: SI 2012/2089, regulation 9 (28 clear days, so the 29th
// day after the notice), regulation 10 (five clear days after notice to the scrutiny chair), regulation 11 (on agreement).
func (rules Rules) computeEarliest(r Record, c *Computed) {
	if !r.IsKey() {
		return
	}
	switch r.Route {
	case GeneralException:
		if told, n := exactly(r.Urgency.On), rules.Lengths[ExceptionClearDays]; !told.IsZero() && n > 0 {
			c.EarliestDecision = day.AfterClearDays(told, n)
			c.EarliestDecisionWhy = fmt.Sprintf("%d clear days after notice to the scrutiny chair", n)
		}
	case SpecialUrgency:
		if agreed := exactly(r.Urgency.On); !agreed.IsZero() {
			c.EarliestDecision, c.EarliestDecisionWhy = agreed, "the day on which special urgency was agreed"
		}
	default:
		if notice, n := exactly(r.NoticeOn), rules.Lengths[NoticeClearDays]; !notice.IsZero() && n > 0 {
			c.EarliestDecision = day.AfterClearDays(notice, n)
			c.EarliestDecisionWhy = fmt.Sprintf("%d clear days after the notice", n)
		}
	}
}

// computeEffective finds the day on which the decision takes effect: the day after the fifth working day after the
// record was published, even a Saturday. Source: the procedure rules of councils under the Local Government Act 2000,
// section 9F; the number of days is data. Without call-in nothing is waited for. A call-in moves the day to that of its
// outcome, never to an earlier one.
func (rules Rules) computeEffective(r Record, c *Computed) {
	published := exactly(r.PublishedOn)
	if !r.CallInApplies || r.CallInWaived {
		c.Effective, c.EffectiveWhy = published, "call-in does not apply, so there is no waiting"
		if r.CallInWaived {
			c.EffectiveWhy = "call-in was waived, so there is no waiting"
		}
		if published.IsZero() {
			c.Effective = exactly(r.MadeOn)
		}
	} else if n := rules.Lengths[CallInWorkingDays]; !published.IsZero() && n > 0 {
		c.Effective = rules.Holidays.After(published, n).Add(1)
		c.EffectiveWhy = fmt.Sprintf("the day after %d working days from publication", n)
		c.HolidaysUnknown = !rules.Holidays.Covers(published, c.Effective)
	}
	last, called := r.LastCallIn()
	switch {
	case !called:
	case last.Outcome == "" || r.Stage == CalledIn:
		c.Effective, c.EffectiveWhy = day.Date{}, "not in effect while it is called in"
	default:
		if over := exactly(last.OutcomeOn); over.IsZero() || over.After(c.Effective) {
			c.Effective, c.EffectiveWhy = over, "the day on which the call-in ended"
		}
	}
	if c.Effective.IsZero() && c.EffectiveWhy == "" || r.Stage == Withdrawn {
		c.Effective, c.EffectiveWhy = day.Date{}, ""
	}
}

// InEffect tells whether the decision is in effect on a day: made, not called in, not withdrawn, and its effective day
// reached. The stated day counts before the computed one.
func (rules Rules) InEffect(r Record, on day.Date) bool {
	if !r.IsMade() || r.Stage == CalledIn {
		return false
	}
	from := r.EffectiveOn.Date
	if from.IsZero() {
		from = rules.Compute(r).Effective
	}
	return !from.IsZero() && !from.After(on)
}
