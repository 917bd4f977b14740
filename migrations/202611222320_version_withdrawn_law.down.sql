BEGIN;
DROP VIEW published.version;
CREATE VIEW published.version AS
    SELECT v.id, v.document_id, v.number, v.title, g.title AS guidance_edition, v.effective_from, v.label, v.is_demonstration,
           v.published_at, v.published_on, v.published_precision, v.withdrawn_at, v.withdrawn_reason, r.origin, r.number AS round_number,
           r.content, r.digest
    FROM public.version v JOIN public.round r ON r.id = v.publishing_round_id JOIN public.guidance_edition g ON g.id = v.guidance_edition_id
    WHERE v.published_at IS NOT NULL;
COMMENT ON VIEW published.version IS 'Published versions with the exact signed bytes.';
GRANT SELECT ON published.version TO portal_public, portal_app;
CREATE OR REPLACE FUNCTION version_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE r round; text_changed boolean;
BEGIN
    IF OLD.discarded_at IS NOT NULL THEN
        RAISE EXCEPTION 'a discarded version stays discarded' USING ERRCODE = '23001', CONSTRAINT = 'version_discarded_final';
    END IF;
    IF OLD.published_at IS NOT NULL THEN
        IF OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_by IS NULL
           OR (to_jsonb(NEW) - '{withdrawn_at,withdrawn_by,withdrawn_reason}'::text[])
              IS DISTINCT FROM (to_jsonb(OLD) - '{withdrawn_at,withdrawn_by,withdrawn_reason}'::text[]) THEN
            RAISE EXCEPTION 'a published version never changes' USING ERRCODE = '23001', CONSTRAINT = 'version_published_final';
        END IF;
        NEW.withdrawn_at := clock_timestamp();
        RETURN NEW;
    END IF;
    IF NEW.document_id <> OLD.document_id OR NEW.number <> OLD.number THEN
        RAISE EXCEPTION 'a version stays in its document' USING ERRCODE = '23001', CONSTRAINT = 'version_published_final';
    END IF;
    text_changed := (NEW.title, NEW.guidance_edition_id, NEW.effective_from, NEW.revision) IS DISTINCT FROM
                    (OLD.title, OLD.guidance_edition_id, OLD.effective_from, OLD.revision);
    IF (text_changed OR NEW.discarded_by IS NOT NULL) AND version_has_live_round(NEW.id) THEN
        RAISE EXCEPTION 'the text is frozen by a round' USING ERRCODE = '23001', CONSTRAINT = 'version_frozen';
    END IF;
    IF NEW.publishing_round_id IS NULL THEN
        IF NEW.discarded_by IS NOT NULL THEN
            NEW.discarded_at := clock_timestamp();
            NEW.scheduled_on := NULL;
        ELSE
            NEW.discarded_at := NULL;
        END IF;
        NEW.published_at := NULL;
        RETURN NEW;
    END IF;
    SELECT * INTO r FROM round WHERE id = NEW.publishing_round_id FOR UPDATE;
    IF NOT FOUND OR r.paper_kind <> 'version' OR r.paper_id <> NEW.id OR r.outcome <> 'complete'
       OR EXISTS (SELECT FROM round_set_aside s WHERE s.round_id = r.id) THEN
        RAISE EXCEPTION 'only what every safeguarding partner signed is published' USING ERRCODE = '23001', CONSTRAINT = 'version_published_signed';
    END IF;
    IF text_changed OR (convert_from(r.content, 'UTF8')::jsonb)->>'effectiveFrom' IS DISTINCT FROM NEW.effective_from::text THEN
        RAISE EXCEPTION 'the effective day is the signed one' USING ERRCODE = '23001', CONSTRAINT = 'version_effective_day_signed';
    END IF;
    NEW.published_at := clock_timestamp();
    NEW.published_on := coalesce(NEW.published_on, london_day(NEW.published_at));
    NEW.published_precision := coalesce(NEW.published_precision, 'day');
    IF NEW.published_on > london_day(NEW.published_at) THEN
        RAISE EXCEPTION 'the day of publication is not in the future' USING ERRCODE = '23001', CONSTRAINT = 'version_published_not_in_future';
    END IF;
    RETURN NEW;
END $$;
ALTER TABLE version DROP CONSTRAINT version_withdrawn_reason_length, DROP CONSTRAINT version_closed_by_law, DROP COLUMN withdrawn_law;
UPDATE schema_migrations SET dirty = false;
COMMIT;
