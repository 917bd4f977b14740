BEGIN;

DROP TRIGGER contribution_recorded_alone ON contribution;
DROP TRIGGER funding_year_begun_alone ON funding_year;
DROP FUNCTION contribution_recorded_alone(), funding_year_begun_alone();
CREATE OR REPLACE FUNCTION contribution_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    body organisation;
    line contribution;
    year funding_year;
BEGIN
    IF NEW.reverses_id IS NOT NULL THEN
        SELECT * INTO line FROM contribution WHERE id = NEW.reverses_id;
        IF NOT FOUND THEN
            RETURN NEW; -- the foreign key refuses it
        END IF;
        IF line.reverses_id IS NOT NULL THEN
            RAISE EXCEPTION 'a line that takes another one out stays' USING ERRCODE = '23001', CONSTRAINT = 'contribution_reverses_a_contribution';
        END IF;
        IF (NEW.financial_year, NEW.organisation_id, NEW.form, NEW.pence, NEW.is_demonstration)
           IS DISTINCT FROM (line.financial_year, line.organisation_id, line.form, line.pence, line.is_demonstration) THEN
            RAISE EXCEPTION 'a line is taken out whole' USING ERRCODE = '23001', CONSTRAINT = 'contribution_reversed_whole';
        END IF;
        RETURN NEW; -- what should never have been recorded can be taken out whatever is known of the body now
    END IF;
    -- No year begins here meanwhile; and a year's state is seen as it will be.
    PERFORM pg_advisory_xact_lock_shared(hashtext('funding_year'));
    SELECT * INTO year FROM funding_year WHERE financial_year = NEW.financial_year FOR SHARE;
    IF year.origin = 'portal' AND NEW.funding_line_id IS NULL AND (year.agreed_at IS NULL OR btrim(NEW.adjustment_reason) = '') THEN
        RAISE EXCEPTION 'the year is agreed by its round, and then adjusted for a reason' USING ERRCODE = '23001', CONSTRAINT = 'contribution_of_an_agreed_year';
    END IF;
    IF year.origin IS DISTINCT FROM 'portal' AND NEW.adjustment_reason <> '' THEN
        RAISE EXCEPTION 'only a year that was agreed here is adjusted' USING ERRCODE = '23001', CONSTRAINT = 'contribution_adjusts_an_agreed_year';
    END IF;
    IF NEW.funding_line_id IS NOT NULL AND NOT EXISTS (SELECT FROM funding_line l WHERE l.id = NEW.funding_line_id AND l.removed_at IS NULL
       AND year.agreed_round_id IS NOT NULL AND (l.financial_year, l.organisation_id, l.form, l.pence) = (NEW.financial_year, NEW.organisation_id, NEW.form, NEW.pence)) THEN
        RAISE EXCEPTION 'the contribution is not the line that was signed' USING ERRCODE = '23001', CONSTRAINT = 'contribution_of_its_line';
    END IF;
    -- The lock makes a last day that is being recorded at this moment wait, or be seen.
    SELECT * INTO body FROM organisation WHERE id = NEW.organisation_id FOR SHARE;
    IF body.starts_on > make_date(NEW.financial_year + 1, 3, 31) OR body.ends_on < make_date(NEW.financial_year, 4, 1) OR body.retracted_at IS NOT NULL THEN
        RAISE EXCEPTION 'the organisation did not exist in that year' USING ERRCODE = '23001', CONSTRAINT = 'contribution_organisation_existed';
    END IF;
    RETURN NEW;
END $$;
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

UPDATE schema_migrations SET dirty = false;
COMMIT;
