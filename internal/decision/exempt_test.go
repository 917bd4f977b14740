package decision_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/decision"
	"partnershipportal/internal/decision/decisiontest"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/file"
	"partnershipportal/internal/file/filetest"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg/pgtest"
)

const secret = "Zanzibarmarker the price is 12 pounds"

// restricted enters a part exempt record with an exempt passage of its reasons.
func restricted(t *testing.T, s *decision.Service, by authz.Actor, read func() decision.Full) {
	t.Helper()
	ctx := context.Background()
	err := s.SaveExempt(ctx, by, decision.ExemptCommand{ID: read().ID, Revision: read().Revision, Part: decision.PartReasons, Body: secret})
	wants(t, err, fault.Invalid, "restriction")
	f := read()
	f.Openness = decision.Openness{Restriction: decision.PartExempt, Category: 3, PublicInterest: "Prices of a provider"}
	if err := s.Save(ctx, by, decision.SaveCommand{ID: f.ID, Revision: f.Revision, Changes: decision.Changes{Openness: &f.Openness}}); err != nil {
		t.Fatal(err)
	}
	if err := s.SaveExempt(ctx, by, decision.ExemptCommand{ID: f.ID, Revision: read().Revision, Part: decision.PartReasons, Body: secret}); err != nil {
		t.Fatal(err)
	}
}

func TestExemptTextReachesNobodyWithoutTheRight(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	ctx := context.Background()
	body := membershiptest.Partner(t, db).Body
	s, by := decision.New(db, decisiontest.Clock), decisiontest.Support(t, db)
	which := decisiontest.Proposed(t, db, body.Slug, func(d *decision.Draft) { d.NumberPrinted = "19/00002" })
	read := func() decision.Full { return decisiontest.Read(t, db, which) }
	restricted(t, s, by, read)
	if got, err := s.ReadExempt(ctx, by, which); err != nil || len(got) != 1 || got[0].Body != secret {
		t.Fatalf("business support reads %v (%v)", got, err)
	}
	_, err := s.ReadExempt(ctx, decisiontest.OfficeOf(t, db, membershiptest.Organisation(t, db).ID), which)
	wants(t, err, fault.NotFound, "")
	_, err = s.ReadExempt(ctx, authz.Actor{Account: by.Account, Held: []authz.Held{{Role: authz.Administrator}}}, which)
	wants(t, err, fault.NotFound, "")
	decisiontest.Publish(t, db, which)
	public := decision.NewPublic(pgtest.Public(t, db))
	today := day.Of(decisiontest.Now)
	shown, err := public.Record(ctx, body.Slug, "19-00002", today)
	if err != nil || len(shown.Content.ExemptParts) != 1 {
		t.Fatalf("the public is not told that there is an exempt passage: %+v (%v)", shown.Content.ExemptParts, err)
	}
	desk, plan := read(), []decision.Coming(nil)
	if plan, err = public.ForwardPlan(ctx, today); err != nil {
		t.Fatal(err)
	}
	for _, seen := range []any{shown, desk, plan} {
		if b, err := json.Marshal(seen); err != nil || bytes.Contains(b, []byte("Zanzibar")) {
			t.Errorf("exempt text is in %s (%v)", b, err)
		}
	}
	for name, list := range map[string]func() (decision.Page, error){
		"the public": func() (decision.Page, error) { return public.List(ctx, decision.Filter{Text: "zanzibarmarker"}, today) },
		"the desk":   func() (decision.Page, error) { return s.List(ctx, by, decision.Filter{Text: "zanzibarmarker"}) },
	} {
		if page, err := list(); err != nil || len(page.Lines) != 0 {
			t.Errorf("%s finds exempt text: %+v (%v)", name, page, err)
		}
	}
	var events string
	if err := db.QueryRow(ctx, `SELECT string_agg(to_jsonb(e)::text, ' ') FROM event e WHERE subject_kind = 'decision'`).Scan(&events); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(events, "Zanzibar") || !strings.Contains(events, "decision.exempt-text-read") {
		t.Errorf("the events are %s", events)
	}
}

