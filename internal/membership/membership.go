// Package membership keeps who the partnership is: its settings and areas, the organisations, which of them are
// safeguarding partners or relevant agencies from when to when, and who is appointed to act for a partner.
package membership

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// Letters are the letters that follow from appointments.
type Letters interface {
	AppointmentProposed(ctx context.Context, tx pgx.Tx, appointment id.Appointment) error
	AppointmentConfirmed(ctx context.Context, tx pgx.Tx, appointment id.Appointment) error
	AppointmentEnded(ctx context.Context, tx pgx.Tx, appointment id.Appointment) error
	DelegateAskedFor(ctx context.Context, tx pgx.Tx, request id.DelegateRequest) error
	DelegateDeclined(ctx context.Context, tx pgx.Tx, request id.DelegateRequest) error
	SuccessionRecorded(ctx context.Context, tx pgx.Tx, succession id.Succession) error
	SuccessionReversed(ctx context.Context, tx pgx.Tx, succession id.Succession) error
	CorrectionProposed(ctx context.Context, tx pgx.Tx, correction id.Correction) error
	CorrectionAnswered(ctx context.Context, tx pgx.Tx, correction id.Correction) error
}

// NoLetters sends nothing.
type NoLetters struct{}

// AppointmentProposed does nothing.
func (NoLetters) AppointmentProposed(context.Context, pgx.Tx, id.Appointment) error { return nil }

// AppointmentConfirmed does nothing.
func (NoLetters) AppointmentConfirmed(context.Context, pgx.Tx, id.Appointment) error { return nil }

// AppointmentEnded does nothing.
func (NoLetters) AppointmentEnded(context.Context, pgx.Tx, id.Appointment) error { return nil }

// DelegateAskedFor does nothing.
func (NoLetters) DelegateAskedFor(context.Context, pgx.Tx, id.DelegateRequest) error { return nil }

// DelegateDeclined does nothing.
func (NoLetters) DelegateDeclined(context.Context, pgx.Tx, id.DelegateRequest) error { return nil }

// SuccessionRecorded does nothing.
func (NoLetters) SuccessionRecorded(context.Context, pgx.Tx, id.Succession) error { return nil }

// SuccessionReversed does nothing.
func (NoLetters) SuccessionReversed(context.Context, pgx.Tx, id.Succession) error { return nil }

// CorrectionProposed does nothing.
func (NoLetters) CorrectionProposed(context.Context, pgx.Tx, id.Correction) error { return nil }

// CorrectionAnswered does nothing.
func (NoLetters) CorrectionAnswered(context.Context, pgx.Tx, id.Correction) error { return nil }

// Service has the use cases of appointments and organisations.
type Service struct {
	db      pg.DB
	letters Letters
	now     func() time.Time
	others  others // registers that other capabilities keep
}

// New makes the service.
func New(db pg.DB, letters Letters, now func() time.Time) *Service {
	return &Service{db: db, letters: letters, now: now}
}

// The deeds that the audit keeps.
const (
	actionAsked            = "appointment.asked-for"
	actionProposed         = "appointment.proposed"
	actionConfirmed        = "appointment.confirmed"
	actionRefused          = "appointment.refused"
	actionEnded            = "appointment.ended"
	actionWithdrawn        = "appointment.withdrawn"
	actionAttached         = "appointment.instrument-attached"
	actionDelegateAsked    = "delegate.asked-for"
	actionDelegateNamed    = "delegate.invited"
	actionDelegateDeclined = "delegate.declined"
	actionDelegateDropped  = "delegate.taken-back"
	actionAdded            = "organisation.added"
	actionRenamed          = "organisation.renamed"
	actionClosed           = "organisation.ended"
	actionEdited           = "organisation.changed"
	actionIdentified       = "organisation.identified"
	actionAddressed        = "organisation.addressed"
	actionRetracted        = "organisation.retracted"
	actionShared           = "partner.area-added"
	actionUnshared         = "partner.area-ended"
	actionSucceeded        = "succession.recorded"
	actionReversed         = "succession.reversed"
	actionPartnerBegan     = "partner.began"
	actionPartnerEnded     = "partner.ended"
	actionNamesPublished   = "partner.names-published"
	actionNamesUnpublished = "partner.names-withheld"
	actionAgencyNamed      = "agency.named"
	actionAgencyEnded      = "agency.ended"
	actionAgencyChanged    = "agency.changed"
	actionReaderNamed      = "agency-reader.named"
	actionReaderChanged    = "agency-reader.changed"
	actionReaderEnded      = "agency-reader.ended"
	actionReaderRetracted  = "agency-reader.retracted"
	actionCorrectionAsked  = "correction.proposed"
	actionCorrectionTaken  = "correction.accepted"
	actionCorrectionLeft   = "correction.declined"
	actionCategoryAdded    = "agency-category.added"
	actionCategorySaved    = "agency-category.changed"
	actionImportApplied    = "import.applied"
	actionImportUndone     = "import.undone"
)

const (
	subjectAppointment  = "appointment"
	subjectRequest      = "delegate-request"
	subjectOrganisation = "organisation"
	subjectPartner      = "partner"
	subjectAgency       = "agency"
	subjectCategory     = "agency-category"
	subjectImport       = "import"
	subjectSuccession   = "succession"
	subjectReader       = "agency-reader"
	subjectCorrection   = "correction"
)

var errMayNotEdit = fault.New(fault.Forbidden, "Only business support keeps the organisations.")

// CanEdit tells whether the actor keeps organisations, partners and agencies.
func CanEdit(by authz.Actor) bool { return by.Can(authz.EditMembership) }
