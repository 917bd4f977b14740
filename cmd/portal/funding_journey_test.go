package main

import (
	"net/http"
	"strconv"
	"testing"

	"partnershipportal/internal/day"
	"partnershipportal/internal/demo"
	"partnershipportal/web/route"
)

// The year is one that the demonstration lacks. It is over, so it can be closed.
const (
	fundYear      = "2025/26"
	fundYearPath  = "2025-26"
	fundPolice    = "Kent Police"
	fundCouncil   = "Kent County Council"
	fundHealth    = "NHS Kent and Medway"
	fundAgency    = "Maidstone Borough Council"
	fundMethod    = "Each partner gives what it gave before, and districts give one sum each."
	fundObjection = "The budget of the force allows for £45,000.50 and no more."
)

// TestFundingOfAYear takes a financial year from its first line to its closed page, without JavaScript.
func TestFundingOfAYear(t *testing.T) {
	t.Parallel()
	st := newStory(t, false)
	sam := st.signedIn(support)
	proposeYear(sam)
	confirmPledge(sam)
	officers := map[string]person{}
	for _, email := range []string{council, police, health} {
		officers[email] = st.signedIn(email)
	}
	declineYear(sam, officers)
	reviseYear(sam)
	digest := agreeYear(sam, officers)
	reader := st.visitor()
	releaseYear(sam, officers[health], reader, digest)
	keepLedger(sam)
	closeYear(sam)
	readClosedYear(sam, reader)
}

// proposeYear begins the year and enters its lines, its terms and its budget.
func proposeYear(sam person) {
	sam.st.t.Helper()
	sam.open(route.DeskFunding)
	sam.misses(fundYear)
	sam.Click("link:Begin a financial year")
	sam.Fill("label:Financial year", "2028/29")
	sam.Check("label:Empty")
	sam.Fill("label:Reserve brought forward", "10,000")
	sam.Click("button:Begin the year")
	sam.expectStatus(http.StatusUnprocessableEntity)
	sam.reads("A year is left out between this one and the others. Enter why")
	sam.Fill("label:Financial year", fundYear)
	sam.Click("button:Begin the year")
	sam.at(route.DeskFundingYearTo(fundYearPath))
	sam.reads("2025/26 is begun", "No contribution is proposed yet.", "A budget: what is to be spent on what.")

	sam.Click("link:Edit all lines")
	sam.Click("button:Add three more rows")
	enterLine(sam, 1, fundCouncil, "Cash", "General", "120,000")
	enterLine(sam, 2, fundPolice, "Cash", "Business support", "60,000")
	enterLine(sam, 3, fundHealth, "Cash", "Independent scrutiny", "75,000.255")
	enterLine(sam, 4, fundAgency, "Cash", "Business support", "2,500")
	enterLine(sam, 5, fundHealth, "In kind", "Training", "9,600")
	sam.Fill("label:Valuation, line 5", "Hours at cost")
	sam.Check("label:Estimated, line 5")
	sam.Click("button:Save all lines")
	sam.expectStatus(http.StatusUnprocessableEntity)
	sam.reads("There is a problem", "Line 3:")
	sam.Fill("label:Payer’s total in pounds, line 3", "75,000.25")
	sam.Click("button:Save all lines")
	sam.at(route.DeskFundingYearTo(fundYearPath))
	sam.reads("Cash £257,500.25", "In kind £9,600 (estimated)", "1 pledge of an agency is not confirmed yet.")

	sam.Click("link:Enter the budget")
	sam.reads("Can be spent £267,500.25")
	sam.Fill("label:Staffing", "150,000")
	sam.Fill("label:Training", "20,000")
	sam.Click("button:Save the budget")
	sam.reads("Budget £170,000", "Reserve expected at the end £97,500.25")
	sam.Click("link:Enter method and review")
	sam.Fill("label:How were the shares worked out?", fundMethod)
	sam.fillDate("review-due-on", day.Must("2026-01-31"))
	sam.Click("button:Save")
	sam.reads(fundMethod, "Next review due 31 January 2026", "Put it to the safeguarding partners.")
}

