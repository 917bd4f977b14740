package server

import (
	"errors"
	"net/http"

	"partnershipportal/internal/account"
	"partnershipportal/internal/fault"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
)

func (s *Server) getForgottenPassword(w http.ResponseWriter, r *http.Request) error {
	return s.showForgottenPassword(w, r, form.New(nil), false)
}

// postForgottenPassword says the same whether the address has an account or not.
func (s *Server) postForgottenPassword(w http.ResponseWriter, r *http.Request) error {
	f, err := formOf(r, "email")
	if err != nil {
		return err
	}
	cmd := account.AskResetCommand{Email: f.Email("email", "Enter your email address"), Network: networkOf(r), RequestID: recordOf(r.Context()).id}
	if f.Errors().Any() {
		return s.showForgottenPassword(w, r, f, false)
	}
	err = s.Accounts.AskReset(r.Context(), cmd)
	if errors.Is(err, fault.Unauthenticated) {
		f.Fail("email", fault.Message(err))
		return s.showForgottenPassword(w, r, f, false)
	}
	if err != nil {
		return err
	}
	return s.showForgottenPassword(w, r, f, true)
}

func (s *Server) showForgottenPassword(w http.ResponseWriter, r *http.Request, f *form.Form, asked bool) error {
	p := page.ForgottenPassword{Errors: f.Errors(), Email: f.Field("email", "Email address", ""), Asked: asked, NoMail: !s.LettersLeave}
	return s.showForm(w, r, view{title: "Forgotten password", content: p.Content(), hasErrors: p.Errors.Any(), noIndex: true})
}
