package decision_test

import (
	"slices"

	"partnershipportal/internal/pg/pgtest"
)

func childAttempts() []pgtest.Attempt {
	return slices.Concat(exemptAttempts(), callInAttempts(), noteAttempts(), linkAttempts(),
		insertOnly("decision_exempt_past", "decision_call_in_past", "decision_deferral", "decision_override", "decision_remark", "decision_publication", "decision_correction"))
}

func exemptAttempts() []pgtest.Attempt {
	add := into("decision_exempt", pgtest.Row{"decision_id": `@secretly`, "part": `'limbs'`, "body": `'Secret'`})
	return append(retractions("decision_exempt", "passage"), add("properly", ""), add("of nothing", "decision_exempt_decision_fkey", "decision_id", `@nobody`),
		add("in no part", "decision_exempt_part_known", "part", `'colour'`), add("without words", "decision_exempt_body_length", "body", `' '`),
		add("by nobody", "decision_exempt_changed_by_fkey", "changed_by", `@nobody`), add("of a part that has one", "decision_exempt_one_a_part", "part", `'reasons'`),
		add("of an open record", "decision_open_without_exempt", "decision_id", `@proposed`), owners(add("of a number that was used", "decision_exempt_pkey", "id", `@passage`)),
		sql("an exempt passage is moved", denied, `UPDATE decision_exempt SET decision_id = @proposed`),
		sql("exempt passages are deleted", denied, `DELETE FROM decision_exempt`))
}

func callInAttempts() []pgtest.Attempt {
	add := into("decision_call_in", pgtest.Row{"decision_id": `@made`, "called_on": `'2019-05-23'`, "called_precision": `'day'`, "called_by": `'Members'`, "grounds": `'Haste'`})
	const long = `repeat('x', 20001)`
	return []pgtest.Attempt{add("properly", ""), add("of nothing", "decision_call_in_decision_fkey", "decision_id", `@nobody`), add("by no one", "decision_call_in_called_by_length", "called_by", `' '`),
		add("without grounds", "decision_call_in_grounds_length", "grounds", `' '`), add("with too long a meeting", "decision_call_in_meeting_length", "meeting", long),
		add("with an unknown outcome", "decision_call_in_outcome_known", "outcome", `'dreamt'`, "outcome_on", `'2019-06-01'`, "outcome_precision", `'day'`),
		add("with an outcome on no day", "decision_call_in_outcome_with_day", "outcome", `'referred back'`), add("with too long a note", "decision_call_in_note_length", "note", long),
		add("written by nobody", "decision_call_in_changed_by_fkey", "changed_by", `@nobody`), add("with a day and no precision", "decision_call_in_days_with_precision", "meeting_on", `'2019-06-01'`),
		add("with a decade", "decision_call_in_precisions_known", "called_precision", `'decade'`), owners(add("of a number that was used", "decision_call_in_pkey", "id", `@call_in`))}
}

func noteAttempts() []pgtest.Attempt {
	put := into("decision_deferral", pgtest.Row{"decision_id": `@proposed`, "deferred_on": `'2019-05-01'`, "deferred_precision": `'day'`, "reason": `'Later'`})
	over := into("decision_override", pgtest.Row{"decision_id": `@proposed`, "stage": `'made'`, "part": `'reasons'`, "reason": `'Lost'`})
	note := into("decision_remark", pgtest.Row{"decision_id": `@proposed`, "label": `'Ward'`, "body": `'All'`})
	return []pgtest.Attempt{put("properly", ""), put("of nothing", "decision_deferral_decision_fkey", "decision_id", `@nobody`), put("for no reason", "decision_deferral_reason_length", "reason", `' '`),
		put("by nobody", "decision_deferral_added_by_fkey", "added_by", `@nobody`), put("with a day and no precision", "decision_deferral_days_with_precision", "new_due_on", `'2019-06-01'`),
		put("with a decade", "decision_deferral_precisions_known", "deferred_precision", `'decade'`), owners(put("of a number that was used", "decision_deferral_pkey", "id", `@deferral`)),
		over("properly", ""), over("of nothing", "decision_override_decision_fkey", "decision_id", `@nobody`), over("at no stage", "decision_override_stage_known", "stage", `'withdrawn'`),
		over("for no reason", "decision_override_reason_length", "reason", `' '`), over("by nobody", "decision_override_added_by_fkey", "added_by", `@nobody`),
		owners(over("of a number that was used", "decision_override_pkey", "id", `@override`)),
		note("properly", ""), note("of nothing", "decision_remark_decision_fkey", "decision_id", `@nobody`), note("without a label", "decision_remark_label_length", "label", `' '`),
		note("of much text", "decision_remark_body_length", "body", `repeat('x', 100001)`), note("by nobody", "decision_remark_added_by_fkey", "added_by", `@nobody`),
		owners(note("of a number that was used", "decision_remark_pkey", "id", `@remark`))}
}

