package arrangement

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/signoff"
)

// Letters tells people of a publication and of its end, in the same transaction. It is implemented in notify.
type Letters interface {
	Published(ctx context.Context, tx pgx.Tx, version id.Version) error
	Withdrawn(ctx context.Context, tx pgx.Tx, version id.Version) error
}

// NoLetters tells nobody: for what was published before the portal was there.
type NoLetters struct{}

// Published does nothing.
func (NoLetters) Published(context.Context, pgx.Tx, id.Version) error { return nil }

// Withdrawn does nothing.
func (NoLetters) Withdrawn(context.Context, pgx.Tx, id.Version) error { return nil }

// Service is drafting and publication. Each exported method is one transaction.
type Service struct {
	db      pg.DB
	rounds  *signoff.Service
	letters Letters
	now     func() time.Time
}

// New makes the service on the application's role.
func New(db pg.DB, rounds *signoff.Service, letters Letters, now func() time.Time) *Service {
	return &Service{db: db, rounds: rounds, letters: letters, now: now}
}

// constraints says in words what the database refuses.
var constraints = map[string]*fault.Error{
	"document_slug_key":               fault.Field("slug", "Another document has this address. Choose another"),
	"document_title_length":           fault.Field("title", "The title must be 200 characters or fewer"),
	"version_title_length":            fault.Field("title", "The title must be 200 characters or fewer"),
	"version_label_length":            fault.Field("label", "The label must be 100 characters or fewer"),
	"section_heading_length":          fault.Field("heading", "The heading must be 200 characters or fewer"),
	"document_kind_known":             fault.Field("kind", "Choose a kind of document"),
	"version_guidance_edition_fkey":   fault.Field("guidance", "Choose an edition of the guidance"),
	"document_area_area_fkey":         fault.Field("areas", "Choose areas from the list"),
	"document_predecessor_fkey":       fault.Field("predecessor", "Choose a predecessor from the list"),
	"document_slug_form":              fault.Field("slug", "The address may hold small letters, digits and single hyphens only"),
	"version_one_unpublished":         fault.New(fault.Conflict, "This document already has a version that is not yet published. Finish, recall or discard it first."),
	"version_document_number_key":     fault.New(fault.Conflict, "Somebody else has just started a version of this document."),
	"version_one_in_force_per_day":    fault.Field("effective-from", "Another published version takes effect on this day. Choose another day"),
	"version_frozen":                  fault.New(fault.Conflict, "The text is frozen by a round."),
	"version_withdrawn_reason_length": fault.Field("reason", "The reason must be 4,000 characters or fewer"),
	"version_closed_by_law":           fault.Field("law", "The legal reason must be 2,000 characters or fewer"),
	"version_published_final":         fault.New(fault.Conflict, "This version is published. Published versions never change."),
	"version_discarded_final":         fault.New(fault.Conflict, "This draft was discarded."),
	"version_published_signed":        fault.New(fault.Conflict, "Only a text that every safeguarding partner has signed can be published."),
	"version_effective_day_signed":    fault.New(fault.Conflict, "The effective day is the one that was signed."),
	"version_published_not_in_future": fault.Field("published-on",
		"The date of publication can't lie in the future. To publish later, choose a set day"),
	"section_frozen":                             fault.New(fault.Conflict, "The text is frozen: a round is open or complete, or the version is published."),
	"version_agency_frozen":                      fault.New(fault.Conflict, "The text is frozen: a round is open or complete, or the version is published."),
	"version_agency_removed_final":               fault.New(fault.Conflict, "Somebody else has taken this agency out."),
	"version_agency_once":                        fault.New(fault.Conflict, "Somebody else has just named this agency."),
	"version_agency_reason_length":               fault.Field("reason", "The reason must be 2,000 characters or fewer"),
	"requirement_coverage_frozen":                fault.New(fault.Conflict, "The text is frozen: a round is open or complete, or the version is published."),
	"requirement_coverage_of_edition":            fault.New(fault.Conflict, "The list of this edition has changed. Open the requirement again."),
	"requirement_coverage_own_sections":          fault.Field("sections", "Somebody has deleted a section that you chose. Choose again"),
	"requirement_coverage_must_met":              fault.Field("sections", "This is a must, and its text is confirmed. Choose the sections that cover it"),
	"requirement_coverage_reason_length":         fault.Field("reason", "The reason must be 2,000 characters or fewer"),
	"guidance_edition_title_key":                 fault.Field("title", "There is an edition of this title already"),
	"guidance_edition_title_length":              fault.Field("title", "The title must be 100 characters or fewer"),
	"guidance_requirement_once":                  fault.Field("number", "The list has a requirement of this number already"),
	"guidance_requirement_edition_fkey":          fault.New(fault.NotFound, "There is no such edition."),
	"guidance_requirement_number_positive":       fault.Field("number", "The number must be between 1 and 999"),
	"guidance_requirement_kind_known":            fault.Field("kind", "Choose must or should"),
	"guidance_requirement_wording_length":        fault.Field("wording", "The text must be between 1 and 1,000 characters"),
	"guidance_requirement_confidence_known":      fault.Field("confidence", "Choose how sure the text is"),
	"guidance_requirement_source_length":         fault.Field("source", "The source must be 300 characters or fewer"),
	"guidance_requirement_confirmed_by_source":   fault.Field("source", "Say where the confirmed text was read"),
	"guidance_requirement_retracted_with_reason": fault.Field("reason", "The reason must be 2,000 characters or fewer"),
	"word_import_applied_once":                   errWordApplied,
	"section_removed_final":                      fault.New(fault.Conflict, "Somebody else has deleted this section."),
	"section_markdown_length":                    fault.Field("markdown", "A section can hold 250,000 characters at most. Split it into two"),
}

