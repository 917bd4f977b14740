package server_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/browsertest"
	"partnershipportal/web/assets"
	"partnershipportal/web/route"
)

func TestTheEditor(t *testing.T) {
	t.Parallel()
	t.Run("counts the words of the section and of the whole text", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		m := arrangementtest.Draft(t, s.db)
		editor := route.DeskSectionTo(m.Ref.Slug, 1, m.SectionIDs[0])
		b := s.as(m.Support.Account)
		typed := fields("heading", "Scope", "markdown", "| Body | Duty |\n| --- | --- |\n| Council | chairs it |", "do", "save", "revision", "1")
		b.post(editor, typed).want(303)
		rest := draftOf(t, s, m)
		all := 0
		for _, sec := range rest.Sections[1:] {
			all += len(strings.Fields(sec.Markdown))
		}
		b.get(editor).want(200).shows("5 words in this section, " + strconv.Itoa(all+5) + " words in all")
		typed.Set("markdown", "one two")
		typed.Set("do", "preview")
		b.post(editor, typed).want(200).shows("2 words in this section, " + strconv.Itoa(all+2) + " words in all")
	})
	t.Run("takes a paste of 200 kB whole, and says how much is too much", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		m := arrangementtest.Draft(t, s.db)
		editor := route.DeskSectionTo(m.Ref.Slug, 1, m.SectionIDs[0])
		b := s.as(m.Support.Account)
		line := "Die Partner – y partneriaid – meet “quarterly”, and whenever one asks.\r\n\r\n"
		long := strings.Repeat(line, 200_000/len(line)+1)
		b.post(editor, fields("heading", "Scope", "markdown", long, "do", "preview", "revision", "1")).want(200).shows("Preview")
		b.post(editor, fields("heading", "Scope", "markdown", long, "do", "save", "revision", "1")).want(303)
		if got, want := draftOf(t, s, m).Sections[0].Markdown, strings.TrimSpace(strings.ReplaceAll(long, "\r\n", "\n")); got != want {
			t.Errorf("%d characters were kept, want %d", len(got), len(want))
		}
		b.post(editor, fields("heading", "Scope", "markdown", strings.Repeat("x", 250_001), "do", "save", "revision", "2")).want(422).
			shows("The text has 250,001 characters, and a section can hold 250,000")
	})
}

// The page is that of the site; what is typed goes to the site; nothing is saved.
func TestThePreviewFollowsTheTyping(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	m := arrangementtest.Draft(t, s.db)
	b := s.as(m.Support.Account)
	editor := route.DeskSectionTo(m.Ref.Slug, 1, m.SectionIDs[0])
	relay := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if file, ok := assets.Lookup(strings.TrimPrefix(r.URL.Path, assets.Prefix)); ok {
			w.Header().Set("Content-Type", file.ContentType)
			_, _ = w.Write(file.Body) // the browser may be gone
			return
		}
		a := b.get(editor)
		if r.Method == http.MethodPost {
			_ = r.ParseForm() // the site refuses what is wrong
			a = b.post(r.URL.Path, r.PostForm)
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", a.header.Get("Content-Security-Policy"))
		w.WriteHeader(a.status)
		_, _ = w.Write([]byte(a.body)) // the browser may be gone
	}))
	t.Cleanup(relay.Close)
	p := browsertest.Start(t).Page(t, browsertest.Options{JavaScript: true})
	p.Go(relay.URL + editor)
	p.Fill("label:Text", "Agreed by **all** of them.")
	p.Wait("#preview strong")
	if got := p.Text("#words"); !strings.HasPrefix(got, "5 words in this section") {
		t.Errorf("words = %q", got)
	}
	p.CheckAccessible()
	p.Uncheck("label:Show the preview while I type")
	if got := draftOf(t, s, m).Sections[0].Markdown; strings.Contains(got, "Agreed by") {
		t.Error("a preview was saved")
	}
}
