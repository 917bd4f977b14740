package arrangement

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// AgenciesShown is how many agencies a page shows.
const AgenciesShown = 100

// NamedAgency is a relevant agency that a draft names.
type NamedAgency struct {
	ID           int64 // of its being named
	Organisation id.Organisation
	Slug         string
	Name         string // on the first day in force, or today while that is not set
	Basis        string
	Reason       string
	Current      bool // it is a relevant agency on that day
}

// AgencyQuery asks for a page of agencies by name.
type AgencyQuery struct {
	Text  string // part of the name of the day
	Group string // of the Schedule
	After string // name after which the page begins
}

// NamedAgencies is a page of the agencies that a draft names, with what is missing.
type NamedAgencies struct {
	Draft    Draft
	Agencies []NamedAgency
	Matching int    // that the query lets through, on all pages
	Named    int    // in all
	Unnamed  int    // relevant agencies of the day that are not named
	Former   int    // named ones that are none on the day
	Next     string // name after which the next page begins; empty on the last
}

// AgencyChoice is a relevant agency of the day that the draft does not name yet.
type AgencyChoice struct {
	Organisation id.Organisation
	Slug         string
	Name         string
	Basis        string
	Reason       string
}

// AgencyChoices is a page of them.
type AgencyChoices struct {
	Draft    Draft
	Agencies []AgencyChoice
	Matching int
	Groups   []string // of the Schedule, for the choice
	Next     string
}

// NamedAgencies reads a page of the agencies that a version names. Faults: NotFound.
func (s *Service) NamedAgencies(ctx context.Context, by authz.Actor, ref Ref, q AgencyQuery) (NamedAgencies, error) {
	d, err := selectDraft(ctx, s.db, by, ref)
	if err != nil {
		return NamedAgencies{}, err
	}
	n := NamedAgencies{Draft: d}
	if n.Named, n.Unnamed, n.Former, err = countAgencies(ctx, s.db, d); err != nil {
		return NamedAgencies{}, err
	}
	n.Agencies, n.Matching, err = selectNamedAgencies(ctx, s.db, d, q, AgenciesShown)
	if err == nil && len(n.Agencies) > AgenciesShown {
		n.Agencies = n.Agencies[:AgenciesShown]
		n.Next = n.Agencies[AgenciesShown-1].key()
	}
	return n, err
}

// AgencyChoices reads a page of the agencies of the day that a draft does not name yet. Faults: NotFound, Forbidden, Conflict (frozen).
func (s *Service) AgencyChoices(ctx context.Context, by authz.Actor, ref Ref, q AgencyQuery) (AgencyChoices, error) {
	d, err := selectDraft(ctx, s.db, by, ref)
	if err != nil {
		return AgencyChoices{}, err
	}
	if err := d.CanEdit(by); err != nil {
		return AgencyChoices{}, err
	}
	c := AgencyChoices{Draft: d}
	if c.Groups, err = selectGroups(ctx, s.db); err != nil {
		return AgencyChoices{}, err
	}
	c.Agencies, c.Matching, err = selectAgencyChoices(ctx, s.db, d, q, AgenciesShown)
	if err == nil && len(c.Agencies) > AgenciesShown {
		c.Agencies = c.Agencies[:AgenciesShown]
		c.Next = strings.ToLower(c.Agencies[AgenciesShown-1].Name)
	}
	return c, err
}

func (a NamedAgency) key() string { return strings.ToLower(a.Name) }

// NameAgencies names relevant agencies of the day in a draft; basis and reason are those of their time as agency. Whoever
// is named already stays as they are. Faults: NotFound, Forbidden, Conflict (frozen), Invalid (none chosen, or no agency).
func (s *Service) NameAgencies(ctx context.Context, by authz.Actor, ref Ref, chosen []id.Organisation) (named int, err error) {
	err = s.edit(ctx, by, ref, "version.agencies-named", func(tx pgx.Tx, d Draft, _ *audit.Event) error {
		if len(chosen) == 0 {
			return fault.Field("agencies", "Choose at least one agency")
		}
		named, err = insertNamed(ctx, tx, d, ` AND m.organisation_id = ANY (@chosen::bigint[])`, pgx.StrictNamedArgs{"chosen": chosen})
		return err
	})
	return named, err
}

// NameAllAgencies names every relevant agency of the day that a draft does not name yet. Faults: NotFound, Forbidden,
// Conflict (frozen).
func (s *Service) NameAllAgencies(ctx context.Context, by authz.Actor, ref Ref) (named int, err error) {
	err = s.edit(ctx, by, ref, "version.agencies-named", func(tx pgx.Tx, d Draft, event *audit.Event) error {
		if named, err = insertNamed(ctx, tx, d, "", nil); err == nil && named == 0 {
			event.Action = ""
		}
		return err
	})
	return named, err
}

