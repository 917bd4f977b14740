package membership

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// selectSuccessions reads all successions, or one.
func selectSuccessions(ctx context.Context, db pg.DB, which id.Succession) ([]SuccessionRecord, error) {
	rows, _ := db.Query(ctx, `
		SELECT s.id, s.kind, s.takes_effect_on AS on, s.note,
		       coalesce((SELECT n.name FROM succession_change c JOIN organisation_name n ON n.id = c.name_id WHERE c.succession_id = s.id AND c.made), '') AS new_name,
		       s.outlasting, s.outlasting_until, coalesce(r.name, '') AS recorded_by, s.recorded_at,
		       coalesce(v.name, '') AS reversed_by, s.reversed_at, coalesce(s.reversed_reason, '') AS reversed_reason
		FROM succession s LEFT JOIN account r ON r.id = s.recorded_by LEFT JOIN account v ON v.id = s.reversed_by
		WHERE s.id = @which OR @which = 0 ORDER BY s.takes_effect_on DESC, s.id DESC`, pgx.StrictNamedArgs{"which": int64(which)})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[SuccessionRecord])
	if err != nil {
		return nil, fmt.Errorf("read the successions: %w", err)
	}
	rows, _ = db.Query(ctx, `
		SELECT b.succession_id AS of, o.id, o.slug, b.part,
		       coalesce(organisation_name_on(o.id, s.takes_effect_on - CASE b.part WHEN 'predecessor' THEN 1 ELSE 0 END), o.slug) AS name
		FROM succession_body b JOIN succession s ON s.id = b.succession_id JOIN organisation o ON o.id = b.organisation_id
		WHERE b.succession_id = @which OR @which = 0 ORDER BY name`, pgx.StrictNamedArgs{"which": int64(which)})
	type bodyRow struct {
		Of id.Succession
		SuccessionBody
	}
	bodies, err := pgx.CollectRows(rows, pgx.RowToStructByName[bodyRow])
	if err != nil {
		return nil, fmt.Errorf("read the bodies of the successions: %w", err)
	}
	for _, b := range bodies {
		i := slices.IndexFunc(list, func(r SuccessionRecord) bool { return r.ID == b.Of })
		list[i].Bodies = append(list[i].Bodies, b.SuccessionBody)
	}
	return list, nil
}

func selectSuccession(ctx context.Context, db pg.DB, which id.Succession) (SuccessionRecord, error) {
	if which == 0 {
		return SuccessionRecord{}, errNoSuccession
	}
	list, err := selectSuccessions(ctx, db, which)
	if err != nil {
		return SuccessionRecord{}, err
	}
	if len(list) == 0 {
		return SuccessionRecord{}, errNoSuccession
	}
	rows, _ := db.Query(ctx, `
		SELECT CASE WHEN c.organisation_id IS NOT NULL THEN 'organisation' WHEN c.name_id IS NOT NULL THEN 'name' WHEN c.partner_id IS NOT NULL THEN 'partner'
		            WHEN c.share_id IS NOT NULL THEN 'share' WHEN c.agency_id IS NOT NULL THEN 'agency' WHEN c.post_id IS NOT NULL THEN 'post' ELSE 'holder' END AS kind,
		       coalesce(c.organisation_id, c.name_id, c.partner_id, c.share_id, c.agency_id, c.post_id, c.holder_id) AS row,
		       c.made, c.was_ends_on, c.set_ends_on,
		       coalesce(organisation_name_on(coalesce(c.organisation_id, n.organisation_id, p.organisation_id, sp.organisation_id, m.organisation_id,
		           po.organisation_id, hp.organisation_id), s.takes_effect_on - CASE WHEN c.made THEN 0 ELSE 1 END), '') AS organisation,
		       coalesce(n.name, p.statutory_kind, ar.name, m.basis, po.title, hp.title || ': ' || h.name, '') AS detail
		FROM succession_change c JOIN succession s ON s.id = c.succession_id
		LEFT JOIN organisation_name n ON n.id = c.name_id LEFT JOIN safeguarding_partner p ON p.id = c.partner_id
		LEFT JOIN partner_area pa ON pa.id = c.share_id LEFT JOIN safeguarding_partner sp ON sp.id = pa.partner_id LEFT JOIN area ar ON ar.id = pa.area_id
		LEFT JOIN agency_membership m ON m.id = c.agency_id LEFT JOIN post po ON po.id = c.post_id
		LEFT JOIN post_holder h ON h.id = c.holder_id LEFT JOIN post hp ON hp.id = h.post_id
		WHERE c.succession_id = @which ORDER BY c.id`, pgx.StrictNamedArgs{"which": which})
	list[0].Changes, err = pgx.CollectRows(rows, pgx.RowToStructByName[SuccessionChange])
	if err != nil {
		return SuccessionRecord{}, fmt.Errorf("read what succession %d changed: %w", which, err)
	}
	return list[0], nil
}

