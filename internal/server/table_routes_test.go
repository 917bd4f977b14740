package server_test

import (
	"net/http"

	"partnershipportal/web/route"
)

// tableExpectations are the lists of the desk as files.
func tableExpectations() []expectation {
	var rows []expectation
	for _, path := range []func(string) string{route.CSV, route.XLSX} {
		rows = append(rows,
			desk("GET "+path(route.DeskOrganisations), http.StatusOK).with("scrutineer", scrutineer, http.StatusForbidden),
			closed("GET "+path(route.DeskAppointments)).with("business support", support, 200).with("administrator", admin, 200).
				with("scrutineer", scrutineer, 200).with("lead officer", lead, 403).with("private office", office, 403).with("agency staff", staff, 403),
		)
	}
	return rows
}
