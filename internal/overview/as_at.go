package overview

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
)

// Moment is what an as-at page asks for: how things stood on a day, as they were known at the end of another.
type Moment struct {
	On    day.Date
	Known day.Date // none: as known now
}

// forEver is later than anything that is recorded.
var forEver = time.Date(9999, time.December, 31, 0, 0, 0, 0, time.UTC)

// Before is the instant up to which something counts as known: midnight in London after the day, or for ever.
func (m Moment) Before() time.Time {
	if m.Known.IsZero() {
		return forEver
	}
	return m.Known.Add(1).Starts()
}

// args are the named values of the queries: a wording counts if it was known from before @known and until then or later.
func (m Moment) args() pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{"on": m.On, "known": m.Before()}
}

// VersionThen is a version that was in force.
type VersionThen struct {
	Document      string
	Slug          string
	Number        int
	Title         string
	Label         string
	EffectiveFrom day.Date
	PublishedOn   day.Date
	Precision     day.Precision
	RecordedAt    time.Time // when it was published here
}

// PartnerThen is a safeguarding partner of the day, under its name of that day.
type PartnerThen struct {
	Slug            string
	Name            string
	StatutoryKind   string
	Areas           []string
	StartsOn        day.Date
	EndsOn          day.Date
	IsDemonstration bool
	RecordedAt      time.Time  // when its time as partner was first entered
	Seats           []SeatThen `db:"-"`
}

// SeatThen is an office that could sign for a partner that day.
type SeatThen struct {
	Partner    int64
	Office     string
	Capacity   string // "lead" or "delegate"
	ActingFor  string // for a delegate: the office
	StartsOn   day.Date
	EndsOn     day.Date
	RecordedAt time.Time
}

// AgencyThen is a relevant agency of the day, under its name of that day.
type AgencyThen struct {
	Slug            string
	Name            string
	Basis           string
	Reason          string
	Groups          []string // of the Schedule, where the wording is confirmed
	StartsOn        day.Date
	EndsOn          day.Date
	IsDemonstration bool
	RecordedAt      time.Time
	Key             string // place in the list, to ask for what follows
}

// InForce lists the version of each set of arrangements that was in force.
func (p *Public) InForce(ctx context.Context, m Moment) ([]VersionThen, error) {
	rows, _ := p.db.Query(ctx, `
		SELECT DISTINCT ON (d.title, d.slug) d.title AS document, d.slug, v.number, v.title, v.label, v.effective_from, v.published_on,
		       v.published_precision AS precision, v.published_at AS recorded_at
		FROM published.document d JOIN published.version v ON v.document_id = d.id
		WHERE d.kind = 'arrangements' AND v.effective_from <= @on::date AND v.published_at < @known
		  AND (v.withdrawn_at IS NULL OR v.withdrawn_at >= @known)
		ORDER BY d.title, d.slug, v.effective_from DESC`, m.args())
	return collect[VersionThen](rows, "the versions in force")
}

// nameThen gives the name of organisation o on the day, as known; before the first known name the first one, after the
// last one the last.
const nameThen = `
	(SELECT n.name FROM published.known_organisation_name n
	 WHERE n.organisation_id = o.id AND n.known_from < @known AND n.known_until >= @known
	 ORDER BY (n.during @> @on::date) DESC, (coalesce(n.starts_on, '-infinity') <= @on::date) DESC,
	          CASE WHEN coalesce(n.starts_on, '-infinity') <= @on::date THEN n.starts_on END DESC NULLS LAST, n.starts_on ASC NULLS FIRST
	 LIMIT 1)`

