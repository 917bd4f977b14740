package server_test

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/web/form"
	"partnershipportal/web/route"
)

func TestPublishing(t *testing.T) {
	t.Parallel()
	t.Run("today, once", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		m := arrangementtest.SignedOff(t, s.db)
		b := s.as(m.Support.Account)
		path := route.DeskPublishTo(m.Ref.Slug, 1)
		page := b.get(path).want(200).shows("Everybody can read this text at "+route.ArrangementVersionTo(m.Ref.Slug, 1),
			"It is in force as soon as it is published", "supersedes none", today().Long()+", as signed", "3 safeguarding partners")
		press := page.carried()
		press.Set("when", "now")
		press.Set("label", "Spring 🙂")
		b.post(path, press).leadsTo(path)
		b.get(path).want(200).shows("Published", "Department for Education", "relevant agencies").holds(`href="` + route.ArrangementVersionTo(m.Ref.Slug, 1) + `"`)
		b.post(path, press).want(409).shows("already published", "See version 1 on your desk")
		b.post(route.DeskUnscheduleTo(m.Ref.Slug, 1), nil).want(409)
		b.get(route.DeskVersionTo(m.Ref.Slug, 1)).want(200).shows("In force", "Spring 🙂", "See the public page").hides("Add a section")
		b.get(route.DeskDetailsTo(m.Ref.Slug, 1)).want(409).shows("Published versions never change")
	})
	t.Run("on a set day, which can be given up or overtaken", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		m := arrangementtest.SignedOff(t, s.db, func(m *arrangementtest.Made) { m.EffectiveFrom = today().Add(30) })
		b := s.as(m.Support.Account)
		path := route.DeskPublishTo(m.Ref.Slug, 1)
		round := b.get(path).want(200).shows("Until " + today().Add(30).Long() + " it is shown as upcoming").carried().Get("round")
		b.post(path, fields("round", round, "when", "later")).want(422).shows("Enter the day on which to publish")
		b.post(path, dated(fields("round", round, "when", "later"), "scheduled-on", today())).want(422).shows("The set day must be after today")
		b.post(path, dated(fields("round", round, "when", "later", "label", "Soon"), "scheduled-on", today().Add(2))).leadsTo(path)
		b.get(path).want(200).shows("A day is set", "published by itself on "+today().Add(2).Long(), "Publish now", "Give up the set day")
		b.post(route.DeskUnscheduleTo(m.Ref.Slug, 1), nil).leadsTo(path)
		b.get(path).want(200).hides("A day is set")
		b.post(path, fields("round", round, "when", "now")).leadsTo(path)
		if got := draftOf(t, s, m).State(today()); got != arrangement.StateUpcoming {
			t.Errorf("state = %s, want upcoming", got)
		}
	})
	t.Run("in the past, as exactly as it is known", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		m := arrangementtest.SignedOff(t, s.db, func(m *arrangementtest.Made) { m.EffectiveFrom = day.Must("2019-09-17") })
		b := s.as(m.Support.Account)
		path := route.DeskPublishTo(m.Ref.Slug, 1)
		press := fields("round", number(m.Round), "when", "past", "published-on-month", "June", "published-on-year", "2019")
		b.post(path, press).want(422).shows("Choose how much of the date is known")
		press.Set("published-on-precision", "day")
		b.post(path, press).want(422).holds(`value="June"`)
		press.Set("published-on-precision", "month")
		b.post(path, press).leadsTo(path)
		if got := draftOf(t, s, m).Published.Words(); got != "June 2019" {
			t.Errorf("published %s, want June 2019", got)
		}
	})
	t.Run("consequences name the neighbours", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		m := arrangementtest.Published(t, s.db, func(m *arrangementtest.Made) { m.EffectiveFrom = day.Must("2019-09-17") })
		next := arrangementtest.NextSignedOff(t, s.db, m, day.Must("2018-01-01"))
		s.as(m.Support.Account).get(route.DeskPublishTo(next.Ref.Slug, 2)).want(200).
			shows("It is shown as superseded: it was in force from 1 January 2018 until version 1 took effect on 17 September 2019.")
	})
	t.Run("what was set aside meanwhile is refused", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		m := arrangementtest.SignedOff(t, s.db)
		b := s.as(m.Support.Account)
		press := b.get(route.DeskPublishTo(m.Ref.Slug, 1)).want(200).carried()
		press.Set("when", "now")
		b.post(route.DeskSetAsideTo(m.Round), fields("reason", "A slip.")).want(303)
		b.post(route.DeskPublishTo(m.Ref.Slug, 1), press).want(409).shows("Only a text that every safeguarding partner has signed can be published")
	})
}

