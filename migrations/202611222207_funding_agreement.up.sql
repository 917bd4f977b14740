BEGIN;

-- When every safeguarding partner has signed a year, its lines become contributions, in the same transaction. From then on
-- the year changes by adjustments alone. And what the public sees: years that were released.

ALTER TABLE contribution
    ADD COLUMN funding_line_id bigint CONSTRAINT contribution_funding_line_fkey REFERENCES funding_line CONSTRAINT contribution_funding_line_key UNIQUE,
    ADD COLUMN payer_total_pence bigint CONSTRAINT contribution_payer_total_range CHECK (payer_total_pence BETWEEN 1 AND 1000000000000),
    ADD COLUMN parts jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN conditions text NOT NULL DEFAULT '' CONSTRAINT contribution_conditions_length CHECK (length(conditions) <= 2000),
    ADD COLUMN decision_id bigint CONSTRAINT contribution_decision_fkey REFERENCES decision,
    ADD COLUMN decision_number text NOT NULL DEFAULT '' CONSTRAINT contribution_decision_number_length CHECK (length(decision_number) <= 40),
    ADD COLUMN adjustment_reason text NOT NULL DEFAULT '' CONSTRAINT contribution_adjustment_reason_length CHECK (length(adjustment_reason) <= 2000),
    ADD CONSTRAINT contribution_split_whole CHECK ((payer_total_pence IS NULL) = (parts = '[]')),
    ADD CONSTRAINT contribution_adds_up CHECK (parts_add_up(parts, payer_total_pence, pence));
COMMENT ON TABLE contribution IS 'A contribution that was agreed: by a round here, or elsewhere and recorded here; or the line that takes one out again.';
COMMENT ON COLUMN contribution.funding_line_id IS 'The line of the year that every safeguarding partner signed; null for what was agreed elsewhere, and for adjustments.';
COMMENT ON COLUMN contribution.payer_total_pence IS 'What the payer gives in all, of which pence is our part; null if it is all ours.';
COMMENT ON COLUMN contribution.parts IS 'How that total is divided: [{"label": "Children''s", "weight": 1, "isOurs": true}, …]. Percentages are never stored.';
COMMENT ON COLUMN contribution.conditions IS 'On what the payer makes it depend. Public.';
COMMENT ON COLUMN contribution.decision_id IS 'The record of decision that authorised it, if it is kept here.';
COMMENT ON COLUMN contribution.decision_number IS 'Its number, as stated when the contribution was agreed or recorded.';
COMMENT ON COLUMN contribution.adjustment_reason IS 'Why a line was added to a year that was already agreed here. Public.';
GRANT INSERT (payer_total_pence, parts, conditions, decision_id, decision_number, adjustment_reason) ON contribution TO portal_app;

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
COMMENT ON FUNCTION contribution_guard() IS 'A contribution is of a body that existed in its year, and of a year agreed here only by its round or for a reason; a reversing line takes one contribution out whole.';

-- What is proposed keeps a body as what is agreed does: else the last signature could fail.
CREATE OR REPLACE FUNCTION organisation_contribution_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.starts_on, NEW.ends_on) IS DISTINCT FROM (OLD.starts_on, OLD.ends_on) AND EXISTS (
        SELECT FROM (
            SELECT c.financial_year FROM contribution c WHERE c.organisation_id = NEW.id AND c.reverses_id IS NULL
              AND NOT EXISTS (SELECT FROM contribution r WHERE r.reverses_id = c.id)
            UNION ALL SELECT l.financial_year FROM funding_line l JOIN funding_year y USING (financial_year)
            WHERE l.organisation_id = NEW.id AND l.removed_at IS NULL AND y.agreed_at IS NULL) g
        WHERE NEW.starts_on > make_date(g.financial_year + 1, 3, 31) OR NEW.ends_on < make_date(g.financial_year, 4, 1)) THEN
        RAISE EXCEPTION 'a contribution is recorded for a year in which it would not exist' USING ERRCODE = '23001', CONSTRAINT = 'organisation_exists_for_contributions';
    END IF;
    IF NEW.retracted_reason IS NOT NULL AND OLD.retracted_reason IS NULL AND (EXISTS (SELECT FROM contribution c WHERE c.organisation_id = NEW.id)
       OR EXISTS (SELECT FROM funding_line l WHERE l.organisation_id = NEW.id AND l.removed_at IS NULL)) THEN
        RAISE EXCEPTION 'a contribution is recorded of it' USING ERRCODE = '23001', CONSTRAINT = 'organisation_retracted_without_contributions';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION organisation_contribution_guard() IS 'The time of a body is never cut short of the years for which it gives or is to give contributions, and such a body is not retracted.';

