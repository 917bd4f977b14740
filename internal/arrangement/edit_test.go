package arrangement_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/pg/pgtest"
)

// changes are all the ways to change a draft.
func changes(d desk, m arrangementtest.Made) map[string]func(by authz.Actor) error {
	ctx, section := context.Background(), m.SectionIDs[0]
	read, err := d.service.Draft(ctx, m.Support, m.Ref)
	if err != nil {
		panic(err)
	}
	return map[string]func(authz.Actor) error{
		"details": func(by authz.Actor) error {
			return d.service.SaveDetails(ctx, by, arrangement.DetailsCommand{Ref: m.Ref, Revision: read.Revision, Title: "New", Guidance: read.Guidance.ID, EffectiveFrom: read.EffectiveFrom})
		},
		"adding": func(by authz.Actor) error {
			_, err := d.service.AddSection(ctx, by, m.Ref, "New", "text")
			return err
		},
		"saving": func(by authz.Actor) error {
			return d.service.SaveSection(ctx, by, arrangement.SectionCommand{Ref: m.Ref, Section: section, Revision: 1, Heading: "New", Markdown: "text"})
		},
		"removing":   func(by authz.Actor) error { return d.service.RemoveSection(ctx, by, m.Ref, section, 1) },
		"moving":     func(by authz.Actor) error { return d.service.MoveSection(ctx, by, m.Ref, section, false) },
		"discarding": func(by authz.Actor) error { return d.service.Discard(ctx, by, m.Ref) },
	}
}

func TestOnlyADraftIsChangedAndOnlyByBusinessSupport(t *testing.T) {
	t.Parallel()
	d := newDesk(pgtest.Tx(t))
	for state, m := range map[string]arrangementtest.Made{"out for sign-off": arrangementtest.OutForSignOff(t, d.db), "signed off": arrangementtest.SignedOff(t, d.db),
		"awaiting confirmation": arrangementtest.AwaitingConfirmation(t, d.db), "published": arrangementtest.Published(t, d.db)} {
		for name, change := range changes(d, m) {
			if err := change(m.Support); !errors.Is(err, fault.Conflict) {
				t.Errorf("%s of a version that is %s: %v, want a conflict", name, state, err)
			}
		}
	}
	m := arrangementtest.Draft(t, d.db)
	for name, change := range changes(d, m) {
		for kind, by := range others(t, d.db) {
			if err := change(by); !errors.Is(err, kind) {
				t.Errorf("%s by somebody else: %v, want %s", name, err, kind)
			}
		}
	}
	if read := d.read(t, m); read.Title != m.Title || len(read.Sections) != 2 {
		t.Errorf("the draft was changed: %+v", read)
	}
}

func TestSaveDetails(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	command := func(read arrangement.Draft) arrangement.DetailsCommand {
		return arrangement.DetailsCommand{Ref: read.Ref, Revision: read.Revision, Title: "  Second title ", Guidance: read.Guidance.ID,
			EffectiveFrom: day.Must("2027-02-01"), Label: "June 2027"}
	}
	t.Run("what is saved is read back", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		m := arrangementtest.Draft(t, d.db)
		done(t, d.service.SaveDetails(ctx, m.Support, command(d.read(t, m))))
		read := d.read(t, m)
		if read.Title != "Second title" || read.EffectiveFrom != day.Must("2027-02-01") || read.Label != "June 2027" || d.lastAction(t, m) != "version.edited" {
			t.Errorf("draft = %+v", read)
		}
	})
	t.Run("the second of two editors is told who was first and what they saved", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		m := arrangementtest.Draft(t, d.db)
		old, second := d.read(t, m), arrangementtest.Support(t, d.db)
		done(t, d.service.SaveDetails(ctx, m.Support, command(old)))
		err := d.service.SaveDetails(ctx, second, command(old))
		refused(t, err, fault.Conflict, "")
		clash, ok := errors.AsType[*arrangement.DetailsConflict](err)
		if !ok || clash.Theirs.Title != "Second title" || clash.Saved.Name != m.Support.Name || clash.Saved.At.IsZero() {
			t.Errorf("conflict = %+v", clash)
		}
		again := command(clash.Theirs)
		again.Title = "Third title"
		done(t, d.service.SaveDetails(ctx, second, again))
	})
	for name, c := range map[string]struct {
		field string
		alter func(*arrangement.DetailsCommand)
	}{
		"no title":             {"title", func(c *arrangement.DetailsCommand) { c.Title = "" }},
		"a long title":         {"title", func(c *arrangement.DetailsCommand) { c.Title = strings.Repeat("x", 201) }},
		"a long label":         {"label", func(c *arrangement.DetailsCommand) { c.Label = strings.Repeat("x", 101) }},
		"an unknown edition":   {"guidance", func(c *arrangement.DetailsCommand) { c.Guidance = 999_999_999 }},
		"a title of only dots": {"", nil},
	} {
		t.Run(name+" is decided", func(t *testing.T) {
			t.Parallel()
			d := newDesk(pgtest.Tx(t))
			m := arrangementtest.Draft(t, d.db)
			cmd := command(d.read(t, m))
			if c.alter == nil {
				cmd.Title = "…"
				done(t, d.service.SaveDetails(ctx, m.Support, cmd))
				return
			}
			c.alter(&cmd)
			refused(t, d.service.SaveDetails(ctx, m.Support, cmd), fault.Invalid, c.field)
		})
	}
	t.Run("details of a version that there is not are not found", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		m := arrangementtest.Draft(t, d.db)
		cmd := command(d.read(t, m))
		cmd.Ref.Number = 7
		refused(t, d.service.SaveDetails(ctx, m.Support, cmd), fault.NotFound, "")
	})
}

