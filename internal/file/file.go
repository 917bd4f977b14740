// Package file keeps files that people add: terms of reference, papers, minutes, instruments. What a file is its bytes
// say; the same bytes are kept once. They go in and out in pieces, so that no file is ever held whole.
//
// Who may add or read a file is decided by the capability that it belongs to.
package file

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// MaxSize is the largest file that is taken, in bytes.
const MaxSize = 25 << 20

// chunkSize is that of the table's guard.
const chunkSize = 256 << 10

// File is a file as somebody added it.
type File struct {
	ID        id.File
	Title     string
	Language  string // language tag: en, cy
	Name      string
	MediaType string
	Size      int64
	Digest    []byte // SHA-256 of the bytes
	AddedBy   string // name; empty where the portal itself added it, and in what anybody may read
	AddedAt   time.Time
}

// DigestHex is the digest as people compare it.
func (f File) DigestHex() string { return hex.EncodeToString(f.Digest) }

// AddCommand says what a file is called. Without a title it is called by its name, without a language it is English.
type AddCommand struct {
	Title    string
	Language string
	Content  Checked
}

// Add keeps a file in the transaction of what it belongs to: without that nothing of it stays. Fault: Invalid.
//
// The bytes are read from the caller's temporary file inside the transaction, since holding them whole would cost more
// than a longer transaction that locks nothing else.
func Add(ctx context.Context, tx pgx.Tx, by authz.Actor, c AddCommand) (id.File, error) {
	if c.Title == "" {
		c.Title = c.Content.Name
	}
	if c.Language == "" {
		c.Language = "en"
	}
	isNew, err := insertContent(ctx, tx, c.Content)
	if err != nil {
		return 0, err
	}
	if isNew {
		if err := insertChunks(ctx, tx, c.Content); err != nil {
			return 0, err
		}
	}
	return insertFile(ctx, tx, by, c)
}

// Find reads what is known of a file. Fault: NotFound.
func Find(ctx context.Context, db pg.DB, which id.File) (File, error) {
	return selectFile(ctx, db, which, `
		SELECT f.id, f.title, f.language, f.name, c.media_type, c.size, c.digest, coalesce(a.name, '') AS added_by, f.recorded_at AS added_at
		FROM stored_file f JOIN file_content c USING (digest) LEFT JOIN account a ON a.id = f.added_by WHERE f.id = @id`)
}

// FindPublished reads what anybody may know of a file, in the role of the public. Fault: NotFound.
func FindPublished(ctx context.Context, db pg.DB, which id.File) (File, error) {
	return selectFile(ctx, db, which, `
		SELECT f.id, f.title, f.language, f.name, f.media_type, f.size, f.digest, '' AS added_by, f.added_at
		FROM published.stored_file f WHERE f.id = @id`)
}

// Content is a file with its bytes, which are read piece by piece while they are sent.
type Content struct {
	File
	db  pg.DB
	sql string
}

// Open readies a file for sending. Fault: NotFound.
func Open(ctx context.Context, db pg.DB, which id.File) (Content, error) {
	f, err := Find(ctx, db, which)
	return Content{File: f, db: db, sql: `SELECT body FROM file_chunk WHERE digest = @digest AND number = @number`}, err
}

// OpenPublished readies a file for anybody, in the role of the public. Fault: NotFound.
func OpenPublished(ctx context.Context, db pg.DB, which id.File) (Content, error) {
	f, err := FindPublished(ctx, db, which)
	return Content{File: f, db: db, sql: `SELECT body FROM published.file_chunk WHERE digest = @digest AND number = @number`}, err
}

// Send writes the bytes. Each piece is asked for by itself, so that a slow reader holds no connection to the database.
func (c Content) Send(ctx context.Context, w io.Writer) error {
	piece := pgtype.PreallocBytes(make([]byte, 0, chunkSize))
	room := piece[:0:cap(piece)]
	for sent, number := int64(0), 0; sent < c.Size; number++ {
		piece = room
		err := c.db.QueryRow(ctx, c.sql, pgx.StrictNamedArgs{"digest": c.Digest, "number": number}).Scan(&piece)
		if err != nil {
			return fmt.Errorf("read piece %d of file %d: %w", number, c.ID, err)
		}
		n, err := w.Write(piece)
		if err != nil {
			return err
		}
		sent += int64(n)
	}
	return nil
}

var errNoFile = fault.New(fault.NotFound, "There is no such file.")

func selectFile(ctx context.Context, db pg.DB, which id.File, sql string) (File, error) {
	rows, _ := db.Query(ctx, sql, pgx.StrictNamedArgs{"id": which})
	f, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[File])
	if errors.Is(err, pgx.ErrNoRows) {
		return File{}, errNoFile
	}
	if err != nil {
		return File{}, fmt.Errorf("read file %d: %w", which, err)
	}
	return f, nil
}

// insertContent tells whether the content was not there yet. Whoever adds the same bytes at the same time waits.
func insertContent(ctx context.Context, tx pgx.Tx, c Checked) (bool, error) {
	tag, err := tx.Exec(ctx, `
		INSERT INTO file_content (digest, media_type, size) VALUES (@digest, @media_type, @size) ON CONFLICT (digest) DO NOTHING`,
		pgx.StrictNamedArgs{"digest": c.digest[:], "media_type": c.MediaType, "size": c.Size})
	if err != nil {
		return false, fmt.Errorf("insert file content: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

func insertChunks(ctx context.Context, tx pgx.Tx, c Checked) error {
	room := make([]byte, min(chunkSize, c.Size))
	for at, number := int64(0), 0; at < c.Size; number++ {
		piece := room[:min(chunkSize, c.Size-at)]
		if _, err := io.ReadFull(io.NewSectionReader(c.body, at, c.Size-at), piece); err != nil {
			return fmt.Errorf("read the sent file: %w", err)
		}
		_, err := tx.Exec(ctx, `INSERT INTO file_chunk (digest, number, body) VALUES (@digest, @number, @body)`,
			pgx.StrictNamedArgs{"digest": c.digest[:], "number": number, "body": piece})
		if err != nil {
			return fmt.Errorf("insert piece %d of a file: %w", number, err)
		}
		at += int64(len(piece))
	}
	return nil
}

func insertFile(ctx context.Context, tx pgx.Tx, by authz.Actor, c AddCommand) (id.File, error) {
	var made id.File
	err := tx.QueryRow(ctx, `
		INSERT INTO stored_file (digest, title, language, name, added_by) VALUES (@digest, @title, @language, @name, NULLIF(@by::bigint, 0)) RETURNING id`,
		pgx.StrictNamedArgs{"digest": c.Content.digest[:], "title": c.Title, "language": c.Language, "name": c.Content.Name, "by": int64(by.Account)}).Scan(&made)
	if err != nil {
		return 0, fmt.Errorf("insert file %q: %w", c.Content.Name, pg.Translate(err, broken))
	}
	return made, nil
}

var broken = map[string]*fault.Error{
	"stored_file_title_length":  fault.New(fault.Invalid, "The title of a file must be 200 characters or fewer."),
	"stored_file_name_length":   fault.New(fault.Invalid, "The name of a file must be 200 characters or fewer."),
	"stored_file_language_form": fault.New(fault.Invalid, "The language of a file must be a language tag, like en or cy."),
}
