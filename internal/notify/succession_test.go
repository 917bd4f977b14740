package notify_test

import (
	"strings"
	"testing"
	"time"

	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/notify"
)

func TestASuccessionIsToldToThoseWhomItConcerns(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	members := membership.New(s.db, s.writer, time.Now)
	ccg := s.made.Partners[2]
	staff := arrangementtest.WithRole(t, s.db, authz.AgencyStaff, ccg.Body.ID)
	elsewhere := arrangementtest.Officer(t, s.db, membershiptest.Partner(t, s.db)) // shares no area
	after := membershiptest.Organisation(t, s.db)
	made, err := members.RecordSuccession(t.Context(), s.support, membership.SucceedCommand{Kind: membership.Takeover, On: day.Of(time.Now()).Add(1),
		Predecessors: []string{ccg.Body.Slug}, Successors: []string{after.Slug}, Follows: membership.AllFollows})
	s.must(err)
	got := letters(t, s.db, notify.SuccessionRecorded)
	if len(got) != 5 { // three officers, the private office and the staff of the body that ends
		t.Errorf("%d letters, want five: %+v", len(got), got)
	}
	for _, who := range []authz.Actor{s.officers[2], s.offices[2], staff} {
		if l := to(t, got, who); !strings.Contains(l.Subject, after.Name+" follows "+ccg.Body.Name) || !strings.Contains(l.Text, "What your body signed stays valid") {
			t.Errorf("got %q: %s", l.Subject, l.Text)
		}
	}
	if l := to(t, got, s.officers[0]); strings.Contains(l.Text, "your body") {
		t.Errorf("a partner beside it is told of its own body: %s", l.Text)
	}
	for _, l := range got {
		if l.Account == elsewhere.Account {
			t.Error("a partner of another area is told")
		}
	}
	s.must(members.ReverseSuccession(t.Context(), s.support, made, "Not enacted"))
	if l := to(t, letters(t, s.db, notify.SuccessionReversed), s.officers[2]); !strings.Contains(l.Text, "Not enacted") {
		t.Errorf("got %s", l.Text)
	}
}
