// Package membershiptest makes organisations, partners, agencies and appointments for tests: each the least valid
// thing, under a name of its own, which a function may alter before it is stored.
package membershiptest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"testing"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// Start is the first day of everything that is made here, unless altered.
var Start = day.Must("2019-01-01")

// Unique is a short word that no other test has: lower-case letters and figures.
func Unique() string {
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	return hex.EncodeToString(b[:])
}

// Body is an organisation under its first name.
type Body struct {
	ID            id.Organisation
	Slug          string
	Kind          string
	Name          string
	StartsOn      day.Date
	EndsOn        day.Date
	NameFrom      day.Date // none: it was always called so
	Demonstration bool
}

// Organisation stores a body of kind "other".
func Organisation(t testing.TB, db pg.DB, alter ...func(*Body)) Body {
	t.Helper()
	u := Unique()
	b := Body{Slug: "body-" + u, Kind: "other", Name: "Body " + u}
	for _, f := range alter {
		f(&b)
	}
	b.ID = insert[id.Organisation](t, db, `
		INSERT INTO organisation (slug, kind, starts_on, ends_on, is_demonstration) VALUES (@slug, @kind, @starts, @ends, @demo) RETURNING id`,
		pgx.StrictNamedArgs{"slug": b.Slug, "kind": b.Kind, "starts": b.StartsOn, "ends": b.EndsOn, "demo": b.Demonstration})
	Name(t, db, b.ID, b.Name, b.NameFrom, day.Date{})
	return b
}

// Name stores a name of a body for a time; no day means since ever or until further notice.
func Name(t testing.TB, db pg.DB, body id.Organisation, name string, from, to day.Date) {
	t.Helper()
	insert[int64](t, db, `
		INSERT INTO organisation_name (organisation_id, name, starts_on, ends_on) VALUES (@body, @name, @from, @to) RETURNING id`,
		pgx.StrictNamedArgs{"body": body, "name": name, "from": from, "to": to})
}

// Area stores an area of the partnership that lasts.
func Area(t testing.TB, db pg.DB) id.Area {
	t.Helper()
	return insert[id.Area](t, db, `INSERT INTO area (name, starts_on) VALUES (@name, @from) RETURNING id`,
		pgx.StrictNamedArgs{"name": "Area " + Unique(), "from": Start})
}

// PartnerMade is a safeguarding partner and its organisation.
type PartnerMade struct {
	ID             id.Partner
	Body           Body // made new unless it has an id
	Kind           string
	PublishesNames bool
	StartsOn       day.Date
	EndsOn         day.Date
	Areas          []id.Area // one made new unless given
}

// Partner stores a safeguarding partner: a police force unless altered.
func Partner(t testing.TB, db pg.DB, alter ...func(*PartnerMade)) PartnerMade {
	t.Helper()
	p := PartnerMade{Kind: "police", StartsOn: Start}
	for _, f := range alter {
		f(&p)
	}
	if p.Body.ID == 0 {
		p.Body = Organisation(t, db, func(b *Body) { b.Kind = p.Kind })
	}
	if p.Areas == nil {
		p.Areas = []id.Area{Area(t, db)}
	}
	p.ID = insert[id.Partner](t, db, `
		INSERT INTO safeguarding_partner (organisation_id, statutory_kind, publishes_names, starts_on, ends_on)
		VALUES (@body, @kind, @publishes, @from, @to) RETURNING id`,
		pgx.StrictNamedArgs{"body": p.Body.ID, "kind": p.Kind, "publishes": p.PublishesNames, "from": p.StartsOn, "to": p.EndsOn})
	for _, area := range p.Areas {
		run(t, db, `INSERT INTO partner_area (partner_id, area_id) VALUES (@partner, @area)`, pgx.StrictNamedArgs{"partner": p.ID, "area": area})
	}
	return p
}

// ThreePartners stores a local authority, a police force and a health body that share one area.
func ThreePartners(t testing.TB, db pg.DB) []PartnerMade {
	t.Helper()
	area := Area(t, db)
	made := make([]PartnerMade, 0, 3)
	for _, kind := range []string{"local authority", "police", "health"} {
		made = append(made, Partner(t, db, func(p *PartnerMade) { p.Kind, p.Areas = kind, []id.Area{area} }))
	}
	return made
}

// Succession stores that one body took the place of another on a day.
func Succession(t testing.TB, db pg.DB, before, after id.Organisation, on day.Date) id.Succession {
	t.Helper()
	return insert[id.Succession](t, db, `
		INSERT INTO organisation_succession (predecessor_id, successor_id, takes_over_on) VALUES (@before, @after, @on) RETURNING succession_id`,
		pgx.StrictNamedArgs{"before": before, "after": after, "on": on})
}

