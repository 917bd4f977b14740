package membership_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/membership/membershiptest"
)

const agencyHead = "slug,name,kind,basis,categories,reason,from,to,urn,note\n"

func file(of membership.Register, text string) membership.ImportCommand {
	return membership.ImportCommand{Register: of, FileName: `C:\lists\schools.csv`, Data: []byte(text)}
}

// preview wants a file without problems and keeps it.
func (b *bench) preview(t *testing.T, of membership.Register, text string) membership.ImportPreview {
	t.Helper()
	p, err := b.s.PreviewImport(t.Context(), b.support, file(of, text))
	if err != nil || len(p.Problems) > 0 {
		t.Fatalf("preview: %v, %v", p.Problems, err)
	}
	return p
}

// imports previews a file and confirms it.
func (b *bench) imports(t *testing.T, of membership.Register, text string) membership.Import {
	t.Helper()
	p := b.preview(t, of, text)
	done, err := b.s.ApplyImport(t.Context(), b.support, p.ID)
	if err != nil {
		t.Fatalf("import: %v", err)
	}
	return done
}

func counts(i membership.Import) [3]int { return [3]int{i.Added, i.Changed, i.Unchanged} }

func TestSchoolsAreAddedFromAFileAndTakenBack(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	ctx := t.Context()
	hill, dale := slug(), slug()
	urn := fmt.Sprintf("%06d", time.Now().UnixNano()%1_000_000)
	text := agencyHead +
		hill + ",Hill School,Education,chosen,4; 25,Every school,17/09/2019,," + urn + ",\n" +
		dale + ",Dale School,education,Chosen,Governing body of a maintained school,\"Every school, too\",1 September 2020,31/08/2022,,\"A note,\nof two lines\"\n" +
		dale + ",Dale School,,chosen,4,,01/09/2023,,,\"A note,\nof two lines\"\n"
	p := b.preview(t, membership.RegisterAgencies, text)
	if got := counts(p.Import); got != [3]int{3, 0, 0} || p.FileName != "schools.csv" || len(p.FileDigest) != 32 {
		t.Errorf("got %+v", p.Import)
	}
	if want := []string{"New organisation", "URN " + urn, "Relevant agency from 17 September 2019, chosen, categories 4; 25"}; !cmp.Equal(want, p.Lines[0].Details) {
		t.Errorf("the first row says %q", p.Lines[0].Details)
	}
	if _, err := b.s.Organisation(ctx, b.support, hill); fault.Message(err) == "" {
		t.Errorf("a preview adds the organisation: %v", err)
	}
	if _, err := b.s.ApplyImport(ctx, b.support, p.ID); err != nil {
		t.Fatal(err)
	}
	wantKind(t, second(b.s.ApplyImport(ctx, b.support, p.ID)), fault.Conflict)
	o, err := b.s.Organisation(ctx, b.support, dale)
	if err != nil || len(o.Agency) != 2 || o.Note != "A note,\nof two lines" || o.Kind != "education" || o.Agency[0].EndsOn != day.Must("2022-08-31") {
		t.Fatalf("got %+v, %v", o, err)
	}
	again := b.preview(t, membership.RegisterAgencies, text)
	if got := counts(again.Import); got != [3]int{0, 0, 3} {
		t.Errorf("the same file again would do %v", got)
	}
	wantKind(t, second(b.s.ApplyImport(ctx, b.support, again.ID)), fault.Conflict)

	u, err := b.s.CheckUndo(ctx, b.support, p.ID)
	if err != nil || len(u.Obstacles) > 0 || len(u.Lines) != 3 {
		t.Fatalf("undo would do %+v, %v", u, err)
	}
	wantKind(t, b.s.UndoImport(ctx, b.support, p.ID, " "), fault.Invalid)
	if err := b.s.UndoImport(ctx, b.support, p.ID, "Wrong list"); err != nil {
		t.Fatal(err)
	}
	wantKind(t, b.s.UndoImport(ctx, b.support, p.ID, "Wrong list"), fault.Conflict)
	wantKind(t, second(b.s.Organisation(ctx, b.support, hill)), fault.NotFound)
	got, err := b.s.Import(ctx, b.support, p.ID)
	if err != nil || got.State() != membership.ImportUndone || got.UndoneReason != "Wrong list" || got.UndoneBy == "" || len(got.Lines) != 3 {
		t.Errorf("got %+v, %v", got, err)
	}
	if got := counts(b.imports(t, membership.RegisterAgencies, text)); got != [3]int{3, 0, 0} {
		t.Errorf("the file after its undo does %v", got)
	}
	if n := b.count(t, `SELECT count(*) FROM event WHERE subject_kind = 'import' AND subject_id = $1`, p.ID); n != 2 {
		t.Errorf("%d events of the import, want 2", n)
	}
}

