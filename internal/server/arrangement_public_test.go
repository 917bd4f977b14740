package server_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/arrangement/librarytest"
	"partnershipportal/internal/day"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
	"partnershipportal/internal/server"
	"partnershipportal/internal/signoff"
	"partnershipportal/web/route"
)

func readingExpectations() []expectation {
	published := func(path func(string, int) string) func(fixtures) string {
		return func(f fixtures) string { return path(f.published.Slug, f.published.Number) }
	}
	return []expectation{
		open("GET "+route.Root, http.StatusOK),
		open("GET "+route.Arrangements, http.StatusOK),
		open("GET "+route.Documents, http.StatusOK),
		open("GET "+route.ArrangementsOnAny, http.StatusOK),
		open("GET "+route.ArrangementsOn, http.StatusOK).at(func(fixtures) string { return route.ArrangementsOnTo("2019-09-17") }),
		open("GET "+route.Arrangement, http.StatusOK).at(func(f fixtures) string { return route.ArrangementTo(f.published.Slug) }),
		open("GET "+route.ArrangementVersion, http.StatusOK).at(published(route.ArrangementVersionTo)),
		open("GET "+route.ArrangementSignOffs, http.StatusOK).at(published(route.ArrangementSignOffsTo)),
		open("GET "+route.ArrangementTimeline, http.StatusOK).at(published(route.ArrangementTimelineTo)),
		open("GET "+route.ArrangementContent, http.StatusOK).at(published(route.ArrangementContentTo)),
		open("GET "+route.ArrangementWord, http.StatusOK).at(published(route.ArrangementWordTo)),
		open("GET "+route.Verify, http.StatusOK),
		open("POST "+route.Verify, http.StatusBadRequest), // no file
		open("GET "+route.HowArrangementsAgree, http.StatusOK),
		open("GET "+route.Accessibility, http.StatusOK),
		open("GET "+route.Privacy, http.StatusOK),
		open("GET "+route.Cookies, http.StatusOK),
		open("GET "+route.Contact, http.StatusOK),
		open("GET "+route.Sitemap, http.StatusOK),
		open("GET "+route.Robots, http.StatusOK),
		open("GET "+route.Styleguide, http.StatusNotFound), // the demonstration alone has it
	}
}

// on sets the clock of the portal to noon of a day.
func on(iso string) func(*server.Deps) {
	return func(d *server.Deps) { d.Now = func() time.Time { return day.Must(iso).Starts().Add(12 * time.Hour) } }
}

func effective(iso string, more ...func(*librarytest.Edition)) func(*librarytest.Edition) {
	return func(e *librarytest.Edition) {
		e.Effective = day.Must(iso)
		for _, f := range more {
			f(e)
		}
	}
}

