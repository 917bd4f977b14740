BEGIN;

-- Contributions are imported like organisations and agencies; undoing such an import takes its lines out again.

ALTER TABLE import_run DROP CONSTRAINT import_run_register_known,
    ADD CONSTRAINT import_run_register_known CHECK (register IN ('organisations', 'agencies', 'contributions'));
ALTER TABLE import_change DROP CONSTRAINT import_change_subject_known,
    ADD CONSTRAINT import_change_subject_known CHECK (subject IN ('organisation', 'agency', 'identifier', 'contribution'));

UPDATE schema_migrations SET dirty = false;
COMMIT;
