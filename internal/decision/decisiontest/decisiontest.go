// Package decisiontest makes records of decision for tests, each the least valid thing, and the people who work on them.
package decisiontest

import (
	"context"
	"testing"
	"time"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/decision"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
)

// Now is the time at which everything happens here.
var Now = time.Date(2019, time.July, 1, 10, 0, 0, 0, time.UTC)

// Clock stands still at Now.
func Clock() time.Time { return Now }

// Support is somebody of business support with an account.
func Support(t testing.TB, db pg.DB) authz.Actor {
	t.Helper()
	return authz.Actor{Account: membershiptest.Person(t, db), Held: []authz.Held{{Role: authz.BusinessSupport}}}
}

// OfficeOf is somebody in the office of a body.
func OfficeOf(t testing.TB, db pg.DB, body id.Organisation) authz.Actor {
	t.Helper()
	return authz.Actor{Account: membershiptest.Person(t, db), Held: []authz.Held{{Role: authz.Office, Organisation: body}}}
}

// Draft is what a made key decision needs, and nothing more.
func Draft(alter ...func(*decision.Draft)) decision.Draft {
	d := decision.Draft{
		Identity: decision.Identity{Subject: "New arrangements", MakerTitle: "Cabinet Member for Children"},
		Key:      decision.Key{Key: decision.KeyYes, Reason: "It affects every division."},
		Text: decision.Text{Preamble: "I propose to:", Limbs: []decision.Limb{{Text: "Agree the new arrangements."}}, Reasons: "The law asks for them.",
			Alternatives: "None", Interests: "None declared"},
		Dates:    decision.Dates{NoticeOn: day.On(day.Must("2019-04-01")), DueOn: day.On(day.Must("2019-05-20"))},
		Openness: decision.Openness{Restriction: decision.Open},
		Urgency:  decision.Urgency{CallInApplies: true},
	}
	for _, f := range alter {
		f(&d)
	}
	return d
}

// Made gives a draft the days of a decision that was made.
func Made(d *decision.Draft) {
	d.MadeOn, d.PublishedOn = day.On(day.Must("2019-05-20")), day.On(day.Must("2019-05-20"))
}

// Proposed enters a proposed record of a body (its slug) by the portal itself.
func Proposed(t testing.TB, db pg.DB, body string, alter ...func(*decision.Draft)) id.Decision {
	t.Helper()
	which, err := decision.New(db, Clock).Create(context.Background(), authz.System("test"),
		decision.CreateCommand{Body: body, Stage: decision.Proposed, Draft: Draft(alter...)})
	if err != nil {
		t.Fatalf("enter a proposed record: %v", err)
	}
	return which
}

// Read reads a record as the portal itself.
func Read(t testing.TB, db pg.DB, which id.Decision) decision.Full {
	t.Helper()
	f, err := decision.New(db, Clock).Read(context.Background(), authz.System("test"), which)
	if err != nil {
		t.Fatalf("read record %d: %v", which, err)
	}
	return f
}

// Move moves a record on, as the portal itself.
func Move(t testing.TB, db pg.DB, which id.Decision, to decision.Stage, alter ...func(*decision.Draft)) {
	t.Helper()
	f := Read(t, db, which)
	d := f.Draft
	for _, a := range alter {
		a(&d)
	}
	cmd := decision.MoveCommand{ID: which, Revision: f.Revision, To: to, Changes: Whole(d)}
	if to == decision.Withdrawn {
		cmd.WithdrawnReason = "No longer needed"
	}
	if err := decision.New(db, Clock).Move(context.Background(), authz.System("test"), cmd); err != nil {
		t.Fatalf("move record %d to %s: %v", which, to, err)
	}
}

// Publish publishes a record as it stands, as the portal itself.
func Publish(t testing.TB, db pg.DB, which id.Decision) {
	t.Helper()
	if _, err := decision.New(db, Clock).Publish(context.Background(), authz.System("test"),
		decision.PublishCommand{ID: which, Revision: Read(t, db, which).Revision, Reason: "A slip"}); err != nil {
		t.Fatalf("publish record %d: %v", which, err)
	}
}

// Whole is every group of a draft as changes.
func Whole(d decision.Draft) decision.Changes {
	return decision.Changes{Identity: &d.Identity, Key: &d.Key, Text: &d.Text, Dates: &d.Dates, Openness: &d.Openness, Urgency: &d.Urgency}
}
