package arrangement

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/signoff"
)

// Check is what a round would put to the partners if it opened now.
type Check struct {
	Draft    Draft
	Content  []byte // the bytes that would be frozen
	Digest   string // their SHA-256 in hexadecimal
	SeatsOn  day.Date
	Seats    []signoff.Seat
	Problems []string       // what keeps a round from opening
	Warnings []string       // what does not
	Named    int            // relevant agencies that the text names
	Unnamed  []AgencyChoice // the first of those of the day that it does not name
	Missing  int            // how many these are in all
	Coverage DraftCoverage
	Musts    []string // confirmed musts that nothing covers; sign-offs made elsewhere can be entered all the same
}

// Check freezes the text for the check page without keeping it, and lists the seats of a day: today, or for sign-offs
// made elsewhere the day stated.
// Faults: NotFound, Forbidden, Conflict (frozen, published or discarded).
func (s *Service) Check(ctx context.Context, by authz.Actor, ref Ref, seatsOn day.Date) (Check, error) {
	if !by.Can(authz.OpenRound) {
		return Check{}, fault.New(fault.Forbidden, "Only business support opens a round.")
	}
	d, err := selectDraft(ctx, s.db, by, ref)
	if err != nil {
		return Check{}, err
	}
	if err := d.CanEdit(by); err != nil {
		return Check{}, err
	}
	if seatsOn.IsZero() {
		seatsOn = day.Of(s.now())
	}
	c := Check{Draft: d, SeatsOn: seatsOn, Problems: d.Problems()}
	if c.Content, err = freeze(ctx, s.db, d); err != nil {
		return Check{}, err
	}
	c.Digest = hex.EncodeToString(Digest(c.Content))
	if c.Seats, err = s.rounds.SeatsOn(ctx, signoff.OfVersion(d.ID), seatsOn); err != nil {
		return Check{}, err
	}
	if len(c.Seats) == 0 {
		c.Problems = append(c.Problems, "No safeguarding partner of the document's areas is on record for "+seatsOn.Long()+".")
	}
	for _, seat := range c.Seats {
		if !slices.ContainsFunc(seat.Holders, func(h signoff.Holder) bool { return h.Covers(d.DocumentKind) }) {
			c.Warnings = append(c.Warnings, seat.OrganisationName+" has no lead officer or delegate today who could sign.")
		}
	}
	taken, err := effectiveDayTaken(ctx, s.db, d)
	if err != nil {
		return Check{}, err
	}
	if taken {
		c.Problems = append(c.Problems, "Another published version takes effect on the same day.")
	}
	if err := s.checkAgencies(ctx, &c); err != nil {
		return Check{}, err
	}
	if err := checkCoverage(ctx, s.db, &c); err != nil {
		return Check{}, err
	}
	if !d.EffectiveFrom.IsZero() && d.EffectiveFrom.Before(day.Of(s.now())) {
		c.Warnings = append(c.Warnings, "The effective day lies in the past: "+d.EffectiveFrom.Long()+".")
	}
	return c, nil
}

// unnamedShown is how many of the agencies that are not named the check lists.
const unnamedShown = 10

// checkAgencies says which agencies the text names and which of the day it does not.
func (s *Service) checkAgencies(ctx context.Context, c *Check) error {
	named, missing, former, err := countAgencies(ctx, s.db, c.Draft)
	if err != nil {
		return err
	}
	c.Named, c.Missing = named, missing
	if former > 0 {
		c.Warnings = append(c.Warnings, fmt.Sprintf("The text names %d that will be no relevant agency on its first day.", former))
	}
	if missing == 0 {
		return nil
	}
	c.Unnamed, _, err = selectAgencyChoices(ctx, s.db, c.Draft, AgencyQuery{}, unnamedShown)
	c.Unnamed = c.Unnamed[:min(len(c.Unnamed), unnamedShown)]
	return err
}

// OpenCommand opens a round on what the check page showed.
type OpenCommand struct {
	Ref    Ref
	Digest string   // of the text that was checked, in hexadecimal
	DueOn  day.Date // advisory; none if zero
}

// Open freezes the draft's text and puts it to every safeguarding partner.
// Faults: NotFound, Forbidden, Conflict (not a draft, text changed since it was checked), Invalid (due date, problems).
func (s *Service) Open(ctx context.Context, by authz.Actor, cmd OpenCommand) (round id.Round, err error) {
	at := s.now()
	if !cmd.DueOn.IsZero() && cmd.DueOn.Before(day.Of(at)) {
		return 0, fault.Field("due-on", "The due date must be today or later")
	}
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		d, content, err := lockChecked(ctx, tx, by, cmd.Ref, cmd.Digest, authz.OpenRound)
		if err != nil {
			return err
		}
		coverage, err := selectCoverage(ctx, tx, d)
		if err != nil {
			return err
		}
		if musts := coverage.Musts(); len(musts) > 0 {
			return fault.New(fault.Invalid, strings.Join(musts, " "))
		}
		round, err = s.rounds.OpenRound(ctx, tx, by, at, signoff.OpenCommand{Paper: signoff.OfVersion(d.ID), Content: content, Origin: signoff.Portal, DueOn: cmd.DueOn})
		return err
	})
	return round, err
}