CREATE FUNCTION funding_year_agrees() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE today date := london_day(clock_timestamp());
BEGIN
    UPDATE funding_year SET agreed_at = clock_timestamp(), agreed_round_id = NEW.id, agreed_on = today, agreed_precision = 'day'
    WHERE financial_year = NEW.paper_id;
    INSERT INTO contribution (financial_year, organisation_id, form, pence, payer_total_pence, parts, valuation, is_estimated, purpose, conditions, note,
                              decision_id, decision_number, agreed_on, agreed_precision, source, is_demonstration, funding_line_id)
    SELECT l.financial_year, l.organisation_id, l.form, l.pence, CASE WHEN p.parts <> '[]' THEN l.payer_total_pence END, p.parts, l.valuation, l.is_estimated,
           upper(left(l.purpose, 1)) || substr(l.purpose, 2), l.conditions, l.note, l.decision_id, coalesce(d.number, ''), today, 'day',
           'Agreed by every safeguarding partner, round ' || NEW.number, y.is_demonstration, l.id
    FROM funding_line l JOIN funding_year y USING (financial_year) LEFT JOIN decision d ON d.id = l.decision_id
    CROSS JOIN LATERAL (SELECT funding_line_parts(l.id, l.revision) AS parts) p
    WHERE l.financial_year = NEW.paper_id AND l.removed_at IS NULL ORDER BY l.id;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION funding_year_agrees() IS 'A complete round makes its year agreed and each line a contribution.';
CREATE TRIGGER round_agrees_year AFTER UPDATE OF outcome ON round
    FOR EACH ROW WHEN (NEW.paper_kind = 'funding year' AND NEW.outcome = 'complete' AND OLD.outcome = 'open') EXECUTE FUNCTION funding_year_agrees();

CREATE OR REPLACE VIEW published.contribution AS
    SELECT c.id, c.financial_year, c.organisation_id, c.form, c.pence, c.valuation, c.is_estimated, c.purpose, c.note, c.agreed_on, c.agreed_precision, c.source,
           c.reverses_id, c.reason, c.is_demonstration, greatest(c.recorded_at, CASE WHEN y.origin = 'portal' THEN y.released_at END) AS recorded_at,
           coalesce(c.payer_total_pence, c.pence) AS payer_total_pence, c.parts, c.conditions, c.decision_number, c.adjustment_reason,
           c.funding_line_id IS NOT NULL AS was_signed, coalesce(p.answer = 'confirmed', false) AS is_confirmed
    FROM public.contribution c LEFT JOIN public.funding_year y ON y.financial_year = c.financial_year LEFT JOIN public.funding_line l ON l.id = c.funding_line_id
    LEFT JOIN LATERAL (SELECT x.answer FROM public.pledge_confirmation x WHERE x.line_id = l.id AND x.revision = l.revision ORDER BY x.id DESC LIMIT 1) p ON true
    WHERE y.origin IS DISTINCT FROM 'portal' OR y.released_at IS NOT NULL;
