package signoff_test

import (
	"context"
	"crypto/rand"
	"testing"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
	"partnershipportal/internal/signoff"
	"partnershipportal/internal/signoff/signofftest"
)

// situation is rounds at every state, by the names that the attempts use. All were brought about by the services.
//
// In the round @open, officer 1 has a statement to sign and one to decline, officer 2 one to sign, officer 3 has signed.
func situation(t testing.TB, db pg.DB) pgx.NamedArgs {
	t.Helper()
	g := pgx.NamedArgs{}
	fundingYears(t, db, g)
	open := signofftest.Open(t, db)
	g["open"], g["version"], g["content"], g["support"] = open.Round, open.Version, open.Content, open.Support.Account
	r, err := open.Service.Round(context.Background(), open.Support, open.Round)
	if err != nil {
		t.Fatal(err)
	}
	g["digest"] = r.Digest
	for i, o := range open.Officers {
		n := string(rune('1' + i))
		g["account"+n], g["partner"+n], g["appointment"+n] = o.Actor.Account, o.Partner.ID, o.Actor.Seats[0].Appointment
		g["seat"+n], g["organisation"+n] = r.Seats[i].ID, o.Partner.Body.ID
	}
	issue := func(name string, by authz.Actor, kind signoff.Kind) {
		st, err := open.Issue(context.Background(), by, kind)
		if err != nil {
			t.Fatal(err)
		}
		g[name] = st.ID
	}
	issue("to_sign", open.Officers[0].Actor, signoff.Sign)
	issue("to_decline", open.Officers[0].Actor, signoff.Decline)
	issue("other_to_sign", open.Officers[1].Actor, signoff.Sign)
	done := open.MustAct(t, open.Officers[2].Actor, signoff.Sign)
	g["signed"], g["signed_statement"] = done.Seat.Act.ID, done.Seat.Act.Statement
	g["unused"] = newUUID()
	g["nobody"] = int64(-1)
	g["stranger"] = membershiptest.Person(t, db)
	delegates(t, db, open, g)
	remarks(t, open, g)
	scrutineers(t, db, g)
	endedRounds(t, db, g)
	recordedRounds(t, db, g)
	return g
}

// delegates gives the first partner a delegate whose appointment nobody has confirmed, and the second one's seat to
// officer 1 as well.
func delegates(t testing.TB, db pg.DB, open *signofftest.Made, g pgx.NamedArgs) {
	t.Helper()
	unconfirmed := membershiptest.Appointment(t, db, open.Officers[0].Partner.ID, func(a *membershiptest.AppointmentMade) {
		a.Capacity, a.Confirmed = authz.Delegate, false
	})
	g["delegate"], g["unconfirmed"] = unconfirmed.Account, unconfirmed.ID
	named := membershiptest.Appointment(t, db, open.Officers[0].Partner.ID, func(a *membershiptest.AppointmentMade) {
		a.Capacity, a.Under, a.ProposedBy = authz.Delegate, open.Officers[0].Actor.Seats[0].Appointment, open.Officers[0].Actor.Account
		a.Instrument, a.Dated = "Scheme of delegation", day.Must("2026-01-02")
	})
	g["named"], g["named_account"] = named.ID, named.Account
	both := membershiptest.Appointment(t, db, open.Officers[1].Partner.ID, func(a *membershiptest.AppointmentMade) {
		a.Capacity, a.Account = authz.Delegate, open.Officers[2].Actor.Account
	})
	g["both"] = both.ID // officer 3, who has signed, for partner 2
}

// scrutineers are one in office and one who is it no more.
func scrutineers(t testing.TB, db pg.DB, g pgx.NamedArgs) {
	t.Helper()
	for _, name := range []string{"scrutineer", "former_scrutineer"} {
		g[name] = membershiptest.Person(t, db)
		_, err := db.Exec(context.Background(), `
			INSERT INTO role_grant (account_id, role, ended_at) VALUES (@account, 'scrutineer', CASE WHEN @former THEN clock_timestamp() END)`,
			pgx.StrictNamedArgs{"account": g[name], "former": name == "former_scrutineer"})
		if err != nil {
			t.Fatal(err)
		}
	}
	var filed int64
	err := db.QueryRow(context.Background(), `INSERT INTO scrutiny (round_id, account_id, body) VALUES (@open, @scrutineer, 'Sound.') RETURNING id`, g).Scan(&filed)
	if err != nil {
		t.Fatal(err)
	}
	g["filed"] = filed
}

func remarks(t testing.TB, open *signofftest.Made, g pgx.NamedArgs) {
	t.Helper()
	for _, body := range []string{"Who chairs?", "Who pays?"} {
		if err := open.Service.PutRemark(context.Background(), open.Officers[0].Actor, signoff.RemarkCommand{Round: open.Round, Kind: "question", Body: body}); err != nil {
			t.Fatal(err)
		}
	}
	r, err := open.Service.Round(context.Background(), open.Support, open.Round)
	if err != nil {
		t.Fatal(err)
	}
	if err := open.Service.AnswerRemark(context.Background(), open.Support, open.Round, r.Remarks[0].ID, "The three in turn."); err != nil {
		t.Fatal(err)
	}
	g["answered"], g["unanswered"] = r.Remarks[0].ID, r.Remarks[1].ID
}

