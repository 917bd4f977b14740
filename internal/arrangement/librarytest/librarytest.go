// Package librarytest publishes documents for tests, by the way that real ones go: a round, every partner's sign-off,
// publication.
package librarytest

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/signoff"
	"partnershipportal/internal/signoff/signofftest"
)

// Shelf is a document with a predecessor body and three safeguarding partners, of whom the first publishes names.
type Shelf struct {
	*signofftest.Made
	Predecessor membershiptest.Body
	Second      authz.Actor // confirms recorded sign-offs
	last        int
}

// New makes a document of kind arrangements without any version.
func New(t testing.TB, db pg.DB, alter ...func(kind *string)) *Shelf {
	t.Helper()
	kind := "arrangements"
	for _, f := range alter {
		f(&kind)
	}
	s := &Shelf{Made: &signofftest.Made{DB: db, Letters: &signofftest.Letters{}, Title: "Arrangements"}}
	s.Service = signoff.New(db, signofftest.Passwords{}, s.Letters, time.Now)
	s.Predecessor = membershiptest.Organisation(t, db, func(b *membershiptest.Body) { b.Kind = "predecessor board" })
	area := membershiptest.Area(t, db)
	s.Slug = "paper-" + membershiptest.Unique()
	s.Document = one[int64](t, db, `INSERT INTO document (slug, kind, title, predecessor_id) VALUES (@slug, @kind, 'Arrangements', @before) RETURNING id`,
		pgx.StrictNamedArgs{"slug": s.Slug, "kind": kind, "before": s.Predecessor.ID})
	exec(t, db, `INSERT INTO document_area (document_id, area_id) VALUES (@document, @area)`, pgx.StrictNamedArgs{"document": s.Document, "area": area})
	for _, k := range []string{"local authority", "police", "health"} {
		p := membershiptest.Partner(t, db, func(p *membershiptest.PartnerMade) {
			p.Kind, p.Areas, p.PublishesNames = k, []id.Area{area}, k == "local authority"
		})
		a := membershiptest.Appointment(t, db, p.ID)
		s.Officers = append(s.Officers, signofftest.Officer{Partner: p, Actor: authz.Actor{Account: a.Account, Name: "Officer of " + p.Body.Name,
			Seats: []authz.Seat{{Appointment: a.ID, Partner: p.ID, Organisation: p.Body.ID, Capacity: a.Capacity, Office: a.Office}}}})
	}
	support := []authz.Held{{Role: authz.BusinessSupport}}
	s.Support = authz.Actor{Account: membershiptest.Person(t, db), Name: "Support", Held: support}
	s.Second = authz.Actor{Account: membershiptest.Person(t, db), Name: "Second", Held: support}
	return s
}

// Edition is a version to be made.
type Edition struct {
	Number        int // counted up
	Title         string
	Effective     day.Date
	Label         string
	Published     day.Approx // today unless set
	Demonstration bool
	Recorded      bool
	Sections      []arrangement.Text
}

// Draft adds an unpublished version.
func (s *Shelf) Draft(t testing.TB, alter ...func(*Edition)) Edition {
	t.Helper()
	s.last++
	e := Edition{Number: s.last, Title: s.Title, Effective: day.Must("2019-09-17"), Published: day.On(day.Of(time.Now())),
		Sections: []arrangement.Text{{Heading: "First", Markdown: "One.\n\nTwo."}, {Heading: "Second", Markdown: "Three."}}}
	for _, f := range alter {
		f(&e)
	}
	s.Version = one[id.Version](t, s.DB, `
		INSERT INTO version (document_id, number, title, guidance_edition_id, effective_from, is_demonstration)
		VALUES (@document, @number, @title, (SELECT id FROM guidance_edition WHERE title = 'Working Together 2026'), @effective, @demo) RETURNING id`,
		pgx.StrictNamedArgs{"document": s.Document, "number": e.Number, "title": e.Title, "effective": e.Effective, "demo": e.Demonstration})
	content, err := arrangement.Content{Partnership: "A partnership", Document: arrangement.ContentPaper{Slug: s.Slug, Kind: "arrangements"},
		Number: e.Number, Title: e.Title, GuidanceEdition: "Working Together 2026", EffectiveFrom: e.Effective, Sections: e.Sections}.Freeze()
	if err != nil {
		t.Fatalf("freeze content for the test: %v", err)
	}
	s.Paper, s.Content = signoff.OfVersion(s.Version), content
	return e
}

// Publish adds a version, has every partner sign it, and publishes it.
func (s *Shelf) Publish(t testing.TB, alter ...func(*Edition)) arrangement.Ref {
	t.Helper()
	e := s.Draft(t, alter...)
	if e.Recorded {
		s.record(t)
	} else {
		s.OpenRound(t)
		for _, o := range s.Officers {
			s.MustAct(t, o.Actor, signoff.Sign)
		}
	}
	exec(t, s.DB, `
		UPDATE version SET publishing_round_id = @round, published_by = @by, published_on = @on, published_precision = @precision, label = @label
		WHERE id = @version`, pgx.StrictNamedArgs{"round": s.Round, "by": s.Support.Account, "on": e.Published.Date,
		"precision": string(e.Published.Precision), "label": e.Label, "version": s.Version})
	s.event(t, "version.published", "version", int64(s.Version))
	return arrangement.Ref{Slug: s.Slug, Number: e.Number}
}

// record enters sign-offs that were made elsewhere in June 2019, and confirms them.
func (s *Shelf) record(t testing.TB) {
	t.Helper()
	ctx, june := context.Background(), day.Roughly(day.Must("2019-06-15"), day.Month)
	err := pgx.BeginFunc(ctx, s.DB, func(tx pgx.Tx) error {
		var err error
		s.Round, err = s.Service.OpenRound(ctx, tx, s.Support, time.Now(),
			signoff.OpenCommand{Paper: signoff.OfVersion(s.Version), Content: s.Content, Origin: signoff.Recorded, SeatsOn: june.Date})
		if err != nil {
			return err
		}
		var acts []signoff.RecordedAct
		for _, o := range s.Officers {
			acts = append(acts, signoff.RecordedAct{Partner: o.Partner.ID, Office: "Lead officer", SignedOn: june, Source: "Minutes of the board"})
		}
		return s.Service.EnterRecorded(ctx, tx, s.Support, time.Now(), s.Round, acts)
	})
	if err == nil {
		err = s.Service.ConfirmRecorded(ctx, s.Second, s.Round)
	}
	if err != nil {
		t.Fatalf("record sign-offs for the test: %v", err)
	}
}

// Withdraw takes back a published version.
func (s *Shelf) Withdraw(t testing.TB, ref arrangement.Ref, reason string) {
	t.Helper()
	exec(t, s.DB, `
		UPDATE version SET withdrawn_by = @by, withdrawn_reason = @reason WHERE document_id = @document AND number = @number`,
		pgx.StrictNamedArgs{"by": s.Support.Account, "reason": reason, "document": s.Document, "number": ref.Number})
}

func (s *Shelf) event(t testing.TB, action, kind string, subject int64) {
	t.Helper()
	ctx := context.Background()
	err := pgx.BeginFunc(ctx, s.DB, func(tx pgx.Tx) error {
		return audit.Record(ctx, tx, audit.Event{At: time.Now(), By: s.Support, Action: action, SubjectKind: kind, SubjectID: subject, Version: s.Version})
	})
	if err != nil {
		t.Fatalf("record an event for the test: %v", err)
	}
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
