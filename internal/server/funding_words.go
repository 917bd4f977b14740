package server

import (
	"strings"

	"partnershipportal/internal/day"
	"partnershipportal/internal/funding"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// yearState is how far a year is, as a tag shows it; none where nothing is known.
func yearState(t funding.Total) ui.State {
	switch {
	case t.Released != nil && t.Released.Status() == funding.Proposed:
		return ui.Proposed
	case t.Released != nil && t.Released.Status() == funding.Closed:
		return ui.Closed
	case t.Released != nil && t.Released.Origin == funding.InPortal:
		return ui.Agreed
	case t.Known(), t.Released != nil:
		return ui.Recorded
	}
	return ""
}

// yearWords says in sentences how far a year is.
func yearWords(t funding.Total) []string {
	r := t.Released
	switch {
	case r == nil && t.Known():
		return []string{"Agreed elsewhere, and recorded here with the source of each contribution."}
	case r == nil:
		return nil
	case r.Status() == funding.Proposed:
		if r.ProposedLines == 0 {
			return []string{"Proposed. Nobody’s contribution is put forward yet, and nothing is agreed."}
		}
		return []string{"Proposed: " + sumWords(r.ProposedCash, r.ProposedInKind) + ". Nothing is agreed yet."}
	}
	words := []string{"Agreed elsewhere, " + r.Agreed().Words() + ", and recorded here. Source: " + strings.TrimSuffix(r.AgreedSource, ".") + "."}
	if r.Origin == funding.InPortal {
		words = []string{"Agreed on " + r.Agreed().Words() + ": every safeguarding partner signed."}
	}
	if r.Closing != nil {
		words = append(words, "Closed on "+r.ClosedOn.Long()+": "+r.Closing.Words()+" is carried forward.")
	}
	return words
}

func reviewTable(list []funding.Review) ui.Table {
	t := ui.Table{Caption: "What came of reviews", RowHeaders: true, Columns: []ui.Column{{Text: "Held"}, {Text: "What came of it"}, {Text: "Next review by"}}}
	for _, v := range list {
		t.Rows = append(t.Rows, []ui.Cell{{Content: onDay(v.HeldOn)}, {Content: page.Lines(paragraphs(v.Outcome)).Content()}, {Content: onDay(v.NextDueOn)}})
	}
	return t
}

// eachLine gives one sentence for each line of a year that has something to say.
func eachLine(y funding.Year, say func(funding.Line) string) []string {
	var list []string
	for _, p := range y.Payers {
		for _, l := range p.Lines {
			if words := say(l); words != "" {
				list = append(list, words)
			}
		}
	}
	return list
}

func estimatesOf(y funding.Year) []string {
	return eachLine(y, func(l funding.Line) string {
		if !l.IsEstimated {
			return ""
		}
		return l.Name + ": " + l.Pence.Words() + " in kind. Estimated by: " + strings.TrimSuffix(l.Valuation, ".") + "."
	})
}

func conditionsOf(y funding.Year) []string {
	return eachLine(y, func(l funding.Line) string {
		if l.Conditions == "" {
			return ""
		}
		return l.Name + ", " + l.Pence.Words() + ": " + l.Conditions
	})
}

func splitsOf(y funding.Year) []string {
	return eachLine(y, func(l funding.Line) string {
		if len(l.Parts) == 0 {
			return ""
		}
		return l.Name + " gives " + l.Total.Words() + " in all: " + splitWords(l) + ". This partnership is given " + l.Pence.Words() + " of it."
	})
}

// splitWords says how a payer's total is divided; nothing if it is all ours.
func splitWords(l funding.Line) string {
	var parts []string
	for i, sum := range funding.PartSums(l.Total, l.Parts) {
		parts = append(parts, l.Parts[i].Label+" "+sum.Words())
	}
	return strings.Join(parts, ", ")
}

func lineTable(y funding.Year) ui.Table {
	t := ui.Table{Caption: "Every contribution", HideCaption: true, RowHeaders: true, Columns: []ui.Column{{Text: "Agreed by"}, {Text: "Amount", Numeric: true},
		{Text: "What for"}, {Text: "Agreed"}, {Text: "Where it can be read"}}}
	for _, p := range y.Payers {
		for _, l := range p.Lines {
			t.Rows = append(t.Rows, []ui.Cell{{Text: l.Name}, {Text: lineAmount(l)}, {Content: purposeLines(l).Content()},
				{Content: ui.TimeOf(l.Agreed())}, {Content: sourceOf(l).Content()}})
		}
	}
	return t
}

func lineAmount(l funding.Line) string {
	if l.Form == funding.InKind {
		return l.Pence.Words() + " in kind"
	}
	return l.Pence.Words()
}

// sourceOf says where a line's agreement can be read: its source, and the decision that authorised it.
func sourceOf(l funding.Line) page.LineSource {
	s := page.LineSource{Words: page.Lines{l.Source}, Decision: l.DecisionNumber}
	if l.Decision != nil {
		s.Decision, s.DecisionPath = or(l.Decision.Number, l.Decision.Ref), route.DecisionTo(l.Decision.Body, l.Decision.Ref)
	}
	if l.Source != "" {
		s.Words = append(s.Words, "Recorded here on "+day.Of(l.RecordedAt).Long())
	}
	return s
}

func proposedTable(y funding.Year) ui.Table {
	t := ui.Table{Caption: "Every proposed contribution", HideCaption: true, RowHeaders: true, Columns: []ui.Column{{Text: "To be given by"}, {Text: "Amount", Numeric: true},
		{Text: "What for"}, {Text: "Decision"}, {Text: "Pledge"}}}
	for _, p := range y.Payers {
		for _, l := range p.Lines {
			pledge, decision := "Not confirmed here", sourceOf(l)
			if l.IsConfirmed {
				pledge = "Confirmed by its staff"
			}
			decision.Words = nil
			decision.Decision = or(decision.Decision, "none stated")
			t.Rows = append(t.Rows, []ui.Cell{{Text: l.Name}, {Text: lineAmount(l)}, {Content: purposeLines(l).Content()}, {Content: decision.Content()}, {Text: pledge}})
		}
	}
	return t
}

func amountLines(l funding.Line) page.Lines {
	lines := page.Lines{l.Pence.Words() + " in cash"}
	if l.Form == funding.InKind {
		lines[0] = "worth " + l.Pence.Words() + " in kind"
		lines = append(lines, valuedWords(l))
	}
	return lines
}

// valuedWords says how what is given in kind was valued.
func valuedWords(l funding.Line) string {
	if l.IsEstimated {
		return "estimated by: " + l.Valuation
	}
	return "valued by: " + l.Valuation
}

func purposeLines(l funding.Line) page.Lines {
	lines := page.Lines{sentence(l.Purpose)}
	if l.Form == funding.InKind {
		lines = append(lines, valuedWords(l))
	}
	if l.Note != "" {
		lines = append(lines, l.Note)
	}
	if l.IsDemonstration {
		lines = append(lines, "Demonstration data")
	}
	return lines
}

// addedTable lists what was added to a year once it was agreed here.
func addedTable(y funding.Year) ui.Table {
	t := ui.Table{Caption: "Contributions that were added later", HideCaption: true, RowHeaders: true, Columns: []ui.Column{{Text: "Given by"}, {Text: "Amount", Numeric: true},
		{Text: "Added"}, {Text: "Why"}}}
	for _, p := range y.Payers {
		for _, l := range p.Lines {
			if l.AdjustmentReason != "" {
				t.Rows = append(t.Rows, []ui.Cell{{Text: l.Name}, {Content: amountLines(l).Content()}, {Content: onDay(day.Of(l.RecordedAt))}, {Text: l.AdjustmentReason}})
			}
		}
	}
	return t
}

func correctionTable(list []funding.Correction) ui.Table {
	t := ui.Table{Caption: "Contributions that were taken out", HideCaption: true, RowHeaders: true,
		Columns: []ui.Column{{Text: "Recorded for"}, {Text: "Amount", Numeric: true}, {Text: "Recorded here"}, {Text: "Taken out"}, {Text: "Why"}}}
	for _, c := range list {
		t.Rows = append(t.Rows, []ui.Cell{{Text: c.Name}, {Content: amountLines(c.Line).Content()}, {Content: onDay(day.Of(c.RecordedAt))},
			{Content: onDay(day.Of(c.TakenOutAt))}, {Text: c.Reason}})
	}
	return t
}
