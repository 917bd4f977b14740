package membership

import (
	"context"
	"encoding/json"
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

// ImportUndo is what undoing an import would take back, and what stands in the way.
type ImportUndo struct {
	Import
	Lines     []ImportLine
	Obstacles []string
}

// doneAll is what an import did, by subject.
type doneAll struct {
	bodies []planned[bodyState]
	terms  []planned[termState]
	codes  []planned[codeState]
}

func readDone(changes []changeDone) (all doneAll, err error) {
	for _, c := range changes {
		switch c.Subject {
		case changedOrganisation:
			err = appendDone(&all.bodies, c)
		case changedAgency:
			err = appendDone(&all.terms, c)
		case changedCode:
			err = appendDone(&all.codes, c)
		}
		if err != nil {
			return all, err
		}
	}
	return all, nil
}

func appendDone[T any](list *[]planned[T], c changeDone) error {
	p := planned[T]{Row: c.RowNumber, ID: c.SubjectID}
	err := json.Unmarshal([]byte(c.After), &p.After)
	if err == nil && c.Before != nil {
		p.Before = new(T)
		err = json.Unmarshal([]byte(*c.Before), p.Before)
	}
	if err != nil {
		return fmt.Errorf("read what an import did to %s %d: %w", c.Subject, c.SubjectID, err)
	}
	*list = append(*list, p)
	return nil
}

// linesDone says row by row what an import did.
func linesDone(changes []changeDone) ([]ImportLine, error) {
	all, err := readDone(changes)
	if err != nil {
		return nil, err
	}
	var lines []ImportLine
	at := map[int]int{} // place of a row
	line := func(row int, slug string) *ImportLine {
		i, known := at[row]
		if !known {
			i = len(lines)
			at[row] = i
			lines = append(lines, ImportLine{Row: row, Slug: slug, Name: slug, Effect: ImportChanges})
		}
		return &lines[i]
	}
	for _, b := range all.bodies {
		l := line(b.Row, b.After.Slug)
		l.Name = b.After.Name
		if b.Before == nil {
			l.Effect, l.Details = ImportAdds, append(l.Details, "New organisation")
			continue
		}
		l.Details = append(l.Details, b.Before.differences(b.After)...)
	}
	for _, c := range all.codes {
		l := line(c.Row, c.After.Slug)
		l.Details = append(l.Details, schemeOf(c.After.Scheme).name+" "+c.After.Value)
	}
	for _, t := range all.terms {
		l := line(t.Row, t.After.Slug)
		if t.Before == nil {
			l.Effect, l.Details = ImportAdds, append(l.Details, "Relevant agency "+t.After.words())
			continue
		}
		l.Details = append(l.Details, t.Before.differences(t.After)...)
	}
	slices.SortFunc(lines, func(a, b ImportLine) int { return a.Row - b.Row })
	return lines, nil
}

// CheckUndo says what undoing an import would take back, and what stands in the way. Faults: Forbidden, NotFound,
// Conflict (never confirmed, or undone already).
func (s *Service) CheckUndo(ctx context.Context, by authz.Actor, which id.Import) (u ImportUndo, err error) {
	if !CanEdit(by) {
		return u, errMayNotEdit
	}
	if u.Import, err = selectOneImport(ctx, s.db, which); err != nil {
		return u, err
	}
	if err := u.canUndo(); err != nil {
		return u, err
	}
	changes, err := selectImportChanges(ctx, s.db, which)
	if err != nil {
		return u, err
	}
	if u.Lines, err = s.others.linesOf(u.Register, changes); err != nil || s.others[u.Register] != nil {
		return u, err // what was put right since in another register stays put right: nothing stands in the way
	}
	all, err := readDone(changes)
	if err != nil {
		return u, err
	}
	u.Obstacles, err = obstacles(ctx, s.db, all, day.Of(s.now()))
	return u, err
}

func (i Import) canUndo() error {
	switch i.State() {
	case ImportPreviewed:
		return errNotApplied
	case ImportUndone:
		return errImportUndone
	case ImportApplied:
	}
	return nil
}

// UndoImport takes back all that an import did: what it added is retracted with the reason, what it changed says again
// what it said before. What was known meanwhile stays known. Faults: Forbidden, NotFound, Invalid (no reason), Conflict
// (never confirmed, undone already, or something has been built on it since).
func (s *Service) UndoImport(ctx context.Context, by authz.Actor, which id.Import, reason string) error {
	if !CanEdit(by) {
		return errMayNotEdit
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return fault.Field("reason", "Enter why the import is undone")
	}
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		i, err := lockImport(ctx, tx, which)
		if err != nil {
			return err
		}
		if err := i.canUndo(); err != nil {
			return err
		}
		changes, err := selectImportChanges(ctx, tx, which)
		if err != nil {
			return err
		}
		if other, ok := s.others[i.Register]; ok {
			err = other.TakeBackImport(ctx, tx, by, otherChanges(changes), undoneBecause(which, reason))
		} else {
			err = takeBackUnlessInTheWay(ctx, tx, changes, day.Of(at), undoneBecause(which, reason))
		}
		if err != nil {
			return err
		}
		if err := updateImportUndone(ctx, tx, by, which, at, reason); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: actionImportUndone, SubjectKind: subjectImport, SubjectID: int64(which),
			Before: string(ImportApplied), After: string(ImportUndone)})
	})
}

