package server

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"partnershipportal/internal/fault"
	"partnershipportal/web/page"
	"partnershipportal/web/ui"
)

// view is one page to show: its content, and what the chrome around it needs to know.
type view struct {
	title       string
	content     templ.Component
	current     string // path of the navigation entry that the page belongs to
	hasErrors   bool
	back        *ui.Link
	breadcrumbs []ui.Link
	lastChanged string
	canonical   string // path, public pages only
	noIndex     bool
}

// show draws a page. It is drawn whole before the first byte leaves, so that a failure is an error page and not half
// a page.
func (s *Server) show(w http.ResponseWriter, r *http.Request, status int, v view) error {
	return s.draw(w, r, status, v, true)
}

// showForm draws a page with a form: 422 if something is wrong with it.
func (s *Server) showForm(w http.ResponseWriter, r *http.Request, v view) error {
	status := http.StatusOK
	if v.hasErrors {
		status = statuses[fault.Invalid]
	}
	return s.show(w, r, status, v)
}

func (s *Server) draw(w http.ResponseWriter, r *http.Request, status int, v view, mayRead bool) error {
	body, err := drawBytes(r, v, s.chromeFor(r, v, mayRead))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client may be gone
	return nil
}

func drawBytes(r *http.Request, v view, c ui.Chrome) ([]byte, error) {
	var b bytes.Buffer
	if err := ui.Layout(c, v.content).Render(r.Context(), &b); err != nil {
		return nil, fmt.Errorf("draw %q: %w", v.title, err)
	}
	return b.Bytes(), nil
}

// redirect sends the browser on after a form was accepted.
func redirect(w http.ResponseWriter, r *http.Request, path string) error {
	http.Redirect(w, r, path, http.StatusSeeOther)
	return nil
}

// problems are the words of the error pages. A fault's own message comes after the text.
var problems = map[fault.Kind]page.Problem{
	malformed:             {Heading: "The request cannot be read"},
	fault.Unauthenticated: {Heading: "Sign in first"},
	fault.Forbidden:       {Heading: "You cannot do this"},
	fault.NotFound:        {Heading: "Page not found", Text: "If you typed the address, check it. If you followed a link, the page may have moved."},
	methodNotAllowed:      {Heading: "You cannot do this here"},
	fault.Conflict:        {Heading: "This has changed meanwhile"},
	tooLarge:              {Heading: "Too large"},
	fault.Invalid:         {Heading: "There is a problem"},
	tooMany:               {Heading: "Too many requests"},
	internal:              {Heading: "Sorry, something went wrong", Text: "Nothing was saved. Try again later. If it happens again, tell us this reference."},
	unavailable:           {Heading: "Sorry, the site is not available just now", Text: "Try again in a few seconds. Nothing that you typed was saved. If it happens again, tell us this reference."},
}

func (s *Server) showError(w http.ResponseWriter, r *http.Request, f *fault.Error) error {
	p := problems[f.Kind]
	p.Message = f.Message
	if f.Kind == internal || f.Kind == unavailable {
		p.Reference = recordOf(r.Context()).id
	}
	v := view{title: p.Heading, content: p.Content(), noIndex: true}
	return s.draw(w, r, statuses[f.Kind], v, f.Kind != unavailable)
}
