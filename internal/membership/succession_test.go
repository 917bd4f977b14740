package membership_test

import (
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
)

var icbsBegin = day.Must("2022-07-01")

// takeover is the CCGs' succession by an integrated care board that exists already.
func takeover(from, to string) membership.SucceedCommand {
	return membership.SucceedCommand{Kind: membership.Takeover, On: icbsBegin, Predecessors: []string{from}, Successors: []string{to}, Follows: membership.AllFollows}
}

func record(t *testing.T, b *bench, cmd membership.SucceedCommand) id.Succession {
	t.Helper()
	made, err := b.s.RecordSuccession(t.Context(), b.support, cmd)
	if err != nil {
		t.Fatalf("record %+v: %v", cmd, err)
	}
	return made
}

func (b *bench) body(t *testing.T, slug string) membership.Organisation {
	t.Helper()
	o, err := b.s.Organisation(t.Context(), b.support, slug)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestTheCCGsAreSucceededByTheICB(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	ccgs := membershiptest.Partner(t, b.db, func(p *membershiptest.PartnerMade) { p.Kind, p.PublishesNames = "health", true })
	membershiptest.Agency(t, b.db, func(a *membershiptest.AgencyMade) {
		a.Body, a.Categories, a.Reason = ccgs.Body, []int{4, 13}, "Runs clinics"
	})
	post := one[int64](t, b.db, `INSERT INTO post (organisation_id, title, email, is_contact) VALUES (@body, 'Nurse', 'nurse@example.org', true) RETURNING id`, pgx.NamedArgs{"body": ccgs.Body.ID})
	exec(t, b.db, `INSERT INTO post_holder (post_id, name) VALUES ($1, 'Kim Field')`, post)
	cmd := membership.SucceedCommand{Kind: membership.Takeover, On: icbsBegin, Predecessors: []string{ccgs.Body.Slug}, Note: "Health and Care Act 2022",
		Begins:  &membership.AddCommand{Slug: slug(), Kind: "health", Name: "NHS Kent and Medway"},
		Follows: membership.AllFollows, Outlasting: "Closing its accounts", OutlastingUntil: day.Must("2022-12-31")}

	plan, err := b.s.PlanSuccession(t.Context(), b.support, cmd)
	if err != nil || len(plan.Record.Changes) != 8 {
		t.Fatalf("planned %d changes, want the new body, two terms ended, two begun, a post, its holder and the body's end: %+v (%v)", len(plan.Record.Changes), plan, err)
	}
	if _, err := b.s.Organisation(t.Context(), b.support, cmd.Begins.Slug); err == nil {
		t.Fatal("a plan made a body")
	}
	made := record(t, b, cmd)

	was, is := b.body(t, ccgs.Body.Slug), b.body(t, cmd.Begins.Slug)
	last := icbsBegin.Add(-1)
	if was.EndsOn != last || was.Partner[0].EndsOn != last || was.Agency[0].EndsOn != last || len(was.Successors) != 1 || was.Successors[0].On != icbsBegin {
		t.Errorf("the predecessor is %+v", was)
	}
	if is.StartsOn != icbsBegin || len(is.Partner) != 1 || is.Partner[0].StatutoryKind != "health" || is.Partner[0].StartsOn != icbsBegin ||
		!is.Partner[0].PublishesNames || len(is.Partner[0].Areas) != 1 || is.Agency[0].Basis != membership.Chosen || is.Agency[0].Reason != "Runs clinics" || len(is.Agency[0].Categories) != 2 {
		t.Errorf("the successor is %+v", is)
	}
	if n := count(t, b.db, `SELECT count(*) FROM post p JOIN post_holder h ON h.post_id = p.id WHERE p.id = $1 AND p.ends_on = $2 AND h.ends_on = $2`, post, last); n != 1 {
		t.Error("the post and its holder go on")
	}
	r, err := b.s.Succession(t.Context(), b.support, made)
	if err != nil || r.RecordedBy == "" || !r.Stands() || r.Outlasting != cmd.Outlasting || r.OutlastingUntil != cmd.OutlastingUntil ||
		len(r.Predecessors()) != 1 || len(r.Successors()) != 1 || len(r.Changes) != 8 {
		t.Errorf("recorded %+v (%v)", r, err)
	}
	if n := count(t, b.db, `SELECT count(*) FROM event WHERE action = 'succession.recorded' AND subject_id = $1`, made); n != 1 {
		t.Errorf("%d events, want one", n)
	}

	if err := b.s.ReverseSuccession(t.Context(), b.support, made, "typed in the wrong year"); err != nil {
		t.Fatal(err)
	}
	was = b.body(t, ccgs.Body.Slug)
	if !was.EndsOn.IsZero() || !was.Partner[0].EndsOn.IsZero() || !was.Agency[0].EndsOn.IsZero() || len(was.Successors) != 0 {
		t.Errorf("after the reversal the predecessor is %+v", was)
	}
	if n := count(t, b.db, `SELECT count(*) FROM post p JOIN post_holder h ON h.post_id = p.id WHERE p.id = $1 AND p.ends_on IS NULL AND h.ends_on IS NULL`, post); n != 1 {
		t.Error("the post and its holder do not go on again")
	}
	_, err = b.s.Organisation(t.Context(), b.support, cmd.Begins.Slug)
	wantKind(t, err, fault.NotFound)
	wantKind(t, b.s.ReverseSuccession(t.Context(), b.support, made, "again"), fault.Conflict)
	record(t, b, cmd) // the address is free again, and the same can be recorded anew
	list, err := b.s.Successions(t.Context(), b.support)
	if err != nil || len(list) != 2 || list[1].Stands() || list[1].ReversedReason != "typed in the wrong year" || list[1].ReversedBy == "" {
		t.Errorf("listed %+v (%v)", list, err)
	}
}

func TestASuccessionChangesNothingThatWasSigned(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	m := arrangementtest.Published(t, db)
	arrangementtest.OutForSignOff(t, db)
	s := membership.New(db, membership.NoLetters{}, time.Now)
	support := holder(t, db, authz.BusinessSupport)
	tables := []string{"act", "seat", "statement", "version", "round", "section", "appointment"}
	fingerprint := func() []string {
		var list []string
		for _, table := range tables {
			list = append(list, one[string](t, db, `SELECT count(*) || ' ' || coalesce(md5(string_agg(x::text, E'\n' ORDER BY x::text)), '') FROM `+table+` x`, nil))
		}
		return list
	}
	before := fingerprint()
	cmd := takeover(m.Partners[2].Body.Slug, membershiptest.Organisation(t, db).Slug)
	cmd.On = day.Of(time.Now())
	_, err := s.RecordSuccession(t.Context(), support, cmd)
	wantField(t, err, "on") // it signed on this day
	cmd.On = cmd.On.Add(1)
	made, err := s.RecordSuccession(t.Context(), support, cmd)
	if err != nil {
		t.Fatal(err)
	}
	if got := fingerprint(); !slices.Equal(got, before) {
		t.Errorf("of %v were %v, are %v", tables, before, got)
	}
	if err := s.ReverseSuccession(t.Context(), support, made, "too soon"); err != nil {
		t.Fatal(err)
	}
	if got := fingerprint(); !slices.Equal(got, before) {
		t.Errorf("after the reversal: of %v were %v, are %v", tables, before, got)
	}
}

func TestSuccessionsThatBreakARule(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	one, two, three := membershiptest.Organisation(t, b.db).Slug, membershiptest.Organisation(t, b.db).Slug, membershiptest.Organisation(t, b.db).Slug
	for _, tt := range []struct {
		name, field string
		alter       func(*membership.SucceedCommand)
	}{
		{"no kind", "kind", func(c *membership.SucceedCommand) { c.Kind = "marriage" }},
		{"no day", "on", func(c *membership.SucceedCommand) { c.On = day.Date{} }},
		{"no predecessor", "predecessors", func(c *membership.SucceedCommand) { c.Predecessors = nil }},
		{"two predecessors of a takeover", "predecessors", func(c *membership.SucceedCommand) { c.Predecessors = []string{one, three} }},
		{"one predecessor of a merger", "predecessors", func(c *membership.SucceedCommand) { c.Kind = membership.Merger }},
		{"no successor", "successors", func(c *membership.SucceedCommand) { c.Successors = nil }},
		{"two successors of a takeover", "successors", func(c *membership.SucceedCommand) { c.Successors = []string{two, three} }},
		{"one successor of a split", "successors", func(c *membership.SucceedCommand) { c.Kind = membership.Split }},
		{"a successor of an abolition", "successors", func(c *membership.SucceedCommand) { c.Kind = membership.Abolition }},
		{"itself", "successors", func(c *membership.SucceedCommand) { c.Successors = []string{one} }},
		{"a rename without a name", "new-name", func(c *membership.SucceedCommand) { c.Kind, c.Successors = membership.Renaming, nil }},
		{"an abolition without an end", "follows", func(c *membership.SucceedCommand) { c.Kind, c.Successors, c.End = membership.Abolition, nil, false }},
		{"a last day of no functions", "outlasting", func(c *membership.SucceedCommand) { c.OutlastingUntil = icbsBegin }},
		{"functions that end before", "outlasting-until", func(c *membership.SucceedCommand) { c.Outlasting, c.OutlastingUntil = "x", icbsBegin.Add(-1) }},
		{"a new body at an address that is taken", "begins-slug", func(c *membership.SucceedCommand) {
			c.Successors, c.Begins = nil, &membership.AddCommand{Slug: three, Kind: "health", Name: "New"}
		}},
		{"a new body without a name", "begins-name", func(c *membership.SucceedCommand) {
			c.Successors, c.Begins = nil, &membership.AddCommand{Slug: slug(), Kind: "health"}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cmd := takeover(one, two)
			tt.alter(&cmd)
			_, err := b.s.RecordSuccession(t.Context(), b.support, cmd)
			wantField(t, err, tt.field)
		})
	}
	record(t, b, takeover(one, two))
	keep := takeover(two, three)
	keep.End = false
	record(t, b, keep)
	try := func(cmd membership.SucceedCommand) error {
		_, err := b.s.RecordSuccession(t.Context(), b.support, cmd)
		return err
	}
	wantField(t, try(takeover(one, two)), "successors")   // recorded already
	wantField(t, try(takeover(three, one)), "successors") // a circle
	wantKind(t, try(takeover(one, "no-such-body")), fault.NotFound)
	wantKind(t, try(takeover("no-such-body", one)), fault.NotFound)
	late := takeover(three, membershiptest.Organisation(t, b.db, func(o *membershiptest.Body) { o.StartsOn = icbsBegin.Add(1) }).Slug)
	wantField(t, try(late), "on") // the successor is not there yet
	wantKind(t, b.s.ReverseSuccession(t.Context(), b.support, 1<<40, "x"), fault.NotFound)
	wantField(t, b.s.ReverseSuccession(t.Context(), b.support, 1, " "), "reason")
	_, err := b.s.Succession(t.Context(), b.support, 1<<40)
	wantKind(t, err, fault.NotFound)
}

func count(t *testing.T, db pg.DB, sql string, args ...any) int {
	t.Helper()
	var n int
	if err := db.QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func one[T any](t *testing.T, db pg.DB, sql string, args pgx.NamedArgs) T {
	t.Helper()
	var v T
	if err := db.QueryRow(t.Context(), sql, args).Scan(&v); err != nil {
		t.Fatal(err)
	}
	return v
}
