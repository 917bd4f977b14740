package funding_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/money"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
)

// history is a random story of bodies, with a naive model of what is to be shown beside it.
type history struct {
	t       *testing.T
	db      pg.DB
	bodies  []membershiptest.Body
	latest  []string                      // the latest name of each body
	joined  map[[2]int]day.Date           // predecessor and successor, by their places, and the day
	lines   map[id.Contribution]naiveLine // those that count
	renamed map[int]day.Date              // the first day of a body's latest name
}

type naiveLine struct {
	body  int
	year  day.FinancialYear
	pence money.Pence
	form  funding.Form
}

func (h *history) exec(sql string, args ...any) {
	h.t.Helper()
	if _, err := h.db.Exec(context.Background(), sql, args...); err != nil {
		h.t.Fatalf("%s: %v", sql, err)
	}
}

func (h *history) body(rt *rapid.T, label string) int {
	return rapid.IntRange(0, len(h.bodies)-1).Draw(rt, label)
}

// rename gives a body a new name from a day after the last one on.
func (h *history) rename(rt *rapid.T) {
	i := h.body(rt, "renamed")
	from := day.Must("2000-01-01")
	if last, ok := h.renamed[i]; ok {
		from = last
	}
	from = from.Add(rapid.IntRange(1, 2000).Draw(rt, "days later"))
	h.exec(`UPDATE organisation_name SET ends_on = $2 WHERE organisation_id = $1 AND ends_on IS NULL`, h.bodies[i].ID, from.Add(-1))
	h.latest[i] = fmt.Sprintf("%s, renamed on %s", h.bodies[i].Name, from)
	membershiptest.Name(h.t, h.db, h.bodies[i].ID, h.latest[i], from, day.Date{})
	h.renamed[i] = from
}

// join lets one body take over from another, unless that would lead in a circle: a merger is several such with one
// successor, a split several with one predecessor.
func (h *history) join(from, to int, on day.Date) {
	if _, there := h.joined[[2]int{from, to}]; there || from == to || h.leads(to, from) {
		return
	}
	succeed(h.t, h.db, h.bodies[from].ID, h.bodies[to].ID, on.String())
	h.joined[[2]int{from, to}] = on
}

func (h *history) leads(from, to int) bool {
	if from == to {
		return true
	}
	for pair := range h.joined {
		if pair[0] == from && h.leads(pair[1], to) {
			return true
		}
	}
	return false
}

// undo retracts a succession.
func (h *history) undo(rt *rapid.T) {
	if len(h.joined) == 0 {
		return
	}
	pairs := slices.SortedFunc(maps.Keys(h.joined), func(a, b [2]int) int { return a[0]*1000 + a[1] - b[0]*1000 - b[1] })
	pair := rapid.SampledFrom(pairs).Draw(rt, "undone")
	h.exec(`UPDATE organisation_succession SET retracted_reason = 'In error' WHERE predecessor_id = $1 AND successor_id = $2 AND retracted_at IS NULL`,
		h.bodies[pair[0]].ID, h.bodies[pair[1]].ID)
	delete(h.joined, pair)
}

func (h *history) record(rt *rapid.T, s *funding.Service) {
	l := naiveLine{body: h.body(rt, "payer"), year: day.FinancialYear(rapid.IntRange(2018, 2021).Draw(rt, "year")),
		pence: money.Pence(rapid.Int64Range(0, 1_000_000_00).Draw(rt, "pence")), form: rapid.SampledFrom(funding.Forms()).Draw(rt, "form")}
	cmd := funding.RecordCommand{Year: l.year, Organisation: h.bodies[l.body].Slug, Form: l.form, Pence: l.pence, Purpose: fmt.Sprintf("Purpose %d", len(h.lines)),
		Agreed: day.On(day.Must("2018-01-01").Add(rapid.IntRange(0, 1500).Draw(rt, "agreed"))), Source: membershiptest.Unique()}
	if l.form == funding.InKind {
		cmd.Valuation = "By eye"
	}
	made, err := s.Record(context.Background(), authz.System("test"), cmd)
	if err != nil {
		h.t.Fatal(err)
	}
	h.lines[made] = l
}

func (h *history) takeOut(rt *rapid.T, s *funding.Service) {
	if len(h.lines) == 0 {
		return
	}
	which := rapid.SampledFrom(slices.Sorted(maps.Keys(h.lines))).Draw(rt, "taken out")
	if err := s.Reverse(context.Background(), authz.System("test"), funding.ReverseCommand{ID: which, Reason: "A slip"}); err != nil {
		h.t.Fatal(err)
	}
	delete(h.lines, which)
}

// heir is where the naive model shows a body on a day: it goes on while there is exactly one successor.
func (h *history) heir(body int, on day.Date) int {
	next := -1
	for pair, day := range h.joined {
		if pair[0] == body && !day.After(on) {
			if next >= 0 {
				return body
			}
			next = pair[1]
		}
	}
	if next < 0 {
		return body
	}
	return h.heir(next, on)
}

