package membership_test

import (
	"errors"
	"sync"
	"testing"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/pg/pgtest"
)

// Of imports that are confirmed at once, the same one or others of the same rows, exactly one is done.
func TestRivalImportsConfirmedAtOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t, pgtest.PoolSize(2))
	s := membership.New(db.App, membership.NoLetters{}, now)
	people := []authz.Actor{holder(t, db.App, authz.BusinessSupport), holder(t, db.App, authz.BusinessSupport)}
	for round := range 5 {
		a, b := slug(), slug()
		there, back := a+",A,other\n"+b+",B,other\n", b+",B,other\n"+a+",A,other\n"
		var rivals []id.Import
		for _, rows := range []string{there, back} {
			p, err := s.PreviewImport(t.Context(), people[0], file(membership.RegisterOrganisations, "slug,name,kind\n"+rows))
			if err != nil || len(p.Problems) > 0 {
				t.Fatal(p.Problems, err)
			}
			rivals = append(rivals, p.ID, p.ID)
		}
		results := make([]error, len(rivals))
		var wait sync.WaitGroup
		for i, which := range rivals {
			wait.Go(func() { results[i] = second(s.ApplyImport(t.Context(), people[i%2], which)) })
		}
		wait.Wait()
		won := 0
		for _, err := range results {
			switch {
			case err == nil:
				won++
			case !errors.Is(err, fault.Conflict):
				t.Errorf("round %d: %v, want a conflict", round, err)
			}
		}
		if won != 1 {
			t.Errorf("round %d: %d imports were done, want 1", round, won)
		}
	}
}
