package membership_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
)

// answersNow asks the database what is so on every day of the span; answersThen, what was known of it at a time.
const (
	answersNow = `
		SELECT d::date::text AS day, o.slug, organisation_name_on(o.id, d::date) AS name,
		       EXISTS (SELECT FROM published.safeguarding_partner p WHERE p.organisation_id = o.id AND p.during @> d::date) AS partner,
		       EXISTS (SELECT FROM published.agency a WHERE a.organisation_id = o.id AND a.during @> d::date) AS agency
		FROM unnest(@days::date[]) d JOIN published.organisation o ON coalesce(o.starts_on, '-infinity') <= d AND coalesce(o.ends_on, 'infinity') >= d
		WHERE o.slug LIKE @like`
	answersThen = `
		SELECT d::date::text AS day, o.slug,
		       (SELECT n.name FROM published.known_organisation_name n WHERE n.organisation_id = o.id AND n.known_from < @at AND n.known_until >= @at
		        ORDER BY (n.during @> d::date) DESC, (coalesce(n.starts_on, '-infinity') <= d) DESC,
		                 CASE WHEN coalesce(n.starts_on, '-infinity') <= d THEN n.starts_on END DESC NULLS LAST, n.starts_on ASC NULLS FIRST LIMIT 1) AS name,
		       EXISTS (SELECT FROM published.known_safeguarding_partner p WHERE p.organisation_id = o.id AND p.during @> d::date AND p.known_from < @at AND p.known_until >= @at) AS partner,
		       EXISTS (SELECT FROM published.known_agency a WHERE a.organisation_id = o.id AND a.during @> d::date AND a.known_from < @at AND a.known_until >= @at) AS agency
		FROM unnest(@days::date[]) d JOIN published.known_organisation o ON coalesce(o.starts_on, '-infinity') <= d AND coalesce(o.ends_on, 'infinity') >= d
		WHERE o.slug LIKE @like AND o.known_from < @at AND o.known_until >= @at`
)