COMMENT ON VIEW published.contribution IS 'Agreed contributions, and the lines that took one out: those of a year that was agreed here from its release on.';
COMMENT ON COLUMN published.contribution.recorded_at IS 'Since when the public can know it.';
COMMENT ON COLUMN published.contribution.was_signed IS 'A line of the year that every safeguarding partner signed.';

CREATE VIEW published.funding_year AS
    SELECT y.financial_year, y.origin, y.opening_pence, y.skip_reason, y.method,
           coalesce((SELECT r.next_due_on FROM public.funding_review r WHERE r.financial_year = y.financial_year ORDER BY r.held_on DESC, r.id DESC LIMIT 1),
                    y.review_due_on) AS review_due_on,
           y.agreed_at, y.agreed_on, y.agreed_precision, y.agreed_source, r.number AS round_number, y.released_at, y.is_demonstration
    FROM public.funding_year y LEFT JOIN public.round r ON r.id = y.agreed_round_id WHERE y.released_at IS NOT NULL;
COMMENT ON VIEW published.funding_year IS 'The financial years that were released.';
CREATE VIEW published.funding_line AS
    SELECT l.id, l.financial_year, l.organisation_id, l.form, l.payer_total_pence, l.pence,
           coalesce((SELECT jsonb_agg(jsonb_build_object('label', x.label, 'weight', x.weight, 'isOurs', x.is_ours) ORDER BY x.position)
                     FROM public.funding_line_part x WHERE x.line_id = l.id AND x.revision = l.revision), '[]') AS parts, l.valuation,
           l.is_estimated, l.purpose, l.conditions, l.note, coalesce(d.number, '') AS decision_number, coalesce(p.answer = 'confirmed', false) AS is_confirmed,
           y.is_demonstration
    FROM public.funding_line l JOIN public.funding_year y USING (financial_year)
    LEFT JOIN public.decision_line d ON d.decision_id = l.decision_id AND d.is_public
    LEFT JOIN LATERAL (SELECT x.answer FROM public.pledge_confirmation x WHERE x.line_id = l.id AND x.revision = l.revision ORDER BY x.id DESC LIMIT 1) p ON true
    WHERE y.released_at IS NOT NULL AND y.agreed_at IS NULL AND l.removed_at IS NULL;
COMMENT ON VIEW published.funding_line IS 'What is proposed in released years and still to be agreed.';
CREATE VIEW published.budget_line AS
    SELECT b.financial_year, b.category, c.name, c.position, b.pence
    FROM public.budget_line b JOIN public.funding_category c ON c.code = b.category JOIN public.funding_year y USING (financial_year)
    WHERE y.released_at IS NOT NULL AND b.pence > 0;
COMMENT ON VIEW published.budget_line IS 'The budgets of released years.';
CREATE VIEW published.funding_review AS
    SELECT r.id, r.financial_year, r.held_on, r.outcome, r.next_due_on, r.recorded_at
    FROM public.funding_review r JOIN public.funding_year y USING (financial_year) WHERE y.released_at IS NOT NULL;
COMMENT ON VIEW published.funding_review IS 'The reviews of released years.';
GRANT SELECT ON published.funding_year, published.funding_line, published.budget_line, published.funding_review TO portal_public, portal_app;
CREATE TRIGGER funding_year_published_changed AFTER INSERT OR UPDATE OR DELETE ON funding_year FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER funding_line_published_changed AFTER INSERT OR UPDATE OR DELETE ON funding_line FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER funding_line_part_published_changed AFTER INSERT OR UPDATE OR DELETE ON funding_line_part FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER pledge_confirmation_published_changed AFTER INSERT OR UPDATE OR DELETE ON pledge_confirmation FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER funding_category_published_changed AFTER INSERT OR UPDATE OR DELETE ON funding_category FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER budget_line_published_changed AFTER INSERT OR UPDATE OR DELETE ON budget_line FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER funding_review_published_changed AFTER INSERT OR UPDATE OR DELETE ON funding_review FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();

UPDATE schema_migrations SET dirty = false;
COMMIT;
