BEGIN;
-- Years agreed here have no place in the schema before; going down is for development only.

DROP VIEW published.funding_review, published.budget_line, published.funding_line, published.funding_year, published.contribution;
DROP TRIGGER funding_review_published_changed ON funding_review;
DROP TRIGGER budget_line_published_changed ON budget_line;
DROP TRIGGER funding_category_published_changed ON funding_category;
DROP TRIGGER pledge_confirmation_published_changed ON pledge_confirmation;
DROP TRIGGER funding_line_part_published_changed ON funding_line_part;
DROP TRIGGER funding_line_published_changed ON funding_line;
DROP TRIGGER funding_year_published_changed ON funding_year;
DROP TRIGGER round_agrees_year ON round;
DROP FUNCTION funding_year_agrees();
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
    IF body.starts_on > make_date(NEW.financial_year + 1, 3, 31) OR body.ends_on < make_date(NEW.financial_year, 4, 1) OR body.retracted_at IS NOT NULL THEN
        RAISE EXCEPTION 'the organisation did not exist in that year' USING ERRCODE = '23001', CONSTRAINT = 'contribution_organisation_existed';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION organisation_contribution_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.starts_on, NEW.ends_on) IS DISTINCT FROM (OLD.starts_on, OLD.ends_on) AND EXISTS (
        SELECT FROM contribution c WHERE c.organisation_id = NEW.id AND c.reverses_id IS NULL
          AND (NEW.starts_on > make_date(c.financial_year + 1, 3, 31) OR NEW.ends_on < make_date(c.financial_year, 4, 1))
          AND NOT EXISTS (SELECT FROM contribution r WHERE r.reverses_id = c.id)) THEN
        RAISE EXCEPTION 'a contribution is recorded for a year in which it would not exist' USING ERRCODE = '23001', CONSTRAINT = 'organisation_exists_for_contributions';
    END IF;
    IF NEW.retracted_reason IS NOT NULL AND OLD.retracted_reason IS NULL AND EXISTS (SELECT FROM contribution c WHERE c.organisation_id = NEW.id) THEN
        RAISE EXCEPTION 'a contribution is recorded of it' USING ERRCODE = '23001', CONSTRAINT = 'organisation_retracted_without_contributions';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION organisation_contribution_guard() IS 'The time of a body is never cut short of the years for which it gives contributions, and a body that gave any is not retracted.';

COMMENT ON FUNCTION contribution_guard() IS 'A contribution is of a body that existed in its year, as far as is known; a reversing line takes one contribution out whole.';
ALTER TABLE contribution DROP CONSTRAINT contribution_adds_up, DROP CONSTRAINT contribution_split_whole, DROP COLUMN funding_line_id,
    DROP COLUMN payer_total_pence, DROP COLUMN parts, DROP COLUMN conditions, DROP COLUMN decision_id, DROP COLUMN decision_number,
    DROP COLUMN adjustment_reason;
COMMENT ON TABLE contribution IS 'A contribution that was agreed elsewhere, as recorded here; or the line that takes one out again.';

CREATE VIEW published.contribution AS
    SELECT id, financial_year, organisation_id, form, pence, valuation, is_estimated, purpose, note, agreed_on, agreed_precision, source,
           reverses_id, reason, is_demonstration, recorded_at
    FROM public.contribution;
COMMENT ON VIEW published.contribution IS 'Recorded contributions, and the lines that took one out.';
GRANT SELECT ON published.contribution TO portal_public, portal_app;

UPDATE schema_migrations SET dirty = false;
COMMIT;
