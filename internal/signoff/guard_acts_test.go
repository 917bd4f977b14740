package signoff_test

import (
	"strings"
	"testing"

	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
)

// body is a statement that says what its columns say.
const body = `convert_to(json_build_object('digest', 'sha256:' || encode(@digest, 'hex'), 'act', 'sign')::text, 'UTF8')`

// aStatement is one that officer 1 was issued for the open round, as the service stores it.
var aStatement = pgtest.Row{"id": `@unused`, "round_id": `@open`, "seat_id": `@seat1`, "partner_id": `@partner1`, "digest": `@digest`,
	"account_id": `@account1`, "appointment_id": `@appointment1`, "kind": `'sign'`, "reason": `''`, "body": body, "officer_name": `'Officer'`,
	"officer_salt": `decode(repeat('ab', 32), 'hex')`, "issued_at": `now()`, "expires_at": `now() + interval '10 minutes'`}

func statementAttempts() []pgtest.Attempt {
	issue := func(name, want string, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a statement is issued " + name, SQL: aStatement.With(changes...).Into("statement"), Want: want}
	}
	saying := func(key, value string) string {
		return `convert_to((convert_from(` + body + `, 'UTF8')::jsonb || jsonb_build_object('` + key + `', ` + value + `))::text, 'UTF8')`
	}
	return []pgtest.Attempt{
		issue("properly", ""),
		issue("for another digest than the round's", "statement_round_digest_fkey", "digest", `sha256('other')`, "body", saying("digest", `'sha256:' || encode(sha256('other'), 'hex')`)),
		issue("that names another digest", "statement_says_what_it_is", "body", saying("digest", `'sha256:' || encode(sha256('other'), 'hex')`)),
		issue("that names another act", "statement_says_what_it_is", "body", saying("act", `'decline'`)),
		issue("that names nothing", "statement_says_what_it_is", "body", `'{}'`),
		issue("that is no JSON", "22P02", "body", `'no'`),
		issue("that is empty", "statement_body_size", "body", `''`),
		issue("that is too long", "statement_body_size", "body", body+` || convert_to(repeat(' ', 65536), 'UTF8')`),
		issue("for another seat", "statement_seat_fkey", "seat_id", `@seat2`),
		issue("for another partner", "statement_seat_fkey", "partner_id", `@partner2`),
		issue("for a seat of another round", "statement_seat_fkey", "seat_id", `@empty_seat`),
		issue("to another person than the appointment's", "statement_appointment_fkey", "account_id", `@account2`),
		issue("under another person's appointment", "statement_appointment_fkey", "appointment_id", `@appointment2`),
		issue("twice under one identifier", "statement_pkey", "id", `@to_sign`),
		issue("of another kind", "statement_kind_known", "kind", `'abstain'`, "body", saying("act", `'abstain'`)),
		issue("to decline without a reason", "statement_decline_with_reason", "kind", `'decline'`, "body", saying("act", `'decline'`)),
		issue("to sign with a reason", "statement_decline_with_reason", "reason", `'Because'`),
		issue("with too long a reason", "statement_reason_length", "kind", `'decline'`, "body", saying("act", `'decline'`), "reason", `repeat('x', 4001)`),
		issue("with a short salt", "statement_officer_salt_size", "officer_salt", `'salt'`),
		issue("for an hour", "statement_ten_minutes", "expires_at", `now() + interval '1 hour'`),
		issue("that ends before it begins", "statement_ten_minutes", "expires_at", `now() - interval '1 second'`),
		issue("tomorrow", "statement_not_issued_ahead", "issued_at", `now() + interval '1 day'`, "expires_at", `now() + interval '1 day 1 minute'`),
		issue("with a digest of its own", generated, "body_digest", `sha256('other')`),
	}
}

