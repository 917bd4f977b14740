package signoff_test

import (
	"strings"

	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
)

const (
	denied    = "42501" // insufficient privilege
	generated = "428C9" // the database computes it
)

// keptAttempts change and remove what is only ever added: by the application, by the public, and by the owner.
func keptAttempts() []pgtest.Attempt {
	var attempts []pgtest.Attempt
	for _, table := range []string{"seat", "statement", "evidence_file", "act", "round_set_aside", "recorded_confirmation", "remark", "remark_answer", "scrutiny", "event"} {
		for verb, sql := range map[string]string{"changes": `UPDATE public.` + table + ` SET recorded_at = now()`, "deletes": `DELETE FROM public.` + table, "empties": `TRUNCATE public.` + table + ` CASCADE`} {
			for who, as := range map[string]string{"the application": "", "the public": pg.RolePublic, "the owner": pgtest.AsOwner} {
				want := denied
				if as == pgtest.AsOwner {
					want = table + "_insert_only"
				}
				attempts = append(attempts, pgtest.Attempt{Name: who + " " + verb + " rows of " + table, As: as, SQL: sql, Want: want})
			}
		}
	}
	attempts = append(attempts,
		pgtest.Attempt{Name: "the application deletes a round", SQL: `DELETE FROM round`, Want: denied},
		pgtest.Attempt{Name: "the owner deletes a round", As: pgtest.AsOwner, SQL: `DELETE FROM round`, Want: "round_kept"},
		pgtest.Attempt{Name: "the owner empties the rounds", As: pgtest.AsOwner, SQL: `TRUNCATE round CASCADE`, Want: "round_kept"},
	)
	seat := pgtest.Row{"round_id": `@open`, "partner_id": `@empty_partner`}
	give := func(name, as, want string, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: name, As: as, SQL: seat.With(changes...).Into("seat"), Want: want}
	}
	return append(attempts,
		give("the application adds a seat", "", denied),
		give("the owner gives a partner two seats", pgtest.AsOwner, "seat_round_partner_key", "partner_id", `@partner1`),
		give("the owner adds a seat to no round", pgtest.AsOwner, "seat_round_fkey", "round_id", `@nobody`),
		give("the owner adds a seat under a number that was used", pgtest.AsOwner, "seat_pkey", "id", `@seat1`),
		give("the owner adds a seat of nobody", pgtest.AsOwner, "seat_partner_fkey", "partner_id", `@nobody`),
	)
}

// confirmed lets a second person confirm the sign-offs that were entered.
const confirmed = `WITH c AS (INSERT INTO recorded_confirmation (round_id, confirmed_by) VALUES (@entered, @support) RETURNING round_id) SELECT FROM c`

// aRound is a portal round on the draft, as the service opens it.
var aRound = pgtest.Row{"paper_kind": `'version'`, "paper_id": `@draft`, "number": `1`, "origin": `'portal'`, "content": `@draft_content`,
	"seats_on": `london_day(now())`, "opened_by": `@support`, "opened_at": `now()`}

// A draft that follows an edition with a list, with its coverage as it is proposed then.
const (
	follow2018   = `UPDATE version SET guidance_edition_id = (SELECT id FROM guidance_edition WHERE title = 'Working Together 2018') WHERE id = @draft`
	aSection     = `INSERT INTO section (version_id, position, heading, markdown) VALUES (@draft, 1, 'All of it', 'All.')`
	coverAll     = `INSERT INTO requirement_coverage (version_id, requirement_id, sections) SELECT v.id, q.id, ARRAY[s.id] FROM version v JOIN section s ON s.version_id = v.id JOIN guidance_requirement q ON q.edition_id = v.guidance_edition_id WHERE v.id = @draft AND (q.kind = 'should' OR q.confidence = 'confirmed')`
	withCoverage = `convert_to((convert_from(@draft_content, 'UTF8')::jsonb || jsonb_build_object('coverage', coverage_proposed(@draft)))::text, 'UTF8')`
)

