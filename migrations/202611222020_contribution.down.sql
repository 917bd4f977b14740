BEGIN;

DROP VIEW published.contribution;
DROP TRIGGER organisation_contributions ON organisation;
DROP FUNCTION organisation_contribution_guard();
DROP TABLE contribution;
DROP FUNCTION contribution_guard();

UPDATE schema_migrations SET dirty = false;
COMMIT;
