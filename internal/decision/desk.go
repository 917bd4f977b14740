package decision

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
)

// Standing is how far the public knows of a record.
type Standing struct {
	Published Stage // the stage that was published last; none if nothing was
	Changed   bool  // the record changed after that
}

// Standings tell of the records with these identifiers which are published, and which changed since. A record that is not
// in the answer was never published. Fault: Forbidden.
func (s *Service) Standings(ctx context.Context, by authz.Actor, list []id.Decision) (map[id.Decision]Standing, error) {
	if !CanReadAny(by) {
		return nil, errMayNotRead
	}
	type row struct {
		ID      id.Decision
		Stage   Stage
		Changed bool
	}
	rows, _ := s.db.Query(ctx, `
		SELECT d.id, p.stage, d.known_from > p.recorded_at OR d.stage <> p.stage AS changed
		FROM decision d CROSS JOIN LATERAL (SELECT stage, recorded_at FROM decision_publication WHERE decision_id = d.id ORDER BY number DESC LIMIT 1) p
		WHERE d.id = ANY (@ids::bigint[]) AND (@all OR coalesce(d.organisation_id, 0) = ANY (@bodies::bigint[]))`,
		pgx.StrictNamedArgs{"ids": list, "all": deskSource(by).all, "bodies": deskSource(by).bodies})
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[row])
	if err != nil {
		return nil, fmt.Errorf("read what is published of records: %w", err)
	}
	standings := make(map[id.Decision]Standing, len(found))
	for _, w := range found {
		if w.Changed {
			if w.Changed, err = s.differs(ctx, w.ID); err != nil {
				return nil, err
			}
		}
		standings[w.ID] = Standing{w.Stage, w.Changed}
	}
	return standings, nil
}

// differs tells whether a record that was worked on since its last publication would now be published otherwise. Not every
// change shows: a file, a link to a post.
func (s *Service) differs(ctx context.Context, which id.Decision) (bool, error) {
	today := day.Of(s.now())
	r, _, err := selectRecord(ctx, s.db, which, today)
	if err != nil {
		return false, err
	}
	rules, err := selectRules(ctx, s.db, r.Organisation, rulesDay(r, today))
	if err != nil {
		return false, err
	}
	f := Full{Record: r}
	if f.Publications, err = selectPublications(ctx, s.db, which); err != nil {
		return false, err
	}
	if f.Unpublished, err = selectUnpublished(ctx, s.db, r, rules); err != nil {
		return false, err
	}
	return f.Standing().Changed, nil
}

// Bodies lists whose records the actor can enter: the partnership's own and those of every body that is or was a
// safeguarding partner, or for a lead officer or office those of their own body. Fault: Forbidden.
func (s *Service) Bodies(ctx context.Context, by authz.Actor) ([]Body, error) {
	if !by.Can(authz.EditDecision) {
		return nil, errMayNotEdit
	}
	list, err := s.selectEntryBodies(ctx, OwnBodies(by))
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(list, func(b Body) bool { return !CanEdit(by, b.ID) }), nil
}

// RuleBodies lists the bodies that can have rules of their own. Fault: Forbidden.
func (s *Service) RuleBodies(ctx context.Context, by authz.Actor) ([]Body, error) {
	if !CanEditRules(by) {
		return nil, errMayNotRules
	}
	list, err := s.selectEntryBodies(ctx, nil)
	return slices.DeleteFunc(list, func(b Body) bool { return b.ID == 0 }), err
}

// selectEntryBodies lists the partnership and every body that is or was a safeguarding partner, and others besides.
func (s *Service) selectEntryBodies(ctx context.Context, besides []id.Organisation) ([]Body, error) {
	rows, _ := s.db.Query(ctx, `
		SELECT 0::bigint AS id, @partnership::text AS slug, coalesce((SELECT name FROM partnership), '') AS name
		UNION ALL SELECT o.id, o.slug, organisation_name_on(o.id, @today::date) FROM organisation o
		WHERE o.retracted_at IS NULL AND EXISTS (SELECT FROM safeguarding_partner p WHERE p.organisation_id = o.id AND p.retracted_at IS NULL)
		   OR o.id = ANY (@own::bigint[])`,
		pgx.StrictNamedArgs{"partnership": PartnershipSlug, "today": day.Of(s.now()), "own": besides})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[Body])
	if err != nil {
		return nil, fmt.Errorf("read whose records can be entered: %w", err)
	}
	sortBodies(list)
	return list, nil
}