func roundAttempts() []pgtest.Attempt {
	open := func(name, want string, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a round is opened " + name, SQL: aRound.With(changes...).Into("round"), Want: want}
	}
	with := func(a pgtest.Attempt, alter func(*pgtest.Attempt)) pgtest.Attempt { alter(&a); return a }
	shows := func(sql string) func(*pgtest.Attempt) { return func(a *pgtest.Attempt) { a.Shows = sql } }
	after := func(sql ...string) func(*pgtest.Attempt) { return func(a *pgtest.Attempt) { a.After = sql } }
	content := func(number, title, day string) string {
		return `convert_to(json_build_object('number', ` + number + `, 'title', '` + title + `', 'effectiveFrom', '` + day + `')::text, 'UTF8')`
	}
	const seats = `SELECT string_agg(p.statutory_kind, ', ' ORDER BY s.id) FROM seat s JOIN round r ON r.id = s.round_id JOIN safeguarding_partner p ON p.id = s.partner_id WHERE r.paper_id = @draft`
	return []pgtest.Attempt{
		with(open("properly", "local authority, police, health"), shows(seats)),
		with(open("for partners of another day", "today"), func(a *pgtest.Attempt) {
			a.SQL = aRound.With("seats_on", `'2019-06-01'`, "opened_at", `'2019-06-01'`).Into("round")
			a.Shows = `SELECT CASE WHEN seats_on = london_day(now()) AND opened_at > now() - interval '1 minute' THEN 'today' ELSE 'another day' END FROM round WHERE paper_id = @draft`
		}),
		with(open("while a body of another area is a partner", "3"), func(a *pgtest.Attempt) {
			a.Shows = `SELECT count(*)::text FROM seat s JOIN round r ON r.id = s.round_id WHERE r.paper_id = @draft`
		}),
		with(open("while a body is no longer a partner", "round_seats_each_kind"), after(`UPDATE safeguarding_partner SET ends_on = london_day(now()) - 1 WHERE id = @draft_health`)),
		with(open("on a kind of document that nobody signs", "round_seats_each_kind"), after(`UPDATE document SET kind = 'framework' WHERE id = @draft_document`)),
		with(open("on a child death review's arrangements", "local authority, health"), func(a *pgtest.Attempt) {
			a.After, a.Shows = []string{`UPDATE document SET kind = 'child death review arrangements' WHERE id = @draft_document`}, seats
		}),
		with(open("without the coverage of its list", "round_coverage_of_version"), after(follow2018)),
		with(open("with a confirmed must uncovered", "round_musts_covered", "content", withCoverage), after(follow2018)),
		with(open("with every confirmed must covered", "", "content", withCoverage), after(follow2018, aSection, coverAll)),
		with(open("with every confirmed must covered, and no should", "", "content", withCoverage), after(follow2018, aSection, coverAll+` AND kind = 'must'`)),
		with(open("with only a should covered", "round_musts_covered", "content", withCoverage), after(follow2018, aSection, coverAll+` AND kind = 'should'`)),
		with(open("with a must uncovered that nobody confirmed", "", "content", withCoverage), after(strings.Replace(follow2018, "2018", "2023", 1), aSection, coverAll)),
		with(open("elsewhere with a confirmed must uncovered", "", "content", withCoverage, "origin", `'recorded'`, "seats_on", `london_day(now())`), after(follow2018)),
		with(open("on a kind that is held against no list", "local authority, health"), func(a *pgtest.Attempt) {
			a.After, a.Shows = []string{follow2018, `UPDATE document SET kind = 'child death review arrangements' WHERE id = @draft_document`}, seats
		}),
		open("on no version", "round_of_a_draft", "paper_id", `@nobody`),
		with(open("on a discarded version", "round_of_a_draft"), after(`UPDATE version SET discarded_by = @support WHERE id = @draft`)),
		with(open("on a published version", "round_of_a_draft", "paper_id", `@complete_version`, "number", `2`), after(publish)),
		open("beside an open one", "round_one_live", "paper_id", `@version`, "number", `2`, "content", `@content`),
		open("beside a complete one", "round_one_live", "paper_id", `@complete_version`, "number", `2`),
		{Name: "a second round is opened past the triggers", Unguarded: true, Want: "round_one_open", SQL: aRound.With("paper_id", `@version`, "number", `2`).Into("round")},
		open("on another title", "round_content_of_version", "content", content("1", "Other", "2031-01-01")),
		open("on another number", "round_content_of_version", "content", content("2", "Arrangements", "2031-01-01")),
		open("on another effective day", "round_content_of_version", "content", content("1", "Arrangements", "2031-01-02")),
		with(open("without an effective day", "round_content_of_version", "content", `'{"number": 1, "title": "Arrangements", "effectiveFrom": null}'`),
			after(`UPDATE version SET effective_from = NULL WHERE id = @draft`)),
		open("on something that is no JSON", "22P02", "content", `'no'`),
		unguarded(open("on an empty text", "round_content_size", "content", `''`)),
		open("under a number that was used", "round_paper_number_key", "paper_id", `(SELECT paper_id FROM round WHERE id = @declined)`,
			"content", `(SELECT content FROM round WHERE id = @declined)`),
		open("under no number", "round_number_positive", "number", `0`),
		open("on another kind of paper", "round_paper_kind_known", "paper_kind", `'budget'`),
		open("of another origin", "round_origin_known", "origin", `'heaven'`),
		open("by nobody that exists", "round_opened_by_fkey", "opened_by", `@nobody`),
		open("that is complete", denied, "outcome", `'complete'`),
		open("under a digest of one's own", generated, "digest", `@digest`),
		with(open("that is complete, by the owner", "open"), func(a *pgtest.Attempt) {
			a.As, a.SQL = pgtest.AsOwner, aRound.With("outcome", `'complete'`, "ended_at", `now()`, "end_reason", `'Because'`).Into("round")
			a.Shows = `SELECT outcome || end_reason || coalesce(ended_at::text, '') FROM round WHERE paper_id = @draft`
		}),
		open("for sign-offs made elsewhere tomorrow", "round_recorded_in_past", "origin", `'recorded'`, "seats_on", `london_day(now()) + 1`),
	}
}

