package decision_test

import (
	"slices"
	"testing"

	"partnershipportal/internal/pg/pgtest"
)

// into makes attempts to insert a row that is right but for what is said.
func into(table string, row pgtest.Row) func(name, want string, changes ...string) pgtest.Attempt {
	return func(name, want string, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: table + " gets a row " + name, SQL: row.With(changes...).Into(table), Want: want}
	}
}

// owners is an attempt by the owner, whom missing rights do not stop; past is one past the triggers too.
func owners(a pgtest.Attempt) pgtest.Attempt { a.As = pgtest.AsOwner; return a }

func past(a pgtest.Attempt) pgtest.Attempt {
	a.Name, a.Unguarded = a.Name+" past the triggers", true
	return a
}

func sql(name, want, statement string) pgtest.Attempt {
	return pgtest.Attempt{Name: name, SQL: statement, Want: want}
}

func showing(a pgtest.Attempt, query string) pgtest.Attempt { a.Shows = query; return a }

// insertOnly are the attempts to change what is only ever added to.
func insertOnly(tables ...string) (list []pgtest.Attempt) {
	for _, table := range tables {
		column := "recorded_at"
		list = append(list,
			sql(table+" is changed", denied, `UPDATE `+table+` SET `+column+` = now()`),
			owners(sql(table+" is changed by the owner", table+"_insert_only", `UPDATE `+table+` SET `+column+` = now()`)),
			owners(sql(table+" is deleted by the owner", table+"_insert_only", `DELETE FROM `+table)),
			owners(sql(table+" is emptied by the owner", table+"_insert_only", `TRUNCATE `+table+` CASCADE`)))
	}
	return list
}

// retractions are the attempts on what is taken out with a reason.
func retractions(table, key string) []pgtest.Attempt {
	out := func(name, want, reason string) pgtest.Attempt {
		return sql("a row of "+table+" is taken out "+name, want, `UPDATE `+table+` SET retracted_reason = `+reason+` WHERE id = @`+key)
	}
	again := out("again", "retracted_final", `'Twice'`)
	again.After = []string{`UPDATE ` + table + ` SET retracted_reason = 'Once' WHERE id = @` + key}
	return []pgtest.Attempt{out("for no reason", table+"_retracted_with_reason", `' '`), again,
		past(sql("a row of "+table+" is half taken out", table+"_retracted_whole", `UPDATE `+table+` SET retracted_at = now() WHERE id = @`+key))}
}

func ruleAttempts() []pgtest.Attempt {
	list := slices.Concat(retractions("bank_holiday", "holiday"), retractions("decision_requirement", "requirement"), retractions("decision_period", "period"), retractions("decision_mask", "mask"))
	holiday := into("bank_holiday", pgtest.Row{"on_day": `'2031-01-01'`, "name": `'New Year'`, "source": `'x'`})
	list = append(list, holiday("properly", ""), holiday("twice", "bank_holiday_one_a_day", "on_day", `'2019-12-25'`), holiday("without a name", "bank_holiday_name_length", "name", `' '`),
		holiday("without a source", "bank_holiday_source_length", "source", `''`), holiday("by nobody", "bank_holiday_added_by_fkey", "added_by", `@nobody`),
		owners(holiday("of a number that was used", "bank_holiday_pkey", "id", `@holiday`)))
	common := pgtest.Row{"organisation_id": `@free`, "source": `'x'`, "confidence": `'confirmed'`}
	for table, own := range map[string][]string{"decision_requirement": {"stage", `'made'`, "part", `'contact'`}, "decision_period": {"name", `'record years'`, "length", `5`}, "decision_mask": {"mask", `'NN'`}} {
		row := common.With(own...)
		rule := into(table, row)
		twice := rule("twice", table+"_one_a_day")
		twice.After = []string{row.Into(table)}
		number := map[string]string{"decision_requirement": "requirement", "decision_period": "period", "decision_mask": "mask"}[table]
		list = append(list, rule("properly", ""), twice, rule("of nobody", table+"_organisation_fkey", "organisation_id", `@nobody`), rule("by nobody", table+"_added_by_fkey", "added_by", `@nobody`),
			rule("without a source", table+"_source_length", "source", `''`), rule("that is perhaps sure", table+"_confidence_known", "confidence", `'perhaps'`),
			owners(rule("of a number that was used", table+"_pkey", "id", `@`+number)))
	}
	bad := func(table, want, column, value string, own ...string) pgtest.Attempt {
		return into(table, common.With(own...))("of an unknown "+column, want, column, value)
	}
	return append(list, bad("decision_requirement", "decision_requirement_stage_known", "stage", `'dreamt'`, "part", `'contact'`),
		bad("decision_requirement", "decision_requirement_part_known", "part", `'colour'`, "stage", `'made'`), bad("decision_period", "decision_period_name_known", "name", `'weeks'`, "length", `5`),
		bad("decision_period", "decision_period_length_range", "length", `201`, "name", `'record years'`), bad("decision_mask", "decision_mask_form", "mask", `'YNY/N'`))
}