// anAct is officer 1's signature in the open round.
var anAct = pgtest.Row{"round_id": `@open`, "seat_id": `@seat1`, "partner_id": `@partner1`, "digest": `@digest`, "kind": `'sign'`, "method": `'password'`,
	"statement_id": `@to_sign`, "account_id": `@account1`, "appointment_id": `@appointment1`, "office": `'Chief Officer'`, "capacity": `'lead'`,
	"acting_for": `''`, "instrument": `'Another letter'`, "organisation_name": `'Body'`, "reason": `''`, "at": `now()`, "signed_on": `now()`}

// otherAct is officer 2's: after it and officer 1's every seat has signed.
var otherAct = anAct.With("seat_id", `@seat2`, "partner_id", `@partner2`, "statement_id", `@other_to_sign`, "account_id", `@account2`, "appointment_id", `@appointment2`).Into("act")

func act(name, want string, changes ...string) pgtest.Attempt {
	return pgtest.Attempt{Name: "an act is done " + name, SQL: anAct.With(changes...).Into("act"), Want: want}
}

func after(a pgtest.Attempt, sql ...string) pgtest.Attempt {
	a.After = sql
	return a
}

func forged(a pgtest.Attempt, sql ...string) pgtest.Attempt {
	a.Forged = sql
	return a
}

func showing(a pgtest.Attempt, sql string) pgtest.Attempt {
	a.Shows = sql
	return a
}

func unguarded(a pgtest.Attempt) pgtest.Attempt {
	a.Name, a.Unguarded = a.Name+" past the triggers", true
	return a
}

