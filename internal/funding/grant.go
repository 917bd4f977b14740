package funding

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// Grant is a contribution in cash as grants are published: with the payer's identifier in a public register.
type Grant struct {
	Line
	PayerID string // such as GB-CHC-1164883; empty if no register of identifiers knows the payer
}

// registers are the lists of org-id.guide for the schemes of our codes, the preferred first. The codes of places that
// local authorities have are in none of them.
var registers = []struct{ scheme, list string }{{"charity", "GB-CHC"}, {"company", "GB-COH"}, {"ods", "GB-NHS"}, {"ukprn", "GB-UKPRN"}, {"urn", "GB-EDU"}}

// Grants lists the contributions in cash of a financial year that count. Fault: NotFound (a year that Totals does not
// list).
func (p *Public) Grants(ctx context.Context, year day.FinancialYear, today day.Date) ([]Grant, error) {
	y, err := p.Year(ctx, year, today)
	if err != nil {
		return nil, err
	}
	var grants []Grant
	var bodies []id.Organisation
	for _, payer := range y.Payers {
		for _, l := range payer.Lines {
			if l.Form == Cash {
				grants, bodies = append(grants, Grant{Line: l}), append(bodies, l.Organisation)
			}
		}
	}
	codes, err := selectCodes(ctx, p.db, bodies)
	if err != nil {
		return nil, err
	}
	for i, g := range grants {
		grants[i].PayerID = identifier(codes, g.Line)
	}
	return grants, nil
}

// code is an entry of a body in a public register.
type code struct {
	Organisation id.Organisation
	Scheme       string
	Value        string
	StartsOn     day.Date
	EndsOn       day.Date
}

// identifier is the payer's in the most preferred register that had it on the day of the agreement.
func identifier(codes []code, l Line) string {
	for _, r := range registers {
		for _, c := range codes {
			if c.Organisation == l.Organisation && c.Scheme == r.scheme && !c.StartsOn.After(l.AgreedOn) && (c.EndsOn.IsZero() || !c.EndsOn.Before(l.AgreedOn)) {
				return r.list + "-" + c.Value
			}
		}
	}
	return ""
}

func selectCodes(ctx context.Context, db pg.DB, bodies []id.Organisation) ([]code, error) {
	rows, _ := db.Query(ctx, `
		SELECT organisation_id AS organisation, scheme, value, starts_on, ends_on FROM published.known_organisation_identifier
		WHERE known_until = 'infinity' AND organisation_id = ANY(@bodies) ORDER BY organisation_id, scheme, value`, pgx.StrictNamedArgs{"bodies": bodies})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[code])
	if err != nil {
		return nil, fmt.Errorf("read the codes of payers: %w", err)
	}
	return list, nil
}
