package arrangement

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/signoff"
)

// PublishCommand publishes a fully signed version, now or on a set day.
type PublishCommand struct {
	Ref      Ref
	Round    id.Round   // the complete round that the publisher saw
	Label    string     // as published: "June 2019"
	On       day.Approx // day of publication; zero means today
	Schedule day.Date   // a later day on which it is published by itself; zero means now
}

// Publish publishes what every safeguarding partner signed. The effective day is the signed one.
// Faults: NotFound, Forbidden, Conflict (not fully signed, set aside, published before), Invalid (days).
func (s *Service) Publish(ctx context.Context, by authz.Actor, cmd PublishCommand) error {
	if !by.Can(authz.PublishVersion) {
		return fault.New(fault.Forbidden, "Only business support publishes.")
	}
	at := s.now()
	if !cmd.Schedule.IsZero() && !cmd.Schedule.After(day.Of(at)) {
		return fault.Field("scheduled-on", "The set day must be after today. To publish today, choose today")
	}
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		d, err := lockSignedOff(ctx, tx, by, cmd.Ref, cmd.Round)
		if err != nil {
			return err
		}
		if !cmd.Schedule.IsZero() {
			return schedule(ctx, tx, by, at, d, cmd)
		}
		return s.publish(ctx, tx, by, at, d, cmd)
	})
}

// Unschedule gives up a set day of publication.
// Faults: NotFound, Forbidden, Conflict (published meanwhile).
func (s *Service) Unschedule(ctx context.Context, by authz.Actor, ref Ref) error {
	if !by.Can(authz.PublishVersion) {
		return fault.New(fault.Forbidden, "Only business support publishes.")
	}
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		d, err := lockDraft(ctx, tx, by, ref)
		if err != nil {
			return err
		}
		if !d.PublishedAt.IsZero() {
			return fault.New(fault.Conflict, "This version has been published meanwhile.")
		}
		if d.ScheduledOn.IsZero() {
			return nil
		}
		return updateSchedule(ctx, tx, by, at, d, d.Label, day.Date{}, "version.unscheduled")
	})
}

func (s *Service) publish(ctx context.Context, tx pgx.Tx, by authz.Actor, at time.Time, d Draft, cmd PublishCommand) error {
	on := cmd.On
	if on.IsZero() {
		on = day.On(day.Of(at))
	}
	on = day.Roughly(on.Date, on.Precision)
	_, err := tx.Exec(ctx, `
		UPDATE version SET publishing_round_id = @round, published_by = NULLIF(@by::bigint, 0), published_on = @on, published_precision = @precision,
		       label = @label
		WHERE id = @version`,
		pgx.StrictNamedArgs{"version": int64(d.ID), "round": int64(cmd.Round), "by": int64(by.Account), "on": on.Date,
			"precision": string(on.Precision), "label": strings.TrimSpace(Clean(cmd.Label))})
	if err != nil {
		return fmt.Errorf("publish %s: %w", d.Ref, translate(err))
	}
	after := StateInForce
	if d.EffectiveFrom.After(day.Of(at)) {
		after = StateUpcoming
	}
	err = audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: "version.published", SubjectKind: "version", SubjectID: int64(d.ID),
		Version: d.ID, Before: string(StateSignedOff), After: string(after)})
	if err != nil {
		return err
	}
	if err := s.letters.Published(ctx, tx, d.ID); err != nil {
		return fmt.Errorf("write letters of the publication of %s: %w", d.Ref, err)
	}
	return nil
}

func schedule(ctx context.Context, tx pgx.Tx, by authz.Actor, at time.Time, d Draft, cmd PublishCommand) error {
	return updateSchedule(ctx, tx, by, at, d, strings.TrimSpace(Clean(cmd.Label)), cmd.Schedule, "version.scheduled")
}

func updateSchedule(ctx context.Context, tx pgx.Tx, by authz.Actor, at time.Time, d Draft, label string, on day.Date, action string) error {
	_, err := tx.Exec(ctx, `UPDATE version SET scheduled_on = @on, scheduled_by = NULLIF(@by::bigint, 0), label = @label WHERE id = @version`,
		pgx.StrictNamedArgs{"version": int64(d.ID), "on": on, "by": int64(by.Account), "label": label})
	if err != nil {
		return fmt.Errorf("schedule %s: %w", d.Ref, translate(err))
	}
	return audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: action, SubjectKind: "version", SubjectID: int64(d.ID), Version: d.ID})
}

// lockSignedOff locks the round, then the version, and refuses unless every partner has signed in that round.
func lockSignedOff(ctx context.Context, tx pgx.Tx, by authz.Actor, ref Ref, round id.Round) (Draft, error) {
	if err := signoff.Lock(ctx, tx, round); err != nil {
		return Draft{}, err
	}
	d, err := lockDraft(ctx, tx, by, ref)
	if err != nil {
		return Draft{}, err
	}
	switch {
	case !d.PublishedAt.IsZero():
		return Draft{}, fault.New(fault.Conflict, "This version is already published.")
	case d.LiveRound != round || d.LiveOutcome != signoff.Complete:
		return Draft{}, fault.New(fault.Conflict, "Only a text that every safeguarding partner has signed can be published.")
	}
	return d, nil
}
