package server

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/id"
	"partnershipportal/internal/sheet"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// ledgerPages are those about the money of a financial year. Partners and the scrutineer read them, business support acts.
func (s *Server) ledgerPages(in innerRoutes) {
	read, record := can(authz.ReadFundingYears), can(authz.RecordFunding)
	in.get(route.DeskLedgers, read, s.getDeskLedgers)
	in.get(route.DeskLedger, read, s.getDeskLedger)
	in.table(route.DeskLedger, read, s.deskLedgerTable)
	in.table(route.DeskOutstanding, read, s.deskOutstandingTable)
	in.get(route.DeskLedgerRecord, record, s.getDeskLedgerRecord)
	in.post(route.DeskLedgerRecord, record, smallForm, s.postDeskLedgerRecord)
	in.get(route.DeskLedgerEntry, read, s.getDeskLedgerEntry)
	in.get(route.DeskLedgerReverse, record, s.getDeskLedgerReverse)
	in.post(route.DeskLedgerReverse, record, smallForm, s.postDeskLedgerReverse)
	in.get(route.DeskLedgerAssign, record, s.getDeskLedgerAssign)
	in.post(route.DeskLedgerAssign, record, smallForm, s.postDeskLedgerAssign)
	in.get(route.DeskSpending, read, s.getDeskSpending)
	in.table(route.DeskSpending, read, s.deskSpendingTable)
	in.get(route.DeskSpendingRecord, record, s.getDeskSpendingRecord)
	in.post(route.DeskSpendingRecord, record, smallForm, s.postDeskSpendingRecord)
	in.get(route.DeskSpend, read, s.getDeskSpend)
	in.get(route.DeskSpendReverse, record, s.getDeskSpendReverse)
	in.post(route.DeskSpendReverse, record, smallForm, s.postDeskSpendReverse)
	in.get(route.DeskYearClose, read, s.getDeskYearClose)
	in.post(route.DeskYearClose, record, smallForm, s.postDeskYearClose)
}

// pathYear reads the financial year of the address. What is none is not found.
func pathYear(r *http.Request) (day.FinancialYear, error) {
	year, err := day.ParseFinancialYear(chi.URLParam(r, "year"))
	if err != nil {
		return 0, errNoPage.Because(err)
	}
	return year, nil
}

// moneyNav leads to the sibling pages about a year's money.
func moneyNav(year day.FinancialYear, current string) ui.SubNav {
	return ui.SubNav{Label: "Money of " + year.String(), Current: current, Items: []ui.Link{{Text: "The year", Path: route.YearTo(year.Path())}, {Text: "Ledger", Path: route.DeskLedgerTo(year.Path())},
		{Text: "Spending", Path: route.DeskSpendingTo(year.Path())}, {Text: "Closing", Path: route.DeskYearCloseTo(year.Path())}, {Text: "Bank", Path: route.DeskBank}}}
}

// moneyCrumbs lead from the list of years to the page.
func moneyCrumbs(here string, between ...ui.Link) []ui.Link {
	crumbs := append([]ui.Link{{Text: "Home", Path: route.Home}, {Text: "Ledger and bank", Path: route.DeskLedgers}}, between...)
	return append(crumbs, ui.Link{Text: here})
}

// closedState marks a closed year beside its heading.
func closedState(y funding.LedgerYear) ui.State {
	if y.Closed() {
		return ui.Ended
	}
	return ""
}

const closedWords = "This year is closed. Nothing of it changes any more."