func TestSections(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	t.Run("text is kept clean: line ends, one form of letters, no byte order mark", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		m := arrangementtest.Draft(t, d.db)
		_, err := d.service.AddSection(ctx, m.Support, m.Ref, " Cafe\u0301 ", "\ufeff    code\r\n\r\nend \U0001F642 <script>\r\n \n")
		done(t, err)
		last := d.read(t, m).Sections[2]
		if last.Heading != "Caf\u00e9" || last.Markdown != "    code\n\nend \U0001F642 <script>" || last.Number != 3 {
			t.Errorf("section = %+v", last)
		}
	})
	t.Run("pressed twice it is added once", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		m := arrangementtest.Draft(t, d.db)
		first, err := d.service.AddSection(ctx, m.Support, m.Ref, "Third", "text")
		done(t, err)
		second, err := d.service.AddSection(ctx, m.Support, m.Ref, "Third", "text")
		done(t, err)
		if first != second || len(d.read(t, m).Sections) != 3 {
			t.Errorf("sections %d and %d, want one", first, second)
		}
	})
	t.Run("sections move, and keep still at the ends", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		m := arrangementtest.Draft(t, d.db)
		_, err := d.service.AddSection(ctx, m.Support, m.Ref, "Third", "text")
		done(t, err)
		first, second := m.Sections[0].Heading, m.Sections[1].Heading
		done(t, d.service.MoveSection(ctx, m.Support, m.Ref, m.SectionIDs[0], true))
		sameOrder(t, d.read(t, m), first, second, "Third")
		done(t, d.service.MoveSection(ctx, m.Support, m.Ref, m.SectionIDs[0], false))
		sameOrder(t, d.read(t, m), second, first, "Third")
		done(t, d.service.RemoveSection(ctx, m.Support, m.Ref, m.SectionIDs[0], 1))
		done(t, d.service.MoveSection(ctx, m.Support, m.Ref, m.SectionIDs[1], false))
		sameOrder(t, d.read(t, m), "Third", second)
		if got := d.actions(t, m); slices.Contains(got[len(got)-4:], "version.created") || d.lastAction(t, m) != "section.moved" {
			t.Errorf("events = %v", got)
		}
	})
	t.Run("the second of two editors gets both texts", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		m := arrangementtest.Draft(t, d.db)
		second := arrangementtest.Support(t, d.db)
		save := func(by authz.Actor, revision int, text string) error {
			return d.service.SaveSection(ctx, by, arrangement.SectionCommand{Ref: m.Ref, Section: m.SectionIDs[0], Revision: revision, Heading: "H", Markdown: text})
		}
		done(t, save(m.Support, 1, "theirs"))
		err := save(second, 1, "mine")
		refused(t, err, fault.Conflict, "")
		clash, ok := errors.AsType[*arrangement.EditConflict](err)
		if !ok || clash.Theirs.Markdown != "theirs" || clash.Saved.Name != m.Support.Name {
			t.Fatalf("conflict = %+v", clash)
		}
		if _, ok := errors.AsType[*arrangement.EditConflict](d.service.RemoveSection(ctx, second, m.Ref, m.SectionIDs[0], 1)); !ok {
			t.Error("a section that somebody has changed since was deleted")
		}
		done(t, save(second, clash.Theirs.Revision, "mine"))
		if got := d.read(t, m).Sections[0].Markdown; got != "mine" {
			t.Errorf("text = %q, want the one that replaced knowingly", got)
		}
	})
	t.Run("what breaks a rule is refused", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		m := arrangementtest.Draft(t, d.db)
		_, err := d.service.AddSection(ctx, m.Support, m.Ref, " ", "text")
		refused(t, err, fault.Invalid, "heading")
		_, err = d.service.AddSection(ctx, m.Support, m.Ref, strings.Repeat("x", 201), "text")
		refused(t, err, fault.Invalid, "heading")
		_, err = d.service.AddSection(ctx, m.Support, m.Ref, "Long", strings.Repeat("🙂", 250_001))
		refused(t, err, fault.Invalid, "markdown")
		_, err = d.service.AddSection(ctx, m.Support, m.Ref, "As long as can be", strings.Repeat("🙂", 250_000))
		done(t, err)
		cmd := arrangement.SectionCommand{Ref: m.Ref, Section: m.SectionIDs[0], Revision: 1}
		refused(t, d.service.SaveSection(ctx, m.Support, cmd), fault.Invalid, "heading")
		other := arrangementtest.Draft(t, d.db)
		cmd.Heading, cmd.Section = "H", other.SectionIDs[0]
		refused(t, d.service.SaveSection(ctx, m.Support, cmd), fault.NotFound, "")
		refused(t, d.service.MoveSection(ctx, m.Support, m.Ref, other.SectionIDs[0], true), fault.NotFound, "")
		refused(t, d.service.RemoveSection(ctx, m.Support, m.Ref, other.SectionIDs[0], 1), fault.NotFound, "")
	})
	t.Run("a version can't have more than its most sections", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		m := arrangementtest.Draft(t, d.db, func(m *arrangementtest.Made) {
			m.Sections = make([]arrangement.Text, arrangement.MaxSections)
			number(m.Sections)
		})
		_, err := d.service.AddSection(ctx, m.Support, m.Ref, "One too many", "text")
		refused(t, err, fault.Invalid, "")
	})
}

