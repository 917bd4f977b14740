package decision

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// rulesDay is the day whose rules count for a record.
func rulesDay(r Record, today day.Date) day.Date {
	for _, a := range []day.Approx{r.MadeOn, r.DueOn, r.NoticeOn} {
		if !a.IsZero() {
			return a.Date
		}
	}
	return today
}

// term is whose rule a row is, and from when to when it holds.
type term struct {
	Body             id.Organisation
	StartsOn, EndsOn day.Date
}

// holds tells whether the row counts for a body on a day.
func (t term) holds(body id.Organisation, on day.Date) bool {
	return (t.Body == 0 || t.Body == body) && (t.StartsOn.IsZero() || !t.StartsOn.After(on)) && (t.EndsOn.IsZero() || !t.EndsOn.Before(on))
}

type requirementRow struct {
	term
	Requirement
	IsAsked bool
}

type periodRow struct {
	term
	Name   Period
	Length int
}

type maskRow struct {
	term
	Mask Mask
}

// ruleset is every rule of every body, read once. Rows of a body come after those of every body.
type ruleset struct {
	requirements []requirementRow
	periods      []periodRow
	masks        []maskRow
	holidays     day.Holidays
}

const termColumns = `coalesce(organisation_id, 0) AS body, starts_on, ends_on`

func selectRuleset(ctx context.Context, db pg.DB) (s ruleset, err error) {
	rows, _ := db.Query(ctx, `SELECT `+termColumns+`, stage, part, source, confidence, is_asked FROM decision_requirement
		WHERE retracted_at IS NULL ORDER BY organisation_id NULLS FIRST, id`)
	if s.requirements, err = pgx.CollectRows(rows, pgx.RowToStructByName[requirementRow]); err != nil {
		return s, fmt.Errorf("read what stages ask for: %w", err)
	}
	rows, _ = db.Query(ctx, `SELECT `+termColumns+`, name, length FROM decision_period WHERE retracted_at IS NULL ORDER BY organisation_id NULLS FIRST, id`)
	if s.periods, err = pgx.CollectRows(rows, pgx.RowToStructByName[periodRow]); err != nil {
		return s, fmt.Errorf("read periods: %w", err)
	}
	rows, _ = db.Query(ctx, `SELECT `+termColumns+`, mask FROM decision_mask WHERE retracted_at IS NULL ORDER BY organisation_id NULLS FIRST, id`)
	if s.masks, err = pgx.CollectRows(rows, pgx.RowToStructByName[maskRow]); err != nil {
		return s, fmt.Errorf("read forms of numbers: %w", err)
	}
	rows, _ = db.Query(ctx, `SELECT on_day AS on, name FROM bank_holiday WHERE retracted_at IS NULL`)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[day.Holiday])
	if err != nil {
		return s, fmt.Errorf("read bank holidays: %w", err)
	}
	s.holidays = day.NewHolidays(list)
	return s, nil
}

// on are the rules of a body on a day: its own where it has any, else those of every body.
func (s ruleset) on(body id.Organisation, on day.Date) Rules {
	rules := Rules{Lengths: map[Period]int{}, Holidays: s.holidays}
	type place struct {
		stage Stage
		part  Part
	}
	asked, order := map[place]requirementRow{}, []place{}
	for _, q := range s.requirements {
		if !q.holds(body, on) {
			continue
		}
		at := place{q.Stage, q.Part}
		if _, known := asked[at]; !known {
			order = append(order, at)
		}
		asked[at] = q
	}
	for _, at := range order {
		if q := asked[at]; q.IsAsked {
			rules.Requirements = append(rules.Requirements, q.Requirement)
		}
	}
	for _, p := range s.periods {
		if p.holds(body, on) {
			rules.Lengths[p.Name] = p.Length
		}
	}
	for _, m := range s.masks {
		if m.holds(body, on) {
			rules.Mask = m.Mask
		}
	}
	return rules
}

// selectRules reads the rules that count for a record.
func selectRules(ctx context.Context, db pg.DB, body id.Organisation, on day.Date) (Rules, error) {
	s, err := selectRuleset(ctx, db)
	return s.on(body, on), err
}
