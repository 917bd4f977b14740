package membership_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"partnershipportal/internal/day"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
)

const (
	denied   = "42501" // insufficient privilege
	badRange = "22000" // the generated range is made before the checks
)

// try runs a statement in a savepoint and says by which constraint, or else with which code, it was refused.
func try(t *testing.T, db pg.DB, sql string, args ...any) string {
	t.Helper()
	err := pgx.BeginFunc(context.Background(), db, func(tx pgx.Tx) error {
		_, err := tx.Exec(context.Background(), sql, args...)
		return err
	})
	if err == nil {
		return ""
	}
	e, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		t.Fatalf("%s: %v", sql, err)
	}
	if e.ConstraintName != "" {
		return e.ConstraintName
	}
	return e.Code
}

// Each attempt is made by raw SQL in the role of the application, as a fault in our own code would make it.
func TestTheDatabaseRefusesAppointmentsWithoutTwoPeople(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	partner := membershiptest.Partner(t, db)
	other := membershiptest.Person(t, db)
	proposed := membershiptest.Appointment(t, db, partner.ID, func(a *membershiptest.AppointmentMade) { a.Confirmed = false })
	asked := membershiptest.Appointment(t, db, partner.ID, func(a *membershiptest.AppointmentMade) { a.ByCommand = true })
	lead := membershiptest.Appointment(t, db, partner.ID, func(a *membershiptest.AppointmentMade) { a.EndsOn = day.Must("2030-12-31") })
	refused := membershiptest.Appointment(t, db, partner.ID, func(a *membershiptest.AppointmentMade) { a.Confirmed = false })
	exec(t, db, `UPDATE appointment SET refused_by = $2 WHERE id = $1`, refused.ID, other)
	withdrawn := membershiptest.Appointment(t, db, membershiptest.Partner(t, db).ID)
	exec(t, db, `UPDATE appointment SET withdrawn_by = $2 WHERE id = $1`, withdrawn.ID, other)
	const insert = `INSERT INTO appointment (account_id, partner_id, office, capacity, starts_on, proposed_by) VALUES ($1, $2, 'Chief', $3, '2026-01-01', $4)`
	tests := []struct {
		name string
		sql  string
		args []any
		want string
	}{
		{"the appointee proposes", insert, []any{other, partner.ID, "lead", other}, "appointment_not_proposed_by_appointee"},
		{"the appointee adopts", `UPDATE appointment SET proposed_by = $2 WHERE id = $1`, []any{asked.ID, asked.Account}, "appointment_not_proposed_by_appointee"},
		{"the appointee confirms", `UPDATE appointment SET confirmed_by = $2 WHERE id = $1`, []any{proposed.ID, proposed.Account}, "appointment_not_confirmed_by_appointee"},
		{"the proposer confirms", `UPDATE appointment SET confirmed_by = $2 WHERE id = $1`, []any{proposed.ID, proposed.ProposedBy}, "appointment_two_people"},
		{"what nobody proposed is confirmed", `UPDATE appointment SET confirmed_by = $2 WHERE id = $1`, []any{asked.ID, other}, "appointment_two_people"},
		{"proposed and confirmed by one person at once", `UPDATE appointment SET proposed_by = $2, confirmed_by = $2 WHERE id = $1`, []any{asked.ID, other}, "appointment_two_people"},
		{"a second lead officer at the same time", `UPDATE appointment SET confirmed_by = $2 WHERE id = $1`, []any{proposed.ID, other}, "appointment_one_lead"},
		{"another proposer", `UPDATE appointment SET proposed_by = $2 WHERE id = $1`, []any{proposed.ID, other}, "appointment_final"},
		{"another confirmer", `UPDATE appointment SET confirmed_by = $2 WHERE id = $1`, []any{lead.ID, other}, "appointment_final"},
		{"unconfirmed again", `UPDATE appointment SET confirmed_by = NULL WHERE id = $1`, []any{lead.ID}, "appointment_final"},
		{"refused after it was confirmed", `UPDATE appointment SET refused_by = $2 WHERE id = $1`, []any{lead.ID, other}, "appointment_confirmed_or_refused"},
		{"confirmed after it was refused", `UPDATE appointment SET confirmed_by = $2 WHERE id = $1`, []any{refused.ID, other}, "appointment_final"},
		{"no longer withdrawn", `UPDATE appointment SET withdrawn_by = NULL WHERE id = $1`, []any{withdrawn.ID}, "appointment_final"},
		{"a longer term", `UPDATE appointment SET ends_on = '2031-01-01' WHERE id = $1`, []any{lead.ID}, "appointment_not_lengthened"},
		{"an endless term", `UPDATE appointment SET ends_on = NULL WHERE id = $1`, []any{lead.ID}, "appointment_not_lengthened"},
		{"another term than proposed", `UPDATE appointment SET ends_on = '2027-01-01' WHERE id = $1`, []any{proposed.ID}, "appointment_as_proposed"},
		{"an end before the start", `UPDATE appointment SET ends_on = '2000-01-01' WHERE id = $1`, []any{lead.ID}, badRange},
		{"confirmed when it is made", `INSERT INTO appointment (account_id, partner_id, office, capacity, starts_on, confirmed_by) VALUES ($1, $2, 'Chief', 'lead', '2026-01-01', $1)`, []any{other, partner.ID}, denied},
		{"another person", `UPDATE appointment SET account_id = $2 WHERE id = $1`, []any{lead.ID, other}, denied},
		{"another partner", `UPDATE appointment SET partner_id = partner_id WHERE id = $1`, []any{lead.ID}, denied},
		{"another time of confirmation", `UPDATE appointment SET confirmed_at = '2019-01-01' WHERE id = $1`, []any{lead.ID}, denied},
		{"a delegate for nobody", insert, []any{other, partner.ID, "delegate", lead.Account}, "appointment_delegate_acts_for"},
		{"no such capacity", insert, []any{other, partner.ID, "king", lead.Account}, "appointment_capacity_known"},
	}
	for _, tt := range tests {
		t.Run(tt.name+" is refused", func(t *testing.T) {
			if got := try(t, db, tt.sql, tt.args...); got != tt.want {
				t.Errorf("refused by %q, want %q", got, tt.want)
			}
		})
	}
	if got := try(t, db, `UPDATE appointment SET ends_on = '2026-12-31' WHERE id = $1`, lead.ID); got != "" {
		t.Errorf("an earlier last day is refused by %q", got)
	}
}

