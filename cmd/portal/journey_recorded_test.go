package main

import (
	"net/http"
	"testing"

	"partnershipportal/internal/day"
	"partnershipportal/web/route"
)

// TestRecordedSignOffs writes a document from nothing, enters sign-offs that were made on paper, and has a second person
// confirm them before it is published as of the past.
func TestRecordedSignOffs(t *testing.T) {
	t.Parallel()
	st := newStory(t, false)
	const slug = "threshold-document"
	sam := st.signedIn(support)
	sam.open(route.Desk)
	sam.Click("link:Create a document")
	sam.Fill("label:Title", "Threshold document")
	sam.Fill("label:Address", slug)
	sam.Check("label:Threshold document")
	sam.Choose("label:Edition of the statutory guidance", "Working Together 2023")
	sam.Check("label:Kent")
	sam.Click("button:Create the document")
	sam.reads("The document is created", "No section is written yet.")
	sam.Click("link:Add a section")
	sam.Fill("label:Heading", "When to ask for help")
	sam.Fill("label:Text", "Ask early.\n\n- Ask the family.\n- Ask the school.")
	sam.Click("button:Save section")
	sam.Click("link:Change the effective day")
	sam.fillDate("effective-from", day.Must("2024-09-01"))
	sam.Click("button:Save details")

	sam.Click("link:Enter sign-offs that were made elsewhere")
	sam.fillDate("seats-on", day.Must("2024-07-31"))
	sam.Click("button:Continue")
	sam.reads("31 July 2024", "Kent County Council", "Kent Police", "NHS Kent and Medway")
	sam.Click("button:Enter these sign-offs")
	sam.expectStatus(http.StatusUnprocessableEntity)
	sam.reads("There is a problem")
	for _, field := range sam.Attributes(`input[name^="office-"]`, "name") {
		partner := field[len("office-"):]
		sam.Fill("#"+field, "Lead officer")
		sam.Check(`input[name="signed-on-` + partner + `-precision"][value="month"]`)
		sam.Fill("#signed-on-"+partner+"-month", "7")
		sam.Fill("#signed-on-"+partner+"-year", "2024")
		sam.Fill("#source-"+partner, "Minutes of the executive board of July 2024, item 4.")
	}
	sam.Click("button:Enter these sign-offs")
	sam.reads("The sign-offs are entered", "You entered these sign-offs")
	if sam.Count(`button[value="confirm"]`) != 0 {
		t.Error("whoever entered the sign-offs is offered to confirm them")
	}

	owen := st.signedIn(police)
	owen.Go(st.letter(police, "To confirm: recorded sign-offs").link(t))
	owen.reads("Minutes of the executive board of July 2024, item 4.", "July 2024")
	digest := owen.digest()
	if owen.Count(`button[value="confirm"]`) == 0 {
		owen.Click(`a[href$="/confirm-recorded"]`)
	}
	owen.Click("button:Confirm these 3 sign-offs")
	owen.reads("The sign-offs are confirmed")
	st.letter(support, "Confirmed: recorded sign-offs")

	sam.open(route.DeskPublishTo(slug, 1))
	sam.Check("label:It was published before")
	sam.Check(`input[name="published-on-precision"][value="month"]`)
	sam.Fill("#published-on-month", "8")
	sam.Fill("#published-on-year", "2024")
	sam.Click("button:Publish this version")
	sam.reads("Published")

	reader := st.visitor()
	reader.open(route.ArrangementTo(slug))
	reader.reads("In force since 1 September 2024", "August 2024", "(recorded)", "Ask the family.")
	reader.open(route.ArrangementSignOffsTo(slug, 1))
	reader.reads("July 2024", "Minutes of the executive board", "entered here by one person and confirmed by another")
	if got := digestOf(st.file(route.ArrangementContentTo(slug, 1))); got != digest {
		t.Errorf("the SHA-256 of content.json is %s, confirmed was %s", got, digest)
	}
}