// publish makes the complete version a published one.
const publish = `UPDATE version SET publishing_round_id = @complete, published_by = @support WHERE id = @complete_version`

func endAttempts() []pgtest.Attempt {
	set := func(name, want, what, round string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a round is " + name, SQL: `UPDATE round SET ` + what + ` WHERE id = @` + round, Want: want}
	}
	owner := func(a pgtest.Attempt, want string) pgtest.Attempt {
		a.Name, a.As, a.Want = a.Name+" by the owner", pgtest.AsOwner, want
		return a
	}
	attempts := []pgtest.Attempt{
		set("complete with seats missing", "round_outcome_from_acts", `outcome = 'complete'`, "open"),
		set("declined without a decline", "round_outcome_from_acts", `outcome = 'declined'`, "open"),
		set("recalled without a reason", "round_recalled_with_reason", `outcome = 'recalled', end_reason = ' '`, "open"),
		set("recalled for too long a reason", "round_end_reason_length", `outcome = 'recalled', end_reason = repeat('x', 4001)`, "open"),
		set("ended otherwise", "round_outcome_known", `outcome = 'lapsed', end_reason = 'Time'`, "open"),
		set("left open with a reason", "round_ends_once", `end_reason = 'Because'`, "open"),
		set("opened again", "round_ends_once", `outcome = 'open', ended_at = NULL`, "declined"),
		set("complete after it was declined", "round_ends_once", `outcome = 'complete'`, "declined"),
		set("recalled after it was complete", "round_ends_once", `outcome = 'recalled', end_reason = 'Late'`, "complete"),
		set("recalled twice", "round_ends_once", `outcome = 'recalled', end_reason = 'Again'`, "recalled"),
		set("given another reason", "round_ends_once", `end_reason = 'Another'`, "recalled"),
		set("complete though its sign-offs are not confirmed", "round_outcome_from_acts", `outcome = 'complete'`, "entered"),
		{Name: "a round that a partner declined is recalled", Want: "round_outcome_from_acts", After: []string{anAct.With("statement_id", `@to_decline`, "kind", `'decline'`).Into("act")},
			SQL: `UPDATE round SET outcome = 'recalled', end_reason = 'Before it shows' WHERE id = @open`},
		{Name: "a round that a partner declined is complete", Want: "round_outcome_from_acts", After: []string{otherAct, anAct.With("statement_id", `@to_decline`, "kind", `'decline'`).Into("act")},
			SQL: `UPDATE round SET outcome = 'complete' WHERE id = @open`},
		{Name: "a round that everybody signed is recalled", Want: "round_outcome_from_acts", After: []string{anAct.Into("act"), otherAct},
			SQL: `UPDATE round SET outcome = 'recalled', end_reason = 'After all' WHERE id = @open`},
		{Name: "confirmed sign-offs made elsewhere are recalled", Want: "round_outcome_from_acts", After: []string{`INSERT INTO recorded_confirmation (round_id, confirmed_by) VALUES (@entered, @support)`},
			SQL: `UPDATE round SET outcome = 'recalled', end_reason = 'After all' WHERE id = @entered`},
		{Name: "a round ends at another time", SQL: `UPDATE round SET outcome = 'recalled', end_reason = 'A slip', ended_at = '2019-01-01' WHERE id = @open`, Want: "now",
			Shows: `SELECT CASE WHEN ended_at > now() - interval '1 minute' THEN 'now' ELSE 'then' END FROM round WHERE id = @open`},
		{Name: "a round ends at no time past the triggers", Unguarded: true, Want: "round_ended_whole", SQL: `UPDATE round SET outcome = 'declined' WHERE id = @open`},
	}
	for column, value := range map[string]string{"content": `'{}'`, "seats_on": `seats_on - 1`, "due_on": `now()`, "number": `9`, "origin": `'recorded'`,
		"paper_id": `@draft`, "opened_by": `@stranger`, "opened_at": `now()`} {
		change := set("given another "+column, denied, column+` = `+value, "open")
		attempts = append(attempts, change, owner(change, "round_ends_once"))
		whileEnding := set("given another "+column+" while it ends", denied, column+` = `+value+`, outcome = 'recalled', end_reason = 'A slip'`, "open")
		attempts = append(attempts, owner(whileEnding, "round_ends_once"))
	}
	return append(attempts, setAsideAttempts()...)
}

