package arrangement

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
)

// TimelineEntry is one event of a version: who did what when.
type TimelineEntry struct {
	ID           int64
	At           time.Time
	Name         string // of who did it; empty for the portal itself
	Action       string
	Organisation string // for which partner, if for one
	Before       string
	After        string
	Office       string // of a delegate who signed or declined, with what follows; else empty
	ActingFor    string
	Instrument   string
	InstrumentOn day.Date
}

// Timeline lists everything that happened to a version, the newest first.
// Faults: NotFound, Forbidden.
func (s *Service) Timeline(ctx context.Context, by authz.Actor, ref Ref) ([]TimelineEntry, error) {
	d, err := selectDraft(ctx, s.db, by, ref)
	if err != nil {
		return nil, err
	}
	if !by.Can(authz.ReadTimeline) {
		return nil, fault.New(fault.Forbidden, "Only business support and the independent scrutineer see the whole timeline.")
	}
	rows, _ := s.db.Query(ctx, `
		SELECT e.id, e.at, coalesce(c.name, '') AS name, e.action, coalesce(organisation_name_on(p.organisation_id, london_day(e.at)), '') AS organisation,
		       e.state_before AS before, e.state_after AS after, coalesce(a.office, '') AS office, coalesce(a.acting_for, '') AS acting_for,
		       coalesce(a.instrument, '') AS instrument, a.instrument_on
		FROM event e LEFT JOIN account c ON c.id = e.account_id LEFT JOIN safeguarding_partner p ON p.id = e.partner_id
		LEFT JOIN act a ON a.round_id = e.subject_id AND a.partner_id = e.partner_id AND a.capacity = 'delegate'
		     AND e.subject_kind = 'round' AND e.action IN ('round.signed', 'round.declined')
		WHERE e.version_id = @version ORDER BY e.id DESC`, pgx.StrictNamedArgs{"version": int64(d.ID)})
	entries, err := pgx.CollectRows(rows, pgx.RowToStructByName[TimelineEntry])
	if err != nil {
		return nil, fmt.Errorf("read timeline of %s: %w", ref, err)
	}
	return entries, nil
}
