package membership

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/pg"
)

// A list goes through the names of the day in the order of their index and stops after a page. Only where some agency
// has no name on that day, which is rare, the nearest name of each such body is added; then the whole list is sorted.
func namesOfDay(names, agencies string, gaps bool) string {
	if !gaps {
		return names + ` n`
	}
	return `(SELECT n.organisation_id, n.name, n.during FROM ` + names + ` n WHERE n.during @> @on::date
		UNION ALL
		SELECT g.organisation_id, f.name, daterange(@on::date, @on::date, '[]') FROM (SELECT DISTINCT x.organisation_id FROM ` + agencies + ` x) g
		CROSS JOIN LATERAL (SELECT m.name FROM ` + names + ` m WHERE m.organisation_id = g.organisation_id
			ORDER BY (coalesce(m.starts_on, '-infinity') <= @on::date) DESC,
			         CASE WHEN coalesce(m.starts_on, '-infinity') <= @on::date THEN m.starts_on END DESC NULLS LAST, m.starts_on ASC NULLS FIRST LIMIT 1) f
		WHERE NOT EXISTS (SELECT FROM ` + names + ` n WHERE n.organisation_id = g.organisation_id AND n.during @> @on::date)) n`
}

// Names and agencies as the public and as the desk see them.
const (
	publicNames    = `published.organisation_name`
	publicAgencies = `published.agency`
	deskNames      = `(SELECT organisation_id, name, starts_on, during FROM organisation_name WHERE retracted_at IS NULL)`
	deskAgencies   = `(SELECT organisation_id FROM agency_membership WHERE retracted_at IS NULL)`
)

func publicAgencyFrom(gaps bool) string {
	return ` FROM ` + namesOfDay(publicNames, publicAgencies, gaps) + `
	JOIN published.agency g ON g.organisation_id = n.organisation_id AND g.during @> @on::date
	JOIN published.organisation o ON o.id = n.organisation_id
	WHERE n.during @> @on::date`
}

// containing makes the pattern that finds a text as it is.
func containing(text string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
}

// clauses are the filter in SQL, as far as it does not need the name of the day.
func (f AgencyFilter) clauses(args pgx.StrictNamedArgs) string {
	var b strings.Builder
	if f.Text != "" {
		args["text"] = containing(f.Text)
		b.WriteString(` AND g.organisation_id IN (SELECT x.organisation_id FROM published.organisation_name x WHERE x.name ILIKE @text)`)
	}
	if f.Group != "" {
		args["group"] = f.Group
		b.WriteString(` AND EXISTS (SELECT FROM published.agency_in_category x WHERE x.agency_id = g.id
			AND x.paragraph = ANY (ARRAY(SELECT c.paragraph FROM published.agency_category c WHERE c.group_name = @group)))`)
	}
	return b.String()
}

// letter is the clause for how the name of the day begins.
func (f AgencyFilter) letter(args pgx.StrictNamedArgs) string {
	if f.Letter == "" {
		return ""
	}
	args["letter"] = f.Letter
	return ` AND lower(n.name) >= @letter AND left(lower(n.name), 1) = @letter` // the first lets the index begin there
}

// keyset adds the clause for a page and gives the order of its rows, inside and outside of it.
func keyset(b *strings.Builder, args pgx.StrictNamedArgs, after, before AgencyKey) (order, outer string) {
	switch {
	case !before.IsZero():
		args["key"], args["key_id"] = before.Name, before.Organisation
		b.WriteString(` AND (lower(n.name), n.organisation_id) < (@key, @key_id::bigint)`)
		return ` ORDER BY lower(n.name) DESC, n.organisation_id DESC`, ` ORDER BY sort DESC, organisation DESC`
	case !after.IsZero():
		args["key"], args["key_id"] = after.Name, after.Organisation
		b.WriteString(` AND (lower(n.name), n.organisation_id) > (@key, @key_id::bigint)`)
	}
	return ` ORDER BY lower(n.name), n.organisation_id`, ` ORDER BY sort, organisation`
}

// selectPublicAgencies reads the agencies of a page by name; with no limit all of them. Gaps tells that some of them have
// no name on the day.
func selectPublicAgencies(ctx context.Context, db pg.DB, f AgencyFilter, limit int, gaps bool) ([]PublicAgency, error) {
	sql, args := publicAgenciesSQL(f, limit, gaps)
	rows, _ := db.Query(ctx, sql, args)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[PublicAgency])
	if err != nil {
		return nil, fmt.Errorf("read the published agencies: %w", err)
	}
	if !f.Before.IsZero() {
		slices.Reverse(list)
	}
	for i, a := range list {
		list[i].Key = AgencyKey{a.Sort, a.Organisation}
	}
	return list, nil
}

