package server

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/day"
	"partnershipportal/internal/signoff"
)

const wordType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

// whichCounts stands in every Word document: what is printed is a copy.
const whichCounts = "This is a copy for reading. The text that counts is the one kept in the portal."

// getDeskWord sends the text of a version as it stands: the frozen one if there is a round, else the draft.
func (s *Server) getDeskWord(w http.ResponseWriter, r *http.Request) error {
	d, err := s.deskDraft(r)
	if err != nil {
		return err
	}
	if d.LiveRound != 0 {
		round, err := s.Rounds.Round(r.Context(), actorOf(r), d.LiveRound)
		if err != nil {
			return err
		}
		return s.sendRoundWord(w, r, round)
	}
	now := day.Clock(s.Now())
	text := arrangement.WordText{Title: d.Title, Site: s.whole(""), Header: "Draft of " + now + ". Not agreed by anybody.",
		Facts: append(wordFacts(d.Guidance.Title, d.EffectiveFrom, d.Areas), "Draft of version "+strconv.Itoa(d.Ref.Number)+", as it stood on "+now+". Not agreed by anybody.", whichCounts)}
	for _, sec := range d.Sections {
		text.Sections = append(text.Sections, arrangement.Text{Heading: sec.Heading, Markdown: sec.Markdown})
	}
	return sendWord(w, r, fmt.Sprintf("%s-version-%d-draft.docx", d.Ref.Slug, d.Ref.Number), text)
}

// getSignOffWord sends the text that a round asks the partners to sign.
func (s *Server) getSignOffWord(w http.ResponseWriter, r *http.Request) error {
	which, err := roundOf(r)
	if err != nil {
		return err
	}
	round, err := s.Rounds.Round(r.Context(), actorOf(r), which)
	if err != nil {
		return err
	}
	return s.sendRoundWord(w, r, round)
}

func (s *Server) sendRoundWord(w http.ResponseWriter, r *http.Request, round signoff.Round) error {
	if round.Paper.Kind != signoff.VersionPaper {
		return errNoPage
	}
	content, err := arrangement.ReadContent(round.Content)
	if err != nil {
		return err
	}
	state := fmt.Sprintf("Text of round %d, put to the safeguarding partners on %s", round.Number, day.Of(round.OpenedAt).Long())
	if round.Origin == signoff.Recorded {
		state = "Text whose sign-offs were made elsewhere and are recorded here"
	}
	if round.Outcome == signoff.Complete && round.SetAside == "" {
		state += ". Signed by every safeguarding partner"
	}
	return sendWord(w, r, fmt.Sprintf("%s-round-%d.docx", paperFile(round.Paper), round.Number), s.frozenWord(content, state, round.DigestHex()))
}

// getArrangementWord sends a published text for committee papers.
func (s *Server) getArrangementWord(w http.ResponseWriter, r *http.Request) error {
	_, v, err := s.versionOf(r)
	if err != nil {
		return err
	}
	frozen, _, err := s.Library.Content(r.Context(), v.Ref)
	if err != nil {
		return err
	}
	content, err := arrangement.ReadContent(frozen)
	if err != nil {
		return err
	}
	state := fmt.Sprintf("Published text of version %d, signed by every safeguarding partner", v.Ref.Number)
	if v.Recorded() {
		state = fmt.Sprintf("Published text of version %d. Its sign-offs were made elsewhere and are recorded", v.Ref.Number)
	}
	if !v.WithdrawnAt.IsZero() {
		state += ". Withdrawn on " + day.Of(v.WithdrawnAt).Long()
	}
	if v.Demonstration {
		state += ". Demonstration: the text is invented"
	}
	w.Header().Set("Cache-Control", "public, max-age=300")
	return sendWord(w, r, fmt.Sprintf("%s-version-%d.docx", v.Ref.Slug, v.Ref.Number), s.frozenWord(content, state, v.DigestHex()))
}

// frozenWord is a text that stands: its digest is on every page, so that a copy can be told from another.
func (s *Server) frozenWord(c arrangement.Content, state, digest string) arrangement.WordText {
	return arrangement.WordText{Title: c.Title, Site: s.whole(""), Sections: c.Sections, Header: "SHA-256 of the text: " + digest,
		Facts: append(wordFacts(c.GuidanceEdition, c.EffectiveFrom, c.Areas), state+".", "SHA-256 of the exact text: "+digest+".", whichCounts)}
}

func wordFacts(guidance string, effective day.Date, areas []string) []string {
	return []string{"Area: " + strings.Join(areas, ", ") + ".", "In effect from: " + or(effective.Long(), "not set yet") + ".", "Edition of the guidance: " + guidance + "."}
}

func sendWord(w http.ResponseWriter, r *http.Request, name string, text arrangement.WordText) error {
	body, err := text.Word()
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	tag := `"` + hex.EncodeToString(sum[:]) + `"`
	h := w.Header()
	h.Set("ETag", tag)
	if knownTag(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Type", wordType)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // the client may be gone
	return nil
}