func TestOpenTextNeverRepeatsAnExemptPassage(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	ctx := context.Background()
	s, by := decision.New(db, decisiontest.Clock), decisiontest.Support(t, db)
	which := decisiontest.Proposed(t, db, membershiptest.Partner(t, db).Body.Slug)
	read := func() decision.Full { return decisiontest.Read(t, db, which) }
	restricted(t, s, by, read)
	f := read()
	f.Text.Limbs[0].Text = "Agree since " + secret + "."
	if err := s.Save(ctx, by, decision.SaveCommand{ID: which, Revision: f.Revision, Changes: decision.Changes{Text: &f.Text}}); err != nil {
		t.Fatal(err)
	}
	_, err := s.Publish(ctx, by, decision.PublishCommand{ID: which, Revision: read().Revision})
	wants(t, err, fault.Invalid, "")
	f = read()
	f.Openness = decision.Openness{Restriction: decision.Open}
	err = s.Save(ctx, by, decision.SaveCommand{ID: which, Revision: f.Revision, Changes: decision.Changes{Openness: &f.Openness}})
	wants(t, err, fault.Invalid, "restriction")
	err = s.SaveExempt(ctx, by, decision.ExemptCommand{ID: which, Revision: f.Revision, Part: decision.PartReasons})
	wants(t, err, fault.Invalid, "reason")
	if err := s.SaveExempt(ctx, by, decision.ExemptCommand{ID: which, Revision: f.Revision, Part: decision.PartReasons, Reason: "Published since"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Publish(ctx, by, decision.PublishCommand{ID: which, Revision: read().Revision}); err != nil {
		t.Errorf("what is exempt no longer can't be published: %v", err)
	}
}

func TestFilesOfRecords(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	ctx := context.Background()
	body := membershiptest.Partner(t, db).Body
	s, by := decision.New(db, decisiontest.Clock), decisiontest.Support(t, db)
	publicDB := pgtest.Public(t, db)
	public := decision.NewPublic(publicDB)
	which := decisiontest.Proposed(t, db, body.Slug, func(d *decision.Draft) { d.NumberPrinted = "19/00003" })
	read := func() decision.Full { return decisiontest.Read(t, db, which) }
	attach := func(title string, exempt bool) error {
		return s.Attach(ctx, by, decision.AttachCommand{ID: which, Revision: read().Revision, Kind: decision.FileReport, IsExempt: exempt,
			File: file.AddCommand{Title: title, Content: filetest.Checked(t, "report.pdf", filetest.PDF())}})
	}
	wants(t, attach("Exempt report", true), fault.Invalid, "exempt")
	restricted(t, s, by, read)
	if err := errors.Join(attach("Open report", false), attach("Exempt report", true)); err != nil {
		t.Fatal(err)
	}
	decisiontest.Publish(t, db, which)
	if err := attach("Later report", false); err != nil {
		t.Fatal(err)
	}
	r, err := public.Record(ctx, body.Slug, "19-00003", day.Of(decisiontest.Now))
	if err != nil || len(r.Files) != 1 || r.Files[0].Title != "Open report" {
		t.Fatalf("the public sees %+v (%v), want the open report alone", r.Files, err)
	}
	files := read().Files
	if len(files) != 3 {
		t.Fatalf("the desk sees %+v", files)
	}
	for i, want := range []error{nil, fault.NotFound, fault.NotFound} {
		if _, err := file.OpenPublished(ctx, publicDB, files[i].File); !errors.Is(err, want) {
			t.Errorf("the public opens %s: %v, want %v", files[i].Title, err, want)
		}
	}
	office := decisiontest.OfficeOf(t, db, membershiptest.Organisation(t, db).ID)
	_, err = s.OpenFile(ctx, office, which, files[0].ID)
	wants(t, err, fault.NotFound, "")
	if c, err := s.OpenFile(ctx, by, which, files[1].ID); err != nil || c.Title != "Exempt report" {
		t.Errorf("business support opens %q (%v)", c.Title, err)
	}
	err = s.Detach(ctx, by, decision.RemoveCommand{ID: which, Revision: read().Revision, Which: files[0].ID, Reason: "Wrong file"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.OpenPublished(ctx, publicDB, files[0].File); !errors.Is(err, fault.NotFound) {
		t.Errorf("a file taken off is still public: %v", err)
	}
	err = s.Detach(ctx, by, decision.RemoveCommand{ID: which, Revision: read().Revision, Which: files[0].ID, Reason: "Again"})
	wants(t, err, fault.Conflict, "")
}
