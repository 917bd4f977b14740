package arrangement

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/pg"
)

// EarlierRequirement is what a requirement said before.
type EarlierRequirement struct {
	Requirement
	KnownFrom  time.Time
	KnownUntil time.Time
}

var errGuidance = fault.New(fault.Forbidden, "Only an administrator keeps the guidance.")

// Editions lists the editions of the guidance, the newest first. Faults: Forbidden.
func (s *Service) Editions(ctx context.Context, by authz.Actor) ([]Edition, error) {
	if !by.Can(authz.EditGuidance) {
		return nil, errGuidance
	}
	return selectEditions(ctx, s.db, 0)
}

// Edition reads one with its list. Faults: Forbidden, NotFound.
func (s *Service) Edition(ctx context.Context, by authz.Actor, which int64) (Edition, []Requirement, error) {
	if !by.Can(authz.EditGuidance) {
		return Edition{}, nil, errGuidance
	}
	found, err := selectEditions(ctx, s.db, which)
	if err != nil {
		return Edition{}, nil, err
	}
	if len(found) == 0 {
		return Edition{}, nil, fault.New(fault.NotFound, "There is no such edition.")
	}
	rows, _ := s.db.Query(ctx, `SELECT number, kind, wording, confidence, source FROM guidance_requirement WHERE edition_id = @edition AND retracted_at IS NULL ORDER BY number`,
		pgx.StrictNamedArgs{"edition": which})
	list, err := collectRequirements(rows)
	return found[0], list, err
}

// Requirement reads one with what it said before. Faults: Forbidden, NotFound.
func (s *Service) Requirement(ctx context.Context, by authz.Actor, edition int64, number int) (RequirementRecord, error) {
	e, list, err := s.Edition(ctx, by, edition)
	if err != nil {
		return RequirementRecord{}, err
	}
	i := slices.IndexFunc(list, func(q Requirement) bool { return q.Number == number })
	if i < 0 {
		return RequirementRecord{}, fault.New(fault.NotFound, "The list of this edition has no such requirement.")
	}
	rows, _ := s.db.Query(ctx, `
		SELECT number, kind, wording, confidence, source, known_from, known_until FROM guidance_requirement_past
		WHERE edition_id = @edition AND number = @number AND retracted_at IS NULL ORDER BY known_until DESC`,
		pgx.StrictNamedArgs{"edition": edition, "number": number})
	earlier, err := pgx.CollectRows(rows, pgx.RowToStructByName[EarlierRequirement])
	if err != nil {
		return RequirementRecord{}, fmt.Errorf("read what requirement %d said before: %w", number, err)
	}
	return RequirementRecord{Edition: e, Requirement: list[i], Earlier: earlier}, nil
}

// AddEdition adds an edition, without a list at first. Faults: Forbidden, Invalid.
func (s *Service) AddEdition(ctx context.Context, by authz.Actor, title string, published day.Approx) (added int64, err error) {
	title = strings.TrimSpace(Clean(title))
	err = s.keepGuidance(ctx, by, "guidance.edition-added", func(tx pgx.Tx) (int64, error) {
		if title == "" {
			return 0, fault.Field("title", "Enter the title of the edition")
		}
		if published.IsZero() {
			return 0, fault.Field("published", "Enter when the edition was published")
		}
		err := tx.QueryRow(ctx, `INSERT INTO guidance_edition (title, published_on, precision) VALUES (@title, @on, @precision) RETURNING id`,
			pgx.StrictNamedArgs{"title": title, "on": published.Date, "precision": string(published.Precision)}).Scan(&added)
		return added, err
	})
	return added, err
}

// AddRequirement adds to the list of an edition. Drafts under it are asked for it from now on. Faults: Forbidden, Invalid.
func (s *Service) AddRequirement(ctx context.Context, by authz.Actor, edition int64, q Requirement) error {
	return s.onRequirement(ctx, by, "guidance.requirement-added", edition, q, `
		INSERT INTO guidance_requirement (edition_id, number, kind, wording, confidence, source)
		VALUES (@edition, @number, @kind, @wording, @confidence, @source) RETURNING id`)
}

