package sheet

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// WriteCSV writes the table as CSV in UTF-8. Every cell is quoted, and none can be taken for a formula.
func (t Table) WriteCSV(w io.Writer) error {
	var b bytes.Buffer
	writeRecord(&b, t.Header)
	for _, row := range t.Rows {
		writeRecord(&b, row)
	}
	_, err := b.WriteTo(w)
	return err
}

func writeRecord(b *bytes.Buffer, row []string) {
	for i, text := range row {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`"` + strings.ReplaceAll(guard(tidy(text)), `"`, `""`) + `"`)
	}
	b.WriteString("\r\n")
}

const (
	narrowest  = 10
	widest     = 60
	textFormat = 49 // "@": what is typed into the cell later stays text, too
	maxTitle   = 31 // characters of a sheet's name
)

// WriteXLSX writes the table as a workbook of one sheet. Every cell is text, so that nothing is computed and no digit
// is lost; the header stays in sight.
func (t Table) WriteXLSX(w io.Writer) (err error) {
	f := excelize.NewFile()
	defer func() {
		if failed := f.Close(); err == nil && failed != nil {
			err = fmt.Errorf("close the workbook: %w", failed)
		}
	}()
	title := t.sheetName()
	if err := f.SetSheetName("Sheet1", title); err != nil {
		return fmt.Errorf("name the sheet: %w", err)
	}
	head, body, err := styles(f)
	if err != nil {
		return err
	}
	s, err := f.NewStreamWriter(title)
	if err != nil {
		return fmt.Errorf("start the sheet: %w", err)
	}
	for i, width := range t.widths() {
		if err := s.SetColWidth(i+1, i+1, width); err != nil {
			return fmt.Errorf("set a width: %w", err)
		}
	}
	if err := s.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return fmt.Errorf("freeze the header: %w", err)
	}
	if err := writeRow(s, 1, t.Header, head); err != nil {
		return err
	}
	for i, row := range t.Rows {
		if err := writeRow(s, i+2, row, body); err != nil {
			return err
		}
	}
	if err := s.Flush(); err != nil {
		return fmt.Errorf("finish the sheet: %w", err)
	}
	if _, err := f.WriteTo(w); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	return nil
}

func styles(f *excelize.File) (head, body int, err error) {
	top := &excelize.Alignment{Vertical: "top", WrapText: true}
	if head, err = f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, NumFmt: textFormat, Alignment: top}); err != nil {
		return 0, 0, fmt.Errorf("style the header: %w", err)
	}
	if body, err = f.NewStyle(&excelize.Style{NumFmt: textFormat, Alignment: top}); err != nil {
		return 0, 0, fmt.Errorf("style the cells: %w", err)
	}
	return head, body, nil
}

func writeRow(s *excelize.StreamWriter, number int, row []string, style int) error {
	cells := make([]any, len(row))
	for i, text := range row {
		if text != "" {
			cells[i] = excelize.Cell{StyleID: style, Value: workbookText(text)}
		}
	}
	if err := s.SetRow(fmt.Sprintf("A%d", number), cells); err != nil {
		return fmt.Errorf("write row %d: %w", number, err)
	}
	return nil
}

// workbookText is a text as a cell of a workbook holds it. Text is never computed there, so only what the reader would
// take for a guard of ours gets one.
func workbookText(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || r == utf8.RuneError || r == 0xFFFE || r == 0xFFFF {
			return utf8.RuneError
		}
		return r
	}, tidy(text))
	if utf8.RuneCountInString(text) > MaxCell {
		text = string([]rune(text)[:MaxCell-1]) + "…"
	}
	if strings.HasPrefix(text, "'") {
		return guard(text)
	}
	return text
}

// sheetName is the title without what the name of a sheet must not have.
func (t Table) sheetName() string {
	name := strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) || r < 0x20 {
			return ' '
		}
		return r
	}, t.Title), "' ")
	if runes := []rune(name); len(runes) > maxTitle {
		name = strings.TrimRight(string(runes[:maxTitle]), "' ")
	}
	if name == "" {
		return "List"
	}
	return name
}

// widths fit the longest word or line of each column, within reason.
func (t Table) widths() []float64 {
	widths := make([]float64, len(t.Header))
	for i := range widths {
		widths[i] = narrowest
	}
	fit := func(row []string) {
		for i, text := range row {
			if i < len(widths) {
				widths[i] = min(widest, max(widths[i], float64(utf8.RuneCountInString(text)+2)))
			}
		}
	}
	fit(t.Header)
	for _, row := range t.Rows {
		fit(row)
	}
	return widths
}