func TestReadingTheArrangements(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	shelf := librarytest.New(t, tx)
	first := shelf.Publish(t, effective("2019-09-17", func(e *librarytest.Edition) {
		e.Recorded, e.Demonstration, e.Label, e.Published = true, true, "June 2019", day.Roughly(day.Must("2019-06-01"), day.Month)
		e.Sections = []arrangement.Text{{Heading: "Who we are", Markdown: "We are **one**.\n\n| A | B |\n|---|---|\n| 1 | 2 |"}, {Heading: "What we do", Markdown: "Work."}}
	}))
	second := shelf.Publish(t, effective("2027-04-01"))
	at := func(iso string) *browser { return siteOver(t, tx, pgtest.Public(t, tx), on(iso)).visitor() }
	home := route.ArrangementTo(shelf.Slug)

	t.Run("before the first version nothing is in force and the predecessor is named", func(t *testing.T) {
		at("2019-09-16").get(home).want(http.StatusOK).shows("No version of this document is in force on 16 September 2019.",
			"the text of "+shelf.Predecessor.Name+" applied").hides("We are")
		at("2019-09-16").get(route.Root).shows("No version of this document is in force")
	})
	t.Run("from its day on the first one is in force, and the next one announced", func(t *testing.T) {
		a := at("2026-11-22").get(home).want(http.StatusOK).shows("June 2019 (version 1)", "In force since 17 September 2019.",
			"A new version takes effect on 1 April 2027.", "Demonstration data", "Recorded", "3 of 3 safeguarding partners (recorded)", "Published June 2019",
			"Working Together 2026", "1.1 We are one", "Who we are", "What we do")
		for _, anchor := range []string{`id="s1"`, `id="p1-1"`, `id="p1-2"`, `id="p2-1"`, `href="#p1-1"`, `href="#s2"`, `<th scope="col">A</th>`} {
			if !strings.Contains(a.body, anchor) {
				t.Errorf("the page has no %s", anchor)
			}
		}
		at("2026-11-22").get(route.Root).shows("In force since 17 September 2019.", shelf.Officers[0].Partner.Body.Name, "Lead officer, June 2019",
			"A new version takes effect on 1 April 2027.")
		at("2026-11-22").get(route.Arrangements).shows("June 2019 (version 1) has been in force since 17 September 2019.", "Upcoming", "Version 2")
	})
	t.Run("the upcoming one says that it is not in force", func(t *testing.T) {
		at("2026-11-22").get(route.ArrangementVersionTo(second.Slug, second.Number)).want(http.StatusOK).
			shows("This version is not in force yet. It takes effect on 1 April 2027.", "Until then the version of 17 September 2019 stays in force.")
	})
	t.Run("on its day it takes over", func(t *testing.T) {
		at("2027-04-01").get(home).shows("In force since 1 April 2027.", "Version 2", "Replaced June 2019 (version 1)")
		at("2027-04-01").get(route.ArrangementVersionTo(first.Slug, first.Number)).
			shows("This version is no longer in force. It has been replaced.", "In force from 17 September 2019 to 31 March 2027.", "Replaced by Version 2")
	})
	t.Run("any day can be asked for", func(t *testing.T) {
		b := at("2026-11-22")
		b.get(route.ArrangementsOnAny + "?on-day=17&on-month=9&on-year=2019").leadsTo(route.ArrangementsOnTo("2019-09-17"))
		b.get(route.ArrangementsOnAny+"?on-day=31&on-month=2&on-year=2019").want(http.StatusUnprocessableEntity).shows("There is a problem", "must be a real date")
		b.get(route.ArrangementsOnTo("2019-09-16")).shows("No version of this document was in force", shelf.Predecessor.Name)
		b.get(route.ArrangementsOnTo("2019-09-17")).shows("June 2019 (version 1) was in force.", "In force")
		b.get(route.ArrangementsOnTo("2028-01-01")).shows("Version 2 will be in force.", "A version published later may change it.")
	})
	t.Run("sign-offs show body, office, day and source", func(t *testing.T) {
		at("2026-11-22").get(route.ArrangementSignOffsTo(first.Slug, first.Number)).shows(shelf.Officers[1].Partner.Body.Name, "Lead officer",
			"Signed June 2019", "Minutes of the board", "Signed elsewhere")
		at("2026-11-22").get(route.ArrangementSignOffsTo(second.Slug, second.Number)).shows("Chief Officer", "Signed here, with password").
			hides("Officer of " + shelf.Officers[1].Partner.Body.Name)
	})
	t.Run("the timeline tells what is public", func(t *testing.T) {
		at("2026-11-22").get(route.ArrangementTimelineTo(second.Slug, second.Number)).
			shows("Published", "Signed off by every safeguarding partner", "Put to the safeguarding partners for sign-off")
	})
	t.Run("content is the exact bytes, to be kept for ever", func(t *testing.T) {
		a := at("2026-11-22").get(route.ArrangementContentTo(second.Slug, second.Number)).want(http.StatusOK)
		digest := hex.EncodeToString(arrangement.Digest([]byte(a.body)))
		if a.body != string(shelf.Content) || a.header.Get("ETag") != `"`+digest+`"` || a.header.Get("Content-Type") != "application/json" ||
			!strings.Contains(a.header.Get("Cache-Control"), "immutable") {
			t.Errorf("content.json came as %v with %d bytes, want the %d signed ones", a.header, len(a.body), len(shelf.Content))
		}
	})
	t.Run("the site map lists them", func(t *testing.T) {
		a := at("2026-11-22").get(route.Sitemap).want(http.StatusOK)
		if !strings.Contains(a.body, "<loc>http://localhost:8080"+route.ArrangementVersionTo(second.Slug, 2)+"</loc>") {
			t.Errorf("the site map lacks version 2:\n%s", a.body)
		}
	})
}

