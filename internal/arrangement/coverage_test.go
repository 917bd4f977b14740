package arrangement_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
	"partnershipportal/internal/signoff"
)

// under2018 makes a draft that follows the edition of 2018, whose first three requirements are confirmed musts.
func under2018(t *testing.T, db pg.DB) (*arrangement.Service, arrangementtest.Made) {
	t.Helper()
	made := arrangementtest.Draft(t, db)
	service, _ := arrangementtest.Services(db, made.Sent)
	follow(t, service, made, "Working Together 2018")
	return service, made
}

// follow lets a draft follow another edition.
func follow(t *testing.T, service *arrangement.Service, made arrangementtest.Made, title string) {
	t.Helper()
	editions, err := service.GuidanceEditions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	d, err := service.Draft(t.Context(), made.Support, made.Ref)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(editions, func(g arrangement.Guidance) bool { return g.Title == title })
	err = service.SaveDetails(t.Context(), made.Support, arrangement.DetailsCommand{Ref: made.Ref, Revision: d.Revision, Title: d.Title, Guidance: editions[i].ID, EffectiveFrom: d.EffectiveFrom})
	if err != nil {
		t.Fatal(err)
	}
}

func answer(made arrangementtest.Made, number, revision int, reason string, sections ...id.Section) arrangement.CoverageCommand {
	return arrangement.CoverageCommand{Ref: made.Ref, Number: number, Revision: revision, Reason: reason, Sections: sections}
}

func coverMusts(t *testing.T, service *arrangement.Service, made arrangementtest.Made) {
	t.Helper()
	for n := 1; n <= 3; n++ {
		if err := service.SaveCoverage(t.Context(), made.Support, answer(made, n, 0, "", made.SectionIDs[n%2])); err != nil {
			t.Fatal(err)
		}
	}
}

func open(ctx context.Context, service *arrangement.Service, made arrangementtest.Made) (id.Round, arrangement.Check, error) {
	check, err := service.Check(ctx, made.Support, made.Ref, day.Date{})
	if err != nil {
		return 0, check, err
	}
	round, err := service.Open(ctx, made.Support, arrangement.OpenCommand{Ref: made.Ref, Digest: check.Digest})
	return round, check, err
}

func TestARoundWaitsForEveryConfirmedMust(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	service, made := under2018(t, db)
	_, check, err := open(t.Context(), service, made)
	if !errors.Is(err, fault.Invalid) || len(check.Musts) != 3 || !strings.Contains(err.Error(), "requirement 1 of Working Together 2018") {
		t.Errorf("opening with three musts uncovered: %v, with %q", err, check.Musts)
	}
	coverMusts(t, service, made)
	round, check, err := open(t.Context(), service, made)
	if err != nil || round == 0 || len(check.Musts) != 0 {
		t.Fatalf("opening with the musts covered: %v, %q", err, check.Musts)
	}
	if !slices.ContainsFunc(check.Warnings, func(w string) bool { return strings.Contains(w, "requirements 4, 5, 6") }) {
		t.Errorf("the warnings are %q, want the requirements on which nothing is said", check.Warnings)
	}
	content, err := arrangement.ReadContent(check.Content)
	if err != nil {
		t.Fatal(err)
	}
	if len(content.Coverage) != 14 || content.Coverage[0].Kind != arrangement.Must || !slices.Equal(content.Coverage[0].Sections, []int{2}) || !slices.Equal(content.Coverage[1].Sections, []int{1}) {
		t.Errorf("the frozen coverage is %+v", content.Coverage)
	}
	if err := service.SaveCoverage(t.Context(), made.Support, answer(made, 4, 0, "Said elsewhere.")); !errors.Is(err, fault.Conflict) {
		t.Errorf("an answer while the round is open: %v, want a conflict", err)
	}
}

func TestAMustNobodyConfirmedOnlyWarns(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	service, made := under2018(t, db)
	follow(t, service, made, "Working Together 2023")
	for _, cmd := range []arrangement.CoverageCommand{answer(made, 1, 0, "", made.SectionIDs[0]), answer(made, 2, 0, "Reviews have a document of their own.")} {
		if err := service.SaveCoverage(t.Context(), made.Support, cmd); err != nil {
			t.Fatal(err)
		}
	}
	_, check, err := open(t.Context(), service, made)
	if err != nil || !slices.ContainsFunc(check.Warnings, func(w string) bool { return strings.Contains(w, "not covered: requirement 2") }) {
		t.Errorf("opening with an unconfirmed must waived: %v, warned of %q", err, check.Warnings)
	}
}

