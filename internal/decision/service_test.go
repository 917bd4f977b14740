package decision_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/decision"
	"partnershipportal/internal/decision/decisiontest"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg/pgtest"
)

// wants fails unless an error is a fault of a kind beside a field.
func wants(t *testing.T, err error, kind fault.Kind, field string) {
	t.Helper()
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Kind != kind || f.Field != field {
		t.Errorf("got %v, want %q beside %q", err, kind, field)
	}
}

// The seed's record goes all the way: notice, proposed, made, published, called in, confirmed, implemented.
func TestARecordsWholeWay(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	ctx := context.Background()
	body := membershiptest.Partner(t, db, func(p *membershiptest.PartnerMade) { p.Kind = "local authority" }).Body
	s, by := decision.New(db, decisiontest.Clock), decisiontest.Support(t, db)
	public := decision.NewPublic(pgtest.Public(t, db))
	today := day.Of(decisiontest.Now)
	draft := decisiontest.Draft(func(d *decision.Draft) {
		d.NumberPrinted, d.Reasons = "10/00035", "The Children and Social Work Act 2017 asks for them."
	})
	which, err := s.Create(ctx, by, decision.CreateCommand{Body: body.Slug, Stage: decision.Notice, Draft: draft})
	if err != nil {
		t.Fatal(err)
	}
	read := func() decision.Full { t.Helper(); return decisiontest.Read(t, db, which) }
	if _, err := public.Record(ctx, body.Slug, "10-00035", today); !errors.Is(err, fault.NotFound) {
		t.Fatalf("a draft is public: %v", err)
	}
	if _, err := s.Publish(ctx, by, decision.PublishCommand{ID: which, Revision: read().Revision}); err != nil {
		t.Fatal(err)
	}
	plan, err := public.ForwardPlan(ctx, today)
	if err != nil || len(plan) != 1 || plan[0].ClearDays != 48 || !plan[0].Overdue || plan[0].Body.Slug != body.Slug {
		t.Fatalf("the forward plan is %+v (%v)", plan, err)
	}
	decisiontest.Move(t, db, which, decision.Proposed, func(d *decision.Draft) { d.Later = []decision.Part{decision.PartConsultation} })
	shown, err := public.Record(ctx, body.Slug, "10-00035", today)
	if err != nil || shown.Content.Stage != decision.Notice {
		t.Fatalf("the public sees %+v (%v), want the notice still", shown.Content.Stage, err)
	}
	decisiontest.Publish(t, db, which)
	if got := codes(read().Findings); !slices.Contains(got, "number-year") {
		t.Errorf("10/00035 is found %v", got)
	}
	err = s.Move(ctx, by, decision.MoveCommand{ID: which, Revision: read().Revision, To: decision.Made})
	wants(t, err, fault.Invalid, "consultation")
	decisiontest.Move(t, db, which, decision.Made, decisiontest.Made, func(d *decision.Draft) {
		d.Later, d.NumberVerified = nil, "19/00035"
	})
	decisiontest.Publish(t, db, which)
	shown, err = public.Record(ctx, body.Slug, "10-00035", today)
	if err != nil || shown.Ref != "19-00035" || !shown.Content.Made || shown.Content.Computed.Effective.String() != "2019-05-29" {
		t.Fatalf("the made record is %s %+v (%v)", shown.Ref, shown.Content.Computed, err)
	}
	if short, err := public.Short(ctx, "19/00035", today); err != nil || short.Ref != "19-00035" || short.Body.Slug != body.Slug {
		t.Errorf("the short form leads to %+v (%v)", short, err)
	}
	err = s.CallIn(ctx, by, decision.CallInCommand{ID: which, Revision: read().Revision, CallIn: decision.CallIn{CalledOn: on("2019-05-23"), CalledBy: "Three members", Grounds: "Too quick"}})
	if err != nil {
		t.Fatal(err)
	}
	decisiontest.Publish(t, db, which)
	err = s.EndCallIn(ctx, by, decision.CallInEndCommand{ID: which, Revision: read().Revision, Outcome: decision.NoFurtherAction, OutcomeOn: on("2019-06-12"), Confirm: true})
	if err != nil {
		t.Fatal(err)
	}
	if f := read(); f.Stage != decision.Confirmed || f.Computed.Effective.String() != "2019-06-12" || len(f.Unpublished) == 0 {
		t.Errorf("after the call-in it is %s, effective %s, unpublished %v", f.Stage, f.Computed.Effective, f.Unpublished)
	}
	decisiontest.Publish(t, db, which)
	dates := read().Dates
	dates.ImplementedOn = on("2019-07-02")
	err = s.Move(ctx, by, decision.MoveCommand{ID: which, Revision: read().Revision, To: decision.Implemented, Changes: decision.Changes{Dates: &dates}})
	wants(t, err, fault.Invalid, "implemented-on") // that day is still to come
	decisiontest.Move(t, db, which, decision.Implemented, func(d *decision.Draft) { d.ImplementedOn = on("2019-07-01") })
	decisiontest.Publish(t, db, which)
	page, err := public.List(ctx, decision.Filter{Body: body.Slug, Text: "arrangements act"}, today)
	if err != nil || len(page.Lines) != 1 || page.Lines[0].Stage != decision.Implemented || page.Next != "" {
		t.Errorf("the register has %+v (%v)", page, err)
	}
	if f := read(); len(f.Publications) != 6 || len(f.Unpublished) != 0 || !f.IsPublished() {
		t.Errorf("%d publications, unpublished %v", len(f.Publications), f.Unpublished)
	}
}

