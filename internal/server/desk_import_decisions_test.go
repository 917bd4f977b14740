package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/decision"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
	"partnershipportal/web/route"
)

// decisionImportFixtures are files that were only previewed, and files that were imported.
type decisionImportFixtures struct{ previewed, applied id.DecisionImport }

// recordsFile is a file with two records of the partnership itself: one that disagrees with itself, one that does not.
func recordsFile() []byte {
	n, err := strconv.ParseUint(membershiptest.Unique(), 16, 64)
	if err != nil {
		panic(err)
	}
	u := fmt.Sprintf("%05d", n%100_000)
	return []byte("body,stage,number-printed,subject,maker,key,key-reason,limbs,reasons,alternatives,interests,made-on,published-on,effective-on\n" +
		"partnership,made,10/" + u + ",Arrangements " + u + ",The partners,yes,All areas,a) Agree them.,The Children and Social Work Act 2017,None,None declared,12/06/2019,13/06/2019,12/06/2019\n" +
		"partnership,made,19/" + u + ",Thresholds " + u + ",The partners,no,,a) Agree them.,Clearer,None,None declared,12/06/2019,13/06/2019,\n")
}

func makeDecisionImports(t testing.TB, db pg.DB) (f decisionImportFixtures) {
	t.Helper()
	records, by := decision.New(db, time.Now), authz.System("test")
	for _, which := range []*id.DecisionImport{&f.previewed, &f.applied} {
		p, err := records.PreviewFiles(t.Context(), by, decision.ImportFiles{Files: []decision.Upload{{Name: "records.csv", Data: recordsFile()}}})
		if err != nil || len(p.Problems) > 0 {
			t.Fatalf("%v, %v", p.Problems, err)
		}
		*which = p.ID
	}
	if _, err := records.ApplyRun(t.Context(), by, decision.ApplyRunCommand{ID: f.applied}); err != nil {
		t.Fatal(err)
	}
	return f
}

func decisionImportExpectations() []expectation {
	at := func(which func(fixtures) id.DecisionImport, act string) func(fixtures) string {
		return func(f fixtures) string { return route.DeskImportDecisionsTo(which(f)) + act }
	}
	previewed := func(f fixtures) id.DecisionImport { return f.decisionImports.previewed }
	applied := func(f fixtures) id.DecisionImport { return f.decisionImports.applied }
	return []expectation{
		desk("GET "+route.DeskImportDecisions, http.StatusOK).with("scrutineer", scrutineer, http.StatusForbidden).with("private office", office, http.StatusForbidden),
		desk("POST "+route.DeskImportDecisions, http.StatusUnprocessableEntity),
		desk("GET "+route.CSV(route.DeskImportDecisionsTemplate), http.StatusOK),
		desk("GET "+route.XLSX(route.DeskImportDecisionsTemplate), http.StatusOK),
		desk("GET "+route.DeskImportDecisionsRun, http.StatusOK).at(at(previewed, "")),
		desk("POST "+route.DeskImportDecisionsApply, http.StatusConflict).at(at(applied, "/apply")),
		desk("GET "+route.DeskImportDecisionsUndo, http.StatusOK).at(at(applied, "/undo")),
		desk("POST "+route.DeskImportDecisionsUndo, http.StatusUnprocessableEntity).at(at(applied, "/undo")),
	}
}

func (b *browser) importRecords(body, name string, data []byte) answer {
	return b.sendParcel(route.DeskImportDecisions, parcel{fields: url.Values{"body": {body}}, files: map[string]sentFile{"file": {name, data}}})
}

func TestRecordsAreImportedAtTheDesk(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	support := s.asRole(authz.BusinessSupport)
	support.get(route.DeskImport).shows("Records of decision have a page of their own")
	support.get(route.DeskImportDecisions).want(http.StatusOK).shows("Nothing has been imported yet", "The partnership itself", "saved as “HTML only”", "exempt-reasons")
	run := support.importRecords("", "records.csv", recordsFile()).want(http.StatusSeeOther).header.Get("Location")
	support.get(run).want(http.StatusOK).shows("Preview only", "2 added", "What it would do", "New record: made", "is of 2010", "is earlier than the day", "1 record is flagged",
		"Publish the records that are added", "Import 2 records")
	support.post(run+"/apply", url.Values{"publish": {"yes"}}).leadsTo(run)
	support.get(run).shows("Imported", "Yes, with the import", "Undo this import").hides("Import 2 records")
	if shown := support.get(run); strings.Count(shown.body, `href="`+route.DeskDecisions+`/`) < 2 {
		t.Error("the records are not linked to their pages")
	}
	support.get(route.DeskDecisions).holds(`href="` + route.DeskImportDecisions + `"`)
	support.get(route.DeskImportDecisions).shows("records.csv", "2 added")
	support.post(run+"/apply", nil).want(http.StatusConflict).shows("Nothing was done twice")
	support.get(run+"/undo").want(http.StatusOK).shows("not retracted, but withdrawn", "Why is it undone?")
	support.post(run+"/undo", url.Values{"reason": {""}}).want(http.StatusUnprocessableEntity).shows("Enter why the import is undone")
	support.post(run+"/undo", url.Values{"reason": {"The wrong list"}}).leadsTo(run)
	support.get(run).shows("Undone", "The wrong list")
	support.get(run + "/undo").want(http.StatusConflict).shows("undone already")
	support.get(route.DeskImportDecisionsTo(id.DecisionImport(1 << 40))).want(http.StatusNotFound)
	support.get(route.DeskImportDecisions + "?before=x").want(http.StatusNotFound)
	support.get(route.CSV(route.DeskImportDecisionsTemplate)).want(http.StatusOK).shows(`"body","ref","stage","number-printed"`)
}

func TestFilesOfRecordsWithErrorsAreRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	support := s.asRole(authz.BusinessSupport)
	support.post(route.DeskImportDecisions, nil).want(http.StatusUnprocessableEntity).shows("Choose a file")
	support.importRecords("", "a.csv", nil).want(http.StatusUnprocessableEntity).shows("The file is empty")
	support.importRecords("", "a.html", []byte("<h1>Bins</h1>")).want(http.StatusUnprocessableEntity).shows("not a saved ModernGov page")
	support.importRecords("", "a.json", []byte("[{]")).want(http.StatusUnprocessableEntity).shows("not the JSON of a register")
	support.importRecords("no-such", "a.csv", []byte("stage,subject,made-on\ndreamt,<b>A</b>,31/02/2019\n")).want(http.StatusUnprocessableEntity).
		shows("There is a problem", "What is wrong with the files", "There is no organisation with the address “no-such”")
	support.importRecords("partnership", "a.csv", []byte("stage,subject,made-on\ndreamt,<b>A</b>,31/02/2019\n")).want(http.StatusUnprocessableEntity).
		shows("Row 2 made-on Write the day like", "Row 2 stage A new record needs a stage")
	support.get(route.DeskImportDecisions).shows("Nothing has been imported yet")
}

// Exempt text that is imported shows on no page of the import.
func TestExemptTextShowsOnNoPageOfItsImport(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	support := s.asRole(authz.BusinessSupport)
	text, err := json.Marshal([]map[string]any{{"body": "partnership", "stage": "made", "subject": "Prices", "number-printed": "19/" + membershiptest.Unique(), "restriction": "part exempt",
		"exempt-category": 3, "reasons": "Open ones", "exempt": map[string]string{"reasons": "Zanzibarmarker"}}})
	if err != nil {
		t.Fatal(err)
	}
	run := support.importRecords("", "records.json", text).want(http.StatusSeeOther).header.Get("Location")
	support.get(run).want(http.StatusOK).shows("Exempt passage: reasons").hides("Zanzibarmarker")
	support.post(run+"/apply", url.Values{"publish": {"yes"}}).leadsTo(run)
	support.get(run).shows("Exempt passage: reasons").hides("Zanzibarmarker")
	support.get(run + "/undo").hides("Zanzibarmarker")
}

// A page saved from a council's site is shown for what it is: its text is text, and its links are not followed.
func TestASavedPageIsOnlyText(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	support := s.asRole(authz.BusinessSupport)
	saved := `<h1>Decision details</h1><h2 class="mgSubTitleTxt">19/00044 - &lt;script&gt;alert(1)&lt;/script&gt;</h2><p><span class="mgLabel">Decision Maker: </span>Cabinet</p>
		<p><span class="mgLabel">Date of decision: </span>12/06/2019</p><img src="https://tracker.example/x"><script>alert(2)</script>`
	run := support.importRecords("partnership", "page.html", []byte(saved)).want(http.StatusSeeOther).header.Get("Location")
	page := support.get(run).want(http.StatusOK).shows("The page of one decision", "19/00044 <script>alert(1)</script>")
	if strings.Contains(page.body, "<script>alert") || strings.Contains(page.body, "tracker.example") {
		t.Error("the saved page got into ours")
	}
}

// What the public register gives as JSON, record by record or as a list, changes nothing when it is imported again.
func TestTheRegistersJSONIsReadAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	support := s.asRole(authz.BusinessSupport)
	run := support.importRecords("", "records.csv", recordsFile()).want(http.StatusSeeOther).header.Get("Location")
	support.post(run+"/apply", url.Values{"publish": {"yes"}}).leadsTo(run)
	support.get(run).shows("2 added")
	list := s.visitor().get(route.DecisionsJSON).want(http.StatusOK)
	var register struct{ Decisions []struct{ Record string } }
	if err := json.Unmarshal([]byte(list.body), &register); err != nil || len(register.Decisions) != 2 {
		t.Fatalf("the register gives %s (%v)", list.body, err)
	}
	files := [][]byte{[]byte(list.body)}
	for _, d := range register.Decisions {
		at, err := url.Parse(d.Record)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, []byte(s.visitor().get(at.Path).want(http.StatusOK).body))
	}
	for _, file := range files {
		again := support.importRecords("", "register.json", file).want(http.StatusSeeOther).header.Get("Location")
		support.get(again).want(http.StatusOK).shows("nothing to import").hides(" added", " changed")
	}
}
