package decision_test

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/decision"
	"partnershipportal/internal/demo"
	"partnershipportal/internal/pg/pgtest"
)

// What the register may take on the server, and how much more over a hundred times as many records.
const (
	limit     = 20 * time.Millisecond
	mostTimes = 1.5
	few, many = 1000, 100_000
)

var seededOn = day.Must("2026-11-22")

// filled is a database with some number of records, of twenty years.
type filled struct {
	*pgtest.DB
	records int
}

func seeded(t testing.TB, records int) filled {
	t.Helper()
	db := pgtest.Database(t)
	err := pgx.BeginFunc(t.Context(), db.App, func(tx pgx.Tx) error {
		return demo.LoadBulk(t.Context(), tx, demo.Bulk{Decisions: records, Years: 20, Today: seededOn})
	})
	if err == nil {
		_, err = db.Owner.Exec(t.Context(), `VACUUM ANALYZE`)
	}
	if err != nil {
		t.Fatal(err)
	}
	return filled{db, records}
}

// question is something that is asked of the public register.
type question struct {
	name string
	f    decision.Filter
	deep bool // the page after half of what there is
}

// questions are a page of each kind that a reader can ask for. Where few records have little to show, pages are short, so that
// they are as long over many.
func questions() (list []question) {
	for _, q := range []question{
		{name: "first page"}, {name: "oldest first", f: decision.Filter{Sort: decision.Oldest}}, {name: "by number", f: decision.Filter{Sort: decision.ByNumber}},
		{name: "by number from the end", f: decision.Filter{Sort: decision.ByNumberUp}}, {name: "by subject", f: decision.Filter{Sort: decision.BySubject}},
		{name: "a body", f: decision.Filter{Body: "seed-county-council"}}, {name: "the partnership itself", f: decision.Filter{Body: decision.PartnershipSlug}},
		{name: "a stage", f: decision.Filter{Stage: decision.Implemented}}, {name: "a rare stage", f: decision.Filter{Stage: decision.Withdrawn, Limit: few / 200}},
		{name: "key decisions", f: decision.Filter{Key: decision.KeyYes}}, {name: "a year", f: decision.Filter{Year: 2012}},
		{name: "a decision maker", f: decision.Filter{Maker: "Cabinet Member for Finance"}}, {name: "a rare decision maker", f: decision.Filter{Maker: "Monitoring Officer", Limit: few / 200}},
		{name: "a restriction", f: decision.Filter{Restriction: decision.PartExempt, Limit: few / 200}}, {name: "a rare restriction", f: decision.Filter{Restriction: decision.FullyExempt, Limit: few / 200}},
		{name: "every filter", f: decision.Filter{Body: "seed-county-council", Stage: decision.Implemented, Key: decision.KeyYes, Year: 2012, Restriction: decision.Open, Limit: 1}},
		{name: "a filter that fits few", f: decision.Filter{Body: "seed-police", Stage: decision.Notice, Restriction: decision.FullyExempt, Key: decision.KeyNo}},
	} {
		list = append(list, q)
		if q.f.Year == 0 && q.f.Stage != decision.Notice {
			list = append(list, question{"deep, " + q.name, q.f, true})
		}
	}
	for _, w := range []struct{ name, words string }{{"every record", demo.WordOfEvery}, {"one in a hundred", demo.WordOfAHundredth}, {"old records alone", demo.WordOfTheOldest},
		{"five records", demo.WordRare}, {"no record", "zeppelin"}, {"no record, spelt like one", "lihgthouse"}, {"a beginning", "lightho"}, {"many subjects", "transport"},
		{"every record and few", demo.WordOfEvery + " " + demo.WordRare}} {
		for _, o := range []struct {
			name string
			sort decision.Sort
		}{{"", decision.Usual}, {", newest first", decision.Newest}, {", oldest first", decision.Oldest}} {
			list = append(list, question{name: "words of " + w.name + o.name, f: decision.Filter{Text: w.words, Sort: o.sort}})
		}
	}
	return append(list, question{"deep, words of every record", decision.Filter{Text: demo.WordOfEvery}, true},
		question{name: "a number", f: decision.Filter{Text: "19/00035"}}, question{name: "the end of a number", f: decision.Filter{Text: "00035"}},
		question{name: "words and filters", f: decision.Filter{Text: demo.WordOfEvery, Body: "seed-county-council", Stage: decision.Implemented, Key: decision.KeyYes}})
}

// asked reads what the server reads for a page of the public register.
func (q question) asked(t testing.TB, db filled) func() error {
	t.Helper()
	public := decision.NewPublic(db.Public)
	if q.deep {
		whole := q.f
		whole.Limit = 500
		for passed := 0; passed < db.records/2; {
			found, err := public.List(t.Context(), whole, seededOn)
			if err != nil {
				t.Fatal(err)
			}
			if found.Next == "" {
				break
			}
			passed += len(found.Lines)
			whole.After = found.Next
		}
		q.f.After = whole.After
	}
	return func() error {
		if _, err := public.Facets(t.Context(), seededOn); err != nil {
			return err
		}
		_, err := public.List(t.Context(), q.f, seededOn)
		return err
	}
}

// What a page of the register costs at 1,000 and at 100,000 records, without the pages that are kept.
func BenchmarkAHundredThousandDecisions(b *testing.B) {
	small, large := seeded(b, few), seeded(b, many)
	for _, q := range questions() {
		b.Run(q.name, func(b *testing.B) { pgtest.Growth(b, limit, mostTimes, q.asked(b, small), q.asked(b, large)) })
	}
	plan := func(db filled) func() error {
		return func() error {
			_, err := decision.NewPublic(db.Public).ForwardPlan(b.Context(), seededOn)
			return err
		}
	}
	b.Run("forward plan", func(b *testing.B) { pgtest.Growth(b, limit, mostTimes, plan(small), plan(large)) })
}
