BEGIN;

-- What an edition of the statutory guidance asks of published arrangements, as dated data: each requirement says how sure its
-- wording is and where it was read. An administrator adds editions and corrects requirements; earlier wordings are kept.

ALTER TABLE guidance_edition ADD CONSTRAINT guidance_edition_title_length CHECK (length(btrim(title)) BETWEEN 1 AND 100);

CREATE TABLE guidance_requirement (
    id               bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT guidance_requirement_pkey PRIMARY KEY,
    edition_id       bigint NOT NULL CONSTRAINT guidance_requirement_edition_fkey REFERENCES guidance_edition,
    number           integer NOT NULL CONSTRAINT guidance_requirement_number_positive CHECK (number BETWEEN 1 AND 999),
    kind             text NOT NULL CONSTRAINT guidance_requirement_kind_known CHECK (kind IN ('must', 'should')),
    wording          text NOT NULL CONSTRAINT guidance_requirement_wording_length CHECK (length(btrim(wording)) BETWEEN 1 AND 1000),
    confidence       text NOT NULL CONSTRAINT guidance_requirement_confidence_known CHECK (confidence IN ('confirmed', 'partly', 'unconfirmed')),
    source           text NOT NULL DEFAULT '' CONSTRAINT guidance_requirement_source_length CHECK (length(source) <= 300),
    retracted_at     timestamptz,
    retracted_reason text,
    recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    known_from       timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT guidance_requirement_confirmed_by_source CHECK (confidence <> 'confirmed' OR btrim(source) <> ''),
    CONSTRAINT guidance_requirement_retracted_whole CHECK ((retracted_at IS NULL) = (retracted_reason IS NULL)),
    CONSTRAINT guidance_requirement_retracted_with_reason CHECK (length(btrim(retracted_reason)) BETWEEN 1 AND 2000)
);
COMMENT ON TABLE guidance_requirement IS 'What an edition of the guidance asks that published arrangements say.';
COMMENT ON COLUMN guidance_requirement.number IS 'Its place in the list of its edition; frozen texts name it by this.';
COMMENT ON COLUMN guidance_requirement.confidence IS 'How sure kind and wording are against the published guidance. Only a confirmed must keeps a round from opening.';
COMMENT ON COLUMN guidance_requirement.source IS 'Where it was read.';
COMMENT ON COLUMN guidance_requirement.retracted_at IS 'When the row was found to be entered in error; from then on it counts for nothing.';
COMMENT ON COLUMN guidance_requirement.known_from IS 'Since when the row is known as it stands; earlier wordings are in guidance_requirement_past.';
CREATE UNIQUE INDEX guidance_requirement_once ON guidance_requirement (edition_id, number) WHERE retracted_at IS NULL;

CREATE TABLE guidance_requirement_past (known_until timestamptz NOT NULL, LIKE guidance_requirement);
COMMENT ON TABLE guidance_requirement_past IS 'What guidance_requirement said before, from known_from until known_until.';
COMMENT ON COLUMN guidance_requirement_past.known_until IS 'When another wording, or a retraction, took its place.';
CREATE INDEX guidance_requirement_past_edition_idx ON guidance_requirement_past (edition_id);
CREATE TRIGGER guidance_requirement_past_insert_only BEFORE UPDATE OR DELETE ON guidance_requirement_past FOR EACH ROW EXECUTE FUNCTION forbid_change('guidance_requirement_past_insert_only');
CREATE TRIGGER guidance_requirement_past_no_truncate BEFORE TRUNCATE ON guidance_requirement_past FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('guidance_requirement_past_insert_only');

-- Runs before remember(): while a round opens under the edition, a correction waits, and is known only from after it.
CREATE FUNCTION guidance_requirement_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.edition_id, NEW.number) IS DISTINCT FROM (OLD.edition_id, OLD.number) THEN
        RAISE EXCEPTION 'a requirement keeps its place' USING ERRCODE = '23001', CONSTRAINT = 'guidance_requirement_place';
    END IF;
    PERFORM FROM guidance_edition WHERE id = NEW.edition_id FOR NO KEY UPDATE;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION guidance_requirement_guard() IS 'A requirement keeps its place, and changes one after the other with the opening of rounds under its edition.';
