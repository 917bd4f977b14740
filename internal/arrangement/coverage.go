package arrangement

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// Coverage reads how a version meets the list of its edition. A version that is frozen or published shows what its draft said.
// Faults: NotFound.
func (s *Service) Coverage(ctx context.Context, by authz.Actor, ref Ref) (DraftCoverage, error) {
	d, err := selectDraft(ctx, s.db, by, ref)
	if err != nil {
		return DraftCoverage{}, err
	}
	return selectCoverage(ctx, s.db, d)
}

// SaveCoverage ties a requirement to sections of a draft, or says why none meets it. With neither, the answer is open again.
// Faults: NotFound, Forbidden, Conflict (frozen; *CoverageConflict if somebody else saved first), Invalid (a must waived).
func (s *Service) SaveCoverage(ctx context.Context, by authz.Actor, cmd CoverageCommand) error {
	cmd.Reason = strings.TrimSpace(Clean(cmd.Reason))
	return s.edit(ctx, by, cmd.Ref, "coverage.saved", func(tx pgx.Tx, d Draft, event *audit.Event) error {
		c, err := selectCoverage(ctx, tx, d)
		if err != nil {
			return err
		}
		old, err := c.Answer(cmd.Number)
		if err != nil {
			return err
		}
		if err := cmd.allowed(d, old); err != nil {
			return err
		}
		if old.Revision != cmd.Revision {
			saved, err := selectCoverageSave(ctx, tx, d.ID, cmd.Number)
			if err != nil {
				return err
			}
			return &CoverageConflict{Theirs: old, Saved: saved, Fault: fault.New(fault.Conflict, "Somebody else has answered this requirement since you opened it.")}
		}
		event.SubjectKind = "coverage"
		event.SubjectID, err = saveCoverage(ctx, tx, d, cmd)
		return err
	})
}

// allowed checks an answer by the rules that the database has too.
func (cmd CoverageCommand) allowed(d Draft, old Answer) error {
	switch {
	case len(cmd.Sections) > 0 && cmd.Reason != "":
		return fault.Field("reason", "Choose sections, or say why none covers it, but not both")
	case cmd.Reason != "" && old.Binding():
		return fault.Field("sections", "This is a must, and its text is confirmed. Choose the sections that cover it")
	case len([]rune(cmd.Reason)) > 2000:
		return fault.Field("reason", "The reason must be 2,000 characters or fewer")
	}
	for _, section := range cmd.Sections {
		if !slices.ContainsFunc(d.Sections, func(x DraftSection) bool { return x.ID == section }) {
			return fault.Field("sections", "Somebody has deleted a section that you chose. Choose again")
		}
	}
	return nil
}

func selectCoverage(ctx context.Context, q pg.DB, d Draft) (DraftCoverage, error) {
	c := DraftCoverage{Draft: d}
	if err := q.QueryRow(ctx, `SELECT EXISTS (SELECT FROM document_kind_coverage WHERE document_kind = @kind)`, pgx.StrictNamedArgs{"kind": d.DocumentKind}).Scan(&c.Asked); err != nil {
		return DraftCoverage{}, fmt.Errorf("read whether %s is held against a list: %w", d.Ref, err)
	}
	if !c.Asked {
		return c, nil
	}
	rows, _ := q.Query(ctx, `
		SELECT r.number, r.kind, r.wording, r.confidence, r.source, coalesce(c.reason, '') AS reason, coalesce(c.revision, 0) AS revision, coalesce(c.sections, '{}') AS sections
		FROM guidance_requirement r LEFT JOIN requirement_coverage c ON c.requirement_id = r.id AND c.version_id = @version
		WHERE r.edition_id = @edition AND r.retracted_at IS NULL ORDER BY r.number`,
		pgx.StrictNamedArgs{"version": int64(d.ID), "edition": d.Guidance.ID})
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[coverageRow])
	if err != nil {
		return DraftCoverage{}, fmt.Errorf("read the coverage of %s: %w", d.Ref, err)
	}
	for _, f := range found {
		a := Answer{Requirement: f.Requirement, Reason: f.Reason, Revision: f.Revision}
		for _, section := range d.Sections {
			if slices.Contains(f.Sections, section.ID) {
				a.Sections = append(a.Sections, section.Number)
			}
		}
		c.Answers = append(c.Answers, a)
	}
	return c, nil
}

