package membership_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/file/filetest"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
)

// authority is appointments at every state, of partners of their own, by the names that the attempts use.
func authority(t *testing.T, db pg.DB) pgx.NamedArgs {
	t.Helper()
	made := func(alter ...func(*membershiptest.AppointmentMade)) membershiptest.AppointmentMade {
		return membershiptest.Appointment(t, db, membershiptest.Partner(t, db).ID, alter...)
	}
	proposed := made(func(a *membershiptest.AppointmentMade) { a.Confirmed = false })
	asked := made(func(a *membershiptest.AppointmentMade) { a.ByCommand = true })
	lead := made(func(a *membershiptest.AppointmentMade) { a.EndsOn = day.Must("2030-12-31") })
	refused := made(func(a *membershiptest.AppointmentMade) { a.Confirmed = false })
	withdrawn := made()
	other, partner := membershiptest.Person(t, db), membershiptest.Partner(t, db)
	exec(t, db, `UPDATE appointment SET refused_by = $2 WHERE id = $1`, refused.ID, other)
	exec(t, db, `UPDATE appointment SET withdrawn_by = $2 WHERE id = $1`, withdrawn.ID, other)
	limited := made(func(a *membershiptest.AppointmentMade) {
		a.EndsOn, a.Papers = day.Must("2030-12-31"), []string{"arrangements"}
	})
	request := pgx.NamedArgs{"limited": limited.ID, "waiting": int64(0), "answered": int64(0)}
	for _, name := range []string{"waiting", "answered"} {
		var made int64
		if err := db.QueryRow(t.Context(), delegateRequest.Into("delegate_request")+` RETURNING id`, pgx.NamedArgs{"limited": limited.ID}).Scan(&made); err != nil {
			t.Fatal(err)
		}
		request[name] = made
	}
	exec(t, db, `UPDATE delegate_request SET answer = 'taken back', answered_by = $2 WHERE id = $1`, request["answered"], other)
	given := pgx.NamedArgs{"limited_account": limited.Account, "limited_partner": limited.Partner,
		"file":     filetest.Add(t, db, "Letter"),
		"proposed": proposed.ID, "proposed_account": proposed.Account, "proposer": proposed.ProposedBy, "asked": asked.ID, "asked_account": asked.Account,
		"lead": lead.ID, "lead_account": lead.Account, "lead_partner": lead.Partner, "refused": refused.ID, "withdrawn": withdrawn.ID,
		"other": other, "nobody": int64(-1), "partner": partner.ID, "body": partner.Body.ID, "free_body": membershiptest.Organisation(t, db).ID, "area": partner.Areas[0]}
	maps.Copy(given, request)
	return given
}

// delegateRequest is a request of the lead officer whose papers are limited.
var delegateRequest = pgtest.Row{"lead_id": `@limited`, "name": `'D'`, "email": `'d@example.org'`, "office": `'Deputy'`, "papers": `'{arrangements}'`,
	"starts_on": `'2026-01-01'`, "ends_on": `'2026-12-31'`}