func translate(err error) error { return pg.Translate(err, constraints) }

func noRows(err error, sentence string) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return fault.New(fault.NotFound, sentence).Because(err)
	}
	return err
}

// Draft returns a version with its sections, at whatever state.
// Faults: NotFound (also for whoever may not read drafts).
func (s *Service) Draft(ctx context.Context, by authz.Actor, ref Ref) (Draft, error) {
	return selectDraft(ctx, s.db, by, ref)
}

// Desk lists every version that is not discarded, those that are being worked on first.
// Faults: Forbidden.
func (s *Service) Desk(ctx context.Context, by authz.Actor) ([]Draft, error) {
	if !by.Can(authz.ReadDrafts) {
		return nil, fault.New(fault.Forbidden, "Only business support and the independent scrutineer see drafts.")
	}
	return selectDesk(ctx, s.db)
}

// GuidanceEditions lists the editions of the statutory guidance, the newest first.
func (s *Service) GuidanceEditions(ctx context.Context) ([]Guidance, error) {
	rows, _ := s.db.Query(ctx, `SELECT id, title FROM guidance_edition ORDER BY published_on DESC`)
	return pgx.CollectRows(rows, pgx.RowToStructByName[Guidance])
}

// AreaChoice is an area for which a document can be made.
type AreaChoice struct {
	ID   id.Area
	Name string
}

// Areas lists the areas that the partnership covers today.
func (s *Service) Areas(ctx context.Context) ([]AreaChoice, error) {
	rows, _ := s.db.Query(ctx, `SELECT id, name FROM area WHERE daterange(starts_on, ends_on, '[]') @> london_day(@at::timestamptz) ORDER BY name`,
		pgx.StrictNamedArgs{"at": s.now()})
	return pgx.CollectRows(rows, pgx.RowToStructByName[AreaChoice])
}

// PredecessorChoice is a body whose own text can have been in force before the first version.
type PredecessorChoice struct {
	ID   id.Organisation
	Name string
}

// Predecessors lists the predecessor boards on record.
func (s *Service) Predecessors(ctx context.Context) ([]PredecessorChoice, error) {
	rows, _ := s.db.Query(ctx, `
		SELECT id, organisation_name_on(id, london_day(@at::timestamptz)) AS name FROM organisation WHERE kind = 'predecessor board' AND retracted_at IS NULL ORDER BY name`,
		pgx.StrictNamedArgs{"at": s.now()})
	return pgx.CollectRows(rows, pgx.RowToStructByName[PredecessorChoice])
}
