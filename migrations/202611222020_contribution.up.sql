BEGIN;

-- What each organisation gives to the partnership for a financial year: agreed elsewhere, written down here with its source.

CREATE TABLE contribution (
    id               bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT contribution_pkey PRIMARY KEY,
    financial_year   integer NOT NULL CONSTRAINT contribution_financial_year_range CHECK (financial_year BETWEEN 1990 AND 2199),
    organisation_id  bigint NOT NULL CONSTRAINT contribution_organisation_fkey REFERENCES organisation,
    form             text NOT NULL CONSTRAINT contribution_form_known CHECK (form IN ('cash', 'in kind')),
    pence            bigint NOT NULL CONSTRAINT contribution_pence_range CHECK (pence BETWEEN 0 AND 1000000000000),
    valuation        text NOT NULL DEFAULT '' CONSTRAINT contribution_valuation_length CHECK (length(valuation) <= 500),
    is_estimated     boolean NOT NULL DEFAULT false,
    purpose          text NOT NULL CONSTRAINT contribution_purpose_length CHECK (length(btrim(purpose)) BETWEEN 1 AND 200),
    note             text NOT NULL DEFAULT '' CONSTRAINT contribution_note_length CHECK (length(note) <= 2000),
    agreed_on        date NOT NULL,
    agreed_precision text NOT NULL CONSTRAINT contribution_agreed_precision_known CHECK (agreed_precision IN ('day', 'month', 'year', 'not before')),
    source           text NOT NULL CONSTRAINT contribution_source_length CHECK (length(btrim(source)) BETWEEN 1 AND 2000),
    reverses_id      bigint CONSTRAINT contribution_reverses_fkey REFERENCES contribution,
    reason           text NOT NULL DEFAULT '' CONSTRAINT contribution_reason_length CHECK (length(reason) <= 2000),
    is_demonstration boolean NOT NULL DEFAULT false,
    recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT contribution_in_kind_valued CHECK ((form = 'in kind') = (btrim(valuation) <> '')),
    CONSTRAINT contribution_cash_not_estimated CHECK (form = 'in kind' OR NOT is_estimated),
    CONSTRAINT contribution_reversed_for_reason CHECK ((reverses_id IS NOT NULL) = (btrim(reason) <> '')),
    CONSTRAINT contribution_reversed_once UNIQUE (reverses_id)
);
COMMENT ON TABLE contribution IS 'A contribution that was agreed elsewhere, as recorded here; or the line that takes one out again.';
COMMENT ON COLUMN contribution.financial_year IS 'The calendar year in which it begins: 2019 is 1 April 2019 to 31 March 2020.';
COMMENT ON COLUMN contribution.organisation_id IS 'Who agreed to give it. A successor is never written in its place: totals follow successions when they are read.';
COMMENT ON COLUMN contribution.pence IS 'Whole pence; of a reversing line what it takes out.';
COMMENT ON COLUMN contribution.valuation IS 'How what is given in kind was valued; empty for cash.';
COMMENT ON COLUMN contribution.agreed_on IS 'When it was agreed; a month or a year is kept as its first day.';
COMMENT ON COLUMN contribution.source IS 'Where the agreement can be read: a board''s minutes, a decision. Public.';
COMMENT ON COLUMN contribution.reverses_id IS 'The line that this one takes out, whole and once; null for a contribution.';
COMMENT ON COLUMN contribution.reason IS 'Why a line was taken out. Public; empty for a contribution.';
COMMENT ON COLUMN contribution.is_demonstration IS 'The record was invented for the demonstration and is marked so wherever shown.';
CREATE INDEX contribution_financial_year_idx ON contribution (financial_year);
CREATE INDEX contribution_organisation_idx ON contribution (organisation_id);

CREATE FUNCTION contribution_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
COMMENT ON FUNCTION contribution_guard() IS 'A contribution is of a body that existed in its year, as far as is known; a reversing line takes one contribution out whole.';
CREATE TRIGGER contribution_guarded BEFORE INSERT ON contribution FOR EACH ROW EXECUTE FUNCTION contribution_guard();
CREATE TRIGGER contribution_recorded BEFORE INSERT OR UPDATE ON contribution FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER contribution_insert_only BEFORE UPDATE OR DELETE ON contribution FOR EACH ROW EXECUTE FUNCTION forbid_change('contribution_insert_only');
CREATE TRIGGER contribution_no_truncate BEFORE TRUNCATE ON contribution FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('contribution_insert_only');
CREATE TRIGGER contribution_published_changed AFTER INSERT OR UPDATE OR DELETE ON contribution FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
GRANT SELECT ON contribution TO portal_app;
GRANT INSERT (financial_year, organisation_id, form, pence, valuation, is_estimated, purpose, note, agreed_on, agreed_precision, source, reverses_id,
              reason, is_demonstration) ON contribution TO portal_app;

CREATE FUNCTION organisation_contribution_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
CREATE TRIGGER organisation_contributions BEFORE UPDATE ON organisation FOR EACH ROW EXECUTE FUNCTION organisation_contribution_guard();

CREATE VIEW published.contribution AS
    SELECT id, financial_year, organisation_id, form, pence, valuation, is_estimated, purpose, note, agreed_on, agreed_precision, source,
           reverses_id, reason, is_demonstration, recorded_at
    FROM public.contribution;
COMMENT ON VIEW published.contribution IS 'Recorded contributions, and the lines that took one out.';
GRANT SELECT ON published.contribution TO portal_public, portal_app;

UPDATE schema_migrations SET dirty = false;
COMMIT;
