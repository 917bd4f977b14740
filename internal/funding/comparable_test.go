package funding_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/funding/fundingtest"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg/pgtest"
)

func TestFiguresOfOtherAreas(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.Tx(t)
	s := funding.New(db, time.Now)
	support := in(t, db, authz.BusinessSupport)
	cmd := funding.ComparableCommand{Area: "Medway", Year: 2019, Measure: funding.MeasureCash, Kind: "police", Amount: 5000000, Source: "Annual report"}
	made, err := s.RecordComparable(ctx, support, cmd)
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Comparable(ctx, in(t, db, authz.Scrutineer), made)
	if err != nil || got.Words() != "£50,000" || got.Area != "Medway" || !got.Counts() {
		t.Errorf("entered as %+v (%v)", got, err)
	}
	t.Run("the same figure counts once, until it is taken out", func(t *testing.T) {
		again := cmd
		again.Area = "MEDWAY"
		_, err := s.RecordComparable(ctx, support, again)
		wantField(t, err, "amount")
		if err := s.ReverseComparable(ctx, support, funding.ReverseComparableCommand{ID: made, Reason: "A slip"}); err != nil {
			t.Fatal(err)
		}
		if err := s.ReverseComparable(ctx, support, funding.ReverseComparableCommand{ID: made, Reason: "A slip"}); !errors.Is(err, fault.Conflict) {
			t.Errorf("taken out twice: %v", err)
		}
		if _, err := s.RecordComparable(ctx, support, again); err != nil {
			t.Error(err)
		}
		list, err := s.Comparables(ctx, support)
		if err != nil || len(list) != 2 {
			t.Errorf("%d figures (%v), want both", len(list), err)
		}
	})
	t.Run("what is missing is said at its field", func(t *testing.T) {
		for field, alter := range map[string]func(*funding.ComparableCommand){
			"area":    func(c *funding.ComparableCommand) { c.Area = "" },
			"year":    func(c *funding.ComparableCommand) { c.Year = 1900 },
			"measure": func(c *funding.ComparableCommand) { c.Measure = "gold" },
			"kind":    func(c *funding.ComparableCommand) { c.Kind = "" },
			"amount":  func(c *funding.ComparableCommand) { c.Amount = -1 },
			"source":  func(c *funding.ComparableCommand) { c.Source = "" },
		} {
			wrong := cmd
			alter(&wrong)
			_, err := s.RecordComparable(ctx, support, wrong)
			wantField(t, err, field)
		}
		children := funding.ComparableCommand{Year: 2019, Measure: funding.MeasureChildren, Kind: "police", Amount: 1, Source: "Census"}
		_, err := s.RecordComparable(ctx, support, children)
		wantField(t, err, "kind")
		wantField(t, s.ReverseComparable(ctx, support, funding.ReverseComparableCommand{ID: made}), "reason")
	})
	t.Run("only business support enters, and the scrutineer reads", func(t *testing.T) {
		for _, role := range []authz.Role{authz.Scrutineer, authz.LeadOfficer, authz.Administrator, authz.AgencyStaff} {
			by := in(t, db, role)
			_, err := s.RecordComparable(ctx, by, cmd)
			if !errors.Is(err, fault.Forbidden) || !errors.Is(s.ReverseComparable(ctx, by, funding.ReverseComparableCommand{ID: made, Reason: "x"}), fault.Forbidden) {
				t.Errorf("%s: %v", role, err)
			}
		}
		if _, err := s.Comparables(ctx, in(t, db, authz.AgencyStaff)); !errors.Is(err, fault.Forbidden) {
			t.Error(err)
		}
		if _, err := s.Comparable(ctx, in(t, db, authz.AgencyStaff), made); !errors.Is(err, fault.Forbidden) {
			t.Error(err)
		}
	})
	t.Run("children are counted in whole", func(t *testing.T) {
		for text, want := range map[string]int64{"337,000": 337000, "1": 1} {
			if got, err := funding.ParseChildren(text); err != nil || got != want {
				t.Errorf("%q is read as %d (%v)", text, got, err)
			}
		}
		for _, text := range []string{"", "1.5", "£5", "-1", "many"} {
			if got, err := funding.ParseChildren(text); err == nil {
				t.Errorf("%q is read as %d", text, got)
			}
		}
	})
}

