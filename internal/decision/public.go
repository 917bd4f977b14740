package decision

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/file"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// Public reads what anybody may know of decisions: the published views, in the role of the public.
type Public struct{ db pg.DB }

// NewPublic makes the reader over the public's pool.
func NewPublic(db pg.DB) *Public { return &Public{db: db} }

// List reads a page of the published register. Faults: Invalid (a cursor that is none), NotFound (the body).
func (p *Public) List(ctx context.Context, f Filter, today day.Date) (Page, error) {
	return selectPage(ctx, p.db, publicSource, f, today)
}

// PublicRecord is a record as anybody may read it.
type PublicRecord struct {
	ID          id.Decision
	Body        Body
	Ref         string
	Publication int
	PublishedAt time.Time
	Content     Content
	Corrections []Correction // what changed between publications, the oldest first
	Authorises  []Authorised // published versions
	Files       []Attachment // open ones; what is exempt is not even named
	// IsDemonstration: the record was invented for the demonstration.
	IsDemonstration bool
}

// InEffect tells whether the decision is in effect on a day. The stated day counts before the computed one.
func (c Content) InEffect(on day.Date) bool {
	if !c.Made || c.Stage == CalledIn {
		return false
	}
	from := c.EffectiveOn.Day
	if from.IsZero() {
		from = c.Computed.Effective
	}
	return !from.IsZero() && !from.After(on)
}

// Record reads a published record by its body's slug and its reference. Where the record had that reference before its
// number was corrected, the one that it has now is in Ref: the address moved. Fault: NotFound.
func (p *Public) Record(ctx context.Context, bodySlug, ref string, today day.Date) (PublicRecord, error) {
	body, err := selectPublishedBody(ctx, p.db, bodySlug, today)
	if err != nil {
		return PublicRecord{}, err
	}
	r, err := p.selectRecord(ctx, body, ref)
	if errors.Is(err, fault.NotFound) {
		if ref, err = p.selectPresentRef(ctx, body, ref); err != nil {
			return PublicRecord{}, err
		}
		r, err = p.selectRecord(ctx, body, ref)
	}
	if err != nil {
		return PublicRecord{}, err
	}
	return r, p.selectRest(ctx, &r)
}

func (p *Public) selectRecord(ctx context.Context, body Body, ref string) (PublicRecord, error) {
	type row struct {
		ID              id.Decision
		Ref             string
		Publication     int
		PublishedAt     time.Time
		Content         json.RawMessage
		IsDemonstration bool
	}
	rows, _ := p.db.Query(ctx, `
		SELECT r.id, r.ref, r.publication, r.published_at, r.content, d.is_demonstration FROM published.decision_record r JOIN published.decision d ON d.id = r.id
		WHERE r.organisation_id = @body AND r.ref = @ref`, pgx.StrictNamedArgs{"body": int64(body.ID), "ref": ref})
	w, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[row])
	if errors.Is(err, pgx.ErrNoRows) {
		return PublicRecord{}, errNoDecision
	}
	if err != nil {
		return PublicRecord{}, fmt.Errorf("read published decision %s %s: %w", body.Slug, ref, err)
	}
	r := PublicRecord{ID: w.ID, Body: body, Ref: w.Ref, Publication: w.Publication, PublishedAt: w.PublishedAt, IsDemonstration: w.IsDemonstration}
	if err := json.Unmarshal(w.Content, &r.Content); err != nil {
		return PublicRecord{}, fmt.Errorf("read content of decision %d: %w", w.ID, err)
	}
	return r, nil
}

func (p *Public) selectPresentRef(ctx context.Context, body Body, former string) (ref string, err error) {
	err = p.db.QueryRow(ctx, `SELECT present_ref FROM published.decision_former_ref WHERE organisation_id = $1 AND ref = $2 ORDER BY id DESC LIMIT 1`,
		int64(body.ID), former).Scan(&ref)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", errNoDecision
	}
	if err != nil {
		return "", fmt.Errorf("read the present reference of %s %s: %w", body.Slug, former, err)
	}
	return ref, nil
}

