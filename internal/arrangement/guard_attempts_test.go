package arrangement_test

import (
	"testing"

	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
)

const denied = "42501" // insufficient privilege

func owner(a pgtest.Attempt, want string) pgtest.Attempt {
	a.Name, a.As, a.Want = a.Name+" by the owner", pgtest.AsOwner, want
	return a
}

func unguarded(a pgtest.Attempt) pgtest.Attempt {
	a.Name, a.Unguarded = a.Name+" past the triggers", true
	return a
}

func forged(a pgtest.Attempt, sql string) pgtest.Attempt {
	a.Forged = []string{sql}
	return a
}

func after(a pgtest.Attempt, sql string) pgtest.Attempt {
	a.After = []string{sql}
	return a
}

func showing(a pgtest.Attempt, sql string) pgtest.Attempt {
	a.Shows = sql
	return a
}

// change sets columns of the version of a name.
func change(name, want, version, set string) pgtest.Attempt {
	return pgtest.Attempt{Name: "a version is " + name, SQL: `UPDATE version SET ` + set + ` WHERE id = @` + version, Want: want}
}

const publishing = `publishing_round_id = @signed_round, published_by = @support`

func publishAttempts() []pgtest.Attempt {
	publish := func(name, want, version, round string) pgtest.Attempt {
		return change("published "+name, want, version, `publishing_round_id = @`+round)
	}
	const stateOfDraft = `SELECT CASE WHEN published_at IS NULL THEN 'draft' ELSE 'published' END FROM version WHERE id = @draft`
	const published = `SELECT (published_at > now() - interval '1 minute')::text || ' ' || (published_on = london_day(now()))::text || ' ' || published_precision FROM version WHERE id = @signed`
	return []pgtest.Attempt{
		showing(change("published properly", "true true day", "signed", publishing), published),
		showing(change("published at another time", "true true day", "signed", publishing+`, published_at = '2019-06-01'`), published),
		change("published as of a month", "", "signed", publishing+`, published_on = '2019-06-01', published_precision = 'month'`),
		showing(change("published without a round", "draft", "draft", `published_at = now()`), stateOfDraft),
		change("published without a round, with all else", "version_published_whole", "draft", `published_at = now(), published_on = london_day(now()), published_precision = 'day'`),
		publish("with no round that exists", "version_published_signed", "draft", "nobody"),
		publish("with an open round", "version_published_signed", "open", "open_round"),
		publish("with a declined round", "version_published_signed", "declined", "declined_round"),
		publish("with a recalled round", "version_published_signed", "recalled", "recalled_round"),
		publish("with a round that was set aside", "version_published_signed", "aside", "aside_round"),
		publish("with another version's round", "version_published_signed", "draft", "signed_round"),
		forged(publish("with a round on another paper", "version_published_signed", "signed", "signed_round"), `UPDATE round SET paper_id = @draft WHERE id = @signed_round`),
		change("published with another effective day", "version_frozen", "signed", publishing+`, effective_from = effective_from + 1`),
		forged(change("published after its effective day was forged", "version_effective_day_signed", "signed", publishing), `UPDATE version SET effective_from = effective_from + 1 WHERE id = @signed`),
		change("published tomorrow", "version_published_not_in_future", "signed", publishing+`, published_on = london_day(now()) + 1`),
		change("published to no precision", "version_published_precision_known", "signed", publishing+`, published_precision = 'week'`),
		change("published by nobody", "version_published_by_fkey", "signed", `publishing_round_id = @signed_round, published_by = @nobody`),
		change("published and discarded", "version_published_or_discarded", "signed", publishing+`, discarded_at = now()`),
		change("set to be published by nobody", "version_scheduled_by_fkey", "signed", `scheduled_on = london_day(now()) + 1, scheduled_by = @nobody`),
		forged(change("published for a day that has one in force", "version_one_in_force_per_day", "signed", publishing), `UPDATE version SET document_id = @published_document, number = 2 WHERE id = @signed`),
		forged(change("published for a day whose version was withdrawn", "", "signed", publishing), `UPDATE version SET document_id = @withdrawn_document, number = 2 WHERE id = @signed`),
		unguarded(change("published with the round of another", "version_publishing_round_key", "withdrawn", `publishing_round_id = @published_round`)),
		unguarded(change("published without an effective day", "version_published_has_day", "published", `effective_from = NULL`)),
		{Name: "a version is published by the public", As: pg.RolePublic, SQL: `UPDATE public.version SET ` + publishing + ` WHERE id = @signed`, Want: denied},
	}
}