type coverageRow struct {
	Requirement
	Reason   string
	Revision int
	Sections []id.Section
}

func saveCoverage(ctx context.Context, tx pgx.Tx, d Draft, cmd CoverageCommand) (row int64, err error) {
	err = tx.QueryRow(ctx, `
		INSERT INTO requirement_coverage AS c (version_id, requirement_id, sections, reason)
		SELECT @version, r.id, @sections::bigint[], @reason FROM guidance_requirement r WHERE r.edition_id = @edition AND r.number = @number AND r.retracted_at IS NULL
		ON CONFLICT (version_id, requirement_id) DO UPDATE SET sections = excluded.sections, reason = excluded.reason, revision = c.revision + 1
		RETURNING id`, pgx.StrictNamedArgs{"version": int64(d.ID), "edition": d.Guidance.ID, "number": cmd.Number, "sections": orEmpty(cmd.Sections), "reason": cmd.Reason}).Scan(&row)
	if err != nil {
		return 0, fmt.Errorf("save requirement %d of %s: %w", cmd.Number, d.Ref, translate(noRows(err, "The list of this edition has no such requirement.")))
	}
	return row, nil
}

func selectCoverageSave(ctx context.Context, q pg.DB, version id.Version, number int) (Save, error) {
	var row int64
	err := q.QueryRow(ctx, `
		SELECT c.id FROM requirement_coverage c JOIN guidance_requirement r ON r.id = c.requirement_id JOIN version v ON v.id = c.version_id AND v.guidance_edition_id = r.edition_id
		WHERE c.version_id = @version AND r.number = @number AND r.retracted_at IS NULL`,
		pgx.StrictNamedArgs{"version": int64(version), "number": number}).Scan(&row)
	if err != nil {
		return Save{}, fmt.Errorf("find the answer to requirement %d: %w", number, noRows(err, "The list of this edition has changed. Open the requirement again."))
	}
	return selectLastSave(ctx, q, "coverage", row)
}

// frozenCoverage is the coverage as it is frozen, by the function by which the database compares it.
func frozenCoverage(ctx context.Context, q pg.DB, d Draft) ([]Coverage, error) {
	var coverage []Coverage
	if err := q.QueryRow(ctx, `SELECT coverage_proposed(@version)`, pgx.StrictNamedArgs{"version": int64(d.ID)}).Scan(&coverage); err != nil {
		return nil, fmt.Errorf("read the coverage of %s to freeze: %w", d.Ref, err)
	}
	return coverage, nil
}

// copyCoverage ties the requirements of a new version to the sections copied into it, as they were in the signed text.
// What was waived before its text was confirmed is open again.
func copyCoverage(ctx context.Context, tx pgx.Tx, version id.Version, guidance int64, signed []Coverage, copied []id.Section) error {
	for _, c := range signed {
		var sections []id.Section
		for _, number := range c.Sections {
			if number >= 1 && number <= len(copied) {
				sections = append(sections, copied[number-1])
			}
		}
		if len(sections) == 0 && c.NotCovered == "" {
			continue
		}
		_, err := tx.Exec(ctx, `
			INSERT INTO requirement_coverage (version_id, requirement_id, sections, reason)
			SELECT @version, r.id, @sections::bigint[], @reason FROM guidance_requirement r
			WHERE r.edition_id = @guidance AND r.number = @number AND r.retracted_at IS NULL AND (@reason = '' OR r.kind <> 'must' OR r.confidence <> 'confirmed')`,
			pgx.StrictNamedArgs{"version": int64(version), "guidance": guidance, "number": c.Requirement, "sections": orEmpty(sections), "reason": c.NotCovered})
		if err != nil {
			return fmt.Errorf("copy the coverage of requirement %d: %w", c.Requirement, translate(err))
		}
	}
	return nil
}

