BEGIN;

DROP VIEW published.known_organisation_succession;

CREATE OR REPLACE FUNCTION organisation_contribution_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.starts_on, NEW.ends_on) IS DISTINCT FROM (OLD.starts_on, OLD.ends_on) AND EXISTS (
        SELECT FROM contribution c WHERE c.organisation_id = NEW.id AND c.reverses_id IS NULL
          AND (NEW.starts_on > make_date(c.financial_year + 1, 3, 31) OR NEW.ends_on < make_date(c.financial_year, 4, 1))
          AND NOT EXISTS (SELECT FROM contribution r WHERE r.reverses_id = c.id)) THEN
        RAISE EXCEPTION 'a contribution is recorded for a year in which it would not exist' USING ERRCODE = '23001', CONSTRAINT = 'organisation_exists_for_contributions';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION organisation_contribution_guard() IS 'The time of a body is never cut short of the years for which it gives contributions.';

CREATE OR REPLACE FUNCTION contribution_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    body organisation;
    line contribution;
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
    -- The lock makes a last day that is being recorded at this moment wait, or be seen.
    SELECT * INTO body FROM organisation WHERE id = NEW.organisation_id FOR SHARE;
    IF body.starts_on > make_date(NEW.financial_year + 1, 3, 31) OR body.ends_on < make_date(NEW.financial_year, 4, 1) THEN
        RAISE EXCEPTION 'the organisation did not exist in that year' USING ERRCODE = '23001', CONSTRAINT = 'contribution_organisation_existed';
    END IF;
    RETURN NEW;
END $$;

UPDATE schema_migrations SET dirty = false;
COMMIT;
