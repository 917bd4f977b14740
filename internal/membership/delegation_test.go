package membership_test

import (
	"slices"
	"testing"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/membership/membershiptest"
)

// led adds a lead officer of the partner, for 2026 and two kinds of paper, and somebody of their private office.
func (b *bench) led(t *testing.T) (lead authz.Actor, deputy id.Account) {
	t.Helper()
	a := membershiptest.Appointment(t, b.db, b.partner.ID, func(a *membershiptest.AppointmentMade) {
		a.Office, a.Papers = "Chief Constable", []string{"arrangements", "yearly report"}
		a.StartsOn, a.EndsOn = day.Must("2026-01-01"), day.Must("2027-03-31")
	})
	deputy = membershiptest.Person(t, b.db)
	exec(t, b.db, `INSERT INTO role_grant (account_id, role, organisation_id) VALUES ($1, 'office', $2)`, deputy, b.partner.Body.ID)
	return authz.Actor{Account: a.Account, Name: "Lead", Seats: []authz.Seat{{Appointment: a.ID, Partner: b.partner.ID,
		Organisation: b.partner.Body.ID, Capacity: authz.Lead, Office: a.Office, Papers: a.Papers}}}, deputy
}

func naming(lead authz.Actor, deputy id.Account) membership.DelegateCommand {
	return membership.DelegateCommand{Lead: lead.Seats[0].Appointment, Account: deputy, Office: "Deputy Chief Constable",
		Instrument: "Scheme of delegation", Dated: day.Must("2026-02-01"), StartsOn: day.Must("2026-11-01"), EndsOn: day.Must("2026-12-31")}
}

func TestALeadOfficerNamesADelegateAndAnAdministratorConfirms(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	lead, deputy := b.led(t)
	which, err := b.s.NameDelegate(t.Context(), lead, naming(lead, deputy))
	if err != nil {
		t.Fatal(err)
	}
	a, err := b.s.Appointment(t.Context(), lead, which)
	if err != nil {
		t.Fatalf("the lead officer reads the proposal: %v", err)
	}
	if a.State(day.Of(now())) != membership.Proposed || a.Proposed.By != lead.Account || a.Capacity != authz.Delegate || a.ActingFor != "Chief Constable" {
		t.Errorf("got %+v", a)
	}
	if !slices.Equal(a.Papers, []string{"arrangements", "yearly report"}) {
		t.Errorf("with no papers chosen it covers %v, want the lead officer's", a.Papers)
	}
	wantKind(t, b.s.Confirm(t.Context(), lead, which), fault.Forbidden)
	if err := b.s.Confirm(t.Context(), b.admin, which); err != nil {
		t.Fatal(err)
	}
	if got := b.state(t, which); got != membership.Confirmed {
		t.Errorf("it is %s", got)
	}
	list, err := b.s.Delegates(t.Context(), lead)
	if err != nil || len(list) != 1 || list[0].ID != which {
		t.Errorf("Delegates = %v, %v", list, err)
	}
	if want := []string{"proposed", "confirmed"}; !slices.Equal(b.sent.letters, want) {
		t.Errorf("letters %v, want %v", b.sent.letters, want)
	}
}

func TestWhomALeadOfficerCannotName(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	lead, deputy := b.led(t)
	support := membershiptest.Person(t, b.db)
	exec(t, b.db, `INSERT INTO role_grant (account_id, role, organisation_id) VALUES ($1, 'office', $2), ($1, 'business-support', NULL)`, support, b.partner.Body.ID)
	for name, tt := range map[string]struct {
		alter func(*membership.DelegateCommand)
		field string
	}{
		"themself":                           {func(c *membership.DelegateCommand) { c.Account = lead.Account }, "account"},
		"nobody":                             {func(c *membership.DelegateCommand) { c.Account = 0 }, "account"},
		"somebody of another body":           {func(c *membership.DelegateCommand) { c.Account = b.appointee }, "account"},
		"business support":                   {func(c *membership.DelegateCommand) { c.Account = support }, "account"},
		"somebody without an office":         {func(c *membership.DelegateCommand) { c.Office = "" }, "office"},
		"somebody for ever":                  {func(c *membership.DelegateCommand) { c.EndsOn = day.Date{} }, "ends"},
		"somebody beyond their own term":     {func(c *membership.DelegateCommand) { c.EndsOn = day.Must("2027-04-01") }, "ends"},
		"somebody before their own term":     {func(c *membership.DelegateCommand) { c.StartsOn = day.Must("2025-12-31") }, "starts"},
		"somebody for papers not their own":  {func(c *membership.DelegateCommand) { c.Papers = []string{"threshold document"} }, "papers"},
		"somebody for papers unknown":        {func(c *membership.DelegateCommand) { c.Papers = []string{"arrangements", "budget"} }, "papers"},
		"somebody under a date without name": {func(c *membership.DelegateCommand) { c.Instrument = "" }, "instrument"},
	} {
		t.Run(name+" is refused", func(t *testing.T) {
			c := naming(lead, deputy)
			tt.alter(&c)
			_, err := b.s.NameDelegate(t.Context(), lead, c)
			wantField(t, err, tt.field)
			wantField(t, b.s.CheckDelegate(t.Context(), lead, c), tt.field)
		})
	}
}

