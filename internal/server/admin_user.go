package server

import (
	"context"
	"net/http"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

func (s *Server) getAdminUser(w http.ResponseWriter, r *http.Request) error {
	return s.showAdminUser(w, r, form.New(nil))
}

func (s *Server) showAdminUser(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	holder, err := pathID[id.Account](r, "id")
	if err != nil {
		return err
	}
	by := actorOf(r)
	who, err := s.Accounts.Account(r.Context(), by, holder)
	if err != nil {
		return err
	}
	organisations, err := s.organisationOptions(r)
	if err != nil {
		return err
	}
	p := page.AdminUser{
		ID: int64(who.ID), Name: who.Name, Email: who.Email, State: accountTags[who.State], Invited: day.Of(who.InvitedAt).Long(),
		NoMail: !s.LettersLeave, Self: by.Account == who.ID, Grants: grantsOf(who), Seats: seatsOf(who),
		Errors: f.Errors(), Role: f.Field("role", "Role", ""), Roles: roleOptions(),
		Organisation: f.Field("organisation", "Organisation", "For private office and agency staff only"), Organisations: organisations,
	}
	if !who.LinkExpires.IsZero() {
		p.LinkExpires = day.Clock(who.LinkExpires)
	}
	return s.showForm(w, r, view{title: who.Name, current: route.AdminUsers, content: p.Content(), hasErrors: p.Errors.Any(),
		back: &ui.Link{Text: "Users", Path: route.AdminUsers}})
}

func (s *Server) postAdminUserRole(w http.ResponseWriter, r *http.Request) error {
	holder, err := pathID[id.Account](r, "id")
	if err != nil {
		return err
	}
	f, err := formOf(r, "role", "organisation")
	if err != nil {
		return err
	}
	held := readRole(f, false)
	if f.Errors().Any() {
		return s.showAdminUser(w, r, f)
	}
	err = s.Accounts.GrantRole(r.Context(), actorOf(r), holder, held)
	if onForm(f, err) {
		return s.showAdminUser(w, r, f)
	}
	return s.backToUser(w, r, holder, "The role is given", "They may use it at once.", err)
}

func (s *Server) postAdminUserRoleEnd(w http.ResponseWriter, r *http.Request) error {
	holder, err := pathID[id.Account](r, "id")
	if err != nil {
		return err
	}
	f, err := formOf(r, "grant")
	if err != nil {
		return err
	}
	grant, err := id.Parse[int64](f.Raw("grant"))
	if err != nil {
		return errBadForm.Because(err)
	}
	err = s.Accounts.EndRole(r.Context(), actorOf(r), holder, grant)
	return s.backToUser(w, r, holder, "The role has ended", "They are signed out everywhere.", err)
}

func (s *Server) postAdminUserSuspend(w http.ResponseWriter, r *http.Request) error {
	return s.changeUser(w, r, s.Accounts.Suspend, "The account is suspended", "They are signed out everywhere and can’t sign in.")
}

func (s *Server) postAdminUserRestore(w http.ResponseWriter, r *http.Request) error {
	return s.changeUser(w, r, s.Accounts.Restore, "The suspension has ended", "They can sign in again.")
}

func (s *Server) postAdminUserResend(w http.ResponseWriter, r *http.Request) error {
	return s.changeUser(w, r, func(ctx context.Context, by authz.Actor, holder id.Account) error {
		_, err := s.Accounts.InviteAgain(ctx, by, holder)
		return err
	}, "A new invitation is on its way", "The earlier link no longer works.")
}

// changeUser does what a form of one button asks for.
func (s *Server) changeUser(w http.ResponseWriter, r *http.Request, change func(context.Context, authz.Actor, id.Account) error, heading, text string) error {
	holder, err := pathID[id.Account](r, "id")
	if err != nil {
		return err
	}
	if _, err := formOf(r); err != nil {
		return err
	}
	return s.backToUser(w, r, holder, heading, text, change(r.Context(), actorOf(r), holder))
}

func (s *Server) backToUser(w http.ResponseWriter, r *http.Request, holder id.Account, heading, text string, err error) error {
	if err != nil {
		return err
	}
	s.tell(r, heading, text)
	return redirect(w, r, route.AdminUserTo(holder))
}