func publicAgenciesSQL(f AgencyFilter, limit int, gaps bool) (string, pgx.StrictNamedArgs) {
	args := pgx.StrictNamedArgs{"on": f.On}
	var b strings.Builder
	b.WriteString(`SELECT n.organisation_id AS organisation, g.id AS agency, o.slug, n.name, lower(n.name) AS sort, g.basis, g.reason, g.starts_on, g.ends_on,
		g.is_demonstration OR o.is_demonstration AS is_demonstration` + publicAgencyFrom(gaps))
	b.WriteString(f.clauses(args) + f.letter(args))
	order, outer := keyset(&b, args, f.After, f.Before)
	b.WriteString(order)
	if limit > 0 {
		args["limit"] = limit
		b.WriteString(` LIMIT @limit`)
	}
	page := b.String()
	return `SELECT a.*, ARRAY(SELECT DISTINCT c.group_name FROM published.agency_in_category x JOIN published.agency_category c USING (paragraph)
		WHERE x.agency_id = a.agency ORDER BY 1) AS groups,
		ARRAY(SELECT c.category FROM published.agency_in_category x JOIN published.agency_category c USING (paragraph)
		WHERE x.agency_id = a.agency ORDER BY c.paragraph) AS categories
		FROM (` + page + `) a` + outer, args
}

// agencyCount is how many agencies a filter lets through, of how many, and whether some of them have no name on the day.
type agencyCount struct {
	all, total int
	gaps       bool
}

// countPublicAgencies counts those of the day, and of these those that the filter lets through.
func countPublicAgencies(ctx context.Context, db pg.DB, f AgencyFilter) (agencyCount, error) {
	var n agencyCount
	args := pgx.StrictNamedArgs{"on": f.On}
	err := db.QueryRow(ctx, `SELECT count(*), coalesce(bool_or(n.organisation_id IS NULL), false) FROM published.agency g
		LEFT JOIN published.organisation_name n ON n.organisation_id = g.organisation_id AND n.during @> @on::date
		WHERE g.during @> @on::date`+f.clauses(args), args).Scan(&n.total, &n.gaps)
	if err != nil {
		return agencyCount{}, fmt.Errorf("count the published agencies of a filter: %w", err)
	}
	n.all = n.total
	if !f.narrowed() {
		return n, nil
	}
	if f.Letter != "" {
		args := pgx.StrictNamedArgs{"on": f.On}
		if err := db.QueryRow(ctx, `SELECT count(*)`+publicAgencyFrom(n.gaps)+f.clauses(args)+f.letter(args), args).Scan(&n.total); err != nil {
			return agencyCount{}, fmt.Errorf("count the published agencies of a letter: %w", err)
		}
	}
	err = db.QueryRow(ctx, `SELECT count(*) FROM published.agency g WHERE g.during @> @on::date`, pgx.StrictNamedArgs{"on": f.On}).Scan(&n.all)
	if err != nil {
		return agencyCount{}, fmt.Errorf("count the published agencies: %w", err)
	}
	return n, nil
}

func selectAgencyGroups(ctx context.Context, db pg.DB, on day.Date) ([]AgencyGroup, error) {
	rows, _ := db.Query(ctx, `
		SELECT coalesce(c.group_name, '') AS name, count(DISTINCT g.id) AS agencies FROM published.agency g
		LEFT JOIN published.agency_in_category x ON x.agency_id = g.id LEFT JOIN published.agency_category c USING (paragraph)
		WHERE g.during @> @on::date GROUP BY c.group_name ORDER BY c.group_name NULLS LAST`, pgx.StrictNamedArgs{"on": on})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[AgencyGroup])
	if err != nil {
		return nil, fmt.Errorf("count the agencies of each group: %w", err)
	}
	return list, nil
}

// namedLive are the names of an agency in versions that count: published and not withdrawn, or still in work.
const namedLive = `version_agency va JOIN version v ON v.id = va.version_id
	WHERE va.organisation_id = m.organisation_id AND va.removed_at IS NULL AND v.withdrawn_at IS NULL AND v.discarded_at IS NULL`

// agencyStateClauses say in SQL where a term stands. Of a body that is an agency again, or still, only that term counts.
var agencyStateClauses = map[AgencyState]string{
	AgencyCurrent: ` AND m.during @> @today::date`,
	AgencyEnded: ` AND m.ends_on < @today::date AND NOT EXISTS (SELECT FROM agency_membership l
		WHERE l.organisation_id = m.organisation_id AND l.retracted_at IS NULL AND l.starts_on > m.starts_on)`,
	AgencyComing: ` AND m.starts_on > @today::date AND NOT EXISTS (SELECT FROM agency_membership l
		WHERE l.organisation_id = m.organisation_id AND l.retracted_at IS NULL AND l.starts_on < m.starts_on AND coalesce(l.ends_on, 'infinity') >= @today::date)`,
}

