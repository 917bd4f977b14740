package membership

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
)

// Post is a post in an organisation, or in the partnership itself. Who holds it changes; the post stays.
type Post struct {
	ID               id.Post
	OrganisationSlug string // empty for a post of the partnership itself
	OrganisationName string // of today
	Title            string
	Email            string
	Phone            string
	IsContact        bool // the public is told to write to it
	PublishesNames   bool // public pages name its holder besides the post
	StartsOn         day.Date
	EndsOn           day.Date
	ReviewedOn       day.Date // none: never
	HeldBy           []string // who holds it today
}

// PostHolder is somebody's time in a post.
type PostHolder struct {
	ID       id.PostHolder
	Name     string
	Email    string // of their account, if they have one
	StartsOn day.Date
	EndsOn   day.Date
}

// PostState narrows a list of posts.
type PostState string

// What a post can be looked for by.
const (
	PostContact PostState = "contact"
	PostEmpty   PostState = "empty"
	PostStale   PostState = "stale"
	PostEnded   PostState = "ended"
)

// PostStates lists them in the order of the filter.
func PostStates() []PostState { return []PostState{PostContact, PostEmpty, PostStale, PostEnded} }

// PostFilter narrows a list of posts; zero values mean any that has not ended.
type PostFilter struct {
	Organisation string // slug
	State        PostState
}

// PostCommand says what a post is.
type PostCommand struct {
	Organisation   string // slug; empty for the partnership itself. A post stays in its body
	Title          string
	Email          string
	Phone          string
	IsContact      bool
	PublishesNames bool
	StartsOn       day.Date // none: it always was so. Not changed later
}

func (c PostCommand) check() error {
	switch {
	case c.Title == "":
		return fault.Field("title", "Enter the title of the post")
	case c.IsContact && c.Email == "" && c.Phone == "":
		return errUnreachable
	}
	return nil
}

// HolderCommand says who holds a post from when.
type HolderCommand struct {
	Post     id.Post
	Name     string
	Account  string   // email address of their account, if they have one
	StartsOn day.Date // none: nobody knows
	EndsOn   day.Date
	Follows  bool // whoever holds it now does so until the day before
}

var (
	errNoPost       = fault.New(fault.NotFound, "There is no such post.")
	errNoHolder     = fault.New(fault.NotFound, "There is no such entry.")
	errUnreachable  = fault.Field("email", "Enter an email address or a telephone number: the public is told to write to this post")
	errNoAccount    = fault.Field("account", "Nobody with this email address has an account. Leave it empty if the person has none")
	errPostEnds     = fault.Field("ends", "Enter the last day")
	errErrorReason  = fault.Field("reason", "Enter what was wrong with it")
	errRetracted    = fault.New(fault.Conflict, "This was retracted already.")
	errFollowsOnDay = fault.Field("starts", "Enter the first day of the new holder")
)

const (
	subjectPost         = "post"
	actionPostAdded     = "post.added"
	actionPostChanged   = "post.changed"
	actionPostReviewed  = "post.reviewed"
	actionPostEnded     = "post.ended"
	actionPostRetracted = "post.retracted"
	actionPostHeld      = "post.held"
	actionHolderEnded   = "post.holder-ended"
	actionHolderError   = "post.holder-retracted"
)

// Posts lists the posts: those of the partnership itself first, then by body. Fault: Forbidden.
func (s *Service) Posts(ctx context.Context, by authz.Actor, f PostFilter) ([]Post, error) {
	if !CanEdit(by) {
		return nil, errMayNotEdit
	}
	return selectPosts(ctx, s.db, f, 0, day.Of(s.now()))
}

// Post reads one post with everybody who held it, the latest first. Faults: Forbidden, NotFound.
func (s *Service) Post(ctx context.Context, by authz.Actor, which id.Post) (Post, []PostHolder, error) {
	if !CanEdit(by) {
		return Post{}, nil, errMayNotEdit
	}
	p, err := selectPost(ctx, s.db, which, day.Of(s.now()))
	if err != nil {
		return Post{}, nil, err
	}
	holders, err := selectHolders(ctx, s.db, which)
	return p, holders, err
}

// AddPost adds a post, found right today. Faults: Forbidden, NotFound (the organisation), Invalid.
func (s *Service) AddPost(ctx context.Context, by authz.Actor, cmd PostCommand) (made id.Post, err error) {
	if err := mayEditAnd(by, cmd.check()); err != nil {
		return 0, err
	}
	at := s.now()
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		var body id.Organisation
		if cmd.Organisation != "" {
			o, err := lockOrganisation(ctx, tx, cmd.Organisation, day.Of(at))
			if err != nil {
				return err
			}
			body = o.ID
		}
		if made, err = insertPost(ctx, tx, body, cmd, day.Of(at)); err != nil {
			return err
		}
		return recordPost(ctx, tx, by, at, actionPostAdded, made)
	})
	return made, err
}

// ChangePost changes what a post is called and how it is reached. Its earlier wording is kept. Faults: Forbidden,
// NotFound, Invalid.
func (s *Service) ChangePost(ctx context.Context, by authz.Actor, which id.Post, cmd PostCommand) error {
	if err := mayEditAnd(by, cmd.check()); err != nil {
		return err
	}
	return s.onPost(ctx, by, which, actionPostChanged, func(tx pgx.Tx, _ Post, _ time.Time) error { return updatePost(ctx, tx, which, cmd) })
}

