package server_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/web/form"
	"partnershipportal/web/route"
)

func fields(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

func dated(v url.Values, prefix string, d day.Date) url.Values {
	form.PutDate(v, prefix, d)
	return v
}

func today() day.Date { return day.Of(time.Now()) }

// draftOf reads a version as it is stored.
func draftOf(t testing.TB, s *site, m arrangementtest.Made) arrangement.Draft {
	t.Helper()
	service, _ := arrangementtest.Services(s.db, m.Sent)
	d, err := service.Draft(context.Background(), m.Support, m.Ref)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

var hidden = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)

// carried is what the forms of a page carry along unseen.
func (a answer) carried() url.Values {
	v := url.Values{}
	for _, m := range hidden.FindAllStringSubmatch(a.body, -1) {
		v.Set(m[1], m[2])
	}
	return v
}

func TestAnEmptyDeskSaysWhatToDoFirst(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.asRole(authz.BusinessSupport).get(route.Desk).want(200).
		shows("Start here", "Enter organisations", "Propose the appointments", "Create the arrangements", "An administrator does this in the settings").
		hides("What is waiting", `href="`+route.AdminSettings)
	s.asRole(authz.Scrutineer).get(route.Desk).want(200).shows("Start here").hides("Create a document")
}

func TestTheDeskShowsWhatIsWaiting(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	draft := arrangementtest.Draft(t, s.db)
	out := arrangementtest.OutForSignOff(t, s.db, func(m *arrangementtest.Made) { m.DueOn = today().Add(9) })
	arrangementtest.Sign(t, s.db, out, out.Officers[0])
	s.as(out.Officers[1].Account).post(route.SignOffRemarksTo(out.Round), fields("kind", "question", "body", "Why?")).want(303)
	signed, recorded := arrangementtest.SignedOff(t, s.db), arrangementtest.AwaitingConfirmation(t, s.db)
	published := arrangementtest.Published(t, s.db, func(m *arrangementtest.Made) { m.Label = "June 2019" })
	b := s.as(draft.Support.Account)
	b.get(route.Desk).want(200).shows(
		"Drafts in work "+draft.Title+", version 1 In effect from "+today().Long()+" Draft",
		"1 of 3 signed, due on "+today().Add(9).Long()+", 1 question without an answer Awaiting sign-off",
		recorded.Title+", version 1 Compare them with their evidence",
		"Signed off, waiting to be published "+signed.Title,
		"Version 1, June 2019 In force", "Start the next version of "+published.Title,
		"The portal has not looked yet")
	s.as(recorded.Support.Account).get(route.Desk).want(200).shows("You entered them, so somebody else must confirm them")

	b.post(route.DeskPublishTo(signed.Ref.Slug, 1), dated(fields("round", number(signed.Round), "when", "later"), "scheduled-on", today().Add(2))).want(303)
	b.get(route.Desk).want(200).shows("To be published on a set day The portal has not looked yet", "Is published on "+today().Add(2).Long())
	b.post(route.DeskNextVersionTo(published.Ref.Slug), nil).leadsTo(route.DeskVersionTo(published.Ref.Slug, 2))
	b.post(route.DeskNextVersionTo(published.Ref.Slug), nil).want(409).shows("already has a version that is not yet published")
	b.post(route.DeskNextVersionTo("nothing"), nil).want(404)
}

func TestWritingADocument(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	area := membershiptest.Area(t, s.db)
	b := s.asRole(authz.BusinessSupport)
	page := b.get(route.DeskCreate).want(200)
	guidance := regexp.MustCompile(`<option value="(\d+)"[^>]*>Working Together 2018`).FindStringSubmatch(page.body)[1]
	slug := "plan-" + membershiptest.Unique()
	create := fields("title", "<b>Plan</b> 🙂", "slug", slug, "kind", "arrangements", "guidance", guidance, "areas", number(area), "predecessor", "")

	wrong := fields("title", "Café 2027", "slug", "", "kind", "poem", "guidance", guidance, "predecessor", "")
	b.post(route.DeskCreate, wrong).want(422).shows("Error: Create a document", "There is a problem", "Choose a kind of document", "Choose at least one area").
		holds(`value="Café 2027"`, `value="cafe-2027"`)
	b.post(route.DeskCreate, fields("title", "x", "evil", "y")).want(400)
	b.post(route.DeskCreate, create).leadsTo(route.DeskVersionTo(slug, 1))
	version := route.DeskVersionTo(slug, 1)
	b.get(version).want(200).shows("The document is created", "<b>Plan</b> 🙂", "No section is written yet", "The effective day is missing").hides("<b>Plan")
	b.post(route.DeskCreate, create).want(422).shows("Another document has this address")
	typed := fields("heading", "Scope <script>", "markdown", "One **bold**\r\n\r\n<script>alert(1)</script> 🙂", "do", "preview")
	preview := b.post(route.DeskSectionNewTo(slug, 1), typed).want(200).shows("Preview", "It is not saved yet", "Scope <script>", "🙂").
		holds("<strong>bold</strong>", "&lt;script&gt;alert(1)&lt;/script&gt; 🙂</textarea>")
	preview.hides("<script>alert")
	b.get(version).want(200).shows("No section is written yet")
	typed.Set("do", "save")
	b.post(route.DeskSectionNewTo(slug, 1), typed).want(303)
	b.post(route.DeskSectionNewTo(slug, 1), fields("heading", "Second", "markdown", "Two words", "do", "save")).want(303)
	b.post(route.DeskSectionNewTo(slug, 1), fields("heading", "", "markdown", "kept", "do", "save")).want(422).shows("Enter a heading", "kept")
	b.get(version).want(200).shows("2 sections", "1. Edit Scope <script>", "2. Edit Second 2 words").hides("<script>alert", "Scope <script>")
	b.get(route.DeskTextTo(slug, 1)).want(200).shows("as it would be frozen", "not set yet", "1.1", "Two words").hides("<script>alert")
	b.get(route.DeskTimelineTo(slug, 1)).want(200).shows("Draft started", "Section added")

	sections := regexp.MustCompile(`/sections/(\d+)"`).FindAllStringSubmatch(b.get(version).body, -1)
	second, _ := id.Parse[id.Section](sections[1][1])
	b.post(route.DeskSectionMoveTo(slug, 1, second), fields("to", "up")).want(303)
	b.get(version).shows("1. Edit Second", "2. Edit Scope")
	b.post(route.DeskSectionMoveTo(slug, 1, second), fields("to", "sideways")).want(400)
	b.get(route.DeskSectionDeleteTo(slug, 1, second)).want(200).shows("Delete section 1, Second?")
	b.post(route.DeskSectionDeleteTo(slug, 1, second), fields("revision", "1")).leadsTo(version)
	b.post(route.DeskSectionDeleteTo(slug, 1, second), fields("revision", "1")).leadsTo(version)
	b.get(version).want(200).shows("1 section,").hides("Second")
	b.post(route.DeskSectionTo(slug, 1, second), fields("heading", "Second", "markdown", "my words", "revision", "1", "do", "save")).
		want(409).shows("Somebody has deleted this section", "my words")
	b.get(route.DeskSectionTo(slug, 1, second)).want(404)
	b.get(version + "/sections/x").want(404)

	b.get(route.DeskDiscardTo(slug, 1)).want(200).shows("Discard version 1?")
	b.post(route.DeskDiscardTo(slug, 1), nil).leadsTo(route.Desk)
	b.get(version).want(200).shows("This draft was discarded")
	b.post(route.DeskDiscardTo(slug, 1), nil).want(409)
	b.post(route.DeskSectionNewTo(slug, 1), fields("heading", "Late", "markdown", "typed late", "do", "save")).want(409).shows("This draft was discarded", "typed late")
	for _, path := range []string{version + "0", route.DeskVersionTo(slug, 7), route.DeskVersionTo("none", 1)} {
		b.get(path).want(404)
	}
}

func (a answer) holds(markup ...string) answer {
	a.t.Helper()
	for _, m := range markup {
		if !strings.Contains(a.body, m) {
			a.keep()
			a.t.Fatalf("%s does not hold %q", a.request, m)
		}
	}
	return a
}

func TestTwoEditorsAtOnce(t *testing.T) {
	t.Parallel()
	t.Run("the second to save a section sees both texts, and may replace knowingly", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		m := arrangementtest.Draft(t, s.db)
		first, second := s.as(m.Support.Account), s.asRole(authz.BusinessSupport)
		editor := route.DeskSectionTo(m.Ref.Slug, 1, m.SectionIDs[0])
		opened := second.get(editor).want(200).carried()
		save := func(text string, carried url.Values) url.Values {
			return fields("heading", "Scope", "markdown", text, "do", "save", "revision", carried.Get("revision"))
		}
		first.post(editor, save("Theirs & <i>saved</i>", opened)).want(303)
		clash := second.post(editor, save("Mine, typed", opened)).want(409).
			shows("Somebody else changed section 1", m.Support.Name+" saved it", "Theirs & <i>saved</i>", "Mine, typed", "Replace the saved text with mine")
		clash.holds("Mine, typed</textarea>").hides("<i>saved")
		if got := draftOf(t, s, m).Sections[0].Markdown; got != "Theirs & <i>saved</i>" {
			t.Errorf("saved text = %q", got)
		}
		second.post(editor, save("Mine, with theirs", clash.carried())).want(303)
		if got := draftOf(t, s, m).Sections[0].Markdown; got != "Mine, with theirs" {
			t.Errorf("saved text = %q", got)
		}
		first.post(route.DeskSectionDeleteTo(m.Ref.Slug, 1, m.SectionIDs[0]), fields("revision", "2")).want(409).shows("Somebody else has saved this section")
	})
	t.Run("the same for the details", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		m := arrangementtest.Draft(t, s.db)
		first, second := s.as(m.Support.Account), s.asRole(authz.BusinessSupport)
		path := route.DeskDetailsTo(m.Ref.Slug, 1)
		page := second.get(path).want(200)
		guidance := regexp.MustCompile(`<option value="(\d+)" selected`).FindStringSubmatch(page.body)[1]
		save := func(title string, carried url.Values) url.Values {
			return dated(fields("title", title, "guidance", guidance, "label", "Spring", "revision", carried.Get("revision"), "do", "save"), "effective-from", day.Must("2027-04-01"))
		}
		first.post(path, save("Theirs", page.carried())).leadsTo(route.DeskVersionTo(m.Ref.Slug, 1))
		clash := second.post(path, save("Mine", page.carried())).want(409).
			shows("Somebody else changed the details", "Title: Theirs", "Title: Mine", "In effect from: 1 April 2027").holds(`value="Mine"`)
		second.post(path, save("Mine", clash.carried())).want(303)
		if got := draftOf(t, s, m).Title; got != "Mine" {
			t.Errorf("title = %q", got)
		}
		second.post(path, fields("title", "", "guidance", guidance, "effective-from-day", "31", "effective-from-month", "2", "effective-from-year", "2027", "label", "kept", "revision", "1")).
			want(422).shows("Enter a title", "must be a real date").holds(`value="kept"`, `value="31"`)
	})
}

