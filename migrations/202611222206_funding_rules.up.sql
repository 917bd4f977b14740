BEGIN;

-- What holds of a funding year: no gap without a reason, a proposal that stands still while it is being signed, parts
-- that add up to the penny. And what agencies say to their pledges, and how the reviews of a year went.

CREATE FUNCTION split_of(total bigint, weights bigint[]) RETURNS bigint[] LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    WITH claim AS (
        SELECT i, div(total * w::numeric, s) AS whole, mod(total * w::numeric, s) AS rest
        FROM unnest(weights) WITH ORDINALITY u (w, i), (SELECT sum(x)::numeric AS s FROM unnest(weights) x) t
    ), ranked AS (
        SELECT i, whole, row_number() OVER (ORDER BY rest DESC, i) AS rank, total - sum(whole) OVER () AS units_left FROM claim
    )
    SELECT array_agg((whole + CASE WHEN rank <= units_left THEN 1 ELSE 0 END)::bigint ORDER BY i) FROM ranked
$$;
COMMENT ON FUNCTION split_of(bigint, bigint[]) IS 'Divides a sum by weights: whole pence to each, those left over to the largest remainders, of equal ones to the first.';

CREATE FUNCTION parts_add_up(parts jsonb, total bigint, ours bigint) RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN parts = '[]' THEN coalesce(total, ours) = ours
        WHEN jsonb_typeof(parts) <> 'array' OR jsonb_array_length(parts) NOT BETWEEN 2 AND 50 OR total IS NULL THEN false
        WHEN EXISTS (SELECT FROM jsonb_array_elements(parts) p WHERE jsonb_typeof(p -> 'label') IS DISTINCT FROM 'string'
             OR length(btrim(p ->> 'label')) NOT BETWEEN 1 AND 100 OR jsonb_typeof(p -> 'isOurs') IS DISTINCT FROM 'boolean'
             OR jsonb_typeof(p -> 'weight') IS DISTINCT FROM 'number' OR p ->> 'weight' !~ '^[1-9][0-9]{0,12}$') THEN false
        ELSE coalesce((SELECT sum(s.pence) FROM unnest(split_of(total, ARRAY(SELECT (p ->> 'weight')::bigint FROM jsonb_array_elements(parts) p)))
                       WITH ORDINALITY s (pence, i) WHERE (parts -> (s.i::int - 1) ->> 'isOurs')::boolean) = ours, false)
        END
$$;
COMMENT ON FUNCTION parts_add_up(jsonb, bigint, bigint) IS 'Whether our parts of a payer''s total come to a sum; without parts the total is ours.';

CREATE FUNCTION funding_line_parts(line bigint, of_revision integer) RETURNS jsonb LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object('label', p.label, 'weight', p.weight, 'isOurs', p.is_ours) ORDER BY p.position), '[]')
    FROM funding_line_part p WHERE p.line_id = line AND p.revision = of_revision
$$;
COMMENT ON FUNCTION funding_line_parts(bigint, integer) IS 'The parts of a line as a revision of it has them.';

CREATE FUNCTION funding_year_has_live_round(year integer) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM round r WHERE r.paper_kind = 'funding year' AND r.paper_id = year AND r.outcome IN ('open', 'complete'))
$$;
COMMENT ON FUNCTION funding_year_has_live_round(integer) IS 'Whether a year is frozen by a round: one that is open, or in which all have signed.';