// endedRounds adds rounds that are complete, declined, recalled and set aside, and a draft that was never put to anybody.
func endedRounds(t testing.TB, db pg.DB, g pgx.NamedArgs) {
	t.Helper()
	signed := func() *signofftest.Made {
		m := signofftest.Open(t, db)
		for _, o := range m.Officers {
			m.MustAct(t, o.Actor, signoff.Sign)
		}
		return m
	}
	complete, aside, declined, recalled := signed(), signed(), signofftest.Open(t, db), signofftest.Open(t, db)
	declined.MustAct(t, declined.Officers[0].Actor, signoff.Decline)
	for _, err := range []error{
		aside.Service.SetAside(context.Background(), aside.Support, aside.Round, "A body was renamed."),
		recalled.Service.Recall(context.Background(), recalled.Support, recalled.Round, "A slip."),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	g["complete"], g["complete_version"] = complete.Round, complete.Version
	g["aside"], g["declined"], g["recalled"] = aside.Round, declined.Round, recalled.Round
	draft := signofftest.Draft(t, db)
	g["draft"], g["draft_content"], g["draft_health"] = draft.Version, draft.Content, draft.Officers[2].Partner.ID
	g["draft_document"] = draft.Document
}

// recordedRounds adds one with the sign-offs of all partners entered, and an empty one; and a file.
func recordedRounds(t testing.TB, db pg.DB, g pgx.NamedArgs) {
	t.Helper()
	for _, name := range []string{"entered", "confirmed", "empty"} {
		m := signofftest.Draft(t, db)
		if err := recorded(t, m); err != nil {
			t.Fatal(err)
		}
		g[name], g[name+"_by"] = m.Round, m.Support.Account
		switch name {
		case "entered":
			continue
		case "confirmed":
			second := authz.Actor{Account: membershiptest.Person(t, db), Name: "Second", Held: m.Support.Held}
			if err := m.Service.ConfirmRecorded(context.Background(), second, m.Round); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := m.Service.Recall(context.Background(), m.Support, m.Round, "Entered again below."); err != nil {
			t.Fatal(err)
		}
		err := db.QueryRow(context.Background(), `
			INSERT INTO round (paper_kind, paper_id, number, origin, content, seats_on, opened_by, opened_at)
			VALUES ('version', @version, 2, 'recorded', @content, '2019-06-30', @by, now()) RETURNING id`,
			pgx.StrictNamedArgs{"version": m.Version, "content": m.Content, "by": m.Support.Account}).Scan(&m.Round)
		if err != nil {
			t.Fatal(err)
		}
		g[name] = m.Round
		r, err := m.Service.Round(context.Background(), m.Support, m.Round)
		if err != nil {
			t.Fatal(err)
		}
		g["empty_digest"], g["empty_seat"], g["empty_partner"] = r.Digest, r.Seats[0].ID, r.Seats[0].Partner
		g["empty_organisation"] = r.Seats[0].Organisation
	}
	var file int64
	err := db.QueryRow(context.Background(), `INSERT INTO evidence_file (name, media_type, body, added_by) VALUES ('Minutes', 'application/pdf', 'x', @by) RETURNING id`,
		pgx.StrictNamedArgs{"by": g["support"]}).Scan(&file)
	if err != nil {
		t.Fatal(err)
	}
	g["file"] = file
}

func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	const digits = "0123456789abcdef"
	text := make([]byte, 0, 36)
	for i, v := range b {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			text = append(text, '-')
		}
		text = append(text, digits[v>>4], digits[v&15])
	}
	return string(text)
}

// signing are the tables of this capability, and that of the events that tell of it.
var signing = []string{"event", "round", "seat", "round_set_aside", "statement", "evidence_file", "act", "recorded_confirmation", "remark", "remark_answer", "scrutiny"}

func attempts() []pgtest.Attempt {
	var all []pgtest.Attempt
	for _, some := range [][]pgtest.Attempt{
		roundAttempts(), endAttempts(), statementAttempts(), authorityAttempts(), actAttempts(), recordedAttempts(), remarkAttempts(), eventAttempts(), keptAttempts(), yearAttempts(),
	} {
		all = append(all, some...)
	}
	return all
}

// Every attempt is refused, and every guard has an attempt that dies with it: none can be lost unnoticed.
func TestTheDatabaseRefusesWhatWouldSpoilASignOff(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t, pgtest.PoolSize(2))
	given := situation(t, db.App)
	pgtest.Refused(t, db.Owner, given, attempts())
	pgtest.Killed(t, db, given, attempts(), append(pgtest.Guards(t, db.Owner, signing...), clauses(t, db.Owner)...), guardedTwice)
}
