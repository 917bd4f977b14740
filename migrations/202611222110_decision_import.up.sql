BEGIN;

-- Imports into the decisions register, from spreadsheets, JSON and saved pages: what was uploaded, what it did, and whether
-- it was undone. Only files without errors become a row here. Exempt passages are held apart, and only until they are
-- either imported or given up.

CREATE TABLE decision_import (
    id            bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT decision_import_pkey PRIMARY KEY,
    files         jsonb NOT NULL CONSTRAINT decision_import_files_list CHECK (jsonb_typeof(files) = 'array' AND jsonb_array_length(files) > 0),
    content       jsonb NOT NULL CONSTRAINT decision_import_content_object CHECK (jsonb_typeof(content) = 'object'),
    exempt        jsonb CONSTRAINT decision_import_exempt_object CHECK (jsonb_typeof(exempt) = 'object'),
    has_exempt    boolean NOT NULL DEFAULT false,
    plan_digest   bytea NOT NULL CONSTRAINT decision_import_plan_digest_length CHECK (length(plan_digest) = 32),
    added         integer NOT NULL CONSTRAINT decision_import_added_count CHECK (added >= 0),
    changed       integer NOT NULL CONSTRAINT decision_import_changed_count CHECK (changed >= 0),
    unchanged     integer NOT NULL CONSTRAINT decision_import_unchanged_count CHECK (unchanged >= 0),
    is_published  boolean NOT NULL DEFAULT false,
    previewed_at  timestamptz NOT NULL,
    previewed_by  bigint CONSTRAINT decision_import_previewed_by_fkey REFERENCES account,
    applied_at    timestamptz,
    applied_by    bigint CONSTRAINT decision_import_applied_by_fkey REFERENCES account,
    undone_at     timestamptz,
    undone_by     bigint CONSTRAINT decision_import_undone_by_fkey REFERENCES account,
    undone_reason text CONSTRAINT decision_import_undone_reason_length CHECK (length(btrim(undone_reason)) BETWEEN 1 AND 1000),
    recorded_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT decision_import_undone_after_applied CHECK (undone_at IS NULL OR applied_at IS NOT NULL),
    CONSTRAINT decision_import_undone_with_reason CHECK ((undone_at IS NULL) = (undone_reason IS NULL)),
    CONSTRAINT decision_import_exempt_said CHECK (exempt IS NULL OR has_exempt),
    CONSTRAINT decision_import_exempt_forgotten CHECK (applied_at IS NULL OR exempt IS NULL)
);
COMMENT ON TABLE decision_import IS 'Files that were uploaded into the decisions register: previewed, then imported as a whole or not at all, perhaps undone as a whole.';
COMMENT ON COLUMN decision_import.files IS 'Name, kind and SHA-256 of each file.';
COMMENT ON COLUMN decision_import.content IS 'The records that were read from the files. Nothing exempt is in it.';
COMMENT ON COLUMN decision_import.exempt IS 'Exempt passages by record and part, from the preview until the import or a day later; then null for good.';
COMMENT ON COLUMN decision_import.has_exempt IS 'Whether there were any.';
COMMENT ON COLUMN decision_import.plan_digest IS 'SHA-256 of what the preview showed would be done; a plan that has become another one is not carried out.';
COMMENT ON COLUMN decision_import.is_published IS 'Whether the records that it added were published at once.';
COMMENT ON COLUMN decision_import.previewed_by IS 'Who uploaded it; null: the command on the portal''s own machine.';
COMMENT ON COLUMN decision_import.applied_by IS 'Who confirmed it; null with a time: the command.';
CREATE TRIGGER decision_import_recorded BEFORE INSERT OR UPDATE ON decision_import FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
GRANT SELECT ON decision_import TO portal_app;
GRANT INSERT (files, content, exempt, has_exempt, plan_digest, added, changed, unchanged, previewed_at, previewed_by) ON decision_import TO portal_app;
GRANT UPDATE (exempt, is_published, applied_at, applied_by, undone_at, undone_by, undone_reason) ON decision_import TO portal_app;

CREATE FUNCTION decision_import_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.applied_at IS NOT NULL AND (NEW.applied_at, NEW.applied_by, NEW.is_published) IS DISTINCT FROM (OLD.applied_at, OLD.applied_by, OLD.is_published) THEN
        RAISE EXCEPTION 'an import is done once' USING ERRCODE = '23001', CONSTRAINT = 'decision_import_applied_once';
    END IF;
    IF OLD.undone_at IS NOT NULL AND (NEW.undone_at, NEW.undone_by, NEW.undone_reason) IS DISTINCT FROM (OLD.undone_at, OLD.undone_by, OLD.undone_reason) THEN
        RAISE EXCEPTION 'an import is undone once' USING ERRCODE = '23001', CONSTRAINT = 'decision_import_undone_once';
    END IF;
    IF NEW.exempt IS NOT NULL AND NEW.exempt IS DISTINCT FROM OLD.exempt THEN
        RAISE EXCEPTION 'exempt passages are only forgotten' USING ERRCODE = '23001', CONSTRAINT = 'decision_import_exempt_only_forgotten';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION decision_import_guard() IS 'Who did or undid an import, and when, is said once; its exempt passages are forgotten and never written again.';
CREATE TRIGGER decision_import_guard BEFORE UPDATE ON decision_import FOR EACH ROW EXECUTE FUNCTION decision_import_guard();

CREATE TABLE decision_import_change (
    id          bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT decision_import_change_pkey PRIMARY KEY,
    import_id   bigint NOT NULL CONSTRAINT decision_import_change_import_fkey REFERENCES decision_import,
    decision_id bigint NOT NULL CONSTRAINT decision_import_change_decision_fkey REFERENCES decision,
    place       text NOT NULL CONSTRAINT decision_import_change_place_length CHECK (length(btrim(place)) BETWEEN 1 AND 300),
    before      jsonb,
    after       jsonb NOT NULL,
    exempt      text[] NOT NULL DEFAULT '{}',
    revision    integer NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT decision_import_change_once UNIQUE (import_id, decision_id)
);
COMMENT ON TABLE decision_import_change IS 'One record that an import added or changed, so that the whole import can be undone.';
COMMENT ON COLUMN decision_import_change.place IS 'Where in the files it stands: the row, or the page.';
COMMENT ON COLUMN decision_import_change.before IS 'What the changed fields said before; null where the import added the record.';
COMMENT ON COLUMN decision_import_change.after IS 'What the import made of them. Nothing exempt is in it.';
COMMENT ON COLUMN decision_import_change.exempt IS 'Parts whose exempt passage the import wrote.';
COMMENT ON COLUMN decision_import_change.revision IS 'Of the record as the import left it.';
CREATE INDEX decision_import_change_decision_idx ON decision_import_change (decision_id);
CREATE TRIGGER decision_import_change_recorded BEFORE INSERT OR UPDATE ON decision_import_change FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER decision_import_change_insert_only BEFORE UPDATE OR DELETE ON decision_import_change FOR EACH ROW EXECUTE FUNCTION forbid_change('decision_import_change_insert_only');
CREATE TRIGGER decision_import_change_no_truncate BEFORE TRUNCATE ON decision_import_change FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('decision_import_change_insert_only');
GRANT SELECT, INSERT ON decision_import_change TO portal_app;

UPDATE schema_migrations SET dirty = false;
COMMIT;