func TestAWithdrawnVersionKeepsItsTombstone(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	shelf := librarytest.New(t, tx)
	shelf.Publish(t)
	wrong := shelf.Publish(t, effective("2020-01-01"))
	shelf.Withdraw(t, wrong, "The wrong file was put to the partners.")
	b := siteOver(t, tx, pgtest.Public(t, tx)).visitor()
	b.get(route.ArrangementVersionTo(wrong.Slug, wrong.Number)).want(http.StatusOK).
		shows("This version was withdrawn on", "The wrong file was put to the partners.", "Read the version in force", "Read the withdrawn text")
	b.get(route.ArrangementTo(wrong.Slug)).shows("Version 1", "In force since 17 September 2019.")
}

func TestWhatIsNotPublishedIsNotFound(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	shelf := librarytest.New(t, tx)
	ref := shelf.Publish(t)
	b := siteOver(t, tx, pgtest.Public(t, tx)).visitor()
	version := route.ArrangementVersionTo
	for _, path := range []string{route.ArrangementTo("none"), version("none", 1), version(ref.Slug, 2), version(ref.Slug, 99999999), route.ArrangementTo(ref.Slug) + "/versions/0",
		route.ArrangementTo(ref.Slug) + "/versions/01", route.ArrangementTo(ref.Slug) + "/versions/+1", route.ArrangementTo(ref.Slug) + "/versions/99999999999999999999",
		route.ArrangementTo(ref.Slug) + "/versions/x", version(ref.Slug, 2) + "/sign-offs", version(ref.Slug, 2) + "/timeline", version(ref.Slug, 2) + "/content.json",
		route.ArrangementsOnTo("2019-9-7"), route.ArrangementsOnTo("2019-02-29"), route.ArrangementsOnTo("today"), route.ArrangementsOnTo("1066-10-14"), route.ArrangementsOnTo("20190917")} {
		b.get(path).want(http.StatusNotFound).shows("Page not found")
	}
	for _, path := range []string{"/arrangements/%00", "/arrangements/%ff", "/arrangements/on/%00", "/verify?digest=%00", "/verify?digest=%ff", version(ref.Slug, 1) + "?x=%fe"} {
		b.get(path).want(http.StatusBadRequest)
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	shelf := librarytest.New(t, tx)
	ref := shelf.Publish(t)
	site := siteOver(t, tx, pgtest.Public(t, tx))
	b := site.visitor()
	digest := hex.EncodeToString(arrangement.Digest(shelf.Content))

	b.get(route.Verify).want(http.StatusOK).shows("Check a digest", "Check a file")
	b.get(route.VerifyTo(digest, false)).want(http.StatusOK).shows("This is the exact text of a published version", "Version 1", "In force since")
	b.get(route.Verify + "?digest=SHA256:" + strings.ToUpper(digest[:32]) + "+" + digest[32:]).shows("This is the exact text of a published version")
	b.get(route.VerifyTo(strings.Repeat("0", 64), false)).want(http.StatusOK).shows("Nothing published here has this digest")
	b.get(route.Verify + "?digest=abc").want(http.StatusUnprocessableEntity).shows("A digest has 64 characters")
	b.get(route.Verify + "?digest=").want(http.StatusUnprocessableEntity).shows("Enter a digest")

	signed := b.get(route.ArrangementSignOffsTo(ref.Slug, ref.Number))
	statement := regexp.MustCompile(`data-copy="([0-9a-f]{64})"[^>]*data-copy-status="statement-2-status"`).FindStringSubmatch(signed.body)
	if statement == nil {
		t.Fatal("the sign-offs show no digest of a statement")
	}
	b.get(route.VerifyTo(statement[1], false)).shows("This is the statement of a sign-off", shelf.Officers[1].Partner.Body.Name)

	b.upload(route.Verify, "upload", "content.json", shelf.Content).leadsTo(route.VerifyTo(digest, true))
	b.upload(route.Verify, "upload", "", nil).want(http.StatusUnprocessableEntity).shows("Choose a file")
	b.upload(route.Verify, "upload", "big", bytes.Repeat([]byte("x"), 21<<20)).want(http.StatusRequestEntityTooLarge)
	b.get(route.VerifyTo(strings.Repeat("1", 64), true)).shows("Your file is not, byte for byte,")
}

// upload sends one file.
func (b *browser) upload(path, field, name string, body []byte) answer {
	b.site.t.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile(field, name)
	if err == nil {
		_, err = part.Write(body)
	}
	if err = errors.Join(err, w.Close()); err != nil {
		b.site.t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "http://localhost:8080"+path, &form)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	rec := httptest.NewRecorder()
	b.site.srv.ServeHTTP(rec, r)
	return answer{t: b.site.t, request: "POST " + path, status: rec.Code, header: rec.Header(), body: rec.Body.String()}
}

const canary = "zqcanaryzq"

// Whatever is not published must not be found on any page that anybody can reach.
func TestNothingUnpublishedLeaks(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	shelf := librarytest.New(t, tx)
	shelf.Publish(t, effective("2019-09-17", func(e *librarytest.Edition) { e.Recorded = true }))
	shelf.Draft(t, effective("2027-01-01", func(e *librarytest.Edition) {
		e.Title = "Title " + canary
		e.Sections = []arrangement.Text{{Heading: canary, Markdown: canary}}
	}))
	shelf.OpenRound(t)
	statement := decline(t, shelf)
	if statement == "" {
		t.Fatal("the round was not declined")
	}
	shelf.OpenRound(t)
	other := librarytest.New(t, tx)
	other.Draft(t, func(e *librarytest.Edition) { e.Title = canary })

	b := siteOver(t, tx, pgtest.Public(t, tx)).visitor()
	seen := map[string]bool{}
	queue := []string{route.Root, route.Arrangements, route.Documents, route.Verify, route.Sitemap, route.Robots, route.Partners, route.Agencies,
		route.ArrangementsOnTo("2027-01-01"), route.ArrangementTo(shelf.Slug), route.VerifyTo(hex.EncodeToString(arrangement.Digest(shelf.Content)), false)}
	links := regexp.MustCompile(`(?:href="|<loc>http://localhost:8080)(/[^"#<]*)`)
	for len(queue) > 0 {
		path := strings.ReplaceAll(queue[0], "&amp;", "&")
		queue = queue[1:]
		if seen[path] || strings.HasPrefix(path, "/assets/") {
			continue
		}
		seen[path] = true
		a := b.get(path)
		if a.status >= 500 {
			t.Errorf("%s answers %d", path, a.status)
		}
		if low := strings.ToLower(a.body); strings.Contains(low, canary) || strings.Contains(low, "officer of body") {
			a.keep()
			t.Errorf("%s shows what is not published", path)
		}
		if len(b.cookies) > 0 && !strings.HasPrefix(path, route.SignIn) {
			t.Errorf("%s set a cookie", path)
		}
		b.cookies = map[string]string{}
		for _, m := range links.FindAllStringSubmatch(a.body, -1) {
			queue = append(queue, m[1])
		}
	}
	if len(seen) < 20 {
		t.Errorf("only %d pages were looked at; the links are not followed", len(seen))
	}
	for _, path := range []string{route.ArrangementVersionTo(shelf.Slug, 2), route.ArrangementContentTo(shelf.Slug, 2), route.ArrangementTo(other.Slug)} {
		b.get(path).want(http.StatusNotFound).hides(canary)
	}
}

// decline has one officer sign and another decline with the canary as the reason.
func decline(t *testing.T, shelf *librarytest.Shelf) string {
	t.Helper()
	shelf.MustAct(t, shelf.Officers[0].Actor, signoff.Sign)
	r, err := shelf.Service.Round(t.Context(), shelf.Support, shelf.Round)
	if err != nil {
		t.Fatal(err)
	}
	st, err := shelf.Service.Issue(t.Context(), shelf.Officers[1].Actor,
		signoff.IssueCommand{Round: shelf.Round, Kind: signoff.Decline, Reason: canary, Digest: r.DigestHex()})
	if err != nil {
		t.Fatal(err)
	}
	done, err := shelf.Service.Act(t.Context(), shelf.Officers[1].Actor,
		signoff.ActCommand{Round: shelf.Round, Statement: st.ID, Password: "the officer's own password"})
	if err != nil || done.Round.Outcome != signoff.Declined {
		t.Fatalf("decline: %v, %v", done.Round.Outcome, err)
	}
	return st.ID
}

// A database that can't answer is never "not found", which search engines would believe.
func TestAnAbsentDatabaseIsUnavailable(t *testing.T) {
	t.Parallel()
	gone, err := pg.Open(t.Context(), pg.Config{URL: "postgres://nobody@127.0.0.1:1/none", Role: pg.RolePublic})
	if err != nil {
		t.Fatal(err)
	}
	defer gone.Close()
	tx := pgtest.Tx(t)
	b := siteOver(t, tx, gone).visitor()
	for _, path := range []string{route.Root, route.Arrangements, route.Documents, route.ArrangementTo("x"), route.ArrangementVersionTo("x", 1),
		route.ArrangementSignOffsTo("x", 1), route.ArrangementTimelineTo("x", 1), route.ArrangementContentTo("x", 1), route.ArrangementsOnTo("2020-01-01"),
		route.VerifyTo(strings.Repeat("0", 64), false), route.Contact, route.Privacy, route.Sitemap} {
		a := b.get(path).want(http.StatusServiceUnavailable)
		if a.header.Get("Retry-After") == "" || a.header.Get("ETag") != "" || !strings.Contains(a.header.Get("Cache-Control"), "no-store") {
			t.Errorf("%s came with %v, want it to be asked again and not kept", path, a.header)
		}
	}
}

func TestPublicPagesAreKeptUntilTheDatabaseTellsOfAChange(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t)
	shelf := librarytest.New(t, db.App)
	shelf.Publish(t)
	counting := &countingDB{DB: db.Public}
	now := day.Must("2026-11-22").Starts().Add(12 * time.Hour)
	s := siteOver(t, db.App, counting, func(d *server.Deps) { d.Now = func() time.Time { return now } })
	told := make(chan struct{}, 100)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		pg.Listen(ctx, pg.ListenConfig{URL: db.URL, Role: pg.RolePublic, Channel: "published_changed"}, tellOn{s.srv, told}, func(error) {})
	}()
	defer func() { cancel(); <-ended }()
	<-told // connected
	b, path := s.visitor(), route.ArrangementTo(shelf.Slug)

	first := b.get(path).want(http.StatusOK).shows("Version 1")
	tag := first.header.Get("ETag")
	before := counting.queries()
	if again := b.get(path).want(http.StatusOK); again.body != first.body || again.header.Get("ETag") != tag || counting.queries() != before {
		t.Errorf("the second reader cost %d queries, want none, and the same page", counting.queries()-before)
	}
	if first.header.Get("Vary") != "Accept-Encoding" || first.header.Get("Cache-Control") != "public, max-age=0, must-revalidate" || first.header.Get("Set-Cookie") != "" {
		t.Errorf("headers %v, want those of a page that any cache may hold", first.header)
	}
	b.headers.Set("If-None-Match", `"other", W/`+tag)
	if a := b.get(path).want(http.StatusNotModified); a.body != "" || a.header.Get("ETag") != tag {
		t.Errorf("304 came with %d bytes and the tag %s", len(a.body), a.header.Get("ETag"))
	}
	b.headers.Del("If-None-Match")
	b.headers.Set("Accept-Encoding", "gzip, br;q=0")
	zipped := b.get(path).want(http.StatusOK)
	r, err := gzip.NewReader(strings.NewReader(zipped.body))
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := io.ReadAll(r); err != nil || string(plain) != first.body || zipped.header.Get("ETag") == tag {
		t.Errorf("gzip gives %d bytes (%v) under the tag %s, want the page under a tag of its own", len(plain), err, zipped.header.Get("ETag"))
	}
	b.headers.Set("Accept-Encoding", "gzip, deflate, br")
	if got := b.get(path).header.Get("Content-Encoding"); got != "br" {
		t.Errorf("coding %q, want br", got)
	}
	b.headers.Del("Accept-Encoding")

	drain(told)
	next := shelf.Publish(t, effective("2026-11-01"))
	<-told
	b.get(path).want(http.StatusOK).shows(fmt.Sprintf("Version %d", next.Number))

	shelf.Publish(t, effective("2026-11-23"))
	<-told
	b.get(path).shows("Version 2", "A new version takes effect on 23 November 2026.")
	now = now.Add(12*time.Hour - time.Second)
	b.get(path).shows("Version 2")
	now = now.Add(time.Second)
	b.get(path).shows("Version 3", "In force since 23 November 2026.")

	s.srv.Disconnected()
	before = counting.queries()
	b.get(path).want(http.StatusOK)
	b.get(path).want(http.StatusOK)
	if got := counting.queries() - before; got < 8 {
		t.Errorf("two pages without word from the database cost %d queries, want each drawn anew", got)
	}
}

