package arrangement_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
)

// withAnswer adds to a situation a draft's answer and a list of its edition: a confirmed must, a must and a should.
func withAnswer(t testing.TB, db pg.DB, given pgx.NamedArgs) {
	t.Helper()
	one := func(sql string, args pgx.NamedArgs) (row int64) {
		t.Helper()
		if err := db.QueryRow(context.Background(), sql, args).Scan(&row); err != nil {
			t.Fatal(err)
		}
		return row
	}
	given["edition"] = one(`SELECT guidance_edition_id FROM version WHERE id = @version`, pgx.NamedArgs{"version": given["draft"]})
	for number, name := range []string{"must", "doubtful", "should", "spare"} {
		kind, confidence := "must", "confirmed"
		if name == "should" || name == "spare" {
			kind = "should"
		}
		if name == "doubtful" {
			confidence = "unconfirmed"
		}
		given[name] = one(`INSERT INTO guidance_requirement (edition_id, number, kind, wording, confidence, source) VALUES (@edition, @number, @kind, 'So', @confidence, 'There') RETURNING id`,
			pgx.NamedArgs{"edition": given["edition"], "number": number + 1, "kind": kind, "confidence": confidence})
	}
	given["answered"] = one(`INSERT INTO requirement_coverage (version_id, requirement_id, reason) VALUES (@draft, @should, 'No need') RETURNING id`,
		pgx.NamedArgs{"draft": given["draft"], "should": given["should"]})
	given["elsewhere"] = one(`SELECT min(id) FROM guidance_requirement WHERE edition_id <> @edition`, pgx.NamedArgs{"edition": given["edition"]})
}

// requirementAttempts keep the lists of the guidance.
func requirementAttempts() []pgtest.Attempt {
	row := pgtest.Row{"edition_id": `@edition`, "number": `9`, "kind": `'must'`, "wording": `'So'`, "confidence": `'confirmed'`, "source": `'There'`}
	add := func(how, want string, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a requirement is added " + how, SQL: row.With(changes...).Into("guidance_requirement"), Want: want}
	}
	set := func(how, want, what string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a requirement is " + how, SQL: `UPDATE guidance_requirement SET ` + what + ` WHERE id = @spare`, Want: want}
	}
	const past = `SELECT count(*)::text || ' ' || min(wording) FROM guidance_requirement_past WHERE id = @spare`
	return []pgtest.Attempt{
		add("properly", ""), add("twice", "guidance_requirement_once", "number", `1`), add("under no number", "guidance_requirement_number_positive", "number", `0`),
		add("of no kind", "guidance_requirement_kind_known", "kind", `'may'`), add("without wording", "guidance_requirement_wording_length", "wording", `' '`),
		add("in no confidence", "guidance_requirement_confidence_known", "confidence", `'sure'`), add("from too long a source", "guidance_requirement_source_length", "source", `repeat('x', 301)`),
		add("as confirmed nowhere", "guidance_requirement_confirmed_by_source", "source", `' '`), add("to no edition", "guidance_requirement_edition_fkey", "edition_id", `@nobody`),
		add("as retracted", denied, "retracted_reason", `'typed twice'`), owner(add("under an identifier that was used", "", "id", `@spare`), "guidance_requirement_pkey"),
		showing(owner(add("as retracted", "", "retracted_reason", `'typed twice'`), "kept"), `SELECT CASE WHEN retracted_at IS NULL THEN 'kept' ELSE 'out' END FROM guidance_requirement WHERE edition_id = @edition AND number = 9`),
		showing(set("corrected", "1 So", `wording = 'Otherwise'`), past), set("moved", denied, `number = 8`), owner(set("moved", "", `number = 8`), "guidance_requirement_place"),
		owner(set("moved to another edition", "", `edition_id = (SELECT min(id) FROM guidance_edition)`), "guidance_requirement_place"),
		set("retracted without a reason", "guidance_requirement_retracted_with_reason", `retracted_reason = ' '`),
		showing(set("retracted", "now", `retracted_reason = 'typed twice'`), `SELECT CASE WHEN retracted_at > now() - interval '1 minute' THEN 'now' ELSE 'then' END FROM guidance_requirement WHERE id = @spare`),
		after(set("brought back", "retracted_final", `retracted_reason = NULL`), `UPDATE guidance_requirement SET retracted_reason = 'typed twice' WHERE id = @spare`),
		after(add("again after it was retracted", "", "number", `4`), `UPDATE guidance_requirement SET retracted_reason = 'typed twice' WHERE id = @spare`),
		unguarded(set("retracted at no time", "guidance_requirement_retracted_whole", `retracted_reason = 'typed twice'`)),
		{Name: "a requirement is deleted by the owner", As: pgtest.AsOwner, SQL: `DELETE FROM guidance_requirement WHERE id = @spare`, Want: "guidance_requirement_kept"},
		{Name: "the requirements are emptied by the owner", As: pgtest.AsOwner, SQL: `TRUNCATE guidance_requirement CASCADE`, Want: "guidance_requirement_kept"},
		{Name: "an edition is added without a title", SQL: `INSERT INTO guidance_edition (title, published_on, precision) VALUES (' ', '2031-01-01', 'day')`, Want: "guidance_edition_title_length"},
		after(pgtest.Attempt{Name: "an earlier wording is changed by the owner", As: pgtest.AsOwner, SQL: `UPDATE guidance_requirement_past SET wording = 'Never'`, Want: "guidance_requirement_past_insert_only"},
			`UPDATE guidance_requirement SET wording = 'Otherwise' WHERE id = @spare`),
		{Name: "the earlier wordings are emptied by the owner", As: pgtest.AsOwner, SQL: `TRUNCATE guidance_requirement_past`, Want: "guidance_requirement_past_insert_only"},
		{Name: "a kind of document is held against the list", SQL: `INSERT INTO document_kind_coverage VALUES ('framework')`, Want: denied},
		{Name: "a kind of document is held against the list twice", As: pgtest.AsOwner, SQL: `INSERT INTO document_kind_coverage VALUES ('arrangements')`, Want: "document_kind_coverage_pkey"},
	}
}

