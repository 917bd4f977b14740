package sheet_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"hash/crc32"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"partnershipportal/internal/sheet"
)

const (
	head     = `<row r="1"><c r="A1" t="inlineStr"><is><t>slug</t></is></c><c r="B1" t="inlineStr"><is><t>name</t></is></c><c r="C1" t="inlineStr"><is><t>from</t></is></c><c r="D1" t="inlineStr"><is><t>note</t></is></c></row>`
	named    = `<c t="inlineStr"><is><t>a</t></is></c>`
	relation = `http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet`
	oneSheet = `<workbook><sheets><sheet name="List" sheetId="1" r:id="r1"/></sheets></workbook>`
)

// parts are those of a workbook with one sheet, of which the rows below the header are given.
func parts(rows string) map[string]string {
	return map[string]string{
		"xl/workbook.xml":            oneSheet,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="` + relation + `" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   `<worksheet><sheetData>` + head + rows + `</sheetData></worksheet>`,
		"xl/styles.xml": `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/><numFmt numFmtId="165" formatCode="[Red]0.00&quot;days&quot;\d"/></numFmts>
			<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>`,
		"xl/sharedStrings.xml": `<sst><si><t>plain</t></si><si><r><t>rich </t></r><r><t>text</t></r><rPh><t>phonetic</t></rPh></si><si><t>a_x000D__x000A_b_x005F_x0041_</t></si></sst>`,
	}
}

// withPart gives a workbook of one good row with a part put in or replaced.
func withPart(t *testing.T, name, text string) []byte {
	t.Helper()
	p := maps.Clone(parts(`<row r="2">` + named + named + `</row>`))
	p[name] = text
	return zipped(t, p)
}

func TestCellsOfAWorkbook(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ cell, want string }{
		"shared text":                   {`<c t="s"><v>0</v></c>`, "plain"},
		"rich text without its reading": {`<c t="s"><v>1</v></c>`, "rich text"},
		"escaped characters":            {`<c t="s"><v>2</v></c>`, "a\nb_x0041_"},
		"a text like a formula":         {`<c t="inlineStr"><is><t>=1+1</t></is></c>`, "=1+1"},
		"an export opened and saved":    {`<c t="inlineStr"><is><t>'=1+1</t></is></c>`, "=1+1"},
		"a number shown as 1E+05":       {`<c><v>1E+05</v></c>`, "100000"},
		"a number of twelve digits":     {`<c><v>123456789012</v></c>`, "123456789012"},
		"a fraction":                    {`<c><v>0.30000000000000004</v></c>`, "0.3"},
		"a negative number":             {`<c><v>-5</v></c>`, "-5"},
		"a day anywhere":                {`<c s="1"><v>44743</v></c>`, "2022-07-01"},
		"a number with letters":         {`<c s="3"><v>44743</v></c>`, "44743"},
		"a truth":                       {`<c t="b"><v>1</v></c>`, "TRUE"},
		"a day of its own kind":         {`<c t="d"><v>2022-07-01T00:00:00</v></c>`, "2022-07-01"},
		"text without a formula":        {`<c t="str"><v>x</v></c>`, "x"},
		"an empty cell":                 {`<c s="1"/>`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if lines, _ := got(t, zipped(t, parts(`<row>`+named+c.cell+`</row>`))); lines[0] != "a|"+c.want+"||" {
				t.Errorf("got %q, want %q", lines[0], c.want)
			}
		})
	}
}

func TestDaysOfAWorkbook(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{
		`<c s="2"><v>43725.5</v></c>`: "2019-09-17", `<c><v>44743</v></c>`: "2022-07-01",
		`<c t="inlineStr"><is><t>01/07/2022</t></is></c>`: "2022-07-01", `<c/>`: "",
	} {
		if lines, _ := got(t, zipped(t, parts(`<row>`+named+named+cell+`</row>`))); lines[0] != "a|a|"+want+"|" {
			t.Errorf("%s is read as %q, want %s", cell, lines[0], want)
		}
	}
	p := parts(`<row>` + named + named + `<c s="1"><v>43281</v></c></row>`)
	p["xl/workbook.xml"] = `<workbook><workbookPr date1904="1"/><sheets><sheet name="List" sheetId="1" r:id="r1"/></sheets></workbook>`
	if lines, _ := got(t, zipped(t, p)); lines[0] != "a|a|2022-07-01|" {
		t.Errorf("days counted from 1904 give %q", lines[0])
	}
}

func TestRowsOfAWorkbookThatAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ cells, words string }{
		"a formula":             {named + `<c r="B9"><f>1+1</f><v>2</v></c>`, "Row 9, name: This is a formula"},
		"a shared formula":      {named + `<c><f t="shared" si="0"/><v>2</v></c>`, "This is a formula"},
		"a formula giving text": {named + `<c t="str"><f>"a"</f><v>a</v></c>`, "This is a formula"},
		"an error":              {named + `<c t="e"><v>#REF!</v></c>`, "shows an error (#REF!)"},
		"too many digits":       {named + `<c><v>1234567890123456</v></c>`, "so many digits"},
		"no number":             {named + `<c><v>one</v></c>`, "cannot be read"},
		"an endless number":     {named + `<c><v>1e999</v></c>`, "cannot be read"},
		"a day that never was":  {named + named + `<c s="1"><v>60</v></c>`, "Write the day like"},
		"a day far off":         {named + named + `<c s="1"><v>999999</v></c>`, "Write the day like"},
		"no named column":       {named + named + `<c r="F9"><v>1</v></c>`, "Row 9, column F"},
		"the same key":          {named + named + `</row><row r="12">` + named + named, "Row 12: It has the same slug “a” as row 9"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			problem(t, zipped(t, parts(`<row r="9">`+c.cells+`</row>`)), c.words)
		})
	}
}

func TestWorkbooksThatAreRefused(t *testing.T) {
	t.Parallel()
	sheetOf := func(rows string) []byte { return zipped(t, parts(rows)) }
	for name, c := range map[string]struct {
		data  []byte
		words string
	}{
		"merged cells":          {withPart(t, "xl/worksheets/sheet1.xml", `<worksheet><sheetData>`+head+`</sheetData><mergeCells><mergeCell ref="A2:B2"/></mergeCells></worksheet>`), "A2:B2 are merged"},
		"macros":                {withPart(t, "xl/vbaProject.bin", "x"), "macros"},
		"a binary workbook":     {withPart(t, "xl/workbook.bin", "x"), ".xlsb"},
		"an OpenDocument":       {zipped(t, map[string]string{"content.xml": "x"}), ".ods"},
		"a Word document":       {zipped(t, map[string]string{"word/document.xml": "x"}), "Word"},
		"a presentation":        {zipped(t, map[string]string{"ppt/presentation.xml": "x"}), "presentation"},
		"some archive":          {zipped(t, map[string]string{"a.txt": "x"}), "not a workbook"},
		"only hidden sheets":    {withPart(t, "xl/workbook.xml", strings.ReplaceAll(oneSheet, "sheetId", `state="veryHidden" sheetId`)), "not hidden"},
		"a sheet that is gone":  {withPart(t, "xl/_rels/workbook.xml.rels", `<R><Relationship Id="r1" Type="`+relation+`" Target="/xl/gone.xml"/></R>`), "damaged"},
		"a declared entity":     {withPart(t, "xl/workbook.xml", `<!DOCTYPE x [<!ENTITY a "b">]>`+oneSheet), "damaged"},
		"half a sheet":          {withPart(t, "xl/worksheets/sheet1.xml", `<worksheet><sheetData><row r="1`), "damaged"},
		"a text that is gone":   {sheetOf(`<row>` + named + `<c t="s"><v>99</v></c></row>`), "damaged"},
		"an unknown kind":       {sheetOf(`<row>` + named + `<c t="x"><v>9</v></c></row>`), "damaged"},
		"rows out of order":     {sheetOf(`<row r="5">` + named + `</row><row r="4">` + named + `</row>`), "damaged"},
		"cells out of order":    {sheetOf(`<row><c r="B2"><v>1</v></c><c r="A2"><v>1</v></c></row>`), "damaged"},
		"a cell in a cell":      {sheetOf(`<row><c><c/></c></row>`), "damaged"},
		"no column":             {sheetOf(`<row><c r="2"><v>1</v></c></row>`), "damaged"},
		"a cell far off":        {sheetOf(`<row><c r="XFD2"><v>1</v></c></row>`), "beyond column CV"},
		"too many rows":         {sheetOf(strings.Repeat(`<row>`+named+`</row>`, sheet.MaxRows+1)), "more than 10000 rows"},
		"a part twice":          {withPart(t, "XL/Workbook.xml", oneSheet), "damaged"},
		"text that is no UTF-8": {withPart(t, "xl/sharedStrings.xml", "<sst><si><t>Zo\xeb</t></si></sst>"), "damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			refused(t, c.data, c.words)
		})
	}
}

