package group

import (
	"context"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/file"
	"partnershipportal/internal/id"
)

// seen is what an actor may see of the groups on a day.
type seen struct {
	all    bool // every group
	bodies []id.Organisation
	today  day.Date
}

func (s *Service) seenBy(by authz.Actor) seen {
	v := seen{all: by.Can(authz.ReadGroups), today: day.Of(s.now()), bodies: []id.Organisation{}}
	if by.Can(authz.FollowGroups) {
		v.bodies = append(v.bodies, bodies(by)...)
	}
	return v
}

// Groups lists the groups that the actor may see: all, or those of which one of their bodies is a member.
func (s *Service) Groups(ctx context.Context, by authz.Actor) ([]Line, error) {
	return selectGroups(ctx, s.db, s.seenBy(by))
}

// Group reads a group with its members, meetings and actions. Fault: NotFound.
func (s *Service) Group(ctx context.Context, by authz.Actor, slug string) (Group, error) {
	return selectGroup(ctx, s.db, s.seenBy(by), slug)
}

// Meeting reads a meeting of a group. Faults: NotFound.
func (s *Service) Meeting(ctx context.Context, by authz.Actor, slug string, which id.Meeting) (Group, Meeting, error) {
	g, err := s.Group(ctx, by, slug)
	if err != nil {
		return Group{}, Meeting{}, err
	}
	for _, m := range g.Meetings {
		if m.ID == which {
			err := fillMeeting(ctx, s.db, &m, CanEdit(by))
			for _, a := range g.Actions {
				if a.Meeting == m.ID {
					m.Actions = append(m.Actions, a)
				}
			}
			return g, m, err
		}
	}
	return Group{}, Meeting{}, errNoMeeting
}

// MeetingFile readies a paper or minutes for sending. Fault: NotFound.
func (s *Service) MeetingFile(ctx context.Context, by authz.Actor, slug string, which id.Meeting, paper id.File) (file.Content, error) {
	_, m, err := s.Meeting(ctx, by, slug, which)
	if err != nil {
		return file.Content{}, err
	}
	for _, f := range m.Files {
		if f.File == paper {
			return file.Open(ctx, s.db, paper)
		}
	}
	return file.Content{}, errNoFile
}

// Action reads an action with its steps: of a group that the actor may see, or owned by one of their bodies. Fault:
// NotFound.
func (s *Service) Action(ctx context.Context, by authz.Actor, slug string, number int) (Action, error) {
	v := s.seenBy(by)
	a, err := selectAction(ctx, s.db, v, slug, number)
	if err != nil {
		return Action{}, err
	}
	if a.Steps, err = selectSteps(ctx, s.db, a.ID); err != nil {
		return Action{}, err
	}
	_, a.SeesGroup, err = selectSees(ctx, s.db, v, slug)
	a.CanReport = a.State == Open && v.mayReport(by, a.Owner)
	return a, err
}

// mayReport tells whether the actor reports for the body that owns an action, or keeps the groups.
func (v seen) mayReport(by authz.Actor, owner id.Organisation) bool {
	if CanEdit(by) {
		return true
	}
	for _, b := range v.bodies {
		if b == owner {
			return true
		}
	}
	return false
}

// OwnActions lists the open actions of the actor's bodies, the first due first.
func (s *Service) OwnActions(ctx context.Context, by authz.Actor) ([]Action, error) {
	v := s.seenBy(by)
	if len(v.bodies) == 0 {
		return nil, nil
	}
	v.all = false
	return selectActions(ctx, s.db, v, `a.owner_id = ANY (@bodies) AND a.state = 'open' AND NOT @all`, `a.due_on, a.id`)
}

// Actions lists every action that the actor may see, open ones first.
func (s *Service) Actions(ctx context.Context, by authz.Actor) ([]Action, error) {
	return selectActions(ctx, s.db, s.seenBy(by), visible+` OR a.owner_id = ANY (@bodies)`, openFirst)
}

// Post is a recorded post that may take the chair.
type Post struct {
	ID    int64
	Title string
	Body  string // empty for the partnership's own
}

// ChairPosts lists the posts that may take the chair of a group: the partnership's own, and those of its members and of
// the safeguarding partners. Fault: Forbidden.
func (s *Service) ChairPosts(ctx context.Context, by authz.Actor, slug string) ([]Post, error) {
	if !CanEdit(by) {
		return nil, errMayNotEdit
	}
	return selectChairPosts(ctx, s.db, slug, day.Of(s.now()))
}