func actAttempts() []pgtest.Attempt {
	toDecline := []string{"statement_id", `@to_decline`, "kind", `'decline'`}
	const shown = `SELECT CASE WHEN at > now() - interval '1 minute' AND at < now() + interval '1 minute' AND signed_on = london_day(at) AND recorded_at >= at THEN 'now' ELSE 'then' END
		|| ', ' || office || ', ' || capacity || ', ' || acting_for || ', ' || instrument || coalesce(instrument_on::text, '') || ', ' || CASE WHEN organisation_name LIKE 'Body %' AND officer_name LIKE 'Officer of %' THEN 'the names of the day' ELSE organisation_name || officer_name END
		FROM act WHERE round_id = @open AND seat_id = @seat1`
	return []pgtest.Attempt{
		act("properly", ""),
		showing(act("with time, office and names of one's own", "now, Chief Officer, lead, , , the names of the day", "at", `'2019-06-01'`, "signed_on", `'2019-06-01'`,
			"office", `'King'`, "capacity", `'delegate'`, "acting_for", `'The Queen'`, "instrument_on", `'2019-06-01'`, "organisation_name", `'Another body'`, "officer_name", `'Another person'`), shown),
		{Name: "an act is done with reasons of one's own", After: []string{anAct.With(append(toDecline, "reason", `'Other reasons'`)...).Into("act")}, SQL: `UPDATE round SET outcome = 'declined' WHERE id = @open`,
			Shows: `SELECT reason FROM act WHERE round_id = @open AND seat_id = @seat1`, Want: "Section 4 says nothing of Medway."},
		{Name: "an act is done by the public", As: pg.RolePublic, SQL: anAct.Into("public.act"), Want: denied},
		act("without a statement", "act_statement_fresh", "statement_id", `NULL`),
		unguarded(act("without a statement", "act_made_here_or_recorded", "statement_id", `NULL`)),
		act("on a statement that was never issued", "act_statement_fresh", "statement_id", `@unused`),
		act("on another officer's statement", "act_statement_fkey", "statement_id", `@other_to_sign`),
		act("on another seat's statement of the same officer", "act_seat_fkey", "seat_id", `@seat2`),
		act("otherwise than the statement says", "act_decline_with_reason", "kind", `'decline'`, "reason", `'Because'`),
		act("on the decline as a signature", "act_decline_with_reason", "statement_id", `@to_decline`),
		act("on another digest", "act_round_digest_fkey", "digest", `sha256('other')`),
		act("for a seat of another round", "act_seat_fkey", "seat_id", `@empty_seat`),
		act("by another person", "act_appointment_fkey", "account_id", `@account2`),
		act("under another partner's appointment", "act_appointment_fkey", "appointment_id", `@appointment2`),
		after(act("by somebody who signed for another partner", "act_one_seat_per_person", "seat_id", `@seat2`, "partner_id", `@partner2`, "account_id", `@account3`, "appointment_id", `@both`, "statement_id", `@unused`),
			aStatement.With("seat_id", `@seat2`, "partner_id", `@partner2`, "account_id", `@account3`, "appointment_id", `@both`).Into("statement")),
		after(act("twice for a seat", "act_one_per_seat", "statement_id", `@to_decline`, "kind", `'decline'`), anAct.Into("act")),
		unguarded(act("twice on one statement", "act_statement_key", "round_id", `@empty`, "seat_id", `@empty_seat`, "statement_id", `@signed_statement`)),
		after(act("after another partner declined", "act_round_open", "seat_id", `@seat2`, "partner_id", `@partner2`, "statement_id", `@other_to_sign`, "account_id", `@account2`, "appointment_id", `@appointment2`),
			anAct.With(toDecline...).Into("act")),
		after(act("after the round was recalled", "act_round_open"), `UPDATE round SET outcome = 'recalled', end_reason = 'A slip' WHERE id = @open`),
		unguarded(act("under a number that was used", "act_pkey", "id", `@signed`)),
		act("in no round", "act_round_open", "round_id", `@nobody`),
		act("in a round that was declined", "act_round_open", "round_id", `@declined`),
		act("in a complete round", "act_round_open", "round_id", `@complete`),
		act("with a passkey that did not answer", "act_assertion_with_passkey", "method", `'passkey'`),
		act("with a password and a passkey's answer", "act_assertion_with_passkey", "assertion", `'answer'`),
		act("by another method", "act_method_known", "method", `'fax'`),
		unguarded(act("under nothing", "act_under_instrument", "instrument", `NULL`)),
		unguarded(act("of another kind", "act_kind_known", "kind", `'abstain'`)),
		unguarded(act("without an office", "act_office_length", "office", `' '`)),
		unguarded(act("in another capacity", "act_capacity_known", "capacity", `'king'`)),
		unguarded(act("as a delegate of nobody", "act_delegate_acts_for", "capacity", `'delegate'`)),
		unguarded(act("to decline without a reason", "act_decline_with_reason", "kind", `'decline'`)),
		unguarded(act("under too long a name", "act_officer_name_length", "officer_name", `repeat('x', 201)`)),
		act("roughly", "act_made_here_or_recorded", "signed_precision", `'month'`),
		act("from a source", "act_made_here_or_recorded", "source", `'The minutes'`),
		act("from a file", "act_made_here_or_recorded", "evidence_file_id", `@file`),
		after(act("as the last one that leaves the round open", "round_not_stuck"), otherAct),
		act("as a decline that leaves the round open", "round_not_stuck", toDecline...),
	}
}

// named makes an act, or a statement, that of the delegate whom officer 1 named.
var (
	named          = []string{"account_id", `@named_account`, "appointment_id", `@named`, "statement_id", `@unused`}
	namedStatement = aStatement.With("account_id", `@named_account`, "appointment_id", `@named`).Into("statement")
)