// coverageAttempts answer the requirements of a draft.
func coverageAttempts() []pgtest.Attempt {
	row := pgtest.Row{"version_id": `@draft`, "requirement_id": `@must`, "sections": `ARRAY[@draft_section::bigint]`}
	say := func(how, want string, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a requirement is answered " + how, SQL: row.With(changes...).Into("requirement_coverage"), Want: want}
	}
	set := func(how, want, what string) pgtest.Attempt {
		return pgtest.Attempt{Name: "an answer is " + how, SQL: `UPDATE requirement_coverage SET ` + what + ` WHERE id = @answered`, Want: want}
	}
	attempts := []pgtest.Attempt{
		say("properly", ""), say("twice", "requirement_coverage_once", "requirement_id", `@should`),
		say("by no section", "requirement_coverage_own_sections", "sections", `ARRAY[@nobody::bigint]`),
		say("by a section of another version", "requirement_coverage_own_sections", "sections", `ARRAY[@published_section::bigint]`),
		after(say("by a section that was deleted", "requirement_coverage_own_sections"), `UPDATE section SET removed_at = now() WHERE id = @draft_section`),
		say("by a reason, though it is a must", "requirement_coverage_must_met", "sections", `'{}'`, "reason", `'No need'`),
		say("by a reason, where the must is not confirmed", "", "requirement_id", `@doubtful`, "sections", `'{}'`, "reason", `'No need'`),
		say("by a reason, where it is a should", "", "requirement_id", `@spare`, "sections", `'{}'`, "reason", `'No need'`),
		say("by sections and a reason", "requirement_coverage_one_answer", "requirement_id", `@spare`, "reason", `'No need'`),
		say("at too great length", "requirement_coverage_reason_length", "requirement_id", `@spare`, "sections", `'{}'`, "reason", `repeat('x', 2001)`),
		say("of another edition", "requirement_coverage_of_edition", "requirement_id", `@elsewhere`),
		after(say("after it was retracted", "requirement_coverage_of_edition"), `UPDATE guidance_requirement SET retracted_reason = 'typed twice' WHERE id = @must`),
		forged(say("for a document of a kind that is not asked", "requirement_coverage_of_edition"), `UPDATE document SET kind = 'framework' WHERE id = @draft_document`),
		owner(say("under a number that was used", "", "id", `@answered`), "requirement_coverage_pkey"),
		set("changed", "", `reason = '', sections = ARRAY[@draft_section::bigint], revision = 2`),
		set("given to another requirement", denied, `requirement_id = @must`),
		owner(set("given to another requirement", "", `requirement_id = @spare`), "requirement_coverage_place"),
		owner(set("given to another version", "", `version_id = @recalled`), "requirement_coverage_place"),
		{Name: "an answer is deleted by the owner", As: pgtest.AsOwner, SQL: `DELETE FROM requirement_coverage WHERE id = @answered`, Want: "requirement_coverage_kept"},
		{Name: "the answers are emptied by the owner", As: pgtest.AsOwner, SQL: `TRUNCATE requirement_coverage`, Want: "requirement_coverage_kept"},
	}
	for _, frozen := range []string{"open", "signed", "published", "withdrawn", "discarded"} {
		attempts = append(attempts, say("in the version "+frozen, "requirement_coverage_frozen", "version_id", `@`+frozen, "sections", `ARRAY[@`+frozen+`_section::bigint]`),
			forged(set("changed in the version "+frozen, "requirement_coverage_frozen", `reason = 'Other'`), `UPDATE requirement_coverage SET version_id = @`+frozen+` WHERE id = @answered`))
	}
	for _, again := range []string{"declined", "recalled", "aside"} {
		attempts = append(attempts, say("in the version "+again, "", "version_id", `@`+again, "sections", `ARRAY[@`+again+`_section::bigint]`))
	}
	return attempts
}
