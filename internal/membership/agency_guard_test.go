package membership_test

import (
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/account/accounttest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
)

// agencySituation is an agency with a member of staff, a post, a reader and two corrections, by the names that the attempts use.
func agencySituation(t *testing.T, db pg.DB) pgx.NamedArgs {
	t.Helper()
	one := func(sql string, args pgx.NamedArgs) int64 {
		t.Helper()
		var made int64
		if err := db.QueryRow(t.Context(), sql, args).Scan(&made); err != nil {
			t.Fatal(err)
		}
		return made
	}
	agency, other := membershiptest.Agency(t, db), membershiptest.Agency(t, db)
	given := pgx.NamedArgs{
		"body": agency.Body.ID, "other_body": other.Body.ID, "no_agency": membershiptest.Organisation(t, db).ID, "nobody": int64(-1),
		"staff":       accounttest.Account(t, db, accounttest.In(authz.AgencyStaff, agency.Body.ID)).ID,
		"other_staff": accounttest.Account(t, db, accounttest.In(authz.AgencyStaff, other.Body.ID)).ID,
		"support":     accounttest.Account(t, db, accounttest.In(authz.BusinessSupport)).ID,
	}
	const post = `INSERT INTO post (organisation_id, title, email) VALUES (@body, 'Headteacher', 'head@example.org') RETURNING id`
	given["post"] = one(post, pgx.NamedArgs{"body": agency.Body.ID})
	given["other_post"] = one(post, pgx.NamedArgs{"body": other.Body.ID})
	given["reader"] = one(`INSERT INTO agency_reader (organisation_id, name, email, capacity, starts_on) VALUES (@body, 'Ada', 'ada@example.org', 'leader', '2024-01-01') RETURNING id`, given)
	const correct = `INSERT INTO correction (organisation_id, field, words, proposed_by) VALUES (@body, 'name', 'Our name is wrong.', @staff) RETURNING id`
	given["waiting"], given["answered"] = one(correct, given), one(correct, given)
	exec(t, db, `UPDATE correction SET outcome = 'declined', answer = 'It is right.', decided_by = $2 WHERE id = $1`, given["answered"], given["support"])
	return given
}

func categoryAttempts() []pgtest.Attempt {
	row := pgtest.Row{"paragraph": `99`, "group_name": `'Group'`, "category": `'Wording'`, "confidence": `'confirmed'`, "source": `'A source'`}
	add := func(name, want string, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a category is added " + name, SQL: row.With(changes...).Into("agency_category"), Want: want}
	}
	return []pgtest.Attempt{
		add("properly", ""),
		add("twice", "agency_category_pkey", "paragraph", `4`),
		add("under no number", "agency_category_paragraph_positive", "paragraph", `0`),
		add("under too high a number", "agency_category_paragraph_positive", "paragraph", `1000`),
		add("without a group", "agency_category_group_length", "group_name", `' '`),
		add("without words", "agency_category_category_length", "category", `' '`),
		add("of another confidence", "agency_category_confidence_known", "confidence", `'sure'`),
		add("from too long a source", "agency_category_source_length", "source", `repeat('x', 301)`),
		add("as confirmed by nothing", "agency_category_confirmed_by_source", "source", `' '`),
		add("that ends before it begins", "agency_category_ends_after_start", "starts_on", `'2024-01-02'`, "ends_on", `'2024-01-01'`),
		{Name: "a category is put better", SQL: `UPDATE agency_category SET category = 'Better' WHERE paragraph = 4`,
			Shows: `SELECT category FROM agency_category_past WHERE paragraph = 4`, Want: "Governing body of a maintained school"},
		{Name: "a category is given another number", SQL: `UPDATE agency_category SET paragraph = 98 WHERE paragraph = 4`, Want: denied},
	}
}

func readerAttempts() []pgtest.Attempt {
	row := pgtest.Row{"organisation_id": `@body`, "name": `'Bo'`, "email": `'bo@example.org'`, "capacity": `'governor'`, "starts_on": `'2024-01-01'`}
	add := func(name, want string, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a reader is named " + name, SQL: row.With(changes...).Into("agency_reader"), Want: want}
	}
	set := func(name, want, what string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a reader is " + name, SQL: `UPDATE agency_reader SET ` + what + ` WHERE id = @reader`, Want: want}
	}
	used := add("under a number that was used", "agency_reader_pkey", "id", `@reader`)
	used.As = pgtest.AsOwner
	whole := set("retracted at no time past the triggers", "agency_reader_retracted_whole", `retracted_reason = 'Typed twice'`)
	whole.Unguarded = true
	again := set("retracted for good", "retracted_final", `retracted_reason = NULL`)
	again.After = []string{`UPDATE agency_reader SET retracted_reason = 'Typed twice' WHERE id = @reader`}
	stamped := set("retracted", "now", `retracted_reason = 'Typed twice'`)
	stamped.Shows = `SELECT CASE WHEN retracted_at > now() - interval '1 minute' THEN 'now' ELSE 'then' END FROM agency_reader WHERE id = @reader`
	return []pgtest.Attempt{
		add("properly", ""), used, whole, again, stamped,
		add("with the account of its staff", "", "account_id", `@staff`),
		add("with the account of another agency's staff", "agency_reader_account_of_agency", "account_id", `@other_staff`),
		add("for a body that is no agency", "agency_reader_is_agency", "organisation_id", `@no_agency`),
		add("without a name", "agency_reader_name_length", "name", `' '`),
		add("without an address", "agency_reader_email_form", "email", `'bo'`),
		add("in capitals", "agency_reader_email_form", "email", `'Bo@example.org'`),
		add("with too long a post", "agency_reader_post_length", "post", `repeat('x', 201)`),
		add("in another capacity", "agency_reader_capacity_known", "capacity", `'visitor'`),
		add("twice in one capacity", "agency_reader_once", "email", `'ada@example.org'`, "capacity", `'leader'`),
		add("in two capacities", "", "email", `'ada@example.org'`),
		set("given the account of others", "agency_reader_account_of_agency", `account_id = @other_staff`),
		set("retracted without a reason", "agency_reader_retracted_with_reason", `retracted_reason = ' '`),
		set("moved to another agency", denied, `organisation_id = @other_body`),
		{Name: "a reader is seen by the public", As: pg.RolePublic, SQL: `SELECT FROM public.agency_reader`, Want: denied},
	}
}

