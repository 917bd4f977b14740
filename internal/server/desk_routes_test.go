package server_test

import (
	"net/http"
	"net/url"
	"testing"

	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
	"partnershipportal/web/route"
)

// deskFixtures are versions at the states that the desk's pages are about.
type deskFixtures struct {
	draft, signed, awaiting, published arrangementtest.Made
	word                               id.WordImport // uploaded into the draft
}

func makeDesk(t testing.TB, db pg.DB) deskFixtures {
	t.Helper()
	f := deskFixtures{draft: arrangementtest.Draft(t, db, following2018), signed: arrangementtest.SignedOff(t, db), awaiting: arrangementtest.AwaitingConfirmation(t, db),
		published: arrangementtest.Published(t, db, following2018)}
	f.word = uploadWord(t, db, f.draft, wordWithPicture())
	return f
}

func deskExpectations() []expectation {
	draft := func(path func(string, int) string) func(fixtures) string {
		return func(f fixtures) string { return path(f.desk.draft.Ref.Slug, f.desk.draft.Ref.Number) }
	}
	word := func(f fixtures) string {
		return route.DeskWordImportRunTo(f.desk.draft.Ref.Slug, f.desk.draft.Ref.Number, f.desk.word)
	}
	published := func(f fixtures) string {
		return route.DeskWithdrawTo(f.desk.published.Ref.Slug, f.desk.published.Ref.Number)
	}
	signed := func(path func(string, int) string) func(fixtures) string {
		return func(f fixtures) string { return path(f.desk.signed.Ref.Slug, f.desk.signed.Ref.Number) }
	}
	section := func(path func(string, int, id.Section) string) func(fixtures) string {
		return func(f fixtures) string {
			return path(f.desk.draft.Ref.Slug, f.desk.draft.Ref.Number, f.desk.draft.SectionIDs[0])
		}
	}
	round := func(path func(id.Round) string, of func(deskFixtures) arrangementtest.Made) func(fixtures) string {
		return func(f fixtures) string { return path(of(f.desk).Round) }
	}
	sending := func(pairs ...string) func(fixtures) url.Values {
		return func(fixtures) url.Values {
			v := url.Values{}
			for i := 0; i < len(pairs); i += 2 {
				v.Set(pairs[i], pairs[i+1])
			}
			return v
		}
	}
	signedRound := func(d deskFixtures) arrangementtest.Made { return d.signed }
	awaiting := func(d deskFixtures) arrangementtest.Made { return d.awaiting }
	// written is a page that the scrutineer reads too, change one that only business support has.
	written := func(route string) expectation {
		return desk(route, http.StatusOK).with("scrutineer", scrutineer, http.StatusOK).with("private office", office, http.StatusForbidden)
	}
	change := func(route string, status int) expectation {
		return desk(route, status).with("scrutineer", scrutineer, http.StatusForbidden).with("private office", office, http.StatusForbidden)
	}
	return []expectation{
		written("GET " + route.Desk),
		written("GET " + route.DeskVersion).at(draft(route.DeskVersionTo)),
		written("GET " + route.DeskText).at(draft(route.DeskTextTo)),
		written("GET " + route.DeskWord).at(draft(route.DeskWordTo)),
		written("GET " + route.DeskTimeline).at(draft(route.DeskTimelineTo)),
		change("GET "+route.DeskCreate, 200),
		change("POST "+route.DeskCreate, 422),
		change("POST "+route.DeskNextVersion, 409).at(func(f fixtures) string { return route.DeskNextVersionTo(f.desk.draft.Ref.Slug) }),
		change("GET "+route.DeskDetails, 200).at(draft(route.DeskDetailsTo)),
		change("POST "+route.DeskDetails, 422).at(draft(route.DeskDetailsTo)),
		change("GET "+route.DeskAreas, 200).at(draft(route.DeskAreasTo)),
		change("POST "+route.DeskAreas, 422).at(draft(route.DeskAreasTo)),
		change("GET "+route.DeskDiscard, 200).at(draft(route.DeskDiscardTo)),
		change("POST "+route.DeskDiscard, 303).at(draft(route.DeskDiscardTo)),
		change("GET "+route.DeskWordImport, 200).at(draft(route.DeskWordImportTo)),
		change("POST "+route.DeskWordImport, 422).at(draft(route.DeskWordImportTo)),
		change("GET "+route.DeskWordImportRun, 200).at(word),
		change("POST "+route.DeskWordImportRun, 422).at(word),
		change("GET "+route.DeskSectionNew, 200).at(draft(route.DeskSectionNewTo)),
		change("POST "+route.DeskSectionNew, 422).at(draft(route.DeskSectionNewTo)),
		change("GET "+route.DeskSection, 200).at(section(route.DeskSectionTo[id.Section])),
		change("POST "+route.DeskSection, 422).at(section(route.DeskSectionTo[id.Section])),
		change("POST "+route.DeskSectionMove, 303).at(section(route.DeskSectionMoveTo[id.Section])).sending(sending("to", "down")),
		change("GET "+route.DeskSectionDelete, 200).at(section(route.DeskSectionDeleteTo[id.Section])),
		change("POST "+route.DeskSectionDelete, 303).at(section(route.DeskSectionDeleteTo[id.Section])).sending(sending("revision", "1")),
		change("GET "+route.DeskOpenRound, 200).at(draft(route.DeskOpenRoundTo)),
		change("POST "+route.DeskOpenRound, 409).at(draft(route.DeskOpenRoundTo)).sending(sending("digest", "another")),
		change("GET "+route.DeskRecorded, 200).at(draft(route.DeskRecordedTo)),
		change("POST "+route.DeskRecorded, 422).at(draft(route.DeskRecordedTo)).sending(sending("seats-on", "2019-06-30", "digest", "")),
		change("GET "+route.DeskPublish, 200).at(signed(route.DeskPublishTo)),
		change("POST "+route.DeskPublish, 422).at(signed(route.DeskPublishTo)),
		change("GET "+route.DeskWithdraw, 200).at(published),
		change("POST "+route.DeskWithdraw, 422).at(published),
		change("POST "+route.DeskUnschedule, 303).at(signed(route.DeskUnscheduleTo)),
		closed("GET "+route.DeskRoundText).at(round(route.DeskRoundTextTo[id.Round], awaiting)).with("business support", support, 200).
			with("scrutineer", scrutineer, 200).with("officer elsewhere", otherLead, 404).with("agency staff", staff, 403),
		change("GET "+route.DeskRecall, 200).at(func(f fixtures) string { return route.DeskRecallTo(f.out.Round) }).with("officer with a seat", seatHolder, 403),
		change("POST "+route.DeskRecall, 422).at(func(f fixtures) string { return route.DeskRecallTo(f.out.Round) }).with("officer with a seat", seatHolder, 403),
		change("GET "+route.DeskSetAside, 200).at(round(route.DeskSetAsideTo[id.Round], signedRound)),
		change("POST "+route.DeskSetAside, 422).at(round(route.DeskSetAsideTo[id.Round], signedRound)),
		closed("GET "+route.DeskConfirmRecorded).at(round(route.DeskConfirmRecordedTo[id.Round], awaiting)).with("business support", support, 200).
			with("scrutineer", scrutineer, 200).with("officer elsewhere", otherLead, 404).with("administrator", admin, 403).with("agency staff", staff, 403),
		closed("POST "+route.DeskConfirmRecorded).at(round(route.DeskConfirmRecordedTo[id.Round], awaiting)).sending(sending("do", "confirm")).
			with("business support", support, 303).with("who entered them", whoEntered, 403).with("scrutineer", scrutineer, 403).
			with("officer elsewhere", otherLead, 404).with("administrator", admin, 403).with("agency staff", staff, 403),
		closed("GET "+route.SignOffEvidence).at(func(f fixtures) string { return route.SignOffEvidenceTo(f.desk.awaiting.Round, 1) }).
			with("business support", support, 404).with("officer elsewhere", otherLead, 404).with("agency staff", staff, 403),
	}
}

func whoEntered(f fixtures) id.Account { return f.desk.awaiting.Support.Account }
