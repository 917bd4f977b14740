package membership

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// postClauses say in SQL what a state of the filter means. Without one, those are listed that have not ended.
var postClauses = map[PostState]string{
	"":          "(p.ends_on IS NULL OR p.ends_on >= @today::date)",
	PostContact: "(p.ends_on IS NULL OR p.ends_on >= @today::date) AND p.is_contact",
	PostEmpty:   "p.during @> @today::date AND NOT EXISTS (SELECT FROM post_holder h WHERE h.post_id = p.id AND h.retracted_at IS NULL AND h.during @> @today::date)",
	PostStale:   "p.during @> @today::date AND coalesce(p.reviewed_on, london_day(p.recorded_at)) < @today::date - 365",
	PostEnded:   "p.ends_on < @today::date",
}

const postColumns = `
	SELECT p.id, coalesce(o.slug, '') AS organisation_slug, coalesce(organisation_name_on(o.id, @today::date), '') AS organisation_name, p.title, p.email,
	       p.phone, p.is_contact, p.publishes_names, p.starts_on, p.ends_on, p.reviewed_on,
	       ARRAY(SELECT h.name FROM post_holder h WHERE h.post_id = p.id AND h.retracted_at IS NULL AND h.during @> @today::date ORDER BY h.name) AS held_by
	FROM post p LEFT JOIN organisation o ON o.id = p.organisation_id WHERE p.retracted_at IS NULL`

func selectPosts(ctx context.Context, db pg.DB, f PostFilter, which id.Post, today day.Date) ([]Post, error) {
	args := pgx.StrictNamedArgs{"today": today}
	var clauses []string
	if which != 0 {
		args["id"] = which
		clauses = append(clauses, "p.id = @id")
	} else {
		clauses = append(clauses, postClauses[f.State])
	}
	if f.Organisation != "" {
		args["organisation"] = f.Organisation
		clauses = append(clauses, "o.slug = @organisation AND o.retracted_at IS NULL")
	}
	rows, _ := db.Query(ctx, postColumns+" AND "+strings.Join(clauses, " AND ")+`
		ORDER BY o.id IS NOT NULL, organisation_name, p.title, p.id LIMIT 1000`, args)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[Post])
	if err != nil {
		return nil, fmt.Errorf("read the posts: %w", err)
	}
	return list, nil
}

func selectPost(ctx context.Context, db pg.DB, which id.Post, today day.Date) (Post, error) {
	if which == 0 {
		return Post{}, errNoPost
	}
	list, err := selectPosts(ctx, db, PostFilter{}, which, today)
	if err != nil {
		return Post{}, err
	}
	if len(list) != 1 {
		return Post{}, errNoPost
	}
	return list[0], nil
}

func lockPost(ctx context.Context, tx pgx.Tx, which id.Post, today day.Date) (Post, error) {
	var got int64
	err := tx.QueryRow(ctx, `SELECT id FROM post WHERE id = $1 AND retracted_at IS NULL FOR UPDATE`, which).Scan(&got)
	if errors.Is(err, pgx.ErrNoRows) {
		return Post{}, errNoPost
	}
	if err != nil {
		return Post{}, fmt.Errorf("lock post %d: %w", which, err)
	}
	return selectPost(ctx, tx, which, today)
}

func selectHolders(ctx context.Context, db pg.DB, post id.Post) ([]PostHolder, error) {
	rows, _ := db.Query(ctx, `
		SELECT h.id, h.name, coalesce(c.email, '') AS email, h.starts_on, h.ends_on
		FROM post_holder h LEFT JOIN account c ON c.id = h.account_id
		WHERE h.post_id = @post AND h.retracted_at IS NULL ORDER BY h.starts_on DESC NULLS LAST, h.id DESC`, pgx.StrictNamedArgs{"post": post})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[PostHolder])
	if err != nil {
		return nil, fmt.Errorf("read the holders of post %d: %w", post, err)
	}
	return list, nil
}

func holderOf(ctx context.Context, tx pgx.Tx, post id.Post, which id.PostHolder) (PostHolder, error) {
	list, err := selectHolders(ctx, tx, post)
	if err != nil {
		return PostHolder{}, err
	}
	i := slices.IndexFunc(list, func(h PostHolder) bool { return h.ID == which })
	if i < 0 {
		return PostHolder{}, errNoHolder
	}
	return list[i], nil
}