func correctionAttempts() []pgtest.Attempt {
	row := pgtest.Row{"organisation_id": `@body`, "field": `'name'`, "words": `'It is wrong.'`, "proposed_by": `@staff`}
	add := func(name, want string, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a correction is proposed " + name, SQL: row.With(changes...).Into("correction"), Want: want}
	}
	set := func(name, want, what string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a correction is " + name, SQL: `UPDATE correction SET ` + what + ` WHERE id = @waiting`, Want: want}
	}
	used := add("under a number that was used", "correction_pkey", "id", `@waiting`)
	used.As = pgtest.AsOwner
	accepted := set("accepted", "now", `outcome = 'accepted', decided_by = @support`)
	accepted.Shows = `SELECT CASE WHEN decided_at > now() - interval '1 minute' THEN 'now' ELSE 'then' END FROM correction WHERE id = @waiting`
	return []pgtest.Attempt{
		add("properly", ""), used, accepted,
		add("for a post", "", "field", `'post-email'`, "post_id", `@post`, "suggested", `'office@example.org'`),
		add("for a post of another agency", "correction_post_of_agency", "field", `'post-email'`, "post_id", `@other_post`, "suggested", `'office@example.org'`),
		add("for a post that it does not name", "correction_post_for_its_fields", "field", `'post-email'`, "suggested", `'office@example.org'`),
		add("of a post without a value", "correction_post_with_value", "field", `'post-email'`, "post_id", `@post`),
		add("of something else", "correction_field_known", "field", `'weather'`),
		add("without words", "correction_words_length", "words", `' '`),
		add("with too long a suggestion", "correction_suggested_length", "suggested", `repeat('x', 2001)`),
		add("by another agency's staff", "correction_proposed_by_agency", "proposed_by", `@other_staff`),
		add("by business support", "correction_proposed_by_agency", "proposed_by", `@support`),
		set("accepted by who proposed it", "correction_two_people", `outcome = 'accepted', decided_by = @staff`),
		set("decided otherwise", "correction_outcome_known", `outcome = 'maybe', decided_by = @support`),
		set("declined without a reason", "correction_declined_with_reason", `outcome = 'declined', decided_by = @support`),
		set("decided by nobody", "correction_decided_whole", `outcome = 'accepted'`),
		set("decided by nobody that exists", "correction_decided_by_fkey", `outcome = 'accepted', decided_by = @nobody`),
		set("answered at too great length", "correction_answer_length", `outcome = 'accepted', decided_by = @support, answer = repeat('x', 2001)`),
		set("applied without being accepted", "correction_applied_when_accepted", `applied = true`),
		set("put in other words", denied, `words = 'Nothing is wrong.'`),
		{Name: "a correction is answered twice", SQL: `UPDATE correction SET outcome = 'accepted' WHERE id = @answered`, Want: "correction_final"},
		{Name: "a correction is deleted by the owner", As: pgtest.AsOwner, SQL: `DELETE FROM correction WHERE id = @answered`, Want: "correction_kept"},
		{Name: "the corrections are emptied by the owner", As: pgtest.AsOwner, SQL: `TRUNCATE correction`, Want: "correction_kept"},
		{Name: "the past of readers is changed by the owner", As: pgtest.AsOwner, After: []string{`UPDATE agency_reader SET name = 'Eve' WHERE id = @reader`},
			SQL: `UPDATE agency_reader_past SET name = 'Bo'`, Want: "agency_reader_past_insert_only"},
		{Name: "the past of readers is emptied by the owner", As: pgtest.AsOwner, SQL: `TRUNCATE agency_reader_past`, Want: "agency_reader_past_insert_only"},
		{Name: "the past of categories is changed by the owner", As: pgtest.AsOwner, After: []string{`UPDATE agency_category SET category = 'Better' WHERE paragraph = 4`},
			SQL: `DELETE FROM agency_category_past`, Want: "agency_category_past_insert_only"},
		{Name: "the past of categories is emptied by the owner", As: pgtest.AsOwner, SQL: `TRUNCATE agency_category_past`, Want: "agency_category_past_insert_only"},
	}
}

// Every attempt is refused, and every guard has an attempt that dies with it: none can be lost unnoticed.
func TestNoGuardOfAgenciesIsIdle(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t, pgtest.PoolSize(2))
	given := agencySituation(t, db.App)
	attempts := slices.Concat(categoryAttempts(), readerAttempts(), correctionAttempts())
	pgtest.Refused(t, db.Owner, given, attempts)
	pgtest.Killed(t, db, given, attempts, pgtest.Guards(t, db.Owner, "agency_category", "agency_category_past", "agency_reader", "agency_reader_past", "correction"), map[string]string{
		"agency_reader_organisation_fkey": "the trigger asks for more first",
		"agency_reader_account_fkey":      "the trigger asks for more first",
		"correction_organisation_fkey":    "the trigger asks for more first",
		"correction_proposed_by_fkey":     "the trigger asks for more first",
		"correction_post_fkey":            "the trigger asks for more first",
	})
}
