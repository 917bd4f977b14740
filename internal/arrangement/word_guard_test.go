package arrangement_test

import "partnershipportal/internal/pg/pgtest"

// wordAttempts upload Word documents and take them over.
func wordAttempts() []pgtest.Attempt {
	row := pgtest.Row{"version_id": `@draft`, "file_name": `'plan.docx'`, "file_digest": `sha256('plan')`, "content": `'{}'`, "uploaded_by": `@support`, "uploaded_at": `now()`}
	upload := func(how, want string, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a Word document is uploaded " + how, SQL: row.With(changes...).Into("word_import"), Want: want}
	}
	set := func(how, want, what string) pgtest.Attempt {
		return pgtest.Attempt{Name: "an uploaded document is " + how, SQL: `UPDATE word_import SET ` + what + ` WHERE id = @upload_word`, Want: want}
	}
	const applied = `content = NULL, applied_by = @support, applied_at = now(), applied_how = 'replace'`
	return []pgtest.Attempt{
		upload("properly", ""),
		upload("without a name", "word_import_file_name_length", "file_name", `' '`),
		upload("with half a digest", "word_import_file_digest_length", "file_digest", `'\x01'`),
		upload("as a list", "word_import_content_object", "content", `'[]'`),
		upload("without what was read", "word_import_content_until_applied", "content", `NULL`),
		upload("into no version", "word_import_version_fkey", "version_id", `@nobody`),
		upload("by nobody", "word_import_uploaded_by_fkey", "uploaded_by", `@nobody`),
		upload("as taken over", denied, "applied_at", `now()`),
		owner(upload("under a number that was used", "", "id", `@upload_word`), "word_import_pkey"),
		set("taken over properly", "", applied),
		set("mixed in", "word_import_applied_how_known", `content = NULL, applied_by = @support, applied_at = now(), applied_how = 'mix'`),
		set("taken over by nobody known", "word_import_applied_by_fkey", `content = NULL, applied_by = @nobody, applied_at = now(), applied_how = 'append'`),
		set("taken over in no way", "word_import_applied_whole", `content = NULL, applied_by = @support, applied_at = now()`),
		set("taken over and kept", "word_import_content_until_applied", `applied_by = @support, applied_at = now(), applied_how = 'append'`),
		set("changed", "word_import_applied_once", `content = '{"title": "Another"}'`),
		set("renamed", denied, `file_name = 'other.docx'`),
		{Name: "a document is taken over again", SQL: `UPDATE word_import SET applied_how = 'replace' WHERE id = @applied_word`, Want: "word_import_applied_once"},
		{Name: "an upload is deleted by the owner", As: pgtest.AsOwner, SQL: `DELETE FROM word_import WHERE id = @upload_word`, Want: "word_import_kept"},
		{Name: "the uploads are emptied by the owner", As: pgtest.AsOwner, SQL: `TRUNCATE word_import`, Want: "word_import_kept"},
	}
}
