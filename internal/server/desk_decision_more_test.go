package server_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/decision"
	"partnershipportal/internal/decision/decisiontest"
	"partnershipportal/internal/file/filetest"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
	"partnershipportal/internal/server"
	"partnershipportal/web/route"
)

// recordDesk is a desk with records of one body.
type recordDesk struct {
	*site
	f deskDecisionFixtures
	b *browser
}

func newRecordDesk(t testing.TB, alter ...func(*server.Deps)) recordDesk {
	t.Helper()
	s := newSite(t, alter...)
	return recordDesk{s, makeDeskDecisions(t, s.db, membershiptest.Partner(t, s.db).Body), s.asRole(authz.BusinessSupport)}
}

func (d recordDesk) at(f decision.Full, act string) string {
	if act == "" {
		return route.DeskDecisionTo(f.Body.Slug, f.Ref)
	}
	return route.DeskDecisionActTo(f.Body.Slug, f.Ref, act)
}

func TestAPutOffDecisionSaysSo(t *testing.T) {
	t.Parallel()
	d := newRecordDesk(t)
	path := d.at(d.f.proposed, "defer")
	d.b.act(path, url.Values{"deferral-reason": {""}}).want(422).shows("Say why")
	d.b.act(path, onTheDay(onTheDay(url.Values{"deferral-reason": {"More time is needed."}}, "deferred-on", "19", "5", "2019"), "new-due", "1", "7", "2019")).want(303)
	d.b.get(d.at(d.f.proposed, "")).want(200).shows("Put off 19 May 2019", "More time is needed.", "1 July 2019")
	d.b.get(d.at(d.f.made, "defer")).want(409).shows("Only a decision that is not made yet can be put off")
}

func TestAStageGoesWithoutAPartForAReason(t *testing.T) {
	t.Parallel()
	d := newRecordDesk(t)
	path := d.at(d.f.proposed, "override")
	d.b.act(path, url.Values{"stage": {"made"}, "part": {"reasons"}}).want(422).shows("Say why the record goes without it")
	d.b.act(path, url.Values{"stage": {"implemented"}, "part": {"reasons"}, "override-reason": {"No"}}).want(422).shows("Choose a stage")
	text := url.Values{"preamble": {"I propose to:"}, "limb-1": {"Agree."}, "reasons": {"They are asked for."}, "alternatives": {""}, "interests": {"None declared"}}
	d.b.act(d.at(d.f.proposed, "text"), text).want(303)
	d.b.get(d.at(d.f.proposed, "to-made")).shows("not ready", "alternatives")
	d.b.act(path, url.Values{"stage": {"made"}, "part": {"alternatives"}, "override-reason": {"The law leaves no choice."}}).want(303)
	d.b.get(d.at(d.f.proposed, "to-made")).want(200).hides("not ready")
	d.b.act(d.at(d.f.proposed, "to-made"), onTheDay(onTheDay(url.Values{}, "made-on", "20", "5", "2019"), "published-on", "20", "5", "2019")).want(303)
	d.b.get(d.at(d.f.proposed, "")).shows("Goes without", "The law leaves no choice.")
}

var takeOffLink = regexp.MustCompile(`href="([^"]*/detach\?which=\d+)"`)

func TestAFileIsAttachedReadAndTakenOff(t *testing.T) {
	t.Parallel()
	d := newRecordDesk(t)
	path, here := d.at(d.f.made, "attach"), d.at(d.f.made, "")
	attach := func(fields url.Values, files map[string]sentFile) answer {
		fields.Set("revision", revisionField.FindStringSubmatch(d.b.get(path).want(200).body)[1])
		return d.b.sendParcel(path, parcel{fields: fields, files: files})
	}
	attach(url.Values{"kind": {"report"}}, nil).want(422).shows("Choose a file")
	attach(url.Values{"kind": {""}}, map[string]sentFile{"file": {"a.pdf", filetest.PDF()}}).want(422).shows("Choose what the file is")
	attach(url.Values{"kind": {"report"}, "title": {"Report to the committee"}}, map[string]sentFile{"file": {"a.pdf", filetest.PDF()}}).leadsTo(here)
	public := route.DecisionTo(d.f.body.Slug, d.f.made.Ref)
	shown := d.b.get(here).want(200).shows("Report to the committee")
	d.visitor().get(public).hides("Report to the committee")
	d.b.act(d.at(d.f.made, "publish"), url.Values{"reason": {"A paper was left out."}}).want(303)
	d.visitor().get(public).shows("Report to the committee")
	off := strings.ReplaceAll(takeOffLink.FindStringSubmatch(shown.body)[1], "&amp;", "&")
	which := off[strings.LastIndex(off, "=")+1:]
	d.b.act(off, url.Values{"which": {which}}).want(422).shows("Say why it is taken off")
	d.b.act(off, url.Values{"which": {which}, "reason": {"The wrong paper"}}).want(303)
	d.b.get(here).hides("Report to the committee")
	d.visitor().get(public).hides("Report to the committee")
}

