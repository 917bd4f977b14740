package decision

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
)

// HolidayLine is a bank holiday as its keepers see it.
type HolidayLine struct {
	ID     int64
	On     day.Date
	Name   string
	Source string
}

// RuleLine is one rule of the register as its keepers see it.
type RuleLine struct {
	ID         int64
	Body       Body // none: every body
	Stage      Stage
	Part       Part
	IsAsked    bool // of a requirement
	Name       Period
	Length     int
	Mask       Mask
	StartsOn   day.Date // none: it always held
	EndsOn     day.Date
	Source     string
	Confidence string
}

// RuleBook is every rule that counts, or will.
type RuleBook struct {
	Holidays     []HolidayLine
	Requirements []RuleLine
	Periods      []RuleLine
	Masks        []RuleLine
}

// RuleKind says which kind of rule a command is about.
type RuleKind string

// The kinds of rules.
const (
	RuleHoliday     RuleKind = "bank holiday"
	RuleRequirement RuleKind = "requirement"
	RulePeriod      RuleKind = "period"
	RuleMask        RuleKind = "form of numbers"
)

// Rules reads the rules. Fault: Forbidden.
func (s *Service) Rules(ctx context.Context, by authz.Actor) (b RuleBook, err error) {
	if !CanEditRules(by) {
		return b, errMayNotRules
	}
	rows, _ := s.db.Query(ctx, `SELECT id, on_day AS on, name, source FROM bank_holiday WHERE retracted_at IS NULL ORDER BY on_day`)
	if b.Holidays, err = pgx.CollectRows(rows, pgx.RowToStructByName[HolidayLine]); err != nil {
		return b, fmt.Errorf("read bank holidays: %w", err)
	}
	today := day.Of(s.now())
	if b.Requirements, err = s.selectRuleLines(ctx, today, "stage, part, is_asked, '' AS name, 0 AS length, '' AS mask", "decision_requirement"); err != nil {
		return b, err
	}
	if b.Periods, err = s.selectRuleLines(ctx, today, "'' AS stage, '' AS part, false AS is_asked, name, length, '' AS mask", "decision_period"); err != nil {
		return b, err
	}
	b.Masks, err = s.selectRuleLines(ctx, today, "'' AS stage, '' AS part, false AS is_asked, '' AS name, 0 AS length, mask", "decision_mask")
	return b, err
}

type ruleRow struct {
	ID, OrganisationID int64
	Stage              Stage
	Part               Part
	IsAsked            bool
	Name               Period
	Length             int
	Mask               Mask
	StartsOn, EndsOn   day.Date
	Source, Confidence string
}

func (s *Service) selectRuleLines(ctx context.Context, today day.Date, columns, table string) ([]RuleLine, error) {
	rows, _ := s.db.Query(ctx, `SELECT id, coalesce(organisation_id, 0) AS organisation_id, `+columns+`, starts_on, ends_on, source, confidence
		FROM `+table+` WHERE retracted_at IS NULL ORDER BY organisation_id NULLS FIRST, id`)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[ruleRow])
	if err != nil {
		return nil, fmt.Errorf("read rules of %s: %w", table, err)
	}
	var ids []int64
	for _, w := range list {
		if w.OrganisationID != 0 {
			ids = append(ids, w.OrganisationID)
		}
	}
	bodies, err := selectBodiesByID(ctx, s.db, ids, today)
	if err != nil {
		return nil, err
	}
	lines := make([]RuleLine, 0, len(list))
	for _, w := range list {
		lines = append(lines, RuleLine{w.ID, bodies[id.Organisation(w.OrganisationID)], w.Stage, w.Part, w.IsAsked, w.Name, w.Length, w.Mask,
			w.StartsOn, w.EndsOn, w.Source, w.Confidence})
	}
	return lines, nil
}

// HolidayCommand adds a bank holiday, a one-off day too.
type HolidayCommand struct {
	On     day.Date
	Name   string
	Source string
}

// AddHoliday adds a bank holiday. What was reckoned and published before stays as it was published. Faults: Forbidden,
// Invalid.
func (s *Service) AddHoliday(ctx context.Context, by authz.Actor, cmd HolidayCommand) error {
	switch {
	case !CanEditRules(by):
		return errMayNotRules
	case cmd.On.IsZero():
		return fault.Field("on", "Enter the day of the bank holiday.")
	case !said(cmd.Name):
		return fault.Field("name", "Enter what the bank holiday is called.")
	case !said(cmd.Source):
		return fault.Field("source", "Say what makes it a bank holiday.")
	}
	return s.writeRule(ctx, by, `INSERT INTO bank_holiday (on_day, name, source, added_by) VALUES (@on, @name, @source, @by) RETURNING id`,
		pgx.StrictNamedArgs{"on": cmd.On, "name": cmd.Name, "source": cmd.Source, "by": orNull(by.Account)})
}

// RuleCommand adds a rule of a body, or of every body, from a day on. An earlier rule of the same body about the same
// thing ends on the day before.
type RuleCommand struct {
	Kind       RuleKind // not a bank holiday
	Body       string   // slug; empty for every body
	From       day.Date // none: it always held
	Stage      Stage    // of a requirement
	Part       Part     // of a requirement
	IsAsked    bool     // of a requirement
	Period     Period   // of a period
	Length     int      // of a period
	Mask       Mask
	Source     string
	Confidence string // confirmed, part-confirmed or unconfirmed; unconfirmed unless given
}