CREATE FUNCTION funding_year_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE first integer; last integer;
BEGIN
    IF TG_OP = 'INSERT' THEN
        -- Years begin one after another, and no contribution is recorded meanwhile.
        PERFORM pg_advisory_xact_lock(hashtext('funding_year'));
        SELECT min(k.year), max(k.year) INTO first, last FROM (
            SELECT y.financial_year AS year FROM funding_year y
            UNION ALL SELECT c.financial_year FROM contribution c
            WHERE c.reverses_id IS NULL AND NOT EXISTS (SELECT FROM contribution r WHERE r.reverses_id = c.id)) k;
        IF btrim(NEW.skip_reason) = '' AND (NEW.financial_year > last + 1 OR NEW.financial_year < first - 1) THEN
            RAISE EXCEPTION 'a year is left out without a reason' USING ERRCODE = '23001', CONSTRAINT = 'funding_year_skipped_for_reason';
        END IF;
        IF NEW.origin = 'portal' AND EXISTS (SELECT FROM contribution c WHERE c.financial_year = NEW.financial_year AND c.reverses_id IS NULL
           AND NOT EXISTS (SELECT FROM contribution r WHERE r.reverses_id = c.id)) THEN
            RAISE EXCEPTION 'contributions agreed elsewhere are recorded for the year' USING ERRCODE = '23001', CONSTRAINT = 'funding_year_without_recorded';
        END IF;
        IF NEW.agreed_on > london_day(clock_timestamp()) THEN
            RAISE EXCEPTION 'an agreement made elsewhere lies in the past' USING ERRCODE = '23001', CONSTRAINT = 'funding_year_recorded_in_past';
        END IF;
        NEW.agreed_at := CASE WHEN NEW.origin = 'recorded' THEN clock_timestamp() END;
        NEW.agreed_round_id := NULL;
        NEW.released_at := NULL;
        NEW.released_by := NULL;
        RETURN NEW;
    END IF;
    IF (NEW.financial_year, NEW.origin, NEW.skip_reason, NEW.is_demonstration, NEW.begun_by) IS DISTINCT FROM
       (OLD.financial_year, OLD.origin, OLD.skip_reason, OLD.is_demonstration, OLD.begun_by)
       OR (OLD.agreed_at IS NOT NULL AND (NEW.agreed_at, NEW.agreed_round_id, NEW.agreed_source, NEW.agreed_on, NEW.agreed_precision) IS DISTINCT FROM
           (OLD.agreed_at, OLD.agreed_round_id, OLD.agreed_source, OLD.agreed_on, OLD.agreed_precision)) THEN
        RAISE EXCEPTION 'what a year is and its agreement stay' USING ERRCODE = '23001', CONSTRAINT = 'funding_year_settled';
    END IF;
    IF (NEW.opening_pence, NEW.method, NEW.review_due_on) IS DISTINCT FROM (OLD.opening_pence, OLD.method, OLD.review_due_on)
       AND funding_year_has_live_round(NEW.financial_year) THEN
        RAISE EXCEPTION 'the year is frozen by a round' USING ERRCODE = '23001', CONSTRAINT = 'funding_year_frozen';
    END IF;
    IF OLD.agreed_at IS NULL AND NEW.agreed_at IS NOT NULL AND NOT EXISTS (SELECT FROM round r WHERE r.id = NEW.agreed_round_id
       AND r.paper_kind = 'funding year' AND r.paper_id = NEW.financial_year AND r.outcome = 'complete') THEN
        RAISE EXCEPTION 'a year is agreed when every safeguarding partner has signed it' USING ERRCODE = '23001', CONSTRAINT = 'funding_year_agreed_by_round';
    END IF;
    IF OLD.released_at IS NOT NULL AND (NEW.released_at, NEW.released_by) IS DISTINCT FROM (OLD.released_at, OLD.released_by) THEN
        RAISE EXCEPTION 'a year is released once' USING ERRCODE = '23001', CONSTRAINT = 'funding_year_released_once';
    END IF;
    IF OLD.released_at IS NULL THEN
        NEW.released_at := CASE WHEN NEW.released_at IS NOT NULL THEN clock_timestamp() END;
        NEW.released_by := CASE WHEN NEW.released_at IS NOT NULL THEN NEW.released_by END;
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION funding_year_guard() IS 'No year is left out silently; what a round puts to the partners stands still; a year is agreed by its round and released once.';
CREATE TRIGGER funding_year_guarded BEFORE INSERT OR UPDATE ON funding_year FOR EACH ROW EXECUTE FUNCTION funding_year_guard();
GRANT UPDATE (released_at) ON funding_year TO portal_app;

CREATE FUNCTION funding_line_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE body organisation;
BEGIN
    -- The lock makes a round that is being opened wait, or be seen.
    PERFORM FROM funding_year y WHERE y.financial_year = NEW.financial_year AND y.origin = 'portal' AND y.agreed_at IS NULL FOR SHARE;
    IF NOT FOUND OR funding_year_has_live_round(NEW.financial_year) THEN
        RAISE EXCEPTION 'the lines of the year stand' USING ERRCODE = '23001', CONSTRAINT = 'funding_line_frozen';
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.financial_year <> OLD.financial_year OR OLD.removed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a line stays in its year, and a removed one removed' USING ERRCODE = '23001', CONSTRAINT = 'funding_line_removed_final';
    END IF;
    NEW.removed_at := CASE WHEN NEW.removed_at IS NOT NULL THEN clock_timestamp() END;
    IF NEW.removed_at IS NOT NULL THEN
        RETURN NEW;
    END IF;
    SELECT * INTO body FROM organisation WHERE id = NEW.organisation_id FOR SHARE;
    IF body.starts_on > make_date(NEW.financial_year + 1, 3, 31) OR body.ends_on < make_date(NEW.financial_year, 4, 1) OR body.retracted_at IS NOT NULL THEN
        RAISE EXCEPTION 'the organisation did not exist in that year' USING ERRCODE = '23001', CONSTRAINT = 'funding_line_organisation_existed';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION funding_line_guard() IS 'Lines change only while their year is proposed and no round of it is live, and are of bodies of that year.';
