BEGIN;
CREATE OR REPLACE VIEW published.known_lead_office AS
    SELECT partner_id, office, capacity, acting_for, starts_on, ends_on, during, recorded_at, known_from, timestamptz 'infinity' AS known_until FROM public.appointment WHERE confirmed_at IS NOT NULL AND withdrawn_at IS NULL
    UNION ALL SELECT partner_id, office, capacity, acting_for, starts_on, ends_on, during, recorded_at, known_from, known_until FROM public.appointment_past WHERE confirmed_at IS NOT NULL AND withdrawn_at IS NULL;
COMMENT ON VIEW published.known_lead_office IS 'The offices that sign for a partner, delegates included as known at any time: a row counts at a time after known_from and up to known_until.';
DROP VIEW published.schedule_group;
UPDATE schema_migrations SET dirty = false;
COMMIT;