func setAsideAttempts() []pgtest.Attempt {
	aside := pgtest.Row{"round_id": `@complete`, "reason": `'A body was renamed'`, "set_by": `@support`}
	set := func(name, want string, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a round is set aside " + name, SQL: aside.With(changes...).Into("round_set_aside"), Want: want}
	}
	published := set("after it was published", "round_set_aside_unpublished")
	published.After = []string{publish}
	return []pgtest.Attempt{
		set("properly", ""),
		published,
		set("twice", "round_set_aside_pkey", "round_id", `@aside`),
		set("while it is open", "round_set_aside_unpublished", "round_id", `@open`),
		set("after it was declined", "round_set_aside_unpublished", "round_id", `@declined`),
		set("that does not exist", "round_set_aside_unpublished", "round_id", `@nobody`),
		set("without a reason", "round_set_aside_reason_length", "reason", `' '`),
		set("by nobody", "round_set_aside_set_by_fkey", "set_by", `@nobody`),
	}
}

func eventAttempts() []pgtest.Attempt {
	event := pgtest.Row{"at": `now()`, "account_id": `@support`, "action": `'round.opened'`, "subject_kind": `'round'`, "subject_id": `@open`, "version_id": `@version`, "partner_id": `@partner1`}
	record := func(name, want string, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: "an event is recorded " + name, SQL: event.With(changes...).Into("event"), Want: want}
	}
	stamped := record("as if long ago", "now", "recorded_at", `'2019-06-01'`, "action", `'round.forged'`)
	stamped.Shows = `SELECT CASE WHEN recorded_at > now() - interval '1 minute' THEN 'now' ELSE 'then' END FROM event WHERE action = 'round.forged'`
	twice := record("under a number that was used", "event_pkey", "id", `(SELECT min(id) FROM event)`)
	twice.As = pgtest.AsOwner
	return []pgtest.Attempt{
		record("properly", ""),
		stamped,
		twice,
		record("in the present tense and capitals", "event_action_form", "action", `'Open round'`),
		record("about nothing", "event_subject_kind_form", "subject_kind", `''`),
		record("of nobody that exists", "event_account_fkey", "account_id", `@nobody`),
		record("for no partner", "event_partner_fkey", "partner_id", `@nobody`),
		record("on no version", "event_version_fkey", "version_id", `@nobody`),
	}
}
