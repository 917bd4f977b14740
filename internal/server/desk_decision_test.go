package server_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/decision"
	"partnershipportal/internal/decision/decisiontest"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
	"partnershipportal/web/route"
)

// deskDecisionFixtures are records of a body at the stages that the desk's pages are about.
type deskDecisionFixtures struct {
	body     membershiptest.Body
	proposed decision.Full
	made     decision.Full
}

func makeDeskDecisions(t testing.TB, db pg.DB, body membershiptest.Body) deskDecisionFixtures {
	t.Helper()
	number := func(n string) func(*decision.Draft) {
		return func(d *decision.Draft) { d.NumberPrinted = n }
	}
	f := deskDecisionFixtures{body: body}
	f.proposed = decisiontest.Read(t, db, decisiontest.Proposed(t, db, body.Slug, number("19/00101")))
	made := decisiontest.Proposed(t, db, body.Slug, number("19/00102"))
	decisiontest.Move(t, db, made, decision.Made, decisiontest.Made)
	decisiontest.Publish(t, db, made)
	f.made = decisiontest.Read(t, db, made)
	return f
}

func deskDecisionExpectations() []expectation {
	of := func(pick func(deskDecisionFixtures) decision.Full, act string) func(fixtures) string {
		return func(f fixtures) string {
			d := pick(f.decisions)
			if act == "" {
				return route.DeskDecisionTo(d.Body.Slug, d.Ref)
			}
			return route.DeskDecisionActTo(d.Body.Slug, d.Ref, act)
		}
	}
	proposed := func(f deskDecisionFixtures) decision.Full { return f.proposed }
	made := func(f deskDecisionFixtures) decision.Full { return f.made }
	// register is a page of everybody who reads records that are not published.
	register := func(route string, status int) expectation {
		return closed(route).with("business support", support, status).with("lead officer", lead, status).with("private office", office, status).
			with("scrutineer", scrutineer, status).with("agency staff", staff, http.StatusForbidden).with("administrator", admin, http.StatusForbidden)
	}
	// worked is a page of those who write the body's records.
	worked := func(route string, status int) expectation {
		return closed(route).with("business support", support, status).with("lead officer", lead, status).with("private office", office, status).
			with("officer of another body", otherLead, http.StatusNotFound).with("scrutineer", scrutineer, http.StatusForbidden).
			with("agency staff", staff, http.StatusForbidden).with("administrator", admin, http.StatusForbidden)
	}
	rules := func(route string, status int) expectation {
		return closed(route).with("business support", support, status).with("administrator", admin, status).with("lead officer", lead, http.StatusForbidden)
	}
	revision := func(pick func(deskDecisionFixtures) decision.Full) func(fixtures) url.Values {
		return func(f fixtures) url.Values { return url.Values{"revision": {decimal(pick(f.decisions).Revision)}} }
	}
	list := []expectation{
		register("GET "+route.DeskDecisions, 200), register("GET "+route.CSV(route.DeskDecisions), 200), register("GET "+route.XLSX(route.DeskDecisions), 200),
		register("GET "+route.DeskDecisionCalendar, 200), register("GET "+route.CSV(route.DeskDecisionCalendar), 200), register("GET "+route.XLSX(route.DeskDecisionCalendar), 200),
		register("GET "+route.CSV(route.DeskDecisionRegister), 200), register("GET "+route.XLSX(route.DeskDecisionRegister), 200),
		worked("GET "+route.DeskDecisionNew, 200).without("officer of another body"),
		worked("POST "+route.DeskDecisionNew, 422).without("officer of another body"),
		register("GET "+route.DeskDecision, 200).at(of(made, "")).with("officer of another body", otherLead, 404),
		register("GET "+route.DeskDecisionFile, 404).at(func(f fixtures) string {
			return route.DeskDecisionFileTo(f.decisions.made.Body.Slug, f.decisions.made.Ref, 1)
		}).with("officer of another body", otherLead, 404),
		worked("GET "+route.DeskDecisionAttach, 200).at(of(made, "attach")),
		worked("POST "+route.DeskDecisionAttach, 422).at(of(made, "attach")).sending(revision(made)),
		worked("POST "+route.DeskDecisionAct, 422).at(of(proposed, "identity")).sending(revision(proposed)),
		rules("GET "+route.DeskDecisionRules, 200),
		rules("GET "+route.DeskDecisionRuleAct, 200).at(func(fixtures) string { return route.DeskDecisionRuleActTo("requirement") }),
		withFurther(rules("GET "+route.DeskDecisionRuleAct, 200).at(func(fixtures) string { return route.DeskDecisionRuleActTo("holiday") })),
		withFurther(rules("GET "+route.DeskDecisionRuleAct, 404).at(func(fixtures) string { return route.DeskDecisionRuleActTo("no-such-act") })),
		rules("POST "+route.DeskDecisionRuleAct, 422).at(func(fixtures) string { return route.DeskDecisionRuleActTo("period") }),
	}
	for _, act := range []string{"identity", "key", "text", "dates", "openness", "urgency", "to-made", "withdraw", "defer", "override", "retract"} {
		list = append(list, withFurther(worked("GET "+route.DeskDecisionAct, 200).at(of(proposed, act))))
	}
	for _, act := range []string{"call-in", "to-implemented", "authorise", "detach", "unlink"} {
		list = append(list, withFurther(worked("GET "+route.DeskDecisionAct, 200).at(of(made, act))))
	}
	return append(list, withFurther(worked("GET "+route.DeskDecisionAct, 404).at(of(made, "no-such-act")).without("officer of another body")),
		closed("GET "+route.DeskDecisionAct).at(of(proposed, "publish")).with("business support", support, 200).with("lead officer", lead, 403).with("private office", office, 403))
}

