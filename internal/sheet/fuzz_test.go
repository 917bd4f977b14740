package sheet_test

import (
	"testing"

	"partnershipportal/internal/sheet"
)

// reads wants a file read or refused, within the limits, and what was read to survive being written.
func reads(t *testing.T, data []byte) {
	t.Helper()
	s, problems, err := sheet.Read(data, columns)
	if err != nil || len(problems) > 0 {
		return
	}
	if len(s.Rows) == 0 || len(s.Rows) > sheet.MaxRows {
		t.Fatalf("%d rows", len(s.Rows))
	}
	table := sheet.Table{Header: s.Columns}
	for i, r := range s.Rows {
		if i > 0 && r.Number <= s.Rows[i-1].Number {
			t.Fatalf("row %d follows row %d", r.Number, s.Rows[i-1].Number)
		}
		var row []string
		for _, c := range s.Columns {
			row = append(row, r.Get(c))
		}
		table.Rows = append(table.Rows, row)
	}
	again, problems, err := sheet.Read(asCSV(t, table), columns)
	if err != nil || len(problems) > 0 || len(again.Rows) != len(s.Rows) {
		t.Fatalf("written and read again: %v, %v, %d rows of %d", problems, err, len(again.Rows), len(s.Rows))
	}
	for i := range s.Rows {
		for _, c := range s.Columns {
			if again.Rows[i].Get(c) != s.Rows[i].Get(c) {
				t.Fatalf("%q comes back as %q", s.Rows[i].Get(c), again.Rows[i].Get(c))
			}
		}
	}
}

func FuzzReadCSV(f *testing.F) {
	for _, seed := range []string{"slug,name\na,b\n", "\xef\xbb\xbfslug;name\r\n\r\na;'=b\r\n", "slug,name,from,note\na,\"x\ny\",1/7/2022,-5\n", "\xff\xfes\x00", "slug,name\na,\"\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(reads)
}

func FuzzReadXLSX(f *testing.F) {
	f.Add(zipped(f, parts(`<row>`+named+named+`</row>`)))
	f.Add(zipped(f, parts(`<row r="4">`+named+`<c t="s"><v>1</v></c><c s="1"><v>44743</v></c></row>`)))
	f.Add(asXLSX(f, sheet.Table{Header: []string{"slug", "name"}, Rows: [][]string{{"a", "=b"}}}))
	f.Fuzz(reads)
}

// FuzzReadCells fuzzes what is inside a sheet: mutated archives rarely unpack.
func FuzzReadCells(f *testing.F) {
	for _, seed := range []string{`<row>` + named + named + `</row>`, `<row r="3"><c r="B3"><f>1</f></c></row>`, `<row><c t="d"><v>x</v></c></row>`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, rows string) { reads(t, zipped(t, parts(rows))) })
}