func second[T any](_ T, err error) error { return err }

func (b *bench) count(t *testing.T, sql string, args ...any) (n int) {
	t.Helper()
	if err := b.db.QueryRow(context.Background(), sql, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAFileCorrectsAndIsUndone(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	ctx := t.Context()
	a := membershiptest.Agency(t, b.db, func(a *membershiptest.AgencyMade) { a.Reason = "Old" })
	text := "slug,basis,categories,reason,from,to\n" + a.Body.Slug + ",designated,4; 13,New,2019-01-01,2030-12-31\n"
	p := b.preview(t, membership.RegisterAgencies, text)
	want := []string{"Basis: “chosen” becomes “designated”", "Categories: “4” becomes “4; 13”", "Reason: “Old” becomes “New”", "Last day as relevant agency: none becomes “31 December 2030”"}
	if d := cmp.Diff(want, p.Lines[0].Details); d != "" || p.Lines[0].Effect != membership.ImportChanges {
		t.Error(d, p.Lines[0])
	}
	if _, err := b.s.ApplyImport(ctx, b.support, p.ID); err != nil {
		t.Fatal(err)
	}
	if got := counts(b.preview(t, membership.RegisterAgencies, text).Import); got != [3]int{0, 0, 1} {
		t.Errorf("again: %v", got)
	}
	if n := b.count(t, `SELECT count(*) FROM agency_membership_past WHERE id = $1 AND reason = 'Old'`, a.ID); n != 1 {
		t.Error("what the agency said before is not kept")
	}
	// With the columns left out nothing is said about them.
	if got := counts(b.preview(t, membership.RegisterAgencies, "slug,basis,from\n"+a.Body.Slug+",designated,2019-01-01\n").Import); got != [3]int{0, 0, 1} {
		t.Errorf("without columns: %v", got)
	}
	body := b.imports(t, membership.RegisterOrganisations, "slug,kind,from,note,ods\n"+a.Body.Slug+",health,2001-01-01,A trust,r"+strings.ToUpper(a.Body.Slug[5:9])+"\n")
	if counts(body) != [3]int{0, 1, 0} {
		t.Errorf("the body: %v", counts(body))
	}
	for _, which := range []id.Import{body.ID, p.ID} {
		if err := b.s.UndoImport(ctx, b.support, which, "Not so"); err != nil {
			t.Fatal(err)
		}
	}
	o, err := b.s.Organisation(ctx, b.support, a.Body.Slug)
	if err != nil || o.Kind != a.Body.Kind || o.Note != "" || !o.StartsOn.IsZero() || o.Agency[0].Basis != membership.Chosen || o.Agency[0].Reason != "Old" ||
		len(o.Agency[0].Categories) != 1 || !o.Agency[0].EndsOn.IsZero() {
		t.Errorf("after the undo: %+v, %v", o, err)
	}
}

func TestRowsOfAFileThatAreRefused(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	u := membershiptest.Unique()
	known := membershiptest.Agency(t, b.db)
	ended := membershiptest.Organisation(t, b.db, func(x *membershiptest.Body) { x.EndsOn = day.Must("2020-12-31") })
	partner := membershiptest.Partner(t, b.db)
	exec(t, b.db, `INSERT INTO organisation_identifier (organisation_id, scheme, value) VALUES ($1, 'ods', $2)`, known.Body.ID, "Q"+strings.ToUpper(u[:6]))
	agencies := func(row string) membership.ImportCommand {
		return file(membership.RegisterAgencies, agencyHead+row+"\n")
	}
	bodies := func(row string) membership.ImportCommand {
		return file(membership.RegisterOrganisations, "slug,name,kind,from,to,ods,note\n"+row+"\n")
	}
	for name, c := range map[string]struct {
		cmd  membership.ImportCommand
		want string
	}{
		"no name":                    {agencies("new-" + u + ",,education,chosen,4,,01/09/2020,,,"), "Row 2, name: There is no organisation at this address yet"},
		"no kind":                    {agencies("new-" + u + ",New,,chosen,4,,01/09/2020,,,"), "Row 2, kind: This is a new organisation"},
		"neither name nor address":   {agencies(",,education,chosen,4,,01/09/2020,,,"), "Row 2, slug: Enter the name or the address"},
		"an address of odd letters":  {agencies("New School,New,education,chosen,4,,01/09/2020,,,"), "lower-case letters"},
		"an address of the site":     {agencies("add,New,education,chosen,4,,01/09/2020,,,"), "taken by the site"},
		"another name":               {agencies(known.Body.Slug + ",Other,,chosen,4,,2019-01-01,,,"), "is called “" + known.Body.Name + "”"},
		"an unknown kind":            {agencies("new-" + u + ",New,castle,chosen,4,,01/09/2020,,,"), "“castle” is none of these: local authority"},
		"an unknown basis":           {agencies("new-" + u + ",New,education,because,4,,01/09/2020,,,"), "“because” is none of these"},
		"no basis":                   {agencies("new-" + u + ",New,education,,4,,01/09/2020,,,"), "Enter why the organisation is included"},
		"no first day":               {agencies("new-" + u + ",New,education,chosen,4,,,,,"), "Row 2, from: Enter the first day"},
		"an end before the start":    {agencies("new-" + u + ",New,education,chosen,4,,01/09/2020,31/08/2020,,"), "must not be before"},
		"no category":                {agencies("new-" + u + ",New,education,chosen,,,01/09/2020,,,"), "at least one category"},
		"an unknown category":        {agencies("new-" + u + ",New,education,chosen,4; Castles,,01/09/2020,,,"), "“Castles” is no category"},
		"a number of none":           {agencies("new-" + u + ",New,education,chosen,\"4, 99\",,01/09/2020,,,"), "“99” is no category"},
		"an invitee with a category": {agencies("new-" + u + ",New,education,invitee,4,,01/09/2020,,,"), "An invitee falls under no category"},
		"a school number of letters": {agencies("new-" + u + ",New,education,chosen,4,,01/09/2020,,12A,"), "has not the form of this code"},
		"the same row again": {agencies("new-" + u + ",New,education,chosen,4,,01/09/2020,,,\nnew-" + u + ",New,education,chosen,4,,01/09/2020,,,"),
			"Row 3: It is the same organisation with the same first day as row 2"},
		"two names for one body": {agencies("new-" + u + ",New,education,chosen,4,,01/09/2020,31/08/2021,,\nnew-" + u + ",Newer,education,chosen,4,,01/09/2022,,,"),
			"Row 3: It says something else about the organisation than row 2"},
		"two times that overlap": {agencies("new-" + u + ",New,education,chosen,4,,01/09/2020,,,\nnew-" + u + ",New,education,chosen,4,,01/09/2022,,,"),
			"Row 3: It is a relevant agency on some of these days already"},
		"a time that overlaps what is known": {agencies(known.Body.Slug + ",,,chosen,4,,2020-01-01,,,"), "on some of these days already: from 1 January 2019 and from 1 January 2020"},
		"a time after the body's end":        {agencies(ended.Slug + ",,,chosen,4,,2020-01-01,,,"), "The organisation ended on 31 December 2020"},
		"a long reason":                      {agencies("new-" + u + ",New,education,chosen,4," + strings.Repeat("x", 2001) + ",01/09/2020,,,"), "more than 2,000 characters"},
		"a long name":                        {agencies("new-" + u + "," + strings.Repeat("x", 201) + ",education,chosen,4,,01/09/2020,,,"), "more than 200 characters"},
		"a body twice":                       {bodies("new-" + u + ",New,other,,,,\nnew-" + u + ",New,other,,,,"), "Row 3, slug: It has the same address as row 2"},
		"a partner that is ended":            {bodies(partner.Body.Slug + ",,,,2021-01-01,,"), "partner or relevant agency after that day"},
		"a body that ends first":             {bodies(known.Body.Slug + ",,,2021-01-01,2020-01-01,,"), "must not be before"},
		"another code":                       {bodies(known.Body.Slug + ",,,,,XX1,"), "The ODS code of the organisation is Q" + strings.ToUpper(u[:6])},
		"the code of another body":           {bodies("new-" + u + ",New,other,,,q" + u[:6] + ","), "belongs to the organisation “" + known.Body.Slug + "”"},
		"one code for two":                   {bodies("new-" + u + ",New,other,,,ZZ9Z,\nnewer-" + u + ",Newer,other,,,ZZ9Z,"), "Row 3, ods: This ODS code belongs to the organisation “new-" + u + "”"},
		"a formula":                          {bodies("new-" + u + ",=1+1,other,,,,"), "Row 2, name: This is a formula"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := b.s.PreviewImport(t.Context(), b.support, c.cmd)
			if err != nil || p.ID != 0 || !strings.Contains(fmt.Sprint(p.Problems), c.want) {
				t.Errorf("got %v, %v; want %q", p.Problems, err, c.want)
			}
		})
	}
}

func TestTheWholeFileIsRefused(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	ctx := t.Context()
	scrutineer := holder(t, b.db, authz.Scrutineer)
	wantField(t, second(b.s.PreviewImport(ctx, b.support, file("castles", "slug\na\n"))), "register")
	wantField(t, second(b.s.CheckImport(ctx, b.support, file(membership.RegisterAgencies, "slug,colour\na,b\n"))), "file")
	wantField(t, second(b.s.RegisterTable(ctx, b.support, "castles")), "register")
	wantKind(t, second(b.s.Import(ctx, b.support, 1<<40)), fault.NotFound)
	wantKind(t, second(b.s.ApplyImport(ctx, b.support, 1<<40)), fault.NotFound)
	for name, err := range map[string]error{
		"check":   second(b.s.CheckImport(ctx, scrutineer, file(membership.RegisterAgencies, "x"))),
		"preview": second(b.s.PreviewImport(ctx, scrutineer, file(membership.RegisterAgencies, "x"))),
		"read":    second(b.s.Import(ctx, scrutineer, 1)), "list": second(b.s.Imports(ctx, scrutineer, 0, 1)),
		"apply": second(b.s.ApplyImport(ctx, scrutineer, 1)), "check an undo": second(b.s.CheckUndo(ctx, scrutineer, 1)),
		"undo": b.s.UndoImport(ctx, scrutineer, 1, "x"), "export": second(b.s.RegisterTable(ctx, scrutineer, membership.RegisterAgencies)),
	} {
		if !strings.HasPrefix(fmt.Sprint(err), string(fault.Forbidden)) {
			t.Errorf("%s by the scrutineer: %v", name, err)
		}
	}
}

func TestAPlanThatNoLongerHoldsIsNotCarriedOut(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	ctx := t.Context()
	a := membershiptest.Agency(t, b.db)
	p := b.preview(t, membership.RegisterAgencies, "slug,basis,categories,from,reason\n"+a.Body.Slug+",chosen,4,2019-01-01,New\n")
	if err := b.s.EndAgency(ctx, b.support, a.Body.Slug, a.ID, day.Must("2024-12-31")); err != nil {
		t.Fatal(err)
	}
	got, err := b.s.Import(ctx, b.support, p.ID)
	if err != nil || !got.Stale {
		t.Errorf("the preview does not say that it is out of date: %+v, %v", got, err)
	}
	wantKind(t, second(b.s.ApplyImport(ctx, b.support, p.ID)), fault.Conflict)
	wantKind(t, second(b.s.CheckUndo(ctx, b.support, p.ID)), fault.Conflict)
	list, err := b.s.Imports(ctx, b.support, 0, 50)
	if err != nil || len(list) != 1 || list[0].State() != membership.ImportPreviewed || list[0].PreviewedBy == "" {
		t.Errorf("got %+v, %v", list, err)
	}
	if older, err := b.s.Imports(ctx, b.support, p.ID, 50); err != nil || len(older) != 0 {
		t.Errorf("before it: %+v, %v", older, err)
	}
}

func TestAnImportOnWhichSomethingHangsIsNotUndone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ sql, want string }{
		"a partner":              {`INSERT INTO safeguarding_partner (organisation_id, statutory_kind, starts_on) SELECT id, 'police', '2020-01-01' FROM organisation WHERE slug = $1`, "it is a safeguarding partner"},
		"a post":                 {`INSERT INTO post (organisation_id, title) SELECT id, 'Head' FROM organisation WHERE slug = $1`, "it has posts"},
		"a change of the body":   {`UPDATE organisation SET note = 'Changed' WHERE slug = $1`, "Row 2, “%s”: the organisation was changed since the import"},
		"a change of the agency": {`UPDATE agency_membership SET ends_on = '2030-01-01' WHERE organisation_id = (SELECT id FROM organisation WHERE slug = $1)`, "the relevant agency was changed"},
		"a later agency": {`INSERT INTO agency_membership (organisation_id, basis, starts_on) SELECT id, 'invitee', '2031-01-01' FROM organisation WHERE slug = $1`,
			"it is a relevant agency by another record"},
		"a retraction": {`WITH m AS (UPDATE agency_membership SET retracted_reason = 'no' WHERE organisation_id = (SELECT id FROM organisation WHERE slug = $1)) SELECT $1::text`,
			"the relevant agency was changed"},
		"another address": {`INSERT INTO organisation_address (organisation_id, address) SELECT id, 'Hill' FROM organisation WHERE slug = $1`, "its address is recorded"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setUp(t)
			s := slug()
			done := b.imports(t, membership.RegisterAgencies, agencyHead+s+",Hill School,education,chosen,4,,2019-01-01,2030-12-31,,\n")
			exec(t, b.db, c.sql, s)
			want := strings.ReplaceAll(c.want, "%s", s)
			u, err := b.s.CheckUndo(t.Context(), b.support, done.ID)
			if err != nil || !strings.Contains(strings.Join(u.Obstacles, "\n"), want) {
				t.Errorf("obstacles %q, %v; want %q", u.Obstacles, err, want)
			}
			wantKind(t, b.s.UndoImport(t.Context(), b.support, done.ID, "Wrong list"), fault.Conflict)
		})
	}
}

