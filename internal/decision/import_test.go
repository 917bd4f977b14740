package decision_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/decision"
	"partnershipportal/internal/decision/decisiontest"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
	"partnershipportal/internal/sheet"
)

// importBench is a register with one body, and business support at work on it.
type importBench struct {
	db   pg.DB
	s    *decision.Service
	by   authz.Actor
	body membershiptest.Body
}

func setUpImport(t *testing.T) importBench {
	t.Helper()
	db := pgtest.Tx(t)
	return importBench{db, decision.New(db, decisiontest.Clock), decisiontest.Support(t, db), membershiptest.Partner(t, db).Body}
}

// table is a CSV of records; each row is given by its columns.
func table(t *testing.T, rows ...map[string]string) decision.Upload {
	t.Helper()
	seen := map[string]bool{}
	for _, row := range rows {
		for name := range row {
			seen[name] = true
		}
	}
	out := sheet.Table{Header: slices.Sorted(maps.Keys(seen))}
	for _, row := range rows {
		var cells []string
		for _, name := range out.Header {
			cells = append(cells, row[name])
		}
		out.Rows = append(out.Rows, cells)
	}
	var b bytes.Buffer
	if err := out.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	return decision.Upload{Name: "records.csv", Data: b.Bytes()}
}

// published is a row of a decision that was made.
func published(number string, more map[string]string) map[string]string {
	row := map[string]string{"stage": "made", "number-printed": number, "subject": "Arrangements " + number, "maker": "Cabinet Member for Children", "key": "yes",
		"key-reason": "All divisions", "limbs": "a) Agree the arrangements.\nb) Publish them.", "reasons": "The law asks for them.", "alternatives": "None",
		"interests": "None declared", "notice-on": "2019-04-01", "made-on": "20 May 2019", "published-on": "20/05/2019"}
	maps.Copy(row, more)
	return row
}

func (b importBench) preview(t *testing.T, files ...decision.Upload) decision.ImportPreview {
	t.Helper()
	p, err := b.s.PreviewFiles(t.Context(), b.by, decision.ImportFiles{Body: b.body.Slug, Files: files})
	if err != nil || len(p.Problems) > 0 {
		t.Fatalf("preview: %v, %v", p.Problems, err)
	}
	return p
}

func (b importBench) apply(t *testing.T, p decision.ImportPreview) {
	t.Helper()
	if _, err := b.s.ApplyRun(t.Context(), b.by, decision.ApplyRunCommand{ID: p.ID}); err != nil {
		t.Fatalf("import: %v", err)
	}
}

func (b importBench) find(t *testing.T, ref string) decision.Full {
	t.Helper()
	which, err := b.s.Find(t.Context(), b.by, b.body.Slug, ref)
	if err != nil {
		t.Fatalf("find %s: %v", ref, err)
	}
	return decisiontest.Read(t, b.db, which)
}

func effects(p decision.ImportPreview) [3]int { return [3]int{p.Added, p.Changed, p.Unchanged} }

