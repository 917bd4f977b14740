package membership

import (
	"context"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
)

// MakePartner makes the organisation a safeguarding partner for some areas. Faults: Forbidden, NotFound, Invalid,
// Conflict (it is one already on some of the days).
func (s *Service) MakePartner(ctx context.Context, by authz.Actor, cmd PartnerCommand) (made id.Partner, err error) {
	if !CanEdit(by) {
		return 0, errMayNotEdit
	}
	if err := cmd.check(); err != nil {
		return 0, err
	}
	at := s.now()
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		o, err := lockOrganisation(ctx, tx, cmd.Slug, day.Of(at))
		if err != nil {
			return err
		}
		if made, err = insertPartner(ctx, tx, o.ID, cmd); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{
			At: at, By: by, Action: actionPartnerBegan, SubjectKind: subjectPartner, SubjectID: int64(made), Partner: made,
		})
	})
	return made, err
}

// EndPartner gives the organisation's time as safeguarding partner its last day, or an earlier one. Faults: Forbidden,
// NotFound, Invalid (also if it signed something after that day).
func (s *Service) EndPartner(ctx context.Context, by authz.Actor, slug string, which id.Partner, last day.Date) error {
	if !CanEdit(by) {
		return errMayNotEdit
	}
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		t, err := lockPartnerTerm(ctx, tx, slug, which)
		if err != nil {
			return err
		}
		if err := checkEnd(t.StartsOn, t.EndsOn, last); err != nil {
			return err
		}
		if err := updatePartnerEnd(ctx, tx, which, last); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{
			At: at, By: by, Action: actionPartnerEnded, SubjectKind: subjectPartner, SubjectID: int64(which), Partner: which,
		})
	})
}

// PublishNames says whether the public page of sign-offs names the partner's officers besides their office. Faults:
// Forbidden, NotFound.
func (s *Service) PublishNames(ctx context.Context, by authz.Actor, slug string, which id.Partner, publish bool) error {
	if !CanEdit(by) {
		return errMayNotEdit
	}
	at, action := s.now(), actionNamesUnpublished
	if publish {
		action = actionNamesPublished
	}
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		if _, err := lockPartnerTerm(ctx, tx, slug, which); err != nil {
			return err
		}
		if err := updatePublishesNames(ctx, tx, which, publish); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{
			At: at, By: by, Action: action, SubjectKind: subjectPartner, SubjectID: int64(which), Partner: which,
		})
	})
}

// NameAgency names the organisation as relevant agency. Faults: Forbidden, NotFound, Invalid, Conflict (it is one
// already on some of the days).
func (s *Service) NameAgency(ctx context.Context, by authz.Actor, cmd AgencyCommand) (made id.Agency, err error) {
	if !CanEdit(by) {
		return 0, errMayNotEdit
	}
	if err := cmd.check(); err != nil {
		return 0, err
	}
	at := s.now()
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		o, err := lockOrganisation(ctx, tx, cmd.Slug, day.Of(at))
		if err != nil {
			return err
		}
		if err := checkCategoriesFrom(ctx, tx, cmd.Categories, cmd.From); err != nil {
			return err
		}
		if made, err = insertAgency(ctx, tx, o.ID, cmd); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: actionAgencyNamed, SubjectKind: subjectAgency, SubjectID: int64(made)})
	})
	return made, err
}

// EndAgency gives the organisation's time as relevant agency its last day, or an earlier one. Faults: Forbidden,
// NotFound, Invalid.
func (s *Service) EndAgency(ctx context.Context, by authz.Actor, slug string, which id.Agency, last day.Date) error {
	if !CanEdit(by) {
		return errMayNotEdit
	}
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		t, err := lockAgencyTerm(ctx, tx, slug, which)
		if err != nil {
			return err
		}
		if err := checkEnd(t.StartsOn, t.EndsOn, last); err != nil {
			return err
		}
		if err := updateAgencyEnd(ctx, tx, which, last); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: actionAgencyEnded, SubjectKind: subjectAgency, SubjectID: int64(which)})
	})
}
