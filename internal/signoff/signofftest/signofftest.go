// Package signofftest puts texts to safeguarding partners for tests.
package signofftest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/signoff"
)

// Password is the one that proves every officer here.
const Password = "the officer's own password"

// Passwords takes Password for everybody's.
type Passwords struct{}

// VerifyPassword refuses anything but Password.
func (Passwords) VerifyPassword(_ context.Context, _ authz.Actor, password string) error {
	if password != Password {
		return fault.New(fault.Unauthenticated, "The password is wrong.")
	}
	return nil
}

// Letters notes of what people would have been told.
type Letters struct {
	mu    sync.Mutex
	Notes []string
}

func (l *Letters) note(format string, args ...any) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.Notes = append(l.Notes, fmt.Sprintf(format, args...))
	return nil
}

// RoundOpened notes it.
func (l *Letters) RoundOpened(_ context.Context, _ pgx.Tx, r id.Round) error {
	return l.note("round %d opened", r)
}

// ActDone notes it.
func (l *Letters) ActDone(_ context.Context, _ pgx.Tx, a id.Act) error {
	return l.note("act %d done", a)
}

// RoundEnded notes it.
func (l *Letters) RoundEnded(_ context.Context, _ pgx.Tx, r id.Round) error {
	return l.note("round %d ended", r)
}

// RoundSetAside notes it.
func (l *Letters) RoundSetAside(_ context.Context, _ pgx.Tx, r id.Round) error {
	return l.note("round %d set aside", r)
}

// RecordedEntered notes it.
func (l *Letters) RecordedEntered(_ context.Context, _ pgx.Tx, r id.Round) error {
	return l.note("recorded round %d entered", r)
}

// RemarkPut notes it.
func (l *Letters) RemarkPut(_ context.Context, _ pgx.Tx, m int64) error {
	return l.note("remark %d put", m)
}

// ScrutinyFiled notes it.
func (l *Letters) ScrutinyFiled(_ context.Context, _ pgx.Tx, s int64) error {
	return l.note("scrutiny %d filed", s)
}

// RemarkAnswered notes it.
func (l *Letters) RemarkAnswered(_ context.Context, _ pgx.Tx, m int64) error {
	return l.note("remark %d answered", m)
}

// Officer is a lead officer with their actor.
type Officer struct {
	Actor   authz.Actor
	Partner membershiptest.PartnerMade
}

// Made is a paper put to three safeguarding partners, and everybody around it: a version, or a financial year.
type Made struct {
	DB       pg.DB
	Service  *signoff.Service
	Letters  *Letters
	Paper    signoff.PaperRef
	Year     day.FinancialYear
	Slug     string
	Document int64
	Version  id.Version
	Title    string
	Content  []byte
	Round    id.Round
	Officers []Officer // one a partner: local authority, police, health
	Support  authz.Actor
	Scrutiny authz.Actor
}

// Draft makes a version with an effective day, three partners with their lead officers, and no round.
func Draft(t testing.TB, db pg.DB) *Made {
	t.Helper()
	m := &Made{DB: db, Title: "Arrangements"}
	partners := m.people(t)
	m.Slug = "paper-" + membershiptest.Unique()
	m.Document = one[int64](t, db, `INSERT INTO document (slug, kind, title) VALUES (@slug, 'arrangements', 'Arrangements') RETURNING id`, pgx.StrictNamedArgs{"slug": m.Slug})
	exec(t, db, `INSERT INTO document_area (document_id, area_id) VALUES (@document, @area)`, pgx.StrictNamedArgs{"document": m.Document, "area": partners[0].Areas[0]})
	m.NextVersion(t, 1, "2031-01-01")
	return m
}

