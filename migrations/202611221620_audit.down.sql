BEGIN;
DROP TABLE event;
UPDATE schema_migrations SET dirty = false;
COMMIT;
