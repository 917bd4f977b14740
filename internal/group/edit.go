package group

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/file"
	"partnershipportal/internal/id"
)

// AddCommand begins a group under its first name.
type AddCommand struct {
	Slug          string
	Name          string
	Purpose       string
	Chair         string // the post that takes the chair, in words
	ChairPost     int64  // or a recorded one
	Rhythm        string
	From          day.Date
	Demonstration bool
}

// ChangeCommand says anew what a group is for, who takes its chair and how often it meets.
type ChangeCommand struct {
	Slug      string
	Purpose   string
	Chair     string
	ChairPost int64
	Rhythm    string
}

var errTwoChairs = fault.Field("chair", "Either choose a recorded post or write one, not both")

// Add begins a group. Faults: Forbidden, Invalid.
func (s *Service) Add(ctx context.Context, by authz.Actor, c AddCommand) (made id.Group, err error) {
	switch {
	case !CanEdit(by):
		return 0, errMayNotEdit
	case c.From.IsZero():
		return 0, fault.Field("starts", "Enter the first day of the group")
	case c.ChairPost != 0 && c.Chair != "":
		return 0, errTwoChairs
	case c.Slug == "add": // the desk's page for adding one stands there
		return 0, fault.Field("slug", "This address is taken by the portal. Enter a different one")
	}
	at := s.now()
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		if made, err = insertGroup(ctx, tx, c); err != nil {
			return err
		}
		if err := insertName(ctx, tx, made, c.Name, day.Date{}); err != nil {
			return err
		}
		return record(ctx, tx, by, at, actionAdded, subjectGroup, int64(made))
	})
	return made, err
}

// Change says anew what the group is for. Faults: Forbidden, NotFound, Invalid.
func (s *Service) Change(ctx context.Context, by authz.Actor, c ChangeCommand) error {
	if c.ChairPost != 0 && c.Chair != "" {
		return errTwoChairs
	}
	return s.edit(ctx, by, c.Slug, func(tx pgx.Tx, g locked, at time.Time) error {
		if err := updateGroup(ctx, tx, g.ID, c); err != nil {
			return err
		}
		return record(ctx, tx, by, at, actionChanged, subjectGroup, int64(g.ID))
	})
}

// Rename gives the group another name from a day on; the earlier one stays for the days before. Faults: Forbidden,
// NotFound, Invalid.
func (s *Service) Rename(ctx context.Context, by authz.Actor, slug, name string, from day.Date) error {
	return s.edit(ctx, by, slug, func(tx pgx.Tx, g locked, at time.Time) error {
		if from.IsZero() || !from.After(g.StartsOn) {
			return fault.Field("starts", "The new name must begin after the first day of the group, "+g.StartsOn.Long())
		}
		if err := updateOpenName(ctx, tx, g.ID, from.Add(-1)); err != nil {
			return err
		}
		if err := insertName(ctx, tx, g.ID, name, from); err != nil {
			return err
		}
		return record(ctx, tx, by, at, actionRenamed, subjectGroup, int64(g.ID))
	})
}

// End says on which day the group ended. Memberships that last longer end with it. Faults: Forbidden, NotFound,
// Invalid (a meeting or a membership begins after that day).
func (s *Service) End(ctx context.Context, by authz.Actor, slug string, last day.Date) error {
	return s.edit(ctx, by, slug, func(tx pgx.Tx, g locked, at time.Time) error {
		if last.IsZero() || last.Before(g.StartsOn) {
			return fault.Field("ends", "The last day must not be before the first day, "+g.StartsOn.Long())
		}
		if err := updateMembersEnd(ctx, tx, g.ID, last); err != nil {
			return err
		}
		if err := updateGroupEnd(ctx, tx, g.ID, last); err != nil {
			return err
		}
		return record(ctx, tx, by, at, actionEnded, subjectGroup, int64(g.ID))
	})
}

// AddTerms adds terms of reference that hold from a day on. Earlier ones stay readable. Faults: Forbidden, NotFound,
// Invalid.
func (s *Service) AddTerms(ctx context.Context, by authz.Actor, slug string, from day.Date, terms file.AddCommand) error {
	if from.IsZero() {
		return fault.Field("starts", "Enter the first day on which the terms of reference hold")
	}
	return s.edit(ctx, by, slug, func(tx pgx.Tx, g locked, at time.Time) error {
		added, err := addFile(ctx, tx, by, terms)
		if err != nil {
			return err
		}
		if err := insertTerms(ctx, tx, g.ID, added, from); err != nil {
			return err
		}
		return record(ctx, tx, by, at, actionTermsAdded, subjectGroup, int64(g.ID))
	})
}

// MemberCommand makes a body a member of a group.
type MemberCommand struct {
	Slug string
	Body string // its name or its address
	From day.Date
	To   day.Date
}

// AddMember makes a body a member. Faults: Forbidden, NotFound, Invalid.
func (s *Service) AddMember(ctx context.Context, by authz.Actor, c MemberCommand) error {
	switch {
	case c.From.IsZero():
		return fault.Field("starts", "Enter the first day of the membership")
	case !c.To.IsZero() && c.To.Before(c.From):
		return fault.Field("ends", "The last day must not be before the first day")
	}
	return s.edit(ctx, by, c.Slug, func(tx pgx.Tx, g locked, at time.Time) error {
		body, err := findBody(ctx, tx, "body", c.Body, day.Of(at))
		if err != nil {
			return err
		}
		if c.To.IsZero() {
			c.To = g.EndsOn
		}
		if err := insertMember(ctx, tx, g.ID, body, c.From, c.To); err != nil {
			return err
		}
		return record(ctx, tx, by, at, actionMemberAdded, subjectGroup, int64(g.ID))
	})
}

// EndMember says on which day a body's membership ended. Faults: Forbidden, NotFound, Invalid.
func (s *Service) EndMember(ctx context.Context, by authz.Actor, slug string, member int64, last day.Date) error {
	return s.edit(ctx, by, slug, func(tx pgx.Tx, g locked, at time.Time) error {
		m, err := lockMember(ctx, tx, g.ID, member)
		if err != nil {
			return err
		}
		if last.IsZero() || last.Before(m.StartsOn) {
			return fault.Field("ends", "The last day must not be before the first day, "+m.StartsOn.Long())
		}
		if err := updateMemberEnd(ctx, tx, member, last); err != nil {
			return err
		}
		return record(ctx, tx, by, at, actionMemberEnded, subjectGroup, int64(g.ID))
	})
}

// RetractMember says that a membership was entered in error. It stays visible to those who keep the groups. Faults:
// Forbidden, NotFound, Invalid.
func (s *Service) RetractMember(ctx context.Context, by authz.Actor, slug string, member int64, reason string) error {
	if strings.TrimSpace(reason) == "" {
		return fault.Field("reason", "Say what was wrong")
	}
	return s.edit(ctx, by, slug, func(tx pgx.Tx, g locked, at time.Time) error {
		if _, err := lockMember(ctx, tx, g.ID, member); err != nil {
			return err
		}
		if err := retractMember(ctx, tx, member, reason); err != nil {
			return err
		}
		return record(ctx, tx, by, at, actionMemberRetracted, subjectGroup, int64(g.ID))
	})
}