func decimal(n int) string { return number(int64(n)) }

// without takes out an answer.
func (e expectation) without(name string) expectation {
	var kept []want
	for _, w := range e.answers {
		if w.name != name {
			kept = append(kept, w)
		}
	}
	e.answers = kept
	return e
}

var revisionField = regexp.MustCompile(`name="revision" value="(\d+)"`)

// act sends the form of an act with the revision that its page showed, and goes through its check page if it has one.
func (b *browser) act(path string, fields url.Values) answer {
	b.site.t.Helper()
	shown := b.get(path).want(http.StatusOK)
	found := revisionField.FindStringSubmatch(shown.body)
	if found == nil {
		b.site.t.Fatalf("%s has no revision; text: %s", path, shown.text())
	}
	fields.Set("revision", found[1])
	sent := b.post(path, fields)
	if sent.status == http.StatusOK && strings.Contains(sent.body, "Check before you go on") {
		fields.Set("step", "do")
		sent = b.post(path, fields)
	}
	return sent
}

func onTheDay(v url.Values, prefix, day, month, year string) url.Values {
	for part, value := range map[string]string{"-day": day, "-month": month, "-year": year, "-precision": "day"} {
		v.Set(prefix+part, value)
	}
	return v
}

// The seed's record is typed in and goes its whole way at the desk.
func TestARecordsWholeWayAtTheDesk(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	out := arrangementtest.OutForSignOff(t, s.db)
	body := membershiptest.Partner(t, s.db).Body
	b := s.asRole(authz.BusinessSupport)
	made := b.post(route.DeskDecisionNew, url.Values{"body": {body.Slug}, "stage": {"notice"}, "subject": {"Proposed multi-agency arrangements"}, "number-printed": {"10/00035"}, "maker": {"Cabinet Member"}})
	here := route.DeskDecisionTo(body.Slug, "10-00035")
	made.leadsTo(here)
	act := func(name string) string { return route.DeskDecisionActTo(body.Slug, "10-00035", name) }
	b.act(act("identity"), url.Values{"number-printed": {"10/00035"}, "subject": {"Proposed multi-agency arrangements"}, "maker": {"Cabinet Member for Children"}, "contact": {"Democratic Services"}}).leadsTo(here)
	b.act(act("key"), url.Values{"key": {"yes"}, "key-reason": {"It affects every division."}}).leadsTo(here)
	b.act(act("dates"), onTheDay(onTheDay(url.Values{}, "notice-on", "1", "4", "2019"), "due-on", "20", "5", "2019")).leadsTo(here)
	b.get(here).want(200).shows("What this stage still needs", "Notice of a decision to come", "No decision has been made", "Draft")
	b.act(act("publish"), url.Values{}).leadsTo(here)
	text := url.Values{"preamble": {"I propose to:"}, "limb-1": {"Agree the arrangements."}, "reasons": {"The Children and Social Work Act 2017 asks for them."}, "financial": {"None."}, "alternatives": {"None"}}
	added := url.Values{"do": {"add-limb"}, "revision": {"1"}}
	for k, v := range text {
		added[k] = v
	}
	b.post(act("text"), added).want(200).shows("Agree the arrangements.", "Limb b)")
	b.act(act("text"), text).leadsTo(here)
	b.act(act("to-proposed"), url.Values{"later": {"consultation", "interests"}}).leadsTo(here)
	b.get(here).shows("10/00035, is of 2010", "Proposed record of decision", "No decision has been made", "To be added after committee")
	b.act(act("publish"), url.Values{}).leadsTo(here)
	b.get(act("to-made")).want(200).shows("not ready", "interests declared")
	text.Set("consultation", "The committee agreed.")
	text.Set("interests", "None declared")
	text.Set("signed-by", "Cabinet Member for Children")
	b.act(act("text"), text).leadsTo(here)
	b.act(act("to-made"), onTheDay(onTheDay(url.Values{}, "made-on", "20", "5", "2019"), "published-on", "20", "5", "2019")).leadsTo(here)
	b.get(here).shows("Decision made", "29 May 2019", "Changes not published")
	b.act(act("publish"), url.Values{}).leadsTo(here)
	b.act(act("call-in"), url.Values(onTheDay(url.Values{"called-by": {"Three members"}, "call-in-grounds": {"Costs are not clear."}}, "called-on", "22", "5", "2019"))).leadsTo(here)
	b.get(here).shows("Not in effect while it is called in")
	b.act(act("end-call-in"), onTheDay(url.Values{"call-in-outcome": {"no further action"}, "confirm": {"yes"}}, "outcome-on", "5", "6", "2019")).leadsTo(here)
	b.act(act("to-implemented"), onTheDay(url.Values{}, "implemented-on", "17", "9", "2019")).leadsTo(here)
	b.act(act("publish"), url.Values{}).leadsTo(here)
	b.act(act("authorise"), url.Values{"to": {"round-" + number(int64(out.Round))}}).leadsTo(here)
	b.get(here).shows("Round 1", "Decision implemented", "Published")
	s.visitor().get(route.DecisionTo(body.Slug, "10-00035")).want(200).shows("Record of decision: implemented")
}

func TestAFormOfARecordKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	f := makeDeskDecisions(t, s.db, membershiptest.Partner(t, s.db).Body)
	b := s.asRole(authz.BusinessSupport)
	path := route.DeskDecisionActTo(f.body.Slug, f.proposed.Ref, "text")
	stale := url.Values{"revision": {decimal(f.proposed.Revision)}, "limb-1": {"Agree them all."}, "reasons": {"My own reasons."}}
	b.act(route.DeskDecisionActTo(f.body.Slug, f.proposed.Ref, "key"), url.Values{"key": {"yes"}, "key-reason": {"Another."}}).want(303)
	kept := b.post(path, stale).want(http.StatusConflict).shows("Somebody changed this record", "My own reasons.", "Agree them all.")
	stale.Set("revision", revisionField.FindStringSubmatch(kept.body)[1])
	b.post(path, stale).want(303)
	wrong := b.act(route.DeskDecisionActTo(f.body.Slug, f.proposed.Ref, "dates"), onTheDay(onTheDay(url.Values{}, "notice-on", "1", "6", "2019"), "due-on", "1", "5", "2019"))
	wrong.want(422).shows("is earlier than the day of the notice")
	b.get(route.DeskDecisionActTo(f.body.Slug, f.proposed.Ref, "call-in")).want(http.StatusConflict).shows("This can’t be done now", "The record is at “Proposed”").hides("changed meanwhile")
	taken := b.act(route.DeskDecisionActTo(f.body.Slug, f.proposed.Ref, "identity"), url.Values{"number-printed": {"19/00102"}, "subject": {"Mine"}})
	taken.want(422).shows("already has a record with this number")
}