// authorityAttempts act without authority: the statement was issued while there was some.
func authorityAttempts() []pgtest.Attempt {
	const yesterday, tomorrow = `london_day(now()) - 1`, `london_day(now()) + 1`
	return []pgtest.Attempt{
		after(act("under an appointment that ended yesterday", "act_appointment_of_today"), `UPDATE appointment SET ends_on = `+yesterday+` WHERE id = @appointment1`),
		after(act("under an appointment that ends today", ""), `UPDATE appointment SET ends_on = london_day(now()) WHERE id = @appointment1`),
		after(act("under an appointment that begins tomorrow", "act_appointment_of_today"), `UPDATE appointment SET starts_on = `+tomorrow+` WHERE id = @appointment1`),
		after(act("under a withdrawn appointment", "act_appointment_of_today"), `UPDATE appointment SET withdrawn_by = @support WHERE id = @appointment1`),
		after(act("under an appointment for other papers", "act_appointment_of_today"), `UPDATE appointment SET papers = '{threshold document}' WHERE id = @appointment1`),
		after(act("under an appointment for these papers", ""), `UPDATE appointment SET papers = '{threshold document,arrangements}' WHERE id = @appointment1`),
		after(act("under an appointment that nobody confirmed", "act_appointment_of_today", "statement_id", `@unused`, "account_id", `@delegate`, "appointment_id", `@unconfirmed`),
			aStatement.With("account_id", `@delegate`, "appointment_id", `@unconfirmed`).Into("statement")),
		act("under no appointment", "act_appointment_of_today", "appointment_id", `NULL`),
		unguarded(act("under no appointment", "act_made_here_or_recorded", "appointment_id", `NULL`)),
		after(act("by a delegate whom the lead officer named", "", named...), namedStatement),
		after(act("by a delegate whose lead officer's term ended yesterday", "act_delegating_lead_of_today", named...), namedStatement, `UPDATE appointment SET ends_on = `+yesterday+` WHERE id = @appointment1`),
		after(act("by a delegate whose lead officer's term begins tomorrow", "act_delegating_lead_of_today", named...), namedStatement, `UPDATE appointment SET starts_on = `+tomorrow+` WHERE id = @appointment1`),
		after(act("by a delegate whose lead officer was withdrawn", "act_delegating_lead_of_today", named...), namedStatement, `UPDATE appointment SET withdrawn_by = @support WHERE id = @appointment1`),
		{Name: "a lead officer's term ends before an act of the delegate named in it", After: []string{namedStatement, anAct.With(named...).Into("act")},
			SQL: `UPDATE appointment SET ends_on = ` + yesterday + ` WHERE id = @appointment1`, Want: "appointment_ends_after_acts"},
		showing(after(act("by a delegate under another instrument than the appointment's", "Scheme of delegation 2026-01-02", append([]string{"instrument_on", `'2019-06-01'`}, named...)...), namedStatement),
			`SELECT instrument || ' ' || instrument_on FROM act WHERE round_id = @open AND seat_id = @seat1`),
		after(act("by a suspended person", "act_account_active"), `UPDATE account SET suspended_at = now() WHERE id = @account1`),
		act("by nobody", "act_account_active", "account_id", `NULL`),
		after(act("for a body that stopped being a partner yesterday", "act_partner_of_today"), `UPDATE safeguarding_partner SET ends_on = `+yesterday+` WHERE id = @partner1`),
		after(act("on a statement of eleven minutes ago", "act_statement_fresh", "statement_id", `@unused`),
			aStatement.With("issued_at", `now() - interval '11 minutes'`, "expires_at", `now() - interval '1 minute'`).Into("statement")),
		{Name: "the round ends with its last act", After: []string{anAct.Into("act"), otherAct}, SQL: `UPDATE round SET outcome = 'complete' WHERE id = @open`},
		{Name: "the round ends with a decline", After: []string{anAct.With("statement_id", `@to_decline`, "kind", `'decline'`).Into("act")}, SQL: `UPDATE round SET outcome = 'declined' WHERE id = @open`},
		{Name: "an appointment ends before an act under it", SQL: `UPDATE appointment SET ends_on = ` + yesterday + ` WHERE id = (SELECT appointment_id FROM act WHERE id = @signed)`, Want: "appointment_ends_after_acts"},
		{Name: "a partner's time ends before its act", SQL: `UPDATE safeguarding_partner SET ends_on = ` + yesterday + ` WHERE id = @partner3`, Want: "safeguarding_partner_ends_after_acts"},
	}
}

// aRecord is a partner's sign-off made elsewhere, entered in the empty recorded round.
var aRecord = pgtest.Row{"round_id": `@empty`, "seat_id": `@empty_seat`, "partner_id": `@empty_partner`, "digest": `@empty_digest`, "kind": `'sign'`,
	"method": `'recorded'`, "office": `'Lead officer'`, "capacity": `'lead'`, "organisation_name": `'Body'`, "at": `now()`, "signed_on": `'2019-06-01'`,
	"signed_precision": `'month'`, "source": `'The minutes'`}

