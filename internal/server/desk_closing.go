package server

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"partnershipportal/internal/fault"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/money"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

func (s *Server) getDeskYearClose(w http.ResponseWriter, r *http.Request) error {
	return s.showYearClose(w, r, form.New(nil), "")
}

// showYearClose adds the year up, and asks for the bank's balance if the reader can close it.
func (s *Server) showYearClose(w http.ResponseWriter, r *http.Request, f *form.Form, notice string) error {
	year, err := pathYear(r)
	if err != nil {
		return err
	}
	by := actorOf(r)
	b, err := s.Funding.Balance(r.Context(), by, year)
	if err != nil {
		return err
	}
	p := page.DeskMoney{Caption: "Funding year " + year.String(), Heading: "Closing", State: closedState(b.LedgerYear), Demo: b.IsDemonstration, Errors: f.Errors(), Notice: notice,
		Nav: moneyNav(year, route.DeskYearCloseTo(year.Path())), Rows: balanceRows(b)}
	switch refused := b.CanClose(by, s.today()); {
	case b.Closed():
		p.Intro = []string{closedWords + " What it left is brought forward into " + (year + 1).String() + "."}
	case refused == nil:
		p.Parts = []page.MoneyPart{{Heading: "Close the year", Text: closingHints(b), Content: page.MoneyForm{Action: route.DeskYearCloseTo(year.Path()), Buttons: []ui.Button{{Text: "Close the year", Kind: ui.Warning}},
			Fields: []templ.Component{
				ui.Input{Field: f.Field("bank", "Balance of this year’s money at the bank", "In pounds, below zero with a minus: -1,234.50"), Prefix: "£", Width: "10", NoSpellcheck: true},
				ui.Textarea{Field: f.Field("note", "Note on the outturn (optional)", "Public once the year is released"), Rows: 3, Max: 2000}}}.Content()}}
	case funding.CanRecord(by):
		p.Intro = []string{fault.Message(refused)}
	default:
		p.Intro = []string{"This year is not closed yet. Business support closes it when its money and the bank agree."}
	}
	v := view{title: "Closing of " + year.String(), current: route.DeskFunding, content: p.Content(), hasErrors: p.Errors.Any(), breadcrumbs: moneyCrumbs(year.String())}
	if notice != "" {
		return s.show(w, r, statuses[fault.Conflict], v)
	}
	return s.showForm(w, r, v)
}

func balanceRows(b funding.Balance) []ui.Row {
	last := "What should be left"
	if b.Closed() {
		last = "Carried forward"
	}
	rows := []ui.Row{{Key: "Brought forward", Value: b.Opening.String()}, {Key: "Received, less refunds", Value: b.Income.String()}, {Key: "Spent, less money back", Value: b.Expenditure.String()},
		{Key: last, Value: b.Closing().String()}}
	if b.Closed() {
		rows = append(rows, ui.Row{Key: "Closed", Content: ui.TimeAt(*b.ClosedAt)}, ui.Row{Key: "Closed by", Value: or(b.ClosedBy, "The portal")}, ui.Row{Key: "Note", Value: or(b.Note, "None")})
	}
	return rows
}

// closingHints say what may explain a difference.
func closingHints(b funding.Balance) []string {
	hints := []string{"Enter what the bank shows for this year’s money. The year is closed only if it is what should be left. After that nothing of the year changes."}
	if b.Unmatched > 0 {
		hints = append(hints, "Lines of the statement of this year’s days that are not matched yet: "+strconv.Itoa(b.Unmatched)+".")
	}
	if b.Unbanked > 0 {
		hints = append(hints, "Receipts, refunds and spending that are not on the statement yet: "+strconv.Itoa(b.Unbanked)+".")
	}
	return hints
}

func (s *Server) postDeskYearClose(w http.ResponseWriter, r *http.Request) error {
	year, err := pathYear(r)
	if err != nil {
		return err
	}
	f, err := formOf(r, "bank", "note")
	if err != nil {
		return err
	}
	cmd := funding.CloseCommand{Year: year, Bank: readBalance(f, "bank"), Note: f.Text("note", "The note", 2000)}
	if f.Errors().Any() {
		return s.showYearClose(w, r, f, "")
	}
	err = s.Funding.CloseYear(r.Context(), actorOf(r), cmd)
	if onForm(f, err) {
		return s.showYearClose(w, r, f, "")
	}
	if notice, ok := conflict(err); ok {
		s.note(r, err)
		return s.showYearClose(w, r, f, notice)
	}
	if err != nil {
		return err
	}
	s.tell(r, year.String()+" is closed", "What it left is brought forward into "+(year+1).String()+".")
	return redirect(w, r, route.DeskYearCloseTo(year.Path()))
}

// readBalance reads a sum that may be below zero.
func readBalance(f *form.Form, field string) money.Pence {
	text := strings.TrimSpace(f.Raw(field))
	rest, below := strings.CutPrefix(strings.Replace(text, "−", "-", 1), "-")
	p, err := money.Parse(rest)
	if err != nil {
		f.Fail(field, err.Error())
	}
	if below {
		return -p
	}
	return p
}
