package funding

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/money"
)

// LineCommand puts or changes what one organisation is to give. Our part follows from the total and the parts.
type LineCommand struct {
	Year         day.FinancialYear
	ID           id.FundingLine // 0 for a new line
	Revision     int            // of the line that the page showed
	Organisation string         // slug
	Form         Form
	Total        money.Pence // what the payer gives in all
	Parts        []Part      // none: the total is all ours
	Valuation    string
	Estimated    bool
	Purpose      string
	Conditions   string
	Note         string
	Decision     id.Decision // the record that authorised it, or 0
}

func (c LineCommand) check() error {
	switch {
	case c.Organisation == "":
		return fault.Field("organisation", "Choose the organisation that is to give the contribution")
	case !slices.Contains(Forms(), c.Form):
		return fault.Field("form", "Choose whether it is cash or in kind")
	case c.Total <= 0:
		return fault.Field("amount", "The amount must be more than £0")
	case c.Total > money.Most:
		return fault.Field("amount", "The amount must be "+money.Most.Words()+" or less")
	case !slices.Contains(Purposes(), c.Purpose):
		return fault.Field("purpose", "Choose what the contribution is for")
	case c.Form == InKind && plainText(c.Valuation) == "":
		return fault.Field("valuation", "Enter how the contribution in kind was valued")
	case c.Form == Cash && plainText(c.Valuation) != "":
		return fault.Field("valuation", "Cash needs no valuation. Delete it, or choose in kind")
	case c.Form == Cash && c.Estimated:
		return fault.Field("estimated", "Cash is not estimated. Untick the box, or choose in kind")
	}
	return nil
}

// tidy checks the command and its parts.
func (c LineCommand) tidy() (LineCommand, error) {
	if err := c.check(); err != nil {
		return c, err
	}
	var err error
	c.Parts, err = tidyParts(c.Parts)
	return c, err
}

var (
	errNoPlanLine = fault.New(fault.NotFound, "There is no such line in this year.")
	errStaleLine  = fault.New(fault.Conflict, "Somebody else has changed this line since you opened the page. Look at it as it is now, then send the form again.")
)

// SaveLine puts a new line into a proposed year or changes one of it. Faults: Forbidden, NotFound, Conflict (the year
// stands still, or the line was changed or removed since the page was opened), Invalid of the fields organisation, form,
// amount, parts, part-label-1, part-weight-1, purpose, valuation, estimated, conditions, note and decision.
func (s *Years) SaveLine(ctx context.Context, by authz.Actor, cmd LineCommand) (made id.FundingLine, err error) {
	cmd, err = cmd.tidy()
	if err != nil {
		return 0, err
	}
	action := actionChanged
	if cmd.ID == 0 {
		action = actionAdded
	}
	err = s.edit(ctx, by, editing{year: cmd.Year, action: action, subject: lineSubject,
		change: func(ctx context.Context, tx pgx.Tx, h Head) (int64, string, string, error) {
			before, after, err := "", "", error(nil)
			made, before, after, err = saveLine(ctx, tx, by, h, cmd)
			return int64(made), before, after, err
		}})
	return made, err
}

// saveLine writes a line of a locked year and says what it was before and is after.
func saveLine(ctx context.Context, tx pgx.Tx, by authz.Actor, h Head, cmd LineCommand) (made id.FundingLine, before, after string, err error) {
	if err := h.proposal(); err != nil {
		return 0, "", "", err
	}
	body, err := selectPayer(ctx, tx, cmd.Organisation)
	if err != nil {
		return 0, "", "", err
	}
	if cmd.ID == 0 {
		made, err = insertLine(ctx, tx, by, body, cmd)
		return made, "", cmd.state(), err
	}
	was, err := selectPlanLines(ctx, tx, cmd.Year, cmd.ID)
	if err != nil {
		return 0, "", "", err
	}
	if len(was) == 0 || was[0].Revision != cmd.Revision {
		return 0, "", "", errStaleLine
	}
	return cmd.ID, was[0].state(), cmd.state(), updateLine(ctx, tx, by, body, cmd)
}

// proposal says why the lines of the year can't be changed; nil if they can.
func (h Head) proposal() error {
	if h.Origin == Elsewhere {
		return errNoLines
	}
	return h.standing()
}

func (c LineCommand) state() string {
	return lineState(c.Organisation, c.Form, c.Total, OurPart(c.Total, c.Parts))
}

func (l PlanLine) state() string { return lineState(l.Slug, l.Form, l.Total, l.Pence) }

func lineState(slug string, form Form, total, ours money.Pence) string {
	words := slug + ": " + ours.Words() + " " + formWords(form)
	if ours != total {
		words += " of " + total.Words()
	}
	return words
}

// RemoveLine takes a line out of a proposed year. Faults: Forbidden, NotFound, Conflict.
func (s *Years) RemoveLine(ctx context.Context, by authz.Actor, year day.FinancialYear, which id.FundingLine, revision int) error {
	return s.edit(ctx, by, editing{year: year, action: actionRemoved, subject: lineSubject,
		change: func(ctx context.Context, tx pgx.Tx, h Head) (int64, string, string, error) {
			before, err := removeLine(ctx, tx, by, h, which, revision)
			return int64(which), before, "removed", err
		}})
}

func removeLine(ctx context.Context, tx pgx.Tx, by authz.Actor, h Head, which id.FundingLine, revision int) (before string, err error) {
	if err := h.proposal(); err != nil {
		return "", err
	}
	was, err := selectPlanLines(ctx, tx, h.Year, which)
	if err != nil {
		return "", err
	}
	if len(was) == 0 {
		return "", errNoPlanLine
	}
	if was[0].Revision != revision {
		return "", errStaleLine
	}
	if _, err := tx.Exec(ctx, `UPDATE funding_line SET removed_at = now(), changed_by = nullif(@by::bigint, 0) WHERE id = @id`,
		pgx.StrictNamedArgs{"id": which, "by": by.Account}); err != nil {
		return "", fmt.Errorf("remove line %d: %w", which, translateYear(err))
	}
	return was[0].state(), nil
}
