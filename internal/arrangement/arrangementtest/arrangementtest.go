// Package arrangementtest makes documents and versions for tests, at whatever state a test needs. It goes the way that
// the portal itself goes, through the services, so that what it makes could have come about.
package arrangementtest

import (
	"context"
	"encoding/hex"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/signoff"
)

// Made is a version with everything that a test may want to know about it. What stands before Version may be altered
// before it is stored.
type Made struct {
	Title         string
	Slug          string
	Kind          string
	EffectiveFrom day.Date // today unless altered: in force as soon as it is published
	Label         string
	Guidance      string // the newest edition unless given; the musts of one with a list are covered by the first section
	Sections      []arrangement.Text
	Partners      []membershiptest.PartnerMade // three that share an area, unless given
	Areas         []id.Area                    // those of the partners unless given
	DueOn         day.Date
	Demonstration bool
	Support       authz.Actor // business support; made new unless given
	Sent          *Letters    // letters of the services that made it

	Version    id.Version
	Ref        arrangement.Ref
	SectionIDs []id.Section
	Round      id.Round      // zero for a draft
	Digest     string        // of the round's text, in hexadecimal
	Officers   []authz.Actor // the lead officer of each partner, in the order of Partners
}

// Alter changes what is made before it is stored.
type Alter = func(*Made)

// Services are the services that the factories use, on the test's database, with letters that are only counted.
func Services(db pg.DB, letters *Letters) (*arrangement.Service, *signoff.Service) {
	rounds := signoff.New(db, AnyPassword{}, letters, time.Now)
	return arrangement.New(db, rounds, letters, time.Now), rounds
}

// Draft makes a version that is being written: two sections and everything that a round needs.
func Draft(t testing.TB, db pg.DB, alter ...Alter) Made {
	t.Helper()
	u := membershiptest.Unique()
	m := Made{Title: "Arrangements " + u, Slug: "arrangements-" + u, Kind: "arrangements", EffectiveFrom: day.Of(time.Now()), Sent: &Letters{},
		Sections: []arrangement.Text{
			{Heading: "Scope", Markdown: "These arrangements cover every child in the area.\n\nThey bind all partners."},
			{Heading: "Working together", Markdown: "The partners share an equal duty."},
		}}
	for _, f := range alter {
		f(&m)
	}
	if m.Support.Account == 0 {
		m.Support = Support(t, db)
	}
	if m.Partners == nil {
		m.Partners = membershiptest.ThreePartners(t, db)
	}
	if m.Areas == nil {
		m.Areas = m.Partners[0].Areas
	}
	m.create(t, db)
	return m
}

func (m *Made) create(t testing.TB, db pg.DB) {
	t.Helper()
	ctx := context.Background()
	service, _ := Services(db, m.Sent)
	editions, err := service.GuidanceEditions(ctx)
	must(t, err)
	edition := editions[0]
	for _, e := range editions {
		if e.Title == m.Guidance {
			edition = e
		}
	}
	m.Ref, err = service.Create(ctx, m.Support, arrangement.CreateCommand{Title: m.Title, Slug: m.Slug, Kind: m.Kind, Guidance: edition.ID,
		Areas: m.Areas, Demonstration: m.Demonstration})
	must(t, err)
	for _, s := range m.Sections {
		added, err := service.AddSection(ctx, m.Support, m.Ref, s.Heading, s.Markdown)
		must(t, err)
		m.SectionIDs = append(m.SectionIDs, added)
	}
	must(t, service.SaveDetails(ctx, m.Support, arrangement.DetailsCommand{Ref: m.Ref, Revision: 1, Title: m.Title, Guidance: edition.ID,
		EffectiveFrom: m.EffectiveFrom, Label: m.Label}))
	d, err := service.Draft(ctx, m.Support, m.Ref)
	must(t, err)
	m.Version = d.ID
	m.coverMusts(t, service)
}