// publishedAttempts change and remove what is published.
func publishedAttempts() []pgtest.Attempt {
	const withdrawing = `withdrawn_by = @support, withdrawn_reason = 'A mistake'`
	attempts := []pgtest.Attempt{
		showing(change("withdrawn", "now", "published", withdrawing+`, withdrawn_at = '2019-06-01'`),
			`SELECT CASE WHEN withdrawn_at > now() - interval '1 minute' THEN 'now' ELSE 'then' END FROM version WHERE id = @published`),
		change("withdrawn without a reason", "version_withdrawn_with_reason", "published", `withdrawn_by = @support`),
		change("withdrawn for no reason", "version_withdrawn_with_reason", "published", `withdrawn_by = @support, withdrawn_reason = ' '`),
		change("withdrawn by nobody", "version_withdrawn_by_fkey", "published", `withdrawn_by = @nobody, withdrawn_reason = 'A mistake'`),
		change("withdrawn without saying by whom", "version_published_final", "published", `withdrawn_at = now(), withdrawn_reason = 'A mistake'`),
		change("closed by law without being withdrawn", "version_published_final", "published", `withdrawn_law = 'An order'`),
		change("closed by law before it is published", "version_closed_by_law", "draft", `withdrawn_law = 'An order'`),
		change("closed by law for no reason", "version_closed_by_law", "published", withdrawing+`, withdrawn_law = ' '`),
		change("closed by law for too long a reason", "version_closed_by_law", "published", withdrawing+`, withdrawn_law = repeat('x', 2001)`),
		change("closed by law after it was withdrawn", "version_published_final", "withdrawn", `withdrawn_law = 'An order'`),
		change("withdrawn for too long a reason", "version_withdrawn_reason_length", "published", `withdrawn_by = @support, withdrawn_reason = repeat('x', 4001)`),
		showing(change("closed by law, and the public no longer gets its bytes", "none", "published", withdrawing+`, withdrawn_law = 'An order'`),
			`SELECT coalesce(length(content)::text, 'none') FROM published.version WHERE id = @published`),
		change("withdrawn twice", "version_published_final", "withdrawn", withdrawing),
		change("no longer withdrawn", "version_published_final", "withdrawn", `withdrawn_by = NULL, withdrawn_at = NULL, withdrawn_reason = NULL`),
		change("withdrawn before it is published", "version_withdrawn_after_publication", "draft", `withdrawn_at = now(), `+withdrawing),
		change("no longer published", "version_published_final", "published", `publishing_round_id = NULL`),
		change("discarded after it was published", "version_published_final", "published", `discarded_by = @support`),
		unguarded(change("discarded after it was published", "version_published_or_discarded", "published", `discarded_at = now()`)),
		{Name: "a version is deleted", SQL: `DELETE FROM version WHERE id = @published`, Want: denied},
		{Name: "a version is deleted by the owner", As: pgtest.AsOwner, SQL: `DELETE FROM version WHERE id = @published`, Want: "version_kept"},
		{Name: "the versions are emptied by the owner", As: pgtest.AsOwner, SQL: `TRUNCATE version CASCADE`, Want: "version_kept"},
	}
	for column, value := range map[string]string{"title": `'Other'`, "label": `'Other'`, "revision": `9`, "effective_from": `effective_from - 1`, "published_on": `published_on - 1`,
		"published_precision": `'year'`, "guidance_edition_id": `guidance_edition_id + 1`, "published_by": `NULL`, "published_at": `now()`, "publishing_round_id": `@signed_round`} {
		attempts = append(attempts,
			change("given another "+column+" after publication", "version_published_final", "published", column+` = `+value),
			change("given another "+column+" while it is withdrawn", "version_published_final", "published", column+` = `+value+`, `+withdrawing))
	}
	for _, column := range []string{"id", "document_id", "number", "is_demonstration", "created_by", "recorded_at"} {
		attempts = append(attempts, change("given another "+column, denied, "draft", column+` = DEFAULT`))
	}
	return attempts
}

