package notify_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/account/accounttest"
	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/notify"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
)

func TestPublished(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	yesterday := day.Of(time.Now()).Add(-1)
	district := membershiptest.Agency(t, s.db)
	staff := arrangementtest.WithRole(t, s.db, authz.AgencyStaff, district.Body.ID)
	former := membershiptest.Agency(t, s.db, func(a *membershiptest.AgencyMade) { a.EndsOn = yesterday })
	arrangementtest.WithRole(t, s.db, authz.AgencyStaff, former.Body.ID)
	s.open(day.Date{})
	s.sign(s.officers...)
	s.must(s.arrangements.Publish(t.Context(), s.support, arrangement.PublishCommand{Ref: s.made.Ref, Round: s.round, Label: "Spring"}))
	got := letters(t, s.db, notify.Published)
	wantRecipients(t, got, everybody(s.officers, one(s.support, staff))...)
	if l := to(t, got, s.support); !strings.Contains(l.Text, "The Department for Education is to be told too") {
		t.Errorf("support is not reminded:\n%s", l.Text)
	}
	l := to(t, got, staff)
	for _, want := range []string{district.Body.Name, "https://portal.example.org/arrangements/" + s.made.Slug + "/versions/1", s.made.EffectiveFrom.Long()} {
		if !strings.Contains(l.Text, want) {
			t.Errorf("the agency's letter does not say %q:\n%s", want, l.Text)
		}
	}
	if l.Round != s.round || l.Version != s.made.Version {
		t.Errorf("the letter is about round %d, version %d", l.Round, l.Version)
	}
}

func TestScrutinyFiled(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	s.open(day.Date{})
	s.must(s.rounds.FileScrutiny(t.Context(), s.scrutineer, s.round, "Marigold."))
	got := letters(t, s.db, notify.ScrutinyFiled)
	wantRecipients(t, got, everybody(s.officers, s.offices, one(s.support))...)
	if l := to(t, got, s.officers[0]); !strings.Contains(l.Text, "read it before you sign") || strings.Contains(l.Text, "Marigold") {
		t.Errorf("the letter says:\n%s", l.Text)
	}
}

func TestWithdrawn(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	district := membershiptest.Agency(t, s.db)
	staff := arrangementtest.WithRole(t, s.db, authz.AgencyStaff, district.Body.ID)
	s.open(day.Date{})
	s.sign(s.officers...)
	s.must(s.arrangements.Publish(t.Context(), s.support, arrangement.PublishCommand{Ref: s.made.Ref, Round: s.round}))
	s.must(s.arrangements.Withdraw(t.Context(), s.support, arrangement.WithdrawCommand{Ref: s.made.Ref, Reason: "A page was missing"}))
	got := letters(t, s.db, notify.Withdrawn)
	wantRecipients(t, got, everybody(s.officers, one(s.support, staff))...)
	for _, want := range []string{"A page was missing", "In force now: no version", "https://portal.example.org/arrangements/" + s.made.Slug + "/versions/1"} {
		if l := to(t, got, staff); !strings.Contains(l.Text, want) {
			t.Errorf("the agency's letter does not say %q:\n%s", want, l.Text)
		}
	}
}

func inTx(t *testing.T, db pg.DB, do func(tx pgx.Tx) error) {
	t.Helper()
	if err := pgx.BeginFunc(t.Context(), db, do); err != nil {
		t.Fatal(err)
	}
}

func TestAppointments(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	w := writer(t)
	support, other := arrangementtest.Support(t, db), arrangementtest.Support(t, db)
	administrator := arrangementtest.WithRole(t, db, authz.Administrator)
	partner := membershiptest.Partner(t, db)
	person := personOf(t, db)
	made := membershiptest.Appointment(t, db, partner.ID, func(a *membershiptest.AppointmentMade) {
		a.Account, a.ProposedBy, a.Office = person.Account, support.Account, "Chief Constable"
	})
	ctx := t.Context()

	inTx(t, db, func(tx pgx.Tx) error { return w.AppointmentProposed(ctx, tx, made.ID) })
	proposed := letters(t, db, notify.AppointmentProposed)
	wantRecipients(t, proposed, person, support, other, administrator)
	if l := to(t, proposed, administrator); !strings.Contains(l.Text, "confirm or refuse it") || !strings.Contains(l.Text, "Chief Constable") {
		t.Errorf("the administrator is told:\n%s", l.Text)
	}
	if l := to(t, proposed, person); !strings.HasPrefix(l.Subject, "You are proposed to sign for "+partner.Body.Name) {
		t.Errorf("the appointee is told %q", l.Subject)
	}

	inTx(t, db, func(tx pgx.Tx) error { return w.AppointmentConfirmed(ctx, tx, made.ID) })
	wantRecipients(t, letters(t, db, notify.AppointmentConfirmed), person, support, other)

	for _, end := range []string{"2033-03-31", "2032-03-31"} {
		if _, err := db.Exec(ctx, `UPDATE appointment SET ends_on = $1 WHERE id = $2`, end, made.ID); err != nil {
			t.Fatal(err)
		}
		inTx(t, db, func(tx pgx.Tx) error { return w.AppointmentEnded(ctx, tx, made.ID) })
	}
	ended := letters(t, db, notify.AppointmentEnded)
	wantRecipients(t, ended, person, person, support, support, other, other)
	if l := to(t, ended, person); !strings.Contains(l.Text, "To: 31 March 203") {
		t.Errorf("the appointee is told:\n%s", l.Text)
	}
}

