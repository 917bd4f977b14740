package server

import (
	"net/http"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// reminderPart lists the letters that were written about a year's invoices.
func (s *Server) reminderPart(r *http.Request, year day.FinancialYear) (page.MoneyPart, error) {
	by := actorOf(r)
	sent, err := s.Funding.Reminders(r.Context(), by, year)
	if err != nil {
		return page.MoneyPart{}, err
	}
	t := ui.Table{Caption: "Letters about invoices of " + year.String(), HideCaption: true, RowHeaders: true, Empty: "No letter about an invoice of this year has been written.",
		Columns: []ui.Column{{Text: "Letter"}, {Text: "To"}, {Text: "Invoice", Numeric: true}, {Text: "Written"}}}
	for _, l := range sent {
		subject := ui.Cell{Text: l.Subject}
		if by.Can(authz.ReadLetters) {
			subject.Path = route.DeskMessageTo(id.Letter(l.Letter))
		}
		t.Rows = append(t.Rows, []ui.Cell{subject, {Text: l.To + ", " + l.Email}, {Text: l.Pence.String()}, {Text: day.Clock(l.At)}})
	}
	return page.MoneyPart{Heading: "Letters", Table: &t, Text: []string{"Two weeks before an invoice is due, the day after, and 30 and 60 days later the body’s treasurer is written to. " +
		"Where no post is a treasurer’s, the contact posts are. No body gets more than six such letters within a year."}}, nil
}
