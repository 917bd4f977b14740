package account

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// Purpose says what a one-time link is for.
type Purpose string

// The purposes of links.
const (
	Invitation Purpose = "invitation"
	Reset      Purpose = "reset"
)

// How long links are good.
const (
	InvitationLife = 7 * 24 * time.Hour
	ResetLife      = time.Hour
)

// Links makes the tokens of one-time links from the installation's key. A token is kept nowhere: it is made anew from
// its row whenever a letter is sent, and only its digest is stored.
type Links struct{ key []byte }

// minKey is the least length of the installation's key.
const minKey = 32

// NewLinks takes the installation's key.
func NewLinks(key []byte) (Links, error) {
	if len(key) < minKey {
		return Links{}, fmt.Errorf("the key of one-time links has %d bytes, and needs %d", len(key), minKey)
	}
	return Links{key: key}, nil
}

func (l Links) token(p Purpose, account id.Account, nonce []byte) string {
	mac := hmac.New(sha256.New, l.key)
	mac.Write([]byte("one-time-link|" + string(p) + "|" + strconv.FormatInt(int64(account), 10) + "|"))
	mac.Write(nonce)
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func digest(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// Link is a one-time link without its token, as a letter or a page needs it.
type Link struct {
	ID        int64
	Account   id.Account
	Email     string
	Name      string
	Purpose   Purpose
	ExpiresAt time.Time
}

// ErrLinkOver is the answer to a link that is unknown, used, replaced or too old: they are not told apart.
var ErrLinkOver = fault.New(fault.NotFound, "This link has been used already, or is too old.")

// OpenLink reads a link that can still be used, without using it. Fault: NotFound.
func (s *Service) OpenLink(ctx context.Context, purpose Purpose, token string) (Link, error) {
	return oneLink(s.db.Query(ctx, linkColumns+`
		WHERE l.token_hash = @hash AND l.purpose = @purpose AND l.used_at IS NULL AND l.replaced_at IS NULL
		  AND l.expires_at > clock_timestamp() AND a.suspended_at IS NULL`,
		pgx.StrictNamedArgs{"hash": digest(token), "purpose": purpose}))
}

// LinkToken makes the token of a link anew, for the letter that carries it. Fault: NotFound if the link can't be
// used any more: then the letter need not be sent.
func (s *Service) LinkToken(ctx context.Context, linkID int64) (Link, string, error) {
	link, err := oneLink(s.db.Query(ctx, linkColumns+`
		WHERE l.id = @id AND l.used_at IS NULL AND l.replaced_at IS NULL AND l.expires_at > clock_timestamp() AND a.suspended_at IS NULL`,
		pgx.StrictNamedArgs{"id": linkID}))
	if err != nil {
		return Link{}, "", err
	}
	var nonce []byte
	if err := s.db.QueryRow(ctx, `SELECT nonce FROM one_time_link WHERE id = $1`, linkID).Scan(&nonce); err != nil {
		return Link{}, "", fmt.Errorf("read a link's nonce: %w", err)
	}
	return link, s.links.token(link.Purpose, link.Account, nonce), nil
}

const linkColumns = `
	SELECT l.id, l.account_id AS account, a.email, a.name, l.purpose, l.expires_at
	FROM one_time_link l JOIN account a ON a.id = l.account_id`

func oneLink(rows pgx.Rows, _ error) (Link, error) {
	link, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Link])
	if errors.Is(err, pgx.ErrNoRows) {
		return Link{}, ErrLinkOver
	}
	if err != nil {
		return Link{}, fmt.Errorf("read a link: %w", err)
	}
	return link, nil
}

// issueLink makes a link and puts earlier ones for the same purpose out of use.
func (l Links) issue(ctx context.Context, tx pgx.Tx, p Purpose, account id.Account, by authz.Actor) (int64, error) {
	if err := replaceLinks(ctx, tx, account, p); err != nil {
		return 0, err
	}
	life := InvitationLife
	if p == Reset {
		life = ResetLife
	}
	nonce := randomBytes(sha256.Size)
	var linkID int64
	err := tx.QueryRow(ctx, `
		INSERT INTO one_time_link (account_id, purpose, nonce, token_hash, issued_by, expires_at)
		VALUES (@account, @purpose, @nonce, @hash, nullif(@by::bigint, 0), clock_timestamp() + @life::interval) RETURNING id`,
		pgx.StrictNamedArgs{"account": account, "purpose": p, "nonce": nonce, "hash": digest(l.token(p, account, nonce)),
			"by": int64(by.Account), "life": life}).Scan(&linkID)
	if err != nil {
		return 0, fmt.Errorf("issue a link: %w", err)
	}
	return linkID, nil
}

// useLink uses a link up. Of any number of presses at once one succeeds.
func useLink(ctx context.Context, tx pgx.Tx, p Purpose, token string) (id.Account, error) {
	var account id.Account
	err := tx.QueryRow(ctx, `
		UPDATE one_time_link SET used_at = clock_timestamp()
		WHERE token_hash = @hash AND purpose = @purpose AND used_at IS NULL AND replaced_at IS NULL AND expires_at > clock_timestamp()
		RETURNING account_id`, pgx.StrictNamedArgs{"hash": digest(token), "purpose": p}).Scan(&account)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, ErrLinkOver
	}
	if err != nil {
		return 0, fmt.Errorf("use a link: %w", err)
	}
	return account, nil
}

// replaceLinks puts open links out of use: those of one purpose, or with none all of them.
func replaceLinks(ctx context.Context, db pg.DB, account id.Account, p Purpose) error {
	_, err := db.Exec(ctx, `
		UPDATE one_time_link SET replaced_at = clock_timestamp()
		WHERE account_id = @account AND (@purpose::text = '' OR purpose = @purpose) AND used_at IS NULL AND replaced_at IS NULL`,
		pgx.StrictNamedArgs{"account": account, "purpose": p})
	if err != nil {
		return fmt.Errorf("replace links: %w", err)
	}
	return nil
}
