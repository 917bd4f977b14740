BEGIN;
DROP VIEW published.succession_body, published.succession;
DROP VIEW published.organisation_succession;
DROP TRIGGER organisation_succession_whole ON organisation_succession;
DROP TRIGGER organisation_succession_guard ON organisation_succession;
DROP TRIGGER organisation_days_guard ON organisation;
ALTER TABLE organisation_succession DROP COLUMN succession_id;
ALTER TABLE organisation_succession_past DROP COLUMN succession_id;
DROP TABLE succession_change, succession_body, succession;
DROP FUNCTION succession_whole();
DROP FUNCTION organisation_days_guard();
DROP FUNCTION organisation_succession_guard();
DROP FUNCTION succession_guard();
CREATE VIEW published.organisation_succession AS
    SELECT predecessor_id, successor_id, takes_over_on, note FROM public.organisation_succession WHERE retracted_at IS NULL;
COMMENT ON VIEW published.organisation_succession IS 'Who took over from whom.';
GRANT SELECT ON published.organisation_succession TO portal_public, portal_app;

UPDATE schema_migrations SET dirty = false;
COMMIT;