func insertPost(ctx context.Context, tx pgx.Tx, body id.Organisation, c PostCommand, today day.Date) (id.Post, error) {
	var made id.Post
	err := tx.QueryRow(ctx, `
		INSERT INTO post (organisation_id, title, email, phone, is_contact, publishes_names, starts_on, reviewed_on)
		VALUES (NULLIF(@body::bigint, 0), @title, @email, @phone, @contact, @names, @starts, @today) RETURNING id`,
		pgx.StrictNamedArgs{"body": body, "title": c.Title, "email": c.Email, "phone": c.Phone, "contact": c.IsContact, "names": c.PublishesNames,
			"starts": c.StartsOn, "today": today}).Scan(&made)
	if err != nil {
		return 0, fmt.Errorf("insert a post: %w", translate(err))
	}
	return made, nil
}

func updatePost(ctx context.Context, tx pgx.Tx, which id.Post, c PostCommand) error {
	_, err := tx.Exec(ctx, `
		UPDATE post SET title = @title, email = @email, phone = @phone, is_contact = @contact, publishes_names = @names WHERE id = @id`,
		pgx.StrictNamedArgs{"id": which, "title": c.Title, "email": c.Email, "phone": c.Phone, "contact": c.IsContact, "names": c.PublishesNames})
	if err != nil {
		return fmt.Errorf("change post %d: %w", which, translate(err))
	}
	return nil
}

// execPost sets one column of a post or of somebody's time in it.
func execPost(ctx context.Context, tx pgx.Tx, sql string, which int64, value any) error {
	if _, err := tx.Exec(ctx, sql, pgx.StrictNamedArgs{"id": which, "value": value}); err != nil {
		return fmt.Errorf("change a post: %w", translate(err))
	}
	return nil
}

// endHoldersOf ends whoever holds the post beyond a day; who begins only later stays for somebody to look at.
func endHoldersOf(ctx context.Context, tx pgx.Tx, post id.Post, last day.Date) error {
	_, err := tx.Exec(ctx, `
		UPDATE post_holder SET ends_on = @last::date WHERE post_id = @post AND retracted_at IS NULL AND coalesce(ends_on, 'infinity') > @last::date
		  AND coalesce(starts_on, '-infinity') <= @last::date`, pgx.StrictNamedArgs{"post": post, "last": last})
	if err != nil {
		return fmt.Errorf("end the holders of post %d: %w", post, translate(err))
	}
	return nil
}

func insertHolder(ctx context.Context, tx pgx.Tx, c HolderCommand) error {
	var account *int64
	if c.Account != "" {
		err := tx.QueryRow(ctx, `SELECT id FROM account WHERE email = @email`, pgx.StrictNamedArgs{"email": strings.ToLower(c.Account)}).Scan(&account)
		if errors.Is(err, pgx.ErrNoRows) {
			return errNoAccount
		}
		if err != nil {
			return fmt.Errorf("read the account of a holder: %w", err)
		}
	}
	_, err := tx.Exec(ctx, `INSERT INTO post_holder (post_id, name, account_id, starts_on, ends_on) VALUES (@post, @name, @account, @starts, @ends)`,
		pgx.StrictNamedArgs{"post": c.Post, "name": c.Name, "account": account, "starts": c.StartsOn, "ends": c.EndsOn})
	if err != nil {
		return fmt.Errorf("insert a holder of post %d: %w", c.Post, translate(err))
	}
	return nil
}

// PublicPost is a post to which anybody may write.
type PublicPost struct {
	Title   string
	Email   string
	Phone   string
	Holders []string // of today, only if the post publishes names
}

// ContactPosts lists the posts of a body to which anybody may write on a day; without a body, those of the partnership itself.
func (p *Public) ContactPosts(ctx context.Context, slug string, on day.Date) ([]PublicPost, error) {
	rows, _ := p.db.Query(ctx, `
		SELECT c.title, c.email, c.phone, c.holders FROM published.contact_post c LEFT JOIN published.organisation o ON o.id = c.organisation_id
		WHERE coalesce(o.slug, '') = @slug AND c.during @> @on::date ORDER BY c.title, c.id`, pgx.StrictNamedArgs{"slug": slug, "on": on})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[PublicPost])
	if err != nil {
		return nil, fmt.Errorf("read the contact posts of %q: %w", slug, err)
	}
	return list, nil
}