// Agency reads one agency that a draft names. Faults: NotFound, Forbidden, Conflict (frozen).
func (s *Service) Agency(ctx context.Context, by authz.Actor, ref Ref, which int64) (Draft, NamedAgency, error) {
	d, err := selectDraft(ctx, s.db, by, ref)
	if err != nil {
		return Draft{}, NamedAgency{}, err
	}
	if err := d.CanEdit(by); err != nil {
		return Draft{}, NamedAgency{}, err
	}
	a, err := selectNamedAgency(ctx, s.db, d, which)
	return d, a, err
}

// SaveAgencyReason puts better why an agency is named. Faults: NotFound, Forbidden, Conflict (frozen), Invalid.
func (s *Service) SaveAgencyReason(ctx context.Context, by authz.Actor, ref Ref, which int64, reason string) error {
	return s.onAgency(ctx, by, ref, which, "version.agency-changed", `reason = @reason`, pgx.StrictNamedArgs{"reason": Clean(reason)})
}

// RemoveAgency takes an agency out of a draft. Faults: NotFound, Forbidden, Conflict (frozen).
func (s *Service) RemoveAgency(ctx context.Context, by authz.Actor, ref Ref, which int64) error {
	return s.onAgency(ctx, by, ref, which, "version.agency-removed", `removed_at = clock_timestamp()`, pgx.StrictNamedArgs{})
}

func (s *Service) onAgency(ctx context.Context, by authz.Actor, ref Ref, which int64, action, set string, args pgx.StrictNamedArgs) error {
	return s.edit(ctx, by, ref, action, func(tx pgx.Tx, d Draft, _ *audit.Event) error {
		if _, err := selectNamedAgency(ctx, tx, d, which); err != nil {
			return err
		}
		args["id"] = which
		if _, err := tx.Exec(ctx, `UPDATE version_agency SET `+set+` WHERE id = @id`, args); err != nil {
			return fmt.Errorf("change an agency of %s: %w", ref, translate(err))
		}
		return nil
	})
}

// agencyDay is the day whose agencies and names a draft takes: its first in force, or today while that is not set.
const agencyDay = `coalesce(@day::date, london_day(clock_timestamp()))`

// namedFrom reads the agencies that a version names, with their names of the day.
const namedFrom = `
	FROM version_agency va JOIN organisation o ON o.id = va.organisation_id
	CROSS JOIN LATERAL (SELECT organisation_name_on(o.id, ` + agencyDay + `) AS name) n
	WHERE va.version_id = @version AND va.removed_at IS NULL`

const namedColumns = `SELECT va.id, va.organisation_id AS organisation, o.slug, n.name, va.basis, va.reason,
	EXISTS (SELECT FROM agency_membership m WHERE m.organisation_id = va.organisation_id AND m.retracted_at IS NULL AND m.during @> ` + agencyDay + `) AS current`

// unnamedFrom reads the relevant agencies of the day that a version does not name.
const unnamedFrom = `
	FROM agency_membership m JOIN organisation o ON o.id = m.organisation_id
	CROSS JOIN LATERAL (SELECT organisation_name_on(o.id, ` + agencyDay + `) AS name) n
	WHERE m.retracted_at IS NULL AND m.during @> ` + agencyDay + ` AND NOT EXISTS (
		SELECT FROM version_agency va WHERE va.version_id = @version AND va.organisation_id = m.organisation_id AND va.removed_at IS NULL)`

func (d Draft) agencyArgs() pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{"version": int64(d.ID), "day": d.EffectiveFrom}
}

// clauses are the query in SQL, but for the page.
func (q AgencyQuery) clauses(args pgx.StrictNamedArgs, of string) string {
	var b strings.Builder
	if q.Text != "" {
		args["text"] = strings.ToLower(q.Text)
		b.WriteString(` AND strpos(lower(n.name), @text) > 0`)
	}
	if q.Group != "" {
		args["group"] = q.Group
		b.WriteString(` AND EXISTS (SELECT FROM agency_membership x JOIN agency_membership_category mc ON mc.membership_id = x.id JOIN agency_category c USING (paragraph)
			WHERE x.organisation_id = ` + of + ` AND x.retracted_at IS NULL AND mc.retracted_at IS NULL AND c.group_name = @group)`)
	}
	return b.String()
}

func (q AgencyQuery) page(args pgx.StrictNamedArgs, limit int) string {
	args["limit"] = limit + 1
	after := ""
	if q.After != "" {
		args["after"] = q.After
		after = ` AND lower(n.name) > @after`
	}
	return after + ` ORDER BY lower(n.name), o.id LIMIT @limit`
}

func selectNamedAgencies(ctx context.Context, db pg.DB, d Draft, q AgencyQuery, limit int) (list []NamedAgency, matching int, err error) {
	args := d.agencyArgs()
	where := namedFrom + q.clauses(args, "va.organisation_id")
	if err := db.QueryRow(ctx, `SELECT count(*)`+where, args).Scan(&matching); err != nil {
		return nil, 0, fmt.Errorf("count the agencies named in %s: %w", d.Ref, err)
	}
	rows, _ := db.Query(ctx, namedColumns+where+q.page(args, limit), args)
	if list, err = pgx.CollectRows(rows, pgx.RowToStructByName[NamedAgency]); err != nil {
		return nil, 0, fmt.Errorf("read the agencies named in %s: %w", d.Ref, err)
	}
	return list, matching, nil
}

