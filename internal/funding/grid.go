package funding

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
)

// GridCommand saves the whole grid of a year at once: every row is saved or none.
type GridCommand struct {
	Year day.FinancialYear
	Rows []GridRow
}

// GridRow is one row of the grid: a line to put or to change, or one to take out.
type GridRow struct {
	LineCommand      // its year is that of the grid
	Remove      bool // take the line out; of the rest only ID and Revision count
}

// RowFault is what is wrong with one row of a grid.
type RowFault struct {
	Row   int // its place in the command, from 0
	Fault *fault.Error
}

// GridFault is what is wrong with the rows of a grid. Nothing of it was saved.
type GridFault struct{ Rows []RowFault }

func (g *GridFault) Error() string {
	return fmt.Sprintf("%d rows of the grid can't be saved: row %d: %s", len(g.Rows), g.Rows[0].Row+1, g.Rows[0].Fault.Message)
}

// Unwrap makes the fault a Conflict if somebody else was faster with any row, else Invalid.
func (g *GridFault) Unwrap() error {
	for _, r := range g.Rows {
		if r.Fault.Kind == fault.Conflict {
			return fault.Conflict
		}
	}
	return fault.Invalid
}

// SaveGrid saves all rows of a proposed year or none. What a row leaves as it was is not written. Faults: Forbidden,
// NotFound, Conflict (the year stands still), and a *GridFault that names every row in which something is wrong, with the
// fields of SaveLine.
func (s *Years) SaveGrid(ctx context.Context, by authz.Actor, cmd GridCommand) error {
	if !CanPlan(by) {
		return errMayNotPlan
	}
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		h, err := lockYear(ctx, tx, cmd.Year)
		if err != nil {
			return err
		}
		if err := h.proposal(); err != nil {
			return err
		}
		lines, err := selectPlanLines(ctx, tx, cmd.Year, 0)
		if err != nil {
			return err
		}
		present := map[id.FundingLine]PlanLine{}
		for _, l := range lines {
			present[l.ID] = l
		}
		var wrong GridFault
		for i, row := range cmd.Rows {
			row.Year = cmd.Year
			e, err := saveRow(ctx, tx, by, h, present, row)
			if f, ok := errors.AsType[*fault.Error](err); ok {
				wrong.Rows = append(wrong.Rows, RowFault{Row: i, Fault: f})
				continue
			}
			if err != nil {
				return err
			}
			if e.Action == "" {
				continue
			}
			e.At, e.By, e.SubjectKind = at, by, lineSubject
			if err := audit.Record(ctx, tx, e); err != nil {
				return err
			}
		}
		if len(wrong.Rows) > 0 {
			return &wrong
		}
		return nil
	})
}

// saveRow writes a row in a savepoint of its own, so that the rows after it can still be tried. An event without an
// action says that nothing changed.
func saveRow(ctx context.Context, tx pgx.Tx, by authz.Actor, h Head, present map[id.FundingLine]PlanLine, row GridRow) (e audit.Event, err error) {
	err = pgx.BeginFunc(ctx, tx, func(tx pgx.Tx) error {
		var err error
		if row.Remove {
			e.Action, e.SubjectID, e.After = actionRemoved, int64(row.ID), "removed"
			e.Before, err = removeLine(ctx, tx, by, h, row.ID, row.Revision)
			return err
		}
		cmd, err := row.tidy()
		if err != nil {
			return err
		}
		if was, ok := present[row.ID]; ok && was.Revision == cmd.Revision && was.says(cmd) {
			return nil
		}
		var made id.FundingLine
		made, e.Before, e.After, err = saveLine(ctx, tx, by, h, cmd)
		e.Action, e.SubjectID = actionChanged, int64(made)
		if cmd.ID == 0 {
			e.Action = actionAdded
		}
		return err
	})
	return e, err
}

// says tells whether the line says already what a command would have it say.
func (l PlanLine) says(c LineCommand) bool {
	if len(l.Parts) != len(c.Parts) {
		return false
	}
	for i, p := range l.Parts {
		if p != c.Parts[i] {
			return false
		}
	}
	return l.Slug == c.Organisation && l.Form == c.Form && l.Total == c.Total && l.Valuation == c.Valuation && l.IsEstimated == c.Estimated &&
		l.Purpose == c.Purpose && l.Conditions == c.Conditions && l.Note == c.Note && l.Decision == c.Decision
}
