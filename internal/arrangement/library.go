package arrangement

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/signoff"
)

// Library is what the public reads. It asks for no actor, because everybody may read what is published, and it reads
// as the database role that can see nothing else.
type Library struct{ db pg.DB }

// NewLibrary makes the library on the public role.
func NewLibrary(db pg.DB) *Library { return &Library{db: db} }

var (
	errNoDocument = fault.New(fault.NotFound, "Nothing is published under this address.")
	errNoVersion  = fault.New(fault.NotFound, "No such version is published.")
)

// Documents lists the documents with something published, those of one kind or of all kinds if kind is empty.
func (l *Library) Documents(ctx context.Context, kind string) ([]PublishedDocument, error) {
	where, args := "", pgx.StrictNamedArgs{}
	if kind != "" {
		where, args = " WHERE d.kind = @kind", pgx.StrictNamedArgs{"kind": kind}
	}
	rows, _ := l.db.Query(ctx, documentColumns+where+" ORDER BY d.kind, d.title, d.id", args)
	documents, err := pgx.CollectRows(rows, pgx.RowToStructByName[documentRow])
	if err != nil {
		return nil, fmt.Errorf("read published documents: %w", err)
	}
	rows, _ = l.db.Query(ctx, versionColumns+where+versionOrder, args)
	versions, err := pgx.CollectRows(rows, pgx.RowToStructByName[versionRow])
	if err != nil {
		return nil, fmt.Errorf("read published versions: %w", err)
	}
	list := make([]PublishedDocument, len(documents))
	for i, d := range documents {
		list[i] = d.document(versions)
	}
	return list, nil
}

// Document reads one document with its versions.
// Faults: NotFound.
func (l *Library) Document(ctx context.Context, slug string) (PublishedDocument, error) {
	args := pgx.StrictNamedArgs{"slug": slug}
	rows, _ := l.db.Query(ctx, documentColumns+" WHERE d.slug = @slug", args)
	document, err := pgx.CollectRows(rows, pgx.RowToStructByName[documentRow])
	if err != nil {
		return PublishedDocument{}, fmt.Errorf("read published document: %w", err)
	}
	if len(document) == 0 {
		return PublishedDocument{}, errNoDocument
	}
	rows, _ = l.db.Query(ctx, versionColumns+" WHERE d.slug = @slug"+versionOrder, args)
	versions, err := pgx.CollectRows(rows, pgx.RowToStructByName[versionRow])
	if err != nil {
		return PublishedDocument{}, fmt.Errorf("read published versions of %s: %w", slug, err)
	}
	return document[0].document(versions), nil
}

// Version reads one version and the document that it belongs to.
// Faults: NotFound.
func (l *Library) Version(ctx context.Context, ref Ref) (PublishedDocument, PublishedVersion, error) {
	d, err := l.Document(ctx, ref.Slug)
	if err != nil {
		return PublishedDocument{}, PublishedVersion{}, err
	}
	v, ok := d.Version(ref.Number)
	if !ok {
		return PublishedDocument{}, PublishedVersion{}, errNoVersion
	}
	return d, v, nil
}

// Content gives the exact bytes that were signed and published, and their digest.
// Faults: NotFound (also where a legal reason closes the text).
func (l *Library) Content(ctx context.Context, ref Ref) (content, digest []byte, err error) {
	err = l.db.QueryRow(ctx, `
		SELECT v.content, v.digest FROM published.version v JOIN published.document d ON d.id = v.document_id
		WHERE d.slug = @slug AND v.number = @number`, pgx.StrictNamedArgs{"slug": ref.Slug, "number": ref.Number}).Scan(&content, &digest)
	if err != nil {
		return nil, nil, fmt.Errorf("read published content of %s: %w", ref, noRows(err, errNoVersion.Message))
	}
	if content == nil {
		return nil, nil, fault.New(fault.NotFound, "The text of this version is closed for a legal reason.")
	}
	return content, digest, nil
}

// SignOffs lists who signed a published version: the local authorities first, then police, then health.
func (l *Library) SignOffs(ctx context.Context, version id.Version) ([]signoff.SignOff, error) {
	return signoff.NewPublic(l.db).SignOffs(ctx, signoff.OfVersion(version))
}

// PublicTimeline lists what anybody may know of how a published version came about, the newest first.
func (l *Library) PublicTimeline(ctx context.Context, version id.Version) ([]PublicEvent, error) {
	rows, _ := l.db.Query(ctx, `
		SELECT at, action, coalesce(organisation_name, '') AS organisation FROM published.event WHERE version_id = @version ORDER BY id DESC`,
		pgx.StrictNamedArgs{"version": version})
	events, err := pgx.CollectRows(rows, pgx.RowToStructByName[PublicEvent])
	if err != nil {
		return nil, fmt.Errorf("read public timeline: %w", err)
	}
	return events, nil
}

