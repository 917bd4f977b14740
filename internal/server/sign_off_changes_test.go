package server_test

import (
	"strings"
	"testing"

	"partnershipportal/internal/account/accounttest"
	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/arrangement/librarytest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/pg/pgtest"
	"partnershipportal/internal/signoff"
	"partnershipportal/web/route"
)

func TestTheRoundOpensOnWhatChanged(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	shelf := librarytest.New(t, tx)
	site := siteOver(t, tx, pgtest.Public(t, tx))
	council, police := shelf.Officers[0], shelf.Officers[1]
	officer, declining := site.as(council.Actor.Account), site.as(police.Actor.Account)
	support := site.as(accounttest.Account(t, tx, accounttest.In(authz.BusinessSupport)).ID)
	covers := "A signature always covers the whole text, not only what changed."

	shelf.Draft(t, effective("2019-09-17", oldSections))
	shelf.OpenRound(t)
	t.Run("a partner that never signed is told so, and sees the whole text", func(t *testing.T) {
		officer.get(route.SignOffRoundTo(shelf.Round)).want(200).shows(council.Partner.Body.Name+" has not signed an earlier version of this document here.",
			"So this page has the whole text", "the youth service").hides("What changed", "Change 1 of")
		support.get(route.SignOffRoundTo(shelf.Round)).want(200).shows("the youth service").hides("has not signed", "What changed")
	})
	first := shelf.Round
	shelf.MustAct(t, council.Actor, signoff.Sign)
	shelf.MustAct(t, police.Actor, signoff.Decline)

	content, err := arrangement.ReadContent(shelf.Content)
	if err != nil {
		t.Fatal(err)
	}
	content.Sections[0].Markdown = strings.Replace(content.Sections[0].Markdown, "general practices", "general practices and pharmacies", 1)
	if shelf.Content, err = content.Freeze(); err != nil {
		t.Fatal(err)
	}
	shelf.OpenRound(t)
	t.Run("who signed sees what changed since, and the whole text is one step away", func(t *testing.T) {
		a := officer.get(route.SignOffRoundTo(shelf.Round)).want(200).shows("This is what changed since "+council.Partner.Body.Name+" last signed: version 1, round 1",
			"1 change in 1 section.", "added: and pharmacies", covers, "Read the whole text", "Continue to sign")
		wantLinked(t, a.body)
		officer.get(route.SignOffTextTo(shelf.Round)).want(200).shows("and pharmacies", "The whole text", "Since "+council.Partner.Body.Name+" signed version 1",
			"Continue to sign").hides("added: and pharmacies")
	})
	t.Run("who declined sees the text, and what changed since that round on asking", func(t *testing.T) {
		declining.get(route.SignOffRoundTo(shelf.Round)).want(200).shows("has not signed an earlier version", "So this page has the whole text", "Since version 1, round 1").
			hides("added: and pharmacies")
		declining.get(route.SignOffSinceTo(shelf.Round, int64(first))).want(200).
			shows("This is what changed since the last round put to "+police.Partner.Body.Name, "That round was declined.", "added: and pharmacies", covers)
		declining.get(route.SignOffSinceTo(shelf.Round, int64(shelf.Round))).want(404)
	})
	t.Run("sections without a change can be left out", func(t *testing.T) {
		officer.get(route.OnlyChangedOf(route.SignOffSinceTo(shelf.Round, int64(first)), false)).want(200).
			shows("added: and pharmacies", "Show the sections without changes too").hides("An independent scrutineer")
	})
	t.Run("the page of confirmation says what is signed", func(t *testing.T) {
		st, err := shelf.Issue(t.Context(), council.Actor, signoff.Sign)
		if err != nil {
			t.Fatal(err)
		}
		officer.get(route.SignOffConfirmOf(shelf.Round, st.ID)).want(200).shows("The whole text, not only what changed")
	})
}

func TestTheRoundShowsReadersWithoutASeatWhatChangesInForce(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	f := makeRedline(t, tx)
	site := siteOver(t, tx, pgtest.Public(t, tx))
	for _, role := range []authz.Role{authz.BusinessSupport, authz.Scrutineer} {
		site.as(accounttest.Account(t, tx, accounttest.In(role)).ID).get(route.SignOffRoundTo(f.round)).want(200).shows("This is what changed since July 2022 (version 2), which every partner signed.", "removed: and colleges")
	}
	site.as(f.officer).get(route.SignOffRoundTo(f.round)).want(200).shows("last signed: version 2, round 1", "removed: and colleges")
}
