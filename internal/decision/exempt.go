package decision

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
)

// Exempt is the exempt passage of one part of a record. It is read by its own method alone and stands in no other type.
type Exempt struct {
	Part Part
	Body string
}

// ExemptCommand writes the exempt passage of a part. An empty body takes it out, for a reason.
type ExemptCommand struct {
	ID       id.Decision
	Revision int
	Part     Part
	Body     string
	Reason   string // of taking it out
}

// SaveExempt writes or takes out an exempt passage. Faults: NotFound, Forbidden, Conflict, Invalid (the record is open).
func (s *Service) SaveExempt(ctx context.Context, by authz.Actor, cmd ExemptCommand) error {
	return s.change(ctx, by, cmd.ID, cmd.Revision, actionExempted, func(ctx context.Context, tx pgx.Tx, r Record, _ time.Time) (Record, error) {
		switch {
		case !CanReadExempt(by, r.Organisation):
			return r, errMayNotExempt
		case !slices.Contains(exemptable, cmd.Part):
			return r, fault.Field("part", "This part has no exempt passage.")
		case !said(cmd.Body) && !said(cmd.Reason):
			return r, fault.Field("reason", "Say why the exempt passage is taken out.")
		case said(cmd.Body) && orOpen(r.Restriction) == Open:
			return r, fault.Field("restriction", "Say first that the record is part exempt or fully exempt.")
		}
		if !said(cmd.Body) {
			r.ExemptParts = slices.DeleteFunc(slices.Clone(r.ExemptParts), func(p Part) bool { return p == cmd.Part })
			return r, retractExempt(ctx, tx, cmd)
		}
		if !slices.Contains(r.ExemptParts, cmd.Part) {
			r.ExemptParts = append(r.ExemptParts, cmd.Part)
		}
		return r, upsertExempt(ctx, tx, cmd, by.Account)
	})
}

// ReadExempt reads the exempt passages of a record, and keeps that they were read. Faults: NotFound, Forbidden.
func (s *Service) ReadExempt(ctx context.Context, by authz.Actor, which id.Decision) (list []Exempt, err error) {
	at := s.now()
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		w, err := selectRow(ctx, tx, which, day.Of(at))
		if err != nil {
			return err
		}
		body := id.Organisation(w.OrganisationID)
		if !CanRead(by, body) {
			return errNoDecision
		}
		if !CanReadExempt(by, body) {
			return errMayNotExempt
		}
		if list, err = collect[Exempt](ctx, tx, which, "exempt passages", `
			SELECT part, body FROM decision_exempt WHERE decision_id = $1 AND retracted_at IS NULL ORDER BY part`); err != nil || len(list) == 0 {
			return err
		}
		return noted(ctx, tx, by, at, actionExemptRead, which, Stage(w.Stage), Stage(w.Stage))
	})
	return list, err
}

func upsertExempt(ctx context.Context, tx pgx.Tx, cmd ExemptCommand, by id.Account) error {
	args := pgx.StrictNamedArgs{"decision": cmd.ID, "part": string(cmd.Part), "body": cmd.Body, "by": orNull(by)}
	tag, err := tx.Exec(ctx, `
		UPDATE decision_exempt SET (body, changed_by) = (@body, @by) WHERE decision_id = @decision AND part = @part AND retracted_at IS NULL`, args)
	if err == nil && tag.RowsAffected() == 0 {
		_, err = tx.Exec(ctx, `INSERT INTO decision_exempt (decision_id, part, body, changed_by) VALUES (@decision, @part, @body, @by)`, args)
	}
	return translated("write exempt passage", withoutDetail(err))
}

func retractExempt(ctx context.Context, tx pgx.Tx, cmd ExemptCommand) error {
	_, err := tx.Exec(ctx, `UPDATE decision_exempt SET retracted_reason = @reason WHERE decision_id = @decision AND part = @part AND retracted_at IS NULL`,
		pgx.StrictNamedArgs{"decision": cmd.ID, "part": string(cmd.Part), "reason": cmd.Reason})
	return translated("take out exempt passage", withoutDetail(err))
}

// withoutDetail takes from a database error what could repeat the text of the row: errors end in the log.
func withoutDetail(err error) error {
	e, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return err
	}
	c := *e
	c.Detail, c.Where, c.InternalQuery = "", "", ""
	return &c
}
