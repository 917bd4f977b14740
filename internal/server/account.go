package server

import (
	"errors"
	"net/http"

	"partnershipportal/internal/account"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

func (s *Server) getAccount(w http.ResponseWriter, r *http.Request) error {
	by := actorOf(r)
	who, err := s.Accounts.Account(r.Context(), by, by.Account)
	if err != nil {
		return err
	}
	p := page.Account{Name: who.Name, Email: who.Email, Grants: grantsOf(who), Seats: seatsOf(who)}
	return s.show(w, r, http.StatusOK, view{title: "Your account", current: route.Account, content: p.Content()})
}

func (s *Server) getAccountSecurity(w http.ResponseWriter, r *http.Request) error {
	return s.showAccountSecurity(w, r, form.New(nil))
}

func (s *Server) postAccountSecurity(w http.ResponseWriter, r *http.Request) error {
	f, err := formOf(r, "current-password", "password")
	if err != nil {
		return err
	}
	current := f.Secret("current-password", "Enter your present password")
	next := f.Secret("password", "Enter a new password")
	if f.Errors().Any() {
		return s.showAccountSecurity(w, r, f)
	}
	in, err := s.Accounts.ChangePassword(r.Context(), actorOf(r), current, next)
	switch {
	case onForm(f, err):
		return s.showAccountSecurity(w, r, f)
	case errors.Is(err, fault.Unauthenticated):
		f.Fail("current-password", fault.Message(err))
		return s.showAccountSecurity(w, r, f)
	case err != nil:
		return err
	}
	if err := s.startSession(r.Context(), in); err != nil {
		return err
	}
	s.tell(r, "Your password is changed", "You are signed out everywhere else.")
	return redirect(w, r, route.Account)
}

func (s *Server) showAccountSecurity(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	p := page.AccountSecurity{
		Errors:  f.Errors(),
		Current: f.SecretField("current-password", "Present password", ""),
		Next:    f.SecretField("password", "New password", "At least 12 characters. Three unrelated words make a good one."),
	}
	return s.showForm(w, r, view{title: "Change your password", current: route.Account, content: p.Content(), hasErrors: p.Errors.Any(),
		back: &ui.Link{Text: "Your account", Path: route.Account}})
}

const wholePartnership = "The partnership"

func grantsOf(who account.Person) []page.UserGrant {
	var grants []page.UserGrant
	for _, g := range who.Grants {
		shown := page.UserGrant{ID: g.ID, Role: roleNames[g.Role], For: g.Organisation, Since: day.Of(g.GrantedAt).Long(), GrantedBy: g.GrantedBy}
		if shown.For == "" {
			shown.For = wholePartnership
		}
		if !g.EndedAt.IsZero() {
			shown.Ended = day.Of(g.EndedAt).Long()
		}
		grants = append(grants, shown)
	}
	return grants
}

func seatsOf(who account.Person) []page.UserSeat {
	var seats []page.UserSeat
	for _, o := range who.Offices {
		seats = append(seats, page.UserSeat{Office: o.Office, Partner: o.Partner, Confirmed: o.Confirmed})
	}
	return seats
}
