package funding_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/funding/fundingtest"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/money"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
	"partnershipportal/internal/sheet"
)

// importBench is a portal that imports contributions.
type importBench struct {
	db      pg.DB
	members *membership.Service
	s       *funding.Service
	support authz.Actor
}

func newImportBench(t *testing.T, db pg.DB) importBench {
	t.Helper()
	b := importBench{db: db, s: funding.New(db, time.Now), support: in(t, db, authz.BusinessSupport)}
	b.members = membership.New(db, membership.NoLetters{}, time.Now).Importing(membership.RegisterContributions, b.s)
	return b
}

func (b importBench) preview(t *testing.T, text string) membership.ImportPreview {
	t.Helper()
	p, err := b.members.PreviewImport(context.Background(), b.support, membership.ImportCommand{Register: membership.RegisterContributions, FileName: "year.csv", Data: []byte(text)})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (b importBench) imports(t *testing.T, text string) membership.Import {
	t.Helper()
	p := b.preview(t, text)
	if len(p.Problems) > 0 {
		t.Fatalf("problems: %v", p.Problems)
	}
	done, err := b.members.ApplyImport(context.Background(), b.support, p.ID)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

func (b importBench) total(t *testing.T, year day.FinancialYear) (cash, inKind money.Pence) {
	t.Helper()
	list, err := b.s.Contributions(context.Background(), b.support, funding.Filter{Year: year})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range list {
		switch {
		case !c.Counts():
		case c.Form == funding.Cash:
			cash += c.Pence
		default:
			inKind += c.Pence
		}
	}
	return cash, inKind
}

const contributionHead = "financial year,slug,name,form,amount,valuation,estimated,purpose,agreed,precision,source,note\n"

func TestContributionsAreImportedAndTakenBack(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.Tx(t)
	b := newImportBench(t, db)
	police, trust := membershiptest.Organisation(t, db), membershiptest.Organisation(t, db)
	text := contributionHead +
		"2019/20," + police.Slug + ",,Cash,\"£1,234.50\",,,Training,01/06/2019,month,\"Minutes,\nJune 2019\",\n" +
		"2019-20,,  " + strings.ToUpper(trust.Name) + " ,in kind,500,Hours at cost,yes,A trainer,2019-03-31,,Minutes,A note\n"
	p := b.preview(t, text)
	if len(p.Problems) > 0 || p.Added != 2 || p.Lines[0].Details[0] != "£1,234.50 in cash for 2019/20" || p.Lines[1].Slug != trust.Slug {
		t.Fatalf("preview %+v", p)
	}
	if cash, _ := b.total(t, 2019); cash != 0 {
		t.Error("a preview records something")
	}
	if _, err := b.members.ApplyImport(ctx, b.support, p.ID); err != nil {
		t.Fatal(err)
	}
	if cash, inKind := b.total(t, 2019); cash != 123450 || inKind != 50000 {
		t.Errorf("recorded %s and %s", cash, inKind)
	}
	t.Run("the same file again does nothing", func(t *testing.T) {
		if again := b.preview(t, text); again.Added != 0 || again.Unchanged != 2 {
			t.Errorf("it would do %+v", again.Lines)
		}
	})
	t.Run("the register as a file does nothing", func(t *testing.T) {
		fundingtest.TakenOut(t, db, fundingtest.Contribution(t, db, func(c *funding.RecordCommand) { c.Organisation = police.Slug }), "A slip")
		table, err := b.members.RegisterTable(ctx, b.support, membership.RegisterContributions)
		if err != nil || len(table.Rows) != 3 {
			t.Fatalf("%d rows (%v)", len(table.Rows), err)
		}
		for name, write := range map[string]func(sheet.Table, *bytes.Buffer) error{
			"CSV":  func(t sheet.Table, w *bytes.Buffer) error { return t.WriteCSV(w) },
			"XLSX": func(t sheet.Table, w *bytes.Buffer) error { return t.WriteXLSX(w) },
		} {
			var file bytes.Buffer
			if err := write(table, &file); err != nil {
				t.Fatal(err)
			}
			if again := b.preview(t, file.String()); len(again.Problems) > 0 || again.Added != 0 || again.Unchanged != 3 {
				t.Errorf("%s: it would do %+v, problems %v", name, again.Lines, again.Problems)
			}
		}
	})
	t.Run("undone, its lines are taken out, but what was corrected since stays", func(t *testing.T) {
		list, err := b.s.Contributions(ctx, b.support, funding.Filter{Year: 2019})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range list {
			if c.Slug == trust.Slug {
				fundingtest.TakenOut(t, db, c.ID, "Not given after all")
			}
		}
		u, err := b.members.CheckUndo(ctx, b.support, p.ID)
		if err != nil || len(u.Obstacles) > 0 || len(u.Lines) != 2 {
			t.Fatalf("undo would do %+v (%v)", u, err)
		}
		if err := b.members.UndoImport(ctx, b.support, p.ID, "Wrong year"); err != nil {
			t.Fatal(err)
		}
		if cash, inKind := b.total(t, 2019); cash != 0 || inKind != 0 {
			t.Errorf("after the undo %s and %s", cash, inKind)
		}
		reasons := map[string]bool{}
		list, err = b.s.Contributions(ctx, b.support, funding.Filter{Year: 2019})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range list {
			reasons[c.Reason] = true
		}
		if !reasons[fmt.Sprintf("Import %d undone: Wrong year", p.ID)] || !reasons["Not given after all"] {
			t.Errorf("reasons %v", reasons)
		}
		if err := b.members.UndoImport(ctx, b.support, p.ID, "Again"); !errors.Is(err, fault.Conflict) {
			t.Errorf("undone twice: %v", err)
		}
	})
	t.Run("what was undone can be imported again", func(t *testing.T) {
		if done := b.imports(t, text); done.Added != 2 {
			t.Errorf("added %d", done.Added)
		}
		if got, err := b.members.Import(ctx, b.support, p.ID); err != nil || got.State() != membership.ImportUndone || len(got.Lines) != 2 {
			t.Errorf("the first import reads %+v (%v)", got, err)
		}
	})
	t.Run("a file that would do something else by now does nothing", func(t *testing.T) {
		late := contributionHead + "2020/21," + police.Slug + ",,cash,1,,,Training,2020-01-01,,Minutes,\n"
		stale := b.preview(t, late)
		b.imports(t, late)
		if _, err := b.members.ApplyImport(ctx, b.support, stale.ID); !errors.Is(err, fault.Conflict) {
			t.Errorf("got %v", err)
		}
		if cash, _ := b.total(t, 2020); cash != 100 {
			t.Errorf("recorded %s", cash)
		}
	})
}

func TestAnImportOfContributionsSaysWhatIsWrongRowByRow(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	b := newImportBench(t, db)
	body := membershiptest.Organisation(t, db)
	ended := membershiptest.Organisation(t, db, func(b *membershiptest.Body) { b.EndsOn = day.Must("2018-01-01") })
	twins := "Twin " + membershiptest.Unique()
	for range 2 {
		membershiptest.Organisation(t, db, func(b *membershiptest.Body) { b.Name = twins })
	}
	for name, c := range map[string]struct{ row, says string }{
		"another year":                 {"2019/21," + body.Slug + ",,cash,1,,,X,2019-01-01,,Y,", "Row 2, financial year: Write the financial year like 2019/20"},
		"a third decimal":              {"2019/20," + body.Slug + ",,cash,1.234,,,X,2019-01-01,,Y,", "Row 2, amount: The amount must have two figures after the point at most: pence are the smallest part"},
		"a negative amount":            {"2019/20," + body.Slug + ",,cash,-5,,,X,2019-01-01,,Y,", "Row 2, amount: The amount must not be negative"},
		"nobody's address":             {"2019/20,nobody,,cash,1,,,X,2019-01-01,,Y,", "Row 2, slug: There is no organisation at this address. Add it first"},
		"nobody's name":                {"2019/20,,Nobody,cash,1,,,X,2019-01-01,,Y,", "Row 2, name: No organisation has or had this name. Add it first, or enter its address"},
		"two bodies' name":             {"2019/20,," + twins + ",cash,1,,,X,2019-01-01,,Y,", "Row 2, name: Several organisations have or had this name. Enter the address of the one that is meant"},
		"no body":                      {"2019/20,,,cash,1,,,X,2019-01-01,,Y,", "Row 2, slug: Enter the address of the organisation, or its name"},
		"a body that had ended":        {"2019/20," + ended.Slug + ",,cash,1,,,X,2019-01-01,,Y,", "Row 2, slug: This organisation did not exist in that financial year. Choose its predecessor or successor"},
		"another form":                 {"2019/20," + body.Slug + ",,gold,1,,,X,2019-01-01,,Y,", "Row 2, form: Write cash or in kind"},
		"another precision":            {"2019/20," + body.Slug + ",,cash,1,,,X,2019-01-01,decade,Y,", "Row 2, precision: Write day, month, year or not before"},
		"another answer":               {"2019/20," + body.Slug + ",,in kind,1,By eye,perhaps,X,2019-01-01,,Y,", "Row 2, estimated: Write yes or no"},
		"no valuation":                 {"2019/20," + body.Slug + ",,in kind,1,,,X,2019-01-01,,Y,", "Row 2, valuation: Enter how the contribution in kind was valued"},
		"no purpose":                   {"2019/20," + body.Slug + ",,cash,1,,,,2019-01-01,,Y,", "Row 2, purpose: Enter what the contribution is for"},
		"no day":                       {"2019/20," + body.Slug + ",,cash,1,,,X,,,Y,", "Row 2, agreed: Enter when the contribution was agreed"},
		"no source":                    {"2019/20," + body.Slug + ",,cash,1,,,X,2019-01-01,,,", "Row 2, source: Enter where the agreement can be read"},
		"a formula":                    {"2019/20," + body.Slug + ",,cash,=1+1,,,X,2019-01-01,,Y,", "Row 2, amount: "},
		"too long a purpose":           {"2019/20," + body.Slug + ",,cash,1,,," + strings.Repeat("x", 201) + ",2019-01-01,,Y,", "Row 2, purpose: This has more than 200 characters"},
		"the same twice":               {"2019/20," + body.Slug + ",,cash,1,,,X,2019-01-01,,Y,\n2019/20," + body.Slug + ",,cash,1.00,,,X,01/01/2019,day,Y,Z", "Row 3: It says the same as row 2. If there are two, say in the purpose how they differ"},
		"an agreement in the far year": {"2019/20," + body.Slug + ",,cash,1,,,X,2190-01-01,,Y,", "Row 2, agreed: The agreement cannot lie in the future: only what was agreed is recorded"},
	} {
		t.Run(name, func(t *testing.T) {
			p := b.preview(t, contributionHead+c.row+"\n")
			if len(p.Problems) != 1 || !strings.HasPrefix(p.Problems[0].String(), c.says) || p.ID != 0 {
				t.Errorf("problems %v, want %q alone", p.Problems, c.says)
			}
		})
	}
}

func TestOnlyBusinessSupportImportsContributions(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	b := newImportBench(t, db)
	for _, role := range []authz.Role{authz.Scrutineer, authz.Administrator, authz.AgencyStaff} {
		_, err := b.members.PreviewImport(context.Background(), in(t, db, role), membership.ImportCommand{Register: membership.RegisterContributions, Data: []byte("x")})
		if !errors.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", role, err)
		}
	}
}

// The police contributions of Greater Manchester for 2022/23 and of London for three years, entered through import, give
// the published totals.
func TestPublishedYearsGiveTheirTotals(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	b := newImportBench(t, db)
	t.Run("Greater Manchester", func(t *testing.T) {
		file, err := os.Open("../money/testdata/police_contributions_gm_2022_23.csv")
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		rows, err := csv.NewReader(file).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		force := membershiptest.Organisation(t, db)
		var text strings.Builder
		text.WriteString(contributionHead)
		for _, row := range rows[1:] {
			fmt.Fprintf(&text, "2022/23,%s,,cash,%s,,,Children's and adults' boards of %s,2022-04-01,,Published accounts,\n", force.Slug, row[1], row[0])
		}
		b.imports(t, text.String())
		if cash, _ := b.total(t, 2022); cash.Words() != "£307,724" {
			t.Errorf("2022/23: %s", cash.Words())
		}
	})
	t.Run("London", func(t *testing.T) {
		force := membershiptest.Organisation(t, db)
		var text strings.Builder
		text.WriteString(contributionHead)
		for _, year := range []day.FinancialYear{2017, 2019} {
			for n := range 32 {
				for _, board := range []string{"children's", "adults'"} {
					fmt.Fprintf(&text, "%s,%s,,cash,\"5,000\",,,The %s board of borough %d,2017-04-01,year,Published accounts,\n", year, force.Slug, board, n+1)
				}
			}
			fmt.Fprintf(&text, "%s,%s,,cash,\"80,000\",,,Pan-London work,2017-04-01,year,Published accounts,\n", year, force.Slug)
		}
		fmt.Fprintf(&text, "2020/21,%s,,cash,\"£433,000\",,,All boroughs,2017-04-01,year,Published accounts,\n", force.Slug)
		b.imports(t, text.String())
		for year, want := range map[day.FinancialYear]string{2017: "£400,000", 2019: "£400,000", 2020: "£433,000"} {
			if cash, _ := b.total(t, year); cash.Words() != want {
				t.Errorf("%s: %s, want %s", year, cash.Words(), want)
			}
		}
	})
}
