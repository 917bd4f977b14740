package decision_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/decision"
	"partnershipportal/internal/decision/decisiontest"
	"partnershipportal/internal/pg/pgtest"
)

// shelf is a register whose records are told apart by what they say, the oldest first.
func shelf(t *testing.T) *decision.Public {
	t.Helper()
	db := pgtest.Tx(t)
	s := decision.New(db, decisiontest.Clock)
	var list []decision.ImportCommand
	for i, r := range []struct{ printed, verified, subject, reasons string }{
		{"12/00001", "", "School transport in Ash", "The buses are old."},
		{"13/00002", "", "Libraries", "School transport costs less."},
		{"10/00035", "19/00035", "Arrangements of the partnership", "The law asks for safeguarding. Band A2, year 5."},
		{"15/00004", "", "Transport to school", "Safeguarding on the way."},
		{"16/00005", "", "Budget", "See 19/00035 and transport, but no pupils."},
	} {
		list = append(list, decision.ImportCommand{CreateCommand: decision.CreateCommand{Body: decision.PartnershipSlug, Stage: decision.Made, Draft: decisiontest.Draft(func(d *decision.Draft) {
			d.NumberPrinted, d.NumberVerified, d.Subject, d.Reasons = r.printed, r.verified, r.subject, r.reasons
			d.NoticeOn, d.DueOn, d.MadeOn = day.Approx{}, day.Approx{}, on(fmt.Sprintf("20%02d-03-01", 12+i))
		})}})
	}
	made, err := s.Import(context.Background(), authz.System("test"), list)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range made {
		decisiontest.Publish(t, db, m.ID)
	}
	return decision.NewPublic(pgtest.Public(t, db))
}

func TestASearchFindsTheBestMatchFirst(t *testing.T) {
	t.Parallel()
	public := shelf(t)
	for _, c := range []struct {
		name, text string
		sort       decision.Sort
		want       []string
	}{
		{"words of the subject come before words of the text", "school transport", decision.Usual, []string{"15/00004", "12/00001", "13/00002"}},
		{"the newest can come first", "school transport", decision.Newest, []string{"15/00004", "13/00002", "12/00001"}},
		{"the oldest can come first", "school transport", decision.Oldest, []string{"12/00001", "13/00002", "15/00004"}},
		{"an order that a search does not have is the usual one", "school transport", decision.BySubject, []string{"15/00004", "12/00001", "13/00002"}},
		{"the record of a number comes before those that mention it", "19/00035", decision.Usual, []string{"19/00035", "16/00005"}},
		{"a number is found as printed", "10/00035", decision.Usual, []string{"19/00035"}},
		{"a number is found with other signs in it", " 19-00035 ", decision.Usual, []string{"19/00035"}},
		{"a number is found by its last part", "00035", decision.Newest, []string{"19/00035"}},
		{"a word with a digit in it is found", "a2", decision.Usual, []string{"19/00035"}},
		{"a single digit is found", "year 5", decision.Usual, []string{"19/00035"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, most := range []int{1, 2, 50} {
				got := pages(t, decision.Filter{Text: c.text, Sort: c.sort, Limit: most}, func(f decision.Filter) (decision.Page, error) {
					return public.List(context.Background(), f, day.Of(decisiontest.Now))
				}, func(l decision.Line) string { return l.Number })
				if !slices.Equal(got, c.want) {
					t.Errorf("found %v by pages of %d, want %v", got, most, c.want)
				}
			}
		})
	}
}

func TestASearchHelpsWhereNothingFits(t *testing.T) {
	t.Parallel()
	public := shelf(t)
	for _, c := range []struct {
		name, text string
		lines      int
		want       decision.Search
	}{
		{"letters that are swapped", "safegaurding", 2, decision.Search{Close: []string{"safegaurding"}}},
		{"letters that are swapped at the beginning", "asfeguarding", 2, decision.Search{Close: []string{"asfeguarding"}}},
		{"a letter too many", "buddget", 1, decision.Search{Close: []string{"buddget"}}},
		{"a letter that is missing", "Libaries", 1, decision.Search{Close: []string{"Libaries"}}},
		{"the beginning of a word", "partn", 1, decision.Search{Close: []string{"partn"}}},
		{"the beginning of a number", "19/000", 2, decision.Search{Close: []string{"19/000"}}},
		{"a wrong word beside a right one", "transprot school", 3, decision.Search{Close: []string{"transprot"}}},
		{"a number that is not there", "19/00036", 0, decision.Search{Nowhere: []string{"19/00036"}}},
		{"a word that nobody wrote", "zeppelin school", 0, decision.Search{Nowhere: []string{"zeppelin"}}},
		{"words that no record has together", "libraries budget", 0, decision.Search{Apart: true}},
		{"words that say nothing", "the of", 0, decision.Search{NoWords: true}},
		{"words that are there", "budget", 1, decision.Search{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			page, err := public.List(context.Background(), decision.Filter{Text: c.text}, day.Of(decisiontest.Now))
			if err != nil || len(page.Lines) != c.lines || fmt.Sprint(page.Search) != fmt.Sprint(c.want) {
				t.Errorf("%d lines, %+v (%v); want %d, %+v", len(page.Lines), page.Search, err, c.lines, c.want)
			}
		})
	}
	got := pages(t, decision.Filter{Text: "transprot", Limit: 1}, func(f decision.Filter) (decision.Page, error) {
		return public.List(context.Background(), f, day.Of(decisiontest.Now))
	}, func(l decision.Line) string { return l.Number })
	if len(got) != 4 {
		t.Errorf("page by page a word that is taken for another finds %v", got)
	}
}