CREATE TRIGGER funding_line_guarded BEFORE INSERT OR UPDATE ON funding_line FOR EACH ROW EXECUTE FUNCTION funding_line_guard();

CREATE FUNCTION funding_line_part_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE line funding_line;
BEGIN
    SELECT * INTO line FROM funding_line WHERE id = NEW.line_id FOR SHARE;
    PERFORM FROM funding_year y WHERE y.financial_year = line.financial_year AND y.agreed_at IS NULL FOR SHARE;
    IF NOT FOUND OR funding_year_has_live_round(line.financial_year) THEN
        RAISE EXCEPTION 'the lines of the year stand' USING ERRCODE = '23001', CONSTRAINT = 'funding_line_part_frozen';
    END IF;
    IF NEW.revision <> line.revision THEN
        RAISE EXCEPTION 'parts are those of the present revision' USING ERRCODE = '23001', CONSTRAINT = 'funding_line_part_of_present_revision';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION funding_line_part_guard() IS 'Parts are added to the present revision of a line that may be changed.';
CREATE TRIGGER funding_line_part_guarded BEFORE INSERT ON funding_line_part FOR EACH ROW EXECUTE FUNCTION funding_line_part_guard();

CREATE FUNCTION funding_line_adds_up() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE line funding_line;
BEGIN
    SELECT * INTO line FROM funding_line WHERE id = CASE TG_TABLE_NAME WHEN 'funding_line' THEN (to_jsonb(NEW) ->> 'id')::bigint ELSE (to_jsonb(NEW) ->> 'line_id')::bigint END;
    IF line.removed_at IS NULL AND NOT parts_add_up(funding_line_parts(line.id, line.revision), line.payer_total_pence, line.pence) THEN
        RAISE EXCEPTION 'our parts of the total do not come to our sum' USING ERRCODE = '23001', CONSTRAINT = 'funding_line_adds_up';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION funding_line_adds_up() IS 'At commit a line is our parts of its payer''s total, by the largest remainder.';
CREATE CONSTRAINT TRIGGER funding_line_adds_up AFTER INSERT OR UPDATE ON funding_line DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION funding_line_adds_up();
CREATE CONSTRAINT TRIGGER funding_line_part_adds_up AFTER INSERT ON funding_line_part DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION funding_line_adds_up();

CREATE FUNCTION budget_line_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM funding_year y WHERE y.financial_year = NEW.financial_year FOR SHARE;
    IF funding_year_has_live_round(NEW.financial_year) THEN
        RAISE EXCEPTION 'the budget is frozen by a round' USING ERRCODE = '23001', CONSTRAINT = 'budget_line_frozen';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION budget_line_guard() IS 'The budget of a year stands while a round of it is live, and once it is agreed here.';
CREATE TRIGGER budget_line_guarded BEFORE INSERT OR UPDATE ON budget_line FOR EACH ROW EXECUTE FUNCTION budget_line_guard();

CREATE TABLE pledge_confirmation (
    id              bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pledge_confirmation_pkey PRIMARY KEY,
    line_id         bigint NOT NULL CONSTRAINT pledge_confirmation_line_fkey REFERENCES funding_line,
    revision        integer NOT NULL,
    account_id      bigint NOT NULL CONSTRAINT pledge_confirmation_account_fkey REFERENCES account,
    answer          text NOT NULL CONSTRAINT pledge_confirmation_answer_known CHECK (answer IN ('confirmed', 'query')),
    words           text NOT NULL DEFAULT '' CONSTRAINT pledge_confirmation_words_length CHECK (length(words) <= 2000),
    recorded_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT pledge_confirmation_query_in_words CHECK (answer <> 'query' OR btrim(words) <> '')
);
COMMENT ON TABLE pledge_confirmation IS 'What an agency''s staff say to their own pledge. The last word on a line''s present revision counts: a change of the line makes it void.';
COMMENT ON COLUMN pledge_confirmation.revision IS 'Of the line, as it was read.';
COMMENT ON COLUMN pledge_confirmation.words IS 'What is queried, or a remark. For business support, partners and the scrutineer, never the public.';
CREATE INDEX pledge_confirmation_line_idx ON pledge_confirmation (line_id, revision);
CREATE TRIGGER pledge_confirmation_recorded BEFORE INSERT OR UPDATE ON pledge_confirmation FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER pledge_confirmation_insert_only BEFORE UPDATE OR DELETE ON pledge_confirmation FOR EACH ROW EXECUTE FUNCTION forbid_change('pledge_confirmation_insert_only');
CREATE TRIGGER pledge_confirmation_no_truncate BEFORE TRUNCATE ON pledge_confirmation FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('pledge_confirmation_insert_only');