// check compares what is shown of every year on a day with the naive model.
func (h *history) check(rt *rapid.T, public *funding.Public, on day.Date) {
	ctx := context.Background()
	totals, err := public.Totals(ctx, on)
	if err != nil {
		h.t.Fatal(err)
	}
	lines := 0
	for _, total := range totals {
		year, err := public.Year(ctx, total.Year, on)
		if err != nil {
			h.t.Fatal(err)
		}
		lines += h.checkYear(rt, year, total, on)
	}
	if lines != len(h.lines) {
		rt.Fatalf("on %s %d lines are shown, want %d", on, lines, len(h.lines))
	}
}

func (h *history) checkYear(rt *rapid.T, year funding.Year, total funding.Total, on day.Date) int {
	var cash, inKind, ofPayers money.Pence
	for _, l := range h.lines {
		switch {
		case l.year != year.Year:
		case l.form == funding.Cash:
			cash += l.pence
		default:
			inKind += l.pence
		}
	}
	if year.Cash != cash || year.InKind != inKind || total.Cash != cash || total.InKind != inKind {
		rt.Fatalf("%s on %s: %s and %s, in the list of years %s and %s, want %s and %s", year.Year, on, year.Cash, year.InKind, total.Cash, total.InKind, cash, inKind)
	}
	seen, shares := map[id.Contribution]bool{}, money.Share(0)
	for _, p := range year.Payers {
		shares += p.CashShare
		ofPayers += p.Cash + p.InKind
		for _, l := range p.Lines {
			naive, counts := h.lines[l.ID]
			if seen[l.ID] || !counts || naive.year != year.Year || l.Pence != naive.pence || l.Organisation != h.bodies[naive.body].ID {
				rt.Fatalf("%s on %s: the line %+v is shown twice, or wrongly; want %+v", year.Year, on, l, naive)
			}
			seen[l.ID] = true
			heir := h.heir(naive.body, on)
			if p.ID != h.bodies[heir].ID {
				rt.Fatalf("%s on %s: the line of body %d is shown under %d, want %d", year.Year, on, naive.body, p.ID, h.bodies[heir].ID)
			}
			if !h.renamed[heir].After(on) && p.Name != h.latest[heir] {
				rt.Fatalf("%s on %s: body %d is called %q, want %q", year.Year, on, heir, p.Name, h.latest[heir])
			}
		}
	}
	if ofPayers != cash+inKind {
		rt.Fatalf("%s on %s: the payers add up to %s, want %s", year.Year, on, ofPayers, cash+inKind)
	}
	if cash > 0 && shares != 1000 {
		rt.Fatalf("%s on %s: the shares add up to %s", year.Year, on, shares)
	}
	return len(seen)
}

// Whatever is renamed, merged, split and undone, no penny is lost or counted twice, and each line is shown exactly once.
func TestSuccessionsConserveEveryYearsTotal(t *testing.T) {
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
		h := newHistory(t, tx, rapid.IntRange(2, 6).Draw(rt, "bodies"))
		s, public := funding.New(tx, time.Now), funding.NewPublic(pgtest.Public(t, tx))
		someDay := func(label string) day.Date {
			return day.Must("2018-04-01").Add(rapid.IntRange(0, 1400).Draw(rt, label))
		}
		for range rapid.IntRange(4, 14).Draw(rt, "steps") {
			switch rapid.SampledFrom([]string{"record", "record", "record", "take out", "rename", "succeed", "merge", "split", "undo"}).Draw(rt, "step") {
			case "record":
				h.record(rt, s)
			case "take out":
				h.takeOut(rt, s)
			case "rename":
				h.rename(rt)
			case "succeed":
				h.join(h.body(rt, "predecessor"), h.body(rt, "successor"), someDay("day"))
			case "merge":
				on, into := someDay("day"), h.body(rt, "successor")
				h.join(h.body(rt, "first of two"), into, on)
				h.join(h.body(rt, "second of two"), into, on)
			case "split":
				on, whole := someDay("day"), h.body(rt, "predecessor")
				h.join(whole, h.body(rt, "first part"), on)
				h.join(whole, h.body(rt, "second part"), on)
			case "undo":
				h.undo(rt)
			}
		}
		h.check(rt, public, someDay("asked"))
		h.check(rt, public, day.Must("2026-11-22"))
	})
}

func newHistory(t *testing.T, tx pgx.Tx, bodies int) *history {
	h := &history{t: t, db: tx, joined: map[[2]int]day.Date{}, lines: map[id.Contribution]naiveLine{}, renamed: map[int]day.Date{}}
	for range bodies {
		b := membershiptest.Organisation(t, tx)
		h.bodies, h.latest = append(h.bodies, b), append(h.latest, b.Name)
	}
	return h
}