func TestOnlyTheLeadOfficerOfThePartnerNames(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	lead, deputy := b.led(t)
	command := naming(lead, deputy)
	delegate := authz.Actor{Account: deputy, Seats: []authz.Seat{{Appointment: command.Lead, Partner: b.partner.ID, Capacity: authz.Delegate}}}
	other := setUp(t)
	otherLead, _ := other.led(t)
	for name, by := range map[string]authz.Actor{"a delegate": delegate, "another lead officer": otherLead, "business support": b.support,
		"an administrator": b.admin, "the portal itself": authz.System("job"), "nobody": {}} {
		_, err := b.s.NameDelegate(t.Context(), by, command)
		if wantKind(t, err, fault.Forbidden); t.Failed() {
			t.Fatalf("%s", name)
		}
	}
	exec(t, b.db, `UPDATE appointment SET ends_on = '2026-11-21' WHERE id = $1`, command.Lead)
	_, err := b.s.NameDelegate(t.Context(), lead, command)
	wantKind(t, err, fault.Forbidden)
}

// ADR 10: the delegate's authority comes from the lead officer's, so it ends with it.
func TestADelegateEndsWithTheLeadOfficer(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]string{
		"whose term ended":  `UPDATE appointment SET ends_on = '2026-11-21' WHERE id = $1`,
		"who was withdrawn": `UPDATE appointment SET withdrawn_by = proposed_by WHERE id = $1`,
	} {
		t.Run("a lead officer "+name, func(t *testing.T) {
			t.Parallel()
			b := setUp(t)
			lead, deputy := b.led(t)
			confirmed, err := b.s.NameDelegate(t.Context(), lead, naming(lead, deputy))
			if err == nil {
				err = b.s.Confirm(t.Context(), b.admin, confirmed)
			}
			if err != nil {
				t.Fatal(err)
			}
			proposed, err := b.s.NameDelegate(t.Context(), lead, naming(lead, deputy))
			if err != nil {
				t.Fatal(err)
			}
			exec(t, b.db, end, lead.Seats[0].Appointment)
			if got := b.state(t, confirmed); got != membership.Ended {
				t.Errorf("the delegate is %s, want ended", got)
			}
			for state, want := range map[membership.State]int{membership.Ended: 1, membership.Confirmed: 0} {
				list, err := b.s.Appointments(t.Context(), b.admin, membership.AppointmentFilter{Partner: b.partner.ID, State: state})
				found := slices.ContainsFunc(list, func(a membership.Appointment) bool { return a.ID == confirmed })
				if err != nil || found != (want == 1) {
					t.Errorf("listed as %s: %v, %v", state, found, err)
				}
			}
			wantKind(t, b.s.Confirm(t.Context(), b.admin, proposed), fault.Conflict)
			if err := b.s.Refuse(t.Context(), b.admin, proposed); err != nil {
				t.Errorf("the proposal is refused: %v", err)
			}
		})
	}
}