func linkAttempts() []pgtest.Attempt {
	attach := into("decision_file", pgtest.Row{"decision_id": `@proposed`, "file_id": `@file`, "kind": `'report'`})
	link := into("decision_authorises", pgtest.Row{"decision_id": `@imported`, "version_id": `@version`})
	return slices.Concat(retractions("decision_file", "attached"), retractions("decision_authorises", "link"), []pgtest.Attempt{
		attach("properly", ""), attach("of nothing", "decision_file_decision_fkey", "decision_id", `@nobody`), attach("of no file", "decision_file_file_fkey", "file_id", `@nobody`),
		attach("of no kind", "decision_file_kind_known", "kind", `'song'`), attach("by nobody", "decision_file_added_by_fkey", "added_by", `@nobody`),
		attach("of another record's file", "decision_file_of_one_record", "file_id", `(SELECT file_id FROM decision_file WHERE id = @attached)`),
		attach("that is exempt on an open record", "decision_open_without_exempt", "is_exempt", `true`), owners(attach("of a number that was used", "decision_file_pkey", "id", `@attached`)),
		sql("an exempt file is opened", denied, `UPDATE decision_file SET is_exempt = false`),
		link("properly", ""), link("of nothing", "decision_authorises_decision_fkey", "decision_id", `@nobody`), link("to no version", "decision_authorises_version_fkey", "version_id", `@nobody`),
		link("by nobody", "decision_authorises_added_by_fkey", "added_by", `@nobody`), link("twice", "decision_authorises_once", "decision_id", `@made`, "round_id", `@round`),
		link("to a round of another version", "decision_authorises_round_of_version", "round_id", `@other_round`),
		owners(link("of a number that was used", "decision_authorises_pkey", "id", `@link`)),
		// The foreign key of the round stands behind the guard, which finds no such round of the version first.
		owners(sql("a link is bent to no round", "decision_authorises_round_fkey", `UPDATE decision_authorises SET round_id = @nobody WHERE id = @link`)),
	})
}

func publicationAttempts() []pgtest.Attempt {
	proposed := pgtest.Row{"decision_id": `@proposed`, "content": `'{"stage": "proposed", "made": false, "subject": "New"}'`}
	show := into("decision_publication", proposed)
	whole := proposed.With("number", `9`, "stage", `'proposed'`, "ref", `'x'`)
	correct := into("decision_publication", pgtest.Row{"decision_id": `@made`, "reason": `'A slip'`, "content": `'{"stage": "called in", "made": true, "subject": "Corrected"}'`})
	first := correct("of its stage", "")
	twice := correct("again", "decision_publication_corrected_for_reason", "reason", `' '`)
	twice.After = []string{first.SQL}
	change := func(name, want, table, what string) pgtest.Attempt {
		return owners(sql(table+" is changed: "+name, want, `UPDATE `+table+` SET `+what))
	}
	fix := into("decision_correction", pgtest.Row{"decision_id": `@made`, "publication_id": `@publication`, "field": `'subject'`, "is_correction": `true`})
	return []pgtest.Attempt{show("properly", ""), first, twice, show("of another stage", "decision_publication_of_stage", "content", `'{"stage": "made", "made": false}'`),
		show("that is made by decree", "decision_publication_of_stage", "content", `'{"stage": "proposed", "made": true}'`),
		show("that is not whole", "decision_publication_whole", "decision_id", `@bare`), show("of a record in error", "decision_publication_whole", "decision_id", `@gone`),
		show("with an exempt passage", "decision_publication_without_exempt", "decision_id", `@secretly`,
			"content", `jsonb_build_object('stage', 'proposed', 'made', false, 'limbs', jsonb_build_array(jsonb_build_object('text', 'So ' || (SELECT body FROM decision_exempt WHERE id = @passage) || '.')))`),
		show("for a long reason", "decision_publication_reason_length", "reason", `repeat('x', 2001)`),
		show("of much text", "decision_publication_content_size", "content", `jsonb_build_object('stage', 'proposed', 'made', false, 'x', repeat('x', 2000001))`),
		show("by nobody", "decision_publication_published_by_fkey", "published_by", `@nobody`),
		owners(into("decision_publication", whole)("of nothing", "decision_publication_decision_fkey", "decision_id", `@nobody`)),
		owners(show("of a number that was used", "decision_publication_pkey", "id", `@publication`)),
		past(into("decision_publication", whole)("counted twice", "decision_publication_number_key", "decision_id", `@made`, "number", `1`)),
		showing(correct("with another subject", "New arrangements > Corrected"), `
			SELECT (before #>> '{}') || ' > ' || (after #>> '{}') FROM decision_correction WHERE decision_id = @made AND field = 'subject' ORDER BY id DESC LIMIT 1`),
		fix("by hand", denied), owners(fix("of nothing", "decision_correction_decision_fkey", "decision_id", `@nobody`)),
		owners(fix("of no publication", "decision_correction_publication_fkey", "publication_id", `@nobody`)), owners(fix("of a number that was used", "decision_correction_pkey", "id", `@correction`)),
		sql("the register is written by hand", denied, `UPDATE decision_line SET subject = 'x'`), sql("the words are written by hand", denied, `UPDATE decision_search SET sort_on = now()`),
		owners(sql("a line stands twice", "decision_line_pkey", `INSERT INTO decision_line SELECT * FROM decision_line WHERE decision_id = @made AND is_public`)),
		change("of no record", "decision_line_decision_fkey", "decision_line", `decision_id = @nobody WHERE decision_id = @made AND is_public`),
		change("of no publication", "decision_line_publication_fkey", "decision_line", `publication_id = @nobody WHERE decision_id = @made AND is_public`),
		change("two of one reference", "decision_line_ref_key", "decision_line", `ref = 'x' WHERE organisation_id = @body AND NOT is_public`),
		owners(sql("words stand twice", "decision_search_pkey", `INSERT INTO decision_search SELECT * FROM decision_search WHERE decision_id = @made AND is_public`)),
		change("of no record", "decision_search_decision_fkey", "decision_search", `decision_id = @nobody WHERE decision_id = @made AND is_public`)}
}
