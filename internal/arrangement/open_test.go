package arrangement_test

import (
	"context"
	"encoding/hex"
	"slices"
	"strings"
	"testing"
	"time"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg/pgtest"
	"partnershipportal/internal/signoff"
)

func check(t testing.TB, d desk, m arrangementtest.Made) arrangement.Check {
	t.Helper()
	c, err := d.service.Check(context.Background(), m.Support, m.Ref, day.Date{})
	done(t, err)
	return c
}

func TestCheckShowsWhatWouldBeSigned(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	t.Run("the seats are every partner of the area, whoever they are", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		partners := membershiptest.ThreePartners(t, d.db)
		fourth := membershiptest.Partner(t, d.db, func(p *membershiptest.PartnerMade) { p.Kind, p.Areas = "health", partners[0].Areas })
		m := arrangementtest.Draft(t, d.db, func(m *arrangementtest.Made) { m.Partners = partners })
		arrangementtest.Officer(t, d.db, partners[0])
		arrangementtest.Officer(t, d.db, partners[1], func(a *membershiptest.AppointmentMade) { a.Papers = []string{"yearly report"} })
		c := check(t, d, m)
		if len(c.Seats) != 4 || len(c.Problems) != 0 || len(c.Warnings) != 3 {
			t.Errorf("%d seats, problems %q, warnings %q; want 4, none, and one for each partner but the first", len(c.Seats), c.Problems, c.Warnings)
		}
		if !slices.ContainsFunc(c.Seats, func(s signoff.Seat) bool { return s.Partner == fourth.ID }) {
			t.Error("the fourth partner has no seat")
		}
		if got := hex.EncodeToString(arrangement.Digest(c.Content)); got != c.Digest {
			t.Errorf("digest = %s, want %s", c.Digest, got)
		}
	})
	t.Run("what is missing is said", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		m := arrangementtest.Draft(t, d.db, func(m *arrangementtest.Made) {
			m.EffectiveFrom, m.Sections = day.Date{}, []arrangement.Text{{Heading: "Empty", Markdown: " "}}
		})
		c := check(t, d, m)
		if len(c.Problems) != 2 || !strings.Contains(c.Problems[0], "effective day") || !strings.Contains(c.Problems[1], "Section 1, Empty, is empty") {
			t.Errorf("problems = %q", c.Problems)
		}
		_, err := d.service.Open(ctx, m.Support, arrangement.OpenCommand{Ref: m.Ref, Digest: c.Digest})
		refused(t, err, fault.Invalid, "")
	})
	t.Run("an effective day of another published version is in the way", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		m := arrangementtest.Published(t, d.db)
		next := m
		var err error
		next.Ref, err = d.service.NextVersion(ctx, m.Support, m.Ref.Slug, false)
		done(t, err)
		read := d.read(t, next)
		done(t, d.service.SaveDetails(ctx, m.Support, arrangement.DetailsCommand{Ref: next.Ref, Revision: 1, Title: read.Title, Guidance: read.Guidance.ID, EffectiveFrom: m.EffectiveFrom}))
		c := check(t, d, next)
		if len(c.Problems) != 1 {
			t.Errorf("problems = %q, want that the day is taken", c.Problems)
		}
		_, err = d.service.Open(ctx, m.Support, arrangement.OpenCommand{Ref: next.Ref, Digest: c.Digest})
		refused(t, err, fault.Conflict, "")
	})
	t.Run("only business support checks, and only a draft", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		m := arrangementtest.OutForSignOff(t, d.db)
		_, err := d.service.Check(ctx, m.Support, m.Ref, day.Date{})
		refused(t, err, fault.Conflict, "")
		for _, by := range others(t, d.db) {
			_, err := d.service.Check(ctx, by, m.Ref, day.Date{})
			refused(t, err, fault.Forbidden, "")
		}
		m.Ref.Number = 9
		_, err = d.service.Check(ctx, m.Support, m.Ref, day.Date{})
		refused(t, err, fault.NotFound, "")
	})
}

