package server_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/sheet"
	"partnershipportal/web/route"
)

// importFixtures are a file that was only previewed and one that was imported.
type importFixtures struct{ previewed, applied id.Import }

func makeImports(t testing.TB, db pg.DB) (f importFixtures) {
	t.Helper()
	members, by := membership.New(db, membership.NoLetters{}, time.Now), authz.System("test")
	for _, which := range []*id.Import{&f.previewed, &f.applied} {
		p, err := members.PreviewImport(t.Context(), by, membership.ImportCommand{Register: membership.RegisterAgencies, FileName: "schools.csv", Data: []byte(schools())})
		if err != nil || len(p.Problems) > 0 {
			t.Fatalf("%v, %v", p.Problems, err)
		}
		*which = p.ID
	}
	if _, err := members.ApplyImport(t.Context(), by, f.applied); err != nil {
		t.Fatal(err)
	}
	return f
}

// schools is a file with two new schools.
func schools() string {
	u := membershiptest.Unique()
	return "slug,name,kind,basis,categories,reason,from,to\nhill-" + u + ",Hill School " + u + ",education,chosen,4,Every school,01/09/2019,\n" +
		"dale-" + u + ",Dale School " + u + ",education,chosen,4,Every school,01/09/2019,31/08/2024\n"
}

func importExpectations() []expectation {
	previewed := func(act string) func(fixtures) string {
		return func(f fixtures) string { return route.DeskImportTo(f.imports.previewed) + act }
	}
	applied := func(act string) func(fixtures) string {
		return func(f fixtures) string { return route.DeskImportTo(f.imports.applied) + act }
	}
	rows := []expectation{
		desk("GET "+route.DeskImport, http.StatusOK).with("scrutineer", scrutineer, http.StatusForbidden),
		desk("POST "+route.DeskImport, http.StatusUnprocessableEntity),
		desk("GET "+route.DeskImportRun, http.StatusOK).at(previewed("")),
		desk("POST "+route.DeskImportApply, http.StatusConflict).at(applied("/apply")),
		desk("GET "+route.DeskImportUndo, http.StatusOK).at(applied("/undo")),
		desk("POST "+route.DeskImportUndo, http.StatusUnprocessableEntity).at(applied("/undo")),
	}
	for _, path := range []func(string) string{route.CSV, route.XLSX} {
		of := string(membership.RegisterAgencies)
		rows = append(rows,
			desk("GET "+path(route.DeskImportTemplate), http.StatusOK).at(func(fixtures) string { return path(route.DeskImportTemplateTo(of)) }),
			desk("GET "+path(route.DeskImportRegister), http.StatusOK).at(func(fixtures) string { return path(route.DeskImportRegisterTo(of)) }),
		)
	}
	return rows
}

// importFile sends a file as the form of the page does.
func (b *browser) importFile(register, name string, data []byte) answer {
	b.site.t.Helper()
	return b.sendParcel(route.DeskImport, parcel{fields: url.Values{"register": {register}}, files: map[string]sentFile{"file": {name, data}}})
}

func TestAFileIsImportedAndUndoneByClicking(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	support := s.asRole(authz.BusinessSupport)
	support.get(route.DeskOrganisations).shows("Import from a spreadsheet")
	support.get(route.DeskImport).want(http.StatusOK).shows("Nothing has been imported yet", "Import from a spreadsheet", "Relevant agencies", "paragraph numbers or names")
	text := schools()
	name := strings.Split(text, ",")[9-1]
	sent := support.importFile("agencies", "schools.csv", []byte(text)).want(http.StatusSeeOther)
	run := sent.header.Get("Location")
	preview := support.get(run).want(http.StatusOK).shows("schools.csv", "Preview only", "2 added", "What it would do", name, "New organisation; Relevant agency from 1 September 2019", "Import 2 rows")
	preview.hides("Undo this import")
	s.visitor().get(route.Agencies).hides(name)
	support.post(run+"/apply", nil).leadsTo(run)
	support.get(run).shows("The file is imported", "Imported", "What it did", "Undo this import").hides("Do not import")
	s.visitor().get(route.Agencies).shows(name)
	support.post(run+"/apply", nil).want(http.StatusConflict).shows("confirmed already")
	support.get(route.DeskImport).shows("schools.csv", "2 added")

	again := support.importFile("agencies", "schools.csv", []byte(text)).want(http.StatusSeeOther).header.Get("Location")
	support.get(again).shows("The file says only what is known already", "2 rows say what is known already").hides("Import 2 rows")
	support.get(again + "/undo").want(http.StatusConflict).shows("never confirmed")

	support.get(run+"/undo").want(http.StatusOK).shows("What is taken back", "Why is it undone?")
	support.post(run+"/undo", url.Values{"reason": {" "}}).want(http.StatusUnprocessableEntity).shows("Enter why the import is undone")
	support.post(run+"/undo", url.Values{"reason": {"The wrong list"}}).leadsTo(run)
	support.get(run).shows("The import is undone", "The wrong list", "Undone").hides("Undo this import")
	s.visitor().get(route.Agencies).hides(name)
	support.get(run + "/undo").want(http.StatusConflict).shows("undone already")
	support.get(route.DeskImportTo(id.Import(1 << 40))).want(http.StatusNotFound)
	support.get(route.DeskImport + "?before=x").want(http.StatusNotFound)
}

