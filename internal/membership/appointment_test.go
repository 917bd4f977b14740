package membership_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
)

// sent notes which letters were asked for.
type sent struct{ letters []string }

func (s *sent) AppointmentProposed(context.Context, pgx.Tx, id.Appointment) error {
	s.letters = append(s.letters, "proposed")
	return nil
}

func (s *sent) AppointmentConfirmed(context.Context, pgx.Tx, id.Appointment) error {
	s.letters = append(s.letters, "confirmed")
	return nil
}

func (s *sent) AppointmentEnded(context.Context, pgx.Tx, id.Appointment) error {
	s.letters = append(s.letters, "ended")
	return nil
}

func (s *sent) DelegateAskedFor(context.Context, pgx.Tx, id.DelegateRequest) error {
	s.letters = append(s.letters, "delegate asked for")
	return nil
}

func (s *sent) DelegateDeclined(context.Context, pgx.Tx, id.DelegateRequest) error {
	s.letters = append(s.letters, "delegate declined")
	return nil
}

func (s *sent) SuccessionRecorded(_ context.Context, _ pgx.Tx, _ id.Succession) error {
	s.letters = append(s.letters, "succession recorded")
	return nil
}

func (s *sent) SuccessionReversed(_ context.Context, _ pgx.Tx, _ id.Succession) error {
	s.letters = append(s.letters, "succession reversed")
	return nil
}

func (s *sent) CorrectionProposed(context.Context, pgx.Tx, id.Correction) error {
	s.letters = append(s.letters, "correction proposed")
	return nil
}

func (s *sent) CorrectionAnswered(context.Context, pgx.Tx, id.Correction) error {
	s.letters = append(s.letters, "correction answered")
	return nil
}

// now is the instant of every test: 22 November 2026, noon.
func now() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }

type bench struct {
	db        pg.DB
	s         *membership.Service
	sent      *sent
	support   authz.Actor
	admin     authz.Actor
	partner   membershiptest.PartnerMade
	appointee id.Account
}

func setUp(t *testing.T) *bench {
	t.Helper()
	db := pgtest.Tx(t)
	letters := &sent{}
	return &bench{
		db: db, s: membership.New(db, letters, now), sent: letters,
		support: holder(t, db, authz.BusinessSupport), admin: holder(t, db, authz.Administrator),
		partner: membershiptest.Partner(t, db), appointee: membershiptest.Person(t, db),
	}
}

// holder is somebody new who holds a role for the partnership.
func holder(t *testing.T, db pg.DB, role authz.Role) authz.Actor {
	t.Helper()
	account := membershiptest.Person(t, db)
	exec(t, db, `INSERT INTO role_grant (account_id, role) VALUES ($1, $2)`, account, string(role))
	return authz.Actor{Account: account, Held: []authz.Held{{Role: role}}}
}

