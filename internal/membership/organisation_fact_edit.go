package membership

import (
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
)

// Facts lists the dated facts of an organisation, with those that were retracted. Faults: Forbidden, NotFound.
func (s *Service) Facts(ctx context.Context, by authz.Actor, slug string) ([]Fact, error) {
	if !CanEdit(by) {
		return nil, errMayNotEdit
	}
	return selectFacts(ctx, s.db, slug)
}

// change does something to one organisation, whose row it locks, and keeps the deed.
func (s *Service) change(ctx context.Context, by authz.Actor, slug, action string, do func(tx pgx.Tx, o Organisation) error) error {
	if !CanEdit(by) {
		return errMayNotEdit
	}
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		o, err := lockOrganisation(ctx, tx, slug, day.Of(at))
		if err != nil {
			return err
		}
		if err := do(tx, o); err != nil {
			return err
		}
		return recordOrganisation(ctx, tx, by, at, action, o.ID)
	})
}

// EditOrganisation changes the kind and the note of an organisation. Faults: Forbidden, NotFound, Invalid.
func (s *Service) EditOrganisation(ctx context.Context, by authz.Actor, cmd EditCommand) error {
	return s.change(ctx, by, cmd.Slug, actionEdited, func(tx pgx.Tx, o Organisation) error {
		if !slices.Contains(OrganisationKinds(), cmd.Kind) {
			return fault.Field("kind", "Choose the kind of organisation")
		}
		return updateOrganisation(ctx, tx, o.ID, cmd)
	})
}

// AddIdentifier gives an organisation a code; the one of the same register before it ends on the day before. Faults:
// Forbidden, NotFound, Invalid (also if another organisation has the code).
func (s *Service) AddIdentifier(ctx context.Context, by authz.Actor, cmd IdentifierCommand) error {
	return s.change(ctx, by, cmd.Slug, actionIdentified, func(tx pgx.Tx, o Organisation) error {
		cmd, err := cmd.checked()
		if err != nil {
			return err
		}
		if err := endFactBefore(ctx, tx, "organisation_identifier", o.ID, cmd.Scheme, cmd.From); err != nil {
			return err
		}
		return insertIdentifier(ctx, tx, o.ID, cmd)
	})
}

// AddAddress gives an organisation an address; the one before it ends on the day before. Faults: Forbidden, NotFound,
// Invalid.
func (s *Service) AddAddress(ctx context.Context, by authz.Actor, cmd AddressCommand) error {
	return s.change(ctx, by, cmd.Slug, actionAddressed, func(tx pgx.Tx, o Organisation) error {
		cmd, err := cmd.checked()
		if err != nil {
			return err
		}
		if err := endFactBefore(ctx, tx, "organisation_address", o.ID, "", cmd.From); err != nil {
			return err
		}
		return insertAddress(ctx, tx, o.ID, cmd)
	})
}

// ShareArea gives a safeguarding partner a further area from a day on: rounds that open from then on have a seat for it
// there. Faults: Forbidden, NotFound, Invalid (day, area), Conflict (it shares the area already).
func (s *Service) ShareArea(ctx context.Context, by authz.Actor, cmd ShareCommand) error {
	return s.change(ctx, by, cmd.Slug, actionShared, func(tx pgx.Tx, _ Organisation) error {
		t, err := lockPartnerTerm(ctx, tx, cmd.Slug, cmd.Partner)
		if err != nil {
			return err
		}
		switch {
		case cmd.Area == 0:
			return fault.Field("area", "Choose an area")
		case cmd.From.IsZero():
			return fault.Field("starts", "Enter the first day")
		case cmd.From.Before(t.StartsOn) || (!t.EndsOn.IsZero() && cmd.From.After(t.EndsOn)):
			return fault.Field("starts", "The first day must be within its time as safeguarding partner")
		}
		return insertShare(ctx, tx, cmd)
	})
}

// EndShare says on which day a partner shares an area for the last time. Faults: Forbidden, NotFound, Invalid.
func (s *Service) EndShare(ctx context.Context, by authz.Actor, slug string, share int64, last day.Date) error {
	return s.change(ctx, by, slug, actionUnshared, func(tx pgx.Tx, o Organisation) error {
		f, err := lockFact(ctx, tx, o.ID, ShareFact, share)
		if err != nil {
			return err
		}
		if err := checkEnd(f.StartsOn, f.EndsOn, last); err != nil {
			return err
		}
		return updateShareEnd(ctx, tx, share, last)
	})
}

// Retract takes back one fact that was entered in error; what it cut short goes on again. Faults: Forbidden, NotFound,
// Invalid (reason, the only name), Conflict (something hangs on it).
func (s *Service) Retract(ctx context.Context, by authz.Actor, cmd RetractCommand) error {
	return s.change(ctx, by, cmd.Slug, actionRetracted, func(tx pgx.Tx, o Organisation) error {
		f, err := lockFact(ctx, tx, o.ID, cmd.Kind, cmd.Row)
		if err != nil {
			return err
		}
		if cmd.Reason = strings.TrimSpace(cmd.Reason); cmd.Reason == "" {
			return errNoWhy
		}
		if err := refuseRetraction(ctx, tx, o, f, cmd); err != nil {
			return err
		}
		if err := retractFact(ctx, tx, f, cmd.Reason); err != nil {
			return err
		}
		if f.Kind == NameFact && cmd.Right != "" {
			return insertNameFor(ctx, tx, o.ID, cmd.Right, f.StartsOn, f.EndsOn)
		}
		return mendBefore(ctx, tx, o.ID, f)
	})
}

func refuseRetraction(ctx context.Context, tx pgx.Tx, o Organisation, f Fact, cmd RetractCommand) error {
	switch f.Kind {
	case NameFact:
		if len(o.Names) == 1 && cmd.Right == "" {
			return errOnlyName
		}
		if cmd.Right == f.Words {
			return fault.Field("right", "This is the name that is retracted. Enter another one")
		}
	case ShareFact:
		hangs, err := selectHangingOnShare(ctx, tx, f.Row)
		if err != nil {
			return err
		}
		if hangs != "" {
			return fault.New(fault.Conflict, "The organisation has "+hangs+", so the area stays on record. Set its last day instead.")
		}
		if one, err := selectOnlyShare(ctx, tx, f.Partner); err != nil || one {
			if err == nil {
				err = errOnlyArea
			}
			return err
		}
	}
	return nil
}

// RetractOrganisation takes back an organisation that was entered in error. Faults: Forbidden, NotFound, Invalid
// (reason), Conflict (something hangs on it).
func (s *Service) RetractOrganisation(ctx context.Context, by authz.Actor, slug, reason string) error {
	return s.change(ctx, by, slug, actionRetracted, func(tx pgx.Tx, o Organisation) error {
		if reason = strings.TrimSpace(reason); reason == "" {
			return errNoWhy
		}
		return updateOrganisationRetracted(ctx, tx, o.ID, reason)
	})
}

// SharesOf gives the areas that a partner shares, among the facts of its organisation.
func SharesOf(facts []Fact, partner id.Partner) []Fact {
	var list []Fact
	for _, f := range facts {
		if f.Kind == ShareFact && f.Partner == partner && f.Retracted == nil {
			list = append(list, f)
		}
	}
	return list
}
