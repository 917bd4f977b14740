package signoff_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg/pgtest"
	"partnershipportal/internal/signoff"
	"partnershipportal/internal/signoff/signofftest"
)

func TestAFinancialYearIsAgreedByTheLastSignature(t *testing.T) {
	t.Parallel()
	m := signofftest.OpenYear(t, pgtest.Tx(t))
	for i, o := range m.Officers {
		st, err := m.Issue(t.Context(), o.Actor, signoff.Sign)
		if err != nil {
			t.Fatal(err)
		}
		var body struct {
			Paper struct{ Kind, Document, Title string }
		}
		if err := json.Unmarshal(st.Body, &body); err != nil || body.Paper.Kind != "funding year" || body.Paper.Document != m.Slug || body.Paper.Title != m.Title {
			t.Errorf("the statement names the paper %+v (%v)", body.Paper, err)
		}
		done, err := m.Service.Act(t.Context(), o.Actor, signoff.ActCommand{Round: m.Round, Statement: st.ID, Password: signofftest.Password})
		if err != nil {
			t.Fatal(err)
		}
		if last := i == len(m.Officers)-1; done.Round.Paper.Settled != last || (done.Round.Outcome == signoff.Complete) != last {
			t.Errorf("after %d signatures the round is %s, and the year settled: %v", i+1, done.Round.Outcome, done.Round.Paper.Settled)
		}
	}
	r, err := m.Service.Round(t.Context(), m.Officers[0].Actor, m.Round)
	want := signoff.Paper{PaperRef: signoff.OfYear(m.Year), Subject: signoff.AnnualBudget, Slug: m.Slug, Number: int(m.Year), Title: m.Title, Name: m.Title, Settled: true}
	if err != nil || r.Paper != want {
		t.Errorf("the paper is %+v, want %+v (%v)", r.Paper, want, err)
	}
	var given int
	if err := m.DB.QueryRow(t.Context(), `SELECT count(*) FROM contribution WHERE financial_year = $1`, m.Year).Scan(&given); err != nil || given != len(m.Officers) {
		t.Errorf("%d contributions are agreed, want one a line (%v)", given, err)
	}
	wantFault(t, m.Service.SetAside(t.Context(), m.Support, m.Round, "After all."), fault.Conflict)
	var states []string
	rows, _ := m.DB.Query(t.Context(), `SELECT action || ': ' || state_before || ' to ' || state_after FROM event
		WHERE subject_kind = 'round' AND subject_id = @round AND action IN ('round.opened', 'round.completed') ORDER BY id`, pgx.StrictNamedArgs{"round": m.Round})
	if states, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
		t.Fatal(err)
	}
	if !equal(states, []string{"round.opened: proposed to awaiting agreement", "round.completed: awaiting agreement to agreed"}) {
		t.Errorf("events %q", states)
	}
}

func TestAFinancialYearThatIsDeclinedIsPutAgain(t *testing.T) {
	t.Parallel()
	m := signofftest.OpenYear(t, pgtest.Tx(t))
	m.MustAct(t, m.Officers[0].Actor, signoff.Sign)
	if done := m.MustAct(t, m.Officers[1].Actor, signoff.Decline); done.Round.Outcome != signoff.Declined || done.Round.Paper.Settled {
		t.Errorf("after a decline the round is %s", done.Round.Outcome)
	}
	m.OpenRound(t)
	list, err := m.Service.RoundsOf(t.Context(), m.Support, m.Paper)
	if err != nil || len(list) != 2 || list[0].Number != 2 || list[0].Paper.Name != m.Title || list[1].Outcome != signoff.Declined {
		t.Errorf("the rounds of the year are %+v (%v)", list, err)
	}
	if other, err := m.Service.RoundsOf(t.Context(), m.Support, signoff.OfVersion(1<<40)); err != nil || len(other) != 0 {
		t.Errorf("another paper has rounds %+v (%v)", other, err)
	}
	seats, err := m.Service.SeatsOn(t.Context(), m.Paper, day.Must("2026-11-22"))
	if err != nil || len(seats) != 3 || len(seats[0].Holders) != 1 || !seats[0].Holders[0].Covers(signoff.AnnualBudget) {
		t.Errorf("the seats of the year would be %+v (%v)", seats, err)
	}
}