func ask(t *rapid.T, db pg.DB, sql string, args pgx.NamedArgs) map[string]map[string]answer {
	t.Helper()
	var days []string
	all := map[string]map[string]answer{}
	for _, d := range span() {
		days = append(days, d.String())
		all[d.String()] = map[string]answer{}
	}
	args["days"] = days
	rows, _ := db.Query(t.Context(), sql, args)
	type row struct {
		Day, Slug string
		answer
	}
	found, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (row, error) {
		var x row
		return x, r.Scan(&x.Day, &x.Slug, &x.Name, &x.Partner, &x.Agency)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range found {
		all[r.Day][r.Slug] = r.answer
	}
	return all
}

// saga is one random history, done to the database and to the model alike.
type saga struct {
	*model
	t       *rapid.T
	db      pg.DB
	s       *membership.Service
	support authz.Actor
	like    string
	next    int
	done    map[string]int
}

func (x *saga) word(prefix string) string {
	x.next++
	return fmt.Sprintf("%s%d", prefix, x.next)
}

func (x *saga) someDay() day.Date { return firstDay.Add(rapid.IntRange(0, 35).Draw(x.t, "day")) }

func (x *saga) someBody() string {
	var bodies []string
	for _, b := range x.bodies {
		if !b.retracted {
			bodies = append(bodies, b.body)
		}
	}
	return rapid.SampledFrom(bodies).Draw(x.t, "body")
}

// did notes whether the database did it. A refusal has to be one in words, and leaves the model as it is.
func (x *saga) did(what string, err error) bool {
	x.t.Helper()
	if f, ok := errors.AsType[*fault.Error](err); err != nil && (!ok || f.Message == "") {
		x.t.Fatalf("%s: %v", what, err)
	}
	if err == nil {
		x.done[what]++
	}
	return err == nil
}

func (x *saga) step() {
	ctx := x.t.Context()
	switch rapid.SampledFrom([]string{"rename", "succession", "succession", "succession", "reverse", "retract name", "retract partner", "retract agency"}).Draw(x.t, "step") {
	case "rename":
		body, name, on := x.someBody(), x.word("Name "), x.someDay()
		if x.did("rename", x.s.Rename(ctx, x.support, membership.RenameCommand{Slug: body, Name: name, From: on})) {
			x.rename(body, name, on, &told{})
		}
	case "succession":
		cmd := x.someSuccession()
		made, err := x.s.RecordSuccession(ctx, x.support, cmd)
		if x.did(string(cmd.Kind), err) {
			x.standing[int64(made)] = x.succeed(cmd)
		}
	case "reverse":
		if ones := x.standingOnes(); len(ones) > 0 {
			which := rapid.SampledFrom(ones).Draw(x.t, "succession")
			if x.did("reverse", x.s.ReverseSuccession(ctx, x.support, id.Succession(which), "in error")) {
				x.reverse(x.standing[which])
				delete(x.standing, which)
			}
		}
	case "retract name":
		x.retract(membership.NameFact, x.names, x.retractName)
	case "retract partner":
		x.retract(membership.PartnerFact, x.partners, func(f *fact) { f.retracted = true })
	default:
		x.retract(membership.AgencyFact, x.agencies, func(f *fact) { f.retracted = true })
	}
}

// retract takes back one of the facts of a body, the nth in the order of their days.
func (x *saga) retract(kind membership.FactKind, list []*fact, then func(*fact)) {
	body := x.someBody()
	facts, err := x.s.Facts(x.t.Context(), x.support, body)
	if err != nil {
		x.t.Fatal(err)
	}
	var rows []membership.Fact
	for _, f := range facts {
		if f.Kind == kind && f.Retracted == nil {
			rows = append(rows, f)
		}
	}
	if len(rows) == 0 {
		return
	}
	row := rapid.SampledFrom(rows).Draw(x.t, "row")
	err = x.s.Retract(x.t.Context(), x.support, membership.RetractCommand{Slug: body, Kind: kind, Row: row.Row, Reason: "in error"})
	if !x.did("retract", err) {
		return
	}
	for _, f := range x.of(list, body) {
		if f.from == row.StartsOn {
			then(f)
			return
		}
	}
	x.t.Fatalf("the database has a %s of %s from %s, the model has none", kind, body, row.StartsOn)
}

func (x *saga) someSuccession() membership.SucceedCommand {
	cmd := membership.SucceedCommand{On: x.someDay(), Follows: membership.AllFollows, Predecessors: []string{x.someBody()},
		Kind: rapid.SampledFrom([]membership.SuccessionKind{membership.Renaming, membership.Takeover, membership.Merger, membership.Split, membership.Abolition}).Draw(x.t, "kind")}
	switch cmd.Kind {
	case membership.Renaming:
		cmd.NewName = x.word("Name ")
		return cmd
	case membership.Abolition:
		return cmd
	case membership.Merger:
		cmd.Predecessors = append(cmd.Predecessors, x.someBody())
	case membership.Split:
		cmd.Successors = []string{x.someBody()}
	}
	if rapid.Bool().Draw(x.t, "a new body") {
		slug := x.like[:len(x.like)-1] + x.word("")
		cmd.Begins = &membership.AddCommand{Slug: slug, Kind: "health", Name: x.word("Body ")}
		return cmd
	}
	cmd.Successors = append(cmd.Successors, x.someBody())
	return cmd
}

// begin makes four bodies under one area: two are safeguarding partners of one kind, two are relevant agencies.
func begin(t *testing.T, rt *rapid.T, db pg.DB, support authz.Actor, area id.Area, done map[string]int) *saga {
	x := &saga{model: &model{standing: map[int64]*told{}}, t: rt, db: db, s: membership.New(db, membership.NoLetters{}, time.Now), support: support,
		like: "m" + membershiptest.Unique() + "-%", done: done}
	for i := range 4 {
		slug := x.like[:len(x.like)-1] + x.word("")
		b := membershiptest.Organisation(t, db, func(b *membershiptest.Body) { b.Slug = slug })
		x.bodies = append(x.bodies, &fact{body: slug})
		x.names = append(x.names, &fact{body: slug, words: b.Name})
		if i < 2 {
			membershiptest.Partner(t, db, func(p *membershiptest.PartnerMade) {
				p.Body, p.Kind, p.Areas, p.StartsOn = b, "health", []id.Area{area}, firstDay
			})
			x.partners = append(x.partners, &fact{body: slug, from: firstDay})
		} else {
			membershiptest.Agency(t, db, func(a *membershiptest.AgencyMade) { a.Body, a.StartsOn = b, firstDay.Add(3) })
			x.agencies = append(x.agencies, &fact{body: slug, from: firstDay.Add(3)})
		}
	}
	return x
}

// Whatever is renamed, merged, split, retracted and taken back: on every day the database says what a naive model says,
// and it still knows what it said before. More histories with -rapid.checks=1000.
func TestRandomHistoriesAgreeWithANaiveModel(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	support, area := holder(t, db, authz.BusinessSupport), membershiptest.Area(t, db)
	done := map[string]int{}
	check := func(rt *rapid.T) {
		tx, err := db.Begin(t.Context())
		if err != nil {
			rt.Fatal(err)
		}
		defer tx.Rollback(t.Context())
		x := begin(t, rt, tx, support, area, done)
		past := map[time.Time]map[string]map[string]answer{}
		remembered := rapid.IntRange(0, 19).Draw(rt, "remembered step")
		for i := range 20 {
			x.step()
			if i == remembered {
				var at time.Time
				if err := tx.QueryRow(t.Context(), `SELECT clock_timestamp()`).Scan(&at); err != nil {
					rt.Fatal(err)
				}
				past[at] = x.everyDay()
			}
		}
		if d := cmp.Diff(x.everyDay(), ask(rt, tx, answersNow, pgx.NamedArgs{"like": x.like})); d != "" {
			rt.Errorf("the model and the database differ:\n%s", d)
		}
		for at, was := range past {
			if d := cmp.Diff(was, ask(rt, tx, answersThen, pgx.NamedArgs{"like": x.like, "at": at})); d != "" {
				rt.Errorf("the model and what was known at %s differ:\n%s", at, d)
			}
		}
	}
	deeds := []string{"rename", "takeover", "merger", "split", "abolition", "reverse", "retract"}
	for range 10 { // more histories where chance left a deed out
		rapid.Check(t, check)
		if !slices.ContainsFunc(deeds, func(what string) bool { return done[what] < 20 }) {
			break
		}
	}
	for _, what := range deeds {
		if done[what] < 20 {
			t.Errorf("only %d times %s was done: the histories tell too little", done[what], what)
		}
	}
	t.Logf("done: %v", done)
}