// A day still to come makes no decision.
func TestADecisionMadeTomorrowIsRefused(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	which := decisiontest.Proposed(t, db, membershiptest.Partner(t, db).Body.Slug)
	f := decisiontest.Read(t, db, which)
	dates := f.Dates
	dates.MadeOn = day.On(day.Of(decisiontest.Now).Add(1))
	err := decision.New(db, decisiontest.Clock).Move(context.Background(), decisiontest.Support(t, db),
		decision.MoveCommand{ID: which, Revision: f.Revision, To: decision.Made, Changes: decision.Changes{Dates: &dates}})
	wants(t, err, fault.Invalid, "made-on")
}

func TestCorrectionsStayVisible(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	ctx := context.Background()
	body := membershiptest.Partner(t, db).Body
	s, by := decision.New(db, decisiontest.Clock), decisiontest.Support(t, db)
	public := decision.NewPublic(pgtest.Public(t, db))
	which := decisiontest.Proposed(t, db, body.Slug, func(d *decision.Draft) { d.NumberPrinted = "19/00001" })
	decisiontest.Publish(t, db, which)
	draft := decisiontest.Read(t, db, which).Draft
	correct := func(subject string, withhold bool) {
		t.Helper()
		draft.Subject = subject
		if err := s.Save(ctx, by, decision.SaveCommand{ID: which, Revision: decisiontest.Read(t, db, which).Revision, Changes: decisiontest.Whole(draft)}); err != nil {
			t.Fatal(err)
		}
		cmd := decision.PublishCommand{ID: which, Revision: decisiontest.Read(t, db, which).Revision, Withhold: withhold}
		_, err := s.Publish(ctx, by, cmd)
		wants(t, err, fault.Invalid, "reason")
		cmd.Reason = "A slip of the pen"
		if _, err := s.Publish(ctx, by, cmd); err != nil {
			t.Fatal(err)
		}
	}
	shown := func() []decision.Correction {
		t.Helper()
		r, err := public.Record(ctx, body.Slug, "19-00001", day.Of(decisiontest.Now))
		if err != nil || r.Content.Subject != draft.Subject {
			t.Fatalf("the public sees %q (%v), want %q", r.Content.Subject, err, draft.Subject)
		}
		return r.Corrections
	}
	correct("Better arrangements", false)
	list := shown()
	if len(list) != 1 || list[0].Field != "subject" || !list[0].IsCorrection || list[0].Reason != "A slip of the pen" ||
		decision.ValueWords("subject", list[0].Before) != "New arrangements" || decision.ValueWords("subject", list[0].After) != "Better arrangements" {
		t.Fatalf("the corrections are %+v", list)
	}
	correct("Arrangements for Mrs Secret", false)
	correct("Arrangements again", true)
	list = shown()
	for i, want := range []struct{ before, after string }{{"", ""}, {"", ""}, {"", "Arrangements again"}} {
		if b, a := decision.ValueWords("subject", list[i].Before), decision.ValueWords("subject", list[i].After); b != want.before || a != want.after || !list[i].Withheld {
			t.Errorf("correction %d shows %q and %q, want %q and %q", i, b, a, want.before, want.after)
		}
	}
	if own := decisiontest.Read(t, db, which).Corrections; len(own) != 3 || decision.ValueWords("subject", own[1].After) != "Arrangements for Mrs Secret" {
		t.Errorf("the desk no longer sees what was corrected: %+v", own)
	}
}