func (p *Public) selectRest(ctx context.Context, r *PublicRecord) (err error) {
	if r.Corrections, err = collect[Correction](ctx, p.db, r.ID, "published corrections", `
		SELECT id, publication, stage, reason, published_at, field, before, after, is_correction, withheld
		FROM published.decision_correction WHERE decision_id = $1 ORDER BY id`); err != nil {
		return err
	}
	if r.Files, err = collect[Attachment](ctx, p.db, r.ID, "published files", `
		SELECT d.id, d.file_id AS file, d.kind, f.title, f.name, f.media_type, f.size, false AS is_exempt
		FROM published.decision_file d JOIN published.stored_file f ON f.id = d.file_id WHERE d.decision_id = $1 ORDER BY d.id`); err != nil {
		return err
	}
	r.Authorises, err = collect[Authorised](ctx, p.db, r.ID, "published links", `
		SELECT a.version_id AS id, a.version_id AS version, a.document_slug, v.title AS document_title, a.version_number, 0::bigint AS round,
		       coalesce(a.round_number, 0) AS round_number
		FROM published.decision_authorises a JOIN published.version v ON v.id = a.version_id WHERE a.decision_id = $1 ORDER BY a.version_id`)
	return err
}

// OpenFile readies an open file of a published record. Fault: NotFound.
func (p *Public) OpenFile(ctx context.Context, bodySlug, ref string, attachment int64, today day.Date) (file.Content, error) {
	r, err := p.Record(ctx, bodySlug, ref, today)
	if err != nil {
		return file.Content{}, err
	}
	i := slices.IndexFunc(r.Files, func(a Attachment) bool { return a.ID == attachment })
	if i < 0 {
		return file.Content{}, errNoDecision
	}
	return file.OpenPublished(ctx, p.db, r.Files[i].File)
}

// Short finds the one published record with a number as people write it, whichever body's it is: 19/00035. Fault:
// NotFound, also where several bodies have that number.
func (p *Public) Short(ctx context.Context, number string, today day.Date) (Line, error) {
	rows, _ := p.db.Query(ctx, `SELECT id, `+lineColumns+`, '' AS sort_text FROM published.decision WHERE number = $1 ORDER BY id LIMIT 2`, number)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[lineRow])
	if err != nil {
		return Line{}, fmt.Errorf("find decision %q: %w", number, err)
	}
	if len(list) != 1 {
		return Line{}, errNoDecision
	}
	lines, err := withBodies(ctx, p.db, list, today)
	if err != nil {
		return Line{}, err
	}
	return lines[0], nil
}

// AuthorisedBy lists the published records that authorise the sign-off of a version, by body.
func (p *Public) AuthorisedBy(ctx context.Context, version id.Version, today day.Date) ([]Line, error) {
	return p.authorised(ctx, `SELECT FROM published.decision_authorises a WHERE a.decision_id = l.id AND a.version_id = $1`, int64(version), today)
}

// AuthorisedYear lists the published records that authorised lines of a financial year, by body, once it is agreed and
// released.
func (p *Public) AuthorisedYear(ctx context.Context, year day.FinancialYear, today day.Date) ([]Line, error) {
	return p.authorised(ctx, `SELECT FROM published.year_authority a WHERE a.decision_id = l.id AND a.financial_year = $1`, int64(year), today)
}

func (p *Public) authorised(ctx context.Context, exists string, paper int64, today day.Date) ([]Line, error) {
	rows, _ := p.db.Query(ctx, `SELECT id, `+lineColumns+`, '' AS sort_text FROM published.decision l
		WHERE EXISTS (`+exists+`) ORDER BY organisation_id, sort_on, id`, paper)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[lineRow])
	if err != nil {
		return nil, fmt.Errorf("read what authorises a sign-off: %w", err)
	}
	return withBodies(ctx, p.db, list, today)
}
