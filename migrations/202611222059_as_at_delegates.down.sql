BEGIN;
DROP VIEW published.known_lead_office;
CREATE VIEW published.known_lead_office AS
    SELECT partner_id, office, capacity, acting_for, starts_on, least(ends_on, public.london_day(withdrawn_at)) AS ends_on,
           during * daterange(NULL, public.london_day(withdrawn_at), '[]') AS during, recorded_at, known_from, timestamptz 'infinity' AS known_until
    FROM public.appointment WHERE confirmed_at IS NOT NULL
    UNION ALL SELECT partner_id, office, capacity, acting_for, starts_on, ends_on, during, recorded_at, known_from, known_until
    FROM public.appointment_past WHERE confirmed_at IS NOT NULL;
COMMENT ON VIEW published.known_lead_office IS 'The offices that sign for a partner, delegates included, as known at any time: a row counts at a time after known_from and up to known_until.';
GRANT SELECT ON published.known_lead_office TO portal_public, portal_app;
UPDATE schema_migrations SET dirty = false;
COMMIT;
