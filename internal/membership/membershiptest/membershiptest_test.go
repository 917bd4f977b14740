package membershiptest_test

import (
	"context"
	"testing"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg/pgtest"
)

func TestFactoriesMakeValidRows(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	partners := membershiptest.ThreePartners(t, db)
	membershiptest.Agency(t, db)
	membershiptest.Appointment(t, db, partners[0].ID)
	membershiptest.Appointment(t, db, partners[0].ID, func(a *membershiptest.AppointmentMade) { a.Capacity = authz.Delegate })
	membershiptest.Appointment(t, db, partners[1].ID, func(a *membershiptest.AppointmentMade) { a.ByCommand = true })
	var confirmed, proposed int
	err := db.QueryRow(context.Background(), `
		SELECT count(*) FILTER (WHERE confirmed_at IS NOT NULL), count(*) FILTER (WHERE confirmed_at IS NULL) FROM appointment`).Scan(&confirmed, &proposed)
	if err != nil {
		t.Fatal(err)
	}
	if confirmed != 2 || proposed != 1 {
		t.Errorf("confirmed %d and proposed %d, want 2 and 1", confirmed, proposed)
	}
}
