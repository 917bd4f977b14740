package authz_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"partnershipportal/internal/authz"
)

var update = flag.Bool("update", false, "rewrite the golden matrix")

func actorWith(role authz.Role) authz.Actor {
	if role == authz.LeadOfficer {
		return authz.Actor{Account: 1, Seats: []authz.Seat{{Appointment: 1, Partner: 1, Capacity: authz.Lead}}}
	}
	return authz.Actor{Account: 1, Held: []authz.Held{{Role: role, Organisation: 1}}}
}

// A change of who may do what shows in review as a change of this one file.
func TestPolicyMatrix(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	fmt.Fprintf(&b, "%-20s", "")
	for _, r := range authz.Roles() {
		fmt.Fprintf(&b, " %-16s", r)
	}
	b.WriteString("\n")
	for _, p := range authz.Permissions() {
		fmt.Fprintf(&b, "%-20s", p)
		for _, r := range authz.Roles() {
			mark := "-"
			if actorWith(r).Can(p) {
				mark = "yes"
			}
			fmt.Fprintf(&b, " %-16s", mark)
		}
		b.WriteString("\n")
	}
	const golden = "testdata/policy.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("the policy differs from %s; got:\n%s", golden, b.String())
	}
}

func TestNobodyAndThePortal(t *testing.T) {
	t.Parallel()
	for _, p := range authz.Permissions() {
		if (authz.Actor{}).Can(p) {
			t.Errorf("nobody can %s", p)
		}
		if got, want := authz.System("x").Can(p), p != authz.SignRound; got != want {
			t.Errorf("the portal itself can %s = %v, want %v", p, got, want)
		}
	}
}

func TestSeatFor(t *testing.T) {
	t.Parallel()
	a := authz.Actor{Account: 1, Seats: []authz.Seat{
		{Appointment: 1, Partner: 7, Capacity: authz.Delegate}, {Appointment: 2, Partner: 7, Capacity: authz.Lead}, {Appointment: 3, Partner: 8}}}
	if s, ok := a.SeatFor(7); !ok || s.Appointment != 2 {
		t.Errorf("SeatFor(7) = %v, %v; want the lead appointment 2", s, ok)
	}
	if _, ok := a.SeatFor(9); ok {
		t.Error("SeatFor(9) finds a seat that the actor does not hold")
	}
	if got := a.Partners(); len(got) != 2 {
		t.Errorf("Partners = %v, want two", got)
	}
}
