package signoff_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg/pgtest"
	"partnershipportal/internal/signoff"
	"partnershipportal/internal/signoff/signofftest"
)

// rounds is how often each race is run.
const rounds = 50

// together runs the functions at the same instant and returns their errors in order.
func together(fs ...func() error) []error {
	start := make(chan struct{})
	errs := make([]error, len(fs))
	var done sync.WaitGroup
	for i, f := range fs {
		done.Add(1)
		go func() {
			defer done.Done()
			<-start
			errs[i] = f()
		}()
	}
	close(start)
	done.Wait()
	return errs
}

func count(t *testing.T, m *signofftest.Made, sql string) int {
	t.Helper()
	var n int
	if err := m.DB.QueryRow(context.Background(), sql, pgx.StrictNamedArgs{"round": m.Round}).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// nextRound frees the document's draft and puts a new version to the partners.
func nextRound(t *testing.T, m *signofftest.Made, n int) {
	t.Helper()
	_, err := m.DB.Exec(context.Background(), `UPDATE version SET discarded_by = @by WHERE id = @version`,
		pgx.StrictNamedArgs{"by": m.Support.Account, "version": m.Version})
	if err != nil {
		if err := m.Service.SetAside(context.Background(), m.Support, m.Round, "The next race."); err != nil {
			t.Fatal(err)
		}
		nextRound(t, m, n)
		return
	}
	m.NextVersion(t, n, "2031-01-01")
	m.OpenRound(t)
}

// The pool has two connections: a use case that took a second one inside its transaction would hang here.
func TestAllSeatsAtTheSameInstant(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t, pgtest.PoolSize(2))
	m := signofftest.Draft(t, db.App)
	m.OpenRound(t)
	for n := range rounds {
		var presses []func() error
		for _, o := range m.Officers {
			st, err := m.Issue(t.Context(), o.Actor, signoff.Sign)
			if err != nil {
				t.Fatal(err)
			}
			presses = append(presses, func() error {
				_, err := m.Service.Act(t.Context(), o.Actor, signoff.ActCommand{Round: m.Round, Statement: st.ID, Password: signofftest.Password})
				return err
			})
		}
		for i, err := range together(presses...) {
			if err != nil {
				t.Errorf("round %d: officer %d: %v", n, i, err)
			}
		}
		r, err := m.Service.Round(t.Context(), m.Support, m.Round)
		if err != nil {
			t.Fatal(err)
		}
		if r.Outcome != signoff.Complete || r.Signed() != len(m.Officers) {
			t.Fatalf("round %d is %s with %d signatures, want complete with %d", n, r.Outcome, r.Signed(), len(m.Officers))
		}
		if got := count(t, m, `SELECT count(*) FROM event WHERE subject_kind = 'round' AND subject_id = @round AND action = 'round.completed'`); got != 1 {
			t.Fatalf("round %d was completed %d times", n, got)
		}
		nextRound(t, m, n+2)
	}
}

func TestEightSignersOfOneBody(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t, pgtest.PoolSize(4))
	m := signofftest.Draft(t, db.App)
	m.OpenRound(t)
	police := m.Officers[1]
	signers := []authz.Actor{police.Actor}
	for range 7 {
		a := membershiptest.Appointment(t, db.App, police.Partner.ID, func(a *membershiptest.AppointmentMade) { a.Capacity = authz.Delegate })
		signers = append(signers, authz.Actor{Account: a.Account, Name: "Deputy", Seats: []authz.Seat{{Appointment: a.ID, Partner: a.Partner,
			Organisation: police.Partner.Body.ID, Capacity: authz.Delegate, Office: a.Office}}})
	}
	for n := range rounds {
		var presses []func() error
		for _, by := range signers {
			st, err := m.Issue(t.Context(), by, signoff.Sign)
			if err != nil {
				t.Fatal(err)
			}
			presses = append(presses, func() error {
				_, err := m.Service.Act(t.Context(), by, signoff.ActCommand{Round: m.Round, Statement: st.ID, Password: signofftest.Password})
				return err
			})
		}
		won := 0
		for i, err := range together(presses...) {
			switch {
			case err == nil:
				won++
			case !errors.Is(err, fault.Conflict):
				t.Errorf("round %d: signer %d: %v, want a conflict", n, i, err)
			}
		}
		if got := count(t, m, `SELECT count(*) FROM act WHERE round_id = @round`); won != 1 || got != 1 {
			t.Fatalf("round %d: %d signers were told yes and %d acts stand, want one of each", n, won, got)
		}
		if err := m.Service.Recall(t.Context(), m.Support, m.Round, "The next race."); err != nil {
			t.Fatal(err)
		}
		nextRound(t, m, n+2)
	}
}

// One officer presses the same button eight times: one act, and every answer is the receipt.
func TestEightPressesOfOneOfficer(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t, pgtest.PoolSize(4))
	m := signofftest.Draft(t, db.App)
	m.OpenRound(t)
	by := m.Officers[0].Actor
	for n := range rounds {
		st, err := m.Issue(t.Context(), by, signoff.Sign)
		if err != nil {
			t.Fatal(err)
		}
		var presses []func() error
		for range 8 {
			presses = append(presses, func() error {
				_, err := m.Service.Act(t.Context(), by, signoff.ActCommand{Round: m.Round, Statement: st.ID, Password: signofftest.Password})
				return err
			})
		}
		for i, err := range together(presses...) {
			if err != nil {
				t.Errorf("round %d: press %d: %v, want the receipt", n, i, err)
			}
		}
		if got := count(t, m, `SELECT count(*) FROM act WHERE round_id = @round`); got != 1 {
			t.Fatalf("round %d: %d acts, want one", n, got)
		}
		if err := m.Service.Recall(t.Context(), m.Support, m.Round, "The next race."); err != nil {
			t.Fatal(err)
		}
		nextRound(t, m, n+2)
	}
}