// parcel is a form with files.
type parcel struct {
	fields url.Values
	files  map[string]sentFile
}

type sentFile struct {
	name string
	body []byte
}

func (b *browser) sendParcel(path string, p parcel) answer {
	b.site.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, values := range p.fields {
		for _, value := range values {
			if err := w.WriteField(name, value); err != nil {
				b.site.t.Fatal(err)
			}
		}
	}
	for name, file := range p.files {
		part, err := w.CreateFormFile(name, file.name)
		if err != nil {
			b.site.t.Fatal(err)
		}
		if _, err := part.Write(file.body); err != nil {
			b.site.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.site.t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "http://localhost:8080"+path, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	rec := httptest.NewRecorder()
	b.site.srv.ServeHTTP(rec, r)
	return answer{t: b.site.t, request: "POST " + path, status: rec.Code, header: rec.Header(), body: rec.Body.String()}
}

// entries is the filled form for the partners of a version.
func entries(t testing.TB, b *browser, m arrangementtest.Made) parcel {
	t.Helper()
	on := dated(url.Values{}, "seats-on", day.Must("2019-06-30"))
	page := b.get(route.DeskRecordedTo(m.Ref.Slug, 1) + "?" + on.Encode()).want(200).shows("The safeguarding partners on 30 June 2019 were:")
	p := parcel{fields: page.carried(), files: map[string]sentFile{}}
	for _, partner := range m.Partners {
		page.shows(partner.Body.Name)
		suffix := "-" + number(partner.ID)
		p.fields.Set("office"+suffix, "Chief officer")
		p.fields.Set("officer"+suffix, "")
		form.PutDateWithPrecision(p.fields, "signed-on"+suffix, day.Roughly(day.Must("2019-06-01"), day.Month))
		p.fields.Set("source"+suffix, "Minutes of June 2019")
	}
	return p
}

func TestRecordedSignOffsFromEntryToConfirmation(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	m := arrangementtest.Draft(t, s.db)
	officer := arrangementtest.Officer(t, s.db, m.Partners[0])
	b, path := s.as(m.Support.Account), route.DeskRecordedTo(m.Ref.Slug, 1)
	b.get(path).want(200).shows("On which day were the sign-offs made?")
	b.get(path + "?seats-on-day=&seats-on-month=&seats-on-year=").want(422).shows("Enter the day of the sign-offs")
	b.get(path + "?" + dated(url.Values{}, "seats-on", today().Add(1)).Encode()).want(422).shows("can't lie in the future")

	p := entries(t, b, m)
	first := "-" + number(m.Partners[0].ID)
	p.fields.Set("source"+first, "")
	p.files["file"+first] = sentFile{`C:\scans\Sign-off "Chief" é.pdf`, []byte("%PDF-1.7 <script>")}
	entered := b.sendParcel(path, p).want(303)
	confirm := entered.header.Get("Location")
	page := b.get(confirm).want(200).shows("You entered these sign-offs, so somebody else must confirm them", "June 2019", "Read the whole text", "Minutes of June 2019").
		hides("Confirm these 3 sign-offs")
	b.sendParcel(path, p).want(409)
	b.post(confirm, fields("do", "confirm")).want(403).shows("Another person must confirm")

	file := regexp.MustCompile(`href="(/sign-off/\d+/evidence/\d+)"`).FindStringSubmatch(page.body)[1]
	second := s.as(officer.Account)
	got := second.get(file).want(200)
	if got.body != "%PDF-1.7 <script>" || got.header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(got.header.Get("Content-Disposition"), "attachment; filename") ||
		got.header.Get("X-Content-Type-Options") != "nosniff" || got.header.Get("Content-Security-Policy") != "sandbox; default-src 'none'" {
		t.Errorf("headers = %v", got.header)
	}
	if !strings.Contains(got.header.Get("Content-Disposition"), "Chief") || strings.Contains(got.header.Get("Content-Disposition"), "scans") {
		t.Errorf("disposition = %s", got.header.Get("Content-Disposition"))
	}
	s.as(arrangementtest.Officer(t, s.db, membershiptest.Partner(t, s.db)).Account).get(file).want(404)

	second.get(confirm).want(200).shows("Confirm these 3 sign-offs", "Or reject them")
	second.get(route.Home).want(200).shows("Confirm")
	second.get(regexp.MustCompile(`/desk/rounds/\d+/text`).FindString(page.body)).want(200).shows("as it is frozen")
	second.post(confirm, fields("do", "confirm")).want(303)
	second.post(confirm, fields("do", "confirm")).want(409).shows("nothing to confirm any more")
	second.get(confirm).want(409)
	b.get(route.DeskPublishTo(m.Ref.Slug, 1)).want(200).shows("The sign-offs were made elsewhere")
}

func TestRejectingRecordedSignOffs(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	m := arrangementtest.AwaitingConfirmation(t, s.db)
	second := s.asRole(authz.BusinessSupport)
	path := route.DeskConfirmRecordedTo(m.Round)
	second.post(path, fields("do", "reject", "reason", "")).want(422).shows("Enter why you reject these sign-offs")
	second.post(path, fields("do", "reject", "reason", "The minutes say otherwise.")).want(303)
	if got := draftOf(t, s, m).State(today()); got != arrangement.StateDraft {
		t.Errorf("state = %s, want draft", got)
	}
	out := arrangementtest.OutForSignOff(t, s.db)
	second.get(route.DeskConfirmRecordedTo(out.Round)).want(404)
	second.get(route.DeskConfirmRecordedTo(id.Round(999_999_999))).want(404)
}

func TestWhatIsWrongWithRecordedSignOffsIsSaid(t *testing.T) {
	t.Parallel()
	png := "\x89PNG\r\n\x1a\n"
	for name, c := range map[string]struct {
		alter  func(p parcel, suffix string)
		status int
		shows  string
	}{
		"an empty office": {func(p parcel, x string) { p.fields.Set("office"+x, "") }, 422, "Enter the office that signed"},
		"no date": {func(p parcel, x string) {
			p.fields.Del("signed-on" + x + "-year")
			p.fields.Del("signed-on" + x + "-month")
		}, 422, "signed"},
		"a date to come":       {func(p parcel, x string) { p.fields.Set("signed-on"+x+"-year", "2199") }, 422, "can't lie in the future"},
		"no evidence":          {func(p parcel, x string) { p.fields.Set("source"+x, " ") }, 422, "or choose a file"},
		"another kind of file": {func(p parcel, x string) { p.files["file"+x] = sentFile{"a.pdf", []byte("<html>")} }, 422, "The file must be a PDF, a PNG or a JPEG"},
		"an empty file":        {func(p parcel, x string) { p.files["file"+x] = sentFile{"a.pdf", nil} }, 422, "The file is empty"},
		"a file over 10 MB": {func(p parcel, x string) {
			p.files["file"+x] = sentFile{"a.png", append([]byte(png), make([]byte, 10<<20)...)}
		}, 422, "The file must be 10 MB or smaller"},
		"another text":      {func(p parcel, _ string) { p.fields.Set("digest", "00") }, 409, "The text has changed since you checked it"},
		"a field too many":  {func(p parcel, _ string) { p.fields.Set("office-7777777", "x") }, 400, "did not arrive whole"},
		"no day":            {func(p parcel, _ string) { p.fields.Del("seats-on") }, 400, "did not arrive whole"},
		"files beyond 45MB": {func(p parcel, x string) { p.files["file"+x] = sentFile{"a.png", make([]byte, 46<<20)} }, 413, "larger than this page takes"},
	} {
		t.Run(name+" is refused with what was typed", func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			m := arrangementtest.Draft(t, s.db)
			b := s.as(m.Support.Account)
			p := entries(t, b, m)
			c.alter(p, "-"+number(m.Partners[1].ID))
			got := b.sendParcel(route.DeskRecordedTo(m.Ref.Slug, 1), p).want(c.status).shows(c.shows)
			if c.status == 422 || c.status == 409 {
				got.shows("Choose them again").holds("Minutes of June 2019</textarea>")
			}
			if got := draftOf(t, s, m).State(today()); got != arrangement.StateDraft {
				t.Errorf("state = %s, want a draft as before", got)
			}
		})
	}
	t.Run("a PNG and a JPEG are taken", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		m := arrangementtest.Draft(t, s.db)
		b := s.as(m.Support.Account)
		p := entries(t, b, m)
		p.files["file-"+number(m.Partners[0].ID)] = sentFile{"a.png", append([]byte(png), make([]byte, 10<<20-len(png))...)}
		p.files["file-"+number(m.Partners[1].ID)] = sentFile{strings.Repeat("long", 80) + ".jpg", []byte("\xff\xd8\xff\xe0")}
		page := b.get(b.sendParcel(route.DeskRecordedTo(m.Ref.Slug, 1), p).want(303).header.Get("Location")).want(200).shows("a.png", "long.jpg")
		file := regexp.MustCompile(`href="(/sign-off/\d+/evidence/\d+)"`).FindStringSubmatch(page.body)[1]
		if got := b.get(file).want(200); len(got.body) != 10<<20 || got.header.Get("Content-Type") != "image/png" {
			t.Errorf("%d bytes of %s", len(got.body), got.header.Get("Content-Type"))
		}
	})
}

