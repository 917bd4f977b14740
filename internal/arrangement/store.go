package arrangement

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/signoff"
)

// lockDraft takes the row lock under which everything about a draft is decided, then reads it.
func lockDraft(ctx context.Context, tx pgx.Tx, by authz.Actor, ref Ref) (Draft, error) {
	var version int64
	err := tx.QueryRow(ctx, `
		SELECT v.id FROM version v JOIN document d ON d.id = v.document_id WHERE d.slug = @slug AND v.number = @number FOR UPDATE OF v`,
		pgx.StrictNamedArgs{"slug": ref.Slug, "number": ref.Number}).Scan(&version)
	if err != nil {
		return Draft{}, fmt.Errorf("lock %s: %w", ref, noRows(err, "There is no such version."))
	}
	return selectDraft(ctx, tx, by, ref)
}

type draftRow struct {
	ID                 id.Version
	Slug               string
	Number             int
	Document           id.Document
	DocumentTitle      string
	DocumentKind       string
	Areas              []string
	Title              string
	GuidanceID         int64
	GuidanceTitle      string
	EffectiveFrom      day.Date
	Label              string
	Demonstration      bool
	Revision           int
	PublishedOn        day.Date
	PublishedPrecision day.Precision
	PublishedAt        *time.Time
	ScheduledOn        day.Date
	WithdrawnAt        *time.Time
	DiscardedAt        *time.Time
	Superseded         bool
	LiveRound          id.Round
	LiveOutcome        signoff.Outcome
	LiveOrigin         signoff.Origin
	Agencies           int
}

const draftColumns = `
	SELECT v.id, d.slug, v.number, d.id AS document, d.title AS document_title, d.kind AS document_kind,
	       ARRAY(SELECT a.name FROM document_area da JOIN area a ON a.id = da.area_id WHERE da.document_id = d.id
	             AND da.during @> london_day(clock_timestamp()) AND da.retracted_at IS NULL ORDER BY a.name) AS areas,
	       v.title, g.id AS guidance_id, g.title AS guidance_title, v.effective_from, v.label, v.is_demonstration AS demonstration, v.revision,
	       v.published_on, coalesce(v.published_precision, '') AS published_precision, v.published_at, v.scheduled_on, v.withdrawn_at, v.discarded_at,
	       EXISTS (SELECT FROM version w WHERE w.document_id = v.document_id AND w.published_at IS NOT NULL AND w.withdrawn_at IS NULL
	               AND w.effective_from > v.effective_from AND w.effective_from <= london_day(clock_timestamp())) AS superseded,
	       coalesce(r.id, 0) AS live_round, coalesce(r.outcome, '') AS live_outcome, coalesce(r.origin, '') AS live_origin,
	       (SELECT count(*) FROM version_agency va WHERE va.version_id = v.id AND va.removed_at IS NULL) AS agencies
	FROM version v JOIN document d ON d.id = v.document_id JOIN guidance_edition g ON g.id = v.guidance_edition_id
	LEFT JOIN LATERAL (SELECT r.id, r.outcome, r.origin FROM round r WHERE r.paper_kind = 'version' AND r.paper_id = v.id
	    AND (r.outcome = 'open' OR r.outcome = 'complete' AND NOT EXISTS (SELECT FROM round_set_aside a WHERE a.round_id = r.id))) r ON true`

func (r draftRow) draft() Draft {
	d := Draft{ID: r.ID, Ref: Ref{r.Slug, r.Number}, Document: r.Document, DocumentTitle: r.DocumentTitle, DocumentKind: r.DocumentKind,
		Areas: r.Areas, Title: r.Title, Guidance: Guidance{r.GuidanceID, r.GuidanceTitle}, EffectiveFrom: r.EffectiveFrom, Label: r.Label,
		Demonstration: r.Demonstration, Revision: r.Revision, Published: day.Approx{Date: r.PublishedOn, Precision: r.PublishedPrecision},
		ScheduledOn: r.ScheduledOn, Superseded: r.Superseded, LiveRound: r.LiveRound, LiveOutcome: r.LiveOutcome, LiveOrigin: r.LiveOrigin, Agencies: r.Agencies}
	for _, t := range []struct {
		from *time.Time
		to   *time.Time
	}{{r.PublishedAt, &d.PublishedAt}, {r.WithdrawnAt, &d.WithdrawnAt}, {r.DiscardedAt, &d.DiscardedAt}} {
		if t.from != nil {
			*t.to = *t.from
		}
	}
	return d
}

func selectDraft(ctx context.Context, q pg.DB, by authz.Actor, ref Ref) (Draft, error) {
	if !by.Can(authz.ReadDrafts) {
		return Draft{}, fault.New(fault.NotFound, "There is no such version.")
	}
	rows, _ := q.Query(ctx, draftColumns+` WHERE d.slug = @slug AND v.number = @number`, pgx.StrictNamedArgs{"slug": ref.Slug, "number": ref.Number})
	row, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[draftRow])
	if err != nil {
		return Draft{}, fmt.Errorf("read %s: %w", ref, noRows(err, "There is no such version."))
	}
	d := row.draft()
	d.Sections, err = selectSections(ctx, q, d.ID)
	return d, err
}

