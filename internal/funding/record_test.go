package funding_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/funding/fundingtest"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/money"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
)

func in(t testing.TB, db pg.DB, role authz.Role) authz.Actor {
	t.Helper()
	return authz.Actor{Account: membershiptest.Person(t, db), Held: []authz.Held{{Role: role}}}
}

func TestRecordingAndCorrecting(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.Tx(t)
	s := funding.New(db, time.Now)
	support := in(t, db, authz.BusinessSupport)
	body := membershiptest.Organisation(t, db)
	cmd := funding.RecordCommand{Year: 2019, Organisation: body.Slug, Form: funding.InKind, Pence: 123450, Valuation: "Hours at cost", Estimated: true,
		Purpose: "Training", Note: "Two trainers", Agreed: day.Roughly(day.Must("2019-06-17"), day.Month), Source: "Minutes of June 2019"}
	made, err := s.Record(ctx, support, cmd)
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Contribution(ctx, support, made)
	if err != nil {
		t.Fatal(err)
	}
	if got.Year != 2019 || got.Slug != body.Slug || got.Name != body.Name || got.Form != funding.InKind || got.Pence != 123450 || got.Valuation != "Hours at cost" ||
		!got.IsEstimated || got.Purpose != "Training" || got.Note != "Two trainers" || got.Agreed().Words() != "June 2019" || got.Source != "Minutes of June 2019" ||
		got.IsDemonstration || !got.Counts() || time.Since(got.RecordedAt) > time.Minute {
		t.Errorf("recorded as %+v", got)
	}
	t.Run("the same twice is refused", func(t *testing.T) {
		_, err := s.Record(ctx, support, cmd)
		wantField(t, err, "amount")
	})
	t.Run("a correction takes it out, keeps both lines and their events", func(t *testing.T) {
		if err := s.Reverse(ctx, support, funding.ReverseCommand{ID: made, Reason: "Entered for the wrong year"}); err != nil {
			t.Fatal(err)
		}
		got, err := s.Contribution(ctx, support, made)
		if err != nil || got.Counts() || got.Reason != "Entered for the wrong year" {
			t.Errorf("after the correction: %+v (%v)", got, err)
		}
		var actions string
		err = db.QueryRow(ctx, `SELECT string_agg(action || ' ' || state_before || '>' || state_after, ', ' ORDER BY id) FROM event
			WHERE subject_kind = 'contribution' AND subject_id = $1 AND account_id = $2`, made, support.Account).Scan(&actions)
		if want := "contribution.recorded >counted, contribution.reversed counted>taken out"; err != nil || actions != want {
			t.Errorf("events %q, want %q (%v)", actions, want, err)
		}
	})
	t.Run("it is not taken out twice", func(t *testing.T) {
		if err := s.Reverse(ctx, support, funding.ReverseCommand{ID: made, Reason: "Again"}); !errors.Is(err, fault.Conflict) {
			t.Errorf("got %v, want a conflict", err)
		}
	})
	t.Run("what was taken out can be recorded anew", func(t *testing.T) {
		if _, err := s.Record(ctx, support, cmd); err != nil {
			t.Error(err)
		}
	})
	t.Run("the list has both, by year", func(t *testing.T) {
		fundingtest.Contribution(t, db, func(c *funding.RecordCommand) { c.Year = 2020 })
		all, err := s.Contributions(ctx, support, funding.Filter{})
		if err != nil || len(all) != 3 || all[0].Year != 2020 {
			t.Errorf("%d lines, the first of %v (%v)", len(all), all[0].Year, err)
		}
		some, err := s.Contributions(ctx, support, funding.Filter{Year: 2019})
		if err != nil || len(some) != 2 {
			t.Errorf("%d lines of 2019/20, want 2 (%v)", len(some), err)
		}
		years, err := s.Years(ctx, support)
		if err != nil || len(years) != 2 || years[0] != 2020 {
			t.Errorf("years %v (%v)", years, err)
		}
	})
}

func wantField(t *testing.T, err error, field string) {
	t.Helper()
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Kind != fault.Invalid || f.Field != field {
		t.Errorf("got %v, want a refusal at the field %s", err, field)
	}
}

