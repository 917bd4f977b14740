BEGIN;

-- Whoever enters figures of one area at the same moment waits for the other only while committing, not from the first
-- figure on.

CREATE OR REPLACE FUNCTION comparable_figure_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    line comparable_figure;
BEGIN
    IF NEW.reverses_id IS NOT NULL THEN
        SELECT * INTO line FROM comparable_figure WHERE id = NEW.reverses_id;
        IF NOT FOUND THEN
            RETURN NEW; -- the foreign key refuses it
        END IF;
        IF line.reverses_id IS NOT NULL THEN
            RAISE EXCEPTION 'a line that takes another one out stays' USING ERRCODE = '23001', CONSTRAINT = 'comparable_figure_reverses_a_figure';
        END IF;
        IF (NEW.area, NEW.financial_year, NEW.measure, NEW.kind, NEW.amount, NEW.is_demonstration)
           IS DISTINCT FROM (line.area, line.financial_year, line.measure, line.kind, line.amount, line.is_demonstration) THEN
            RAISE EXCEPTION 'a figure is taken out whole' USING ERRCODE = '23001', CONSTRAINT = 'comparable_figure_reversed_whole';
        END IF;
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT FROM comparable_figure f WHERE lower(f.area) = lower(NEW.area) AND f.financial_year = NEW.financial_year
               AND f.measure = NEW.measure AND f.kind = NEW.kind AND f.reverses_id IS NULL
               AND NOT EXISTS (SELECT FROM comparable_figure r WHERE r.reverses_id = f.id)) THEN
        RAISE EXCEPTION 'there is such a figure already' USING ERRCODE = '23505', CONSTRAINT = 'comparable_figure_once';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION comparable_figure_alone() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('comparable_figure ' || lower(NEW.area), 0));
    IF (SELECT count(*) FROM comparable_figure f WHERE lower(f.area) = lower(NEW.area) AND f.financial_year = NEW.financial_year
        AND f.measure = NEW.measure AND f.kind = NEW.kind AND f.reverses_id IS NULL
        AND NOT EXISTS (SELECT FROM comparable_figure r WHERE r.reverses_id = f.id)) > 1 THEN
        RAISE EXCEPTION 'somebody entered such a figure at the same moment' USING ERRCODE = '23505', CONSTRAINT = 'comparable_figure_alone';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION comparable_figure_alone() IS 'Of two who enter the same figure at once, the second to commit is refused.';
CREATE CONSTRAINT TRIGGER comparable_figure_alone AFTER INSERT ON comparable_figure DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.reverses_id IS NULL) EXECUTE FUNCTION comparable_figure_alone();

UPDATE schema_migrations SET dirty = false;
COMMIT;