func delegationAttempts() []pgtest.Attempt {
	row := pgtest.Row{"account_id": `@other`, "partner_id": `@limited_partner`, "office": `'Deputy'`, "capacity": `'delegate'`, "acting_for": `'Chief'`,
		"papers": `'{arrangements}'`, "starts_on": `'2026-01-01'`, "ends_on": `'2026-12-31'`, "proposed_by": `@limited_account`, "delegated_under": `@limited`}
	name := func(how, want string, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a delegate is named " + how, SQL: row.With(changes...).Into("appointment"), Want: want}
	}
	after := func(a pgtest.Attempt, before string) pgtest.Attempt { a.After = []string{before}; return a }
	ask := func(how, want string, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a delegate is asked for " + how, SQL: delegateRequest.With(changes...).Into("delegate_request"), Want: want}
	}
	answer := func(how, want, which, what string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a request is " + how, SQL: `UPDATE delegate_request SET ` + what + ` WHERE id = @` + which, Want: want}
	}
	used := ask("under a number that was used", "delegate_request_pkey", "id", `@waiting`)
	used.As = pgtest.AsOwner
	stamped := answer("declined long ago", "now", "waiting", `answer = 'declined', answered_by = @other, reason = 'No'`)
	stamped.Shows = `SELECT CASE WHEN answered_at > now() - interval '1 minute' THEN 'now' ELSE 'then' END FROM delegate_request WHERE id = @waiting`
	whole := answer("answered by nobody past the triggers", "delegate_request_answered_whole", "waiting", `answer = 'taken back'`)
	whole.Unguarded = true
	gone := pgtest.Attempt{Name: "a request is deleted", As: pgtest.AsOwner, SQL: `DELETE FROM delegate_request`, Want: "delegate_request_kept"}
	emptied := pgtest.Attempt{Name: "the requests are emptied", As: pgtest.AsOwner, SQL: `TRUNCATE delegate_request`, Want: "delegate_request_kept"}
	return []pgtest.Attempt{
		name("properly", ""),
		name("by somebody who is not the lead officer", "appointment_named_by_lead", "proposed_by", `@proposer`),
		name("by nobody", "appointment_named_by_lead", "proposed_by", `NULL`),
		name("for another partner", "appointment_named_by_lead", "partner_id", `@partner`),
		name("under no appointment", "appointment_named_by_lead", "delegated_under", `@nobody`),
		name("under a proposal", "appointment_named_by_lead", "delegated_under", `@proposed`, "proposed_by", `@proposed_account`, "partner_id", `(SELECT partner_id FROM appointment WHERE id = @proposed)`),
		name("under a withdrawn appointment", "appointment_named_by_lead", "delegated_under", `@withdrawn`, "proposed_by", `(SELECT account_id FROM appointment WHERE id = @withdrawn)`, "partner_id", `(SELECT partner_id FROM appointment WHERE id = @withdrawn)`),
		name("who is the lead officer", "appointment_not_proposed_by_appointee", "account_id", `@limited_account`),
		name("for longer than the lead officer's term", "appointment_named_within_term", "ends_on", `'2031-01-01'`),
		name("for ever", "appointment_named_within_term", "ends_on", `NULL`),
		name("from before the lead officer's term", "appointment_named_within_term", "starts_on", `'2018-12-31'`),
		name("for all papers", "appointment_named_within_papers", "papers", `'{}'`),
		name("for other papers", "appointment_named_within_papers", "papers", `'{arrangements,framework}'`),
		name("as lead officer", "appointment_only_delegates_are_named", "capacity", `'lead'`, "acting_for", `''`),
		name("under an instrument of a date but no words", "appointment_dated_instrument", "instrument_on", `'2026-01-01'`),
		name("under an instrument of a date", "", "instrument_on", `'2026-01-01'`, "instrument", `'Letter'`),
		after(name("under a delegate", "appointment_named_by_lead", "delegated_under", `(SELECT id FROM appointment WHERE office = 'First deputy')`, "proposed_by", `@proposer`),
			row.With("office", `'First deputy'`, "account_id", `@proposer`).Into("appointment")),
		ask("properly", ""),
		used,
		ask("under no appointment", "delegate_request_lead_fkey", "lead_id", `@nobody`),
		ask("without a name", "delegate_request_name_length", "name", `' '`),
		ask("without an address", "delegate_request_email_form", "email", `'D'`),
		ask("without an office", "delegate_request_office_length", "office", `' '`),
		ask("under too long an instrument", "delegate_request_instrument_length", "instrument", `repeat('x', 2001)`),
		ask("to end before they begin", "delegate_request_ends_after_start", "ends_on", `'2025-12-31'`),
		ask("and answered at once", denied, "answer", `'taken back'`),
		stamped, whole, gone, emptied,
		answer("answered otherwise", "delegate_request_answer_known", "waiting", `answer = 'lost', answered_by = @other`),
		answer("answered by nobody that exists", "delegate_request_answered_by_fkey", "waiting", `answer = 'taken back', answered_by = @nobody`),
		answer("declined without a reason", "delegate_request_declined_with_reason", "waiting", `answer = 'declined', answered_by = @other`),
		answer("declined at length", "delegate_request_reason_length", "waiting", `answer = 'declined', answered_by = @other, reason = repeat('x', 2001)`),
		answer("answered with no proposal", "delegate_request_named_whole", "waiting", `answer = 'named', answered_by = @other`),
		answer("answered with a proposal that does not exist", "delegate_request_made_fkey", "waiting", `answer = 'named', answered_by = @other, made_id = @nobody`),
		answer("answered twice", "delegate_request_final", "answered", `answer = 'declined', reason = 'No'`),
	}
}

