package membership

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// NamedIn is a version of a document that names an agency.
type NamedIn struct {
	Slug          string
	Number        int
	Title         string
	Label         string
	EffectiveFrom day.Date
	Published     bool
}

// EntryPost is a contact post in an agency's entry.
type EntryPost struct {
	ID    int64
	Title string
	Email string
	Phone string
}

// EntryIdentifier is a code of an agency in a public register.
type EntryIdentifier struct {
	Scheme string
	Value  string
}

// AgencyEntry is all that is kept of an agency, for its own staff.
type AgencyEntry struct {
	Organisation
	Posts       []EntryPost
	Address     string // of today; empty if none is recorded
	Identifiers []EntryIdentifier
	Readers     []Reader
	NamedIn     []NamedIn // published ones
	Corrections []Correction
}

// MyAgencies reads the entries of the bodies of which the actor is agency staff. It is empty for whoever is of none.
func (s *Service) MyAgencies(ctx context.Context, by authz.Actor) ([]AgencyEntry, error) {
	var list []AgencyEntry
	today := day.Of(s.now())
	for _, of := range by.Organisations(authz.AgencyStaff) {
		slug, err := selectSlug(ctx, s.db, of)
		if err != nil {
			return nil, err
		}
		o, err := selectOrganisation(ctx, s.db, slug, today)
		if err != nil {
			return nil, err
		}
		e := AgencyEntry{Organisation: o}
		if err := s.fillEntry(ctx, &e, today); err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, nil
}

func (s *Service) fillEntry(ctx context.Context, e *AgencyEntry, today day.Date) (err error) {
	if e.Posts, err = selectEntryPosts(ctx, s.db, e.ID, today); err != nil {
		return err
	}
	if e.Address, err = selectAddressOn(ctx, s.db, e.ID, today); err != nil {
		return err
	}
	if e.Identifiers, err = selectIdentifiersOn(ctx, s.db, e.ID, today); err != nil {
		return err
	}
	if e.Readers, err = selectReaders(ctx, s.db, e.Slug, today); err != nil {
		return err
	}
	if e.NamedIn, err = selectNamedIn(ctx, s.db, e.ID, ` AND v.published_at IS NOT NULL`); err != nil {
		return err
	}
	e.Corrections, err = selectCorrections(ctx, s.db, s.now(), ` WHERE c.organisation_id = @of ORDER BY c.id DESC`, pgx.StrictNamedArgs{"of": e.ID})
	return err
}

// NamedIn lists the versions that name an agency, those in work included. Fault: Forbidden.
func (s *Service) NamedIn(ctx context.Context, by authz.Actor, of id.Organisation) ([]NamedIn, error) {
	if !CanEdit(by) {
		return nil, errMayNotEdit
	}
	return selectNamedIn(ctx, s.db, of, "")
}

// CorrectionsOf lists what was found wrong in an agency's entry, the latest first. Fault: Forbidden.
func (s *Service) CorrectionsOf(ctx context.Context, by authz.Actor, of id.Organisation) ([]Correction, error) {
	if !CanEdit(by) {
		return nil, errMayNotEdit
	}
	return selectCorrections(ctx, s.db, s.now(), ` WHERE c.organisation_id = @of ORDER BY c.id DESC`, pgx.StrictNamedArgs{"of": of})
}

// NamedIn lists the published versions that name an agency, the latest first.
func (p *Public) NamedIn(ctx context.Context, of id.Organisation) ([]NamedIn, error) {
	rows, _ := p.db.Query(ctx, `
		SELECT d.slug, v.number, v.title, v.label, v.effective_from, true AS published
		FROM published.version_agency va JOIN published.version v ON v.id = va.version_id JOIN published.document d ON d.id = v.document_id
		WHERE va.organisation_id = $1 ORDER BY v.effective_from DESC, d.slug, v.number DESC`, of)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[NamedIn])
	if err != nil {
		return nil, fmt.Errorf("read the published versions that name organisation %d: %w", of, err)
	}
	return list, nil
}

func selectNamedIn(ctx context.Context, db pg.DB, of id.Organisation, and string) ([]NamedIn, error) {
	return collect[NamedIn](ctx, db, of, `
		SELECT d.slug, v.number, v.title, v.label, v.effective_from, v.published_at IS NOT NULL AS published
		FROM version_agency va JOIN version v ON v.id = va.version_id JOIN document d ON d.id = v.document_id
		WHERE va.organisation_id = $1 AND va.removed_at IS NULL AND v.discarded_at IS NULL`+and+`
		ORDER BY v.published_at IS NOT NULL, v.effective_from DESC, d.slug, v.number DESC`)
}

func selectSlug(ctx context.Context, db pg.DB, of id.Organisation) (string, error) {
	var slug string
	if err := db.QueryRow(ctx, `SELECT slug FROM organisation WHERE id = $1`, of).Scan(&slug); err != nil {
		return "", fmt.Errorf("read the address of organisation %d: %w", of, err)
	}
	return slug, nil
}

func selectEntryPosts(ctx context.Context, db pg.DB, of id.Organisation, today day.Date) ([]EntryPost, error) {
	rows, _ := db.Query(ctx, `
		SELECT id, title, email, phone FROM post
		WHERE organisation_id = $1 AND is_contact AND retracted_at IS NULL AND during @> $2::date ORDER BY lower(title), id`, of, today)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[EntryPost])
	if err != nil {
		return nil, fmt.Errorf("read the contact posts of organisation %d: %w", of, err)
	}
	return list, nil
}

func selectAddressOn(ctx context.Context, db pg.DB, of id.Organisation, on day.Date) (string, error) {
	var address string
	err := db.QueryRow(ctx, `
		SELECT coalesce((SELECT address || CASE WHEN postcode <> '' THEN ', ' || postcode ELSE '' END FROM organisation_address
		                 WHERE organisation_id = $1 AND retracted_at IS NULL AND during @> $2::date), '')`, of, on).Scan(&address)
	if err != nil {
		return "", fmt.Errorf("read the address of organisation %d: %w", of, err)
	}
	return address, nil
}

func selectIdentifiersOn(ctx context.Context, db pg.DB, of id.Organisation, on day.Date) ([]EntryIdentifier, error) {
	rows, _ := db.Query(ctx, `
		SELECT scheme, value FROM organisation_identifier
		WHERE organisation_id = $1 AND retracted_at IS NULL AND during @> $2::date ORDER BY scheme`, of, on)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[EntryIdentifier])
	if err != nil {
		return nil, fmt.Errorf("read the identifiers of organisation %d: %w", of, err)
	}
	return list, nil
}