func takeBackUnlessInTheWay(ctx context.Context, tx pgx.Tx, changes []changeDone, today day.Date, reason string) error {
	all, err := readDone(changes)
	if err != nil {
		return err
	}
	if err := lockBodies(ctx, tx, all.slugs()); err != nil {
		return err
	}
	inTheWay, err := obstacles(ctx, tx, all, today)
	if err != nil {
		return err
	}
	if len(inTheWay) > 0 {
		return fault.New(fault.Conflict, "Nothing was undone. "+inTheWay[0]+".")
	}
	return translate(takeBack(ctx, tx, all, reason))
}

func (a doneAll) slugs() []string {
	var slugs []string
	for _, b := range a.bodies {
		slugs = append(slugs, b.After.Slug)
	}
	for _, t := range a.terms {
		slugs = append(slugs, t.After.Slug)
	}
	for _, c := range a.codes {
		slugs = append(slugs, c.After.Slug)
	}
	slices.Sort(slugs)
	return slices.Compact(slugs)
}

// obstacles says what has changed since the import, and what hangs on what it added.
func obstacles(ctx context.Context, db pg.DB, all doneAll, today day.Date) ([]string, error) {
	now, err := selectSnapshot(ctx, db, all.slugs(), []string{}, today)
	if err != nil {
		return nil, err
	}
	found := all.changedSince(now)
	hanging, err := all.hanging(ctx, db)
	return append(found, hanging...), err
}

// changedSince says what no longer stands as the import left it.
func (a doneAll) changedSince(now snapshot) []string {
	var found []string
	say := func(row int, slug, what string) {
		found = append(found, fmt.Sprintf("Row %d, “%s”: %s since the import", row, slug, what))
	}
	for _, b := range a.bodies {
		n, after := now.bodies[b.After.Slug], b.After
		if n == nil || n.ID != b.ID {
			say(b.Row, after.Slug, "the organisation was retracted")
			continue
		}
		if b.Before != nil {
			after.Name = n.Name // renaming it stands by itself
		}
		if n.bodyState != after {
			say(b.Row, after.Slug, "the organisation was changed")
		}
	}
	for _, t := range a.terms {
		var known *termNow
		if n := now.bodies[t.After.Slug]; n != nil {
			if i := slices.IndexFunc(n.Terms, func(x termNow) bool { return x.ID == t.ID }); i >= 0 {
				known = &n.Terms[i]
			}
		}
		if known == nil || !known.same(t.After) {
			say(t.Row, t.After.Slug, "the relevant agency was changed")
		}
	}
	for _, c := range a.codes {
		if n := now.bodies[c.After.Slug]; n == nil || n.Codes[c.After.Scheme] != c.After.Value {
			say(c.Row, c.After.Slug, "its "+schemeOf(c.After.Scheme).name+" was changed")
		}
	}
	return found
}
