package server_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/file"
	"partnershipportal/internal/file/filetest"
	"partnershipportal/internal/group"
	"partnershipportal/internal/group/grouptest"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/web/route"
)

func TestAGroupFromItsStartToAnActionDone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	body := membershiptest.Organisation(t, s.db)
	support, staff := s.asRole(authz.BusinessSupport), s.asRole(authz.AgencyStaff, body.ID)
	slug := "group-" + membershiptest.Unique()
	on := day.Of(time.Now())

	support.get(route.Home).want(200).shows("The groups of the partnership")
	support.get(route.DeskGroups).want(200).shows("Add a group")
	support.post(route.DeskGroupAdd, fields("name", "Housing group", "slug", "Not an address", "purpose", "Homes", "starts-day", "1", "starts-month", "2", "starts-year", "2020")).
		want(422).shows("Use lower-case letters, figures and single hyphens only")
	support.post(route.DeskGroupAdd, fields("name", "Housing group", "slug", slug, "purpose", "Homes for families.", "chair", "Head of housing", "rhythm", "every six weeks",
		"starts-day", "1", "starts-month", "2", "starts-year", "2020")).leadsTo(route.DeskGroupTo(slug))
	support.get(route.DeskGroupTo(slug)).want(200).shows("Housing group added", "No organisation is a member yet.", "No terms of reference have been added yet.")

	support.post(route.DeskGroupAct(slug, "members"), dated(fields("body", "Nobody at all"), "starts", on)).want(422).shows("No organisation has this name or address")
	support.post(route.DeskGroupAct(slug, "members"), dated(fields("body", body.Name), "starts", on)).leadsTo(route.DeskGroupTo(slug))
	support.sendParcel(route.DeskGroupAct(slug, "terms-of-reference"), parcel{fields: dated(fields("title", "Our terms", "language", "en"), "starts", day.Must("2020-02-01")),
		files: map[string]sentFile{"file": {"terms.docx", filetest.DOCX(t)}}}).leadsTo(route.DeskGroupTo(slug))
	s.visitor().get(route.GroupTo(slug)).want(200).shows("Housing group", "Homes for families.", "Head of housing", "Every six weeks", body.Name, "Our terms", "Word document", "Hold today").
		hides("Meeting of", "Actions")
	s.visitor().get(route.Partners).want(200).shows("Groups of the partnership")

	support.post(route.DeskGroupAct(slug, "meetings"), dated(fields("place", "Online"), "on", on)).want(303)
	g, err := group.New(s.db, time.Now).Group(t.Context(), grouptest.Support(t, s.db), slug)
	if err != nil || len(g.Meetings) != 1 {
		t.Fatalf("meetings %+v (%v)", g.Meetings, err)
	}
	meeting := g.Meetings[0].ID
	act := func(name string) string { return route.DeskMeetingAct(slug, meeting, name) }
	support.post(act("attendance"), fields("body", body.Slug, "body-other", "", "post", "Head of housing", "presence", "present")).want(409).shows("Record the meeting as held")
	support.post(act("held"), nil).leadsTo(route.GroupMeetingTo(slug, meeting))
	support.post(act("attendance"), fields("body", body.Slug, "body-other", "Another", "post", "Head of housing", "presence", "present")).want(422).shows("not both")
	support.post(act("attendance"), fields("body", body.Slug, "body-other", "", "post", "Head of housing", "presence", "present")).want(303)
	support.sendParcel(act("files"), parcel{fields: fields("kind", "minutes", "title", "", "language", "cy"), files: map[string]sentFile{"file": {"Cofnodion ŷ.pdf", filetest.PDF()}}}).want(303)
	support.post(act("actions"), dated(fields("what", "Write to the landlords", "owner", "", "owner-other", body.Slug), "due", on.Add(-2))).want(303)

	staff.get(route.Home).want(200).shows("Action for "+body.Name+": Write to the landlords (overdue since "+on.Add(-2).Long()+")", "Groups")
	staff.get(route.GroupWork).want(200).shows("Write to the landlords", "Overdue", "Housing group")
	staff.get(route.GroupMeetingTo(slug, meeting)).want(200).shows("Head of housing", "Present", "Cofnodion", "language: cy", "Write to the landlords").hides("Record attendance", "Withdraw")
	report := route.GroupActionReportTo(slug, 1)
	staff.post(report, fields("what", "done", "note", "")).want(422).shows("Say what was done")
	staff.post(report, fields("what", "progress", "note", "Ten letters are written.")).leadsTo(route.GroupActionTo(slug, 1))
	staff.post(report, fields("what", "done", "note", "All letters are sent.")).leadsTo(route.GroupActionTo(slug, 1))
	staff.get(route.GroupActionTo(slug, 1)).want(200).shows("Done", "All letters are sent.", "Ten letters are written.", "Reported as done").hides("Report on this action")
	staff.post(report, fields("what", "done", "note", "Again.")).want(409).shows("The action is closed")
	staff.get(route.Home).want(200).hides("Write to the landlords")
	staff.get(route.CSV(route.GroupActions)).want(200).shows("Write to the landlords", `"done"`)

	support.post(route.DeskActionAct(slug, 1, "reopen"), fields("reason", "One landlord is missing.")).leadsTo(route.GroupActionTo(slug, 1))
	staff.get(route.Home).want(200).shows("Write to the landlords")
}

func TestWhatIsNoPaperIsRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	m := grouptest.Full(t, s.db, membershiptest.Organisation(t, s.db).ID)
	support := s.asRole(authz.BusinessSupport)
	path := route.DeskMeetingAct(m.Slug, m.Held, "files")
	send := func(f map[string]sentFile) answer {
		return support.sendParcel(path, parcel{fields: fields("kind", "paper", "title", "A paper", "language", "en"), files: f})
	}
	send(nil).want(422).shows("Choose a file")
	for name, c := range map[string]struct {
		file sentFile
		want string
	}{
		"nothing":              {sentFile{"a.pdf", nil}, "The file is empty"},
		"a page":               {sentFile{"a.pdf", []byte("<script>alert(1)</script>")}, "The file must be a PDF, DOCX"},
		"a PDF called Word":    {sentFile{"a.docx", filetest.PDF()}, "The file is a PDF, so its name must end in .pdf"},
		"an encrypted PDF":     {sentFile{"a.pdf", []byte("%PDF-1.4 /Encrypt 1 0 R")}, "protected by a password"},
		"a file that is large": {sentFile{"a.pdf", append([]byte("%PDF-1.4"), make([]byte, file.MaxSize)...)}, "25 MB or smaller"},
	} {
		t.Run(name, func(t *testing.T) {
			send(map[string]sentFile{"file": c.file}).want(422).shows(c.want, "The file is not kept when something has to be put right")
		})
	}
	_, held, err := m.Service.Meeting(t.Context(), grouptest.Support(t, s.db), m.Slug, m.Held)
	if err != nil || len(held.Files) != 1 {
		t.Errorf("files %+v (%v), want the minutes alone", held.Files, err)
	}
}

// pieces notes how much is written at once.
type pieces struct {
	*httptest.ResponseRecorder
	most int
}

func (p *pieces) Write(b []byte) (int, error) {
	p.most = max(p.most, len(b))
	return p.ResponseRecorder.Write(b)
}

func TestFilesAreSentToBeKept(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	member := membershiptest.Organisation(t, s.db)
	m := grouptest.Full(t, s.db, member.ID)
	support := s.asRole(authz.BusinessSupport)
	large := append([]byte("%PDF-1.4\n"), bytes.Repeat([]byte{'x'}, 1<<20)...)
	support.sendParcel(route.DeskMeetingAct(m.Slug, m.Held, "files"), parcel{fields: fields("kind", "paper", "title", "Large", "language", "en"),
		files: map[string]sentFile{"file": {`Bericht "ŷ"; x.pdf`, large}}}).want(303)
	_, held, err := m.Service.Meeting(t.Context(), grouptest.Support(t, s.db), m.Slug, m.Held)
	if err != nil {
		t.Fatal(err)
	}
	paper := held.Files[len(held.Files)-1]
	for _, f := range held.Files {
		if f.Title == "Large" {
			paper = f
		}
	}
	path := route.GroupMeetingFileTo(m.Slug, m.Held, paper.File)
	staff := s.asRole(authz.AgencyStaff, member.ID)

	t.Run("with headers that keep a browser from running them", func(t *testing.T) {
		a := staff.get(path).want(200)
		for name, want := range map[string]string{
			"Content-Type": "application/pdf", "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store", "Content-Length": strconv.Itoa(len(large)),
			"Content-Disposition": `attachment; filename*=utf-8''Bericht%20%22%C5%B7%22%3B%20x.pdf`, "Content-Language": "en",
		} {
			if got := a.header.Get(name); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		if !strings.HasPrefix(a.header.Get("Content-Security-Policy"), "sandbox") || a.body != string(large) {
			t.Errorf("policy %q, %d bytes", a.header.Get("Content-Security-Policy"), len(a.body))
		}
	})
	t.Run("in pieces, never held whole", func(t *testing.T) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost:8080"+path, nil)
		for name, value := range staff.cookies {
			r.AddCookie(&http.Cookie{Name: name, Value: value})
		}
		w := &pieces{ResponseRecorder: httptest.NewRecorder()}
		s.srv.ServeHTTP(w, r)
		if w.Code != http.StatusOK || w.most > 256<<10 || w.Body.Len() != len(large) {
			t.Errorf("status %d, %d bytes, at most %d at once", w.Code, w.Body.Len(), w.most)
		}
	})
	t.Run("to the public once, as long as they do not change", func(t *testing.T) {
		path := route.GroupTermsTo(m.Slug, m.Terms)
		tag := s.visitor().get(path).want(200).header.Get("ETag")
		again := s.visitor()
		again.headers.Set("If-None-Match", tag)
		if a := again.get(path).want(304); a.body != "" || len(tag) != 66 {
			t.Errorf("tag %q, body of %d bytes", tag, len(a.body))
		}
		s.visitor().get(route.GroupTermsTo(m.Slug, m.Minutes)).want(404)
	})
	t.Run("no longer, once withdrawn", func(t *testing.T) {
		support.post(route.DeskMeetingWithdrawTo(m.Slug, m.Held, paper.File), fields("reason", "It names a family.")).want(303)
		staff.get(path).want(404)
		staff.get(route.GroupMeetingTo(m.Slug, m.Held)).want(200).hides("Large")
		support.get(route.GroupMeetingTo(m.Slug, m.Held)).want(200).shows("Withdrawn: It names a family.")
	})
}

func TestWhoTakesPartInNothingIsTold(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.asRole(authz.AgencyStaff, membershiptest.Organisation(t, s.db).ID).get(route.GroupWork).want(200).
		shows("Your organisation is not a member of any group.", "No group has asked your organisation to do anything that is still open.")
	s.asRole(authz.Scrutineer).get(route.GroupWork).want(200).shows("All groups of the partnership")
	s.asRole(authz.BusinessSupport).get(route.DeskGroups).want(200).shows("There is no group yet.")
	s.visitor().get(route.Groups).want(200).shows("No group is recorded today.")
}