func TestRecordRefuses(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.Tx(t)
	s := funding.New(db, func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) })
	support := in(t, db, authz.BusinessSupport)
	body := membershiptest.Organisation(t, db, func(b *membershiptest.Body) { b.StartsOn, b.EndsOn = day.Must("2015-04-01"), day.Must("2022-06-30") })
	for name, c := range map[string]struct {
		field string
		alter func(*funding.RecordCommand)
	}{
		"no year":                             {"year", func(c *funding.RecordCommand) { c.Year = 0 }},
		"a year too long ago":                 {"year", func(c *funding.RecordCommand) { c.Year = 1989 }},
		"a year too far ahead":                {"year", func(c *funding.RecordCommand) { c.Year = 2032 }},
		"no organisation":                     {"organisation", func(c *funding.RecordCommand) { c.Organisation = "" }},
		"an organisation that does not exist": {"organisation", func(c *funding.RecordCommand) { c.Organisation = "nobody" }},
		"an organisation not yet begun":       {"organisation", func(c *funding.RecordCommand) { c.Year = 2014 }},
		"an organisation that had ended":      {"organisation", func(c *funding.RecordCommand) { c.Year = 2023 }},
		"another form":                        {"form", func(c *funding.RecordCommand) { c.Form = "gold" }},
		"a negative amount":                   {"amount", func(c *funding.RecordCommand) { c.Pence = -1 }},
		"too large an amount":                 {"amount", func(c *funding.RecordCommand) { c.Pence = money.Most + 1 }},
		"in kind without a valuation":         {"valuation", func(c *funding.RecordCommand) { c.Form = funding.InKind }},
		"cash with a valuation":               {"valuation", func(c *funding.RecordCommand) { c.Valuation = "By eye" }},
		"estimated cash":                      {"estimated", func(c *funding.RecordCommand) { c.Estimated = true }},
		"no purpose":                          {"purpose", func(c *funding.RecordCommand) { c.Purpose = "" }},
		"too long a purpose":                  {"purpose", func(c *funding.RecordCommand) { c.Purpose = strings.Repeat("x", 201) }},
		"no day":                              {"agreed", func(c *funding.RecordCommand) { c.Agreed = day.Approx{} }},
		"an agreement in the future":          {"agreed", func(c *funding.RecordCommand) { c.Agreed = day.On(day.Must("2026-11-23")) }},
		"no source":                           {"source", func(c *funding.RecordCommand) { c.Source = "" }},
	} {
		t.Run(name+" is refused", func(t *testing.T) {
			cmd := funding.RecordCommand{Year: 2019, Organisation: body.Slug, Form: funding.Cash, Pence: 1, Purpose: "General", Agreed: day.On(day.Must("2019-03-01")), Source: "Minutes"}
			c.alter(&cmd)
			_, err := s.Record(ctx, support, cmd)
			wantField(t, err, c.field)
		})
	}
	for _, year := range []day.FinancialYear{2015, 2022} {
		cmd := funding.RecordCommand{Year: year, Organisation: body.Slug, Form: funding.Cash, Purpose: "General", Agreed: day.On(day.Must("2015-03-01")), Source: "Minutes"}
		if _, err := s.Record(ctx, support, cmd); err != nil {
			t.Errorf("a body that existed for a part of %s is refused: %v", year, err)
		}
	}
	t.Run("a correction without a reason is refused", func(t *testing.T) {
		wantField(t, s.Reverse(ctx, support, funding.ReverseCommand{ID: fundingtest.Contribution(t, db)}), "reason")
	})
	t.Run("a line that does not exist is not found", func(t *testing.T) {
		if err := s.Reverse(ctx, support, funding.ReverseCommand{ID: 999999999, Reason: "x"}); !errors.Is(err, fault.NotFound) {
			t.Errorf("got %v", err)
		}
	})
}

func TestWhoMayRecordAndRead(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.Tx(t)
	s := funding.New(db, time.Now)
	line := fundingtest.Contribution(t, db)
	for role, may := range map[authz.Role]struct{ read, record bool }{
		authz.BusinessSupport: {true, true}, authz.Scrutineer: {true, false}, authz.Administrator: {}, authz.AgencyStaff: {}, authz.Office: {},
	} {
		by := in(t, db, role)
		_, list := s.Contributions(ctx, by, funding.Filter{})
		_, years := s.Years(ctx, by)
		c, one := s.Contribution(ctx, by, line)
		for _, err := range []error{list, years, one} {
			if errors.Is(err, fault.Forbidden) == may.read {
				t.Errorf("%s reads: %v", role, err)
			}
		}
		_, record := s.Record(ctx, by, funding.RecordCommand{})
		reverse := s.Reverse(ctx, by, funding.ReverseCommand{})
		if errors.Is(record, fault.Forbidden) == may.record || errors.Is(reverse, fault.Forbidden) == may.record {
			t.Errorf("%s records: %v, %v", role, record, reverse)
		}
		if may.read && c.CanCorrect(by) != may.record {
			t.Errorf("%s is told that they can correct: %t", role, c.CanCorrect(by))
		}
	}
}

// Of several who do the same at once one is let through, and the others are told.
func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.Database(t, pgtest.PoolSize(2))
	s := funding.New(db.App, time.Now)
	line := fundingtest.Contribution(t, db.App)
	body := membershiptest.Organisation(t, db.App)
	same := funding.RecordCommand{Year: 2019, Organisation: body.Slug, Form: funding.Cash, Purpose: "General", Agreed: day.On(day.Must("2019-03-01")), Source: "Minutes"}
	for name, c := range map[string]struct {
		do   func() error
		kind fault.Kind
	}{
		"taking out": {func() error {
			return s.Reverse(ctx, authz.System("x"), funding.ReverseCommand{ID: line, Reason: "A slip"})
		}, fault.Conflict},
		"recording": {func() error { _, err := s.Record(ctx, authz.System("x"), same); return err }, fault.Invalid},
	} {
		errs := make([]error, 6)
		var wait sync.WaitGroup
		for i := range errs {
			wait.Go(func() { errs[i] = c.do() })
		}
		wait.Wait()
		done := 0
		for _, err := range errs {
			if err == nil {
				done++
			} else if !errors.Is(err, c.kind) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if done != 1 {
			t.Errorf("%s: %d went through, want one", name, done)
		}
	}
}

func idsOf(lines []funding.Line) []id.Contribution {
	var ids []id.Contribution
	for _, l := range lines {
		ids = append(ids, l.ID)
	}
	return ids
}
