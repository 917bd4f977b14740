package funding_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/funding/fundingtest"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg/pgtest"
)

func TestSpendingBesideItsBudget(t *testing.T) {
	t.Parallel()
	ctx, db, by := context.Background(), pgtest.Tx(t), authz.System("test")
	s := funding.New(db, now)
	fundingtest.LedgerYear(t, db, 2019, 0)
	if _, err := db.Exec(ctx, `INSERT INTO budget_line (financial_year, category, pence) VALUES (2019, 'training', 100000)`); err != nil {
		t.Fatal(err)
	}
	paid := funding.SpendCommand{Year: 2019, Category: "training", Kind: funding.Payment, Pence: 90000, DatedOn: day.Must("2019-07-01"), Supplier: "A trainer", Description: "Two days"}
	for name, c := range map[string]struct {
		alter func(*funding.SpendCommand)
		field string
	}{
		"for no year":         {func(c *funding.SpendCommand) { c.Year = 0 }, "year"},
		"for an unknown year": {func(c *funding.SpendCommand) { c.Year = 2031 }, "year"},
		"of no known kind":    {func(c *funding.SpendCommand) { c.Kind = "gift" }, "kind"},
		"of no category":      {func(c *funding.SpendCommand) { c.Category = "" }, "category"},
		"of another category": {func(c *funding.SpendCommand) { c.Category = "balloons" }, "category"},
		"of nothing":          {func(c *funding.SpendCommand) { c.Pence = 0 }, "amount"},
		"at no time":          {func(c *funding.SpendCommand) { c.DatedOn = day.Date{} }, "dated"},
		"tomorrow":            {func(c *funding.SpendCommand) { c.DatedOn = day.Must("2026-11-21") }, "dated"},
		"to nobody":           {func(c *funding.SpendCommand) { c.Supplier = "" }, "supplier"},
		"for nothing":         {func(c *funding.SpendCommand) { c.Description = "" }, "description"},
	} {
		t.Run("a payment "+name+" is refused", func(t *testing.T) {
			cmd := paid
			c.alter(&cmd)
			_, err := s.Spend(ctx, by, cmd)
			refusedAt(t, err, fault.Invalid, c.field)
		})
	}
	made, err := s.Spend(ctx, by, paid)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Spend(ctx, by, paid)
	refusedAt(t, err, fault.Invalid, "reference")
	fundingtest.Spent(t, db, func(c *funding.SpendCommand) { c.Kind, c.Pence = funding.MoneyBack, 5000 })
	fundingtest.Spent(t, db, func(c *funding.SpendCommand) { c.Category, c.Pence = "staffing", 20000 })
	want := func(training, total int) {
		t.Helper()
		x, err := s.Spending(ctx, by, 2019)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range x.Categories {
			if c.Code == "training" && (!c.HasBudget || c.Budget != 100000 || int(c.Spent) != training || int(c.Left()) != 100000-training) {
				t.Errorf("training: %+v", c)
			}
			if c.Code == "staffing" && (c.HasBudget || c.Spent != 20000) {
				t.Errorf("staffing: %+v", c)
			}
		}
		if int(x.Total.Spent) != total || x.Total.Budget != 100000 {
			t.Errorf("in all: %+v", x.Total)
		}
	}
	want(85000, 105000)
	refusedAt(t, s.ReverseSpend(ctx, by, funding.ReverseSpendCommand{ID: made}), fault.Invalid, "reason")
	if err := s.ReverseSpend(ctx, by, funding.ReverseSpendCommand{ID: made, Reason: "Paid by the council"}); err != nil {
		t.Fatal(err)
	}
	want(-5000, 15000)
	refusedAt(t, s.ReverseSpend(ctx, by, funding.ReverseSpendCommand{ID: made, Reason: "x"}), fault.Conflict, "")
	refusedAt(t, s.ReverseSpend(ctx, by, funding.ReverseSpendCommand{ID: 999999999, Reason: "x"}), fault.NotFound, "")
	reader := authz.Actor{Account: 1, Seats: []authz.Seat{{}}}
	if _, err := s.Spending(ctx, reader, 2019); err != nil {
		t.Error(err)
	}
	_, err = s.Spend(ctx, reader, paid)
	refusedAt(t, err, fault.Forbidden, "")
	_, err = s.Spending(ctx, authz.Actor{}, 2019)
	refusedAt(t, err, fault.Forbidden, "")
	_, err = s.SpendLine(ctx, authz.Actor{}, made)
	refusedAt(t, err, fault.Forbidden, "")
}

