BEGIN;

-- recorded_at says when a row was first recorded; when the last look ended needs a column of its own.

ALTER TABLE publication_sweep ADD COLUMN ended_at timestamptz NOT NULL DEFAULT clock_timestamp();
COMMENT ON COLUMN publication_sweep.ended_at IS 'When the last look ended.';
COMMENT ON COLUMN publication_sweep.recorded_at IS 'When the first look ended.';
GRANT UPDATE (ended_at) ON publication_sweep TO portal_app;

UPDATE schema_migrations SET dirty = false;
COMMIT;
