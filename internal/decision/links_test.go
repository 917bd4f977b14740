package decision_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/decision"
	"partnershipportal/internal/decision/decisiontest"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg/pgtest"
)

func TestADecisionAuthorisesAVersion(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	ctx := context.Background()
	s, by := decision.New(db, decisiontest.Clock), decisiontest.Support(t, db)
	public, today := decision.NewPublic(pgtest.Public(t, db)), day.Of(decisiontest.Now)
	published, draft := arrangementtest.Published(t, db), arrangementtest.OutForSignOff(t, db)
	which := decisiontest.Proposed(t, db, decision.PartnershipSlug, func(d *decision.Draft) { d.NumberPrinted = "19/00035" })
	link := func(c decision.AuthoriseCommand) error {
		c.ID, c.Revision = which, decisiontest.Read(t, db, which).Revision
		return s.Authorise(ctx, by, c)
	}
	wants(t, link(decision.AuthoriseCommand{Version: published.Version}), fault.Conflict, "")
	decisiontest.Move(t, db, which, decision.Made, decisiontest.Made)
	for _, c := range []decision.AuthoriseCommand{{Version: published.Version, Round: published.Round}, {Version: draft.Version}} {
		if err := link(c); err != nil {
			t.Fatal(err)
		}
	}
	wants(t, link(decision.AuthoriseCommand{Version: draft.Version}), fault.Conflict, "")
	wants(t, link(decision.AuthoriseCommand{Version: draft.Version, Round: published.Round}), fault.Invalid, "")
	wants(t, link(decision.AuthoriseCommand{Version: -1}), fault.NotFound, "")
	decisiontest.Publish(t, db, which)
	r, err := public.Record(ctx, decision.PartnershipSlug, "19-00035", today)
	if err != nil || len(r.Authorises) != 1 || r.Authorises[0].Version != published.Version || r.Authorises[0].RoundNumber != 1 {
		t.Fatalf("the public sees that it authorises %+v (%v), want the published version alone", r.Authorises, err)
	}
	if lines, err := public.AuthorisedBy(ctx, published.Version, today); err != nil || len(lines) != 1 || lines[0].Ref != "19-00035" {
		t.Errorf("the version is authorised by %+v (%v)", lines, err)
	}
	links := decisiontest.Read(t, db, which).Authorises
	if err := s.Unlink(ctx, by, decision.RemoveCommand{ID: which, Revision: decisiontest.Read(t, db, which).Revision, Which: links[0].ID, Reason: "Another version"}); err != nil {
		t.Fatal(err)
	}
	if r, err = public.Record(ctx, decision.PartnershipSlug, "19-00035", today); err != nil || len(r.Authorises) != 0 {
		t.Errorf("a link taken off is still public: %+v (%v)", r.Authorises, err)
	}
}

func TestTheCalendarOfDeadlines(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	ctx := context.Background()
	s, by := decision.New(db, decisiontest.Clock), decisiontest.Support(t, db)
	body := membershiptest.Partner(t, db).Body
	decisiontest.Proposed(t, db, body.Slug)
	made := decisiontest.Proposed(t, db, decision.PartnershipSlug)
	decisiontest.Move(t, db, made, decision.Made, decisiontest.Made)
	read := func(by authz.Actor, from, until string) (kinds []string) {
		t.Helper()
		list, err := s.Calendar(ctx, by, day.Must(from), day.Must(until))
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range list {
			if d.Kind.Words() == "" || d.Subject == "" || d.Body.Slug == "" {
				t.Errorf("a deadline says %+v", d)
			}
			kinds = append(kinds, d.On.Words()+": "+string(d.Kind))
		}
		return kinds
	}
	want := []string{"30 April 2019: earliest decision day", "20 May 2019: decision due", "29 May 2019: takes effect"}
	if got := read(by, "2019-04-01", "2019-06-30"); !slices.Equal(got, want) {
		t.Errorf("the calendar has %q, want %q", got, want)
	}
	if got := read(decisiontest.OfficeOf(t, db, body.ID), "2019-04-01", "2019-06-30"); !slices.Equal(got, want[:2]) {
		t.Errorf("an office has %q, want its own body's days", got)
	}
	if got := read(by, "2023-05-20", "2025-05-20"); !slices.Equal(got, []string{"20 May 2023: background papers open until", "20 May 2025: record open until"}) {
		t.Errorf("years later the calendar has %q", got)
	}
	_, err := s.Calendar(ctx, authz.Actor{Account: 1}, day.Must("2019-01-01"), day.Must("2019-12-31"))
	wants(t, err, fault.Forbidden, "")
}

