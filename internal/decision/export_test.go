package decision_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/decision"
	"partnershipportal/internal/decision/decisiontest"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/sheet"
)

// fillRegister enters records that are hard to write into a cell and read back.
func fillRegister(t *testing.T, b importBench) (records int) {
	t.Helper()
	enter := func(alter ...func(*decision.Draft)) {
		t.Helper()
		decisiontest.Proposed(t, b.db, b.body.Slug, alter...)
		records++
	}
	enter()
	enter(func(d *decision.Draft) {
		d.NumberPrinted, d.NumberVerified, d.Subject = "10/00035", "19/00035", "=HYPERLINK(\"x\") and “quotes”, 'too'"
		d.Preamble, d.Reasons, d.Financial = "I propose to: \n", "- one\r\n- two\n\n+3 things", "'already guarded"
		d.Limbs = []decision.Limb{{Letter: "a", Text: "Agree:\nb) nothing at all\n\nc) or something"}, {Letter: "b", Text: "Note it."}}
		d.Later = []decision.Part{decision.PartConsultation, decision.PartInterests}
		d.Interests = ""
	})
	enter(func(d *decision.Draft) {
		d.NumberPrinted, d.NoticeOn, d.DueOn = "19/00036", day.Roughly(day.Must("2019-04-01"), day.Month), day.Approx{Date: day.Must("2019-06-20"), Precision: day.NotBefore}
		d.Restriction, d.Category, d.PublicInterest = decision.PartExempt, 3, "Prices"
		d.Route, d.Urgency.Reason, d.Told, d.Urgency.On = decision.GeneralException, "The grant lapses", "Chair", day.On(day.Must("2019-05-01"))
		d.CallInWaived, d.CallInWaivedReason, d.CallInWaivedBy = true, "It can't wait", "Chair"
	})
	enter(func(d *decision.Draft) {
		d.NumberPrinted, d.Restriction, d.Category, d.PublicInterest, d.Reasons = "19/00037", decision.FullyExempt, 5, "Advice", strings.Repeat("x", sheet.MaxCell+1)
	})
	which := decisiontest.Proposed(t, b.db, decision.PartnershipSlug, func(d *decision.Draft) { d.NumberPrinted, d.CallInApplies = "P/1", true })
	records++
	decisiontest.Move(t, b.db, which, decision.Made, decisiontest.Made)
	err := b.s.CallIn(t.Context(), b.by, decision.CallInCommand{ID: which, Revision: decisiontest.Read(t, b.db, which).Revision,
		CallIn: decision.CallIn{CalledOn: day.On(day.Must("2019-05-22")), CalledBy: "Three members", Grounds: "Costs"}})
	if err != nil {
		t.Fatal(err)
	}
	gone := decisiontest.Proposed(t, b.db, b.body.Slug, func(d *decision.Draft) { d.NumberPrinted = "19/00038" })
	records++
	decisiontest.Move(t, b.db, gone, decision.Withdrawn)
	return records
}

func TestAnExportThatIsImportedChangesNothing(t *testing.T) {
	t.Parallel()
	for name, write := range map[string]func(sheet.Table, *bytes.Buffer) error{
		"export.csv":  func(t sheet.Table, w *bytes.Buffer) error { return t.WriteCSV(w) },
		"export.xlsx": func(t sheet.Table, w *bytes.Buffer) error { return t.WriteXLSX(w) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setUpImport(t)
			records := fillRegister(t, b)
			table, err := b.s.Export(t.Context(), b.by, decision.Filter{}, 1000)
			if err != nil || len(table.Rows) != records {
				t.Fatalf("%d rows, want %d (%v)", len(table.Rows), records, err)
			}
			var file bytes.Buffer
			if err := write(table, &file); err != nil {
				t.Fatal(err)
			}
			p, err := b.s.PreviewFiles(t.Context(), b.by, decision.ImportFiles{Files: []decision.Upload{{Name: name, Data: file.Bytes()}}})
			if err != nil || len(p.Problems) > 0 || p.Added != 0 || p.Changed != 0 || p.Unchanged != records {
				t.Errorf("an import of it would add %d, change %d, leave %d (%v): %v\n%+v", p.Added, p.Changed, p.Unchanged, err, p.Problems, p.Lines)
			}
		})
	}
}

func TestAnExportGivesOnlyWhatTheReaderReads(t *testing.T) {
	t.Parallel()
	b := setUpImport(t)
	fillRegister(t, b)
	decisiontest.Proposed(t, b.db, membershiptest.Partner(t, b.db).Body.Slug, func(d *decision.Draft) { d.NumberPrinted = "19/00039" })
	office := decisiontest.OfficeOf(t, b.db, b.body.ID)
	table, err := b.s.Export(t.Context(), office, decision.Filter{}, 1000)
	if err != nil || len(table.Rows) != 5 {
		t.Errorf("an office has %d rows of its five (%v)", len(table.Rows), err)
	}
	for _, row := range table.Rows {
		if row[0] != b.body.Slug {
			t.Errorf("an office has a record of %s", row[0])
		}
	}
	if table, err = b.s.Export(t.Context(), b.by, decision.Filter{Restriction: decision.FullyExempt}, 1000); err != nil || len(table.Rows) != 1 {
		t.Errorf("a filter gives %d rows (%v)", len(table.Rows), err)
	}
	for _, name := range table.Header {
		if strings.HasPrefix(name, "exempt-") && name != "exempt-category" {
			t.Errorf("the export has a column %s", name)
		}
	}
	_, err = b.s.Export(t.Context(), authz.Actor{Account: office.Account, Held: []authz.Held{{Role: authz.Administrator}}}, decision.Filter{}, 1000)
	if !errors.Is(err, fault.Forbidden) {
		t.Errorf("an administrator: %v", err)
	}
	found, err := b.s.Addresses(t.Context(), office, nil)
	if err != nil || len(found) != 0 {
		t.Errorf("addresses of none: %v (%v)", found, err)
	}
}
