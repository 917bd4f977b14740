package notify_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/notify"
	"partnershipportal/internal/signoff"
)

func TestRoundOpened(t *testing.T) {
	t.Parallel()
	t.Run("seats, offices, support and scrutineer each get one letter with its job", func(t *testing.T) {
		t.Parallel()
		s := newStory(t)
		delegate := officerOf(s, s.made.Partners[1], func(a *membershiptest.AppointmentMade) { a.Capacity = authz.Delegate })
		s.open(day.Must("2031-03-01"))
		got := letters(t, s.db, notify.RoundOpened)
		wantRecipients(t, got, everybody(s.officers, s.offices, one(delegate, s.support, s.scrutineer))...)
		if n := count(t, s.db, `SELECT count(*) FROM river.river_job WHERE kind = 'letter'`); n != len(got) {
			t.Errorf("%d jobs for %d letters", n, len(got))
		}
		l := to(t, got, s.officers[1])
		for _, want := range []string{s.made.Title, s.made.Partners[1].Body.Name, "1 March 2031", s.digest, s.officers[1].Name,
			fmt.Sprintf("https://portal.example.org/sign-off/%d", s.round)} {
			if !strings.Contains(l.Text, want) || !strings.Contains(l.HTML, want) {
				t.Errorf("the officer's letter does not say %q:\n%s", want, l.Text)
			}
		}
		if l.Round != s.round || l.Version != s.made.Version {
			t.Errorf("the letter is about round %d, version %d", l.Round, l.Version)
		}
		if office := to(t, got, s.offices[1]); !strings.Contains(office.Text, "Only the lead officer or a delegate signs") {
			t.Errorf("the office's letter:\n%s", office.Text)
		}
	})
	t.Run("whoever has no authority that day gets none", func(t *testing.T) {
		t.Parallel()
		s := newStory(t)
		today, police := day.Of(time.Now()), s.made.Partners[1]
		delegate := func(alter func(*membershiptest.AppointmentMade)) authz.Actor {
			return officerOf(s, police, func(a *membershiptest.AppointmentMade) {
				a.Capacity = authz.Delegate
				alter(a)
			})
		}
		delegate(func(a *membershiptest.AppointmentMade) { a.EndsOn = today.Add(-1) })
		delegate(func(a *membershiptest.AppointmentMade) { a.StartsOn = today.Add(1) })
		delegate(func(a *membershiptest.AppointmentMade) { a.Confirmed = false })
		delegate(func(a *membershiptest.AppointmentMade) { a.Papers = []string{"yearly report"} })
		lastDay := delegate(func(a *membershiptest.AppointmentMade) { a.EndsOn, a.Papers = today, []string{"arrangements"} })
		withdrawn := delegate(func(*membershiptest.AppointmentMade) {})
		_, err := s.db.Exec(t.Context(), `UPDATE appointment SET withdrawn_by = $1 WHERE account_id = $2`, s.support.Account, withdrawn.Account)
		s.must(err)
		formerSupport := arrangementtest.Support(t, s.db)
		_, err = s.db.Exec(t.Context(), `UPDATE role_grant SET ended_by = $1, ended_at = clock_timestamp() WHERE account_id = $2`, s.support.Account, formerSupport.Account)
		s.must(err)
		suspend(s, s.offices[2])
		s.open(day.Date{})
		wantRecipients(t, letters(t, s.db, notify.RoundOpened), everybody(s.officers, s.offices[:2], one(lastDay, s.support, s.scrutineer))...)
	})
	t.Run("somebody in two roles gets one letter, that of the seat", func(t *testing.T) {
		t.Parallel()
		s := newStory(t)
		accountRole(s, s.officers[0], authz.BusinessSupport)
		s.open(day.Date{})
		got := letters(t, s.db, notify.RoundOpened)
		wantRecipients(t, got, everybody(s.officers, s.offices, one(s.support, s.scrutineer))...)
		if l := to(t, got, s.officers[0]); !strings.HasPrefix(l.Subject, "Please sign off") {
			t.Errorf("the letter is %q", l.Subject)
		}
	})
	t.Run("somebody with two seats gets one letter that names both bodies", func(t *testing.T) {
		t.Parallel()
		s := newStory(t)
		both := officerOf(s, s.made.Partners[0], func(a *membershiptest.AppointmentMade) {
			a.Account, a.Capacity = s.officers[1].Account, authz.Delegate
		})
		s.open(day.Date{})
		l := to(t, letters(t, s.db, notify.RoundOpened), both)
		for _, p := range s.made.Partners[:2] {
			if !strings.Contains(l.Text, p.Body.Name) {
				t.Errorf("the letter does not name %s:\n%s", p.Body.Name, l.Text)
			}
		}
	})
	t.Run("asked twice, nobody is written to twice", func(t *testing.T) {
		t.Parallel()
		s := newStory(t).open(day.Date{})
		before := count(t, s.db, `SELECT count(*) FROM letter`)
		s.tx(func(tx pgx.Tx) error { return s.writer.RoundOpened(t.Context(), tx, s.round) })
		if after := count(t, s.db, `SELECT count(*) FROM letter`); after != before {
			t.Errorf("%d letters became %d", before, after)
		}
		if n := count(t, s.db, `SELECT count(*) FROM river.river_job WHERE kind = 'letter'`); n != before {
			t.Errorf("%d jobs for %d letters", n, before)
		}
	})
}

