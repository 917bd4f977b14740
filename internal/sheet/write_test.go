package sheet_test

import (
	"bytes"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"partnershipportal/internal/sheet"
)

func asCSV(t require, table sheet.Table) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := table.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asXLSX(t require, table sheet.Table) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := table.WriteXLSX(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// require is what *testing.T and *rapid.T share.
type require interface {
	Helper()
	Fatal(...any)
}

func TestCSVNeutralisesFormulas(t *testing.T) {
	t.Parallel()
	table := sheet.Table{Header: []string{"a", "b"}, Rows: [][]string{{"=1+1", "＝1"}, {"@x", "+44 1622 123456"}, {"-1+1", "\tx"}, {"'=1", "1E+05"}, {"-12.50", `say "x"`}}}
	want := "\"a\",\"b\"\r\n\"'=1+1\",\"'＝1\"\r\n\"'@x\",\"'+44 1622 123456\"\r\n\"'-1+1\",\"x\"\r\n\"''=1\",\"'1E+05\"\r\n\"-12.50\",\"say \"\"x\"\"\"\r\n"
	if diff := cmp.Diff(want, string(asCSV(t, table))); diff != "" {
		t.Error(diff)
	}
}

func TestAWorkbookHoldsTextOnly(t *testing.T) {
	t.Parallel()
	table := sheet.Table{Title: "Agencies: [all] / of a very long name indeed", Header: []string{"slug", "name"}, Rows: [][]string{{"007", "=1+1"}, {"b", strings.Repeat("long ", 50)}}}
	f, err := excelize.OpenReader(bytes.NewReader(asXLSX(t, table)))
	if err != nil {
		t.Fatal(err)
	}
	name := f.GetSheetName(0)
	if strings.ContainsAny(name, `:\/?*[]`) || len(name) > 31 {
		t.Errorf("the sheet is named %q", name)
	}
	if formula, err := f.GetCellFormula(name, "B2"); err != nil || formula != "" {
		t.Errorf("formula %q, %v", formula, err)
	}
	for cell, want := range map[string]string{"A1": "slug", "A2": "007", "B2": "=1+1"} {
		if got, err := f.GetCellValue(name, cell); err != nil || got != want {
			t.Errorf("%s = %q, %v; want %q", cell, got, err, want)
		}
	}
	if panes, err := f.GetPanes(name); err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("panes %+v, %v", panes, err)
	}
	if width, err := f.GetColWidth(name, "B"); err != nil || width != 60 {
		t.Errorf("width %v, %v", width, err)
	}
}

// What is written comes back as it was, but for space around it.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(
			rapid.StringOf(rapid.RuneFrom([]rune("'=+-@＝\t ab1E_x0041\"\n,;£é😀"))),
			rapid.StringOf(rapid.RuneFrom(nil, unicode.Letter, unicode.Number, unicode.Punct, unicode.Symbol, unicode.Space)),
			rapid.SampledFrom([]string{"1E+05", "'1E+05", "-5", "'-5", "-", "007", "_x000D_", "01/07/2022", "TRUE", "+44 1622 123456"}),
		)
		want := []string{"key", text.Draw(t, "name"), "2022-07-01", text.Draw(t, "note")}
		table := sheet.Table{Header: []string{"slug", "name", "from", "note"}, Rows: [][]string{want}}
		for form, data := range map[string][]byte{"CSV": asCSV(t, table), "XLSX": asXLSX(t, table)} {
			s, problems, err := sheet.Read(data, columns)
			if err != nil || len(problems) > 0 {
				t.Fatalf("%s: %v, %v", form, problems, err)
			}
			for i, c := range columns {
				if got, want := s.Rows[0].Get(c.Name), strings.TrimSpace(want[i]); got != want {
					t.Fatalf("%s: %q comes back as %q", form, want, got)
				}
			}
		}
	})
}
