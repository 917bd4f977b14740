package server

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"partnershipportal/internal/fault"
	"partnershipportal/internal/signoff"
)

const (
	maxEvidence     = 10 << 20
	longestFileName = 200
)

// uploadedEvidence reads the file of a form, if one was chosen. What kind of file it is its content says, not its name.
func uploadedEvidence(r *http.Request, field string) (file signoff.File, chosen bool, err error) {
	sent, header, err := r.FormFile(field)
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return signoff.File{}, false, nil
	}
	if err != nil {
		return signoff.File{}, true, errBadForm.Because(err)
	}
	defer func() { _ = sent.Close() }() // only read
	if header.Size > maxEvidence {
		return signoff.File{}, true, fault.Field(field, "The file must be 10 MB or smaller")
	}
	body, err := io.ReadAll(io.LimitReader(sent, maxEvidence+1))
	if err != nil {
		return signoff.File{}, true, errBadForm.Because(err)
	}
	if len(body) == 0 {
		return signoff.File{}, true, fault.Field(field, "The file is empty. Choose another")
	}
	kind := sniffEvidence(body)
	if kind == "" {
		return signoff.File{}, true, fault.Field(field, "The file must be a PDF, a PNG or a JPEG")
	}
	return signoff.File{Name: fileName(header.Filename), MediaType: kind, Body: body}, true, nil
}

// sniffEvidence tells the media type of a file by how it begins; none for kinds that are not taken.
func sniffEvidence(body []byte) string {
	for _, kind := range []struct{ mediaType, begins string }{
		{"application/pdf", "%PDF-"}, {"image/png", "\x89PNG\r\n\x1a\n"}, {"image/jpeg", "\xff\xd8\xff"},
	} {
		if bytes.HasPrefix(body, []byte(kind.begins)) {
			return kind.mediaType
		}
	}
	return ""
}

// fileName is a file's name as it may be kept and sent: its last part, printable, of a sensible length.
func fileName(sent string) string {
	name := path.Base(strings.ReplaceAll(strings.ToValidUTF8(sent, ""), `\`, "/"))
	name = strings.TrimSpace(strings.Map(func(c rune) rune {
		if !unicode.IsPrint(c) {
			return -1
		}
		return c
	}, name))
	for utf8.RuneCountInString(name) > longestFileName {
		_, size := utf8.DecodeRuneInString(name)
		name = name[size:] // the ending stays
	}
	if name == "" || name == "." || name == "/" {
		return "evidence"
	}
	return name
}

// getSignOffEvidence sends the file that shows a sign-off made elsewhere: to be kept, never to be run by a browser.
func (s *Server) getSignOffEvidence(w http.ResponseWriter, r *http.Request) error {
	round, err := roundOf(r)
	if err != nil {
		return err
	}
	number, err := pathID[int64](r, "file")
	if err != nil {
		return err
	}
	file, err := s.Rounds.EvidenceFile(r.Context(), actorOf(r), round, number)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", file.MediaType)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": file.Name}))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(file.Body) // the client may be gone
	return nil
}