func (m *Made) coverMusts(t testing.TB, service *arrangement.Service) {
	t.Helper()
	c, err := service.Coverage(context.Background(), m.Support, m.Ref)
	must(t, err)
	for _, a := range c.Answers {
		if a.Binding() {
			must(t, service.SaveCoverage(context.Background(), m.Support, arrangement.CoverageCommand{Ref: m.Ref, Number: a.Number, Sections: m.SectionIDs[:1]}))
		}
	}
}

// OutForSignOff makes a version that is put to its partners, each with a lead officer; nobody has signed yet.
func OutForSignOff(t testing.TB, db pg.DB, alter ...Alter) Made {
	t.Helper()
	m := Draft(t, db, alter...)
	for _, p := range m.Partners {
		m.Officers = append(m.Officers, Officer(t, db, p))
	}
	ctx := context.Background()
	service, _ := Services(db, m.Sent)
	check, err := service.Check(ctx, m.Support, m.Ref, day.Date{})
	must(t, err)
	m.Digest = check.Digest
	m.Round, err = service.Open(ctx, m.Support, arrangement.OpenCommand{Ref: m.Ref, Digest: check.Digest, DueOn: m.DueOn})
	must(t, err)
	return m
}

// SignedOff makes a version that every partner has signed and that is not published yet.
func SignedOff(t testing.TB, db pg.DB, alter ...Alter) Made {
	t.Helper()
	m := OutForSignOff(t, db, alter...)
	for _, officer := range m.Officers {
		Sign(t, db, m, officer)
	}
	return m
}

// Sign lets an officer sign the round of a version.
func Sign(t testing.TB, db pg.DB, m Made, officer authz.Actor) {
	t.Helper()
	act(t, db, m, officer, signoff.IssueCommand{Kind: signoff.Sign})
}

// Decline lets an officer decline to sign, which ends the round.
func Decline(t testing.TB, db pg.DB, m Made, officer authz.Actor, reason string) {
	t.Helper()
	act(t, db, m, officer, signoff.IssueCommand{Kind: signoff.Decline, Reason: reason})
}

func act(t testing.TB, db pg.DB, m Made, officer authz.Actor, cmd signoff.IssueCommand) {
	t.Helper()
	_, rounds := Services(db, m.Sent)
	cmd.Round, cmd.Digest = m.Round, m.Digest
	st, err := rounds.Issue(context.Background(), officer, cmd)
	must(t, err)
	_, err = rounds.Act(context.Background(), officer, signoff.ActCommand{Round: m.Round, Statement: st.ID, Password: "any"})
	must(t, err)
}

// Published makes a version that every partner has signed and that is published today.
func Published(t testing.TB, db pg.DB, alter ...Alter) Made {
	t.Helper()
	m := SignedOff(t, db, alter...)
	m.publish(t, db)
	return m
}

// NextSignedOff makes the next version of a published one, with the same text from another day, signed by the same officers.
func NextSignedOff(t testing.TB, db pg.DB, m Made, effectiveFrom day.Date) Made {
	t.Helper()
	ctx := context.Background()
	service, _ := Services(db, m.Sent)
	var err error
	m.Ref, err = service.NextVersion(ctx, m.Support, m.Ref.Slug, m.Demonstration)
	must(t, err)
	d, err := service.Draft(ctx, m.Support, m.Ref)
	must(t, err)
	m.Version, m.EffectiveFrom = d.ID, effectiveFrom
	must(t, service.SaveDetails(ctx, m.Support, arrangement.DetailsCommand{Ref: m.Ref, Revision: d.Revision, Title: d.Title, Guidance: d.Guidance.ID,
		EffectiveFrom: effectiveFrom}))
	check, err := service.Check(ctx, m.Support, m.Ref, day.Date{})
	must(t, err)
	m.Digest = check.Digest
	m.Round, err = service.Open(ctx, m.Support, arrangement.OpenCommand{Ref: m.Ref, Digest: check.Digest})
	must(t, err)
	for _, officer := range m.Officers {
		Sign(t, db, m, officer)
	}
	return m
}

