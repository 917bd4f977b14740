package notify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/decision"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
	"partnershipportal/web/letter"
	"partnershipportal/web/route"
)

// decisionRow is what letters need to know of a record: what anybody may know of it, and no more where it is not open.
type decisionRow struct {
	Decision     id.Decision
	Organisation id.Organisation // none: the partnership itself
	Slug         string
	Body         string
	Ref          string
	Number       string
	Subject      string
	Maker        string
	Stage        decision.Stage
	Restriction  decision.Restriction
	Content      json.RawMessage // as it was published last; null where it never was
	Earlier      int             // publications before that one
	ToldOn       day.Date
	officeRow
	public *decision.Content
}

func readDecision(ctx context.Context, tx pgx.Tx, which id.Decision, on day.Date) (decisionRow, error) {
	rows, _ := tx.Query(ctx, `
		SELECT d.id AS decision, coalesce(d.organisation_id, 0) AS organisation, coalesce(o.slug, @partnership) AS slug,
		       coalesce(organisation_name_on(d.organisation_id, t.told_on), pa.name, '') AS body, d.ref,
		       coalesce(nullif(d.number_verified, ''), d.number_printed) AS number, d.subject, d.maker_title AS maker, d.stage, d.restriction,
		       p.content, coalesce(p.number, 1) - 1 AS earlier, t.told_on, `+officeColumns+`
		FROM decision d LEFT JOIN LATERAL (SELECT content, number, recorded_at FROM decision_publication WHERE decision_id = d.id ORDER BY number DESC LIMIT 1) p ON true
		CROSS JOIN LATERAL (SELECT coalesce(@on::date, london_day(greatest(d.known_from, p.recorded_at))) AS told_on) t
		LEFT JOIN organisation o ON o.id = d.organisation_id LEFT JOIN partnership pa ON true
		WHERE d.id = @decision`, pgx.StrictNamedArgs{"decision": which, "partnership": decision.PartnershipSlug, "on": on})
	d, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[decisionRow])
	if err != nil {
		return decisionRow{}, fmt.Errorf("read decision %d for its letters: %w", which, err)
	}
	if len(d.Content) > 0 {
		d.public = &decision.Content{}
		if err := json.Unmarshal(d.Content, d.public); err != nil {
			return decisionRow{}, fmt.Errorf("read what is published of decision %d: %w", which, err)
		}
	}
	return d, nil
}

// words are what a letter says of the record: what is published, or of one that never was its subject if it is open.
func (w *Writer) decisionWords(d decisionRow, desk bool) letter.Decision {
	x := letter.Decision{Body: d.Body, Number: d.Number, URL: w.at(route.DecisionTo(d.Slug, d.Ref))}
	if desk || d.public == nil {
		x.URL = w.at(route.DeskDecisionTo(d.Slug, d.Ref))
	}
	if d.public == nil {
		if d.Restriction == decision.Open {
			x.Subject, x.Maker = d.Subject, d.Maker
		}
		return x
	}
	c := d.public
	x.Subject, x.Maker, x.Route = c.Subject, c.Maker, string(c.Route)
	x.Notice, x.Due, x.Made = c.NoticeOn.Approx().Words(), c.DueOn.Approx().Words(), c.MadeOn.Approx().Words()
	if c.Stage.Before() {
		x.Earliest = c.Computed.EarliestDecision.Long()
	}
	x.Effective = c.Computed.Effective.Long()
	if !c.EffectiveOn.Day.IsZero() {
		x.Effective = c.EffectiveOn.Approx().Words()
	}
	return x
}

// decisionPeople are those whom a record concerns on a day: the lead officers, delegates and private offices of its body
// (of every partner where it concerns them all), business support, the scrutineer, and the post that answers questions.
const decisionPeople = `
	SELECT p.account_id AS account, p.email, p.name, p.concern, p.body FROM (
		SELECT a.id AS account_id, a.email, a.name, x.concern, '' AS body FROM (
			SELECT ap.account_id, 2 AS concern
			FROM safeguarding_partner sp JOIN appointment ap ON ap.partner_id = sp.id
			WHERE (@all OR @body::bigint = 0 OR sp.organisation_id = @body) AND sp.retracted_at IS NULL AND sp.during @> @on::date AND appointment_counts(ap, @on::date)
			UNION
			SELECT g.account_id, 3 FROM role_grant g
			WHERE g.role = 'office' AND g.ended_at IS NULL AND (g.organisation_id = @body OR @all AND EXISTS (SELECT FROM safeguarding_partner sp
				WHERE sp.organisation_id = g.organisation_id AND sp.retracted_at IS NULL AND sp.during @> @on::date))
			UNION
			SELECT account_id, CASE role WHEN 'business-support' THEN 4 ELSE 6 END
			FROM role_grant WHERE role IN ('business-support', 'scrutineer') AND ended_at IS NULL AND (role = 'business-support' OR @scrutineer)
		) x JOIN account a ON a.id = x.account_id WHERE a.suspended_at IS NULL
		UNION ALL
		SELECT 0, p.email, p.title, 8, '' FROM decision d JOIN post p ON p.id = d.contact_post_id
			OR d.contact_post_id IS NULL AND lower(p.title) = lower(btrim(d.contact_title)) AND (p.organisation_id = d.organisation_id OR p.organisation_id IS NULL)
		WHERE @contact AND d.id = @decision AND p.email <> '' AND p.retracted_at IS NULL AND p.during @> @on::date
	) p
	ORDER BY p.concern, p.account_id, p.email`

