package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"partnershipportal/internal/demo"
	"partnershipportal/web/route"
)

const (
	paper    = demo.Document
	title    = "Kent Safeguarding Children Multi-Agency Partnership Arrangements"
	newWords = "Every partner reads the **whole** text before the partner signs it."
)

func TestMainJob(t *testing.T) {
	t.Parallel()
	for _, javaScript := range []bool{true, false} {
		t.Run(fmt.Sprintf("with scripts %t", javaScript), func(t *testing.T) {
			t.Parallel()
			mainJob(newStory(t, javaScript))
		})
	}
}

// mainJob takes the next edition from the demonstration's open round back to a draft, through a new round to
// publication, and to a reader.
func mainJob(st *story) {
	sam := st.signedIn(support)
	st.letter(police, "Please sign off", "Round: 1")
	recall(sam)
	draft(sam)
	effective := today().Add(40)
	sam.Click("link:Change the effective day")
	sam.fillDate("effective-from", effective)
	sam.Fill("label:Label as published", "The new edition")
	sam.Click("button:Save details")
	sam.reads("The details are saved", effective.Long(), "The new edition")
	digest := openRound(sam)
	for _, lead := range []struct{ email, body string }{
		{council, "Kent County Council"}, {police, "Kent Police"}, {health, "NHS Kent and Medway"},
	} {
		asked := st.letter(lead.email, "Please sign off", "Round: 2", digest)
		officer := st.signedIn(lead.email)
		officer.Click("link:Sign or decline: " + title + ", version 2")
		officer.reads("Who signs", lead.body, newSection)
		officer.Go(asked.link(st.t))
		officer.reads("Who signs", lead.body, newSection, "before the partner signs it")
		if got := officer.digest(); got != digest {
			st.t.Errorf("%s is shown the digest %s, want %s", lead.email, got, digest)
		}
		officer.sign(lead.body)
		st.letter(lead.email, "Receipt: you signed", "Round: 2", digest)
	}
	st.letter(support, "Ready to publish")
	publish(sam)
	st.letter(police, "Published")
	readAsPublic(st, digest, effective.String(), effective.Add(-1).String())
}

const newSection = "How this edition was agreed"

// recall takes the demonstration's open round back.
func recall(sam person) {
	t := sam.st.t
	t.Helper()
	sam.open(route.Desk)
	sam.reads("Waiting for the partners", "1 of 3 signed")
	sam.open(route.DeskVersionTo(paper, 2))
	sam.Click("link:Recall the round")
	sam.Click("button:Recall the round")
	sam.expectStatus(http.StatusUnprocessableEntity)
	sam.reads("Enter why you recall the round")
	sam.Fill("label:Why do you recall it?", "The council asked for one more section.")
	sam.Click("button:Recall the round")
	sam.at(route.DeskVersionTo(paper, 2))
	sam.reads("The round is recalled", "Draft")
	sam.st.letter(council, "Taken back")
}

// draft writes a section with a preview, moves it, and deletes another.
func draft(sam person) {
	t := sam.st.t
	t.Helper()
	before := sam.Texts(".app-desk-sections__text a")
	sam.Click("link:Add a section")
	sam.Fill("label:Heading", newSection)
	sam.Fill("label:Text", newWords)
	sam.Click("button:Preview")
	sam.reads("It is not saved yet", "Every partner reads the whole text")
	if got := sam.Value("label:Text"); got != newWords {
		t.Errorf("after the preview the field holds %q", got)
	}
	sam.Click("button:Save section")
	sam.reads("The section is added")
	sam.Click("button:Move up: " + newSection)
	sam.Click("link:Add a section")
	sam.Fill("label:Heading", "A section too many")
	sam.Fill("label:Text", "To be deleted.")
	sam.Click("button:Save section")
	sam.Click("link:Delete: A section too many")
	sam.reads("Delete section", "A section too many")
	sam.Click("button:Delete this section")
	sam.reads("The section is deleted")
	after := sam.Texts(".app-desk-sections__text a")
	n := len(before)
	if len(after) != n+1 || !strings.HasSuffix(after[n-1], newSection) || after[n] != before[n-1] {
		t.Errorf("the sections are %q, want %q before the last of %q", after, newSection, before)
	}
	sam.Click("link:Edit " + strings.TrimPrefix(before[0], "Edit "))
	sam.Fill("label:Text", sam.Value("label:Text")+"\n\nThis sentence is new.")
	sam.Click("button:Save section")
	sam.reads("Section 1 is saved")
}

// openRound checks the draft, puts it to the partners, and gives the digest of the frozen text.
func openRound(sam person) (digest string) {
	t := sam.st.t
	t.Helper()
	sam.Click("link:Check and open a round")
	sam.reads("Check before sign-off", "Kent County Council", "Kent Police", "NHS Kent and Medway")
	digest = sam.digest()
	sam.fillDate("due-on", today().Add(21))
	sam.Click("button:Put this text to the partners")
	sam.expectStatus(http.StatusOK)
	sam.reads("The text is put to the partners", "0 of 3 partners")
	if got := sam.digest(); got != digest {
		t.Errorf("the round has the digest %s, the check page showed %s", got, digest)
	}
	return digest
}

// publish publishes the signed version today.
func publish(sam person) {
	sam.st.t.Helper()
	sam.open(route.Desk)
	sam.reads("Signed off, waiting to be published")
	sam.open(route.DeskVersionTo(paper, 2))
	sam.Click("link:Publish")
	sam.reads("What happens", "it is shown as upcoming", "as signed")
	sam.Click("button:Publish this version")
	sam.at(route.DeskPublishTo(paper, 2))
	sam.reads("Published", "Read it as the public does")
}

// readAsPublic reads what was published as anybody may.
func readAsPublic(st *story, digest, from, before string) {
	st.t.Helper()
	reader := st.visitor()
	reader.open(route.Arrangements)
	reader.reads(title, "Upcoming", "In force")
	reader.open(route.ArrangementTo(paper))
	reader.reads("In force since 17 September 2019", "A new version takes effect on")
	reader.misses(newSection)
	reader.open(route.ArrangementsOnTo(before))
	reader.reads("version 1")
	reader.misses("version 2")
	reader.open(route.ArrangementsOnTo(from))
	reader.reads("version 2")
	reader.open(route.ArrangementVersionTo(paper, 2))
	reader.reads("This version is not in force yet", newSection, "This sentence is new.", "Published")
	reader.open(route.ArrangementSignOffsTo(paper, 2))
	reader.reads("Kent County Council", "Kent Police", "Owen Hughes", "NHS Kent and Medway", "Signed here, with password")
	reader.misses("Priya Raman") // the council does not publish names
	if got := reader.digest(); got != digest {
		st.t.Errorf("the public is shown the digest %s, want %s", got, digest)
	}
	if got := digestOf(st.file(route.ArrangementContentTo(paper, 2))); got != digest {
		st.t.Errorf("the SHA-256 of content.json is %s, the partners signed %s", got, digest)
	}
	reader.open(route.ArrangementTimelineTo(paper, 2))
	reader.reads("Signed off by every safeguarding partner", "Published")
	reader.misses("recalled")
	if len(reader.Cookies()) != 0 {
		st.t.Errorf("a reader of public pages holds cookies: %v", reader.Cookies())
	}
}
