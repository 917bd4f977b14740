BEGIN;
DROP TABLE publication_sweep;
UPDATE schema_migrations SET dirty = false;
COMMIT;
