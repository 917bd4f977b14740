package notify_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/decision"
	"partnershipportal/internal/decision/decisiontest"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/notify"
)

var _ decision.Letters = (*notify.Writer)(nil)

// register is a story with the register of decisions of its first partner.
type register struct {
	*story
	decisions *decision.Service
}

func newRegister(t testing.TB) register {
	t.Helper()
	s := newStory(t)
	return register{s, decision.New(s.db, decisiontest.Clock).Telling(s.writer)}
}

func (s register) enter(alter ...func(*decision.Draft)) id.Decision {
	s.t.Helper()
	return decisiontest.Proposed(s.t, s.db, s.made.Partners[0].Body.Slug, append([]func(*decision.Draft){func(d *decision.Draft) { d.NumberPrinted = "19/00035" }}, alter...)...)
}

func (s register) publish(which id.Decision) {
	s.t.Helper()
	_, err := s.decisions.Publish(s.t.Context(), s.support, decision.PublishCommand{ID: which, Revision: decisiontest.Read(s.t, s.db, which).Revision, Reason: "A slip"})
	s.must(err)
}

func (s register) post(title, email string) {
	s.t.Helper()
	_, err := membership.New(s.db, membership.NoLetters{}, time.Now).AddPost(s.t.Context(), s.support,
		membership.PostCommand{Organisation: s.made.Partners[0].Body.Slug, Title: title, Email: email})
	s.must(err)
}

// addresses are those of the letters of a kind that went to a post.
func (s register) addresses(kind notify.Kind) []string {
	s.t.Helper()
	var list []string
	for _, l := range letters(s.t, s.db, kind) {
		if l.Account == 0 {
			list = append(list, l.Email)
		}
	}
	return list
}

func TestADecisionIsToldToThoseWhomItConcerns(t *testing.T) {
	t.Parallel()
	s := newRegister(t)
	s.post("Democratic Services Officer", "democratic@council.example")
	which := s.enter(func(d *decision.Draft) { d.ContactTitle = "democratic services officer" })
	everyone := everybody(s.officers, s.offices, one(s.support, s.scrutineer))
	accounts := func(kind notify.Kind) []written {
		return slices.DeleteFunc(letters(t, s.db, kind), func(w written) bool { return w.Account == 0 })
	}
	s.publish(which)
	wantRecipients(t, accounts(notify.DecisionNotice), everyone...)
	if got := s.addresses(notify.DecisionNotice); !slices.Equal(got, []string{"democratic@council.example"}) {
		t.Errorf("the contact post has %v", got)
	}
	if l := to(t, letters(t, s.db, notify.DecisionNotice), s.officers[1]); !strings.Contains(l.Subject, "19/00035") || !strings.Contains(l.Text, "30 April 2019") ||
		!strings.Contains(l.Text, "/decisions/"+s.made.Partners[0].Body.Slug+"/19-00035") || strings.Contains(l.Text, "/desk/") {
		t.Errorf("got %s\n%s", l.Subject, l.Text)
	}
	decisiontest.Move(t, s.db, which, decision.Made, decisiontest.Made)
	s.publish(which)
	wantRecipients(t, accounts(notify.DecisionMade), everyone...)
	if l := to(t, letters(t, s.db, notify.DecisionMade), s.support); !strings.Contains(l.Text, "unless it is called in") || !strings.Contains(l.Text, "/desk/decisions/") {
		t.Errorf("got %s", l.Text)
	}
	f := decisiontest.Read(t, s.db, which)
	f.Reasons += " It was asked for."
	s.must(s.decisions.Save(t.Context(), s.support, decision.SaveCommand{ID: which, Revision: f.Revision, Changes: decision.Changes{Text: &f.Text}}))
	s.publish(which)
	if n := len(accounts(notify.DecisionMade)); n != len(everyone) {
		t.Errorf("a correction was told as a decision: %d letters", n)
	}
	s.must(s.decisions.CallIn(t.Context(), s.support, decision.CallInCommand{ID: which, Revision: decisiontest.Read(t, s.db, which).Revision,
		CallIn: decision.CallIn{CalledOn: day.On(day.Must("2019-05-22")), CalledBy: "Three members", Grounds: "Too little was asked."}}))
	own := everybody(s.officers[:1], s.offices[:1], one(s.support, s.scrutineer))
	wantRecipients(t, accounts(notify.DecisionCalledIn), own...)
	s.publish(which)
	wantRecipients(t, accounts(notify.DecisionCalledIn), everyone...)
	if l := to(t, letters(t, s.db, notify.DecisionCalledIn), s.officers[2]); strings.Contains(l.Text, "Too little") || strings.Contains(l.Text, "Takes effect") {
		t.Errorf("got %s", l.Text)
	}
	s.must(s.decisions.EndCallIn(t.Context(), s.support, decision.CallInEndCommand{ID: which, Revision: decisiontest.Read(t, s.db, which).Revision,
		Meeting: "Scrutiny Committee", MeetingOn: day.On(day.Must("2019-06-01")), Outcome: decision.NoFurtherAction, OutcomeOn: day.On(day.Must("2019-06-01")), Confirm: true}))
	wantRecipients(t, accounts(notify.CallInEnded), own...)
	if l := to(t, letters(t, s.db, notify.CallInEnded), s.offices[0]); !strings.Contains(l.Text, "no further action") {
		t.Errorf("got %s", l.Text)
	}
	s.publish(which)
	wantRecipients(t, accounts(notify.CallInEnded), everyone...)
	decisiontest.Move(t, s.db, which, decision.Withdrawn)
	s.publish(which)
	wantRecipients(t, accounts(notify.DecisionWithdrawn), everyone...)
}