// RecordedCommand enters sign-offs that were made elsewhere, on the text as drafted.
type RecordedCommand struct {
	Ref     Ref
	Digest  string   // of the text that was checked, in hexadecimal
	SeatsOn day.Date // the day whose safeguarding partners signed
	Acts    []signoff.RecordedAct
}

// EnterRecorded freezes the draft's text and writes down who signed it elsewhere. Another person confirms.
// Faults: NotFound, Forbidden, Conflict (not a draft, text changed), Invalid (a partner, day or source missing).
func (s *Service) EnterRecorded(ctx context.Context, by authz.Actor, cmd RecordedCommand) (round id.Round, err error) {
	at := s.now()
	if cmd.SeatsOn.IsZero() || cmd.SeatsOn.After(day.Of(at)) {
		return 0, fault.Field("seats-on", "Enter the day of the sign-offs. It can't lie in the future")
	}
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		d, content, err := lockChecked(ctx, tx, by, cmd.Ref, cmd.Digest, authz.EnterRecorded)
		if err != nil {
			return err
		}
		round, err = s.rounds.OpenRound(ctx, tx, by, at, signoff.OpenCommand{Paper: signoff.OfVersion(d.ID), Content: content, Origin: signoff.Recorded, SeatsOn: cmd.SeatsOn})
		if err != nil {
			return err
		}
		return s.rounds.EnterRecorded(ctx, tx, by, at, round, cmd.Acts)
	})
	return round, err
}

// lockChecked locks the draft and freezes it, and refuses if that is not what was checked.
func lockChecked(ctx context.Context, tx pgx.Tx, by authz.Actor, ref Ref, digest string, permission authz.Permission) (Draft, []byte, error) {
	d, err := lockDraft(ctx, tx, by, ref)
	if err != nil {
		return Draft{}, nil, err
	}
	if !by.Can(permission) {
		return Draft{}, nil, fault.New(fault.Forbidden, "Only business support opens a round.")
	}
	if err := d.CanEdit(by); err != nil {
		return Draft{}, nil, err
	}
	if problems := d.Problems(); len(problems) > 0 {
		return Draft{}, nil, fault.New(fault.Invalid, strings.Join(problems, " "))
	}
	content, err := freeze(ctx, tx, d)
	if err != nil {
		return Draft{}, nil, err
	}
	if hex.EncodeToString(Digest(content)) != digest {
		return Draft{}, nil, fault.New(fault.Conflict, "The text has changed since you checked it. Check it again.")
	}
	taken, err := effectiveDayTaken(ctx, tx, d)
	if err != nil {
		return Draft{}, nil, err
	}
	if taken {
		return Draft{}, nil, fault.New(fault.Conflict, "Another published version takes effect on the same day. Change the effective day.")
	}
	// An earlier round's day of publication must not publish this one.
	if _, err := tx.Exec(ctx, `UPDATE version SET scheduled_on = NULL, scheduled_by = NULL WHERE id = @version`, pgx.StrictNamedArgs{"version": int64(d.ID)}); err != nil {
		return Draft{}, nil, fmt.Errorf("clear schedule of %s: %w", ref, translate(err))
	}
	return d, content, nil
}

// freeze writes the draft as the bytes that would be signed.
func freeze(ctx context.Context, q pg.DB, d Draft) ([]byte, error) {
	var partnership string
	if err := q.QueryRow(ctx, `SELECT coalesce((SELECT name FROM partnership), '')`).Scan(&partnership); err != nil {
		return nil, fmt.Errorf("read the partnership's name: %w", err)
	}
	c := Content{Partnership: partnership, Document: ContentPaper{Slug: d.Ref.Slug, Kind: d.DocumentKind}, Number: d.Ref.Number, Title: d.Title,
		GuidanceEdition: d.Guidance.Title, EffectiveFrom: d.EffectiveFrom, Areas: d.Areas}
	for _, section := range d.Sections {
		c.Sections = append(c.Sections, Text{Heading: section.Heading, Markdown: section.Markdown})
	}
	agencies, err := frozenAgencies(ctx, q, d)
	if err != nil {
		return nil, err
	}
	c.Agencies = agencies
	if c.Coverage, err = frozenCoverage(ctx, q, d); err != nil {
		return nil, err
	}
	return c.Freeze()
}