var agencyGapClauses = map[AgencyGap]string{
	NoCategory: ` AND m.basis <> 'invitee' AND NOT EXISTS (SELECT FROM agency_membership_category mc WHERE mc.membership_id = m.id AND mc.retracted_at IS NULL)`,
	NoReader: ` AND NOT EXISTS (SELECT FROM agency_reader r WHERE r.organisation_id = m.organisation_id AND r.retracted_at IS NULL
		AND r.during @> @today::date)`,
	NoVersion: ` AND NOT EXISTS (SELECT FROM ` + namedLive + `)`,
}

// clauses are the filter in SQL.
func (f DeskAgencyFilter) clauses(args pgx.StrictNamedArgs, today day.Date) string {
	args["today"] = today
	state := f.State
	if state == "" {
		state = AgencyCurrent
	}
	var b strings.Builder
	b.WriteString(`m.retracted_at IS NULL` + agencyStateClauses[state] + agencyGapClauses[f.Gap])
	if f.Text != "" {
		args["text"] = containing(f.Text)
		b.WriteString(` AND m.organisation_id IN (SELECT x.organisation_id FROM organisation_name x WHERE x.name ILIKE @text AND x.retracted_at IS NULL)`)
	}
	if f.Category != 0 {
		args["category"] = f.Category
		b.WriteString(` AND m.id IN (SELECT x.membership_id FROM agency_membership_category x WHERE x.paragraph = @category AND x.retracted_at IS NULL)`)
	}
	if f.Basis != "" {
		args["basis"] = string(f.Basis)
		b.WriteString(` AND m.basis = @basis`)
	}
	return b.String()
}

func countDeskAgencies(ctx context.Context, db pg.DB, f DeskAgencyFilter, today day.Date) (agencyCount, error) {
	args := pgx.StrictNamedArgs{}
	where := f.clauses(args, today)
	var n agencyCount
	err := db.QueryRow(ctx, `SELECT count(*), coalesce(bool_or(n.organisation_id IS NULL), false) FROM agency_membership m
		LEFT JOIN organisation_name n ON n.organisation_id = m.organisation_id AND n.during @> @today::date AND n.retracted_at IS NULL
		WHERE `+where, args).Scan(&n.total, &n.gaps)
	if err != nil {
		return agencyCount{}, fmt.Errorf("count the agencies: %w", err)
	}
	return n, nil
}

func deskAgenciesSQL(f DeskAgencyFilter, today day.Date, limit int, gaps bool) (string, pgx.StrictNamedArgs) {
	args := pgx.StrictNamedArgs{"on": today}
	var b strings.Builder
	b.WriteString(`SELECT n.organisation_id AS organisation, m.id AS agency, lower(n.name) AS sort, o.slug, n.name, m.basis, m.reason, m.starts_on, m.ends_on,
		m.is_demonstration OR o.is_demonstration AS is_demonstration
		FROM ` + namesOfDay(deskNames, deskAgencies, gaps) + ` JOIN agency_membership m ON m.organisation_id = n.organisation_id JOIN organisation o ON o.id = n.organisation_id
		WHERE n.during @> @on::date
		AND ` + f.clauses(args, today))
	order, outer := keyset(&b, args, f.After, f.Before)
	b.WriteString(order)
	if limit > 0 {
		args["limit"] = limit
		b.WriteString(` LIMIT @limit`)
	}
	page := b.String()
	return `SELECT m.*,
		ARRAY(SELECT c.paragraph || '. ' || c.category FROM agency_membership_category mc JOIN agency_category c USING (paragraph)
		      WHERE mc.membership_id = m.agency AND mc.retracted_at IS NULL ORDER BY c.paragraph) AS categories,
		(SELECT count(*) FROM agency_reader r WHERE r.organisation_id = m.organisation AND r.retracted_at IS NULL AND r.during @> @today::date) AS readers,
		(SELECT count(*) FROM ` + strings.ReplaceAll(namedLive, "m.organisation_id", "m.organisation") + `) AS versions
		FROM (` + page + `) m` + outer, args
}

func selectDeskAgencies(ctx context.Context, db pg.DB, f DeskAgencyFilter, today day.Date, limit int, gaps bool) ([]DeskAgency, error) {
	sql, args := deskAgenciesSQL(f, today, limit, gaps)
	rows, _ := db.Query(ctx, sql, args)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[DeskAgency])
	if err != nil {
		return nil, fmt.Errorf("read the agencies: %w", err)
	}
	if !f.Before.IsZero() {
		slices.Reverse(list)
	}
	for i, a := range list {
		list[i].Key = AgencyKey{a.Sort, a.Organisation}
	}
	return list, nil
}
