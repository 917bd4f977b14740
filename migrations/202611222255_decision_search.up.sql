BEGIN;

-- Searches give the best match first: the number itself, then all words in the subject, then all words somewhere. Words of
-- the subject and numbers are marked for it. A number is found as printed, as verified, and by its last part.

CREATE FUNCTION decision_number_forms(number text) RETURNS SETOF text LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT form FROM (SELECT btrim(regexp_replace(lower(number), '[^a-z0-9]+', '-', 'g'), '-') AS whole) n, unnest(ARRAY[whole, substring(whole FROM '[^-]+$')]) form
    WHERE form ~ '[0-9]'
$$;
COMMENT ON FUNCTION decision_number_forms(text) IS 'A number of a record as searches know it, 19/00035 as 19-00035, and its last part, 00035.';

CREATE OR REPLACE FUNCTION decision_spread(d decision, published bigint) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    shown boolean := published IS NOT NULL;
    listed date := coalesce(d.made_on, d.due_on, d.notice_on, london_day(d.recorded_at));
    mark text := CASE WHEN published IS NOT NULL THEN 'p' ELSE 'd' END || to_char(listed, 'YYYY"q"Q');
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
        UNION ALL SELECT '~' || t.lexeme FROM unnest(to_tsvector('english', d.subject)) t
        UNION ALL SELECT '#' || decision_number_forms(d.number_printed) UNION ALL SELECT '#' || decision_number_forms(d.number_verified)
        UNION ALL SELECT unnest(ARRAY['=b' || coalesce(d.organisation_id, 0), '=s' || d.stage, '=k' || d.key_decision, '=r' || d.restriction, '=m' || lower(btrim(d.maker_title))])) words
    ON CONFLICT (decision_id, is_public) DO UPDATE SET (sort_on, words) = (excluded.sort_on, excluded.words);
END $$;
COMMENT ON TABLE decision_search IS 'The words of open text for searching, in a narrow table without an index of days: searched quarter by quarter, newest first.';
COMMENT ON COLUMN decision_search.words IS 'Words of the open text (:), of the subject (~), numbers (#) and what a list is narrowed by (=), each with p or d (published or desk) and its quarter before it.';

-- What is published was frozen: its subject and numbers are taken from there. The index is made anew, which takes less time
-- than to change it row by row.
DROP INDEX decision_search_words_idx;
UPDATE decision_search s SET words = array_to_tsvector(tsvector_to_array(s.words) || (
    SELECT coalesce(array_agg(DISTINCT CASE WHEN s.is_public THEN 'p' ELSE 'd' END || to_char(s.sort_on, 'YYYY"q"Q') || w), '{}') FROM (
        SELECT '~' || t.lexeme AS w FROM unnest(to_tsvector('english', l.subject)) t
        UNION ALL SELECT '#' || decision_number_forms(coalesce(p.content ->> 'number-printed', CASE WHEN NOT s.is_public THEN d.number_printed END))
        UNION ALL SELECT '#' || decision_number_forms(coalesce(p.content ->> 'number-verified', CASE WHEN NOT s.is_public THEN d.number_verified END))) more))
    FROM decision_line l JOIN decision d ON d.id = l.decision_id LEFT JOIN decision_publication p ON p.id = l.publication_id
    WHERE l.decision_id = s.decision_id AND l.is_public = s.is_public;
CREATE INDEX decision_search_words_idx ON decision_search USING gin (words) WITH (fastupdate = off);

CREATE INDEX decision_line_coming_idx ON decision_line (due_on, decision_id) WHERE is_public AND stage IN ('notice', 'proposed') AND key_decision = 'yes';
COMMENT ON INDEX decision_line_coming_idx IS 'The forward plan.';

UPDATE schema_migrations SET dirty = false;
COMMIT;
