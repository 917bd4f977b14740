package membership_test

import (
	"maps"
	"testing"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
)

// remembering are the tables about bodies that keep every wording; those about authority have attempts of their own.
var remembering = []string{"organisation", "organisation_name", "agency_membership", "agency_membership_category",
	"organisation_identifier", "organisation_address", "post", "post_holder"}

// bodies is one row of each remembering table, free of anything that hangs on it, by the names that the attempts use.
func bodies(t *testing.T, db pg.DB) pgx.NamedArgs {
	t.Helper()
	free, used := membershiptest.Organisation(t, db), membershiptest.Organisation(t, db)
	agency := membershiptest.Agency(t, db, func(a *membershiptest.AgencyMade) { a.Body = used })
	given := pgx.NamedArgs{"organisation": free.ID, "used": used.ID, "slug": used.Slug, "agency_membership": agency.ID, "nobody": int64(-1),
		"person": membershiptest.Person(t, db)}
	one := func(name, sql string) {
		var found int64
		if err := db.QueryRow(t.Context(), sql, pgx.NamedArgs(maps.Clone(given))).Scan(&found); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		given[name] = found
	}
	one("organisation_name", `SELECT id FROM organisation_name WHERE organisation_id = @used`)
	one("agency_membership_category", `SELECT id FROM agency_membership_category WHERE membership_id = @agency_membership`)
	one("organisation_identifier", `INSERT INTO organisation_identifier (organisation_id, scheme, value) VALUES (@used, 'urn', '123456') RETURNING id`)
	one("organisation_address", `INSERT INTO organisation_address (organisation_id, address, postcode) VALUES (@used, 'County Hall', 'ME14 1XQ') RETURNING id`)
	one("post", `INSERT INTO post (organisation_id, title, email, is_contact) VALUES (@used, 'Head', 'head@school.example', true) RETURNING id`)
	one("post_holder", `INSERT INTO post_holder (post_id, name) VALUES (@post, 'A. Holder') RETURNING id`)
	return given
}

// change is a harmless edit of a row of the table.
var change = map[string]string{
	"organisation": `note = 'x'`, "organisation_name": `ends_on = '2030-01-01'`, "agency_membership": `ends_on = '2030-01-01'`,
	"organisation_identifier": `ends_on = '2030-01-01'`, "organisation_address": `ends_on = '2030-01-01'`, "post": `title = 'Headteacher'`,
	"post_holder": `ends_on = '2030-01-01'`,
}

// memoryAttempts are those that every remembering table has to withstand in the same way.
func memoryAttempts(table string) []pgtest.Attempt {
	retract := `UPDATE ` + table + ` SET retracted_reason = 'typed twice' WHERE id = @` + table
	stamp := func(column string) string {
		return `SELECT CASE WHEN ` + column + ` > now() - interval '1 minute' THEN 'now' ELSE 'then' END FROM ` + table + ` WHERE id = @` + table
	}
	past := `SELECT count(*)::text FROM ` + table + `_past WHERE id = @` + table
	list := []pgtest.Attempt{
		{Name: table + " is retracted", SQL: retract, Want: "now", Shows: stamp("retracted_at")},
		{Name: table + " is retracted without a reason", SQL: `UPDATE ` + table + ` SET retracted_reason = ' ' WHERE id = @` + table, Want: table + "_retracted_with_reason"},
		{Name: table + " is retracted for good", After: []string{retract}, SQL: `UPDATE ` + table + ` SET retracted_reason = NULL WHERE id = @` + table, Want: "retracted_final"},
		{Name: table + " is retracted at no time past the triggers", Unguarded: true, SQL: retract, Want: table + "_retracted_whole"},
		{Name: table + " remembers what it said", SQL: retract, Want: "1", Shows: past},
		{Name: "the past of " + table + " is rewritten", After: []string{retract}, As: pgtest.AsOwner, SQL: `UPDATE ` + table + `_past SET known_until = now()`, Want: table + "_past_insert_only"},
		{Name: "the past of " + table + " is emptied", As: pgtest.AsOwner, SQL: `TRUNCATE ` + table + `_past`, Want: table + "_past_insert_only"},
		{Name: "the past of " + table + " is invented", SQL: `INSERT INTO ` + table + `_past SELECT now(), x.* FROM ` + table + ` x LIMIT 1`, Want: denied},
	}
	if edit, ok := change[table]; ok {
		list = append(list, pgtest.Attempt{Name: table + " is changed and remembers it", SQL: `UPDATE ` + table + ` SET ` + edit + ` WHERE id = @` + table, Want: "1", Shows: past})
	}
	return list
}