func exec(t *testing.T, db pg.DB, sql string, args ...any) {
	t.Helper()
	if _, err := db.Exec(context.Background(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func (b *bench) command() membership.ProposeCommand {
	return membership.ProposeCommand{
		Account: b.appointee, Partner: b.partner.ID, Office: "Chief Constable", Capacity: authz.Lead,
		StartsOn: day.Must("2026-01-01"), Instrument: "Letter of 12 December 2025",
	}
}

func (b *bench) propose(t *testing.T) id.Appointment {
	t.Helper()
	made, err := b.s.Propose(t.Context(), b.support, b.command())
	if err != nil {
		t.Fatalf("propose: %v", err)
	}
	return made
}

func (b *bench) state(t *testing.T, which id.Appointment) membership.State {
	t.Helper()
	a, err := b.s.Appointment(t.Context(), b.admin, which)
	if err != nil {
		t.Fatal(err)
	}
	return a.State(day.Of(now()))
}

func wantKind(t *testing.T, err error, want fault.Kind) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got error %v, want %s", err, want)
	}
}

func wantField(t *testing.T, err error, field string) {
	t.Helper()
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Kind != fault.Invalid || f.Field != field {
		t.Errorf("got error %v, want one at the field %q", err, field)
	}
}

func TestAppointmentIsProposedAndConfirmedByTwoPeople(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	which := b.propose(t)
	if got := b.state(t, which); got != membership.Proposed {
		t.Fatalf("after the proposal it is %s", got)
	}
	waiting, err := b.s.AwaitingConfirmation(t.Context(), b.admin)
	if err != nil || len(waiting) != 1 || waiting[0].ID != which {
		t.Errorf("awaiting confirmation are %v (%v), want the proposal", waiting, err)
	}
	if err := b.s.Confirm(t.Context(), b.admin, which); err != nil {
		t.Fatal(err)
	}
	if err := b.s.Confirm(t.Context(), b.admin, which); err != nil {
		t.Errorf("the same person confirming twice: %v, want no harm", err)
	}
	a, err := b.s.Appointment(t.Context(), b.support, which)
	if err != nil {
		t.Fatal(err)
	}
	if a.Proposed.By != b.support.Account || a.Confirmed.By != b.admin.Account || a.State(day.Of(now())) != membership.Confirmed {
		t.Errorf("got %+v", a)
	}
	wantKind(t, b.s.Confirm(t.Context(), holder(t, b.db, authz.Administrator), which), fault.Conflict)
	wantKind(t, b.s.Refuse(t.Context(), b.admin, which), fault.Conflict)
	if got, want := len(b.sent.letters), 2; got != want {
		t.Errorf("letters %v, want one proposed and one confirmed", b.sent.letters)
	}
	var events int
	if err := b.db.QueryRow(t.Context(), `SELECT count(*) FROM event WHERE subject_kind = 'appointment' AND subject_id = $1 AND partner_id = $2`,
		which, b.partner.ID).Scan(&events); err != nil || events != 2 {
		t.Errorf("%d events (%v), want 2", events, err)
	}
}

func TestWhoMayDecideAnAppointment(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	which := b.propose(t)
	both := holder(t, b.db, authz.BusinessSupport)
	both.Held = append(both.Held, authz.Held{Role: authz.Administrator})
	cmd := b.command()
	cmd.Account = membershiptest.Person(t, b.db)
	own, err := b.s.Propose(t.Context(), both, cmd)
	if err != nil {
		t.Fatal(err)
	}
	appointee := authz.Actor{Account: b.appointee, Held: []authz.Held{{Role: authz.Administrator}}}
	tests := []struct {
		name  string
		by    authz.Actor
		which id.Appointment
		want  fault.Kind
	}{
		{"the appointee, even as administrator", appointee, which, fault.Forbidden},
		{"the proposer, even as administrator", both, own, fault.Forbidden},
		{"business support", b.support, which, fault.Forbidden},
		{"the scrutineer", holder(t, b.db, authz.Scrutineer), which, fault.Forbidden},
		{"somebody else, who may not see it", authz.Actor{Account: membershiptest.Person(t, b.db)}, which, fault.NotFound},
		{"nobody", authz.Actor{}, which, fault.NotFound},
		{"the portal itself", authz.System("test"), which, fault.Forbidden},
		{"an administrator, of nothing", b.admin, which + 1_000_000, fault.NotFound},
	}
	for _, tt := range tests {
		t.Run(tt.name+" is refused", func(t *testing.T) {
			wantKind(t, b.s.Confirm(t.Context(), tt.by, tt.which), tt.want)
			wantKind(t, b.s.Refuse(t.Context(), tt.by, tt.which), tt.want)
		})
	}
	if got := b.state(t, which); got != membership.Proposed {
		t.Errorf("after all the refusals it is %s", got)
	}
}

func TestTheAppointeeSeesTheirOwnAppointmentsOnly(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	which := b.propose(t)
	membershiptest.Appointment(t, b.db, b.partner.ID)
	appointee := authz.Actor{Account: b.appointee}
	list, err := b.s.Appointments(t.Context(), appointee, membership.AppointmentFilter{})
	if err != nil || len(list) != 1 || list[0].ID != which {
		t.Errorf("the appointee sees %v (%v), want their own", list, err)
	}
	list, err = b.s.Appointments(t.Context(), b.support, membership.AppointmentFilter{Partner: b.partner.ID})
	if err != nil || len(list) != 2 {
		t.Errorf("business support sees %v (%v), want two", list, err)
	}
}

func TestProposalsThatBreakARule(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	suspended := membershiptest.Person(t, b.db)
	exec(t, b.db, `UPDATE account SET suspended_at = now() WHERE id = $1`, suspended)
	past := membershiptest.Partner(t, b.db, func(p *membershiptest.PartnerMade) { p.EndsOn = day.Must("2022-06-30") })
	future := membershiptest.Partner(t, b.db, func(p *membershiptest.PartnerMade) { p.StartsOn = day.Must("2027-01-01") })
	tests := []struct {
		name  string
		alter func(*membership.ProposeCommand)
		field string
	}{
		{"no person", func(c *membership.ProposeCommand) { c.Account = 0 }, "account"},
		{"oneself", func(c *membership.ProposeCommand) { c.Account = b.support.Account }, "account"},
		{"an account that is not there", func(c *membership.ProposeCommand) { c.Account += 1_000_000 }, "account"},
		{"a suspended account", func(c *membership.ProposeCommand) { c.Account = suspended }, "account"},
		{"an administrator", func(c *membership.ProposeCommand) { c.Account = b.admin.Account }, "account"},
		{"no partner", func(c *membership.ProposeCommand) { c.Partner = 0 }, "partner"},
		{"a partner that is not there", func(c *membership.ProposeCommand) { c.Partner += 1_000_000 }, "partner"},
		{"no office", func(c *membership.ProposeCommand) { c.Office = "" }, "office"},
		{"no capacity", func(c *membership.ProposeCommand) { c.Capacity = "" }, "capacity"},
		{"a delegate for nobody", func(c *membership.ProposeCommand) { c.Capacity = authz.Delegate }, "acting-for"},
		{"a lead officer for somebody", func(c *membership.ProposeCommand) { c.ActingFor = "Chief Constable" }, "acting-for"},
		{"a paper that is none", func(c *membership.ProposeCommand) { c.Papers = []string{"shopping list"} }, "papers"},
		{"no first day", func(c *membership.ProposeCommand) { c.StartsOn = day.Date{} }, "starts"},
		{"an end before the start", func(c *membership.ProposeCommand) { c.EndsOn = day.Must("2025-12-31") }, "ends"},
		{"a start after the partner ended", func(c *membership.ProposeCommand) { c.Partner = past.ID }, "starts"},
		{"an end before the partner began", func(c *membership.ProposeCommand) {
			c.Partner, c.EndsOn = future.ID, day.Must("2026-12-31")
		}, "ends"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cmd := b.command()
			tt.alter(&cmd)
			_, err := b.s.Propose(t.Context(), b.support, cmd)
			wantField(t, err, tt.field)
		})
	}
	for _, by := range []authz.Actor{b.admin, {}, authz.System("test"), {Account: b.appointee}} {
		_, err := b.s.Propose(t.Context(), by, b.command())
		wantKind(t, err, fault.Forbidden)
	}
}

