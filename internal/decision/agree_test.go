package decision_test

import (
	"context"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/decision"
	"partnershipportal/internal/decision/decisiontest"
	"partnershipportal/internal/pg/pgtest"
)

// The database and the rules in Go ask for the same parts, whatever the record.
func TestTheDatabaseAsksForWhatTheRulesAskFor(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	ctx, by, s := context.Background(), authz.System("test"), decision.New(db, decisiontest.Clock)
	asked := 0
	check := func(t *rapid.T) {
		or := func(name, text string) string {
			return rapid.SampledFrom([]string{"", " \t\n", text}).Draw(t, name)
		}
		flag := func(name string) bool { return rapid.Bool().Draw(t, name) }
		d := decisiontest.Draft(func(d *decision.Draft) {
			d.MakerTitle, d.Reasons, d.Alternatives, d.Interests = or("maker", "Cabinet"), or("reasons", "Because"), or("alternatives", "None"), or("interests", "None")
			d.Key = decision.Key{Key: rapid.SampledFrom([]decision.KeyState{"", decision.KeyYes, decision.KeyNo}).Draw(t, "key"), Reason: or("key reason", "Large")}
			d.Limbs[0].Text = or("limb", "Agree")
			if d.Key.Key == decision.KeyYes {
				d.Route = rapid.SampledFrom([]decision.Route{"", decision.GeneralException, decision.SpecialUrgency}).Draw(t, "route")
			}
			d.Urgency.Reason, d.Told, d.Agreed = or("urgency", "Now"), or("told", "Chair"), or("agreed", "Chair")
			d.CallInWaived, d.CallInWaivedReason = flag("waived"), or("waived for", "Now")
			d.Restriction = rapid.SampledFrom(decision.Restrictions()).Draw(t, "restriction")
			d.Category, d.PublicInterest = rapid.IntRange(0, 7).Draw(t, "category"), or("interest", "Prices")
			if flag("no days") {
				d.NoticeOn, d.DueOn = day.Approx{}, day.Approx{}
			}
			if flag("later") {
				d.Later = []decision.Part{decision.PartReasons, decision.PartAlternatives}
			}
		})
		which, err := s.Create(ctx, by, decision.CreateCommand{Body: decision.PartnershipSlug, Stage: decision.Proposed, Draft: d})
		if err != nil {
			t.Fatal(err)
		}
		read := func() decision.Full {
			f, err := s.Read(ctx, by, which)
			if err != nil {
				t.Fatal(err)
			}
			return f
		}
		if flag("overridden") {
			if err := s.Override(ctx, by, decision.OverrideCommand{ID: which, Revision: read().Revision, Stage: decision.Made, Part: decision.PartReasons, Reason: "Lost"}); err != nil {
				t.Fatal(err)
			}
		}
		if d.Restriction != decision.Open && flag("exempt") {
			if err := s.SaveExempt(ctx, by, decision.ExemptCommand{ID: which, Revision: read().Revision, Part: decision.PartAlternatives, Body: "Secret prices"}); err != nil {
				t.Fatal(err)
			}
		}
		f := read()
		lists := map[decision.Stage][]decision.Need{f.Stage: f.Needs}
		for _, next := range f.Next {
			lists[next.Stage] = next.Needs
		}
		for stage, needs := range lists {
			var got []string
			if err := db.QueryRow(ctx, `SELECT decision_missing(d, $2) FROM decision d WHERE id = $1`, which, string(stage)).Scan(&got); err != nil {
				t.Fatal(err)
			}
			var want []string
			for _, n := range needs {
				if n.Missing() {
					want = append(want, string(n.Part))
				}
			}
			slices.Sort(want)
			if asked += len(want); !slices.Equal(got, want) {
				t.Fatalf("for %s the database misses %v, the rules %v", stage, got, want)
			}
		}
	}
	for n := 0; n < 10 && asked < 100; n++ { // more records where chance made them all whole
		rapid.Check(t, check)
	}
	if asked < 100 {
		t.Errorf("only %d parts were ever missing: too few to tell anything", asked)
	}
}