func bodyAttempts() []pgtest.Attempt {
	add := func(name, table, want string, row pgtest.Row, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: name, SQL: row.With(changes...).Into(table), Want: want}
	}
	owner := func(a pgtest.Attempt) pgtest.Attempt { a.As = pgtest.AsOwner; return a }
	organisation := pgtest.Row{"slug": `'new-body'`, "kind": `'other'`}
	name := pgtest.Row{"organisation_id": `@used`, "name": `'Other'`, "starts_on": `'2020-01-01'`}
	agency := pgtest.Row{"organisation_id": `@organisation`, "basis": `'chosen'`, "starts_on": `'2020-01-01'`}
	category := pgtest.Row{"membership_id": `@agency_membership`, "paragraph": `5`}
	code := pgtest.Row{"organisation_id": `@organisation`, "scheme": `'ods'`, "value": `'91Q'`}
	address := pgtest.Row{"organisation_id": `@organisation`, "address": `'County Hall'`}
	post := pgtest.Row{"organisation_id": `@organisation`, "title": `'Clerk'`}
	holder := pgtest.Row{"post_id": `@post`, "name": `'B. Holder'`}
	list := []pgtest.Attempt{
		add("an organisation is added", "organisation", "", organisation),
		add("an organisation takes another's address", "organisation", "organisation_slug_key", organisation, "slug", `@slug`),
		add("an organisation has no address", "organisation", "organisation_slug_form", organisation, "slug", `'Two Words'`),
		add("an organisation is of no known kind", "organisation", "organisation_kind_known", organisation, "kind", `'church'`),
		add("an organisation has too long a note", "organisation", "organisation_note_length", organisation, "note", `repeat('x', 2001)`),
		add("an organisation ends before it begins", "organisation", "organisation_ends_after_start", organisation, "starts_on", `'2020-01-01'`, "ends_on", `'2019-01-01'`),
		owner(add("an organisation has a number that was used", "organisation", "organisation_pkey", organisation, "id", `@used`)),
		{Name: "an organisation on which something hangs is retracted", SQL: `UPDATE organisation SET retracted_reason = 'x' WHERE id = @used`, Want: "organisation_retracted_unused"},
		add("a second name on one day", "organisation_name", "organisation_name_no_overlap", name),
		add("a name of nothing", "organisation_name", "organisation_name_length", name, "name", `' '`, "organisation_id", `@nobody`),
		add("a name of no organisation", "organisation_name", "organisation_name_organisation_fkey", name, "organisation_id", `@nobody`),
		owner(add("a name with a number that was used", "organisation_name", "organisation_name_pkey", name, "id", `@organisation_name`)),
		add("an agency is named", "agency_membership", "", agency),
		add("an agency is named twice at once", "agency_membership", "agency_membership_no_overlap", agency, "organisation_id", `@used`),
		add("an agency is named on no known basis", "agency_membership", "agency_membership_basis_known", agency, "basis", `'liked'`),
		add("an agency is named for too long a reason", "agency_membership", "agency_membership_reason_length", agency, "reason", `repeat('x', 2001)`),
		add("an agency of no organisation", "agency_membership", "agency_membership_organisation_fkey", agency, "organisation_id", `@nobody`),
		owner(add("an agency with a number that was used", "agency_membership", "agency_membership_pkey", agency, "id", `@agency_membership`)),
		add("a category is added", "agency_membership_category", "", category),
		add("a category is added twice", "agency_membership_category", "agency_membership_category_once", category, "paragraph", `4`),
		add("a category of no agency", "agency_membership_category", "agency_membership_category_membership_fkey", category, "membership_id", `@nobody`),
		add("a category that the Schedule does not have", "agency_membership_category", "agency_membership_category_paragraph_fkey", category, "paragraph", `999`),
		owner(add("a category with a number that was used", "agency_membership_category", "agency_membership_category_pkey", category, "id", `@agency_membership_category`)),
		add("a code is added", "organisation_identifier", "", code),
		add("a code of an unknown register", "organisation_identifier", "organisation_identifier_scheme_known", code, "scheme", `'isbn'`, "value", `'12345678'`),
		add("a code of the wrong shape", "organisation_identifier", "organisation_identifier_form", code, "value", `'lower'`),
		add("a code that another body holds", "organisation_identifier", "organisation_identifier_one_holder", code, "scheme", `'urn'`, "value", `'123456'`),
		add("a second code of one register", "organisation_identifier", "organisation_identifier_one_of_a_scheme", code, "organisation_id", `@used`, "scheme", `'urn'`, "value", `'654321'`),
		add("a code of no organisation", "organisation_identifier", "organisation_identifier_organisation_fkey", code, "organisation_id", `@nobody`),
		owner(add("a code with a number that was used", "organisation_identifier", "organisation_identifier_pkey", code, "id", `@organisation_identifier`)),
		add("an address is added", "organisation_address", "", address),
		add("a second address on one day", "organisation_address", "organisation_address_no_overlap", address, "organisation_id", `@used`),
		add("an address of nothing", "organisation_address", "organisation_address_length", address, "address", `' '`),
		add("a postcode of the wrong shape", "organisation_address", "organisation_address_postcode_form", address, "postcode", `'KENT'`),
		add("an address of no organisation", "organisation_address", "organisation_address_organisation_fkey", address, "organisation_id", `@nobody`),
		owner(add("an address with a number that was used", "organisation_address", "organisation_address_pkey", address, "id", `@organisation_address`)),
		add("a post is added", "post", "", post),
		add("a post without a title", "post", "post_title_length", post, "title", `' '`),
		add("a post with half an address", "post", "post_email_form", post, "email", `'head'`),
		add("a post with a number of words", "post", "post_phone_form", post, "phone", `'ask inside'`),
		add("a contact that can't be reached", "post", "post_contact_reachable", post, "is_contact", `true`),
		add("a post of no organisation", "post", "post_organisation_fkey", post, "organisation_id", `@nobody`),
		owner(add("a post with a number that was used", "post", "post_pkey", post, "id", `@post`)),
		add("a holder is added", "post_holder", "", holder),
		add("a holder without a name", "post_holder", "post_holder_name_length", holder, "name", `' '`),
		add("a holder of no post", "post_holder", "post_holder_post_fkey", holder, "post_id", `@nobody`),
		add("a holder with nobody's account", "post_holder", "post_holder_account_fkey", holder, "account_id", `@nobody`),
		owner(add("a holder with a number that was used", "post_holder", "post_holder_pkey", holder, "id", `@post_holder`)),
	}
	for _, table := range remembering {
		list = append(list, memoryAttempts(table)...)
	}
	return list
}

