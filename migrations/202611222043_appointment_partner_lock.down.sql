BEGIN;
CREATE OR REPLACE FUNCTION appointment_partner_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM safeguarding_partner p WHERE p.id = NEW.partner_id AND p.retracted_at IS NOT NULL FOR SHARE;
    IF FOUND THEN
        RAISE EXCEPTION 'the partner was retracted' USING ERRCODE = '23001', CONSTRAINT = 'appointment_of_partner_that_counts';
    END IF;
    RETURN NEW;
END $$;

UPDATE schema_migrations SET dirty = false;
COMMIT;
