package membership

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
)

// Confirm makes a proposed appointment count. Pressing twice is harmless. Faults: NotFound, Forbidden (the appointee,
// the proposer, no administrator), Conflict (decided already, or another lead officer on some of the days).
func (s *Service) Confirm(ctx context.Context, by authz.Actor, which id.Appointment) error {
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		if err := lockPartnerOf(ctx, tx, which); err != nil {
			return err
		}
		a, err := lockAppointment(ctx, tx, by, which, day.Of(at))
		if err != nil {
			return err
		}
		if a.Confirmed.By == by.Account && a.Confirmed.Done() && !a.Withdrawn.Done() {
			return nil
		}
		if err := a.CanDecide(by, day.Of(at)); err != nil {
			return err
		}
		if a.leadOver(day.Of(at)) {
			return errLeadOver
		}
		if err := checkAppointee(ctx, tx, a.Account); err != nil {
			return asConflict(err)
		}
		if err := updateAppointment(ctx, tx, `UPDATE appointment SET confirmed_by = @value WHERE id = @id`, which, by.Account); err != nil {
			return err
		}
		if err := recordMove(ctx, tx, by, a, at, actionConfirmed, Confirmed); err != nil {
			return err
		}
		return s.letters.AppointmentConfirmed(ctx, tx, which)
	})
}

// Refuse ends a proposal for good. Pressing twice is harmless. Faults: NotFound, Forbidden, Conflict (decided already).
func (s *Service) Refuse(ctx context.Context, by authz.Actor, which id.Appointment) error {
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		a, err := lockAppointment(ctx, tx, by, which, day.Of(at))
		if err != nil {
			return err
		}
		if a.Refused.By == by.Account && a.Refused.Done() {
			return nil
		}
		if err := a.CanDecide(by, day.Of(at)); err != nil {
			return err
		}
		if err := updateAppointment(ctx, tx, `UPDATE appointment SET refused_by = @value WHERE id = @id`, which, by.Account); err != nil {
			return err
		}
		return recordMove(ctx, tx, by, a, at, actionRefused, Refused)
	})
}

// End gives a confirmed appointment its last day, or an earlier one. Faults: NotFound, Forbidden, Conflict (not
// confirmed), Invalid (before its first day, later than before, or an act was done after that day).
func (s *Service) End(ctx context.Context, by authz.Actor, which id.Appointment, last day.Date) error {
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		a, err := lockAppointment(ctx, tx, by, which, day.Of(at))
		if err != nil {
			return err
		}
		if err := a.CanEnd(by, day.Of(at)); err != nil {
			return err
		}
		if err := a.checkLastDay(last); err != nil {
			return err
		}
		if last == a.EndsOn {
			return nil
		}
		if err := updateAppointment(ctx, tx, `UPDATE appointment SET ends_on = @value::date WHERE id = @id`, which, last); err != nil {
			return err
		}
		after := a
		after.EndsOn = last
		if err := recordMove(ctx, tx, by, a, at, actionEnded, after.State(day.Of(at))); err != nil {
			return err
		}
		return s.letters.AppointmentEnded(ctx, tx, which)
	})
}

// Withdraw takes a proposal back, or ends a confirmed appointment this moment. Pressing twice is harmless. Faults:
// NotFound, Forbidden, Conflict (refused or ended already).
func (s *Service) Withdraw(ctx context.Context, by authz.Actor, which id.Appointment) error {
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		a, err := lockAppointment(ctx, tx, by, which, day.Of(at))
		if err != nil {
			return err
		}
		if a.Withdrawn.By == by.Account && a.Withdrawn.Done() {
			return nil
		}
		if err := a.CanWithdraw(by, day.Of(at)); err != nil {
			return err
		}
		if err := updateAppointment(ctx, tx, `UPDATE appointment SET withdrawn_by = @value WHERE id = @id`, which, by.Account); err != nil {
			return err
		}
		if err := recordMove(ctx, tx, by, a, at, actionWithdrawn, Withdrawn); err != nil {
			return err
		}
		if !a.Confirmed.Done() {
			return nil
		}
		return s.letters.AppointmentEnded(ctx, tx, which)
	})
}

func recordMove(ctx context.Context, tx pgx.Tx, by authz.Actor, a Appointment, at time.Time, action string, after State) error {
	return audit.Record(ctx, tx, audit.Event{
		At: at, By: by, Action: action, SubjectKind: subjectAppointment, SubjectID: int64(a.ID), Partner: a.Partner,
		Before: string(a.State(day.Of(at))), After: string(after),
	})
}

// asConflict is for a rule that a form would show beside a field, where there is no form.
func asConflict(err error) error {
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Kind == fault.Invalid {
		return fault.New(fault.Conflict, f.Message+".").Because(err)
	}
	return err
}
