BEGIN;

-- The last look for versions whose set day of publication has come.

CREATE TABLE publication_sweep (
    single      boolean CONSTRAINT publication_sweep_pkey PRIMARY KEY DEFAULT true CONSTRAINT publication_sweep_single CHECK (single),
    published   integer NOT NULL CONSTRAINT publication_sweep_published_not_negative CHECK (published >= 0),
    failed      integer NOT NULL CONSTRAINT publication_sweep_failed_not_negative CHECK (failed >= 0),
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE publication_sweep IS 'The last look for versions to be published on their set day: one row, shown on the desk.';
COMMENT ON COLUMN publication_sweep.published IS 'How many versions that look published.';
COMMENT ON COLUMN publication_sweep.failed IS 'How many were due and could not be published.';
COMMENT ON COLUMN publication_sweep.recorded_at IS 'When it ended.';
CREATE TRIGGER publication_sweep_recorded BEFORE INSERT OR UPDATE ON publication_sweep FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
GRANT SELECT, INSERT ON publication_sweep TO portal_app;
GRANT UPDATE (published, failed) ON publication_sweep TO portal_app;

UPDATE schema_migrations SET dirty = false;
COMMIT;