// Partners lists the safeguarding partners of the day with the offices that could sign for them.
func (p *Public) Partners(ctx context.Context, m Moment) ([]PartnerThen, error) {
	type row struct {
		PartnerThen
		ID int64
	}
	rows, _ := p.db.Query(ctx, `
		SELECT s.id, o.slug, coalesce(`+nameThen+`, o.slug) AS name, s.statutory_kind, s.starts_on, s.ends_on, o.is_demonstration, s.recorded_at,
		       ARRAY(SELECT a.name FROM published.known_partner_area pa JOIN published.known_area a ON a.id = pa.area_id
		             WHERE pa.partner_id = s.id AND pa.during @> @on::date AND pa.known_from < @known AND pa.known_until >= @known
		               AND a.known_from < @known AND a.known_until >= @known
		               AND a.starts_on <= @on::date AND coalesce(a.ends_on, 'infinity') >= @on::date ORDER BY a.name) AS areas
		FROM published.known_safeguarding_partner s
		JOIN published.known_organisation o ON o.id = s.organisation_id AND o.known_from < @known AND o.known_until >= @known
		WHERE s.during @> @on::date AND s.known_from < @known AND s.known_until >= @known
		ORDER BY array_position(ARRAY['local authority', 'police', 'health'], s.statutory_kind), name, o.slug`, m.args())
	found, err := collect[row](rows, "the partners")
	if err != nil {
		return nil, err
	}
	rows, _ = p.db.Query(ctx, `
		SELECT l.partner_id AS partner, l.office, l.capacity, l.acting_for, l.starts_on, l.ends_on, l.recorded_at
		FROM published.known_lead_office l
		WHERE l.during @> @on::date AND l.known_from < @known AND l.known_until >= @known
		  AND (l.delegated_under IS NULL OR EXISTS (SELECT FROM published.known_lead_office x
		       WHERE x.id = l.delegated_under AND x.during @> @on::date AND x.known_from < @known AND x.known_until >= @known))
		ORDER BY l.capacity DESC, l.starts_on, l.office`, m.args())
	seats, err := collect[SeatThen](rows, "the seats")
	if err != nil {
		return nil, err
	}
	partners := make([]PartnerThen, len(found))
	for i, f := range found {
		partners[i] = f.PartnerThen
		for _, s := range seats {
			if s.Partner == f.ID {
				partners[i].Seats = append(partners[i].Seats, s)
			}
		}
	}
	return partners, nil
}

// Agencies lists the relevant agencies of the day from A to Z: at most limit of them after a key, or all without one.
func (p *Public) Agencies(ctx context.Context, m Moment, after string, limit int) ([]AgencyThen, error) {
	args := m.args()
	page := ""
	if after != "" {
		args["after"] = after
		page = " WHERE key > @after"
	}
	if limit > 0 {
		args["limit"] = limit
		page += " ORDER BY key LIMIT @limit"
	} else {
		page += " ORDER BY key"
	}
	rows, _ := p.db.Query(ctx, `
		WITH named AS (
			SELECT o.slug, o.is_demonstration, g.id, g.basis, g.reason, g.starts_on, g.ends_on, g.is_demonstration AS term_demonstration, g.recorded_at,
			       coalesce(d.name, `+nameThen+`, o.slug) AS name
			FROM published.known_agency g JOIN published.known_organisation o ON o.id = g.organisation_id AND o.known_from < @known AND o.known_until >= @known
			LEFT JOIN published.known_organisation_name d ON d.organisation_id = o.id AND d.during @> @on::date
			      AND d.known_from < @known AND d.known_until >= @known
			WHERE g.during @> @on::date AND g.known_from < @known AND g.known_until >= @known),
		keyed AS (SELECT slug, name, id, basis, reason, starts_on, ends_on, is_demonstration, term_demonstration, recorded_at,
			lower(name) || chr(1) || slug AS key FROM named)
		SELECT slug, name, basis, reason, starts_on, ends_on, is_demonstration OR term_demonstration AS is_demonstration, recorded_at, key,
		       ARRAY(SELECT DISTINCT c.group_name FROM published.known_agency_category x JOIN published.schedule_group c USING (paragraph)
		             WHERE x.agency_id = listed.id AND x.known_from < @known AND x.known_until >= @known ORDER BY c.group_name) AS groups
		FROM (SELECT slug, name, id, basis, reason, starts_on, ends_on, is_demonstration, term_demonstration, recorded_at, key
		      FROM keyed`+page+`) listed ORDER BY key`, args)
	return collect[AgencyThen](rows, "the agencies")
}

// CountAgencies says how many relevant agencies the day had.
func (p *Public) CountAgencies(ctx context.Context, m Moment) (int, error) {
	rows, _ := p.db.Query(ctx, `
		SELECT count(*) FROM published.known_agency g
		WHERE g.during @> @on::date AND g.known_from < @known AND g.known_until >= @known`, m.args())
	n, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[int])
	if err != nil {
		return 0, fmt.Errorf("count the agencies of a day: %w", err)
	}
	return n, nil
}

// FirstKnown is the day on which the first organisation was entered; none while nothing was.
func (p *Public) FirstKnown(ctx context.Context) (day.Date, error) {
	rows, _ := p.db.Query(ctx, `SELECT min((recorded_at AT TIME ZONE 'Europe/London')::date) FROM published.known_organisation`)
	first, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[day.Date])
	if err != nil {
		return day.Date{}, fmt.Errorf("read the day of the first entry: %w", err)
	}
	return first, nil
}

func collect[T any](rows pgx.Rows, what string) ([]T, error) {
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[T])
	if err != nil {
		return nil, fmt.Errorf("read %s of a day: %w", what, err)
	}
	return list, nil
}