// What is exported and imported again changes nothing, in both forms and whatever the texts are.
func TestExportAndImportChangeNothing(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.OneOf(rapid.StringOf(rapid.RuneFrom([]rune("'=+-@＝ ab1E_x0041\"\n,;£é"))), rapid.SampledFrom([]string{"", "-5", "1E+05", "'=1", "007", "two\r\nlines"}))
		made := membershiptest.Agency(t, b.db, func(a *membershiptest.AgencyMade) {
			a.Reason, a.Categories = text.Draw(rt, "reason"), rapid.SampledFrom([][]int{{}, {4}, {4, 13, 25}}).Draw(rt, "categories")
			a.EndsOn = rapid.SampledFrom([]day.Date{{}, day.Must("2025-08-31")}).Draw(rt, "to")
			a.Body = membershiptest.Organisation(t, b.db, func(o *membershiptest.Body) { o.Name += " " + text.Draw(rt, "name") + "." })
		})
		exec(t, b.db, `UPDATE organisation SET note = $2 WHERE id = $1`, made.Body.ID, text.Draw(rt, "note"))
		for _, of := range []membership.Register{membership.RegisterAgencies, membership.RegisterOrganisations} {
			table, err := b.s.RegisterTable(context.Background(), b.support, of)
			if err != nil {
				rt.Fatal(err)
			}
			for form, write := range map[string]func(*bytes.Buffer) error{
				"CSV":  func(w *bytes.Buffer) error { return table.WriteCSV(w) },
				"XLSX": func(w *bytes.Buffer) error { return table.WriteXLSX(w) },
			} {
				var data bytes.Buffer
				if err := write(&data); err != nil {
					rt.Fatal(err)
				}
				p, err := b.s.CheckImport(context.Background(), b.support, membership.ImportCommand{Register: of, Data: data.Bytes()})
				if err != nil || len(p.Problems) > 0 || p.Added+p.Changed > 0 || p.Unchanged != len(table.Rows) {
					rt.Fatalf("%s of %s: %v %v, %+v", form, of, p.Problems, err, p.Lines)
				}
			}
		}
	})
}

