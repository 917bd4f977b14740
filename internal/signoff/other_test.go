package signoff_test

import (
	"errors"
	"slices"
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

func TestRecall(t *testing.T) {
	t.Parallel()
	m := signofftest.Open(t, pgtest.Tx(t))
	m.MustAct(t, m.Officers[0].Actor, signoff.Sign)
	wantFault(t, m.Service.Recall(t.Context(), m.Support, m.Round, "  "), fault.Invalid)
	wantFault(t, m.Service.Recall(t.Context(), m.Officers[1].Actor, m.Round, "No."), fault.Forbidden)
	wantFault(t, m.Service.Recall(t.Context(), m.Scrutiny, m.Round, "No."), fault.Forbidden)
	if err := m.Service.Recall(t.Context(), m.Support, m.Round, "A slip in section 3."); err != nil {
		t.Fatal(err)
	}
	wantFault(t, m.Service.Recall(t.Context(), m.Support, m.Round, "Again."), fault.Conflict)
	r, err := m.Service.Round(t.Context(), m.Officers[1].Actor, m.Round)
	if err != nil || r.Outcome != signoff.Recalled || r.EndReason != "A slip in section 3." || r.Signed() != 1 {
		t.Errorf("round %s because %q with %d signatures (%v)", r.Outcome, r.EndReason, r.Signed(), err)
	}
}

func TestSetAside(t *testing.T) {
	t.Parallel()
	m := signofftest.Open(t, pgtest.Tx(t))
	wantFault(t, m.Service.SetAside(t.Context(), m.Support, m.Round, "Too early."), fault.Conflict)
	for _, o := range m.Officers {
		m.MustAct(t, o.Actor, signoff.Sign)
	}
	wantFault(t, m.Service.SetAside(t.Context(), m.Support, m.Round, ""), fault.Invalid)
	wantFault(t, m.Service.SetAside(t.Context(), m.Officers[0].Actor, m.Round, "No."), fault.Forbidden)
	if err := m.Service.SetAside(t.Context(), m.Support, m.Round, "The ICB was renamed."); err != nil {
		t.Fatal(err)
	}
	wantFault(t, m.Service.SetAside(t.Context(), m.Support, m.Round, "Again."), fault.Conflict)
	m.OpenRound(t) // a new round is possible, and needed
	r, err := m.Service.Round(t.Context(), m.Support, m.Round)
	if err != nil || r.Number != 2 || r.Signed() != 0 {
		t.Errorf("round number %d with %d signatures, want a fresh second one (%v)", r.Number, r.Signed(), err)
	}
}

func TestRemarks(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	m := signofftest.Open(t, db)
	office := authz.Actor{Account: membershiptest.Person(t, db), Name: "Office",
		Held: []authz.Held{{Role: authz.Office, Organisation: m.Officers[1].Partner.Body.ID}}}
	put := func(by authz.Actor, kind, body string) error {
		return m.Service.PutRemark(t.Context(), by, signoff.RemarkCommand{Round: m.Round, Kind: kind, Body: body})
	}
	wantFault(t, put(m.Support, "question", "Why?"), fault.Forbidden)
	wantFault(t, put(m.Scrutiny, "question", "Why?"), fault.Forbidden)
	wantFault(t, put(office, "question", " "), fault.Invalid)
	wantFault(t, put(office, "order", "Do it."), fault.Invalid)
	if err := put(office, "question", "Who chairs?"); err != nil {
		t.Fatal(err)
	}
	if err := put(m.Officers[0].Actor, "requested change", "Name Medway."); err != nil {
		t.Fatal(err)
	}
	r, err := m.Service.Round(t.Context(), m.Officers[2].Actor, m.Round)
	if err != nil || len(r.Remarks) != 2 || r.Remarks[0].Partner != m.Officers[1].Partner.ID || r.Outcome != signoff.Open {
		t.Fatalf("remarks %+v, round %s (%v)", r.Remarks, r.Outcome, err)
	}
	answer := func(by authz.Actor, body string) error {
		return m.Service.AnswerRemark(t.Context(), by, m.Round, r.Remarks[0].ID, body)
	}
	wantFault(t, answer(office, "I."), fault.Forbidden)
	wantFault(t, answer(m.Support, ""), fault.Invalid)
	if err := answer(m.Support, "The three in turn."); err != nil {
		t.Fatal(err)
	}
	wantFault(t, answer(m.Support, "Or not."), fault.Conflict)
	wantFault(t, m.Service.AnswerRemark(t.Context(), m.Support, m.Round, r.Remarks[1].ID+1000, "?"), fault.NotFound)
	if err := m.Service.Recall(t.Context(), m.Support, m.Round, "Changed."); err != nil {
		t.Fatal(err)
	}
	wantFault(t, put(office, "question", "Too late?"), fault.Conflict)
}

func recorded(t testing.TB, m *signofftest.Made) error {
	t.Helper()
	june := day.Roughly(day.Must("2019-06-01"), day.Month)
	var acts []signoff.RecordedAct
	for _, o := range m.Officers {
		acts = append(acts, signoff.RecordedAct{Partner: o.Partner.ID, Office: "Lead officer", SignedOn: june, Source: "The partnership's web page"})
	}
	return pgx.BeginFunc(t.Context(), m.DB, func(tx pgx.Tx) error {
		var err error
		m.Round, err = m.Service.OpenRound(t.Context(), tx, m.Support, time.Now(), signoff.OpenCommand{Paper: signoff.OfVersion(m.Version), Content: m.Content,
			Origin: signoff.Recorded, SeatsOn: day.Must("2019-06-30")})
		if err != nil {
			return err
		}
		return m.Service.EnterRecorded(t.Context(), tx, m.Support, time.Now(), m.Round, acts)
	})
}

func TestSignOffsMadeElsewhere(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	m := signofftest.Draft(t, db)
	if err := recorded(t, m); err != nil {
		t.Fatal(err)
	}
	second := authz.Actor{Account: membershiptest.Person(t, db), Name: "Second", Held: []authz.Held{{Role: authz.BusinessSupport}}}
	wantFault(t, m.Service.ConfirmRecorded(t.Context(), m.Support, m.Round), fault.Forbidden)
	wantFault(t, m.Service.ConfirmRecorded(t.Context(), m.Scrutiny, m.Round), fault.Forbidden)
	_, err := m.Act(t.Context(), m.Officers[0].Actor, signoff.Sign)
	wantFault(t, err, fault.Conflict)
	if err := m.Service.ConfirmRecorded(t.Context(), second, m.Round); err != nil {
		t.Fatal(err)
	}
	wantFault(t, m.Service.ConfirmRecorded(t.Context(), second, m.Round), fault.Conflict)
	r, err := m.Service.Round(t.Context(), m.Support, m.Round)
	if err != nil || r.Outcome != signoff.Complete || r.Signed() != 3 {
		t.Fatalf("round %s with %d signatures (%v)", r.Outcome, r.Signed(), err)
	}
	for _, s := range r.Seats {
		if s.Act.Method != signoff.MethodRecorded || s.Act.SignedOn.Words() != "June 2019" || s.Act.Statement != "" {
			t.Errorf("recorded act %+v", s.Act)
		}
	}
}

func TestALeadOfficerOfAPartnerConfirmsOrRejectsARecord(t *testing.T) {
	t.Parallel()
	m := signofftest.Draft(t, pgtest.Tx(t))
	if err := recorded(t, m); err != nil {
		t.Fatal(err)
	}
	if err := m.Service.Recall(t.Context(), m.Officers[2].Actor, m.Round, "We signed in July."); err != nil {
		t.Fatal(err)
	}
	if err := recorded(t, m); err != nil {
		t.Fatal(err)
	}
	if err := m.Service.ConfirmRecorded(t.Context(), m.Officers[2].Actor, m.Round); err != nil {
		t.Fatal(err)
	}
}

func TestARecordNeedsEveryPartnerAndASource(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func([]signoff.RecordedAct) []signoff.RecordedAct{
		"a partner is missing": func(a []signoff.RecordedAct) []signoff.RecordedAct { return a[1:] },
		"a source is missing":  func(a []signoff.RecordedAct) []signoff.RecordedAct { a[0].Source = " "; return a },
		"a day is to come": func(a []signoff.RecordedAct) []signoff.RecordedAct {
			a[0].SignedOn = day.On(day.Of(time.Now()).Add(2))
			return a
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := signofftest.Draft(t, pgtest.Tx(t))
			acts := []signoff.RecordedAct{}
			for _, o := range m.Officers {
				acts = append(acts, signoff.RecordedAct{Partner: o.Partner.ID, Office: "Lead officer", SignedOn: day.On(day.Must("2019-06-03")), Source: "Minutes"})
			}
			err := pgx.BeginFunc(t.Context(), m.DB, func(tx pgx.Tx) error {
				round, err := m.Service.OpenRound(t.Context(), tx, m.Support, time.Now(), signoff.OpenCommand{Paper: signoff.OfVersion(m.Version), Content: m.Content,
					Origin: signoff.Recorded, SeatsOn: day.Must("2019-06-30")})
				if err != nil {
					return err
				}
				return m.Service.EnterRecorded(t.Context(), tx, m.Support, time.Now(), round, spoil(acts))
			})
			wantFault(t, err, fault.Invalid)
		})
	}
}

