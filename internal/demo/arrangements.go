package demo

import (
	"context"
	"fmt"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/demo/text"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/signoff"
)

// Document is the slug of the demonstration's arrangements.
const Document = "kscmp-arrangements"

const title = "Kent Safeguarding Children Multi-Agency Partnership Arrangements"

// source says where the sign-offs of 2019 can be read. Who signed and on which day is not known.
const source = "The partnership’s web page of 2019 says that the lead officers have signed off the arrangements. Names and days are not given."

// load2019 records the edition of June 2019 as it was signed elsewhere, confirmed by a second person and published.
func (l *loader) load2019(ctx context.Context) error {
	support, err := l.as(ctx, "support@kscmp.example")
	if err != nil {
		return err
	}
	second, err := l.as(ctx, "lead@kent-police.example")
	if err != nil {
		return err
	}
	ref, err := l.create(ctx, support)
	if err != nil {
		return err
	}
	for _, s := range text.Edition2019() {
		if _, err := l.silent.AddSection(ctx, support, ref, s.Heading, s.Markdown); err != nil {
			return err
		}
	}
	if err := l.details(ctx, support, ref, "Working Together 2018", boards, "June 2019"); err != nil {
		return err
	}
	if err := l.cover(ctx, support, ref, covered2019); err != nil {
		return err
	}
	june := day.Roughly(day.Must("2019-06-01"), day.Month)
	check, err := l.silent.Check(ctx, support, ref, day.Must("2019-06-30"))
	if err != nil {
		return err
	}
	cmd := arrangement.RecordedCommand{Ref: ref, Digest: check.Digest, SeatsOn: check.SeatsOn}
	for _, seat := range check.Seats {
		act := signoff.RecordedAct{Partner: seat.Partner, Office: "Lead officer", SignedOn: june, Source: source}
		if seat.OrganisationSlug == council {
			act.Source += " The council’s own record of decision is 19/00035; its proposed form prints the number as 10/00035."
		}
		cmd.Acts = append(cmd.Acts, act)
	}
	round, err := l.silent.EnterRecorded(ctx, support, cmd)
	if err != nil {
		return err
	}
	if err := l.past.ConfirmRecorded(ctx, second, round); err != nil {
		return err
	}
	return l.silent.Publish(ctx, support, arrangement.PublishCommand{Ref: ref, Round: round, Label: "June 2019", On: june})
}

func (l *loader) create(ctx context.Context, support authz.Actor) (arrangement.Ref, error) {
	areas, err := l.silent.Areas(ctx)
	if err != nil {
		return arrangement.Ref{}, err
	}
	before, err := l.silent.Predecessors(ctx)
	if err != nil {
		return arrangement.Ref{}, err
	}
	if len(areas) == 0 || len(before) == 0 {
		return arrangement.Ref{}, fault.New(fault.Conflict, "The area or the predecessor is missing.")
	}
	edition, err := l.edition(ctx, "Working Together 2018")
	if err != nil {
		return arrangement.Ref{}, err
	}
	cmd := arrangement.CreateCommand{Title: title, Slug: Document, Kind: "arrangements", Guidance: edition, Predecessor: before[0].ID, Demonstration: true}
	for _, a := range areas {
		cmd.Areas = append(cmd.Areas, a.ID)
	}
	return l.silent.Create(ctx, support, cmd)
}

func (l *loader) edition(ctx context.Context, title string) (int64, error) {
	editions, err := l.silent.GuidanceEditions(ctx)
	if err != nil {
		return 0, err
	}
	for _, e := range editions {
		if e.Title == title {
			return e.ID, nil
		}
	}
	return 0, fmt.Errorf("the guidance edition %s is missing", title)
}

func (l *loader) details(ctx context.Context, support authz.Actor, ref arrangement.Ref, guidance string, from day.Date, label string) error {
	draft, err := l.silent.Draft(ctx, support, ref)
	if err != nil {
		return err
	}
	edition, err := l.edition(ctx, guidance)
	if err != nil {
		return err
	}
	return l.silent.SaveDetails(ctx, support, arrangement.DetailsCommand{Ref: ref, Revision: draft.Revision, Title: draft.Title, Guidance: edition,
		EffectiveFrom: from, Label: label})
}

// loadNext puts the next edition to the partners. Health has signed; the council and the police have not.
func (l *loader) loadNext(ctx context.Context) error {
	support, err := l.as(ctx, "support@kscmp.example")
	if err != nil {
		return err
	}
	ref, err := l.papers.NextVersion(ctx, support, Document, true)
	if err != nil {
		return err
	}
	if err := l.rewrite(ctx, support, ref); err != nil {
		return err
	}
	if err := l.details(ctx, support, ref, "Working Together 2023", nextApril(l.today.Add(60)), ""); err != nil {
		return err
	}
	if err := l.cover(ctx, support, ref, coveredNext); err != nil {
		return err
	}
	check, err := l.papers.Check(ctx, support, ref, day.Date{})
	if err != nil {
		return err
	}
	round, err := l.papers.Open(ctx, support, arrangement.OpenCommand{Ref: ref, Digest: check.Digest, DueOn: l.today.Add(28)})
	if err != nil {
		return err
	}
	health, err := l.as(ctx, "lead@kent-ccgs.example")
	if err != nil {
		return err
	}
	st, err := l.rounds.Issue(ctx, health, signoff.IssueCommand{Round: round, Kind: signoff.Sign, Digest: check.Digest})
	if err != nil {
		return err
	}
	_, err = l.rounds.Act(ctx, health, signoff.ActCommand{Round: round, Statement: st.ID, Password: Password})
	return err
}

// rewrite replaces the sections that the next version began with by those of the next edition.
func (l *loader) rewrite(ctx context.Context, support authz.Actor, ref arrangement.Ref) error {
	draft, err := l.papers.Draft(ctx, support, ref)
	if err != nil {
		return err
	}
	next := text.NextEdition()
	for i, s := range next {
		if i >= len(draft.Sections) {
			if _, err := l.papers.AddSection(ctx, support, ref, s.Heading, s.Markdown); err != nil {
				return err
			}
			continue
		}
		old := draft.Sections[i]
		err := l.papers.SaveSection(ctx, support, arrangement.SectionCommand{Ref: ref, Section: old.ID, Revision: old.Revision, Heading: s.Heading, Markdown: s.Markdown})
		if err != nil {
			return err
		}
	}
	for i := len(next); i < len(draft.Sections); i++ {
		if err := l.papers.RemoveSection(ctx, support, ref, draft.Sections[i].ID, draft.Sections[i].Revision); err != nil {
			return err
		}
	}
	return nil
}

// nextApril is the first 1 April on or after a day.
func nextApril(d day.Date) day.Date {
	year := d.Year()
	april, _ := day.New(year, 4, 1)
	if april.Before(d) {
		april, _ = day.New(year+1, 4, 1)
	}
	return april
}