func appointmentAttempts() []pgtest.Attempt {
	row := pgtest.Row{"account_id": `@other`, "partner_id": `@partner`, "office": `'Chief'`, "capacity": `'lead'`, "starts_on": `'2026-01-01'`, "proposed_by": `@proposer`}
	propose := func(name, want string, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: "an appointment is proposed " + name, SQL: row.With(changes...).Into("appointment"), Want: want}
	}
	set := func(name, want, which, what string) pgtest.Attempt {
		return pgtest.Attempt{Name: "an appointment is " + name, SQL: `UPDATE appointment SET ` + what + ` WHERE id = @` + which, Want: want}
	}
	unguarded := func(a pgtest.Attempt) pgtest.Attempt {
		a.Name, a.Unguarded = a.Name+" past the triggers", true
		return a
	}
	shows := func(a pgtest.Attempt, sql string) pgtest.Attempt { a.As, a.Shows = pgtest.AsOwner, sql; return a }
	owner := func(a pgtest.Attempt) pgtest.Attempt { a.As = pgtest.AsOwner; return a }
	stamp := func(column, which string) string {
		return `SELECT CASE WHEN ` + column + ` > now() - interval '1 minute' THEN 'now' ELSE 'then' END FROM appointment WHERE id = @` + which
	}
	second := set("confirmed beside another lead officer", "appointment_one_lead", "proposed", `confirmed_by = @other`)
	second.After = []string{row.With("partner_id", `(SELECT partner_id FROM appointment WHERE id = @proposed)`).Into("appointment"), `UPDATE appointment SET confirmed_by = @lead_account WHERE account_id = @other`}
	replaced := set("given another instrument", "appointment_instrument_once", "lead", `instrument_file = NULL`)
	replaced.After = []string{`UPDATE appointment SET instrument_file = @file WHERE id = @lead`}
	return []pgtest.Attempt{
		propose("properly", ""),
		propose("by the appointee", "appointment_not_proposed_by_appointee", "proposed_by", `@other`),
		propose("of nobody", "appointment_account_fkey", "account_id", `@nobody`),
		propose("for no partner", "appointment_partner_fkey", "partner_id", `@nobody`),
		propose("by nobody that exists", "appointment_proposed_by_fkey", "proposed_by", `@nobody`),
		propose("without an office", "appointment_office_length", "office", `' '`),
		propose("in another capacity", "appointment_capacity_known", "capacity", `'king'`),
		propose("as a delegate of nobody", "appointment_delegate_acts_for", "capacity", `'delegate'`),
		propose("as a delegate of too long an office", "appointment_acting_for_length", "capacity", `'delegate'`, "acting_for", `repeat('x', 201)`),
		propose("under too long an instrument", "appointment_instrument_length", "instrument", `repeat('x', 2001)`),
		propose("that is confirmed", denied, "confirmed_by", `@other`),
		owner(propose("under a number that was used", "appointment_pkey", "id", `@lead`)),
		shows(set("confirmed", "now", "proposed", `confirmed_by = @other, confirmed_at = '2019-06-01'`), stamp("confirmed_at", "proposed")),
		shows(set("withdrawn", "now", "lead", `withdrawn_by = @other, withdrawn_at = '2019-06-01'`), stamp("withdrawn_at", "lead")),
		shows(set("refused", "now", "proposed", `refused_by = @other, refused_at = '2019-06-01'`), stamp("refused_at", "proposed")),
		shows(set("adopted", "now", "asked", `proposed_by = @other, proposed_at = '2019-06-01'`), stamp("proposed_at", "asked")),
		set("confirmed by the appointee", "appointment_not_confirmed_by_appointee", "proposed", `confirmed_by = @proposed_account`),
		set("confirmed by who proposed it", "appointment_two_people", "proposed", `confirmed_by = @proposer`),
		set("confirmed though nobody proposed it", "appointment_two_people", "asked", `confirmed_by = @other`),
		set("proposed and confirmed by one person", "appointment_two_people", "asked", `proposed_by = @other, confirmed_by = @other`),
		set("confirmed by nobody that exists", "appointment_confirmed_by_fkey", "proposed", `confirmed_by = @nobody`),
		set("refused by nobody that exists", "appointment_refused_by_fkey", "proposed", `refused_by = @nobody`),
		set("withdrawn by nobody that exists", "appointment_withdrawn_by_fkey", "lead", `withdrawn_by = @nobody`),
		second,
		set("refused after it was confirmed", "appointment_confirmed_or_refused", "lead", `refused_by = @other`),
		set("confirmed after it was refused", "appointment_final", "refused", `confirmed_by = @other`),
		set("brought back after it was withdrawn", "appointment_final", "withdrawn", `withdrawn_by = NULL`),
		set("given another proposer", "appointment_final", "proposed", `proposed_by = @other`),
		set("given another confirmer", "appointment_final", "lead", `confirmed_by = @other`),
		set("given a longer term", "appointment_not_lengthened", "lead", `ends_on = '2031-01-01'`),
		set("given no last day", "appointment_not_lengthened", "lead", `ends_on = NULL`),
		set("changed while it is only proposed", "appointment_as_proposed", "proposed", `ends_on = '2027-01-01'`),
		set("ended before it begins", badRange, "lead", `ends_on = '2000-01-01'`),
		set("given an instrument", "", "lead", `instrument_file = @file`),
		set("given an instrument that does not exist", "appointment_instrument_file_fkey", "lead", `instrument_file = @nobody`),
		replaced,
		unguarded(set("confirmed by nobody", "appointment_confirmed_whole", "proposed", `confirmed_at = now()`)),
		unguarded(set("proposed by nobody", "appointment_proposed_whole", "asked", `proposed_at = now()`)),
	}
}

