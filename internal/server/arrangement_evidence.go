package server

import (
	"encoding/hex"
	"net/http"
	"strconv"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/signoff"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// versionOf reads the version that the address names.
func (s *Server) versionOf(r *http.Request) (arrangement.PublishedDocument, arrangement.PublishedVersion, error) {
	ref, err := refOf(r)
	if err != nil {
		return arrangement.PublishedDocument{}, arrangement.PublishedVersion{}, err
	}
	return s.Library.Version(r.Context(), ref)
}

// getArrangementSignOffs shows who signed a version.
func (s *Server) getArrangementSignOffs(r *http.Request, today day.Date) (view, error) {
	d, v, err := s.versionOf(r)
	if err != nil {
		return view{}, err
	}
	signed, err := s.Library.SignOffs(r.Context(), v.ID)
	if err != nil {
		return view{}, err
	}
	path := route.ArrangementSignOffsTo(v.Ref.Slug, v.Ref.Number)
	p := page.ArrangementSignOffs{Title: v.Title, Name: versionName(v), Nav: versionNav(v, path),
		Notices: append(standingNotices(d, v, today), withoutLinks(marks(v))...),
		Lead:    "Every safeguarding partner signed one and the same text. Its digest is this:", Digest: ui.Digest{Value: v.DigestHex()}}
	records, err := s.Register.AuthorisedBy(r.Context(), v.ID, today)
	if err != nil {
		return view{}, err
	}
	authority := publicAuthority(records)
	for i, x := range signed {
		drawn := signedBy(x, i+1, "Text")
		drawn.Rows = append(drawn.Rows, authorityRow(authority[x.OrganisationSlug]))
		p.SignOffs = append(p.SignOffs, drawn)
	}
	if !v.Recorded() {
		if p.Scrutiny, err = s.publicScrutiny(r, signoff.OfVersion(v.ID)); err != nil {
			return view{}, err
		}
	}
	return view{title: "Sign-offs, " + v.Title + ", " + versionName(v), content: p.Content(), current: route.Arrangements, canonical: path}, nil
}

// withoutLinks is for the page that the links lead to.
func withoutLinks(list []page.Notice) []page.Notice {
	for i := range list {
		list[i].Link = nil
	}
	return list
}

// signedBy draws one sign-off, of a text or of a paper.
func signedBy(x signoff.SignOff, n int, what string) page.SignedBy {
	s := page.SignedBy{Organisation: x.Organisation, State: ui.Signed}
	if x.Method == signoff.MethodRecorded {
		s.State = ui.Recorded
	}
	s.Rows = []ui.Row{{Key: "Office", Value: officeWords(x)}}
	if x.OfficerName != "" && x.Capacity != authz.Delegate { // a delegate's name stands in the line of the office
		s.Rows = append(s.Rows, ui.Row{Key: "Officer", Value: x.OfficerName})
	}
	s.Rows = append(s.Rows, ui.Row{Key: "Signed", Content: signedWhen(x)}, ui.Row{Key: "How", Value: publicMethodWords[x.Method]})
	if x.Source != "" {
		s.Rows = append(s.Rows, ui.Row{Key: "Source", Value: x.Source})
	}
	s.Rows = append(s.Rows, ui.Row{Key: what + " signed", Content: ui.Digest{Value: hex.EncodeToString(x.Digest), Label: "SHA-256 of the " + lowerFirst(what), ID: "text-" + strconv.Itoa(n)}})
	if len(x.StatementDigest) > 0 {
		s.Rows = append(s.Rows, ui.Row{Key: "Statement",
			Content: ui.Digest{Value: hex.EncodeToString(x.StatementDigest), Label: "SHA-256 of the signed statement", ID: "statement-" + strconv.Itoa(n)}})
	}
	s.Rows = append(s.Rows, ui.Row{Key: "Body", Content: linkTo(ui.Link{Text: "About " + x.Organisation, Path: route.OrganisationTo(x.OrganisationSlug)})})
	return s
}

// getArrangementTimeline shows the public part of how a version came about.
func (s *Server) getArrangementTimeline(r *http.Request, today day.Date) (view, error) {
	d, v, err := s.versionOf(r)
	if err != nil {
		return view{}, err
	}
	events, err := s.Library.PublicTimeline(r.Context(), v.ID)
	if err != nil {
		return view{}, err
	}
	signed, err := s.Library.SignOffs(r.Context(), v.ID)
	if err != nil {
		return view{}, err
	}
	path := route.ArrangementTimelineTo(v.Ref.Slug, v.Ref.Number)
	p := page.ArrangementTimeline{Title: v.Title, Name: versionName(v), Nav: versionNav(v, path), Notices: append(standingNotices(d, v, today), marks(v)...)}
	for _, e := range events {
		if words, known := eventWords[e.Action]; known {
			p.Entries = append(p.Entries, ui.TimelineEntry{What: words, Who: eventWho(e, signed), When: ui.TimeAt(e.At)})
		}
	}
	return view{title: "Timeline, " + v.Title + ", " + versionName(v), content: p.Content(), current: route.Arrangements, canonical: path}, nil
}

// eventWho names the body of an event, and for a delegate's signature in which capacity it was given.
func eventWho(e arrangement.PublicEvent, signed []signoff.SignOff) string {
	for _, x := range signed {
		if e.Action == "round.signed" && x.Organisation == e.Organisation && x.Capacity == authz.Delegate {
			return x.Organisation + ": " + officeWords(x)
		}
	}
	return e.Organisation
}

// getArrangementContent sends the exact bytes that were signed. They never change, so they may be kept for ever.
func (s *Server) getArrangementContent(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	content, digest, err := s.Library.Content(r.Context(), ref)
	if err != nil {
		return err
	}
	sendSigned(w, r, content, digest)
	return nil
}

// sendSigned sends bytes that were signed, which may be kept for ever.
func sendSigned(w http.ResponseWriter, r *http.Request, content, digest []byte) {
	tag := `"` + hex.EncodeToString(digest) + `"`
	h := w.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(content)))
	_, _ = w.Write(content) // the client may be gone
}
