BEGIN;
DROP VIEW published.scrutiny;
DROP TABLE scrutiny;
DROP FUNCTION scrutiny_guard();
UPDATE schema_migrations SET dirty = false;
COMMIT;