func TestImportTakesHistoryAsItIs(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	ctx := context.Background()
	s, by := decision.New(db, decisiontest.Clock), decisiontest.Support(t, db)
	history := func(alter ...func(*decision.Draft)) decision.ImportCommand {
		return decision.ImportCommand{CreateCommand: decision.CreateCommand{Body: decision.PartnershipSlug, Stage: decision.Implemented, Draft: decisiontest.Draft(alter...)},
			CallIns: []decision.CallIn{{CalledOn: on("2012-01-09"), CalledBy: "Members", Grounds: "Haste", Outcome: decision.NoFurtherAction, OutcomeOn: on("2012-01-20")}},
			Remarks: []decision.Remark{{Label: "Urgency item?", Body: "No"}}}
	}
	odd := history(func(d *decision.Draft) {
		d.NumberPrinted, d.Reasons, d.Interests, d.SourceStatus = "12/00001", "", "", "Recommendations Approved"
		d.NoticeOn, d.MadeOn, d.PublishedOn, d.EffectiveOn = on("2012-03-01"), on("2012-01-05"), on("2012-01-10"), on("2011-12-30")
	})
	made, err := s.Import(ctx, by, []decision.ImportCommand{odd, history(func(d *decision.Draft) { d.NumberPrinted = "12/00002" })})
	if err != nil || len(made) != 2 {
		t.Fatal(err)
	}
	found := codes(made[0].Findings)
	if !slices.Contains(found, "order") || slices.ContainsFunc(made[0].Findings, func(f decision.Finding) bool { return f.Blocks }) {
		t.Errorf("flagged with %v", found)
	}
	f := decisiontest.Read(t, db, made[0].ID)
	if f.Stage != decision.Implemented || !f.WasMade || len(f.CallIns) != 1 || len(f.Remarks) != 1 || f.Origin != decision.Imported {
		t.Errorf("it became %+v", f)
	}
	decisiontest.Publish(t, db, made[0].ID)
	_, err = s.Import(ctx, by, []decision.ImportCommand{history(func(d *decision.Draft) { d.NumberPrinted = "12/00003" }), odd})
	wants(t, err, fault.Invalid, "2.number-printed")
	if _, err := s.Find(ctx, by, decision.PartnershipSlug, "12-00003"); !errors.Is(err, fault.NotFound) {
		t.Errorf("half an import stays: %v", err)
	}
	_, err = s.Create(ctx, by, decision.CreateCommand{Body: decision.PartnershipSlug, Stage: decision.Made, Draft: decisiontest.Draft()})
	wants(t, err, fault.Invalid, "stage")
	err = s.Retract(ctx, by, made[0].ID, decisiontest.Read(t, db, made[0].ID).Revision, "Twice")
	wants(t, err, fault.Conflict, "")
	if err := s.Retract(ctx, by, made[1].ID, decisiontest.Read(t, db, made[1].ID).Revision, "Twice"); err != nil {
		t.Fatal(err)
	}
	if page, err := s.List(ctx, by, decision.Filter{}); err != nil || len(page.Lines) != 1 {
		t.Errorf("the register has %+v (%v), want the one that counts", page.Lines, err)
	}
	if _, err := s.Import(ctx, by, []decision.ImportCommand{history(func(d *decision.Draft) { d.NumberPrinted = "12/00002" })}); err != nil {
		t.Errorf("what was retracted keeps its number: %v", err)
	}
}
