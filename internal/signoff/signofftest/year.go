package signofftest

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/money"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/signoff"
)

// years counts the financial years made, so that no two tests of a package wait for each other.
var years atomic.Int64

// DraftYear makes a financial year with a line of each of three partners and a budget, and no round.
func DraftYear(t testing.TB, db pg.DB) *Made {
	t.Helper()
	m := &Made{DB: db}
	m.people(t)
	m.NextYear(t)
	return m
}

// OpenYear makes a financial year and opens a round on it.
func OpenYear(t testing.TB, db pg.DB) *Made {
	t.Helper()
	m := DraftYear(t, db)
	m.OpenRound(t)
	return m
}

// SignAll has everybody sign who has not: where other partners have seats too, by a delegate made for it.
func (m *Made) SignAll(t testing.TB) {
	t.Helper()
	r, err := m.Service.Round(context.Background(), m.Support, m.Round)
	if err != nil {
		t.Fatalf("read the round for the test: %v", err)
	}
	for _, seat := range r.Seats {
		if seat.Act != nil {
			continue
		}
		a := membershiptest.Appointment(t, m.DB, seat.Partner, func(a *membershiptest.AppointmentMade) { a.Capacity = authz.Delegate })
		by := authz.Actor{Account: a.Account, Name: "Delegate of " + seat.OrganisationName, Seats: []authz.Seat{{Appointment: a.ID, Partner: seat.Partner,
			Organisation: seat.Organisation, Capacity: authz.Delegate, Office: a.Office}}}
		if _, err := m.Act(context.Background(), by, signoff.Sign); err != nil {
			t.Fatalf("sign for the test: %v", err)
		}
	}
}

// Release lets the public see the year.
func (m *Made) Release(t testing.TB) {
	t.Helper()
	exec(t, m.DB, `UPDATE funding_year SET released_at = now(), released_by = @by WHERE financial_year = @year`, pgx.StrictNamedArgs{"by": m.Support.Account, "year": m.Year})
}

// NextYear adds another financial year that is being proposed, with content to freeze.
func (m *Made) NextYear(t testing.TB) {
	t.Helper()
	m.Year = day.FinancialYear(2020 + years.Add(1))
	m.Paper, m.Slug, m.Title = signoff.OfYear(m.Year), m.Year.Path(), "Contributions and budget for "+m.Year.String()
	exec(t, m.DB, `INSERT INTO funding_year (financial_year, origin, opening_pence, skip_reason, begun_by) VALUES (@year, 'portal', 250000, 'It is a test.', @by)`,
		pgx.StrictNamedArgs{"year": m.Year, "by": m.Support.Account})
	c := funding.Content{FinancialYear: m.Year.String(), OpeningPence: 250000, Budget: []funding.ContentBudget{{Category: "Staffing", Pence: 4000000}}}
	exec(t, m.DB, `INSERT INTO budget_line (financial_year, category, pence) VALUES (@year, 'staffing', 4000000)`, pgx.StrictNamedArgs{"year": m.Year})
	for i, o := range m.Officers {
		pence := money.Pence(1000000 * (i + 1))
		line := one[id.FundingLine](t, m.DB, `INSERT INTO funding_line (financial_year, organisation_id, form, payer_total_pence, pence, purpose)
			VALUES (@year, @body, 'cash', @pence, @pence, 'general') RETURNING id`,
			pgx.StrictNamedArgs{"year": m.Year, "body": o.Partner.Body.ID, "pence": pence})
		c.Lines = append(c.Lines, funding.ContentLine{Line: line, Organisation: o.Partner.Body.Name, Slug: o.Partner.Body.Slug, Form: funding.Cash,
			PayerTotalPence: pence, Pence: pence, Purpose: "general"})
	}
	frozen, err := c.Freeze()
	if err != nil {
		t.Fatal(err)
	}
	m.Content = frozen
}