// A recall or a decline races with the last signature. Whoever wins, the outcome agrees with the acts, and no act names
// other bytes than its statement.
func TestEndingRacesWithTheLastSignature(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t, pgtest.PoolSize(3))
	m := signofftest.Draft(t, db.App)
	m.OpenRound(t)
	outcomes := map[signoff.Outcome]int{}
	// More rounds where chance never let the one or the other win.
	for n := 0; n < 2*rounds || n < 20*rounds && (outcomes[signoff.Recalled] == 0 || outcomes[signoff.Declined] == 0); n++ {
		m.MustAct(t, m.Officers[0].Actor, signoff.Sign)
		press := func(o signofftest.Officer, kind signoff.Kind) func() error {
			st, err := m.Issue(t.Context(), o.Actor, kind)
			if err != nil {
				t.Fatal(err)
			}
			return func() error {
				_, err := m.Service.Act(t.Context(), o.Actor, signoff.ActCommand{Round: m.Round, Statement: st.ID, Password: signofftest.Password})
				return err
			}
		}
		races := []func() error{press(m.Officers[1], signoff.Sign), press(m.Officers[2], signoff.Sign)}
		if n%2 == 0 {
			races = append(races, func() error { return m.Service.Recall(t.Context(), m.Support, m.Round, "A slip in section 3.") })
		} else {
			races[1] = press(m.Officers[2], signoff.Decline)
		}
		for i, err := range together(races...) {
			if err != nil && !errors.Is(err, fault.Conflict) {
				t.Errorf("round %d: caller %d: %v, want a conflict", n, i, err)
			}
		}
		r, err := m.Service.Round(t.Context(), m.Support, m.Round)
		if err != nil {
			t.Fatal(err)
		}
		outcomes[r.Outcome]++
		if computed := r.OutcomeNow(); r.Outcome != signoff.Recalled && computed != r.Outcome {
			t.Fatalf("round %d is %s, its acts make it %s", n, r.Outcome, computed)
		}
		if r.Outcome == signoff.Recalled && r.OutcomeNow() != signoff.Open {
			t.Fatalf("round %d was recalled although its acts had made it %s", n, r.OutcomeNow())
		}
		wrong := count(t, m, `
			SELECT count(*) FROM act a JOIN round r ON r.id = a.round_id JOIN statement s ON s.id = a.statement_id
			WHERE r.id = @round AND (a.digest <> sha256(r.content) OR position('sha256:' || encode(r.digest, 'hex') IN convert_from(s.body, 'UTF8')) = 0)`)
		if wrong != 0 {
			t.Fatalf("round %d: %d acts stand on other bytes than their statement names", n, wrong)
		}
		nextRound(t, m, n+2)
	}
	if outcomes[signoff.Recalled] == 0 || outcomes[signoff.Declined] == 0 {
		t.Errorf("outcomes %v: recall and decline must each have won at least once for the race to mean something", outcomes)
	}
	t.Logf("outcomes: %v", outcomes)
}

// An appointment is withdrawn while its officer signs: an act stands only if it came first.
func TestWithdrawalRacesWithSigning(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t, pgtest.PoolSize(3))
	m := signofftest.Draft(t, db.App)
	m.OpenRound(t)
	for n := range rounds {
		police := m.Officers[1]
		a := membershiptest.Appointment(t, db.App, police.Partner.ID, func(a *membershiptest.AppointmentMade) { a.Capacity = authz.Delegate })
		by := authz.Actor{Account: a.Account, Name: "Deputy", Seats: []authz.Seat{{Appointment: a.ID, Partner: a.Partner, Capacity: authz.Delegate, Office: a.Office}}}
		st, err := m.Issue(t.Context(), by, signoff.Sign)
		if err != nil {
			t.Fatal(err)
		}
		errs := together(func() error {
			_, err := m.Service.Act(t.Context(), by, signoff.ActCommand{Round: m.Round, Statement: st.ID, Password: signofftest.Password})
			return err
		}, func() error {
			_, err := db.App.Exec(t.Context(), `UPDATE appointment SET withdrawn_by = @by WHERE id = @appointment`,
				pgx.StrictNamedArgs{"by": m.Support.Account, "appointment": a.ID})
			return err
		})
		if errs[1] != nil {
			t.Fatal(errs[1])
		}
		if errs[0] != nil && !errors.Is(errs[0], fault.Forbidden) {
			t.Errorf("round %d: %v, want the act or a refusal", n, errs[0])
		}
		outside := count(t, m, `SELECT count(*) FROM act c JOIN appointment a ON a.id = c.appointment_id WHERE c.round_id = @round AND c.at > a.withdrawn_at`)
		if outside != 0 {
			t.Fatalf("round %d: an act was done after its appointment was withdrawn", n)
		}
		if err := m.Service.Recall(t.Context(), m.Support, m.Round, "The next race."); err != nil {
			t.Fatal(err)
		}
		nextRound(t, m, n+2)
	}
}