func draftAttempts() []pgtest.Attempt {
	version := pgtest.Row{"document_id": `@published_document`, "number": `2`, "title": `'Next'`, "guidance_edition_id": `(SELECT min(id) FROM guidance_edition)`}
	add := func(name, want string, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a version is begun " + name, SQL: version.With(changes...).Into("version"), Want: want}
	}
	attempts := []pgtest.Attempt{
		add("properly", ""),
		add("beside an unpublished one", "version_one_unpublished", "document_id", `@draft_document`),
		add("beside one that was discarded", "", "document_id", `@discarded_document`),
		add("under a number that was used", "version_document_number_key", "number", `1`),
		add("under no number", "version_number_positive", "number", `0`),
		add("without a title", "version_title_length", "title", `' '`),
		add("with too long a label", "version_label_length", "label", `repeat('x', 101)`),
		add("after no guidance", "version_guidance_edition_fkey", "guidance_edition_id", `@nobody`),
		add("in no document", "version_document_fkey", "document_id", `@nobody`),
		add("by nobody", "version_created_by_fkey", "created_by", `@nobody`),
		owner(add("under an identifier that was used", "", "id", `@draft`), "version_pkey"),
		change("changed while a round is open", "version_frozen", "open", `title = 'Other'`),
		change("given another day while a round is open", "version_frozen", "open", `effective_from = effective_from + 1`),
		change("given other guidance while a round is open", "version_frozen", "open", `guidance_edition_id = guidance_edition_id + 1`),
		change("changed in order while a round is open", "version_frozen", "open", `revision = revision + 1`),
		change("changed while a round is complete", "version_frozen", "signed", `title = 'Other'`),
		change("given another label while a round is open", "", "open", `label = 'June'`),
		change("changed after a recall", "", "recalled", `title = 'Other'`),
		change("changed after its round was set aside", "", "aside", `title = 'Other'`),
		change("discarded while a round is open", "version_frozen", "open", `discarded_by = @support`),
		change("discarded while a round is complete", "version_frozen", "signed", `discarded_by = @support`),
		change("discarded by nobody", "version_discarded_by_fkey", "draft", `discarded_by = @nobody`),
		change("no longer discarded", "version_discarded_final", "discarded", `discarded_by = NULL, discarded_at = NULL`),
		change("changed after it was discarded", "version_discarded_final", "discarded", `title = 'Other'`),
		showing(change("discarded at another time", "now", "draft", `discarded_by = @support, discarded_at = '2019-06-01', scheduled_on = london_day(now())`),
			`SELECT CASE WHEN discarded_at > now() - interval '1 minute' AND scheduled_on IS NULL THEN 'now' ELSE 'then' END FROM version WHERE id = @draft`),
		showing(change("discarded by no one", "draft", "draft", `discarded_at = now()`), `SELECT CASE WHEN discarded_at IS NULL THEN 'draft' ELSE 'discarded' END FROM version WHERE id = @draft`),
		owner(change("moved to another document", "", "draft", `document_id = @published_document`), "version_published_final"),
		owner(change("given another number", "", "draft", `number = 9`), "version_published_final"),
	}
	for column, value := range map[string]string{"publishing_round_id": `@signed_round`, "published_at": `now()`, "withdrawn_at": `now()`, "discarded_at": `now()`} {
		attempts = append(attempts, add("with "+column, denied, column, value), owner(add("with "+column, denied, column, value), "version_born_draft"))
	}
	return attempts
}

