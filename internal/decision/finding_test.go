package decision_test

import (
	"slices"
	"strings"
	"testing"

	"partnershipportal/internal/day"
	"partnershipportal/internal/decision"
)

// seed is the record of Kent County Council as it was printed.
func seed() decision.Record {
	return decision.Record{Stage: decision.Proposed, Origin: decision.Entered, Draft: decision.Draft{
		Identity: decision.Identity{NumberPrinted: "10/00035", Subject: "Proposed Kent Safeguarding Children Multi-agency Partnership Arrangements",
			MakerTitle: "Cabinet Member for Children, Young People and Education", MakerName: "Roger Gough"},
		Key: decision.Key{Key: decision.KeyYes},
		Text: decision.Text{Limbs: []decision.Limb{{Letter: "a", Text: "Agree the new arrangements."}},
			Reasons: "The Children and Social Work Act 2017 asks for it; Working Together 2018 says how.", Alternatives: "None lawful.",
			Later: []decision.Part{decision.PartConsultation}},
		Openness: decision.Openness{Restriction: decision.Open}, Urgency: decision.Urgency{CallInApplies: true}}}
}

func TestTheSeedsNumberIsFlagged(t *testing.T) {
	t.Parallel()
	rules := usual()
	found := rules.Check(seed())
	if len(found) != 1 || found[0].Code != "number-year" || found[0].Field != "number-printed" || found[0].Blocks {
		t.Fatalf("10/00035 is found %+v, want one warning about its year", found)
	}
	if !strings.Contains(found[0].Text, "2010") || !strings.Contains(found[0].Text, "Working Together 2018") {
		t.Errorf("the warning says %q", found[0].Text)
	}
	verified := seed()
	verified.NumberVerified = "19/00035"
	if got := codes(rules.Check(verified)); !slices.Equal(got, []string{"number-year", "number-differs"}) {
		t.Errorf("with the verified number it is found %v, want the print still flagged", got)
	}
	if got := verified.Number(); got != "19/00035" {
		t.Errorf("the number that counts is %s", got)
	}
	if missing := rules.Missing(seed(), decision.Proposed); len(missing) != 0 {
		t.Errorf("the seed's record misses %v as proposed, want nothing", missing)
	}
}

func TestYearsOfNumbers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, number, made, reasons string
		want                        string
	}{
		{"the year of the decision", "19/00035", "2019-05-20", "", ""},
		{"a year before the decision", "18/00046", "2019-01-20", "", ""},
		{"two years before", "17/00046", "2019-01-20", "", "number-year"},
		{"after the decision", "20/00001", "2019-05-20", "", "number-year"},
		{"before the law that it cites", "16/00001", "2017-01-10", "Under the Children and Social Work Act 2017", "number-year"},
		{"before an instrument", "17/00001", "2018-01-10", "Under SI 2018/789", "number-year"},
		{"an ordinary year in the text", "17/00001", "2017-05-10", "Costs fall by 2025", ""},
		{"another form", "KCC-19-35", "2019-05-20", "", "number-form"},
		{"a figure short", "19/0035", "2019-05-20", "", "number-form"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := made(func(r *decision.Record) {
				r.NumberPrinted, r.MadeOn, r.NoticeOn, r.PublishedOn = c.number, on(c.made), day.Approx{}, day.Approx{}
				if c.reasons != "" {
					r.Reasons = c.reasons
				}
			})
			if got := strings.Join(codes(usual().Check(r)), " "); got != c.want {
				t.Errorf("%s is found %q, want %q", c.number, got, c.want)
			}
		})
	}
}

func TestMasks(t *testing.T) {
	t.Parallel()
	for mask, want := range map[decision.Mask]bool{"YY/NNNNN": true, "YYYY-NNN": true, "D NNN": true, "": true, "YY": false, "YYY/N": false, "Y/NN": false,
		"YYN YY": false, "yy/nn": false, "NN<script>": false} {
		if got := mask.Valid(); got != want {
			t.Errorf("mask %q is valid = %v, want %v", mask, got, want)
		}
	}
	if y := decision.Mask("YYYY-NNN").Year("2021-004"); y != 2021 {
		t.Errorf("the year of 2021-004 is %d", y)
	}
	if y := decision.Mask("D-NNN").Year("D-004"); y != 0 {
		t.Errorf("the year of D-004 is %d, want none", y)
	}
	for number, want := range map[string]string{"19/00035": "19-00035", "KD 21.4 (a)": "kd-21-4-a", "///": ""} {
		if got := decision.Ref(number); got != want {
			t.Errorf("the reference of %q is %q, want %q", number, got, want)
		}
	}
	for n, want := range map[int]string{0: "a", 25: "z", 26: "aa", 27: "ab", 701: "zz", 702: "aaa"} {
		if got := decision.Letter(n); got != want {
			t.Errorf("letter %d = %q, want %q", n, got, want)
		}
	}
}

func calledIn(c decision.CallIn) func(*decision.Record) {
	return func(r *decision.Record) { r.CallIns = []decision.CallIn{c} }
}

func TestWrongOrderOfDates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		alter func(*decision.Record)
		field string
	}{
		{"made before the notice", func(r *decision.Record) { r.NoticeOn = on("2019-05-21"); r.Key.Key = decision.KeyNo }, "made-on"},
		{"published before it was made", func(r *decision.Record) { r.PublishedOn = on("2019-05-19") }, "published-on"},
		{"in effect before it was published", func(r *decision.Record) { r.MadeOn = on("2019-05-10"); r.EffectiveOn = on("2019-05-15") }, "effective-on"},
		{"carried out before it was made", func(r *decision.Record) { r.ImplementedOn = day.Roughly(day.Must("2019-04-01"), day.Month) }, "implemented-on"},
		{"called in before it was made", calledIn(decision.CallIn{CalledOn: on("2019-05-19")}), "called-on"},
		{"considered before it was called in", calledIn(decision.CallIn{CalledOn: on("2019-05-23"), MeetingOn: on("2019-05-22")}), "meeting-on"},
		{"confirmed before it was called in", calledIn(decision.CallIn{CalledOn: on("2019-05-23"), OutcomeOn: on("2019-05-22")}), "outcome-on"},
		{"due before the notice", func(r *decision.Record) { r.DueOn = on("2019-03-01") }, "due-on"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := made(c.alter)
			blocks := func(r decision.Record) string {
				for _, f := range usual().Check(r) {
					if f.Blocks {
						return f.Field
					}
				}
				return ""
			}
			if got := blocks(r); got != c.field {
				t.Errorf("refused beside %q, want %q", got, c.field)
			}
			r.Overrides = []decision.Override{{Stage: r.Stage, Part: decision.PartDates, Reason: "The register says so"}}
			if got := blocks(r); got != "" {
				t.Errorf("with a reason it is still refused beside %q", got)
			}
			r.Overrides, r.Origin = nil, decision.Imported
			if got := blocks(r); got != "" || len(usual().Check(r)) == 0 {
				t.Errorf("published history is refused beside %q, or not flagged", got)
			}
		})
	}
	t.Run("the same month is no wrong order", func(t *testing.T) {
		t.Parallel()
		r := made(func(r *decision.Record) {
			r.NoticeOn, r.MadeOn = day.Approx{}, on("2019-06-20")
			r.PublishedOn = day.Roughly(day.Must("2019-06-01"), day.Month)
			r.EffectiveOn = day.Roughly(day.Must("2019-01-01"), day.Year)
		})
		if found := codes(usual().Check(r)); len(found) != 0 {
			t.Errorf("found %v", found)
		}
	})
}
