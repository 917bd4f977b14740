BEGIN;

DROP VIEW published.contribution_decision;
DROP VIEW published.funding_line_decision;

UPDATE schema_migrations SET dirty = false;
COMMIT;