func (s *Server) getDeskLedgers(w http.ResponseWriter, r *http.Request) error {
	by := actorOf(r)
	years, err := s.Funding.LedgerYears(r.Context(), by)
	if err != nil {
		return err
	}
	t := ui.Table{Caption: "Financial years", RowHeaders: true, Empty: "No funding year has been begun yet. Its ledger begins with it.",
		Columns: []ui.Column{{Text: "Year"}, {Text: "Brought forward", Numeric: true}, {Text: "Received", Numeric: true}, {Text: "Spent", Numeric: true}, {Text: "Left", Numeric: true}, {Text: "State"}}}
	for _, y := range years {
		b, err := s.Funding.Balance(r.Context(), by, y.Year)
		if err != nil {
			return err
		}
		state := "Open"
		switch {
		case y.Closed():
			state = "Closed"
		case !y.IsAgreed:
			state = "Open, still to be agreed"
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: y.Year.String(), Path: route.DeskLedgerTo(y.Year.Path())}, {Text: b.Opening.String()}, {Text: b.Income.String()},
			{Text: b.Expenditure.String()}, {Text: b.Closing().String()}, {Text: state}})
	}
	p := page.DeskMoney{Heading: "Ledger and bank", Intro: []string{"What was invoiced, received and spent for each financial year. A line is never changed: another one reverses it, with a reason."},
		Buttons: []ui.Button{{Text: "See the bank’s statement", Path: route.DeskBank, Kind: ui.Secondary}}, Parts: []page.MoneyPart{{Table: &t}}}
	return s.show(w, r, http.StatusOK, view{title: p.Heading, current: route.DeskFunding, content: p.Content()})
}

func (s *Server) getDeskLedger(w http.ResponseWriter, r *http.Request) error {
	year, err := pathYear(r)
	if err != nil {
		return err
	}
	by := actorOf(r)
	l, err := s.Funding.Ledger(r.Context(), by, year)
	if err != nil {
		return err
	}
	standing, lines := standingTable(l), entryTable(l, s.today())
	p := page.DeskMoney{Caption: "Funding year " + year.String(), Heading: "Ledger", State: closedState(l.LedgerYear), Demo: l.IsDemonstration, Nav: moneyNav(year, route.DeskLedgerTo(year.Path())),
		Rows: []ui.Row{{Key: "Agreed in cash", Value: l.Total.Pledged.String()}, {Key: "Invoiced", Value: l.Total.Invoiced.String()}, {Key: "Received", Value: l.Total.Received.String()},
			{Key: "Outstanding", Value: l.Total.Outstanding().String()}, {Key: "Overdue", Value: overdueWords(l.Total)}},
		Parts: []page.MoneyPart{
			{Heading: "How each body stands", Table: &standing, Files: page.Downloads{Path: route.DeskOutstandingTo(year.Path())},
				Text: []string{"Outstanding is what was agreed in cash and has not come. Money pays the invoices that are due first."}},
			{Heading: "Lines", Table: &lines, Files: page.Downloads{Path: route.DeskLedgerTo(year.Path())}},
		}}
	if l.CanWrite(by) {
		p.Buttons = []ui.Button{{Text: "Record a line", Path: route.DeskLedgerRecordTo(year.Path())}}
	}
	if l.Closed() {
		p.Intro = []string{closedWords}
	}
	letters, err := s.reminderPart(r, year)
	if err != nil {
		return err
	}
	p.Parts = append(p.Parts, letters)
	return s.show(w, r, http.StatusOK, view{title: "Ledger of " + year.String(), current: route.DeskFunding, content: p.Content(), breadcrumbs: moneyCrumbs(year.String())})
}

func overdueWords(x funding.Standing) string {
	if x.Overdue == 0 {
		return "Nothing"
	}
	return x.Overdue.String() + ", the oldest since " + x.Oldest.Long()
}

func standingTable(l funding.Ledger) ui.Table {
	t := ui.Table{Caption: "Bodies of " + l.Year.String(), HideCaption: true, RowHeaders: true, Empty: "Nothing is agreed in cash for this year, and the ledger has no line.",
		Columns: []ui.Column{{Text: "Body"}, {Text: "Agreed", Numeric: true}, {Text: "Invoiced", Numeric: true}, {Text: "Received", Numeric: true}, {Text: "Outstanding", Numeric: true}, {Text: "Overdue", Numeric: true}}}
	row := func(name string, x funding.Standing) {
		t.Rows = append(t.Rows, []ui.Cell{{Text: name}, {Text: x.Pledged.String()}, {Text: x.Invoiced.String()}, {Text: x.Received.String()}, {Text: x.Outstanding().String()}, {Text: x.Overdue.String()}})
	}
	for _, x := range l.Standings {
		name := x.Name
		if len(x.Names) > 0 {
			name += ", also as " + strings.Join(x.Names, ", ")
		}
		row(name, x)
	}
	if len(t.Rows) > 1 {
		row("All together", l.Total)
	}
	return t
}

