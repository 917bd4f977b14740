package arrangement_test

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg/pgtest"
	"partnershipportal/internal/signoff"
)

func partnerText(a signoff.RecordedAct) string { return strconv.FormatInt(int64(a.Partner), 10) }

func TestPublish(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	today := day.Of(time.Now())
	command := func(m arrangementtest.Made) arrangement.PublishCommand {
		return arrangement.PublishCommand{Ref: m.Ref, Round: m.Round, Label: " June 2019 "}
	}
	t.Run("what every partner signed is in force from its effective day", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		m := arrangementtest.SignedOff(t, d.db)
		done(t, d.service.Publish(ctx, m.Support, command(m)))
		read := d.read(t, m)
		if read.State(today) != arrangement.StateInForce || read.Label != "June 2019" || read.Published != day.On(today) {
			t.Errorf("version = %+v", read)
		}
		if got := d.letters.Asked(); !slices.Equal(got, []string{"published"}) || d.lastAction(t, m) != "version.published" {
			t.Errorf("letters = %v, events = %v", got, d.actions(t, m))
		}
		refused(t, d.service.Publish(ctx, m.Support, command(m)), fault.Conflict, "")
	})
	t.Run("before its effective day it is upcoming", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		m := arrangementtest.Published(t, d.db, func(m *arrangementtest.Made) { m.EffectiveFrom = today.Add(1) })
		if got := d.read(t, m).State(today); got != arrangement.StateUpcoming {
			t.Errorf("state = %s, want upcoming", got)
		}
		if got := d.read(t, m).State(today.Add(1)); got != arrangement.StateInForce {
			t.Errorf("state on the day = %s, want in force", got)
		}
	})
	t.Run("history keeps its rough date of publication", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		m := arrangementtest.SignedOff(t, d.db)
		cmd := command(m)
		cmd.On = day.Roughly(day.Must("2019-06-21"), day.Month)
		done(t, d.service.Publish(ctx, m.Support, cmd))
		if got := d.read(t, m).Published.Words(); got != "June 2019" {
			t.Errorf("published %s, want June 2019", got)
		}
	})
	for name, c := range map[string]struct {
		field string
		alter func(*arrangement.PublishCommand)
	}{
		"with a date of publication to come": {"published-on", func(c *arrangement.PublishCommand) { c.On = day.On(today.Add(2)) }},
		"on a set day that is today":         {"scheduled-on", func(c *arrangement.PublishCommand) { c.Schedule = today }},
		"with a long label":                  {"label", func(c *arrangement.PublishCommand) { c.Label = strings.Repeat("x", 101) }},
		"on a set day with a long label": {"label", func(c *arrangement.PublishCommand) {
			c.Schedule, c.Label = today.Add(3), strings.Repeat("x", 101)
		}},
	} {
		t.Run("publication "+name+" is refused", func(t *testing.T) {
			t.Parallel()
			d := newDesk(pgtest.Tx(t))
			m := arrangementtest.SignedOff(t, d.db)
			cmd := command(m)
			c.alter(&cmd)
			refused(t, d.service.Publish(ctx, m.Support, cmd), fault.Invalid, c.field)
		})
	}
	t.Run("what is not fully signed can't be published", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		out := arrangementtest.OutForSignOff(t, d.db)
		arrangementtest.Sign(t, d.db, out, out.Officers[0])
		refused(t, d.service.Publish(ctx, out.Support, command(out)), fault.Conflict, "")
		waiting := arrangementtest.AwaitingConfirmation(t, d.db)
		refused(t, d.service.Publish(ctx, waiting.Support, command(waiting)), fault.Conflict, "")
		aside := arrangementtest.SignedOff(t, d.db)
		done(t, d.rounds.SetAside(ctx, aside.Support, aside.Round, "A slip."))
		refused(t, d.service.Publish(ctx, aside.Support, command(aside)), fault.Conflict, "")
		crossed := command(out)
		crossed.Round = aside.Round
		refused(t, d.service.Publish(ctx, out.Support, crossed), fault.Conflict, "")
		crossed.Round = id.Round(999_999_999)
		refused(t, d.service.Publish(ctx, out.Support, crossed), fault.NotFound, "")
	})
	t.Run("nobody but business support publishes or gives up a set day", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		m := arrangementtest.SignedOff(t, d.db)
		for _, by := range append([]authz.Actor{m.Officers[0]}, others(t, d.db)[fault.Forbidden], others(t, d.db)[fault.NotFound]) {
			refused(t, d.service.Publish(ctx, by, command(m)), fault.Forbidden, "")
			refused(t, d.service.Unschedule(ctx, by, m.Ref), fault.Forbidden, "")
		}
	})
	t.Run("recorded sign-offs are published like others", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		m := arrangementtest.PublishedRecorded(t, d.db)
		if got := d.read(t, m); got.State(today) != arrangement.StateInForce || got.LiveOrigin != signoff.Recorded {
			t.Errorf("version = %+v", got)
		}
	})
}

