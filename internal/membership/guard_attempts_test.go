package membership_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
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
	return pgx.NamedArgs{"proposed": proposed.ID, "proposed_account": proposed.Account, "proposer": proposed.ProposedBy, "asked": asked.ID, "asked_account": asked.Account,
		"lead": lead.ID, "lead_account": lead.Account, "lead_partner": lead.Partner, "refused": refused.ID, "withdrawn": withdrawn.ID,
		"other": other, "nobody": int64(-1), "partner": partner.ID, "body": partner.Body.ID, "free_body": membershiptest.Organisation(t, db).ID, "area": partner.Areas[0]}
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
		share("twice", "partner_area_pkey", "partner", "area"),
		share("by nobody", "partner_area_partner_fkey", "nobody", "area"),
		share("that does not exist", "partner_area_area_fkey", "partner", "nobody"),
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
	attempts := append(appointmentAttempts(), partnerAttempts()...)
	pgtest.Refused(t, db.Owner, given, attempts)
	pgtest.Killed(t, db, given, attempts, pgtest.Guards(t, db.Owner, "appointment", "safeguarding_partner", "partner_area"), map[string]string{
		"appointment_ends_after_start":                                       "the range of its days can't be made",
		"safeguarding_partner_ends_after_start":                              "the range of its days can't be made",
		"appointment_guard 3: appointment_ends_after_acts":                   "told by the attempts on sign-off",
		"appointment_id_account_partner_key":                                 "what statements and acts refer to: told by the attempts on sign-off",
		"trigger safeguarding_partner_term":                                  "told by the attempts on sign-off",
		"safeguarding_partner_guard 1: safeguarding_partner_ends_after_acts": "told by the attempts on sign-off",
	})
}
