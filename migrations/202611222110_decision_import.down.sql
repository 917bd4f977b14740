BEGIN;

DROP TABLE decision_import_change;
DROP TABLE decision_import;
DROP FUNCTION decision_import_guard();

UPDATE schema_migrations SET dirty = false;
COMMIT;