func TestWhoMayWhat(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	ctx := context.Background()
	ours, theirs := membershiptest.Partner(t, db).Body, membershiptest.Partner(t, db).Body
	s := decision.New(db, decisiontest.Clock)
	office := decisiontest.OfficeOf(t, db, ours.ID)
	lead := authz.Actor{Account: membershiptest.Person(t, db), Seats: []authz.Seat{{Appointment: 1, Partner: 1, Organisation: ours.ID}}}
	scrutineer := authz.Actor{Account: 1, Held: []authz.Held{{Role: authz.Scrutineer}}}
	admin := authz.Actor{Account: 1, Held: []authz.Held{{Role: authz.Administrator}}}
	agency := authz.Actor{Account: 1, Held: []authz.Held{{Role: authz.AgencyStaff, Organisation: ours.ID}}}
	own, other := decisiontest.Proposed(t, db, ours.Slug), decisiontest.Proposed(t, db, theirs.Slug)
	common := decisiontest.Proposed(t, db, decision.PartnershipSlug)
	for _, c := range []struct {
		name              string
		by                authz.Actor
		own, other, joint fault.Kind
		listed            int
	}{
		{"an office", office, "", fault.NotFound, fault.NotFound, 1},
		{"a lead officer", lead, "", fault.NotFound, "", 2},
		{"the scrutineer", scrutineer, "", "", "", 3},
		{"business support", decisiontest.Support(t, db), "", "", "", 3},
		{"an administrator", admin, fault.Forbidden, fault.Forbidden, fault.Forbidden, 0},
		{"agency staff", agency, fault.Forbidden, fault.Forbidden, fault.Forbidden, 0},
		{"nobody", authz.Actor{}, fault.Forbidden, fault.Forbidden, fault.Forbidden, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err1 := s.Read(ctx, c.by, own)
			_, err2 := s.Read(ctx, c.by, other)
			_, err3 := s.Read(ctx, c.by, common)
			for i, got := range []error{err1, err2, err3} {
				if want := []fault.Kind{c.own, c.other, c.joint}[i]; (want == "") != (got == nil) || want != "" && !errors.Is(got, want) {
					t.Errorf("record %d: %v, want %q", i, got, want)
				}
			}
			page, err := s.List(ctx, c.by, decision.Filter{})
			found, err2 := s.List(ctx, c.by, decision.Filter{Text: "arrangements"})
			if c.listed == 0 {
				if !errors.Is(err, fault.Forbidden) {
					t.Errorf("the list: %v, want a refusal", err)
				}
			} else if err != nil || err2 != nil || len(page.Lines) != c.listed || len(found.Lines) != c.listed {
				t.Errorf("listed %d and found %d (%v, %v), want %d", len(page.Lines), len(found.Lines), err, err2, c.listed)
			}
		})
	}
	save := func(by authz.Actor, which decision.Full) error {
		return s.Save(ctx, by, decision.SaveCommand{ID: which.ID, Revision: which.Revision, Changes: decisiontest.Whole(which.Draft)})
	}
	if err := save(office, decisiontest.Read(t, db, own)); err != nil {
		t.Errorf("an office can't write its own body's record: %v", err)
	}
	wants(t, save(scrutineer, decisiontest.Read(t, db, own)), fault.Forbidden, "")
	wants(t, save(lead, decisiontest.Read(t, db, common)), fault.Forbidden, "")
	wants(t, save(office, decisiontest.Read(t, db, other)), fault.NotFound, "")
	_, err := s.Publish(ctx, office, decision.PublishCommand{ID: own, Revision: decisiontest.Read(t, db, own).Revision})
	wants(t, err, fault.Forbidden, "")
	_, err = s.Create(ctx, office, decision.CreateCommand{Body: theirs.Slug, Stage: decision.Notice, Draft: decisiontest.Draft()})
	wants(t, err, fault.Forbidden, "")
}