func recordedAttempts() []pgtest.Attempt {
	record := func(name, want string, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a sign-off made elsewhere is entered " + name, SQL: aRecord.With(changes...).Into("act"), Want: want}
	}
	confirm := func(name, want, round, by string) pgtest.Attempt {
		return pgtest.Attempt{Name: "sign-offs made elsewhere are confirmed " + name, SQL: `INSERT INTO recorded_confirmation (round_id, confirmed_by) VALUES (@` + round + `, @` + by + `)`, Want: want}
	}
	file := func(name, want string, changes ...string) pgtest.Attempt {
		row := pgtest.Row{"name": `'Minutes'`, "media_type": `'application/pdf'`, "body": `'x'`, "added_by": `@support`}
		return pgtest.Attempt{Name: "evidence is added " + name, SQL: row.With(changes...).Into("evidence_file"), Want: want}
	}
	named := after(showing(record("under another name of the body", "The name of 2019"), `SELECT organisation_name FROM act WHERE round_id = @empty`),
		`UPDATE organisation_name SET starts_on = '2020-01-01' WHERE organisation_id = @empty_organisation`,
		`INSERT INTO organisation_name (organisation_id, name, ends_on) VALUES (@empty_organisation, 'The name of 2019', '2019-12-31')`)
	return []pgtest.Attempt{
		record("properly", ""),
		named,
		showing(record("at another time", "now", "at", `'2019-06-01'`), `SELECT CASE WHEN at > now() - interval '1 minute' THEN 'now' ELSE 'then' END FROM act WHERE round_id = @empty`),
		record("for tomorrow", "act_recorded_in_past", "signed_on", `london_day(now()) + 1`),
		record("to no precision", "act_signed_precision_known", "signed_precision", `'week'`),
		record("without a source", "act_made_here_or_recorded", "source", `' '`),
		record("from a file instead of a source", "", "source", `''`, "evidence_file_id", `@file`),
		record("from no file", "act_evidence_file_fkey", "evidence_file_id", `@nobody`),
		record("from too long a source", "act_source_length", "source", `repeat('x', 2001)`),
		record("as a decline", "act_made_here_or_recorded", "kind", `'decline'`, "reason", `'Because'`),
		record("by an officer", "act_made_here_or_recorded", "account_id", `@account1`),
		record("in a portal round", "act_method_of_origin", "round_id", `@open`, "seat_id", `@seat1`, "partner_id", `@partner1`, "digest", `@digest`),
		act("in a recorded round", "act_method_of_origin", "round_id", `@empty`, "seat_id", `@empty_seat`, "partner_id", `@empty_partner`, "digest", `@empty_digest`),
		confirm("properly, but the round is left open", "round_not_stuck", "entered", "support"),
		{Name: "confirmed sign-offs made elsewhere complete the round", After: []string{confirmed}, SQL: `UPDATE round SET outcome = 'complete' WHERE id = @entered`},
		confirm("by who entered them", "recorded_confirmation_two_people", "entered", "entered_by"),
		confirm("by nobody", "recorded_confirmation_confirmed_by_fkey", "entered", "nobody"),
		confirm("before they are entered", "recorded_confirmation_of_all_seats", "empty", "support"),
		forged(confirm("though nobody entered them", "recorded_confirmation_two_people", "entered", "support"), `UPDATE round SET opened_by = NULL WHERE id = @entered`),
		after(confirm("twice", "recorded_confirmation_pkey", "entered", "support"), confirmed),
		confirm("in a portal round", "recorded_confirmation_of_open_round", "open", "support"),
		confirm("in no round", "recorded_confirmation_of_open_round", "nobody", "support"),
		after(confirm("after they were rejected", "recorded_confirmation_of_open_round", "entered", "support"), `UPDATE round SET outcome = 'recalled', end_reason = 'Wrong' WHERE id = @entered`),
		file("without a name", "evidence_file_name_length", "name", `' '`),
		file("of another type", "evidence_file_media_type_allowed", "media_type", `'text/html'`),
		file("without a body", "evidence_file_size", "body", `''`),
		file("by nobody", "evidence_file_added_by_fkey", "added_by", `@nobody`),
	}
}

