package arrangement_test

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
	"partnershipportal/internal/signoff"
)

// papers are the tables of this capability.
var papers = []string{"document", "document_area", "document_kind_seat", "guidance_edition", "version", "section", "version_agency", "word_import",
	"guidance_requirement", "guidance_requirement_past", "document_kind_coverage", "requirement_coverage"}

// situation is versions at every state, each of a document of its own, by the names that the attempts use: @draft is a
// version, @draft_document its document, @draft_section its first section, @draft_round its last round.
func situation(t testing.TB, db pg.DB) pgx.NamedArgs {
	t.Helper()
	ctx := context.Background()
	_, rounds := arrangementtest.Services(db, &arrangementtest.Letters{})
	given := pgx.NamedArgs{"nobody": int64(-1), "support": membershiptest.Person(t, db), "area": membershiptest.Area(t, db),
		"agency": membershiptest.Agency(t, db).Body.ID, "no_agency": membershiptest.Organisation(t, db).ID}
	for name, made := range map[string]arrangementtest.Made{
		"draft": arrangementtest.Draft(t, db), "discarded": arrangementtest.Draft(t, db), "open": arrangementtest.OutForSignOff(t, db),
		"declined": arrangementtest.OutForSignOff(t, db), "recalled": arrangementtest.OutForSignOff(t, db), "signed": arrangementtest.SignedOff(t, db),
		"aside": arrangementtest.SignedOff(t, db), "published": arrangementtest.Published(t, db), "withdrawn": arrangementtest.Published(t, db),
	} {
		var err error
		switch name {
		case "discarded":
			_, err = db.Exec(ctx, `UPDATE version SET discarded_by = @by WHERE id = @version`, pgx.StrictNamedArgs{"by": given["support"], "version": made.Version})
		case "declined":
			arrangementtest.Decline(t, db, made, made.Officers[0], "No.")
		case "recalled":
			err = rounds.Recall(ctx, made.Support, made.Round, "A slip.")
		case "aside":
			err = rounds.SetAside(ctx, made.Support, made.Round, "A body was renamed.")
		case "withdrawn":
			_, err = db.Exec(ctx, `UPDATE version SET withdrawn_by = @by, withdrawn_reason = 'A mistake.' WHERE id = @version`,
				pgx.StrictNamedArgs{"by": given["support"], "version": made.Version})
		}
		if err != nil {
			t.Fatalf("make the %s version: %v", name, err)
		}
		given[name], given[name+"_round"] = made.Version, made.Round
		var document, section int64
		err = db.QueryRow(ctx, `SELECT v.document_id, min(s.id) FROM version v JOIN section s ON s.version_id = v.id WHERE v.id = @version GROUP BY v.id`,
			pgx.StrictNamedArgs{"version": made.Version}).Scan(&document, &section)
		if err != nil {
			t.Fatal(err)
		}
		given[name+"_document"], given[name+"_section"] = document, section
	}
	named := pgx.NamedArgs{"version": given["draft"], "agency": membershiptest.Agency(t, db).Body.ID}
	var row int64
	if err := db.QueryRow(ctx, `INSERT INTO version_agency (version_id, organisation_id, basis) VALUES (@version, @agency, 'chosen') RETURNING id`, named).Scan(&row); err != nil {
		t.Fatal(err)
	}
	given["named"], given["named_agency"] = row, named["agency"]
	for name, how := range map[string]any{"upload": nil, "applied": "append"} {
		upload := pgx.NamedArgs{"version": given["draft"], "by": given["support"], "how": how}
		if err := db.QueryRow(ctx, `INSERT INTO word_import (version_id, file_name, file_digest, content, uploaded_by, uploaded_at)
			VALUES (@version, 'plan.docx', sha256('plan'), '{}', @by, now()) RETURNING id`, pgx.StrictNamedArgs{"version": upload["version"], "by": upload["by"]}).Scan(&row); err != nil {
			t.Fatal(err)
		}
		given[name+"_word"] = row
		if how == nil {
			continue
		}
		if _, err := db.Exec(ctx, `UPDATE word_import SET content = NULL, applied_by = @by, applied_at = now(), applied_how = @how WHERE id = @id`,
			pgx.StrictNamedArgs{"by": upload["by"], "how": how, "id": row}); err != nil {
			t.Fatal(err)
		}
	}
	withAnswer(t, db, given)
	return given
}

