BEGIN;

-- How a version meets the requirements of its edition of the guidance: by sections, or not, with a reason. It is part of the
-- signed text, so it changes only while the version is a draft without a live round. What was signed stands in the round.

CREATE TABLE document_kind_coverage (
    document_kind text CONSTRAINT document_kind_coverage_pkey PRIMARY KEY
);
COMMENT ON TABLE document_kind_coverage IS 'The kinds of document that are held against the list of their edition of the guidance.';
INSERT INTO document_kind_coverage (document_kind) VALUES ('arrangements');
CREATE TRIGGER document_kind_coverage_published_changed AFTER INSERT OR UPDATE OR DELETE ON document_kind_coverage FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
GRANT SELECT ON document_kind_coverage TO portal_app;

CREATE TABLE requirement_coverage (
    id             bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT requirement_coverage_pkey PRIMARY KEY,
    version_id     bigint NOT NULL CONSTRAINT requirement_coverage_version_fkey REFERENCES version,
    requirement_id bigint NOT NULL CONSTRAINT requirement_coverage_requirement_fkey REFERENCES guidance_requirement,
    sections       bigint[] NOT NULL DEFAULT '{}',
    reason         text NOT NULL DEFAULT '' CONSTRAINT requirement_coverage_reason_length CHECK (length(reason) <= 2000),
    revision       integer NOT NULL DEFAULT 1,
    recorded_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT requirement_coverage_once UNIQUE (version_id, requirement_id),
    CONSTRAINT requirement_coverage_one_answer CHECK (sections = '{}' OR reason = '')
);
COMMENT ON TABLE requirement_coverage IS 'How a version meets a requirement of the guidance. No row, or an empty one: nothing is said yet.';
COMMENT ON COLUMN requirement_coverage.sections IS 'Identifiers of the sections that meet it; the guard asks that they are the version''s own. One that is deleted later no longer counts.';
COMMENT ON COLUMN requirement_coverage.reason IS 'Why no section meets it.';
COMMENT ON COLUMN requirement_coverage.revision IS 'Counted up by each save, so that the second of two editors is told.';
CREATE INDEX requirement_coverage_requirement_idx ON requirement_coverage (requirement_id);
CREATE TRIGGER requirement_coverage_recorded BEFORE INSERT OR UPDATE ON requirement_coverage FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();

CREATE FUNCTION requirement_coverage_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v version; q guidance_requirement;
BEGIN
    SELECT * INTO v FROM version WHERE id = NEW.version_id FOR UPDATE;
    IF v.published_at IS NOT NULL OR v.discarded_at IS NOT NULL OR version_has_live_round(v.id) THEN
        RAISE EXCEPTION 'the text is frozen' USING ERRCODE = '23001', CONSTRAINT = 'requirement_coverage_frozen';
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.version_id, NEW.requirement_id) IS DISTINCT FROM (OLD.version_id, OLD.requirement_id) THEN
        RAISE EXCEPTION 'an answer stays with its requirement' USING ERRCODE = '23001', CONSTRAINT = 'requirement_coverage_place';
    END IF;
    SELECT * INTO q FROM guidance_requirement WHERE id = NEW.requirement_id FOR SHARE;
    IF q.edition_id IS DISTINCT FROM v.guidance_edition_id OR q.retracted_at IS NOT NULL
       OR NOT EXISTS (SELECT FROM document d JOIN document_kind_coverage k ON k.document_kind = d.kind WHERE d.id = v.document_id) THEN
        RAISE EXCEPTION 'the requirement is none of this version' USING ERRCODE = '23001', CONSTRAINT = 'requirement_coverage_of_edition';
    END IF;
    IF EXISTS (SELECT FROM unnest(NEW.sections) x WHERE NOT EXISTS (
        SELECT FROM section s WHERE s.id = x AND s.version_id = v.id AND s.removed_at IS NULL)) THEN
        RAISE EXCEPTION 'a section is none of this version' USING ERRCODE = '23001', CONSTRAINT = 'requirement_coverage_own_sections';
    END IF;
    IF NEW.reason <> '' AND q.kind = 'must' AND q.confidence = 'confirmed' THEN
        RAISE EXCEPTION 'a must cannot be waived' USING ERRCODE = '23001', CONSTRAINT = 'requirement_coverage_must_met';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION requirement_coverage_guard() IS 'Answers change only while their version is a draft without a live round, name its own sections, and waive no must whose text is confirmed.';
