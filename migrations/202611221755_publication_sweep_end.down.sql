BEGIN;
ALTER TABLE publication_sweep DROP COLUMN ended_at;
COMMENT ON COLUMN publication_sweep.recorded_at IS 'When it ended.';
UPDATE schema_migrations SET dirty = false;
COMMIT;