// NextPublished makes and publishes the next version of a published one, with the same text from another day.
func NextPublished(t testing.TB, db pg.DB, m Made, effectiveFrom day.Date) Made {
	t.Helper()
	m = NextSignedOff(t, db, m, effectiveFrom)
	m.publish(t, db)
	return m
}

func (m *Made) publish(t testing.TB, db pg.DB) {
	t.Helper()
	service, _ := Services(db, m.Sent)
	must(t, service.Publish(context.Background(), m.Support, arrangement.PublishCommand{Ref: m.Ref, Round: m.Round, Label: m.Label}))
}

// AwaitingConfirmation makes a version with sign-offs that were made elsewhere in June 2019: entered by one person, not
// yet confirmed by another.
func AwaitingConfirmation(t testing.TB, db pg.DB, alter ...Alter) Made {
	t.Helper()
	m := Draft(t, db, alter...)
	ctx := context.Background()
	service, rounds := Services(db, m.Sent)
	check, err := service.Check(ctx, m.Support, m.Ref, day.Must("2019-06-30"))
	must(t, err)
	cmd := arrangement.RecordedCommand{Ref: m.Ref, Digest: check.Digest, SeatsOn: check.SeatsOn}
	for _, seat := range check.Seats {
		cmd.Acts = append(cmd.Acts, signoff.RecordedAct{Partner: seat.Partner, Office: "Lead officer",
			SignedOn: day.Roughly(day.Must("2019-06-01"), day.Month), Source: "Minutes of the meeting"})
	}
	m.Round, err = service.EnterRecorded(ctx, m.Support, cmd)
	must(t, err)
	r, err := rounds.Round(ctx, m.Support, m.Round)
	must(t, err)
	m.Digest = hex.EncodeToString(r.Digest)
	return m
}

// PublishedRecorded makes a version that was signed elsewhere in June 2019, confirmed by a second person and published.
func PublishedRecorded(t testing.TB, db pg.DB, alter ...Alter) Made {
	t.Helper()
	m := AwaitingConfirmation(t, db, alter...)
	_, rounds := Services(db, m.Sent)
	must(t, rounds.ConfirmRecorded(context.Background(), Support(t, db), m.Round))
	m.publish(t, db)
	return m
}

// Support makes a person of the business support team.
func Support(t testing.TB, db pg.DB) authz.Actor {
	t.Helper()
	return WithRole(t, db, authz.BusinessSupport)
}

// WithRole makes a person who holds a role, for an organisation where the role needs one.
func WithRole(t testing.TB, db pg.DB, role authz.Role, organisation ...id.Organisation) authz.Actor {
	t.Helper()
	a := authz.Actor{Account: membershiptest.Person(t, db), Held: []authz.Held{{Role: role}}}
	if len(organisation) > 0 {
		a.Held[0].Organisation = organisation[0]
	}
	_, err := db.Exec(context.Background(), `INSERT INTO role_grant (account_id, role, organisation_id) VALUES (@account, @role, NULLIF(@organisation::bigint, 0))`,
		pgx.StrictNamedArgs{"account": a.Account, "role": string(role), "organisation": a.Held[0].Organisation})
	must(t, err)
	a.Name = name(t, db, a.Account)
	return a
}

// Officer makes a lead officer of a partner.
func Officer(t testing.TB, db pg.DB, partner membershiptest.PartnerMade, alter ...func(*membershiptest.AppointmentMade)) authz.Actor {
	t.Helper()
	made := membershiptest.Appointment(t, db, partner.ID, alter...)
	return authz.Actor{Account: made.Account, Name: name(t, db, made.Account), Seats: []authz.Seat{{Appointment: made.ID, Partner: partner.ID,
		Organisation: partner.Body.ID, Capacity: made.Capacity, Office: made.Office, Papers: made.Papers}}}
}

func name(t testing.TB, db pg.DB, account id.Account) string {
	t.Helper()
	var name string
	must(t, db.QueryRow(context.Background(), `SELECT name FROM account WHERE id = @account`, pgx.StrictNamedArgs{"account": account}).Scan(&name))
	return name
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("make a version for the test: %v", err)
	}
}
