BEGIN;

DROP TABLE word_import;
DROP FUNCTION word_import_guard();

UPDATE schema_migrations SET dirty = false;
COMMIT;