func partnerAttempts() []pgtest.Attempt {
	row := pgtest.Row{"organisation_id": `@free_body`, "statutory_kind": `'police'`, "starts_on": `'2020-01-01'`}
	add := func(name, want string, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a safeguarding partner is added " + name, SQL: row.With(changes...).Into("safeguarding_partner"), Want: want}
	}
	share := func(name, want, partner, area string) pgtest.Attempt {
		return pgtest.Attempt{Name: "an area is shared " + name, SQL: `INSERT INTO partner_area (partner_id, area_id) VALUES (@` + partner + `, @` + area + `)`, Want: want}
	}
	used := add("under a number that was used", "safeguarding_partner_pkey", "id", `@partner`)
	used.As = pgtest.AsOwner
	return []pgtest.Attempt{
		add("properly", ""),
		add("twice at once", "safeguarding_partner_no_overlap", "organisation_id", `@body`),
		add("of another kind", "safeguarding_partner_kind_known", "statutory_kind", `'fire'`),
		add("of no body", "safeguarding_partner_organisation_fkey", "organisation_id", `@nobody`),
		used,
		{Name: "a partner is made one of another kind", SQL: `UPDATE safeguarding_partner SET statutory_kind = 'health' WHERE id = @partner`, Want: denied},
		share("twice", "partner_area_no_overlap", "partner", "area"),
		share("by nobody", "partner_area_partner_fkey", "nobody", "area"),
		share("that does not exist", "partner_area_area_fkey", "partner", "nobody"),
		{Name: "an area is shared under a number that was used", As: pgtest.AsOwner, Want: "partner_area_pkey",
			SQL: pgtest.Row{"id": `(SELECT min(id) FROM partner_area)`, "partner_id": `@partner`, "area_id": `@area`, "starts_on": `'1990-01-01'`, "ends_on": `'1990-01-02'`}.Into("partner_area")},
		{Name: "a share of an area is retracted", SQL: `UPDATE partner_area SET retracted_reason = 'typed twice' WHERE partner_id = @partner`,
			Want: "now", Shows: `SELECT CASE WHEN retracted_at > now() - interval '1 minute' THEN 'now' ELSE 'then' END FROM partner_area WHERE partner_id = @partner`},
		{Name: "a share of an area is retracted without a reason", SQL: `UPDATE partner_area SET retracted_reason = ' ' WHERE partner_id = @partner`,
			Want: "partner_area_retracted_with_reason"},
		{Name: "a share of an area is retracted at no time past the triggers", Unguarded: true,
			SQL: `UPDATE partner_area SET retracted_reason = 'typed twice' WHERE partner_id = @partner`, Want: "partner_area_retracted_whole"},
		{Name: "somebody is appointed to a partner that was retracted", After: []string{`UPDATE safeguarding_partner SET retracted_reason = 'typed twice' WHERE id = @partner`},
			SQL:  `INSERT INTO appointment (account_id, partner_id, office, capacity, starts_on, proposed_by) VALUES (@other, @partner, 'Chief', 'lead', '2026-01-01', @proposer)`,
			Want: "appointment_of_partner_that_counts"},
		{Name: "a partner who was appointed to is retracted", SQL: `UPDATE safeguarding_partner SET retracted_reason = 'typed twice' WHERE id = @lead_partner`,
			Want: "safeguarding_partner_retracted_unused"},
		{Name: "an unused partner is retracted", SQL: `UPDATE safeguarding_partner SET retracted_reason = 'typed twice' WHERE id = @partner`,
			Want: "now", Shows: `SELECT CASE WHEN retracted_at > now() - interval '1 minute' THEN 'now' ELSE 'then' END FROM safeguarding_partner WHERE id = @partner`},
		{Name: "a partner is retracted without a reason", SQL: `UPDATE safeguarding_partner SET retracted_reason = ' ' WHERE id = @partner`,
			Want: "safeguarding_partner_retracted_with_reason"},
		{Name: "a partner is retracted for good", After: []string{`UPDATE safeguarding_partner SET retracted_reason = 'typed twice' WHERE id = @partner`},
			SQL: `UPDATE safeguarding_partner SET retracted_reason = NULL WHERE id = @partner`, Want: "retracted_final"},
		{Name: "a partner is retracted at no time past the triggers", Unguarded: true,
			SQL: `UPDATE safeguarding_partner SET retracted_reason = 'typed twice' WHERE id = @partner`, Want: "safeguarding_partner_retracted_whole"},
	}
}

// Every attempt is refused, and every guard has an attempt that dies with it: none can be lost unnoticed.
func TestNoGuardOfAuthorityIsIdle(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t, pgtest.PoolSize(2))
	given := authority(t, db.App)
	attempts := slices.Concat(appointmentAttempts(), partnerAttempts(), delegationAttempts())
	pgtest.Refused(t, db.Owner, given, attempts)
	pgtest.Killed(t, db, given, attempts, pgtest.Guards(t, db.Owner, "appointment", "delegate_request", "safeguarding_partner", "partner_area"), map[string]string{
		"appointment_ends_after_start":                                       "the range of its days can't be made",
		"safeguarding_partner_ends_after_start":                              "the range of its days can't be made",
		"appointment_guard 4: appointment_ends_after_acts":                   "told by the attempts on sign-off",
		"appointment_delegated_under_fkey":                                   "appointment_delegation_guard finds no such lead officer first",
		"appointment_id_account_partner_key":                                 "what statements and acts refer to: told by the attempts on sign-off",
		"trigger safeguarding_partner_term":                                  "told by the attempts on sign-off",
		"safeguarding_partner_guard 1: safeguarding_partner_ends_after_acts": "told by the attempts on sign-off",
	})
}