func TestAYearIsClosedWhenItBalances(t *testing.T) {
	t.Parallel()
	ctx, db, by := context.Background(), pgtest.Tx(t), authz.System("test")
	s := funding.New(db, now)
	fundingtest.LedgerYear(t, db, 2019, 25000)
	fundingtest.LedgerYear(t, db, 2020, 1)
	received, spent := fundingtest.Entry(t, db), fundingtest.Spent(t, db)
	lines := fundingtest.BankLines(t, db, "2019-06-03,FPI,,1000.00\n2019-07-01,FPO,,-1.00\n")
	if err := s.MatchLine(ctx, by, funding.MatchCommand{Line: lines[0], Entries: []id.LedgerEntry{received}}); err != nil {
		t.Fatal(err)
	}
	b, err := s.Balance(ctx, by, 2019)
	if err != nil || b.Opening != 25000 || b.Income != 100000 || b.Expenditure != 60000 || b.Closing() != 65000 || b.Unmatched != 1 || b.Unbanked != 1 {
		t.Fatalf("%+v (%v)", b, err)
	}
	err = s.CloseYear(ctx, by, funding.CloseCommand{Year: 2019, Bank: 65001})
	refusedAt(t, err, fault.Invalid, "bank")
	if !strings.Contains(fault.Message(err), "The bank shows £0.01 more than the £650 of the books") {
		t.Errorf("said %q", fault.Message(err))
	}
	refusedAt(t, s.CloseYear(ctx, by, funding.CloseCommand{Year: 2020, Bank: 1}), fault.Conflict, "")
	refusedAt(t, s.CloseYear(ctx, by, funding.CloseCommand{Year: 2031, Bank: 1}), fault.NotFound, "")
	refusedAt(t, s.CloseYear(ctx, authz.Actor{Account: 1, Seats: []authz.Seat{{}}}, funding.CloseCommand{Year: 2019, Bank: 65000}), fault.Forbidden, "")
	early := funding.New(db, func() time.Time { return day.Must("2020-03-31").Starts() })
	refusedAt(t, early.CloseYear(ctx, by, funding.CloseCommand{Year: 2019, Bank: 65000}), fault.Conflict, "")
	if err := s.CloseYear(ctx, by, funding.CloseCommand{Year: 2019, Bank: 65000, Note: "As audited"}); err != nil {
		t.Fatal(err)
	}
	refusedAt(t, s.CloseYear(ctx, by, funding.CloseCommand{Year: 2019, Bank: 65000}), fault.Conflict, "")
	if b, err := s.Balance(ctx, by, 2020); err != nil || b.Opening != 65000 || b.OpenBefore != 0 {
		t.Errorf("the next year opens with %+v (%v)", b, err)
	}
	var opening int64
	if err := db.QueryRow(ctx, `SELECT opening_pence FROM funding_year WHERE financial_year = 2020`).Scan(&opening); err != nil || opening != 65000 {
		t.Errorf("the next year begins with %d (%v)", opening, err)
	}
	t.Run("then all of it stands still", func(t *testing.T) {
		slug := "x"
		if e, err := s.LedgerEntry(ctx, by, received); err != nil || !e.YearClosed || e.CanChange(by) {
			t.Errorf("%+v (%v)", e, err)
		} else {
			slug = e.Slug
		}
		_, err := s.RecordEntry(ctx, by, entry(2019, slug, funding.Receipt, 1, "2019-06-01"))
		refusedAt(t, err, fault.Conflict, "")
		refusedAt(t, s.ReverseEntry(ctx, by, funding.ReverseEntryCommand{ID: received, Reason: "x"}), fault.Conflict, "")
		_, err = s.MoveEntry(ctx, by, funding.MoveEntryCommand{ID: received, Year: 2020, Organisation: slug, Reason: "x"})
		refusedAt(t, err, fault.Conflict, "")
		refusedAt(t, s.ReverseSpend(ctx, by, funding.ReverseSpendCommand{ID: spent, Reason: "x"}), fault.Conflict, "")
		_, err = s.Spend(ctx, by, funding.SpendCommand{Year: 2019, Category: "other", Kind: funding.Payment, Pence: 1, DatedOn: day.Must("2019-07-01"), Supplier: "x", Description: "x"})
		refusedAt(t, err, fault.Conflict, "")
		refusedAt(t, s.UndoMatch(ctx, by, lines[0], "x"), fault.Conflict, "")
		_, err = s.RecordSpent(ctx, by, lines[1], funding.SpendCommand{Year: 2019, Category: "other", Supplier: "x", Description: "x"})
		refusedAt(t, err, fault.Conflict, "")
		_, err = s.Record(ctx, by, funding.RecordCommand{Year: 2019, Organisation: slug, Form: funding.Cash, Purpose: "x", Agreed: day.On(day.Must("2019-03-01")), Source: "x"})
		refusedAt(t, err, fault.Conflict, "")
	})
}

