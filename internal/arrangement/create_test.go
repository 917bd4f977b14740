package arrangement_test

import (
	"context"
	"strings"
	"testing"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg/pgtest"
)

func TestCreate(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	valid := func(t testing.TB, d desk) arrangement.CreateCommand {
		t.Helper()
		editions, err := d.service.GuidanceEditions(ctx)
		done(t, err)
		return arrangement.CreateCommand{Title: "Arrangements of " + membershiptest.Unique(), Kind: "arrangements", Guidance: editions[0].ID,
			Areas: []id.Area{membershiptest.Area(t, d.db)}}
	}
	t.Run("a document begins with an empty draft, its address made from the title", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		support, cmd := arrangementtest.Support(t, d.db), valid(t, d)
		predecessor := membershiptest.Organisation(t, d.db, func(b *membershiptest.Body) { b.Kind = "predecessor board" })
		cmd.Predecessor = predecessor.ID
		ref, err := d.service.Create(ctx, support, cmd)
		done(t, err)
		if want := arrangement.Slug(cmd.Title); ref != (arrangement.Ref{Slug: want, Number: 1}) {
			t.Errorf("ref = %v, want %s version 1", ref, want)
		}
		read, err := d.service.Draft(ctx, support, ref)
		done(t, err)
		if read.Title != cmd.Title || len(read.Areas) != 1 || len(read.Sections) != 0 || read.State(day.Must("2026-01-01")) != arrangement.StateDraft {
			t.Errorf("draft = %+v", read)
		}
		choices, err := d.service.Predecessors(ctx)
		done(t, err)
		if len(choices) != 1 || choices[0].Name != predecessor.Name {
			t.Errorf("predecessors = %v, want %s", choices, predecessor.Name)
		}
		areas, err := d.service.Areas(ctx)
		done(t, err)
		if len(areas) != 1 || areas[0].ID != cmd.Areas[0] {
			t.Errorf("areas = %v, want the one that there is", areas)
		}
	})
	for name, c := range map[string]struct {
		field string
		alter func(*arrangement.CreateCommand)
	}{
		"without a title":                       {"title", func(c *arrangement.CreateCommand) { c.Title = " \n" }},
		"with a title that is too long":         {"title", func(c *arrangement.CreateCommand) { c.Title, c.Slug = strings.Repeat("é", 201), "x" }},
		"with a title that makes no address":    {"slug", func(c *arrangement.CreateCommand) { c.Title = "🙂" }},
		"with an address of other characters":   {"slug", func(c *arrangement.CreateCommand) { c.Slug = "Kent/2019" }},
		"with the address of another page":      {"slug", func(c *arrangement.CreateCommand) { c.Slug = "on" }},
		"without an area":                       {"areas", func(c *arrangement.CreateCommand) { c.Areas = nil }},
		"with an area that there is not":        {"areas", func(c *arrangement.CreateCommand) { c.Areas = []id.Area{999_999_999} }},
		"with an edition that there is not":     {"guidance", func(c *arrangement.CreateCommand) { c.Guidance = 999_999_999 }},
		"with a kind that there is not":         {"kind", func(c *arrangement.CreateCommand) { c.Kind = "poem" }},
		"with a predecessor that there is not":  {"predecessor", func(c *arrangement.CreateCommand) { c.Predecessor = 999_999_999 }},
		"with an address that is already taken": {"slug", nil},
	} {
		t.Run("a document "+name+" is refused", func(t *testing.T) {
			t.Parallel()
			d := newDesk(pgtest.Tx(t))
			support, cmd := arrangementtest.Support(t, d.db), valid(t, d)
			if c.alter == nil {
				cmd.Slug = arrangementtest.Draft(t, d.db).Ref.Slug
			} else {
				c.alter(&cmd)
			}
			_, err := d.service.Create(ctx, support, cmd)
			refused(t, err, fault.Invalid, c.field)
		})
	}
	t.Run("nobody but business support creates", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		for _, by := range others(t, d.db) {
			_, err := d.service.Create(ctx, by, valid(t, d))
			refused(t, err, fault.Forbidden, "")
		}
	})
}

func TestNextVersion(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	t.Run("the next version begins with the text of the published one", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		m := arrangementtest.Published(t, d.db)
		ref, err := d.service.NextVersion(ctx, m.Support, m.Ref.Slug, false)
		done(t, err)
		if ref.Number != 2 {
			t.Errorf("number = %d, want 2", ref.Number)
		}
		next, err := d.service.Draft(ctx, m.Support, ref)
		done(t, err)
		sameOrder(t, next, m.Sections[0].Heading, m.Sections[1].Heading)
		if next.Sections[0].Markdown != m.Sections[0].Markdown || !next.EffectiveFrom.IsZero() {
			t.Errorf("draft = %+v, want the old text and no day", next)
		}
	})
	t.Run("a number of a discarded draft is not used again", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		m := arrangementtest.Draft(t, d.db)
		done(t, d.service.Discard(ctx, m.Support, m.Ref))
		ref, err := d.service.NextVersion(ctx, m.Support, m.Ref.Slug, false)
		done(t, err)
		if ref.Number != 2 {
			t.Errorf("number = %d, want 2", ref.Number)
		}
	})
	t.Run("a second draft beside one in work is refused", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		m := arrangementtest.Draft(t, d.db)
		_, err := d.service.NextVersion(ctx, m.Support, m.Ref.Slug, false)
		refused(t, err, fault.Conflict, "")
	})
	t.Run("there is none of a document that there is not", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		_, err := d.service.NextVersion(ctx, arrangementtest.Support(t, d.db), "nothing", false)
		refused(t, err, fault.NotFound, "")
	})
	t.Run("nobody but business support starts one", func(t *testing.T) {
		t.Parallel()
		d := newDesk(pgtest.Tx(t))
		m := arrangementtest.Published(t, d.db)
		for _, by := range others(t, d.db) {
			_, err := d.service.NextVersion(ctx, by, m.Ref.Slug, false)
			refused(t, err, fault.Forbidden, "")
		}
	})
}