// urgencyPeople are who answers to the post that had notice of an urgency or agreed to it: the post's own address, or the
// accounts of those who hold it.
const urgencyPeople = `
	SELECT coalesce(a.id, 0) AS account, coalesce(a.email, p.email) AS email, coalesce(a.name, p.title) AS name, 9 AS concern, '' AS body
	FROM post p LEFT JOIN post_holder h ON p.email = '' AND h.post_id = p.id AND h.retracted_at IS NULL AND h.during @> @on::date
	LEFT JOIN account a ON a.id = h.account_id AND a.suspended_at IS NULL
	WHERE lower(p.title) = lower(btrim(@post)) AND (p.organisation_id = nullif(@body::bigint, 0) OR p.organisation_id IS NULL)
	  AND p.retracted_at IS NULL AND p.during @> @on::date AND (p.email <> '' OR a.id IS NOT NULL)
	ORDER BY email`

// audience says who has a letter about a record.
type audience struct{ all, scrutineer, contact bool }

func (w *Writer) peopleOfDecision(ctx context.Context, tx pgx.Tx, d decisionRow, a audience) ([]person, error) {
	return w.people(ctx, tx, decisionPeople, pgx.StrictNamedArgs{"decision": d.Decision, "body": d.Organisation, "on": d.ToldOn, "all": a.all,
		"scrutineer": a.scrutineer, "contact": a.contact})
}

// DecisionPublished tells the partners' officers and offices, business support, the scrutineer and the contact post of a
// key decision to come, of a decision made, of a call-in or its outcome where they were not told yet, and of a withdrawal.
func (w *Writer) DecisionPublished(ctx context.Context, tx pgx.Tx, which id.Decision, corrected bool) error {
	d, err := readDecision(ctx, tx, which, day.Date{})
	if err != nil {
		return err
	}
	if d.public.Stage.Before() && d.public.Route != decision.Ordinary {
		if err := w.decisionUrgent(ctx, tx, d); err != nil {
			return err
		}
	}
	if corrected {
		return nil
	}
	occasion, kind, compose, err := w.publishedDecision(ctx, tx, d)
	if err != nil || compose == nil {
		return err
	}
	people, err := w.peopleOfDecision(ctx, tx, d, audience{all: true, scrutineer: true, contact: true})
	if err != nil {
		return err
	}
	b := batch{occasion: occasion}
	for _, p := range people {
		b.add(p, kind, compose(w.decisionWords(d, p.Concern == support)))
	}
	return w.write(ctx, tx, b)
}

// publishedDecision is the letter of the first publication of a stage; a stage of which nobody need be told has none.
func (w *Writer) publishedDecision(ctx context.Context, tx pgx.Tx, d decisionRow) (occasion string, kind Kind, compose func(letter.Decision) letter.Letter, err error) {
	c, o := d.public, d.office()
	occasion = fmt.Sprintf("decision %d %s published", d.Decision, c.Stage)
	switch c.Stage {
	case decision.Notice, decision.Proposed:
		if c.Key == decision.KeyYes && d.Earlier == 0 {
			return occasion, DecisionNotice, func(x letter.Decision) letter.Letter {
				return letter.DecisionNotice(o, x, c.Stage == decision.Proposed)
			}, nil
		}
	case decision.Made:
		return occasion, DecisionMade, func(x letter.Decision) letter.Letter {
			return letter.DecisionMade(o, x, c.CallInApplies && !c.CallInWaived)
		}, nil
	case decision.CalledIn:
		return w.callInLetter(ctx, tx, d, DecisionCalledIn)
	case decision.Confirmed:
		return w.callInLetter(ctx, tx, d, CallInEnded)
	case decision.Withdrawn:
		return occasion, DecisionWithdrawn, func(x letter.Decision) letter.Letter { return letter.DecisionWithdrawn(o, x) }, nil
	case decision.Implemented:
	}
	return occasion, "", nil, nil
}

type callInRow struct {
	ID        int64
	Meeting   day.Approx
	Outcome   string
	OutcomeOn day.Approx
}

func readCallIn(ctx context.Context, tx pgx.Tx, of id.Decision) (callInRow, error) {
	type row struct {
		ID                                 int64
		MeetingOn, OutcomeOn               day.Date
		MeetingPrecision, OutcomePrecision string
		Outcome                            string
	}
	rows, _ := tx.Query(ctx, `
		SELECT id, meeting_on, coalesce(meeting_precision, '') AS meeting_precision, outcome, outcome_on, coalesce(outcome_precision, '') AS outcome_precision
		FROM decision_call_in WHERE decision_id = $1 ORDER BY id DESC LIMIT 1`, of)
	c, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[row])
	if err != nil {
		return callInRow{}, fmt.Errorf("read the call-in of decision %d for its letters: %w", of, err)
	}
	return callInRow{c.ID, day.Approx{Date: c.MeetingOn, Precision: day.Precision(c.MeetingPrecision)}, c.Outcome,
		day.Approx{Date: c.OutcomeOn, Precision: day.Precision(c.OutcomePrecision)}}, nil
}