func TestRecordsAreAddedChangedAndTakenBack(t *testing.T) {
	t.Parallel()
	b := setUpImport(t)
	ctx := t.Context()
	first := table(t, published("19/00035", map[string]string{"source-status": "Implemented", "effective-on": "2019-05-18", "due-on": "May 2019"}),
		published("10/00036", map[string]string{"reasons": "The Children and Social Work Act 2017 asks for them."}))
	p := b.preview(t, first)
	if effects(p) != [3]int{2, 0, 0} {
		t.Fatalf("the preview counts %v", effects(p))
	}
	if flags := strings.Join(p.Lines[0].Flags, "\n"); !strings.Contains(flags, "is earlier than the day on which") {
		t.Errorf("effective before published is flagged %q", flags)
	}
	if flags := strings.Join(p.Lines[1].Flags, "\n"); !strings.Contains(flags, "is of 2010") {
		t.Errorf("the year of the number is flagged %q", flags)
	}
	if _, err := b.s.Find(ctx, b.by, b.body.Slug, "19-00035"); !errors.Is(err, fault.NotFound) {
		t.Fatalf("a preview stored a record: %v", err)
	}
	b.apply(t, p)
	f := b.find(t, "19-00035")
	if f.Origin != decision.Imported || f.Stage != decision.Made || len(f.Limbs) != 2 || f.Limbs[1].Text != "Publish them." ||
		f.DueOn.Precision != day.Month || f.SourceStatus != "Implemented" || !f.CallInApplies || len(f.Publications) != 0 {
		t.Errorf("imported as %+v", f.Record)
	}
	again := b.preview(t, first)
	if effects(again) != [3]int{0, 0, 2} {
		t.Errorf("imported again it does %v: %+v", effects(again), again.Lines)
	}
	_, err := b.s.ApplyRun(ctx, b.by, decision.ApplyRunCommand{ID: again.ID})
	wants(t, err, fault.Conflict, "")

	change := b.preview(t, table(t, map[string]string{"number-printed": "19/00035", "maker": "Leader", "reasons": "Better ones."}))
	if effects(change) != [3]int{0, 1, 0} || !slices.Contains(change.Lines[0].Details, "Decision maker: “Cabinet Member for Children” becomes “Leader”") {
		t.Fatalf("the change is %v %v", effects(change), change.Lines[0].Details)
	}
	b.apply(t, change)
	if f := b.find(t, "19-00035"); f.MakerTitle != "Leader" || f.Reasons != "Better ones." || f.Alternatives != "None" {
		t.Errorf("changed to %+v", f.Draft)
	}
	wants(t, b.s.UndoRun(ctx, b.by, change.ID, " "), fault.Invalid, "reason")
	u, err := b.s.CheckUndoRun(ctx, b.by, p.ID)
	if err != nil || len(u.Obstacles) != 1 || !strings.Contains(u.Obstacles[0], "19/00035 was changed") {
		t.Errorf("undoing the first import meets %v (%v)", u.Obstacles, err)
	}
	wants(t, b.s.UndoRun(ctx, b.by, p.ID, "Wrong list"), fault.Conflict, "")
	if err := b.s.UndoRun(ctx, b.by, change.ID, "Wrong list"); err != nil {
		t.Fatal(err)
	}
	if f := b.find(t, "19-00035"); f.MakerTitle != "Cabinet Member for Children" || f.Reasons != "The law asks for them." {
		t.Errorf("undone to %+v", f.Draft)
	}
	wants(t, b.s.UndoRun(ctx, b.by, change.ID, "Twice"), fault.Conflict, "")
}

func TestAnImportIsTakenBackByRetractionOrWithdrawal(t *testing.T) {
	t.Parallel()
	b := setUpImport(t)
	ctx := t.Context()
	quiet := b.preview(t, table(t, published("19/00001", nil)))
	b.apply(t, quiet)
	if err := b.s.UndoRun(ctx, b.by, quiet.ID, "Wrong list"); err != nil {
		t.Fatal(err)
	}
	if _, err := b.s.Find(ctx, b.by, b.body.Slug, "19-00001"); !errors.Is(err, fault.NotFound) {
		t.Errorf("a record that was never published is still there: %v", err)
	}
	loud := b.preview(t, table(t, published("19/00001", nil)))
	if _, err := b.s.ApplyRun(ctx, b.by, decision.ApplyRunCommand{ID: loud.ID, Publish: true}); err != nil {
		t.Fatal(err)
	}
	public := decision.NewPublic(pgtest.Public(t, b.db))
	shown, err := public.Record(ctx, b.body.Slug, "19-00001", day.Of(decisiontest.Now))
	if err != nil || !shown.Content.Made {
		t.Fatalf("published at once: %+v (%v)", shown.Content, err)
	}
	if err := b.s.UndoRun(ctx, b.by, loud.ID, "Wrong list"); err != nil {
		t.Fatal(err)
	}
	shown, err = public.Record(ctx, b.body.Slug, "19-00001", day.Of(decisiontest.Now))
	if err != nil || shown.Content.Made || shown.Content.Stage != decision.Withdrawn || !strings.Contains(shown.Content.WithdrawnReason, "Wrong list") {
		t.Errorf("after the undo the public sees %+v (%v)", shown.Content, err)
	}
	done, err := b.s.ImportRun(ctx, b.by, loud.ID)
	if err != nil || done.State() != decision.ImportUndone || !done.Published || len(done.Lines) != 1 || done.Lines[0].Number != "19/00001" {
		t.Errorf("the import reads %+v (%v)", done, err)
	}
}