func decisionAttempts() []pgtest.Attempt {
	begin := into("decision", pgtest.Row{"organisation_id": `@body`, "stage": `'notice'`, "subject": `'New'`})
	set := func(name, want, which, what string) pgtest.Attempt {
		return sql("a record is "+name, want, `UPDATE decision SET `+what+` WHERE id = @`+which)
	}
	const long = `repeat('x', 100001)`
	list := slices.Concat(retractions("decision", "proposed"), insertOnly("decision_past"), []pgtest.Attempt{
		begin("properly", ""), begin("at the made stage", "decision_begins", "stage", `'made'`), begin("at no stage", "decision_stage_known", "stage", `'dreamt'`, "origin", `'imported'`),
		begin("of nobody", "decision_organisation_fkey", "organisation_id", `@nobody`), begin("of a body in error", "decision_organisation_counts", "organisation_id", `@retracted`),
		begin("from nowhere", "decision_origin_known", "origin", `'dreamt'`), begin("without a subject", "decision_subject_length", "subject", `' '`),
		begin("with a number in use", "decision_number_key", "number_printed", `'19/00001'`), begin("with a number that is verified elsewhere", "decision_number_key", "number_verified", `'19/00002'`),
		begin("with a number that looks the same", "decision_ref_key", "number_printed", `'19-00001'`), begin("by no post", "decision_maker_post_fkey", "maker_post_id", `@nobody`),
		begin("with no contact post", "decision_contact_post_fkey", "contact_post_id", `@nobody`), begin("from a bad address", "decision_source_url_form", "source_url", `'javascript:x'`),
		begin("that is perhaps key", "decision_key_known", "key_decision", `'perhaps'`), begin("whose limbs are one", "decision_limbs_are_a_list", "limbs", `'{}'`),
		begin("with an unknown part to be added", "decision_later_known", "stage", `'proposed'`, "later", `'{subject}'`), begin("with a part to be added", "decision_later_only_if_proposed", "later", `'{reasons}'`),
		begin("half restricted", "decision_restriction_known", "restriction", `'half'`), begin("of an unknown category", "decision_exempt_category_known", "exempt_category", `8`),
		begin("by an unknown route", "decision_urgency_route_known", "key_decision", `'yes'`, "urgency_route", `'haste'`),
		begin("that is urgent and not key", "decision_urgency_of_key_decisions", "urgency_route", `'special urgency'`),
		begin("that is made already", "decision_made_days_only_if_made", "made_on", `'2019-01-01'`, "made_precision", `'day'`),
		begin("with a day and no precision", "decision_days_with_precision", "due_on", `'2019-01-01'`), begin("with a decade", "decision_precisions_known", "due_on", `'2019-01-01'`, "due_precision", `'decade'`),
		begin("of many words", "decision_words_length", "maker_title", long), begin("of much text", "decision_texts_length", "reasons", long),
		begin("withdrawn for no reason", "decision_withdrawn_for_reason", "stage", `'withdrawn'`, "origin", `'imported'`),
		begin("by nobody", "decision_created_by_fkey", "created_by", `@nobody`), begin("changed by nobody", "decision_changed_by_fkey", "changed_by", `@nobody`),
		owners(begin("of a number that was used", "decision_pkey", "id", `@proposed`)),
		set("moved past a stage", "decision_moves", "proposed", `stage = 'implemented'`), set("moved back", "decision_moves", "imported", `stage = 'proposed'`),
		set("brought back", "decision_moves", "withdrawn", `stage = 'proposed'`), set("made without its parts", "decision_stage_whole", "bare", `stage = 'made'`),
		set("emptied after it was made", "decision_stage_whole", "made", `reasons = ''`), set("opened with an exempt passage", "decision_open_without_exempt", "secretly", `restriction = 'open'`),
		set("opened with an exempt file", "decision_open_without_exempt", "with_file", `restriction = 'open'`),
		set("taken out after it was published", "decision_retracted_unpublished", "made", `retracted_reason = 'x'`),
		set("given to another body", denied, "proposed", `organisation_id = @free`), set("made by decree", denied, "proposed", `was_made = true`), set("renumbered by hand", denied, "proposed", `ref = 'x'`),
		showing(set("made in due form", "true 2", "proposed", `stage = 'made', made_on = '2019-05-20', made_precision = 'day'`), `SELECT was_made || ' ' || revision FROM decision WHERE id = @proposed`),
		showing(set("withdrawn after it was made", "true", "imported", `stage = 'withdrawn', withdrawn_reason = 'x'`), `SELECT was_made::text FROM decision WHERE id = @imported`),
		showing(set("renamed", "Renamed", "proposed", `subject = 'Renamed'`), `SELECT subject FROM decision_line WHERE decision_id = @proposed AND NOT is_public`),
		owners(sql("a body with records is taken out", "organisation_retracted_unused", `UPDATE organisation SET retracted_reason = 'x' WHERE id = @keeper`)),
	})
	without := begin("made without its parts for a reason", "")
	without.SQL, without.After = `UPDATE decision SET stage = 'made' WHERE id = @bare`, []string{
		`INSERT INTO decision_override (decision_id, stage, part, reason) SELECT @bare, 'made', p, 'Lost' FROM unnest(ARRAY['reasons', 'alternatives', 'made-on']) p`}
	return append(list, without)
}