// No sign-off tells the public side anything: only publication does.
func TestSigningDropsNoPages(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t)
	shelf := librarytest.New(t, db.App)
	conn, err := pgx.Connect(t.Context(), db.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	if _, err := conn.Exec(t.Context(), `LISTEN published_changed`); err != nil {
		t.Fatal(err)
	}
	shelf.Draft(t)
	shelf.OpenRound(t)
	for _, o := range shelf.Officers {
		shelf.MustAct(t, o.Actor, signoff.Sign)
	}
	// What is told arrives in the order of commits: if the mark comes first, signing told nothing.
	exec(t, db.App, `SELECT pg_notify('published_changed', 'mark')`)
	n, err := conn.WaitForNotification(t.Context())
	if err != nil || n.Payload != "mark" {
		t.Fatalf("heard %+v (%v), want the mark alone", n, err)
	}
	exec(t, db.App, `UPDATE version SET publishing_round_id = $1, published_by = $2 WHERE id = $3`, shelf.Round, shelf.Support.Account, shelf.Version)
	if n, err := conn.WaitForNotification(t.Context()); err != nil || n.Payload != "" {
		t.Errorf("heard %+v (%v), want that something was published", n, err)
	}
}

type tellOn struct {
	*server.Server
	told chan struct{}
}

