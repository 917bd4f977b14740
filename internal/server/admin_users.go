package server

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"partnershipportal/internal/account"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// accountTags are the looks of an account's states.
var accountTags = map[account.State]ui.State{account.Open: ui.Invited, account.Active: ui.Active, account.Suspended: ui.Suspended}

func (s *Server) getAdminUsers(w http.ResponseWriter, r *http.Request) error {
	asked := r.URL.Query()
	f := form.New(asked)
	filter := account.Filter{Search: asked.Get("q"), State: account.State(asked.Get("state")), Role: authz.Role(asked.Get("role")), After: asked.Get("after")}
	people, more, err := s.Accounts.Accounts(r.Context(), actorOf(r), filter)
	if err != nil {
		return err
	}
	p := page.AdminUsers{
		Search: f.Field("q", "Name or email address", ""), State: f.Field("state", "State", ""), Role: f.Field("role", "Role", ""),
		States:   []ui.Option{{Value: "", Text: "Any"}},
		Roles:    []ui.Option{{Value: "", Text: "Any"}},
		Narrowed: filter.Search != "" || filter.State != "" || filter.Role != "",
	}
	for _, state := range account.States() {
		p.States = append(p.States, ui.Option{Value: string(state), Text: accountTags[state].Words()})
	}
	for _, role := range authz.Roles() {
		p.Roles = append(p.Roles, ui.Option{Value: string(role), Text: roleNames[role]})
	}
	for _, who := range people {
		p.Users = append(p.Users, page.User{ID: int64(who.ID), Name: who.Name, Email: who.Email, State: accountTags[who.State], Roles: rolesInWords(who)})
	}
	if more {
		next := url.Values{"q": {filter.Search}, "state": {string(filter.State)}, "role": {string(filter.Role)}, "after": {people[len(people)-1].Email}}
		p.Next = route.AdminUsers + "?" + next.Encode()
	}
	return s.show(w, r, http.StatusOK, view{title: "Users", current: route.AdminUsers, content: withFiles(p.Content(), route.AdminUsers, queryOf(r))})
}

// rolesInWords names what somebody holds today, in a line each.
func rolesInWords(who account.Person) []string {
	var roles []string
	for _, o := range who.Offices {
		line := o.Office + ", " + o.Partner
		if !o.Confirmed {
			line += " (awaits confirmation)"
		}
		roles = append(roles, line)
	}
	for _, g := range who.Grants {
		switch {
		case !g.EndedAt.IsZero():
		case g.Organisation != "":
			roles = append(roles, roleNames[g.Role]+", "+g.Organisation)
		default:
			roles = append(roles, roleNames[g.Role])
		}
	}
	return roles
}

func (s *Server) getAdminUserInvite(w http.ResponseWriter, r *http.Request) error {
	return s.showAdminUserInvite(w, r, form.New(nil))
}

func (s *Server) postAdminUserInvite(w http.ResponseWriter, r *http.Request) error {
	f, err := formOf(r, "name", "email", "role", "organisation")
	if err != nil {
		return err
	}
	cmd := account.InviteCommand{Name: f.Required("name", "Name", "Enter their name"), Email: f.Email("email", "Enter their email address")}
	held := readRole(f, true)
	cmd.Role, cmd.Organisation = held.Role, held.Organisation
	if f.Errors().Any() {
		return s.showAdminUserInvite(w, r, f)
	}
	in, err := s.Accounts.Invite(r.Context(), actorOf(r), cmd)
	switch {
	case onForm(f, err):
		return s.showAdminUserInvite(w, r, f)
	case errors.Is(err, fault.Conflict):
		f.Fail("email", fault.Message(err))
		return s.showAdminUserInvite(w, r, f)
	case err != nil:
		return err
	}
	if s.LettersLeave {
		s.tell(r, cmd.Name+" is invited", "A letter with the link is on its way to "+cmd.Email+".")
	} else {
		s.tell(r, cmd.Name+" has an account", "No letter was sent. Print the invitation’s address on the server, as shown below.")
	}
	return redirect(w, r, route.AdminUserTo(in.Account))
}

// noRoleYet is the choice of a lead officer to be: their seat comes from an appointment.
const noRoleYet = "none"

// readRole reads a role and the organisation that it is bound to.
func readRole(f *form.Form, orNone bool) authz.Held {
	var allowed []string
	for _, role := range account.GrantableRoles() {
		allowed = append(allowed, string(role))
	}
	if orNone {
		allowed = append(allowed, noRoleYet)
	}
	role := authz.Role(f.Choice("role", "Choose a role", allowed...))
	if role == noRoleYet {
		return authz.Held{}
	}
	held := authz.Held{Role: role}
	if !account.BoundToOrganisation(role) {
		return held
	}
	organisation, err := id.Parse[id.Organisation](f.Raw("organisation"))
	if err != nil {
		f.Fail("organisation", "Choose the organisation for this role")
		return held
	}
	held.Organisation = organisation
	return held
}

func (s *Server) showAdminUserInvite(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	organisations, err := s.organisationOptions(r)
	if err != nil {
		return err
	}
	p := page.AdminUserInvite{
		Errors: f.Errors(), NoMail: !s.LettersLeave,
		Name: f.Field("name", "Name", ""), Email: f.Field("email", "Email address", ""),
		Role: f.Field("role", "Role", ""), Roles: append(roleOptions(), ui.Option{Value: noRoleYet, Text: "No role yet",
			Hint: "For a lead officer or delegate: business support proposes the appointment, and you confirm it"}),
		Organisation: f.Field("organisation", "Organisation", "For private office and agency staff only"), Organisations: organisations,
	}
	return s.showForm(w, r, view{title: "Invite somebody", current: route.AdminUsers, content: p.Content(), hasErrors: p.Errors.Any(),
		back: &ui.Link{Text: "Users", Path: route.AdminUsers}})
}

// roleHints say in a sentence what a role may do.
var roleHints = map[authz.Role]string{
	authz.Office:          "Sees what one partner’s lead officer sees, and never signs",
	authz.BusinessSupport: "Drafts, keeps membership, opens sign-off, publishes. Never signs",
	authz.AgencyStaff:     "Sees what is asked of one agency",
	authz.Scrutineer:      "Reads everything, signs nothing",
	authz.Administrator:   "Keeps accounts and settings",
}

func roleOptions() []ui.Option {
	var options []ui.Option
	for _, role := range account.GrantableRoles() {
		options = append(options, ui.Option{Value: string(role), Text: roleNames[role], Hint: roleHints[role]})
	}
	return options
}

func (s *Server) organisationOptions(r *http.Request) ([]ui.Option, error) {
	choices, err := s.Accounts.Organisations(r.Context(), actorOf(r))
	if err != nil {
		return nil, err
	}
	options := []ui.Option{{Value: "", Text: "None"}}
	for _, c := range choices {
		options = append(options, ui.Option{Value: strconv.FormatInt(int64(c.ID), 10), Text: c.Name})
	}
	return options, nil
}
