BEGIN;

-- Word documents that were uploaded into a draft: what was read of them, and whether it was taken over.

CREATE TABLE word_import (
    id          bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT word_import_pkey PRIMARY KEY,
    version_id  bigint NOT NULL CONSTRAINT word_import_version_fkey REFERENCES version,
    file_name   text NOT NULL CONSTRAINT word_import_file_name_length CHECK (length(btrim(file_name)) BETWEEN 1 AND 200),
    file_digest bytea NOT NULL CONSTRAINT word_import_file_digest_length CHECK (length(file_digest) = 32),
    content     jsonb CONSTRAINT word_import_content_object CHECK (jsonb_typeof(content) = 'object'),
    uploaded_by bigint NOT NULL CONSTRAINT word_import_uploaded_by_fkey REFERENCES account,
    uploaded_at timestamptz NOT NULL,
    applied_by  bigint CONSTRAINT word_import_applied_by_fkey REFERENCES account,
    applied_at  timestamptz,
    applied_how text CONSTRAINT word_import_applied_how_known CHECK (applied_how IN ('append', 'replace')),
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT word_import_applied_whole CHECK (num_nulls(applied_by, applied_at, applied_how) IN (0, 3)),
    CONSTRAINT word_import_content_until_applied CHECK ((content IS NULL) = (applied_at IS NOT NULL))
);
COMMENT ON TABLE word_import IS 'A Word document that was uploaded into a draft: previewed, then taken over once or not at all. The file itself is not kept.';
COMMENT ON COLUMN word_import.file_digest IS 'SHA-256 of the file as uploaded.';
COMMENT ON COLUMN word_import.content IS 'Sections in Markdown, pictures by name and words, and what was left out. Gone once it is in the draft.';
COMMENT ON COLUMN word_import.applied_how IS 'append: after the sections that were there; replace: instead of them.';
CREATE INDEX word_import_version_idx ON word_import (version_id);
CREATE TRIGGER word_import_recorded BEFORE INSERT OR UPDATE ON word_import FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
GRANT SELECT ON word_import TO portal_app;
GRANT INSERT (version_id, file_name, file_digest, content, uploaded_by, uploaded_at) ON word_import TO portal_app;
GRANT UPDATE (content, applied_by, applied_at, applied_how) ON word_import TO portal_app;

CREATE FUNCTION word_import_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.applied_at IS NOT NULL OR NEW.applied_at IS NULL THEN
        RAISE EXCEPTION 'a Word document is taken over once' USING ERRCODE = '23001', CONSTRAINT = 'word_import_applied_once';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION word_import_guard() IS 'An upload changes once: when it is taken over.';
CREATE TRIGGER word_import_guard BEFORE UPDATE ON word_import FOR EACH ROW EXECUTE FUNCTION word_import_guard();
CREATE TRIGGER word_import_kept BEFORE DELETE ON word_import FOR EACH ROW EXECUTE FUNCTION forbid_change('word_import_kept');
CREATE TRIGGER word_import_no_truncate BEFORE TRUNCATE ON word_import FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('word_import_kept');

UPDATE schema_migrations SET dirty = false;
COMMIT;