// What the register writes as JSON changes nothing when it is imported again, nor does a spreadsheet of the same fields.
func TestTheRegistersJSONComesBackUnchanged(t *testing.T) {
	t.Parallel()
	b := setUpImport(t)
	proposed := decisiontest.Proposed(t, b.db, b.body.Slug, func(d *decision.Draft) {
		d.NumberPrinted, d.NumberVerified, d.Later = "10/00035", "19/00035", []decision.Part{decision.PartConsultation}
		d.DueOn = day.Approx{Date: day.Must("2019-05-20"), Precision: day.NotBefore}
		d.Reasons = "=HYPERLINK is no formula here\n\nand a second paragraph"
	})
	decisiontest.Publish(t, b.db, proposed)
	unnumbered := decisiontest.Proposed(t, b.db, b.body.Slug)
	decisiontest.Publish(t, b.db, unnumbered)
	public := decision.NewPublic(pgtest.Public(t, b.db))
	var records []map[string]any
	for _, which := range []id.Decision{proposed, unnumbered} {
		f := decisiontest.Read(t, b.db, which)
		shown, err := public.Record(t.Context(), b.body.Slug, f.Ref, day.Of(decisiontest.Now))
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(shown.Content)
		if err != nil {
			t.Fatal(err)
		}
		record := map[string]any{}
		if err := json.Unmarshal(text, &record); err != nil {
			t.Fatal(err)
		}
		record["body"], record["ref"] = b.body.Slug, f.Ref
		records = append(records, record)
	}
	document := map[string]any{"address": "https://portal.example/decisions/" + b.body.Slug + "/19-00035", "body": b.body.Name, "publication": 1, "record": records[0]}
	for name, value := range map[string]any{"a list": records, "a list in an object": map[string]any{"decisions": records},
		"a list of documents": []any{document, records[1]}} {
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		if p := b.preview(t, decision.Upload{Name: "decisions.json", Data: text}); effects(p) != [3]int{0, 0, 2} {
			t.Errorf("%s does %v: %+v", name, effects(p), p.Lines)
		}
	}
}

