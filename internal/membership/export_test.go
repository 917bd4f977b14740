package membership

import (
	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
)

// PublicAgenciesSQL is the statement of a page of the public list.
func PublicAgenciesSQL(f AgencyFilter) (string, pgx.StrictNamedArgs) {
	return publicAgenciesSQL(f, AgencyPageSize+1, false)
}

// DeskAgenciesSQL is the statement of a page of the desk's list.
func DeskAgenciesSQL(f DeskAgencyFilter, today day.Date) (string, pgx.StrictNamedArgs) {
	return deskAgenciesSQL(f, today, AgencyPageSize+1, false)
}
