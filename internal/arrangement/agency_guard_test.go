package arrangement_test

import "partnershipportal/internal/pg/pgtest"

// agencyAttempts name agencies and take them out.
func agencyAttempts() []pgtest.Attempt {
	row := pgtest.Row{"version_id": `@draft`, "organisation_id": `@agency`, "basis": `'chosen'`}
	name := func(how, want string, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: "an agency is named " + how, SQL: row.With(changes...).Into("version_agency"), Want: want}
	}
	set := func(how, want, what string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a named agency is " + how, SQL: `UPDATE version_agency SET ` + what + ` WHERE id = @named`, Want: want}
	}
	moved := func(a pgtest.Attempt, version string) pgtest.Attempt {
		a.Name += " of the version " + version
		return forged(a, `UPDATE version_agency SET version_id = @`+version+` WHERE id = @named`)
	}
	attempts := []pgtest.Attempt{
		name("properly", ""),
		name("again after it was taken out", "", "organisation_id", `@named_agency`),
		name("twice", "version_agency_once", "organisation_id", `@named_agency`),
		name("that is none", "version_agency_is_agency", "organisation_id", `@no_agency`),
		name("on another basis", "version_agency_basis_known", "basis", `'friend'`),
		name("for too long a reason", "version_agency_reason_length", "reason", `repeat('x', 2001)`),
		name("as taken out", denied, "removed_at", `now()`),
		name("in no version", "version_agency_version_fkey", "version_id", `@nobody`),
		owner(name("under a number that was used", "", "id", `@named`), "version_agency_pkey"),
		showing(owner(name("as taken out", "", "removed_at", `now()`), "named"), `SELECT CASE WHEN removed_at IS NULL THEN 'named' ELSE 'out' END FROM version_agency WHERE organisation_id = @agency`),
		showing(set("taken out", "now", `removed_at = '2019-01-01'`), `SELECT CASE WHEN removed_at > now() - interval '1 minute' THEN 'now' ELSE 'then' END FROM version_agency WHERE id = @named`),
		set("given another basis", denied, `basis = 'invitee'`),
		set("given a better reason", "", `reason = 'Better'`),
		after(set("brought back", "version_agency_removed_final", `removed_at = NULL`), `UPDATE version_agency SET removed_at = now() WHERE id = @named`),
		{Name: "a named agency is deleted by the owner", As: pgtest.AsOwner, SQL: `DELETE FROM version_agency WHERE id = @named`, Want: "version_agency_kept"},
		{Name: "the named agencies are emptied by the owner", As: pgtest.AsOwner, SQL: `TRUNCATE version_agency`, Want: "version_agency_kept"},
	}
	attempts[1].After = []string{`UPDATE version_agency SET removed_at = now() WHERE id = @named`}
	for _, frozen := range []string{"open", "signed", "published", "withdrawn", "discarded"} {
		attempts = append(attempts, name("in the version "+frozen, "version_agency_frozen", "version_id", `@`+frozen),
			moved(set("taken out", "version_agency_frozen", `removed_at = now()`), frozen), moved(set("given a reason", "version_agency_frozen", `reason = 'Other'`), frozen))
	}
	for _, again := range []string{"declined", "recalled", "aside"} {
		attempts = append(attempts, name("in the version "+again, "", "version_id", `@`+again))
	}
	return attempts
}