// The same figure sent twice at once is entered once.
func TestAFigureSentTwiceAtOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t)
	s := funding.New(db.App, time.Now)
	failed := make(chan error)
	for range 2 {
		go func() {
			_, err := s.RecordComparable(context.Background(), authz.System("test"), funding.ComparableCommand{Area: "Medway", Year: 2019, Measure: funding.MeasureCash,
				Kind: "police", Amount: 1, Source: "Annual report"})
			failed <- err
		}()
	}
	one, other := <-failed, <-failed
	if (one == nil) == (other == nil) {
		t.Errorf("refused with %v and %v, want one of the two", one, other)
	}
	for _, err := range []error{one, other} {
		if err != nil && !errors.Is(err, fault.Invalid) {
			t.Errorf("refused with %v", err)
		}
	}
}

func TestSharesHereAndElsewhere(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.Tx(t)
	body := func(kind string) membershiptest.Body {
		return membershiptest.Organisation(t, db, func(b *membershiptest.Body) { b.Kind = kind })
	}
	pays(t, db, body("local authority"), 2019, 600000)
	pays(t, db, body("police"), 2019, 200000)
	pays(t, db, body("police"), 2019, 100000)
	pays(t, db, body("predecessor board"), 2019, 100000)
	enter := func(alter func(*funding.ComparableCommand)) { fundingtest.Comparable(t, db, alter) }
	enter(func(c *funding.ComparableCommand) { c.Year, c.Amount = 2018, 100 })
	enter(func(c *funding.ComparableCommand) { c.Amount = 3000 })
	enter(func(c *funding.ComparableCommand) { c.Kind, c.Amount, c.Area = "health", 6000, "MEDWAY" })
	enter(func(c *funding.ComparableCommand) { c.Kind, c.Measure, c.Amount = "health", funding.MeasureInKind, 500 })
	enter(func(c *funding.ComparableCommand) { c.Area, c.Year = "Later than asked", 2020 })
	enter(func(c *funding.ComparableCommand) {
		c.Kind, c.Measure, c.Amount, c.Year = "", funding.MeasureChildren, 8000, 2018
	})
	enter(func(c *funding.ComparableCommand) {
		c.Area, c.Kind, c.Measure, c.Amount = "", "", funding.MeasureChildren, 3
	})
	f, err := funding.NewPublic(db).FairShare(ctx, 2019, today)
	if err != nil || len(f.Others) != 1 {
		t.Fatalf("%+v (%v), want one other area", f, err)
	}
	want := map[string][2]string{"local authority": {"60.0%", ""}, "police": {"30.0%", "33.3%"}, "health": {"", "66.7%"}, "other": {"10.0%", ""}}
	for i, k := range f.Kinds {
		here, there := f.Here.Kinds[i], f.Others[0].Kinds[i]
		if here.Known != (want[k][0] != "") || there.Known != (want[k][1] != "") || here.Known && here.Share.String() != want[k][0] || there.Known && there.Share.String() != want[k][1] {
			t.Errorf("%s: here %+v, there %+v", k, here, there)
		}
	}
	if len(f.Kinds) != len(want) {
		t.Errorf("kinds %v", f.Kinds)
	}
	if each, ok := f.Here.PerChild(); !ok || each != 333333 {
		t.Errorf("%s for each child here", each)
	}
	if each, ok := f.Others[0].PerChild(); !ok || each != 1 || f.Others[0].ChildrenYear != 2018 || f.Others[0].InKind != 500 {
		t.Errorf("%+v for each child there", f.Others[0])
	}
	if _, err := funding.NewPublic(db).FairShare(ctx, 2017, today); !errors.Is(err, fault.NotFound) {
		t.Error(err)
	}
}
