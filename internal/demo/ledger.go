package demo

import (
	"context"

	"partnershipportal/internal/day"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/id"
	"partnershipportal/internal/money"
)

// loadLedger writes down how the money of the agreed year might have come and gone. All of it is invented. One line of
// the bank's statement is left for whoever tries the portal.
func (l *loader) loadLedger(ctx context.Context) error {
	matched, err := l.loadReceipts(ctx)
	if err != nil {
		return err
	}
	spent, err := l.loadSpending(ctx)
	if err != nil {
		return err
	}
	p, err := l.funding.UploadBankFile(ctx, l.portal(), funding.BankUpload{FileName: "statement-2020-21.csv", Data: []byte(`Date,Description,Reference,Paid in,Paid out
03/06/2020,KENT COUNTY COUNCIL,INV 2020-01,60000.00,
01/09/2020,KENT COUNTY COUNCIL,INV 2020-01,60000.00,
12/06/2020,KENT POLICE AND CRIME COMM,INV 2020-02,47000.00,
19/06/2020,NHS KENT CCGS,INV 2020-03,61250.00,
24/06/2020,MAIDSTONE BC,,2575.50,
31/07/2020,PAYROLL RECHARGE,,,72400.00
15/09/2020,SCRUTINY SERVICES,S-17,,18000.00
20/01/2021,TRAINING HOUSE LTD,T-4,,6350.00
02/03/2021,UNKNOWN SENDER,REF 88,120.00,
`)})
	if err != nil {
		return err
	}
	if err := l.funding.ImportBankFile(ctx, l.portal(), p.ID); err != nil {
		return err
	}
	lines, _, err := l.funding.BankLines(ctx, l.portal(), funding.BankFilter{File: p.ID})
	if err != nil {
		return err
	}
	for _, line := range lines {
		cmd := funding.MatchCommand{Line: line.ID}
		if e, ok := matched[line.DatedOn]; ok {
			cmd.Entries = []id.LedgerEntry{e}
		} else if x, ok := spent[line.DatedOn]; ok {
			cmd.Spending = []id.Expenditure{x}
		} else {
			continue
		}
		if err := l.funding.MatchLine(ctx, l.portal(), cmd); err != nil {
			return err
		}
	}
	return nil
}

// loadReceipts records invoices and what was paid on them, by its day.
func (l *loader) loadReceipts(ctx context.Context) (map[day.Date]id.LedgerEntry, error) {
	received := map[day.Date]id.LedgerEntry{}
	for _, c := range []struct {
		kind      funding.LedgerKind
		slug      string
		pence     money.Pence
		on        string
		reference string
		as        string // name on the statement
	}{
		{funding.Invoice, council, 120_000_00, "2020-05-01", "INV 2020-01", ""},
		{funding.Invoice, police, 47_000_00, "2020-05-01", "INV 2020-02", ""},
		{funding.Invoice, ccgs, 61_250_00, "2020-05-01", "INV 2020-03", ""},
		{funding.Invoice, "maidstone-borough-council", 2_575_50, "2020-05-01", "INV 2020-04", ""},
		{funding.Receipt, council, 60_000_00, "2020-06-03", "INV 2020-01", ""},
		{funding.Receipt, council, 60_000_00, "2020-09-01", "INV 2020-01", ""},
		{funding.Receipt, police, 47_000_00, "2020-06-12", "INV 2020-02", "KENT POLICE AND CRIME COMM"},
		{funding.Receipt, ccgs, 61_250_00, "2020-06-19", "INV 2020-03", ""},
		{funding.Receipt, "maidstone-borough-council", 2_575_50, "2020-06-24", "INV 2020-04", "MAIDSTONE BC"},
	} {
		cmd := funding.RecordEntryCommand{Year: agreedYear, Organisation: c.slug, Kind: c.kind, Pence: c.pence, DatedOn: day.Must(c.on), Reference: c.reference, ReceivedAs: c.as, Demonstration: true}
		if c.kind == funding.Invoice {
			cmd.DueOn = cmd.DatedOn.Add(60)
		}
		made, err := l.funding.RecordEntry(ctx, l.portal(), cmd)
		if err != nil {
			return nil, err
		}
		if c.kind == funding.Receipt {
			received[cmd.DatedOn] = made
		}
	}
	return received, nil
}

// loadSpending records what was paid for, by its day.
func (l *loader) loadSpending(ctx context.Context) (map[day.Date]id.Expenditure, error) {
	spent := map[day.Date]id.Expenditure{}
	for _, c := range []struct {
		category, supplier, what, reference string
		pence                               money.Pence
		on                                  string
	}{
		{"staffing", "Kent County Council", "Business support team, first quarter", "", 72_400_00, "2020-07-31"},
		{"independent-scrutiny", "Scrutiny Services", "Independent scrutiny, half a year", "S-17", 18_000_00, "2020-09-15"},
		{"training", "Training House Ltd", "Six days of training for several agencies", "T-4", 6_350_00, "2021-01-20"},
	} {
		made, err := l.funding.Spend(ctx, l.portal(), funding.SpendCommand{Year: agreedYear, Category: c.category, Kind: funding.Payment, Pence: c.pence, DatedOn: day.Must(c.on),
			Supplier: c.supplier, Description: c.what, Reference: c.reference, Demonstration: true})
		if err != nil {
			return nil, err
		}
		spent[day.Must(c.on)] = made
	}
	return spent, nil
}
