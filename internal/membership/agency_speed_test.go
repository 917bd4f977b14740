package membership_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/demo"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
)

// limit is what a list may take on the server.
const limit = 50 * time.Millisecond

// thousands is a database with 5,000 agencies and 20 years of changes.
func thousands(t testing.TB) *pgtest.DB {
	t.Helper()
	db := pgtest.Database(t)
	err := pgx.BeginFunc(t.Context(), db.App, func(tx pgx.Tx) error {
		return demo.LoadBulk(t.Context(), tx, demo.Bulk{Agencies: 5000, Years: 20, Today: day.Of(now())})
	})
	if err == nil {
		_, err = db.Owner.Exec(t.Context(), `ANALYZE`)
	}
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// plan is how the database would go about a statement.
func plan(t *testing.T, db pg.DB, sql string, args pgx.StrictNamedArgs) string {
	t.Helper()
	rows, _ := db.Query(t.Context(), `EXPLAIN `+sql, args)
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatalf("explain: %v\n%s", err, sql)
	}
	return strings.Join(lines, "\n")
}

func TestListsOfThousandsUseTheirIndexes(t *testing.T) {
	t.Parallel()
	db := thousands(t)
	today := day.Of(now())
	after := membership.AgencyKey{Name: "mill", Organisation: 1}
	public := func(f membership.AgencyFilter) func() (pg.DB, string, pgx.StrictNamedArgs) {
		return func() (pg.DB, string, pgx.StrictNamedArgs) {
			f.On = today
			sql, args := membership.PublicAgenciesSQL(f)
			return db.Public, sql, args
		}
	}
	desk := func(f membership.DeskAgencyFilter) func() (pg.DB, string, pgx.StrictNamedArgs) {
		return func() (pg.DB, string, pgx.StrictNamedArgs) {
			sql, args := membership.DeskAgenciesSQL(f, today)
			return db.App, sql, args
		}
	}
	tests := []struct {
		name    string
		of      func() (pg.DB, string, pgx.StrictNamedArgs)
		indexes string // any of them
	}{
		{"the name of a body on a day", func() (pg.DB, string, pgx.StrictNamedArgs) {
			return db.App, `SELECT n.name FROM organisation_name n WHERE n.organisation_id = @of AND n.during @> @on::date AND n.retracted_at IS NULL`,
				pgx.StrictNamedArgs{"of": 17, "on": today}
		}, "organisation_name_day_idx organisation_name_no_overlap"},
		{"the first page of the public list", public(membership.AgencyFilter{}), "organisation_name_sorted_idx"},
		{"the page after a key of the public list", public(membership.AgencyFilter{After: after}), "organisation_name_sorted_idx"},
		{"the page before a key of the public list", public(membership.AgencyFilter{Before: after}), "organisation_name_sorted_idx"},
		{"a part of a name in the public list", public(membership.AgencyFilter{Text: "larkhurst"}), "organisation_name_part_idx"},
		{"the page after a key of the desk's list", desk(membership.DeskAgencyFilter{After: after}), "organisation_name_sorted_idx"},
		{"a part of a name in the desk's list", desk(membership.DeskAgencyFilter{Text: "larkhurst"}), "organisation_name_part_idx"},
		{"the agencies of a category", func() (pg.DB, string, pgx.StrictNamedArgs) {
			return db.App, `SELECT x.membership_id FROM agency_membership_category x WHERE x.paragraph = @category AND x.retracted_at IS NULL`,
				pgx.StrictNamedArgs{"category": 22}
		}, "agency_membership_category_paragraph_idx"},
		{"the agencies of a category in the desk's list", desk(membership.DeskAgencyFilter{Category: 22}),
			"agency_membership_category_paragraph_idx agency_membership_category_once"},
	}
	for _, tt := range tests {
		t.Run(tt.name+" goes by an index", func(t *testing.T) {
			q, sql, args := tt.of()
			how := plan(t, q, sql, args)
			for index := range strings.FieldsSeq(tt.indexes) {
				if strings.Contains(how, index) {
					return
				}
			}
			t.Errorf("the plan has none of %s:\n%s", tt.indexes, how)
		})
	}
}

func BenchmarkFiveThousandAgencies(b *testing.B) {
	db := thousands(b)
	today := day.Of(now())
	public, members := membership.NewPublic(db.Public), membership.New(db.App, membership.NoLetters{}, now)
	support := authz.Actor{Account: 1, Held: []authz.Held{{Role: authz.BusinessSupport}}}
	ctx := b.Context()
	middle := membership.AgencyKey{Name: "mill", Organisation: 1}
	lists := []struct {
		name string
		of   membership.AgencyFilter
	}{
		{"public/first-page", membership.AgencyFilter{}},
		{"public/page-after-a-key", membership.AgencyFilter{After: middle}},
		{"public/page-before-a-key", membership.AgencyFilter{Before: middle}},
		{"public/part-of-a-name", membership.AgencyFilter{Text: "mill"}},
		{"public/rare-name", membership.AgencyFilter{Text: "larkhurst"}},
		{"public/group", membership.AgencyFilter{Group: "Education and childcare"}},
		{"public/letter", membership.AgencyFilter{Letter: "w"}},
		{"public/ten-years-ago", membership.AgencyFilter{On: today.AddYears(-10)}},
		{"public/group-and-name-ten-years-ago", membership.AgencyFilter{On: today.AddYears(-10), Group: "Education and childcare", Text: "school"}},
	}
	for _, l := range lists {
		if l.of.On.IsZero() {
			l.of.On = today
		}
		b.Run(l.name, func(b *testing.B) {
			pgtest.Within(b, limit, func() error { _, err := public.AgencyPage(ctx, l.of); return err })
		})
	}
	b.Run("public/groups", func(b *testing.B) {
		pgtest.Within(b, limit, func() error { _, err := public.AgencyGroups(ctx, today); return err })
	})
	desk := []struct {
		name string
		of   membership.DeskAgencyFilter
	}{
		{"desk/first-page", membership.DeskAgencyFilter{}},
		{"desk/page-after-a-key", membership.DeskAgencyFilter{After: middle}},
		{"desk/category", membership.DeskAgencyFilter{Category: 22}},
		{"desk/part-of-a-name", membership.DeskAgencyFilter{Text: "mill"}},
		{"desk/ended", membership.DeskAgencyFilter{State: membership.AgencyEnded}},
		{"desk/without-category", membership.DeskAgencyFilter{Gap: membership.NoCategory}},
		{"desk/without-reader", membership.DeskAgencyFilter{Gap: membership.NoReader}},
		{"desk/in-no-version", membership.DeskAgencyFilter{Gap: membership.NoVersion}},
	}
	for _, l := range desk {
		b.Run(l.name, func(b *testing.B) {
			pgtest.Within(b, limit, func() error { _, err := members.DeskAgencies(ctx, support, l.of); return err })
		})
	}
}
