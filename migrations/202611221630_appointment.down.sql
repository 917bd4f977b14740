BEGIN;
DROP TABLE appointment;
DROP FUNCTION appointment_guard();
UPDATE schema_migrations SET dirty = false;
COMMIT;
