BEGIN;

-- Files that people add: papers, minutes, terms of reference, instruments. The bytes are kept once for each content, in
-- pieces, so that a large file is never held whole by the portal.

CREATE TABLE file_content (
    digest      bytea CONSTRAINT file_content_pkey PRIMARY KEY CONSTRAINT file_content_digest_length CHECK (length(digest) = 32),
    media_type  text NOT NULL CONSTRAINT file_content_media_type_allowed CHECK (media_type IN
                ('application/pdf', 'image/png', 'image/jpeg', 'text/csv', 'application/vnd.oasis.opendocument.text',
                 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
                 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')),
    size        bigint NOT NULL CONSTRAINT file_content_size CHECK (size BETWEEN 1 AND 26214400),
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE file_content IS 'What is in a file. The same bytes are kept once, whoever adds them.';
COMMENT ON COLUMN file_content.digest IS 'SHA-256 of the bytes; checked against the pieces when the transaction ends.';
COMMENT ON COLUMN file_content.media_type IS 'Found by looking at the bytes, never taken from the name or the browser.';
COMMENT ON COLUMN file_content.size IS 'Bytes: 25 MB at most.';
CREATE TRIGGER file_content_recorded BEFORE INSERT OR UPDATE ON file_content FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER file_content_insert_only BEFORE UPDATE OR DELETE ON file_content FOR EACH ROW EXECUTE FUNCTION forbid_change('file_content_insert_only');
CREATE TRIGGER file_content_no_truncate BEFORE TRUNCATE ON file_content FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('file_content_insert_only');

CREATE TABLE file_chunk (
    digest      bytea NOT NULL CONSTRAINT file_chunk_content_fkey REFERENCES file_content,
    number      integer NOT NULL CONSTRAINT file_chunk_number CHECK (number >= 0),
    body        bytea NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT file_chunk_pkey PRIMARY KEY (digest, number)
);
COMMENT ON TABLE file_chunk IS 'The bytes of a content in pieces of 256 kB, counted from zero; the last one may be shorter.';
-- Nearly all of it is packed already, and packing again would cost time at each upload.
ALTER TABLE file_chunk ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE TRIGGER file_chunk_recorded BEFORE INSERT OR UPDATE ON file_chunk FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER file_chunk_insert_only BEFORE UPDATE OR DELETE ON file_chunk FOR EACH ROW EXECUTE FUNCTION forbid_change('file_chunk_insert_only');
CREATE TRIGGER file_chunk_no_truncate BEFORE TRUNCATE ON file_chunk FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('file_chunk_insert_only');

CREATE FUNCTION file_chunk_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE whole bigint;
BEGIN
    SELECT size INTO whole FROM file_content WHERE digest = NEW.digest;
    IF length(NEW.body) <> least(262144, whole - NEW.number::bigint * 262144) THEN
        RAISE EXCEPTION 'the piece does not fit the content' USING ERRCODE = '23001', CONSTRAINT = 'file_chunk_fits';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION file_chunk_guard() IS 'A piece has exactly the length that its place asks for, so a whole content takes no more pieces.';
CREATE TRIGGER file_chunk_guard BEFORE INSERT ON file_chunk FOR EACH ROW EXECUTE FUNCTION file_chunk_guard();

CREATE FUNCTION file_content_whole() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (SELECT sha256(string_agg(body, ''::bytea ORDER BY number)) FROM file_chunk WHERE digest = NEW.digest) IS DISTINCT FROM NEW.digest THEN
        RAISE EXCEPTION 'the pieces do not make the content' USING ERRCODE = '23001', CONSTRAINT = 'file_content_whole';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION file_content_whole() IS 'At the end of the transaction the pieces of a new content have its digest.';
CREATE CONSTRAINT TRIGGER file_content_whole AFTER INSERT ON file_content DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION file_content_whole();

CREATE TABLE stored_file (
    id          bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT stored_file_pkey PRIMARY KEY,
    digest      bytea NOT NULL CONSTRAINT stored_file_content_fkey REFERENCES file_content,
    title       text NOT NULL CONSTRAINT stored_file_title_length CHECK (length(btrim(title)) BETWEEN 1 AND 200),
    language    text NOT NULL DEFAULT 'en' CONSTRAINT stored_file_language_form CHECK (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' AND length(language) <= 35),
    name        text NOT NULL CONSTRAINT stored_file_name_length CHECK (length(btrim(name)) BETWEEN 1 AND 200),
    added_by    bigint CONSTRAINT stored_file_added_by_fkey REFERENCES account,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE stored_file IS 'A file as somebody added it: what it is called, over bytes that others may have added too.';
COMMENT ON COLUMN stored_file.title IS 'What people call it: "Minutes of 12 May 2020".';
COMMENT ON COLUMN stored_file.language IS 'Language tag: en, cy, pa-Guru.';
COMMENT ON COLUMN stored_file.name IS 'Its name as it was sent, without folders; it ends as its content asks.';
COMMENT ON COLUMN stored_file.added_by IS 'Null where the portal itself added it.';
COMMENT ON COLUMN stored_file.recorded_at IS 'When it was added.';
CREATE TRIGGER stored_file_recorded BEFORE INSERT OR UPDATE ON stored_file FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER stored_file_insert_only BEFORE UPDATE OR DELETE ON stored_file FOR EACH ROW EXECUTE FUNCTION forbid_change('stored_file_insert_only');
CREATE TRIGGER stored_file_no_truncate BEFORE TRUNCATE ON stored_file FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('stored_file_insert_only');

GRANT SELECT, INSERT ON file_content, file_chunk, stored_file TO portal_app;

UPDATE schema_migrations SET dirty = false;
COMMIT;