func TestAccountLetters(t *testing.T) {
	t.Parallel()
	t.Run("a changed password is told, each change once", func(t *testing.T) {
		t.Parallel()
		db := pgtest.Tx(t)
		w, who := writer(t), personOf(t, db)
		for range 2 {
			inTx(t, db, func(tx pgx.Tx) error { return w.PasswordChanged(t.Context(), tx, who.Account) })
		}
		wantRecipients(t, letters(t, db, notify.PasswordChanged), who)
		if _, err := db.Exec(t.Context(), `UPDATE account SET password_hash = '$argon2id$other' WHERE id = $1`, who.Account); err != nil {
			t.Fatal(err)
		}
		inTx(t, db, func(tx pgx.Tx) error { return w.PasswordChanged(t.Context(), tx, who.Account) })
		wantRecipients(t, letters(t, db, notify.PasswordChanged), who, who)
	})
	t.Run("a suspended account is told nothing", func(t *testing.T) {
		t.Parallel()
		db := pgtest.Tx(t)
		w, who := writer(t), personOf(t, db)
		if _, err := db.Exec(t.Context(), `UPDATE account SET suspended_at = clock_timestamp() WHERE id = $1`, who.Account); err != nil {
			t.Fatal(err)
		}
		inTx(t, db, func(tx pgx.Tx) error { return w.PasswordChanged(t.Context(), tx, who.Account) })
		wantRecipients(t, letters(t, db, notify.PasswordChanged))
	})
	t.Run("letters with a link leave a job and no letter", func(t *testing.T) {
		t.Parallel()
		db := pgtest.Tx(t)
		w := writer(t)
		inTx(t, db, func(tx pgx.Tx) error {
			if err := w.Invited(t.Context(), tx, 4711); err != nil {
				return err
			}
			return w.ResetAsked(t.Context(), tx, 4712)
		})
		if n := count(t, db, `SELECT count(*) FROM letter`); n != 0 {
			t.Errorf("%d letters are kept", n)
		}
		if n := count(t, db, `SELECT count(*) FROM river.river_job WHERE kind = 'link_letter' AND args IN ('{"link": 4711}', '{"link": 4712}')`); n != 2 {
			t.Errorf("%d jobs, want 2", n)
		}
	})
}

// letterTo stores a letter to a new person, and says which.
func letterTo(t *testing.T, db pg.DB, alter ...func(*accounttest.Made)) (id.Letter, authz.Actor) {
	t.Helper()
	who := personOf(t, db, alter...)
	w := writer(t)
	inTx(t, db, func(tx pgx.Tx) error { return w.PasswordChanged(t.Context(), tx, who.Account) })
	var letter id.Letter
	if err := db.QueryRow(context.Background(), `SELECT id FROM letter WHERE account_id = $1`, who.Account).Scan(&letter); err != nil {
		t.Fatal(err)
	}
	return letter, who
}

func TestTheDatabaseKeepsLettersAsTheyWere(t *testing.T) {
	t.Parallel()
	for name, statement := range map[string]string{
		"the words are not changed":       `UPDATE letter SET body_text = 'other words'`,
		"the recipient is not changed":    `UPDATE letter SET email = 'other@example.org'`,
		"a letter is not deleted":         `DELETE FROM letter`,
		"a sent letter does not fail":     `UPDATE letter SET failed_at = clock_timestamp(), last_error = 'x'`,
		"a letter does not have two ends": `UPDATE letter SET sent_at = NULL, kept_at = clock_timestamp(), failed_at = clock_timestamp(), last_error = 'x'`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := pgtest.Tx(t)
			letterTo(t, db)
			if _, err := db.Exec(t.Context(), `UPDATE letter SET sent_at = clock_timestamp()`); err != nil {
				t.Fatal(err)
			}
			if _, err := db.Exec(t.Context(), statement); err == nil {
				t.Errorf("%s succeeds", statement)
			}
		})
	}
}