func TestOnlyOneConfirmedLeadOfficerAtATime(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	membershiptest.Appointment(t, b.db, b.partner.ID, func(a *membershiptest.AppointmentMade) { a.EndsOn = day.Must("2026-03-31") })
	overlapping := b.propose(t)
	err := b.s.Confirm(t.Context(), b.admin, overlapping)
	wantKind(t, err, fault.Conflict)
	if fault.Message(err) == "" {
		t.Error("the refusal says nothing")
	}
	cmd := b.command()
	cmd.StartsOn = day.Must("2026-04-01")
	next, err := b.s.Propose(t.Context(), b.support, cmd)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.s.Confirm(t.Context(), b.admin, next); err != nil {
		t.Errorf("a lead officer from the day after: %v", err)
	}
	cmd.Capacity, cmd.ActingFor, cmd.Papers = authz.Delegate, "Chief Constable", []string{"arrangements"}
	delegate, err := b.s.Propose(t.Context(), b.support, cmd)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.s.Confirm(t.Context(), b.admin, delegate); err != nil {
		t.Errorf("a delegate beside the lead officer: %v", err)
	}
}

func TestACommandsProposalNeedsAProposerFirst(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	_, err := b.s.ProposeByCommand(t.Context(), b.admin, b.appointee, b.partner.Body.Slug)
	wantKind(t, err, fault.Forbidden)
	_, err = b.s.ProposeByCommand(t.Context(), authz.System("test"), b.appointee, "no-such-body")
	wantKind(t, err, fault.NotFound)
	which, err := b.s.ProposeByCommand(t.Context(), authz.System("test"), b.appointee, b.partner.Body.Slug)
	if err != nil {
		t.Fatal(err)
	}
	wantKind(t, b.s.Confirm(t.Context(), b.admin, which), fault.Conflict)
	wantKind(t, b.s.Adopt(t.Context(), b.admin, which), fault.Forbidden)
	appointee := authz.Actor{Account: b.appointee, Held: []authz.Held{{Role: authz.BusinessSupport}}}
	wantKind(t, b.s.Adopt(t.Context(), appointee, which), fault.Forbidden)
	if list, err := b.s.AwaitingProposer(t.Context(), b.support); err != nil || len(list) != 1 {
		t.Errorf("awaiting a proposer are %v (%v), want one", list, err)
	}
	if err := b.s.Adopt(t.Context(), b.support, which); err != nil {
		t.Fatal(err)
	}
	wantKind(t, b.s.Adopt(t.Context(), b.support, which), fault.Conflict)
	if err := b.s.Confirm(t.Context(), b.admin, which); err != nil {
		t.Fatal(err)
	}
	if got := b.state(t, which); got != membership.Confirmed {
		t.Errorf("it is %s, want confirmed", got)
	}
}

func TestRefusedAndWithdrawnStaySo(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	refused, withdrawn := b.propose(t), b.propose(t)
	if err := b.s.Refuse(t.Context(), b.admin, refused); err != nil {
		t.Fatal(err)
	}
	if err := b.s.Withdraw(t.Context(), b.support, withdrawn); err != nil {
		t.Fatal(err)
	}
	for _, which := range []id.Appointment{refused, withdrawn} {
		wantKind(t, b.s.Confirm(t.Context(), b.admin, which), fault.Conflict)
		wantKind(t, b.s.End(t.Context(), b.admin, which, day.Must("2026-12-01")), fault.Conflict)
	}
	wantKind(t, b.s.Withdraw(t.Context(), b.admin, refused), fault.Conflict)
	if err := b.s.Refuse(t.Context(), b.admin, refused); err != nil {
		t.Errorf("refusing twice: %v, want no harm", err)
	}
	if err := b.s.Withdraw(t.Context(), b.support, withdrawn); err != nil {
		t.Errorf("withdrawing twice: %v, want no harm", err)
	}
	if b.state(t, refused) != membership.Refused || b.state(t, withdrawn) != membership.Withdrawn {
		t.Error("the states are not refused and withdrawn")
	}
	if len(b.sent.letters) != 2 {
		t.Errorf("letters %v, want those of the two proposals only", b.sent.letters)
	}
}
