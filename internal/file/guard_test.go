package file_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/file"
	"partnershipportal/internal/file/filetest"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg/pgtest"
)

var (
	aContent = pgtest.Row{"digest": `sha256('abc')`, "media_type": `'text/csv'`, "size": `3`}
	aPiece   = pgtest.Row{"digest": `sha256('abc')`, "number": `0`, "body": `'abc'`}
	aFile    = pgtest.Row{"digest": `@digest`, "title": `'Minutes'`, "language": `'en'`, "name": `'minutes.pdf'`, "added_by": `@person`}
)

func attempts() []pgtest.Attempt {
	content := func(name, want string, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a content " + name, SQL: aContent.With(changes...).Into("file_content"), Want: want}
	}
	piece := func(name, want string, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a piece " + name, After: []string{aContent.Into("file_content")}, SQL: aPiece.With(changes...).Into("file_chunk"), Want: want}
	}
	stored := func(name, want string, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a file " + name, SQL: aFile.With(changes...).Into("stored_file"), Want: want}
	}
	twice := piece("twice", "file_chunk_pkey")
	twice.After = append(twice.After, aPiece.Into("file_chunk"))
	second := piece("behind the last one", "file_chunk_fits", "number", `1`)
	second.After = append(second.After, aPiece.Into("file_chunk"))
	list := []pgtest.Attempt{
		content("without its pieces", "file_content_whole"),
		content("of another kind", "file_content_media_type_allowed", "media_type", `'text/html'`),
		content("of nothing", "file_content_size", "size", `0`),
		content("of too much", "file_content_size", "size", `26214401`),
		content("under a short digest", "file_content_digest_length", "digest", `'x'`),
		content("twice", "file_content_pkey", "digest", `@digest`),
		piece("that makes the content", ""),
		piece("of other bytes", "file_content_whole", "body", `'xyz'`),
		piece("that is too long", "file_chunk_fits", "body", `'abcd'`),
		piece("that is too short", "file_chunk_fits", "body", `'ab'`),
		piece("before the first one", "file_chunk_number", "number", `-1`, "body", `convert_to(repeat('x', 262144), 'UTF8')`),
		piece("of no content", "file_chunk_content_fkey", "digest", `sha256('other')`, "body", `convert_to(repeat('x', 262144), 'UTF8')`),
		twice, second,
		stored("that is well", ""),
		stored("of no content", "stored_file_content_fkey", "digest", `sha256('other')`),
		stored("without a title", "stored_file_title_length", "title", `' '`),
		stored("without a name", "stored_file_name_length", "name", `' '`),
		stored("in no language", "stored_file_language_form", "language", `'Welsh!'`),
		stored("by nobody", "stored_file_added_by_fkey", "added_by", `-1`),
		stored("twice under one number", "stored_file_pkey", "id", `@file`),
	}
	list[len(list)-1].As = pgtest.AsOwner
	for _, table := range []string{"file_content", "file_chunk", "stored_file"} {
		list = append(list,
			pgtest.Attempt{Name: "rows of " + table + " change", As: pgtest.AsOwner, SQL: `UPDATE ` + table + ` SET recorded_at = now()`, Want: table + "_insert_only"},
			pgtest.Attempt{Name: "rows of " + table + " go", As: pgtest.AsOwner, SQL: `DELETE FROM ` + table + ` `, Want: table + "_insert_only"},
			pgtest.Attempt{Name: "all rows of " + table + " go", As: pgtest.AsOwner, SQL: `TRUNCATE ` + table + ` CASCADE`, Want: table + "_insert_only"},
			pgtest.Attempt{Name: "the application changes " + table, SQL: `UPDATE ` + table + ` SET recorded_at = now()`, Want: "42501"})
	}
	return list
}

// Every attempt is refused, and every guard has an attempt that dies with it.
func TestTheDatabaseKeepsFilesWhole(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t, pgtest.PoolSize(2))
	made, err := add(db.App, authz.System("test"), file.AddCommand{Content: filetest.Checked(t, "a.pdf", filetest.PDF())})
	if err != nil {
		t.Fatal(err)
	}
	f, err := file.Find(context.Background(), db.App, made)
	if err != nil {
		t.Fatal(err)
	}
	given := pgx.NamedArgs{"digest": f.Digest, "file": made, "person": membershiptest.Person(t, db.App)}
	pgtest.Refused(t, db.Owner, given, attempts())
	pgtest.Killed(t, db, given, attempts(), pgtest.Guards(t, db.Owner, "file_content", "file_chunk", "stored_file"), nil)
}