func selectRoundsConcerned(ctx context.Context, tx pgx.Tx, which id.Succession) ([]RoundConcerned, error) {
	rows, _ := tx.Query(ctx, `
		SELECT r.id AS round, x.name AS paper, organisation_name_on(p.organisation_id, r.seats_on) AS organisation,
		       EXISTS (SELECT FROM act a WHERE a.seat_id = st.id) AS has_acted
		FROM succession_change c JOIN safeguarding_partner p ON p.id = c.partner_id AND NOT c.made
		JOIN seat st ON st.partner_id = p.id JOIN round r ON r.id = st.round_id AND r.outcome = 'open' AND r.origin = 'portal'
		JOIN paper x ON x.kind = r.paper_kind AND x.id = r.paper_id
		WHERE c.succession_id = @which ORDER BY r.id, organisation`, pgx.StrictNamedArgs{"which": which})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[RoundConcerned])
	if err != nil {
		return nil, fmt.Errorf("read the rounds that succession %d concerns: %w", which, err)
	}
	return list, nil
}

// selectBodiesCalled finds organisations by the address of their page or by a name that they have or had.
func selectBodiesCalled(ctx context.Context, db pg.DB, words []string) ([]BodyCalled, error) {
	rows, _ := db.Query(ctx, `
		SELECT w.words, o.slug, organisation_name_on(o.id, london_day(clock_timestamp())) AS name FROM unnest(@words::text[]) WITH ORDINALITY w (words, place)
		JOIN organisation o ON o.retracted_at IS NULL AND (o.slug = w.words OR EXISTS (SELECT FROM organisation_name n
		     WHERE n.organisation_id = o.id AND n.retracted_at IS NULL AND lower(n.name) = lower(w.words)))
		ORDER BY w.place, o.slug`, pgx.StrictNamedArgs{"words": words})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[BodyCalled])
	if err != nil {
		return nil, fmt.Errorf("find organisations by name: %w", err)
	}
	return list, nil
}

// lockBodiesCalled locks organisations, always in the same order, and gives their identifiers.
func lockBodiesCalled(ctx context.Context, tx pgx.Tx, slugs []string) ([]id.Organisation, error) {
	rows, _ := tx.Query(ctx, `SELECT id FROM organisation WHERE slug = ANY (@slugs) AND retracted_at IS NULL ORDER BY id FOR UPDATE`,
		pgx.StrictNamedArgs{"slugs": slugs})
	found, err := pgx.CollectRows(rows, pgx.RowTo[id.Organisation])
	if err != nil {
		return nil, fmt.Errorf("lock organisations: %w", err)
	}
	wanted := slices.Compact(slices.Sorted(slices.Values(slugs)))
	if len(found) != len(wanted) {
		return nil, errNoOrganisation
	}
	return found, nil
}

func lockBodiesOf(ctx context.Context, tx pgx.Tx, which id.Succession) error {
	_, err := tx.Exec(ctx, `
		SELECT FROM organisation o WHERE o.id IN (SELECT organisation_id FROM succession_body WHERE succession_id = @which) ORDER BY o.id FOR UPDATE`,
		pgx.StrictNamedArgs{"which": which})
	if err != nil {
		return fmt.Errorf("lock the bodies of succession %d: %w", which, err)
	}
	return nil
}

func insertSuccession(ctx context.Context, tx pgx.Tx, by authz.Actor, c SucceedCommand, before, after []id.Organisation) (id.Succession, error) {
	var made id.Succession
	err := tx.QueryRow(ctx, `
		INSERT INTO succession (kind, takes_effect_on, note, outlasting, outlasting_until, recorded_by)
		VALUES (@kind, @on, @note, @outlasting, @until, nullif(@by::bigint, 0)) RETURNING id`,
		pgx.StrictNamedArgs{"kind": string(c.Kind), "on": c.On, "note": c.Note, "outlasting": c.Outlasting, "until": c.OutlastingUntil, "by": int64(by.Account)}).Scan(&made)
	if err != nil {
		return 0, fmt.Errorf("insert a succession: %w", translate(err))
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO succession_body (succession_id, organisation_id, part)
		SELECT @which::bigint, o, 'predecessor' FROM unnest(@before::bigint[]) o UNION ALL SELECT @which, o, 'successor' FROM unnest(@after::bigint[]) o`,
		pgx.StrictNamedArgs{"which": made, "before": before, "after": after})
	if err != nil {
		return 0, fmt.Errorf("insert the bodies of a succession: %w", translate(err))
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO organisation_succession (succession_id, predecessor_id, successor_id, takes_over_on, note)
		SELECT @which::bigint, b, a, @on::date, @note FROM unnest(@before::bigint[]) b CROSS JOIN unnest(@after::bigint[]) a ORDER BY b, a`,
		pgx.StrictNamedArgs{"which": made, "before": before, "after": after, "on": c.On, "note": c.Note})
	if err != nil {
		return 0, fmt.Errorf("insert the links of a succession: %w", translate(err))
	}
	return made, nil
}

// changeColumns are where a change keeps the identifier of what it changed.
var changeColumns = map[ChangeKind]string{ChangedBody: "organisation_id", ChangedName: "name_id", ChangedPartner: "partner_id", ChangedShare: "share_id",
	ChangedAgency: "agency_id", ChangedPost: "post_id", ChangedHolder: "holder_id"}

