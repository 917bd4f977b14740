package server

import (
	"bytes"
	"net/http"
	"strconv"

	"partnershipportal/internal/day"
	"partnershipportal/internal/sheet"
	"partnershipportal/web/route"
)

// tableOf makes a list into a table: what the request asks for, and the name of the file without its extension. Each
// list of the portal has one, from which both files come:
//
//	pub.table(route.Agencies, s.agenciesTable)                        // /agencies.csv and /agencies.xlsx
//	in.table(route.DeskOrganisations, who, s.deskOrganisationsTable)  // reads the same query as the page
//
// and its page offers them by page.Downloads{Path: route.Agencies, Query: queryOf(r)}. In the table of routes the two
// stand as route.CSV(route.Agencies) and route.XLSX(route.Agencies).
type tableOf func(*http.Request) (name string, t sheet.Table, err error)

func (p publicRoutes) table(path string, h tableOf) {
	p.get(route.CSV(path), showTable(h, asCSV))
	p.get(route.XLSX(path), showTable(h, asXLSX))
}

func (in innerRoutes) table(path string, who access, h tableOf) {
	in.get(route.CSV(path), who, showTable(h, asCSV))
	in.get(route.XLSX(path), who, showTable(h, asXLSX))
}

// tableFormat is how a table is given out.
type tableFormat struct {
	extension, contentType string
	write                  func(sheet.Table, *bytes.Buffer) error
}

var (
	asCSV = tableFormat{".csv", "text/csv; charset=utf-8; header=present",
		func(t sheet.Table, b *bytes.Buffer) error { return t.WriteCSV(b) }}
	asXLSX = tableFormat{".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		func(t sheet.Table, b *bytes.Buffer) error { return t.WriteXLSX(b) }}
)

func showTable(h tableOf, format tableFormat) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		name, t, err := h(r)
		if err != nil {
			return err
		}
		return sendTable(w, name, t, format)
	}
}

// sendTable answers with the table as a file.
func sendTable(w http.ResponseWriter, name string, t sheet.Table, format tableFormat) error {
	var b bytes.Buffer
	if err := format.write(t, &b); err != nil {
		return err
	}
	w.Header().Set("Content-Type", format.contentType)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+format.extension+`"`)
	if w.Header().Get("Cache-Control") == "" { // signed-in pages have a stricter one already
		w.Header().Set("Cache-Control", "no-cache")
	}
	w.Header().Set("Content-Length", strconv.Itoa(b.Len()))
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(b.Bytes()) // the client may be gone
	return nil
}

// queryOf is the query of the page as it is put behind the address of its files.
func queryOf(r *http.Request) string { return r.URL.Query().Encode() }

// tableName is the name of a file with a list of a day.
func tableName(list string, on day.Date) string { return list + "-" + on.String() }