func TestTheDatabaseKeepsEveryMembershipRow(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	partner := membershiptest.Partner(t, db)
	membershiptest.Agency(t, db)
	membershiptest.Appointment(t, db, partner.ID)
	for _, table := range []string{"partnership", "concern_number", "area", "organisation", "organisation_name", "organisation_succession",
		"safeguarding_partner", "partner_area", "agency_category", "agency_category_past", "agency_membership", "agency_membership_category", "agency_reader", "agency_reader_past", "correction", "appointment"} {
		for _, sql := range []string{`DELETE FROM ` + table, `TRUNCATE ` + table + ` CASCADE`} {
			if got := try(t, db, sql); got != denied {
				t.Errorf("%s: refused with %q, want %s", sql, got, denied)
			}
		}
	}
}

func TestTheDatabaseKeepsDatedFactsStraight(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	partner := membershiptest.Partner(t, db)
	agency := membershiptest.Agency(t, db)
	body := partner.Body.ID
	tests := []struct {
		name string
		sql  string
		args []any
		want string
	}{
		{"two names on one day", `INSERT INTO organisation_name (organisation_id, name, starts_on) VALUES ($1, 'Other', '2020-01-01')`, []any{body}, "organisation_name_no_overlap"},
		{"a name rewritten", `UPDATE organisation_name SET name = 'Other' WHERE organisation_id = $1`, []any{body}, denied},
		{"a slug moved to another body", `UPDATE organisation SET slug = 'other' WHERE id = $1`, []any{body}, denied},
		{"a partner twice at once", `INSERT INTO safeguarding_partner (organisation_id, statutory_kind, starts_on) VALUES ($1, 'police', '2020-01-01')`, []any{body}, "safeguarding_partner_no_overlap"},
		{"a partner of another kind", `UPDATE safeguarding_partner SET statutory_kind = 'health' WHERE id = $1`, []any{partner.ID}, denied},
		{"a partner from another day", `UPDATE safeguarding_partner SET starts_on = '2000-01-01' WHERE id = $1`, []any{partner.ID}, denied},
		{"an agency twice at once", `INSERT INTO agency_membership (organisation_id, basis, starts_on) VALUES ($1, 'chosen', '2020-01-01')`, []any{agency.Body.ID}, "agency_membership_no_overlap"},
		{"a body that succeeds itself", `INSERT INTO organisation_succession (predecessor_id, successor_id, takes_over_on) VALUES ($1, $1, '2020-01-01')`, []any{body}, "organisation_succession_two_bodies"},
		{"the Schedule's paragraphs renumbered", `UPDATE agency_category SET paragraph = paragraph + 100`, nil, denied},
	}
	for _, tt := range tests {
		t.Run(tt.name+" is refused", func(t *testing.T) {
			if got := try(t, db, tt.sql, tt.args...); got != tt.want {
				t.Errorf("refused by %q, want %q", got, tt.want)
			}
		})
	}
}

func TestThePublicRoleSeesOnlyWhatIsPublished(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	membershiptest.Appointment(t, db, membershiptest.Partner(t, db).ID)
	public := pgtest.Public(t, db)
	for _, table := range []string{"appointment", "organisation", "organisation_name", "safeguarding_partner", "agency_membership", "agency_category", "account", "partnership"} {
		var n int
		err := public.QueryRow(context.Background(), `SELECT count(*) FROM public.`+table).Scan(&n)
		e, ok := errors.AsType[*pgconn.PgError](err)
		if !ok || e.Code != denied {
			t.Errorf("public.%s: got %v, want it denied", table, err)
		}
	}
	if got := try(t, public, `UPDATE published.organisation SET kind = 'other'`); got != denied {
		t.Errorf("the public changes a view: refused with %q, want %s", got, denied)
	}
	rows, err := public.Query(context.Background(), `SELECT * FROM published.lead_office`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for _, f := range rows.FieldDescriptions() {
		switch f.Name {
		case "account_id", "email", "name", "instrument":
			t.Errorf("published.lead_office shows %s", f.Name)
		}
	}
}