// enterLine fills in a row of the grid.
func enterLine(sam person, n int, body, form, purpose, total string) {
	sam.st.t.Helper()
	line := ", line " + strconv.Itoa(n)
	sam.Choose("label:Organisation"+line, body)
	sam.Choose("label:Form"+line, form)
	sam.Choose("label:Purpose"+line, purpose)
	sam.Fill("label:Payer’s total in pounds"+line, total)
}

// confirmPledge has the staff of an agency confirm what it is to give.
func confirmPledge(sam person) {
	sam.st.t.Helper()
	jo := sam.st.signedIn(agency)
	jo.reads("Confirm or query what " + fundAgency + " is to give for 2025/26")
	jo.open(route.MyAgency)
	jo.reads("Not yet confirmed")
	jo.Click("link:2025/26, business support")
	jo.reads("Your contribution for 2025/26", "Amount £2,500", "Proposed")
	jo.Check("label:Yes, we confirm it")
	jo.Click("button:Send the answer")
	jo.at(route.MyAgency)
	jo.reads("Answer sent", "Confirmed")
	jo.open(route.Home)
	jo.misses("is to give for 2025/26")
	sam.open(route.DeskFundingYearTo(fundYearPath))
	sam.reads("Confirmed Jo Marsh")
	sam.misses("is not confirmed yet")
}

// putYear puts the year to the partners and gives its digest and the address of the round.
func putYear(sam person, shows ...string) (digest, round string) {
	sam.st.t.Helper()
	sam.open(route.DeskFundingYearTo(fundYearPath))
	sam.Click("link:Put it to the partners")
	sam.reads(append(shows, "Check before sign-off", fundCouncil, fundPolice, fundHealth)...)
	digest = sam.digest()
	sam.fillDate("due-on", today().Add(14))
	sam.Click("button:Put this year to the partners")
	sam.expectStatus(http.StatusOK)
	sam.reads("2025/26 is put to the partners", "0 of 3 partners")
	return digest, sam.Path()
}

// declineYear has one partner sign and another decline.
func declineYear(sam person, officers map[string]person) {
	t := sam.st.t
	t.Helper()
	digest, round := putYear(sam, "£257,500.25", fundMethod)
	priya, owen := officers[council], officers[police]
	priya.Go(sam.st.letter(council, "Please sign off", digest).link(t))
	priya.reads("Who signs", "£120,000", "Kent Police", "£60,000")
	priya.sign(fundCouncil)
	owen.open(round)
	owen.reads("1 of 3 partners")
	owen.Click("#act a[href$='/decline']")
	owen.Fill("label:Why do you decline?", fundObjection)
	owen.Click("button:Continue to decline")
	owen.reads("Confirm that you decline", fundObjection)
	owen.Check("#declaration")
	owen.Fill("label:Your password", demo.Password)
	owen.Click("button:Decline for " + fundPolice)
	owen.reads("Declined for " + fundPolice)
	sam.st.letter(council, fundPolice+" has declined")
	priya.open(round)
	priya.reads("A partner declined on", fundObjection)
	if priya.Count("#act button") != 0 {
		t.Error("the round was declined, and the page still offers to sign")
	}
}

// reviseYear changes the line that was declined; nobody else has to answer anew.
func reviseYear(sam person) {
	t := sam.st.t
	t.Helper()
	sam.open(route.Home)
	sam.Click("link:Revise what the partners sent back: 2025/26")
	sam.reads("It came back from the partners. Revise it, then put it to them again.", "Cash £257,500.25")
	sam.Click("link:Edit all lines")
	revised := 0
	for n := 1; n <= 5; n++ {
		field := "label:Payer’s total in pounds, line " + strconv.Itoa(n)
		if sam.Value(field) == "60000.00" {
			sam.Fill(field, "45,000.50")
			revised++
		}
	}
	if revised != 1 {
		t.Fatalf("%d lines of the grid hold what the police were to give", revised)
	}
	sam.Click("button:Save all lines")
	sam.reads("Cash £242,500.75", "Confirmed Jo Marsh")
}

