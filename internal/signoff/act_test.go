package signoff_test

import (
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg/pgtest"
	"partnershipportal/internal/signoff"
	"partnershipportal/internal/signoff/signofftest"
)

func wantFault(t *testing.T, err error, kind fault.Kind) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Errorf("got %v, want a fault of kind %q", err, kind)
	}
}

func TestTheLastSeatCompletesTheRound(t *testing.T) {
	t.Parallel()
	m := signofftest.Open(t, pgtest.Tx(t))
	for i, o := range m.Officers {
		done := m.MustAct(t, o.Actor, signoff.Sign)
		want := signoff.Open
		if i == len(m.Officers)-1 {
			want = signoff.Complete
		}
		if done.Round.Outcome != want {
			t.Errorf("after %d signatures the round is %s, want %s", i+1, done.Round.Outcome, want)
		}
		if got := done.Seat.Act; got == nil || got.Office != "Chief Officer" || got.OrganisationName != o.Partner.Body.Name || got.Method != signoff.Password {
			t.Errorf("the act of seat %d is %+v", i, got)
		}
	}
	var events []string
	rows, _ := m.DB.Query(t.Context(), `SELECT action FROM event WHERE version_id = @version ORDER BY id`, pgx.StrictNamedArgs{"version": m.Version})
	events, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"round.opened", "round.signed", "round.signed", "round.signed", "round.completed"}; !equal(events, want) {
		t.Errorf("events %v, want %v", events, want)
	}
	if len(m.Letters.Notes) != 5 {
		t.Errorf("letters %v, want one of the opening, three of acts and one of the end", m.Letters.Notes)
	}
}