func number(sections []arrangement.Text) {
	for i := range sections {
		sections[i] = arrangement.Text{Heading: "Section " + strings.Repeat("i", i%150+1), Markdown: "text"}
	}
}

func TestDiscard(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	d := newDesk(pgtest.Tx(t))
	m := arrangementtest.Draft(t, d.db)
	done(t, d.service.Discard(ctx, m.Support, m.Ref))
	if got := d.read(t, m).State(day.Must("2026-01-01")); got != arrangement.StateDiscarded {
		t.Errorf("state = %s, want discarded", got)
	}
	refused(t, d.service.Discard(ctx, m.Support, m.Ref), fault.Conflict, "")
	entries, err := d.service.Timeline(ctx, m.Support, m.Ref)
	done(t, err)
	if got := entries[0]; got.Action != "version.discarded" || got.Name != m.Support.Name || got.Before != "draft" || got.After != "discarded" {
		t.Errorf("newest entry = %+v", got)
	}
	list, err := d.service.Desk(ctx, m.Support)
	done(t, err)
	if len(list) != 0 {
		t.Errorf("the desk lists %d versions, want none that is discarded", len(list))
	}
	for kind, by := range others(t, d.db) {
		_, err := d.service.Timeline(ctx, by, m.Ref)
		if kind == fault.NotFound && !errors.Is(err, fault.NotFound) || kind == fault.Forbidden && err != nil {
			t.Errorf("timeline for somebody else: %v", err)
		}
	}
	_, err = d.service.Desk(ctx, arrangementtest.WithRole(t, d.db, authz.Administrator))
	refused(t, err, fault.Forbidden, "")
}