// SaveRequirement corrects a requirement. What was signed keeps the wording of its time. Faults: Forbidden, NotFound, Invalid.
func (s *Service) SaveRequirement(ctx context.Context, by authz.Actor, edition int64, q Requirement) error {
	return s.onRequirement(ctx, by, "guidance.requirement-corrected", edition, q, `
		UPDATE guidance_requirement SET kind = @kind, wording = @wording, confidence = @confidence, source = @source
		WHERE edition_id = @edition AND number = @number AND retracted_at IS NULL RETURNING id`)
}

// RetractRequirement takes a requirement out that was entered in error. Faults: Forbidden, NotFound, Invalid.
func (s *Service) RetractRequirement(ctx context.Context, by authz.Actor, edition int64, number int, reason string) error {
	reason = strings.TrimSpace(Clean(reason))
	return s.keepGuidance(ctx, by, "guidance.requirement-retracted", func(tx pgx.Tx) (row int64, err error) {
		if reason == "" {
			return 0, fault.Field("reason", "Say why it is taken out")
		}
		err = tx.QueryRow(ctx, `
			UPDATE guidance_requirement SET retracted_reason = @reason WHERE edition_id = @edition AND number = @number AND retracted_at IS NULL RETURNING id`,
			pgx.StrictNamedArgs{"edition": edition, "number": number, "reason": reason}).Scan(&row)
		return row, err
	})
}

func (s *Service) onRequirement(ctx context.Context, by authz.Actor, action string, edition int64, q Requirement, sql string) error {
	q.Wording, q.Source = strings.TrimSpace(Clean(q.Wording)), strings.TrimSpace(Clean(q.Source))
	return s.keepGuidance(ctx, by, action, func(tx pgx.Tx) (row int64, err error) {
		if q.Confirmed() && q.Source == "" {
			return 0, fault.Field("source", "Say where the confirmed text was read")
		}
		err = tx.QueryRow(ctx, sql, pgx.StrictNamedArgs{"edition": edition, "number": q.Number, "kind": q.Kind, "wording": q.Wording,
			"confidence": q.Confidence, "source": q.Source}).Scan(&row)
		return row, err
	})
}

// keepGuidance is every change of the guidance: decide, change, record.
func (s *Service) keepGuidance(ctx context.Context, by authz.Actor, action string, change func(pgx.Tx) (int64, error)) error {
	if !by.Can(authz.EditGuidance) {
		return errGuidance
	}
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		row, err := change(tx)
		if err != nil {
			return fmt.Errorf("%s: %w", action, translate(noRows(err, "The list of this edition has no such requirement.")))
		}
		kind := "guidance-requirement"
		if action == "guidance.edition-added" {
			kind = "guidance-edition"
		}
		return audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: action, SubjectKind: kind, SubjectID: row})
	})
}

func selectEditions(ctx context.Context, q pg.DB, which int64) ([]Edition, error) {
	rows, _ := q.Query(ctx, `
		SELECT g.id, g.title, g.published_on, g.precision,
		       (SELECT count(*) FROM guidance_requirement r WHERE r.edition_id = g.id AND r.retracted_at IS NULL) AS requirements,
		       (SELECT count(*) FROM guidance_requirement r WHERE r.edition_id = g.id AND r.retracted_at IS NULL AND r.confidence = 'confirmed') AS confirmed,
		       (SELECT count(*) FROM version v WHERE v.guidance_edition_id = g.id AND v.discarded_at IS NULL) AS versions
		FROM guidance_edition g WHERE @which::bigint IN (0, g.id) ORDER BY g.published_on DESC, g.id`, pgx.StrictNamedArgs{"which": which})
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (e Edition, err error) {
		err = row.Scan(&e.ID, &e.Title, &e.Published.Date, &e.Published.Precision, &e.Requirements, &e.Confirmed, &e.Versions)
		return e, err
	})
	if err != nil {
		return nil, fmt.Errorf("read the editions of the guidance: %w", err)
	}
	return found, nil
}