// AgencyMade is a relevant agency and its organisation.
type AgencyMade struct {
	ID         id.Agency
	Body       Body // made new unless it has an id
	Basis      string
	Reason     string
	StartsOn   day.Date
	EndsOn     day.Date
	Categories []int // paragraphs of the Schedule
}

// Agency stores a relevant agency chosen by the partners.
func Agency(t testing.TB, db pg.DB, alter ...func(*AgencyMade)) AgencyMade {
	t.Helper()
	a := AgencyMade{Basis: "chosen", StartsOn: Start, Categories: []int{4}}
	for _, f := range alter {
		f(&a)
	}
	if a.Body.ID == 0 {
		a.Body = Organisation(t, db)
	}
	a.ID = insert[id.Agency](t, db, `
		INSERT INTO agency_membership (organisation_id, basis, reason, starts_on, ends_on) VALUES (@body, @basis, @reason, @from, @to) RETURNING id`,
		pgx.StrictNamedArgs{"body": a.Body.ID, "basis": a.Basis, "reason": a.Reason, "from": a.StartsOn, "to": a.EndsOn})
	for _, paragraph := range a.Categories {
		run(t, db, `INSERT INTO agency_membership_category (membership_id, paragraph) VALUES (@agency, @paragraph)`,
			pgx.StrictNamedArgs{"agency": a.ID, "paragraph": paragraph})
	}
	return a
}

// Person stores an account without a password, in no role.
func Person(t testing.TB, db pg.DB) id.Account {
	t.Helper()
	u := Unique()
	return insert[id.Account](t, db, `INSERT INTO account (email, name) VALUES (@email, @name) RETURNING id`,
		pgx.StrictNamedArgs{"email": u + "@example.org", "name": "Person " + u})
}

// AppointmentMade is an appointment: confirmed, unless it is told to be only proposed.
type AppointmentMade struct {
	ID         id.Appointment
	Account    id.Account // made new unless given
	Partner    id.Partner
	Office     string
	Capacity   authz.Capacity
	ActingFor  string
	Instrument string
	Dated      day.Date       // of the instrument
	Under      id.Appointment // of the lead officer who names the delegate
	Papers     []string
	StartsOn   day.Date
	EndsOn     day.Date
	ProposedBy id.Account // made new unless given
	ByCommand  bool       // proposed by nobody yet
	Confirmed  bool
}

// Appointment stores a confirmed appointment of a lead officer of the partner.
func Appointment(t testing.TB, db pg.DB, partner id.Partner, alter ...func(*AppointmentMade)) AppointmentMade {
	t.Helper()
	a := AppointmentMade{Partner: partner, Office: "Chief Officer", Capacity: authz.Lead, Papers: []string{}, StartsOn: Start, Confirmed: true}
	for _, f := range alter {
		f(&a)
	}
	if a.Account == 0 {
		a.Account = Person(t, db)
	}
	if a.ProposedBy == 0 && !a.ByCommand {
		a.ProposedBy = Person(t, db)
	}
	if a.Capacity == authz.Delegate && a.ActingFor == "" {
		a.ActingFor = "Chief Officer"
	}
	a.ID = insert[id.Appointment](t, db, `
		INSERT INTO appointment (account_id, partner_id, office, capacity, acting_for, instrument, instrument_on, papers, starts_on, ends_on, proposed_by,
		                         delegated_under)
		VALUES (@account, @partner, @office, @capacity, @acting_for, @instrument, @dated, @papers, @from, @to, NULLIF(@proposed_by::bigint, 0), NULLIF(@under::bigint, 0)) RETURNING id`,
		pgx.StrictNamedArgs{
			"account": a.Account, "partner": a.Partner, "office": a.Office, "capacity": string(a.Capacity), "acting_for": a.ActingFor,
			"instrument": a.Instrument, "dated": a.Dated, "under": a.Under, "papers": a.Papers, "from": a.StartsOn, "to": a.EndsOn, "proposed_by": a.ProposedBy,
		})
	if a.Confirmed && !a.ByCommand {
		run(t, db, `UPDATE appointment SET confirmed_by = @by WHERE id = @id`, pgx.StrictNamedArgs{"by": Person(t, db), "id": a.ID})
	}
	return a
}

func insert[T any](t testing.TB, db pg.DB, sql string, args pgx.StrictNamedArgs) T {
	t.Helper()
	var made T
	if err := db.QueryRow(context.Background(), sql, args).Scan(&made); err != nil {
		t.Fatalf("make a row for the test: %v", err)
	}
	return made
}

func run(t testing.TB, db pg.DB, sql string, args pgx.StrictNamedArgs) {
	t.Helper()
	if _, err := db.Exec(context.Background(), sql, args); err != nil {
		t.Fatalf("make a row for the test: %v", err)
	}
}