CREATE FUNCTION pledge_confirmation_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE line funding_line;
BEGIN
    SELECT * INTO line FROM funding_line WHERE id = NEW.line_id FOR SHARE;
    IF line.removed_at IS NOT NULL OR NEW.revision <> line.revision THEN
        RAISE EXCEPTION 'the line has changed since it was read' USING ERRCODE = '23001', CONSTRAINT = 'pledge_confirmation_of_present_line';
    END IF;
    IF NOT EXISTS (SELECT FROM role_grant g WHERE g.account_id = NEW.account_id AND g.organisation_id = line.organisation_id
                   AND g.role = 'agency-staff' AND g.ended_at IS NULL) THEN
        RAISE EXCEPTION 'the account is not one of the payer''s staff' USING ERRCODE = '23001', CONSTRAINT = 'pledge_confirmation_by_payer';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION pledge_confirmation_guard() IS 'A pledge is confirmed or queried as it stands, by staff of the agency that makes it.';
CREATE TRIGGER pledge_confirmation_guarded BEFORE INSERT ON pledge_confirmation FOR EACH ROW EXECUTE FUNCTION pledge_confirmation_guard();

CREATE TABLE funding_review (
    id             bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT funding_review_pkey PRIMARY KEY,
    financial_year integer NOT NULL CONSTRAINT funding_review_financial_year_fkey REFERENCES funding_year,
    held_on        date NOT NULL,
    outcome        text NOT NULL CONSTRAINT funding_review_outcome_length CHECK (length(btrim(outcome)) BETWEEN 1 AND 4000),
    next_due_on    date NOT NULL,
    recorded_by    bigint CONSTRAINT funding_review_recorded_by_fkey REFERENCES account,
    recorded_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT funding_review_next_is_later CHECK (next_due_on > held_on)
);
COMMENT ON TABLE funding_review IS 'A review of a year''s contributions by the safeguarding partners: what came of it, and when the next is due. Public with the year.';
CREATE INDEX funding_review_financial_year_idx ON funding_review (financial_year);
CREATE TRIGGER funding_review_recorded BEFORE INSERT OR UPDATE ON funding_review FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER funding_review_insert_only BEFORE UPDATE OR DELETE ON funding_review FOR EACH ROW EXECUTE FUNCTION forbid_change('funding_review_insert_only');
CREATE TRIGGER funding_review_no_truncate BEFORE TRUNCATE ON funding_review FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('funding_review_insert_only');

CREATE FUNCTION funding_review_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM funding_year y WHERE y.financial_year = NEW.financial_year AND y.agreed_at IS NULL;
    IF FOUND THEN
        RAISE EXCEPTION 'what is not agreed is not reviewed' USING ERRCODE = '23001', CONSTRAINT = 'funding_review_of_an_agreed_year';
    END IF;
    IF NEW.held_on > london_day(clock_timestamp()) THEN
        RAISE EXCEPTION 'a review is recorded when it has been held' USING ERRCODE = '23001', CONSTRAINT = 'funding_review_held';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION funding_review_guard() IS 'A review that was held of an agreed year is recorded.';
CREATE TRIGGER funding_review_guarded BEFORE INSERT ON funding_review FOR EACH ROW EXECUTE FUNCTION funding_review_guard();

GRANT SELECT ON pledge_confirmation, funding_review TO portal_app;
GRANT INSERT (line_id, revision, account_id, answer, words) ON pledge_confirmation TO portal_app;
GRANT INSERT (financial_year, held_on, outcome, next_due_on, recorded_by) ON funding_review TO portal_app;

UPDATE schema_migrations SET dirty = false;
COMMIT;