CREATE TRIGGER guidance_requirement_guard BEFORE INSERT OR UPDATE ON guidance_requirement FOR EACH ROW EXECUTE FUNCTION guidance_requirement_guard();
CREATE TRIGGER guidance_requirement_is_retracted BEFORE INSERT OR UPDATE ON guidance_requirement FOR EACH ROW EXECUTE FUNCTION retraction_guard();
CREATE TRIGGER guidance_requirement_recorded BEFORE INSERT OR UPDATE ON guidance_requirement FOR EACH ROW EXECUTE FUNCTION remember();
CREATE TRIGGER guidance_requirement_kept BEFORE DELETE ON guidance_requirement FOR EACH ROW EXECUTE FUNCTION forbid_change('guidance_requirement_kept');
CREATE TRIGGER guidance_requirement_no_truncate BEFORE TRUNCATE ON guidance_requirement FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('guidance_requirement_kept');
CREATE TRIGGER guidance_requirement_published_changed AFTER INSERT OR UPDATE OR DELETE ON guidance_requirement FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();

GRANT SELECT ON guidance_requirement, guidance_requirement_past TO portal_app;
GRANT INSERT (edition_id, number, kind, wording, confidence, source) ON guidance_requirement TO portal_app;
GRANT UPDATE (kind, wording, confidence, source, retracted_reason) ON guidance_requirement TO portal_app;

