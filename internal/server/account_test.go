package server_test

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"partnershipportal/internal/account"
	"partnershipportal/internal/account/accounttest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/server"
	"partnershipportal/web/route"
)

// invite invites somebody through the service and gives the token of the letter.
func (s *site) invite(email string) (account.Invited, string) {
	s.t.Helper()
	in, err := s.accounts.Invite(context.Background(), authz.System("test"), account.InviteCommand{Email: email, Name: "New Person", Role: authz.Scrutineer})
	if err != nil {
		s.t.Fatal(err)
	}
	_, token, err := s.accounts.LinkToken(context.Background(), in.LinkID)
	if err != nil {
		s.t.Fatal(err)
	}
	return in, token
}

func newEmail() string { return membershiptest.Unique() + "@example.org" }

func TestInvitationPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	email := newEmail()
	_, token := s.invite(email)
	v := s.visitor()
	for range 2 { // looking uses nothing up
		a := v.get(route.InvitationTo(token)).want(http.StatusOK).shows("Welcome, New Person", email)
		if a.header.Get("Referrer-Policy") != "no-referrer" {
			t.Error("the address, which is a secret, goes to the next site")
		}
	}
	v.post(route.InvitationTo(token), nil).want(http.StatusUnprocessableEntity).shows("There is a problem", "Enter a password")
	a := v.post(route.InvitationTo(token), url.Values{"password": {"elevenchars"}}).want(http.StatusUnprocessableEntity)
	a.shows("Password must have at least 12 characters").hides("elevenchars")
	if !strings.Contains(a.body, "<title>Error: ") || !strings.Contains(a.body, `href="#password"`) {
		t.Error("the title or the summary does not tell of the error")
	}
	v.post(route.InvitationTo(token), url.Values{"password": {"three other words"}}).leadsTo(route.Home)
	v.get(route.Home).want(http.StatusOK).shows("Your password is set", "Hello, New Person", "Independent scrutineer")
	s.visitor().get(route.InvitationTo(token)).want(http.StatusNotFound).shows("This invitation can no longer be used")
	s.visitor().post(route.InvitationTo(token), url.Values{"password": {"three other words"}}).want(http.StatusNotFound)
}

func TestForgottenPasswordPages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	who := accounttest.Account(t, s.db)
	v := s.visitor()
	v.get(route.ForgottenPassword).want(http.StatusOK)
	known := v.post(route.ForgottenPassword, url.Values{"email": {who.Email}}).want(http.StatusOK).shows("Check your email")
	unknown := v.post(route.ForgottenPassword, url.Values{"email": {newEmail()}}).want(http.StatusOK)
	if known.body != unknown.body {
		t.Error("the page tells whether an address has an account")
	}
	v.post(route.ForgottenPassword, url.Values{"email": {"no address"}}).want(http.StatusUnprocessableEntity).shows("correct format")

	var link int64
	if err := s.db.QueryRow(context.Background(), `SELECT max(id) FROM one_time_link WHERE account_id = $1`, who.ID).Scan(&link); err != nil {
		t.Fatal(err)
	}
	_, token, err := s.accounts.LinkToken(context.Background(), link)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := s.as(who.ID)
	v.get(route.ResetPasswordTo(token)).want(http.StatusOK).shows("Choose a new password", who.Email)
	v.post(route.ResetPasswordTo(token), url.Values{"password": {"three other words"}}).leadsTo(route.Home)
	elsewhere.get(route.Home).want(http.StatusSeeOther)
	v.get(route.ResetPasswordTo(token)).want(http.StatusNotFound).shows("Ask for a new link")
}

