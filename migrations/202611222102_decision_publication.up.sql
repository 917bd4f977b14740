BEGIN;

-- How a record moves, what each stage needs, and what of it anybody sees. Publishing a stage freezes its open content; the
-- public reads that, never the record that is being worked on. A change of what was published is a correction, which the
-- database itself writes down.

CREATE FUNCTION decision_has(d decision, part text) RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
    IF part = ANY (d.later) THEN
        RETURN false;
    END IF;
    IF EXISTS (SELECT FROM decision_exempt e WHERE e.decision_id = d.id AND e.part = decision_has.part AND e.retracted_at IS NULL) THEN
        RETURN true;
    END IF;
    RETURN CASE part
        WHEN 'limbs' THEN EXISTS (SELECT FROM jsonb_array_elements(d.limbs) l WHERE l ->> 'text' ~ '[^[:space:]]')
        WHEN 'notice-on' THEN d.notice_on IS NOT NULL
        WHEN 'due-on' THEN d.due_on IS NOT NULL
        WHEN 'made-on' THEN d.made_on IS NOT NULL
        WHEN 'published-on' THEN d.published_on IS NOT NULL
        WHEN 'effective-on' THEN d.effective_on IS NOT NULL
        WHEN 'implemented-on' THEN d.implemented_on IS NOT NULL
        WHEN 'exempt-category' THEN d.exempt_category > 0
        WHEN 'call-in-grounds' THEN EXISTS (SELECT FROM decision_call_in c WHERE c.decision_id = d.id)
        WHEN 'call-in-outcome' THEN coalesce((SELECT c.outcome <> '' FROM decision_call_in c WHERE c.decision_id = d.id ORDER BY c.id DESC LIMIT 1), false)
        ELSE CASE part
            WHEN 'number' THEN d.number WHEN 'subject' THEN d.subject WHEN 'maker' THEN d.maker_title WHEN 'contact' THEN d.contact_title
            WHEN 'key' THEN d.key_decision WHEN 'key-reason' THEN d.key_reason WHEN 'reasons' THEN d.reasons WHEN 'financial' THEN d.financial
            WHEN 'consultation' THEN d.consultation WHEN 'alternatives' THEN d.alternatives WHEN 'interests' THEN d.interests
            WHEN 'background' THEN d.background WHEN 'signed-by' THEN d.signed_by WHEN 'withdrawn-reason' THEN d.withdrawn_reason
            WHEN 'public-interest' THEN d.public_interest WHEN 'urgency-reason' THEN d.urgency_reason WHEN 'urgency-told' THEN d.urgency_told
            WHEN 'urgency-agreed' THEN d.urgency_agreed WHEN 'call-in-waived-reason' THEN d.call_in_waived_reason ELSE '' END ~ '[^[:space:]]'
        END;
END $$;
COMMENT ON FUNCTION decision_has(decision, text) IS 'Whether a record has a part. What is to be added it does not have.';

CREATE FUNCTION decision_missing(d decision, for_stage text) RETURNS text[] LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(q.part ORDER BY q.part), '{}') FROM (
        SELECT DISTINCT ON (r.part) r.part, r.is_asked FROM decision_requirement r
        WHERE r.stage = for_stage AND r.retracted_at IS NULL AND (r.organisation_id = d.organisation_id OR r.organisation_id IS NULL)
          AND r.during @> coalesce(d.made_on, d.due_on, d.notice_on, london_day(clock_timestamp()))
        ORDER BY r.part, r.organisation_id NULLS LAST) q
    WHERE q.is_asked
      AND CASE q.part
          WHEN 'key-reason' THEN d.key_decision = 'yes'
          WHEN 'exempt-category' THEN d.restriction <> 'open' WHEN 'public-interest' THEN d.restriction <> 'open'
          WHEN 'urgency-reason' THEN d.urgency_route <> '' WHEN 'urgency-told' THEN d.urgency_route = 'general exception'
          WHEN 'urgency-agreed' THEN d.urgency_route = 'special urgency' WHEN 'call-in-waived-reason' THEN d.call_in_waived
          WHEN 'call-in-grounds' THEN for_stage IN ('called in', 'confirmed') WHEN 'call-in-outcome' THEN for_stage = 'confirmed'
          ELSE true END
      AND NOT decision_has(d, q.part)
      AND NOT (for_stage = 'proposed' AND q.part = ANY (d.later))
      AND NOT EXISTS (SELECT FROM decision_override o WHERE o.decision_id = d.id AND o.stage = for_stage AND o.part = q.part)
