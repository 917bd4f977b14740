package server

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/day"
	"partnershipportal/web/page"
	"partnershipportal/web/page/text"
	"partnershipportal/web/route"
)

// standingPage shows a standing text with the partnership's own details in it.
func (s *Server) standingPage(path, markdown string) publicPage {
	return func(r *http.Request, _ day.Date) (view, error) {
		set, err := s.Settings.Public(r.Context())
		if err != nil {
			return view{}, err
		}
		name := set.Name
		if name == "" {
			name = "this partnership"
		}
		filled := text.Fill(markdown, text.Details{Partnership: name, ContactEmail: set.ContactEmail, ContactPhone: set.ContactPhone})
		p := page.Standing{Title: filled.Title, HTML: page.SafeHTML(arrangement.RenderPage(filled.Markdown))}
		return view{title: p.Title, content: p.Content(), current: path, canonical: path}, nil
	}
}

// getContact says whom to ask.
func (s *Server) getContact(r *http.Request, _ day.Date) (view, error) {
	set, err := s.Settings.Public(r.Context())
	if err != nil {
		return view{}, err
	}
	p := page.Contact{Office: set.ContactOffice, Email: set.ContactEmail, Phone: set.ContactPhone}
	for line := range strings.Lines(set.ContactAddress) {
		if line = strings.TrimSpace(line); line != "" {
			p.Address = append(p.Address, line)
		}
	}
	return view{title: "Contact", content: p.Content(), canonical: route.Contact}, nil
}

// getRobots lets search engines read what is public, but nothing of a demonstration.
func (s *Server) getRobots(w http.ResponseWriter, r *http.Request) error {
	allowed := "Allow: /\nSitemap: " + s.BaseURL.String() + route.Sitemap + "\n"
	if s.Demonstration {
		allowed = "Disallow: /\n"
	}
	return publicText(w, r, "text/plain; charset=utf-8", "User-agent: *\n"+allowed)
}

type sitemap struct {
	XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	URLs    []struct {
		Location string `xml:"loc"`
	} `xml:"url"`
}

// getSitemap lists every public page for search engines.
func (s *Server) getSitemap(w http.ResponseWriter, r *http.Request) error {
	documents, err := s.Library.Documents(r.Context(), "")
	if err != nil {
		return err
	}
	paths := []string{route.Root, route.Arrangements, route.Documents, route.Partners, route.Agencies, route.Groups, route.Decisions, route.ForwardPlan, route.Funding, route.ArrangementsOnAny, route.AsAtAny, route.Verify,
		route.HowArrangementsAgree, route.Accessibility, route.Privacy, route.Cookies, route.Contact}
	groups, err := s.PublicGroups.Groups(r.Context(), s.today())
	if err != nil {
		return err
	}
	for _, g := range groups {
		paths = append(paths, route.GroupTo(g.Slug))
	}
	for _, d := range documents {
		paths = append(paths, route.ArrangementTo(d.Slug))
		for _, v := range d.Versions {
			n := v.Ref.Number
			paths = append(paths, route.ArrangementVersionTo(d.Slug, n), route.ArrangementSignOffsTo(d.Slug, n), route.ArrangementTimelineTo(d.Slug, n))
		}
	}
	var m sitemap
	for _, p := range paths {
		m.URLs = append(m.URLs, struct {
			Location string `xml:"loc"`
		}{s.BaseURL.String() + p})
	}
	body, err := xml.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("write the site map: %w", err)
	}
	return publicText(w, r, "application/xml", xml.Header+string(body)+"\n")
}

// publicText sends a small public file. Feed readers ask often: one that has it already is told so.
func publicText(w http.ResponseWriter, r *http.Request, kind, body string) error {
	sum := sha256.Sum256([]byte(body))
	tag := `"` + hex.EncodeToString(sum[:]) + `"`
	h := w.Header()
	h.Set("Cache-Control", "no-cache")
	h.Set("ETag", tag)
	if knownTag(r.Header.Get("If-None-Match"), tag) {
		h.Del("Content-Disposition")
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Type", kind)
	_, _ = w.Write([]byte(body)) // the client may be gone
	return nil
}