func TestAHugePaste(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	m := arrangementtest.Draft(t, s.db)
	b := s.as(m.Support.Account)
	path := route.DeskSectionTo(m.Ref.Slug, 1, m.SectionIDs[0])
	long := strings.Repeat("a", 250_001)
	b.post(path, fields("heading", "H", "markdown", long, "revision", "1", "do", "save")).want(422).
		shows("The text has 250,001 characters, and a section can hold 250,000. Split it into two sections").holds(long + "</textarea>")
	b.post(path, fields("heading", "H", "markdown", long, "revision", "1", "do", "preview")).want(422)
	b.post(path, fields("heading", "H", "markdown", strings.Repeat("a", 5<<20), "revision", "1", "do", "save")).want(413).
		shows("Go back: your browser still has what you typed")
	b.post(path, fields("heading", "H", "markdown", long[1:], "revision", "1", "do", "save")).want(303)
	b.get(path).want(200)
	if got := draftOf(t, s, m).Sections[0].Markdown; got != long[1:] {
		t.Errorf("the text has %d characters, want 250000", len(got))
	}
}

func TestAFormThatOutlivesItsSessionIsCarriedOn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	m := arrangementtest.Draft(t, s.db)
	s.visitor().post(route.DeskSectionTo(m.Ref.Slug, 1, m.SectionIDs[0]), fields("heading", "H", "markdown", "typed for an hour", "revision", "1", "do", "save")).
		want(401).holds("typed for an hour")
}

