BEGIN;

REVOKE UPDATE (basis) ON agency_membership FROM portal_app;
DROP TABLE import_change;
DROP TABLE import_run;
DROP FUNCTION import_run_guard();

UPDATE schema_migrations SET dirty = false;
COMMIT;
