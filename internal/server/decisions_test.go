package server_test

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/decision"
	"partnershipportal/internal/decision/decisiontest"
	"partnershipportal/internal/file"
	"partnershipportal/internal/file/filetest"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
	"partnershipportal/web/route"
)

// decisionMade is a published record of a body of its own.
type decisionMade struct {
	body membershiptest.Body
	ref  string
}

func publishedDecision(t testing.TB, db pg.DB, number string, alter ...func(*decision.Draft)) decisionMade {
	t.Helper()
	body := membershiptest.Organisation(t, db, func(b *membershiptest.Body) { b.Kind = "local authority" })
	which := decisiontest.Proposed(t, db, body.Slug, append([]func(*decision.Draft){func(d *decision.Draft) { d.NumberPrinted = number }}, alter...)...)
	decisiontest.Publish(t, db, which)
	return decisionMade{body, decisiontest.Read(t, db, which).Ref}
}

func decisionExpectations() []expectation {
	record := func(path func(body, ref string) string) func(fixtures) string {
		return func(f fixtures) string { return path(f.decision.body.Slug, f.decision.ref) }
	}
	rows := []expectation{
		open("GET "+route.Decisions, http.StatusOK),
		open("GET "+route.DecisionsAtom, http.StatusOK),
		open("GET "+route.DecisionsJSON, http.StatusOK),
		open("GET "+route.ForwardPlan, http.StatusOK),
		open("GET "+route.ForwardPlanAtom, http.StatusOK),
		open("GET "+route.ForwardPlanICS, http.StatusOK),
		open("GET "+route.Decision, http.StatusOK).at(record(route.DecisionTo)),
		open("GET "+route.DecisionJSON, http.StatusOK).at(record(route.DecisionJSONTo)),
		open("GET "+route.DecisionFile, http.StatusNotFound).at(func(f fixtures) string { return route.DecisionFileTo(f.decision.body.Slug, f.decision.ref, 1) }),
	}
	for _, path := range []string{route.Decisions, route.ForwardPlan} {
		rows = append(rows, open("GET "+route.CSV(path), http.StatusOK), open("GET "+route.XLSX(path), http.StatusOK))
	}
	return rows
}