// Every attempt on the dated facts is refused, and every guard of theirs has an attempt that dies with it.
func TestNoGuardOfDatedFactsIsIdle(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t, pgtest.PoolSize(2))
	given := bodies(t, db.App)
	attempts := bodyAttempts()
	pgtest.Refused(t, db.Owner, given, attempts)
	tables := remembering
	for _, table := range remembering {
		tables = append(tables, table+"_past")
	}
	pgtest.Killed(t, db, given, attempts, pgtest.Guards(t, db.Owner, tables...), map[string]string{
		"agency_membership_ends_after_start":                                              "the range of its days can't be made",
		"trigger organisation_decision_guarded":                                           "told by the attempts on decisions",
		"organisation_decision_guard 1: organisation_retracted_unused":                    "told by the attempts on decisions",
		"trigger organisation_contributions":                                              "told by the attempts on contributions",
		"organisation_contribution_guard 1: organisation_exists_for_contributions":        "told by the attempts on contributions",
		"organisation_contribution_guard 2: organisation_retracted_without_contributions": "told by the attempts on contributions",
		"trigger organisation_ledger":                                                     "told by the attempts on the ledger",
		"organisation_ledger_guard 1: organisation_exists_for_ledger":                     "told by the attempts on the ledger",
		"organisation_ledger_guard 2: organisation_retracted_without_ledger":              "told by the attempts on the ledger",
		"trigger organisation_groups":                                                     "told by the attempts on groups",
		"organisation_group_guard 1: organisation_retracted_unused":                       "told by the attempts on groups",
		"trigger organisation_days_guard":                                                 "told by the attempts on successions",
		"organisation_days_guard 1: organisation_ends_after_succession":                   "told by the attempts on successions",
	})
}

// Knowledge is kept though the row is changed and changed back, and nothing is kept where nothing changed.
func TestEveryWordingIsKeptOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	body := membershiptest.Organisation(t, db)
	for _, note := range []string{"first", "first", "second", "first"} {
		exec(t, db, `UPDATE organisation SET note = $2 WHERE id = $1`, body.ID, note)
	}
	exec(t, db, `UPDATE organisation_name SET ends_on = $2 WHERE organisation_id = $1`, body.ID, day.Must("2030-01-01"))
	rows, _ := db.Query(t.Context(), `
		SELECT note FROM (SELECT note, known_until FROM organisation_past WHERE id = $1 UNION ALL SELECT note, 'infinity' FROM organisation WHERE id = $1) w
		ORDER BY known_until`, body.ID)
	wordings, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	if len(wordings) != 4 || wordings[0] != "" || wordings[1] != "first" || wordings[2] != "second" || wordings[3] != "first" {
		t.Errorf("the wordings kept are %q", wordings)
	}
	var gaps int
	if err := db.QueryRow(t.Context(), `
		SELECT count(*) FROM organisation_past p WHERE id = $1 AND NOT EXISTS (
			SELECT FROM (SELECT known_from FROM organisation_past WHERE id = $1 UNION ALL SELECT known_from FROM organisation WHERE id = $1) n
			WHERE n.known_from = p.known_until)`, body.ID).Scan(&gaps); err != nil || gaps != 0 {
		t.Errorf("%d wordings end without another beginning, %v", gaps, err)
	}
}
