package server

import (
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"
)

// showCSV answers with a table as a file. Every cell is quoted, and none can be taken for a formula.
func showCSV(w http.ResponseWriter, name string, rows [][]string) error {
	var b strings.Builder
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(`"` + strings.ReplaceAll(harmless(cell), `"`, `""`) + `"`)
		}
		b.WriteString("\r\n")
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8; header=present")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	if w.Header().Get("Cache-Control") == "" { // signed-in pages have a stricter one already
		w.Header().Set("Cache-Control", "no-cache")
	}
	w.Header().Set("Content-Length", strconv.Itoa(b.Len()))
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write([]byte(b.String())) // the client may be gone
	return nil
}

// formulaStarts begin what spreadsheets take for a formula, full-width forms included.
const formulaStarts = "=+-@\t\r\n＝＋－＠"

// harmless puts an apostrophe before what a spreadsheet would take for a formula.
func harmless(cell string) string {
	if first, _ := utf8.DecodeRuneInString(cell); cell != "" && strings.ContainsRune(formulaStarts, first) {
		return "'" + cell
	}
	return cell
}
