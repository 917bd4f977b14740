package notify_test

import (
	"context"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/account"
	"partnershipportal/internal/account/accounttest"
	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/jobs"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/notify"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
	"partnershipportal/internal/signoff"
)

var (
	_ signoff.Letters     = (*notify.Writer)(nil)
	_ arrangement.Letters = (*notify.Writer)(nil)
	_ membership.Letters  = (*notify.Writer)(nil)
	_ account.Letters     = (*notify.Writer)(nil)
	_ notify.Links        = (*account.Service)(nil)
)

var base = &url.URL{Scheme: "https", Host: "portal.example.org"}

func writer(t testing.TB) *notify.Writer {
	t.Helper()
	q, err := jobs.NewQueue()
	if err != nil {
		t.Fatal(err)
	}
	return notify.NewWriter(q, base)
}

// story is a draft with everybody who has to do with it, and the services that really write letters.
type story struct {
	t            testing.TB
	db           pg.DB
	writer       *notify.Writer
	made         arrangementtest.Made
	arrangements *arrangement.Service
	rounds       *signoff.Service
	officers     []authz.Actor // lead officers: local authority, police, health
	offices      []authz.Actor // their private offices
	support      authz.Actor
	scrutineer   authz.Actor
	digest       string
	round        id.Round
}

func newStory(t testing.TB) *story {
	t.Helper()
	db := pgtest.Tx(t)
	s := &story{t: t, db: db, writer: writer(t), made: arrangementtest.Draft(t, db)}
	s.rounds = signoff.New(db, arrangementtest.AnyPassword{}, s.writer, time.Now)
	s.arrangements = arrangement.New(db, s.rounds, s.writer, time.Now)
	for _, p := range s.made.Partners {
		s.officers = append(s.officers, arrangementtest.Officer(t, db, p))
		s.offices = append(s.offices, arrangementtest.WithRole(t, db, authz.Office, p.Body.ID))
	}
	s.support = s.made.Support
	s.scrutineer = arrangementtest.WithRole(t, db, authz.Scrutineer)
	return s
}

func (s *story) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *story) open(due day.Date) *story {
	s.t.Helper()
	check, err := s.arrangements.Check(s.t.Context(), s.support, s.made.Ref, day.Date{})
	s.must(err)
	s.digest = check.Digest
	s.round, err = s.arrangements.Open(s.t.Context(), s.support, arrangement.OpenCommand{Ref: s.made.Ref, Digest: check.Digest, DueOn: due})
	s.must(err)
	return s
}

func (s *story) act(officer authz.Actor, cmd signoff.IssueCommand) {
	s.t.Helper()
	cmd.Round, cmd.Digest = s.round, s.digest
	st, err := s.rounds.Issue(s.t.Context(), officer, cmd)
	s.must(err)
	_, err = s.rounds.Act(s.t.Context(), officer, signoff.ActCommand{Round: s.round, Statement: st.ID, Password: "any"})
	s.must(err)
}

func (s *story) sign(officers ...authz.Actor) *story {
	s.t.Helper()
	for _, o := range officers {
		s.act(o, signoff.IssueCommand{Kind: signoff.Sign})
	}
	return s
}

func (s *story) tx(do func(tx pgx.Tx) error) {
	s.t.Helper()
	s.must(pgx.BeginFunc(s.t.Context(), s.db, do))
}

// written is a letter as it stands in the database.
type written struct {
	Account id.Account
	Email   string
	Kind    notify.Kind
	Subject string
	Text    string
	HTML    string
	Round   id.Round
	Version id.Version
}

// letters lists the letters of a kind, in the order of recipients.
func letters(t testing.TB, db pg.DB, kind notify.Kind) []written {
	t.Helper()
	rows, _ := db.Query(context.Background(), `
		SELECT coalesce(account_id, 0) AS account, email, kind, subject, body_text AS text, body_html AS html,
		       coalesce(round_id, 0) AS round, coalesce(version_id, 0) AS version
		FROM letter WHERE kind = @kind ORDER BY account_id`, pgx.StrictNamedArgs{"kind": kind})
	got, err := pgx.CollectRows(rows, pgx.RowToStructByName[written])
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func count(t testing.TB, db pg.DB, query string) int {
	t.Helper()
	var n int
	if err := db.QueryRow(context.Background(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// to returns the one letter of a kind to a person.
func to(t testing.TB, got []written, who authz.Actor) written {
	t.Helper()
	i := slices.IndexFunc(got, func(w written) bool { return w.Account == who.Account })
	if i < 0 {
		t.Fatalf("no letter to %s", who.Name)
	}
	return got[i]
}

// wantRecipients compares to whom letters went.
func wantRecipients(t testing.TB, got []written, want ...authz.Actor) {
	t.Helper()
	var have, wanted []id.Account
	for _, w := range got {
		have = append(have, w.Account)
	}
	for _, a := range want {
		wanted = append(wanted, a.Account)
	}
	slices.Sort(have)
	slices.Sort(wanted)
	if !slices.Equal(have, wanted) {
		t.Errorf("letters went to %v, want %v", have, wanted)
	}
}

func everybody(groups ...[]authz.Actor) []authz.Actor { return slices.Concat(groups...) }

func one(a ...authz.Actor) []authz.Actor { return a }

func suspend(s *story, who authz.Actor) {
	s.t.Helper()
	_, err := s.db.Exec(s.t.Context(), `UPDATE account SET suspended_at = clock_timestamp() WHERE id = $1`, who.Account)
	s.must(err)
}

func personOf(t testing.TB, db pg.DB, alter ...func(*accounttest.Made)) authz.Actor {
	t.Helper()
	m := accounttest.Account(t, db, alter...)
	return authz.Actor{Account: m.ID, Name: m.Name}
}

func officerOf(s *story, partner membershiptest.PartnerMade, alter ...func(*membershiptest.AppointmentMade)) authz.Actor {
	s.t.Helper()
	return arrangementtest.Officer(s.t, s.db, partner, alter...)
}
