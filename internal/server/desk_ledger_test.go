package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/funding/fundingtest"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/web/route"
)

// A year's money by clicking: invoice, part payment from the bank, reversal, spending, closing.
func TestTheMoneyOfAYearByClicking(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	support := s.asRole(authz.BusinessSupport)
	support.get(route.DeskLedgers).want(http.StatusOK).shows("No funding year has been begun yet.")
	support.get(route.DeskLedgerTo("2019-20")).want(http.StatusNotFound)
	fundingtest.LedgerYear(t, s.db, 2019, 5000)
	body := membershiptest.Organisation(t, s.db, func(b *membershiptest.Body) { b.Name = "Borsetshire County Council" })
	fundingtest.Contribution(t, s.db, func(c *funding.RecordCommand) { c.Organisation, c.Pence = body.Slug, 100000 })
	ledger, spending := route.DeskLedgerTo("2019-20"), route.DeskSpendingTo("2019-20")
	support.get(route.DeskFunding).shows("Ledger: what was invoiced, received and spent", "The bank’s statement")
	support.get(ledger).want(http.StatusOK).shows("Agreed in cash £1,000.00", "Outstanding £1,000.00", "The ledger of this year has no line yet.", "No letter about an invoice of this year has been written.")
	invoice := dated(dated(url.Values{"kind": {"invoice"}, "organisation": {body.Slug}, "amount": {"1,000"}, "reference": {"INV 1042"}}, "dated", day.Must("2019-06-01")), "due", day.Must("2019-06-30"))
	t.Run("what is wrong is said at its field, and nothing typed is lost", func(t *testing.T) {
		for field, c := range map[string]struct{ sent, says string }{"kind": {"", "Choose what the line is"}, "organisation": {"", "Choose the organisation"}, "amount": {"1,23", "a comma in the wrong place"},
			"due-day": {"31", "must be a real date"}, "due-year": {"2018", "cannot lie before the invoice"}, "received-as": {"X", "Only money has a name"}} {
			sent := url.Values{}
			for k, v := range invoice {
				sent[k] = v
			}
			sent.Set(field, c.sent)
			support.post(route.DeskLedgerRecordTo("2019-20"), sent).want(http.StatusUnprocessableEntity).shows("There is a problem", c.says).hasValues("INV 1042")
		}
	})
	made := support.post(route.DeskLedgerRecordTo("2019-20"), invoice).want(http.StatusSeeOther).header.Get("Location")
	support.get(made).want(http.StatusOK).shows("Invoice recorded", "To be paid by 30 June 2019", "Reverse this line")
	support.get(ledger).shows("Overdue £1,000.00, the oldest since 30 June 2019", "INV 1042 £1,000.00 overdue since 30 June 2019")
	t.Run("the bank's export is looked at, imported and matched", func(t *testing.T) {
		support.get(route.DeskBank).want(http.StatusOK).shows("No bank export has been uploaded yet.", "Every line of the statement is matched or set aside.")
		support.exported([]byte("Date,What\n1,2\n")).want(http.StatusUnprocessableEntity).shows("No row of the file names the columns")
		support.exported([]byte("Date,Description,Amount\n01/06/2019,X,1.234\n")).want(http.StatusUnprocessableEntity).shows("2 amount The amount must have two figures")
		file := support.exported([]byte("Date,Description,Amount\n20/06/2019,BORSETSHIRE CC INV 1042,400.00\n21/06/2019,AMBRIDGE HALLS,-50.00\n22/06/2019,WRONG ACCOUNT,1.00\n")).
			want(http.StatusSeeOther).header.Get("Location")
		support.get(file).want(http.StatusOK).shows("Nothing is imported yet.", "New lines 3", "BORSETSHIRE CC INV 1042", "£400.00", "−£50.00")
		support.post(file, url.Values{}).leadsTo(route.DeskBank)
		support.get(route.DeskBank).shows("Lines imported", "Likely money of Borsetshire County Council for 2019/20, which owes £1,000.00, reference INV 1042")
		support.get(file).shows("Lines 3")
		support.post(file, url.Values{}).want(http.StatusConflict)
		in, out, wrong := support.linkTo(route.DeskBank, "BORSETSHIRE CC INV 1042"), support.linkTo(route.DeskBank, "AMBRIDGE HALLS"), support.linkTo(route.DeskBank, "WRONG ACCOUNT")
		support.get(in).want(http.StatusOK).shows("It is likely", "Because of the reference INV 1042", "Record it so", "No receipt, refund or spending waits")
		support.get(in + "/receive?year=2019-20&organisation=" + body.Slug + "&reference=INV+1042").want(http.StatusOK).hasValues("INV 1042")
		support.post(in+"/receive", url.Values{"year": {""}, "organisation": {""}}).want(http.StatusUnprocessableEntity).shows("Choose a funding year", "Choose the organisation")
		support.post(in+"/receive", url.Values{"year": {"2019-20"}, "organisation": {body.Slug}, "reference": {"INV 1042"}}).leadsTo(route.DeskBank)
		support.get(in).shows("Matched", "Receipt, Borsetshire County Council", "Undo this")
		support.post(in+"/receive", url.Values{"year": {"2019-20"}, "organisation": {body.Slug}}).want(http.StatusConflict).shows("already")
		support.get(in + "/receive").want(http.StatusConflict)
		support.post(out+"/spend", url.Values{"year": {"2019-20"}, "category": {"training"}, "supplier": {"Ambridge Halls"}, "description": {"Hire"}}).leadsTo(route.DeskBank)
		support.post(wrong+"/set-aside", url.Values{"reason": {""}}).want(http.StatusUnprocessableEntity).shows("Enter why the line is nothing of the fund")
		support.post(wrong+"/set-aside", url.Values{"reason": {"Sent on to the school"}}).leadsTo(route.DeskBank)
		support.get(wrong).shows("It is nothing of the fund: Sent on to the school")
		support.post(wrong+"/undo", url.Values{"reason": {"Not sure"}}).leadsTo(route.DeskBank)
		support.get(wrong).shows("Earlier: set aside", "Not sure")
		support.post(wrong+"/match", url.Values{}).want(http.StatusUnprocessableEntity).shows("Choose at least one line")
		support.post(wrong+"/match", url.Values{"part": {"x"}}).want(http.StatusBadRequest)
		support.get(route.DeskBankIn("matched")).shows("AMBRIDGE HALLS").hides("WRONG ACCOUNT")
		support.get(route.Asking(route.CSV(route.DeskBank), "state=all")).want(http.StatusOK).shows("-50.00", "WRONG ACCOUNT")
		s.asRole(authz.Scrutineer).get(in).want(http.StatusOK).shows("Matched").hides("Undo this")
		s.asRole(authz.Scrutineer).get(wrong).want(http.StatusOK).shows("Nobody has said yet what this line is.")
	})
	support.get(ledger).shows("Received £400.00", "Outstanding £600.00", "Overdue £600.00", "£600.00 overdue since")
	support.get(spending).want(http.StatusOK).shows("Training None £50.00", "Ambridge Halls")
	support.get(route.CSV(ledger)).shows("INV 1042", "400.00")
	support.get(route.CSV(route.DeskOutstandingTo("2019-20"))).shows("600.00")
	t.Run("a line is reversed with its reason, once", func(t *testing.T) {
		support.post(made+"/reverse", url.Values{"reason": {""}}).want(http.StatusUnprocessableEntity).shows("Enter why the line is reversed")
		support.post(made+"/reverse", url.Values{"reason": {"Never sent"}}).leadsTo(made)
		support.get(made).shows("Line reversed", "Never sent").hides("Reverse this line")
		support.get(made + "/reverse").want(http.StatusConflict)
		support.get(strings.Replace(made, "2019-20", "2018-19", 1)).want(http.StatusNotFound)
	})
	t.Run("money is assigned to another body", func(t *testing.T) {
		other := membershiptest.Organisation(t, s.db)
		receipt := support.linkTo(ledger, "Receipt of 20 June 2019")
		support.get(receipt + "/assign").want(http.StatusOK).shows("A match with the bank")
		support.post(receipt+"/assign", url.Values{"year": {"2019-20"}, "organisation": {body.Slug}, "reason": {"x"}}).want(http.StatusUnprocessableEntity).shows("The money is assigned so already")
		moved := support.post(receipt+"/assign", url.Values{"year": {"2019-20"}, "organisation": {other.Slug}, "reason": {"It was theirs"}}).want(http.StatusSeeOther).header.Get("Location")
		support.get(moved).shows("Money assigned", other.Name, "It was theirs", "See the line of the statement")
		support.get(receipt).shows("Reversed", "Assigned to")
	})
	t.Run("spending is recorded and reversed", func(t *testing.T) {
		support.post(route.DeskSpendingRecordTo("2019-20"), url.Values{"amount": {"-5"}}).want(http.StatusUnprocessableEntity).
			shows("The amount must not be negative", "Choose what it was spent on", "Enter who was paid", "Enter what was paid for", "Choose whether money went out or came back")
		line := support.post(route.DeskSpendingRecordTo("2019-20"), dated(url.Values{"kind": {"payment"}, "amount": {"7"}, "category": {"other"}, "supplier": {"Ada"}, "withheld": {"yes"}, "description": {"Cake"}}, "dated", day.Must("2019-07-01"))).
			want(http.StatusSeeOther).header.Get("Location")
		support.get(line).want(http.StatusOK).shows("Spending recorded", "Name kept from the public Yes")
		support.post(line+"/reverse", url.Values{"reason": {"Her own cake"}}).leadsTo(line)
		support.get(line + "/reverse").want(http.StatusConflict)
	})
	t.Run("the year is closed when the bank agrees, and stands still then", func(t *testing.T) {
		closing := route.DeskYearCloseTo("2019-20")
		s.asRole(authz.Scrutineer).get(closing).want(http.StatusOK).shows("Business support closes it").hides("Close the year")
		support.get(closing).want(http.StatusOK).shows("Brought forward £50.00", "What should be left £400.00", "not matched yet: 1.")
		support.post(closing, url.Values{"bank": {"401.00"}}).want(http.StatusUnprocessableEntity).shows("The bank shows £1 more than the £400 of the books").hasValues("401.00")
		support.post(closing, url.Values{"bank": {"x"}}).want(http.StatusUnprocessableEntity).shows("The amount must be in figures")
		support.post(closing, url.Values{"bank": {"400.00"}, "note": {"As audited"}}).leadsTo(closing)
		support.get(closing).shows("2019/20 is closed", "Carried forward £400.00", "As audited").hides("Close the year")
		support.post(closing, url.Values{"bank": {"400.00"}}).want(http.StatusConflict).shows("closed")
		support.get(ledger).shows("This year is closed.").hides("Record a line")
		support.get(route.DeskLedgerRecordTo("2019-20")).want(http.StatusConflict)
		support.get(route.DeskSpendingRecordTo("2019-20")).want(http.StatusConflict)
		support.get(route.DeskLedgers).shows("2019/20 £50.00 £400.00 £50.00 £400.00 Closed")
	})
}

// linkTo finds where the link with a text leads.
func (b *browser) linkTo(path, text string) string {
	b.site.t.Helper()
	a := b.get(path).want(http.StatusOK)
	at := strings.Index(a.body, ">"+text+"<")
	if at < 0 {
		a.keep()
		b.site.t.Fatalf("%s has no link %q", path, text)
	}
	_, rest, _ := strings.Cut(a.body[strings.LastIndex(a.body[:at], "<a "):], `href="`)
	href, _, _ := strings.Cut(rest, `"`)
	return href
}

// exported sends a bank's export as the form of the page does.
func (b *browser) exported(data []byte) answer {
	b.site.t.Helper()
	return b.sendParcel(route.DeskBankUpload, parcel{files: map[string]sentFile{"file": {"bank.csv", data}}})
}