func accountRole(s *story, who authz.Actor, role authz.Role) {
	s.t.Helper()
	_, err := s.db.Exec(s.t.Context(), `INSERT INTO role_grant (account_id, role) VALUES ($1, $2)`, who.Account, string(role))
	s.must(err)
}

func TestSigned(t *testing.T) {
	t.Parallel()
	t.Run("the signer has a receipt, the others how many have signed", func(t *testing.T) {
		t.Parallel()
		s := newStory(t).open(day.Date{}).sign()
		s.sign(s.officers[1])
		receipts := letters(t, s.db, notify.Receipt)
		wantRecipients(t, receipts, s.officers[1])
		for _, want := range []string{s.digest, day.Of(time.Now()).Long(), s.made.Partners[1].Body.Name, "Round: 1", "1 of 3 have signed"} {
			if !strings.Contains(receipts[0].Text, want) {
				t.Errorf("the receipt does not say %q:\n%s", want, receipts[0].Text)
			}
		}
		told := letters(t, s.db, notify.Signed)
		wantRecipients(t, told, everybody(one(s.officers[0], s.officers[2], s.support), s.offices)...)
		if want := s.made.Partners[1].Body.Name + " has signed, 1 of 3"; !strings.HasPrefix(told[0].Subject, want) {
			t.Errorf("subject %q, want it to begin %q", told[0].Subject, want)
		}
	})
	t.Run("the last signature is told as the completion alone", func(t *testing.T) {
		t.Parallel()
		s := newStory(t).open(day.Date{})
		s.sign(s.officers...)
		complete := letters(t, s.db, notify.RoundComplete)
		wantRecipients(t, complete, everybody(s.officers, s.offices, one(s.support, s.scrutineer))...)
		if l := to(t, complete, s.support); !strings.HasPrefix(l.Subject, "Ready to publish") {
			t.Errorf("support is told %q", l.Subject)
		}
		if n := len(letters(t, s.db, notify.Receipt)); n != 3 {
			t.Errorf("%d receipts, want 3", n)
		}
		for _, l := range letters(t, s.db, notify.Signed) {
			if strings.Contains(l.Subject, "3 of 3") {
				t.Errorf("there is a letter %q besides that of the completion", l.Subject)
			}
		}
	})
}

