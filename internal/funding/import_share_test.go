package funding_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"strings"
	"testing"

	"partnershipportal/internal/day"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/funding/fundingtest"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/money"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
)

const shareHeader = "financial year,slug,form,amount,total,split,purpose,agreed,precision,source,note,conditions,decision\n"

// sums are the totals of the payers of a year and what of it is given to us, as recorded.
func sums(t *testing.T, db pg.DB, b importBench, year day.FinancialYear) (total, ours money.Pence) {
	t.Helper()
	list, err := b.s.Contributions(context.Background(), b.support, funding.Filter{Year: year})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range list {
		total += c.Total
		ours += c.Pence
	}
	return total, ours
}

func TestTheGreaterManchesterYearComesToItsPublishedTotal(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	b := newImportBench(t, db)
	police := membershiptest.Organisation(t, db)
	file, err := os.Open("testdata/police_contributions_gm_2022_23.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	areas, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	text, halves := shareHeader, map[string]string{}
	for _, a := range areas[1:] {
		text += fmt.Sprintf("2022/23,%s,cash,,%s,Children's = 1 (ours); Adults' = 1,%s,2022-04-01,year,Published figures,,,\n", police.Slug, a[1], a[0])
		halves[a[0]] = a[2] + ".00"
	}
	b.imports(t, text)
	if total, ours := sums(t, db, b, 2022); total != 30772400 || ours != 15386200 {
		t.Errorf("the police give %s, %s of it to children's; want £307,724 and half of it", total, ours)
	}
	list, err := b.s.Contributions(context.Background(), b.support, funding.Filter{Year: 2022})
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != len(halves) {
		t.Errorf("%d areas, want %d", len(list), len(halves))
	}
	for _, c := range list {
		if got := c.Pence.Decimal(); got != halves[c.Purpose] {
			t.Errorf("%s: the half is %s, want %s", c.Purpose, got, halves[c.Purpose])
		}
	}

	t.Run("what is exported and imported again changes nothing", func(t *testing.T) {
		table, err := b.s.ImportTable(context.Background(), b.support)
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		w := csv.NewWriter(&out)
		_ = w.WriteAll(append([][]string{table.Header}, table.Rows...))
		p := b.preview(t, out.String())
		if len(p.Problems) > 0 || !strings.Contains(out.String(), "Children's = 1 (ours); Adults' = 1") {
			t.Errorf("problems %v in\n%s", p.Problems, out.String())
		}
		for _, l := range p.Lines {
			if l.Effect != "unchanged" {
				t.Errorf("row %d: %s", l.Row, l.Effect)
			}
		}
	})
}

// For 2017/18 and 2019/20 it is known what each borough had and for which boards; for 2020/21 only the sum, which is
// entered whole, with a note that its parts are not known.
func TestTheThreeLondonYearsComeToTheirPublishedTotals(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	b := newImportBench(t, db)
	police := membershiptest.Organisation(t, db)
	text := shareHeader
	for _, year := range []day.FinancialYear{2017, 2019} {
		for borough := 1; borough <= 32; borough++ {
			text += fmt.Sprintf("%s,%s,cash,,\"£10,000\",Children's = 5000 (ours); Adults' = 5000,Borough %d,%d-04-01,year,Published figures,,,\n", year, police.Slug, borough, int(year))
		}
		text += fmt.Sprintf("%s,%s,cash,\"80,000\",,,Pan-London,%d-04-01,year,Published figures,,,\n", year, police.Slug, int(year))
	}
	text += fmt.Sprintf("2020/21,%s,cash,\"433,000\",,,All of London,2020-04-01,year,Published figures,How it was divided is not known,,\n", police.Slug)
	b.imports(t, text)
	for year, want := range map[day.FinancialYear][2]money.Pence{2017: {40000000, 24000000}, 2019: {40000000, 24000000}, 2020: {43300000, 43300000}} {
		if total, ours := sums(t, db, b, year); total != want[0] || ours != want[1] {
			t.Errorf("%s: the total is %s and our part %s, want %s and %s", year, total, ours, want[0], want[1])
		}
	}
}

func TestSharesThatDoNotAddUpAreRefusedRowByRow(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	b := newImportBench(t, db)
	body := membershiptest.Organisation(t, db).Slug
	fundingtest.Year(t, db, 2024)
	row := func(year, amount, total, split string) string {
		return fmt.Sprintf("%s,%s,cash,%s,%s,%s,General,2022-04-01,year,Minutes,,,\n", year, body, amount, total, split)
	}
	p := b.preview(t, shareHeader+
		row("2022/23", "10", "", "")+
		row("2022/23", "10", "30", "A = 1 (ours); B = 1")+
		row("2022/23", "", "", "A = 1 (ours); B = 1")+
		row("2022/23", "", "30", "half each")+
		row("2022/23", "", "30", "A = 1; B = 1")+
		row("2022/23", "", "30", "A = 0 (ours); B = 1")+
		row("2022/23", "20", "30", "")+
		row("2024/25", "20", "", ""))
	var got []string
	for _, problem := range p.Problems {
		got = append(got, fmt.Sprintf("%d %s", problem.Row, problem.Column))
	}
	want := "3 amount, 4 total, 5 split, 6 split, 7 split, 8 split, 9 financial year"
	if strings.Join(got, ", ") != want {
		t.Errorf("problems at %s, want %s: %v", strings.Join(got, ", "), want, p.Problems)
	}
}