// What anybody reads of a released year's money; of a year that is not released, nothing.
func TestThePublicReadsTheMoneyOfReleasedYears(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.Tx(t)
	fundingtest.LedgerYear(t, db, 2019, 1000)
	fundingtest.LedgerYear(t, db, 2020, 0)
	fundingtest.Entry(t, db)
	fundingtest.Spent(t, db)
	fundingtest.Spent(t, db, func(c *funding.SpendCommand) { c.Pence = 50000 }) // £500 is not over £500
	fundingtest.Spent(t, db, func(c *funding.SpendCommand) { c.Pence, c.Withheld, c.Supplier = 50001, true, "Ada Private" })
	public := pgtest.Public(t, db)
	count := func(sql string) (n int) {
		t.Helper()
		if err := public.QueryRow(ctx, sql).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := count(`SELECT (SELECT count(*) FROM published.ledger_summary) + (SELECT count(*) FROM published.category_spending) + (SELECT count(*) FROM published.spend_line)`); n != 0 {
		t.Errorf("before the release %d rows are public", n)
	}
	fundingtest.Released(t, db, 2019)
	for sql, want := range map[string]int{
		`SELECT opening_pence FROM published.ledger_summary`:                                         1000,
		`SELECT income_pence FROM published.ledger_summary`:                                          100000,
		`SELECT expenditure_pence FROM published.ledger_summary`:                                     160001,
		`SELECT spent_pence FROM published.category_spending WHERE code = 'training'`:                160001,
		`SELECT count(*) FROM published.spend_line`:                                                  2,
		`SELECT count(*) FROM published.spend_line WHERE supplier || reference LIKE '%Private%'`:     0,
		`SELECT count(*) FROM published.spend_line WHERE is_withheld AND supplier || reference = ''`: 1,
	} {
		if got := count(sql); got != want {
			t.Errorf("%s gives %d, want %d", sql, got, want)
		}
	}
}

// Two people deal with one payment at the same moment, each in another way: one wins, the other is told in words.
func TestTwoPeopleReconcileOnePaymentAtOnce(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.Database(t, pgtest.PoolSize(2))
	s, by := funding.New(db.App, now), authz.System("test")
	fundingtest.LedgerYear(t, db.App, 2019, 0)
	const rounds = 12
	for i := range rounds {
		mine, yours := fundingtest.Entry(t, db.App), fundingtest.Entry(t, db.App)
		line := fundingtest.BankLines(t, db.App, "2019-06-03,PAYMENT "+string(rune('A'+i))+",,1000.00\n")[0]
		acts := [][2]func() error{
			{func() error {
				return s.MatchLine(ctx, by, funding.MatchCommand{Line: line, Entries: []id.LedgerEntry{mine}})
			},
				func() error {
					return s.MatchLine(ctx, by, funding.MatchCommand{Line: line, Entries: []id.LedgerEntry{yours}})
				}},
			{func() error {
				return s.MatchLine(ctx, by, funding.MatchCommand{Line: line, Entries: []id.LedgerEntry{mine}})
			},
				func() error { return s.SetAside(ctx, by, line, "Not ours") }},
			{func() error {
				return s.MatchLine(ctx, by, funding.MatchCommand{Line: line, Entries: []id.LedgerEntry{mine}})
			},
				func() error { return s.ReverseEntry(ctx, by, funding.ReverseEntryCommand{ID: mine, Reason: "A slip"}) }},
			{func() error {
				_, err := s.RecordReceived(ctx, by, line, funding.RecordEntryCommand{Year: 2019, Organisation: slugOf(t, s, mine)})
				return err
			},
				func() error {
					return s.MatchLine(ctx, by, funding.MatchCommand{Line: line, Entries: []id.LedgerEntry{yours}})
				}},
		}[i%4]
		first, second := make(chan error), make(chan error)
		go func() { first <- acts[0]() }()
		go func() { second <- acts[1]() }()
		one, two := <-first, <-second
		if (one == nil) == (two == nil) {
			t.Fatalf("round %d: %v and %v, want one of the two refused", i, one, two)
		}
		lost := errors.Join(one, two)
		// A line that was reversed a moment before is no longer there to be chosen.
		if !errors.Is(lost, fault.Conflict) && !(i%4 == 2 && errors.Is(lost, fault.Invalid)) || fault.Message(lost) == "" {
			t.Errorf("round %d: the other is told %v", i, lost)
		}
	}
}

func slugOf(t *testing.T, s *funding.Service, which id.LedgerEntry) string {
	e, err := s.LedgerEntry(context.Background(), authz.System("test"), which)
	if err != nil {
		t.Error(err)
	}
	return e.Slug
}

// A year is closed while somebody records a line of it: the line is in the closing, or is refused.
func TestAYearIsClosedWhileALineIsRecorded(t *testing.T) {
	t.Parallel()
	ctx, by := context.Background(), authz.System("test")
	for range 3 {
		db := pgtest.Database(t, pgtest.PoolSize(2))
		s := funding.New(db.App, now)
		fundingtest.LedgerYear(t, db.App, 2019, 0)
		closed, recorded := make(chan error), make(chan error)
		go func() { closed <- s.CloseYear(ctx, by, funding.CloseCommand{Year: 2019, Bank: 0}) }()
		go func() {
			_, err := s.Spend(ctx, by, funding.SpendCommand{Year: 2019, Category: "other", Kind: funding.Payment, Pence: 1, DatedOn: day.Must("2019-07-01"), Supplier: "x", Description: "x"})
			recorded <- err
		}()
		closeErr, recordErr := <-closed, <-recorded
		if (closeErr == nil) == (recordErr == nil) {
			t.Fatalf("closed: %v; recorded: %v; want one of the two refused", closeErr, recordErr)
		}
	}
}
