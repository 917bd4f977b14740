package decision

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
	"partnershipportal/internal/pg"
)

// UndoPreview is what undoing an import would take back, and what stands in the way.
type UndoPreview struct {
	ImportRun
	Lines     []ImportLine
	Obstacles []string
}

// linesDone says record by record what an import did.
func (s *Service) linesDone(ctx context.Context, which id.DecisionImport) ([]ImportLine, error) {
	changes, err := selectImportedChanges(ctx, s.db, which)
	if err != nil {
		return nil, err
	}
	lines := make([]ImportLine, 0, len(changes))
	for _, c := range changes {
		l := ImportLine{Place: c.Place, ID: c.DecisionID, Number: or(c.After["number-verified"], c.After["number-printed"]), Subject: c.After["subject"], Effect: ImportAdds}
		if c.Before != nil {
			l.Effect = ImportChanges
			for _, f := range importFields {
				if _, changed := c.After[f.name]; changed {
					l.Details = append(l.Details, f.difference(c.Before[f.name], c.After[f.name]))
				}
			}
		} else {
			l.Details = append(l.Details, "New record")
		}
		l.more(importEntry{}, c.Exempt)
		lines = append(lines, l)
	}
	return lines, s.nameLines(ctx, lines)
}

// nameLines gives lines the number, the subject and the body of their records as they are today.
func (s *Service) nameLines(ctx context.Context, lines []ImportLine) error {
	ids := make([]int64, len(lines))
	for i, l := range lines {
		ids[i] = int64(l.ID)
	}
	type named struct {
		ID                    id.Decision
		Number, Subject, Name string
	}
	rows, _ := s.db.Query(ctx, `
		SELECT d.id, d.number, d.subject, coalesce(organisation_name_on(d.organisation_id, @today::date), (SELECT p.name FROM partnership p), '') AS name
		FROM decision d WHERE d.id = ANY (@ids)`, pgx.StrictNamedArgs{"ids": ids, "today": day.Of(s.now())})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[named])
	if err != nil {
		return fmt.Errorf("read the records of an import: %w", err)
	}
	for _, n := range list {
		for i := range lines {
			if lines[i].ID == n.ID {
				lines[i].Number, lines[i].Subject, lines[i].Body = n.Number, n.Subject, n.Name
			}
		}
	}
	return nil
}

func (r ImportRun) canUndo() error {
	switch r.State() {
	case ImportPreviewed:
		return errRunNotApplied
	case ImportUndone:
		return errRunUndone
	case ImportApplied:
	}
	return nil
}

// CheckUndoRun says what undoing an import would take back, and what stands in the way. Faults: Forbidden, NotFound,
// Conflict (never confirmed, or undone already).
func (s *Service) CheckUndoRun(ctx context.Context, by authz.Actor, which id.DecisionImport) (u UndoPreview, err error) {
	if !CanImport(by) {
		return u, errMayNotImport
	}
	if u.ImportRun, err = selectOneDecisionImport(ctx, s.db, which); err != nil {
		return u, err
	}
	if err := u.canUndo(); err != nil {
		return u, err
	}
	if u.Lines, err = s.linesDone(ctx, which); err != nil {
		return u, err
	}
	changes, err := selectImportedChanges(ctx, s.db, which)
	if err != nil {
		return u, err
	}
	_, u.Obstacles, err = s.undoable(ctx, s.db, changes)
	return u, err
}

// undoStep is how one record is taken back.
type undoStep struct {
	importedChange
	record    Record
	published bool
}