func TestWhoSeesARound(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	m := signofftest.Open(t, db)
	elsewhere := signofftest.Open(t, db)
	m.MustAct(t, m.Officers[0].Actor, signoff.Sign)
	former := m.Officers[0].Actor
	former.Seats = nil
	office := authz.Actor{Account: membershiptest.Person(t, db), Held: []authz.Held{{Role: authz.Office, Organisation: m.Officers[1].Partner.Body.ID}}}
	for name, c := range map[string]struct {
		by   authz.Actor
		sees bool
	}{
		"a lead officer with a seat": {m.Officers[1].Actor, true}, "their office": {office, true}, "business support": {m.Support, true},
		"the scrutineer": {m.Scrutiny, true}, "a former officer who acted": {former, true},
		"a lead officer elsewhere": {elsewhere.Officers[0].Actor, false}, "nobody": {authz.Actor{}, false},
		"an administrator": {authz.Actor{Account: m.Support.Account, Held: []authz.Held{{Role: authz.Administrator}}}, false},
	} {
		_, err := m.Service.Round(t.Context(), c.by, m.Round)
		if c.sees && err != nil || !c.sees && !errors.Is(err, fault.NotFound) {
			t.Errorf("%s: %v, want to see it: %v", name, err, c.sees)
		}
		queue, err := m.Service.Queue(t.Context(), c.by)
		if err != nil {
			t.Fatal(err)
		}
		inQueue := slices.ContainsFunc(queue, func(s signoff.Summary) bool { return s.ID == m.Round })
		if inQueue != c.sees {
			t.Errorf("%s: in the queue %v, want %v", name, inQueue, c.sees)
		}
	}
	queue, err := m.Service.Queue(t.Context(), m.Officers[1].Actor)
	if err != nil || len(queue) != 1 || queue[0].Mine != 1 || queue[0].Signed != 1 || queue[0].Seats != 3 {
		t.Errorf("queue of the officer who has yet to sign: %+v (%v)", queue, err)
	}
}

