package funding

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/money"
)

// BeginCommand begins a financial year.
type BeginCommand struct {
	Year          day.FinancialYear
	Origin        Origin
	FromLast      bool        // propose what the year before has, for the bodies of this year
	Opening       money.Pence // the reserve brought forward; if the year before is closed, its closing reserve counts
	SkipReason    string      // needed if a year is left out between this one and the others
	Source        string      // of an agreement made elsewhere: where it can be read
	Agreed        day.Approx  // when that agreement was made
	Demonstration bool        // invented for the demonstration
}

// Begun says what came of the year before.
type Begun struct {
	Lines   int      // put into the new year
	LeftOut []string // bodies that do not exist in it, and of whom no single body took over
}

func (c BeginCommand) check(today day.Date) error {
	now := day.FinancialYearOf(today)
	switch {
	case c.Year < First || c.Year > now+ahead:
		return fault.Field("year", "The financial year must be between "+First.String()+" and "+(now+ahead).String())
	case c.Origin != InPortal && c.Origin != Elsewhere:
		return fault.Field("origin", "Choose whether the year is agreed here or was agreed elsewhere")
	case c.Origin == Elsewhere && strings.TrimSpace(c.Source) == "":
		return fault.Field("source", "Enter where the agreement can be read")
	case c.Origin == Elsewhere && c.Agreed.IsZero():
		return fault.Field("agreed", "Enter when the contributions were agreed")
	case c.Origin == Elsewhere && c.FromLast:
		return fault.Field("from-last", "A year that was agreed elsewhere has no lines to propose. Record its contributions")
	case c.Opening < -money.Most || c.Opening > money.Most:
		return fault.Field("opening", "The reserve is too large")
	}
	return nil
}

// Begin begins a financial year: empty, or with last year's lines. Faults: Forbidden, Invalid of the fields year, origin,
// skip-reason, source, agreed, from-last and opening.
func (s *Years) Begin(ctx context.Context, by authz.Actor, cmd BeginCommand) (done Begun, err error) {
	if !CanPlan(by) {
		return Begun{}, errMayNotPlan
	}
	at := s.now()
	if err := cmd.check(day.Of(at)); err != nil {
		return Begun{}, err
	}
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		if err := insertYear(ctx, tx, by, cmd); err != nil {
			return err
		}
		if cmd.FromLast {
			if done, err = copyLastYear(ctx, tx, by, cmd.Year); err != nil {
				return err
			}
		}
		after := string(Proposed)
		if cmd.Origin == Elsewhere {
			after = string(Agreed)
		}
		return audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: actionBegun, SubjectKind: yearSubject, SubjectID: int64(cmd.Year), After: after})
	})
	return done, translateYear(err)
}