CREATE TRIGGER requirement_coverage_guard BEFORE INSERT OR UPDATE ON requirement_coverage FOR EACH ROW EXECUTE FUNCTION requirement_coverage_guard();
CREATE TRIGGER requirement_coverage_kept BEFORE DELETE ON requirement_coverage FOR EACH ROW EXECUTE FUNCTION forbid_change('requirement_coverage_kept');
CREATE TRIGGER requirement_coverage_no_truncate BEFORE TRUNCATE ON requirement_coverage FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('requirement_coverage_kept');
GRANT SELECT ON requirement_coverage TO portal_app;
GRANT INSERT (version_id, requirement_id, sections, reason) ON requirement_coverage TO portal_app;
GRANT UPDATE (sections, reason, revision) ON requirement_coverage TO portal_app;

CREATE FUNCTION coverage_proposed(version bigint) RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object('requirement', q.number, 'kind', q.kind, 'sections', met.numbers,
                                                 'notCoveredBecause', CASE WHEN met.numbers = '[]' THEN coalesce(c.reason, '') ELSE '' END) ORDER BY q.number), '[]')
    FROM version v JOIN document d ON d.id = v.document_id JOIN document_kind_coverage k ON k.document_kind = d.kind
    JOIN guidance_requirement q ON q.edition_id = v.guidance_edition_id AND q.retracted_at IS NULL
    LEFT JOIN requirement_coverage c ON c.version_id = v.id AND c.requirement_id = q.id
    CROSS JOIN LATERAL (
        SELECT coalesce(jsonb_agg(s.number ORDER BY s.number), '[]') AS numbers
        FROM (SELECT id, row_number() OVER (ORDER BY position) AS number FROM section WHERE version_id = v.id AND removed_at IS NULL) s
        WHERE s.id = ANY (c.sections)) met
    WHERE v.id = coverage_proposed.version
$$;
COMMENT ON FUNCTION coverage_proposed(bigint) IS 'The coverage of a version as its text would be frozen now: each requirement with the numbers of the sections that meet it.';

-- Runs before round_opens(), so that the time of opening lies after the lock on the edition.
CREATE FUNCTION round_coverage() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v version; proposed jsonb;
BEGIN
    IF NEW.paper_kind <> 'version' THEN
        RETURN NEW;
    END IF;
    SELECT * INTO v FROM version WHERE id = NEW.paper_id FOR UPDATE;
    PERFORM FROM guidance_edition WHERE id = v.guidance_edition_id FOR SHARE;
    proposed := coverage_proposed(v.id);
    IF coalesce(convert_from(NEW.content, 'UTF8')::jsonb->'coverage', '[]') IS DISTINCT FROM proposed THEN
        RAISE EXCEPTION 'the frozen coverage is not that of the version' USING ERRCODE = '23001', CONSTRAINT = 'round_coverage_of_version';
    END IF;
    IF NEW.origin = 'portal' AND EXISTS (
        SELECT FROM guidance_requirement q JOIN jsonb_array_elements(proposed) x ON (x->>'requirement')::int = q.number
        WHERE q.edition_id = v.guidance_edition_id AND q.retracted_at IS NULL AND q.kind = 'must' AND q.confidence = 'confirmed' AND x->'sections' = '[]') THEN
        RAISE EXCEPTION 'a confirmed must is not covered' USING ERRCODE = '23001', CONSTRAINT = 'round_musts_covered';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION round_coverage() IS 'A round freezes the coverage as it is proposed, and opens only if sections meet every must whose text is confirmed. Sign-offs made elsewhere are recorded as they were.';
CREATE TRIGGER round_coverage BEFORE INSERT ON round FOR EACH ROW EXECUTE FUNCTION round_coverage();

CREATE VIEW published.requirement AS
    SELECT v.id AS version_id, q.number, q.kind, q.wording, q.confidence, q.source
    FROM public.version v JOIN public.round r ON r.id = v.publishing_round_id
    CROSS JOIN LATERAL public.requirements_known(v.guidance_edition_id, r.opened_at) q WHERE v.published_at IS NOT NULL;
COMMENT ON VIEW published.requirement IS 'What the guidance asked of a published version, as it was known when its round opened.';
CREATE VIEW published.document_kind_coverage AS SELECT document_kind FROM public.document_kind_coverage;
COMMENT ON VIEW published.document_kind_coverage IS 'The kinds of document that are held against the list of their edition of the guidance.';
GRANT SELECT ON published.requirement, published.document_kind_coverage TO portal_public, portal_app;

UPDATE schema_migrations SET dirty = false;
COMMIT;
