package funding_test

import (
	"context"
	"strings"
	"testing"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/funding/fundingtest"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/money"
	"partnershipportal/internal/pg/pgtest"
)

func upload(t *testing.T, s *funding.Service, csv string) funding.BankPreview {
	t.Helper()
	p, err := s.UploadBankFile(context.Background(), authz.System("test"), funding.BankUpload{FileName: "statement.csv", Data: []byte(csv)})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestBankExportsAreReadAsBanksWriteThem(t *testing.T) {
	t.Parallel()
	s := funding.New(pgtest.Tx(t), now)
	for name, csv := range map[string]string{
		"with one signed amount":      "Date,Description,Amount,Balance\n01/07/2025,KENT COUNTY COUNCIL,\"1,234.50\",5000.00\n02/07/2025,-HIRE OF A HALL,-20.05,4979.95\n",
		"with two columns":            "Transaction Date,Details,Money Out,Money In\n2025-07-01,KENT COUNTY COUNCIL,,\"£1,234.50\"\n2 July 2025,-HIRE OF A HALL,20.05,0.00\n",
		"with debit and credit notes": "Value;Date;Narrative;Type;Sort code\n1,234.50 CR;01/07/2025;KENT COUNTY COUNCIL;BGC;00-00-00\n20.05 DR;02/07/2025;-HIRE OF A HALL;DD;00-00-00\n",
		"below the account's name":    "Account name:,Safeguarding partnership\nFrom:,01/07/2025\n\nDate,Type,Description,Paid out,Paid in\n01/07/2025,FPI,KENT COUNTY COUNCIL,,1234.50\n02/07/2025,FPO,-HIRE OF A HALL,-20.05,\n",
		"with brackets and no words":  "Posted date,Amount (GBP),Memo\n01/07/2025,+1234.5,KENT COUNTY COUNCIL\n03/07/2025,0.00,NO MOVEMENT\n02/07/2025,(20.05),-HIRE OF A HALL\n",
	} {
		t.Run(name, func(t *testing.T) {
			p := upload(t, s, csv)
			if len(p.Problems) > 0 || len(p.Rows) != 2 || p.New != 2 {
				t.Fatalf("problems %v, rows %+v", p.Problems, p.Rows)
			}
			in, out := p.Rows[0], p.Rows[1]
			if in.Pence != 123450 || in.DatedOn != day.Must("2025-07-01") || in.Description != "KENT COUNTY COUNCIL" {
				t.Errorf("what came in is read as %+v", in)
			}
			if out.Pence != -2005 || out.DatedOn != day.Must("2025-07-02") || out.Description != "-HIRE OF A HALL" {
				t.Errorf("what went out is read as %+v", out)
			}
		})
	}
}

func TestBankExportsAreRefusedWithWords(t *testing.T) {
	t.Parallel()
	s := funding.New(pgtest.Tx(t), now)
	for csv, want := range map[string]string{
		"When,What,How much\n01/07/2025,X,5\n":         "No row of the file names the columns that are needed: “date”",
		"Date,Description\n01/07/2025,X\n":             "The file must have a column “amount”",
		"Date,Description,Money in\n01/07/2025,X,5\n":  "both “paid in” and “paid out”",
		"Date,Description,Amount\n01/07/2025,X,0.00\n": "The file has no line with an amount",
		"Date,Amount\n": "The file has a header, but no rows below it",
		"\x89PNG":       "This is a picture",
		"Date,Description,Amount\n01/07/2025,X,1.234\n":               "Row 2, amount: The amount must have two figures after the point at most",
		"Date,Description,Amount\n07/31/2025,X,5\n":                   "Row 2, date: There is no such day",
		"Date,Description,Amount\n01/07/25,X,5\n":                     "Row 2, date: Write the year with four figures",
		"Date,Description,Amount\n,X,5\n":                             "Row 2, date: The day is missing",
		"Date,Description,Amount\n01/07/2027,X,5\n":                   "Row 2, date: The day lies in the future",
		"Date,Description,Paid in,Paid out\n01/07/2025,X,5,5\n":       "Row 2, paid in: A line either came in or went out",
		"Date,Description,Paid in,Paid out\n01/07/2025,X,-5,\n":       "Row 2, paid in: What came in cannot be below zero",
		"Date,Description,Amount,Balance\n01/07/2025,X,5,lots\n":      "Row 2, balance: The amount must be in figures",
		"Date,Description,Amount\n01/07/2025,X,1.2E+05\n":             "has shortened this number",
		"Date,Description,Amount\n01/07/2025,X,1 234.00\n":            "The amount must have no space in it",
		"Date,Amount\n01/07/2025,5\n" + strings.Repeat("x", 100):      "date: Write the day like",
		"Date,Description,Amount\n01/07/2025,X,5\n02/07/2025,Y,5-5\n": "Row 3, amount: The amount must be in figures",
	} {
		p, err := s.UploadBankFile(context.Background(), authz.System("test"), funding.BankUpload{FileName: "x.csv", Data: []byte(csv)})
		said := ""
		if err != nil {
			said = fault.Message(err)
		}
		for _, problem := range p.Problems {
			said += problem.String() + " "
		}
		if !strings.Contains(said, want) || p.ID != 0 {
			t.Errorf("%q is answered with %q, want %q", csv, said, want)
		}
	}
}

func TestNoLineOfAStatementComesInTwice(t *testing.T) {
	t.Parallel()
	ctx, by := context.Background(), authz.System("test")
	s := funding.New(pgtest.Tx(t), now)
	const head = "Date,Description,Amount\n"
	first := upload(t, s, head+"01/07/2025,X,5\n01/07/2025,X,5\n")
	looked := upload(t, s, head+"01/07/2025,X,5\n01/07/2025,X,5\n")
	if p, err := s.BankFile(ctx, by, first.ID); err != nil || p.Waits() {
		t.Errorf("the file that was looked at before waits still (%v)", err)
	}
	if err := s.ImportBankFile(ctx, by, looked.ID); err != nil {
		t.Fatal(err)
	}
	refusedAt(t, s.ImportBankFile(ctx, by, looked.ID), fault.Conflict, "")
	refusedAt(t, s.DiscardBankFile(ctx, by, looked.ID), fault.Conflict, "")
	_, err := s.UploadBankFile(ctx, by, funding.BankUpload{FileName: "again.csv", Data: []byte(head + "01/07/2025,X,5.00\n01/07/2025, x ,+5\n")})
	refusedAt(t, err, fault.Invalid, "file")
	more := upload(t, s, head+"30/06/2025,W,1\n01/07/2025,X,5\n01/07/2025,X,5\n01/07/2025,X,5\n")
	if more.New != 2 || more.Rows[0].Known || !more.Rows[1].Known || !more.Rows[2].Known || more.Rows[3].Known {
		t.Errorf("of the second file %d rows are new: %+v", more.New, more.Rows)
	}
	if err := s.ImportBankFile(ctx, by, more.ID); err != nil {
		t.Fatal(err)
	}
	list, further, err := s.BankLines(ctx, by, funding.BankFilter{Limit: 3})
	if err != nil || !further || len(list) != 3 {
		t.Fatalf("%d lines, more: %t (%v)", len(list), further, err)
	}
	if rest, further, err := s.BankLines(ctx, by, funding.BankFilter{After: list[2].ID, Limit: 3}); err != nil || further || len(rest) != 1 || rest[0].Description != "W" {
		t.Errorf("after them %+v, more: %t (%v)", rest, further, err)
	}
	dropped := upload(t, s, head+"03/07/2025,Z,7\n")
	if err := s.DiscardBankFile(ctx, by, dropped.ID); err != nil {
		t.Fatal(err)
	}
	refusedAt(t, s.ImportBankFile(ctx, by, dropped.ID), fault.Conflict, "")
	refusedAt(t, s.ImportBankFile(ctx, by, 999999999), fault.NotFound, "")
	if files, err := s.BankFiles(ctx, by); err != nil || len(files) != 2 || files[0].Lines != 2 || files[1].Lines != 2 {
		t.Errorf("files %+v (%v)", files, err)
	}
}

func TestLinesOfAStatementAreMatched(t *testing.T) {
	t.Parallel()
	ctx, db, by := context.Background(), pgtest.Tx(t), authz.System("test")
	s := funding.New(db, now)
	fundingtest.LedgerYear(t, db, 2019, 0)
	fundingtest.LedgerYear(t, db, 2020, 0)
	lines := fundingtest.BankLines(t, db, "2019-06-03,TWO AT ONCE,,1500.00\n2019-07-01,A TRAINER,,-600.00\n2019-07-02,SOMEBODY ELSE,,12.00\n2019-07-03,INTEREST,,3.00\n2019-07-04,BACK TO SENDER,,-100.00\n")
	big, small := fundingtest.Entry(t, db), fundingtest.Entry(t, db, func(c *funding.RecordEntryCommand) { c.Pence = 50000 })
	spent := fundingtest.Spent(t, db)
	t.Run("only with lines that add up to it", func(t *testing.T) {
		refusedAt(t, s.MatchLine(ctx, by, funding.MatchCommand{Line: lines[0]}), fault.Invalid, "part")
		err := s.MatchLine(ctx, by, funding.MatchCommand{Line: lines[0], Entries: []id.LedgerEntry{big}})
		refusedAt(t, err, fault.Invalid, "part")
		if !strings.Contains(fault.Message(err), "£1,000, the line of the statement is £1,500. The difference is £500") {
			t.Errorf("said %q", fault.Message(err))
		}
		refusedAt(t, s.MatchLine(ctx, by, funding.MatchCommand{Line: lines[0], Entries: []id.LedgerEntry{999999999}}), fault.Invalid, "part")
		refusedAt(t, s.MatchLine(ctx, by, funding.MatchCommand{Line: 999999999, Entries: []id.LedgerEntry{big}}), fault.NotFound, "")
	})
	if err := s.MatchLine(ctx, by, funding.MatchCommand{Line: lines[0], Entries: []id.LedgerEntry{small, big, small}}); err != nil {
		t.Fatal(err)
	}
	if err := s.MatchLine(ctx, by, funding.MatchCommand{Line: lines[1], Spending: []id.Expenditure{spent}}); err != nil {
		t.Fatal(err)
	}
	t.Run("once", func(t *testing.T) {
		refusedAt(t, s.SetAside(ctx, by, lines[0], "x"), fault.Conflict, "")
		refusedAt(t, s.MatchLine(ctx, by, funding.MatchCommand{Line: lines[0], Entries: []id.LedgerEntry{big, small}}), fault.Conflict, "")
		refusedAt(t, s.ReverseEntry(ctx, by, funding.ReverseEntryCommand{ID: big, Reason: "x"}), fault.Conflict, "")
		refusedAt(t, s.ReverseSpend(ctx, by, funding.ReverseSpendCommand{ID: spent, Reason: "x"}), fault.Conflict, "")
	})
	t.Run("and stay so when the money is assigned to another year", func(t *testing.T) {
		e, err := s.LedgerEntry(ctx, by, big)
		if err != nil || e.BankLine != lines[0] {
			t.Fatalf("%+v (%v)", e, err)
		}
		moved, err := s.MoveEntry(ctx, by, funding.MoveEntryCommand{ID: big, Year: 2020, Organisation: e.Slug, Reason: "For the next year"})
		if err != nil {
			t.Fatal(err)
		}
		d, err := s.BankLine(ctx, by, lines[0])
		if err != nil || d.Match == nil || len(d.Match.Parts) != 2 || len(d.Undone) != 1 || d.Undone[0].UndoneReason != "For the next year" {
			t.Fatalf("%+v (%v)", d, err)
		}
		if e, err := s.LedgerEntry(ctx, by, moved); err != nil || e.BankLine != lines[0] {
			t.Errorf("the new line is %+v (%v)", e, err)
		}
	})
	t.Run("or set aside, and freed again", func(t *testing.T) {
		refusedAt(t, s.SetAside(ctx, by, lines[2], ""), fault.Invalid, "reason")
		if err := s.SetAside(ctx, by, lines[2], "Paid to us by mistake"); err != nil {
			t.Fatal(err)
		}
		if d, err := s.BankLine(ctx, by, lines[2]); err != nil || d.State != funding.LineSetAside || d.Match.SetAside != "Paid to us by mistake" {
			t.Errorf("%+v (%v)", d, err)
		}
		refusedAt(t, s.UndoMatch(ctx, by, lines[2], ""), fault.Invalid, "reason")
		if err := s.UndoMatch(ctx, by, lines[2], "It was ours"); err != nil {
			t.Fatal(err)
		}
		refusedAt(t, s.UndoMatch(ctx, by, lines[2], "x"), fault.Conflict, "")
	})
	t.Run("with money that is recorded from them", func(t *testing.T) {
		body := membershiptest.Organisation(t, db)
		got, err := s.RecordReceived(ctx, by, lines[2], funding.RecordEntryCommand{Year: 2019, Organisation: body.Slug})
		if err != nil {
			t.Fatal(err)
		}
		if e, err := s.LedgerEntry(ctx, by, got); err != nil || e.Kind != funding.Receipt || e.Pence != 1200 || e.ReceivedAs != "SOMEBODY ELSE" || e.BankLine != lines[2] {
			t.Errorf("%+v (%v)", e, err)
		}
		back, err := s.RecordReceived(ctx, by, lines[4], funding.RecordEntryCommand{Year: 2019, Organisation: body.Slug})
		if err != nil {
			t.Fatal(err)
		}
		if e, err := s.LedgerEntry(ctx, by, back); err != nil || e.Kind != funding.Refund || e.Pence != 10000 {
			t.Errorf("%+v (%v)", e, err)
		}
		interest, err := s.RecordSpent(ctx, by, lines[3], funding.SpendCommand{Year: 2019, Category: "other", Supplier: "The bank", Description: "Interest"})
		if err != nil {
			t.Fatal(err)
		}
		if x, err := s.SpendLine(ctx, by, interest); err != nil || x.Kind != funding.MoneyBack || x.Pence != 300 || x.BankLine != lines[3] {
			t.Errorf("%+v (%v)", x, err)
		}
		_, err = s.RecordSpent(ctx, by, lines[3], funding.SpendCommand{Year: 2019, Category: "other", Supplier: "The bank", Description: "Interest"})
		refusedAt(t, err, fault.Conflict, "")
	})
	t.Run("not by those who only read", func(t *testing.T) {
		reader := authz.Actor{Account: 1, Held: []authz.Held{{Role: authz.Scrutineer}}}
		if _, err := s.BankLine(ctx, reader, lines[0]); err != nil {
			t.Error(err)
		}
		refusedAt(t, s.MatchLine(ctx, reader, funding.MatchCommand{Line: lines[0], Entries: []id.LedgerEntry{big}}), fault.Forbidden, "")
		refusedAt(t, s.SetAside(ctx, reader, lines[0], "x"), fault.Forbidden, "")
		refusedAt(t, s.UndoMatch(ctx, reader, lines[0], "x"), fault.Forbidden, "")
		refusedAt(t, s.ImportBankFile(ctx, reader, 1), fault.Forbidden, "")
	})
}

func TestWhatALineOfAStatementLikelyIs(t *testing.T) {
	t.Parallel()
	ctx, db, by := context.Background(), pgtest.Tx(t), authz.System("test")
	s := funding.New(db, now)
	fundingtest.LedgerYear(t, db, 2019, 0)
	body := func(name string) membershiptest.Body {
		return membershiptest.Organisation(t, db, func(b *membershiptest.Body) { b.Name = name })
	}
	council, ccg, icb := body("Borsetshire County Council"), body("Felpersham Commissioning Group"), body("Borsetshire Integrated Care Board")
	succeed(t, db, ccg.ID, icb.ID, "2022-07-01")
	invoice := func(slug, reference string, pence money.Pence) {
		fundingtest.Entry(t, db, func(c *funding.RecordEntryCommand) {
			c.Organisation, c.Kind, c.Reference, c.Pence, c.DueOn = slug, funding.Invoice, reference, pence, day.Must("2019-07-31")
		})
	}
	invoice(council.Slug, "INV 1042", 4300000)
	invoice(ccg.Slug, "INV 1043", 2000000)
	receipt := fundingtest.Entry(t, db, func(c *funding.RecordEntryCommand) { c.Organisation, c.Pence, c.Reference = council.Slug, 77700, "" })
	spent := fundingtest.Spent(t, db, func(c *funding.SpendCommand) { c.Supplier = "Ambridge Halls Ltd" })
	lines := fundingtest.BankLines(t, db, strings.Join([]string{
		"2019-06-20,BACS,INV-1042,20000.00",                  // by reference, a part payment
		"2019-06-21,BORSETSHIRE INTEGRATED CARE,,20000.00",   // by the name of today, cut, and the amount
		"2019-06-22,FELPERSHAM COMMISSIONING GROUP 44,,1.00", // by the name of its day
		"2019-06-04,FPI,,777.00",                             // by amount and date of what is recorded
		"2019-07-02,AMBRIDGE HALLS,,-600.00",                 // money out
		"2019-06-20,SOMEBODY ELSE,,20000.00",                 // an amount alone says nothing
	}, "\n")+"\n")
	first := func(line id.BankLine) funding.Suggestion {
		t.Helper()
		d, err := s.BankLine(ctx, by, line)
		if err != nil {
			t.Fatal(err)
		}
		if len(d.Suggestions) == 0 {
			return funding.Suggestion{}
		}
		return d.Suggestions[0]
	}
	if got := first(lines[0]); got.Slug != council.Slug || got.IsRecorded() || got.Reference != "INV 1042" {
		t.Errorf("by reference: %+v", got)
	}
	for _, line := range lines[1:3] {
		if got := first(line); got.Slug != icb.Slug || got.Reference != "INV 1043" {
			t.Errorf("by name: %+v", got)
		}
	}
	if got := first(lines[3]); got.Entry != receipt {
		t.Errorf("by amount: %+v", got)
	}
	if got := first(lines[4]); got.Spend != spent {
		t.Errorf("money out: %+v", got)
	}
	if got := first(lines[5]); got.Who != "" {
		t.Errorf("nobody is named: %+v", got)
	}
	list, _, err := s.BankLines(ctx, by, funding.BankFilter{State: funding.LineUnmatched})
	if err != nil {
		t.Fatal(err)
	}
	if found, err := s.Suggested(ctx, by, list); err != nil || len(found[lines[0]]) == 0 || len(found[lines[5]]) != 0 {
		t.Errorf("of the list: %+v (%v)", found, err)
	}
}