func TestACorrectionCanWithholdTheEarlierWording(t *testing.T) {
	t.Parallel()
	d := newRecordDesk(t)
	change := func(reasons string) {
		text := url.Values{"preamble": {"I propose to:"}, "limb-1": {"Agree."}, "reasons": {reasons}, "alternatives": {"None"}, "interests": {"None declared"}}
		d.b.act(d.at(d.f.made, "text"), text).want(303)
	}
	change("A child called Wibblefrost is concerned.")
	public := route.DecisionTo(d.f.body.Slug, d.f.made.Ref)
	d.b.act(d.at(d.f.made, "publish"), url.Values{}).want(422).shows("Say why what was published is corrected")
	d.b.act(d.at(d.f.made, "publish"), url.Values{"reason": {"More exactly"}}).want(303)
	d.visitor().get(public).shows("Wibblefrost", "More exactly", "The law asks for them.")
	change("A child is concerned.")
	d.b.act(d.at(d.f.made, "publish"), url.Values{"reason": {"A name was published by mistake"}, "withhold": {"yes"}}).want(303)
	d.visitor().get(public).shows("A name was published by mistake", "Withheld").hides("Wibblefrost")
	d.visitor().get(route.DecisionJSONTo(d.f.body.Slug, d.f.made.Ref)).hides("Wibblefrost")
}

func TestTheRulesOfTheRegisterAreKeptAtTheDesk(t *testing.T) {
	t.Parallel()
	d := newRecordDesk(t)
	rule := func(act string, fields url.Values) answer { return d.b.post(route.DeskDecisionRuleActTo(act), fields) }
	common := url.Values{"source": {"The constitution"}, "confidence": {"confirmed"}, "body": {d.f.body.Slug}}
	with := func(more url.Values) url.Values { return merge(common, more) }
	rule("requirement", with(url.Values{"stage": {"made"}, "part": {"financial"}})).want(422).shows("Choose whether the stage asks for it")
	rule("requirement", with(url.Values{"stage": {"made"}, "part": {"financial"}, "asked": {"yes"}})).leadsTo(route.DeskDecisionRules)
	rule("requirement", with(url.Values{"stage": {"made"}, "part": {"financial"}, "asked": {"yes"}})).want(409).shows("There is a rule about this for that time already")
	d.b.get(route.DeskDecisionRules).want(200).shows("Made: financial implications", "The constitution")
	d.b.get(d.at(d.f.proposed, "to-made")).shows("financial implications")
	rule("period", with(url.Values{"period": {"notice-clear-days"}, "length": {"lots"}})).want(422)
	rule("mask", with(url.Values{"mask": {"??"}})).want(422)
	rule("mask", with(url.Values{"mask": {"NN-YY"}})).leadsTo(route.DeskDecisionRules)
	rule("holiday", onTheDay(url.Values{"name": {"Wibble Day"}, "source": {"A proclamation"}}, "on", "4", "5", "2035")).leadsTo(route.DeskDecisionRules)
	rule("holiday", onTheDay(url.Values{"name": {"Wibble Day"}, "source": {"A proclamation"}}, "on", "4", "5", "2035")).want(422).shows("recorded as a bank holiday already")
	shown := d.b.get(route.DeskDecisionRules).shows("Wibble Day", "NN-YY")
	link := regexp.MustCompile(`href="(` + regexp.QuoteMeta(route.DeskDecisionRuleActTo("take-out")) + `\?kind=[^"]*)"[^>]*>Take out 4 May 2035`).FindStringSubmatch(shown.body)
	if link == nil {
		t.Fatal("the holiday can't be taken out")
	}
	asked, err := url.Parse(strings.ReplaceAll(link[1], "&amp;", "&"))
	if err != nil {
		t.Fatal(err)
	}
	take := url.Values{"kind": {asked.Query().Get("kind")}, "which": {asked.Query().Get("which")}}
	rule("take-out", take).want(422).shows("Say why it is taken out")
	take.Set("reason", "No such day")
	rule("take-out", take).leadsTo(route.DeskDecisionRules)
	d.b.get(route.DeskDecisionRules).hides("Wibble Day")
}

func TestAStaleFormShowsWhatIsStoredBesideWhatWasTyped(t *testing.T) {
	t.Parallel()
	d := newRecordDesk(t)
	stale := url.Values{"revision": {decimal(d.f.proposed.Revision)}, "limb-1": {"Agree them all."}, "reasons": {"My own reasons."}, "alternatives": {"None"}}
	text := url.Values{"preamble": {"I propose to:"}, "limb-1": {"Agree the other ones."}, "reasons": {"The reasons of somebody else."}, "alternatives": {"None"}}
	d.b.act(d.at(d.f.proposed, "text"), text).want(303)
	d.b.post(d.at(d.f.proposed, "text"), stale).want(409).shows("Stored now", "What you typed", "The reasons of somebody else.", "My own reasons.", "Agree the other ones.", "Agree them all.", "Limb a)")
	dates := onTheDay(url.Values{"revision": {decimal(d.f.proposed.Revision)}}, "notice-on", "2", "4", "2019")
	d.b.post(d.at(d.f.proposed, "dates"), dates).want(409).shows("Day of the notice", "1 4 2019", "2 4 2019")
}