func TestSixHundredSchoolsAreImportedQuickly(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	u := membershiptest.Unique()
	table, err := membership.RegisterTemplate(membership.RegisterAgencies)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 600 {
		row := make([]string, len(table.Header))
		for c, name := range table.Header {
			row[c] = map[string]string{"name": fmt.Sprintf("School %d of %s", i, u), "kind": "education", "basis": "chosen", "categories": "4", "from": "2019-09-17",
				"urn": fmt.Sprint(100_000 + i)}[name]
		}
		table.Rows = append(table.Rows, row)
	}
	var data bytes.Buffer
	if err := table.WriteXLSX(&data); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	p, err := b.s.PreviewImport(t.Context(), b.support, membership.ImportCommand{Register: membership.RegisterAgencies, FileName: "schools.xlsx", Data: data.Bytes()})
	if err != nil || p.Added != 600 {
		t.Fatalf("%v, %v, %+v", p.Problems, err, p.Import)
	}
	previewed := time.Since(start)
	if _, err := b.s.ApplyImport(t.Context(), b.support, p.ID); err != nil {
		t.Fatal(err)
	}
	applied := time.Since(start)
	if err := b.s.UndoImport(t.Context(), b.support, p.ID, "Measured"); err != nil {
		t.Fatal(err)
	}
	t.Logf("preview %v, import %v, undo %v", previewed, applied-previewed, time.Since(start)-applied)
	if whole := time.Since(start); whole > 20*time.Second {
		t.Errorf("600 schools took %v", whole)
	}
}

func TestSlugOf(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"St Mary’s School, Deal": "st-marys-school-deal", "Zoë & Co": "zoe-and-co", "  ": "", "A—B": "a-b", strings.Repeat("abc ", 40): strings.TrimSuffix(strings.Repeat("abc-", 20), "-"),
	} {
		if got := membership.SlugOf(name); got != want {
			t.Errorf("SlugOf(%q) = %q, want %q", name, got, want)
		}
	}
}

// The command on the portal's own machine imports without an account.
func TestTheCommandImportsWithoutAnAccount(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	b.support = authz.System("command")
	done := b.imports(t, membership.RegisterOrganisations, "slug,name,kind\n"+slug()+",Body,other\n")
	got, err := b.s.Import(t.Context(), b.support, done.ID)
	if err != nil || got.AppliedBy != "" || got.State() != membership.ImportApplied {
		t.Errorf("got %+v, %v", got, err)
	}
}