func TestAnUndoThatIsNotPossibleSaysWhy(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	support := s.asRole(authz.BusinessSupport)
	text := schools()
	slug := strings.TrimPrefix(strings.SplitN(strings.Split(text, "\n")[1], ",", 2)[0], "")
	run := support.importFile("agencies", "schools.csv", []byte(text)).want(http.StatusSeeOther).header.Get("Location")
	support.post(run+"/apply", nil).leadsTo(run)
	support.post(route.DeskOrganisationTo(slug)+"/rename", merge(url.Values{"name": {"Another name"}}, dateFields("starts", "2020-01-01"))).want(http.StatusSeeOther)
	support.get(run+"/undo").want(http.StatusOK).shows("cannot be undone", slug, "it was given another name").hides("Why is it undone?")
	support.post(run+"/undo", url.Values{"reason": {"The wrong list"}}).want(http.StatusConflict).shows("Nothing was undone")
}

func TestAStalePreviewIsNotConfirmed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	support := s.asRole(authz.BusinessSupport)
	text := schools()
	first := support.importFile("agencies", "schools.csv", []byte(text)).header.Get("Location")
	other := support.importFile("agencies", "schools.csv", []byte(text)).header.Get("Location")
	support.post(first+"/apply", nil).leadsTo(first)
	support.post(other+"/apply", nil).want(http.StatusConflict).shows("The records have changed since")
	support.get(other).shows("The records have changed since this preview").hides("Do not import")
}

func TestAFileWithErrorsIsRefusedRowByRow(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	support := s.asRole(authz.BusinessSupport)
	support.post(route.DeskImport, url.Values{"register": {"agencies"}}).want(http.StatusUnprocessableEntity).shows("Choose a CSV or .xlsx file")
	support.importFile("", "a.csv", []byte(schools())).want(http.StatusUnprocessableEntity).shows("Choose what the file lists")
	support.importFile("castles", "a.csv", []byte(schools())).want(http.StatusUnprocessableEntity).shows("Choose what the file lists")
	support.importFile("agencies", "a.csv", nil).want(http.StatusUnprocessableEntity).shows("The file is empty")
	support.importFile("agencies", "a.csv", []byte("slug,name,from,basis\na,Zo\xeb,,\n")).want(http.StatusUnprocessableEntity).shows("Line 2 is not in UTF-8", "CSV UTF-8")
	support.importFile("agencies", "a.csv", []byte("slug,name,from,basis\nno-such,=1+1,31/02/2020,chosen\n\nno-such,,2020-01-01,because\n")).
		want(http.StatusUnprocessableEntity).shows("There is a problem", "What is wrong with the file", "2 name This is a formula", "2 from There is no such day", "4 basis “because” is none of these")
	support.importFile("agencies", "a.csv", []byte("slug,name,from,basis\nno-such,Hill,2020-01-01,chosen\n\nno-such-2,Dale,2020-01-01,because\n")).
		want(http.StatusUnprocessableEntity).shows("2 kind This is a new organisation", "4 basis “because” is none of these")
	support.importFile("organisations", "a.csv", bytes.Repeat([]byte("x"), sheet.MaxFile+1)).want(http.StatusUnprocessableEntity).shows("larger than 20 MB")
	support.get(route.DeskImport).shows("Nothing has been imported yet")
	support.get(route.CSV(route.DeskImportTemplateTo("castles"))).want(http.StatusNotFound)
	support.get(route.XLSX(route.DeskImportRegisterTo("castles"))).want(http.StatusNotFound)
}

func TestTheRegistersRoundTripThroughThePages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	support := s.asRole(authz.BusinessSupport)
	for range 3 {
		membershiptest.Agency(t, s.db, func(a *membershiptest.AgencyMade) { a.Reason = "=1+1" })
	}
	for _, of := range []membership.Register{membership.RegisterAgencies, membership.RegisterOrganisations} {
		for _, form := range []func(string) string{route.CSV, route.XLSX} {
			file := support.get(form(route.DeskImportRegisterTo(string(of)))).want(http.StatusOK)
			run := support.importFile(string(of), "list", []byte(file.body)).want(http.StatusSeeOther).header.Get("Location")
			support.get(run).shows("3 unchanged", "nothing to import")
		}
	}
	template := support.get(route.CSV(route.DeskImportTemplateTo("agencies"))).want(http.StatusOK)
	if !strings.HasPrefix(template.body, `"slug","name","kind","basis","categories","reason","from","to","urn"`) {
		t.Errorf("the template is %q", template.body)
	}
}

// endless gives so many bytes without holding them.
type endless struct{ left int }

func (e *endless) Read(p []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	n := min(len(p), e.left)
	e.left -= n
	for i := range p[:n] {
		p[i] = 'x'
	}
	return n, nil
}

// A file of 100 MB is refused with a page that says so: the portal listens until the browser has sent it all.
func TestAHugeUploadIsRefusedWithAPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	support := s.asRole(authz.BusinessSupport)
	portal := httptest.NewServer(s.srv)
	t.Cleanup(portal.Close)
	from, to := io.Pipe()
	kind := make(chan string, 1)
	go func() {
		w := multipart.NewWriter(to)
		kind <- w.FormDataContentType()
		part, err := w.CreateFormFile("file", "huge.csv")
		if err == nil {
			_, err = io.Copy(part, &endless{left: 100 << 20})
		}
		_ = to.CloseWithError(err) // nil ends the body
	}()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, portal.URL+route.DeskImport, from)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", <-kind)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for name, value := range support.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	got, err := portal.Client().Do(r)
	if err != nil {
		t.Fatalf("no answer: %v", err)
	}
	defer func() { _ = got.Body.Close() }() // only read
	page, err := io.ReadAll(got.Body)
	if err != nil || got.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(string(page), "larger than this page takes") {
		t.Errorf("answered %d, %v: %.300s", got.StatusCode, err, page)
	}
}