func TestOpen(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	today := day.Of(time.Now())
	t.Run("the text is frozen as it was checked, and everybody is told", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		m := arrangementtest.Draft(t, d.db)
		c := check(t, d, m)
		round, err := d.service.Open(ctx, m.Support, arrangement.OpenCommand{Ref: m.Ref, Digest: c.Digest, DueOn: today})
		done(t, err)
		r, err := d.rounds.Round(ctx, m.Support, round)
		done(t, err)
		if string(r.Content) != string(c.Content) || r.DigestHex() != c.Digest || r.DueOn != today || len(r.Seats) != 3 || r.SeatsOn != today {
			t.Errorf("round = %+v", r)
		}
		if got := d.read(t, m).State(today); got != arrangement.StateAwaitingSignOff {
			t.Errorf("state = %s", got)
		}
		if got := d.letters.Asked(); !slices.Equal(got, []string{"round opened"}) || d.lastAction(t, m) != "round.opened" {
			t.Errorf("letters = %v, events = %v", got, d.actions(t, m))
		}
		_, err = d.service.Open(ctx, m.Support, arrangement.OpenCommand{Ref: m.Ref, Digest: c.Digest})
		refused(t, err, fault.Conflict, "")
	})
	t.Run("a text that has changed since it was checked is refused", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		m := arrangementtest.Draft(t, d.db)
		c := check(t, d, m)
		done(t, d.service.SaveSection(ctx, m.Support, arrangement.SectionCommand{Ref: m.Ref, Section: m.SectionIDs[0], Revision: 1, Heading: "Other", Markdown: "other"}))
		_, err := d.service.Open(ctx, m.Support, arrangement.OpenCommand{Ref: m.Ref, Digest: c.Digest})
		refused(t, err, fault.Conflict, "")
	})
	t.Run("a due date in the past is refused", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		m := arrangementtest.Draft(t, d.db)
		_, err := d.service.Open(ctx, m.Support, arrangement.OpenCommand{Ref: m.Ref, Digest: check(t, d, m).Digest, DueOn: today.Add(-1)})
		refused(t, err, fault.Invalid, "due-on")
	})
	t.Run("a kind of partner that is missing keeps the round from opening", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		m := arrangementtest.Draft(t, d.db, func(m *arrangementtest.Made) {
			m.Partners = []membershiptest.PartnerMade{membershiptest.Partner(t, d.db)}
		})
		_, err := d.service.Open(ctx, m.Support, arrangement.OpenCommand{Ref: m.Ref, Digest: check(t, d, m).Digest})
		refused(t, err, fault.Conflict, "")
	})
	t.Run("nobody but business support opens", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		m := arrangementtest.Draft(t, d.db)
		for kind, by := range others(t, d.db) {
			_, err := d.service.Open(ctx, by, arrangement.OpenCommand{Ref: m.Ref, Digest: check(t, d, m).Digest})
			refused(t, err, kind, "")
		}
	})
	t.Run("a recalled text is a draft again, and its set day is forgotten", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		m := arrangementtest.SignedOff(t, d.db)
		done(t, d.service.Publish(ctx, m.Support, arrangement.PublishCommand{Ref: m.Ref, Round: m.Round, Schedule: today.Add(1)}))
		done(t, d.rounds.SetAside(ctx, m.Support, m.Round, "A slip."))
		if got := d.read(t, m).State(today); got != arrangement.StateDraft {
			t.Fatalf("state = %s, want draft", got)
		}
		_, err := d.service.Open(ctx, m.Support, arrangement.OpenCommand{Ref: m.Ref, Digest: check(t, d, m).Digest})
		done(t, err)
		if got := d.read(t, m).ScheduledOn; !got.IsZero() {
			t.Errorf("scheduled on %s, want no day for the new round", got)
		}
	})
}

