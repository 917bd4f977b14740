package arrangement

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
)

// MaxSections is how many sections a version can have.
const MaxSections = 200

// DetailsCommand changes the details of a draft.
type DetailsCommand struct {
	Ref           Ref
	Revision      int // of the details that the editor saw
	Title         string
	Guidance      int64
	EffectiveFrom day.Date
	Label         string
}

// SectionCommand changes one section of a draft.
type SectionCommand struct {
	Ref      Ref
	Section  id.Section
	Revision int // of the section that the editor saw
	Heading  string
	Markdown string
}

// SaveDetails changes title, guidance edition, effective day and label.
// Faults: NotFound, Forbidden, Conflict (frozen; *DetailsConflict if somebody else saved first), Invalid.
func (s *Service) SaveDetails(ctx context.Context, by authz.Actor, cmd DetailsCommand) error {
	cmd.Title = strings.TrimSpace(Clean(cmd.Title))
	return s.edit(ctx, by, cmd.Ref, "version.edited", func(tx pgx.Tx, d Draft, _ *audit.Event) error {
		if cmd.Title == "" {
			return fault.Field("title", "Enter a title")
		}
		if d.Revision != cmd.Revision {
			saved, err := selectLastSave(ctx, tx, "version", int64(d.ID))
			if err != nil {
				return err
			}
			return &DetailsConflict{Theirs: d, Saved: saved, Fault: fault.New(fault.Conflict, "Somebody else has changed these details since you opened them.")}
		}
		return updateDetails(ctx, tx, d.ID, cmd)
	})
}

// AddSection adds a section at the end. A press too many, with the very text of the last section, adds nothing.
// Faults: NotFound, Forbidden, Conflict (frozen), Invalid (no heading, too long, too many).
func (s *Service) AddSection(ctx context.Context, by authz.Actor, ref Ref, heading, markdown string) (added id.Section, err error) {
	heading, markdown = strings.TrimSpace(Clean(heading)), Clean(markdown)
	err = s.edit(ctx, by, ref, "section.added", func(tx pgx.Tx, d Draft, event *audit.Event) error {
		if heading == "" {
			return fault.Field("heading", "Enter a heading")
		}
		if last, ok := d.lastSection(); ok && last.Heading == heading && last.Markdown == markdown {
			added, event.Action = last.ID, ""
			return nil
		}
		if len(d.Sections) >= MaxSections {
			return fault.New(fault.Invalid, fmt.Sprintf("A version can have %d sections at most.", MaxSections))
		}
		position, err := nextPosition(ctx, tx, d.ID)
		if err != nil {
			return err
		}
		added, err = insertSection(ctx, tx, d.ID, position, heading, markdown)
		event.SubjectKind, event.SubjectID = "section", int64(added)
		return err
	})
	return added, err
}

// SaveSection changes heading and text of a section. The second of two editors is refused with both texts.
// Faults: NotFound, Forbidden, Conflict (frozen, deleted; *EditConflict if somebody else saved first), Invalid.
func (s *Service) SaveSection(ctx context.Context, by authz.Actor, cmd SectionCommand) error {
	cmd.Heading, cmd.Markdown = strings.TrimSpace(Clean(cmd.Heading)), Clean(cmd.Markdown)
	return s.edit(ctx, by, cmd.Ref, "section.saved", func(tx pgx.Tx, d Draft, event *audit.Event) error {
		if cmd.Heading == "" {
			return fault.Field("heading", "Enter a heading")
		}
		if err := d.unchanged(ctx, tx, cmd.Section, cmd.Revision, event); err != nil {
			return err
		}
		return updateSection(ctx, tx, cmd)
	})
}