func remarkAttempts() []pgtest.Attempt {
	remark := func(name, want string, changes ...string) pgtest.Attempt {
		row := pgtest.Row{"round_id": `@open`, "partner_id": `@partner1`, "account_id": `@account1`, "kind": `'question'`, "body": `'Why?'`}
		return pgtest.Attempt{Name: "a remark is put " + name, SQL: row.With(changes...).Into("remark"), Want: want}
	}
	answer := func(name, want string, changes ...string) pgtest.Attempt {
		row := pgtest.Row{"remark_id": `@unanswered`, "account_id": `@support`, "body": `'So.'`}
		return pgtest.Attempt{Name: "a remark is answered " + name, SQL: row.With(changes...).Into("remark_answer"), Want: want}
	}
	scrutiny := func(name, want string, changes ...string) pgtest.Attempt {
		row := pgtest.Row{"round_id": `@open`, "account_id": `@scrutineer`, "body": `'Sound.'`}
		return pgtest.Attempt{Name: "scrutiny is filed " + name, SQL: row.With(changes...).Into("scrutiny"), Want: want}
	}
	again := scrutiny("by the owner under a number that was used", "scrutiny_pkey", "id", `@filed`)
	again.As = pgtest.AsOwner
	return []pgtest.Attempt{
		scrutiny("properly", ""),
		scrutiny("on a round that ended", "scrutiny_on_open_round", "round_id", `@declined`),
		scrutiny("on sign-offs made elsewhere", "scrutiny_on_open_round", "round_id", `@empty`),
		scrutiny("by business support", "scrutiny_by_scrutineer", "account_id", `@support`),
		scrutiny("by who is scrutineer no more", "scrutiny_by_scrutineer", "account_id", `@former_scrutineer`),
		again,
		scrutiny("without words", "scrutiny_body_length", "body", `' '`),
		remark("properly", ""),
		remark("on a round that ended", "remark_on_open_round", "round_id", `@declined`),
		remark("on no round", "remark_on_open_round", "round_id", `@nobody`),
		remark("for a body without a seat", "remark_on_open_round", "partner_id", `@empty_partner`),
		remark("by nobody", "remark_account_fkey", "account_id", `@nobody`),
		remark("of another kind", "remark_kind_known", "kind", `'order'`),
		remark("without words", "remark_body_length", "body", `' '`),
		answer("properly", ""),
		answer("twice", "remark_answer_pkey", "remark_id", `@answered`),
		answer("that does not exist", "remark_answer_remark_fkey", "remark_id", `@nobody`),
		answer("by nobody", "remark_answer_account_fkey", "account_id", `@nobody`),
		answer("without words", "remark_answer_body_length", "body", `' '`),
	}
}

