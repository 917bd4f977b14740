package funding_test

import (
	"context"
	"errors"
	"testing"
	"time"

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

// now is an instant after the years of these tests.
func now() time.Time { return day.Must("2026-11-20").Starts().Add(9 * time.Hour) }

func entry(year day.FinancialYear, slug string, kind funding.LedgerKind, pence money.Pence, dated string) funding.RecordEntryCommand {
	c := funding.RecordEntryCommand{Year: year, Organisation: slug, Kind: kind, Pence: pence, DatedOn: day.Must(dated)}
	if kind == funding.Invoice {
		c.DueOn = c.DatedOn.Add(30)
	}
	return c
}

func refusedAt(t *testing.T, err error, kind fault.Kind, field string) {
	t.Helper()
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Kind != kind || f.Field != field {
		t.Errorf("got %v, want %s at %q", err, kind, field)
	}
}

func TestALineOfTheLedger(t *testing.T) {
	t.Parallel()
	ctx, db, by := context.Background(), pgtest.Tx(t), authz.System("test")
	s := funding.New(db, now)
	fundingtest.LedgerYear(t, db, 2019, 0)
	fundingtest.LedgerYear(t, db, 2020, 0)
	body, other := membershiptest.Organisation(t, db), membershiptest.Organisation(t, db)
	for name, c := range map[string]struct {
		alter func(*funding.RecordEntryCommand)
		field string
	}{
		"without a year":                 {func(c *funding.RecordEntryCommand) { c.Year = 0 }, "year"},
		"of a year that is not there":    {func(c *funding.RecordEntryCommand) { c.Year = 2031 }, "year"},
		"of nobody":                      {func(c *funding.RecordEntryCommand) { c.Organisation = "nobody-at-all" }, "organisation"},
		"of no known kind":               {func(c *funding.RecordEntryCommand) { c.Kind = "gift" }, "kind"},
		"of nothing":                     {func(c *funding.RecordEntryCommand) { c.Pence = 0 }, "amount"},
		"of less than nothing":           {func(c *funding.RecordEntryCommand) { c.Pence = -1 }, "amount"},
		"without a date":                 {func(c *funding.RecordEntryCommand) { c.DatedOn = day.Date{} }, "dated"},
		"of tomorrow":                    {func(c *funding.RecordEntryCommand) { c.DatedOn = day.Must("2026-11-21") }, "dated"},
		"an invoice due before its date": {func(c *funding.RecordEntryCommand) { c.DueOn = day.Must("2019-05-01") }, "due"},
		"an invoice due at no time":      {func(c *funding.RecordEntryCommand) { c.DueOn = day.Date{} }, "due"},
		"a receipt that is due":          {func(c *funding.RecordEntryCommand) { c.Kind = funding.Receipt }, "due"},
		"an invoice on a statement":      {func(c *funding.RecordEntryCommand) { c.ReceivedAs = "A BODY" }, "received-as"},
	} {
		t.Run(name, func(t *testing.T) {
			cmd := entry(2019, body.Slug, funding.Invoice, 100, "2019-06-01")
			c.alter(&cmd)
			_, err := s.RecordEntry(ctx, by, cmd)
			refusedAt(t, err, fault.Invalid, c.field)
		})
	}
	made, err := s.RecordEntry(ctx, by, entry(2019, body.Slug, funding.Receipt, 40000, "2019-06-01"))
	if err != nil {
		t.Fatal(err)
	}
	t.Run("is not recorded twice", func(t *testing.T) {
		_, err := s.RecordEntry(ctx, by, entry(2019, body.Slug, funding.Receipt, 40000, "2019-06-01"))
		refusedAt(t, err, fault.Invalid, "reference")
	})
	t.Run("is of a body of its day", func(t *testing.T) {
		ended := membershiptest.Organisation(t, db, func(b *membershiptest.Body) { b.EndsOn = day.Must("2019-05-31") })
		_, err := s.RecordEntry(ctx, by, entry(2019, ended.Slug, funding.Receipt, 100, "2019-06-01"))
		refusedAt(t, err, fault.Invalid, "organisation")
	})
	t.Run("is assigned to another year and body, and reversed there", func(t *testing.T) {
		_, err := s.MoveEntry(ctx, by, funding.MoveEntryCommand{ID: made, Year: 2019, Organisation: body.Slug, Reason: "x"})
		refusedAt(t, err, fault.Invalid, "organisation")
		moved, err := s.MoveEntry(ctx, by, funding.MoveEntryCommand{ID: made, Year: 2020, Organisation: other.Slug, Reason: "It was for the next year"})
		if err != nil {
			t.Fatal(err)
		}
		old, err := s.LedgerEntry(ctx, by, made)
		if err != nil || old.Counts() || old.MovedTo != moved || old.ReversedReason != "It was for the next year" {
			t.Errorf("the old line is %+v (%v)", old, err)
		}
		if got, err := s.LedgerEntry(ctx, by, moved); err != nil || got.Year != 2020 || got.Organisation != other.ID || got.Pence != 40000 || got.MovedFrom != made {
			t.Errorf("the new line is %+v (%v)", got, err)
		}
		_, err = s.MoveEntry(ctx, by, funding.MoveEntryCommand{ID: made, Year: 2020, Organisation: body.Slug, Reason: "x"})
		refusedAt(t, err, fault.Conflict, "")
		refusedAt(t, s.ReverseEntry(ctx, by, funding.ReverseEntryCommand{ID: moved}), fault.Invalid, "reason")
		if err := s.ReverseEntry(ctx, by, funding.ReverseEntryCommand{ID: moved, Reason: "It bounced"}); err != nil {
			t.Fatal(err)
		}
		refusedAt(t, s.ReverseEntry(ctx, by, funding.ReverseEntryCommand{ID: moved, Reason: "x"}), fault.Conflict, "")
		for _, y := range []day.FinancialYear{2019, 2020} {
			if l, err := s.Ledger(ctx, by, y); err != nil || l.Total.Received != 0 || len(l.Entries) != 1 {
				t.Errorf("%s received %s with %d lines (%v)", y, l.Total.Received, len(l.Entries), err)
			}
		}
	})
	t.Run("is not found", func(t *testing.T) {
		_, err := s.LedgerEntry(ctx, by, 999999999)
		refusedAt(t, err, fault.NotFound, "")
		_, err = s.Ledger(ctx, by, 1999)
		refusedAt(t, err, fault.NotFound, "")
		refusedAt(t, s.ReverseEntry(ctx, by, funding.ReverseEntryCommand{ID: 999999999, Reason: "x"}), fault.NotFound, "")
	})
	t.Run("is for business support to write, and for partners to read", func(t *testing.T) {
		lead, staff := authz.Actor{Account: 1, Seats: []authz.Seat{{}}}, authz.Actor{Account: 1, Held: []authz.Held{{Role: authz.AgencyStaff}}}
		if _, err := s.Ledger(ctx, lead, 2019); err != nil {
			t.Errorf("a lead officer reads the ledger: %v", err)
		}
		_, err := s.Ledger(ctx, staff, 2019)
		refusedAt(t, err, fault.Forbidden, "")
		_, err = s.LedgerEntry(ctx, staff, made)
		refusedAt(t, err, fault.Forbidden, "")
		_, err = s.LedgerYears(ctx, staff)
		refusedAt(t, err, fault.Forbidden, "")
		_, err = s.RecordEntry(ctx, lead, entry(2019, body.Slug, funding.Receipt, 1, "2019-06-01"))
		refusedAt(t, err, fault.Forbidden, "")
		refusedAt(t, s.ReverseEntry(ctx, lead, funding.ReverseEntryCommand{ID: made, Reason: "x"}), fault.Forbidden, "")
		_, err = s.MoveEntry(ctx, lead, funding.MoveEntryCommand{ID: made, Year: 2020, Organisation: body.Slug, Reason: "x"})
		refusedAt(t, err, fault.Forbidden, "")
	})
}

// What is outstanding and overdue follows from the lines, under the body of today, with part payments and credit notes.
func TestHowBodiesStand(t *testing.T) {
	t.Parallel()
	ctx, db, by := context.Background(), pgtest.Tx(t), authz.System("test")
	today := "2019-08-10"
	s := funding.New(db, func() time.Time { return day.Must(today).Starts().Add(time.Hour) })
	fundingtest.LedgerYear(t, db, 2019, 0)
	body := func(name string) membershiptest.Body {
		return membershiptest.Organisation(t, db, func(b *membershiptest.Body) { b.Name = name })
	}
	ccg, icb := body("The CCGs"), body("The Care Board")
	fundingtest.Contribution(t, db, func(c *funding.RecordCommand) { c.Organisation, c.Pence = ccg.Slug, 100000 })
	line := func(b membershiptest.Body, kind funding.LedgerKind, pence money.Pence, dated string) id.LedgerEntry {
		t.Helper()
		made, err := s.RecordEntry(ctx, by, entry(2019, b.Slug, kind, pence, dated))
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	line(ccg, funding.Invoice, 60000, "2019-05-01") // due 31 May
	line(ccg, funding.Invoice, 50000, "2019-07-30") // due 29 August
	line(ccg, funding.CreditNote, 10000, "2019-07-31")
	line(ccg, funding.Receipt, 30000, "2019-06-01")
	slip := line(ccg, funding.Receipt, 5, "2019-06-02")
	if err := s.ReverseEntry(ctx, by, funding.ReverseEntryCommand{ID: slip, Reason: "A slip"}); err != nil {
		t.Fatal(err)
	}
	check := func(want funding.Standing) {
		t.Helper()
		l, err := s.Ledger(ctx, by, 2019)
		if err != nil || len(l.Standings) != 1 {
			t.Fatalf("%d bodies stand in the ledger (%v), want one", len(l.Standings), err)
		}
		got := l.Standings[0]
		if got.Name != want.Name || got.Pledged != want.Pledged || got.Invoiced != want.Invoiced || got.Received != want.Received || got.NotYetDue != want.NotYetDue ||
			got.Overdue != want.Overdue || got.Oldest != want.Oldest || len(got.Names) != len(want.Names) {
			t.Errorf("stands with %+v, want %+v", got, want)
		}
	}
	w := funding.Standing{Body: funding.Body{Name: "The CCGs"}, Pledged: 100000, Invoiced: 100000, Received: 30000, Overdue: 20000, NotYetDue: 50000, Oldest: day.Must("2019-05-31")}
	check(w)
	succeed(t, db, ccg.ID, icb.ID, "2019-08-01")
	line(icb, funding.Receipt, 25000, "2019-08-09")
	w.Name, w.Names, w.Received, w.Overdue, w.NotYetDue, w.Oldest = "The Care Board", []string{"The CCGs"}, 55000, 0, 45000, day.Date{}
	check(w)
	line(icb, funding.Receipt, 46000, "2019-08-09")
	line(icb, funding.Refund, 1000, "2019-08-10")
	w.Received, w.NotYetDue = 100000, 0
	check(w)
}
