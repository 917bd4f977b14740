package server

import (
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"

	"partnershipportal/internal/account"
	"partnershipportal/internal/fault"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// The pages behind the two kinds of one-time link do the same: show a form, and set the password that comes back.
// Looking at a link never uses it up, since mail scanners look too.

func (s *Server) getInvitation(w http.ResponseWriter, r *http.Request) error {
	return s.showNewPassword(w, r, account.Invitation, form.New(nil))
}

func (s *Server) postInvitation(w http.ResponseWriter, r *http.Request) error {
	return s.acceptNewPassword(w, r, account.Invitation)
}

func (s *Server) getResetPassword(w http.ResponseWriter, r *http.Request) error {
	return s.showNewPassword(w, r, account.Reset, form.New(nil))
}

func (s *Server) postResetPassword(w http.ResponseWriter, r *http.Request) error {
	return s.acceptNewPassword(w, r, account.Reset)
}

func (s *Server) showNewPassword(w http.ResponseWriter, r *http.Request, purpose account.Purpose, f *form.Form) error {
	w.Header().Set("Referrer-Policy", "no-referrer") // the address is a secret
	token := chi.URLParam(r, "token")
	link, err := s.Accounts.OpenLink(r.Context(), purpose, token)
	if errors.Is(err, fault.NotFound) {
		return s.showLinkOver(w, r, purpose)
	}
	if err != nil {
		return err
	}
	p := page.NewPassword{Action: route.InvitationTo(token), Heading: "Welcome, " + link.Name, Button: "Set password and sign in",
		Lead: "You have been invited to the partnership’s portal. Choose a password to begin."}
	if purpose == account.Reset {
		p.Action, p.Heading, p.Lead = route.ResetPasswordTo(token), "Choose a new password", "You are then signed out everywhere else."
	}
	p.Errors, p.Email = f.Errors(), link.Email
	p.Password = f.SecretField("password", "New password", "At least 12 characters. Three unrelated words make a good one.")
	return s.showForm(w, r, view{title: p.Heading, content: p.Content(), hasErrors: p.Errors.Any(), noIndex: true})
}

func (s *Server) showLinkOver(w http.ResponseWriter, r *http.Request, purpose account.Purpose) error {
	p := page.LinkOver{Heading: "This invitation can no longer be used", Link: ui.Link{Text: "Sign in", Path: route.SignIn},
		Text: "It was used already, a newer one was sent, or it is older than seven days. If you have set a password, sign in. Otherwise ask your partnership’s administrator for a new one."}
	if purpose == account.Reset {
		p = page.LinkOver{Heading: "This link can no longer be used", Link: ui.Link{Text: "Ask for a new link", Path: route.ForgottenPassword},
			Text: "It was used already, a newer one was sent, or it is older than an hour."}
	}
	return s.show(w, r, statuses[fault.NotFound], view{title: p.Heading, content: p.Content(), noIndex: true})
}

func (s *Server) acceptNewPassword(w http.ResponseWriter, r *http.Request, purpose account.Purpose) error {
	f, err := formOf(r, "password")
	if err != nil {
		return err
	}
	cmd := account.AcceptCommand{Token: chi.URLParam(r, "token"), Password: f.Secret("password", "Enter a password"), RequestID: recordOf(r.Context()).id}
	if f.Errors().Any() {
		return s.showNewPassword(w, r, purpose, f)
	}
	set, done := s.Accounts.Accept, "Your password is set. You are signed in."
	if purpose == account.Reset {
		set, done = s.Accounts.Reset, "Your new password is set. You are signed out everywhere else."
	}
	in, err := set(r.Context(), cmd)
	switch {
	case onForm(f, err):
		return s.showNewPassword(w, r, purpose, f)
	case errors.Is(err, fault.NotFound):
		return s.showLinkOver(w, r, purpose)
	case err != nil:
		return err
	}
	if err := s.startSession(r.Context(), in); err != nil {
		return err
	}
	s.tell(r, done, "")
	return redirect(w, r, route.Home)
}
