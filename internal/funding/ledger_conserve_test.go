package funding_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/funding/fundingtest"
	"partnershipportal/internal/id"
	"partnershipportal/internal/money"
	"partnershipportal/internal/pg/pgtest"
)

// naiveEntry is a line of the ledger that counts, as the naive model keeps it.
type naiveEntry struct {
	body  int
	year  day.FinancialYear
	kind  funding.LedgerKind
	pence money.Pence
	due   day.Date
}

// books are a random ledger with a naive model of it beside.
type books struct {
	*history
	s       *funding.Service
	entries map[id.LedgerEntry]naiveEntry
	made    int
}

var bookYears = []day.FinancialYear{2018, 2019, 2020}

func (b *books) record(rt *rapid.T) {
	e := naiveEntry{body: b.body(rt, "body"), year: rapid.SampledFrom(bookYears).Draw(rt, "year"), kind: rapid.SampledFrom(funding.LedgerKinds()).Draw(rt, "kind"),
		pence: money.Pence(rapid.Int64Range(1, 5_000_00).Draw(rt, "pence"))}
	b.made++
	cmd := funding.RecordEntryCommand{Year: e.year, Organisation: b.bodies[e.body].Slug, Kind: e.kind, Pence: e.pence, DatedOn: day.Must("2019-06-01"), Reference: fmt.Sprintf("Line %d", b.made)}
	if e.kind == funding.Invoice {
		e.due = cmd.DatedOn.Add(rapid.IntRange(0, 4000).Draw(rt, "due"))
		cmd.DueOn = e.due
	}
	made, err := b.s.RecordEntry(context.Background(), authz.System("test"), cmd)
	if err != nil {
		b.t.Fatal(err)
	}
	b.entries[made] = e
}

func (b *books) some(rt *rapid.T) (id.LedgerEntry, bool) {
	if len(b.entries) == 0 {
		return 0, false
	}
	return rapid.SampledFrom(slices.Sorted(maps.Keys(b.entries))).Draw(rt, "line"), true
}

func (b *books) reverse(rt *rapid.T) {
	which, ok := b.some(rt)
	if !ok {
		return
	}
	if err := b.s.ReverseEntry(context.Background(), authz.System("test"), funding.ReverseEntryCommand{ID: which, Reason: "A slip"}); err != nil {
		b.t.Fatal(err)
	}
	delete(b.entries, which)
}

func (b *books) move(rt *rapid.T) {
	which, ok := b.some(rt)
	if !ok {
		return
	}
	e := b.entries[which]
	to, year := b.body(rt, "to"), rapid.SampledFrom(bookYears).Draw(rt, "into")
	if to == e.body && year == e.year {
		return
	}
	made, err := b.s.MoveEntry(context.Background(), authz.System("test"), funding.MoveEntryCommand{ID: which, Year: year, Organisation: b.bodies[to].Slug, Reason: "It was theirs"})
	if err != nil {
		b.t.Fatal(err)
	}
	delete(b.entries, which)
	e.body, e.year = to, year
	b.entries[made] = e
}

// check compares every year's ledger on the service's day with the naive model, body by body and in all.
func (b *books) check(rt *rapid.T, on day.Date) {
	for _, year := range bookYears {
		l, err := b.s.Ledger(context.Background(), authz.System("test"), year)
		if err != nil {
			b.t.Fatal(err)
		}
		type sums struct{ invoiced, received, open money.Pence }
		want := map[id.Organisation]sums{}
		for _, e := range b.entries {
			if e.year != year {
				continue
			}
			heir := b.bodies[b.heir(e.body, on)].ID
			w := want[heir]
			switch e.kind {
			case funding.Invoice:
				w.invoiced += e.pence
				w.open += e.pence
			case funding.CreditNote:
				w.invoiced -= e.pence
			case funding.Receipt:
				w.received += e.pence
			case funding.Refund:
				w.received -= e.pence
			}
			want[heir] = w
		}
		var total sums
		for _, s := range l.Standings {
			w, known := want[s.ID]
			if !known || s.Invoiced != w.invoiced || s.Received != w.received {
				rt.Fatalf("%s: %s stands with %s and %s, want %s and %s", year, s.Name, s.Invoiced, s.Received, w.invoiced, w.received)
			}
			// What pays invoices: the credit notes and all that was received.
			paid := max(w.open-w.invoiced+w.received, 0)
			if unpaid := max(w.open-paid, 0); s.NotYetDue+s.Overdue != unpaid {
				rt.Fatalf("%s: %s has %s and %s unpaid, want %s", year, s.Name, s.NotYetDue, s.Overdue, unpaid)
			}
			total.invoiced += w.invoiced
			total.received += w.received
			delete(want, s.ID)
		}
		if len(want) > 0 || l.Total.Invoiced != total.invoiced || l.Total.Received != total.received {
			rt.Fatalf("%s: in all %s and %s, want %s and %s; bodies left out: %v", year, l.Total.Invoiced, l.Total.Received, total.invoiced, total.received, want)
		}
		if balance, err := b.s.Balance(context.Background(), authz.System("test"), year); err != nil || balance.Income != total.received {
			rt.Fatalf("%s: the balance has an income of %s (%v), want %s", year, balance.Income, err, total.received)
		}
	}
}

// Whatever is reversed, assigned anew and succeeded, no penny is lost or counted twice.
func TestLedgersConserveMoney(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	rapid.Check(t, func(rt *rapid.T) {
		tx, err := db.Begin(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := tx.Rollback(context.Background()); err != nil {
				t.Errorf("roll back: %v", err)
			}
		}()
		for _, y := range bookYears {
			fundingtest.LedgerYear(t, tx, y, 0)
		}
		b := &books{history: newHistory(t, tx, rapid.IntRange(2, 4).Draw(rt, "bodies")), s: funding.New(tx, now), entries: map[id.LedgerEntry]naiveEntry{}}
		for range rapid.IntRange(4, 16).Draw(rt, "steps") {
			switch rapid.SampledFrom([]string{"record", "record", "record", "reverse", "move", "move", "succeed", "undo"}).Draw(rt, "step") {
			case "record":
				b.record(rt)
			case "reverse":
				b.reverse(rt)
			case "move":
				b.move(rt)
			case "succeed":
				b.join(b.body(rt, "predecessor"), b.body(rt, "successor"), day.Must("2020-04-01"))
			case "undo":
				b.undo(rt)
			}
		}
		b.check(rt, day.Of(now()))
	})
}