func TestFilesWithErrorsAreRefusedRecordByRecord(t *testing.T) {
	t.Parallel()
	b := setUpImport(t)
	decisiontest.Proposed(t, b.db, b.body.Slug, func(d *decision.Draft) { d.NumberPrinted = "19/00009" })
	for name, test := range map[string]struct {
		row  map[string]string
		want string
	}{
		"a body that is not there":                        {map[string]string{"body": "no-such-body"}, "Row 2, body: There is no organisation"},
		"a day that is none":                              {map[string]string{"made-on": "31/02/2019"}, "Row 2, made-on: Write the day"},
		"a stage that is none":                            {map[string]string{"stage": "agreed"}, "Row 2, stage: A new record needs a stage"},
		"no subject":                                      {map[string]string{"subject": ""}, "Row 2, subject: A new record needs a subject"},
		"an answer that is none":                          {map[string]string{"officer": "perhaps"}, "Row 2, officer: Write yes or no"},
		"a restriction that is none":                      {map[string]string{"restriction": "secret"}, "Row 2, restriction: “secret” is none of these"},
		"a category that is none":                         {map[string]string{"exempt-category": "12"}, "Row 2, exempt-category: Write the number"},
		"an address that is a script":                     {map[string]string{"source-url": "javascript:alert(1)"}, "Row 2, source-url: Write an address"},
		"exempt text of an open record":                   {map[string]string{"exempt-reasons": "Secret"}, "Row 2, restriction: The record has exempt passages, but is open"},
		"a proposed record with a day of a decision made": {map[string]string{"stage": "proposed"}, "The decision has not been made"},
		"a withdrawal without a reason":                   {map[string]string{"stage": "withdrawn"}, "Row 2, withdrawn-reason: Say why"},
		"a call-in without grounds":                       {map[string]string{"called-in-on": "2019-05-22", "called-in-by": "Three members"}, "Row 2, call-in-grounds: A call-in needs its grounds"},
		"a route of urgency for no key decision":          {map[string]string{"key": "no", "key-reason": "", "route": "special urgency"}, "Only a key decision"},
		"a number that is too long":                       {map[string]string{"number-printed": strings.Repeat("1", 41)}, "Row 2, number-printed: This has 41 characters"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := b.s.PreviewFiles(t.Context(), b.by, decision.ImportFiles{Body: b.body.Slug, Files: []decision.Upload{table(t, published("19/00077", test.row))}})
			if err != nil || len(p.Problems) == 0 || !strings.Contains(p.Problems[0].String(), test.want) || p.ID != 0 {
				t.Errorf("got %v (%v), want %q", p.Problems, err, test.want)
			}
		})
	}
	twice, err := b.s.CheckFiles(t.Context(), b.by, decision.ImportFiles{Body: b.body.Slug, Files: []decision.Upload{table(t, published("19/00078", nil), published("19/00078", nil))}})
	if err != nil || len(twice.Problems) != 1 || twice.Problems[0].Message != "This is the same record as Row 2" {
		t.Errorf("one record twice: %v (%v)", twice.Problems, err)
	}
	stage := b.preview(t, table(t, published("19/00009", nil)))
	if effects(stage) != [3]int{0, 0, 1} || !strings.Contains(strings.Join(stage.Lines[0].Flags, " "), "moves no record on") {
		t.Errorf("a record at another stage: %v %v", effects(stage), stage.Lines[0].Flags)
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	b := setUpImport(t)
	many := make([]decision.Upload, decision.MaxImportFiles+1)
	for name, test := range map[string]struct {
		files []decision.Upload
		says  string
	}{
		"no file":                    {nil, "Choose a file"},
		"too many files":             {many, "50 files at most"},
		"files that are too large":   {[]decision.Upload{{Name: "a.csv", Data: make([]byte, decision.MaxImportFile+1)}}, "larger than 20 MB"},
		"JSON that breaks off":       {[]decision.Upload{{Name: "a.json", Data: []byte(`[{"subject": "A`)}}, "not the JSON of a register"},
		"JSON of something else":     {[]decision.Upload{{Name: "a.json", Data: []byte(`{"colour": "red"}`)}}, "not the JSON of a register"},
		"JSON with more behind it":   {[]decision.Upload{{Name: "a.json", Data: []byte(`[] []`)}}, "not the JSON of a register"},
		"JSON without a record":      {[]decision.Upload{{Name: "a.json", Data: []byte(`[]`)}}, "no record"},
		"JSON that is nested deeply": {[]decision.Upload{{Name: "a.json", Data: []byte(strings.Repeat("[", 100_000))}}, "not the JSON of a register"},
		"too many records":           {[]decision.Upload{{Name: "a.json", Data: []byte("[" + strings.Repeat("{},", decision.MaxImported) + "{}]")}}, "more than 2000 records"},
		"an unknown column":          {[]decision.Upload{{Name: "a.csv", Data: []byte("subject,colour\nA,red\n")}}, "columns that are not known"},
		"a page of another kind":     {[]decision.Upload{{Name: "bins.html", Data: []byte("<h1>Bins</h1>")}, {Name: "b.html", Data: []byte("<h1>Bins</h1>")}}, "bins.html: This is not a saved ModernGov page"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := b.s.PreviewFiles(t.Context(), b.by, decision.ImportFiles{Body: b.body.Slug, Files: test.files})
			if f, ok := errors.AsType[*fault.Error](err); !ok || f.Kind != fault.Invalid || f.Field != "file" || !strings.Contains(f.Message, test.says) {
				t.Errorf("got %v, want %q", err, test.says)
			}
		})
	}
}