func sectionAttempts() []pgtest.Attempt {
	section := pgtest.Row{"version_id": `@draft`, "position": `9`, "heading": `'More'`, "markdown": `'Words.'`}
	add := func(name, want string, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a section is added " + name, SQL: section.With(changes...).Into("section"), Want: want}
	}
	edit := func(name, want, version, set string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a section is " + name, SQL: `UPDATE section SET ` + set + ` WHERE id = @` + version + `_section`, Want: want}
	}
	attempts := []pgtest.Attempt{
		add("properly", ""),
		add("in a place that is taken", "section_position_no_clash", "position", `(SELECT position FROM section WHERE id = @draft_section)`),
		add("without a heading", "section_heading_length", "heading", `' '`),
		add("that is too long", "section_markdown_length", "markdown", `repeat('x', 250001)`),
		add("to no version", "section_version_fkey", "version_id", `@nobody`),
		owner(add("under an identifier that was used", "", "id", `@draft_section`), "section_pkey"),
		edit("changed", "", "draft", `markdown = 'Other'`),
		after(edit("changed after it was removed", "section_removed_final", "draft", `markdown = 'Other'`), `UPDATE section SET removed_at = now() WHERE id = @draft_section`),
		after(edit("brought back", "section_removed_final", "draft", `removed_at = NULL`), `UPDATE section SET removed_at = now() WHERE id = @draft_section`),
		edit("moved to another version", denied, "draft", `version_id = @recalled`),
		owner(edit("moved to another version", "", "draft", `version_id = @recalled, position = 9`), "section_removed_final"),
		{Name: "a section is deleted", SQL: `DELETE FROM section WHERE id = @draft_section`, Want: denied},
		{Name: "a section is deleted by the owner", As: pgtest.AsOwner, SQL: `DELETE FROM section WHERE id = @published_section`, Want: "section_kept"},
		{Name: "the sections are emptied by the owner", As: pgtest.AsOwner, SQL: `TRUNCATE section`, Want: "section_kept"},
	}
	for _, state := range []string{"open", "signed", "published", "withdrawn", "discarded"} {
		attempts = append(attempts,
			add("to a version that is "+state, "section_frozen", "version_id", `@`+state),
			edit("changed in a version that is "+state, "section_frozen", state, `markdown = 'Other'`),
			edit("removed from a version that is "+state, "section_frozen", state, `removed_at = now()`))
	}
	return attempts
}

