package membership_test

import (
	"errors"
	"sync"
	"testing"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg/pgtest"
)

func TestRivalLeadOfficersConfirmedAtOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t, pgtest.PoolSize(4))
	s := membership.New(db.App, membership.NoLetters{}, now)
	admins := []authz.Actor{holder(t, db.App, authz.Administrator), holder(t, db.App, authz.Administrator)}
	for round := range 10 {
		partner := membershiptest.Partner(t, db.App)
		var rivals []id.Appointment
		for range 4 {
			a := membershiptest.Appointment(t, db.App, partner.ID, func(a *membershiptest.AppointmentMade) { a.Confirmed = false })
			rivals = append(rivals, a.ID)
		}
		results := make([]error, len(rivals))
		var wait sync.WaitGroup
		for i, which := range rivals {
			wait.Go(func() { results[i] = s.Confirm(t.Context(), admins[i%2], which) })
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
			t.Errorf("round %d: %d lead officers confirmed, want 1", round, won)
		}
	}
}
