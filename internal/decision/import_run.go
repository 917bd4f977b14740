package decision

import (
	"bytes"
	"cmp"
	"context"
	"errors"
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

const (
	subjectImport      = "decision-import"
	actionImportDone   = "decision-import.applied"
	actionImportUndone = "decision-import.undone"
)

// CheckFiles says what files would do, and stores nothing. Faults: Forbidden, Invalid (a file as a whole can't be read;
// what is wrong with single records is in the preview).
func (s *Service) CheckFiles(ctx context.Context, by authz.Actor, up ImportFiles) (ImportPreview, error) {
	p, _, _, err := s.checkFiles(ctx, by, up)
	return p, err
}

func (s *Service) checkFiles(ctx context.Context, by authz.Actor, up ImportFiles) (p ImportPreview, plan *importPlanner, c importContent, err error) {
	if !CanImport(by) {
		return p, nil, c, errMayNotImport
	}
	read, err := readImport(up)
	if err != nil {
		return p, nil, c, err
	}
	c = importContent{Entries: read.entries, Notices: read.notices}
	p = ImportPreview{ImportRun: ImportRun{Files: read.files, PreviewedAt: s.now()}, Notices: read.notices, Problems: read.problems}
	if len(p.Problems) > 0 {
		return p, nil, c, nil
	}
	if plan, err = s.planOf(ctx, s.db, by, c); err != nil {
		return p, nil, c, err
	}
	p.show(plan)
	return p, plan, c, nil
}

func (s *Service) planOf(ctx context.Context, db pg.DB, by authz.Actor, c importContent) (*importPlanner, error) {
	now, err := selectImportSnapshot(ctx, db, c.Entries, day.Of(s.now()))
	if err != nil {
		return nil, err
	}
	return makeImportPlan(by, c.Entries, now), nil
}

// show puts a plan into the preview, and counts what it does.
func (p *ImportPreview) show(plan *importPlanner) {
	p.Lines, p.Problems = plan.lines, plan.problems
	p.Added, p.Changed, p.Unchanged = 0, 0, 0
	for _, l := range p.Lines {
		switch l.Effect {
		case ImportAdds:
			p.Added++
		case ImportChanges:
			p.Changed++
		case ImportUnchanged:
			p.Unchanged++
		}
	}
}

// PreviewFiles says what files would do and keeps that, to be confirmed or not. Files with problems are not kept.
// Faults: Forbidden, Invalid (a file as a whole can't be read).
func (s *Service) PreviewFiles(ctx context.Context, by authz.Actor, up ImportFiles) (ImportPreview, error) {
	p, plan, c, err := s.checkFiles(ctx, by, up)
	if err != nil || len(p.Problems) > 0 {
		return p, err
	}
	digest, err := plan.plan.digest()
	if err != nil {
		return p, err
	}
	for i := range c.Entries {
		if plan.held[i] {
			c.Entries[i].hold()
		}
	}
	if err := forgetExempt(ctx, s.db, p.PreviewedAt); err != nil {
		return p, err
	}
	p.ID, err = insertDecisionImport(ctx, s.db, by, p.ImportRun, c, digest)
	return p, err
}

// ImportRuns lists what was uploaded, the last first: up to most of those before the given one, or of all. Fault: Forbidden.
func (s *Service) ImportRuns(ctx context.Context, by authz.Actor, before id.DecisionImport, most int) ([]ImportRun, error) {
	if !CanImport(by) {
		return nil, errMayNotImport
	}
	return selectDecisionImports(ctx, s.db, before, most)
}

// ImportRun reads one import, record by record: what it would do, or what it did. Faults: Forbidden, NotFound.
func (s *Service) ImportRun(ctx context.Context, by authz.Actor, which id.DecisionImport) (p ImportPreview, err error) {
	if !CanImport(by) {
		return p, errMayNotImport
	}
	if p.ImportRun, err = selectOneDecisionImport(ctx, s.db, which); err != nil {
		return p, err
	}
	c, promised, forgotten, err := selectDecisionImportContent(ctx, s.db, which)
	if err != nil {
		return p, err
	}
	p.Notices = c.Notices
	if p.State() != ImportPreviewed {
		p.Lines, err = s.linesDone(ctx, which)
		return p, err
	}
	counted := p.ImportRun
	plan, err := s.planOf(ctx, s.db, by, c)
	if err != nil {
		return p, err
	}
	p.show(plan)
	p.ImportRun = counted
	digest, err := plan.plan.digest()
	p.Stale = forgotten || len(p.Problems) > 0 || !bytes.Equal(digest, promised)
	return p, err
}

// ApplyRunCommand confirms an import. Publish publishes the records that it adds, each as it stands.
type ApplyRunCommand struct {
	ID      id.DecisionImport
	Publish bool
}

// ApplyRun does what the preview showed: all of it, or nothing where the register has changed since. Faults: Forbidden,
// NotFound, Conflict (done already, nothing to do, or not the same plan any more), Invalid (a record can't be published).
func (s *Service) ApplyRun(ctx context.Context, by authz.Actor, cmd ApplyRunCommand) (run ImportRun, err error) {
	if !CanImport(by) {
		return run, errMayNotImport
	}
	at := s.now()
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		if run, err = lockDecisionImport(ctx, tx, cmd.ID); err != nil {
			return err
		}
		switch {
		case run.State() != ImportPreviewed:
			return errRunApplied
		case run.Added+run.Changed == 0:
			return errRunNothing
		}
		c, promised, forgotten, err := selectDecisionImportContent(ctx, tx, cmd.ID)
		if err != nil {
			return err
		}
		plan, err := s.planOf(ctx, tx, by, c)
		if err != nil {
			return err
		}
		digest, err := plan.plan.digest()
		if err != nil {
			return err
		}
		if forgotten || len(plan.problems) > 0 || !bytes.Equal(digest, promised) {
			return errRunStale
		}
		if err := s.carryOut(ctx, tx, by, cmd, c, plan.plan); err != nil {
			return err
		}
		run.AppliedAt, run.Published = at, cmd.Publish
		if err := updateDecisionImportApplied(ctx, tx, by, cmd.ID, at, cmd.Publish); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: actionImportDone, SubjectKind: subjectImport, SubjectID: int64(cmd.ID),
			Before: string(ImportPreviewed), After: string(ImportApplied)})
	})
	return run, err
}

