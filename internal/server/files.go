package server

import (
	"errors"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"partnershipportal/internal/file"
)

// documentForm is the limit of a form with one stored file: well above what a file may have, so that one that is
// somewhat too large is told so beside its field.
const documentForm = 40 << 20

// uploadedFile reads the file of a form, if one was chosen. It is to be kept before the request ends: its bytes are in
// the form's temporary file.
func uploadedFile(r *http.Request, field string) (sent file.Checked, chosen bool, err error) {
	part, header, err := r.FormFile(field)
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return file.Checked{}, false, nil
	}
	if err != nil {
		return file.Checked{}, true, errBadForm.Because(err)
	}
	// The part is closed with the form, after the handler.
	sent, err = file.Check(field, fileName(header.Filename), part, header.Size)
	return sent, true, err
}

const pieceTime = 30 * time.Second

// sendFile sends a stored file: to be kept, never to be run by a browser. It is never held whole.
func sendFile(w http.ResponseWriter, r *http.Request, c file.Content) error {
	tag := `"` + c.DigestHex() + `"`
	fixed := map[string]string{
		"ETag": tag, "Content-Type": contentType(c.MediaType), "Content-Language": c.Language, "Content-Length": strconv.FormatInt(c.Size, 10),
		"Content-Disposition":     mime.FormatMediaType("attachment", map[string]string{"filename": c.Name}),
		"Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'", "X-Content-Type-Options": "nosniff",
	}
	h := w.Header()
	if h.Get("Cache-Control") == "" { // signed-in answers have a stricter one already
		h.Set("Cache-Control", "public, max-age=0, must-revalidate")
	}
	if knownTag(r.Header.Get("If-None-Match"), tag) {
		h.Set("ETag", tag)
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	client := w
	if held, ok := w.(*heldAnswer); ok {
		var err error
		if client, err = held.pass(); err != nil {
			return err
		}
	}
	out := &fileWriter{client: client, control: http.NewResponseController(client), header: fixed}
	if r.Method == http.MethodHead {
		out.start()
		return nil
	}
	err := c.Send(r.Context(), out)
	if err != nil && out.started {
		recordOf(r.Context()).cause = err // the answer has begun: its length tells the client that it is not whole
		return nil
	}
	return err
}

func contentType(mediaType string) string {
	if strings.HasPrefix(mediaType, "text/") {
		return mediaType + "; charset=utf-8"
	}
	return mediaType
}

func knownTag(ifNoneMatch, tag string) bool {
	for item := range strings.SplitSeq(ifNoneMatch, ",") {
		if t := strings.TrimPrefix(strings.TrimSpace(item), "W/"); t == tag || t == "*" {
			return true
		}
	}
	return false
}

// fileWriter says what follows with the first piece, so that an error before it is an ordinary error page, and gives
// each piece the time of a slow line.
type fileWriter struct {
	client  http.ResponseWriter
	control *http.ResponseController
	header  map[string]string
	started bool
}

func (f *fileWriter) start() {
	f.started = true
	for name, value := range f.header {
		f.client.Header().Set(name, value)
	}
	f.client.WriteHeader(http.StatusOK)
}

func (f *fileWriter) Write(piece []byte) (int, error) {
	if !f.started {
		f.start()
	}
	_ = f.control.SetWriteDeadline(time.Now().Add(pieceTime)) // where the connection can't be told, its own limits stay
	return f.client.Write(piece)
}
