BEGIN;
DROP TABLE correction;
DROP FUNCTION correction_guard();
DROP TABLE agency_reader_past, agency_reader;
DROP FUNCTION agency_reader_guard();
UPDATE schema_migrations SET dirty = false;
COMMIT;