// Every attempt is refused, and every guard has an attempt that dies with it: none can be lost unnoticed.
func TestTheDatabaseRefusesWhatWouldSpoilAPublication(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t, pgtest.PoolSize(2))
	given := situation(t, db.App)
	attempts := slices.Concat(publishAttempts(), publishedAttempts(), draftAttempts(), sectionAttempts(), documentAttempts(), agencyAttempts(), wordAttempts(),
		requirementAttempts(), coverageAttempts())
	pgtest.Refused(t, db.Owner, given, attempts)
	pgtest.Killed(t, db, given, attempts, slices.Concat(pgtest.Guards(t, db.Owner, papers...), clauses(t, db.Owner)), guardedTwice)
}

// What nobody but those concerned may see is written with a word of its own, which then no public view may hold: not in
// clear, and not inside the bytes of a frozen text.
func TestThePublicViewsKeepWhatIsNotPublished(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	secret := "canary" + membershiptest.Unique()
	withSecret := func(m *arrangementtest.Made) {
		m.Title, m.Label = "Arrangements "+secret, secret
		m.Sections = []arrangement.Text{{Heading: secret, Markdown: secret}}
	}
	arrangementtest.Draft(t, db, withSecret)
	declined := arrangementtest.OutForSignOff(t, db, withSecret)
	arrangementtest.Decline(t, db, declined, declined.Officers[0], secret)
	arrangementtest.SignedOff(t, db, withSecret)
	arrangementtest.AwaitingConfirmation(t, db, withSecret)
	published := arrangementtest.OutForSignOff(t, db)
	_, rounds := arrangementtest.Services(db, published.Sent)
	if err := rounds.PutRemark(t.Context(), published.Officers[0], signoff.RemarkCommand{Round: published.Round, Kind: "question", Body: secret}); err != nil {
		t.Fatal(err)
	}
	if err := rounds.Recall(t.Context(), published.Support, published.Round, secret); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(t.Context(), `UPDATE account SET name = @name`, pgx.StrictNamedArgs{"name": secret}); err != nil {
		t.Fatal(err)
	}
	for i := range published.Officers {
		published.Officers[i].Name = secret
	}
	service, _ := arrangementtest.Services(db, published.Sent)
	check, err := service.Check(t.Context(), published.Support, published.Ref, published.DueOn)
	if err == nil {
		published.Digest = check.Digest
		published.Round, err = service.Open(t.Context(), published.Support, arrangement.OpenCommand{Ref: published.Ref, Digest: check.Digest})
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range published.Officers {
		arrangementtest.Sign(t, db, published, o)
	}
	if err := service.Publish(t.Context(), published.Support, arrangement.PublishCommand{Ref: published.Ref, Round: published.Round}); err != nil {
		t.Fatal(err)
	}
	if n := viewsHolding(t, db, secret); len(n) > 0 {
		t.Errorf("the word %s is in %v", secret, n)
	}
	// The search finds what is public: the title of what was published, and a name once its partner publishes names.
	if n := viewsHolding(t, db, published.Title); !slices.Contains(n, "version") {
		t.Errorf("the published title is in %v, want it in version", n)
	}
	if _, err := db.Exec(t.Context(), `UPDATE safeguarding_partner SET publishes_names = true WHERE id = @id`, pgx.StrictNamedArgs{"id": published.Partners[0].ID}); err != nil {
		t.Fatal(err)
	}
	if n := viewsHolding(t, db, secret); !slices.Equal(n, []string{"sign_off"}) {
		t.Errorf("the name that a partner publishes is in %v, want it in sign_off alone", n)
	}
}

// viewsHolding names the public views with a row that holds a word.
func viewsHolding(t *testing.T, db pg.DB, word string) []string {
	t.Helper()
	public := pgtest.Public(t, db)
	rows, _ := public.Query(t.Context(), `SELECT relname::text FROM pg_class WHERE relnamespace = 'published'::regnamespace AND relkind = 'v' ORDER BY 1`)
	views, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(views) < 10 {
		t.Fatalf("the public views are %v (%v)", views, err)
	}
	var holding []string
	for _, view := range views {
		var n int
		sql := fmt.Sprintf(`SELECT count(*) FROM published.%s x WHERE strpos(x::text, @word) > 0 OR strpos(x::text, @bytes) > 0`, view)
		if err := public.QueryRow(t.Context(), sql, pgx.StrictNamedArgs{"word": word, "bytes": hex.EncodeToString([]byte(word))}).Scan(&n); err != nil {
			t.Fatalf("read published.%s: %v", view, err)
		}
		if n > 0 {
			holding = append(holding, view)
		}
	}
	return holding
}
