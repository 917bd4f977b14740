package funding

import (
	"fmt"
	"time"

	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/money"
)

// Origin says where the contributions of a year are agreed.
type Origin string

// The origins of a year.
const (
	InPortal  Origin = "portal"   // proposed here, and agreed by a round
	Elsewhere Origin = "recorded" // agreed elsewhere and only written down
)

// Status is how far a year is.
type Status string

// The statuses of a year.
const (
	Proposed Status = "proposed"
	Agreed   Status = "agreed"
	Closed   Status = "closed"
)

// Purposes are what a proposed line can be for.
func Purposes() []string {
	return []string{"business support", "independent scrutiny", "development", "practice reviews", "training", "general"}
}

// Answer is what an agency's staff say to their pledge.
type Answer string

// The answers to a pledge; none is "".
const (
	Confirmed Answer = "confirmed"
	Queried   Answer = "query"
)

// Head is what is known of a year at a glance.
type Head struct {
	Year            day.FinancialYear
	Origin          Origin
	Opening         money.Pence // the reserve brought forward
	SkipReason      string      // why the year before is left out, if it is
	ReviewDueOn     day.Date    // the next review, or zero
	Method          string      // how the shares were worked out
	AgreedOn        day.Date
	AgreedPrecision *day.Precision
	AgreedSource    string // where an agreement made elsewhere can be read
	AgreedRound     id.Round
	ReleasedAt      *time.Time
	ClosedAt        *time.Time
	IsDemonstration bool
	Revision        int

	OpenRound   id.Round // in which partners are signing now, or 0
	RoundNumber int      // of that round, or else of the one in which the year was agreed
	Signed      int      // seats that have signed in the open round
	Seats       int      // of that round
	Declined    bool     // the last round ended with a decline or was recalled, and nothing has been opened since

	Lines     int         // proposed, or if agreed those that count
	Cash      money.Pence // of these
	InKind    money.Pence // of these
	Estimated bool        // some of what is in kind is
	Budget    money.Pence
	Pledges   int // proposed lines of relevant agencies whose staff can answer
	Confirmed int // of these
	Queried   int // of these
}

// Status is how far the year is.
func (h Head) Status() Status {
	switch {
	case h.ClosedAt != nil:
		return Closed
	case !h.AgreedOn.IsZero():
		return Agreed
	}
	return Proposed
}

// Frozen tells whether lines, budget and terms stand still.
func (h Head) Frozen() bool {
	return h.OpenRound != 0 || h.Status() == Closed || (h.Origin == InPortal && h.Status() != Proposed)
}

// Released tells whether the public sees the year.
func (h Head) Released() bool { return h.ReleasedAt != nil }

// Agreed is when the year was agreed, as far as that is known; zero while it is proposed.
func (h Head) Agreed() day.Approx {
	if h.AgreedPrecision == nil {
		return day.Approx{}
	}
	return day.Approx{Date: h.AgreedOn, Precision: *h.AgreedPrecision}
}

// Needs says in words what a proposed year lacks before it can be put to the partners.
func (h Head) Needs() []string {
	if h.Status() != Proposed || h.OpenRound != 0 {
		return nil
	}
	var needs []string
	if h.Lines == 0 {
		needs = append(needs, "At least one contribution.")
	}
	if h.Budget == 0 {
		needs = append(needs, "A budget: what is to be spent on what.")
	}
	if h.Method == "" {
		needs = append(needs, "A sentence on how the shares were worked out.")
	}
	if h.ReviewDueOn.IsZero() {
		needs = append(needs, "The date of the next review.")
	}
	return needs
}