// ByDigest finds what a digest belongs to.
// Faults: NotFound if nothing published has it.
func (l *Library) ByDigest(ctx context.Context, digest []byte) (Found, error) {
	args := pgx.StrictNamedArgs{"digest": digest}
	rows, _ := l.db.Query(ctx, versionColumns+`
		WHERE v.digest = @digest OR v.id IN (SELECT s.version_id FROM published.sign_off s WHERE s.statement_digest = @digest) LIMIT 1`, args)
	versions, err := pgx.CollectRows(rows, pgx.RowToStructByName[versionRow])
	if err != nil {
		return Found{}, fmt.Errorf("look up digest: %w", err)
	}
	if len(versions) == 0 {
		return Found{}, fault.New(fault.NotFound, "Nothing published here has this digest.")
	}
	found := Found{Document: versions[0].DocumentTitle, Version: versions[0].version()}
	statement, of, err := signoff.NewPublic(l.db).ByStatement(ctx, digest)
	if errors.Is(err, fault.NotFound) {
		return found, nil
	}
	if err != nil {
		return Found{}, err
	}
	if of.Version() == found.Version.ID {
		found.Statement = &statement
	}
	return found, nil
}

const documentColumns = `
	SELECT d.id, d.slug, d.kind, d.title, coalesce(o.slug, '') AS predecessor_slug,
	       coalesce((SELECT n.name FROM published.organisation_name n WHERE n.organisation_id = d.predecessor_id
	                 ORDER BY n.starts_on DESC NULLS LAST LIMIT 1), '') AS predecessor
	FROM published.document d LEFT JOIN published.organisation o ON o.id = d.predecessor_id`

type documentRow struct {
	ID              id.Document
	Slug            string
	Kind            string
	Title           string
	PredecessorSlug string
	Predecessor     string
}

func (r documentRow) document(all []versionRow) PublishedDocument {
	d := PublishedDocument{ID: r.ID, Slug: r.Slug, Kind: r.Kind, Title: r.Title, Predecessor: r.Predecessor, PredecessorSlug: r.PredecessorSlug}
	for _, v := range all {
		if v.Document == r.ID {
			d.Versions = append(d.Versions, v.version())
		}
	}
	return d
}

const versionColumns = `
	SELECT v.id, d.id AS document, d.slug, d.title AS document_title, v.number, v.title, v.guidance_edition AS guidance, v.effective_from, v.label,
	       v.is_demonstration AS demonstration, v.published_on, v.published_precision, v.published_at, v.withdrawn_at,
	       coalesce(v.withdrawn_reason, '') AS withdrawn_reason, coalesce(v.withdrawn_law, '') AS withdrawn_law, v.origin, v.digest,
	       (SELECT count(*) FROM published.version_agency va WHERE va.version_id = v.id) AS agencies,
	       (SELECT count(*) FROM published.sign_off s WHERE s.version_id = v.id) AS sign_offs,
	       EXISTS (SELECT FROM published.document_kind_coverage k WHERE k.document_kind = d.kind) AS asked
	FROM published.version v JOIN published.document d ON d.id = v.document_id`

const versionOrder = ` ORDER BY v.effective_from DESC, v.number DESC`

type versionRow struct {
	ID                 id.Version
	Document           id.Document
	Slug               string
	DocumentTitle      string
	Number             int
	Title              string
	Guidance           string
	EffectiveFrom      day.Date
	Label              string
	Demonstration      bool
	PublishedOn        day.Date
	PublishedPrecision day.Precision
	PublishedAt        time.Time
	WithdrawnAt        *time.Time
	WithdrawnReason    string
	WithdrawnLaw       string
	Origin             signoff.Origin
	Digest             []byte
	Agencies           int
	SignOffs           int
	Asked              bool
}

func (r versionRow) version() PublishedVersion {
	v := PublishedVersion{ID: r.ID, Ref: Ref{r.Slug, r.Number}, Title: r.Title, Guidance: r.Guidance, EffectiveFrom: r.EffectiveFrom, Label: r.Label,
		Demonstration: r.Demonstration, Published: day.Approx{Date: r.PublishedOn, Precision: r.PublishedPrecision}, PublishedAt: r.PublishedAt,
		WithdrawnReason: r.WithdrawnReason, WithdrawnLaw: r.WithdrawnLaw, Origin: r.Origin, Digest: r.Digest, SignOffs: r.SignOffs, Agencies: r.Agencies, Asked: r.Asked}
	if r.WithdrawnAt != nil {
		v.WithdrawnAt = *r.WithdrawnAt
	}
	return v
}
