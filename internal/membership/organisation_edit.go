package membership

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
)

// Organisations lists the organisations. Fault: Forbidden.
func (s *Service) Organisations(ctx context.Context, by authz.Actor, f OrganisationFilter) ([]OrganisationLine, error) {
	if !CanEdit(by) {
		return nil, errMayNotEdit
	}
	return selectOrganisations(ctx, s.db, f, day.Of(s.now()))
}

// Organisation reads one organisation with its names, times and successions. Faults: Forbidden, NotFound.
func (s *Service) Organisation(ctx context.Context, by authz.Actor, slug string) (Organisation, error) {
	if !CanEdit(by) {
		return Organisation{}, errMayNotEdit
	}
	return selectOrganisation(ctx, s.db, slug, day.Of(s.now()))
}

// Areas lists the areas that a safeguarding partner can share. Fault: Forbidden.
func (s *Service) Areas(ctx context.Context, by authz.Actor) ([]AreaChoice, error) {
	if !CanEdit(by) {
		return nil, errMayNotEdit
	}
	return selectAreaChoices(ctx, s.db, day.Of(s.now()))
}

// Categories lists the Schedule's kinds of relevant agency. Fault: Forbidden.
func (s *Service) Categories(ctx context.Context, by authz.Actor) ([]Category, error) {
	if !CanEdit(by) {
		return nil, errMayNotEdit
	}
	return selectCategories(ctx, s.db)
}

// AddOrganisation adds a body under its first name. Faults: Forbidden, Invalid.
func (s *Service) AddOrganisation(ctx context.Context, by authz.Actor, cmd AddCommand) (made id.Organisation, err error) {
	if !CanEdit(by) {
		return 0, errMayNotEdit
	}
	if err := cmd.check(); err != nil {
		return 0, err
	}
	at := s.now()
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		if made, err = insertOrganisation(ctx, tx, cmd); err != nil {
			return err
		}
		if err := insertName(ctx, tx, made, cmd.Name, cmd.From); err != nil {
			return err
		}
		return recordOrganisation(ctx, tx, by, at, actionAdded, made)
	})
	return made, err
}

// Rename gives the organisation another name from a day on; the earlier one stays for the days before. Faults:
// Forbidden, NotFound, Invalid.
func (s *Service) Rename(ctx context.Context, by authz.Actor, cmd RenameCommand) error {
	if !CanEdit(by) {
		return errMayNotEdit
	}
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		o, err := lockOrganisation(ctx, tx, cmd.Slug, day.Of(at))
		if err != nil {
			return err
		}
		open, err := cmd.closes(o.Names)
		if err != nil {
			return err
		}
		if open.Name != "" {
			if err := updateOpenName(ctx, tx, o.ID, cmd.From.Add(-1)); err != nil {
				return err
			}
		}
		if err := insertName(ctx, tx, o.ID, cmd.Name, cmd.From); err != nil {
			return err
		}
		return recordOrganisation(ctx, tx, by, at, actionRenamed, o.ID)
	})
}

// EndOrganisation says on which day the body ceased to exist. Faults: Forbidden, NotFound, Invalid, Conflict (it is
// partner or agency after that day).
func (s *Service) EndOrganisation(ctx context.Context, by authz.Actor, slug string, last day.Date) error {
	if !CanEdit(by) {
		return errMayNotEdit
	}
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		o, err := lockOrganisation(ctx, tx, slug, day.Of(at))
		if err != nil {
			return err
		}
		if err := checkEnd(o.StartsOn, o.EndsOn, last); err != nil {
			return err
		}
		if o.memberAfter(last) {
			return errStillMember
		}
		if err := updateOrganisationEnd(ctx, tx, o.ID, last); err != nil {
			return err
		}
		return recordOrganisation(ctx, tx, by, at, actionClosed, o.ID)
	})
}

// memberAfter tells whether the body is partner or agency on some day after the given one.
func (o Organisation) memberAfter(last day.Date) bool {
	for _, t := range o.Partner {
		if t.EndsOn.IsZero() || t.EndsOn.After(last) {
			return true
		}
	}
	for _, t := range o.Agency {
		if t.EndsOn.IsZero() || t.EndsOn.After(last) {
			return true
		}
	}
	return false
}

func recordOrganisation(ctx context.Context, tx pgx.Tx, by authz.Actor, at time.Time, action string, which id.Organisation) error {
	return audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: action, SubjectKind: subjectOrganisation, SubjectID: int64(which)})
}