func TestExemptPassagesStandOnTheirOwnPageAlone(t *testing.T) {
	t.Parallel()
	const marker = "WIBBLEFROST"
	s := newSite(t)
	f := makeDeskDecisions(t, s.db, membershiptest.Partner(t, s.db).Body)
	b := s.asRole(authz.BusinessSupport)
	act := func(name string) string { return route.DeskDecisionActTo(f.body.Slug, f.proposed.Ref, name) }
	b.act(act("openness"), url.Values{"restriction": {"part exempt"}, "exempt-category": {"3"}, "public-interest": {"Prices are still being agreed."}}).want(303)
	b.act(act("exempt"), url.Values{"part": {"financial"}, "body": {"The price is " + marker}}).want(303)
	b.get(act("exempt")).want(200).shows(marker)
	here := route.DeskDecisionTo(f.body.Slug, f.proposed.Ref)
	for _, path := range []string{here, route.DeskDecisions, route.CSV(route.DeskDecisions), route.DeskDecisions + "?q=" + marker, route.DeskDecisionCalendar, act("text"), act("publish")} {
		if got := b.get(path); path != route.DeskDecisions+"?q="+marker {
			got.want(200).hides(marker)
		}
	}
	b.get(route.DeskDecisions + "?q=" + marker).want(200).shows("nor a word like it")
	if strings.Contains(s.log.String(), marker) {
		t.Error("the log holds exempt text")
	}
	s.asRole(authz.Office, membershiptest.Partner(t, s.db).Body.ID).get(act("exempt")).want(404)
}

// withFurther is one more page of a route that has a row.
func withFurther(e expectation) expectation { e.further = true; return e }

func TestASignOffShowsTheRecordThatAuthorisesIt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	out := arrangementtest.OutForSignOff(t, s.db)
	b := s.asRole(authz.BusinessSupport)
	round := route.SignOffRoundTo(out.Round)
	b.get(round).want(200).shows("Decision record that authorises it: none recorded")
	var slug string
	if err := s.db.QueryRow(t.Context(), `SELECT o.slug FROM seat s JOIN safeguarding_partner p ON p.id = s.partner_id JOIN organisation o ON o.id = p.organisation_id
		WHERE s.round_id = $1 ORDER BY s.id LIMIT 1`, out.Round).Scan(&slug); err != nil {
		t.Fatal(err)
	}
	which := decisiontest.Proposed(t, s.db, slug, func(d *decision.Draft) { d.NumberPrinted = "19/00777" })
	decisiontest.Move(t, s.db, which, decision.Made, decisiontest.Made)
	b.act(route.DeskDecisionActTo(slug, "19-00777", "authorise"), url.Values{"to": {"round-" + number(int64(out.Round))}}).want(303)
	b.get(round).want(200).shows("19/00777: New arrangements (decision made), not published")
	b.get(route.Home).want(200).shows("Complete or publish 1 record of decision")
	decisiontest.Publish(t, s.db, which)
	b.get(round).want(200).shows("19/00777: New arrangements (decision made)").hides("not published")
}
