package membership

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// ReaderCapacities lists in which capacities people read for an agency.
func ReaderCapacities() []string {
	return []string{"leader", "designated safeguarding lead", "governor", "practitioner"}
}

// Reader is a person who reads for a relevant agency.
type Reader struct {
	ID         id.Reader
	Name       string
	Email      string
	Post       string
	Capacity   string
	HasAccount bool // as staff of the agency
	StartsOn   day.Date
	EndsOn     day.Date
}

// ReaderCommand names a person who reads for an agency.
type ReaderCommand struct {
	Slug     string
	Name     string
	Email    string
	Post     string
	Capacity string
	From     day.Date
	To       day.Date // none: until further notice
}

func (c ReaderCommand) check() error {
	switch {
	case c.Name == "":
		return fault.Field("name", "Enter the person’s name")
	case c.Email == "":
		return fault.Field("email", "Enter an e-mail address, like name@example.org")
	case !slices.Contains(ReaderCapacities(), c.Capacity):
		return fault.Field("capacity", "Choose in which capacity the person reads")
	case c.From.IsZero():
		return fault.Field("starts", "Enter the first day")
	case !c.To.IsZero() && c.To.Before(c.From):
		return fault.Field("ends", "The last day must not be before the first day")
	}
	return nil
}

// ReaderChange corrects what is said of a reader.
type ReaderChange struct {
	Slug   string
	Reader id.Reader
	Name   string
	Email  string
	Post   string
}

var errNoReader = fault.New(fault.NotFound, "The agency has no such reader.")

// Readers lists those who read or read earlier for an agency, those of today first. Fault: Forbidden.
func (s *Service) Readers(ctx context.Context, by authz.Actor, slug string) ([]Reader, error) {
	if !CanEdit(by) {
		return nil, errMayNotEdit
	}
	return selectReaders(ctx, s.db, slug, day.Of(s.now()))
}

// NameReader names a person who reads for an agency. Faults: Forbidden, NotFound, Invalid, Conflict (no agency).
func (s *Service) NameReader(ctx context.Context, by authz.Actor, cmd ReaderCommand) (made id.Reader, err error) {
	if !CanEdit(by) {
		return 0, errMayNotEdit
	}
	cmd.Email = strings.ToLower(cmd.Email)
	if err := cmd.check(); err != nil {
		return 0, err
	}
	at := s.now()
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		o, err := lockOrganisation(ctx, tx, cmd.Slug, day.Of(at))
		if err != nil {
			return err
		}
		if made, err = insertReader(ctx, tx, o.ID, cmd); err != nil {
			return err
		}
		return recordReader(ctx, tx, by, at, actionReaderNamed, made)
	})
	return made, err
}

// ChangeReader corrects name, address and post of a reader; what was said before is kept. Faults: Forbidden, NotFound, Invalid.
func (s *Service) ChangeReader(ctx context.Context, by authz.Actor, cmd ReaderChange) error {
	cmd.Email = strings.ToLower(cmd.Email)
	switch {
	case cmd.Name == "":
		return fault.Field("name", "Enter the person’s name")
	case cmd.Email == "":
		return fault.Field("email", "Enter an e-mail address, like name@example.org")
	}
	return s.onReader(ctx, by, cmd.Slug, cmd.Reader, actionReaderChanged, func(tx pgx.Tx, _ term) error {
		_, err := tx.Exec(ctx, `
			UPDATE agency_reader r SET name = @name, email = @email, post = @post, account_id = `+staffAccount+`r.organisation_id)
			WHERE id = @id`, pgx.StrictNamedArgs{"id": cmd.Reader, "name": cmd.Name, "email": cmd.Email, "post": cmd.Post})
		if err != nil {
			return fmt.Errorf("change reader %d: %w", cmd.Reader, translate(err))
		}
		return nil
	})
}

