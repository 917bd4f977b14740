package group

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/file"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// Public reads what anybody may know of the groups: the published views, in the role of the public.
type Public struct{ db pg.DB }

// NewPublic makes the reader over the public's pool.
func NewPublic(db pg.DB) *Public { return &Public{db: db} }

// PublicGroup is a group as shown to the public: no meetings, papers, actions or persons.
type PublicGroup struct {
	ID              id.Group
	Slug            string
	Name            string // of the day, or of the last day of a group that ended
	Purpose         string
	Chair           string
	Rhythm          string
	StartsOn        day.Date
	EndsOn          day.Date
	IsDemonstration bool
	Bodies          []Member `db:"-"` // of the day, or of its last day
	Names           []Name   `db:"-"`
	Terms           []Terms  `db:"-"` // the latest first
}

// Ended tells whether the group's last day is past.
func (g PublicGroup) Ended(today day.Date) bool { return !g.EndsOn.IsZero() && g.EndsOn.Before(today) }

const publicColumns = `
	SELECT g.id, g.slug, coalesce((SELECT n.name FROM published.sub_group_name n WHERE n.sub_group_id = g.id AND n.during @> d.day), g.slug) AS name,
	       g.purpose, g.chair, g.rhythm, g.starts_on, g.ends_on, g.is_demonstration
	FROM published.sub_group g CROSS JOIN LATERAL (SELECT greatest(least(@on::date, g.ends_on), g.starts_on) AS day) d`

// Groups lists the groups of the partnership from A to Z, those that ended last.
func (p *Public) Groups(ctx context.Context, on day.Date) ([]PublicGroup, error) {
	rows, _ := p.db.Query(ctx, publicColumns+` ORDER BY coalesce(g.ends_on < @on::date, false), lower((
		SELECT n.name FROM published.sub_group_name n WHERE n.sub_group_id = g.id AND n.during @> d.day)), g.slug`, pgx.StrictNamedArgs{"on": on})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[PublicGroup])
	if err != nil {
		return nil, fmt.Errorf("read the published groups: %w", err)
	}
	return list, nil
}

// Group reads a group with its bodies of a day. Fault: NotFound.
func (p *Public) Group(ctx context.Context, slug string, on day.Date) (PublicGroup, error) {
	rows, _ := p.db.Query(ctx, publicColumns+` WHERE g.slug = @slug`, pgx.StrictNamedArgs{"slug": slug, "on": on})
	g, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[PublicGroup])
	if errors.Is(err, pgx.ErrNoRows) {
		return PublicGroup{}, errNoPublicGroup
	}
	if err != nil {
		return PublicGroup{}, fmt.Errorf("read the published group %q: %w", slug, err)
	}
	d := on
	if d.Before(g.StartsOn) {
		d = g.StartsOn
	}
	if g.Ended(on) {
		d = g.EndsOn
	}
	if g.Bodies, err = collect[Member](ctx, p.db, `
		SELECT 0::bigint AS id, o.id AS organisation, o.slug, n.name, m.starts_on, m.ends_on, '' AS retracted_reason
		FROM published.sub_group_member m JOIN published.organisation o ON o.id = m.organisation_id
		CROSS JOIN LATERAL (SELECT x.name FROM published.organisation_name x WHERE x.organisation_id = o.id
		                    ORDER BY (x.during @> @on::date) DESC, x.starts_on DESC NULLS LAST LIMIT 1) n
		WHERE m.sub_group_id = @id AND m.during @> @on::date ORDER BY lower(n.name), o.slug`, pgx.StrictNamedArgs{"id": g.ID, "on": d}); err != nil {
		return PublicGroup{}, err
	}
	if g.Names, err = collect[Name](ctx, p.db, `
		SELECT name, starts_on, ends_on FROM published.sub_group_name WHERE sub_group_id = @id ORDER BY starts_on NULLS FIRST`,
		pgx.StrictNamedArgs{"id": g.ID}); err != nil {
		return PublicGroup{}, err
	}
	g.Terms, err = collect[Terms](ctx, p.db, `
		SELECT t.file_id AS file, f.title, f.language, f.media_type, f.size, t.starts_on, f.added_at
		FROM published.sub_group_terms t JOIN published.stored_file f ON f.id = t.file_id
		WHERE t.sub_group_id = @id ORDER BY t.starts_on DESC, t.id DESC`, pgx.StrictNamedArgs{"id": g.ID})
	return g, err
}

// Terms readies terms of reference of a group for sending. Fault: NotFound.
func (p *Public) Terms(ctx context.Context, slug string, which id.File) (file.Content, error) {
	var found bool
	err := p.db.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM published.sub_group_terms t JOIN published.sub_group g ON g.id = t.sub_group_id WHERE g.slug = @slug AND t.file_id = @file)`,
		pgx.StrictNamedArgs{"slug": slug, "file": which}).Scan(&found)
	if err != nil {
		return file.Content{}, fmt.Errorf("look for terms of reference %d: %w", which, err)
	}
	if !found {
		return file.Content{}, errNoFile
	}
	return file.OpenPublished(ctx, p.db, which)
}
