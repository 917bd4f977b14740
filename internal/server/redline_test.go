package server_test

import (
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"partnershipportal/internal/account/accounttest"
	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/arrangement/librarytest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
	"partnershipportal/web/route"
)

// redlineFixtures are two published versions between which much changed, and a third that is put to the partners.
type redlineFixtures struct {
	old, now arrangement.Ref
	round    id.Round
	officer  id.Account // who has a seat in the round
}

func oldSections(e *librarytest.Edition) {
	e.Sections = []arrangement.Text{
		{Heading: "Purpose", Markdown: "These arrangements say how **Kent Police** and others work.\n\n## Agencies\n\nThey are:\n\n- schools\n- general practices\n  1. large ones\n  2. small ones\n- the youth service"},
		{Heading: "Scrutiny", Markdown: "An independent scrutineer looks at the work of the partners each year and writes a report."},
		{Heading: "Funding", Markdown: "Each partner pays its share by 1 May 2019, see [the list](https://example.org/a).\n\n| Body | Share |\n|---|---|\n| Kent County Council | £310,000 |\n| Kent Police | £48,000 |\n\n---\n\nA note[^1].\n\n[^1]: From the minutes."},
		{Heading: "Forms", Markdown: "    form A\n\n> Quoted words stay."},
		{Heading: "Old business", Markdown: "This section is no longer needed by anybody."},
	}
}

func newSections(e *librarytest.Edition) {
	e.Title, e.Label = "Arrangements for Kent", "July 2022"
	e.Sections = []arrangement.Text{
		{Heading: "Purpose and reach", Markdown: "These arrangements say how Kent Police and others work.\n\n## Agencies\n\nThey are:\n\n- schools and colleges\n- general practices\n  1. large ones\n  2. middling ones\n  3. small ones\n- sports clubs"},
		{Heading: "Funding", Markdown: "Each partner pays its share by 1 June 2022, see [the list](https://example.org/b).\n\n| Body | Share |\n|---|---|\n| Kent County Council | £325,500 |\n| Kent Police | £48,000 |\n| NHS Kent and Medway | £60,000 |\n\nA note[^1].\n\n[^1]: From the minutes of the board."},
		{Heading: "Scrutiny", Markdown: "An independent scrutineer looks at the work of the partners each year and writes a report."},
		{Heading: "Forms", Markdown: "    form B\n\n> Quoted words stay."},
		{Heading: "Voice of children", Markdown: "Children are asked each year how well they were heard.\n\n| A | B | C |\n|---|---|---|\n| 1 |  | 3 |"},
	}
}

func makeRedline(t testing.TB, db pg.DB) redlineFixtures {
	t.Helper()
	shelf := librarytest.New(t, db)
	f := redlineFixtures{old: shelf.Publish(t, effective("2019-09-17", oldSections)), now: shelf.Publish(t, effective("2022-07-01", newSections))}
	shelf.Draft(t, effective("2031-04-01", oldSections))
	shelf.OpenRound(t)
	f.round, f.officer = shelf.Round, shelf.Officers[0].Actor.Account
	return f
}