// ReviewPost says that the post was found right today. Faults: Forbidden, NotFound.
func (s *Service) ReviewPost(ctx context.Context, by authz.Actor, which id.Post) error {
	return s.onPost(ctx, by, which, actionPostReviewed, func(tx pgx.Tx, _ Post, at time.Time) error {
		return execPost(ctx, tx, `UPDATE post SET reviewed_on = @value::date WHERE id = @id`, int64(which), day.Of(at))
	})
}

// EndPost gives the post its last day, and with it whoever holds it. Faults: Forbidden, NotFound, Invalid.
func (s *Service) EndPost(ctx context.Context, by authz.Actor, which id.Post, last day.Date) error {
	return s.onPost(ctx, by, which, actionPostEnded, func(tx pgx.Tx, p Post, _ time.Time) error {
		switch {
		case last.IsZero():
			return errPostEnds
		case last.Before(p.StartsOn):
			return fault.Field("ends", "The last day must not be before the first day, "+p.StartsOn.Long())
		}
		if err := execPost(ctx, tx, `UPDATE post SET ends_on = @value::date WHERE id = @id`, int64(which), last); err != nil {
			return err
		}
		return endHoldersOf(ctx, tx, which, last)
	})
}

// RetractPost takes back a post that was entered in error. Faults: Forbidden, NotFound, Conflict (somebody holds it),
// Invalid (no reason).
func (s *Service) RetractPost(ctx context.Context, by authz.Actor, which id.Post, reason string) error {
	return s.onPost(ctx, by, which, actionPostRetracted, func(tx pgx.Tx, _ Post, _ time.Time) error {
		if strings.TrimSpace(reason) == "" {
			return errErrorReason
		}
		holders, err := selectHolders(ctx, tx, which)
		if err != nil {
			return err
		}
		if len(holders) > 0 {
			return fault.New(fault.Conflict, "Somebody is recorded as holding this post. Retract those entries first, or give the post its last day.")
		}
		return execPost(ctx, tx, `UPDATE post SET retracted_reason = @value WHERE id = @id`, int64(which), strings.TrimSpace(reason))
	})
}

// HoldPost records who holds a post from when. Faults: Forbidden, NotFound, Invalid.
func (s *Service) HoldPost(ctx context.Context, by authz.Actor, cmd HolderCommand) error {
	return s.onPost(ctx, by, cmd.Post, actionPostHeld, func(tx pgx.Tx, p Post, _ time.Time) error {
		switch {
		case cmd.Name == "":
			return fault.Field("name", "Enter the name of the holder")
		case cmd.Follows && cmd.StartsOn.IsZero():
			return errFollowsOnDay
		case !cmd.StartsOn.IsZero() && cmd.StartsOn.Before(p.StartsOn):
			return fault.Field("starts", "The post exists only from "+p.StartsOn.Long())
		case !cmd.EndsOn.IsZero() && cmd.EndsOn.Before(cmd.StartsOn):
			return fault.Field("ends", "The last day must not be before the first day")
		case !p.EndsOn.IsZero() && (cmd.EndsOn.IsZero() || cmd.EndsOn.After(p.EndsOn)):
			return fault.Field("ends", "The post exists only until "+p.EndsOn.Long())
		}
		if cmd.Follows {
			if err := endHoldersOf(ctx, tx, cmd.Post, cmd.StartsOn.Add(-1)); err != nil {
				return err
			}
		}
		return insertHolder(ctx, tx, cmd)
	})
}

// EndHolder gives somebody's time in a post its last day. Faults: Forbidden, NotFound, Invalid.
func (s *Service) EndHolder(ctx context.Context, by authz.Actor, post id.Post, which id.PostHolder, last day.Date) error {
	return s.onPost(ctx, by, post, actionHolderEnded, func(tx pgx.Tx, _ Post, _ time.Time) error {
		h, err := holderOf(ctx, tx, post, which)
		switch {
		case err != nil:
			return err
		case last.IsZero():
			return errPostEnds
		case last.Before(h.StartsOn):
			return fault.Field("ends", "The last day must not be before the first day, "+h.StartsOn.Long())
		}
		return execPost(ctx, tx, `UPDATE post_holder SET ends_on = @value::date WHERE id = @id`, int64(which), last)
	})
}

// RetractHolder takes back an entry of a holder that was made in error. Faults: Forbidden, NotFound, Invalid.
func (s *Service) RetractHolder(ctx context.Context, by authz.Actor, post id.Post, which id.PostHolder, reason string) error {
	return s.onPost(ctx, by, post, actionHolderError, func(tx pgx.Tx, _ Post, _ time.Time) error {
		if _, err := holderOf(ctx, tx, post, which); err != nil {
			return err
		}
		if strings.TrimSpace(reason) == "" {
			return errErrorReason
		}
		return execPost(ctx, tx, `UPDATE post_holder SET retracted_reason = @value WHERE id = @id`, int64(which), strings.TrimSpace(reason))
	})
}

func mayEditAnd(by authz.Actor, rule error) error {
	if !CanEdit(by) {
		return errMayNotEdit
	}
	return rule
}

// onPost does something to a post under its lock, and records it.
func (s *Service) onPost(ctx context.Context, by authz.Actor, which id.Post, action string, do func(pgx.Tx, Post, time.Time) error) error {
	if !CanEdit(by) {
		return errMayNotEdit
	}
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		p, err := lockPost(ctx, tx, which, day.Of(at))
		if err != nil {
			return err
		}
		if err := do(tx, p, at); err != nil {
			return err
		}
		return recordPost(ctx, tx, by, at, action, which)
	})
}

func recordPost(ctx context.Context, tx pgx.Tx, by authz.Actor, at time.Time, action string, which id.Post) error {
	return audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: action, SubjectKind: subjectPost, SubjectID: int64(which)})
}
