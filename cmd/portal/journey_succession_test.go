package main

import (
	"net/http"
	"strings"
	"testing"

	"partnershipportal/web/route"
)

// appoint has business support propose an officer of a partner, and the administrator confirm it.
func appoint(sam, ines person, who, partner, title string) {
	t := sam.st.t
	t.Helper()
	sam.open(route.DeskAppointmentPropose)
	sam.Choose("label:Person", who)
	chosen := false
	for _, option := range sam.Texts("#partner option") {
		if strings.HasPrefix(option, partner) {
			sam.Choose("label:Safeguarding partner", option)
			chosen = true
		}
	}
	if !chosen {
		t.Fatalf("nobody can be appointed for %s", partner)
	}
	sam.Fill("label:Office title", title)
	sam.Check("label:Lead officer")
	sam.Fill("label:What gives the authority", "Scheme of delegation.")
	sam.fillDate("starts", today())
	sam.Click("button:Continue")
	sam.Click("button:Propose this appointment")
	sam.reads("Appointment proposed")
	ines.open(sam.Path())
	ines.Click("link:Confirm")
	ines.Click("button:Confirm this appointment")
	ines.reads("Appointment confirmed")
}

// putAgain recalls the open round and puts the text to the partners of today.
func putAgain(sam person, why string, partners ...string) (round string) {
	sam.st.t.Helper()
	sam.open(route.DeskVersionTo(paper, 2))
	sam.Click("link:Recall the round")
	sam.Fill("label:Why do you recall it?", why)
	sam.Click("button:Recall the round")
	sam.reads("The round is recalled")
	sam.Click("link:Check and open a round")
	sam.reads(partners...)
	sam.Click("button:Put this text to the partners")
	sam.reads("The text is put to the partners", "0 of 4 partners")
	return sam.Path()
}

// A clinical commissioning group, one of four partners, is followed by an integrated care board while a round is open.
func TestSuccessionDuringARound(t *testing.T) {
	t.Parallel()
	st := newStory(t, false)
	sam, ines := st.signedIn(support), st.signedIn(admin)
	const ccg, icb, jo = "Thanet CCG", "East Kent ICB", "Jo Marsh (staff@district-council.example)"

	sam.open(route.DeskOrganisationAdd)
	sam.Fill("label:Name", ccg)
	sam.Fill("label:Address of its page", "thanet-ccg")
	sam.Check("label:Health")
	sam.Click("button:Add organisation")
	sam.Click("link:Make it a safeguarding partner")
	sam.Check("label:Health")
	sam.Check("label:Kent")
	sam.fillDate("starts", today().Add(-1000))
	sam.Click("button:Continue")
	sam.Click("button:Make it a safeguarding partner")
	sam.reads("It is a safeguarding partner now")
	appoint(sam, ines, jo, ccg, "Accountable Officer")
	first := putAgain(sam, "A fourth partner shares the duty.", ccg, "NHS Kent and Medway")
	officer := st.signedIn(agency)
	officer.open(first)
	officer.reads("Who signs", ccg, "Accountable Officer")

	sam.open(route.DeskOrganisationTo("thanet-ccg"))
	sam.Click("link:Record a succession")
	sam.Check("label:One body took the place of another")
	sam.fillDate("on", today())
	sam.Fill("label:Its name", icb)
	sam.Fill("label:Address of its page", "east-kent-icb")
	sam.Check("#begins-kind-3")
	sam.Fill("label:What the earlier body still does", "Closing its accounts")
	sam.Click("button:Continue")
	sam.reads("Check before you record it", icb+" follows "+ccg, "Open sign-offs", "Recall each of these sign-offs", ccg+" ends on "+today().Add(-1).Long())
	sam.Click("button:Record it")
	sam.reads("Succession recorded", icb+" is a safeguarding partner (health) from "+today().Long())
	st.letter(agency, "Change of organisation: "+icb+" follows "+ccg)
	st.letter(police, "Change of organisation: "+icb+" follows "+ccg)

	officer.Go(st.address + first)
	officer.expectStatus(http.StatusNotFound) // the seat of a body that has ended opens nothing
	appoint(sam, ines, jo, icb, "Chief Executive")
	second := putAgain(sam, "The care board took the group's place.", icb, "NHS Kent and Medway")
	sam.misses(ccg)
	officer.open(second)
	officer.reads("Chief Executive, " + icb)
	officer.sign(icb)

	reader := st.visitor()
	reader.open(route.ArrangementSignOffsTo(paper, 1))
	reader.reads("Kent CCGs")
	reader.misses("NHS Kent and Medway")
	reader.open(route.Partners)
	reader.reads(icb, "Former safeguarding partners", ccg)
	reader.Click("link:" + icb)
	reader.reads("Took over from "+ccg, "Became a safeguarding partner (health)", "Office that signs: Chief Executive", "closing its accounts")
	reader.Click("link:" + ccg)
	reader.reads("Succeeded by "+icb, "Last day as safeguarding partner", "Closing its accounts")
}