func TestRoundEnds(t *testing.T) {
	t.Parallel()
	const secret = "the canary reason that stays in the portal"
	quiet := func(t *testing.T, s *story) {
		t.Helper()
		if n := count(t, s.db, `SELECT count(*) FROM letter WHERE body_text LIKE '%canary%' OR body_html LIKE '%canary%' OR subject LIKE '%canary%'`); n != 0 {
			t.Errorf("%d letters tell what belongs in the portal alone", n)
		}
	}
	t.Run("a refusal is told to all, its reasons to nobody", func(t *testing.T) {
		t.Parallel()
		s := newStory(t).open(day.Date{})
		s.act(s.officers[2], signoff.IssueCommand{Kind: signoff.Decline, Reason: secret})
		wantRecipients(t, letters(t, s.db, notify.Receipt), s.officers[2])
		declined := letters(t, s.db, notify.RoundDeclined)
		wantRecipients(t, declined, everybody(s.officers[:2], s.offices, one(s.support, s.scrutineer))...)
		if want := s.made.Partners[2].Body.Name + " has declined"; !strings.HasPrefix(declined[0].Subject, want) {
			t.Errorf("subject %q, want it to begin %q", declined[0].Subject, want)
		}
		quiet(t, s)
	})
	t.Run("a recall is told to all", func(t *testing.T) {
		t.Parallel()
		s := newStory(t).open(day.Date{})
		s.must(s.rounds.Recall(t.Context(), s.support, s.round, secret))
		wantRecipients(t, letters(t, s.db, notify.RoundRecalled), everybody(s.officers, s.offices, one(s.support, s.scrutineer))...)
		quiet(t, s)
	})
	t.Run("setting aside is told to all", func(t *testing.T) {
		t.Parallel()
		s := newStory(t).open(day.Date{})
		s.sign(s.officers...)
		s.must(s.rounds.SetAside(t.Context(), s.support, s.round, secret))
		wantRecipients(t, letters(t, s.db, notify.RoundSetAside), everybody(s.officers, s.offices, one(s.support, s.scrutineer))...)
		quiet(t, s)
	})
}

func TestRemarks(t *testing.T) {
	t.Parallel()
	s := newStory(t).open(day.Date{})
	s.must(s.rounds.PutRemark(t.Context(), s.offices[0], signoff.RemarkCommand{Round: s.round, Kind: "question", Body: "What about the canary?"}))
	put := letters(t, s.db, notify.RemarkPut)
	wantRecipients(t, put, everybody(s.officers, s.offices[1:], one(s.support))...)
	if l := to(t, put, s.support); !strings.Contains(l.Text, "Please answer it") {
		t.Errorf("support is told:\n%s", l.Text)
	}
	var remark int64
	s.must(s.db.QueryRow(t.Context(), `SELECT id FROM remark WHERE round_id = $1`, s.round).Scan(&remark))
	s.must(s.rounds.AnswerRemark(t.Context(), s.support, s.round, remark, "The canary is safe."))
	wantRecipients(t, letters(t, s.db, notify.RemarkAnswered), everybody(s.officers, s.offices)...)
	for _, l := range slices.Concat(put, letters(t, s.db, notify.RemarkAnswered)) {
		if strings.Contains(l.Text, "canary") {
			t.Errorf("the letter tells what was put:\n%s", l.Text)
		}
	}
}

func TestRecorded(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	made := arrangementtest.AwaitingConfirmation(t, s.db, func(m *arrangementtest.Made) {
		m.Partners, m.Support = s.made.Partners, s.support
	})
	other := arrangementtest.Support(t, s.db)
	s.tx(func(tx pgx.Tx) error { return s.writer.RecordedEntered(t.Context(), tx, made.Round) })
	entered := letters(t, s.db, notify.RecordedEntered)
	wantRecipients(t, entered, everybody(s.officers, one(other))...)
	if !strings.Contains(entered[0].Text, s.support.Name+" has entered") {
		t.Errorf("the letter does not say who entered them:\n%s", entered[0].Text)
	}
	s.must(s.rounds.ConfirmRecorded(t.Context(), other, made.Round))
	wantRecipients(t, letters(t, s.db, notify.RecordedConfirmed), everybody(s.officers, s.offices, one(s.support, other, s.scrutineer))...)
}