$$;
COMMENT ON FUNCTION decision_missing(decision, text) IS 'What a stage asks for that a record neither has nor goes without for a reason.';

CREATE FUNCTION decision_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE missing text[];
BEGIN
    NEW.number := coalesce(nullif(btrim(NEW.number_verified), ''), btrim(NEW.number_printed));
    NEW.ref := coalesce(nullif(btrim(regexp_replace(lower(NEW.number), '[^a-z0-9]+', '-', 'g'), '-'), ''), 'record-' || NEW.id);
    IF TG_OP = 'INSERT' THEN
        IF NEW.origin = 'entered' AND NEW.stage NOT IN ('notice', 'proposed') THEN
            RAISE EXCEPTION 'a record begins before the decision is made' USING ERRCODE = '23001', CONSTRAINT = 'decision_begins';
        END IF;
        NEW.revision := 1;
        NEW.was_made := NEW.stage NOT IN ('notice', 'proposed') AND (NEW.stage <> 'withdrawn' OR NEW.made_on IS NOT NULL);
        RETURN NEW;
    END IF;
    IF NEW.stage <> OLD.stage AND NOT (OLD.stage, NEW.stage) IN (('notice', 'proposed'), ('proposed', 'made'), ('made', 'called in'), ('made', 'implemented'),
        ('called in', 'confirmed'), ('confirmed', 'implemented')) AND (NEW.stage <> 'withdrawn') THEN
        RAISE EXCEPTION 'a record moves one stage at a time, and not back' USING ERRCODE = '23001', CONSTRAINT = 'decision_moves';
    END IF;
    IF OLD.stage = 'withdrawn' AND NEW.stage <> 'withdrawn' THEN
        RAISE EXCEPTION 'a withdrawn record stays so' USING ERRCODE = '23001', CONSTRAINT = 'decision_moves';
    END IF;
    NEW.revision := OLD.revision + 1;
    NEW.was_made := OLD.was_made OR NEW.stage NOT IN ('notice', 'proposed', 'withdrawn');
    IF NEW.retracted_reason IS NOT NULL AND EXISTS (SELECT FROM decision_publication p WHERE p.decision_id = NEW.id) THEN
        RAISE EXCEPTION 'what was published is corrected or withdrawn' USING ERRCODE = '23001', CONSTRAINT = 'decision_retracted_unpublished';
    END IF;
    IF NEW.restriction = 'open' AND (EXISTS (SELECT FROM decision_exempt e WHERE e.decision_id = NEW.id AND e.retracted_at IS NULL)
       OR EXISTS (SELECT FROM decision_file f WHERE f.decision_id = NEW.id AND f.is_exempt AND f.retracted_at IS NULL)) THEN
        RAISE EXCEPTION 'an open record has nothing exempt' USING ERRCODE = '23001', CONSTRAINT = 'decision_open_without_exempt';
    END IF;
    IF NEW.retracted_reason IS NULL AND NEW.stage NOT IN ('notice', 'proposed') AND (NEW.stage <> OLD.stage OR NEW.origin = 'entered') THEN
        missing := decision_missing(NEW, NEW.stage);
        IF missing <> '{}' THEN
            RAISE EXCEPTION 'the stage asks for more: %', missing USING ERRCODE = '23001', CONSTRAINT = 'decision_stage_whole';
        END IF;
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION decision_guard() IS 'Records move one stage at a time, whole or with a reason, and are numbered by the database.';
CREATE TRIGGER decision_is_retracted BEFORE INSERT OR UPDATE ON decision FOR EACH ROW EXECUTE FUNCTION retraction_guard();
CREATE TRIGGER decision_moves BEFORE INSERT OR UPDATE ON decision FOR EACH ROW EXECUTE FUNCTION decision_guard();
CREATE TRIGGER decision_recorded BEFORE INSERT OR UPDATE ON decision FOR EACH ROW EXECUTE FUNCTION remember();

