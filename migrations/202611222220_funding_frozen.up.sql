BEGIN;

-- What a round puts to the partners is the whole year as proposed; and what is closed stands still.

-- Every word that is put to the partners is compared, not the sums alone; a category of nothing is not put to them.
CREATE OR REPLACE FUNCTION funding_lines_frozen(frozen jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_array(frozen->>'method', frozen->>'reviewDueOn',
        (SELECT jsonb_agg(l - 'organisation' ORDER BY (l->>'line')::bigint) FROM jsonb_array_elements(frozen->'lines') l),
        (SELECT jsonb_agg(jsonb_build_array(b->>'category', (b->>'pence')::bigint) ORDER BY (b->>'category') COLLATE "C") FROM jsonb_array_elements(frozen->'budget') b))
$$;
COMMENT ON FUNCTION funding_lines_frozen(jsonb) IS 'All of a frozen year (funding-year/1) but the names of the day, to compare with what is proposed.';
CREATE OR REPLACE FUNCTION funding_lines_proposed(year integer) RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT jsonb_build_array(y.method, coalesce(y.review_due_on::text, ''),
        (SELECT jsonb_agg(jsonb_build_object('line', l.id, 'slug', o.slug, 'form', l.form, 'payerTotalPence', l.payer_total_pence, 'pence', l.pence,
                'parts', funding_line_parts(l.id, l.revision), 'valuation', l.valuation, 'estimated', l.is_estimated, 'purpose', l.purpose,
                'conditions', l.conditions, 'note', l.note, 'decision', coalesce(nullif(d.number, ''), d.ref, '')) ORDER BY l.id)
         FROM funding_line l JOIN organisation o ON o.id = l.organisation_id LEFT JOIN decision d ON d.id = l.decision_id
         WHERE l.financial_year = y.financial_year AND l.removed_at IS NULL),
        (SELECT jsonb_agg(jsonb_build_array(c.name, b.pence) ORDER BY c.name COLLATE "C") FROM budget_line b JOIN funding_category c ON c.code = b.category
         WHERE b.financial_year = y.financial_year AND b.pence > 0))
    FROM funding_year y WHERE y.financial_year = year
$$;
COMMENT ON FUNCTION funding_lines_proposed(integer) IS 'All of a year as it is proposed now, but the reserve.';

CREATE OR REPLACE FUNCTION funding_year_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
       AND (funding_year_has_live_round(NEW.financial_year) OR EXISTS (SELECT FROM funding_closing c WHERE c.financial_year = NEW.financial_year)) THEN
        RAISE EXCEPTION 'the year is frozen by a round, or closed' USING ERRCODE = '23001', CONSTRAINT = 'funding_year_frozen';
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
COMMENT ON FUNCTION funding_year_guard() IS 'No year is left out silently; what a round puts to the partners stands still; a year is agreed by its round and released once; a closed one stands.';

CREATE OR REPLACE FUNCTION budget_line_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM funding_year y WHERE y.financial_year = NEW.financial_year FOR SHARE;
    IF funding_year_has_live_round(NEW.financial_year) OR EXISTS (SELECT FROM funding_closing c WHERE c.financial_year = NEW.financial_year) THEN
        RAISE EXCEPTION 'the budget is frozen by a round' USING ERRCODE = '23001', CONSTRAINT = 'budget_line_frozen';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION budget_line_guard() IS 'The budget of a year stands while a round of it is live, once it is agreed here, and once it is closed.';

UPDATE schema_migrations SET dirty = false;
COMMIT;