func TestPublicationOnASetDay(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	today := day.Of(time.Now())
	scheduled := func(t testing.TB, d desk) arrangementtest.Made {
		t.Helper()
		m := arrangementtest.SignedOff(t, d.db)
		done(t, d.service.Publish(ctx, m.Support, arrangement.PublishCommand{Ref: m.Ref, Round: m.Round, Label: "Soon", Schedule: today.Add(3)}))
		return m
	}
	// later is the services on a day to come.
	later := func(d desk, days int) *arrangement.Service {
		return arrangement.New(d.db, d.rounds, d.letters, func() time.Time { return time.Now().AddDate(0, 0, days) })
	}
	t.Run("nothing is published before the day, and once on it", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		m := scheduled(t, d)
		if read := d.read(t, m); read.ScheduledOn != today.Add(3) || read.State(today) != arrangement.StateSignedOff || d.lastAction(t, m) != "version.scheduled" {
			t.Fatalf("version = %+v", read)
		}
		never, err := d.service.LastSweep(ctx, m.Support)
		done(t, err)
		if !never.At.IsZero() {
			t.Errorf("last sweep = %v, want never", never.At)
		}
		for _, want := range []int{0, 0} {
			got, err := d.service.PublishDue(ctx, authz.System("sweep"))
			done(t, err)
			if got != want {
				t.Errorf("published %d, want %d", got, want)
			}
		}
		last, err := d.service.LastSweep(ctx, m.Support)
		done(t, err)
		if last.At.IsZero() || last.Published != 0 || last.Failed != 0 {
			t.Errorf("last sweep = %+v", last)
		}
	})
	t.Run("a set day that has come publishes, with its label", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		m := scheduled(t, d)
		// The database's clock stands where it is: the day is moved instead.
		_, err := d.db.Exec(ctx, `UPDATE version SET scheduled_on = $1 WHERE id = $2`, today, m.Version)
		done(t, err)
		published, err := d.service.PublishDue(ctx, authz.System("sweep"))
		done(t, err)
		read := d.read(t, m)
		if published != 1 || read.State(today) != arrangement.StateInForce || read.Label != "Soon" || read.Published != day.On(today) {
			t.Errorf("published %d, version = %+v", published, read)
		}
		again, err := d.service.PublishDue(ctx, authz.System("sweep"))
		done(t, err)
		if again != 0 {
			t.Errorf("published %d more, want none", again)
		}
	})
	t.Run("one that can't be published is told of and keeps no other from it", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		m := scheduled(t, d)
		// The service's clock runs ahead of the database's, which refuses a publication to come.
		published, err := later(d, 3).PublishDue(ctx, authz.System("sweep"))
		if err == nil || published != 0 {
			t.Fatalf("published %d, error %v; want an error", published, err)
		}
		last, err := d.service.LastSweep(ctx, m.Support)
		done(t, err)
		if last.Failed != 1 {
			t.Errorf("last sweep = %+v, want one failure", last)
		}
	})
	t.Run("a set day can be given up, or overtaken", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		m := scheduled(t, d)
		done(t, d.service.Unschedule(ctx, m.Support, m.Ref))
		if read := d.read(t, m); !read.ScheduledOn.IsZero() || d.lastAction(t, m) != "version.unscheduled" {
			t.Errorf("version = %+v", read)
		}
		done(t, d.service.Unschedule(ctx, m.Support, m.Ref))
		done(t, d.service.Publish(ctx, m.Support, arrangement.PublishCommand{Ref: m.Ref, Round: m.Round}))
		refused(t, d.service.Unschedule(ctx, m.Support, m.Ref), fault.Conflict, "")
	})
	t.Run("others don't see when it was last looked", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		_, err := d.service.LastSweep(ctx, arrangementtest.WithRole(t, d.db, authz.Administrator))
		refused(t, err, fault.Forbidden, "")
	})
}