// callInLetter is the letter of a call-in or its outcome. Recording it and publishing it are one occasion: nobody has both.
func (w *Writer) callInLetter(ctx context.Context, tx pgx.Tx, d decisionRow, kind Kind) (occasion string, _ Kind, compose func(letter.Decision) letter.Letter, err error) {
	c, err := readCallIn(ctx, tx, d.Decision)
	if err != nil {
		return "", kind, nil, err
	}
	if kind == DecisionCalledIn {
		return fmt.Sprintf("decision %d call-in %d", d.Decision, c.ID), kind, func(x letter.Decision) letter.Letter {
			return letter.DecisionCalledIn(d.office(), x, c.Meeting.Words())
		}, nil
	}
	return fmt.Sprintf("decision %d call-in %d ended %s", d.Decision, c.ID, c.OutcomeOn.Date), kind, func(x letter.Decision) letter.Letter {
		return letter.DecisionCallInEnded(d.office(), x, c.Outcome, c.OutcomeOn.Words())
	}, nil
}

// DecisionCalledIn tells the body's officers and office, business support, the scrutineer and the contact post. The other
// partners are told when it is published.
func (w *Writer) DecisionCalledIn(ctx context.Context, tx pgx.Tx, which id.Decision) error {
	return w.callIn(ctx, tx, which, DecisionCalledIn)
}

// DecisionCallInEnded tells the same people how the call-in ended.
func (w *Writer) DecisionCallInEnded(ctx context.Context, tx pgx.Tx, which id.Decision) error {
	return w.callIn(ctx, tx, which, CallInEnded)
}

func (w *Writer) callIn(ctx context.Context, tx pgx.Tx, which id.Decision, kind Kind) error {
	d, err := readDecision(ctx, tx, which, day.Date{})
	if err != nil {
		return err
	}
	occasion, kind, compose, err := w.callInLetter(ctx, tx, d, kind)
	if err != nil {
		return err
	}
	people, err := w.peopleOfDecision(ctx, tx, d, audience{scrutineer: true, contact: true})
	if err != nil {
		return err
	}
	b := batch{occasion: occasion}
	for _, p := range people {
		b.add(p, kind, compose(w.decisionWords(d, p.Concern != contactPost)))
	}
	return w.write(ctx, tx, b)
}

// decisionUrgent writes once to the post that had notice of an urgency or agreed to it; where the portal knows no address
// of it, business support is asked to.
func (w *Writer) decisionUrgent(ctx context.Context, tx pgx.Tx, d decisionRow) error {
	c, agreed := d.public, d.public.Route == decision.SpecialUrgency
	post := c.UrgencyTold
	if agreed {
		post = c.UrgencyAgreed
	}
	if post == "" {
		return nil
	}
	people, err := w.people(ctx, tx, urgencyPeople, pgx.StrictNamedArgs{"post": post, "body": d.Organisation, "on": d.ToldOn})
	if err != nil {
		return err
	}
	b := batch{occasion: fmt.Sprintf("decision %d %s", d.Decision, c.Route)}
	for _, p := range people {
		b.add(p, DecisionUrgent, letter.DecisionUrgent(d.office(), w.decisionWords(d, false), agreed))
	}
	if len(people) == 0 {
		if people, err = w.peopleOfDecision(ctx, tx, d, audience{}); err != nil {
			return err
		}
		for _, p := range people {
			if p.Concern == support {
				b.add(p, DecisionUrgent, letter.DecisionUnreached(d.office(), w.decisionWords(d, true), post))
			}
		}
	}
	return w.write(ctx, tx, b)
}

// RemindOfDecisions writes of each deadline once to the body's officers and office and to business support, each in a
// transaction of its own. One that fails keeps no other back.
func (w *Writer) RemindOfDecisions(ctx context.Context, db pg.DB, today day.Date, deadlines []decision.Deadline) error {
	var problems []error
	for _, x := range deadlines {
		if err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error { return w.remindOfDecision(ctx, tx, today, x) }); err != nil {
			problems = append(problems, err)
		}
	}
	return errors.Join(problems...)
}

func (w *Writer) remindOfDecision(ctx context.Context, tx pgx.Tx, today day.Date, x decision.Deadline) error {
	d, err := readDecision(ctx, tx, x.ID, today)
	if err != nil {
		return err
	}
	people, err := w.peopleOfDecision(ctx, tx, d, audience{})
	if err != nil {
		return err
	}
	b := batch{occasion: fmt.Sprintf("decision %d %s %s", x.ID, x.Kind, x.On.Date)}
	for _, p := range people {
		b.add(p, DecisionDeadline, letter.DecisionDeadline(d.office(), w.decisionWords(d, true), x.Kind.Words(), x.On.Words()))
	}
	return w.write(ctx, tx, b)
}
