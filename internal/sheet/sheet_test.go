package sheet_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"partnershipportal/internal/fault"
	"partnershipportal/internal/sheet"
)

// columns are those of the tests.
var columns = []sheet.Column{
	{Name: "slug", Required: true, Key: true},
	{Name: "name", Required: true},
	{Name: "from", Kind: sheet.Day},
	{Name: "note"},
}

// got is a file in a form that is easily compared: the cells of the four columns, row number first.
func got(t *testing.T, data []byte) ([]string, sheet.Sheet) {
	t.Helper()
	s, problems, err := sheet.Read(data, columns)
	if err != nil || len(problems) > 0 {
		t.Fatalf("Read = %v, %v; want a sheet", problems, err)
	}
	return flat(s), s
}

func flat(s sheet.Sheet) []string {
	var all []string
	for _, r := range s.Rows {
		line := []string{}
		for _, c := range columns {
			line = append(line, r.Get(c.Name))
		}
		all = append(all, strings.Join(line, "|"))
	}
	return all
}

// refused wants the file as a whole refused with words.
func refused(t *testing.T, data []byte, words string) {
	t.Helper()
	s, problems, err := sheet.Read(data, columns)
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Kind != fault.Invalid || f.Field != "file" || !strings.Contains(f.Message, words) {
		t.Fatalf("Read = %v, %v, %v; want a refusal with %q", flat(s), problems, err, words)
	}
}

// problem wants one row refused with words.
func problem(t *testing.T, data []byte, words string) {
	t.Helper()
	_, problems, err := sheet.Read(data, columns)
	if err != nil || len(problems) == 0 || !strings.Contains(problems[0].String(), words) {
		t.Fatalf("Read = %v, %v; want the problem %q", problems, err, words)
	}
}

func TestCSVIsReadWithItsRowNumbers(t *testing.T) {
	t.Parallel()
	data := "\r\nSlug, NAME ,from\r\na,\"Two\r\nlines\",01/07/2022\r\n\r\n,,\r\nb,B,\r\n"
	lines, s := got(t, []byte(data))
	if diff := cmp.Diff([]string{"a|Two\nlines|2022-07-01|", "b|B||"}, lines); diff != "" {
		t.Error(diff)
	}
	if s.Rows[0].Number != 3 || s.Rows[1].Number != 6 {
		t.Errorf("rows %d and %d, want 3 and 6", s.Rows[0].Number, s.Rows[1].Number)
	}
	if !s.Has("from") || s.Has("note") {
		t.Errorf("columns %v", s.Columns)
	}
}

func TestCSVOfOtherProgramsIsRead(t *testing.T) {
	t.Parallel()
	for name, data := range map[string]string{
		"UTF-8 with a mark":      "\xef\xbb\xbfslug,name\na,Zoë\n",
		"semicolons":             "slug;name\na;Zoë\n",
		"tabs":                   "slug\tname\na\tZoë\n",
		"old Macintosh line end": "slug,name\ra,Zoë\r",
		"UTF-16, little end":     utf16Of(binary.LittleEndian, "slug\tname\r\na\tZoë\r\n"),
		"UTF-16, big end":        utf16Of(binary.BigEndian, "slug\tname\r\na\tZoë\r\n"),
		"no line end":            "slug,name\na,Zoë",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if lines, _ := got(t, []byte(data)); lines[0] != "a|Zoë||" {
				t.Errorf("got %q", lines)
			}
		})
	}
}

func utf16Of(order binary.AppendByteOrder, text string) string {
	data := order.AppendUint16(nil, 0xFEFF)
	for _, u := range utf16.Encode([]rune(text)) {
		data = order.AppendUint16(data, u)
	}
	return string(data)
}