CREATE FUNCTION decision_exempt_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- The lock makes a change of the restriction wait, or be seen.
    PERFORM FROM decision d WHERE d.id = NEW.decision_id AND d.restriction <> 'open' FOR SHARE;
    IF NOT FOUND AND EXISTS (SELECT FROM decision d WHERE d.id = NEW.decision_id) THEN
        RAISE EXCEPTION 'an open record has nothing exempt' USING ERRCODE = '23001', CONSTRAINT = 'decision_open_without_exempt';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION decision_exempt_guard() IS 'Only a record that is not open has exempt passages and files.';
CREATE TRIGGER decision_exempt_guarded BEFORE INSERT OR UPDATE OF body ON decision_exempt FOR EACH ROW EXECUTE FUNCTION decision_exempt_guard();
CREATE TRIGGER decision_file_guarded BEFORE INSERT ON decision_file FOR EACH ROW WHEN (NEW.is_exempt) EXECUTE FUNCTION decision_exempt_guard();

CREATE FUNCTION organisation_decision_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.retracted_reason IS NOT NULL AND OLD.retracted_reason IS NULL
       AND EXISTS (SELECT FROM decision d WHERE d.organisation_id = NEW.id AND d.retracted_at IS NULL) THEN
        RAISE EXCEPTION 'the organisation has records of decision' USING ERRCODE = '23001', CONSTRAINT = 'organisation_retracted_unused';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION organisation_decision_guard() IS 'A body with records of decision is not retracted.';
CREATE TRIGGER organisation_decision_guarded BEFORE UPDATE ON organisation FOR EACH ROW EXECUTE FUNCTION organisation_decision_guard();

CREATE TABLE decision_publication (
    id           bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT decision_publication_pkey PRIMARY KEY,
    decision_id  bigint NOT NULL CONSTRAINT decision_publication_decision_fkey REFERENCES decision,
    number       integer NOT NULL,
    stage        text NOT NULL,
    ref          text NOT NULL,
    reason       text NOT NULL DEFAULT '' CONSTRAINT decision_publication_reason_length CHECK (length(reason) <= 2000),
    withholds    boolean NOT NULL DEFAULT false,
    content      jsonb NOT NULL CONSTRAINT decision_publication_content_size CHECK (length(content::text) <= 2000000),
    published_by bigint CONSTRAINT decision_publication_published_by_fkey REFERENCES account,
    recorded_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT decision_publication_number_key UNIQUE (decision_id, number)
);
COMMENT ON TABLE decision_publication IS 'The open content of a record as it was published, once for each stage and each correction.';
COMMENT ON COLUMN decision_publication.number IS 'Counts the publications of a record from 1.';
COMMENT ON COLUMN decision_publication.ref IS 'The address of the record at that time; an earlier one leads to the present one.';
COMMENT ON COLUMN decision_publication.reason IS 'Why what was published is corrected; a stage is published once without.';
COMMENT ON COLUMN decision_publication.withholds IS 'The earlier wording of what changes is kept from the public, since it should not have been published.';
CREATE INDEX decision_publication_ref_idx ON decision_publication (ref);