func TestAnAppointmentForDocumentsAloneSignsNoFinancialYear(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	m := signofftest.OpenYear(t, db)
	police := m.Officers[1].Partner
	delegate := func(papers ...string) authz.Actor {
		a := membershiptest.Appointment(t, db, police.ID, func(a *membershiptest.AppointmentMade) { a.Capacity, a.Papers = authz.Delegate, papers })
		return authz.Actor{Account: a.Account, Name: "Deputy", Seats: []authz.Seat{{Appointment: a.ID, Partner: a.Partner, Organisation: police.Body.ID,
			Capacity: authz.Delegate, Office: a.Office, Papers: papers}}}
	}
	_, err := m.Act(t.Context(), delegate("arrangements", "framework"), signoff.Sign)
	wantFault(t, err, fault.Forbidden)
	if _, err := m.Act(t.Context(), delegate("arrangements", signoff.AnnualBudget), signoff.Sign); err != nil {
		t.Errorf("an appointment that covers the annual budget: %v", err)
	}
}

// The public sees who signed a year once it is released, and the bytes that were signed.
func TestThePublicReadsASignedYearOnceItIsReleased(t *testing.T) {
	t.Parallel()
	m := signofftest.OpenYear(t, pgtest.Tx(t))
	public := signoff.NewPublic(m.DB)
	for _, o := range m.Officers {
		m.MustAct(t, o.Actor, signoff.Sign)
	}
	_, err := public.Year(t.Context(), m.Year)
	wantFault(t, err, fault.NotFound)
	if signed, err := public.SignOffs(t.Context(), m.Paper); err != nil || len(signed) != 0 {
		t.Errorf("before the release the public sees %d sign-offs (%v)", len(signed), err)
	}
	m.Release(t)
	y, err := public.Year(t.Context(), m.Year)
	if err != nil || !bytes.Equal(y.Content, m.Content) || y.Title != m.Title || y.RoundNumber != 1 {
		t.Errorf("the signed year is %+v (%v)", y, err)
	}
	if again, err := public.YearByDigest(t.Context(), y.Digest); err != nil || again.FinancialYear != m.Year {
		t.Errorf("by its digest the year is %s (%v)", again.FinancialYear, err)
	}
	signed, err := public.SignOffs(t.Context(), m.Paper)
	if err != nil || len(signed) != 3 || signed[0].StatutoryKind != "local authority" || signed[2].StatutoryKind != "health" {
		t.Fatalf("the sign-offs are %+v (%v)", signed, err)
	}
	one, of, err := public.ByStatement(t.Context(), signed[1].StatementDigest)
	if err != nil || of != m.Paper || one.Partner != signed[1].Partner {
		t.Errorf("by its statement the sign-off is of %+v for partner %d (%v)", of, one.Partner, err)
	}
	_, _, err = public.ByStatement(t.Context(), make([]byte, 32))
	wantFault(t, err, fault.NotFound)
}

// The pool has two connections. The lock of the round comes first, then that of the year: the last signatures at the same
// instant agree the year once.
func TestTheLastSignaturesOfAFinancialYearAtTheSameInstant(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t, pgtest.PoolSize(2))
	m := signofftest.OpenYear(t, db.App)
	for n := range rounds / 2 {
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
		if got := count(t, m, `SELECT count(*) FROM contribution c JOIN funding_year y USING (financial_year) WHERE y.agreed_round_id = @round`); got != len(m.Officers) {
			t.Fatalf("round %d made %d contributions, want %d", n, got, len(m.Officers))
		}
		m.NextYear(t)
		m.OpenRound(t)
	}
}

// A line that is changed while the round opens is in the round as it was read, or the round is refused.
func TestARoundOpensWhileALineChanges(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t, pgtest.PoolSize(4))
	m := signofftest.DraftYear(t, db.App)
	opened := 0
	for n := range rounds / 2 {
		errs := together(func() error { return tryOpen(t, m) }, func() error {
			_, err := m.DB.Exec(t.Context(), `UPDATE funding_line SET pence = pence + 1, payer_total_pence = payer_total_pence + 1 WHERE financial_year = $1`, m.Year)
			return err
		})
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("round %d: opening ended with %v and the change with %v, want one of them", n, errs[0], errs[1])
		}
		if errs[0] == nil {
			opened++
		}
		m.NextYear(t)
	}
	t.Logf("the round was first %d times of %d", opened, rounds/2)
}

func tryOpen(t *testing.T, m *signofftest.Made) error {
	return pgx.BeginFunc(t.Context(), m.DB, func(tx pgx.Tx) error {
		var err error
		m.Round, err = m.Service.OpenRound(t.Context(), tx, m.Support, time.Now(), signoff.OpenCommand{Paper: m.Paper, Content: m.Content, Origin: signoff.Portal})
		return err
	})
}