func (w tellOn) Connected() { w.Server.Connected(); w.told <- struct{}{} }
func (w tellOn) Changed()   { w.Server.Changed(); w.told <- struct{}{} }

func drain(c chan struct{}) {
	for {
		select {
		case <-c:
		default:
			return
		}
	}
}

// A public view over a table that tells of no change would leave old pages in memory.
func TestEveryPublishedTableTellsOfChanges(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t)
	rows, _ := db.Owner.Query(t.Context(), `
		WITH RECURSIVE used AS (
		    SELECT table_schema, table_name FROM information_schema.view_table_usage WHERE view_schema = 'published'
		    UNION SELECT u.table_schema, u.table_name FROM used JOIN information_schema.view_table_usage u
		      ON (u.view_schema, u.view_name) = (used.table_schema, used.table_name))
		SELECT DISTINCT c.relname::text FROM used JOIN pg_class c ON c.oid = format('%I.%I', used.table_schema, used.table_name)::regclass
		WHERE used.table_schema = 'public' AND c.relkind = 'r'
		  AND NOT EXISTS (SELECT FROM pg_trigger g JOIN pg_proc f ON f.oid = g.tgfoid WHERE g.tgrelid = c.oid AND f.proname = 'tell_published_changed')
		ORDER BY 1`)
	silent, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	// These fill before a version is published; publication itself is told of by its row.
	if want := "act event round statement"; strings.Join(silent, " ") != want {
		t.Errorf("tables behind public views that tell of no change: %v, want %s alone", silent, want)
	}
}
