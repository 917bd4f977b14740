BEGIN;

-- Files of published records. What is exempt is not even named, and its bytes are nowhere in the schema of the public.

CREATE VIEW published.decision_file AS
    SELECT f.id, f.decision_id, f.file_id, f.kind
    FROM public.decision_file f JOIN public.decision_line l ON l.decision_id = f.decision_id AND l.is_public
    JOIN public.decision_publication p ON p.id = l.publication_id
    WHERE f.retracted_at IS NULL AND NOT f.is_exempt AND f.recorded_at <= p.recorded_at;
COMMENT ON VIEW published.decision_file IS 'Open files of published records: those that were attached when the record was last published.';

CREATE OR REPLACE VIEW published.stored_file AS
    SELECT f.id, f.title, f.language, f.name, c.media_type, c.size, c.digest, f.recorded_at AS added_at
    FROM public.stored_file f JOIN public.file_content c USING (digest)
    WHERE EXISTS (SELECT FROM public.sub_group_terms t WHERE t.file_id = f.id) OR EXISTS (SELECT FROM published.decision_file d WHERE d.file_id = f.id);
CREATE OR REPLACE VIEW published.file_chunk AS
    SELECT k.digest, k.number, k.body FROM public.file_chunk k
    WHERE EXISTS (SELECT FROM public.stored_file f JOIN public.sub_group_terms t ON t.file_id = f.id WHERE f.digest = k.digest)
       OR EXISTS (SELECT FROM public.stored_file f JOIN published.decision_file d ON d.file_id = f.id WHERE f.digest = k.digest);
GRANT SELECT ON published.decision_file TO portal_public, portal_app;

CREATE TRIGGER decision_file_published_changed AFTER INSERT OR UPDATE OR DELETE ON decision_file FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();

CREATE FUNCTION decision_organisation_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- The lock makes a retraction that is being recorded at this moment wait, or be seen.
    IF (SELECT o.retracted_at IS NOT NULL FROM organisation o WHERE o.id = NEW.organisation_id FOR SHARE) THEN
        RAISE EXCEPTION 'the organisation was entered in error' USING ERRCODE = '23001', CONSTRAINT = 'decision_organisation_counts';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION decision_organisation_guard() IS 'No record is begun for a body that was entered in error.';
CREATE TRIGGER decision_organisation_guarded BEFORE INSERT ON decision FOR EACH ROW EXECUTE FUNCTION decision_organisation_guard();

UPDATE schema_migrations SET dirty = false;
COMMIT;