func TestARecordStandsInThePublicRegister(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visitor()
	v.get(route.Decisions).want(http.StatusOK).shows("No decisions have been published")
	v.get(route.ForwardPlan).want(http.StatusOK).shows("No key decision to come has been published")

	made := publishedDecision(t, s.db, "10/00035", func(d *decision.Draft) {
		d.Subject, d.NumberVerified = "Proposed <script>arrangements</script>", "19/00035"
		d.Consultation, d.Later = "", []decision.Part{decision.PartConsultation}
	})
	here := route.DecisionTo(made.body.Slug, made.ref)
	v.get(route.Decisions).shows("Proposed <script>arrangements", "19/00035", "Proposed: no decision yet", "Due 20 May 2019").hides("Decision made")
	v.get(here).want(http.StatusOK).shows("Proposed record of decision", "No decision has been made", "The record prints 10/00035", "To be added after committee", "What is proposed",
		"a)", "Agree the new arrangements", "30 April 2019").hides("Decision made")
	for _, path := range []string{route.Decisions, here, route.ForwardPlan, route.DecisionsAtom} {
		if strings.Contains(v.get(path).body, "<script>arr") {
			t.Errorf("%s has a script of the subject", path)
		}
	}
	v.get("/decisions/19/00035").leadsTo(here)
	v.get("/decisions/10/00035").want(http.StatusNotFound)
	v.get(route.DecisionTo(made.body.Slug, "no-such-ref")).want(http.StatusNotFound)
	v.get(route.DecisionTo("no-such-body", made.ref)).want(http.StatusNotFound)
	v.get(route.ForwardPlan).shows("48 clear days before", "20 May 2019", "It affects every division")

	v.get(route.Decisions + "?q=arrangements&key=yes&stage=proposed&year=2019").shows("19/00035").hides("No record matches")
	v.get(route.Decisions + "?q=nonsense").shows("nor a word like it")
	v.get(route.Decisions + "?stage=made").shows("No record matches")
	v.get(route.Decisions + "?body=nobody").want(http.StatusUnprocessableEntity)
	v.get(route.Decisions + "?after=nonsense").want(http.StatusUnprocessableEntity).shows("Begin at the first one")
	if got := v.get(route.CSV(route.Decisions) + "?q=arrangements").want(http.StatusOK).body; !strings.Contains(got, `"19/00035"`) || !strings.Contains(got, `"proposed","no"`) {
		t.Errorf("the file says %q", got)
	}

	var whole struct {
		Record decision.Content `json:"record"`
	}
	if err := json.Unmarshal([]byte(v.get(here+".json").want(http.StatusOK).body), &whole); err != nil || whole.Record.Made || whole.Record.Number != "19/00035" {
		t.Errorf("the record as JSON: %+v, %v", whole.Record, err)
	}
	var list struct {
		Decisions []struct {
			Made   bool   `json:"made"`
			Number string `json:"number"`
		} `json:"decisions"`
	}
	if err := json.Unmarshal([]byte(v.get(route.DecisionsJSON).body), &list); err != nil || len(list.Decisions) != 1 || list.Decisions[0].Made {
		t.Errorf("the register as JSON: %+v, %v", list, err)
	}
	for _, feed := range []string{route.DecisionsAtom, route.ForwardPlanAtom} {
		var atom struct {
			Entries []struct {
				Title string `xml:"title"`
			} `xml:"entry"`
		}
		if err := xml.Unmarshal([]byte(v.get(feed).want(http.StatusOK).body), &atom); err != nil || len(atom.Entries) != 1 || !strings.Contains(atom.Entries[0].Title, "no decision yet") {
			t.Errorf("%s: %+v, %v", feed, atom, err)
		}
	}
	calendar := v.get(route.ForwardPlanICS).want(http.StatusOK).body
	if !strings.Contains(calendar, "DTSTART;VALUE=DATE:20190520\r\n") || !strings.HasPrefix(calendar, "BEGIN:VCALENDAR\r\n") || strings.Contains(calendar, "\r\n\r\n") {
		t.Errorf("the calendar says %q", calendar)
	}
	for line := range strings.SplitSeq(calendar, "\r\n") {
		if len(line) > 75 {
			t.Errorf("the calendar has a line of %d bytes: %q", len(line), line)
		}
	}
}

func TestTheRegisterIsReadPageByPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	body := membershiptest.Organisation(t, s.db)
	for i := range 51 {
		decisiontest.Publish(t, s.db, decisiontest.Proposed(t, s.db, body.Slug, func(d *decision.Draft) {
			d.NumberPrinted, d.Subject = fmt.Sprintf("19/%05d", i), fmt.Sprintf("Subject %02d", i)
		}))
	}
	v := s.visitor()
	seen := map[string]bool{}
	subjects := regexp.MustCompile(`>(Subject \d\d)<`)
	next := regexp.MustCompile(`href="(/decisions\?after=[^"]+)"`)
	for path, pages := route.Decisions, 0; path != ""; pages++ {
		a := v.get(path).want(http.StatusOK)
		for _, m := range subjects.FindAllStringSubmatch(a.body, -1) {
			if seen[m[1]] {
				t.Errorf("%s is listed twice", m[1])
			}
			seen[m[1]] = true
		}
		path = ""
		if m := next.FindStringSubmatch(a.body); m != nil && pages < 5 {
			path = strings.ReplaceAll(m[1], "&amp;", "&")
		}
	}
	if len(seen) != 51 {
		t.Errorf("%d of 51 records are listed", len(seen))
	}
}