CREATE FUNCTION requirements_known(edition bigint, at timestamptz)
    RETURNS TABLE (number integer, kind text, wording text, confidence text, source text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT q.number, q.kind, q.wording, q.confidence, q.source FROM guidance_requirement q
    WHERE q.edition_id = edition AND q.retracted_at IS NULL AND q.known_from <= at
    UNION ALL
    SELECT p.number, p.kind, p.wording, p.confidence, p.source FROM guidance_requirement_past p
    WHERE p.edition_id = edition AND p.retracted_at IS NULL AND p.known_from <= at AND p.known_until > at
$$;
COMMENT ON FUNCTION requirements_known(bigint, timestamptz) IS 'The list of an edition as the portal knew it at a time.';

INSERT INTO guidance_requirement (edition_id, number, kind, wording, confidence, source)
SELECT g.id, q.number, q.kind, q.wording, q.confidence, q.source FROM guidance_edition g JOIN (VALUES
    ('Working Together 2018', 1, 'must', 'How the safeguarding partners work together to find and respond to the needs of children in the area', 'confirmed', 'The list that the portal came with, compared with the published guidance'),
    ('Working Together 2018', 2, 'must', 'How local child safeguarding practice reviews are commissioned and published', 'confirmed', 'The list that the portal came with, compared with the published guidance'),
    ('Working Together 2018', 3, 'must', 'How an independent person scrutinises the effectiveness of the arrangements', 'confirmed', 'The list that the portal came with, compared with the published guidance'),
    ('Working Together 2018', 4, 'should', 'Who the safeguarding partners are (especially where more than one local authority area is covered)', 'confirmed', 'The list that the portal came with, compared with the published guidance'),
    ('Working Together 2018', 5, 'should', 'The geographical boundaries of the arrangements', 'confirmed', 'The list that the portal came with, compared with the published guidance'),
    ('Working Together 2018', 6, 'should', 'Which relevant agencies are included and why, and how they will work together', 'confirmed', 'The list that the portal came with, compared with the published guidance'),
    ('Working Together 2018', 7, 'should', 'How every early-years setting, school and other education provider is included', 'confirmed', 'The list that the portal came with, compared with the published guidance'),
    ('Working Together 2018', 8, 'should', 'How youth custody and residential homes for children are included', 'confirmed', 'The list that the portal came with, compared with the published guidance'),
    ('Working Together 2018', 9, 'should', 'How data and intelligence are used to judge the effectiveness of help, including early help', 'confirmed', 'The list that the portal came with, compared with the published guidance'),
    ('Working Together 2018', 10, 'should', 'How inter-agency training is commissioned, delivered and checked for impact', 'confirmed', 'The list that the portal came with, compared with the published guidance'),
    ('Working Together 2018', 11, 'should', 'How the arrangements are funded', 'partly', 'The list that the portal came with, compared with the published guidance in part'),
    ('Working Together 2018', 12, 'should', 'The process for local child safeguarding practice reviews and for embedding the learning', 'partly', 'The list that the portal came with, compared with the published guidance in part'),
    ('Working Together 2018', 13, 'should', 'How the voice of children and families is heard', 'partly', 'The list that the portal came with, compared with the published guidance in part'),
    ('Working Together 2018', 14, 'should', 'How the threshold document fits the arrangements', 'confirmed', 'The list that the portal came with, compared with the published guidance'),
    ('Working Together 2023', 1, 'must', 'How the safeguarding partners work together to find and respond to the needs of children in the area', 'confirmed', 'The list that the portal came with, compared with the published guidance'),
    ('Working Together 2023', 2, 'must', 'How local child safeguarding practice reviews are commissioned and published', 'unconfirmed', 'The list that the portal came with, not compared with the published guidance'),
    ('Working Together 2023', 3, 'must', 'How independent scrutiny of the effectiveness of the arrangements is done', 'unconfirmed', 'The list that the portal came with, not compared with the published guidance'),
    ('Working Together 2023', 4, 'should', 'Who the lead and delegated safeguarding partners are, and where more than one local authority is covered', 'unconfirmed', 'The list that the portal came with, not compared with the published guidance'),
    ('Working Together 2023', 5, 'should', 'How lead partners hold delegated partners to account, who chairs the partnership and how', 'unconfirmed', 'The list that the portal came with, not compared with the published guidance'),
    ('Working Together 2023', 6, 'should', 'The geographical boundaries', 'unconfirmed', 'The list that the portal came with, not compared with the published guidance'),
    ('Working Together 2023', 7, 'should', 'Which relevant agencies are included and why, and how they will work together', 'unconfirmed', 'The list that the portal came with, not compared with the published guidance'),
    ('Working Together 2023', 8, 'should', 'How education and early years are represented at strategic and operational level', 'unconfirmed', 'The list that the portal came with, not compared with the published guidance'),
    ('Working Together 2023', 9, 'should', 'How youth custody and residential homes for children are included', 'unconfirmed', 'The list that the portal came with, not compared with the published guidance'),
    ('Working Together 2023', 10, 'should', 'How data, intelligence and information sharing are used', 'unconfirmed', 'The list that the portal came with, not compared with the published guidance'),
    ('Working Together 2023', 11, 'should', 'How multi-agency training and audit are done', 'unconfirmed', 'The list that the portal came with, not compared with the published guidance'),
    ('Working Together 2023', 12, 'should', 'How the arrangements are funded: equitable, proportionate, reviewed, with each partner’s cash and in-kind share', 'unconfirmed', 'The list that the portal came with, not compared with the published guidance'),
    ('Working Together 2023', 13, 'should', 'The local child safeguarding practice review process and how learning is embedded', 'unconfirmed', 'The list that the portal came with, not compared with the published guidance'),
    ('Working Together 2023', 14, 'should', 'How the voice of children and families is heard', 'unconfirmed', 'The list that the portal came with, not compared with the published guidance'),
    ('Working Together 2023', 15, 'should', 'How the threshold document fits the arrangements', 'unconfirmed', 'The list that the portal came with, not compared with the published guidance'),
    ('Working Together 2023', 16, 'should', 'How disputes are resolved and escalated', 'unconfirmed', 'The list that the portal came with, not compared with the published guidance')
) q (edition, number, kind, wording, confidence, source) ON q.edition = g.title
ORDER BY g.id, q.number;

UPDATE schema_migrations SET dirty = false;
COMMIT;