func entryTable(l funding.Ledger, today day.Date) ui.Table {
	open := map[id.LedgerEntry]funding.UnpaidInvoice{}
	for _, x := range l.Standings {
		for _, u := range x.Unpaid {
			open[u.Entry] = u
		}
	}
	t := ui.Table{Caption: "Lines of the ledger", HideCaption: true, RowHeaders: true, Empty: "The ledger of this year has no line yet.",
		Columns: []ui.Column{{Text: "Line"}, {Text: "Body"}, {Text: "Amount", Numeric: true}, {Text: "Reference"}, {Text: "State"}}}
	for _, e := range l.Entries {
		t.Rows = append(t.Rows, []ui.Cell{{Text: sentence(string(e.Kind)) + " of " + e.DatedOn.Long(), Path: route.DeskLedgerEntryTo(e.Year.Path(), e.ID)}, {Text: e.Name},
			{Text: e.Pence.String()}, {Text: e.Reference}, {Text: entryState(e, open[e.ID], today)}})
	}
	return t
}

// entryState says how a line stands; of an invoice what of it is open.
func entryState(e funding.LedgerEntry, open funding.UnpaidInvoice, today day.Date) string {
	switch {
	case e.MovedTo != 0:
		return "Reversed, assigned anew"
	case !e.Counts():
		return "Reversed"
	case e.Kind == funding.Invoice && open.Open == 0:
		return "Paid"
	case e.Kind == funding.Invoice && e.DueOn.Before(today):
		return open.Open.String() + " overdue since " + e.DueOn.Long()
	case e.Kind == funding.Invoice:
		return open.Open.String() + " due on " + e.DueOn.Long()
	case e.BankLine != 0:
		return "On the statement"
	case e.Kind.IsMoney():
		return "Not on the statement yet"
	}
	return ""
}

func (s *Server) deskLedgerTable(r *http.Request) (string, sheet.Table, error) {
	year, err := pathYear(r)
	if err != nil {
		return "", sheet.Table{}, err
	}
	l, err := s.Funding.Ledger(r.Context(), actorOf(r), year)
	if err != nil {
		return "", sheet.Table{}, err
	}
	t := sheet.Table{Title: "Ledger", Header: []string{"Financial year", "Number", "Kind", "Slug", "Name", "Amount", "Date", "Due", "Reference", "Name on statement", "Note", "Assigned from", "Why assigned",
		"Reversed", "Why reversed", "On the statement", "Recorded", "Recorded by", "Page"}}
	for _, e := range l.Entries {
		from := ""
		if e.MovedFrom != 0 {
			from = strconv.FormatInt(int64(e.MovedFrom), 10)
		}
		reversed := ""
		if !e.Counts() {
			reversed = day.Of(*e.ReversedAt).String()
		}
		t.Rows = append(t.Rows, []string{e.Year.String(), strconv.FormatInt(int64(e.ID), 10), string(e.Kind), e.Slug, e.Name, e.Pence.Decimal(), e.DatedOn.String(), e.DueOn.String(), e.Reference, e.ReceivedAs,
			e.Note, from, e.MovedReason, reversed, e.ReversedReason, yesNo(e.BankLine != 0), day.Of(e.RecordedAt).String(), e.RecordedBy, s.whole(route.DeskLedgerEntryTo(e.Year.Path(), e.ID))})
	}
	return tableName("ledger-"+year.Path(), s.today()), t, nil
}

func (s *Server) deskOutstandingTable(r *http.Request) (string, sheet.Table, error) {
	year, err := pathYear(r)
	if err != nil {
		return "", sheet.Table{}, err
	}
	l, err := s.Funding.Ledger(r.Context(), actorOf(r), year)
	if err != nil {
		return "", sheet.Table{}, err
	}
	t := sheet.Table{Title: "Outstanding", Header: []string{"Financial year", "Slug", "Name", "Other names", "Agreed in cash", "Invoiced", "Received", "Outstanding", "Invoiced and not yet due", "Overdue", "Overdue since"}}
	for _, x := range l.Standings {
		t.Rows = append(t.Rows, []string{year.String(), x.Slug, x.Name, strings.Join(x.Names, "; "), x.Pledged.Decimal(), x.Invoiced.Decimal(), x.Received.Decimal(), x.Outstanding().Decimal(),
			x.NotYetDue.Decimal(), x.Overdue.Decimal(), x.Oldest.String()})
	}
	return tableName("outstanding-"+year.Path(), s.today()), t, nil
}