func TestSignOffsMadeElsewhereAreEnteredWithoutCoverage(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	service, made := under2018(t, db)
	check, err := service.Check(t.Context(), made.Support, made.Ref, day.Must("2019-06-30"))
	if err != nil || len(check.Musts) != 3 {
		t.Fatalf("the check finds %q (%v), want three musts", check.Musts, err)
	}
	cmd := arrangement.RecordedCommand{Ref: made.Ref, Digest: check.Digest, SeatsOn: check.SeatsOn}
	for _, seat := range check.Seats {
		cmd.Acts = append(cmd.Acts, signoff.RecordedAct{Partner: seat.Partner, Office: "Lead officer", SignedOn: day.Roughly(day.Must("2019-06-01"), day.Month), Source: "Minutes"})
	}
	if _, err := service.EnterRecorded(t.Context(), made.Support, cmd); err != nil {
		t.Errorf("sign-offs made elsewhere on a text without its musts: %v", err)
	}
}

func TestAnAnswerIsCheckedAndKept(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	service, made := under2018(t, db)
	other := arrangementtest.Draft(t, db)
	for name, refused := range map[string]struct {
		cmd  arrangement.CoverageCommand
		want fault.Kind
	}{
		"a confirmed must is waived":    {answer(made, 1, 0, "No need."), fault.Invalid},
		"sections and a reason at once": {answer(made, 4, 0, "No need.", made.SectionIDs[0]), fault.Invalid},
		"a section of another version":  {answer(made, 4, 0, "", other.SectionIDs[0]), fault.Invalid},
		"a reason that is too long":     {answer(made, 4, 0, strings.Repeat("x", 2001)), fault.Invalid},
		"a requirement that is none":    {answer(made, 99, 0, "", made.SectionIDs[0]), fault.NotFound},
	} {
		if err := service.SaveCoverage(t.Context(), made.Support, refused.cmd); err == nil || !errors.Is(err, refused.want) {
			t.Errorf("%s: %v, want %v", name, err, refused.want)
		}
	}
	if err := service.SaveCoverage(t.Context(), made.Support, answer(made, 4, 0, "First.")); err != nil {
		t.Fatal(err)
	}
	err := service.SaveCoverage(t.Context(), made.Support, answer(made, 4, 0, "Second."))
	clash, ok := errors.AsType[*arrangement.CoverageConflict](err)
	if !ok || clash.Theirs.Reason != "First." || clash.Saved.Name == "" {
		t.Fatalf("a stale answer: %v, want a clash with the first and who saved it", err)
	}
	if err := service.SaveCoverage(t.Context(), made.Support, answer(made, 4, clash.Theirs.Revision, "", made.SectionIDs...)); err != nil {
		t.Fatal(err)
	}
	scrutineer := arrangementtest.WithRole(t, db, authz.Scrutineer)
	if err := service.SaveCoverage(t.Context(), scrutineer, answer(made, 5, 0, "No.")); !errors.Is(err, fault.Forbidden) {
		t.Errorf("the scrutineer answers: %v, want it forbidden", err)
	}
	c, err := service.Coverage(t.Context(), scrutineer, made.Ref)
	if err != nil || c.Answers.Covered() != 1 || !slices.Equal(c.Answers[3].Sections, []int{1, 2}) {
		t.Errorf("the coverage is %+v (%v), want requirement 4 by both sections", c.Answers, err)
	}
	d, err := service.Draft(t.Context(), made.Support, made.Ref)
	if err == nil {
		err = service.RemoveSection(t.Context(), made.Support, made.Ref, d.Sections[0].ID, d.Sections[0].Revision)
	}
	if c, again := service.Coverage(t.Context(), made.Support, made.Ref); err != nil || again != nil || !slices.Equal(c.Answers[3].Sections, []int{1}) {
		t.Errorf("after a section was deleted requirement 4 is met by %v (%v, %v), want the other, now section 1", c.Answers[3].Sections, err, again)
	}
}