func TestOpeningARound(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	m := arrangementtest.Draft(t, s.db)
	arrangementtest.Officer(t, s.db, m.Partners[0])
	b := s.as(m.Support.Account)
	path := route.DeskOpenRoundTo(m.Ref.Slug, 1)
	check := b.get(path).want(200)
	check.shows("Check before sign-off", m.Partners[0].Body.Name, m.Partners[1].Body.Name+" has no lead officer or delegate", "Nobody yet", "In effect from "+today().Long())
	digest := check.carried()
	b.post(path, dated(fields("digest", digest.Get("digest")), "due-on", today().Add(-1))).want(422).shows("The due date must be today or later")
	b.post(route.DeskSectionNewTo(m.Ref.Slug, 1), fields("heading", "Third", "markdown", "text", "do", "save")).want(303)
	stale := b.post(path, dated(url.Values{"digest": digest["digest"]}, "due-on", today().Add(8))).want(409).
		shows("The text has changed since you checked it", "Check it again").holds(`value="` + number(id.Round(today().Add(8).Day())) + `"`)
	if digest.Get("digest") == stale.carried().Get("digest") {
		t.Error("the page shows the digest of the old text")
	}
	opened := b.post(path, stale.carried()).want(303)
	b.get(opened.header.Get("Location")).want(200).shows("The text is put to the partners")
	b.post(path, stale.carried()).want(409).shows("This text is put to the partners", "See the round")
	b.get(path).want(409)
	b.get(route.DeskVersionTo(m.Ref.Slug, 1)).want(200).shows("It is frozen", "Round 1", "0 of 3").hides("Add a section")
	b.get(route.DeskSectionTo(m.Ref.Slug, 1, m.SectionIDs[0])).want(409)
	b.post(route.DeskSectionTo(m.Ref.Slug, 1, m.SectionIDs[0]), fields("heading", "H", "markdown", "too late", "revision", "1", "do", "save")).
		want(409).shows("Recall the round before you change it", "too late")
	if got := draftOf(t, s, m); got.Sections[0].Markdown != m.Sections[0].Markdown {
		t.Errorf("a frozen text was changed: %q", got.Sections[0].Markdown)
	}
	b.get(route.DeskRoundTextTo(draftOf(t, s, m).LiveRound)).want(200).shows("as it is frozen in the round", "Third")
}