// entryOf reads the line of the ledger that the address names, under its own year.
func (s *Server) entryOf(r *http.Request) (funding.LedgerEntry, error) {
	year, err := pathYear(r)
	if err != nil {
		return funding.LedgerEntry{}, err
	}
	which, err := pathID[id.LedgerEntry](r, "id")
	if err != nil {
		return funding.LedgerEntry{}, err
	}
	e, err := s.Funding.LedgerEntry(r.Context(), actorOf(r), which)
	if err == nil && e.Year != year {
		err = errNoPage
	}
	return e, err
}

func entryName(e funding.LedgerEntry) string {
	return sentence(string(e.Kind)) + ", " + e.Pence.String() + ", " + e.Name
}

func (s *Server) getDeskLedgerEntry(w http.ResponseWriter, r *http.Request) error {
	e, err := s.entryOf(r)
	if err != nil {
		return err
	}
	path := e.Year.Path()
	p := page.DeskMoney{Caption: "Ledger of " + e.Year.String(), Heading: entryName(e), Demo: e.IsDemonstration, Rows: entryRows(e)}
	if !e.Counts() {
		p.State = ui.TakenOut
		p.Rows = append(p.Rows, ui.Row{Key: "Reversed", Content: ui.TimeAt(*e.ReversedAt)}, ui.Row{Key: "Why it was reversed", Value: e.ReversedReason})
	}
	if e.YearClosed {
		p.Intro = []string{closedWords}
	}
	if e.MovedFrom != 0 {
		p.Rows = append(p.Rows, ui.Row{Key: "Assigned from", Value: "Line " + strconv.FormatInt(int64(e.MovedFrom), 10)}, ui.Row{Key: "Why it was assigned", Value: e.MovedReason})
	}
	if e.MovedTo != 0 {
		p.Rows = append(p.Rows, ui.Row{Key: "Assigned to", Value: "Line " + strconv.FormatInt(int64(e.MovedTo), 10)})
	}
	if e.BankLine != 0 {
		p.Buttons = append(p.Buttons, ui.Button{Text: "See the line of the statement", Path: route.DeskBankLineTo(e.BankLine), Kind: ui.Secondary})
	}
	if e.CanChange(actorOf(r)) {
		p.Buttons = append(p.Buttons, ui.Button{Text: "Assign to another year or organisation", Path: route.DeskLedgerAssignTo(path, e.ID), Kind: ui.Secondary},
			ui.Button{Text: "Reverse this line", Path: route.DeskLedgerReverseTo(path, e.ID), Kind: ui.Secondary})
	}
	return s.show(w, r, http.StatusOK, view{title: p.Heading, current: route.DeskFunding, content: p.Content(),
		breadcrumbs: moneyCrumbs(sentence(string(e.Kind)), ui.Link{Text: "Ledger of " + e.Year.String(), Path: route.DeskLedgerTo(path)})})
}

func entryRows(e funding.LedgerEntry) []ui.Row {
	rows := []ui.Row{{Key: "What it is", Value: sentence(string(e.Kind))}, {Key: "Organisation", Value: e.Name}, {Key: "Amount", Value: e.Pence.String()}, {Key: "Date", Value: e.DatedOn.Long()}}
	if e.Kind == funding.Invoice {
		rows = append(rows, ui.Row{Key: "To be paid by", Value: e.DueOn.Long()})
	}
	rows = append(rows, ui.Row{Key: "Reference", Value: or(e.Reference, "None")})
	if e.Kind.IsMoney() {
		rows = append(rows, ui.Row{Key: "Name on the statement", Value: or(e.ReceivedAs, "Not stated")})
	}
	return append(rows, ui.Row{Key: "Note", Value: or(e.Note, "None")}, ui.Row{Key: "Recorded", Content: ui.TimeAt(e.RecordedAt)}, ui.Row{Key: "Recorded by", Value: or(e.RecordedBy, "The portal")})
}
