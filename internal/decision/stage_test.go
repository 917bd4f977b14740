package decision_test

import (
	"slices"
	"strings"
	"testing"

	"partnershipportal/internal/decision"
)

func TestStagesAreNotPassedOver(t *testing.T) {
	t.Parallel()
	allowed := map[string]bool{"notice proposed": true, "proposed made": true, "made called in": true, "made implemented": true, "called in confirmed": true,
		"confirmed implemented": true}
	for _, from := range decision.Stages() {
		for _, to := range decision.Stages() {
			want := allowed[string(from)+" "+string(to)] || to == decision.Withdrawn && from != decision.Withdrawn
			if got := from.CanMove(to); got != want {
				t.Errorf("from %s to %s: %v, want %v", from, to, got, want)
			}
		}
	}
}

func TestHeadingsNeverCallAProposalADecision(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, stage := range decision.Stages() {
		for _, was := range []bool{false, true} {
			r := decision.Record{Stage: stage, WasMade: was}
			h := r.Heading()
			if stage.Words() == "" || h == "" {
				t.Errorf("%s has no heading", stage)
			}
			if before := stage.Before() || stage == decision.Withdrawn && !was; before && strings.HasPrefix(h, "Record of decision") {
				t.Errorf("%s (made before: %v) is headed %q", stage, was, h)
			}
			if stage.Before() && r.IsMade() || stage == decision.Withdrawn && r.IsMade() {
				t.Errorf("%s counts as made", stage)
			}
			seen[h] = true
		}
	}
	if len(seen) != 8 {
		t.Errorf("%d headings, want one for each stage and two for withdrawal: %v", len(seen), seen)
	}
}

func TestNeedsOfStages(t *testing.T) {
	t.Parallel()
	rules := usual()
	missing := func(r decision.Record, s decision.Stage) (list []decision.Part) {
		for _, n := range rules.Missing(r, s) {
			list = append(list, n.Part)
		}
		return list
	}
	for _, c := range []struct {
		name   string
		record decision.Record
		stage  decision.Stage
		want   []decision.Part
	}{
		{"the seed's record as proposed", seed(), decision.Proposed, nil},
		{"the seed's record as made", seed(), decision.Made, []decision.Part{decision.PartKeyReason, decision.PartInterests, decision.PartMadeOn}},
		{"nothing at all as a notice", decision.Record{}, decision.Notice, []decision.Part{decision.PartSubject, decision.PartMaker, decision.PartKey, decision.PartNoticeOn, decision.PartDueOn}},
		{"reasons to be added, proposed", made(func(r *decision.Record) { r.Reasons, r.Later = "", []decision.Part{decision.PartReasons} }), decision.Proposed, nil},
		{"reasons to be added, made", made(func(r *decision.Record) { r.Later = []decision.Part{decision.PartReasons} }), decision.Made, []decision.Part{decision.PartReasons}},
		{"blanks are no reasons", made(func(r *decision.Record) { r.Reasons = " \n" }), decision.Made, []decision.Part{decision.PartReasons}},
		{"empty limbs are no decision", made(func(r *decision.Record) { r.Limbs = []decision.Limb{{Letter: "a"}} }), decision.Made, []decision.Part{decision.PartLimbs}},
		{"exempt without a category", made(func(r *decision.Record) { r.Restriction = decision.PartExempt }), decision.Made, []decision.Part{decision.PartExemptCategory, decision.PartPublicInterest}},
		{"general exception", made(func(r *decision.Record) { r.Route = decision.GeneralException }), decision.Made, []decision.Part{decision.PartUrgencyReason, decision.PartUrgencyTold}},
		{"special urgency", made(func(r *decision.Record) { r.Route = decision.SpecialUrgency }), decision.Made, []decision.Part{decision.PartUrgencyReason, decision.PartUrgencyAgreed}},
		{"call-in waived without reason", made(func(r *decision.Record) { r.CallInWaived = true }), decision.Made, []decision.Part{decision.PartCallInWaivedReason}},
		{"called in by nobody", made(), decision.CalledIn, []decision.Part{decision.PartCallInGrounds}},
		{"withdrawn for no reason", made(), decision.Withdrawn, []decision.Part{decision.PartWithdrawnReason}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := missing(c.record, c.stage); !slices.Equal(got, c.want) {
				t.Errorf("missing %v, want %v", got, c.want)
			}
		})
	}
}

func TestAnOverrideNeedsNoPart(t *testing.T) {
	t.Parallel()
	r := made(func(r *decision.Record) {
		r.Alternatives = ""
		r.Overrides = []decision.Override{{Stage: decision.Made, Part: decision.PartAlternatives, Reason: "Officers' decision of 2012"}}
	})
	for _, n := range usual().Needs(r, decision.Made) {
		if n.Part == decision.PartAlternatives && (n.Missing() || n.Met || !strings.Contains(n.Words, "Officers' decision")) {
			t.Errorf("the need is %+v", n)
		}
	}
	r.Overrides[0].Stage = decision.Proposed
	if missing := usual().Missing(r, decision.Made); len(missing) != 1 {
		t.Errorf("an override of another stage lets it pass: %v", missing)
	}
}

func TestWhatIsNotMadeHasNoDayOfBeingMade(t *testing.T) {
	t.Parallel()
	for _, stage := range []decision.Stage{decision.Notice, decision.Proposed, decision.Withdrawn} {
		r := made(func(r *decision.Record) { r.Stage, r.WasMade = stage, false })
		if found := usual().Check(r); !slices.ContainsFunc(found, func(f decision.Finding) bool { return f.Blocks && f.Field == "made-on" }) {
			t.Errorf("%s with a day on which it was made: %v", stage, codes(found))
		}
	}
	r := made(func(r *decision.Record) { r.Later = []decision.Part{decision.PartReasons} })
	if found := codes(usual().Check(r)); !slices.Contains(found, "left-to-add") {
		t.Errorf("a made record leaves its reasons to be added: %v", found)
	}
	r = seed()
	r.Later = []decision.Part{decision.PartSubject}
	if found := codes(usual().Check(r)); !slices.Contains(found, "not-addable") {
		t.Errorf("a proposed record leaves its subject to be added: %v", found)
	}
}