// RequirementsKnown is the list of an edition as the portal knew it at a time, for texts that were frozen then.
func (s *Service) RequirementsKnown(ctx context.Context, edition string, at time.Time) ([]Requirement, error) {
	rows, _ := s.db.Query(ctx, `
		SELECT k.number, k.kind, k.wording, k.confidence, k.source FROM guidance_edition g CROSS JOIN LATERAL requirements_known(g.id, @at) k
		WHERE g.title = @edition ORDER BY k.number`, pgx.StrictNamedArgs{"edition": edition, "at": at})
	return collectRequirements(rows)
}

// SignedAnswers is the coverage of frozen content, in the wording that was known when it was frozen.
func (s *Service) SignedAnswers(ctx context.Context, content Content, frozenAt time.Time) (Answers, error) {
	known, err := s.RequirementsKnown(ctx, content.GuidanceEdition, frozenAt)
	if err != nil {
		return nil, err
	}
	return answersOf(content.Coverage, known), nil
}

// Coverage is the coverage of a published version with its signed text. Faults: NotFound (also where the text is closed).
func (l *Library) Coverage(ctx context.Context, v PublishedVersion) (Content, Answers, error) {
	frozen, _, err := l.Content(ctx, v.Ref)
	if err != nil {
		return Content{}, nil, err
	}
	content, err := ReadContent(frozen)
	if err != nil {
		return Content{}, nil, err
	}
	rows, _ := l.db.Query(ctx, `SELECT number, kind, wording, confidence, source FROM published.requirement WHERE version_id = @version ORDER BY number`,
		pgx.StrictNamedArgs{"version": v.ID})
	known, err := collectRequirements(rows)
	if err != nil {
		return Content{}, nil, err
	}
	return content, answersOf(content.Coverage, known), nil
}

func collectRequirements(rows pgx.Rows) ([]Requirement, error) {
	known, err := pgx.CollectRows(rows, pgx.RowToStructByName[Requirement])
	if err != nil {
		return nil, fmt.Errorf("read the list of an edition: %w", err)
	}
	return known, nil
}

// checkCoverage says what the list of the edition still asks for.
func checkCoverage(ctx context.Context, q pg.DB, c *Check) (err error) {
	if c.Coverage, err = selectCoverage(ctx, q, c.Draft); err != nil || !c.Coverage.Asked {
		return err
	}
	c.Musts = c.Coverage.Musts()
	if open := c.Coverage.Uncovered(func(a Answer) bool { return a.Open() && !a.Binding() }); len(open) > 0 {
		c.Warnings = append(c.Warnings, "Nothing is said yet on "+requirementNumbers(open)+" of the guidance.")
	}
	if waived := c.Coverage.Uncovered(func(a Answer) bool { return a.Kind == Must && !a.Open() }); len(waived) > 0 {
		c.Warnings = append(c.Warnings, "Marked as not covered: "+requirementNumbers(waived)+". The guidance may say must; its text is not confirmed.")
	}
	return nil
}

// Musts says which confirmed musts no section meets; a round can't open with one.
func (c DraftCoverage) Musts() []string {
	var said []string
	for _, a := range c.Answers {
		if a.Binding() && !a.Covered() {
			said = append(said, fmt.Sprintf("No section covers requirement %d of %s, which is a must: %s.", a.Number, c.Draft.Guidance.Title, a.Wording))
		}
	}
	return said
}

// requirementNumbers names requirements: "requirement 4", "requirements 4, 6 and 8".
func requirementNumbers(numbers []int) string {
	if len(numbers) == 1 {
		return "requirement " + strconv.Itoa(numbers[0])
	}
	words := make([]string, len(numbers))
	for i, n := range numbers {
		words[i] = strconv.Itoa(n)
	}
	last := len(words) - 1
	return "requirements " + strings.Join(words[:last], ", ") + " and " + words[last]
}