func TestOnlyTheFirstSheetIsReadAndThatIsSaid(t *testing.T) {
	t.Parallel()
	data := withPart(t, "xl/workbook.xml", `<workbook><sheets><sheet name="Notes" sheetId="3" state="hidden" r:id="r3"/><sheet name="Chart" sheetId="2" r:id="r2"/>
		<sheet name="Schools" sheetId="1" r:id="r1"/></sheets></workbook>`)
	lines, s := got(t, data)
	if diff := cmp.Diff([]string{"a|a||"}, lines); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"The workbook has 3 sheets. Only “Schools” was read."}, s.Notices); diff != "" {
		t.Error(diff)
	}
}

func TestZipBombsAreRefused(t *testing.T) {
	t.Parallel()
	t.Run("by the size that they declare", func(t *testing.T) {
		t.Parallel()
		refused(t, withPart(t, "xl/worksheets/sheet1.xml", strings.Repeat(" ", 90<<20)), "unpacks to far more")
	})
	t.Run("by the ratio of one part", func(t *testing.T) {
		t.Parallel()
		refused(t, withPart(t, "xl/worksheets/sheet1.xml", strings.Repeat(" ", 20<<20)), "unpacks to far more")
	})
	t.Run("by the number of parts", func(t *testing.T) {
		t.Parallel()
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for range 1_001 {
			if _, err := z.Create("x"); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		refused(t, b.Bytes(), "unpacks to far more")
	})
	t.Run("by their real size where they lie about it", func(t *testing.T) {
		t.Parallel()
		refused(t, lying(t), "damaged")
	})
}

// lying is a workbook whose sheet is far larger than the archive says.
func lying(t *testing.T) []byte {
	t.Helper()
	var b, packed bytes.Buffer
	text := []byte(strings.Repeat("<!-- filling -->", 1<<20))
	w, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(&b)
	p := parts("")
	delete(p, "xl/worksheets/sheet1.xml")
	for name, text := range p {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	raw, err := z.CreateRaw(&zip.FileHeader{Name: "xl/worksheets/sheet1.xml", Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(text),
		CompressedSize64: uint64(packed.Len()), UncompressedSize64: 100})
	if err == nil {
		_, err = raw.Write(packed.Bytes())
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAWorkbookWithAPasswordIsRefused(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	var b bytes.Buffer
	if err := f.Write(&b, excelize.Options{Password: "secret"}); err != nil {
		t.Fatal(err)
	}
	refused(t, b.Bytes(), "password")
}

func TestAWorkbookOfAnotherProgramIsRead(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	for cell, value := range map[string]any{"A1": "slug", "B1": "name", "C1": "from", "A2": "hill-school", "B2": "Hill School", "A4": 118300, "B4": "By its URN"} {
		if err := f.SetCellValue("Sheet1", cell, value); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	lines, s := got(t, b.Bytes())
	if diff := cmp.Diff([]string{"hill-school|Hill School||", "118300|By its URN||"}, lines); diff != "" {
		t.Error(diff)
	}
	if s.Rows[1].Number != 4 {
		t.Errorf("the last row is %d, want 4", s.Rows[1].Number)
	}
}
