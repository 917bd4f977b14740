package arrangement

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/docx"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

const (
	maxSectionText = 250_000 // characters; the database says the same
	maxFileName    = 200
)

// WordImport is a Word document that was uploaded into a draft.
type WordImport struct {
	ID         id.WordImport
	FileName   string
	UploadedBy string // name
	UploadedAt time.Time
	AppliedAt  *time.Time
	AppliedHow string
	Content    WordContent // none once it was taken over
}

// WordContent is what was read of a Word document.
type WordContent struct {
	Title    string        `json:"title"`
	Sections []Text        `json:"sections"` // pictures are marked by their numbers
	Pictures []WordPicture `json:"pictures"`
	Remarks  []WordRemark  `json:"remarks"`
}

// WordPicture is a picture of the document. It is not carried over; what it shows can be said in words.
type WordPicture struct {
	Name    string `json:"name"`
	Alt     string `json:"alt"`
	Section int    `json:"section"`
}

// WordRemark tells of something that was left out, or is there in another form.
type WordRemark struct {
	What   string `json:"what"`
	Detail string `json:"detail"`
	Kept   bool   `json:"kept"`
}

// Filled are the sections with words in the places of pictures.
func (c WordContent) Filled(words func(picture int) string) []Text {
	out := make([]Text, len(c.Sections))
	for i, s := range c.Sections {
		out[i] = Text{Heading: s.Heading, Markdown: Clean(docx.FillPictures(s.Markdown, words))}
	}
	return out
}

// ApplyWordCommand takes an uploaded document over into its draft.
type ApplyWordCommand struct {
	Ref      Ref
	Import   id.WordImport
	Replace  bool             // instead of the sections that are there; else after them
	Seen     string           // Mark of the draft that the page showed; only needed to replace
	Pictures func(int) string // what stands in the place of a picture, by its number from 1
}