const detailsPage = `<!-- saved from url=(0055)https://democracy.example.gov.uk/ieDecisionDetails.aspx?ID=7 -->
<h1>Decision details</h1><div class="mgContent"><h2 class="mgSubTitleTxt">19/00044 - Early help</h2>
<p><span class="mgLabel">Decision Maker: </span>Cabinet Member for Children</p><p><span class="mgLabel">Decision status: </span>For Determination</p>
<p><span class="mgLabel">Is Key decision?: </span>Yes</p><p><span class="mgLabel">Wards Affected: </span>All</p>
<h3>Decision:</h3><p>(a) agree the offer; and</p><p>(b) publish it.</p>
<p><span class="mgLabel">Date of decision: </span>12/06/2019</p><p><span class="mgLabel">Publication date: </span>13/06/2019</p></div>`

const listPage = `<h1>Decisions</h1><form action="mgDelegatedDecisions.aspx"></form><table><tr><th>Title</th><th>Effective from</th></tr>
<tr><td><a href="ieDecisionDetails.aspx?ID=7">19/00044 - Early help</a></td><td>21/06/2019</td></tr>
<tr><td><a href="ieDecisionDetails.aspx?ID=8">Family hubs</a></td><td></td></tr></table>`

func TestSavedPagesAreImportedWithWhatTheySay(t *testing.T) {
	t.Parallel()
	b := setUpImport(t)
	p := b.preview(t, decision.Upload{Name: "list.html", Data: []byte(listPage)}, decision.Upload{Name: "ieDecisionDetails.aspx.html", Data: []byte(detailsPage)})
	if effects(p) != [3]int{2, 0, 0} || !strings.Contains(strings.Join(p.Notices, "\n"), "says more") || p.Files[1].Kind != "the page of one decision" {
		t.Fatalf("the preview is %v, %v, %+v", effects(p), p.Notices, p.Files)
	}
	b.apply(t, p)
	f := b.find(t, "19-00044")
	if f.Stage != decision.Made || f.Subject != "Early help" || f.SourceStatus != "For Determination" || len(f.Limbs) != 2 || f.MadeOn != on("2019-06-12") ||
		f.SourceURL != "https://democracy.example.gov.uk/ieDecisionDetails.aspx?ID=7" || !f.IsKey() {
		t.Errorf("imported as %+v", f.Record)
	}
	if !slices.Contains(f.Remarks, decision.Remark{Label: "Wards Affected", Body: "All"}) {
		t.Errorf("the remarks are %v", f.Remarks)
	}
	if again := b.preview(t, decision.Upload{Name: "again.html", Data: []byte(detailsPage)}); effects(again) != [3]int{0, 0, 1} {
		t.Errorf("the same page again does %v: %v", effects(again), again.Lines)
	}
}