func selectAgencyChoices(ctx context.Context, db pg.DB, d Draft, q AgencyQuery, limit int) (list []AgencyChoice, matching int, err error) {
	args := d.agencyArgs()
	where := unnamedFrom + q.clauses(args, "m.organisation_id")
	if err := db.QueryRow(ctx, `SELECT count(*)`+where, args).Scan(&matching); err != nil {
		return nil, 0, fmt.Errorf("count the agencies that %s does not name: %w", d.Ref, err)
	}
	rows, _ := db.Query(ctx, `SELECT m.organisation_id AS organisation, o.slug, n.name, m.basis, m.reason`+where+q.page(args, limit), args)
	if list, err = pgx.CollectRows(rows, pgx.RowToStructByName[AgencyChoice]); err != nil {
		return nil, 0, fmt.Errorf("read the agencies that %s does not name: %w", d.Ref, err)
	}
	return list, matching, nil
}

func selectNamedAgency(ctx context.Context, db pg.DB, d Draft, which int64) (NamedAgency, error) {
	args := d.agencyArgs()
	args["id"] = which
	rows, _ := db.Query(ctx, namedColumns+namedFrom+` AND va.id = @id`, args)
	a, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[NamedAgency])
	if err != nil {
		return NamedAgency{}, fmt.Errorf("read an agency named in %s: %w", d.Ref, noRows(err, "The version does not name this agency. Somebody may have taken it out."))
	}
	return a, nil
}

// frozenAgencies are the agencies that a draft names, as they stand in its frozen content.
func frozenAgencies(ctx context.Context, db pg.DB, d Draft) ([]Named, error) {
	rows, _ := db.Query(ctx, `SELECT o.slug, n.name, va.basis, va.reason, '{}'::integer[] AS sections`+namedFrom+` ORDER BY lower(n.name), o.slug`, d.agencyArgs())
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[Named])
	if err != nil {
		return nil, fmt.Errorf("read the agencies to freeze in %s: %w", d.Ref, err)
	}
	for i := range list {
		list[i].Sections = orEmpty(list[i].Sections)
	}
	return list, nil
}

func countAgencies(ctx context.Context, db pg.DB, d Draft) (named, unnamed, former int, err error) {
	err = db.QueryRow(ctx, `
		SELECT count(va.id), count(m.id) FILTER (WHERE va.id IS NULL), count(va.id) FILTER (WHERE m.id IS NULL)
		FROM (SELECT id, organisation_id FROM version_agency WHERE version_id = @version AND removed_at IS NULL) va
		FULL JOIN (SELECT id, organisation_id FROM agency_membership WHERE retracted_at IS NULL AND during @> `+agencyDay+`) m USING (organisation_id)`,
		d.agencyArgs()).Scan(&named, &unnamed, &former)
	if err != nil {
		return 0, 0, 0, fmt.Errorf("count the agencies of %s: %w", d.Ref, err)
	}
	return named, unnamed, former, nil
}

func insertNamed(ctx context.Context, tx pgx.Tx, d Draft, and string, more pgx.StrictNamedArgs) (int, error) {
	args := d.agencyArgs()
	for name, value := range more {
		args[name] = value
	}
	done, err := tx.Exec(ctx, `INSERT INTO version_agency (version_id, organisation_id, basis, reason) SELECT @version, m.organisation_id, m.basis, m.reason`+unnamedFrom+and, args)
	if err != nil {
		return 0, fmt.Errorf("name agencies in %s: %w", d.Ref, translate(err))
	}
	return int(done.RowsAffected()), nil
}

// copyAgencies names in a new version those that an earlier one names, as far as they are still agencies on record.
func copyAgencies(ctx context.Context, tx pgx.Tx, from, to id.Version) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO version_agency (version_id, organisation_id, basis, reason)
		SELECT @to, va.organisation_id, va.basis, va.reason FROM version_agency va WHERE va.version_id = @from AND va.removed_at IS NULL
		  AND EXISTS (SELECT FROM agency_membership m WHERE m.organisation_id = va.organisation_id AND m.retracted_at IS NULL)`,
		pgx.StrictNamedArgs{"from": int64(from), "to": int64(to)})
	if err != nil {
		return fmt.Errorf("copy the agencies of version %d: %w", from, translate(err))
	}
	return nil
}

func selectGroups(ctx context.Context, db pg.DB) ([]string, error) {
	rows, _ := db.Query(ctx, `SELECT DISTINCT group_name FROM agency_category ORDER BY 1`)
	return pgx.CollectRows(rows, pgx.RowTo[string])
}
