package server

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strings"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/signoff"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// verifyFile is more than any content that a round can hold.
const verifyFile = 20 << 20

// getVerify looks a digest up among the published texts and the statements of their sign-offs.
func (s *Server) getVerify(w http.ResponseWriter, r *http.Request) error {
	f := form.New(r.URL.Query())
	p := page.Verify{File: f.Raw("file") != ""}
	if f.Has("digest") {
		digest, ok := readDigest(f.Raw("digest"))
		switch {
		case strings.TrimSpace(f.Raw("digest")) == "":
			f.Fail("digest", "Enter a digest")
		case !ok:
			f.Fail("digest", "A digest has 64 characters: the figures 0 to 9 and the letters a to f")
		default:
			p.Asked = hex.EncodeToString(digest)
			found, err := s.lookUp(r, digest)
			if err != nil && !errors.Is(err, fault.NotFound) {
				return err
			}
			p.Found = found
		}
	}
	return s.showVerify(w, r, f, p)
}

func (s *Server) showVerify(w http.ResponseWriter, r *http.Request, f *form.Form, p page.Verify) error {
	p.Digest = f.Field("digest", "Digest", "64 letters and figures, from a version, its sign-offs or a receipt")
	p.Upload = f.Field("upload", "File", "For example, a content.json that you were sent. 20 MB at most")
	p.Errors = f.Errors()
	status := http.StatusOK
	if p.Errors.Any() {
		status = statuses[fault.Invalid]
	}
	return s.showPublic(w, r, status, view{title: "Check a text, a digest or a receipt", content: p.Content(), hasErrors: p.Errors.Any(),
		canonical: route.Verify, noIndex: r.URL.RawQuery != ""})
}

// readDigest takes a SHA-256 as people copy it: with spaces, capitals, or the name of the method before it.
func readDigest(text string) ([]byte, bool) {
	text = strings.ToLower(strings.Join(strings.Fields(text), ""))
	text = strings.TrimPrefix(strings.TrimPrefix(text, "sha256:"), "sha-256:")
	digest, err := hex.DecodeString(text)
	return digest, err == nil && len(digest) == sha256.Size
}

// lookUp finds what is published with a digest: a version, a financial year, or a statement of a sign-off of either.
// Fault: NotFound.
func (s *Server) lookUp(r *http.Request, digest []byte) (*page.Found, error) {
	version, err := s.Library.ByDigest(r.Context(), digest)
	if errors.Is(err, fault.NotFound) {
		return s.lookUpYear(r, digest)
	}
	if err != nil {
		return nil, err
	}
	return s.found(r, version)
}

func (s *Server) found(r *http.Request, f arrangement.Found) (*page.Found, error) {
	d, v, err := s.Library.Version(r.Context(), f.Version.Ref)
	if err != nil {
		return nil, err
	}
	today := day.Of(s.Now())
	p := &page.Found{State: publicStates[d.State(v, today)], Heading: "This is the exact text of a published version",
		Text: v.Title + ", " + versionName(v) + ". " + standing(d, v, today),
		Rows: []ui.Row{{Key: "Published", Value: publishedWords(v)}, {Key: "Signed off by", Value: signedByCount(v)}},
		Links: []ui.Link{{Text: "Read this version", Path: route.ArrangementVersionTo(v.Ref.Slug, v.Ref.Number)},
			{Text: "Its sign-offs", Path: route.ArrangementSignOffsTo(v.Ref.Slug, v.Ref.Number)}}}
	if x := f.Statement; x != nil {
		p.Heading = "This is the statement of a sign-off"
		p.Rows = append(statementRows(*x, "Text"), p.Rows...)
	}
	return p, nil
}

// statementRows say who signed by a statement, and what: a text, or a paper.
func statementRows(x signoff.SignOff, what string) []ui.Row {
	return []ui.Row{{Key: "Signed for", Value: x.Organisation}, {Key: "Office", Value: officeWords(x)},
		{Key: "Signed", Content: signedWhen(x)}, {Key: "How", Value: publicMethodWords[x.Method]},
		{Key: what + " signed", Content: ui.Digest{Value: hex.EncodeToString(x.Digest), Label: "SHA-256 of the " + lowerFirst(what), ID: "signed"}}}
}

// postVerify works out the digest of a file while it arrives, and leads on to what it belongs to. Nothing is kept.
func (s *Server) postVerify(w http.ResponseWriter, r *http.Request) error {
	parts, err := r.MultipartReader()
	if err != nil {
		return errBadForm.Because(err)
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return badForm(err)
		}
		if part.FormName() != "upload" || part.FileName() == "" {
			continue
		}
		sum := sha256.New()
		if _, err := io.Copy(sum, part); err != nil {
			return badForm(err)
		}
		return redirect(w, r, route.VerifyTo(hex.EncodeToString(sum.Sum(nil)), true))
	}
	f := form.New(nil)
	f.Fail("upload", "Choose a file")
	return s.showVerify(w, r, f, page.Verify{})
}