func redlineExpectations() []expectation {
	between := func(f fixtures) string {
		return route.ArrangementCompareTo(f.redline.old.Slug, f.redline.old.Number, f.redline.now.Number)
	}
	draft := func(f fixtures) string { return route.DeskCompareTo(f.desk.draft.Ref.Slug, f.desk.draft.Ref.Number, 0) }
	compare := desk("GET "+route.DeskCompare, http.StatusOK).with("scrutineer", scrutineer, http.StatusOK).with("private office", office, http.StatusForbidden).at(draft)
	worked := compare.at(func(f fixtures) string { return route.DeskCompareTo(f.redline.now.Slug, f.redline.now.Number, 0) })
	only := open("GET "+route.ArrangementCompare, http.StatusOK).at(func(f fixtures) string { return route.OnlyChangedOf(between(f), false) })
	choice := open("GET "+route.ArrangementCompareAny, http.StatusOK).at(func(f fixtures) string { return route.ArrangementCompareAnyTo(f.redline.old.Slug) })
	one := choice.at(func(f fixtures) string { return route.ArrangementCompareAnyTo(f.published.Slug) })
	round := func(pattern string, path func(id.Round) string) expectation {
		return closed("GET "+pattern).at(func(f fixtures) string { return path(f.redline.round) }).with("officer with a seat", redlineOfficer, 200).
			with("business support", support, 200).with("scrutineer", scrutineer, 200).with("officer elsewhere", otherLead, 404).
			with("administrator", admin, 404).with("agency staff", staff, 404)
	}
	changes := round(route.SignOffRound, route.SignOffRoundTo[id.Round])
	worked.further, only.further, one.further, changes.further = true, true, true, true
	return []expectation{open("GET "+route.ArrangementCompare, http.StatusOK).at(between), only, choice, one, compare, worked,
		round(route.SignOffText, route.SignOffTextTo[id.Round]), changes}
}

func redlineOfficer(f fixtures) id.Account { return f.redline.officer }

func TestComparingPublishedVersions(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	shelf := librarytest.New(t, tx)
	first := shelf.Publish(t, effective("2019-09-17", oldSections))
	b := siteOver(t, tx, pgtest.Public(t, tx), on("2026-11-22")).visitor()
	path := func(from, to int) string { return route.ArrangementCompareTo(first.Slug, from, to) }

	t.Run("with one version there is nothing to compare", func(t *testing.T) {
		b.get(route.ArrangementCompareAnyTo(first.Slug)).want(200).shows("Only one version of this document has been published")
		b.get(path(1, 1)).want(200).shows("You have chosen the same version twice")
		b.get(path(1, 2)).want(404)
		b.get(route.ArrangementVersionTo(first.Slug, 1)).hides("What changed since", "Compare two versions")
	})

	second := shelf.Publish(t, effective("2022-07-01", newSections))
	third := shelf.Publish(t, effective("2023-07-01", newSections))
	shelf.Withdraw(t, third, "It named the wrong body.")
	b = siteOver(t, tx, pgtest.Public(t, tx), on("2026-11-22")).visitor()

	t.Run("each change is shown in its place, marked in words", func(t *testing.T) {
		a := b.get(path(1, second.Number)).want(200).shows("What changed", "changes in", "2 changes besides the sections",
			"removed: Arrangements", "added: Arrangements for Kent", "removed: 17 September 2019", "added: 1 July 2022",
			"schools added: and colleges", "removed: £310,000", "added: £325,500", "removed: 1 May 2019", "added: 1 June 2022",
			"Purpose added: and reach", "It moved and is now section", "This section moved.", "This section is new.", "This section was taken out.", "Change 1 of", "Change 2 of",
			"(no longer bold)", "(the link led to https://example.org/a and now leads to https://example.org/b)")
		wantLinked(t, a.body)
	})
	t.Run("both orders show the way from the earlier to the later", func(t *testing.T) {
		a, z := b.get(path(1, 2)).want(200), b.get(path(2, 1)).want(200).shows("added: 1 July 2022")
		if !strings.Contains(z.body, `rel="canonical"`) || !strings.Contains(a.body, path(1, 2)) {
			t.Error("the address of the comparison is not named")
		}
	})
	t.Run("sections without a change can be left out", func(t *testing.T) {
		b.get(route.OnlyChangedOf(path(1, 2), false)).want(200).shows("Show the sections without changes too", "schools added: and colleges")
		b.get(path(1, 2)).shows("Show changed sections only")
	})
	t.Run("versions that read the same", func(t *testing.T) {
		b.get(path(2, third.Number)).want(200).shows("1 change besides the sections.", "July 2022 (version 3) was withdrawn on", "It named the wrong body.")
	})
	t.Run("a text that the law closes can't be compared, nor chosen", func(t *testing.T) {
		closed := shelf.Publish(t, effective("2024-07-01", newSections))
		if _, err := tx.Exec(t.Context(), `UPDATE version SET withdrawn_by = $1, withdrawn_reason = 'A person could be known.', withdrawn_law = 'Data protection'
			WHERE number = $2 AND document_id = $3`, shelf.Support.Account, closed.Number, shelf.Document); err != nil {
			t.Fatal(err)
		}
		b := siteOver(t, tx, pgtest.Public(t, tx), on("2026-11-22")).visitor()
		b.get(path(1, closed.Number)).want(200).shows("a legal reason closes its text").hides("added: and colleges")
		b.get(route.ArrangementCompareAnyTo(first.Slug) + "?from=1&to=4").want(422)
		b.get(route.ArrangementVersionTo(first.Slug, closed.Number)).hides("What changed since")
	})
	t.Run("versions are chosen, and the choice checked", func(t *testing.T) {
		choice := route.ArrangementCompareAnyTo(first.Slug)
		b.get(choice).want(200).shows("in effect from 17 September 2019", "July 2022")
		b.get(choice + "?from=1&to=2").leadsTo(path(1, 2))
		b.get(choice+"?from=1&to=77").want(422).shows("There is a problem", "Choose the version to compare with")
		b.get(choice + "?from=&to=").want(422).shows("Choose the version to compare from")
		b.get(path(1, 1)).want(200).shows("the same version twice", "Show what changed")
	})
	t.Run("what is no version is not found", func(t *testing.T) {
		for _, odd := range []string{"0", "-1", "01", "x", "9999999999999999999", "77"} {
			b.get(strings.TrimSuffix(path(1, 2), "2") + odd).want(404)
		}
		b.get(route.ArrangementCompareTo("unknown", 1, 2)).want(404)
		b.get(route.ArrangementCompareAnyTo("unknown")).want(404)
	})
	t.Run("version and list lead to it", func(t *testing.T) {
		b.get(route.ArrangementVersionTo(second.Slug, 2)).shows("What changed since version 1", "Compare two versions")
		b.get(route.Arrangements).shows("What changed since version 1")
	})
}