// RemoveSection deletes a section from the draft, unless somebody has changed it since it was shown.
// Faults: NotFound, Forbidden, Conflict (frozen; *EditConflict).
func (s *Service) RemoveSection(ctx context.Context, by authz.Actor, ref Ref, section id.Section, revision int) error {
	return s.edit(ctx, by, ref, "section.removed", func(tx pgx.Tx, d Draft, event *audit.Event) error {
		if err := d.unchanged(ctx, tx, section, revision, event); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE section SET removed_at = @at WHERE id = @section`, pgx.StrictNamedArgs{"section": int64(section), "at": event.At})
		if err != nil {
			return fmt.Errorf("remove section %d: %w", section, translate(err))
		}
		return nil
	})
}

// MoveSection moves a section one place up or down; at the end of the list nothing happens.
// Faults: NotFound, Forbidden, Conflict (frozen).
func (s *Service) MoveSection(ctx context.Context, by authz.Actor, ref Ref, section id.Section, up bool) error {
	return s.edit(ctx, by, ref, "section.moved", func(tx pgx.Tx, d Draft, event *audit.Event) error {
		found, err := d.section(section)
		if err != nil {
			return err
		}
		event.SubjectKind, event.SubjectID = "section", int64(section)
		other := found.Number // index of the section below
		if up {
			other = found.Number - 2
		}
		if other < 0 || other >= len(d.Sections) {
			event.Action = ""
			return nil
		}
		return swapSections(ctx, tx, found.ID, d.Sections[other].ID)
	})
}

// Discard gives a draft up. Its number is not used again.
// Faults: NotFound, Forbidden, Conflict (frozen, published).
func (s *Service) Discard(ctx context.Context, by authz.Actor, ref Ref) error {
	return s.edit(ctx, by, ref, "version.discarded", func(tx pgx.Tx, d Draft, event *audit.Event) error {
		event.Before, event.After = string(StateDraft), string(StateDiscarded)
		_, err := tx.Exec(ctx, `UPDATE version SET discarded_by = @by WHERE id = @version`, pgx.StrictNamedArgs{"version": int64(d.ID), "by": int64(by.Account)})
		if err != nil {
			return fmt.Errorf("discard %s: %w", ref, translate(err))
		}
		return nil
	})
}

// edit is every change of a draft: lock the version, decide, change, record. A change that turns out to be none takes
// the action out of its event, and nothing is recorded.
func (s *Service) edit(ctx context.Context, by authz.Actor, ref Ref, action string, change func(pgx.Tx, Draft, *audit.Event) error) error {
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		d, err := lockDraft(ctx, tx, by, ref)
		if err != nil {
			return err
		}
		if err := d.CanEdit(by); err != nil {
			return err
		}
		event := audit.Event{At: at, By: by, Action: action, SubjectKind: "version", SubjectID: int64(d.ID), Version: d.ID}
		if err := change(tx, d, &event); err != nil || event.Action == "" {
			return err
		}
		return audit.Record(ctx, tx, event)
	})
}

// unchanged finds a section, makes it the subject of the event, and refuses if it is not as the editor saw it.
func (d Draft) unchanged(ctx context.Context, tx pgx.Tx, section id.Section, revision int, event *audit.Event) error {
	found, err := d.section(section)
	if err != nil {
		return err
	}
	event.SubjectKind, event.SubjectID = "section", int64(section)
	if found.Revision == revision {
		return nil
	}
	saved, err := selectLastSave(ctx, tx, "section", int64(section))
	if err != nil {
		return err
	}
	return &EditConflict{Theirs: found, Saved: saved, Fault: fault.New(fault.Conflict, "Somebody else has saved this section since you opened it.")}
}

func (d Draft) section(section id.Section) (DraftSection, error) {
	for _, s := range d.Sections {
		if s.ID == section {
			return s, nil
		}
	}
	return DraftSection{}, fault.New(fault.NotFound, "There is no such section. Somebody may have deleted it.")
}

func (d Draft) lastSection() (DraftSection, bool) {
	if len(d.Sections) == 0 {
		return DraftSection{}, false
	}
	return d.Sections[len(d.Sections)-1], true
}
