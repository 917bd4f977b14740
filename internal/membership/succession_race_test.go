package membership_test

import (
	"errors"
	"sync"
	"testing"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg/pgtest"
)

// atOnce does all of it at the same time, and counts what succeeded. What failed did so with a fault in words.
func atOnce(t *testing.T, deeds ...func() error) (done int) {
	t.Helper()
	var wg sync.WaitGroup
	results := make([]error, len(deeds))
	start := make(chan struct{})
	for i, do := range deeds {
		wg.Go(func() { <-start; results[i] = do() })
	}
	close(start)
	wg.Wait()
	for _, err := range results {
		if err == nil {
			done++
		} else if _, ok := errors.AsType[*fault.Error](err); !ok {
			t.Errorf("refused without words: %v", err)
		}
	}
	return done
}

func TestSuccessionsAtOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t, pgtest.PoolSize(4)).App
	s, support := membership.New(db, membership.NoLetters{}, now), holder(t, db, authz.BusinessSupport)
	record := func(from, to string) func() error {
		cmd := takeover(from, to)
		cmd.Follows = membership.Follows{}
		return func() error { _, err := s.RecordSuccession(t.Context(), support, cmd); return err }
	}
	for range 10 {
		a, b := membershiptest.Organisation(t, db).Slug, membershiptest.Organisation(t, db).Slug
		if n := atOnce(t, record(a, b), record(b, a)); n != 1 {
			t.Errorf("of two that make a circle %d were recorded, want one", n)
		}
		c, d := membershiptest.Organisation(t, db).Slug, membershiptest.Organisation(t, db).Slug
		if n := atOnce(t, record(c, d), record(c, d)); n != 1 {
			t.Errorf("of two that say the same %d were recorded, want one", n)
		}
		made, err := s.RecordSuccession(t.Context(), support, takeover(membershiptest.Organisation(t, db).Slug, membershiptest.Organisation(t, db).Slug))
		if err != nil {
			t.Fatal(err)
		}
		reverse := func() error { return s.ReverseSuccession(t.Context(), support, made, "in error") }
		if n := atOnce(t, reverse, reverse); n != 1 {
			t.Errorf("a succession was reversed %d times", n)
		}
	}
}

// A partner that a succession made is not retracted from under a seat or an appointment that begins at that moment.
func TestAReversalAgainstAnAppointment(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t, pgtest.PoolSize(4)).App
	s, support := membership.New(db, membership.NoLetters{}, now), holder(t, db, authz.BusinessSupport)
	both := 0
	for range 30 {
		ccg := membershiptest.Partner(t, db, func(p *membershiptest.PartnerMade) { p.Kind = "health" })
		after, person := membershiptest.Organisation(t, db), membershiptest.Person(t, db)
		made, err := s.RecordSuccession(t.Context(), support, takeover(ccg.Body.Slug, after.Slug))
		if err != nil {
			t.Fatal(err)
		}
		o, err := s.Organisation(t.Context(), support, after.Slug)
		if err != nil {
			t.Fatal(err)
		}
		propose := func() error {
			_, err := s.Propose(t.Context(), support, membership.ProposeCommand{Account: person, Partner: o.Partner[0].ID, Office: "Chief Executive",
				Capacity: authz.Lead, StartsOn: icbsBegin})
			return err
		}
		if atOnce(t, propose, func() error { return s.ReverseSuccession(t.Context(), support, made, "in error") }) != 1 {
			both++
		}
	}
	if both > 0 {
		t.Errorf("%d times the partner was appointed to and retracted, or neither", both)
	}
}
