package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"partnershipportal/internal/decision"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg/pgtest"
	"partnershipportal/internal/sheet"
)

func TestWhatTheImportIsTold(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"agencies schools.csv --apply": "", "--apply organisations a.xlsx": "", "agencies a.csv": "",
		"agencies": "a register and a file", "": "a register and a file", "agencies a b": "a register and a file", "decisions a.html b.html --body=kent": "", "agencies a --body=kent": "only records of decision",
		"castles a.csv": `no register "castles"; there are agencies, contributions, decisions, organisations`, "agencies a.csv --force": `"--force" is not known`,
	} {
		in, err := readImporting(strings.Fields(args))
		if want == "" && (err != nil || in.apply != strings.Contains(args, "--apply") || in.file == "") || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %+v, %v; want %q", args, in, err, want)
		}
	}
}

func TestTheImportCommand(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	u := membershiptest.Unique()
	text := "slug,name,kind,basis,categories,from\nhill-" + u + ",Hill,education,chosen,4,2019-09-17\n"
	try := func(apply bool, text string) (string, error) {
		var said strings.Builder
		err := importInto(t.Context(), db, importing{register: "agencies", file: "/lists/schools.csv", apply: apply}, []byte(text), &said)
		return said.String(), err
	}
	has := func(want string) bool {
		var n int
		if err := db.QueryRow(t.Context(), `SELECT count(*) FROM organisation WHERE slug = $1`, "hill-"+u).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return (n == 1) == (want == "added")
	}
	steps := []struct {
		name, text string
		apply      bool
		want       string
		wrong      string
		state      string
	}{
		{"a preview does nothing", text, false, "Row 2, hill-" + u + ": added: New organisation; Relevant agency from 17 September 2019, chosen, categories 4\n1 added, 0 changed, 0 unchanged.\nNothing was done yet.", "", "absent"},
		{"a wrong row is told", text + "x,,,,,\n", true, "Row 3, basis: Enter why the organisation is included", errRows.Error(), "absent"},
		{"a wrong file is told", "slug,colour\n", true, "", "not known: “colour”", "absent"},
		{"applied it is done", text, true, "Imported, as import ", "", "added"},
		{"again there is nothing to do", text, true, "0 added, 0 changed, 1 unchanged.\nThere is nothing to import.", "", "added"},
	}
	for _, step := range steps {
		said, err := try(step.apply, step.text)
		if step.wrong == "" && err != nil || step.wrong != "" && (err == nil || !strings.Contains(err.Error(), step.wrong)) {
			t.Errorf("%s: error %v, want %q", step.name, err, step.wrong)
		}
		if !strings.Contains(said, step.want) || !has(step.state) {
			t.Errorf("%s: said %q, want %q (%s)", step.name, said, step.want, step.state)
		}
	}
}

func TestTheImportReadsNoMoreThanItMay(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "huge.csv")
	if err := os.WriteFile(path, make([]byte, sheet.MaxFile+100), 0o600); err != nil {
		t.Fatal(err)
	}
	data, err := readSheet(path)
	if err != nil || len(data) != sheet.MaxFile+1 {
		t.Errorf("%d bytes, %v", len(data), err)
	}
	if _, err := readSheet(path + ".gone"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestTheImportCommandTakesRecordsOfDecision(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	body := membershiptest.Partner(t, db).Body.Slug
	const page = `<h1>Decision details</h1><h2 class="mgSubTitleTxt">19/00044 - Early help</h2><p><span class="mgLabel">Decision Maker: </span>Cabinet</p>
		<p><span class="mgLabel">Date of decision: </span>12/06/2019</p><p><span class="mgLabel">Wards Affected: </span>All</p>`
	more := decision.Upload{Name: "more.json", Data: []byte(`{"subject": "Family hubs", "stage": "notice", "number-printed": "10/00036", "made": false}`)}
	try := func(apply bool) string {
		t.Helper()
		var said strings.Builder
		in := importing{register: "decisions", file: "/saved/page.html", body: body, apply: apply, also: []decision.Upload{more}}
		if err := importInto(t.Context(), db, in, []byte(page), &said); err != nil {
			t.Fatal(err)
		}
		return said.String()
	}
	if said := try(false); !strings.Contains(said, "page.html, 19/00044 Early help: added: New record: made; 1 remark of") || !strings.Contains(said, "Nothing was done yet") {
		t.Errorf("the preview says %q", said)
	}
	if said := try(true); !strings.Contains(said, "2 added, 0 changed, 0 unchanged.\nImported, as import ") {
		t.Errorf("the import says %q", said)
	}
	if said := try(true); !strings.Contains(said, "0 added, 0 changed, 2 unchanged.\nThere is nothing to import.") {
		t.Errorf("again it says %q", said)
	}
	err := importInto(t.Context(), db, importing{register: "decisions", file: "page.html"}, []byte(page), &strings.Builder{})
	if !errors.Is(err, errRows) && (err == nil || err.Error() != errRows.Error()) {
		t.Errorf("without a body: %v", err)
	}
}