func equal(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func TestADeclineEndsTheRoundAndKeepsItsReason(t *testing.T) {
	t.Parallel()
	m := signofftest.Open(t, pgtest.Tx(t))
	m.MustAct(t, m.Officers[0].Actor, signoff.Sign)
	done := m.MustAct(t, m.Officers[1].Actor, signoff.Decline)
	if done.Round.Outcome != signoff.Declined || done.Seat.Act.Reason == "" {
		t.Errorf("round %s, reason %q", done.Round.Outcome, done.Seat.Act.Reason)
	}
	if done.Round.Signed() != 1 {
		t.Errorf("%d signed acts stay as evidence, want 1", done.Round.Signed())
	}
	_, err := m.Act(t.Context(), m.Officers[2].Actor, signoff.Sign)
	wantFault(t, err, fault.Conflict)
}

func TestADeclineNeedsAReason(t *testing.T) {
	t.Parallel()
	m := signofftest.Open(t, pgtest.Tx(t))
	_, err := m.Service.Issue(t.Context(), m.Officers[0].Actor, signoff.IssueCommand{Round: m.Round, Kind: signoff.Decline, Reason: " \n"})
	wantFault(t, err, fault.Invalid)
}

func TestWhoActedCannotActAgain(t *testing.T) {
	t.Parallel()
	m := signofftest.Open(t, pgtest.Tx(t))
	officer := m.Officers[0].Actor
	toSign, err := m.Issue(t.Context(), officer, signoff.Sign)
	if err != nil {
		t.Fatal(err)
	}
	toDecline, err := m.Issue(t.Context(), officer, signoff.Decline)
	if err != nil {
		t.Fatal(err)
	}
	press := func(statement, password string) (signoff.Done, error) {
		return m.Service.Act(t.Context(), officer, signoff.ActCommand{Round: m.Round, Statement: statement, Password: password})
	}
	if _, err := press(toSign.ID, signofftest.Password); err != nil {
		t.Fatal(err)
	}
	t.Run("a second press gets the receipt again, even without the password", func(t *testing.T) {
		done, err := press(toSign.ID, "")
		if err != nil || !done.Already || done.Seat.Act == nil {
			t.Errorf("got %+v, %v; want the receipt again", done.Already, err)
		}
	})
	t.Run("a decline after signing is refused", func(t *testing.T) {
		_, err := press(toDecline.ID, signofftest.Password)
		wantFault(t, err, fault.Conflict)
	})
	t.Run("no new statement is issued", func(t *testing.T) {
		_, err := m.Issue(t.Context(), officer, signoff.Decline)
		wantFault(t, err, fault.Conflict)
	})
}

func TestAnotherOfficerOfTheSameBodyIsTold(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	m := signofftest.Open(t, db)
	deputy := membershiptest.Appointment(t, db, m.Officers[1].Partner.ID, func(a *membershiptest.AppointmentMade) { a.Capacity = authz.Delegate })
	second := authz.Actor{Account: deputy.Account, Name: "Deputy", Seats: []authz.Seat{{Appointment: deputy.ID, Partner: deputy.Partner,
		Organisation: m.Officers[1].Partner.Body.ID, Capacity: authz.Delegate, Office: deputy.Office}}}
	waiting, err := m.Issue(t.Context(), second, signoff.Sign)
	if err != nil {
		t.Fatal(err)
	}
	m.MustAct(t, m.Officers[1].Actor, signoff.Sign)
	_, err = m.Service.Act(t.Context(), second, signoff.ActCommand{Round: m.Round, Statement: waiting.ID, Password: signofftest.Password})
	wantFault(t, err, fault.Conflict)
}

func TestADelegateActsForTheOffice(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	m := signofftest.Open(t, db)
	a := membershiptest.Appointment(t, db, m.Officers[1].Partner.ID, func(a *membershiptest.AppointmentMade) {
		a.Capacity, a.Office, a.ActingFor = authz.Delegate, "Assistant Chief Constable", "Chief Constable"
	})
	deputy := authz.Actor{Account: a.Account, Name: "Deputy", Seats: []authz.Seat{{Appointment: a.ID, Partner: a.Partner, Capacity: authz.Delegate, Office: a.Office}}}
	got := m.MustAct(t, deputy, signoff.Sign).Seat.Act
	if got.Capacity != authz.Delegate || got.Office != "Assistant Chief Constable" || got.ActingFor != "Chief Constable" {
		t.Errorf("the act says %s, %s, acting for %s", got.Capacity, got.Office, got.ActingFor)
	}
}

func TestAuthorityIsCheckedAgainWhenThePageIsAlreadyOpen(t *testing.T) {
	t.Parallel()
	today := day.Of(time.Now())
	for name, change := range map[string]string{
		"the appointment was withdrawn":   `UPDATE appointment SET withdrawn_by = proposed_by WHERE id = @appointment`,
		"the appointment ended yesterday": `UPDATE appointment SET ends_on = @yesterday WHERE id = @appointment`,
		"the account was suspended":       `UPDATE account SET suspended_at = now() WHERE id = @account`,
		"the body is no partner any more": `UPDATE safeguarding_partner SET ends_on = @yesterday WHERE id = @partner`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := signofftest.Open(t, pgtest.Tx(t))
			o := m.Officers[0]
			st, err := m.Issue(t.Context(), o.Actor, signoff.Sign)
			if err != nil {
				t.Fatal(err)
			}
			args := pgx.NamedArgs{"appointment": o.Actor.Seats[0].Appointment, "account": o.Actor.Account, "partner": o.Partner.ID, "yesterday": today.Add(-1)}
			if _, err := m.DB.Exec(t.Context(), change, args); err != nil {
				t.Fatal(err)
			}
			// The actor still carries the seat that was read when the request began.
			_, err = m.Service.Act(t.Context(), o.Actor, signoff.ActCommand{Round: m.Round, Statement: st.ID, Password: signofftest.Password})
			wantFault(t, err, fault.Forbidden)
			var acts int
			if err := m.DB.QueryRow(t.Context(), `SELECT count(*) FROM act WHERE round_id = @round`, pgx.StrictNamedArgs{"round": m.Round}).Scan(&acts); err != nil || acts != 0 {
				t.Errorf("%d acts stand, want none (%v)", acts, err)
			}
		})
	}
	t.Run("the officer without any seat left is told so", func(t *testing.T) {
		t.Parallel()
		m := signofftest.Open(t, pgtest.Tx(t))
		o := m.Officers[0]
		st, err := m.Issue(t.Context(), o.Actor, signoff.Sign)
		if err != nil {
			t.Fatal(err)
		}
		o.Actor.Seats = nil
		_, err = m.Service.Act(t.Context(), o.Actor, signoff.ActCommand{Round: m.Round, Statement: st.ID, Password: signofftest.Password})
		wantFault(t, err, fault.Forbidden)
	})
	t.Run("an appointment that begins tomorrow gives no authority today", func(t *testing.T) {
		t.Parallel()
		db := pgtest.Tx(t)
		m := signofftest.Open(t, db)
		a := membershiptest.Appointment(t, db, m.Officers[0].Partner.ID, func(a *membershiptest.AppointmentMade) {
			a.Capacity, a.StartsOn = authz.Delegate, today.Add(1)
		})
		early := authz.Actor{Account: a.Account, Name: "Early", Seats: []authz.Seat{{Appointment: a.ID, Partner: a.Partner, Capacity: authz.Delegate, Office: a.Office}}}
		_, err := m.Act(t.Context(), early, signoff.Sign)
		wantFault(t, err, fault.Forbidden)
	})
	t.Run("an appointment for other papers gives no authority", func(t *testing.T) {
		t.Parallel()
		db := pgtest.Tx(t)
		m := signofftest.Open(t, db)
		a := membershiptest.Appointment(t, db, m.Officers[0].Partner.ID, func(a *membershiptest.AppointmentMade) {
			a.Capacity, a.Papers = authz.Delegate, []string{"yearly report"}
		})
		seat := authz.Seat{Appointment: a.ID, Partner: a.Partner, Capacity: authz.Delegate, Office: a.Office, Papers: a.Papers}
		other := authz.Actor{Account: a.Account, Name: "Other", Seats: []authz.Seat{seat}}
		_, err := m.Act(t.Context(), other, signoff.Sign)
		wantFault(t, err, fault.Forbidden)
		other.Seats[0].Papers = nil // as if the rule in code had been missed
		_, err = m.Act(t.Context(), other, signoff.Sign)
		wantFault(t, err, fault.Forbidden)
	})
}

