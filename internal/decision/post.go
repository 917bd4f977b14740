package decision

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
)

// Post is a post of the membership that can be chosen for a record: of a body, or of the partnership itself.
type Post struct {
	ID    id.Post
	Body  id.Organisation
	Title string
}

// Posts lists today's posts of the bodies whose records the actor writes, and those of the partnership. Fault: Forbidden.
func (s *Service) Posts(ctx context.Context, by authz.Actor) ([]Post, error) {
	if !by.Can(authz.EditDecision) {
		return nil, errMayNotEdit
	}
	rows, _ := s.db.Query(ctx, `
		SELECT id, coalesce(organisation_id, 0) AS body, title FROM post
		WHERE retracted_at IS NULL AND during @> @today::date AND (organisation_id IS NULL OR @all OR organisation_id = ANY (@bodies::bigint[]))
		ORDER BY lower(title), id`, pgx.StrictNamedArgs{"today": day.Of(s.now()), "all": deskSource(by).all, "bodies": OwnBodies(by)})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[Post])
	if err != nil {
		return nil, fmt.Errorf("read posts for a record: %w", err)
	}
	return list, nil
}

// PostOf finds the post of a body, or else of the partnership, by its title; none where it is in neither.
func PostOf(list []Post, body id.Organisation, title string) id.Post {
	for _, owner := range []id.Organisation{body, 0} {
		i := slices.IndexFunc(list, func(p Post) bool { return p.Body == owner && strings.EqualFold(p.Title, strings.TrimSpace(title)) })
		if i >= 0 {
			return list[i].ID
		}
	}
	return 0
}
