BEGIN;

-- What other areas pay for the same work, with a source, so that shares can be read side by side; and how many children
-- live in an area.

CREATE TABLE comparable_figure (
    id               bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT comparable_figure_pkey PRIMARY KEY,
    area             text NOT NULL CONSTRAINT comparable_figure_area_length CHECK (length(area) <= 100 AND area = btrim(area)),
    financial_year   integer NOT NULL CONSTRAINT comparable_figure_financial_year_range CHECK (financial_year BETWEEN 1990 AND 2199),
    measure          text NOT NULL CONSTRAINT comparable_figure_measure_known CHECK (measure IN ('cash', 'in kind', 'children')),
    kind             text NOT NULL DEFAULT '' CONSTRAINT comparable_figure_kind_known CHECK (kind IN
                     ('', 'local authority', 'police', 'health', 'district council', 'education', 'criminal justice', 'voluntary', 'other')),
    amount           bigint NOT NULL CONSTRAINT comparable_figure_amount_range CHECK (CASE measure
                         WHEN 'children' THEN amount BETWEEN 1 AND 10000000 ELSE amount BETWEEN 0 AND 1000000000000 END),
    source           text NOT NULL CONSTRAINT comparable_figure_source_length CHECK (length(btrim(source)) BETWEEN 1 AND 2000),
    note             text NOT NULL DEFAULT '' CONSTRAINT comparable_figure_note_length CHECK (length(note) <= 2000),
    reverses_id      bigint CONSTRAINT comparable_figure_reverses_fkey REFERENCES comparable_figure,
    reason           text NOT NULL DEFAULT '' CONSTRAINT comparable_figure_reason_length CHECK (length(reason) <= 2000),
    is_demonstration boolean NOT NULL DEFAULT false,
    recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT comparable_figure_kind_of_money CHECK ((measure = 'children') = (kind = '')),
    CONSTRAINT comparable_figure_of_another_area CHECK (area <> '' OR measure = 'children'),
    CONSTRAINT comparable_figure_reversed_for_reason CHECK ((reverses_id IS NOT NULL) = (btrim(reason) <> '')),
    CONSTRAINT comparable_figure_reversed_once UNIQUE (reverses_id)
);
COMMENT ON TABLE comparable_figure IS 'A published figure of another area, or the number of children of an area; or the line that takes one out again.';
COMMENT ON COLUMN comparable_figure.area IS 'The other area, as its source names it. Empty for the partnership''s own, of which only children are entered: what it pays is in contribution.';
COMMENT ON COLUMN comparable_figure.financial_year IS 'The calendar year in which it begins: 2019 is 1 April 2019 to 31 March 2020.';
COMMENT ON COLUMN comparable_figure.measure IS 'What is counted: pence of a kind of body, in cash or in kind, or the children of the area.';
COMMENT ON COLUMN comparable_figure.kind IS 'The kind of bodies that pay, all of that kind together; empty for children.';
COMMENT ON COLUMN comparable_figure.amount IS 'Whole pence, or children.';
COMMENT ON COLUMN comparable_figure.source IS 'Where the figure can be read. Public.';
COMMENT ON COLUMN comparable_figure.reverses_id IS 'The figure that this line takes out, whole and once; null for a figure.';
COMMENT ON COLUMN comparable_figure.reason IS 'Why a figure was taken out. Public; empty for a figure.';
COMMENT ON COLUMN comparable_figure.is_demonstration IS 'The record was invented for the demonstration and is marked so wherever shown.';
CREATE INDEX comparable_figure_area_idx ON comparable_figure (lower(area), financial_year);

CREATE FUNCTION comparable_figure_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    line comparable_figure;
BEGIN
    -- Whoever enters figures of the same area at the same moment waits, and then sees the other's.
    PERFORM pg_advisory_xact_lock(hashtextextended('comparable_figure ' || lower(NEW.area), 0));
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
COMMENT ON FUNCTION comparable_figure_guard() IS 'Of an area, a year, a kind of body and a form one figure counts; a reversing line takes one out whole.';
CREATE TRIGGER comparable_figure_guarded BEFORE INSERT ON comparable_figure FOR EACH ROW EXECUTE FUNCTION comparable_figure_guard();
CREATE TRIGGER comparable_figure_recorded BEFORE INSERT OR UPDATE ON comparable_figure FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER comparable_figure_insert_only BEFORE UPDATE OR DELETE ON comparable_figure FOR EACH ROW EXECUTE FUNCTION forbid_change('comparable_figure_insert_only');
CREATE TRIGGER comparable_figure_no_truncate BEFORE TRUNCATE ON comparable_figure FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('comparable_figure_insert_only');
CREATE TRIGGER comparable_figure_published_changed AFTER INSERT OR UPDATE OR DELETE ON comparable_figure FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
GRANT SELECT ON comparable_figure TO portal_app;
GRANT INSERT (area, financial_year, measure, kind, amount, source, note, reverses_id, reason, is_demonstration) ON comparable_figure TO portal_app;

CREATE VIEW published.comparable_figure AS
    SELECT id, area, financial_year, measure, kind, amount, source, note, reverses_id, reason, is_demonstration, recorded_at FROM public.comparable_figure;
COMMENT ON VIEW published.comparable_figure IS 'Figures of other areas, the children of areas, and the lines that took one out.';
GRANT SELECT ON published.comparable_figure TO portal_public, portal_app;

UPDATE schema_migrations SET dirty = false;
COMMIT;
