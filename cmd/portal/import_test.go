package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg/pgtest"
	"partnershipportal/internal/sheet"
)

func TestWhatTheImportIsTold(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"agencies schools.csv --apply": "", "--apply organisations a.xlsx": "", "agencies a.csv": "",
		"agencies": "a register and a file", "": "a register and a file", "agencies a b": "a register and a file",
		"castles a.csv": `no register "castles"; there are agencies, contributions, organisations`, "agencies a.csv --force": `"--force" is not known`,
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
