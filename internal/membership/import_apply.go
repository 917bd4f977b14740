package membership

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/sheet"
)

// CheckImport says what a file would do, and stores nothing. Faults: Forbidden, Invalid (the file as a whole can't be
// read; what is wrong with its rows is in the preview).
func (s *Service) CheckImport(ctx context.Context, by authz.Actor, cmd ImportCommand) (ImportPreview, error) {
	p, _, _, err := s.checkImport(ctx, by, cmd)
	return p, err
}

func (s *Service) checkImport(ctx context.Context, by authz.Actor, cmd ImportCommand) (p ImportPreview, w workedOut, file sheet.Sheet, err error) {
	if !CanEdit(by) {
		return p, w, file, errMayNotEdit
	}
	if !s.imports(cmd.Register) {
		return p, w, file, errNoRegister
	}
	digest := sha256.Sum256(cmd.Data)
	p.Import = Import{Register: cmd.Register, FileName: fileName(cmd.FileName), FileDigest: digest[:], PreviewedAt: s.now()}
	file, p.Problems, err = sheet.Read(cmd.Data, ImportColumns(cmd.Register))
	if err != nil {
		return p, w, file, err
	}
	p.Notices = file.Notices
	w, err = workOut(ctx, s.db, s.others, cmd.Register, withoutRows(file, p.Problems), day.Of(s.now()))
	if err != nil {
		return p, w, file, err
	}
	p.Lines, p.Problems = w.lines, append(p.Problems, w.problems...)
	slices.SortStableFunc(p.Problems, func(a, b sheet.Problem) int { return a.Row - b.Row })
	p.count()
	return p, w, file, nil
}

// withoutRows leaves out the rows that are wrong, so that what is wrong with the others is told at once.
func withoutRows(file sheet.Sheet, problems []sheet.Problem) sheet.Sheet {
	file.Rows = slices.DeleteFunc(slices.Clone(file.Rows), func(r sheet.Row) bool {
		return slices.ContainsFunc(problems, func(p sheet.Problem) bool { return p.Row == r.Number })
	})
	return file
}