func documentAttempts() []pgtest.Attempt {
	document := pgtest.Row{"slug": `'another-paper'`, "kind": `'arrangements'`, "title": `'Another paper'`}
	add := func(name, want string, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a document is made " + name, SQL: document.With(changes...).Into("document"), Want: want}
	}
	insert := func(name, table, columns, values, want string) pgtest.Attempt {
		return pgtest.Attempt{Name: name, SQL: `INSERT INTO ` + table + ` (` + columns + `) VALUES (` + values + `)`, Want: want}
	}
	guidance := pgtest.Row{"title": `'Working Together 2030'`, "published_on": `'2030-01-01'`, "precision": `'day'`}
	attempts := []pgtest.Attempt{
		add("properly", ""),
		add("at an address that is taken", "document_slug_key", "slug", `(SELECT slug FROM document WHERE id = @draft_document)`),
		add("at an address with a slash", "document_slug_form", "slug", `'a/b'`),
		add("of another kind", "document_kind_known", "kind", `'poem'`),
		add("without a title", "document_title_length", "title", `' '`),
		add("after no body", "document_predecessor_fkey", "predecessor_id", `@nobody`),
		add("by nobody", "document_created_by_fkey", "created_by", `@nobody`),
		owner(add("under an identifier that was used", "", "id", `@draft_document`), "document_pkey"),
		insert("a document is made for another area", "document_area", "document_id, area_id", "@draft_document, @area", ""),
		insert("a document is made for an area twice", "document_area", "document_id, area_id", "@draft_document, (SELECT area_id FROM document_area WHERE document_id = @draft_document)", "document_area_no_overlap"),
		insert("a document is made for no area", "document_area", "document_id, area_id", "@draft_document, @nobody", "document_area_area_fkey"),
		insert("an area is given to no document", "document_area", "document_id, area_id", "@nobody, @area", "document_area_document_fkey"),
		insert("a kind of partner is added to a kind of document", "document_kind_seat", "document_kind, statutory_kind", "'framework', 'police'", denied),
		owner(insert("a kind of partner is added twice", "document_kind_seat", "document_kind, statutory_kind", "'arrangements', 'police'", ""), "document_kind_seat_pkey"),
		owner(insert("a kind of partner that is none is added", "document_kind_seat", "document_kind, statutory_kind", "'arrangements', 'fire'", ""), "document_kind_seat_kind_known"),
		{Name: "a kind of partner is no longer needed", SQL: `DELETE FROM document_kind_seat`, Want: denied},
		{Name: "a kind of partner is replaced", SQL: `UPDATE document_kind_seat SET statutory_kind = 'health'`, Want: denied},
		{Name: "guidance is added twice", SQL: guidance.With("title", `'Working Together 2018'`).Into("guidance_edition"), Want: "guidance_edition_title_key"},
		{Name: "guidance is added to no precision", SQL: guidance.With("precision", `'week'`).Into("guidance_edition"), Want: "guidance_edition_precision_known"},
		{Name: "guidance is added under an identifier that was used", As: pgtest.AsOwner, Want: "guidance_edition_pkey", SQL: guidance.With("id", `(SELECT min(id) FROM guidance_edition)`).Into("guidance_edition")},
		{Name: "guidance is changed", SQL: `UPDATE guidance_edition SET title = 'Other'`, Want: denied},
		{Name: "a document's area is taken away", SQL: `DELETE FROM document_area`, Want: denied},
		{Name: "a document's area is replaced", SQL: `UPDATE document_area SET area_id = @area`, Want: denied},
		{Name: "a document's area is kept under a number that was used", As: pgtest.AsOwner, Want: "document_area_pkey",
			SQL: pgtest.Row{"id": `(SELECT min(id) FROM document_area)`, "document_id": `@draft_document`, "area_id": `@area`}.Into("document_area")},
		{Name: "a document's area is retracted", SQL: `UPDATE document_area SET retracted_reason = 'typed twice' WHERE document_id = @draft_document`,
			Want: "now", Shows: `SELECT CASE WHEN retracted_at > now() - interval '1 minute' THEN 'now' ELSE 'then' END FROM document_area WHERE document_id = @draft_document`},
		{Name: "a document's area is retracted without a reason", SQL: `UPDATE document_area SET retracted_reason = ' ' WHERE document_id = @draft_document`,
			Want: "document_area_retracted_with_reason"},
		{Name: "a document's area is retracted for good", After: []string{`UPDATE document_area SET retracted_reason = 'typed twice' WHERE document_id = @draft_document`},
			SQL: `UPDATE document_area SET retracted_reason = NULL WHERE document_id = @draft_document`, Want: "retracted_final"},
		{Name: "a document's area is retracted at no time past the triggers", Unguarded: true,
			SQL: `UPDATE document_area SET retracted_reason = 'typed twice' WHERE document_id = @draft_document`, Want: "document_area_retracted_whole"},
	}
	for _, column := range []string{"slug", "kind", "title", "predecessor_id"} {
		attempts = append(attempts, pgtest.Attempt{Name: "a document is given another " + column, SQL: `UPDATE document SET ` + column + ` = DEFAULT WHERE id = @draft_document`, Want: denied})
	}
	return attempts
}