func TestEnterRecorded(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	command := func(t testing.TB, d desk, m arrangementtest.Made) arrangement.RecordedCommand {
		t.Helper()
		c, err := d.service.Check(ctx, m.Support, m.Ref, day.Must("2019-06-30"))
		done(t, err)
		cmd := arrangement.RecordedCommand{Ref: m.Ref, Digest: c.Digest, SeatsOn: c.SeatsOn}
		for _, s := range c.Seats {
			cmd.Acts = append(cmd.Acts, signoff.RecordedAct{Partner: s.Partner, Office: "Lead officer", SignedOn: day.Roughly(day.Must("2019-06-12"), day.Month), Source: "Minutes"})
		}
		return cmd
	}
	t.Run("what is entered waits for a second person, with its precision and evidence", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		m := arrangementtest.Draft(t, d.db)
		cmd := command(t, d, m)
		cmd.Acts[0].Source, cmd.Acts[0].Evidence = "", &signoff.File{Name: "scan.pdf", MediaType: "application/pdf", Body: []byte("%PDF-1.7")}
		round, err := d.service.EnterRecorded(ctx, m.Support, cmd)
		done(t, err)
		if got := d.read(t, m).State(day.Of(time.Now())); got != arrangement.StateAwaitingConfirmation {
			t.Errorf("state = %s", got)
		}
		r, err := d.rounds.Round(ctx, m.Support, round)
		done(t, err)
		act := r.Seats[0].Act
		if r.Origin != signoff.Recorded || r.Signed() != 3 || act.SignedOn.Words() != "June 2019" || act.Method != signoff.MethodRecorded || act.EvidenceName != "scan.pdf" {
			t.Errorf("round = %+v, act = %+v", r, act)
		}
		file, err := d.rounds.EvidenceFile(ctx, m.Support, round, act.EvidenceFile)
		done(t, err)
		if string(file.Body) != "%PDF-1.7" || file.MediaType != "application/pdf" {
			t.Errorf("file = %+v", file)
		}
		_, err = d.rounds.EvidenceFile(ctx, m.Support, round, act.EvidenceFile+1)
		refused(t, err, fault.NotFound, "")
		if got := d.letters.Asked(); !slices.Equal(got, []string{"recorded entered"}) || d.lastAction(t, m) != "recorded.entered" {
			t.Errorf("letters = %v, events = %v", got, d.actions(t, m))
		}
	})
	for name, c := range map[string]struct {
		kind  fault.Kind
		field string // its partner's identifier is added where it ends in "-"
		alter func(*arrangement.RecordedCommand)
	}{
		"for another text":            {fault.Conflict, "", func(c *arrangement.RecordedCommand) { c.Digest = "" }},
		"without a day":               {fault.Invalid, "seats-on", func(c *arrangement.RecordedCommand) { c.SeatsOn = day.Date{} }},
		"on a day to come":            {fault.Invalid, "seats-on", func(c *arrangement.RecordedCommand) { c.SeatsOn = day.Must("2199-01-01") }},
		"without one of the partners": {fault.Invalid, "", func(c *arrangement.RecordedCommand) { c.Acts = c.Acts[1:] }},
		"without an office":           {fault.Invalid, "office-", func(c *arrangement.RecordedCommand) { c.Acts[0].Office = " " }},
		"without a date":              {fault.Invalid, "signed-on-", func(c *arrangement.RecordedCommand) { c.Acts[0].SignedOn = day.Approx{} }},
		"signed on a day to come":     {fault.Invalid, "signed-on-", func(c *arrangement.RecordedCommand) { c.Acts[0].SignedOn = day.On(day.Must("2199-01-01")) }},
		"without any evidence":        {fault.Invalid, "source-", func(c *arrangement.RecordedCommand) { c.Acts[0].Source = "" }},
		"with a program as evidence": {fault.Invalid, "", func(c *arrangement.RecordedCommand) {
			c.Acts[0].Evidence = &signoff.File{Name: "a.exe", MediaType: "application/x-msdownload", Body: []byte("MZ")}
		}},
	} {
		t.Run("sign-offs "+name+" are refused", func(t *testing.T) {
			t.Parallel()
			d := newDesk(pgtest.Tx(t))
			m := arrangementtest.Draft(t, d.db)
			cmd := command(t, d, m)
			field := c.field
			if strings.HasSuffix(field, "-") {
				field += partnerText(cmd.Acts[0])
			}
			c.alter(&cmd)
			_, err := d.service.EnterRecorded(ctx, m.Support, cmd)
			refused(t, err, c.kind, field)
			if got := d.read(t, m).State(day.Of(time.Now())); got != arrangement.StateDraft {
				t.Errorf("state = %s, want a draft as before", got)
			}
		})
	}
	t.Run("nobody but business support enters", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		m := arrangementtest.Draft(t, d.db)
		for kind, by := range others(t, d.db) {
			_, err := d.service.EnterRecorded(ctx, by, command(t, d, m))
			refused(t, err, kind, "")
		}
	})
}

func TestConfirmRecorded(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	d := newDesk(pgtest.Tx(t))
	m := arrangementtest.AwaitingConfirmation(t, d.db)
	officer, elsewhere := arrangementtest.Officer(t, d.db, m.Partners[1]), arrangementtest.Officer(t, d.db, membershiptest.Partner(t, d.db))
	refused(t, d.rounds.ConfirmRecorded(ctx, m.Support, m.Round), fault.Forbidden, "")
	refused(t, d.rounds.ConfirmRecorded(ctx, elsewhere, m.Round), fault.NotFound, "")
	refused(t, d.rounds.ConfirmRecorded(ctx, arrangementtest.WithRole(t, d.db, "scrutineer"), m.Round), fault.Forbidden, "")
	// A private office of one partner who leads another sees the round, but holds no seat in it.
	elsewhere.Held = append(elsewhere.Held, arrangementtest.WithRole(t, d.db, "office", m.Partners[0].Body.ID).Held...)
	refused(t, d.rounds.ConfirmRecorded(ctx, elsewhere, m.Round), fault.Forbidden, "")
	done(t, d.rounds.ConfirmRecorded(ctx, officer, m.Round))
	if got := d.read(t, m).State(day.Of(time.Now())); got != arrangement.StateSignedOff {
		t.Errorf("state = %s, want signed off", got)
	}
	refused(t, d.rounds.ConfirmRecorded(ctx, officer, m.Round), fault.Conflict, "")
}
