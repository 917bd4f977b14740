package server

import (
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/web/form"
)

// formOf starts reading the submitted form. A field that the form does not have refuses the whole submission.
func formOf(r *http.Request, fields ...string) (*form.Form, error) {
	f := form.New(r.PostForm)
	if err := f.Only(fields...); err != nil {
		return nil, errBadForm.Because(err)
	}
	return f, nil
}

// onForm puts a refusal that belongs to a field beside that field, and tells whether it did.
func onForm(f *form.Form, err error) bool {
	refusal, ok := errors.AsType[*fault.Error](err)
	if !ok || refusal.Kind != fault.Invalid || refusal.Field == "" {
		return false
	}
	f.Fail(refusal.Field, refusal.Message)
	return true
}

// pathID reads a part of the address as an identifier. What is none is not found.
func pathID[T ~int64](r *http.Request, part string) (T, error) {
	n, err := id.Parse[T](chi.URLParam(r, part))
	if err != nil {
		return 0, errNoPage.Because(err)
	}
	return n, nil
}

// today is the civil day of the portal.
func (s *Server) today() day.Date { return day.Of(s.Now()) }