// Mark stands for the sections of a draft as they are: it is another one after any change.
func (d Draft) Mark() string {
	h := sha256.New()
	for _, s := range d.Sections {
		fmt.Fprintf(h, "%d:%d,", s.ID, s.Revision) // a hash takes everything
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// UploadWord reads a Word document and keeps what it holds, beside the draft.
// Faults: NotFound, Forbidden, Conflict (frozen), Invalid (no Word document, too large, too long).
func (s *Service) UploadWord(ctx context.Context, by authz.Actor, ref Ref, fileName string, data []byte) (id.WordImport, error) {
	d, err := selectDraft(ctx, s.db, by, ref)
	if err != nil {
		return 0, err
	}
	if err := d.CanEdit(by); err != nil { // before the work of reading, and again under the lock
		return 0, err
	}
	content, err := readWord(data)
	if err != nil {
		return 0, err
	}
	if runes := []rune(cleanText(fileName)); len(runes) > maxFileName {
		fileName = string(runes[:maxFileName])
	}
	digest := sha256.Sum256(data)
	var added id.WordImport
	err = s.edit(ctx, by, ref, "word.uploaded", func(tx pgx.Tx, d Draft, event *audit.Event) error {
		added, err = insertWordImport(ctx, tx, d.ID, by, event.At, cmp.Or(cleanText(fileName), "document.docx"), digest[:], content)
		return err
	})
	return added, err
}

func readWord(data []byte) (WordContent, error) {
	read, err := docx.Read(data)
	if err != nil {
		return WordContent{}, err
	}
	c := WordContent{Title: read.Title}
	if len(read.Sections) > MaxSections {
		return c, fault.Field("file", fmt.Sprintf("The document has %d headings of the highest level, and a version can have %d sections. Lower the level of some", len(read.Sections), MaxSections))
	}
	lost := 0
	for i, section := range read.Sections {
		markdown, lostLook := fromWord(section)
		if lostLook {
			lost++
		}
		if n := utf8.RuneCountInString(markdown); n > maxSectionText {
			return c, fault.Field("file", fmt.Sprintf("Section %d, “%s”, has %d characters, and a section can hold %d. Give some of its paragraphs the style “Heading 1”",
				i+1, section.Heading, n, maxSectionText))
		}
		c.Sections = append(c.Sections, Text{Heading: Clean(section.Heading), Markdown: markdown})
	}
	for _, p := range read.Pictures {
		c.Pictures = append(c.Pictures, WordPicture{Name: p.Name, Alt: p.Alt, Section: p.Section})
	}
	for _, r := range read.Remarks {
		c.Remarks = append(c.Remarks, WordRemark{What: r.What, Detail: r.Detail, Kept: r.Kept})
	}
	if lost > 0 {
		c.Remarks = append(c.Remarks, WordRemark{What: "Bold and italic words", Kept: true, Detail: "In some paragraphs the words are kept without bold and italics, which could not be told apart from the text."})
	}
	return c, nil
}

// WordImport is an uploaded document with what was read of it.
// Faults: NotFound, Forbidden.
func (s *Service) WordImport(ctx context.Context, by authz.Actor, ref Ref, which id.WordImport) (WordImport, error) {
	d, err := selectDraft(ctx, s.db, by, ref)
	if err != nil {
		return WordImport{}, err
	}
	if !by.Can(authz.DraftDocument) {
		return WordImport{}, fault.New(fault.Forbidden, "Only business support drafts.")
	}
	return selectWordImport(ctx, s.db, d.ID, which)
}

var errWordApplied = fault.New(fault.Conflict, "This document is in the draft already. Upload it again to take it over once more.")

// ApplyWord takes an uploaded document over: after the sections of the draft, or instead of them.
// Faults: NotFound, Forbidden, Conflict (frozen, taken over already, sections changed since they were shown), Invalid (too many sections, too long).
func (s *Service) ApplyWord(ctx context.Context, by authz.Actor, cmd ApplyWordCommand) error {
	return s.edit(ctx, by, cmd.Ref, "word.imported", func(tx pgx.Tx, d Draft, event *audit.Event) error {
		w, err := selectWordImport(ctx, tx, d.ID, cmd.Import)
		if err != nil {
			return err
		}
		if w.AppliedAt != nil {
			return errWordApplied
		}
		how, there := "append", len(d.Sections)
		if cmd.Replace {
			how, there = "replace", 0
			if d.Mark() != cmd.Seen {
				return fault.New(fault.Conflict, "Somebody has changed the sections since you opened this page. Look at them before you replace them.")
			}
			if err := removeSections(ctx, tx, d.ID, event.At); err != nil {
				return err
			}
		}
		if there+len(w.Content.Sections) > MaxSections {
			return fault.Field("how", fmt.Sprintf("The draft would have %d sections, and a version can have %d at most", there+len(w.Content.Sections), MaxSections))
		}
		position, err := nextPosition(ctx, tx, d.ID)
		if err != nil {
			return err
		}
		for i, text := range w.Content.Filled(cmd.Pictures) {
			if _, err := insertSection(ctx, tx, d.ID, position+i, text.Heading, text.Markdown); err != nil {
				return err
			}
		}
		return applyWordImport(ctx, tx, w.ID, by, event.At, how)
	})
}

func removeSections(ctx context.Context, tx pgx.Tx, version id.Version, at time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE section SET removed_at = @at WHERE version_id = @version AND removed_at IS NULL`,
		pgx.StrictNamedArgs{"version": int64(version), "at": at})
	if err != nil {
		return fmt.Errorf("remove the sections of version %d: %w", version, translate(err))
	}
	return nil
}

func insertWordImport(ctx context.Context, tx pgx.Tx, version id.Version, by authz.Actor, at time.Time, name string, digest []byte, content WordContent) (added id.WordImport, err error) {
	err = tx.QueryRow(ctx, `
		INSERT INTO word_import (version_id, file_name, file_digest, content, uploaded_by, uploaded_at) VALUES (@version, @name, @digest, @content, @by, @at) RETURNING id`,
		pgx.StrictNamedArgs{"version": int64(version), "name": name, "digest": digest, "content": content, "by": int64(by.Account), "at": at}).Scan(&added)
	if err != nil {
		return 0, fmt.Errorf("keep the Word document of version %d: %w", version, translate(err))
	}
	return added, nil
}

func selectWordImport(ctx context.Context, q pg.DB, version id.Version, which id.WordImport) (WordImport, error) {
	rows, _ := q.Query(ctx, `
		SELECT w.id, w.file_name, coalesce(a.name, '') AS uploaded_by, w.uploaded_at, w.applied_at, coalesce(w.applied_how, '') AS applied_how, coalesce(w.content, '{}') AS content
		FROM word_import w LEFT JOIN account a ON a.id = w.uploaded_by WHERE w.id = @id AND w.version_id = @version`,
		pgx.StrictNamedArgs{"id": int64(which), "version": int64(version)})
	w, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[WordImport])
	if err != nil {
		return WordImport{}, fmt.Errorf("read Word document %d: %w", which, noRows(err, "There is no such upload."))
	}
	return w, nil
}

func applyWordImport(ctx context.Context, tx pgx.Tx, which id.WordImport, by authz.Actor, at time.Time, how string) error {
	_, err := tx.Exec(ctx, `UPDATE word_import SET content = NULL, applied_by = @by, applied_at = @at, applied_how = @how WHERE id = @id`,
		pgx.StrictNamedArgs{"id": int64(which), "by": int64(by.Account), "at": at, "how": how})
	if err != nil {
		return fmt.Errorf("take over Word document %d: %w", which, translate(err))
	}
	return nil
}
