package decision_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/decision"
	"partnershipportal/internal/decision/decisiontest"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg/pgtest"
)

// register is a body with records of several years, and one of another body.
func register(t *testing.T) (s *decision.Service, public *decision.Public, body membershiptest.Body) {
	t.Helper()
	db := pgtest.Tx(t)
	body = membershiptest.Partner(t, db).Body
	s = decision.New(db, decisiontest.Clock)
	var list []decision.ImportCommand
	for i := range 30 {
		year := 2012 + i/5
		list = append(list, decision.ImportCommand{CreateCommand: decision.CreateCommand{Body: body.Slug, Stage: decision.Made, Draft: decisiontest.Draft(func(d *decision.Draft) {
			d.NumberPrinted = fmt.Sprintf("%02d/%05d", year-2000, i)
			d.Subject = fmt.Sprintf("Schools of district %02d", 29-i)
			d.NoticeOn, d.DueOn, d.MadeOn = day.Approx{}, day.Approx{}, on(fmt.Sprintf("%d-03-%02d", year, 1+i%3)) // some share a day
			if i%2 == 0 {
				d.MakerTitle, d.Key = "CABINET Member for Children", decision.Key{Key: decision.KeyNo}
			}
			if i < 3 {
				d.Reasons = "Only the old records speak of O'Neill's \\ ferry."
			}
			if i == 7 {
				d.Openness = decision.Openness{Restriction: decision.FullyExempt, Category: 3, PublicInterest: "Prices"}
			}
		})}})
	}
	other := list[4]
	other.Body = decision.PartnershipSlug
	made, err := s.Import(context.Background(), authz.System("test"), append(list, other))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range made {
		decisiontest.Publish(t, db, m.ID)
	}
	return s, decision.NewPublic(pgtest.Public(t, db)), body
}

// pages reads all pages of a list, and gives what is shown of each line.
func pages(t *testing.T, f decision.Filter, list func(decision.Filter) (decision.Page, error), show func(decision.Line) string) []string {
	t.Helper()
	var all []string
	for n := 0; ; n++ {
		page, err := list(f)
		if err != nil || n > 50 {
			t.Fatalf("page %d of %+v: %v", n, f, err)
		}
		for _, l := range page.Lines {
			all = append(all, show(l))
		}
		if page.Next == "" {
			return all
		}
		if len(page.Lines) != f.Limit {
			t.Fatalf("page %d has %d lines", n, len(page.Lines))
		}
		f.After = page.Next
	}
}

func TestTheRegisterIsReadPageByPage(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s, public, body := register(t)
	today := day.Of(decisiontest.Now)
	desk := func(f decision.Filter) (decision.Page, error) { return s.List(ctx, authz.System("test"), f) }
	open := func(f decision.Filter) (decision.Page, error) { return public.List(ctx, f, today) }
	number := func(l decision.Line) string { return l.Number }
	for _, c := range []struct {
		name  string
		f     decision.Filter
		count int
	}{
		{"everything", decision.Filter{}, 31},
		{"the oldest first", decision.Filter{Sort: decision.Oldest}, 31},
		{"by number", decision.Filter{Sort: decision.ByNumber}, 31},
		{"by number from the end", decision.Filter{Sort: decision.ByNumberUp}, 31},
		{"by subject", decision.Filter{Sort: decision.BySubject}, 31},
		{"a body", decision.Filter{Body: body.Slug}, 30},
		{"the partnership itself", decision.Filter{Body: decision.PartnershipSlug}, 1},
		{"a year", decision.Filter{Year: 2013}, 5},
		{"a year without records", decision.Filter{Year: 1999}, 0},
		{"no year at all", decision.Filter{Year: 99999}, 0},
		{"a stage", decision.Filter{Stage: decision.Made, Body: body.Slug}, 30},
		{"a stage without records", decision.Filter{Stage: decision.Notice}, 0},
		{"key decisions", decision.Filter{Key: decision.KeyYes}, 15},
		{"a decision maker in other capitals", decision.Filter{Maker: " cabinet member FOR children "}, 31},
		{"a restriction", decision.Filter{Restriction: decision.FullyExempt}, 1},
		{"words of every record", decision.Filter{Text: "school"}, 31},
		{"words in any order", decision.Filter{Text: "districts SCHOOLS"}, 31},
		{"words of old records alone", decision.Filter{Text: "ferry"}, 3},
		{"words with signs in them", decision.Filter{Text: `O'Neill's \ ferry`}, 3},
		{"a number", decision.Filter{Text: "13/00007"}, 1},
		{"words and filters", decision.Filter{Text: "school", Year: 2013, Key: decision.KeyYes, Body: body.Slug, Stage: decision.Made, Maker: "Cabinet Member for Children"}, 3},
		{"words from the oldest on", decision.Filter{Text: "school", Sort: decision.Oldest}, 31},
		{"words that nobody wrote", decision.Filter{Text: "zeppelin"}, 0},
		{"words that say nothing", decision.Filter{Text: "the of"}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.f.Limit = 4
			whole := c.f
			whole.Limit = 500
			at, inOne := pages(t, c.f, desk, number), pages(t, whole, desk, number)
			if len(at) != c.count || !slices.Equal(at, inOne) {
				t.Errorf("%d lines: %v; in one page %v; want %d", len(at), at, inOne, c.count)
			}
			if published := pages(t, c.f, open, number); !slices.Equal(published, at) {
				t.Errorf("the public reads %v, the desk %v", published, at)
			}
		})
	}
	if got := pages(t, decision.Filter{Limit: 40, Sort: decision.BySubject}, open, func(l decision.Line) string { return l.Subject }); !slices.IsSorted(got) {
		t.Errorf("not sorted by subject: %v", got)
	}
	if got := pages(t, decision.Filter{Limit: 4}, open, func(l decision.Line) string { return l.ListedOn.String() }); !slices.IsSortedFunc(got, func(a, b string) int { return strings.Compare(b, a) }) {
		t.Errorf("not the newest first: %v", got)
	}
	for _, f := range []decision.Filter{{After: "x"}, {After: "eyJ2IjoiMjAxOSIsImkiOjF9"}, {After: "eyJ2IjoiMjAxOSIsImkiOjF9", Text: "school"}} {
		_, err := open(f)
		wants(t, err, fault.Invalid, "after")
	}
	_, err := open(decision.Filter{Body: "nobody"})
	wants(t, err, fault.NotFound, "")
}

func TestFacetsOfTheRegister(t *testing.T) {
	t.Parallel()
	s, public, body := register(t)
	for name, read := range map[string]func() (decision.Facets, error){
		"the public": func() (decision.Facets, error) {
			return public.Facets(context.Background(), day.Of(decisiontest.Now))
		},
		"the desk": func() (decision.Facets, error) { return s.Facets(context.Background(), authz.System("test")) },
		"an office": func() (decision.Facets, error) {
			return s.Facets(context.Background(), authz.Actor{Account: 1, Held: []authz.Held{{Role: authz.Office, Organisation: body.ID}}})
		},
	} {
		f, err := read()
		if err != nil {
			t.Fatal(err)
		}
		if len(f.Makers) != 1 || !slices.Equal(f.Years, []int{2017, 2016, 2015, 2014, 2013, 2012}) ||
			!slices.ContainsFunc(f.Bodies, func(b decision.Body) bool { return b.Slug == body.Slug }) || (name == "an office") != (len(f.Bodies) == 1) {
			t.Errorf("%s can filter by %+v", name, f)
		}
	}
}
