package decision_test

import (
	"slices"
	"strings"
	"testing"

	"partnershipportal/internal/day"
	"partnershipportal/internal/decision"
)

func TestEffectiveDaysOfPublicRegisters(t *testing.T) {
	t.Parallel()
	for _, row := range vectors(t, "effective_dates.csv") {
		t.Run(row[0], func(t *testing.T) {
			t.Parallel()
			published, effective, rule := on(row[1]), on(row[2]), row[3]
			r := made(func(r *decision.Record) {
				r.NoticeOn, r.MadeOn, r.PublishedOn, r.EffectiveOn = day.Approx{}, day.Approx{}, published, effective
				r.CallInApplies = !strings.HasPrefix(rule, "no waiting period")
				r.NumberPrinted = ""
			})
			rules := usual()
			if strings.HasPrefix(rule, "stated on the record") {
				r.Origin = decision.Imported
				found := codes(rules.Check(r))
				if !slices.Contains(found, "order") || !slices.Contains(found, "effective-differs") {
					t.Errorf("flagged with %v, want order and effective-differs", found)
				}
				if !rules.InEffect(r, effective.Date) {
					t.Error("the stated day does not count")
				}
				return
			}
			c := rules.Compute(r)
			if c.Effective != effective.Date || c.HolidaysUnknown {
				t.Errorf("effective %s (%s), want %s", c.Effective, c.EffectiveWhy, effective.Date)
			}
			if found := codes(rules.Check(r)); len(found) != 0 {
				t.Errorf("flagged with %v, want nothing", found)
			}
			if rules.InEffect(r, effective.Date.Add(-1)) || !rules.InEffect(r, effective.Date) {
				t.Error("it does not take effect on its day")
			}
		})
	}
}

func TestNoticesOfPublicRegisters(t *testing.T) {
	t.Parallel()
	for _, row := range vectors(t, "notice_dates.csv") {
		t.Run(row[0]+" to "+row[1], func(t *testing.T) {
			t.Parallel()
			r := decision.Record{Stage: decision.Notice, Draft: decision.Draft{Key: decision.Key{Key: decision.KeyYes},
				Dates: decision.Dates{NoticeOn: on(row[0]), DueOn: day.Roughly(day.Must(row[1]), day.NotBefore)}}}
			rules := usual()
			if got := rules.Compute(r).EarliestDecision; got != day.Must(row[0]).Add(29) {
				t.Errorf("the earliest day is %s, want the 29th after the notice", got)
			}
			short := slices.Contains(codes(rules.Check(r)), "short-notice")
			if want := row[3] == "false"; short != want {
				t.Errorf("short notice = %v, want %v", short, want)
			}
			for _, f := range rules.Check(r) {
				if f.Blocks {
					t.Errorf("short notice blocks: %s", f.Text)
				}
			}
		})
	}
}

func TestRoutesOfUrgency(t *testing.T) {
	t.Parallel()
	rules := usual()
	general := made(func(r *decision.Record) {
		r.Route, r.Urgency.On, r.MadeOn = decision.GeneralException, on("2019-05-13"), on("2019-05-19")
	})
	if c := rules.Compute(general); c.EarliestDecision.String() != "2019-05-19" {
		t.Errorf("general exception: the earliest day is %s, want 2019-05-19", c.EarliestDecision)
	}
	general.MadeOn = on("2019-05-18")
	if !slices.Contains(codes(rules.Check(general)), "short-notice") {
		t.Error("four clear days pass as a general exception")
	}
	special := made(func(r *decision.Record) {
		r.Route, r.Urgency.On, r.NoticeOn, r.MadeOn = decision.SpecialUrgency, on("2019-05-20"), on("2019-05-20"), on("2019-05-20")
	})
	if found := codes(rules.Check(special)); len(found) != 0 {
		t.Errorf("special urgency is flagged with %v", found)
	}
	none := made(func(r *decision.Record) { r.Key.Key, r.Route = decision.KeyNo, decision.SpecialUrgency })
	if !slices.Contains(codes(rules.Check(none)), "urgency-of-no-key") {
		t.Error("a decision that is not key has a route of urgency")
	}
}

func TestCallInMovesTheEffectiveDay(t *testing.T) {
	t.Parallel()
	rules := usual()
	called := func(stage decision.Stage, c decision.CallIn) decision.Record {
		return made(func(r *decision.Record) { r.Stage, r.CallIns = stage, []decision.CallIn{c} })
	}
	open := called(decision.CalledIn, decision.CallIn{CalledOn: on("2019-05-23"), Grounds: "Too little consultation"})
	if c := rules.Compute(open); !c.Effective.IsZero() || rules.InEffect(open, day.Must("2030-01-01")) {
		t.Errorf("an open call-in leaves the decision in effect on %s", c.Effective)
	}
	for _, c := range []struct{ over, want string }{{"2019-06-12", "2019-06-12"}, {"2019-05-24", "2019-05-28"}} {
		r := called(decision.Confirmed, decision.CallIn{CalledOn: on("2019-05-23"), Grounds: "x", Outcome: decision.NoFurtherAction, OutcomeOn: on(c.over)})
		if got := rules.Compute(r).Effective; got.String() != c.want {
			t.Errorf("a call-in that ended on %s moves the day to %s, want %s", c.over, got, c.want)
		}
	}
	waived := made(func(r *decision.Record) { r.CallInWaived, r.CallInWaivedReason = true, "Children are at risk" })
	if got := rules.Compute(waived).Effective; got.String() != "2019-05-20" {
		t.Errorf("with call-in waived it takes effect on %s, want the day of publication", got)
	}
}

func TestInspectionAndUnknownDays(t *testing.T) {
	t.Parallel()
	rules := usual()
	c := rules.Compute(made())
	if c.InspectUntil.String() != "2025-05-20" || c.PapersUntil.String() != "2023-05-20" {
		t.Errorf("open to inspection until %s and %s, want six and four years", c.InspectUntil, c.PapersUntil)
	}
	rough := made(func(r *decision.Record) {
		r.NoticeOn, r.MadeOn, r.PublishedOn = day.Approx{}, day.Roughly(day.Must("2019-06-01"), day.Month), day.Roughly(day.Must("2019-06-01"), day.Month)
	})
	if c := rules.Compute(rough); c != (decision.Computed{}) {
		t.Errorf("from a month alone there follows %+v, want nothing", c)
	}
	late := made(func(r *decision.Record) { r.MadeOn, r.PublishedOn = on("2031-05-20"), on("2031-05-20") })
	if !rules.Compute(late).HolidaysUnknown {
		t.Error("nothing says that the bank holidays of 2031 are not recorded")
	}
}
