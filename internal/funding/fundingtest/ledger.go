package fundingtest

import (
	"context"
	"testing"
	"time"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/money"
	"partnershipportal/internal/pg"
)

// LedgerYear makes a funding year that was agreed elsewhere, with a reserve brought forward.
func LedgerYear(t testing.TB, db pg.DB, year day.FinancialYear, opening money.Pence) {
	t.Helper()
	_, err := db.Exec(context.Background(), `
		INSERT INTO funding_year (financial_year, origin, opening_pence, skip_reason, agreed_source, agreed_on, agreed_precision)
		VALUES ($1, 'recorded', $2, 'A test knows no other', 'Minutes of the board', $3, 'day')`, year, opening, day.Must("2019-03-01"))
	if err != nil {
		t.Fatalf("make funding year %s for the test: %v", year, err)
	}
}

// Released shows a funding year to the public.
func Released(t testing.TB, db pg.DB, year day.FinancialYear) {
	t.Helper()
	if _, err := db.Exec(context.Background(), `UPDATE funding_year SET released_at = clock_timestamp() WHERE financial_year = $1`, year); err != nil {
		t.Fatalf("release funding year %s for the test: %v", year, err)
	}
}

// Entry records a receipt of £1,000 for 2019/20 in the ledger, of an organisation of its own.
func Entry(t testing.TB, db pg.DB, alter ...func(*funding.RecordEntryCommand)) id.LedgerEntry {
	t.Helper()
	cmd := funding.RecordEntryCommand{Year: 2019, Kind: funding.Receipt, Pence: 100000, DatedOn: day.Must("2019-06-03"), Reference: membershiptest.Unique()}
	for _, f := range alter {
		f(&cmd)
	}
	if cmd.Organisation == "" {
		cmd.Organisation = membershiptest.Organisation(t, db).Slug
	}
	made, err := funding.New(db, time.Now).RecordEntry(context.Background(), authz.System("test"), cmd)
	if err != nil {
		t.Fatalf("record a line of the ledger for the test: %v", err)
	}
	return made
}

// Spent records a payment of £600 for 2019/20.
func Spent(t testing.TB, db pg.DB, alter ...func(*funding.SpendCommand)) id.Expenditure {
	t.Helper()
	cmd := funding.SpendCommand{Year: 2019, Category: "training", Kind: funding.Payment, Pence: 60000, DatedOn: day.Must("2019-07-01"), Supplier: "A trainer",
		Description: "A day of training", Reference: membershiptest.Unique()}
	for _, f := range alter {
		f(&cmd)
	}
	made, err := funding.New(db, time.Now).Spend(context.Background(), authz.System("test"), cmd)
	if err != nil {
		t.Fatalf("record spending for the test: %v", err)
	}
	return made
}

// BankLines imports an export with these rows and gives their lines in that order.
func BankLines(t testing.TB, db pg.DB, rows string) []id.BankLine {
	t.Helper()
	ctx, s, by := context.Background(), funding.New(db, time.Now), authz.System("test")
	p, err := s.UploadBankFile(ctx, by, funding.BankUpload{FileName: "statement.csv", Data: []byte("Date,Details,Reference,Amount\n" + rows)})
	if err != nil || len(p.Problems) > 0 {
		t.Fatalf("upload a bank file for the test: %v, %v", err, p.Problems)
	}
	if err := s.ImportBankFile(ctx, by, p.ID); err != nil {
		t.Fatalf("import a bank file for the test: %v", err)
	}
	list, _, err := s.BankLines(ctx, by, funding.BankFilter{File: p.ID})
	if err != nil {
		t.Fatal(err)
	}
	made := make([]id.BankLine, len(list))
	for _, l := range list {
		d, err := s.BankLine(ctx, by, l.ID)
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range p.Rows {
			if r.DatedOn == d.DatedOn && r.Pence == d.Pence && r.Description == d.Description {
				made[i] = d.ID
			}
		}
	}
	return made
}

// Matched matches a line of the statement with one of the ledger.
func Matched(t testing.TB, db pg.DB, line id.BankLine, entry id.LedgerEntry) {
	t.Helper()
	if err := funding.New(db, time.Now).MatchLine(context.Background(), authz.System("test"), funding.MatchCommand{Line: line, Entries: []id.LedgerEntry{entry}}); err != nil {
		t.Fatalf("match line %d of the statement for the test: %v", line, err)
	}
}

// BankFile uploads an export with these rows, and leaves it at that.
func BankFile(t testing.TB, db pg.DB, rows string) id.BankFile {
	t.Helper()
	p, err := funding.New(db, time.Now).UploadBankFile(context.Background(), authz.System("test"), funding.BankUpload{FileName: "preview.csv", Data: []byte("Date,Details,Reference,Amount\n" + rows)})
	if err != nil || len(p.Problems) > 0 {
		t.Fatalf("upload a bank file for the test: %v, %v", err, p.Problems)
	}
	return p.ID
}
