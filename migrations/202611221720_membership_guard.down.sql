BEGIN;
CREATE OR REPLACE VIEW published.agency_group AS
    SELECT DISTINCT mc.membership_id AS agency_id, c.group_name FROM public.agency_membership_category mc JOIN public.agency_category c USING (paragraph);
COMMENT ON VIEW published.agency_group IS 'The groups of the Schedule that an agency falls under.';
DROP TRIGGER safeguarding_partner_term ON safeguarding_partner;
DROP FUNCTION safeguarding_partner_guard();
DROP TRIGGER appointment_term ON appointment;
DROP FUNCTION appointment_term_guard();
UPDATE schema_migrations SET dirty = false;
COMMIT;