func TestWithdrawing(t *testing.T) {
	t.Parallel()
	t.Run("the text stays to be read, marked, and the version before is in force again", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		first := arrangementtest.Published(t, s.db, func(m *arrangementtest.Made) { m.EffectiveFrom = today().Add(-30) })
		second := arrangementtest.NextPublished(t, s.db, first, today())
		b, path := s.as(first.Support.Account), route.DeskWithdrawTo(second.Ref.Slug, 2)
		b.get(route.DeskVersionTo(second.Ref.Slug, 2)).want(200).holds(`href="` + path + `"`)
		b.get(path).want(200).shows("Version 1 is in force again from now on")
		b.post(path, fields("text", "open")).want(422).shows("Enter why the version is withdrawn")
		b.post(path, fields("reason", "A <b>page</b> was missing 🙂")).want(422).shows("Choose whether the text stays to be read", "A <b>page</b> was missing 🙂")
		b.post(path, fields("reason", "A <b>page</b> was missing 🙂", "text", "open")).leadsTo(route.DeskVersionTo(second.Ref.Slug, 2))
		b.get(route.DeskVersionTo(second.Ref.Slug, 2)).want(200).shows("Withdrawn").hides("Withdraw this version")
		b.post(path, fields("reason", "Again", "text", "open")).want(409)
		b.get(path).want(409).shows("was not withdrawn before")
		public := s.visitor()
		public.get(route.ArrangementVersionTo(second.Ref.Slug, 2)).want(200).shows("Reason: A <b>page</b> was missing 🙂", "Read the withdrawn text")
		public.get(route.ArrangementTo(first.Ref.Slug)).want(200).shows("Version 1")
		public.get(route.ArrangementContentTo(second.Ref.Slug, 2)).want(200)
	})
	t.Run("a legal reason closes the text everywhere in public", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		m := arrangementtest.Published(t, s.db, func(m *arrangementtest.Made) { m.Sections[0].Markdown = "Marigold." })
		b, path := s.as(m.Support.Account), route.DeskWithdrawTo(m.Ref.Slug, 1)
		b.get(path).want(200).shows("no version of")
		b.post(path, fields("reason", "See below", "text", "closed")).want(422).shows("Enter the legal reason for which the text is closed")
		b.post(path, fields("reason", "See below", "text", "closed", "law", "An order of the High Court")).want(303)
		public := s.visitor()
		public.get(route.ArrangementVersionTo(m.Ref.Slug, 1)).want(200).hides("Marigold", "Exact text as data").
			shows("The text is closed for a legal reason: An order of the High Court", "cannot be read here any more")
		public.get(route.ArrangementContentTo(m.Ref.Slug, 1)).want(404)
		public.get(route.ArrangementAgenciesTo(m.Ref.Slug, 1)).want(404)
		public.get(route.ArrangementSignOffsTo(m.Ref.Slug, 1)).want(200).hides("Marigold")
		b.get(route.DeskTextTo(m.Ref.Slug, 1)).want(200).shows("Marigold")
	})
	t.Run("a draft can't be withdrawn", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		m := arrangementtest.SignedOff(t, s.db)
		b := s.as(m.Support.Account)
		b.get(route.DeskWithdrawTo(m.Ref.Slug, 1)).want(409)
		b.post(route.DeskWithdrawTo(m.Ref.Slug, 1), fields("reason", "A slip", "text", "open")).want(409)
	})
}