// wantLinked checks that each link within the page leads to a place on it, and each place is there once.
func wantLinked(t *testing.T, body string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	ids, links := map[string]int{}, map[string]bool{}
	for n := range doc.Descendants() {
		for _, a := range n.Attr {
			if a.Key == "id" {
				ids[a.Val]++
			}
			if target, ok := strings.CutPrefix(a.Val, "#"); ok && a.Key == "href" {
				links[target] = true
			}
		}
	}
	for target := range links {
		if ids[target] != 1 {
			t.Errorf("#%s leads to %d places", target, ids[target])
		}
	}
	for id, times := range ids {
		if times > 1 {
			t.Errorf("%d places are called %s", times, id)
		}
	}
}

func TestComparingADraft(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	f, draft := makeRedline(t, tx), arrangementtest.Draft(t, tx)
	b := siteOver(t, tx, pgtest.Public(t, tx)).as(accounttest.Account(t, tx, accounttest.In(authz.BusinessSupport)).ID)
	b.get(route.DeskCompareTo(draft.Ref.Slug, draft.Ref.Number, 0)).want(200).shows("nothing to compare this text with")
	b.get(route.DeskVersionTo(draft.Ref.Slug, draft.Ref.Number)).want(200).shows("What changed")
	b.get(route.DeskCompareTo(f.now.Slug, f.now.Number, 0)).want(200).shows("added: 1 July 2022", "Version 1")
	b.get(route.DeskCompareTo(f.now.Slug, 3, 0)).want(200).shows("July 2022 (version 2)", "Awaiting sign-off", "added: 1 April 2031", "removed: and colleges", "Compare with another published version")
	b.get(route.DeskCompareTo(f.now.Slug, 3, 1)).want(200).shows("1 change besides the sections.")
	for _, with := range []int{f.now.Number, 55} {
		b.get(route.DeskCompareTo(f.now.Slug, f.now.Number, with)).want(404)
	}
}