// Warnings says in words what does not keep a year from being put to the partners, but should be looked at.
func (h Head) Warnings() []string {
	if h.Status() != Proposed {
		return nil
	}
	var words []string
	if h.Queried > 0 {
		words = append(words, plural(h.Queried, "agency queries its pledge.", "agencies query their pledges."))
	}
	if open := h.Pledges - h.Confirmed - h.Queried; open > 0 {
		words = append(words, plural(open, "pledge of an agency is not confirmed yet.", "pledges of agencies are not confirmed yet."))
	}
	if h.Budget > 0 && h.Opening+h.Cash < h.Budget {
		words = append(words, "The budget is "+(h.Budget-h.Opening-h.Cash).Words()+" more than the reserve and the cash of the year.")
	}
	return words
}

// Step is what comes next for a year.
type Step string

// The steps of a year, in order.
const (
	StepComplete Step = "complete" // something is missing: see Needs
	StepOpen     Step = "open"     // put it to the partners
	StepWait     Step = "wait"     // for their answers
	StepRelease  Step = "release"  // to the public
	StepReview   Step = "review"   // the review is due
	StepClose    Step = "close"    // the year is over
	StepNone     Step = "none"
)

// Next is what comes next, on a day.
func (h Head) Next(today day.Date) Step {
	switch {
	case h.OpenRound != 0:
		return StepWait
	case h.Status() == Proposed && len(h.Needs()) > 0:
		return StepComplete
	case h.Status() == Proposed:
		return StepOpen
	case !h.Released():
		return StepRelease
	case h.Status() == Agreed && today.After(h.Year.Ends()):
		return StepClose
	case h.Status() == Agreed && !h.ReviewDueOn.IsZero() && !today.Before(h.ReviewDueOn):
		return StepReview
	}
	return StepNone
}

// NextWords says what comes next, for the list of years.
func (h Head) NextWords(today day.Date) string {
	switch h.Next(today) {
	case StepComplete:
		return plural(len(h.Needs()), "thing is still needed before the partners can be asked.", "things are still needed before the partners can be asked.")
	case StepOpen:
		if h.Declined {
			return "It came back from the partners. Revise it, then put it to them again."
		}
		return "Put it to the safeguarding partners."
	case StepWait:
		return fmt.Sprintf("%d of %d partners have signed.", h.Signed, h.Seats)
	case StepRelease:
		return "Release it to the public."
	case StepReview:
		return "Record the review that was due on " + h.ReviewDueOn.Long() + "."
	case StepClose:
		return "The year is over. Close it."
	}
	if !h.ReviewDueOn.IsZero() && h.Status() == Agreed {
		return "Nothing to do before the review on " + h.ReviewDueOn.Long() + "."
	}
	return "Nothing to do."
}

func plural(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}

// PlanLine is what one organisation is to give, as proposed.
type PlanLine struct {
	ID           id.FundingLine
	Organisation id.Organisation
	Slug         string
	Name         string // on the first day of the year, or as first known
	Form         Form
	Total        money.Pence // what the payer gives in all
	Pence        money.Pence // our part of it
	Parts        []Part
	Valuation    string
	IsEstimated  bool
	Purpose      string
	Conditions   string
	Note         string
	Decision     id.Decision // 0 if none
	DecisionRef  string      // of that decision in addresses
	DecisionName string      // its number, or else its reference
	Revision     int
	IsAgency     bool // staff of the payer can confirm the pledge
	Answer       Answer
	AnsweredBy   string // name of the account
	AnsweredAt   *time.Time
	AnswerWords  string
}

// BudgetLine is what is to be spent on a category.
type BudgetLine struct {
	Category string // its code
	Name     string
	Pence    money.Pence // 0 if nothing is planned
}

// Review is what came of a review of a year's contributions.
type Review struct {
	HeldOn     day.Date
	Outcome    string
	NextDueOn  day.Date
	RecordedAt time.Time
}

// Plan is all of a year as the desk and the partners see it.
type Plan struct {
	Head
	Proposal      []PlanLine     // as it was proposed, agreed or not; none of a year agreed elsewhere
	Contributions []Contribution // what was agreed, what was taken out included
	BudgetLines   []BudgetLine   // every category in its order
	Reviews       []Review       // the latest first
}
