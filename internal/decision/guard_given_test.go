package decision_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/decision"
	"partnershipportal/internal/decision/decisiontest"
	"partnershipportal/internal/file"
	"partnershipportal/internal/file/filetest"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
)

const denied = "42501" // insufficient privilege

// kept is records at every state with all that hangs on them, by the names that the attempts use.
func kept(t *testing.T, db pg.DB) pgx.NamedArgs {
	t.Helper()
	ctx, by, s := context.Background(), authz.System("test"), decision.New(db, decisiontest.Clock)
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	body, free, retracted := membershiptest.Partner(t, db).Body, membershiptest.Organisation(t, db), membershiptest.Organisation(t, db)
	numbered := func(n string) func(*decision.Draft) { return func(d *decision.Draft) { d.NumberPrinted = n } }
	proposed := decisiontest.Proposed(t, db, body.Slug, numbered("19/00001"))
	bare := decisiontest.Proposed(t, db, body.Slug, func(d *decision.Draft) { d.Alternatives, d.Reasons = "", "" })
	made := decisiontest.Proposed(t, db, body.Slug, numbered("19/00002"))
	decisiontest.Publish(t, db, made)
	decisiontest.Move(t, db, made, decision.Made, decisiontest.Made)
	decisiontest.Publish(t, db, made)
	read := func() decision.Full { return decisiontest.Read(t, db, made) }
	ok(s.Override(ctx, by, decision.OverrideCommand{ID: made, Revision: read().Revision, Stage: decision.Made, Part: decision.PartDates, Reason: "So it is"}))
	version := arrangementtest.Published(t, db)
	ok(s.Authorise(ctx, by, decision.AuthoriseCommand{ID: made, Revision: read().Revision, Version: version.Version, Round: version.Round}))
	ok(s.Attach(ctx, by, decision.AttachCommand{ID: made, Revision: read().Revision, Kind: decision.FileReport,
		File: file.AddCommand{Content: filetest.Checked(t, "report.pdf", filetest.PDF())}}))
	ok(s.CallIn(ctx, by, decision.CallInCommand{ID: made, Revision: read().Revision, CallIn: decision.CallIn{CalledOn: on("2019-05-23"), CalledBy: "Members", Grounds: "Haste"}}))
	ok(s.EndCallIn(ctx, by, decision.CallInEndCommand{ID: made, Revision: read().Revision, Outcome: decision.ReferredBack, OutcomeOn: on("2019-06-12")}))
	withdrawn := decisiontest.Proposed(t, db, body.Slug)
	ok(s.Defer(ctx, by, decision.DeferCommand{ID: withdrawn, Revision: decisiontest.Read(t, db, withdrawn).Revision, On: on("2019-05-01"), Reason: "Later"}))
	decisiontest.Move(t, db, withdrawn, decision.Withdrawn)
	secretly := decisiontest.Proposed(t, db, body.Slug)
	restricted(t, s, by, func() decision.Full { return decisiontest.Read(t, db, secretly) })
	ok(s.SaveExempt(ctx, by, decision.ExemptCommand{ID: secretly, Revision: decisiontest.Read(t, db, secretly).Revision, Part: decision.PartReasons, Body: secret + " more"}))
	withFile := decisiontest.Proposed(t, db, body.Slug, func(d *decision.Draft) { d.Restriction = decision.PartExempt })
	ok(s.Attach(ctx, by, decision.AttachCommand{ID: withFile, Revision: decisiontest.Read(t, db, withFile).Revision, Kind: decision.FileReport, IsExempt: true,
		File: file.AddCommand{Content: filetest.Checked(t, "report.pdf", filetest.PDF())}}))
	gone := decisiontest.Proposed(t, db, body.Slug)
	ok(s.Retract(ctx, by, gone, decisiontest.Read(t, db, gone).Revision, "Twice"))
	imported, err := s.Import(ctx, by, []decision.ImportCommand{{CreateCommand: decision.CreateCommand{Body: body.Slug, Stage: decision.Made, Draft: decisiontest.Draft(decisiontest.Made)},
		Remarks: []decision.Remark{{Label: "Ward", Body: "All"}}}})
	ok(err)
	ok(s.AddRule(ctx, by, decision.RuleCommand{Kind: decision.RuleMask, Body: body.Slug, Mask: "NN", Source: "x"}))
	keeper := membershiptest.Organisation(t, db)
	decisiontest.Proposed(t, db, keeper.Slug)
	_, err = db.Exec(ctx, `UPDATE organisation SET retracted_reason = 'Twice' WHERE id = $1`, retracted.ID)
	ok(err)
	given := pgx.NamedArgs{"proposed": proposed, "bare": bare, "made": made, "withdrawn": withdrawn, "secretly": secretly, "with_file": withFile, "gone": gone,
		"imported": imported[0].ID, "body": body.ID, "free": free.ID, "keeper": keeper.ID, "retracted": retracted.ID, "nobody": int64(-1), "version": version.Version, "round": version.Round,
		"file": filetest.Add(t, db, "Free"), "other_round": arrangementtest.OutForSignOff(t, db).Round}
	for name, table := range map[string]string{"call_in": "decision_call_in", "deferral": "decision_deferral", "override": "decision_override", "remark": "decision_remark",
		"attached": "decision_file", "link": "decision_authorises", "publication": "decision_publication", "correction": "decision_correction", "passage": "decision_exempt",
		"holiday": "bank_holiday", "requirement": "decision_requirement", "period": "decision_period", "mask": "decision_mask"} {
		var n int64
		ok(db.QueryRow(ctx, `SELECT min(id) FROM `+table).Scan(&n))
		given[name] = n
	}
	return given
}