func TestARoundNeedsAPartnerOfEveryKind(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	m := signofftest.Draft(t, db)
	_, err := db.Exec(t.Context(), `UPDATE safeguarding_partner SET ends_on = '2020-01-01' WHERE id = @id`, pgx.StrictNamedArgs{"id": m.Officers[2].Partner.ID})
	if err != nil {
		t.Fatal(err)
	}
	err = pgx.BeginFunc(t.Context(), db, func(tx pgx.Tx) error {
		_, err := m.Service.OpenRound(t.Context(), tx, m.Support, time.Now(), signoff.OpenCommand{Paper: signoff.OfVersion(m.Version), Content: m.Content, Origin: signoff.Portal})
		return err
	})
	wantFault(t, err, fault.Conflict)
}

func TestAnAreaWithFourPartnersHasFourSeats(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	m := signofftest.Draft(t, db)
	membershiptest.Partner(t, db, func(p *membershiptest.PartnerMade) { p.Kind, p.Areas = "local authority", m.Officers[0].Partner.Areas })
	m.OpenRound(t)
	r, err := m.Service.Round(t.Context(), m.Support, m.Round)
	if err != nil || len(r.Seats) != 4 {
		t.Fatalf("%d seats, want four (%v)", len(r.Seats), err)
	}
	for _, o := range m.Officers {
		if done := m.MustAct(t, o.Actor, signoff.Sign); done.Round.Outcome != signoff.Open {
			t.Fatalf("the round is %s with a seat left", done.Round.Outcome)
		}
	}
}

func TestEvidenceIsForThoseWhoSeeTheRound(t *testing.T) {
	t.Parallel()
	m := signofftest.Open(t, pgtest.Tx(t))
	_, err := m.Service.EvidenceFile(t.Context(), m.Support, m.Round, 0)
	wantFault(t, err, fault.NotFound)
	_, err = m.Service.EvidenceFile(t.Context(), authz.Actor{}, id.Round(1), 1)
	wantFault(t, err, fault.NotFound)
}