func TestHomePage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.as(accounttest.Account(t, s.db).ID).get(route.Home).want(http.StatusOK).shows("You hold no role at the moment")
	p := membershiptest.Partner(t, s.db)
	waiting := membershiptest.Appointment(t, s.db, p.ID, func(a *membershiptest.AppointmentMade) { a.Confirmed = false })
	s.as(waiting.Account).get(route.Home).want(http.StatusOK).shows("Your appointment as " + waiting.Office + " for " + p.Body.Name + " awaits confirmation.")
	lead := membershiptest.Appointment(t, s.db, p.ID)
	s.as(lead.Account).get(route.Home).want(http.StatusOK).shows("You are signed in as: " + lead.Office)
	s.as(lead.Account).get(route.Account).want(http.StatusOK).shows(lead.Office, p.Body.Name, "Confirmed")
}

func TestUserPages(t *testing.T) {
	t.Parallel()
	t.Run("invite, give and end a role, suspend and restore", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		b, email := s.asRole(authz.Administrator), newEmail()
		body := membershiptest.Organisation(t, s.db)
		b.get(route.AdminUserInvite).want(http.StatusOK).shows("Invite somebody", body.Name).hides("portal user invite")
		wrong := url.Values{"name": {"Jo Typed"}, "email": {"nonsense"}, "role": {"office"}}
		a := b.post(route.AdminUserInvite, wrong).want(http.StatusUnprocessableEntity).shows("correct format", "Choose the organisation for this role")
		if !strings.Contains(a.body, `value="Jo Typed"`) || !strings.Contains(a.body, `value="nonsense"`) {
			t.Error("what was typed is lost")
		}
		wrong.Set("email", email)
		wrong.Set("organisation", strconv.FormatInt(int64(body.ID), 10))
		page := b.post(route.AdminUserInvite, wrong).want(http.StatusSeeOther).header.Get("Location")
		b.get(page).want(http.StatusOK).shows("Jo Typed is invited", "Private office", body.Name, "Invited", "The link works until")
		b.post(route.AdminUserInvite, wrong).want(http.StatusUnprocessableEntity).shows("There is an account with this email address already")

		b.post(page+"/invitation", nil).leadsTo(page)
		b.post(page+"/roles", url.Values{}).want(http.StatusUnprocessableEntity).shows("Choose a role")
		b.post(page+"/roles", url.Values{"role": {"scrutineer"}}).leadsTo(page)
		b.post(page+"/roles", url.Values{"role": {"scrutineer"}}).want(http.StatusConflict).shows("holds this role already")
		b.post(page+"/roles", url.Values{"role": {"lead-officer"}}).want(http.StatusUnprocessableEntity)
		var grant string
		if err := s.db.QueryRow(context.Background(), `SELECT max(id)::text FROM role_grant`).Scan(&grant); err != nil {
			t.Fatal(err)
		}
		b.post(page+"/roles/end", url.Values{"grant": {grant}}).leadsTo(page)
		b.get(page).shows("The role has ended", "Roles that have ended", "Independent scrutineer")
		b.post(page+"/suspend", nil).leadsTo(page)
		b.get(page).shows("The account is suspended", "Suspended", "End the suspension")
		b.post(page+"/restore", nil).leadsTo(page)
		b.get(page).shows("The suspension has ended")
	})
	t.Run("list and search", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		who := accounttest.Account(t, s.db, accounttest.In(authz.BusinessSupport))
		b := s.asRole(authz.Administrator)
		b.get(route.AdminUsers+"?q="+who.Email).want(http.StatusOK).shows(who.Name, "Active", "Business support")
		b.get(route.AdminUsers + "?q=nobody-at-all").want(http.StatusOK).shows("Nobody matches")
		for range account.PageLength + 1 {
			accounttest.Account(t, s.db)
		}
		b.get(route.AdminUsers).want(http.StatusOK).shows("Next")
		b.get(route.AdminUsers + "?state=nonsense&role=nonsense").want(http.StatusOK)
	})
	t.Run("oneself is left to others, and what is not there is not found", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		who := accounttest.Account(t, s.db, accounttest.In(authz.Administrator))
		b := s.as(who.ID)
		b.get(route.AdminUserTo(who.ID)).want(http.StatusOK).shows("This is your own account").hides("Suspend the account")
		b.post(route.AdminUserSuspendTo(who.ID), nil).want(http.StatusForbidden)
		b.post(route.AdminUserRoleTo(who.ID), url.Values{"role": {"scrutineer"}}).want(http.StatusForbidden)
		for _, path := range []string{"/0", "/-1", "/x", "/01", "/99999999999", "/999999999999999999999999"} {
			b.get(route.AdminUsers + path).want(http.StatusNotFound)
		}
	})
	t.Run("without a mail server name the command", func(t *testing.T) {
		t.Parallel()
		s := newSite(t, func(d *server.Deps) { d.LettersLeave = false })
		b := s.asRole(authz.Administrator)
		b.get(route.AdminUserInvite).want(http.StatusOK).shows("portal user invite")
		in, _ := s.invite(newEmail())
		b.get(route.AdminUserTo(in.Account)).want(http.StatusOK).shows("portal user invite --email")
		s.visitor().get(route.ForgottenPassword).want(http.StatusOK).shows("sends no email")
	})
}

func TestSettingsPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, other := s.asRole(authz.Administrator), s.asRole(authz.Administrator)
	b.get(route.AdminSettings).want(http.StatusOK).shows("No area is entered yet")
	fields := url.Values{"revision": {"0"}, "name": {"Partnership of " + newEmail()}, "short-name": {"PX"}, "logo-text": {"Header words"},
		"email": {"team@example.org"}, "label-1": {"Day"}, "number-1": {"03000 41 11 11"}, "hours-1": {"9am to 5pm"},
		"area-name": {"Area " + membershiptest.Unique()}, "area-from-day": {"1"}, "area-from-month": {"4"}, "area-from-year": {"2019"}}
	wrong := clone(fields)
	wrong.Set("number-1", "call me")
	wrong.Set("name", "")
	wrong.Set("area-from-day", "31")
	b.post(route.AdminSettings, wrong).want(http.StatusUnprocessableEntity).
		shows("Enter the partnership’s name", "Enter a telephone number in figures and spaces", "First day must be a real date")
	b.post(route.AdminSettings, fields).leadsTo(route.AdminSettings)
	b.get(route.AdminSettings).want(http.StatusOK).shows("The settings are saved", "Header words", "03000 41 11 11", "1 April 2019")
	s.visitor().get(route.SignIn).shows("Header words", "Call 03000 41 11 11", "9am to 5pm")

	late := clone(fields)
	late.Set("name", "What the other typed")
	late.Set("label-2", "Night")
	late.Set("number-2", "03000 41 91 91")
	a := other.post(route.AdminSettings, late).want(http.StatusConflict)
	a.shows("Somebody else saved the settings", "What the other typed", fields.Get("name"), "Telephone numbers", "Night: 03000 41 91 91")
	if !strings.Contains(a.body, `name="revision" value="1"`) || !strings.Contains(a.body, `value="What the other typed"`) {
		t.Fatal("the form can't be sent again")
	}
	late.Set("revision", "1")
	late.Set("area-name", "")
	late.Del("area-from-day")
	late.Del("area-from-month")
	late.Del("area-from-year")
	other.post(route.AdminSettings, late).leadsTo(route.AdminSettings)
	s.visitor().get(route.SignIn).shows("Night", "What the other typed")

	var area string
	if err := s.db.QueryRow(context.Background(), `SELECT id::text FROM area WHERE name = $1`, fields.Get("area-name")).Scan(&area); err != nil {
		t.Fatal(err)
	}
	if form := b.get(route.AdminSettings + "?area=" + area).want(http.StatusOK).shows("Change an area"); !strings.Contains(form.body, `value="`+fields.Get("area-name")+`"`) {
		t.Error("the form does not hold the area")
	}
	b.post(route.AdminSettings, url.Values{"revision": {"x"}}).want(http.StatusBadRequest)
}

func clone(v url.Values) url.Values {
	c := url.Values{}
	for name, values := range v {
		c[name] = append([]string(nil), values...)
	}
	return c
}