// agreeYear takes the revised year through a second round, in which all partners sign. It gives the digest of
// what they signed.
func agreeYear(sam person, officers map[string]person) (digest string) {
	sam.st.t.Helper()
	digest, round := putYear(sam, "£242,500.75", "£45,000.50")
	for _, lead := range []struct{ email, body, share string }{
		{council, fundCouncil, "49.5%"}, {police, fundPolice, "18.6%"}, {health, fundHealth, "30.9%"},
	} {
		officer := officers[lead.email]
		officer.open(round)
		officer.reads("Who signs", lead.body, lead.share, "£242,500.75")
		if got := officer.digest(); got != digest {
			sam.st.t.Errorf("%s is shown the digest %s, want %s", lead.email, got, digest)
		}
		officer.sign(lead.body)
	}
	sam.open(route.DeskFundingYearTo(fundYearPath))
	sam.reads("Agreed by every safeguarding partner on "+today().Long(), "Release it to the public.")
	sam.Go(sam.st.address + route.DeskFundingLinesTo(fundYearPath))
	sam.expectStatus(http.StatusConflict)
	sam.reads("It changes by adjustments alone")
	return digest
}

// releaseYear shows the agreed year to the public. Before, the partners see it and the public nothing of it.
func releaseYear(sam, partner, reader person, digest string) {
	st := sam.st
	st.t.Helper()
	partner.open(route.YearTo(fundYearPath))
	partner.reads("£242,500.75", "Agreed by every safeguarding partner on "+today().Long())
	reader.open(route.FundingYearTo(fundYearPath))
	reader.misses("Agreed")
	reader.misses("£45,000.50")
	sam.open(route.DeskFundingYearTo(fundYearPath))
	sam.Click("link:Release it to the public")
	sam.reads("A release cannot be taken back.", "£242,500.75 in cash")
	sam.Click("button:Release it")
	sam.reads("2025/26 is released", "Everybody, since "+today().Long())
	reader.open(route.FundingYearTo(fundYearPath))
	reader.reads("Agreed on "+today().Long()+": every safeguarding partner signed.", "Cash £242,500.75", "In kind £9,600, some of it estimated",
		fundCouncil+" £120,000.00 49.5%", fundPolice+" £45,000.50 18.6%", fundHealth+" £75,000.25 30.9%", fundAgency+" £2,500.00 1.0%", "100.0%",
		"Estimated by: Hours at cost.", fundMethod, "In hand now £10,000. The year is not closed.")
	reader.misses(fundObjection)
	reader.open(route.FundingSignOffsTo(fundYearPath))
	reader.reads(fundCouncil, fundPolice, "Owen Hughes", fundHealth)
	if got := digestOf(st.file(route.FundingContentTo(fundYearPath))); got != digest {
		st.t.Errorf("the SHA-256 of content.json is %s, the partners signed %s", got, digest)
	}
}

// recordEntry records a line of the ledger and leaves its page open.
func recordEntry(sam person, kind, body, amount, on, due, reference string) {
	sam.st.t.Helper()
	sam.open(route.DeskLedgerTo(fundYearPath))
	sam.Click("link:Record a line")
	sam.Check("label:" + kind)
	sam.Choose("label:Organisation", body)
	sam.Fill("label:Amount", amount)
	sam.fillDate("dated", day.Must(on))
	if due != "" {
		sam.fillDate("due", day.Must(due))
	}
	sam.Fill("label:Reference (optional)", reference)
	sam.Click("button:Record")
	sam.reads(kind + " recorded")
}

// keepLedger records an invoice, a part payment, and a line that is wrong and reversed.
func keepLedger(sam person) {
	sam.st.t.Helper()
	recordEntry(sam, "Invoice", fundCouncil, "120,000", "2025-05-01", "2025-06-30", "INV 2025-01")
	recordEntry(sam, "Receipt", fundCouncil, "70,000.50", "2025-06-20", "", "INV 2025-01")
	recordEntry(sam, "Receipt", fundPolice, "7,000", "2025-06-21", "", "")
	wrong := sam.Path()
	sam.open(route.DeskLedgerTo(fundYearPath))
	sam.reads("Received £77,000.50", "Outstanding £165,500.25", "Overdue £49,999.50, the oldest since 30 June 2025")
	sam.Go(sam.st.address + wrong)
	sam.Click("link:Reverse this line")
	sam.Click("button:Reverse it")
	sam.expectStatus(http.StatusUnprocessableEntity)
	sam.reads("Enter why the line is reversed")
	sam.Fill("label:Why is it reversed?", "It was money of the adults’ board.")
	sam.Click("button:Reverse it")
	sam.reads("Line reversed", "It was money of the adults’ board.")
	sam.open(route.DeskLedgerTo(fundYearPath))
	sam.reads("Agreed in cash £242,500.75", "Received £70,000.50", "Outstanding £172,500.25", "Overdue £49,999.50", "Receipt of 21 June 2025 "+fundPolice+" £7,000.00 Reversed")
}