func TestProblemsKeepARoundFromOpening(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	m := arrangementtest.Draft(t, s.db, func(m *arrangementtest.Made) { m.EffectiveFrom, m.Sections = day.Date{}, nil })
	b := s.as(m.Support.Account)
	page := b.get(route.DeskOpenRoundTo(m.Ref.Slug, 1)).want(200).shows("The round cannot open yet", "The effective day is missing", "The text has no sections").
		hides("Put this text to the partners")
	b.post(route.DeskOpenRoundTo(m.Ref.Slug, 1), fields("digest", page.carried().Get("digest"))).want(422).shows("There is a problem", "The effective day is missing")
}

func TestRecallAndSetAside(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	m := arrangementtest.OutForSignOff(t, s.db)
	arrangementtest.Sign(t, s.db, m, m.Officers[0])
	b := s.as(m.Support.Account)
	b.get(route.DeskSetAsideTo(m.Round)).want(409)
	b.get(route.DeskRecallTo(m.Round)).want(200).shows("Recall this round?", "1 of 3 partners have signed")
	b.post(route.DeskRecallTo(m.Round), fields("reason", " ")).want(422).shows("Enter why you recall the round")
	b.post(route.DeskRecallTo(m.Round), fields("reason", strings.Repeat("x", 4001))).want(422).shows("4,000 characters or fewer")
	b.post(route.DeskRecallTo(m.Round), fields("reason", "A slip.")).leadsTo(route.DeskVersionTo(m.Ref.Slug, 1))
	b.post(route.DeskRecallTo(m.Round), fields("reason", "A slip.")).want(409).shows("no longer open")
	b.get(route.DeskRecallTo(m.Round)).want(409)
	b.get(route.DeskTimelineTo(m.Ref.Slug, 1)).want(200).shows("Round recalled", "From awaiting sign-off to draft", "Signed", m.Officers[0].Name)

	signed := arrangementtest.SignedOff(t, s.db)
	b.get(route.DeskSetAsideTo(signed.Round)).want(200).shows("Set this round aside?")
	b.post(route.DeskSetAsideTo(signed.Round), fields("reason", "")).want(422).shows("Enter why you set the round aside")
	b.post(route.DeskSetAsideTo(signed.Round), fields("reason", "A mistake.")).leadsTo(route.DeskVersionTo(signed.Ref.Slug, 1))
	b.post(route.DeskSetAsideTo(signed.Round), fields("reason", "A mistake.")).want(409)
	b.get(route.DeskPublishTo(signed.Ref.Slug, 1)).want(409).shows("Only a text that every safeguarding partner has signed")
	b.get(route.DeskRecallTo(id.Round(999_999_999))).want(http.StatusNotFound)
}
