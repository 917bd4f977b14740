package arrangement_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/pg/pgtest"
)

// together runs the functions at the same moment and gives what each returned.
func together(fs ...func() error) []error {
	errs := make([]error, len(fs))
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	for i, f := range fs {
		ready.Add(1)
		done.Go(func() {
			ready.Done()
			<-start
			errs[i] = f()
		})
	}
	ready.Wait()
	close(start)
	done.Wait()
	return errs
}

// won counts those without an error; any other error than a conflict fails the test.
func won(t testing.TB, errs []error) int {
	t.Helper()
	n := 0
	for _, err := range errs {
		switch {
		case err == nil:
			n++
		case !errors.Is(err, fault.Conflict):
			t.Errorf("%v, want a conflict or nothing", err)
		}
	}
	return n
}

func times(n int, f func() error) []func() error {
	fs := make([]func() error, n)
	for i := range fs {
		fs[i] = f
	}
	return fs
}

func TestOfMany(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	d := newDesk(pgtest.Database(t, pgtest.PoolSize(2)).App)
	t.Run("eight who open a round at once open one", func(t *testing.T) {
		m := arrangementtest.Draft(t, d.db)
		digest := check(t, d, m).Digest
		got := won(t, together(times(8, func() error {
			_, err := d.service.Open(ctx, m.Support, arrangement.OpenCommand{Ref: m.Ref, Digest: digest})
			return err
		})...))
		if got != 1 {
			t.Errorf("%d rounds opened, want 1", got)
		}
	})
	t.Run("eight who save the same section at once save it once", func(t *testing.T) {
		m := arrangementtest.Draft(t, d.db)
		got := won(t, together(times(8, func() error {
			return d.service.SaveSection(ctx, m.Support, arrangement.SectionCommand{Ref: m.Ref, Section: m.SectionIDs[0], Revision: 1, Heading: "H", Markdown: "text"})
		})...))
		if got != 1 {
			t.Errorf("%d saved, want 1", got)
		}
	})
	t.Run("eight who start the next version at once start one", func(t *testing.T) {
		m := arrangementtest.Published(t, d.db)
		got := won(t, together(times(8, func() error {
			_, err := d.service.NextVersion(ctx, m.Support, m.Ref.Slug, false)
			return err
		})...))
		if got != 1 {
			t.Errorf("%d versions started, want 1", got)
		}
	})
	t.Run("publishing and setting aside at once, only one of them holds", func(t *testing.T) {
		for range 10 {
			m := arrangementtest.SignedOff(t, d.db)
			got := won(t, together(
				func() error {
					return d.service.Publish(ctx, m.Support, arrangement.PublishCommand{Ref: m.Ref, Round: m.Round})
				},
				func() error { return d.rounds.SetAside(ctx, m.Support, m.Round, "A slip.") },
			))
			if got != 1 {
				t.Fatalf("%d of publishing and setting aside held, want 1", got)
			}
		}
	})
}

// Whatever editors do while a round opens, what the partners are asked to sign is what the draft says.
func TestEditingWhileARoundOpens(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	d := newDesk(pgtest.Database(t, pgtest.PoolSize(2)).App)
	for range 25 {
		m := arrangementtest.Draft(t, d.db)
		digest := check(t, d, m).Digest
		won(t, together(
			func() error {
				_, err := d.service.Open(ctx, m.Support, arrangement.OpenCommand{Ref: m.Ref, Digest: digest})
				return err
			},
			func() error {
				return d.service.SaveSection(ctx, m.Support, arrangement.SectionCommand{Ref: m.Ref, Section: m.SectionIDs[0], Revision: 1, Heading: "Late", Markdown: "late"})
			},
			func() error { return d.service.MoveSection(ctx, m.Support, m.Ref, m.SectionIDs[0], false) },
		))
		read := d.read(t, m)
		if read.State(day.Of(time.Now())) != arrangement.StateAwaitingSignOff {
			continue
		}
		r, err := d.rounds.Round(ctx, m.Support, read.LiveRound)
		done(t, err)
		frozen, err := arrangement.ReadContent(r.Content)
		done(t, err)
		for i, s := range read.Sections {
			if frozen.Sections[i].Heading != s.Heading || frozen.Sections[i].Markdown != s.Markdown {
				t.Fatalf("section %d was frozen as %q, and the draft says %q", s.Number, frozen.Sections[i].Heading, s.Heading)
			}
		}
		if r.DigestHex() != digest {
			t.Fatalf("the round has the digest %s, and %s was checked", r.DigestHex(), digest)
		}
	}
}