// spend records a payment.
func spend(sam person, category, supplier, what, amount, on string) {
	sam.st.t.Helper()
	sam.open(route.DeskSpendingTo(fundYearPath))
	sam.Click("link:Record spending")
	sam.Check("label:It was paid out")
	sam.Fill("label:Amount", amount)
	sam.fillDate("dated", day.Must(on))
	sam.Choose("label:What was it spent on?", category)
	sam.Fill("label:Supplier", supplier)
	sam.Fill("label:What was paid for?", what)
	sam.Click("button:Record")
	sam.reads("Spending recorded")
}

// closeYear closes the year once the one before is closed and the books agree with the bank.
func closeYear(sam person) {
	sam.st.t.Helper()
	spend(sam, "Staffing", fundCouncil, "Business support team, half a year", "52,000.75", "2025-09-30")
	sam.open(route.DeskYearCloseTo(fundYearPath))
	sam.reads("Close 2020/21 first: what it leaves is brought forward.")
	sam.open(route.DeskYearCloseTo("2020-21"))
	sam.Fill("label:Balance of this year’s money at the bank", "156,475.50")
	sam.Click("button:Close the year")
	sam.reads("2020/21 is closed")

	sam.open(route.DeskFundingYearTo(fundYearPath))
	sam.reads("The year is over. Close it.")
	sam.Click("link:Close the year")
	sam.reads("Brought forward £10,000.00", "Received, less refunds £70,000.50", "Spent, less money back £52,000.75", "What should be left £27,999.75")
	balance := "label:Balance of this year’s money at the bank"
	sam.Fill(balance, "26,749.75")
	sam.Click("button:Close the year")
	sam.expectStatus(http.StatusUnprocessableEntity)
	sam.reads("The bank shows £1,250 less than the £27,999.75 of the books. Find the difference first")

	spend(sam, "Training", "Training House Ltd", "Two days of training", "1,250", "2026-02-10")
	sam.open(route.DeskSpendingTo(fundYearPath))
	sam.reads("Staffing £150,000.00 £52,000.75 £97,999.25", "Training £20,000.00 £1,250.00 £18,750.00")
	sam.open(route.DeskYearCloseTo(fundYearPath))
	sam.Fill(balance, "26,749.75")
	sam.Fill("label:Note on the outturn (optional)", "The council’s second half came late.")
	sam.Click("button:Close the year")
	sam.reads("2025/26 is closed", "Carried forward £26,749.75", "Sam Fielding", "The council’s second half came late.")
}

// readClosedYear reads the closed year as anybody may, and finds that the desk changes nothing of it any more.
func readClosedYear(sam, reader person) {
	st := sam.st
	st.t.Helper()
	reader.open(route.Funding)
	reader.reads("2025/26 Closed £242,500.75 £9,600")
	reader.Click("link:2025/26")
	reader.at(route.FundingYearTo(fundYearPath))
	reader.reads("Agreed on "+today().Long(), "Closed on "+today().Long()+": £26,749.75 is carried forward.",
		"Spent £53,250.75 of a budget of £170,000", "Staffing £150,000 £52,000.75 £97,999.25", "Training £20,000 £1,250 £18,750", "All together £170,000 £53,250.75 £116,749.25",
		"Brought forward £10,000", "Received £70,000.50 of £242,500.75 agreed in cash", "Carried forward £26,749.75", "The council’s second half came late.")
	for _, private := range []string{"In hand now", "£7,000", "adults’ board", "INV 2025-01"} { // who has paid stays with the partners
		reader.misses(private)
	}
	if len(reader.Cookies()) != 0 {
		st.t.Errorf("a reader of public pages holds cookies: %v", reader.Cookies())
	}
	sam.open(route.DeskLedgerTo(fundYearPath))
	sam.reads("This year is closed.", "Outstanding £172,500.25")
	sam.Go(st.address + route.DeskLedgerRecordTo(fundYearPath))
	sam.expectStatus(http.StatusConflict)
}
