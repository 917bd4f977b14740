package demo

import (
	"context"

	"partnershipportal/internal/day"
	"partnershipportal/internal/decision"
	"partnershipportal/internal/id"
)

// loadDecision takes over the county council's record of the arrangements of June 2019: first as proposed, then as made.
// Facts are those of the published record, in words of our own. The day of the decision is not known, only that it came
// after the committee of 7 May 2019; what was declared when it was taken was not obtained, and the record says so.
func (l *loader) loadDecision(ctx context.Context) error {
	by := l.portal()
	made, err := l.decisions.Import(ctx, by, []decision.ImportCommand{{CreateCommand: decision.CreateCommand{
		Body: council, Stage: decision.Proposed, Draft: kentsRecord(), Demonstration: true}}})
	if err != nil {
		return err
	}
	which := made[0].ID
	if err := l.publishDecision(ctx, which); err != nil {
		return err
	}
	read, err := l.decisions.Read(ctx, by, which)
	if err != nil {
		return err
	}
	if err := l.decisions.Override(ctx, by, decision.OverrideCommand{ID: which, Revision: read.Revision, Stage: decision.Made, Part: decision.PartInterests,
		Reason: "The record as signed was not obtained, so what was declared is not known."}); err != nil {
		return err
	}
	if read, err = l.decisions.Read(ctx, by, which); err != nil {
		return err
	}
	text, dates := read.Text, read.Dates
	text.Later = nil
	text.Preamble = "The cabinet member decided to:"
	text.Consultation = "The Children's, Young People and Education Cabinet Committee considered the proposal on 7 May 2019, as item 9. Members asked about the Scrutiny and Challenge Group, " +
		"the part of the police and the district councils, and serious case reviews."
	dates.MadeOn = day.Roughly(day.Must("2019-05-07"), day.NotBefore)
	if err := l.decisions.Move(ctx, by, decision.MoveCommand{ID: which, Revision: read.Revision, To: decision.Made,
		Changes: decision.Changes{Text: &text, Dates: &dates}}); err != nil {
		return err
	}
	if err := l.authorise(ctx, which); err != nil {
		return err
	}
	return l.publishDecision(ctx, which)
}

func (l *loader) publishDecision(ctx context.Context, which id.Decision) error {
	read, err := l.decisions.Read(ctx, l.portal(), which)
	if err != nil {
		return err
	}
	_, err = l.decisions.Publish(ctx, l.portal(), decision.PublishCommand{ID: which, Revision: read.Revision})
	return err
}

// authorise links the decision to the version of June 2019, the only one that is published.
func (l *loader) authorise(ctx context.Context, which id.Decision) error {
	read, err := l.decisions.Read(ctx, l.portal(), which)
	if err != nil {
		return err
	}
	rounds, err := l.past.Queue(ctx, l.portal())
	if err != nil {
		return err
	}
	for _, q := range rounds {
		if q.Paper.Public {
			return l.decisions.Authorise(ctx, l.portal(), decision.AuthoriseCommand{ID: which, Revision: read.Revision, Version: q.Paper.Version()})
		}
	}
	return nil
}

func kentsRecord() decision.Draft {
	return decision.Draft{
		Identity: decision.Identity{NumberPrinted: "10/00035", NumberVerified: "19/00035", Subject: "Proposed Kent safeguarding children multi-agency partnership arrangements",
			MakerTitle: "Cabinet Member for Children, Young People and Education", SourceStatus: "For Determination"},
		Key: decision.Key{Key: decision.KeyYes, Reason: "The published record calls it a key decision. It gives no reason."},
		Text: decision.Text{
			Preamble: "The cabinet member proposes to:",
			Limbs:    []decision.Limb{{Letter: "a", Text: "Agree to the new multi-agency safeguarding arrangements for children in Kent."}},
			Reasons: "A review for the government, published in May 2016, found that local safeguarding children boards did not do their work well enough. " +
				"The Children and Social Work Act 2017 followed: the council, the police and health share one duty, equally, and replace the board by arrangements of their own. " +
				"Working Together 2018 says what these must hold. The council was no longer to be responsible alone.",
			Financial: "The members of the old board had agreed what each would give for 2019/20. The money was to pay for the change, the business support team, independent scrutiny and development. " +
				"Later years were to be looked at again, and then every year.",
			Alternatives: "None: the law leaves the partners no choice about making new arrangements.",
			Later:        []decision.Part{decision.PartConsultation, decision.PartInterests},
		},
		Openness: decision.Openness{Restriction: decision.Open},
		Urgency:  decision.Urgency{CallInApplies: true},
	}
}