func (c RuleCommand) check() error {
	switch {
	case !said(c.Source):
		return fault.Field("source", "Say who says so.")
	case c.Confidence != "" && !slices.Contains([]string{"confirmed", "part-confirmed", "unconfirmed"}, c.Confidence):
		return fault.Field("confidence", "Choose how sure this is.")
	case c.Kind == RuleRequirement && !c.Stage.Known():
		return fault.Field("stage", "Choose a stage.")
	case c.Kind == RuleRequirement && (!c.Part.Known() || c.Part == PartDates):
		return fault.Field("part", "Choose a part of the record.")
	case c.Kind == RulePeriod && !slices.Contains(Periods(), c.Period):
		return fault.Field("period", "Choose a period.")
	case c.Kind == RulePeriod && (c.Length < 0 || c.Length > 200):
		return fault.Field("length", "Enter a length from 0 to 200.")
	case c.Kind == RuleMask && !c.Mask.Valid():
		return fault.Field("mask", "Write the form of a number with Y for figures of the year and N for other figures, such as YY/NNNNN.")
	case !slices.Contains([]RuleKind{RuleRequirement, RulePeriod, RuleMask}, c.Kind):
		return fault.Field("kind", "Choose a kind of rule.")
	}
	return nil
}

// AddRule adds a rule; it counts for records by the day on which they were made or are due. Faults: Forbidden, NotFound
// (the body), Invalid, Conflict (a later rule is there already).
func (s *Service) AddRule(ctx context.Context, by authz.Actor, cmd RuleCommand) error {
	if !CanEditRules(by) {
		return errMayNotRules
	}
	if err := cmd.check(); err != nil {
		return err
	}
	var body Body
	if cmd.Body != "" {
		found, err := selectBody(ctx, s.db, cmd.Body, day.Of(s.now()))
		if err != nil {
			return err
		}
		if body = found; body.ID == 0 {
			return fault.Field("body", "The partnership itself follows the rules of every body.")
		}
	}
	if cmd.Confidence == "" {
		cmd.Confidence = "unconfirmed"
	}
	args := pgx.StrictNamedArgs{"body": orNull(body.ID), "from": cmd.From, "source": cmd.Source, "confidence": cmd.Confidence, "by": orNull(by.Account)}
	return s.writeRule(ctx, by, cmd.insert(args), args)
}

// insert is the statement that ends the rule before and adds the new one.
func (c RuleCommand) insert(args pgx.StrictNamedArgs) string {
	about := "true"
	var columns, values, table string
	switch c.Kind {
	case RuleRequirement:
		args["stage"], args["part"], args["asked"] = string(c.Stage), string(c.Part), c.IsAsked
		table, columns, values, about = "decision_requirement", "stage, part, is_asked", "@stage, @part, @asked", "stage = @stage AND part = @part"
	case RulePeriod:
		args["period"], args["length"] = string(c.Period), c.Length
		table, columns, values, about = "decision_period", "name, length", "@period, @length", "name = @period"
	default:
		args["mask"] = string(c.Mask)
		table, columns, values = "decision_mask", "mask", "@mask"
	}
	// The rule before ends first: the exclusion constraint looks at each statement, the one that adds included.
	return `WITH ended AS (
			UPDATE ` + table + ` SET ends_on = @from::date - 1 WHERE retracted_at IS NULL AND organisation_id IS NOT DISTINCT FROM @body::bigint AND ` + about + `
			  AND ends_on IS NULL AND @from::date IS NOT NULL AND coalesce(starts_on, '-infinity') < @from::date RETURNING id)
		INSERT INTO ` + table + ` (organisation_id, ` + columns + `, starts_on, source, confidence, added_by)
		SELECT @body::bigint, ` + values + `, @from::date, @source, @confidence, @by::bigint FROM (SELECT count(*) FROM ended) e RETURNING id`
}

// RetractRule takes out a rule or a bank holiday that was entered in error, for a reason. Faults: Forbidden, NotFound,
// Invalid, Conflict.
func (s *Service) RetractRule(ctx context.Context, by authz.Actor, kind RuleKind, which int64, reason string) error {
	table, ok := map[RuleKind]string{RuleHoliday: "bank_holiday", RuleRequirement: "decision_requirement", RulePeriod: "decision_period", RuleMask: "decision_mask"}[kind]
	switch {
	case !CanEditRules(by):
		return errMayNotRules
	case !ok:
		return fault.Field("kind", "Choose a kind of rule.")
	case !said(reason):
		return fault.Field("reason", "Say why it is taken out.")
	}
	return s.writeRule(ctx, by, `UPDATE `+table+` SET retracted_reason = @reason WHERE id = @id RETURNING id`, pgx.StrictNamedArgs{"id": which, "reason": reason})
}

// writeRule runs a statement that gives the row it wrote, with its event.
func (s *Service) writeRule(ctx context.Context, by authz.Actor, sql string, args pgx.StrictNamedArgs) error {
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, sql, args)
		written, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return translated("write rule", err)
		}
		if len(written) == 0 {
			return fault.New(fault.NotFound, "There is no such rule.")
		}
		return audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: actionRules, SubjectKind: subjectRules, SubjectID: written[0]})
	})
}
