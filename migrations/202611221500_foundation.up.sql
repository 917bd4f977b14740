BEGIN;

-- What every later migration builds on: extensions, schemas, who may look where, and the triggers shared by all tables.

CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO portal_app;
GRANT SELECT ON schema_migrations TO portal_app;

CREATE SCHEMA published;
COMMENT ON SCHEMA published IS 'Views of what is published: all that the public side can see.';
GRANT USAGE ON SCHEMA published TO portal_app, portal_public;

CREATE FUNCTION stamp_recorded_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.recorded_at := clock_timestamp();
    ELSE
        NEW.recorded_at := OLD.recorded_at;
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION stamp_recorded_at() IS 'The database alone says when a row was recorded; the first time stays.';

CREATE FUNCTION forbid_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is not allowed: its rows are only ever added', lower(TG_OP), TG_TABLE_NAME
        USING ERRCODE = '23001', CONSTRAINT = TG_ARGV[0], TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
END $$;
COMMENT ON FUNCTION forbid_change() IS 'Keeps a table insert-only; the trigger''s argument is reported as the broken constraint.';

-- Immutable like AT TIME ZONE itself, so that it may stand in indexes and generated columns.
CREATE FUNCTION london_day(at timestamptz) RETURNS date
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT (at AT TIME ZONE 'Europe/London')::date $$;
COMMENT ON FUNCTION london_day(timestamptz) IS 'The civil day in England at an instant.';

CREATE TABLE installation (
    id               smallint NOT NULL DEFAULT 1 CONSTRAINT installation_pkey PRIMARY KEY CONSTRAINT installation_one_row CHECK (id = 1),
    is_demonstration boolean NOT NULL,
    created_at       timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE installation IS 'One row: what this database is for, decided when it was first used.';
COMMENT ON COLUMN installation.is_demonstration IS 'It holds the demonstration: "serve" refuses it, and "demo" refuses any other.';
CREATE TRIGGER installation_insert_only BEFORE UPDATE OR DELETE ON installation FOR EACH ROW EXECUTE FUNCTION forbid_change('installation_insert_only');
CREATE TRIGGER installation_no_truncate BEFORE TRUNCATE ON installation FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('installation_insert_only');
GRANT SELECT, INSERT ON installation TO portal_app;

UPDATE schema_migrations SET dirty = false;
COMMIT;