// people makes the partners with their lead officers, and who else there is.
func (m *Made) people(t testing.TB) []membershiptest.PartnerMade {
	t.Helper()
	db := m.DB
	m.Letters = &Letters{}
	m.Service = signoff.New(db, Passwords{}, m.Letters, time.Now)
	partners := membershiptest.ThreePartners(t, db)
	for _, p := range partners {
		a := membershiptest.Appointment(t, db, p.ID)
		m.Officers = append(m.Officers, Officer{Partner: p, Actor: authz.Actor{Account: a.Account, Name: "Officer of " + p.Body.Name,
			Seats: []authz.Seat{{Appointment: a.ID, Partner: p.ID, Organisation: p.Body.ID, Capacity: a.Capacity, Office: a.Office}}}})
	}
	m.Support = authz.Actor{Account: membershiptest.Person(t, db), Name: "Support", Held: []authz.Held{{Role: authz.BusinessSupport}}}
	m.Scrutiny = authz.Actor{Account: membershiptest.Person(t, db), Name: "Scrutineer", Held: []authz.Held{{Role: authz.Scrutineer}}}
	return partners
}

// NextVersion adds a draft version of the document, with content to freeze.
func (m *Made) NextVersion(t testing.TB, number int, effective string) {
	t.Helper()
	m.Version = one[id.Version](t, m.DB, `
		INSERT INTO version (document_id, number, title, guidance_edition_id, effective_from)
		VALUES (@document, @number, @title, (SELECT id FROM guidance_edition WHERE title = 'Working Together 2026'), @effective) RETURNING id`,
		pgx.StrictNamedArgs{"document": m.Document, "number": number, "title": m.Title, "effective": effective})
	m.Paper = signoff.OfVersion(m.Version)
	m.Content = fmt.Appendf(nil, `{"number": %d, "title": %q, "effectiveFrom": %q}`, number, m.Title, effective)
}

// Open makes a draft and opens a round on it.
func Open(t testing.TB, db pg.DB) *Made {
	t.Helper()
	m := Draft(t, db)
	m.OpenRound(t)
	return m
}

// OpenRound opens a round on the version.
func (m *Made) OpenRound(t testing.TB) {
	t.Helper()
	err := pgx.BeginFunc(context.Background(), m.DB, func(tx pgx.Tx) error {
		var err error
		m.Round, err = m.Service.OpenRound(context.Background(), tx, m.Support, time.Now(),
			signoff.OpenCommand{Paper: m.Paper, Content: m.Content, Origin: signoff.Portal})
		return err
	})
	if err != nil {
		t.Fatalf("open a round for the test: %v", err)
	}
}

// Issue issues a statement to an officer for the text of the round.
func (m *Made) Issue(ctx context.Context, by authz.Actor, kind signoff.Kind) (signoff.Statement, error) {
	r, err := m.Service.Round(ctx, m.Support, m.Round)
	if err != nil {
		return signoff.Statement{}, err
	}
	reason := ""
	if kind == signoff.Decline {
		reason = "Section 4 says nothing of Medway."
	}
	return m.Service.Issue(ctx, by, signoff.IssueCommand{Round: m.Round, Kind: kind, Reason: reason, Digest: r.DigestHex()})
}

// Act issues a statement to an officer and acts on it.
func (m *Made) Act(ctx context.Context, by authz.Actor, kind signoff.Kind) (signoff.Done, error) {
	st, err := m.Issue(ctx, by, kind)
	if err != nil {
		return signoff.Done{}, err
	}
	return m.Service.Act(ctx, by, signoff.ActCommand{Round: m.Round, Statement: st.ID, Password: Password})
}

// MustAct is Act for the course of a test.
func (m *Made) MustAct(t testing.TB, by authz.Actor, kind signoff.Kind) signoff.Done {
	t.Helper()
	done, err := m.Act(t.Context(), by, kind)
	if err != nil {
		t.Fatalf("%s for the test: %v", kind, err)
	}
	return done
}

func one[T any](t testing.TB, db pg.DB, sql string, args pgx.StrictNamedArgs) T {
	t.Helper()
	var v T
	if err := db.QueryRow(context.Background(), sql, args).Scan(&v); err != nil {
		t.Fatalf("make a row for the test: %v", err)
	}
	return v
}

func exec(t testing.TB, db pg.DB, sql string, args pgx.StrictNamedArgs) {
	t.Helper()
	if _, err := db.Exec(context.Background(), sql, args); err != nil {
		t.Fatalf("make a row for the test: %v", err)
	}
}