CREATE TABLE decision_correction (
    id             bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT decision_correction_pkey PRIMARY KEY,
    decision_id    bigint NOT NULL CONSTRAINT decision_correction_decision_fkey REFERENCES decision,
    publication_id bigint NOT NULL CONSTRAINT decision_correction_publication_fkey REFERENCES decision_publication,
    field          text NOT NULL,
    before         jsonb,
    after          jsonb,
    is_correction  boolean NOT NULL,
    recorded_at    timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE decision_correction IS 'What changed between two publications of a record, field by field; written by the database alone.';
COMMENT ON COLUMN decision_correction.before IS 'Null where the field was empty.';
COMMENT ON COLUMN decision_correction.is_correction IS 'Changed within a stage; false where it changed as the record moved to its next stage.';
CREATE INDEX decision_correction_decision_idx ON decision_correction (decision_id, id);

CREATE TABLE decision_line (
    decision_id         bigint NOT NULL CONSTRAINT decision_line_decision_fkey REFERENCES decision,
    is_public           boolean NOT NULL,
    organisation_id     bigint NOT NULL,
    number              text NOT NULL,
    ref                 text NOT NULL,
    stage               text NOT NULL,
    was_made            boolean NOT NULL,
    key_decision        text NOT NULL,
    restriction         text NOT NULL,
    subject             text NOT NULL,
    maker_title         text NOT NULL,
    maker_key           text NOT NULL,
    sort_on             date NOT NULL,
    notice_on           date,
    notice_precision    text,
    due_on              date,
    due_precision       text,
    made_on             date,
    made_precision      text,
    effective_on        date,
    effective_precision text,
    origin              text NOT NULL,
    is_demonstration    boolean NOT NULL,
    publication_id      bigint CONSTRAINT decision_line_publication_fkey REFERENCES decision_publication,
    changed_at          timestamptz NOT NULL,
    CONSTRAINT decision_line_pkey PRIMARY KEY (decision_id, is_public)
);
COMMENT ON TABLE decision_line IS 'A record as a line of the register, once as worked on and once as published; kept by the database from both.';
COMMENT ON COLUMN decision_line.organisation_id IS '0 for the partnership itself.';
COMMENT ON COLUMN decision_line.maker_key IS 'The decision maker without regard to capitals.';
COMMENT ON COLUMN decision_line.sort_on IS 'The day that the record is listed under: made, or else due, or else of its notice, or else recorded.';
COMMENT ON COLUMN decision_line.publication_id IS 'Of a published line: its publication.';
CREATE INDEX decision_line_day_idx ON decision_line (is_public, sort_on, decision_id);
CREATE INDEX decision_line_body_idx ON decision_line (is_public, organisation_id, sort_on, decision_id);
CREATE INDEX decision_line_stage_idx ON decision_line (is_public, stage, sort_on, decision_id);
CREATE INDEX decision_line_restriction_idx ON decision_line (is_public, restriction, sort_on, decision_id);
CREATE INDEX decision_line_key_idx ON decision_line (is_public, key_decision, sort_on, decision_id);
CREATE INDEX decision_line_maker_idx ON decision_line (is_public, maker_key, sort_on, decision_id);
CREATE INDEX decision_line_number_idx ON decision_line (is_public, number, decision_id);
CREATE INDEX decision_line_subject_idx ON decision_line (is_public, lower(left(subject, 200)), decision_id);
CREATE UNIQUE INDEX decision_line_ref_key ON decision_line (is_public, organisation_id, ref);

CREATE TABLE decision_search (
    decision_id bigint NOT NULL CONSTRAINT decision_search_decision_fkey REFERENCES decision,
    is_public   boolean NOT NULL,
    sort_on     date NOT NULL,
    words       tsvector NOT NULL,
    CONSTRAINT decision_search_pkey PRIMARY KEY (decision_id, is_public)
);
COMMENT ON TABLE decision_search IS 'The words of open text for searching, in a narrow table without an index of days: searched year by year, newest first.';
COMMENT ON COLUMN decision_search.words IS 'Each word, and each thing to filter by, with p or d (published or desk) and the year before it: one look finds those of a year.';
CREATE INDEX decision_search_words_idx ON decision_search USING gin (words) WITH (fastupdate = off);

CREATE FUNCTION decision_spread(d decision, published bigint) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    shown boolean := published IS NOT NULL;
    listed date := coalesce(d.made_on, d.due_on, d.notice_on, london_day(d.recorded_at));
    mark text := CASE WHEN published IS NOT NULL THEN 'p' ELSE 'd' END || extract(year FROM listed);
BEGIN
    IF d.retracted_at IS NOT NULL THEN
        DELETE FROM decision_search WHERE decision_id = d.id;
        DELETE FROM decision_line WHERE decision_id = d.id;
        RETURN;
    END IF;
    INSERT INTO decision_line AS l (decision_id, is_public, organisation_id, number, ref, stage, was_made, key_decision, restriction, subject, maker_title, maker_key,
        sort_on, notice_on, notice_precision, due_on, due_precision, made_on, made_precision, effective_on, effective_precision, origin, is_demonstration, publication_id, changed_at)
    VALUES (d.id, shown, coalesce(d.organisation_id, 0), d.number, d.ref, d.stage, d.was_made, d.key_decision, d.restriction, d.subject, d.maker_title, lower(btrim(d.maker_title)),
        listed, d.notice_on, d.notice_precision, d.due_on, d.due_precision, d.made_on, d.made_precision, d.effective_on, d.effective_precision, d.origin, d.is_demonstration,
        published, clock_timestamp())
    ON CONFLICT (decision_id, is_public) DO UPDATE SET (number, ref, stage, was_made, key_decision, restriction, subject, maker_title, maker_key,
        sort_on, notice_on, notice_precision, due_on, due_precision, made_on, made_precision, effective_on, effective_precision, publication_id, changed_at)
        = (excluded.number, excluded.ref, excluded.stage, excluded.was_made, excluded.key_decision, excluded.restriction, excluded.subject, excluded.maker_title,
           excluded.maker_key, excluded.sort_on, excluded.notice_on, excluded.notice_precision, excluded.due_on, excluded.due_precision, excluded.made_on,
           excluded.made_precision, excluded.effective_on, excluded.effective_precision, excluded.publication_id, excluded.changed_at);
    INSERT INTO decision_search (decision_id, is_public, sort_on, words)
    SELECT d.id, shown, listed, array_to_tsvector(array_agg(DISTINCT mark || w)) FROM (
        SELECT ':' || t.lexeme AS w FROM unnest(to_tsvector('english', left(concat_ws(' ', d.number_verified, d.number_printed, d.subject, d.maker_title, d.maker_name,
            d.preamble, (SELECT string_agg(x ->> 'text', ' ') FROM jsonb_array_elements(d.limbs) x), d.reasons, d.key_reason, d.financial, d.consultation,
            d.alternatives, d.interests, d.background), 200000))) t
        UNION ALL SELECT unnest(ARRAY['=b' || coalesce(d.organisation_id, 0), '=s' || d.stage, '=k' || d.key_decision, '=r' || d.restriction, '=m' || lower(btrim(d.maker_title))])) words
    ON CONFLICT (decision_id, is_public) DO UPDATE SET (sort_on, words) = (excluded.sort_on, excluded.words);
END $$;
COMMENT ON FUNCTION decision_spread(decision, bigint) IS 'Keeps the line and the search words of a record: as worked on, or as published.';

CREATE FUNCTION decision_line_of_desk() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM decision_spread(NEW, NULL);
    RETURN NULL;
END $$;
COMMENT ON FUNCTION decision_line_of_desk() IS 'Keeps the line of a record as it is being worked on.';
CREATE TRIGGER decision_spread_to_desk AFTER INSERT OR UPDATE ON decision FOR EACH ROW EXECUTE FUNCTION decision_line_of_desk();

CREATE FUNCTION decision_publication_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    d decision;
    last decision_publication;
BEGIN
    SELECT * INTO d FROM decision WHERE id = NEW.decision_id FOR UPDATE;
    IF NOT FOUND THEN
        RETURN NEW; -- the foreign key refuses it
    END IF;
    SELECT * INTO last FROM decision_publication p WHERE p.decision_id = d.id ORDER BY p.number DESC LIMIT 1;
    NEW.number := coalesce(last.number, 0) + 1;
    NEW.stage := d.stage;
    NEW.ref := d.ref;
    IF d.retracted_at IS NOT NULL OR (d.origin = 'entered' AND decision_missing(d, d.stage) <> '{}') THEN
        RAISE EXCEPTION 'the stage is not whole' USING ERRCODE = '23001', CONSTRAINT = 'decision_publication_whole';
    END IF;
    IF last.stage = d.stage AND btrim(NEW.reason) = '' THEN
        RAISE EXCEPTION 'a correction has a reason' USING ERRCODE = '23001', CONSTRAINT = 'decision_publication_corrected_for_reason';
    END IF;
    IF NEW.content ->> 'stage' IS DISTINCT FROM d.stage
       OR NEW.content -> 'made' IS DISTINCT FROM to_jsonb(d.stage NOT IN ('notice', 'proposed', 'withdrawn')) THEN
        RAISE EXCEPTION 'the content is of another stage' USING ERRCODE = '23001', CONSTRAINT = 'decision_publication_of_stage';
    END IF;
    IF EXISTS (SELECT FROM decision_exempt e, jsonb_path_query(NEW.content, 'strict $.**') v
        WHERE e.decision_id = d.id AND e.retracted_at IS NULL AND jsonb_typeof(v) = 'string'
          AND (v #>> '{}' = btrim(e.body) OR (length(btrim(e.body)) >= 8 AND strpos(v #>> '{}', btrim(e.body)) > 0))) THEN
        RAISE EXCEPTION 'exempt text is not published' USING ERRCODE = '23001', CONSTRAINT = 'decision_publication_without_exempt';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION decision_publication_guard() IS 'What is published is whole, of the record''s own stage, and nothing exempt; a correction has a reason.';
CREATE TRIGGER decision_publication_guarded BEFORE INSERT ON decision_publication FOR EACH ROW EXECUTE FUNCTION decision_publication_guard();
CREATE TRIGGER decision_publication_recorded BEFORE INSERT OR UPDATE ON decision_publication FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();

CREATE FUNCTION decision_publication_spread() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE last decision_publication;
BEGIN
    SELECT * INTO last FROM decision_publication p WHERE p.decision_id = NEW.decision_id AND p.number < NEW.number ORDER BY p.number DESC LIMIT 1;
    IF FOUND THEN
        INSERT INTO decision_correction (decision_id, publication_id, field, before, after, is_correction)
        SELECT NEW.decision_id, NEW.id, k, last.content -> k, NEW.content -> k, last.stage = NEW.stage
        FROM (SELECT jsonb_object_keys(last.content || NEW.content) AS k) keys
        WHERE k NOT IN ('schema', 'stage', 'made', 'heading', 'computed') AND last.content -> k IS DISTINCT FROM NEW.content -> k;
    END IF;
    PERFORM decision_spread(d, NEW.id) FROM decision d WHERE d.id = NEW.decision_id;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION decision_publication_spread() IS 'Writes down what a publication changed, and keeps the public line of the record.';
CREATE TRIGGER decision_publication_spread AFTER INSERT ON decision_publication FOR EACH ROW EXECUTE FUNCTION decision_publication_spread();
CREATE TRIGGER decision_publication_insert_only BEFORE UPDATE OR DELETE ON decision_publication FOR EACH ROW EXECUTE FUNCTION forbid_change('decision_publication_insert_only');
CREATE TRIGGER decision_publication_no_truncate BEFORE TRUNCATE ON decision_publication FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('decision_publication_insert_only');
GRANT SELECT ON decision_publication TO portal_app;
GRANT INSERT (decision_id, reason, withholds, content, published_by) ON decision_publication TO portal_app;
CREATE TRIGGER decision_correction_recorded BEFORE INSERT OR UPDATE ON decision_correction FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER decision_correction_insert_only BEFORE UPDATE OR DELETE ON decision_correction FOR EACH ROW EXECUTE FUNCTION forbid_change('decision_correction_insert_only');
CREATE TRIGGER decision_correction_no_truncate BEFORE TRUNCATE ON decision_correction FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('decision_correction_insert_only');
GRANT SELECT ON decision_correction, decision_line, decision_search TO portal_app;

-- What anybody may read.
CREATE VIEW published.decision AS
    SELECT decision_id AS id, organisation_id, number, ref, stage, was_made, key_decision, restriction, subject, maker_title, maker_key, sort_on, notice_on,
           notice_precision, due_on, due_precision, made_on, made_precision, effective_on, effective_precision, origin, is_demonstration, changed_at
    FROM public.decision_line WHERE is_public;
COMMENT ON VIEW published.decision IS 'The register: each record as its latest stage was published. Organisation 0 is the partnership itself.';
CREATE VIEW published.decision_record AS
    SELECT l.decision_id AS id, l.organisation_id, l.ref, p.number AS publication, p.stage, p.content, p.recorded_at AS published_at
    FROM public.decision_line l JOIN public.decision_publication p ON p.id = l.publication_id WHERE l.is_public;
COMMENT ON VIEW published.decision_record IS 'The whole open content of each record as last published.';
CREATE VIEW published.decision_former_ref AS
    SELECT p.decision_id AS id, l.organisation_id, p.ref, l.ref AS present_ref
    FROM public.decision_publication p JOIN public.decision_line l ON l.decision_id = p.decision_id AND l.is_public WHERE p.ref <> l.ref;
COMMENT ON VIEW published.decision_former_ref IS 'Addresses under which records were published before their number was corrected.';
CREATE VIEW published.decision_correction AS
    SELECT c.id, c.decision_id, p.number AS publication, p.stage, p.reason, p.recorded_at AS published_at, c.field, c.is_correction, w.withheld,
           CASE WHEN NOT w.withheld THEN c.before END AS before,
           CASE WHEN NOT w.withheld OR NOT w.later THEN c.after END AS after
    FROM public.decision_correction c JOIN public.decision_publication p ON p.id = c.publication_id
    CROSS JOIN LATERAL (SELECT count(*) > 0 AS withheld, count(*) FILTER (WHERE q.number > p.number) > 0 AS later
        FROM public.decision_publication q JOIN public.decision_correction x ON x.publication_id = q.id AND x.field = c.field
        WHERE q.decision_id = c.decision_id AND q.withholds AND q.number >= p.number) w;
COMMENT ON VIEW published.decision_correction IS 'What changed in published records, with the wording before and after unless it is withheld.';
CREATE VIEW published.decision_search AS SELECT decision_id AS id, sort_on, words FROM public.decision_search WHERE is_public;
COMMENT ON VIEW published.decision_search IS 'The words of published records for searching.';
CREATE VIEW published.decision_authorises AS
    SELECT a.decision_id, a.version_id, v.document_id, doc.slug AS document_slug, v.number AS version_number, r.number AS round_number
    FROM public.decision_authorises a JOIN public.decision_line l ON l.decision_id = a.decision_id AND l.is_public
    JOIN public.decision_publication p ON p.id = l.publication_id
    JOIN public.version v ON v.id = a.version_id JOIN public.document doc ON doc.id = v.document_id
    LEFT JOIN public.round r ON r.id = a.round_id AND r.id = v.publishing_round_id
    WHERE a.retracted_at IS NULL AND a.recorded_at <= p.recorded_at AND v.published_at IS NOT NULL AND (a.round_id IS NULL OR a.round_id = v.publishing_round_id);
COMMENT ON VIEW published.decision_authorises IS 'The published versions whose sign-off a published record authorises.';
CREATE VIEW published.bank_holiday AS SELECT on_day, name FROM public.bank_holiday WHERE retracted_at IS NULL;
COMMENT ON VIEW published.bank_holiday IS 'The bank holidays that the register reckons with.';
GRANT SELECT ON ALL TABLES IN SCHEMA published TO portal_public, portal_app;

CREATE TRIGGER decision_line_published_changed AFTER INSERT OR UPDATE ON decision_line FOR EACH ROW WHEN (NEW.is_public) EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER decision_search_published_changed AFTER INSERT OR UPDATE ON decision_search FOR EACH ROW WHEN (NEW.is_public) EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER decision_publication_published_changed AFTER INSERT ON decision_publication FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER decision_correction_published_changed AFTER INSERT ON decision_correction FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER decision_authorises_published_changed AFTER INSERT OR UPDATE OR DELETE ON decision_authorises FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER bank_holiday_published_changed AFTER INSERT OR UPDATE OR DELETE ON bank_holiday FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();

UPDATE schema_migrations SET dirty = false;
COMMIT;
