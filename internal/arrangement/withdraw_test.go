package arrangement_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/pg/pgtest"
)

func TestWithdraw(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	today := day.Of(time.Now())
	command := func(m arrangementtest.Made) arrangement.WithdrawCommand {
		return arrangement.WithdrawCommand{Ref: m.Ref, Reason: " A page was missing. "}
	}
	published := func(t *testing.T, d desk, ref arrangement.Ref) arrangement.PublishedVersion {
		t.Helper()
		_, v, err := arrangement.NewLibrary(d.db).Version(ctx, ref)
		done(t, err)
		return v
	}
	t.Run("the page stays with its reason, its sign-offs and its text", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		m := arrangementtest.Published(t, d.db)
		library := arrangement.NewLibrary(d.db)
		before, digest, err := library.Content(ctx, m.Ref)
		done(t, err)
		done(t, d.service.Withdraw(ctx, m.Support, command(m)))
		if got := d.read(t, m).State(today); got != arrangement.StateWithdrawn {
			t.Errorf("state = %s, want withdrawn", got)
		}
		v := published(t, d, m.Ref)
		if v.WithdrawnReason != "A page was missing." || v.Closed() || v.SignOffs != len(m.Officers) {
			t.Errorf("withdrawn version = %+v", v)
		}
		after, same, err := library.Content(ctx, m.Ref)
		if err != nil || string(after) != string(before) || string(same) != string(digest) {
			t.Errorf("the signed text changed (%v)", err)
		}
		if got := d.letters.Asked(); !slices.Equal(got, []string{"withdrawn"}) || d.lastAction(t, m) != "version.withdrawn" {
			t.Errorf("letters = %v, events = %v", got, d.actions(t, m))
		}
	})
	t.Run("a legal reason closes the text, and nothing but the text", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		m := arrangementtest.Published(t, d.db)
		cmd := command(m)
		cmd.Law = "An order of the High Court"
		done(t, d.service.Withdraw(ctx, m.Support, cmd))
		if v := published(t, d, m.Ref); v.WithdrawnLaw != cmd.Law || v.SignOffs != len(m.Officers) || len(v.Digest) == 0 {
			t.Errorf("closed version = %+v", v)
		}
		_, _, err := arrangement.NewLibrary(d.db).Content(ctx, m.Ref)
		refused(t, err, fault.NotFound, "")
		if read := d.read(t, m); len(read.Sections) == 0 {
			t.Error("business support can't read the closed text any more")
		}
	})
	t.Run("the version before is in force again", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		first := arrangementtest.Published(t, d.db, func(m *arrangementtest.Made) { m.EffectiveFrom = today.Add(-30) })
		second := arrangementtest.NextPublished(t, d.db, first, today)
		inForce := func() int {
			document, err := arrangement.NewLibrary(d.db).Document(ctx, first.Ref.Slug)
			done(t, err)
			v, _ := document.InForce(today)
			return v.Ref.Number
		}
		if got := inForce(); got != 2 {
			t.Fatalf("version %d in force, want 2", got)
		}
		done(t, d.service.Withdraw(ctx, second.Support, command(second)))
		if got := inForce(); got != 1 {
			t.Errorf("version %d in force, want 1", got)
		}
	})
	t.Run("it is refused", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		m, draft := arrangementtest.Published(t, d.db), arrangementtest.Draft(t, d.db)
		none := command(m)
		none.Reason = " \n"
		refused(t, d.service.Withdraw(ctx, m.Support, none), fault.Invalid, "reason")
		long := command(m)
		long.Reason = strings.Repeat("x", 4001)
		refused(t, d.service.Withdraw(ctx, m.Support, long), fault.Invalid, "reason")
		long.Reason, long.Law = "A page was missing.", strings.Repeat("x", 2001)
		refused(t, d.service.Withdraw(ctx, m.Support, long), fault.Invalid, "law")
		refused(t, d.service.Withdraw(ctx, draft.Support, command(draft)), fault.Conflict, "")
		for _, by := range []authz.Actor{m.Officers[0], others(t, d.db)[fault.Forbidden], others(t, d.db)[fault.NotFound]} {
			refused(t, d.service.Withdraw(ctx, by, command(m)), fault.Forbidden, "")
		}
		done(t, d.service.Withdraw(ctx, m.Support, command(m)))
		refused(t, d.service.Withdraw(ctx, m.Support, command(m)), fault.Conflict, "")
	})
}
