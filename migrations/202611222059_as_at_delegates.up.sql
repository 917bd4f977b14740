BEGIN;

-- A delegate acts no longer than the lead officer who named them.

CREATE OR REPLACE VIEW published.known_lead_office AS
    SELECT partner_id, office, capacity, acting_for, starts_on, least(ends_on, public.london_day(withdrawn_at)) AS ends_on,
           during * daterange(NULL, public.london_day(withdrawn_at), '[]') AS during, recorded_at, known_from, timestamptz 'infinity' AS known_until, id, delegated_under
    FROM public.appointment WHERE confirmed_at IS NOT NULL
    UNION ALL SELECT partner_id, office, capacity, acting_for, starts_on, ends_on, during, recorded_at, known_from, known_until, id, delegated_under
    FROM public.appointment_past WHERE confirmed_at IS NOT NULL;

UPDATE schema_migrations SET dirty = false;
COMMIT;
