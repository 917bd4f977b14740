package membership

import (
	"context"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/file"
	"partnershipportal/internal/id"
)

var errNoInstrument = fault.New(fault.NotFound, "No instrument is attached to this appointment.")

// AttachInstrument keeps the file that gives an appointment its authority: the scheme of delegation, the letter. Faults:
// NotFound, Forbidden, Conflict (attached already, or decided against), Invalid.
func (s *Service) AttachInstrument(ctx context.Context, by authz.Actor, which id.Appointment, instrument file.AddCommand) error {
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		a, err := lockAppointment(ctx, tx, by, which, day.Of(at))
		if err != nil {
			return err
		}
		if err := a.CanAttach(by, day.Of(at)); err != nil {
			return err
		}
		added, err := file.Add(ctx, tx, by, instrument)
		if err != nil {
			return err
		}
		if err := updateAppointment(ctx, tx, `UPDATE appointment SET instrument_file = @value WHERE id = @id`, which, added); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: actionAttached, SubjectKind: subjectAppointment, SubjectID: int64(which), Partner: a.Partner})
	})
}

// Instrument tells of the attached file, to whoever may see the appointment. Fault: NotFound.
func (s *Service) Instrument(ctx context.Context, by authz.Actor, which id.Appointment) (file.File, error) {
	a, err := selectAppointment(ctx, s.db, by, which, day.Of(s.now()))
	if err != nil {
		return file.File{}, err
	}
	if a.InstrumentFile == 0 {
		return file.File{}, errNoInstrument
	}
	return file.Find(ctx, s.db, a.InstrumentFile)
}

// OpenInstrument opens the attached file for sending. Fault: NotFound.
func (s *Service) OpenInstrument(ctx context.Context, by authz.Actor, which id.Appointment) (file.Content, error) {
	f, err := s.Instrument(ctx, by, which)
	if err != nil {
		return file.Content{}, err
	}
	return file.Open(ctx, s.db, f.ID)
}
