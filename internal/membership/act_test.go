package membership_test

import (
	"testing"
	"time"

	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/pg/pgtest"
)

// What was signed keeps its authority: no term can be ended from under it, neither by the services nor by raw SQL.
func TestNoTermEndsBeforeItsLastAct(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	m := arrangementtest.OutForSignOff(t, db)
	officer, partner := m.Officers[0], m.Partners[0]
	appointment := officer.Seats[0].Appointment
	arrangementtest.Sign(t, db, m, officer)
	s := membership.New(db, membership.NoLetters{}, time.Now)
	admin, support := holder(t, db, authz.Administrator), holder(t, db, authz.BusinessSupport)
	today := day.Of(time.Now())

	wantField(t, s.End(t.Context(), admin, appointment, today.Add(-1)), "ends")
	wantField(t, s.EndPartner(t.Context(), support, partner.Body.Slug, partner.ID, today.Add(-1)), "ends")
	if got := try(t, db, `UPDATE appointment SET ends_on = $2 WHERE id = $1`, appointment, today.Add(-1)); got != "appointment_ends_after_acts" {
		t.Errorf("raw SQL ends the appointment before the act; refused by %q", got)
	}
	if got := try(t, db, `UPDATE safeguarding_partner SET ends_on = $2 WHERE id = $1`, partner.ID, today.Add(-1)); got != "safeguarding_partner_ends_after_acts" {
		t.Errorf("raw SQL ends the partner before the act; refused by %q", got)
	}
	if err := s.End(t.Context(), admin, appointment, today); err != nil {
		t.Errorf("end on the day of the act: %v", err)
	}
	if err := s.EndPartner(t.Context(), support, partner.Body.Slug, partner.ID, today); err != nil {
		t.Errorf("end the partner on the day of the act: %v", err)
	}
}
