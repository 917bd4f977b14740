package notify

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// State is what has become of a letter.
type State string

// The states of a letter.
const (
	Waiting State = "waiting"
	Sent    State = "sent"
	Kept    State = "kept here"
	Failed  State = "failed"
)

// Message is a letter as business support sees it in the list.
type Message struct {
	ID        id.Letter
	Kind      Kind
	Name      string
	Email     string
	Subject   string
	CreatedAt time.Time
	EndedAt   time.Time // when it was sent, kept or given up; zero while it waits
	State     State
	LastError string // what stood in the way at the last try
}

// Letter is a message with its words.
type Letter struct {
	Message
	Text string
	HTML string
}

// Filter narrows the list. Zero values mean any.
type Filter struct {
	Kind      Kind
	Recipient string    // part of a name or address
	Before    id.Letter // older than this letter
}

// Page is a part of the list, newest first.
type Page struct {
	Messages []Message
	More     bool // there are older ones
}

// pageSize is how many letters a page of the list has.
const pageSize = 50

// Archive reads the letters that the portal has written.
type Archive struct {
	db     pg.DB
	leaves bool
}

// NewArchive makes an Archive. Leaves says that a mail server is set: without one, letters stay here.
func NewArchive(db pg.DB, leaves bool) *Archive { return &Archive{db: db, leaves: leaves} }

var (
	errNoLetter  = fault.New(fault.NotFound, "There is no such letter.")
	errNotToRead = fault.New(fault.Forbidden, "Only the business support team reads the letters of the portal.")
)

const messageColumns = `
	id, kind, name, email, subject, created_at, coalesce(sent_at, kept_at, failed_at, '0001-01-01T00:00:00Z') AS ended_at, last_error,
	CASE WHEN sent_at IS NOT NULL THEN 'sent' WHEN failed_at IS NOT NULL THEN 'failed'
	     WHEN kept_at IS NOT NULL OR NOT @leaves THEN 'kept here' ELSE 'waiting' END AS state`

// List reads a page of letters, newest first. Fault: Forbidden.
func (s *Archive) List(ctx context.Context, by authz.Actor, f Filter) (Page, error) {
	if !by.Can(authz.ReadLetters) {
		return Page{}, errNotToRead
	}
	args := pgx.StrictNamedArgs{"leaves": s.leaves, "most": pageSize + 1}
	var where []string
	if f.Kind != "" {
		where, args["kind"] = append(where, `kind = @kind`), f.Kind
	}
	if f.Recipient != "" {
		where = append(where, `(strpos(lower(name), @recipient) > 0 OR strpos(lower(email), @recipient) > 0)`)
		args["recipient"] = strings.ToLower(f.Recipient)
	}
	if f.Before != 0 {
		where, args["before"] = append(where, `id < @before`), f.Before
	}
	query := `SELECT ` + messageColumns + ` FROM letter`
	if len(where) > 0 {
		query += ` WHERE ` + strings.Join(where, ` AND `)
	}
	rows, _ := s.db.Query(ctx, query+` ORDER BY id DESC LIMIT @most`, args)
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[Message])
	if err != nil {
		return Page{}, fmt.Errorf("list letters: %w", err)
	}
	if len(found) > pageSize {
		return Page{Messages: found[:pageSize], More: true}, nil
	}
	return Page{Messages: found}, nil
}

// Read reads one letter as it was or will be sent. Faults: NotFound, Forbidden.
func (s *Archive) Read(ctx context.Context, by authz.Actor, which id.Letter) (Letter, error) {
	if !by.Can(authz.ReadLetters) {
		return Letter{}, errNotToRead
	}
	rows, _ := s.db.Query(ctx, `SELECT `+messageColumns+`, body_text AS text, body_html AS html FROM letter WHERE id = @letter`,
		pgx.StrictNamedArgs{"leaves": s.leaves, "letter": which})
	l, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Letter])
	if errors.Is(err, pgx.ErrNoRows) {
		return Letter{}, errNoLetter
	}
	if err != nil {
		return Letter{}, fmt.Errorf("read letter %d: %w", which, err)
	}
	return l, nil
}