// undoable reads the records that an import wrote, and says which are not as it left them.
func (s *Service) undoable(ctx context.Context, db pg.DB, changes []importedChange) (steps []undoStep, obstacles []string, err error) {
	today := day.Of(s.now())
	for _, c := range changes {
		r, w, err := selectRecord(ctx, db, c.DecisionID, today)
		if f, gone := faultOf(err); gone && f == errNoDecision {
			obstacles = append(obstacles, c.Place+": the record was taken out since the import")
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		publications, err := selectPublications(ctx, db, c.DecisionID)
		if err != nil {
			return nil, nil, err
		}
		step := undoStep{importedChange: c, record: r, published: len(publications) > 0}
		switch {
		case w.Revision != c.Revision:
			obstacles = append(obstacles, fmt.Sprintf("%s: record %s was changed since the import", c.Place, or(r.Number(), w.Ref)))
		case c.Before == nil && r.Stage == Withdrawn && step.published:
			obstacles = append(obstacles, fmt.Sprintf("%s: record %s is published as withdrawn, and stays so", c.Place, or(r.Number(), w.Ref)))
		case c.Before != nil && len(c.Exempt) > 0:
			obstacles = append(obstacles, fmt.Sprintf("%s: the exempt text of record %s was written, and what stood there before is not given back", c.Place, or(r.Number(), w.Ref)))
		}
		steps = append(steps, step)
	}
	return steps, obstacles, nil
}

// UndoRun takes back all that an import did. Records that it added are retracted, or withdrawn where they have been
// published; those that it changed say again what they said before. Faults: Forbidden, NotFound, Invalid (no reason),
// Conflict (never confirmed, undone already, or something was changed since).
func (s *Service) UndoRun(ctx context.Context, by authz.Actor, which id.DecisionImport, reason string) error {
	if !CanImport(by) {
		return errMayNotImport
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return fault.Field("reason", "Enter why the import is undone")
	}
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		run, err := lockDecisionImport(ctx, tx, which)
		if err != nil {
			return err
		}
		if err := run.canUndo(); err != nil {
			return err
		}
		changes, err := selectImportedChanges(ctx, tx, which)
		if err != nil {
			return err
		}
		for _, c := range changes {
			if err := lockDecision(ctx, tx, c.DecisionID); err != nil {
				return err
			}
		}
		steps, obstacles, err := s.undoable(ctx, tx, changes)
		if err != nil {
			return err
		}
		if len(obstacles) > 0 {
			return fault.New(fault.Conflict, "Nothing was undone. "+obstacles[0]+".")
		}
		for _, step := range slices.Backward(steps) {
			if err := s.takeBack(ctx, tx, by, step, fmt.Sprintf("Import %d was undone: %s", which, reason)); err != nil {
				return err
			}
		}
		if err := updateDecisionImportUndone(ctx, tx, by, which, at, reason); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: actionImportUndone, SubjectKind: subjectImport, SubjectID: int64(which),
			Before: string(ImportApplied), After: string(ImportUndone)})
	})
}

func (s *Service) takeBack(ctx context.Context, tx pgx.Tx, by authz.Actor, step undoStep, reason string) error {
	at, r := s.now(), step.record
	switch {
	case step.Before == nil && !step.published:
		if err := retractDecision(ctx, tx, r.ID, reason); err != nil {
			return err
		}
		return noted(ctx, tx, by, at, actionRetracted, r.ID, r.Stage, "")
	case step.Before == nil:
		was := r.Stage
		r.Stage, r.WithdrawnReason, r.WithdrawnOn, r.Later = Withdrawn, reason, day.On(day.Of(at)), nil
		if err := updateDecision(ctx, tx, r, by.Account); err != nil {
			return err
		}
		if err := noted(ctx, tx, by, at, actionMoved, r.ID, was, Withdrawn); err != nil {
			return err
		}
		return s.publishEntry(ctx, tx, by, r.ID)
	}
	for name, text := range step.Before {
		f, _ := importFieldOf(name)
		if wrong := f.set(&r.Draft, text); wrong != "" || f.get(&r.Draft) != text {
			return fault.New(fault.Conflict, fmt.Sprintf("Nothing was undone. %s: the %s can't be given back as it was.", step.Place, f.words))
		}
	}
	if err := updateDecision(ctx, tx, r, by.Account); err != nil {
		return err
	}
	return noted(ctx, tx, by, at, actionChanged, r.ID, r.Stage, r.Stage)
}