func TestARecordIsPrintedInTheFormOfACouncilsRecord(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	body := membershiptest.Organisation(t, s.db)
	which := decisiontest.Proposed(t, s.db, body.Slug, func(d *decision.Draft) {
		d.NumberPrinted, d.NumberVerified, d.MakerName = "10/00035", "19/00035", "Ada Ames"
	})
	decisiontest.Publish(t, s.db, which)
	inOrder := func(words ...string) {
		t.Helper()
		text := s.visitor().get(route.DecisionTo(body.Slug, "19-00035")).want(http.StatusOK).text()
		for _, w := range words {
			_, after, found := strings.Cut(text, w)
			if !found {
				t.Fatalf("%q is missing or out of order in: %s", w, text)
			}
			text = after
		}
	}
	parts := []string{"Subject:", "Reasons for the decision", "Financial implications", "Cabinet committee recommendations and other consultation", "Any alternatives considered",
		"Any interest declared when the decision was taken, and any dispensation granted", "Signed:", "Dated:"}
	head := func(first ...string) []string {
		return append(append(first, "Decision no: 19/00035 (printed as 10/00035)", "For publication:", "Key decision: Yes"), parts...)
	}
	inOrder(head(body.Name+" – Proposed record of decision", "Decision to be taken by:", "Ada Ames", "Cabinet Member for Children")...)
	decisiontest.Move(t, s.db, which, decision.Made, decisiontest.Made)
	decisiontest.Publish(t, s.db, which)
	inOrder(append(head(body.Name+" – Record of decision", "Decision taken by:"), "20 May 2019")...)
}

// Exempt words are planted in every place that can hold them, and looked for in everything that anybody can read.
func TestNothingExemptReachesThePublic(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const secret = "zweifelsohne"
	body := membershiptest.Organisation(t, s.db)
	which := decisiontest.Proposed(t, s.db, body.Slug, func(d *decision.Draft) {
		d.NumberPrinted, d.Restriction, d.Category, d.PublicInterest = "19/00077", decision.PartExempt, 3, "It would harm a contract."
	})
	service := decision.New(s.db, decisiontest.Clock)
	for _, part := range []decision.Part{decision.PartReasons, decision.PartFinancial, decision.PartLimbs} {
		if err := service.SaveExempt(t.Context(), authz.System("test"), decision.ExemptCommand{ID: which, Revision: decisiontest.Read(t, s.db, which).Revision, Part: part, Body: secret + " " + string(part)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := service.Attach(t.Context(), authz.System("test"), decision.AttachCommand{ID: which, Revision: decisiontest.Read(t, s.db, which).Revision, Kind: decision.FileKinds()[0], IsExempt: true,
		File: file.AddCommand{Title: secret, Content: filetest.Checked(t, secret+".csv", []byte("column\n"+secret+"\n"))}}); err != nil {
		t.Fatal(err)
	}
	decisiontest.Publish(t, s.db, which)
	ref := decisiontest.Read(t, s.db, which).Ref
	v := s.visitor()
	v.get(route.DecisionTo(body.Slug, ref)).want(http.StatusOK).shows("In part: some of the record is exempt", "There is an exempt passage here that is not published", "Schedule 12A")
	paths := []string{route.Decisions, route.Decisions + "?q=" + secret, route.DecisionsAtom, route.DecisionsJSON, route.CSV(route.Decisions), route.ForwardPlan,
		route.ForwardPlanAtom, route.ForwardPlanICS, route.CSV(route.ForwardPlan), route.DecisionTo(body.Slug, ref), route.DecisionJSONTo(body.Slug, ref),
		route.Sitemap, route.OrganisationTo(body.Slug), route.AsAtTo(day.Of(decisiontest.Now).String(), "")}
	for file := range int64(20) {
		paths = append(paths, route.DecisionFileTo(body.Slug, ref, file))
	}
	for _, path := range paths {
		a := v.get(path)
		asked := strings.NewReplacer(`value="`+secret, "", "q="+secret, "", "no record has “"+secret, "") // what the reader typed comes back
		if strings.Contains(asked.Replace(strings.ToLower(a.body)), secret) {
			t.Errorf("%s gives away what is exempt", path)
		}
	}
	v.get(route.Decisions + "?q=" + secret).shows("nor a word like it")
}

func TestAFeedThatTheReaderHasIsNotSentAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visitor()
	for _, path := range []string{route.DecisionsAtom, route.DecisionsJSON, route.ForwardPlanAtom, route.ForwardPlanICS} {
		known := s.visitor()
		known.headers = http.Header{"If-None-Match": {v.get(path).want(http.StatusOK).header.Get("ETag")}}
		if again := known.get(path).want(http.StatusNotModified); again.body != "" {
			t.Errorf("%s is sent a second time: %s", path, again.body)
		}
	}
}