// clauses are the conditions inside the functions that matter most, each to be told apart by an attempt.
func clauses(t testing.TB, db pg.DB) []pgtest.Mutation {
	t.Helper()
	var mutations []pgtest.Mutation
	for _, c := range []struct{ table, function, old, with string }{
		{"version_agency", "version_agency_guard", "v.discarded_at IS NOT NULL OR ", ""},
		{"version_agency", "version_agency_guard", " OR version_has_live_round(v.id)", ""},
		{"version_agency", "version_agency_guard", "        NEW.removed_at := NULL;\n", ""},
		{"requirement_coverage", "requirement_coverage_guard", "v.discarded_at IS NOT NULL OR ", ""},
		{"requirement_coverage", "requirement_coverage_guard", " OR version_has_live_round(v.id)", ""},
		{"requirement_coverage", "requirement_coverage_guard", " AND q.confidence = 'confirmed'", ""},
		{"requirement_coverage", "requirement_coverage_guard", " AND q.kind = 'must'", ""},
		{"requirement_coverage", "requirement_coverage_guard", " AND s.removed_at IS NULL", ""},
		{"requirement_coverage", "requirement_coverage_guard", " AND s.version_id = v.id", ""},
		{"requirement_coverage", "requirement_coverage_guard", "q.retracted_at IS NOT NULL", "false"},
		{"version", "version_guard", " OR r.paper_id <> NEW.id", ""},
		{"version", "version_guard", " OR r.outcome <> 'complete'", ""},
		{"version", "version_guard", "\n       OR EXISTS (SELECT FROM round_set_aside s WHERE s.round_id = r.id)", ""},
		{"version", "version_guard", "(text_changed OR NEW.discarded_by IS NOT NULL)", "text_changed"},
		{"version", "version_guard", "(text_changed OR NEW.discarded_by IS NOT NULL)", "NEW.discarded_by IS NOT NULL"},
		{"version", "version_guard", "OLD.withdrawn_at IS NOT NULL OR ", ""},
		{"version", "version_guard", "NEW.withdrawn_by IS NULL", "false"},
		{"version", "version_guard", "NEW.document_id <> OLD.document_id OR ", ""},
		{"version", "version_guard", " OR NEW.number <> OLD.number", ""},
		{"version", "version_guard", "(NEW.title, NEW.guidance_edition_id, NEW.effective_from, NEW.revision)", "(OLD.title, NEW.guidance_edition_id, NEW.effective_from, NEW.revision)"},
		{"version", "version_guard", "(NEW.title, NEW.guidance_edition_id, NEW.effective_from, NEW.revision)", "(NEW.title, OLD.guidance_edition_id, NEW.effective_from, NEW.revision)"},
		{"version", "version_guard", "(NEW.title, NEW.guidance_edition_id, NEW.effective_from, NEW.revision)", "(NEW.title, NEW.guidance_edition_id, OLD.effective_from, NEW.revision)"},
		{"version", "version_guard", "(NEW.title, NEW.guidance_edition_id, NEW.effective_from, NEW.revision)", "(NEW.title, NEW.guidance_edition_id, NEW.effective_from, OLD.revision)"},
		{"version", "version_guard", "        NEW.withdrawn_at := clock_timestamp();\n", ""},
		{"version", "version_guard", "            NEW.discarded_at := clock_timestamp();\n", ""},
		{"version", "version_guard", "            NEW.scheduled_on := NULL;\n", ""},
		{"version", "version_guard", "            NEW.discarded_at := NULL;\n", "NULL;"},
		{"version", "version_guard", "        NEW.published_at := NULL;\n", ""},
		{"version", "version_guard", "    NEW.published_at := clock_timestamp();\n", ""},
		{"version", "version_guard", "coalesce(NEW.published_on, london_day(NEW.published_at))", "NEW.published_on"},
		{"version", "version_guard", "coalesce(NEW.published_precision, 'day')", "NEW.published_precision"},
		{"section", "section_guard", "v.published_at IS NOT NULL OR ", ""},
		{"section", "section_guard", "v.discarded_at IS NOT NULL OR ", ""},
		{"section", "section_guard", " OR version_has_live_round(v.id)", ""},
		{"section", "section_guard", "NEW.version_id <> OLD.version_id OR ", ""},
		{"section", "section_guard", " OR OLD.removed_at IS NOT NULL", ""},
		{"word_import", "word_import_guard", "OLD.applied_at IS NOT NULL OR ", ""},
		{"word_import", "word_import_guard", " OR NEW.applied_at IS NULL", ""},
		{"version", "paper_has_live_round", " AND NOT EXISTS (SELECT FROM round_set_aside s WHERE s.round_id = r.id)", ""},
	} {
		mutations = append(mutations, pgtest.Clause(t, db, c.table, c.function, c.old, c.with))
	}
	return mutations
}

// guardedTwice are guards that no attempt can tell, since another stands before them.
var guardedTwice = map[string]string{
	"version_publishing_round_fkey":                          "version_guard finds no such round first",
	"version_agency_organisation_fkey":                       "version_agency_guard asks for an agency first",
	"requirement_coverage_version_fkey":                      "requirement_coverage_guard asks for the edition of the version first",
	"requirement_coverage_requirement_fkey":                  "requirement_coverage_guard asks for the edition of the requirement first",
	`section_guard without "v.published_at IS NOT NULL OR "`: "the round of a published version stays live",
}