func TestUrgencyIsToldToThePostThatTheRecordNames(t *testing.T) {
	t.Parallel()
	exception := func(d *decision.Draft) {
		d.Route, d.Urgency.Reason, d.Told, d.Urgency.On = decision.GeneralException, "The grant lapses.", "Chair of the Scrutiny Committee", day.On(day.Must("2019-05-01"))
	}
	t.Run("the post has the notice, once", func(t *testing.T) {
		t.Parallel()
		s := newRegister(t)
		s.post("Chair of the Scrutiny Committee", "scrutiny@council.example")
		which := s.enter(exception)
		s.publish(which)
		f := decisiontest.Read(t, s.db, which)
		f.Reasons += " It was asked for."
		s.must(s.decisions.Save(t.Context(), s.support, decision.SaveCommand{ID: which, Revision: f.Revision, Changes: decision.Changes{Text: &f.Text}}))
		s.publish(which)
		got := letters(t, s.db, notify.DecisionUrgent)
		if len(got) != 1 || got[0].Email != "scrutiny@council.example" || !strings.Contains(got[0].Text, "notice was given to your post") {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("an urgency that a correction adds is told then, and special urgency as agreed to", func(t *testing.T) {
		t.Parallel()
		s := newRegister(t)
		s.post("Chair of the Scrutiny Committee", "scrutiny@council.example")
		which := s.enter()
		s.publish(which)
		f := decisiontest.Read(t, s.db, which)
		exception(&f.Draft)
		f.Route, f.Told, f.Agreed = decision.SpecialUrgency, "", "Chair of the Scrutiny Committee"
		s.must(s.decisions.Save(t.Context(), s.support, decision.SaveCommand{ID: which, Revision: f.Revision, Changes: decision.Changes{Urgency: &f.Urgency}}))
		s.publish(which)
		if got := letters(t, s.db, notify.DecisionUrgent); len(got) != 1 || !strings.Contains(got[0].Text, "your post has agreed") {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("business support is asked to tell a post of which no address is known", func(t *testing.T) {
		t.Parallel()
		s := newRegister(t)
		s.publish(s.enter(exception))
		got := letters(t, s.db, notify.DecisionUrgent)
		wantRecipients(t, got, s.support)
		if !strings.Contains(got[0].Subject, "Chair of the Scrutiny Committee") {
			t.Errorf("got %s", got[0].Subject)
		}
	})
}

func TestADeadlineIsToldOnceToThoseWhoWorkOnTheRecord(t *testing.T) {
	t.Parallel()
	s := newRegister(t)
	soon := decisiontest.Now.AddDate(0, 0, 3)
	s.enter(func(d *decision.Draft) { d.DueOn = day.On(day.Of(soon)) })
	decisiontest.Proposed(t, s.db, s.made.Partners[0].Body.Slug, func(d *decision.Draft) {
		d.NumberPrinted, d.Subject, d.Restriction, d.Category, d.PublicInterest, d.DueOn = "19/00036", "Sale of Marlowe House", decision.FullyExempt, 3, "Prices", day.On(day.Of(soon))
	})
	decisiontest.Proposed(t, s.db, s.made.Partners[0].Body.Slug, func(d *decision.Draft) { d.DueOn = day.On(day.Of(soon).Add(60)) })
	for range 2 {
		found, err := s.decisions.ToRemindOf(t.Context(), authz.System("test"))
		s.must(err)
		if len(found) != 2 {
			t.Fatalf("%d deadlines, want those of two records: %+v", len(found), found)
		}
		s.must(s.writer.RemindOfDecisions(t.Context(), s.db, day.Of(time.Now()), found))
	}
	got := letters(t, s.db, notify.DecisionDeadline)
	wantRecipients(t, got, everybody(s.officers[:1], s.offices[:1], one(s.support), s.officers[:1], s.offices[:1], one(s.support))...)
	if n := slices.IndexFunc(got, func(w written) bool { return strings.Contains(w.Text, "19/00036") }); n < 0 || strings.Contains(got[n].Text+got[n].Subject, "Marlowe") {
		t.Errorf("a record that is not open: %+v", got)
	}
}

// Exempt words are planted in every place that can hold them, and looked for in every letter that a record can cause.
func TestNoLetterGivesAwayWhatIsExempt(t *testing.T) {
	t.Parallel()
	s := newRegister(t)
	const secret = "zweifelsohne"
	s.post("Democratic Services Officer", "democratic@council.example")
	which := s.enter(func(d *decision.Draft) {
		d.Restriction, d.Category, d.PublicInterest, d.ContactTitle, d.DueOn = decision.PartExempt, 3, "It would harm a contract.", "Democratic Services Officer", day.On(day.Of(decisiontest.Now).Add(2))
		d.Route, d.Urgency.Reason, d.Told, d.Urgency.On = decision.GeneralException, "The grant lapses.", "Democratic Services Officer", day.On(day.Must("2019-05-01"))
	})
	revision := func() int { return decisiontest.Read(t, s.db, which).Revision }
	for _, part := range decision.Exemptable() {
		s.must(s.decisions.SaveExempt(t.Context(), s.support, decision.ExemptCommand{ID: which, Revision: revision(), Part: part, Body: secret + " " + string(part)}))
	}
	remind := func() {
		found, err := s.decisions.ToRemindOf(t.Context(), authz.System("test"))
		s.must(err)
		s.must(s.writer.RemindOfDecisions(t.Context(), s.db, day.Of(time.Now()), found))
	}
	remind()
	s.publish(which)
	decisiontest.Move(t, s.db, which, decision.Made, decisiontest.Made)
	s.publish(which)
	s.must(s.decisions.CallIn(t.Context(), s.support, decision.CallInCommand{ID: which, Revision: revision(),
		CallIn: decision.CallIn{CalledOn: day.On(day.Must("2019-05-22")), CalledBy: secret, Grounds: secret, Meeting: secret}}))
	s.must(s.decisions.EndCallIn(t.Context(), s.support, decision.CallInEndCommand{ID: which, Revision: revision(),
		Meeting: secret, MeetingOn: day.On(day.Must("2019-06-01")), Outcome: decision.ReferredBack, OutcomeOn: day.On(day.Must("2019-06-01")), Note: secret}))
	decisiontest.Move(t, s.db, which, decision.Withdrawn)
	for _, kind := range []notify.Kind{notify.DecisionDeadline, notify.DecisionNotice, notify.DecisionUrgent, notify.DecisionMade, notify.DecisionCalledIn, notify.CallInEnded} {
		got := letters(t, s.db, kind)
		if len(got) == 0 {
			t.Errorf("no letter of the kind %s was looked at", kind)
		}
		for _, l := range got {
			if strings.Contains(strings.ToLower(l.Subject+l.Text+l.HTML), secret) {
				t.Errorf("a letter of the kind %s gives away what is exempt:\n%s", kind, l.Text)
			}
		}
	}
}

func TestHistoryTellsNobody(t *testing.T) {
	t.Parallel()
	s := newRegister(t)
	made, err := s.decisions.Import(t.Context(), s.support, []decision.ImportCommand{{CreateCommand: decision.CreateCommand{Body: s.made.Partners[0].Body.Slug,
		Stage: decision.Made, Draft: decisiontest.Draft(decisiontest.Made)}}})
	s.must(err)
	s.publish(made[0].ID)
	if got := letters(t, s.db, notify.DecisionMade); len(got) != 0 {
		t.Errorf("%d letters of an imported record", len(got))
	}
}
