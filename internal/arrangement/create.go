package arrangement

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
)

// CreateCommand starts a document with its first version.
type CreateCommand struct {
	Title         string
	Slug          string // made from the title if empty
	Kind          string
	Guidance      int64
	Areas         []id.Area
	Predecessor   id.Organisation // none if zero
	Demonstration bool
}

// Create starts a document with an empty first version.
// Faults: Forbidden, Invalid (title, address taken, guidance, areas).
func (s *Service) Create(ctx context.Context, by authz.Actor, cmd CreateCommand) (ref Ref, err error) {
	if !by.Can(authz.DraftDocument) {
		return Ref{}, fault.New(fault.Forbidden, "Only business support drafts.")
	}
	cmd.Title = strings.TrimSpace(Clean(cmd.Title))
	if cmd.Slug == "" {
		cmd.Slug = Slug(cmd.Title)
	}
	switch {
	case cmd.Title == "":
		return Ref{}, fault.Field("title", "Enter a title")
	case cmd.Slug == "":
		return Ref{}, fault.Field("slug", "Enter an address of small letters, digits and hyphens")
	case cmd.Slug == "on":
		return Ref{}, fault.Field("slug", "This address belongs to the page of what is in force on a day. Choose another")
	case len(cmd.Areas) == 0:
		return Ref{}, fault.Field("areas", "Choose at least one area")
	}
	at := s.now()
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		document, err := insertDocument(ctx, tx, by, cmd)
		if err != nil {
			return err
		}
		ref = Ref{Slug: cmd.Slug, Number: 1}
		_, err = insertVersion(ctx, tx, by, at, document, 1, cmd.Title, cmd.Guidance, cmd.Demonstration)
		return err
	})
	return ref, err
}

// NextVersion starts the next version of a document with the text of its latest published one; without a published one
// it starts empty.
// Faults: NotFound, Forbidden, Conflict (one is already being worked on).
func (s *Service) NextVersion(ctx context.Context, by authz.Actor, slug string, demonstration bool) (ref Ref, err error) {
	if !by.Can(authz.DraftDocument) {
		return Ref{}, fault.New(fault.Forbidden, "Only business support drafts.")
	}
	at := s.now()
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		latest, err := lockLatest(ctx, tx, slug)
		if err != nil {
			return err
		}
		ref = Ref{Slug: slug, Number: latest.Newest + 1}
		content := Content{Title: latest.Title}
		if latest.Content != nil {
			if content, err = ReadContent(latest.Content); err != nil {
				return err
			}
		}
		version, err := insertVersion(ctx, tx, by, at, latest.Document, ref.Number, content.Title, latest.Guidance, demonstration)
		if err != nil {
			return err
		}
		copied := make([]id.Section, len(content.Sections))
		for i, section := range content.Sections {
			if copied[i], err = insertSection(ctx, tx, version, i+1, section.Heading, section.Markdown); err != nil {
				return err
			}
		}
		if err := copyCoverage(ctx, tx, version, latest.Guidance, content.Coverage, copied); err != nil {
			return err
		}
		if latest.Published == 0 {
			return nil
		}
		return copyAgencies(ctx, tx, latest.Published, version)
	})
	return ref, err
}

func insertDocument(ctx context.Context, tx pgx.Tx, by authz.Actor, cmd CreateCommand) (id.Document, error) {
	var document id.Document
	err := tx.QueryRow(ctx, `
		INSERT INTO document (slug, kind, title, predecessor_id, created_by)
		VALUES (@slug, @kind, @title, NULLIF(@predecessor::bigint, 0), NULLIF(@by::bigint, 0)) RETURNING id`,
		pgx.StrictNamedArgs{"slug": cmd.Slug, "kind": cmd.Kind, "title": cmd.Title, "predecessor": int64(cmd.Predecessor), "by": int64(by.Account)}).Scan(&document)
	if err != nil {
		return 0, fmt.Errorf("insert document %s: %w", cmd.Slug, translate(err))
	}
	for _, area := range cmd.Areas {
		_, err := tx.Exec(ctx, `INSERT INTO document_area (document_id, area_id) VALUES (@document, @area)`,
			pgx.StrictNamedArgs{"document": int64(document), "area": int64(area)})
		if err != nil {
			return 0, fmt.Errorf("insert area %d of document %s: %w", area, cmd.Slug, translate(err))
		}
	}
	return document, nil
}

func insertVersion(ctx context.Context, tx pgx.Tx, by authz.Actor, at time.Time, document id.Document, number int, title string, guidance int64, demonstration bool) (id.Version, error) {
	var version id.Version
	err := tx.QueryRow(ctx, `
		INSERT INTO version (document_id, number, title, guidance_edition_id, is_demonstration, created_by)
		VALUES (@document, @number, @title, @guidance, @demonstration, NULLIF(@by::bigint, 0)) RETURNING id`,
		pgx.StrictNamedArgs{"document": int64(document), "number": number, "title": title, "guidance": guidance,
			"demonstration": demonstration, "by": int64(by.Account)}).Scan(&version)
	if err != nil {
		return 0, fmt.Errorf("insert version %d of document %d: %w", number, document, translate(err))
	}
	err = audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: "version.created", SubjectKind: "version", SubjectID: int64(version),
		Version: version, After: string(StateDraft)})
	return version, err
}

type latestVersion struct {
	Document id.Document
	Newest   int
	Title    string
	Guidance int64
	Content  []byte
	// Published is the version whose text the next one begins with; zero if none is published.
	Published id.Version
}

// lockLatest locks the document's newest version, so that two people can't both start the next one.
func lockLatest(ctx context.Context, tx pgx.Tx, slug string) (latestVersion, error) {
	rows, _ := tx.Query(ctx, `
		SELECT d.id AS document, v.number AS newest, coalesce(p.title, v.title) AS title,
		       coalesce(p.guidance_edition_id, v.guidance_edition_id) AS guidance, p.content, coalesce(p.id, 0) AS published
		FROM document d
		JOIN LATERAL (SELECT number, title, guidance_edition_id FROM version WHERE document_id = d.id ORDER BY number DESC LIMIT 1 FOR UPDATE) v ON true
		LEFT JOIN LATERAL (SELECT x.id, x.title, x.guidance_edition_id, r.content FROM version x JOIN round r ON r.id = x.publishing_round_id
		                   WHERE x.document_id = d.id AND x.withdrawn_at IS NULL ORDER BY x.effective_from DESC LIMIT 1) p ON true
		WHERE d.slug = @slug`, pgx.StrictNamedArgs{"slug": slug})
	latest, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[latestVersion])
	if err != nil {
		return latestVersion{}, fmt.Errorf("lock the newest version of %s: %w", slug, noRows(err, "There is no such document."))
	}
	return latest, nil
}