// EndReader gives a reader a last day, or an earlier one. Faults: Forbidden, NotFound, Invalid.
func (s *Service) EndReader(ctx context.Context, by authz.Actor, slug string, which id.Reader, last day.Date) error {
	return s.onReader(ctx, by, slug, which, actionReaderEnded, func(tx pgx.Tx, t term) error {
		if err := checkEnd(t.StartsOn, t.EndsOn, last); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE agency_reader SET ends_on = @last WHERE id = @id`, pgx.StrictNamedArgs{"id": which, "last": last})
		if err != nil {
			return fmt.Errorf("end reader %d: %w", which, translate(err))
		}
		return nil
	})
}

// RetractReader takes back a reader who was entered in error. Faults: Forbidden, NotFound, Invalid.
func (s *Service) RetractReader(ctx context.Context, by authz.Actor, slug string, which id.Reader, reason string) error {
	if reason == "" {
		return fault.Field("reason", "Enter why the entry is wrong")
	}
	return s.onReader(ctx, by, slug, which, actionReaderRetracted, func(tx pgx.Tx, _ term) error {
		_, err := tx.Exec(ctx, `UPDATE agency_reader SET retracted_reason = @reason WHERE id = @id`, pgx.StrictNamedArgs{"id": which, "reason": reason})
		if err != nil {
			return fmt.Errorf("retract reader %d: %w", which, translate(err))
		}
		return nil
	})
}

// onReader locks a reader, does something to them and records it.
func (s *Service) onReader(ctx context.Context, by authz.Actor, slug string, which id.Reader, action string, do func(pgx.Tx, term) error) error {
	if !CanEdit(by) {
		return errMayNotEdit
	}
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `
			SELECT r.starts_on, r.ends_on FROM agency_reader r JOIN organisation o ON o.id = r.organisation_id
			WHERE r.id = @id AND o.slug = @slug AND r.retracted_at IS NULL AND o.retracted_at IS NULL FOR UPDATE OF r`, pgx.StrictNamedArgs{"id": which, "slug": slug})
		found, err := pgx.CollectRows(rows, pgx.RowToStructByName[term])
		if err != nil {
			return fmt.Errorf("lock reader %d: %w", which, err)
		}
		if len(found) == 0 {
			return errNoReader
		}
		if err := do(tx, found[0]); err != nil {
			return err
		}
		return recordReader(ctx, tx, by, at, action, which)
	})
}

func recordReader(ctx context.Context, tx pgx.Tx, by authz.Actor, at time.Time, action string, which id.Reader) error {
	return audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: action, SubjectKind: subjectReader, SubjectID: int64(which)})
}

// staffAccount is the account with the address @email, if it is one of the staff of the agency that is to follow.
const staffAccount = `(SELECT a.id FROM account a JOIN role_grant g ON g.account_id = a.id
	WHERE a.email = @email AND g.role = 'agency-staff' AND g.ended_at IS NULL AND g.organisation_id = `

func insertReader(ctx context.Context, tx pgx.Tx, of id.Organisation, c ReaderCommand) (id.Reader, error) {
	var made id.Reader
	err := tx.QueryRow(ctx, `
		INSERT INTO agency_reader (organisation_id, account_id, name, email, post, capacity, starts_on, ends_on)
		VALUES (@of, `+staffAccount+`@of), @name, @email, @post, @capacity, @from, @to) RETURNING id`,
		pgx.StrictNamedArgs{"of": of, "name": c.Name, "email": c.Email, "post": c.Post, "capacity": c.Capacity, "from": c.From, "to": c.To}).Scan(&made)
	if err != nil {
		return 0, fmt.Errorf("insert a reader of organisation %d: %w", of, translate(err))
	}
	return made, nil
}

func selectReaders(ctx context.Context, db pg.DB, slug string, today day.Date) ([]Reader, error) {
	rows, _ := db.Query(ctx, `
		SELECT r.id, r.name, r.email, r.post, r.capacity, r.starts_on, r.ends_on,
		       EXISTS (SELECT FROM account a JOIN role_grant g ON g.account_id = a.id WHERE (a.id = r.account_id OR a.email = r.email)
		               AND g.role = 'agency-staff' AND g.organisation_id = r.organisation_id AND g.ended_at IS NULL) AS has_account
		FROM agency_reader r JOIN organisation o ON o.id = r.organisation_id
		WHERE o.slug = @slug AND o.retracted_at IS NULL AND r.retracted_at IS NULL
		ORDER BY r.during @> @today::date DESC, lower(r.name), r.starts_on, r.id`, pgx.StrictNamedArgs{"slug": slug, "today": today})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[Reader])
	if err != nil {
		return nil, fmt.Errorf("read the readers of %q: %w", slug, err)
	}
	return list, nil
}
