package server

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
)

// handler either writes an answer or returns an error, never both.
type handler func(http.ResponseWriter, *http.Request) error

// Named limits of what a request may carry.
const (
	smallForm = 64 << 10 // sign-in, a few fields
	textForm  = 1 << 20  // a section of a document, settings
	fileForm  = 10 << 20 // a file and a few fields
	maxMemory = 1 << 20  // of a file; the rest goes to a temporary file

	sectionForm    = 2 << 20   // a section of a document, which holds 250,000 characters at most
	evidenceForm   = 45 << 20  // evidence for each partner's sign-off and a few fields
	maxDrained     = 16 << 20  // of a body that is too large
	maxDrainedFile = 128 << 20 // of one where large files are expected
	uploadTime     = 2 * time.Minute
)

// handle adapts a handler to net/http.
func (s *Server) handle(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			s.fail(w, r, err)
		}
	})
}

// publicRoutes run no session code: their answers are the same for everybody, and any cache may hold them.
type publicRoutes struct {
	s   *Server
	mux chi.Router
}

func (p publicRoutes) get(pattern string, h handler) {
	p.mux.Method(http.MethodGet, pattern, p.s.handle(h))
}

// stream takes a body that is read while it arrives, so that a large file is never held.
func (p publicRoutes) stream(pattern string, limit int64, h handler) {
	p.mux.Method(http.MethodPost, pattern, p.s.handle(func(w http.ResponseWriter, r *http.Request) error {
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		return h(w, r)
	}))
}

// doorRoutes have a session, but nobody need be signed in: signing in itself, invitations, forgotten passwords.
type doorRoutes struct {
	s   *Server
	mux chi.Router
}

func (d doorRoutes) get(pattern string, h handler) {
	d.mux.Method(http.MethodGet, pattern, d.s.withSession(d.s.handle(h)))
}

func (d doorRoutes) post(pattern string, limit int64, h handler) {
	d.mux.Method(http.MethodPost, pattern, d.s.readBody(limit, d.s.withSession(d.s.handle(h))))
}

// access says who may pass a signed-in route. Every route has to name it; rules about the single object come on top,
// in the service.
type access struct{ anyOf []authz.Permission }

// everyone means everybody who is signed in.
var everyone = access{}

// can means those whose roles have one of the permissions.
func can(anyOf ...authz.Permission) access { return access{anyOf: anyOf} }

func (a access) allows(by authz.Actor) bool {
	for _, p := range a.anyOf {
		if by.Can(p) {
			return true
		}
	}
	return len(a.anyOf) == 0
}

// innerRoutes ask for somebody who is signed in and has the access that the route names.
type innerRoutes struct {
	s   *Server
	mux chi.Router
}

func (in innerRoutes) get(pattern string, who access, h handler) {
	in.mux.Method(http.MethodGet, pattern, in.s.withSession(in.s.require(who, in.s.handle(h))))
}

func (in innerRoutes) post(pattern string, who access, limit int64, h handler) {
	in.mux.Method(http.MethodPost, pattern, in.s.readBody(limit, in.s.withSession(in.s.require(who, in.s.handle(h)))))
}

// require lets only those pass who are signed in and have the access. A form that comes after the session ended is
// answered with the sign-in page, which carries it on.
func (s *Server) require(who access, next http.Handler) http.Handler {
	return s.handle(func(w http.ResponseWriter, r *http.Request) error {
		by := actorOf(r)
		switch {
		case !by.SignedIn() && isSafe(r.Method):
			return s.redirectToSignIn(w, r)
		case !by.SignedIn():
			return s.askSignInAgain(w, r)
		case !who.allows(by):
			return fault.New(fault.Forbidden, "Your roles do not include this page.")
		}
		next.ServeHTTP(w, r)
		return nil
	})
}

// readBody reads the form under its limit before anything else costs time, and refuses what is not text.
func (s *Server) readBody(limit int64, next http.Handler) http.Handler {
	return s.handle(func(w http.ResponseWriter, r *http.Request) error {
		sent := r.Body
		if limit > sectionForm {
			allowSlowUpload(w)
		}
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		var err error
		if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
			err = r.ParseMultipartForm(maxMemory)
			if r.MultipartForm != nil {
				defer func() { _ = r.MultipartForm.RemoveAll() }() // temporary files; nothing to tell the user
			}
		} else {
			err = r.ParseForm()
		}
		if err != nil {
			// A browser shows no answer while it is still sending, so the rest of a body that is too large is let in.
			drained := int64(maxDrained)
			if limit > fileForm {
				drained = maxDrainedFile
			}
			_, _ = io.CopyN(io.Discard, sent, drained)
			return badForm(err)
		}
		if !areText(r.PostForm) {
			return errBadText
		}
		next.ServeHTTP(w, r)
		return nil
	})
}

// allowSlowUpload gives files the time that a slow line needs. Where the connection can't be told, its own limits stay.
func allowSlowUpload(w http.ResponseWriter) {
	now, c := time.Now(), http.NewResponseController(w)
	_ = c.SetReadDeadline(now.Add(uploadTime))
	_ = c.SetWriteDeadline(now.Add(uploadTime + writeTimeout))
}

func parseQuery(raw string) (url.Values, error) { return url.ParseQuery(raw) }
