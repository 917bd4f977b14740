package decision

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
)

// DeadlineKind says what happens on a day.
type DeadlineKind string

// The kinds of deadlines.
const (
	NoticeRuns    DeadlineKind = "earliest decision day"
	DecisionDue   DeadlineKind = "decision due"
	TakesEffect   DeadlineKind = "takes effect"
	CallInMeeting DeadlineKind = "call-in meeting"
	RecordUntil   DeadlineKind = "record open until"
	PapersUntil   DeadlineKind = "background papers open until"
)

// Words name the deadline as a heading does.
func (k DeadlineKind) Words() string {
	return map[DeadlineKind]string{NoticeRuns: "First day on which the decision may be made", DecisionDue: "Decision is due", TakesEffect: "Decision takes effect unless it is called in",
		CallInMeeting: "Meeting about the call-in", RecordUntil: "Record is open to inspection until this day", PapersUntil: "Background papers are open to inspection until this day"}[k]
}

// Deadline is a day on which something about a record happens or is due.
type Deadline struct {
	On      day.Approx
	Kind    DeadlineKind
	ID      id.Decision
	Body    Body
	Ref     string
	Number  string
	Subject string
	Stage   Stage
}

// mostDeadlineRecords is how many records one calendar looks at.
const mostDeadlineRecords = 2000

// Calendar lists what happens or is due from one day to another in the records that the actor reads, the first first.
// Fault: Forbidden.
func (s *Service) Calendar(ctx context.Context, by authz.Actor, from, until day.Date) ([]Deadline, error) {
	if !CanReadAny(by) {
		return nil, errMayNotRead
	}
	today := day.Of(s.now())
	rules, err := selectRuleset(ctx, s.db)
	if err != nil {
		return nil, err
	}
	ids, err := s.selectDeadlineRecords(ctx, deskSource(by), rules, from, until)
	if err != nil {
		return nil, err
	}
	var list []Deadline
	for _, which := range ids {
		r, w, err := selectRecord(ctx, s.db, which, today)
		if err != nil {
			return nil, err
		}
		for _, d := range rules.on(r.Organisation, rulesDay(r, today)).deadlines(r) {
			if latest(d.On).Before(from) || d.On.Date.After(until) {
				continue
			}
			d.ID, d.Body, d.Ref, d.Number, d.Subject, d.Stage = r.ID, Body{r.Organisation, w.Slug, w.Name}, w.Ref, r.Number(), r.Subject, r.Stage
			list = append(list, d)
		}
	}
	slices.SortStableFunc(list, func(a, b Deadline) int {
		return cmp.Or(cmp.Compare(a.On.Date.String(), b.On.Date.String()), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
	})
	return list, nil
}

// deadlines are the days of one record.
func (rules Rules) deadlines(r Record) []Deadline {
	var list []Deadline
	add := func(kind DeadlineKind, a day.Approx) {
		if !a.IsZero() {
			list = append(list, Deadline{On: a, Kind: kind})
		}
	}
	reckoned := func(kind DeadlineKind, d day.Date) {
		if !d.IsZero() {
			add(kind, day.On(d))
		}
	}
	c := rules.Compute(r)
	switch {
	case r.Stage.Before():
		reckoned(NoticeRuns, c.EarliestDecision)
		add(DecisionDue, r.DueOn)
	case r.Stage == CalledIn:
		if last, ok := r.LastCallIn(); ok && last.Outcome == "" {
			add(CallInMeeting, last.MeetingOn)
		}
	case r.IsMade():
		if r.EffectiveOn.IsZero() {
			reckoned(TakesEffect, c.Effective)
		} else {
			add(TakesEffect, r.EffectiveOn)
		}
	}
	if r.WasMade {
		reckoned(RecordUntil, c.InspectUntil)
		reckoned(PapersUntil, c.PapersUntil)
	}
	return list
}

// selectDeadlineRecords finds the records that can have a day in the time: those still open, those published shortly
// before, and those made as many years before as inspection lasts.
func (s *Service) selectDeadlineRecords(ctx context.Context, by source, rules ruleset, from, until day.Date) ([]id.Decision, error) {
	var starts, ends []day.Date
	for _, p := range rules.periods {
		if (p.Name == RecordYears || p.Name == PapersYears) && p.Length > 0 {
			starts, ends = append(starts, from.AddYears(-p.Length).Add(-1)), append(ends, until.AddYears(-p.Length).Add(1))
		}
	}
	rows, _ := s.db.Query(ctx, `
		SELECT d.id FROM decision d WHERE d.retracted_at IS NULL AND (@all OR coalesce(d.organisation_id, 0) = ANY (@bodies::bigint[])) AND d.id IN (
			SELECT id FROM decision WHERE stage IN ('notice', 'proposed', 'called in') AND retracted_at IS NULL
			UNION SELECT id FROM decision WHERE published_on BETWEEN @from::date - 60 AND @until::date AND retracted_at IS NULL
			UNION SELECT id FROM decision WHERE effective_on BETWEEN @from::date AND @until::date AND retracted_at IS NULL
			UNION SELECT b.id FROM unnest(@starts::date[], @ends::date[]) w (s, e) JOIN decision b ON b.made_on BETWEEN w.s AND w.e AND b.retracted_at IS NULL)
		ORDER BY d.id DESC LIMIT @most`,
		pgx.StrictNamedArgs{"all": by.all, "bodies": by.bodies, "from": from, "until": until, "starts": starts, "ends": ends, "most": mostDeadlineRecords})
	ids, err := pgx.CollectRows(rows, pgx.RowTo[id.Decision])
	if err != nil {
		return nil, fmt.Errorf("find records with deadlines: %w", err)
	}
	return ids, nil
}