func TestALeadOfficerEndsTheirDelegateAtOnce(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	lead, deputy := b.led(t)
	which := membershiptest.Appointment(t, b.db, b.partner.ID, func(a *membershiptest.AppointmentMade) { a.Capacity, a.Account = authz.Delegate, deputy })
	if err := b.s.End(t.Context(), lead, which.ID, day.Must("2026-12-01")); err != nil {
		t.Errorf("bring the last day forward: %v", err)
	}
	if err := b.s.Withdraw(t.Context(), lead, which.ID); err != nil {
		t.Errorf("withdraw: %v", err)
	}
	wantKind(t, b.s.Withdraw(t.Context(), lead, lead.Seats[0].Appointment), fault.Forbidden)
	foreign := membershiptest.Appointment(t, b.db, membershiptest.Partner(t, b.db).ID, func(a *membershiptest.AppointmentMade) { a.Capacity = authz.Delegate })
	wantKind(t, b.s.Withdraw(t.Context(), lead, foreign.ID), fault.NotFound)
}

func TestALeadOfficerAsksForSomebodyNew(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	lead, _ := b.led(t)
	ask := func(alter func(*membership.DelegateRequestCommand)) (id.DelegateRequest, error) {
		c := membership.DelegateRequestCommand{DelegateCommand: naming(lead, 0), Name: "Dana Deputy", Email: "Dana." + membershiptest.Unique() + "@example.org"}
		alter(&c)
		return b.s.AskForDelegate(t.Context(), lead, c)
	}
	_, err := ask(func(c *membership.DelegateRequestCommand) { c.Name = "" })
	wantField(t, err, "name")
	_, err = ask(func(c *membership.DelegateRequestCommand) { c.Email = "dana" })
	wantField(t, err, "email")
	_, err = ask(func(c *membership.DelegateRequestCommand) { c.EndsOn = day.Must("2029-01-01") })
	wantField(t, err, "ends")
	which, err := ask(func(*membership.DelegateRequestCommand) {})
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.s.PutForward(t.Context(), b.admin, which)
	wantKind(t, err, fault.Forbidden)
	_, err = b.s.PutForward(t.Context(), b.support, which)
	wantKind(t, err, fault.Conflict) // nobody is invited yet
	q, err := b.s.DelegateRequest(t.Context(), b.support, which)
	if err != nil || !q.Waits() || q.HasAccount != 0 || q.LeadAccount != lead.Account {
		t.Fatalf("the request is %+v, %v", q, err)
	}
	exec(t, b.db, `INSERT INTO account (email, name) VALUES ($1, 'Dana Deputy')`, q.Email)
	made, err := b.s.PutForward(t.Context(), b.support, which)
	if err != nil {
		t.Fatal(err)
	}
	a, err := b.s.Appointment(t.Context(), lead, made)
	if err != nil || a.Proposed.By != lead.Account || a.Under != lead.Seats[0].Appointment || a.Person != "Dana Deputy" {
		t.Errorf("the proposal is %+v, %v", a, err)
	}
	_, err = b.s.PutForward(t.Context(), b.support, which)
	wantKind(t, err, fault.Conflict)
	wantKind(t, b.s.TakeBackRequest(t.Context(), lead, which), fault.Conflict)
	if want := []string{"delegate asked for", "proposed"}; !slices.Equal(b.sent.letters, want) {
		t.Errorf("letters %v, want %v", b.sent.letters, want)
	}
}

func TestARequestForADelegateIsDeclinedOrTakenBack(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	lead, deputy := b.led(t)
	ask := func() id.DelegateRequest {
		which, err := b.s.AskForDelegate(t.Context(), lead, membership.DelegateRequestCommand{DelegateCommand: naming(lead, 0), Name: "Dana Deputy", Email: "dana@example.org"})
		if err != nil {
			t.Fatal(err)
		}
		return which
	}
	declined, dropped := ask(), ask()
	wantField(t, b.s.DeclineRequest(t.Context(), b.support, declined, "  "), "reason")
	if err := b.s.DeclineRequest(t.Context(), b.support, declined, "She works for another body."); err != nil {
		t.Fatal(err)
	}
	wantKind(t, b.s.DeclineRequest(t.Context(), b.support, declined, "Again"), fault.Conflict)
	wantKind(t, b.s.TakeBackRequest(t.Context(), b.support, dropped), fault.Forbidden)
	wantKind(t, b.s.TakeBackRequest(t.Context(), authz.Actor{Account: deputy}, dropped), fault.NotFound)
	for range 2 { // pressing twice is harmless
		if err := b.s.TakeBackRequest(t.Context(), lead, dropped); err != nil {
			t.Fatal(err)
		}
	}
	_, err := b.s.PutForward(t.Context(), b.support, dropped)
	wantKind(t, err, fault.Conflict)
}