// inOneOrder sorts what is planned: two imports at once write in the same order, and so never wait for each other.
func inOneOrder(steps []importStep, entries []importEntry) []importStep {
	steps = slices.Clone(steps)
	slices.SortStableFunc(steps, func(a, b importStep) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(entries[a.Entry].Body, entries[b.Entry].Body),
			cmp.Compare(strings.ToUpper(entries[a.Entry].number()), strings.ToUpper(entries[b.Entry].number())))
	})
	return steps
}

// carryOut writes what is planned, record by record.
func (s *Service) carryOut(ctx context.Context, tx pgx.Tx, by authz.Actor, cmd ApplyRunCommand, c importContent, plan importPlan) error {
	for _, step := range inOneOrder(plan.Steps, c.Entries) {
		e := c.Entries[step.Entry]
		done := importedChange{DecisionID: step.ID, Place: e.Place, Before: step.Before, After: step.After, Exempt: step.Exempt}
		var err error
		if step.Effect == ImportAdds {
			done.DecisionID, err = s.addEntry(ctx, tx, by, e, step)
			done.Before, done.After = nil, flatDraft(step.draft)
		} else {
			err = s.changeEntry(ctx, tx, by, step)
		}
		if err == nil {
			err = s.hideExempt(ctx, tx, by, done.DecisionID, step)
		}
		if err == nil && step.Effect == ImportAdds && cmd.Publish {
			err = s.publishEntry(ctx, tx, by, done.DecisionID)
		}
		if err == nil {
			err = insertImportedChange(ctx, tx, cmd.ID, done)
		}
		if err != nil {
			return atPlace(e.Place, err)
		}
	}
	return nil
}

// atPlace says of which record of the files a fault is. Where somebody else was first, the preview is stale.
func atPlace(place string, err error) error {
	f, ok := faultOf(err)
	switch {
	case !ok:
		return err
	case errors.Is(err, errChanged):
		return errRunStale.Because(err)
	case errors.Is(err, fault.Forbidden):
		return err
	}
	return fault.New(fault.Conflict, "Nothing was imported. "+place+": "+f.Message).Because(err)
}

func (s *Service) addEntry(ctx context.Context, tx pgx.Tx, by authz.Actor, e importEntry, step importStep) (id.Decision, error) {
	history := ImportCommand{CreateCommand: CreateCommand{Body: e.Body, Stage: e.Stage, Draft: step.draft}, Remarks: e.Remarks}
	for _, c := range e.CallIns {
		history.CallIns = append(history.CallIns, c.callIn())
	}
	return s.create(ctx, tx, by, history.CreateCommand, Imported, &history)
}

func (s *Service) changeEntry(ctx context.Context, tx pgx.Tx, by authz.Actor, step importStep) error {
	r, err := lockedFor(ctx, tx, by, step.ID, step.Revision, day.Of(s.now()))
	if err != nil {
		return err
	}
	r.Draft = step.draft
	if err := updateDecision(ctx, tx, r, by.Account); err != nil {
		return err
	}
	return noted(ctx, tx, by, s.now(), actionChanged, step.ID, r.Stage, r.Stage)
}

// hideExempt writes the exempt passages of a record, each in its own place.
func (s *Service) hideExempt(ctx context.Context, tx pgx.Tx, by authz.Actor, which id.Decision, step importStep) error {
	for _, part := range step.Exempt {
		if err := upsertExempt(ctx, tx, ExemptCommand{ID: which, Part: part, Body: step.exempt[part]}, by.Account); err != nil {
			return err
		}
		if err := noted(ctx, tx, by, s.now(), actionExempted, which, "", ""); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) publishEntry(ctx context.Context, tx pgx.Tx, by authz.Actor, which id.Decision) error {
	today := day.Of(s.now())
	r, _, err := selectRecord(ctx, tx, which, today)
	if err != nil {
		return err
	}
	rules, err := selectRules(ctx, tx, r.Organisation, rulesDay(r, today))
	if err != nil {
		return err
	}
	if _, err := insertPublication(ctx, tx, PublishCommand{ID: which}, rules.Content(r), by.Account); err != nil {
		return err
	}
	return noted(ctx, tx, by, s.now(), actionPublished, which, r.Stage, r.Stage)
}

// flatDraft is a draft as a file would hold it.
func flatDraft(d Draft) map[string]string {
	flat := map[string]string{}
	for _, f := range importFields {
		if text := f.get(&d); text != "" {
			flat[f.name] = text
		}
	}
	return flat
}