func TestExemptTextOfAnImportStaysApart(t *testing.T) {
	t.Parallel()
	b := setUpImport(t)
	ctx := t.Context()
	const marker = "Zanzibarmarker"
	p := b.preview(t, table(t,
		published("19/00050", map[string]string{"restriction": "part exempt", "exempt-category": "3", "exempt-reasons": marker + " price"}),
		published("19/00051", map[string]string{"restriction": "fully exempt", "exempt-category": "3", "reasons": marker + " whole", "limbs": "a) " + marker + " limb"})))
	if text, err := json.Marshal(p); err != nil || bytes.Contains(text, []byte(marker)) {
		t.Errorf("the preview repeats exempt text: %s (%v)", text, err)
	}
	held := func() (in, aside int) {
		t.Helper()
		if err := b.db.QueryRow(ctx, `SELECT count(*) FILTER (WHERE content::text LIKE '%' || $1 || '%'), count(*) FILTER (WHERE exempt::text LIKE '%' || $1 || '%')
			FROM decision_import`, marker).Scan(&in, &aside); err != nil {
			t.Fatal(err)
		}
		return in, aside
	}
	if in, aside := held(); in != 0 || aside != 1 {
		t.Errorf("exempt text stands in %d contents, and apart in %d", in, aside)
	}
	if _, err := b.s.ApplyRun(ctx, b.by, decision.ApplyRunCommand{ID: p.ID, Publish: true}); err != nil {
		t.Fatal(err)
	}
	if in, aside := held(); in != 0 || aside != 0 {
		t.Errorf("after the import exempt text stands in %d contents, and apart in %d", in, aside)
	}
	public := decision.NewPublic(pgtest.Public(t, b.db))
	for ref, parts := range map[string]int{"19-00050": 1, "19-00051": 4} {
		f := b.find(t, ref)
		got, err := b.s.ReadExempt(ctx, b.by, f.ID)
		if err != nil || len(got) != parts {
			t.Errorf("%s has exempt %v (%v)", ref, got, err)
		}
		shown, err := public.Record(ctx, b.body.Slug, ref, day.Of(decisiontest.Now))
		text, _ := json.Marshal([]any{shown, f})
		if err != nil || bytes.Contains(text, []byte(marker)) {
			t.Errorf("%s leaks: %s (%v)", ref, text, err)
		}
	}
	done, err := b.s.ImportRun(ctx, b.by, p.ID)
	if text, _ := json.Marshal(done); err != nil || bytes.Contains(text, []byte(marker)) {
		t.Errorf("the import repeats exempt text: %s (%v)", text, err)
	}
}

func TestWhoImports(t *testing.T) {
	t.Parallel()
	b := setUpImport(t)
	p := b.preview(t, table(t, published("19/00060", nil)))
	for name, by := range map[string]authz.Actor{"an office": decisiontest.OfficeOf(t, b.db, b.body.ID), "nobody": {}} {
		_, check := b.s.CheckFiles(t.Context(), by, decision.ImportFiles{})
		_, list := b.s.ImportRuns(t.Context(), by, 0, 10)
		_, read := b.s.ImportRun(t.Context(), by, p.ID)
		_, apply := b.s.ApplyRun(t.Context(), by, decision.ApplyRunCommand{ID: p.ID})
		_, undo := b.s.CheckUndoRun(t.Context(), by, p.ID)
		for _, err := range []error{check, list, read, apply, undo, b.s.UndoRun(t.Context(), by, p.ID, "No")} {
			if !errors.Is(err, fault.Forbidden) {
				t.Errorf("%s: got %v, want forbidden", name, err)
			}
		}
	}
	_, err := b.s.ImportRun(t.Context(), b.by, 1<<40)
	wants(t, err, fault.NotFound, "")
	_, err = b.s.CheckUndoRun(t.Context(), b.by, p.ID)
	wants(t, err, fault.Conflict, "")
	other := b.preview(t, table(t, published("19/00060", nil)))
	b.apply(t, p)
	_, err = b.s.ApplyRun(t.Context(), b.by, decision.ApplyRunCommand{ID: p.ID})
	wants(t, err, fault.Conflict, "")
	_, err = b.s.ApplyRun(t.Context(), b.by, decision.ApplyRunCommand{ID: other.ID})
	wants(t, err, fault.Conflict, "")
	if stale, err := b.s.ImportRun(t.Context(), b.by, other.ID); err != nil || !stale.Stale {
		t.Errorf("a preview that has become another: %+v (%v)", stale, err)
	}
	if runs, err := b.s.ImportRuns(t.Context(), b.by, 0, 10); err != nil || len(runs) != 2 || runs[1].State() != decision.ImportApplied {
		t.Errorf("the imports are %+v (%v)", runs, err)
	}
}
