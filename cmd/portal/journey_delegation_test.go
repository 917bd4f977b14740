package main

import (
	"testing"

	"partnershipportal/internal/demo"
	"partnershipportal/web/route"
)

// TestDelegation takes a delegate from the lead officer's naming to the public page that says for ever for whom they acted.
func TestDelegation(t *testing.T) {
	t.Parallel()
	st := newStory(t, false)
	dana := st.signedIn(office) // of the private office: never signs by that role
	round := openedRound(dana)
	dana.reads("You cannot sign.")

	liam := st.signedIn(police)
	liam.open(route.Delegation)
	liam.reads("Kent Police", "Delegates now")
	liam.Click("link:Name a delegate")
	name := liam.Texts("#account option")
	for _, option := range name {
		if len(option) > len(office) && option[len(option)-len(office)-1:] == office+")" {
			liam.Choose("label:Person", option)
		}
	}
	liam.Fill("label:Their office title", "Staff Officer")
	liam.Fill("label:What gives the authority", "Scheme of delegation, part 3")
	liam.fillDate("dated", today().Add(-100))
	liam.fillDate("starts", today())
	liam.fillDate("ends", today().Add(20))
	liam.Click("button:Continue")
	liam.reads("Check before you name the delegate", acting())
	liam.Click("button:Name this delegate")
	liam.reads("Delegate named", "Proposed")
	appointment := liam.Path()

	ines := st.signedIn(admin)
	ines.Go(st.letter(admin, "To confirm: ").link(t))
	ines.at(appointment)
	ines.reads("Named by", "Scheme of delegation, part 3 of "+today().Add(-100).Long())
	ines.Click("link:Confirm")
	ines.Click("button:Confirm this appointment")
	ines.reads("Appointment confirmed")
	st.letter(police, "Confirmed: ")
	st.letter(office, "You may now sign for Kent Police")

	dana.open(round)
	dana.Click("#act button")
	dana.reads("Confirm your signature", acting())
	dana.Check("#declaration")
	dana.Fill("label:Your password", demo.Password)
	dana.Click("button:Sign for Kent Police")
	dana.reads("Signed for Kent Police", acting())

	liam.Go(st.address + appointment)
	liam.Click("link:Withdraw now")
	liam.Click("button:Withdraw now")
	liam.reads("Withdrawn")

	priya := st.signedIn(council)
	priya.open(round)
	priya.reads(acting())
	priya.sign("Kent County Council")
	publish(st.signedIn(support))
	reader := st.visitor()
	reader.open(route.ArrangementSignOffsTo(paper, 2))
	reader.reads(acting(), "in place of the Chief Constable")
	reader.open(route.ArrangementTimelineTo(paper, 2))
	reader.reads(acting())
}

func acting() string {
	return "Staff Officer, acting for Kent Police under Scheme of delegation, part 3 of " + today().Add(-100).Long()
}
