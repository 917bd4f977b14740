BEGIN;

-- Imports of spreadsheets into the registers of organisations and agencies: what was uploaded, what it did, and whether
-- it was undone. Only a file without errors becomes a row here.

CREATE TABLE import_run (
    id            bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT import_run_pkey PRIMARY KEY,
    register      text NOT NULL CONSTRAINT import_run_register_known CHECK (register IN ('organisations', 'agencies')),
    file_name     text NOT NULL CONSTRAINT import_run_file_name_length CHECK (length(btrim(file_name)) BETWEEN 1 AND 200),
    file_digest   bytea NOT NULL CONSTRAINT import_run_file_digest_length CHECK (length(file_digest) = 32),
    content       jsonb NOT NULL CONSTRAINT import_run_content_object CHECK (jsonb_typeof(content) = 'object'),
    plan_digest   bytea NOT NULL CONSTRAINT import_run_plan_digest_length CHECK (length(plan_digest) = 32),
    added         integer NOT NULL CONSTRAINT import_run_added_count CHECK (added >= 0),
    changed       integer NOT NULL CONSTRAINT import_run_changed_count CHECK (changed >= 0),
    unchanged     integer NOT NULL CONSTRAINT import_run_unchanged_count CHECK (unchanged >= 0),
    previewed_at  timestamptz NOT NULL,
    previewed_by  bigint CONSTRAINT import_run_previewed_by_fkey REFERENCES account,
    applied_at    timestamptz,
    applied_by    bigint CONSTRAINT import_run_applied_by_fkey REFERENCES account,
    undone_at     timestamptz,
    undone_by     bigint CONSTRAINT import_run_undone_by_fkey REFERENCES account,
    undone_reason text CONSTRAINT import_run_undone_reason_length CHECK (length(btrim(undone_reason)) BETWEEN 1 AND 1000),
    recorded_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT import_run_undone_after_applied CHECK (undone_at IS NULL OR applied_at IS NOT NULL),
    CONSTRAINT import_run_undone_with_reason CHECK ((undone_at IS NULL) = (undone_reason IS NULL))
);
COMMENT ON TABLE import_run IS 'A spreadsheet that was uploaded into a register: previewed, then applied as a whole or not at all, perhaps undone as a whole.';
COMMENT ON COLUMN import_run.file_digest IS 'SHA-256 of the file as uploaded.';
COMMENT ON COLUMN import_run.content IS 'The columns and rows that were read from the file.';
COMMENT ON COLUMN import_run.plan_digest IS 'SHA-256 of what the preview showed would be done; a plan that has become another one is not carried out.';
COMMENT ON COLUMN import_run.added IS 'Rows of the file that add something.';
COMMENT ON COLUMN import_run.changed IS 'Rows that change something.';
COMMENT ON COLUMN import_run.unchanged IS 'Rows that say what is known already.';
COMMENT ON COLUMN import_run.previewed_by IS 'Who uploaded it; null: the command on the portal''s own machine.';
COMMENT ON COLUMN import_run.applied_by IS 'Who confirmed it; null with a time: the command.';
CREATE TRIGGER import_run_recorded BEFORE INSERT OR UPDATE ON import_run FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
GRANT SELECT ON import_run TO portal_app;
GRANT INSERT (register, file_name, file_digest, content, plan_digest, added, changed, unchanged, previewed_at, previewed_by) ON import_run TO portal_app;
GRANT UPDATE (applied_at, applied_by, undone_at, undone_by, undone_reason) ON import_run TO portal_app;

CREATE FUNCTION import_run_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.applied_at IS NOT NULL AND (NEW.applied_at, NEW.applied_by) IS DISTINCT FROM (OLD.applied_at, OLD.applied_by) THEN
        RAISE EXCEPTION 'an import is applied once' USING ERRCODE = '23001', CONSTRAINT = 'import_run_applied_once';
    END IF;
    IF OLD.undone_at IS NOT NULL AND (NEW.undone_at, NEW.undone_by, NEW.undone_reason) IS DISTINCT FROM (OLD.undone_at, OLD.undone_by, OLD.undone_reason) THEN
        RAISE EXCEPTION 'an import is undone once' USING ERRCODE = '23001', CONSTRAINT = 'import_run_undone_once';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION import_run_guard() IS 'Who applied or undid an import, and when, is said once.';
CREATE TRIGGER import_run_guard BEFORE UPDATE ON import_run FOR EACH ROW EXECUTE FUNCTION import_run_guard();

CREATE TABLE import_change (
    id          bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT import_change_pkey PRIMARY KEY,
    run_id      bigint NOT NULL CONSTRAINT import_change_run_fkey REFERENCES import_run,
    row_number  integer NOT NULL CONSTRAINT import_change_row_number CHECK (row_number > 0),
    subject     text NOT NULL CONSTRAINT import_change_subject_known CHECK (subject IN ('organisation', 'agency', 'identifier')),
    subject_id  bigint NOT NULL,
    before      jsonb,
    after       jsonb NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT import_change_once UNIQUE (run_id, subject, subject_id)
);
COMMENT ON TABLE import_change IS 'One thing that an import added or changed, so that the whole import can be undone.';
COMMENT ON COLUMN import_change.row_number IS 'Row of the file, as the spreadsheet program shows it.';
COMMENT ON COLUMN import_change.subject_id IS 'The organisation, the time as relevant agency, or the identifier.';
COMMENT ON COLUMN import_change.before IS 'What it said before; null where the import added it.';
COMMENT ON COLUMN import_change.after IS 'What the import made of it.';
CREATE TRIGGER import_change_recorded BEFORE INSERT OR UPDATE ON import_change FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER import_change_insert_only BEFORE UPDATE OR DELETE ON import_change FOR EACH ROW EXECUTE FUNCTION forbid_change('import_change_insert_only');
CREATE TRIGGER import_change_no_truncate BEFORE TRUNCATE ON import_change FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('import_change_insert_only');
GRANT SELECT, INSERT ON import_change TO portal_app;

-- An import may correct the basis on which an agency is included; what it said before is kept.
GRANT UPDATE (basis) ON agency_membership TO portal_app;

UPDATE schema_migrations SET dirty = false;
COMMIT;
