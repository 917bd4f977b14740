BEGIN;

-- Terms are only ever brought forward, and never away from under an act; of the Schedule only confirmed wording is published.

CREATE FUNCTION appointment_term_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.ends_on IS NOT DISTINCT FROM OLD.ends_on THEN
        RETURN NEW;
    END IF;
    IF OLD.confirmed_by IS NULL THEN
        RAISE EXCEPTION 'a proposal is confirmed as it was proposed' USING ERRCODE = '23001', CONSTRAINT = 'appointment_as_proposed';
    END IF;
    IF NEW.ends_on IS NULL OR NEW.ends_on > OLD.ends_on THEN
        RAISE EXCEPTION 'two people give a longer term, by a new appointment' USING ERRCODE = '23001', CONSTRAINT = 'appointment_not_lengthened';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION appointment_term_guard() IS 'The term of an appointment is what was proposed and confirmed; its last day can be brought forward, no more.';
CREATE TRIGGER appointment_term BEFORE UPDATE ON appointment FOR EACH ROW EXECUTE FUNCTION appointment_term_guard();

CREATE FUNCTION safeguarding_partner_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.ends_on IS DISTINCT FROM OLD.ends_on AND EXISTS (SELECT FROM act a
        WHERE a.partner_id = NEW.id AND a.signed_on > NEW.ends_on) THEN
        RAISE EXCEPTION 'the partner signed or declined after that day' USING ERRCODE = '23001', CONSTRAINT = 'safeguarding_partner_ends_after_acts';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION safeguarding_partner_guard() IS 'A partner''s time never ends before its last act.';
CREATE TRIGGER safeguarding_partner_term BEFORE UPDATE ON safeguarding_partner FOR EACH ROW EXECUTE FUNCTION safeguarding_partner_guard();

CREATE OR REPLACE VIEW published.agency_group AS
    SELECT DISTINCT mc.membership_id AS agency_id, c.group_name FROM public.agency_membership_category mc JOIN public.agency_category c USING (paragraph)
    WHERE c.confidence = 'confirmed';
COMMENT ON VIEW published.agency_group IS 'The groups of the Schedule that an agency falls under, where the wording is confirmed.';

UPDATE schema_migrations SET dirty = false;
COMMIT;
