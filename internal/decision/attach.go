package decision

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/file"
	"partnershipportal/internal/id"
)

// AttachCommand adds a file to a record. The public sees it, unless it is exempt, when the record is published next.
type AttachCommand struct {
	ID       id.Decision
	Revision int
	Kind     FileKind
	IsExempt bool
	File     file.AddCommand
}

// Attach adds a file to a record. Faults: NotFound, Forbidden, Conflict, Invalid.
func (s *Service) Attach(ctx context.Context, by authz.Actor, cmd AttachCommand) error {
	return s.change(ctx, by, cmd.ID, cmd.Revision, actionAttached, func(ctx context.Context, tx pgx.Tx, r Record, _ time.Time) (Record, error) {
		switch {
		case !slices.Contains(FileKinds(), cmd.Kind):
			return r, fault.Field("kind", "Choose what the file is.")
		case cmd.IsExempt && orOpen(r.Restriction) == Open:
			return r, fault.Field("exempt", "Say first that the record is part exempt or fully exempt.")
		case cmd.IsExempt && !CanReadExempt(by, r.Organisation):
			return r, errMayNotExempt
		}
		added, err := file.Add(ctx, tx, by, cmd.File)
		if err != nil {
			return r, err
		}
		_, err = tx.Exec(ctx, `INSERT INTO decision_file (decision_id, file_id, kind, is_exempt, added_by) VALUES (@decision, @file, @kind, @exempt, @by)`,
			pgx.StrictNamedArgs{"decision": cmd.ID, "file": added, "kind": string(cmd.Kind), "exempt": cmd.IsExempt, "by": orNull(by.Account)})
		return r, translated("attach file", err)
	})
}

// RemoveCommand takes a file or a link off a record, for a reason.
type RemoveCommand struct {
	ID       id.Decision
	Revision int
	Which    int64 // Attachment.ID or Authorised.ID
	Reason   string
}

// Detach takes a file off a record; the public no longer gets it. Faults: NotFound, Forbidden, Conflict, Invalid.
func (s *Service) Detach(ctx context.Context, by authz.Actor, cmd RemoveCommand) error {
	return s.remove(ctx, by, cmd, actionDetached, `UPDATE decision_file SET retracted_reason = @reason WHERE id = @which AND decision_id = @decision`)
}

func (s *Service) remove(ctx context.Context, by authz.Actor, cmd RemoveCommand, action, sql string) error {
	return s.change(ctx, by, cmd.ID, cmd.Revision, action, func(ctx context.Context, tx pgx.Tx, r Record, _ time.Time) (Record, error) {
		if !said(cmd.Reason) {
			return r, fault.Field("reason", "Say why it is taken off the record.")
		}
		tag, err := tx.Exec(ctx, sql, pgx.StrictNamedArgs{"which": cmd.Which, "decision": cmd.ID, "reason": cmd.Reason})
		if err == nil && tag.RowsAffected() == 0 {
			return r, fault.New(fault.NotFound, "There is no such file or link on this record.")
		}
		return r, translated("take off record", err)
	})
}

// OpenFile readies a file of a record for somebody who may read it. An exempt file needs the right to read exempt text,
// and that it was read is kept. Faults: NotFound, Forbidden.
func (s *Service) OpenFile(ctx context.Context, by authz.Actor, which id.Decision, attachment int64) (file.Content, error) {
	at := s.now()
	var found id.File
	err := pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		w, err := selectRow(ctx, tx, which, day.Of(at))
		if err != nil {
			return err
		}
		body := id.Organisation(w.OrganisationID)
		if !CanRead(by, body) {
			return errNoDecision
		}
		list, err := selectAttachments(ctx, tx, which)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(a Attachment) bool { return a.ID == attachment })
		if i < 0 {
			return fault.New(fault.NotFound, "There is no such file on this record.")
		}
		if list[i].IsExempt {
			if !CanReadExempt(by, body) {
				return errMayNotExempt
			}
			if err := noted(ctx, tx, by, at, actionExemptRead, which, Stage(w.Stage), Stage(w.Stage)); err != nil {
				return err
			}
		}
		found = list[i].File
		return nil
	})
	if err != nil {
		return file.Content{}, err
	}
	return file.Open(ctx, s.db, found)
}

// AuthoriseCommand links a record to a version, or to one round of it, whose sign-off by its body it authorises.
type AuthoriseCommand struct {
	ID       id.Decision
	Revision int
	Version  id.Version
	Round    id.Round // none: whichever round
}

// Authorise links a decision that was made to what it authorises. Faults: NotFound, Forbidden, Conflict (not made, or
// linked already), Invalid.
func (s *Service) Authorise(ctx context.Context, by authz.Actor, cmd AuthoriseCommand) error {
	return s.change(ctx, by, cmd.ID, cmd.Revision, actionAuthorised, func(ctx context.Context, tx pgx.Tx, r Record, _ time.Time) (Record, error) {
		if !r.IsMade() {
			return r, fault.New(fault.Conflict, "Only a decision that was made authorises anything.")
		}
		_, err := tx.Exec(ctx, `INSERT INTO decision_authorises (decision_id, version_id, round_id, added_by) VALUES (@decision, @version, @round, @by)`,
			pgx.StrictNamedArgs{"decision": cmd.ID, "version": cmd.Version, "round": orNull(cmd.Round), "by": orNull(by.Account)})
		return r, translated("link record", err)
	})
}

// Unlink takes a link off a record. Faults: NotFound, Forbidden, Conflict, Invalid.
func (s *Service) Unlink(ctx context.Context, by authz.Actor, cmd RemoveCommand) error {
	return s.remove(ctx, by, cmd, actionUnlinked, `UPDATE decision_authorises SET retracted_reason = @reason WHERE id = @which AND decision_id = @decision`)
}