// AuthorisedBy lists the records that authorise the sign-off of a version, in one round of it or in whichever: those that
// are published, as anybody may read them, and those that only the actor's roles let them see. Whoever sees the round may
// ask.
func (s *Service) AuthorisedBy(ctx context.Context, by authz.Actor, version id.Version, round id.Round) (published, own []Line, err error) {
	return s.authorised(ctx, by, `EXISTS (SELECT FROM decision_authorises a WHERE a.decision_id = l.id AND a.version_id = @version
		AND (a.round_id IS NULL OR @round::bigint = 0 OR a.round_id = @round::bigint) AND a.retracted_at IS NULL)`,
		pgx.StrictNamedArgs{"version": version, "round": round})
}

// AuthorisedYear lists in the same way the records that the lines of a financial year name as what authorised them.
func (s *Service) AuthorisedYear(ctx context.Context, by authz.Actor, year day.FinancialYear) (published, own []Line, err error) {
	return s.authorised(ctx, by, `EXISTS (SELECT FROM funding_line f WHERE f.decision_id = l.id AND f.financial_year = @year AND f.removed_at IS NULL)`,
		pgx.StrictNamedArgs{"year": year})
}

func (s *Service) authorised(ctx context.Context, by authz.Actor, where string, args pgx.StrictNamedArgs) (published, own []Line, err error) {
	if published, err = s.selectAuthority(ctx, publicSource, where, args); err != nil || !CanReadAny(by) {
		return published, nil, err
	}
	if own, err = s.selectAuthority(ctx, deskSource(by), where, args); err != nil {
		return nil, nil, err
	}
	own = slices.DeleteFunc(own, func(l Line) bool { return slices.ContainsFunc(published, func(p Line) bool { return p.ID == l.ID }) })
	return published, own, nil
}

func (s *Service) selectAuthority(ctx context.Context, from source, where string, args pgx.StrictNamedArgs) ([]Line, error) {
	args["all"], args["bodies"] = from.all, from.bodies
	rows, _ := s.db.Query(ctx, `SELECT id, `+lineColumns+`, '' AS sort_text FROM `+from.lines+` l
		WHERE (@all OR organisation_id = ANY (@bodies::bigint[])) AND `+where+` ORDER BY organisation_id, sort_on, id`, args)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[lineRow])
	if err != nil {
		return nil, fmt.Errorf("read what authorises a sign-off: %w", err)
	}
	return withBodies(ctx, s.db, slices.DeleteFunc(list, func(w lineRow) bool { return !w.WasMade }), day.Of(s.now()))
}

// WaitingCount is what the register waits for from somebody: records whose present stage is not published, for those who
// publish, and decisions called in without an outcome.
type WaitingCount struct {
	Unpublished int
	CalledIn    int
}

// Waiting counts what waits in the records that the actor writes. Somebody who writes none has nothing waiting.
func (s *Service) Waiting(ctx context.Context, by authz.Actor) (n WaitingCount, err error) {
	if !by.Can(authz.EditDecision) {
		return n, nil
	}
	from := deskSource(by)
	err = s.db.QueryRow(ctx, `
		SELECT count(*) FILTER (WHERE @publishes AND NOT EXISTS (SELECT FROM decision_publication p WHERE p.decision_id = d.id AND p.stage = d.stage)),
		       count(*) FILTER (WHERE d.stage = 'called in')
		FROM decision d WHERE d.retracted_at IS NULL AND d.origin = 'entered' AND (@all OR coalesce(d.organisation_id, 0) = ANY (@bodies::bigint[]))`,
		pgx.StrictNamedArgs{"publishes": CanPublish(by), "all": from.all, "bodies": from.bodies}).Scan(&n.Unpublished, &n.CalledIn)
	if err != nil {
		return n, fmt.Errorf("count what waits in the register: %w", err)
	}
	return n, nil
}

// Standing is how far the public knows of one record that was read.
func (f Full) Standing() Standing {
	if len(f.Publications) == 0 {
		return Standing{}
	}
	return Standing{f.Publications[len(f.Publications)-1].Stage, len(f.Unpublished) > 0 || !f.IsPublished()}
}
