BEGIN;

-- What the independent scrutineer says of a text that is put to the partners: read by all of them before they sign, and
-- published with what they signed.

CREATE TABLE scrutiny (
    id          bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT scrutiny_pkey PRIMARY KEY,
    round_id    bigint NOT NULL CONSTRAINT scrutiny_round_fkey REFERENCES round,
    account_id  bigint NOT NULL CONSTRAINT scrutiny_account_fkey REFERENCES account,
    body        text NOT NULL CONSTRAINT scrutiny_body_length CHECK (length(btrim(body)) BETWEEN 1 AND 20000),
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE scrutiny IS 'A statement of the independent scrutineer on an open round. A later one stands beside it, never in its place.';
CREATE INDEX scrutiny_round_idx ON scrutiny (round_id, id);
CREATE TRIGGER scrutiny_recorded BEFORE INSERT OR UPDATE ON scrutiny FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER scrutiny_insert_only BEFORE UPDATE OR DELETE ON scrutiny FOR EACH ROW EXECUTE FUNCTION forbid_change('scrutiny_insert_only');
CREATE TRIGGER scrutiny_no_truncate BEFORE TRUNCATE ON scrutiny FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('scrutiny_insert_only');
GRANT SELECT, INSERT (round_id, account_id, body) ON scrutiny TO portal_app;

CREATE FUNCTION scrutiny_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM round WHERE id = NEW.round_id AND outcome = 'open' AND origin = 'portal' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the scrutineer speaks on an open round' USING ERRCODE = '23001', CONSTRAINT = 'scrutiny_on_open_round';
    END IF;
    IF NOT EXISTS (SELECT FROM role_grant g WHERE g.account_id = NEW.account_id AND g.role = 'scrutineer' AND g.ended_at IS NULL) THEN
        RAISE EXCEPTION 'only the independent scrutineer files a statement' USING ERRCODE = '23001', CONSTRAINT = 'scrutiny_by_scrutineer';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION scrutiny_guard() IS 'Statements of scrutiny are filed by the scrutineer while a round is open.';
CREATE TRIGGER scrutiny_guard BEFORE INSERT ON scrutiny FOR EACH ROW EXECUTE FUNCTION scrutiny_guard();

CREATE VIEW published.scrutiny AS
    SELECT x.version_id, x.financial_year, s.id, s.body, s.recorded_at
    FROM public.paper x JOIN public.scrutiny s ON s.round_id = x.settled_by LEFT JOIN public.version v ON v.id = x.version_id
    WHERE x.is_public AND v.withdrawn_law IS NULL;
COMMENT ON VIEW published.scrutiny IS 'What the independent scrutineer said of what was then signed and published: of a version, or of a financial year.';
GRANT SELECT ON published.scrutiny TO portal_public, portal_app;
CREATE TRIGGER scrutiny_published_changed AFTER INSERT OR UPDATE OR DELETE ON scrutiny FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();

UPDATE schema_migrations SET dirty = false;
COMMIT;