func TestTheNextVersionStartsWithTheSignedCoverage(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	made := arrangementtest.Published(t, db, func(m *arrangementtest.Made) { m.Guidance = "Working Together 2018" })
	service, _ := arrangementtest.Services(db, made.Sent)
	ref, err := service.NextVersion(t.Context(), made.Support, made.Ref.Slug, false)
	if err != nil {
		t.Fatal(err)
	}
	c, err := service.Coverage(t.Context(), made.Support, ref)
	if err != nil || c.Answers.Covered() != 3 || !slices.Equal(c.Answers[0].Sections, []int{1}) || len(c.Musts()) != 0 {
		t.Errorf("the next version covers %+v (%v), want the three musts by its own section 1", c.Answers, err)
	}
}

func TestWhatWasSignedKeepsItsWording(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t)
	made := arrangementtest.Published(t, db.App, func(m *arrangementtest.Made) { m.Guidance = "Working Together 2018" })
	service, _ := arrangementtest.Services(db.App, made.Sent)
	admin := arrangementtest.WithRole(t, db.App, authz.Administrator)
	editions, err := service.Editions(t.Context(), admin)
	if err != nil {
		t.Fatal(err)
	}
	edition := editions[slices.IndexFunc(editions, func(e arrangement.Edition) bool { return e.Title == "Working Together 2018" })]
	if edition.Requirements != 14 || edition.Confirmed != 11 || edition.Versions != 1 {
		t.Errorf("the edition of 2018 is %+v, want 14 requirements, 11 confirmed, one version", edition)
	}
	before, err := service.Requirement(t.Context(), admin, edition.ID, 1)
	if err != nil {
		t.Fatal(err)
	}
	corrected := before.Requirement
	corrected.Wording = "How the partners work together, read again"
	if err := service.SaveRequirement(t.Context(), admin, edition.ID, corrected); err != nil {
		t.Fatal(err)
	}
	if err := service.RetractRequirement(t.Context(), admin, edition.ID, 2, "Entered twice."); err != nil {
		t.Fatal(err)
	}
	after, err := service.Requirement(t.Context(), admin, edition.ID, 1)
	if err != nil || after.Wording != corrected.Wording || len(after.Earlier) != 1 || after.Earlier[0].Wording != before.Wording {
		t.Errorf("the corrected requirement is %+v (%v), want the earlier wording kept", after, err)
	}
	library := arrangement.NewLibrary(pgtest.Public(t, db.App))
	_, v, err := library.Version(t.Context(), made.Ref)
	if err != nil {
		t.Fatal(err)
	}
	_, answers, err := library.Coverage(t.Context(), v)
	if err != nil || len(answers) != 14 || answers[0].Wording != before.Wording || answers[1].Wording == "" || !answers[1].Covered() {
		t.Errorf("the published coverage is %+v (%v), want the wording of its time", answers, err)
	}
}

func TestOnlyAnAdministratorKeepsTheGuidance(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	service, made := under2018(t, db)
	admin := arrangementtest.WithRole(t, db, authz.Administrator)
	published := day.Roughly(day.Must("2031-05-01"), day.Month)
	if _, err := service.AddEdition(t.Context(), made.Support, "Working Together 2031", published); !errors.Is(err, fault.Forbidden) {
		t.Errorf("business support adds an edition: %v, want it forbidden", err)
	}
	edition, err := service.AddEdition(t.Context(), admin, " Working Together 2031 ", published)
	if err != nil {
		t.Fatal(err)
	}
	must := arrangement.Requirement{Number: 1, Kind: arrangement.Must, Wording: "How it is done", Confidence: arrangement.RequirementConfirmed}
	if err := service.AddRequirement(t.Context(), admin, edition, must); !errors.Is(err, fault.Invalid) {
		t.Errorf("a confirmed requirement without a source: %v, want it refused", err)
	}
	must.Source = "Chapter 2"
	if err := service.AddRequirement(t.Context(), admin, edition, must); err != nil {
		t.Fatal(err)
	}
	follow(t, service, made, "Working Together 2031")
	if _, _, err := open(t.Context(), service, made); !errors.Is(err, fault.Invalid) {
		t.Errorf("a round under the new edition without its must: %v, want it refused", err)
	}
	if err := service.RetractRequirement(t.Context(), admin, edition, 1, "No such must."); err != nil {
		t.Fatal(err)
	}
	if _, _, err := open(t.Context(), service, made); err != nil {
		t.Errorf("a round under the edition once its must is taken out: %v", err)
	}
}