func insertYear(ctx context.Context, tx pgx.Tx, by authz.Actor, c BeginCommand) error {
	args := pgx.StrictNamedArgs{"year": c.Year, "origin": c.Origin, "opening": c.Opening, "skip": strings.TrimSpace(c.SkipReason), "source": "",
		"agreed": day.Date{}, "precision": nil, "demonstration": c.Demonstration, "by": by.Account}
	if c.Origin == Elsewhere {
		args["source"], args["agreed"], args["precision"] = strings.TrimSpace(c.Source), c.Agreed.Date, c.Agreed.Precision
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO funding_year (financial_year, origin, opening_pence, skip_reason, agreed_source, agreed_on, agreed_precision, is_demonstration, begun_by)
		VALUES (@year, @origin, @opening, @skip, @source, @agreed, @precision, @demonstration, nullif(@by::bigint, 0))`, args)
	if err != nil {
		return fmt.Errorf("begin the financial year %s: %w", c.Year, translateYear(err))
	}
	return nil
}

// copyLastYear proposes for a year what the latest year before it has: what was agreed, or else what is proposed. What a
// body gave that has ended is proposed for the one body that took over from it.
func copyLastYear(ctx context.Context, tx pgx.Tx, by authz.Actor, year day.FinancialYear) (done Begun, err error) {
	lines, err := selectLastLines(ctx, tx, year)
	if err != nil {
		return Begun{}, err
	}
	successions, err := selectSuccessionsTo(ctx, tx, year)
	if err != nil {
		return Begun{}, err
	}
	heirs := heirsOf(successions)
	for _, l := range lines {
		heir, err := selectBodyOfYear(ctx, tx, heirs.of(l.body), year)
		if err != nil {
			return Begun{}, err
		}
		if heir == "" {
			if !slices.Contains(done.LeftOut, l.name) {
				done.LeftOut = append(done.LeftOut, l.name)
			}
			continue
		}
		cmd := LineCommand{Year: year, Organisation: heir, Form: l.Form, Total: l.Total, Parts: l.Parts, Valuation: l.Valuation, Estimated: l.IsEstimated,
			Purpose: purposeOf(l.Purpose), Conditions: l.Conditions, Note: l.Note}
		if cmd.Total == 0 {
			continue // a recorded contribution of nothing is no proposal
		}
		body, err := selectPayer(ctx, tx, heir)
		if err != nil {
			return Begun{}, err
		}
		if _, err := insertLine(ctx, tx, by, body, cmd); err != nil {
			return Begun{}, err
		}
		done.Lines++
	}
	return done, nil
}

// purposeOf is the purpose of the list that recorded words name, or else the general one.
func purposeOf(words string) string {
	words = strings.ToLower(plainText(words))
	if slices.Contains(Purposes(), words) {
		return words
	}
	return "general"
}

// lastLine is a line of the year before.
type lastLine struct {
	PlanLine
	body id.Organisation
	name string
}

func selectLastLines(ctx context.Context, tx pgx.Tx, year day.FinancialYear) ([]lastLine, error) {
	rows, _ := tx.Query(ctx, `
		WITH last AS (
			SELECT max(k.year) AS year FROM (SELECT financial_year AS year FROM funding_year UNION ALL SELECT financial_year FROM contribution) k WHERE k.year < @year
		)
		SELECT l.organisation_id, organisation_name_on(l.organisation_id, make_date(l.financial_year, 4, 1)), l.form, l.payer_total_pence,
		       funding_line_parts(l.id, l.revision), l.valuation, l.is_estimated, l.purpose, l.conditions, l.note, l.id
		FROM funding_line l JOIN last ON last.year = l.financial_year JOIN funding_year y USING (financial_year) WHERE l.removed_at IS NULL AND y.agreed_at IS NULL
		UNION ALL
		SELECT c.organisation_id, organisation_name_on(c.organisation_id, c.agreed_on), c.form, coalesce(c.payer_total_pence, c.pence),
		       c.parts, c.valuation, c.is_estimated, c.purpose, c.conditions, c.note, c.id
		FROM contribution c JOIN last ON last.year = c.financial_year
		WHERE c.reverses_id IS NULL AND NOT EXISTS (SELECT FROM contribution r WHERE r.reverses_id = c.id) ORDER BY 11`, pgx.StrictNamedArgs{"year": year})
	lines, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (l lastLine, err error) {
		var made int64
		err = row.Scan(&l.body, &l.name, &l.Form, &l.Total, &l.Parts, &l.Valuation, &l.IsEstimated, &l.Purpose, &l.Conditions, &l.Note, &made)
		return l, err
	})
	if err != nil {
		return nil, fmt.Errorf("read the lines of the year before %s: %w", year, err)
	}
	return lines, nil
}

// selectSuccessionsTo gives those that take place by the first day of a year.
func selectSuccessionsTo(ctx context.Context, tx pgx.Tx, year day.FinancialYear) ([]succession, error) {
	rows, _ := tx.Query(ctx, `
		SELECT predecessor_id, successor_id FROM organisation_succession WHERE takes_over_on <= $1 AND retracted_at IS NULL ORDER BY 1, 2`, year.Starts())
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[succession])
	if err != nil {
		return nil, fmt.Errorf("read the successions up to %s: %w", year, err)
	}
	return list, nil
}

// selectBodyOfYear gives the address of a body, or none if it does not exist in a year.
func selectBodyOfYear(ctx context.Context, tx pgx.Tx, body id.Organisation, year day.FinancialYear) (string, error) {
	var slug string
	err := tx.QueryRow(ctx, `
		SELECT coalesce((SELECT slug FROM organisation WHERE id = @body AND retracted_at IS NULL AND coalesce(starts_on, '-infinity') <= @last::date
		                 AND coalesce(ends_on, 'infinity') >= @first::date), '')`,
		pgx.StrictNamedArgs{"body": body, "first": year.Starts(), "last": year.Ends()}).Scan(&slug)
	if err != nil {
		return "", fmt.Errorf("look for organisation %d in %s: %w", body, year, err)
	}
	return slug, nil
}
