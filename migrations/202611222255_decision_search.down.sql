BEGIN;

DROP INDEX decision_line_coming_idx;
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
        UNION ALL SELECT unnest(ARRAY['=b' || coalesce(d.organisation_id, 0), '=s' || d.stage, '=k' || d.key_decision, '=r' || d.restriction, '=m' || lower(btrim(d.maker_title))])) words
    ON CONFLICT (decision_id, is_public) DO UPDATE SET (sort_on, words) = (excluded.sort_on, excluded.words);
END $$;
COMMENT ON COLUMN decision_search.words IS 'Each word, and each thing to filter by, with p or d (published or desk), the year and the quarter before it: one look finds those of a quarter.';
COMMENT ON TABLE decision_search IS 'The words of open text for searching, in a narrow table without an index of days: searched quarter by quarter, newest first.';
DROP INDEX decision_search_words_idx;
UPDATE decision_search s SET words = (SELECT array_to_tsvector(array_agg(w)) FROM unnest(tsvector_to_array(s.words)) w WHERE w !~ '^[pd][0-9]{4}q[1-4][~#]');
CREATE INDEX decision_search_words_idx ON decision_search USING gin (words) WITH (fastupdate = off);
DROP FUNCTION decision_number_forms(text);

UPDATE schema_migrations SET dirty = false;
COMMIT;