func TestOnePersonNeverActsForTwoPartners(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	m := signofftest.Open(t, db)
	both := m.Officers[0].Actor
	a := membershiptest.Appointment(t, db, m.Officers[1].Partner.ID, func(a *membershiptest.AppointmentMade) {
		a.Account, a.Capacity = both.Account, authz.Delegate
	})
	both.Seats = append(both.Seats, authz.Seat{Appointment: a.ID, Partner: a.Partner, Capacity: authz.Delegate, Office: a.Office})
	_, err := m.Act(t.Context(), both, signoff.Sign)
	wantFault(t, err, fault.Invalid) // first they say for whom
	r, err := m.Service.Round(t.Context(), both, m.Round)
	if err != nil {
		t.Fatal(err)
	}
	act := func(partner id.Partner) error {
		st, err := m.Service.Issue(t.Context(), both, signoff.IssueCommand{Round: m.Round, Partner: partner, Kind: signoff.Sign, Digest: r.DigestHex()})
		if err != nil {
			return err
		}
		_, err = m.Service.Act(t.Context(), both, signoff.ActCommand{Round: m.Round, Statement: st.ID, Password: signofftest.Password})
		return err
	}
	if err := act(m.Officers[0].Partner.ID); err != nil {
		t.Fatal(err)
	}
	wantFault(t, act(m.Officers[1].Partner.ID), fault.Conflict)
}

func TestWhoHasNoSeatIsRefused(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	m := signofftest.Open(t, db)
	elsewhere := signofftest.Open(t, db)
	office := authz.Actor{Account: membershiptest.Person(t, db), Name: "Office",
		Held: []authz.Held{{Role: authz.Office, Organisation: m.Officers[0].Partner.Body.ID}}}
	for name, c := range map[string]struct {
		by   authz.Actor
		kind fault.Kind
	}{
		"business support":           {m.Support, fault.Forbidden},
		"the scrutineer":             {m.Scrutiny, fault.Forbidden},
		"the private office":         {office, fault.Forbidden},
		"an administrator":           {authz.Actor{Account: m.Support.Account, Held: []authz.Held{{Role: authz.Administrator}}}, fault.NotFound},
		"agency staff":               {authz.Actor{Account: m.Support.Account, Held: []authz.Held{{Role: authz.AgencyStaff, Organisation: 1}}}, fault.NotFound},
		"another partnership's lead": {elsewhere.Officers[0].Actor, fault.NotFound},
		"nobody":                     {authz.Actor{}, fault.NotFound},
		"the portal itself":          {authz.System("job"), fault.Forbidden},
	} {
		_, err := m.Issue(t.Context(), c.by, signoff.Sign)
		if !errors.Is(err, c.kind) {
			t.Errorf("%s: got %v, want %q", name, err, c.kind)
		}
	}
}

func TestTheTextThatWasReadIsTheTextThatIsSigned(t *testing.T) {
	t.Parallel()
	m := signofftest.Open(t, pgtest.Tx(t))
	_, err := m.Service.Issue(t.Context(), m.Officers[0].Actor, signoff.IssueCommand{Round: m.Round, Kind: signoff.Sign, Digest: "00"})
	wantFault(t, err, fault.Conflict)
}

func TestAWrongPasswordDoesNothing(t *testing.T) {
	t.Parallel()
	m := signofftest.Open(t, pgtest.Tx(t))
	st, err := m.Issue(t.Context(), m.Officers[0].Actor, signoff.Sign)
	if err != nil {
		t.Fatal(err)
	}
	_, err = m.Service.Act(t.Context(), m.Officers[0].Actor, signoff.ActCommand{Round: m.Round, Statement: st.ID, Password: "no"})
	wantFault(t, err, fault.Unauthenticated)
}

func TestAStatementIsItsOfficersAlone(t *testing.T) {
	t.Parallel()
	m := signofftest.Open(t, pgtest.Tx(t))
	st, err := m.Issue(t.Context(), m.Officers[0].Actor, signoff.Sign)
	if err != nil {
		t.Fatal(err)
	}
	_, err = m.Service.Act(t.Context(), m.Officers[1].Actor, signoff.ActCommand{Round: m.Round, Statement: st.ID, Password: signofftest.Password})
	wantFault(t, err, fault.NotFound)
	_, err = m.Service.Statement(t.Context(), m.Support, m.Round, st.ID)
	wantFault(t, err, fault.NotFound)
}

func TestAStatementLastsTenMinutes(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	m := signofftest.Open(t, db)
	m.Service = signoff.New(db, signofftest.Passwords{}, m.Letters, func() time.Time { return time.Now().Add(-11 * time.Minute) })
	st, err := m.Issue(t.Context(), m.Officers[0].Actor, signoff.Sign)
	if err != nil {
		t.Fatal(err)
	}
	_, err = m.Service.Act(t.Context(), m.Officers[0].Actor, signoff.ActCommand{Round: m.Round, Statement: st.ID, Password: signofftest.Password})
	wantFault(t, err, fault.Conflict)
}
