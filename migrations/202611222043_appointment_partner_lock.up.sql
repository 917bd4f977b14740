BEGIN;

-- The partner is locked first and looked at afterwards: a retraction that is under way is waited for.
CREATE OR REPLACE FUNCTION appointment_partner_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE gone boolean;
BEGIN
    SELECT p.retracted_at IS NOT NULL INTO gone FROM safeguarding_partner p WHERE p.id = NEW.partner_id FOR SHARE;
    IF gone THEN
        RAISE EXCEPTION 'the partner was retracted' USING ERRCODE = '23001', CONSTRAINT = 'appointment_of_partner_that_counts';
    END IF;
    RETURN NEW;
END $$;

UPDATE schema_migrations SET dirty = false;
COMMIT;