// fileName is the name without folders, as short as a line.
func fileName(name string) string {
	name = strings.TrimSpace(strings.ToValidUTF8(path.Base(strings.ReplaceAll(name, `\`, "/")), "?"))
	if runes := []rune(name); len(runes) > 200 {
		name = string(runes[len(runes)-200:])
	}
	if name == "" || name == "." || name == "/" {
		return "file"
	}
	return name
}

// workedOut is what a file would do to the registers as they are.
type workedOut struct {
	plan     importPlan
	digest   []byte
	lines    []ImportLine
	problems []sheet.Problem
	slugs    []string
	now      snapshot
	other    json.RawMessage // the plan for a register of another capability
}

func workOut(ctx context.Context, db pg.DB, o others, of Register, file sheet.Sheet, today day.Date) (w workedOut, err error) {
	if other, ok := o[of]; ok {
		return workOutOther(ctx, db, other, file, today)
	}
	categories, err := selectCategories(ctx, db)
	if err != nil {
		return w, err
	}
	r := importReader{of: of, file: file, categories: categories}
	rows := r.read()
	wrong := map[int]bool{}
	for _, p := range r.problems {
		wrong[p.Row] = true
	}
	rows = slices.DeleteFunc(rows, func(x wanted) bool { return wrong[x.row] })
	w.slugs = []string{}
	codes := []string{}
	for _, x := range rows {
		w.slugs = append(w.slugs, x.slug)
		for _, c := range x.codes {
			codes = append(codes, c.Scheme+" "+c.Value)
		}
	}
	if w.now, err = selectSnapshot(ctx, db, w.slugs, codes, today); err != nil {
		return w, err
	}
	w.plan, w.lines, w.problems = makePlan(of, rows, w.now, categories)
	w.problems = append(r.problems, w.problems...)
	slices.SortStableFunc(w.problems, func(a, b sheet.Problem) int { return a.Row - b.Row })
	w.digest, err = w.plan.digest()
	return w, err
}

// PreviewImport says what a file would do and keeps that, to be confirmed or not. A file with problems is not kept.
// Faults: Forbidden, Invalid (the file as a whole can't be read).
func (s *Service) PreviewImport(ctx context.Context, by authz.Actor, cmd ImportCommand) (ImportPreview, error) {
	p, w, file, err := s.checkImport(ctx, by, cmd)
	if err != nil || len(p.Problems) > 0 {
		return p, err
	}
	p.ID, err = insertImport(ctx, s.db, by, p.Import, file, w.digest)
	return p, err
}

// Imports lists what was uploaded, the last first: up to most of those before the given one, or of all. Fault: Forbidden.
func (s *Service) Imports(ctx context.Context, by authz.Actor, before id.Import, most int) ([]Import, error) {
	if !CanEdit(by) {
		return nil, errMayNotEdit
	}
	return selectImports(ctx, s.db, before, most)
}

// Import reads one import, row by row: what it would do, or what it did. Faults: Forbidden, NotFound.
func (s *Service) Import(ctx context.Context, by authz.Actor, which id.Import) (p ImportPreview, err error) {
	if !CanEdit(by) {
		return p, errMayNotEdit
	}
	if p.Import, err = selectOneImport(ctx, s.db, which); err != nil {
		return p, err
	}
	file, promised, err := selectImportContent(ctx, s.db, which)
	if err != nil {
		return p, err
	}
	p.Notices = file.Notices
	if p.State() != ImportPreviewed {
		changes, err := selectImportChanges(ctx, s.db, which)
		if err != nil {
			return p, err
		}
		p.Lines, err = s.others.linesOf(p.Register, changes)
		return p, err
	}
	w, err := workOut(ctx, s.db, s.others, p.Register, file, day.Of(s.now()))
	if err != nil {
		return p, err
	}
	p.Lines, p.Problems = w.lines, w.problems
	p.Stale = len(w.problems) > 0 || !bytes.Equal(w.digest, promised)
	return p, nil
}

// ApplyImport does what the preview showed: all of it, or nothing where the registers have changed since. Faults:
// Forbidden, NotFound, Conflict (done already, nothing to do, or not the same plan any more).
func (s *Service) ApplyImport(ctx context.Context, by authz.Actor, which id.Import) (i Import, err error) {
	if !CanEdit(by) {
		return Import{}, errMayNotEdit
	}
	at := s.now()
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		if i, err = lockImport(ctx, tx, which); err != nil {
			return err
		}
		switch {
		case i.State() != ImportPreviewed:
			return errImportApplied
		case i.Added+i.Changed == 0:
			return errImportNothing
		}
		w, err := planAgain(ctx, tx, s.others, i, day.Of(at))
		if err != nil {
			return err
		}
		if other, ok := s.others[i.Register]; ok {
			done, err := other.CarryOutImport(ctx, tx, by, w.other)
			if err != nil {
				return err
			}
			err = insertImportChanges(ctx, tx, i.ID, changesDone(done))
			if err != nil {
				return err
			}
		} else if err := carryOut(ctx, tx, i.ID, w); err != nil {
			return stale(err)
		}
		i.AppliedAt = at
		if err := updateImportApplied(ctx, tx, by, i.ID, at); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: actionImportApplied, SubjectKind: subjectImport, SubjectID: int64(which),
			Before: string(ImportPreviewed), After: string(ImportApplied)})
	})
	return i, err
}

// planAgain works the plan out anew with the registers held still, and refuses one that the preview did not show.
func planAgain(ctx context.Context, tx pgx.Tx, o others, i Import, today day.Date) (w workedOut, err error) {
	file, promised, err := selectImportContent(ctx, tx, i.ID)
	if err != nil {
		return w, err
	}
	if other, ok := o[i.Register]; ok {
		if err := other.LockImport(ctx, tx, file); err != nil {
			return w, err
		}
	} else if err := lockBodies(ctx, tx, slugsIn(file)); err != nil {
		return w, err
	}
	if w, err = workOut(ctx, tx, o, i.Register, file, today); err != nil {
		return w, err
	}
	if len(w.problems) > 0 || !bytes.Equal(w.digest, promised) {
		return w, errImportStale
	}
	return w, nil
}

func slugsIn(file sheet.Sheet) []string {
	var slugs []string
	for _, row := range file.Rows {
		if slug := row.Get("slug"); slug != "" {
			slugs = append(slugs, slug)
		} else {
			slugs = append(slugs, SlugOf(row.Get("name")))
		}
	}
	return slugs
}

// deadlock is how the database ends the wait of two imports for each other.
const deadlock = "40P01"

// stale says that somebody else was first, where a constraint of the registers stood in the way.
func stale(err error) error {
	broken, ok := errors.AsType[*pgconn.PgError](err)
	if ok && broken.Code == deadlock || fault.Message(translate(err)) != "" {
		return errImportStale.Because(err)
	}
	return err
}
