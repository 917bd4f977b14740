package notify

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/account"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/jobs"
	"partnershipportal/internal/mail"
	"partnershipportal/internal/pg"
	"partnershipportal/web/letter"
	"partnershipportal/web/route"
)

// Links makes the token of a one-time link anew, while the link is good. *account.Service does.
type Links interface {
	LinkToken(ctx context.Context, link int64) (account.Link, string, error)
}

// Post hands letters over. Its methods are the jobs' work.
type Post struct {
	db     pg.DB
	sender mail.Sender // nil: the installation names no mail server
	links  Links
	base   string
}

// NewPost makes a Post. Without a sender letters stay in the database, and those with a one-time link are dropped.
func NewPost(db pg.DB, sender mail.Sender, links Links, base *url.URL) *Post {
	return &Post{db: db, sender: sender, links: links, base: strings.TrimSuffix(base.String(), "/")}
}

type letterRow struct {
	ID        id.Letter
	Email     string
	Name      string
	Subject   string
	BodyText  string
	BodyHTML  string
	CreatedAt time.Time
	Suspended bool
}

// Letter hands a letter over, once: one that was sent, kept or given up already is left alone. Only a portal that is
// killed between the mail server's "yes" and our own note of it sends twice, under the same Message-ID.
func (p *Post) Letter(ctx context.Context, which id.Letter, try jobs.Try) error {
	l, err := p.waiting(ctx, which)
	if errors.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if p.sender == nil {
		return p.note(ctx, which, `kept_at = clock_timestamp(), last_error = @reason`, "")
	}
	if l.Suspended {
		return p.note(ctx, which, `failed_at = clock_timestamp(), last_error = @reason`, "The account was suspended before the letter was sent.")
	}
	err = p.sender.Send(ctx, mail.Letter{Key: fmt.Sprintf("letter-%d.%d", l.ID, l.CreatedAt.Unix()), Name: l.Name, Email: l.Email,
		Subject: l.Subject, Text: l.BodyText, HTML: l.BodyHTML})
	if err == nil {
		return p.note(ctx, which, `sent_at = clock_timestamp(), last_error = @reason`, "")
	}
	if mail.Permanent(err) || try.Last {
		return errors.Join(p.note(ctx, which, `failed_at = clock_timestamp(), last_error = @reason`, mail.Reason(err)), jobs.GiveUp(err))
	}
	return errors.Join(err, p.note(ctx, which, `last_error = @reason`, mail.Reason(err)))
}

func (p *Post) waiting(ctx context.Context, which id.Letter) (letterRow, error) {
	rows, _ := p.db.Query(ctx, `
		SELECT l.id, l.email, l.name, l.subject, l.body_text, l.body_html, l.created_at, a.suspended_at IS NOT NULL AS suspended
		FROM letter l LEFT JOIN account a ON a.id = l.account_id
		WHERE l.id = @letter AND num_nonnulls(l.sent_at, l.kept_at, l.failed_at) = 0`, pgx.StrictNamedArgs{"letter": which})
	l, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[letterRow])
	if errors.Is(err, pgx.ErrNoRows) {
		return letterRow{}, errNoLetter
	}
	if err != nil {
		return letterRow{}, fmt.Errorf("read letter %d: %w", which, err)
	}
	return l, nil
}

// note keeps what became of a try. A stop of the portal doesn't keep it from being written.
func (p *Post) note(ctx context.Context, which id.Letter, set, reason string) error {
	const most = 1000
	if r := []rune(reason); len(r) > most {
		reason = string(r[:most])
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_, err := p.db.Exec(ctx, `UPDATE letter SET `+set+` WHERE id = @letter`, pgx.StrictNamedArgs{"letter": which, "reason": reason})
	if err != nil {
		return fmt.Errorf("note what became of letter %d: %w", which, err)
	}
	return nil
}

// LinkLetter makes and sends the letter of a one-time link. Nothing of it is kept or logged, and a link that is no longer
// good sends nothing.
func (p *Post) LinkLetter(ctx context.Context, link int64, try jobs.Try) error {
	if p.sender == nil {
		return nil
	}
	to, token, err := p.links.LinkToken(ctx, link)
	if errors.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the link of a letter: %w", err)
	}
	o, err := p.office(ctx)
	if err != nil {
		return err
	}
	until := day.Clock(to.ExpiresAt)
	l := letter.Invitation(o, p.base+route.InvitationTo(token), until)
	if to.Purpose == account.Reset {
		l = letter.PasswordReset(o, p.base+route.ResetPasswordTo(token), until)
	}
	l = l.To(to.Name)
	html, err := l.HTML(ctx)
	if err != nil {
		return err
	}
	err = p.sender.Send(ctx, mail.Letter{Key: fmt.Sprintf("link-%d.%d", to.ID, to.ExpiresAt.Unix()), Name: to.Name, Email: to.Email,
		Subject: l.Subject, Text: l.Text(), HTML: html})
	if mail.Permanent(err) || (err != nil && try.Last) {
		return jobs.GiveUp(err)
	}
	return err
}

func (p *Post) office(ctx context.Context) (letter.Office, error) {
	rows, _ := p.db.Query(ctx, `SELECT `+officeColumns+` FROM (SELECT 1) one LEFT JOIN partnership pa ON true`)
	o, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[officeRow])
	if err != nil {
		return letter.Office{}, fmt.Errorf("read the partnership for a letter: %w", err)
	}
	return o.office(), nil
}