// clauses are the conditions inside the functions that matter most, each to be told apart by an attempt.
func clauses(t testing.TB, db pg.DB) []pgtest.Mutation {
	t.Helper()
	var mutations []pgtest.Mutation
	for _, c := range []struct{ function, old, with string }{
		{"round_coverage", " AND q.confidence = 'confirmed'", ""},
		{"round_coverage", " AND q.kind = 'must'", ""},
		{"round_coverage", "NEW.origin = 'portal' AND ", ""},
		{"act_guard", " OR a.confirmed_at IS NULL", ""},
		{"act_guard", " OR a.withdrawn_at IS NOT NULL", ""},
		{"act_guard", " OR NOT a.during @> today", ""},
		{"act_guard", "NOT (a.papers = '{}' OR", "(false AND"},
		{"act_guard", " OR s.expires_at < NEW.at", ""},
		{"act_guard", " AND suspended_at IS NULL", ""},
		{"act_guard", "NOT FOUND OR r.outcome <> 'open'", "NOT FOUND"},
		{"act_guard", "    NEW.at := clock_timestamp();\n", ""},
		{"act_guard", "    NEW.signed_on := today;\n", ""},
		{"act_guard", "    NEW.office := a.office;\n", ""},
		{"act_guard", "    NEW.capacity := a.capacity;\n", ""},
		{"act_guard", "    NEW.acting_for := a.acting_for;\n", ""},
		{"act_guard", "    NEW.instrument := a.instrument;\n", ""},
		{"act_guard", "    NEW.instrument_on := a.instrument_on;\n", ""},
		{"act_guard", " AND l.withdrawn_at IS NULL", ""},
		{"act_guard", " AND l.during @> today", ""},
		{"appointment_guard", " OR a.appointment_id IN (SELECT d.id FROM appointment d WHERE d.delegated_under = NEW.id)", ""},
		{"act_guard", "    NEW.officer_name := s.officer_name;\n", ""},
		{"act_guard", "    NEW.reason := s.reason;\n", ""},
		{"act_guard", "    NEW.organisation_name := organisation_name_on(p.organisation_id, today);\n", ""},
		{"act_guard", "organisation_name_on(p.organisation_id, NEW.signed_on)", "organisation_name_on(p.organisation_id, today)"},
		{"round_opens", " OR v.published_at IS NOT NULL", ""},
		{"round_opens", " OR v.discarded_at IS NOT NULL", ""},
		{"round_opens", "v.effective_from IS NULL OR ", ""},
		{"round_opens", "frozen->>'effectiveFrom' IS DISTINCT FROM v.effective_from::text", "false"},
		{"round_opens", "(frozen->>'number')::int IS DISTINCT FROM v.number", "false"},
		{"round_opens", "frozen->>'title' IS DISTINCT FROM v.title", "false"},
		{"round_opens", "    NEW.opened_at := clock_timestamp();\n", ""},
		{"round_opens", "    NEW.outcome := 'open';\n", ""},
		{"round_opens", "    NEW.ended_at := NULL;\n", ""},
		{"round_opens", "    NEW.end_reason := '';\n", ""},
		{"round_opens", "        NEW.seats_on := london_day(NEW.opened_at);\n", "NULL;"},
		{"round_ends", "OLD.outcome <> 'open' OR ", ""},
		{"round_ends", "NEW.outcome = 'open' OR ", ""},
		{"round_ends", "{outcome,ended_at,end_reason,digest}'::text[])\n", "{outcome,ended_at,end_reason,digest,content}'::text[])\n"},
		{"round_ends", "    NEW.ended_at := clock_timestamp();\n", ""},
		{"paper_has_live_round", "r.outcome = 'open' OR ", ""},
		{"paper_has_live_round", "r.outcome = 'complete'", "false"},
		{"round_opens", " OR y.agreed_at IS NOT NULL", ""},
		{"round_opens", "frozen->>'schema' IS DISTINCT FROM 'funding-year/1'", "false"},
		{"round_opens", " OR frozen->>'financialYear' IS DISTINCT FROM financial_year_words(y.financial_year)", ""},
		{"round_opens", "frozen->>'openingPence' IS DISTINCT FROM y.opening_pence::text", "false"},
		{"funding_lines_proposed", " AND l.removed_at IS NULL", ""},
	} {
		table, _, _ := strings.Cut(strings.TrimPrefix(c.function, "paper_has_live_"), "_")
		mutations = append(mutations, pgtest.Clause(t, db, table, c.function, c.old, c.with))
	}
	return mutations
}

// guardedTwice are guards that no attempt can tell, since another stands before them.
var guardedTwice = map[string]string{
	"recorded_confirmation_round_fkey": "recorded_confirmation_guard finds no such round first",
	"round_set_aside_round_fkey":       "round_set_aside_guard finds no such round first",
	"remark_round_fkey":                "remark_guard finds no such round first",
	"scrutiny_round_fkey":              "scrutiny_guard finds no such round first",
	"scrutiny_account_fkey":            "scrutiny_guard finds no such scrutineer first",
	"remark_partner_fkey":              "remark_guard finds no such seat first",
	"trigger round_agrees_year":        "told by the tests of funding years",
}
