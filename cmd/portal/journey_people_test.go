package main

import (
	"net/http"
	"strings"
	"testing"

	"partnershipportal/web/route"
)

const newPassword = "three unrelated words 27"

func TestInvitedByCommand(t *testing.T) {
	t.Parallel()
	st := newStory(t, true)
	settings := map[string]string{"PORTAL_DATA_DIR": st.data, "PORTAL_BASE_URL": st.address}
	var said strings.Builder
	err := run(t.Context(), []string{"user", "invite", "--email", "noor@kscmp.example", "--name", "Noor Aziz", "--role", "business-support"},
		func(name string) string { return settings[name] }, &said)
	if err != nil {
		t.Fatal(err)
	}
	invitation := address.FindString(said.String())
	noor := st.visitor()
	noor.Go(invitation)
	noor.reads("Welcome, Noor Aziz", "noor@kscmp.example")
	noor.Fill("label:New password", "short")
	noor.Click("button:Set password and sign in")
	noor.expectStatus(http.StatusUnprocessableEntity)
	noor.Fill("label:New password", newPassword)
	noor.Click("button:Set password and sign in")
	noor.at(route.Home)
	noor.reads("Your password is set", "Hello, Noor Aziz")
	noor.open(route.Desk)
	noor.Click("button:Sign out")
	noor.reads("You have signed out")
	noor.Go(st.address + route.Desk)
	noor.at(route.SignIn)
	noor.signIn("noor@kscmp.example", newPassword)
	noor.at(route.Desk)
	noor.Go(invitation)
	noor.reads("This invitation can no longer be used")
}

func TestForgottenPassword(t *testing.T) {
	t.Parallel()
	st := newStory(t, false)
	elsewhere := st.signedIn(support)
	sam := st.visitor()
	sam.open(route.SignIn)
	sam.Click("link:I have forgotten my password")
	sam.Fill("label:Email address", support)
	sam.Click("button:Send the link")
	sam.reads("Check your email")
	sam.Go(st.letter(support, "Choose a new password").link(t))
	sam.Fill("label:New password", newPassword)
	sam.Click("button:Set password and sign in")
	sam.at(route.Home)
	sam.reads("Your new password is set")
	st.letter(support, "Your password was changed")
	elsewhere.Go(st.address + route.Desk)
	elsewhere.at(route.SignIn)
	elsewhere.signIn(support, "demonstration-only")
	elsewhere.expectStatus(http.StatusUnprocessableEntity)
	elsewhere.signIn(support, newPassword)
	elsewhere.at(route.Desk)
}

// TestAppointmentByTwoPeople takes a new officer from the administrator's invitation to the page that offers to sign.
func TestAppointmentByTwoPeople(t *testing.T) {
	t.Parallel()
	st := newStory(t, true)
	ines := st.signedIn(admin)
	ines.open(route.AdminUserInvite)
	ines.Fill("label:Name", "Ruth Barnes")
	ines.Fill("label:Email address", "ruth@kent-county-council.example")
	ines.Check("label:No role yet")
	ines.Click("button:Invite")
	ines.reads("Ruth Barnes is invited")
	ruth := st.visitor()
	ruth.Go(st.letter("ruth@kent-county-council.example", "Your invitation").link(t))
	ruth.Fill("label:New password", newPassword)
	ruth.Click("button:Set password and sign in")
	ruth.Go(st.address + route.SignOff)
	ruth.expectStatus(http.StatusForbidden)

	sam := st.signedIn(support)
	sam.open(route.DeskAppointmentPropose)
	sam.Choose("label:Person", "Ruth Barnes (ruth@kent-county-council.example)")
	for _, option := range sam.Texts("#partner option") {
		if strings.HasPrefix(option, "Kent County Council") {
			sam.Choose("label:Safeguarding partner", option)
		}
	}
	sam.Fill("label:Office title", "Director of Children’s Services")
	sam.Check("label:Delegate")
	sam.Fill("label:Office acted for", "Chief Executive")
	sam.Fill("label:What gives the authority", "Scheme of delegation, part 3.")
	sam.fillDate("starts", today())
	sam.fillDate("ends", today().Add(100))
	sam.Click("button:Continue")
	sam.reads("Check before you propose", "Ruth Barnes", "Kent County Council", today().Long())
	sam.Click("button:Propose this appointment")
	sam.reads("Appointment proposed", "Proposed")
	appointment := sam.Path()
	st.letter("ruth@kent-county-council.example", "You are proposed to sign for Kent County Council")
	ruth.open(route.Home)
	ruth.reads("awaits confirmation")

	ines.Go(st.letter(admin, "To confirm: Ruth Barnes").link(t))
	ines.at(appointment)
	ines.Click("link:Confirm")
	ines.Click("button:Confirm this appointment")
	ines.reads("Appointment confirmed", "Sam Fielding", "Ines Costa")
	st.letter("ruth@kent-county-council.example", "You may now sign for Kent County Council")
	ruth.open(openedRoundOf(st, ruth))
	ruth.reads("Director of Children’s Services, Kent County Council")
	ruth.Click("#act button")
	ruth.reads("in place of the Chief Executive")
}