// Every attempt is refused, and every guard has an attempt that dies with it: none can be lost unnoticed.
func TestNoGuardOfDecisionsIsIdle(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t, pgtest.PoolSize(2))
	given := kept(t, db.App)
	attempts := slices.Concat(ruleAttempts(), decisionAttempts(), childAttempts(), publicationAttempts())
	pgtest.Refused(t, db.Owner, given, attempts)
	mutations := pgtest.Guards(t, db.Owner, "bank_holiday", "decision_requirement", "decision_period", "decision_mask", "decision", "decision_past", "decision_exempt", "decision_exempt_past",
		"decision_call_in", "decision_call_in_past", "decision_deferral", "decision_override", "decision_remark", "decision_file", "decision_authorises", "decision_publication",
		"decision_correction", "decision_line", "decision_search")
	mutations = append(mutations,
		pgtest.Mutation{Name: "trigger organisation_decision_guarded", Table: "organisation", SQL: `DROP TRIGGER organisation_decision_guarded ON organisation`},
		pgtest.Clause(t, db.Owner, "decision", "decision_guard", "AND f.is_exempt AND f.retracted_at IS NULL", "AND false"),
		pgtest.Clause(t, db.Owner, "decision", "decision_guard", "OLD.was_made OR", ""),
		pgtest.Clause(t, db.Owner, "decision_publication", "decision_publication_guard", "OR NEW.content -> 'made' IS DISTINCT FROM to_jsonb(d.stage NOT IN ('notice', 'proposed', 'withdrawn'))", ""),
		pgtest.Clause(t, db.Owner, "decision_publication", "decision_publication_guard", "d.retracted_at IS NOT NULL OR", ""),
	)
	pgtest.Killed(t, db, given, attempts, mutations, map[string]string{
		"decision_guard 3: decision_moves": "what leaves a withdrawn record is no move in the list before it either",
	})
}
