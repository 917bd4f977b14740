BEGIN;
-- Imports of contributions have no place in the schema before; going down is for development only.
ALTER TABLE import_change DROP CONSTRAINT import_change_subject_known,
    ADD CONSTRAINT import_change_subject_known CHECK (subject IN ('organisation', 'agency', 'identifier'));
ALTER TABLE import_run DROP CONSTRAINT import_run_register_known,
    ADD CONSTRAINT import_run_register_known CHECK (register IN ('organisations', 'agencies'));

UPDATE schema_migrations SET dirty = false;
COMMIT;
