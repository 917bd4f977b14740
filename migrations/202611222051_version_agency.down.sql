BEGIN;
DROP VIEW published.version_agency;
DROP TABLE version_agency;
DROP FUNCTION version_agency_guard();
UPDATE schema_migrations SET dirty = false;
COMMIT;