func insertChangeMade(ctx context.Context, tx pgx.Tx, which id.Succession, kind ChangeKind, row int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO succession_change (succession_id, made, `+changeColumns[kind]+`) VALUES (@which, true, @row)`,
		pgx.StrictNamedArgs{"which": which, "row": row})
	if err != nil {
		return fmt.Errorf("keep what succession %d made: %w", which, err)
	}
	return nil
}

func insertNameMade(ctx context.Context, tx pgx.Tx, which id.Succession, of id.Organisation, name string, from day.Date) error {
	var made int64
	err := tx.QueryRow(ctx, `INSERT INTO organisation_name (organisation_id, name, starts_on) VALUES (@of, @name, @from) RETURNING id`,
		pgx.StrictNamedArgs{"of": of, "name": name, "from": from}).Scan(&made)
	if err != nil {
		return fmt.Errorf("insert a name of organisation %d: %w", of, translate(err))
	}
	return insertChangeMade(ctx, tx, which, ChangedName, made)
}

// ending is a table whose rows a succession ends.
type ending struct {
	kind  ChangeKind
	table string
	of    string // clause that finds the rows of the bodies @of
}

var (
	endBodies   = ending{ChangedBody, "organisation", "t.id = ANY (@of)"}
	endNames    = ending{ChangedName, "organisation_name", "t.organisation_id = ANY (@of)"}
	endPartners = ending{ChangedPartner, "safeguarding_partner", "t.organisation_id = ANY (@of)"}
	endAgencies = ending{ChangedAgency, "agency_membership", "t.organisation_id = ANY (@of)"}
	endPosts    = ending{ChangedPost, "post", "t.organisation_id = ANY (@of)"}
	endHolders  = ending{ChangedHolder, "post_holder", "t.post_id IN (SELECT p.id FROM post p WHERE p.organisation_id = ANY (@of) AND p.retracted_at IS NULL)"}
)

// endRows gives the rows of the bodies that reach to the day or over it the day before as their last, and keeps what
// they were. A body itself counts even if it began later: then the database refuses.
func endRows(ctx context.Context, tx pgx.Tx, which id.Succession, e ending, of []id.Organisation, on day.Date) error {
	begun := ` AND coalesce(t.starts_on, '-infinity') < @on::date`
	if e.kind == ChangedBody {
		begun = ""
	}
	_, err := tx.Exec(ctx, `
		WITH due AS (SELECT t.id, t.ends_on FROM `+e.table+` t WHERE `+e.of+` AND t.retracted_at IS NULL
		                 AND coalesce(t.ends_on, 'infinity') >= @on::date`+begun+` ORDER BY t.id FOR UPDATE),
		     ended AS (UPDATE `+e.table+` t SET ends_on = @on::date - 1 FROM due WHERE t.id = due.id)
		INSERT INTO succession_change (succession_id, `+changeColumns[e.kind]+`, made, was_ends_on, set_ends_on)
		SELECT @which::bigint, due.id, false, due.ends_on, @on::date - 1 FROM due`,
		pgx.StrictNamedArgs{"which": which, "of": of, "on": on})
	if err != nil {
		return fmt.Errorf("end the rows of %s for succession %d: %w", e.table, which, translate(err))
	}
	return nil
}

var errLaterTerm = fault.New(fault.Conflict,
	"A body has a time in the partnership that begins on or after that day. Retract that time first, or choose a later day.")

// refuseLater refuses where a body of the list begins a time in the partnership only on the day or later.
func refuseLater(ctx context.Context, tx pgx.Tx, table string, of []id.Organisation, on day.Date) error {
	var later bool
	err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM `+table+` WHERE organisation_id = ANY (@of) AND retracted_at IS NULL AND starts_on >= @on::date)`,
		pgx.StrictNamedArgs{"of": of, "on": on}).Scan(&later)
	if err != nil {
		return fmt.Errorf("look for later times: %w", err)
	}
	if later {
		return errLaterTerm
	}
	return nil
}

// checkNow has what is otherwise checked at the commit checked at once.
func checkNow(ctx context.Context, tx pgx.Tx) error {
	// Deferred again, since a caller may record another one in the same transaction.
	for _, when := range []string{"IMMEDIATE", "DEFERRED"} {
		if _, err := tx.Exec(ctx, `SET CONSTRAINTS succession_whole, succession_body_whole, organisation_succession_whole `+when); err != nil {
			return fmt.Errorf("check a succession: %w", translate(err))
		}
	}
	return nil
}

func lockSuccession(ctx context.Context, tx pgx.Tx, which id.Succession) error {
	var found id.Succession
	err := tx.QueryRow(ctx, `SELECT id FROM succession WHERE id = @which FOR UPDATE`, pgx.StrictNamedArgs{"which": which}).Scan(&found)
	if errors.Is(err, pgx.ErrNoRows) {
		return errNoSuccession
	}
	if err != nil {
		return fmt.Errorf("lock succession %d: %w", which, err)
	}
	return nil
}
