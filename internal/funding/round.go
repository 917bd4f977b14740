package funding

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/signoff"
)

// Check is what a round would put to the partners if it opened now.
type Check struct {
	Plan     Plan
	Content  []byte // the bytes that would be frozen
	Digest   string // their SHA-256 in hexadecimal
	Seats    []signoff.Seat
	Problems []string // what keeps a round from opening
	Warnings []string // what does not
}

var (
	errMayNotOpen  = fault.New(fault.Forbidden, "Only business support opens a round.")
	errChangedText = fault.New(fault.Conflict, "The year has changed since you checked it. Check it again.")
)

// content is what the partners sign of a year.
func (p Plan) content() Content {
	c := Content{FinancialYear: p.Year.String(), OpeningPence: p.Opening, ReviewDueOn: p.ReviewDueOn, Method: p.Method}
	for _, l := range p.Proposal {
		line := ContentLine{Line: l.ID, Organisation: l.Name, Slug: l.Slug, Form: l.Form, PayerTotalPence: l.Total, Pence: l.Pence, Valuation: l.Valuation,
			Estimated: l.IsEstimated, Purpose: l.Purpose, Conditions: l.Conditions, Note: l.Note, Decision: l.DecisionName}
		for _, part := range l.Parts {
			line.Parts = append(line.Parts, ContentPart(part))
		}
		c.Lines = append(c.Lines, line)
	}
	for _, b := range p.BudgetLines {
		if b.Pence > 0 {
			c.Budget = append(c.Budget, ContentBudget{Category: b.Name, Pence: b.Pence})
		}
	}
	return c
}

// Check freezes a year for the check page without keeping it, and lists the seats of today. Faults: Forbidden, NotFound,
// Conflict (the year stands still, or was agreed elsewhere).
func (s *Years) Check(ctx context.Context, by authz.Actor, year day.FinancialYear) (Check, error) {
	if !by.Can(authz.OpenRound) {
		return Check{}, errMayNotOpen
	}
	p, err := selectPlan(ctx, s.db, year)
	if err != nil {
		return Check{}, err
	}
	if err := p.proposal(); err != nil {
		return Check{}, err
	}
	c := Check{Plan: p, Problems: p.Needs(), Warnings: p.Warnings()}
	if c.Content, err = p.content().Freeze(); err != nil {
		return Check{}, err
	}
	c.Digest = digest(c.Content)
	if c.Seats, err = s.rounds.SeatsOn(ctx, signoff.OfYear(year), day.Of(s.now())); err != nil {
		return Check{}, err
	}
	if len(c.Seats) == 0 {
		c.Problems = append(c.Problems, "No safeguarding partner is on record for today.")
	}
	for _, seat := range c.Seats {
		if !seatCanAct(seat) {
			c.Warnings = append(c.Warnings, seat.OrganisationName+" has no lead officer or delegate today who could sign.")
		}
	}
	return c, nil
}

func seatCanAct(seat signoff.Seat) bool {
	for _, h := range seat.Holders {
		if h.Covers(signoff.AnnualBudget) {
			return true
		}
	}
	return false
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// OpenCommand opens a round on what the check page showed.
type OpenCommand struct {
	Year   day.FinancialYear
	Digest string   // of what was checked, in hexadecimal
	DueOn  day.Date // advisory; none if zero
}

// Open freezes a proposed year and puts it to every safeguarding partner. When all have signed, the database makes it
// agreed and each of its lines a contribution. Faults: Forbidden, NotFound, Conflict (the year stands still, or was
// changed since it was checked), Invalid (something is missing, or the due date lies in the past).
func (s *Years) Open(ctx context.Context, by authz.Actor, cmd OpenCommand) (round id.Round, err error) {
	if !by.Can(authz.OpenRound) {
		return 0, errMayNotOpen
	}
	at := s.now()
	if !cmd.DueOn.IsZero() && cmd.DueOn.Before(day.Of(at)) {
		return 0, fault.Field("due-on", "The due date must be today or later")
	}
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		if _, err := lockYear(ctx, tx, cmd.Year); err != nil {
			return err
		}
		p, err := selectPlan(ctx, tx, cmd.Year)
		if err != nil {
			return err
		}
		if err := p.proposal(); err != nil {
			return err
		}
		if needs := p.Needs(); len(needs) > 0 {
			return fault.New(fault.Invalid, "Still needed: "+needs[0])
		}
		content, err := p.content().Freeze()
		if err != nil {
			return err
		}
		if digest(content) != cmd.Digest {
			return errChangedText
		}
		// The year before may have been closed since the reserve was stated.
		_, err = tx.Exec(ctx, `UPDATE funding_year SET opening_pence = @opening WHERE financial_year = @year AND opening_pence <> @opening`,
			pgx.StrictNamedArgs{"year": cmd.Year, "opening": p.Opening})
		if err != nil {
			return fmt.Errorf("carry the reserve into %s: %w", cmd.Year, translateYear(err))
		}
		round, err = s.rounds.OpenRound(ctx, tx, by, at, signoff.OpenCommand{Paper: signoff.OfYear(cmd.Year), Content: content, Origin: signoff.Portal, DueOn: cmd.DueOn})
		return err
	})
	return round, err
}