func TestThePostsOfTheMembershipCanBeChosen(t *testing.T) {
	t.Parallel()
	d := newRecordDesk(t)
	members := membership.New(d.db, membership.NoLetters{}, time.Now)
	post, err := members.AddPost(t.Context(), authz.System("test"), membership.PostCommand{Organisation: d.f.body.Slug, Title: "Cabinet Member for Education"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := members.AddPost(t.Context(), authz.System("test"), membership.PostCommand{Organisation: membershiptest.Organisation(t, d.db).Slug, Title: "Post elsewhere"}); err != nil {
		t.Fatal(err)
	}
	d.b.get(d.at(d.f.proposed, "identity")).want(200).holds(`list="maker-list"`, `<option value="Cabinet Member for Education">`).hides("Post elsewhere")
	save := func(maker string) decision.Full {
		d.b.act(d.at(d.f.proposed, "identity"), url.Values{"number-printed": {d.f.proposed.NumberPrinted}, "subject": {"New arrangements"}, "maker": {maker}}).want(303)
		return decisiontest.Read(t, d.db, d.f.proposed.ID)
	}
	if f := save("cabinet member for education"); f.MakerPost != post {
		t.Errorf("the maker is linked to post %d, want %d", f.MakerPost, post)
	}
	if f := save("Leader of the Council"); f.MakerPost != 0 || f.MakerTitle != "Leader of the Council" {
		t.Errorf("a post that is not kept: %q, %d", f.MakerTitle, f.MakerPost)
	}
	made := d.b.post(route.DeskDecisionNew, url.Values{"body": {d.f.body.Slug}, "stage": {"notice"}, "subject": {"Another"}, "number-printed": {"19/00999"}, "maker": {"Cabinet Member for Education"}})
	made.leadsTo(route.DeskDecisionTo(d.f.body.Slug, "19-00999"))
}

func TestTheListAndTheRecordAgreeOnWhatIsNotPublished(t *testing.T) {
	t.Parallel()
	d := newRecordDesk(t)
	text := func(reasons string) url.Values {
		return url.Values{"preamble": {"I propose to:"}, "limb-1": {"Agree the new arrangements."}, "reasons": {reasons}, "alternatives": {"None"}, "interests": {"None declared"}}
	}
	list := route.DeskDecisions + "?stage=made"
	d.b.act(d.at(d.f.made, "text"), text("Other reasons.")).want(303)
	d.b.get(list).shows("Changes not published")
	d.b.get(d.at(d.f.made, "")).shows("Changes not published")
	d.b.act(d.at(d.f.made, "text"), text("The law asks for them.")).want(303)
	d.b.get(list).hides("Changes not published")
	d.b.get(d.at(d.f.made, "")).hides("Changes not published")
}

// noTransaction is a database in which nothing can be begun.
type noTransaction struct{ pg.DB }

func (noTransaction) Begin(context.Context) (pgx.Tx, error) { return nil, errors.New("secret detail") }

func TestAPageThatCanNotBeDrawnIsNoPage(t *testing.T) {
	t.Parallel()
	t.Run("exempt passages that can't be read", func(t *testing.T) {
		t.Parallel()
		db := pgtest.Tx(t)
		s := siteOver(t, db, pgtest.Public(t, db), func(deps *server.Deps) { deps.Decisions = decision.New(noTransaction{db}, time.Now) })
		which := decisiontest.Proposed(t, db, membershiptest.Partner(t, db).Body.Slug, func(d *decision.Draft) {
			d.NumberPrinted, d.Restriction, d.Category, d.PublicInterest = "19/00103", decision.PartExempt, 3, "Prices"
		})
		f := decisiontest.Read(t, db, which)
		a := s.asRole(authz.BusinessSupport).get(route.DeskDecisionActTo(f.Body.Slug, f.Ref, "exempt")).want(http.StatusInternalServerError)
		a.shows(a.header.Get("X-Request-Id")).hides("secret detail")
	})
	t.Run("what a decision can authorise can't be read", func(t *testing.T) {
		t.Parallel()
		closed, err := pgtest.Tx(t).Begin(t.Context())
		if err == nil {
			err = closed.Rollback(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
		d := newRecordDesk(t, func(deps *server.Deps) { deps.Library = arrangement.NewLibrary(closed) })
		a := d.b.get(d.at(d.f.made, "authorise"))
		if a.status < http.StatusInternalServerError {
			t.Errorf("status %d, want a fault of the portal", a.status)
		}
		a.shows(a.header.Get("X-Request-Id")).hides("tx is closed")
	})
}
