package server_test

import (
	"net/http"
	"strings"
	"testing"

	"partnershipportal/internal/arrangement/librarytest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/web/route"
)

// tableExpectations are the lists of the desk as files.
func tableExpectations() []expectation {
	var rows []expectation
	for _, path := range []func(string) string{route.CSV, route.XLSX} {
		rows = append(rows,
			open("GET "+path(route.Documents), http.StatusOK),
			desk("GET "+path(route.DeskSuccessions), http.StatusOK),
			desk("GET "+path(route.DeskAgencyCategories), http.StatusOK),
			desk("GET "+path(route.DeskCorrections), http.StatusOK),
			desk("GET "+path(route.DeskImport), http.StatusOK),
			desk("GET "+path(route.DeskPosts), http.StatusOK),
			administration("GET "+path(route.AdminUsers), http.StatusOK),
			desk("GET "+path(route.DeskOrganisations), http.StatusOK).with("scrutineer", scrutineer, http.StatusForbidden),
			closed("GET "+path(route.DeskAppointments)).with("business support", support, 200).with("administrator", admin, 200).
				with("scrutineer", scrutineer, 200).with("lead officer", lead, 403).with("private office", office, 403).with("agency staff", staff, 403),
		)
	}
	return rows
}

// Every list that is offered as a file is offered below its page, and the file has its header and its rows.
func TestListsAreOfferedAsFiles(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	makeImports(t, s.db)
	membershiptest.Agency(t, s.db)
	librarytest.New(t, s.db).Publish(t)
	for path, c := range map[string]struct {
		role authz.Role
		head string
	}{
		route.Documents: {"", "Document"}, route.DeskAgencyCategories: {authz.BusinessSupport, "Paragraph"}, route.DeskImport: {authz.BusinessSupport, "File"},
		route.AdminUsers: {authz.Administrator, "Name"}, route.DeskOrganisations: {authz.BusinessSupport, "Name"}, route.Agencies: {"", "Name"},
	} {
		b := s.visitor()
		if c.role != "" {
			b = s.asRole(c.role)
		}
		if page := b.get(path).want(http.StatusOK).body; !strings.Contains(page, `href="`+route.CSV(path)+`"`) || !strings.Contains(page, `href="`+route.XLSX(path)+`"`) {
			t.Errorf("%s does not offer its files", path)
		}
		if file := b.get(route.CSV(path)).want(http.StatusOK).body; !strings.HasPrefix(file, `"`+c.head+`"`) || strings.Count(file, "\r\n") < 2 {
			t.Errorf("the file of %s is %q", path, file)
		}
	}
	for _, path := range []string{route.DeskSuccessions, route.DeskCorrections, route.DeskPosts} {
		s.asRole(authz.BusinessSupport).get(path).shows("Download this list")
	}
}
