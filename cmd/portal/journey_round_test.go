package main

import (
	"net/http"
	"strings"
	"testing"

	"partnershipportal/internal/demo"
	"partnershipportal/web/route"
)

// openedRound is the demonstration's open round: health has signed, the council and the police have not.
func openedRound(p person) string {
	p.st.t.Helper()
	p.open(route.SignOff)
	path := p.Attribute(".app-rounds__item .govuk-link", "href")
	p.open(path)
	p.reads("1 of 3 partners")
	return path
}

func TestQuestionAnswerAndDecline(t *testing.T) {
	t.Parallel()
	st := newStory(t, true)
	tom := st.signedIn(office)
	round := openedRound(tom)
	tom.reads("You cannot sign.")
	tom.Press(".govuk-details__summary")
	tom.Check("label:A question")
	tom.Fill("label:Your question, or the change that you ask for", "Who chairs the executive board in the first year?")
	tom.Click("button:Put it to the round")
	tom.reads("Put to the round", "Who chairs the executive board", "Not answered yet.")

	asked := st.letter(support, "A question from Kent Police")
	sam := st.signedIn(support)
	sam.Go(asked.link(t))
	sam.Fill("article.app-remark textarea", "The council does, then each partner in turn.")
	sam.Click("button:Send the answer")
	sam.reads("Answer sent", "The council does, then each partner in turn.")
	st.letter(office, "Answered: the question from Kent Police")

	priya := st.signedIn(council)
	priya.open(round)
	priya.reads("The council does, then each partner in turn.")
	priya.Click("#act a[href$='/decline']")
	priya.reads("Decline to sign")
	priya.Click("button:Continue to decline")
	priya.expectStatus(http.StatusUnprocessableEntity)
	priya.reads("Enter why you decline")
	priya.Fill("label:Why do you decline?", "Section 16 does not yet say who pays for training.")
	priya.Click("button:Continue to decline")
	priya.reads("Confirm that you decline", "Section 16 does not yet say who pays for training.")
	priya.Check("#declaration")
	priya.Fill("label:Your password", demo.Password)
	priya.Click("button:Decline for Kent County Council")
	priya.reads("Declined for Kent County Council", "the text is a draft again")
	st.letter(council, "Receipt: you declined")

	told := st.letter(police, "Kent County Council has declined")
	if strings.Contains(told.text, "who pays for training") {
		t.Errorf("the letter tells the reasons: %s", told.text)
	}
	owen := st.signedIn(police)
	owen.Go(told.link(t))
	owen.reads("A partner declined on", "who pays for training", "NHS Kent and Medway")
	if owen.Count("#act button") != 0 {
		t.Error("the round was declined, and the page still offers to sign")
	}
	sam.open(route.Desk)
	sam.reads("Drafts in work", "Last round: declined")
	sam.open(route.DeskVersionTo(paper, 2))
	sam.Click("link:Check and open a round")
	sam.reads("Put this text to the partners")
	grace := st.signedIn(scrutineer)
	grace.open(round)
	grace.reads("who pays for training")
}

func TestSetAside(t *testing.T) {
	t.Parallel()
	st := newStory(t, true)
	for _, lead := range []struct{ email, body string }{{council, "Kent County Council"}, {deputy, "Kent Police"}} {
		officer := st.signedIn(lead.email)
		officer.open(openedRoundOf(st, officer))
		officer.sign(lead.body)
	}
	st.letter(council, "Signed by everyone")
	sam := st.signedIn(support)
	sam.open(route.DeskVersionTo(paper, 2))
	sam.reads("Every safeguarding partner has signed this text.")
	sam.Click("link:Set the round aside")
	sam.Fill("label:Why do you set it aside?", "The effective day falls into the school holidays.")
	sam.Click("button:Set the round aside")
	sam.reads("The round is set aside", "Draft")
	told := st.letter(deputy, "Set aside")
	leah := st.signedIn(deputy)
	leah.Go(told.link(t))
	leah.reads("set aside before publication", "The effective day falls into the school holidays.", "in place of the Chief Constable")
	sam.open(route.DeskVersionTo(paper, 2))
	if sam.Count(`a[href="`+route.DeskPublishTo(paper, 2)+`"]`) != 0 {
		t.Error("the round was set aside, and the page still offers to publish")
	}
}

// openedRoundOf is the address of the newest round that an officer sees.
func openedRoundOf(st *story, p person) string {
	st.t.Helper()
	p.open(route.SignOff)
	return p.Attribute(".app-rounds__item .govuk-link", "href")
}

func TestSigningByKeyboard(t *testing.T) {
	t.Parallel()
	st := newStory(t, true)
	owen := st.visitor()
	owen.open(route.Root)
	owen.TabTo("link:Sign in")
	owen.KeysGo("Enter")
	owen.TabTo("label:Email address")
	owen.Keys(police)
	owen.TabTo("label:Password")
	owen.Keys(demo.Password)
	owen.TabTo("button:Sign in")
	owen.KeysGo("Space")
	owen.at(route.Home)
	owen.TabTo(`.app-nav__link[href="` + route.SignOff + `"]`)
	owen.KeysGo("Enter")
	owen.TabTo(".app-rounds__item .govuk-link")
	owen.KeysGo("Enter")
	owen.TabTo("#act button")
	owen.KeysGo("Enter")
	owen.TabTo("#declaration")
	owen.Keys("Space")
	owen.TabTo("#password")
	owen.Keys("not the password")
	owen.KeysGo("Enter")
	owen.expectStatus(http.StatusUnprocessableEntity)
	if focus := owen.Focused(); !strings.Contains(focus.Text, "There is a problem") {
		t.Errorf("after a mistake the focus is on %s %q, want the summary of errors", focus.Tag, focus.Text)
	}
	if !owen.Checked("#declaration") {
		owen.TabTo("#declaration")
		owen.Keys("Space")
	}
	owen.TabTo("#password")
	owen.Keys(demo.Password)
	owen.TabTo("button:Sign for Kent Police")
	owen.KeysGo("Enter")
	owen.reads("Signed for Kent Police", "Receipt number")
}

func TestSigningInTwoWindows(t *testing.T) {
	t.Parallel()
	st := newStory(t, true)
	owen := st.signedIn(police)
	round := openedRoundOf(st, owen)
	one := owen
	one.open(round)
	one.Click("#act button")
	other := person{one.Window(), st}
	other.open(round)
	other.Click("#act button")
	leah := st.signedIn(deputy)
	leah.open(round)
	leah.Click("#act button")

	confirm := func(p person) {
		t.Helper()
		p.Check("#declaration")
		p.Fill("label:Your password", demo.Password)
		p.Click("button:Sign for Kent Police")
	}
	confirm(one)
	one.reads("Signed for Kent Police")
	receipt := one.Text(".govuk-summary-list")
	confirm(other)
	other.expectStatus(http.StatusOK)
	other.at(round + "/receipt")
	other.reads("You had done this already", "nothing was done twice")
	if got := other.Text(".govuk-summary-list"); got != receipt {
		t.Errorf("the second window shows the receipt %q, the first %q", got, receipt)
	}
	one.Back()
	if one.Count("#declaration") != 0 {
		confirm(one)
	}
	one.at(round + "/receipt")
	if got := one.Text(".govuk-summary-list"); got != receipt {
		t.Errorf("after going back the receipt is %q, want %q", got, receipt)
	}
	confirm(leah)
	leah.expectStatus(http.StatusConflict)
	leah.reads("2 of 3 partners", "Kent Police")
	if leah.Count("#act button") != 0 {
		t.Error("the lead officer has signed, and the delegate is still offered to")
	}
}