func selectDesk(ctx context.Context, q pg.DB) ([]Draft, error) {
	rows, _ := q.Query(ctx, draftColumns+` WHERE v.discarded_at IS NULL ORDER BY v.published_at IS NOT NULL, d.title, v.number DESC`)
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[draftRow])
	if err != nil {
		return nil, fmt.Errorf("read versions: %w", err)
	}
	list := make([]Draft, len(found))
	for i, f := range found {
		list[i] = f.draft()
	}
	return list, nil
}

func selectSections(ctx context.Context, q pg.DB, version id.Version) ([]DraftSection, error) {
	rows, _ := q.Query(ctx, `
		SELECT id, row_number() OVER (ORDER BY position)::int AS number, heading, markdown, revision FROM section
		WHERE version_id = @version AND removed_at IS NULL ORDER BY position`, pgx.StrictNamedArgs{"version": int64(version)})
	sections, err := pgx.CollectRows(rows, pgx.RowToStructByName[DraftSection])
	if err != nil {
		return nil, fmt.Errorf("read sections of version %d: %w", version, err)
	}
	return sections, nil
}

func nextPosition(ctx context.Context, tx pgx.Tx, version id.Version) (int, error) {
	var next int
	err := tx.QueryRow(ctx, `SELECT coalesce(max(position), 0) + 1 FROM section WHERE version_id = @version`, pgx.StrictNamedArgs{"version": int64(version)}).Scan(&next)
	if err != nil {
		return 0, fmt.Errorf("read the last place in version %d: %w", version, err)
	}
	return next, nil
}

func insertSection(ctx context.Context, tx pgx.Tx, version id.Version, position int, heading, markdown string) (id.Section, error) {
	var section id.Section
	err := tx.QueryRow(ctx, `
		INSERT INTO section (version_id, position, heading, markdown) VALUES (@version, @position, @heading, @markdown) RETURNING id`,
		pgx.StrictNamedArgs{"version": int64(version), "position": position, "heading": heading, "markdown": markdown}).Scan(&section)
	if err != nil {
		return 0, fmt.Errorf("insert section of version %d: %w", version, translate(err))
	}
	return section, nil
}

func updateSection(ctx context.Context, tx pgx.Tx, cmd SectionCommand) error {
	_, err := tx.Exec(ctx, `UPDATE section SET heading = @heading, markdown = @markdown, revision = revision + 1 WHERE id = @section`,
		pgx.StrictNamedArgs{"section": int64(cmd.Section), "heading": cmd.Heading, "markdown": cmd.Markdown})
	if err != nil {
		return fmt.Errorf("save section %d: %w", cmd.Section, translate(err))
	}
	return nil
}

func swapSections(ctx context.Context, tx pgx.Tx, a, b id.Section) error {
	_, err := tx.Exec(ctx, `
		UPDATE section s SET position = o.position FROM section o
		WHERE (s.id = @a AND o.id = @b) OR (s.id = @b AND o.id = @a)`, pgx.StrictNamedArgs{"a": int64(a), "b": int64(b)})
	if err != nil {
		return fmt.Errorf("swap sections %d and %d: %w", a, b, translate(err))
	}
	return nil
}

func updateDetails(ctx context.Context, tx pgx.Tx, version id.Version, cmd DetailsCommand) error {
	_, err := tx.Exec(ctx, `
		UPDATE version SET title = @title, guidance_edition_id = @guidance, effective_from = @effective_from, label = @label, revision = revision + 1
		WHERE id = @version`,
		pgx.StrictNamedArgs{"version": int64(version), "title": cmd.Title, "guidance": cmd.Guidance, "effective_from": cmd.EffectiveFrom, "label": cmd.Label})
	if err != nil {
		return fmt.Errorf("save details of %s: %w", cmd.Ref, translate(err))
	}
	return nil
}

func effectiveDayTaken(ctx context.Context, q pg.DB, d Draft) (bool, error) {
	var taken bool
	err := q.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM version WHERE document_id = @document AND id <> @version AND published_at IS NOT NULL AND withdrawn_at IS NULL
		               AND effective_from = @day)`,
		pgx.StrictNamedArgs{"document": int64(d.Document), "version": int64(d.ID), "day": d.EffectiveFrom}).Scan(&taken)
	if err != nil {
		return false, fmt.Errorf("look for another version from %s: %w", d.EffectiveFrom, err)
	}
	return taken, nil
}

// selectLastSave says who last saved a section or the details of a version.
func selectLastSave(ctx context.Context, q pg.DB, subjectKind string, subject int64) (Save, error) {
	rows, _ := q.Query(ctx, `
		SELECT coalesce(c.name, '') AS name, e.at FROM event e LEFT JOIN account c ON c.id = e.account_id
		WHERE e.subject_kind = @kind AND e.subject_id = @subject AND e.action IN ('version.created', 'version.edited', 'section.added', 'section.saved', 'coverage.saved')
		ORDER BY e.id DESC LIMIT 1`, pgx.StrictNamedArgs{"kind": subjectKind, "subject": subject})
	saved, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Save])
	if errors.Is(err, pgx.ErrNoRows) {
		return Save{}, nil // a copy made with its version
	}
	if err != nil {
		return Save{}, fmt.Errorf("read who saved %s %d: %w", subjectKind, subject, err)
	}
	return saved, nil
}