func TestFilesThatAreRefusedAsAWhole(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ data, words string }{
		"empty":                    {"", "empty"},
		"only blank rows":          {"\n,,\n\n", "no rows"},
		"only a header":            {"slug,name\n", "no rows below"},
		"an unknown column":        {"slug,name,colour\na,b,c\n", "not known: “colour”. The columns are: “slug”, “name”, “from”, “note”"},
		"a missing column":         {"slug,from\na,\n", "lacks these columns: “name”"},
		"a column named twice":     {"slug,name,Name\na,b,c\n", "twice: “name”"},
		"a formula in the header":  {"slug,=name\na,b\n", "This is a formula"},
		"Windows-1252":             {"slug,name\na,Zo\xeb\n", "Line 2 is not in UTF-8"},
		"Windows-1252, with words": {"slug,name\na,Zo\xeb\n", "CSV UTF-8 (Comma delimited)"},
		"a NUL byte":               {"slug,name\na,b\x00c\n", "Line 2 holds a character that no text has"},
		"half a UTF-16 character":  {"\xff\xfea", "middle of a character"},
		"UTF-16 with NUL":          {utf16Of(binary.LittleEndian, "slug,name\na,\x00\n"), "cannot be read"},
		"an open quotation mark":   {"slug,name\na,\"b\n", "quotation mark"},
		"a stray quotation mark":   {"slug,name\na,b\"c\n", "Line 2: a quotation mark"},
		"too many columns":         {"slug,name\n" + strings.Repeat("a,", sheet.MaxColumns) + "b\n", "Line 2 has more than 100 cells"},
		"too many rows":            {"slug,name\n" + strings.Repeat("a,b\n", sheet.MaxRows+1), "more than 10000 rows"},
		"too large":                {strings.Repeat("x", sheet.MaxFile+1), "larger than 20 MB"},
		"an old workbook":          {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more", "password"},
		"a PDF":                    {"%PDF-1.7", "PDF"},
		"a picture":                {"\x89PNG\r\n", "picture"},
		"a web page":               {"<html><table>", "not a spreadsheet"},
		"half an archive":          {"PK\x03\x04half", "damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			refused(t, []byte(c.data), c.words)
		})
	}
}

func TestRowsThatAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ row, words string }{
		"a formula":               {"a,=1+1", "Row 2, name: This is a formula"},
		"a formula after a space": {"a, =1+1", "formula"},
		"a sum":                   {"a,+A1+A2", "formula"},
		"a difference":            {"a,-1-1", "formula"},
		"a call":                  {"a,@SUM(A1)", "formula"},
		"a tab before it":         {"a,\"\tb\"", "formula"},
		"a line end before it":    {"a,\"\rb\"", "formula"},
		"a full-width formula":    {"a,＝1+1", "formula"},
		"a shortened number":      {"a,1.23E+11", "shortened this number"},
		"a round shortened one":   {"1E+05,b", "shortened this number"},
		"a cell too many":         {"a,b,,,c", "Row 2, column E: This cell stands under no named column"},
		"no such day":             {"a,b,31/02/2022", "There is no such day"},
		"an American day":         {"a,b,07/13/2022", "The day comes first"},
		"two figures of a year":   {"a,b,1/7/22", "four figures"},
		"a count of days":         {"a,b,44743", "Write the day like"},
		"a month":                 {"a,b,July 2022", "Write the day like"},
		"a year long gone":        {"a,b,01/07/1822", "between 1900 and 2200"},
		"a long text":             {"a," + strings.Repeat("x", sheet.MaxCell+1), "too much text"},
		"a control character":     {"a,b\x07", "no text has"},
		"a key again":             {"a,b\nb,c\n\nA,d", "Row 5: It has the same slug “A” as row 2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			problem(t, []byte("slug,name,from,note\n"+c.row+"\n"), c.words)
		})
	}
}

func TestEveryProblemIsToldUpToALimit(t *testing.T) {
	t.Parallel()
	_, problems, err := sheet.Read([]byte("slug,name\n"+strings.Repeat("=a,=b\n", 2_000)), columns)
	if err != nil || len(problems) < 500 || len(problems) > 510 || !strings.Contains(problems[len(problems)-1].String(), "more problems") {
		t.Errorf("%d problems, %v", len(problems), err)
	}
}

func TestCellsThatAreNoFormula(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{
		"-12.50": "-12.50", "-£1": "-£1", "\"-1,000\"": "-1,000", "+44 1622 123456": "+44 1622 123456", "+44 (0)1622 123456": "+44 (0)1622 123456",
		"-": "-", "'=1+1": "=1+1", "''=1+1": "'=1+1", "'tis": "'tis", "'+44 1622 123456": "+44 1622 123456", "'1E+05": "1E+05", "a=b": "a=b",
	} {
		if lines, _ := got(t, []byte("slug,name\na,"+cell+"\n")); lines[0] != "a|"+want+"||" {
			t.Errorf("%s is read as %q, want %q", cell, lines[0], want)
		}
	}
}

func TestDaysAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"2022-07-01": "2022-07-01", "2022-7-1": "2022-07-01", "01/07/2022": "2022-07-01", "1.7.2022": "2022-07-01", "1-7-2022": "2022-07-01",
		"1 July 2022": "2022-07-01", "1st Jul 2022": "2022-07-01", "29-Feb-2024": "2024-02-29", "3 Sept 2019": "2019-09-03",
		"2022-07-01 00:00:00": "2022-07-01", "01/07/2022 00:00": "2022-07-01", "": "",
	} {
		if lines, _ := got(t, []byte("slug,name,from\na,b,"+typed+"\n")); lines[0] != "a|b|"+want+"|" {
			t.Errorf("%q is read as %q, want %s", typed, lines[0], want)
		}
	}
}

// zipped makes an archive of parts.
func zipped(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range parts {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
